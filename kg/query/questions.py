"""Named questions: SPARQL files that open with their title, and the parameters they take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError, did_you_mean
from kg.files import UnreadError, is_there, printable, read_text, scan
from kg.ontology import XSD
from kg.query.sparql import LARGEST
from kg.values import CellError, partial_date

_SHIPPED = Path(__file__).parent.parent / "queries"
_PARAMETER = re.compile(r"--set (\w+)=(\S*)\s*(.*)")


@dataclass(frozen=True)
class Parameter:
    """A variable that a question lets one bind, or needs: its name, how a value looks, and what binding it does."""

    name: str
    example: str
    description: str

    @property
    def needed(self) -> bool:
        """Whether the question has no answer without it."""
        return self.description.startswith("(needed)")

    def refuses(self, value: str) -> bool:
        """Whether a value is no whole day where the example is one: it would compare with no day, without a word."""
        return _is_day(self.example) and not _is_day(value)


def _is_day(text: str) -> bool:
    try:
        return partial_date(text)[2] == XSD + "date"
    except CellError:
        return False


@dataclass(frozen=True)
class Question:
    """A named question.

    `trusted` is true for those that ship with the program; a workspace's own run in a worker like any other query.
    """

    name: str
    title: str
    text: str
    parameters: tuple[Parameter, ...]
    trusted: bool


def read_question(path: Path, *, trusted: bool) -> Question:
    """Read a question from its file; the comment lines at its head are its title and its parameters."""
    if not is_there(path):
        raise KgError(f"there is no file {printable(str(path))}", "name a file that there is")
    text = read_text(path, LARGEST)
    head = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        head.append(line.lstrip("# ").rstrip())
    found = [match for line in head if (match := _PARAMETER.match(line))]
    parameters = tuple(Parameter(match[1], match[2], match[3]) for match in found)
    return Question(path.stem, head[0] if head else path.stem, text, parameters, trusted)


def questions(own: Path | None = None) -> Mapping[str, Question]:
    """All named questions by name: the shipped ones, and those in a workspace's own folder, which come first."""
    return read_questions(_SHIPPED, own)


def read_questions(shipped: Path, own: Path | None = None) -> Mapping[str, Question]:
    """The questions of a shipped folder by name, and those in a workspace's own, which come first.

    Raises KgError for what is called like a question in a workspace's own folder and cannot be read.
    """
    found = {path.stem: read_question(path, trusted=True) for path in sorted(shipped.glob("*.rq"))}
    if own is not None:
        found |= {path.stem: read_question(path, trusted=False) for path in own_files(own)}
    return dict(sorted(found.items()))


def own_files(folder: Path) -> tuple[Path, ...]:
    """The queries in a workspace's own folder, if it has one. Raises KgError for what only is called like one."""
    listed = scan(folder).ending(".rq")
    for fault in listed.faults:
        raise UnreadError(fault)
    return listed.files


def question(name: str, own: Path | None = None) -> Question:
    """One named question. Raises KgError for a name that there is not."""
    known = questions(own)
    if name not in known:
        fix = did_you_mean(name, known) or "kg query alone lists the questions; a file of SPARQL ends in .rq"
        raise KgError(f"there is no question “{name}”", fix)
    return known[name]

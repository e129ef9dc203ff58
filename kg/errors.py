"""What can go wrong, and how it is told: findings with a place and a mend, and errors that stop a command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from kg.terminal import printable, visible


class Severity(StrEnum):
    """SHACL's three severities; only a violation makes a command exit with 1."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file of the workspace, by its path from there; line 0 is the file as a whole.

    >>> str(Place("data/claims/river-post.csv", 9))
    'data/claims/river-post.csv:9'
    """

    file: str
    line: int = 0

    def __str__(self) -> str:
        file = visible(self.file)
        return f"{file}:{self.line}" if self.line else file


@dataclass(frozen=True)
class Finding:
    """Something a person should look at: where, what, and how to mend it.

    `code` names the kind (`kg explain CODE` tells more); `related` are the other places that take part.

    >>> print(Finding("unknown-entity", Severity.VIOLATION, Place("data/claims/river-post.csv", 9),
    ...               "person/ana-moor is in no table", "add ana-moor to data/people.csv"))
    data/claims/river-post.csv:9: violation[unknown-entity] person/ana-moor is in no table
      fix: add ana-moor to data/people.csv.  kg explain unknown-entity
    """

    code: str
    severity: Severity
    place: Place
    message: str
    fix: str = ""
    related: tuple[Place, ...] = field(default=())

    def __str__(self) -> str:
        code = visible(self.code)
        head = f"{self.place}: {self.severity}[{code}] {visible(self.message)}"
        also = f"\n  also: {', '.join(map(str, self.related))}" if self.related else ""
        mend = visible(self.fix)
        stop = "" if mend.endswith((".", "?")) else "."
        return f"{head}{also}\n  fix: {mend}{stop}  kg explain {code}"

    def order(self) -> tuple[str, int, str, str]:
        """The key by which findings are put in order: by place, then code, then message."""
        return (self.place.file, self.place.line, self.code, self.message)


class KgError(Exception):
    """A command cannot go on; `fix` says what to do about it.

    A message is printed on one line, so that nothing that it quotes can forge another; `marked` says that it has lines
    of its own, which show a place.

    >>> print(KgError("there is no data/ here", "run kg init"))
    error: there is no data/ here
      fix: run kg init
    """

    def __init__(self, message: str, fix: str = "", code: str = "", *, marked: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code
        self.marked = marked

    def __str__(self) -> str:
        mend = f"\n  fix: {visible(self.fix)}" if self.fix else ""
        return f"error: {printable(self.message) if self.marked else visible(self.message)}{mend}"


class RefusedError(KgError):
    """A command will not do what was asked as it was asked, so that nothing is lost; `fix` says how to ask for it."""


class InvalidRegistryError(KgError):
    """The tables have violations, so nothing was built; `findings` has all of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{len(self.findings)} findings; nothing was built", "mend the rows named above")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word nearest to an unknown one, as a hint to put behind a message; empty if none is near.

    Large and small letters are alike.

    >>> did_you_mean("isued", ["issued", "count"])
    'did you mean issued?'
    """
    spelled = {each.lower(): each for each in sorted(known)}
    near = get_close_matches(word.lower(), sorted(spelled), n=1, cutoff=0.6)
    return f"did you mean {spelled[near[0]]}?" if near else ""

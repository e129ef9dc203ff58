"""The 25 questions of questions/README.md: each has a command, and what it must answer was derived by hand before."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from conftest import Golden

from kg import registry
from kg.diff import diff_text
from kg.query.questions import questions
from kg.registry import Registry

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "questions"
TABLE = (FOLDER / "README.md").read_text("utf-8")
# The command of each line of the table that has a golden answer, by the file of that answer.
COMMANDS = {
    file: shlex.split(command)
    for command, file in re.findall(r"^\| \d+ \|.*?`kg ([^`]+)` \| .*?\(([\w/-]+\.csv)\)", TABLE, re.M)
}
RELEASE = "five-reports/24-since-a-release.csv"


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The registry of the five reports as it is shipped, built elsewhere and without their texts."""
    root = tmp_path_factory.mktemp("five")
    shutil.copytree(ROOT / "data", root / "data")
    return registry.build(root)


def table(columns: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as CSV; those that are alike stand once."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *dict.fromkeys(rows)])
    return text.getvalue()


def asked(built: Registry, options: list[str], columns: list[str]) -> str:
    """Some columns of what `kg query` answers, with ids as tables show them."""
    name, *rest = options
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    settings = dict(value.split("=", 1) for option, value in pairs if option == "--set")
    for day in (value for option, value in pairs if option == "--as-of"):
        built = registry.build(built.workspace.root, as_of=date.fromisoformat(day))
    answer = built.query(name, **settings)
    places = [answer.variables.index(column) for column in columns]
    return table(columns, (tuple(answer.text(row[place]) for place in places) for row in answer.rows))


def compared(built: Registry, first: str, second: str, golden: Path) -> str:
    """Some columns of what `kg diff` tells, of the sections that a golden file has."""
    told = list(csv.DictReader(golden.read_text("utf-8").splitlines()))
    columns, sections = list(told[0]), {row["section"] for row in told}
    rows = csv.DictReader(diff_text(built.diff(first, second), built.entities, "csv").splitlines())
    return table(columns, (tuple(row[name] for name in columns) for row in rows if row["section"] in sections))


def test_the_table_asks_25_questions() -> None:
    """Each has its number, in order, a golden answer and a command there is."""
    assert sorted({int(number) for number in re.findall(r"^\| (\d+) \|", TABLE, re.M)}) == list(range(1, 26))
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.csv")} == COMMANDS.keys()
    assert {Path(file).name[:2] for file in COMMANDS} == {f"{number:02}" for number in range(1, 26)}
    assert {options[0] for verb, *options in COMMANDS.values() if verb == "query"} <= questions().keys()


@pytest.mark.parametrize("file", sorted(COMMANDS.keys() - {RELEASE}))
def test_the_answer_is_the_one_derived_by_hand(five: Registry, golden: Golden, file: str) -> None:
    """A command gives the rows that were read off the tables, with their evidence, in their order."""
    verb, *options = COMMANDS[file]
    if verb == "diff":
        golden(FOLDER / file, compared(five, options[0], options[1], FOLDER / file))
    else:
        columns = (FOLDER / file).read_text("utf-8").partition("\n")[0].split(",")
        golden(FOLDER / file, asked(five, options, columns))


def test_a_changed_row_is_a_change_of_source(tmp_path: Path, golden: Golden) -> None:
    """Since a release in which a report was read as counting 29, not 28: one claim, and what follows; no program."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    registry.build(tmp_path)
    shutil.copytree(tmp_path / "build", tmp_path / "release")
    claims = tmp_path / "data" / "claims" / "ihr-375.csv"
    claims.write_bytes(
        claims.read_bytes().replace(b"journalists-and-bloggers,count,29,", b"journalists-and-bloggers,count,28,")
    )
    since = registry.build(tmp_path)
    told = diff_text(since.diff(str(tmp_path / "release"), "build"), since.entities, "csv")
    assert "program" not in told
    rows = [row for row in csv.DictReader(told.splitlines()) if row["kind"] != "file"]
    columns = ["section", "kind", "change", "about", "column", "before", "after", "source", "row"]
    golden(FOLDER / RELEASE, table(columns, (tuple(row[name] for name in columns) for row in rows)))

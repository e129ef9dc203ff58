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
# The workspace of each registry, by the folder of its answers.
REGISTRIES = {"five-reports": ROOT, "twelve-years": ROOT / "tests" / "worlds" / "twelve-years"}
# The command of each cell of the table, by the file of its answer.
COMMANDS = {file: shlex.split(command) for command, file in re.findall(r"`kg ([^`]+)` \[[^]]*\]\(([^)]+)\)", TABLE)}
RELEASE = "24-since-a-release.csv"
# A row of a source as it was in a release, and as it is read since.
CHANGED = {
    "five-reports": ("ihr-375", b"journalists-and-bloggers,count,29,", b"journalists-and-bloggers,count,28,"),
    "twelve-years": ("moscow-times-2017-10", b"list/memorial-2017,added,45,", b"list/memorial-2017,added,43,"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Registry]:
    """The registries as they are in the project, built elsewhere and without texts."""
    found = {}
    for name, workspace in REGISTRIES.items():
        root = tmp_path_factory.mktemp(name)
        shutil.copytree(workspace / "data", root / "data")
        found[name] = registry.build(root)
    return found


def table(columns: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as CSV; those that are alike stand once."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *dict.fromkeys(rows)])
    return text.getvalue()


def asked(known: Registry, options: list[str], columns: list[str]) -> str:
    """Some columns of what `kg query` answers, with ids as tables show them."""
    name, *rest = options
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    settings = dict(value.split("=", 1) for option, value in pairs if option == "--set")
    for day in (value for option, value in pairs if option == "--as-of"):
        known = registry.build(known.workspace.root, as_of=date.fromisoformat(day))
    answer = known.query(name, **settings)
    places = [answer.variables.index(column) for column in columns]
    return table(columns, (tuple(answer.text(row[place]) for place in places) for row in answer.rows))


def compared(known: Registry, first: str, second: str, golden: Path) -> str:
    """Some columns of what `kg diff` tells, of the sections that a golden file has."""
    told = list(csv.DictReader(golden.read_text("utf-8").splitlines()))
    columns, sections = list(told[0]), {row["section"] for row in told}
    rows = csv.DictReader(diff_text(known.diff(first, second), known.entities, "csv").splitlines())
    return table(columns, (tuple(row[name] for name in columns) for row in rows if row["section"] in sections))


@pytest.mark.parametrize("name", REGISTRIES)
def test_the_table_asks_25_questions(name: str) -> None:
    """Each has its number, in order, and for each registry a golden answer and a command there is."""
    commands = {file: command for file, command in COMMANDS.items() if file.startswith(f"{name}/")}
    assert sorted({int(number) for number in re.findall(r"^\| (\d+) \|", TABLE, re.M)}) == list(range(1, 26))
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob(f"{name}/*.csv")} == commands.keys()
    assert {Path(file).name[:2] for file in commands} == {f"{number:02}" for number in range(1, 26)}
    assert {options[0] for verb, *options in commands.values() if verb == "query"} <= questions().keys()


@pytest.mark.parametrize("file", sorted(file for file in COMMANDS if not file.endswith(RELEASE)))
def test_the_answer_is_the_one_derived_by_hand(built: dict[str, Registry], golden: Golden, file: str) -> None:
    """A command gives the rows that were read off the tables, with their evidence, in their order."""
    known = built[Path(file).parent.name]
    verb, *options = COMMANDS[file]
    if verb == "diff":
        golden(FOLDER / file, compared(known, options[0], options[1], FOLDER / file))
    else:
        columns = (FOLDER / file).read_text("utf-8").partition("\n")[0].split(",")
        golden(FOLDER / file, asked(known, options, columns))


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_changed_row_is_a_change_of_source(tmp_path: Path, golden: Golden, name: str) -> None:
    """A number of a report is read differently since a release: one claim, what follows, and no program."""
    shutil.copytree(REGISTRIES[name] / "data", tmp_path / "data")
    registry.build(tmp_path)
    shutil.copytree(tmp_path / "build", tmp_path / "release")
    source, before, after = CHANGED[name]
    claims = tmp_path / "data" / "claims" / f"{source}.csv"
    assert claims.read_bytes().count(before) == 1
    claims.write_bytes(claims.read_bytes().replace(before, after))
    since = registry.build(tmp_path)
    told = diff_text(since.diff(str(tmp_path / "release"), "build"), since.entities, "csv")
    assert "program" not in told
    rows = [row for row in csv.DictReader(told.splitlines()) if row["kind"] != "file"]
    columns = ["section", "kind", "change", "about", "column", "before", "after", "source", "row"]
    golden(FOLDER / name / RELEASE, table(columns, (tuple(row[name] for name in columns) for row in rows)))

"""The 25 questions of questions/README.md: each has a command, and what it must answer was derived by hand before."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Golden

from kg import registry
from kg.query import Answer
from kg.query.questions import questions
from kg.registry import Registry

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "questions"
TABLE = (FOLDER / "README.md").read_text("utf-8")
_COMMAND = re.compile(r"^\| (\d+) \|.*?`kg query ([^`]+)` \| .*?\[[^]]+\]\(([\w/-]+\.csv)\)", re.M)


class Asked(NamedTuple):
    """A line of the table that has a golden answer: the named question, its parameters and the answer's file."""

    name: str
    parameters: dict[str, str]
    answer: Path


def asked() -> dict[str, Asked]:
    """The lines of the table whose answers are golden, by file."""
    found = {}
    for _, command, file in _COMMAND.findall(TABLE):
        name, *options = shlex.split(command)
        pairs = [option.partition("=") for option in options if option != "--set"]
        found[file] = Asked(name, {key: value for key, _, value in pairs}, FOLDER / file)
    return found


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The registry of the five reports as it is shipped, built elsewhere and without their texts."""
    root = tmp_path_factory.mktemp("five")
    shutil.copytree(ROOT / "data", root / "data")
    return registry.build(root)


def shown(answer: Answer, columns: list[str]) -> str:
    """Some columns of an answer as CSV, with ids as tables show them; rows that are alike in them stand once."""
    places = [answer.variables.index(name) for name in columns]
    rows = dict.fromkeys(tuple(answer.text(row[place]) for place in places) for row in answer.rows)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


def test_the_table_asks_25_questions() -> None:
    """Each has its number, in order, and every golden answer belongs to one."""
    assert sorted({int(number) for number in re.findall(r"^\| (\d+) \|", TABLE, re.M)}) == list(range(1, 26))
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.csv")} == asked().keys()
    assert {each.name for each in asked().values()} <= questions().keys()


@pytest.mark.parametrize("file", sorted(asked()))
def test_the_answer_is_the_one_derived_by_hand(five: Registry, golden: Golden, file: str) -> None:
    """A named question gives the rows that were read off the tables, with their evidence, in their order."""
    question = asked()[file]
    columns = question.answer.read_text("utf-8").partition("\n")[0].split(",")
    golden(question.answer, shown(five.query(question.name, **question.parameters), columns))

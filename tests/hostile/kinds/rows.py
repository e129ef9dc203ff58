"""The tables of the example workspace, read and written by cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import kg.template

EXAMPLE = Path(kg.template.__file__).parent / "workspace"


def text(name: str) -> str:
    """A file of the example, such as `data/people.csv`."""
    return (EXAMPLE / name).read_text("utf-8")


def rows(name: str) -> list[list[str]]:
    """The rows of a table of the example, its header first."""
    return list(csv.reader(io.StringIO(text(name), newline="")))


def written(table: list[list[str]]) -> str:
    """A table as a file."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(table)
    return stream.getvalue()


def changed(name: str, row: int, column: str, value: str) -> str:
    """A table of the example in which one cell has another value."""
    table = rows(name)
    table[row][table[0].index(column)] = value
    return written(table)

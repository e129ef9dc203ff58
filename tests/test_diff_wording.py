"""How a page says what changed between two lists, and which of them came first."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conftest import Make
from worlds.generated import Row, files

from kg.diff import ListDiff, Lists, compare_lists, diff_text
from kg.registry import rows_behind
from kg.trace import Rows
from kg.workspace import read

DATED = "id,name,series,edition\nx-1,First,x,2031-01\nx-2,Second,x,2031-02\n"
UNDATED = "id,name\nx-1,First\nx-2,Second\n"


def side_by_side(workspace: Make, rows: Sequence[Row], table: str = DATED) -> tuple[ListDiff, str]:
    """The two lists of a table, and the page that tells of them."""
    reading = read(workspace({**files(rows), "data/lists.csv": table}))
    behind = rows_behind(reading)
    rows_read = Rows(behind["claims"], behind["evidence"], behind["links"])
    lists = Lists(rows_read, reading.entities, reading.identity, reading.decisions)
    diff = compare_lists(lists, "list/x-1", "list/x-2")
    return diff, diff_text(diff, reading.entities, "table")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([("3", "")], "grown by 3, net of what was removed"),
        ([("3..5", "")], "grown by 3..5, net of what was removed"),
        ([("-3", "")], "fallen by 3, net of what was removed"),
        ([("-5..-3", "")], "fallen by 3..5, net of what was removed"),
        ([("-3..5", "")], "changed by -3..+5, net of what was removed"),
        ([("-4", "about")], "fallen by about 4, net of what was removed"),
        ([("-4", "at-most")], "fallen by at least 4, net of what was removed"),
        ([("-4", "more-than")], "fallen by less than 4, net of what was removed"),
        ([("-3", ""), ("-5", "")], "fallen by 3 or 5 (contested), net of what was removed"),
        ([("3", ""), ("-5", "")], "grown by 3 or fallen by 5 (contested), net of what was removed"),
    ],
)
def test_a_fall_is_told_as_a_fall(workspace: Make, told: list[tuple[str, str]], said: str) -> None:
    """Net growth below nothing is a fall by so much, in order, as it is meant, and with every value told."""
    sources = ("river-post", "tern-herald")
    rows = [
        Row(source, "list/x-2", "growth", value, precision)
        for source, (value, precision) in zip(sources, told, strict=False)
    ]
    assert f"\n{said}\n" in side_by_side(workspace, rows)[1]


def test_growth_that_is_only_denied_is_not_told(workspace: Make) -> None:
    """A growth that somebody denies, and nobody tells, is no number."""
    row = Row("river-post", "list/x-2", "growth", "5", stance="denies", claimant="organization/senate")
    assert "\nby how much it grew is not told\n" in side_by_side(workspace, [row])[1]

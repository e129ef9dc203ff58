"""Whom two lists name, what becomes of a name between them, and when a list is taken to be complete."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conftest import Make
from worlds.generated import Row, files

from kg.diff import ListDiff, Lists, compare_lists, diff_text
from kg.diff.numbers import Range
from kg.diff.people import Change, State
from kg.registry import rows_behind
from kg.trace import Rows
from kg.workspace import read

FOUR = """id,name,series,edition
x-1,First,x,2031-01
x-2,Second,x,2031-02
x-3,Third,x,2031-03
x-4,Fourth,x,2031-04
"""
WHOLE = "id,name,series,edition,complete\nx-1,First,x,2031-01,yes\nx-2,Second,x,2031-02,yes\n"


def of(edition: int, word: str, person: str = "ana-moor", review: str = "") -> Row:
    """A name on an edition, or off it."""
    return Row("river-post", f"list/x-{edition}", word, f"person/{person}", review=review)


def side_by_side(workspace: Make, rows: Sequence[Row], table: str, last: int) -> tuple[ListDiff, str]:
    """The first edition beside the last one, and the page that tells of it."""
    reading = read(workspace({**files(rows), "data/lists.csv": table}))
    behind = rows_behind(reading)
    rows_read = Rows(behind["claims"], behind["evidence"], behind["links"])
    diff = compare_lists(Lists(rows_read, reading.entities, reading.identity), "list/x-1", f"list/x-{last}")
    return diff, diff_text(diff, reading.entities, "table")


NEW, GONE = "newName", "removedName"


@pytest.mark.parametrize(
    ("told", "change"),
    [
        ([(1, "names"), (4, "names")], Change.KEPT),
        ([(1, "names"), (2, GONE), (4, NEW)], Change.KEPT),
        ([(1, "names"), (2, GONE), (2, "names"), (4, "names")], Change.KEPT),
        ([(2, NEW)], Change.ADDED),
        ([(2, NEW), (4, "names")], Change.ADDED),
        ([(2, NEW), (3, GONE), (4, NEW)], Change.ADDED),
        ([(1, "names"), (3, GONE)], Change.REMOVED),
        ([(1, "names"), (2, GONE), (3, NEW), (4, GONE)], Change.REMOVED),
        ([(2, GONE), (3, NEW)], Change.RETURNED),
        ([(2, GONE), (3, "names")], Change.RETURNED),
        ([(2, GONE), (4, "names")], Change.RETURNED),
        ([(2, NEW), (4, GONE)], Change.PASSED),
        ([(2, NEW), (3, GONE)], Change.PASSED),
        ([(2, NEW), (4, "excludes")], Change.PASSED),
        ([(1, "names"), (4, "names"), (4, GONE)], Change.DISPUTED),
        ([(2, NEW), (2, GONE)], Change.DISPUTED),
        ([(1, "names"), (4, NEW)], Change.DISPUTED),
        ([(1, "names")], None),
        ([(2, "names")], None),
    ],
)
def test_a_change_is_told_by_both_ends_and_by_what_came_between(
    workspace: Make, told: list[tuple[int, str]], change: Change | None
) -> None:
    """Who was added and removed again was not added, who came back is on both, and what excludes itself is disputed."""
    rows = [of(edition, word) for edition, word in told]
    diff, text = side_by_side(workspace, rows, FOUR, 4)
    [ana] = diff.people
    assert ana.change is change
    assert (ana.first.state.on and ana.second.state.on) == bool(diff.overlap.named + diff.overlap.disputed)
    assert ("1 named on both" in text) == (diff.overlap.named == 1)
    assert (f"1 {change}" in text) == (change is not None)


def test_the_heading_counts_everybody_once(workspace: Make) -> None:
    """The numbers in the heading of the people are those of its sections, and add up."""
    rows = [of(2, NEW), of(4, GONE), of(1, "names", "jon-brask"), of(2, GONE, "jon-brask"), of(4, NEW, "jon-brask")]
    _, text = side_by_side(workspace, rows, FOUR, 4)
    assert "People: 1 said to be added and off again, 1 named on both" in text
    assert "At least 1: 1 is named on both." in text


def test_a_disputed_name_is_told_beside_those_on_both(workspace: Make) -> None:
    """Where both lists name somebody whom one of them is said to have removed, nobody is sure to be on both."""
    _, text = side_by_side(workspace, [of(1, "names"), of(2, "names"), of(2, GONE)], WHOLE, 2)
    assert "People: 1 disputed" in text
    assert "At least 0: nobody is named on both, beside 1 of whom that is disputed." in text
    assert "is not known, since it is disputed who is on them." in text


TWO = [of(1, "names"), of(2, "names", "jon-brask")]


def totals(least: str, precision: str = "") -> list[Row]:
    """A total of each of both lists."""
    return [Row("river-post", f"list/x-{edition}", "count", least, precision) for edition in (1, 2)]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (totals("30"), "First: 30, marked complete, but 1 of 30 names are in the registry"),
        (totals("2", "at-least"), "First: at least 2, marked complete, but 1 of at least 2 names are in the registry"),
        (
            [*totals("1"), of(1, "names", "jon-brask", "proposed"), of(2, NEW, "ana-moor", "proposed")],
            "First: 1, marked complete, but 1 of its names is only proposed",
        ),
    ],
)
def test_a_list_that_lacks_names_is_not_complete(workspace: Make, more: list[Row], said: str) -> None:
    """Where a list names fewer than its total, or names are only proposed, nobody is taken to be absent."""
    diff, text = side_by_side(workspace, [*TWO, *more], WHOLE, 2)
    assert said in text
    assert "all of them given" not in text
    assert {(each.first.state, each.second.state) for each in diff.people} == {
        (State.NAMED, State.UNKNOWN),
        (State.UNKNOWN, State.NAMED),
    }
    assert diff.overlap.range.high != 0


@pytest.mark.parametrize("more", [[], totals("1"), totals("5", "at-most"), [*totals("1"), *totals("3")]])
def test_a_list_that_names_as_many_as_it_may_hold_is_complete(workspace: Make, more: list[Row]) -> None:
    """Where a list names as many as the least total told of it, or none is told, its mark counts."""
    diff, text = side_by_side(workspace, [*TWO, *more], WHOLE, 2)
    assert text.count("all of them given") == 2
    assert diff.overlap.range == Range(0, 0)
    assert {each.second.state for each in diff.people} == {State.ABSENT, State.NAMED}

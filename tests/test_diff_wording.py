"""How a page says what changed between two lists, and which of them came first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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


def follows(later: int, earlier: int, stance: str = "", source: str = "river-post") -> Row:
    """That one list follows the other, or does not."""
    return Row(source, f"list/x-{later}", "follows", f"list/x-{earlier}", stance=stance)


CIRCLE = [follows(1, 2), follows(2, 1, source="tern-herald")]


def test_lists_that_follow_each_other_are_told_as_that(workspace: Make) -> None:
    """Where each is said to follow the other, without dates neither is later, and both claims are shown."""
    diff, text = side_by_side(workspace, CIRCLE, UNDATED)
    assert (diff.order.circular, diff.steps) == (True, ())
    assert "Each of them is said to follow the other: nothing is told of a change" in text
    assert "No source says" not in text
    assert ("First follows: Second" in text, "Second follows: First" in text) == (True, True)


def test_dates_decide_between_lists_that_follow_each_other(workspace: Make) -> None:
    """Where each is said to follow the other, the dates of the editions tell which is later, and it is told so."""
    diff, text = side_by_side(workspace, CIRCLE)
    assert (diff.order.circular, diff.order.later) == (True, "list/x-2")
    assert "by the dates of their editions, though each of them is said to follow the other." in text
    assert ("First follows: Second" in text, "Second follows: First" in text) == (True, True)


@pytest.mark.parametrize(
    ("rows", "table", "said"),
    [
        ([], DATED, "Second follows First by the dates of their editions; no source says so."),
        ([follows(2, 1)], UNDATED, "Second follows First.\n"),
        (
            [follows(2, 1, "denies")],
            DATED,
            "Second is the later one by the dates of their editions; that it follows First is denied.",
        ),
        ([follows(2, 1, "denies")], UNDATED, "Second follows: denied: First"),
        ([follows(2, 1), follows(2, 1, "denies", "tern-herald")], UNDATED, "Second follows First; somebody denies it."),
        ([follows(1, 2), follows(2, 1, "denies", "tern-herald")], DATED, "First follows Second.\n"),
    ],
)
def test_a_denial_puts_no_list_behind_another(workspace: Make, rows: list[Row], table: str, said: str) -> None:
    """That a list follows another counts where it is asserted; a denial is shown and orders nothing."""
    diff, text = side_by_side(workspace, rows, table)
    assert said in text
    assert bool(diff.steps) == (table == DATED or any(not row.stance for row in rows))
    assert not diff.order.circular


# A workspace's own rule, by which a list follows one other at most.
OWN = "@prefix kg: <https://w3id.org/kg-registry/ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
OWN += "dcterms:replaces kg:functionalAlways kg:List .\n"


def test_what_is_set_aside_orders_nothing(workspace: Make, another_version: Callable[[str], None]) -> None:
    """A claim that a decision has set aside puts no list behind another."""
    another_version(OWN)
    table = f"{UNDATED}x-0,Nought\n"
    told = [follows(2, 1), follows(2, 0, source="tern-herald")]
    claims = read(workspace({**files(told), "data/lists.csv": table})).claims.claims.sort("source").get_column("id")
    behind, prevails = (f"claim/{key}" for key in claims)
    for decisions, steps in (([], 1), ([("settle", prevails, behind)], 0)):
        reading = read(workspace({**files(told, decisions), "data/lists.csv": table}))
        behind_rows = rows_behind(reading)
        rows = Rows(behind_rows["claims"], behind_rows["evidence"], behind_rows["links"])
        diff = compare_lists(Lists(rows, reading.entities, reading.identity), "list/x-1", "list/x-2")
        assert len(diff.steps) == steps

"""A build of the present beside one as of an earlier day: what was not known yet, and what changed besides."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from conftest import Make
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds.generated import Row, files, rows

from kg.diff import Build, BuildDiff, compare_builds, diff_text
from kg.diff.changed import ADDED, CHANGED, REMOVED
from kg.diff.derived import Cause
from kg.entities import Entities
from kg.manifest import manifest
from kg.registry import rows_behind
from kg.trace import Rows
from kg.workspace import Workspace, read

EARLY = Row("river-post", "list/spring", "count", "40")
LATE = Row("tern-herald", "list/spring", "count", "41")
DAY = date(2031, 12, 31)
NOBODY = Entities({})


def build_of(made: Workspace, day: date | None = None) -> Build:
    """What a build as of a day would hold, without writing it."""
    reading = read(Workspace(made.root, as_of=day))
    behind = rows_behind(reading)
    found = Rows(behind["claims"], behind["evidence"], behind["links"])
    label = str(day or "build")
    return Build(label, manifest(reading), found, behind["entities"], behind["decisions"], behind["derived"])


def to_day(workspace: Make, now: Sequence[Row], then: Sequence[Row] | None = None) -> BuildDiff:
    """A build of the present, and one as of a day on which the Tern Herald had told nothing yet."""
    present = build_of(workspace(files(now)))
    return compare_builds(present, build_of(workspace(files(now if then is None else then)), DAY))


def test_what_was_not_known_yet_is_no_change_of_source(workspace: Make) -> None:
    """Of one set of tables, what the day lacks was not known by it, and all that follows does so from the day."""
    diff = to_day(workspace, [EARLY, LATE, replace(LATE, subject="list/autumn")])
    assert (diff.of_day, diff.of_source, diff.of_program, diff.empty) == (True, False, False, False)
    assert [cell.name for cell in diff.known] == ["tern-herald"]
    assert {(each.change, each.told.source, each.not_known_by) for each in diff.claims} == {
        (REMOVED, "source/tern-herald", "2031-12-31")
    }
    assert {each.not_known_by for each in diff.entities} == {"2031-12-31"}
    assert {"list/autumn", "source/tern-herald"} <= {each.key for each in diff.entities}
    assert {each.cause for each in diff.derived} == {Cause.DAY}
    text = diff_text(diff, NOBODY, "table")
    assert "The graphs differ. Not all of it was known by 2031-12-31. Tables, texts and program are the same." in text
    assert "  not known by 2031-12-31: list/spring count 41\n" in text
    assert "  tern-herald: known from 2032-12-31: published 2032\n" in text
    assert "Changes of source: none" in text
    assert "removed: list" not in text
    cells = list(csv.DictReader(io.StringIO(diff_text(diff, NOBODY, "csv"))))
    assert {each["section"] for each in cells} == {"day", "follows from day"}
    assert {each["change"] for each in cells if each["kind"] == "claim"} == {"not known by 2031-12-31"}


def test_the_other_way_round_it_is_the_same(workspace: Make) -> None:
    """A day beside the present tells of the same claims as the present beside the day."""
    made = workspace(files([EARLY, LATE]))
    diff = compare_builds(build_of(made, DAY), build_of(made))
    assert [(each.change, each.not_known_by) for each in diff.claims] == [(ADDED, "2031-12-31")]
    assert [(cell.name, cell.before) for cell in diff.known] == [("tern-herald", "")]
    assert not diff.of_source


@pytest.mark.parametrize("later", [[LATE], []])
def test_what_changed_besides_is_a_change_of_source(workspace: Make, later: list[Row]) -> None:
    """A row that was mended between the two builds is a change of source, whatever was not known on the day."""
    diff = to_day(workspace, [replace(EARLY, value="42"), *later], [EARLY, *later])
    assert {(each.change, each.told.source, each.not_known_by) for each in diff.claims} == {
        (CHANGED, "source/river-post", ""),
        *((REMOVED, "source/tern-herald", "2031-12-31") for _ in later),
    }
    assert (diff.of_day, diff.of_source) == (True, True)
    assert "There are also changes of source." in diff_text(diff, NOBODY, "table")
    assert {each.cause for each in diff.derived} <= {Cause.ANY}


def test_a_claim_that_a_source_of_then_lost_is_removed(workspace: Make) -> None:
    """Where the source counted on the day, a claim that only one build has is a change of source."""
    more = replace(EARLY, subject="list/autumn")
    diff = to_day(workspace, [EARLY, more], [EARLY])
    assert [(each.change, each.not_known_by) for each in diff.claims] == [(REMOVED, "")]


def test_that_a_list_is_complete_is_told_of_the_present_only(workspace: Make) -> None:
    """A list that is marked complete at present, and on no day, has not changed."""
    made = workspace({**files([EARLY]), "data/lists.csv": "id,name,complete\nspring,Spring list,yes\n"})
    diff = compare_builds(build_of(made), build_of(made, DAY))
    [spring] = [each for each in diff.entities if each.key == "list/spring"]
    assert (spring.change, spring.not_known_by) == (CHANGED, "2031-12-31")
    assert not diff.of_source
    assert "Told of the present only: 1\n  changed: Spring list" in diff_text(diff, NOBODY, "table")


@settings(max_examples=25)
@given(found=rows(), day=st.sampled_from((date(2031, 5, 31), date(2031, 6, 30), date(2031, 12, 31), date(2040, 1, 1))))
def test_days_of_one_set_of_tables_differ_in_nothing_else(workspace: Make, found: list[Row], day: date) -> None:
    """Whatever the rows are, a build of the present and one as of a day have no change of source or program."""
    made = workspace(files(found))
    present, then = build_of(made), build_of(made, day)
    for pair in ((present, then), (then, present)):
        diff = compare_builds(*pair)
        assert not diff.of_source
        assert not diff.of_program
        assert {each.cause for each in diff.derived} <= {Cause.DAY}
        assert diff.empty or f"Not all of it was known by {day}" in diff_text(diff, NOBODY, "table")

"""The lines of the ledger, against an oracle that tries out every number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import polars as pl
from conftest import Make
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds.generated import SOURCES, Row, files

from kg.claims import read_claims
from kg.entities import read_entities
from kg.identity import read_decisions
from kg.ledger import Edition, Ledger, derive
from kg.ledger.amounts import whole
from kg.ontology import load
from kg.workspace import read

LISTS = ("list/autumn", "list/spring")
EDITIONS = {
    "list/autumn": Edition("harbour", "2030-10-01", "2030-10-31"),
    "list/spring": Edition("harbour", "2031-02-01", "2031-02-28"),
}
MOST = 40
ZERO = whole(0)


def ledger(make: Make, found: list[Row], editions: Mapping[str, Edition] = EDITIONS) -> Ledger:
    """The ledger of some rows."""
    root = make(files(found)).root
    ontology = load()
    claims, faults = read_claims(root / "data", ontology, read_entities(root / "data", ontology)[0])
    decisions, more = read_decisions(root / "data")
    assert not [*faults, *more]
    return derive(claims.claims, ontology, decisions, {"dock-workers": ("workers",)}, editions)


NUMBERS = st.one_of(
    st.integers(0, 12).map(lambda n: (str(n), "")),
    st.integers(0, 12).map(lambda n: (str(n), "at-least")),
    st.integers(0, 12).map(lambda n: (str(n), "at-most")),
    st.tuples(st.integers(0, 6), st.integers(7, 12)).map(lambda pair: (f"{pair[0]}..{pair[1]}", "")),
)


@st.composite
def told(draw: st.DrawFn) -> list[Row]:
    """What up to three sources tell of the totals and the changes of two lists and of a group in them."""
    found = []
    group = draw(st.sampled_from(("", "#students")))
    for source in SOURCES:
        for key, word in [(f"{key}{group}", word) for key in LISTS for word in ("count", "added", "removed", "growth")]:
            if draw(st.integers(0, 3)) == 0:
                value, precision = draw(NUMBERS)
                found.append(Row(source, key, word, value, precision=precision))
    return found


def numbers(row: Row) -> set[int]:
    """Every number that a row may mean, up to the most that is tried."""
    if ".." in row.value:
        low, high = map(int, row.value.split(".."))
        return set(range(low, high + 1))
    value = int(row.value)
    return {
        "at-least": set(range(value, MOST + 1)),
        "at-most": set(range(-MOST, value + 1)),
        "": {value},
    }[row.precision]


def together(several: list[set[int]]) -> set[int]:
    """What all of them allow; if they exclude each other, everything from the least to the greatest of the exactest."""
    several = [one for one in several if not any(other < one for other in several)]
    common = set.intersection(*several)
    return common or set(range(min(map(min, several)), max(map(max, several)) + 1))


@dataclass(frozen=True)
class Oracle:
    """What the rows tell, asked one number at a time."""

    rows: list[Row]

    def own(self, subject: str, word: str, source: str) -> set[int] | None:
        """The numbers that one source allows."""
        mine = [numbers(row) for row in self.rows if (row.subject, row.property, row.source) == (subject, word, source)]
        return together(mine) if mine else None

    def anyone(self, subject: str, word: str, source: str) -> set[int] | None:
        """The numbers that one source allows, or else all others."""
        others = [numbers(row) for row in self.rows if (row.subject, row.property) == (subject, word)]
        return self.own(subject, word, source) or (together(others) if others else None)

    def succession(self) -> Iterator[tuple[str, str, bool]]:
        """Subject and source of each line with both totals, and whether some numbers make it come out."""
        for subject, source in sorted({(row.subject, row.source) for row in self.rows if row.property != "count"}):
            if not subject.startswith("list/spring"):
                continue
            growth, added, removed = (self.own(subject, word, source) for word in ("growth", "added", "removed"))
            if growth is None:
                added, removed = (self.anyone(subject, word, source) for word in ("added", "removed"))
                changes = {a - r for a, r in product(added or {0}, removed or {0})}
            else:
                changes = growth
            before = self.anyone(subject.replace("spring", "autumn"), "count", source)
            after = self.anyone(subject, "count", source)
            if before is not None and after is not None:
                yield subject, source, any(b + c in after for b, c in product(before, changes))

    def net_and_gross(self) -> Iterator[tuple[str, str, bool]]:
        """Subject and source of each growth told beside an addition or a removal, and whether some numbers agree."""
        for subject, source in sorted({(row.subject, row.source) for row in self.rows if row.property == "growth"}):
            if not (self.own(subject, "added", source) or self.own(subject, "removed", source)):
                continue
            added = self.anyone(subject, "added", source) or set(range(MOST + 1))
            removed = self.anyone(subject, "removed", source) or set(range(MOST + 1))
            growth = self.own(subject, "growth", source) or set()
            yield subject, source, any(a - r in growth for a, r in product(added, removed))


@settings(max_examples=60)
@given(found=told())
def test_growth_is_what_was_added_less_what_was_removed(workspace: Make, found: list[Row]) -> None:
    """Net and gross come out exactly if trying out all numbers that are allowed finds some that do."""
    lines = [line for line in ledger(workspace, found).lines if line.kind == "net-and-gross"]
    ours = [(line.subject, line.source, line.rest.meets(ZERO)) for line in lines if line.rest]
    assert not within(found) or sorted(ours) == sorted(Oracle(found).net_and_gross())


@settings(max_examples=60)
@given(found=told())
def test_editions_follow_each_other_where_some_numbers_make_it_so(workspace: Make, found: list[Row]) -> None:
    """A succession comes out exactly if trying out all numbers that are allowed finds some that do."""
    lines = [line for line in ledger(workspace, found).lines if line.kind == "succession-in-series"]
    both = [line for line in lines if line.rest is not None and not line.equation.endswith("< 0")]
    ours = [(line.subject, line.source, line.rest.meets(ZERO)) for line in both if line.rest]
    assert not within(found) or sorted(ours) == sorted(Oracle(found).succession())


def within(found: list[Row]) -> bool:
    """Whether what is open stays far from the most that the oracle tries."""
    return sum(bool(row.precision) for row in found) < 4


@settings(max_examples=60)
@given(found=told())
def test_what_is_implied_would_make_the_line_come_out(workspace: Make, found: list[Row]) -> None:
    """With an implied total told by the source itself instead of what others tell, the same line comes out."""
    for line in ledger(workspace, found).lines:
        for each in [each for each in line.implied if each.word == "count" and each.amount.number is not None]:
            if "#" in line.subject or (each.amount.number or 0) < 0:
                continue
            kept = [row for row in found if (row.subject, row.property) != (each.subject, "count")]
            mended = [*kept, Row(line.source, each.subject, "count", str(each.amount.number))]
            again = [other for other in ledger(workspace, mended).lines if other.local == line.local]
            assert [other.rest.meets(ZERO) for other in again if other.rest] == [True]


@settings(max_examples=60)
@given(found=told(), data=st.data())
def test_the_order_of_rows_never_matters(workspace: Make, found: list[Row], data: st.DataObject) -> None:
    """Rows in another order give the same lines."""
    shuffled = data.draw(st.permutations(found))
    assert ledger(workspace, found).lines == ledger(workspace, shuffled).lines


def test_without_series_and_comparison_nothing_follows(workspace: Make) -> None:
    """Editions that nothing joins are not set against each other."""
    found = [
        Row("river-post", "list/autumn", "count", "38"),
        Row("river-post", "list/spring", "count", "41"),
        Row("river-post", "list/spring", "added", "9"),
    ]
    assert not ledger(workspace, found, {}).lines
    assert [line.equation for line in ledger(workspace, found).lines] == ["38 + 9 = 47 ≠ 41"]


def test_a_comparison_goes_before_the_series(workspace: Make) -> None:
    """What a source compares an edition with is what its changes are counted from, even in another series."""
    found = [
        Row("river-post", "list/autumn", "count", "38"),
        Row("river-post", "list/spring", "count", "41"),
        Row("river-post", "list/autumn", "growth", "-3"),
        Row("river-post", "list/autumn", "follows", "list/spring"),
    ]
    assert [line.equation for line in ledger(workspace, found).lines] == ["41 − 3 = 38"]


def test_changes_of_all_groups_must_make_up_the_whole(workspace: Make) -> None:
    """Once as many groups tell of a change as there are, what is left is no longer that of others."""
    found = [
        Row("river-post", "list/autumn", "count", "38"),
        Row("river-post", "list/spring", "count", "43"),
        Row("river-post", "list/spring#students", "added", "2", at="char=5,9"),
        Row("river-post", "list/spring#workers", "growth", "1"),
        Row("river-post", "list/spring#dock-workers", "growth", "1"),
    ]
    [line] = [line for line in ledger(workspace, found).lines if line.list == line.subject]
    assert (line.kind, line.equation, line.counted) == ("succession-by-groups", "38 + 1 + 2 = 41 ≠ 43", 2)
    found.append(Row("river-post", "list/spring", "groupCount", "2"))
    [line] = [line for line in ledger(workspace, found).lines if line.list == line.subject]
    assert (line.kind, line.counted, line.stated) == ("succession-in-series", 2, 2)


def test_a_settled_date_has_no_consequence(workspace: Make) -> None:
    """Of a date that only one source gives, nothing follows."""
    found = [
        Row("river-post", "list/autumn", "count", "38", as_of="2031-02-10"),
        Row("river-post", "list/spring", "count", "41"),
        Row("river-post", "list/spring", "issued", "2031-02-12"),
    ]
    assert not ledger(workspace, found).lines
    found.append(Row("tern-herald", "list/spring", "issued", "2031-03-12"))
    [line] = ledger(workspace, found).lines
    assert line.equation == "+3 in 2 days: 38 on 2031-02-10, 41 on 2031-02-12"


def test_a_total_that_nobody_states_is_told_from_two_sides(workspace: Make) -> None:
    """What follows for a list from two changes must be one number, and fewer than none is none."""
    found = [Row("river-post", "list/autumn", "count", "38"), Row("river-post", "list/spring", "added", "4")]
    fewer = [*found, Row("tern-herald", "list/spring", "growth", "-50")]
    other = [*found, Row("tern-herald", "list/spring", "growth", "9")]
    assert {line.equation for line in ledger(workspace, fewer).lines} >= {"38 + 4 = 42", "38 − 50 = -12 < 0"}
    [line] = [line for line in ledger(workspace, other).lines if line.kind == "two-sides"]
    assert (line.equation, line.subject) == ("38 + 4 = 42, but 38 + 9 = 47", "list/spring")


def test_what_came_out_after_a_decision_is_not_set_aside_by_it(workspace: Make) -> None:
    """A decision over whatever excludes a claim is none over what a source tells that came out later."""
    found = [
        Row("river-post", "list/spring", "issued", "2031-02-12"),
        Row("lowgate-radio", "list/spring", "issued", "2031-02-13"),
        Row("tern-herald", "list/spring", "issued", "2031-03-01"),
    ]
    ids = dict(read(workspace(files(found))).claims.claims.select("source", "id").iter_rows())
    made = files(found, [("settle", f"claim/{ids['river-post']}", "")])
    made["data/decisions.csv"] = made["data/decisions.csv"].replace("2033-05-10", "2031-08-10")
    told = read(workspace(made))
    standing = told.claims.claims.join(told.ledger.standing, on="id").select("source", "standing").iter_rows()
    assert dict(standing) == {"river-post": "contested", "lowgate-radio": "set-aside", "tern-herald": "contested"}


def test_a_denial_does_not_reach_beyond_its_day(workspace: Make) -> None:
    """What is told of a later time than that at which it was denied is not denied."""
    denial = Row("river-post", "place/veldania#prisoners", "count", "1", "at-least", said="2031-05", stance="denies")
    told = [Row("tern-herald", "place/veldania#prisoners", "count", "40", as_of=day) for day in ("2031-05", "2031-06")]
    links = ledger(workspace, [denial, *told]).links
    assert links.filter(pl.col("link") == "deniedBy").height == 1


def test_an_edition_open_at_its_end_follows_the_one_before(workspace: Make) -> None:
    """What begins after the one before has ended follows it, however long it may last, if nothing else does."""
    found = [Row("river-post", "list/autumn", "count", "38"), Row("river-post", "list/spring", "growth", "3")]
    lasting = {**EDITIONS, "list/spring": Edition("harbour", "2031-02-01", "")}
    assert [line.equation for line in ledger(workspace, found, lasting).lines] == ["38 + 3 = 41"]
    between = {**lasting, "list/summer": Edition("harbour", "2031-06-01", "2031-06-30")}
    assert not ledger(workspace, found, between).lines

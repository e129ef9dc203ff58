"""The chart of lists: what is drawn for which claims, and where."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Golden
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import registry
from kg.chart import charts
from kg.chart.editions import Lists, Row
from kg.chart.layout import arranged
from kg.chart.panel import Panel
from kg.chart.picture import picture
from kg.chart.reading import lists
from kg.chart.words import date_words
from kg.draw.geometry import Box
from kg.draw.marks import SIZE
from kg.draw.type import text_width
from kg.errors import KgError

ROOT = Path(__file__).parent
GOLDEN = ROOT / "charts"
SVG = "{http://www.w3.org/2000/svg}"
QUERY = charts()["lists"].text
COLUMNS = tuple(re.findall(r"\?(\w+)(?=[\s)]*(?:\?|\(|WHERE))", QUERY.partition("SELECT")[2].partition("{")[0]))
HOSTILE = '</svg><script>alert("x")</script>\u202eesrever\u2066 ]]> &amp;'


def row(kind: str, number: int, slug: str, source: str = "river-post", **cells: str) -> Row:
    """A row about a list of the harbour series, as the query gives it."""
    plain = {
        "series": "harbour",
        "edition": slug,
        "name": f"List of {slug}",
        "kind": kind,
        "precision": "" if kind == "implied" else "exact",
        "standing": "" if kind == "implied" else "uncontested",
        "says": "" if kind == "implied" else "Harbour Watch",
        "quote": f"the words of {number}",
        "title": f"From {source}",
        "since": "2031-06-01",
        "by": "2031-06-30",
        "source": f"source/{source}",
        "list": f"list/harbour-{slug}",
        "claim": f"{'implied' if kind == 'implied' else 'claim'}/{number:016x}",
    }
    return {**dict.fromkeys(COLUMNS, ""), **plain, **cells}


def total(number: int, slug: str, value: int, source: str = "river-post", **cells: str) -> Row:
    """A claim on how many names a list holds."""
    return row("total", number, slug, source, **{"value": str(value), "low": str(value), "high": str(value), **cells})


def dated(number: int, slug: str, first: str, last: str = "", source: str = "river-post", **cells: str) -> Row:
    """A claim on when a list came out."""
    return row("date", number, slug, source, **{"value": first, "low": first, "high": last or first, **cells})


def implied(number: int, slug: str, value: int) -> Row:
    """A total that follows from others."""
    return row("implied", number, slug, low=str(value), high=str(value))


# The case that the chart is for: a list with two dates, a total that does not follow, an edition that nobody dates.
RIVALS = [
    row("publisher", 1, "2030-10", value="Harbour Watch"),
    dated(2, "2030-10", "2030-10-01", "2030-10-31"),
    total(3, "2030-10", 38),
    total(4, "2031-01", 45),
    total(5, "2031-01", 45, "tern-herald", precision="about", low="42.75", high="47.25"),
    implied(6, "2031-01", 41),
    dated(7, "2031-04", "2031-03-02", standing="contested"),
    dated(8, "2031-04", "2031-04-20", source="tern-herald", standing="contested"),
    total(9, "2031-04", 52),
    total(10, "2031-04", 52, "tern-herald", **{"from": "2031-04-01", "until": "2031-04-30", "asof": "2031-04"}),
    dated(11, "2031-06", "2031-06-09"),
    total(12, "2031-06", 60, denied="denied", quote=HOSTILE, title=HOSTILE, name=HOSTILE),
    total(13, "2031-08", 70, precision="more-than", low="71", high="", **{"from": "2031-08-01", "until": ""}),
]


def panels(found: Lists) -> list[Panel]:
    """The panels of the chart."""
    return [strip.panel for strip in arranged(found, 100).strips]


def drawn(rows: list[Row]) -> ElementTree.Element:
    """The chart, parsed."""
    return ElementTree.fromstring(picture(lists(rows)))


def marks(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """The marks of a chart by the ids of their claims and implied values."""
    found = [each for each in root.iter(f"{SVG}g") if "mark" in each.get("class", "").split()]
    return {each.get("data-claim") or each.get("data-implied") or "": each for each in found}


def words(root: ElementTree.Element, look: str) -> list[str]:
    """The texts of a class."""
    return [each.text or "" for each in root.iter(f"{SVG}text") if look in each.get("class", "").split()]


def test_the_chart_of_rivals_is_as_it_was_seen(golden: Golden) -> None:
    """A chart with every sign: whoever changes it looks at the picture before and after."""
    golden(GOLDEN / "rivals.svg", picture(lists(RIVALS)))


@pytest.mark.parametrize("world", ["contradicted-date", "intervals", "settled-date", "twelve-years"])
def test_the_chart_of_a_world_is_as_it_was_seen(world: str, tmp_path: Path, golden: Golden) -> None:
    """A world that is built and drawn gives the picture that was looked at."""
    shutil.copytree(ROOT / "worlds" / world, tmp_path, dirs_exist_ok=True)
    golden(GOLDEN / f"{world}.svg", registry.build(tmp_path).chart("lists"))


def test_every_claim_on_a_total_is_one_mark() -> None:
    """Claims and implied values have a mark each, which names its claim, its list and its source."""
    found = marks(drawn(RIVALS))
    wanted = {each["claim"].partition("/")[2] for each in RIVALS if each["kind"] in ("total", "implied")}
    assert set(found) == wanted
    mark = found[f"{9:016x}"]
    assert (mark.get("data-list"), mark.get("data-source")) == ("harbour-2031-04", "river-post")
    assert found[f"{6:016x}"].get("data-implied")


def test_a_mark_tells_claim_quote_and_source() -> None:
    """Where one points at a mark, its claim is told: what, who says it, in which words, for when, and against what."""
    found = marks(drawn(RIVALS))
    title = found[f"{10:016x}"][0]
    assert title.tag == f"{SVG}title"
    assert (title.text or "").splitlines() == [
        "List of 2031-04: 52",
        "Harbour Watch, in “From tern-herald”",
        "“the words of 10”",
        "issued 20 Apr 2031",
        "told of Apr 2031",
        "contested: other sources date this edition 2 Mar 2031",
        "claim/000000000000000a",
    ]
    told = found[f"{6:016x}"][0].text or ""
    assert "claimed by nobody" in told
    assert "against 45, about 45" in told
    assert "no source dates it; its place in the series is Jan 2031" in told


def test_marks_of_one_origin_say_so() -> None:
    """Claims that come from one origin have the shapes of their sources, and each names the others that retell it."""
    ours = {"origin": "organization/harbour-watch"}
    rows = [
        total(1, "2031-01", 45, **ours),
        total(2, "2031-01", 45, "b", **ours),
        total(3, "2031-01", 45, "c", origin="source/c"),
        total(4, "2031-01", 90, "d", **ours, standing="contested"),
    ]
    found = marks(drawn(rows))
    told = {
        key: [line for line in (mark[0].text or "").splitlines() if "origin" in line] for key, mark in found.items()
    }
    said = (["from one origin with “From b”"], ["from one origin with “From river-post”"], [], [])
    assert told == {f"{number:016x}": lines for number, lines in enumerate(said, 1)}


def test_one_list_with_two_dates_is_one_edition_in_two_places() -> None:
    """Each total stands at the date that its own source gives, and both are joined as contradicting."""
    (panel,) = panels(lists(RIVALS))
    at = {mark.total.id: mark.true for mark in panel.marks}
    first, second = at[f"claim/{9:016x}"], at[f"claim/{10:016x}"]
    assert first[0] == pytest.approx(panel.x(date(2031, 3, 2).toordinal()), abs=0.01)
    assert second[0] == pytest.approx(panel.x(date(2031, 4, 20).toordinal()), abs=0.01)
    assert first[1] == second[1]
    root = drawn(RIVALS)
    assert len([each for each in root.iter(f"{SVG}path") if each.get("class") == "joiner"]) == 2  # and the legend's
    assert {"2 Mar 2031", "20 Apr 2031"} <= set(words(root, "small"))
    assert "≠" in words(root, "number")


def test_what_is_implied_is_hollow_and_said_to_differ() -> None:
    """An implied total is an outline, never filled; where claims exclude it, its label says so."""
    root = drawn(RIVALS)
    looks = {key: mark[1].get("class") for key, mark in marks(root).items()}
    assert looks[f"{6:016x}"] == "hollow"
    assert set(looks.values()) == {"solid", "hollow"}
    assert "≠ 41 implied" in words(root, "number")
    agreed = drawn([*RIVALS[:5], implied(6, "2031-01", 45)])
    assert "45 implied" in words(agreed, "number")


def test_the_axis_begins_at_zero() -> None:
    """The height of a mark over the axis is in proportion to its number, and its place to its date."""
    (panel,) = panels(lists(RIVALS))
    base = panel.y(0)
    ratios = {round((base - mark.at[1]) / mark.total.value, 3) for mark in panel.marks}
    assert len(ratios) == 1
    assert "0" in words(drawn(RIVALS), "tick")


def held(number: int, first: str, last: str) -> Row:
    """A claim on the total of February's list, as of some days."""
    return total(number, "2031-02", 5, **{"from": first, "until": last})


FEBRUARY = dated(1, "2031-02", "2031-02-01", "2031-02-28")
TWELFTH = dated(2, "2031-02", "2031-02-12", source="tern-herald")


@pytest.mark.parametrize(
    ("rows", "day", "by"),
    [
        ([TWELFTH, held(3, "2031-03-01", "2031-03-01")], "2031-02-12", "issued"),
        ([FEBRUARY, TWELFTH, total(3, "2031-02", 5)], "2031-02-12", "issued"),
        ([held(3, "2031-01-05", "2031-01-05")], "2031-01-05", "as of"),
        ([held(3, "2031-01-01", "2031-12-31"), held(4, "2031-03-05", "2031-03-05")], "2031-03-05", "as of"),
        ([held(3, "2031-01-05", "")], "2031-01-05", "as of"),
        ([total(3, "2031-02-03", 5)], "2031-02-03", "edition"),
    ],
    ids=["issued", "narrower", "as of", "narrower as of", "open", "edition"],
)
def test_where_an_edition_stands_in_time(rows: list[Row], day: str, by: str) -> None:
    """By claims on its date, else by when totals hold, else by its table; of times that fit the narrower wins."""
    (series,) = lists(rows).series
    (edition,) = series.editions
    (place,) = edition.places
    assert date.fromordinal(int(place.span.middle)).isoformat() == day
    assert place.by == by
    assert {each.place for each in edition.totals} == {place}


def test_a_total_without_any_time_is_told_and_not_drawn() -> None:
    """A list of which nothing says of when is no mark, but it is counted below the chart."""
    root = drawn([total(1, "2031-02", 5), total(2, "", 7)])
    assert set(marks(root)) == {f"{1:016x}"}
    assert [note for note in words(root, "note") if "1 total not drawn" in note and "claim/0000000000000002" in note]


def test_a_list_with_two_totals_is_joined_upright() -> None:
    """Totals that exclude each other at one time stand above each other, joined; agreeing ones share a label."""
    rows = [
        dated(1, "2031-02", "2031-02-12"),
        total(2, "2031-02", 40, standing="contested"),
        total(3, "2031-02", 90, "tern-herald", standing="contested"),
        total(4, "2031-02", 91, "coast", precision="about", low="86.45", high="95.55", standing="contested"),
    ]
    (panel,) = panels(lists(rows))
    root = drawn(rows)
    assert [each.get("class") for each in root.iter(f"{SVG}path") if "joiner" in each.get("class", "")].count("joiner")
    assert sorted(words(root, "number")) == ["40", "90", "≠"]
    assert words(root, "small") == ["about 91"]
    heights = {mark.total.text: mark.at[1] for mark in panel.marks}
    assert heights["40"] > heights["90"] > heights["about 91"]


def test_what_a_decision_set_aside_is_pale_and_off_the_line() -> None:
    """The line goes through what a decision found for; what it set aside stays as a pale mark."""
    rows = [
        total(1, "2031-01", 30),
        dated(2, "2031-02", "2031-02-12"),
        total(3, "2031-02", 40, standing="settled"),
        total(4, "2031-02", 44, "b", standing="set-aside"),
    ]
    edition = lists(rows).series[0].editions[1]
    assert [value for _, value in edition.readings()] == [40]
    root = drawn(rows)
    assert [key for key, mark in marks(root).items() if "aside" in mark.get("class", "")] == [f"{4:016x}"]
    assert "set aside by a decision" in words(root, "note")
    assert not words(root, "parted")


def test_a_total_whose_date_was_set_aside_stands_at_the_date_that_prevails() -> None:
    """A decision on a date says nothing of the total told with it: that is moved, not pale, and the date is marked."""
    rows = [
        total(1, "2031-01", 30),
        dated(2, "2031-02", "2031-02-12", standing="settled"),
        dated(3, "2031-02", "2031-03-30", source="b", standing="set-aside"),
        total(4, "2031-02", 40),
        total(5, "2031-02", 40, "b"),
    ]
    edition = lists(rows).series[0].editions[1]
    assert len(edition.readings()) == 1
    assert {date_words(each.place) for each in edition.totals} == {"12 Feb 2031"}
    root = drawn(rows)
    found = marks(root)
    assert not [key for key, mark in found.items() if "aside" in mark.get("class", "")]
    told = (found[f"{5:016x}"][0].text or "").splitlines()
    assert "issued 12 Feb 2031" in told
    assert "“From b” dates it 30 Mar 2031, set aside by a decision" in told
    assert [each.get("class") for each in root.iter(f"{SVG}path")].count("bare settled") == 2  # and the legend's
    assert "30 Mar 2031" in words(root, "small")
    assert "date set aside by a decision" in words(root, "note")
    assert "set aside by a decision" not in words(root, "note")


def test_contested_readings_part_the_line() -> None:
    """Between readings of an edition the line is dashed along each, and the room between is shaded."""
    root = drawn(RIVALS)
    looks = [each.get("class", "") for each in root.iter(f"{SVG}path")]
    assert looks.count("band") == 2  # one in the chart, one in the legend
    assert any(look.startswith("line parted") for look in looks)
    plain = drawn([total(1, "2031-01", 5), total(2, "2031-02", 6)])
    assert not [each for each in plain.iter(f"{SVG}path") if each.get("class") in ("band", "joiner")]


def compared(later: str, earlier: str) -> Row:
    """A claim that compares two lists."""
    return row("follows", 99, later, value=f"list/harbour-{earlier}", source="")


def known(slug: str) -> Row:
    """A list of the table on whose total nothing is said."""
    return {**row("edition", 0, slug), "claim": "", "source": ""}


def lines(*rows: Row) -> dict[tuple[str, str], bool]:
    """The editions that a line joins, and whether it is solid."""
    (series,) = lists(rows).series
    name = len("list/harbour-")
    return {(join.earlier.id[name:], join.later.id[name:]): join.told for join in series.joins}


JANUARY, MARCH, MARCH_TOO, JUNE = (total(n, f"2031-{n:02}", 10 * n) for n in (1, 3, 4, 6))
MARCH_TOO["edition"] = "2031-03"


def test_editions_without_an_order_are_not_joined() -> None:
    """Of two editions of one month nobody knows the order: each is joined with those before and after, dashed."""
    apart = {("2031-01", "2031-03"), ("2031-01", "2031-04"), ("2031-03", "2031-06"), ("2031-04", "2031-06")}
    assert lines(JANUARY, MARCH, MARCH_TOO, JUNE) == dict.fromkeys(apart, False)
    year = total(7, "2031", 70)
    assert lines(year, MARCH) == {}
    in_order = {("2031-01", "2031-03"): True, ("2031-03", "2031-04"): True, ("2031-04", "2031-06"): True}
    assert lines(JANUARY, MARCH, MARCH_TOO, JUNE, compared("2031-04", "2031-03")) == in_order


@pytest.mark.parametrize(
    ("rows", "joined"),
    [
        ([dated(8, "2031-01", "2031-05-02"), dated(9, "2031-03", "2031-05-01")], ("2031-03", "2031-01")),
        ([dated(8, "2031-01", "2031-05-01"), dated(9, "2031-03", "2031-05-01")], ("2031-01", "2031-03")),
        ([dated(8, "2031-01", "2031-02-01", "2031-04-30")], ("2031-01", "2031-03")),
        ([compared("2031-01", "2031-03")], ("2031-03", "2031-01")),
    ],
    ids=["dates", "table where dates are one", "table where dates overlap", "claims"],
)
def test_the_order_of_editions(rows: list[Row], joined: tuple[str, str]) -> None:
    """Claims that one follows the other say the order, else dates that do not overlap, else the table."""
    assert list(lines(JANUARY, MARCH, *rows)) == [joined]


def test_lists_that_follow_each_other_are_not_joined() -> None:
    """Where claims lead in a circle there is no order."""
    assert lines(JANUARY, MARCH, compared("2031-03", "2031-01"), compared("2031-01", "2031-03")) == {}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([JANUARY, MARCH], True),
        ([JANUARY, total(8, "2032-01", 9)], True),
        ([JANUARY, total(8, "2032-02", 9)], False),
        ([JANUARY, total(8, "2032-02", 9), compared("2032-02", "2031-01")], True),
        ([JANUARY, implied(8, "2031-03", 9)], False),
        ([JANUARY, implied(8, "2031-03", 9), compared("2031-03", "2031-01")], True),
        ([JANUARY, known("2031-02"), MARCH], False),
        ([JANUARY, known("2031-05"), MARCH], True),
        ([JANUARY, MARCH, {**compared("2031-03", "2031-01"), "kind": "apart"}], False),
    ],
    ids=[
        "neighbours",
        "a year",
        "longer",
        "compared",
        "implied",
        "implied by both",
        "one between",
        "one later",
        "denied",
    ],
)
def test_a_line_is_solid_where_sources_carry_it(rows: list[Row], told: bool) -> None:
    """Solid between what a source compares, or neighbours told within a year; else dashed, and the legend says so."""
    assert list(lines(*rows).values()) == [told]
    root = drawn(rows)
    looks = [each.get("class", "").split() for each in root.iter(f"{SVG}path")]
    assert any("untold" in look for look in looks) is not told
    assert ("no source compares them" in words(root, "note")) is not told


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), min_size=2, max_size=8))
def test_every_two_editions_with_an_order_are_joined_over_others(spans: list[tuple[int, int]]) -> None:
    """Lines lead from each edition to all that are certainly later, and to no other, by no way that could be longer."""
    start = date(2031, 1, 1)
    days = [(start + timedelta(low), start + timedelta(low + length)) for low, length in spans]
    rows = [
        each
        for n, (low, high) in enumerate(days)
        for each in (total(n, f"x{n}", 5, edition=""), dated(50 + n, f"x{n}", f"{low}", f"{high}", edition=""))
    ]
    steps = set(lines(*rows))
    later = {(f"x{a}", f"x{b}") for a in range(len(days)) for b in range(len(days)) if days[a][1] < days[b][0]}
    assert steps == {(a, b) for a, b in later if not any((a, c) in later and (c, b) in later for _, c in later)}


def test_editions_that_claims_compare_are_found(tmp_path: Path) -> None:
    """The query finds which editions claims compare, and the lists of a series of whose total nobody tells."""
    shutil.copytree(ROOT / "worlds" / "twelve-years", tmp_path, dirs_exist_ok=True)
    answer = registry.build(tmp_path).query(QUERY)
    found = [dict(zip(answer.variables, map(answer.text, each), strict=True)) for each in answer.rows]
    pairs = {(each["list"], each["value"]): each for each in found if each["kind"] == "follows"}
    assert ("list/working-group-2019-09", "list/working-group-2019-previous") in pairs
    assert ("list/ufppa-2024-06", "list/ufppa-2024-03") in pairs
    kinds = [each["kind"] for each in found]
    assert kinds.count("edition") == (tmp_path / "data" / "lists.csv").read_text("utf-8").count("\n") - 1
    joins = [join for series in lists(found).series for join in series.joins]
    untold = {(join.earlier.name, join.later.name) for join in joins if not join.told}
    assert ("List of August 2019", "List of 126 told in May 2022") in untold
    assert ("List of September 2022", "List of March 2024") in untold
    assert ("List of March 2024", "List of June 2024") not in untold


def test_lists_of_no_series_have_no_line() -> None:
    """Lists that belong to no series are marked, but nothing joins them."""
    rows = [{**each, "series": ""} for each in (total(1, "2031-01", 5), total(2, "2031-02", 6))]
    root = drawn(rows)
    assert len(marks(root)) == 2
    assert not [each for each in root.iter(f"{SVG}path") if each.get("class", "").startswith("line")]
    assert "lists of no series" in words(root, "series-name")


def test_a_series_is_named_by_its_publisher_where_sources_agree() -> None:
    """The publisher named most often names a series; between equals its key does, or the name of its one edition."""
    two = [total(1, "2031-01", 5), total(2, "2031-02", 6)]
    watch, senate = (row("publisher", n, "2031-01", value=v) for n, v in ((3, "Harbour Watch"), (4, "Senate")))
    assert lists([*two, watch]).series[0].name == "Harbour Watch"
    assert lists([*two, watch, senate]).series[0].name == "harbour"
    assert lists([*two, watch, senate, {**watch, "claim": "claim/5"}]).series[0].name == "Harbour Watch"
    assert lists(two[:1]).series[0].name == "List of 2031-01"


def test_few_series_share_a_panel_and_many_have_their_own() -> None:
    """Up to three series stand in one panel, named at the ends of lines; more have a panel each, on one axis."""

    def many(count: int) -> list[Row]:
        return [
            {**total(10 * n + k, f"203{k}-0{n + 1}", 40 + 20 * n), "series": f"s{n}", "list": f"list/s{n}-{k}"}
            for n in range(count)
            for k in (0, 1)
        ]  # fmt: skip

    (together,) = panels(lists(many(3)))
    apart = panels(lists(many(5)))
    assert len(together.series) == 3
    assert together.named
    assert [len(panel.series) for panel in apart] == [1] * 5
    assert len({panel.x for panel in apart}) == 1
    root = drawn(many(5))
    assert words(root, "series-name") == [f"s{n}" for n in range(5)]
    assert "All panels count from zero on one scale." in words(root, "note")
    assert len({round((panel.y.start - panel.y.end) / panel.y.high, 6) for panel in apart}) == 1


def test_panels_that_cannot_share_a_scale_say_so() -> None:
    """Where one series is a hundred times another, each panel has a scale of its own, and the chart says it."""
    rows = [
        {**total(10 * n + k, f"203{k}-01", 9 * 10**n), "series": f"s{n}", "list": f"list/s{n}-{k}"}
        for n in range(5)
        for k in (0, 1)
    ]
    root = drawn(rows)
    assert any("a scale of its own" in note for note in words(root, "note"))
    assert all(panel.y.low == 0 for panel in panels(lists(rows)))


def test_series_of_one_edition_share_a_panel() -> None:
    """Where there are many series, those of a single edition stand together, each named at its mark."""
    rows = [
        {**total(n, "2031-01", 40 + 9 * n), "series": f"s{n}", "list": f"list/s{n}", "name": f"List {n}"}
        for n in range(5)
    ]
    (panel,) = panels(lists(rows))
    assert len(panel.series) == 5
    assert words(drawn(rows), "series-name") == ["Series of one edition", *(f"List {n}" for n in range(5))]


def test_nothing_to_draw_is_said() -> None:
    """A registry without totals gives a picture that says so."""
    root = drawn([])
    assert "Nothing says how many names a list holds." in words(root, "note")
    assert not marks(root)


def test_a_chart_loads_and_runs_nothing() -> None:
    """There is no script, no handler, no reference and no address but that of the namespace; hostile text is text."""
    text = picture(lists(RIVALS))
    root = ElementTree.fromstring(text)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on") or "href" in name]
    assert text.count("http") == 1
    assert "url(" not in text
    assert "@import" not in text
    assert not set(text) & set("\u202e\u2066\u2069\u200b\x1b")
    assert "‹202E›" in text
    assert "script" not in {each.tag for each in root.iter()}


def test_a_chart_of_an_earlier_day_says_so() -> None:
    """The heading counts claims and implied totals, and names the day on which they were known."""
    root = ElementTree.fromstring(picture(lists(RIVALS), date(2031, 6, 30)))
    assert " ".join(words(root, "subtitle")).endswith(
        "7 claims and 1 implied total on 5 editions of 1 series, as known on 30 Jun 2031."
    )


def test_a_chart_is_told_to_those_who_cannot_see_it() -> None:
    """The picture has a title, and a description with the numbers of every edition and what is disputed of them."""
    root = drawn(RIVALS)
    assert root.get("aria-labelledby") == "kg-title kg-desc"
    assert root[0].text == "Names on the lists over time"
    told = (root[1].text or "").splitlines()
    assert told[0] == "Harbour Watch:"
    assert "List of 2031-04: 52 (2 Mar 2031, date contested), 52 (20 Apr 2031, date contested)" in told
    assert "List of 2031-01: 45 (Jan 2031), about 45 (Jan 2031), 41 implied (Jan 2031, contradicted)" in told
    assert [line for line in told if line.endswith("60 (9 Jun 2031, denied)")]
    rivals = [total(1, "2031-01", 5, standing="contested"), total(2, "2031-01", 7, standing="contested")]
    assert "List of 2031-01: 5 (Jan 2031, contested), 7 (Jan 2031, contested)" in (drawn(rivals)[1].text or "")


SIZES = {
    "title": 20,
    "subtitle": 13,
    "tick": 12,
    "note": 12,
    "number": 13,
    "small": 10.5,
    "series-name": 12.5,
    "name": 12.5,
    "section": 15,
}
BOLD = {"title", "number", "series-name", "name", "section"}


def texts(root: ElementTree.Element) -> Iterator[tuple[str, Box]]:
    """The texts of a picture with the room that a wide font would take."""
    centred = {id(text) for each in root.iter(f"{SVG}g") if "centred" in each.get("class", "") for text in each}
    for text in root.iter(f"{SVG}text"):
        looks = text.get("class", "").split()
        size = next(SIZES[look] for look in looks if look in SIZES)
        width = text_width(text.text or "", size, bold=bool(BOLD & set(looks)))
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        left = x - width if "end" in looks else x - width / 2 if "middle" in looks or id(text) in centred else x
        yield text.text or "", Box(left, y - 0.76 * size, left + width, y + 0.2 * size)


def outside(root: ElementTree.Element) -> Iterator[str]:
    """The texts that a wide font would draw beyond the edge of the picture."""
    picture = Box(0, 0, float(root.get("width", "0")), float(root.get("height", "0")))
    yield from (text for text, box in texts(root) if not picture.holds(box))


@pytest.mark.parametrize("high", [1, 999_999, 1_200_000, 10**9, 10**12, 999 * 10**13, 10**20])
def test_numbers_of_any_size_stay_inside(high: int) -> None:
    """However large a number is, it is written out as far as floats go, and the axis beside it fits."""
    root = drawn([total(1, "2031-01", 1), total(2, "2031-03", high)])
    assert not list(outside(root))
    if high < 10**15:
        assert f"{high:,}" in words(root, "number")


@pytest.mark.parametrize("name", ["W" * 200, "word " * 60, "Ⴔ" * 90, HOSTILE])
def test_long_names_stay_inside(name: str) -> None:
    """However long names, titles and publishers are, no text leaves the picture."""
    rows = [{**each, "name": name, "title": name, "publisher": name, "says": name} for each in RIVALS]
    rows[0]["value"] = name
    assert not list(outside(drawn(rows)))
    more = [{**each, "series": f"{name}{n}", "list": f"{each['list']}-{n}"} for n in range(5) for each in rows]
    assert not list(outside(drawn(more)))


@st.composite
def worlds(draw: st.DrawFn) -> list[Row]:
    """Rows on some series of lists: rival totals and dates, inexact ones, open ones, implied ones, denials."""
    found: list[Row] = []
    for series in range(draw(st.integers(1, 6))):
        for edition in range(draw(st.integers(1, 5))):
            day = date(2013, 1, 1) + timedelta(days=draw(st.integers(0, 4500)))
            common = {"series": f"s{series}", "edition": f"{day:%Y-%m}", "list": f"list/s{series}-{edition}"}
            for _ in range(draw(st.integers(1, 4))):
                found.append({**draw(claims(day)), **common, "claim": f"claim/{len(found):016x}"})
    return found


@st.composite
def claims(draw: st.DrawFn, day: date) -> Row:
    """A row on a list of about a day."""
    source = draw(st.sampled_from(["river-post", "tern-herald", "coast", "lowgate"]))
    value = draw(st.sampled_from([0, 1, 40, 41, 90, 400]))
    cells = {"standing": draw(st.sampled_from(["uncontested", "contested", "settled", "set-aside"]))}
    if draw(st.booleans()):
        cells |= {"from": str(day), "until": draw(st.sampled_from(["", str(day), str(day + timedelta(days=90))]))}
    kind = draw(st.sampled_from(["total", "total", "about", "more", "implied", "date", "date", "publisher"]))
    if kind == "date":
        moved = day + timedelta(days=draw(st.sampled_from([0, 1, 40])))
        return dated(0, "2031", str(moved), source=source, **cells)
    if kind == "publisher":
        return row("publisher", 0, "2031", source, value=draw(st.sampled_from(["Harbour Watch", "Senate"])))
    if kind == "implied":
        return implied(0, "2031", value)
    bounds = {"about": (str(value * 0.95), str(value * 1.05)), "more": (str(value + 1), ""), "total": (str(value),) * 2}
    low, high = bounds[kind]
    precision = {"about": "about", "more": "more-than", "total": "exact"}[kind]
    return total(
        0,
        "2031",
        value,
        source,
        **cells,
        low=low,
        high=high,
        precision=precision,
        denied=draw(st.sampled_from(["", "", "denied"])),
    )


@settings(max_examples=60)
@given(worlds())
def test_labels_never_touch(rows: list[Row]) -> None:
    """In any chart no label overlaps another or a mark, none is outside its panel, and every total has one mark."""
    found = lists(rows)
    shown = []
    for panel in panels(found):
        boxes = [mark.box for mark in panel.marks]
        spots = [spot.box for spot in panel._spots if spot]
        assert all(panel.room.holds(spot) for spot in spots)
        assert not any(spot.overlaps(box) for spot in spots for box in boxes)
        assert not any(one.overlaps(other) for i, one in enumerate(spots) for other in spots[i + 1 :])
        shown += [mark.total.id for mark in panel.marks]
        assert all(abs(mark.at[0] - mark.true[0]) <= 3 * SIZE * len(boxes) for mark in panel.marks)
    assert sorted([*shown, *found.undated]) == sorted(
        each["claim"] for each in rows if each["kind"] in ("total", "implied")
    )


@settings(max_examples=25)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: list[Row], chance: random.Random) -> None:
    """The same rows in any order give the same bytes, which are well-formed, with all text inside."""
    text = picture(lists(rows))
    mixed = list(rows)
    chance.shuffle(mixed)
    assert picture(lists(mixed)) == text
    assert not list(outside(ElementTree.fromstring(text)))


def test_hundreds_of_editions_are_drawn() -> None:
    """A series far too long to be labelled is still drawn, and what found no label is counted."""
    days = [str(date(2000, 1, 1) + timedelta(days=20 * n)) for n in range(400)]
    rows = [total(n, day, 100 + n % 70, **{"from": day, "until": day}) for n, day in enumerate(days)]
    root = drawn(rows)
    assert len(marks(root)) == 400
    assert any("found no room" in note for note in words(root, "note"))


def test_the_charts_are_listed_with_their_queries() -> None:
    """Every chart has a title and a query that says what is drawn."""
    titles = {"groups": "Groups of the lists over time", "lists": "Totals of the lists over time"}
    assert list(charts()) == list(titles)
    for name, chart in charts().items():
        assert chart.title.startswith(titles[name])
        assert "SELECT" in chart.text


def test_the_columns_are_those_of_the_query() -> None:
    """The rows of these tests have the columns that the query selects."""
    head = charts()["lists"].text.partition("SELECT")[2].partition("WHERE")[0]
    names = re.sub(r"\([^?]*\?\w+[^)]*\) AS \?(\w+)\)|\((?:[^()]|\([^()]*\))* AS \?(\w+)\)", r"?\1\2", head)
    assert sorted(re.findall(r"\?(\w+)", names)) == sorted(COLUMNS)


def test_an_unknown_chart_is_told(tmp_path: Path) -> None:
    """A name that is no chart's comes with the one that was probably meant."""
    shutil.copytree(ROOT / "worlds" / "intervals", tmp_path, dirs_exist_ok=True)
    with pytest.raises(KgError) as error:
        registry.build(tmp_path).chart("list")
    assert error.value.fix == "did you mean lists?"

"""The chart of groups: what is drawn for which claims, in which panel, and on which scale."""

from __future__ import annotations

import random
import re
import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Golden
from hypothesis import given, settings
from hypothesis import strategies as st
from test_chart import HOSTILE, SVG, dated, implied, marks, outside, row, texts, total, words, worlds

from kg import registry
from kg.chart import charts
from kg.chart.editions import Row
from kg.chart.group_picture import group_picture
from kg.chart.groups import Section, groups
from kg.chart.panel import Panel
from kg.chart.tiers import Multiple, tiered
from kg.draw.svg import clean
from kg.registry import Registry

ROOT = Path(__file__).parent
GOLDEN = ROOT / "charts"
OF_GROUPS = ("group", "part")


def of(group: str, plain: Row, **cells: str) -> Row:
    """A row of the chart of lists as one of a group; of the whole list, if the group is none."""
    named = {"group": f"group/{group}", "part": group.replace("-", " ").capitalize()} if group else {}
    return {**dict.fromkeys(OF_GROUPS, ""), **plain, **named, **cells}


def change(kind: str, number: int, slug: str, group: str, value: int) -> Row:
    """A claim on how many of a group came or went."""
    return of(group, row(kind, number, slug, value=str(value)))


def broader(slug: str, group: str, wide: str) -> Row:
    """That a group of a list is a part of another."""
    return of(group, {**row("broader", 0, slug, value=f"group/{wide}"), "claim": "", "source": ""})


def in_place(number: int, value: int, first: str = "", last: str = "", group: str = "prisoners", **cells: str) -> Row:
    """A claim on how many of a group there are in Veldania."""
    held = {"from": first, "until": last or first, "asof": first}
    there = {"series": "", "edition": "", "name": "Veldania", "list": "place/veldania", "kind": "place"}
    return of(group, {**total(number, "", value), **there, **held}, **cells)


CONTESTED = {"standing": "contested"}

# The case that the chart is for: groups that rise, fall, are contested, implied, denied, of no date; and a place.
DIVIDED = [
    of("", row("publisher", 1, "2030-10", value="Harbour Watch")),
    of("", dated(2, "2030-10", "2030-10-01", "2030-10-31")),
    of("", total(3, "2030-10", 38)),
    of("", total(4, "2031-01", 45)),
    of("", dated(5, "2031-04", "2031-03-02", standing="contested")),
    of("", dated(6, "2031-04", "2031-04-20", source="tern-herald", standing="contested")),
    of("", total(7, "2031-04", 52)),
    of("", total(8, "2031-04", 52, "tern-herald")),
    of("", dated(9, "2031-06", "2031-06-09")),
    of("", total(10, "2031-06", 60, denied="denied")),
    of("dock-workers", total(11, "2030-10", 20)),
    of("dock-workers", total(12, "2031-01", 21, precision="at-least", low="21", high="")),
    of("dock-workers", total(13, "2031-04", 27)),
    of("dock-workers", total(14, "2031-06", 31, denied="denied", denier="the Senate")),
    of("teachers", implied(15, "2030-10", 4)),
    of("teachers", total(16, "2031-01", 6)),
    change("added", 17, "2031-01", "teachers", 2),
    of("teachers", total(18, "2031-04", 5, **CONTESTED)),
    of("teachers", total(19, "2031-04", 7, "tern-herald", **CONTESTED)),
    of("students", total(20, "2031-06", 3, **CONTESTED)),
    of("students", total(21, "2031-06", 5, "tern-herald", **CONTESTED)),
    of("crane-drivers", total(22, "2031-04", 2)),
    broader("2031-04", "crane-drivers", "dock-workers"),
    of("ferrymen", total(23, "2031-06", 2, "coast", quote=HOSTILE, title=HOSTILE), part=HOSTILE),
    of("bakers", total(24, "", 4)),
    in_place(25, 38, "2030-10-01", "2030-10-31"),
    in_place(26, 45, "2031-01-01", "2031-01-31", **CONTESTED),
    in_place(27, 55, "2031-01-15", **CONTESTED, source="source/tern-herald", title="From tern-herald"),
    in_place(28, 60),
    in_place(29, 9, "2031-01-15", group="deaths"),
]


def drawn(rows: list[Row]) -> ElementTree.Element:
    """The chart, parsed."""
    return ElementTree.fromstring(group_picture(groups(rows)))


def multiples(rows: list[Row]) -> dict[str, Multiple]:
    """The panels by the names of their groups."""
    return {each.name.full: each for block in tiered(groups(rows), 100).blocks for each in block.multiples}


def section(rows: list[Row]) -> Section:
    """The one section of a chart."""
    (only,) = groups(rows).sections
    return only


def harbour(*groups_of: tuple[str, int], whole: int = 0) -> list[Row]:
    """A list with so many of some groups."""
    rows = [of(group, total(number, "2031-01", value)) for number, (group, value) in enumerate(groups_of, 100)]
    return [*rows, of("", total(1, "2031-01", whole))] if whole else rows


def test_the_chart_of_divided_lists_is_as_it_was_seen(golden: Golden) -> None:
    """A chart with every sign: whoever changes it looks at the picture before and after."""
    golden(GOLDEN / "groups.svg", group_picture(groups(DIVIDED)))


@pytest.mark.parametrize("world", ["group-sums", "twelve-years"])
def test_the_chart_of_a_world_is_as_it_was_seen(world: str, tmp_path: Path, golden: Golden) -> None:
    """A world that is built and drawn gives the picture that was looked at."""
    shutil.copytree(ROOT / "worlds" / world, tmp_path, dirs_exist_ok=True)
    golden(GOLDEN / f"groups-{world}.svg", registry.build(tmp_path).chart("groups"))


COUNTS = """
SELECT ?claim (COUNT(?when) AS ?dates) WHERE {
  ?claim rdf:predicate kg:count ; rdf:subject ?tally ; kg:stance kg:asserts ; adms:status "accepted" .
  ?tally kg:within ?list .
  ?list a kg:List .
  OPTIONAL {
    { ?list bibo:edition ?when }
    UNION { ?issue rdf:subject ?list ; rdf:predicate dcterms:issued ; kg:stance kg:asserts ; kg:from|kg:until ?when }
    UNION { ?of rdf:subject ?list ; rdf:predicate kg:count ; kg:stance kg:asserts ; kg:from|kg:until ?when }
    UNION { ?claim kg:from|kg:until ?when }
  }
}
GROUP BY ?claim
"""


def counts(built: Registry) -> tuple[set[str], set[str]]:
    """The claims that count a group of a list that something dates, and those of other lists, by another query."""
    answer = built.query(COUNTS)
    found = [tuple(map(answer.text, each)) for each in answer.rows]
    ids = [{claim.partition("/")[2] for claim, dates in found if (dates != "0") is there} for there in (True, False)]
    return ids[0], ids[1]


@pytest.mark.parametrize(
    "world",
    ["", "admission", "denial", "editions", "group-sums", "hostile", "intervals", "out-of-order", "twelve-years"],
)
def test_every_count_of_a_group_is_drawn_once(world: str, tmp_path: Path) -> None:
    """In the registry and in worlds each claim that counts a group of a dated list, and of no other, is one mark."""
    if world:
        shutil.copytree(ROOT / "worlds" / world, tmp_path, dirs_exist_ok=True)
    else:
        shutil.copytree(ROOT.parent / "data", tmp_path / "data")
    built = registry.build(tmp_path)
    text = built.chart("groups")
    shown = re.findall(r'data-claim="(\w+)"', text)
    assert len(shown) == len(set(shown))
    on_time, untimed = counts(built)
    assert on_time <= set(shown)
    assert not untimed & set(shown)
    assert not list(outside(ElementTree.fromstring(text)))


def test_each_group_has_a_panel_below_the_totals() -> None:
    """The totals come first, then the groups by their largest count, then by name; then those of a place."""
    names = ["All names", "Dock workers", "Teachers", "Students", clean(HOSTILE), "Crane drivers", "Prisoners"]
    assert list(multiples(DIVIDED)) == names


def test_a_mark_tells_group_list_and_change() -> None:
    """Where one points at a mark, its claim is told, with its group, its list, and the change that its source tells."""
    found = marks(drawn(DIVIDED))
    mark = found[f"{16:016x}"]
    assert (mark.get("data-list"), mark.get("data-group")) == ("harbour-2031-01", "teachers")
    assert (mark[0].text or "").splitlines() == [
        "Teachers, List of 2031-01: 6",
        "Harbour Watch, in “From river-post”",
        "“the words of 16”",
        "no source dates it; its place in the series is Jan 2031",
        "told with it: 2 added",
        "claim/0000000000000010",
    ]
    assert "denied by the Senate" in (found[f"{14:016x}"][0].text or "")
    assert found[f"{25:016x}"].get("data-place") == "veldania"
    assert (found[f"{25:016x}"][0].text or "").startswith("Prisoners, Veldania: 38\n")


def test_groups_stand_below_the_totals_of_their_editions() -> None:
    """A count stands where the total of its list stands, whatever time itself tells; only then at a time of its own."""
    held = {"from": "2031-12-24", "until": "2031-12-24", "asof": "2031-12-24"}
    count = of("teachers", {**total(2, "2031-02", 5), **held})
    whole = of("", {**total(1, "2031-02", 9), "from": "2031-02-03", "until": "2031-02-03"})
    places = [section(rows).parts[0].counts.editions[0].places[0] for rows in ([count, whole], [count])]
    assert [date.fromordinal(int(place.span.middle)).isoformat() for place in places] == ["2031-02-03", "2031-12-24"]
    x = {mark.total.id: mark.true[0] for each in multiples(DIVIDED).values() for mark in each.panel.marks}
    assert x[f"claim/{7:016x}"] == x[f"claim/{13:016x}"] == x[f"claim/{18:016x}"]
    assert x[f"claim/{8:016x}"] == x[f"claim/{19:016x}"] != x[f"claim/{7:016x}"]


def test_a_date_without_a_count_shows_beside_the_totals_alone() -> None:
    """Where an edition has two dates, a group told at one stands there; the other shows above, and is told."""
    (edition,) = (each for each in section(DIVIDED[:-5]).parts[0].counts.editions if each.id.endswith("2031-04"))
    assert [place.by for place in (*edition.places, *edition.elsewhere)] == ["issued", "issued"]
    assert not edition.dates_contested
    told = marks(drawn(DIVIDED))[f"{13:016x}"][0].text or ""
    assert "contested: other sources date this edition 20 Apr 2031" in told
    untold = [each for each in DIVIDED[:-5] if each["group"] or each["kind"] != "total"]
    (both,) = (each for each in section(untold).parts[0].counts.editions if each.id.endswith("2031-04"))
    assert len(both.places) == 2


def test_groups_that_are_contested_are_joined_upright() -> None:
    """Counts of one group that exclude each other at one time are joined by the sign, or their labels say it."""
    root = drawn(DIVIDED)
    assert {"3", "≠ 5"} <= set(words(root, "number"))
    told = marks(root)[f"{20:016x}"][0].text or ""
    assert "contested: against 5" in told


def test_lines_are_dashed_over_editions_that_do_not_count_a_group() -> None:
    """Two editions next to each other are joined by a solid line; one over an edition without the group is dashed."""
    rows = [
        of("", total(1, "2031-01", 9)),
        of("", total(2, "2031-02", 9)),
        of("teachers", total(3, "2031-01", 5)),
        of("teachers", total(4, "2031-03", 6)),
        of("teachers", total(5, "2031-04", 6)),
    ]
    joins = section(rows).parts[0].counts.joins
    assert [(join.earlier.name[-2:], join.later.name[-2:], join.told) for join in joins] == [
        ("01", "03", False),
        ("03", "04", True),
    ]


def test_implied_numbers_of_a_group_are_whole() -> None:
    """What a number implies of a group is between whole numbers, and no claim."""
    odd = of("teachers", {**implied(3, "2031-02", 0), "low": "172.6", "high": "193.4"})
    root = drawn([odd, of("teachers", total(4, "2031-03", 190))])
    assert "173–193 implied" in words(root, "number")
    assert marks(root)[f"{3:016x}"].get("data-implied")
    narrow = section([{**odd, "low": "7.2", "high": "7.8"}]).parts[0].counts.totals
    assert [(each.low, each.high) for each in narrow] == [(7.2, 7.8)]


def test_a_part_of_a_group_says_so() -> None:
    """A group that is part of another that is shown says of which; its names are not to be added to those."""
    names = multiples(DIVIDED)
    assert names["Crane drivers"].name.within == ("part of Dock workers",)
    assert not names["Dock workers"].name.within
    alone = [broader("2031-01", "teachers", "workers"), *harbour(("teachers", 5))]
    assert not section(alone).parts[0].within


def heights(rows: list[Row]) -> list[list[tuple[str, float]]]:
    """How high one name is drawn in each panel, tier by tier."""
    (block,) = tiered(groups(rows), 100).blocks
    return [
        [
            (each.name.full, round((each.panel.y.start - each.panel.y.end) / each.panel.y.high, 6))
            for each in tier.multiples
        ]
        for tier in block.tiers
    ]


def test_panels_count_from_zero_on_one_scale_or_say_so() -> None:
    """Groups that would lie flat on the scale of the totals follow on a finer one, and how much finer is told."""
    rows = harbour(("believers", 240), ("teachers", 39), ("students", 2), whole=375)
    found = heights(rows)
    assert [[name for name, _ in tier] for tier in found] == [["All names", "Believers"], ["Teachers", "Students"]]
    assert all(len({per for _, per in tier}) == 1 for tier in found)
    assert found[1][0][1] > 3 * found[0][0][1]
    ratio = f"{found[1][0][1] / found[0][0][1]:.1f}"
    remarks = [note for note in words(drawn(rows), "note") if "finer" in note]
    assert remarks == [f"Smaller groups, on a finer scale: one name is drawn {ratio} times as high as above."]
    assert not [note for note in words(drawn(harbour(("a", 9), ("b", 7), whole=16)), "note") if "finer" in note]


@pytest.mark.parametrize("values", [(0,), (0, 0), (1, 0), (10**6, 900, 1, 0), (10**20, 1)])
def test_numbers_of_any_size_are_drawn(values: tuple[int, ...]) -> None:
    """Zeros, and numbers far apart, have a panel each, and each panel stands on the line of zero."""
    rows = harbour(*((f"group-{place}", value) for place, value in enumerate(values)))
    found = multiples(rows)
    assert len(found) == len(values)
    for each in found.values():
        assert each.panel.y.low == 0
        assert all(each.panel.y.end - 1e-6 <= mark.at[1] <= each.panel.y.start for mark in each.panel.marks)
    assert not list(outside(drawn(rows)))


def test_a_group_of_one_edition_has_a_mark() -> None:
    """A group that one edition alone counts is one panel with one mark and no line."""
    (panel,) = (each.panel for each in multiples(harbour(("teachers", 5))).values())
    assert len(panel.marks) == 1
    assert not panel.series[0][1].joins


def test_counts_without_any_time_are_told_and_not_drawn() -> None:
    """A group of a list of which nothing says of when is no mark, but it is counted below the chart."""
    root = drawn(DIVIDED)
    assert f"{24:016x}" not in marks(root)
    notes = " ".join(words(root, "note"))
    assert "1 count not drawn, for nothing says of when: claim/0000000000000018." in notes
    nowhere = drawn([of("teachers", total(1, "", 5))])
    assert words(nowhere, "note")[0] == "Nothing says of when the lists are whose groups are counted."
    assert words(drawn([]), "note") == ["Nothing says how many names of a list are in a group."]


def test_series_of_which_no_group_is_counted_are_told() -> None:
    """A series without groups is not drawn here, and neither are lists of no series that nobody divides."""
    rows = [*harbour(("teachers", 5)), {**of("", total(7, "2031-02", 5)), "series": "lowgate", "list": "list/lowgate"}]
    loose = [{**of("", total(8, "2031-03", 5)), "series": ""}, {**of("students", total(9, "2031-04", 5)), "series": ""}]
    root = drawn([*rows, *loose])
    assert set(marks(root)) == {f"{number:016x}" for number in (100, 9)}
    assert "1 series not drawn: nobody counts a group there." in words(root, "note")
    assert (
        words(root, "section") == ["harbour", "lists of no series"] or words(root, "section")[1] == "lists of no series"
    )


def test_a_place_is_a_series_in_time_from_two_dated_claims_on() -> None:
    """Counts in a place stand at their own times, in panels below a heading; those told of one time are counted."""
    root = drawn(DIVIDED)
    assert words(root, "section") == ["Harbour Watch", "Veldania"]
    assert {f"{number:016x}" for number in (25, 26, 27)} <= set(marks(root))
    assert not {f"{number:016x}" for number in (28, 29)} & set(marks(root))
    notes = " ".join(words(root, "note"))
    assert "2 counts in places not drawn, told of no time or of one alone: claim/000000000000001c" in notes
    assert {"38", "45", "≠ 55"} <= set(words(root, "number"))


def test_counts_in_a_place_are_joined_where_one_tells_them() -> None:
    """A line joins what comes from one origin, and no two tellers with each other."""
    ours, theirs = ({"origin": f"organization/{name}"} for name in ("harbour-watch", "senate"))
    rows = [
        in_place(1, 30, "2031-01-01", **ours),
        in_place(2, 31, "2031-02-01", **ours),
        in_place(3, 90, "2031-03-01", **theirs),
    ]
    joins = section(rows).parts[0].counts.joins
    assert [(join.earlier.totals[0].value, join.later.totals[0].value) for join in joins] == [(30, 31)]


def test_times_in_a_place_are_one_where_claims_contradict() -> None:
    """Contested claims whose times overlap stand at the narrower one; others keep their own, if it is not the same."""

    def spans(**cells: str) -> list[int]:
        rows = [
            in_place(1, 30, "2031-01-01", "2031-01-31", **cells),
            in_place(2, 40, "2031-01-15", **cells),
            in_place(3, 40, "2031-01-15"),
        ]
        return [len(edition.totals) for edition in section(rows).parts[0].counts.editions]

    assert sorted(spans()) == [1, 2]
    assert spans(**CONTESTED) == [3]


def test_a_chart_of_an_earlier_day_says_so() -> None:
    """The heading counts claims, implied numbers and groups, and names the day on which they were known."""
    root = ElementTree.fromstring(group_picture(groups(DIVIDED), date(2031, 6, 30)))
    said = " ".join(words(root, "subtitle"))
    assert said.endswith("14 claims and 1 implied number on 6 groups, as known on 30 Jun 2031.")


def test_a_chart_is_told_to_those_who_cannot_see_it() -> None:
    """The picture has a title, and a description with the numbers of every group and what is disputed of them."""
    root = drawn(DIVIDED)
    assert root.get("aria-labelledby") == "kg-title kg-desc"
    assert root[0].text == "Groups on the lists over time"
    told = (root[1].text or "").splitlines()
    assert told[0] == "Harbour Watch:"
    place = told.index("Students, Harbour Watch:")
    assert told[place + 1] == "List of 2031-06: 3 (9 Jun 2031, contested), 5 (9 Jun 2031, contested)"
    assert "Veldania: 38 (Oct 2030)" in told


def test_a_chart_loads_and_runs_nothing() -> None:
    """There is no script, no handler, no reference and no address but that of the namespace; hostile text is text."""
    text = group_picture(groups(DIVIDED))
    root = ElementTree.fromstring(text)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on") or "href" in name]
    assert text.count("http") == 1
    assert not set(text) & set("\u202e\u2066\u2069\u200b\x1b")
    assert "‹202E›" in text


def test_unknown_rows_are_left_alone() -> None:
    """Rows of another kind, groups without a name and numbers that are none break nothing."""
    odd = [
        of("teachers", row("retold", 90, "2031-01")),
        of("students", total(91, "2031-01", 5), part="", value="many", low="", high=""),
        of("", row("broader", 92, "2031-01")),
    ]
    found = multiples([*harbour(("teachers", 5)), *odd])
    assert set(found) == {"Teachers", "students"}


def overlapping(root: ElementTree.Element) -> list[tuple[str, str]]:
    """The texts that a wide font would draw over each other."""
    found = list(texts(root))
    return [
        (text, other)
        for place, (text, box) in enumerate(found)
        for other, beside in found[place + 1 :]
        if box.overlaps(beside) and text and other
    ]


@pytest.mark.parametrize("name", ["", "W" * 200, "word " * 60, "Ⴔ" * 90, HOSTILE])
def test_names_stay_inside_and_apart(name: str) -> None:
    """However long names, titles and publishers are, no text leaves the picture or touches another."""
    long = {key: name for key in ("part", "name", "title", "publisher", "says") if name}
    rows = [{**each, **long} if each["group"] else {**each, "name": name or each["name"]} for each in DIVIDED]
    rows[0] = {**rows[0], "value": name or "Harbour Watch"}
    root = drawn(rows)
    assert not list(outside(root))
    assert not overlapping(root)


@st.composite
def divided(draw: st.DrawFn) -> list[Row]:
    """Rows on some series of lists, of which some totals are those of groups, and some are counts in a place."""
    found = []
    for each in draw(worlds()):
        group = draw(st.sampled_from(["", "teachers", "students", "dock-workers", "place"]))
        if group == "place" and each["kind"] == "total":
            there = {"series": "", "edition": "", "name": "Veldania", "list": "place/veldania", "kind": "place"}
            found.append(of("prisoners", {**each, **there}))
        else:
            found.append(of(group if each["kind"] in ("total", "implied") and group != "place" else "", each))
    return found


@settings(max_examples=50)
@given(divided())
def test_labels_never_touch(rows: list[Row]) -> None:
    """In any chart no label overlaps another or a mark, none is outside its panel, and every count has one mark."""
    found = groups(rows)
    shown: list[str] = []
    panels: list[Panel] = [each.panel for block in tiered(found, 100).blocks for each in block.multiples]
    for panel in panels:
        boxes = [mark.box for mark in panel.marks]
        spots = [spot.box for spot in panel._spots if spot]
        assert all(panel.room.holds(spot) for spot in spots)
        assert not any(spot.overlaps(box) for spot in spots for box in boxes)
        assert not any(one.overlaps(other) for i, one in enumerate(spots) for other in spots[i + 1 :])
        shown += [mark.total.id for mark in panel.marks]
    rooms = [panel.room for panel in panels]
    assert not any(one.overlaps(other) for i, one in enumerate(rooms) for other in rooms[i + 1 :])
    told = [*shown, *found.undated, *found.elsewhere]
    assert len(told) == len(set(told))
    assert set(told) >= {each["claim"] for each in rows if each["group"]}


@settings(max_examples=25)
@given(divided(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: list[Row], chance: random.Random) -> None:
    """The same rows in any order give the same bytes, which are well-formed, with all text inside and apart."""
    text = group_picture(groups(rows))
    mixed = list(rows)
    chance.shuffle(mixed)
    assert group_picture(groups(mixed)) == text
    root = ElementTree.fromstring(text)
    assert not list(outside(root))
    assert not overlapping(root)


def test_the_columns_are_those_of_the_query() -> None:
    """The rows of these tests have the columns that the query selects."""
    head = charts()["groups"].text.partition("SELECT")[2].partition("WHERE")[0]
    names = re.sub(r"\((?:[^()]|\([^()]*\))* AS \?(\w+)\)", r"?\1", head)
    assert sorted(re.findall(r"\?(\w+)", names)) == sorted(of("", total(1, "2031-01", 1)))

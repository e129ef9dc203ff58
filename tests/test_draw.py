"""What pictures are made of: text of SVG, scales, marks, type and labels that keep apart."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.draw.geometry import Box, Segment, hull
from kg.draw.labels import Label, place
from kg.draw.legend import Entry, legend
from kg.draw.marks import DISTINCT, SIZE, shape, side_by_side, whisker
from kg.draw.scale import Scale, span_text, ticks_from_zero, time_ticks
from kg.draw.svg import clean, element, number, tooltip, write
from kg.draw.theme import COLOURS, HUES, style
from kg.draw.type import shorten, text_width, wrap

HOSTILE = [
    "</svg><script>alert(1)</script>",
    "left\u202eright",
    "a\x00b\x1b[2J",
    "\ufffe \uffff",
    "\"&<>'",
    "]]>",
    "\u2066x",
]
ROOM = Box(0, 0, 400, 300)
numbers = st.floats(0, 400, allow_nan=False, width=32)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """A small box in the room."""
    x, y = draw(st.floats(0, 380)), draw(st.floats(0, 280))
    return Box(x, y, x + draw(st.floats(1, 20)), y + draw(st.floats(1, 20)))


@st.composite
def labels(draw: st.DrawFn) -> Label:
    """A label for something in the room."""
    sides = draw(st.permutations(["above", "below", "right", "left", "on"]))
    return Label(draw(st.floats(4, 90)), draw(st.floats(8, 40)), draw(boxes()), tuple(sides), draw(st.floats(0, 120)))


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_others_stay_text(text: str) -> None:
    """Whatever a text holds, it is one text of well-formed XML, without marks that turn the direction of writing."""
    drawn = str(element("g", tooltip([text, "second"]), write(text, 1, 2, class_="x"), data_of=text))
    root = ElementTree.fromstring(drawn)
    assert [each.tag for each in root] == ["title", "text"]
    assert root[0].text == f"{clean(text)}\nsecond"
    assert root[1].text == root.get("data-of") == clean(text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b\ufffe\uffff]", drawn)


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    """Cleaning twice is cleaning once."""
    assert clean(clean(text)) == clean(text)


@given(st.floats(-1e6, 1e6))
def test_numbers_are_written_plainly(value: float) -> None:
    """A coordinate has no exponent and at most two decimals, and there is no negative zero."""
    assert re.fullmatch(r"-?\d+(\.\d{1,2})?", number(value))
    assert number(value) != "-0"


def test_parts_stand_below_each_other_and_marks_on_one_line() -> None:
    """Text is written on one line with what surrounds it, so that no blanks get into it."""
    mark = element("g", element("title", "t"), element("path", d="M0 0"))
    assert str(element("svg", element("g", mark, mark))) == (
        '<svg>\n  <g>\n    <g><title>t</title><path d="M0 0"/></g>\n    <g><title>t</title><path d="M0 0"/></g>\n'
        "  </g>\n</svg>\n"
    )


@given(st.floats(0.001, 1e9), st.integers(1, 12))
def test_ticks_begin_at_zero_and_reach_the_highest(high: float, most: int) -> None:
    """Ticks are evenly spaced whole numbers from zero on; the last is the first that is not below the highest."""
    values = [tick.value for tick in ticks_from_zero(high, most)]
    assert values[0] == 0
    assert len(values) <= most + 1
    assert values[-2] < high * (1 + 1e-6)
    assert values[-1] >= min(high, values[-1] + 1) * (1 - 1e-6)
    assert all(value == int(value) for value in values)


@given(st.dates(), st.dates(), st.integers(2, 20))
def test_ticks_of_time_are_first_days_within_the_axis(one: date, other: date, most: int) -> None:
    """Ticks stand at first days of months, in order, within the axis, and no more of them than asked for."""
    low, high = sorted((one.toordinal(), other.toordinal()))
    ticks = time_ticks(low, high, most)
    assert len(ticks) <= most
    assert all(low <= tick.value <= high and date.fromordinal(int(tick.value)).day == 1 for tick in ticks)
    assert [tick.value for tick in ticks] == sorted({tick.value for tick in ticks})


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("2031-01-01", "2031-12-31", "2031"),
        ("2030-01-01", "2031-12-31", "2030–2031"),
        ("2031-02-01", "2031-02-28", "Feb 2031"),
        ("2031-02-01", "2031-04-30", "Feb–Apr 2031"),
        ("2030-12-01", "2031-01-31", "Dec 2030–Jan 2031"),
        ("2031-02-12", "2031-02-12", "12 Feb 2031"),
        ("2031-02-12", "2031-03-01", "12 Feb 2031–1 Mar 2031"),
        ("2031-02-12", "", "12 Feb 2031 or later"),
        ("", "2031-02-12", "12 Feb 2031 or earlier"),
        ("9999-01-01", "9999-12-31", "31 Dec 9999"),
        ("", "", ""),
    ],
)
def test_a_stretch_of_days_is_told_as_people_write_it(low: str, high: str, text: str) -> None:
    """A year, a month or a day is told as such, and an open side as later or earlier."""
    days = [date.fromisoformat(day).toordinal() if day else None for day in (low, high)]
    assert text in span_text(*days)


def test_a_scale_keeps_proportions() -> None:
    """Equal steps are equally long, and the ends of the scale are those of the stretch."""
    scale = Scale(0, 400, 500, 100)
    assert [scale(value) for value in (0, 100, 200, 400)] == [500, 400, 300, 100]


def test_shapes_can_be_told_apart_without_colour() -> None:
    """As many shapes as promised differ in outline or by a hole; hollow ones are outlines."""
    drawn = ["".join(map(str, shape(place, (0, 0)))) for place in range(DISTINCT)]
    assert len(set(drawn)) == DISTINCT > 20
    assert all("hollow" in "".join(map(str, shape(place, (0, 0), hollow=True))) for place in range(DISTINCT))
    assert shape(DISTINCT, (5, 5)) == shape(0, (5, 5))


def test_whiskers_end_in_caps_or_arrows() -> None:
    """A closed end has a cap across the line, an open one the head of an arrow that points outwards."""
    assert whisker((0, 0), (10, 0), cap=2) == "M0 0L10 0M0 -2L0 0L0 2M10 2L10 0L10 -2"
    assert whisker((0, 0), (10, 0), open_end=True, cap=2).endswith("M8 2L10 0L8 -2")
    assert whisker((0, 9), (0, 0), open_end=True, cap=2).endswith("M-2 2L0 0L2 2")


@given(st.lists(st.tuples(numbers, numbers), max_size=12))
def test_marks_stand_side_by_side(points: list[tuple[float, float]]) -> None:
    """Marks that would cover each other are moved apart unless they are too many; they keep their order."""
    found = side_by_side(points, 10, widest=1000)
    for i, (x, (a, b)) in enumerate(zip(found, points, strict=True)):
        for other, (c, d) in list(zip(found, points, strict=True))[i + 1 :]:
            assert abs(x - other) > 9.9 or abs(b - d) > 9.9
            if abs(b - d) < 10:
                assert (x <= other) if a <= c else (x >= other)


def test_a_mark_alone_stays_where_it_is() -> None:
    """Marks that touch no other are not moved, and a crowd is moved around its middle."""
    assert side_by_side([(10.0, 10.0), (100.0, 10.0), (100.0, 200.0)], SIZE) == [10, 100, 100]
    crowd = side_by_side([(100.0, 10.0)] * 9, 10, widest=40)
    assert sum(crowd) / 9 == pytest.approx(100)
    assert crowd[-1] - crowd[0] == pytest.approx(40)


@settings(max_examples=40)
@given(st.lists(labels(), max_size=12), st.lists(boxes(), max_size=12), st.data())
def test_labels_keep_apart(wanted: list[Label], marks: list[Box], data: st.DataObject) -> None:
    """No label overlaps another or a mark, or lies outside; one without room is left out."""
    ends = st.tuples(numbers, numbers)
    lines = data.draw(st.lists(st.tuples(st.builds(Segment, ends, ends), st.floats(0, 3)), max_size=4))
    spots = place(wanted, marks, lines, ROOM)
    assert len(spots) == len(wanted)
    found = [spot.box for spot in spots if spot]
    assert all(ROOM.holds(box) for box in found)
    assert not any(box.overlaps(mark) for box in found for mark in marks)
    assert not any(one.overlaps(other) for i, one in enumerate(found) for other in found[i + 1 :])
    assert spots == place(wanted, marks, lines, ROOM)


def test_a_label_apart_from_its_mark_is_led_back_to_it() -> None:
    """Where all near places are taken, a label stands farther off with a line to what it names."""
    mark = Box(190, 140, 200, 150)
    fence = [Box(100, 100, 290, 138), Box(100, 152, 290, 190), Box(100, 138, 188, 152), Box(202, 138, 290, 152)]
    (spot,) = place([Label(30, 10, mark)], [mark, *fence], [], ROOM)
    assert spot is not None
    assert spot.leader is not None
    assert Box(189, 139, 201, 151).holds(Box(*spot.leader.end, *spot.leader.end))


def test_a_label_stands_above_if_it_can() -> None:
    """The first side that is free is taken; a line under it makes the next one better."""
    mark = Box(190, 140, 200, 150)
    (free,) = place([Label(30, 10, mark)], [mark], [], ROOM)
    (lined,) = place([Label(30, 10, mark)], [mark], [(Segment((100, 132), (300, 132)), 1.0)], ROOM)
    assert free is not None
    assert lined is not None
    assert free.box.bottom < mark.top
    assert lined.box.top > mark.bottom


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=9))
def test_a_hull_holds_all_points(points: list[tuple[float, float]]) -> None:
    """Every corner of a hull is one of the points, and no point lies outside the box of the corners."""
    corners = hull(points)
    assert set(corners) <= set(points)
    assert min(corners) == min(points)
    assert max(corners) == max(points)


def test_segments_are_measured_within_boxes() -> None:
    """Only what runs inside a box counts, in any direction; along an edge nothing does."""
    box = Box(0, 0, 10, 10)
    assert Segment((-5, 5), (15, 5)).within(box) == pytest.approx(10)
    assert Segment((5, -5), (5, 5)).within(box) == pytest.approx(5)
    assert Segment((-5, -5), (5, 5)).within(box) == pytest.approx(50**0.5)
    assert Segment((0, 12), (10, 12)).within(box) == 0


@pytest.mark.parametrize(
    "text", ["Union for the Freedom of Prisoners", "Siyasi məhbusların siyahısı", "巴库的名单", "W" * 90, ""]
)
def test_lines_fit_their_width(text: str) -> None:
    """A wrapped text has as many lines as allowed, none wider than the width; an ellipsis tells of what is lost."""
    lines = wrap(text, 110, 12, bold=True, most=2)
    assert len(lines) <= 2
    assert all(text_width(line, 12, bold=True) <= 110 for line in lines)
    assert "…" in "".join(lines) or " ".join(lines) == text


@given(st.text(max_size=60), st.floats(20, 200))
def test_a_shortened_text_fits(text: str, width: float) -> None:
    """What is cut is no wider than asked for, and what fits stays as it is."""
    found = shorten(text, width, 10)
    assert text_width(found, 10) <= width
    assert found == text or found.endswith("…")


def test_widths_are_not_below_those_of_a_wide_font() -> None:
    """Digits and capitals take at least the room that DejaVu Sans gives them."""
    assert text_width("0123456789", 100) >= 636
    assert text_width("0123456789", 100, bold=True) >= 696
    assert text_width("MWmw", 100, bold=True) >= 100 + 110 + 104 + 92 - 20
    assert text_width("e\u0301", 100) == text_width("e", 100)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("time", [0, 1])
def test_text_and_marks_stand_out_by_day_and_by_night(time: int) -> None:
    """Every colour of text and marks has a contrast of at least 4.5 to 1 with the paper."""
    paper = _luminance(COLOURS["paper"][time])
    for pair in (COLOURS["ink"], COLOURS["quiet"], COLOURS["alert"], *HUES):
        light, dark = sorted((paper, _luminance(pair[time])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, pair[time]


def test_the_style_sheet_works_with_and_without_custom_properties() -> None:
    """Each colour is written out for readers without custom properties; the others get it by day and by night."""
    text = str(style(".ink{fill:$ink;stroke-width:2}\n.off{fill:none}"))
    plain, _, rich = text.partition("@supports")
    assert ".kg-picture .ink{fill:#16202b;stroke-width:2}" in plain
    assert "var(" not in plain
    assert ".kg-picture .ink{fill:var(--ink)}" in rich
    assert rich.index(".hue-0{") < rich.index(".off{fill:none}")
    assert "@media screen and (prefers-color-scheme:dark)" in rich
    assert "url(" not in text
    assert "http" not in text


def test_a_legend_fits_its_width() -> None:
    """Entries stand in columns of one width; where two do not fit beside each other, below each other."""
    entries = [Entry(lambda at: shape(0, at), f"entry {number}") for number in range(5)]
    wide, low = legend(entries, (0, 0), 1000)
    narrow, high = legend(entries, (0, 0), 150)
    assert (low, high) == (24, 120)
    assert "entry 4" in str(wide)
    assert "entry 4" in str(narrow)
    assert legend([], (0, 0), 100)[1] == 0

"""Cells that hold numbers, dates, spans of time, durations and addresses."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pyoxigraph as ox
import pytest
from conftest import Make
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.ontology import EDTF, NS, XSD, load
from kg.values import Bounds, CellError, Literal, literal, number_text, partial_date, shown, time_span, widen

TOLERANCES = load().tolerances

# ── Examples: a kind of literal, a cell, and its bounds or the code of its fault ──

VALID = [
    ("integer", "0", ("0", "0")),
    ("integer", "375", ("375", "375")),
    ("integer", "-9", ("-9", "-9")),
    ("integer", "6..7", ("6", "7")),
    ("integer", "-9..-3", ("-9", "-3")),
    ("decimal", "30.6", ("30.6", "30.6")),
    ("decimal", "26", ("26", "26")),
    ("decimal", "6.5..7", ("6.5", "7")),
    ("date", "2031", ("2031-01-01", "2031-12-31")),
    ("date", "2031-02", ("2031-02-01", "2031-02-28")),
    ("date", "2032-02", ("2032-02-01", "2032-02-29")),
    ("date", "2031-02-12", ("2031-02-12", "2031-02-12")),
    ("date", "2031-03/2031-06", ("2031-03-01", "2031-06-30")),
    ("date", "2031-03-05/2031", ("2031-03-05", "2031-12-31")),
    ("date", "2031-06-26/..", ("2031-06-26", "")),
    ("date", "../2031-01", ("", "2031-01-31")),
    ("duration", "P16Y", ("5840", "5856")),
    ("duration", "P1Y6M", ("533", "552")),
    ("duration", "P15D", ("15", "15")),
]

NO_BOUNDS = [
    ("boolean", "yes", "true"),
    ("boolean", "No", "false"),
    ("boolean", "true", "true"),
    ("address", "https://example.org/a?b=1#c", "https://example.org/a?b=1#c"),
    ("string", "insulting the Senate", "insulting the Senate"),
]

INVALID = [
    ("integer", "", "wrong-type"),
    ("integer", "about 30", "wrong-type"),
    ("integer", "007", "wrong-type"),
    ("integer", "+5", "wrong-type"),
    ("integer", "-0", "wrong-type"),
    ("integer", "1e3", "wrong-type"),
    ("integer", "3.5", "wrong-type"),
    ("integer", "6..", "wrong-type"),
    ("integer", "..7", "wrong-type"),
    ("integer", "6...7", "wrong-type"),
    ("integer", "6-7", "wrong-type"),
    ("integer", "٣", "wrong-type"),
    ("integer", "1" * 19, "wrong-type"),
    ("decimal", "1.", "wrong-type"),
    ("decimal", ".5", "wrong-type"),
    ("decimal", "NaN", "wrong-type"),
    ("decimal", "Infinity", "wrong-type"),
    ("date", "", "not-a-date"),
    ("date", "yesterday", "not-a-date"),
    ("date", "spring 2031", "not-a-date"),
    ("date", "2031-6", "not-a-date"),
    ("date", "20310609", "not-a-date"),
    ("date", "../..", "not-a-date"),
    ("date", "2031/", "not-a-date"),
    ("date", "/2031", "not-a-date"),
    ("date", "2031-03/2031-06/2031-09", "not-a-date"),
    ("date", "２０３１", "not-a-date"),
    ("date", "0000", "impossible-date"),
    ("date", "2031-00", "impossible-date"),
    ("date", "2031-13", "impossible-date"),
    ("date", "2031-02-29", "impossible-date"),
    ("date", "2031-06-31", "impossible-date"),
    ("date", "2031-01/2031-02-30", "impossible-date"),
    ("duration", "16 years", "wrong-type"),
    ("duration", "P", "wrong-type"),
    ("duration", "P16", "wrong-type"),
    ("duration", "P0Y", "wrong-type"),
    ("duration", "PT5H", "wrong-type"),
    ("duration", "-P5D", "wrong-type"),
    ("boolean", "maybe", "wrong-type"),
    ("address", "example.org", "wrong-type"),
    ("address", "ftp://example.org/", "wrong-type"),
    ("address", "javascript:alert(1)", "wrong-type"),
    ("address", "https://example.org/a b", "wrong-type"),
    ("address", "https://example.org/>x", "wrong-type"),
]

DAMAGED = [
    *("Jun-31", "June 2031", "Juni-31", "июн.31", "9-Jun", "9-Jun-31", "06/09/2031", "06/09", "06.09.2031", "06/2031"),
    *("48007", "48007.0", "2031/06/09", "2031/06", "2031.06.09", "2031.0", "2031-06-09 00:00:00", "2031-06-09T00:00"),
]

# A cell that is nearly right, and what the mend proposes.
NEARLY = [
    ("integer", "36,659", "36659"),
    ("integer", "-36,659", "-36659"),
    ("integer", "36.659", "36659"),
    ("integer", "36 659", "36659"),
    ("integer", "36\u00a0659", "36659"),
    ("integer", "36’659", "36659"),
    ("integer", "1,234,567", "1234567"),
    ("integer", "375.0", "375"),
    ("integer", "0041", "41"),
    ("integer", "6-7", "6..7"),
    ("integer", "6–7", "6..7"),
    ("decimal", "30,6", "30.6"),
    ("decimal", "1.10", "1.1"),
    ("decimal", "-0.0", "0"),
    ("decimal", "6.0..7.50", "6..7.5"),
    ("duration", "P18M", "P1Y6M"),
    ("duration", "P0Y3M", "P3M"),
    ("duration", "P12M", "P1Y"),
]


@pytest.mark.parametrize(("kind", "cell", "bounds"), VALID)
def test_a_valid_cell_has_its_bounds(kind: str, cell: str, bounds: tuple[str, str]) -> None:
    """A number, a date or a span is read as it is written, with the least and the greatest that it may mean."""
    value = literal(cell, (kind,))
    assert value.text == cell
    assert value.bounds is not None
    assert (value.bounds.low, value.bounds.high) == bounds


@pytest.mark.parametrize(("kind", "cell", "text"), NO_BOUNDS)
def test_a_value_that_is_not_compared_has_no_bounds(kind: str, cell: str, text: str) -> None:
    """Words, addresses, yes and no are read without bounds."""
    assert literal(cell, (kind,)) == Literal(text, literal(cell, (kind,)).datatype, None)


@pytest.mark.parametrize(("kind", "cell", "code"), INVALID)
def test_an_invalid_cell_is_refused(kind: str, cell: str, code: str) -> None:
    """What is not in canonical form is refused with the code of its fault and a mend, never guessed."""
    with pytest.raises(CellError) as caught:
        literal(cell, (kind,))
    assert caught.value.code == code
    assert caught.value.fix


@pytest.mark.parametrize("cell", DAMAGED)
def test_a_date_that_a_spreadsheet_has_rewritten_is_recognized(cell: str) -> None:
    """Each form that spreadsheets make of a date is told as damage, with how to prevent it."""
    with pytest.raises(CellError, match="spreadsheet has rewritten") as caught:
        time_span(cell)
    assert caught.value.code == "damaged-date"
    assert "as text" in caught.value.fix


@pytest.mark.parametrize(("kind", "cell", "better"), NEARLY)
def test_the_mend_says_how_to_write_it(kind: str, cell: str, better: str) -> None:
    """For a separator or a second spelling the mend gives the cell as it should be, and that is then valid."""
    with pytest.raises(CellError) as caught:
        literal(cell, (kind,))
    assert caught.value.fix == f"write {better}"
    assert literal(better, (kind,)).text == better


@pytest.mark.parametrize(
    ("cell", "datatype"),
    [
        ("2031", XSD + "gYear"),
        ("2031-06", XSD + "gYearMonth"),
        ("2031-06-09", XSD + "date"),
        ("2031/2032", EDTF),
        ("2031/..", EDTF),
    ],
)
def test_a_date_is_typed_by_how_much_of_it_is_known(cell: str, datatype: str) -> None:
    """A year, a month and a day have the XSD types of their own, a span the one of EDTF."""
    assert time_span(cell).datatype == datatype


def test_a_range_of_numbers_has_a_datatype_of_its_own() -> None:
    """A range is neither of its ends."""
    assert literal("6..7", ("integer",)).datatype == NS + "NumberRange"


def test_the_first_kind_that_fits_is_taken() -> None:
    """A property that takes durations and words reads a duration as one and the rest as words."""
    kinds = ("duration", "string")
    assert literal("P16Y", kinds).datatype == XSD + "duration"
    assert literal("life", kinds).datatype == XSD + "string"


def test_a_misspelt_duration_is_no_plain_text() -> None:
    """Where a duration might have been meant, what begins like one is not taken for words."""
    with pytest.raises(CellError) as caught:
        literal("P18M", ("duration", "string"))
    assert caught.value.fix == "write P1Y6M"
    assert literal("P. Lind's term", ("duration", "string")).datatype == XSD + "string"


def test_of_several_kinds_the_fault_of_the_first_is_told() -> None:
    """Where no kind fits, the message is about the one that was most likely meant."""
    with pytest.raises(CellError, match="is no duration"):
        literal("16 years", ("duration", "integer"))


# ── Precision ──


@pytest.mark.parametrize(
    ("cell", "precision", "bounds"),
    [
        ("300", "exact", ("300", "300")),
        ("300", "about", ("285", "315")),
        ("300", "at-least", ("300", "")),
        ("300", "more-than", ("301", "")),
        ("300", "at-most", ("", "300")),
        ("300", "less-than", ("", "299")),
        ("6..7", "about", ("5.7", "7.35")),
        ("6..7", "at-least", ("6", "")),
        ("-9", "about", ("-9.45", "-8.55")),
    ],
)
def test_a_precision_widens_the_bounds(cell: str, precision: str, bounds: tuple[str, str]) -> None:
    """About opens a number by its tolerance both ways, the other precisions open one side."""
    found = widen(literal(cell, ("integer",)), precision, TOLERANCES.get(precision, ""))
    assert found == Bounds(*bounds)


@pytest.mark.parametrize("precision", ["more-than", "less-than"])
def test_more_than_a_share_has_no_next_number(precision: str) -> None:
    """Of a number that need not be whole no next one can be written, so that the bound is the number itself."""
    found = widen(literal("30.6", ("decimal",)), precision, "")
    assert found in (Bounds("30.6", ""), Bounds("", "30.6"))


def test_at_least_a_date_is_open_behind() -> None:
    """A date may be a first or a last one."""
    found = widen(literal("2031-06", ("date",)), "at-least", "")
    assert found == Bounds("2031-06-01", "", XSD + "date")


@pytest.mark.parametrize(
    ("kind", "cell", "precision"),
    [("string", "teacher", "about"), ("boolean", "yes", "at-least"), ("date", "2031-02-12", "about")],
)
def test_a_precision_that_makes_no_sense_is_refused(kind: str, cell: str, precision: str) -> None:
    """Words cannot be meant roughly, and a date only by writing less of it."""
    with pytest.raises(CellError) as caught:
        widen(literal(cell, (kind,)), precision, TOLERANCES.get(precision, ""))
    assert caught.value.code == "precision"
    assert caught.value.fix.startswith("leave the precision empty")


# ── How cells are shown ──


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plain", "“plain”"),
        ("a\nb", "“a‹000A›b”"),
        ("left\u202eright", "“left‹202E›right”"),
        ("zero\u200bwidth", "“zero‹200B›width”"),
        (" two  blanks", "“ two ‹0020›blanks”"),
        ("\x1b[31mred", "“‹001B›[31mred”"),
        ("x" * 100, f"“{'x' * 59}…”"),
    ],
)
def test_messages_show_what_cannot_be_seen(text: str, words: str) -> None:
    """A message stays on one line, cannot disturb a terminal, and makes hidden characters plain."""
    assert shown(text) == words


def test_a_fault_names_the_column() -> None:
    """A fault can be told with the column in which it was found, code and mend unchanged."""
    error = CellError("not-a-date", "“x” is no date", "write 2031").within("said")
    assert (error.code, error.message, error.fix) == ("not-a-date", "said: “x” is no date", "write 2031")


# ── Properties ──


def read(kind: str, text: str) -> Literal | CellError:
    """A cell as it is read, or its fault."""
    try:
        return literal(text, (kind,))
    except CellError as error:
        return error


INTEGERS = st.integers(-(10**18) + 1, 10**18 - 1)
DECIMALS = st.decimals(-(10**18) + 1, 10**18 - 1, places=9)
DAYS = st.dates()
PARTIAL = st.one_of(
    DAYS.map(lambda day: f"{day.year:04d}"),
    DAYS.map(lambda day: f"{day.year:04d}-{day.month:02d}"),
    DAYS.map(date.isoformat),
)
PARTS = (st.integers(0, 9999), st.integers(0, 11), st.integers(0, 999999))
DURATIONS = (
    st.tuples(*PARTS)
    .filter(any)
    .map(lambda parts: "P" + "".join(f"{n}{letter}" for n, letter in zip(parts, "YMD", strict=True) if n))
)


def spans() -> st.SearchStrategy[str]:
    """Spans of time, the earlier date first, and open ones."""
    ordered = st.tuples(PARTIAL, PARTIAL).map(lambda two: sorted(two, key=lambda text: partial_date(text)[0]))
    closed = ordered.filter(lambda two: partial_date(two[0])[0] <= partial_date(two[1])[1]).map("/".join)
    return st.one_of(PARTIAL, closed, PARTIAL.map("{}/..".format), PARTIAL.map("../{}".format))


def ranges(numbers: st.SearchStrategy[Decimal]) -> st.SearchStrategy[str]:
    """Ranges of numbers, the lower first."""
    return st.tuples(numbers, numbers).map(lambda two: "..".join(map(number_text, sorted(two))))


CANONICAL = st.one_of(
    INTEGERS.map(lambda number: ("integer", str(number))),
    ranges(INTEGERS.map(Decimal)).map(lambda text: ("integer", text)),
    DECIMALS.map(lambda number: ("decimal", number_text(number))),
    ranges(DECIMALS).map(lambda text: ("decimal", text)),
    spans().map(lambda text: ("date", text)),
    DURATIONS.map(lambda text: ("duration", text)),
)


@given(CANONICAL)
def test_bounds_are_the_right_way_round(cell: tuple[str, str]) -> None:
    """Whatever is written in canonical form is read as it stands, and its least is not above its greatest."""
    kind, text = cell
    value = literal(text, (kind,))
    assert value.text == text
    assert value.bounds is not None
    low, high = value.bounds.low, value.bounds.high
    if low and high:
        assert low <= high if value.bounds.datatype == XSD + "date" else Decimal(low) <= Decimal(high)


@given(CANONICAL)
def test_a_store_does_not_rewrite_what_was_read(cell: tuple[str, str]) -> None:
    """The text of a literal is the one that pyoxigraph gives back, so that files and queries say the same."""
    kind, text = cell
    value, node = literal(text, (kind,)), ox.NamedNode("https://example.org/a")
    store = ox.Store()
    store.add(ox.Quad(node, node, ox.Literal(value.text, datatype=ox.NamedNode(value.datatype))))
    assert [quad.object.value for quad in store] == [text]


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No cell makes a reader fail in any other way than by telling its fault."""
    for kind in ("integer", "decimal", "date", "duration", "boolean", "address"):
        found = read(kind, text)
        if isinstance(found, CellError):
            assert found.code
            assert found.fix
            assert "\n" not in found.message
        else:
            assert found.text in (text, "true", "false")


@given(DAYS)
def test_partial_dates_round_trip(day: date) -> None:
    """A day, its month and its year are read back as the spans of days that they are."""
    assert partial_date(day.isoformat())[:2] == (day, day)
    first, last, _ = partial_date(day.isoformat()[:7])
    assert first <= day <= last
    assert first.isoformat()[:7] == last.isoformat()[:7] == day.isoformat()[:7]
    assert (last - first).days + 1 == calendar.monthrange(day.year, day.month)[1]
    first, last, _ = partial_date(day.isoformat()[:4])
    assert (first, last) == (date(day.year, 1, 1), date(day.year, 12, 31))


@given(PARTIAL, PARTIAL)
def test_a_span_reaches_from_the_first_to_the_last_day(start: str, end: str) -> None:
    """The bounds of a span are the first day of its start and the last day of its end."""
    bounds = time_span(f"{start}/{end}").bounds
    assert bounds is not None
    assert bounds.low == partial_date(start)[0].isoformat()
    assert bounds.high == partial_date(end)[1].isoformat()


@given(st.one_of(INTEGERS.map(Decimal), DECIMALS))
def test_about_widens_symmetrically(number: Decimal) -> None:
    """About reaches as far below a number as above it, by its tolerance exactly."""
    share = TOLERANCES["about"]
    value = literal(number_text(number), ("decimal",))
    bounds = widen(value, "about", share)
    assert bounds is not None
    low, high = Decimal(bounds.low), Decimal(bounds.high)
    assert number - low == high - number == abs(number) * Decimal(share)


@given(INTEGERS, st.integers(0, 10**6))
def test_more_than_a_whole_number_excludes_it(number: int, more: int) -> None:
    """More than 300 is 301 or more, and less than 300 is 299 or less."""
    value = literal(str(number), ("integer",))
    above, below = widen(value, "more-than", ""), widen(value, "less-than", "")
    assert above is not None
    assert below is not None
    assert int(below.high) < number < int(above.low) <= number + 1 + more
    assert above.high == below.low == ""


@given(INTEGERS)
def test_at_least_and_at_most_keep_the_number(number: int) -> None:
    """At least 300 and at most 300 have 300 in common."""
    value = literal(str(number), ("integer",))
    assert widen(value, "at-least", "") == Bounds(str(number), "")
    assert widen(value, "at-most", "") == Bounds("", str(number))


@given(st.integers(20_000, 60_000))
def test_day_numbers_are_taken_for_damage(number: int) -> None:
    """The number by which a spreadsheet counts a day of the years 1982 to 2036 is never taken for a year."""
    day = date(1899, 12, 30) + timedelta(days=number)
    assume(1982 < day.year < 2036)
    with pytest.raises(CellError) as caught:
        time_span(str(number))
    assert caught.value.code == "damaged-date"


@given(st.one_of(DECIMALS, INTEGERS.map(Decimal)))
def test_numbers_are_written_in_one_way(number: Decimal) -> None:
    """A number has no exponent, no idle zeros, and reads back as itself."""
    text = number_text(number)
    assert Decimal(text) == number
    assert text == literal(text, ("decimal",)).text


def test_an_address_that_is_no_iri_is_told(workspace: Make) -> None:
    """An address that RDF cannot hold is a finding of reading and no crash while writing."""
    from kg.workspace import read as read_workspace

    made = workspace({"data/organizations.csv": "id,name,url\na,A,https://ex.org/[x]\n"})
    assert [each.code for each in read_workspace(made).findings] == ["wrong-type"]

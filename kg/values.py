"""Cells that hold a number, a date, a span of time or a name of an entity: their syntax and their bounds.

Dates are partial dates of EDTF level 0 (ISO 8601-2): a year, a month or a day, two of them joined by a slash, or one
with `..` on the open side. Bounds are what shapes and queries compare: the least and the greatest that is meant.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache

import pyoxigraph as ox

from kg.ontology import EDTF, NS, XSD

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?", re.ASCII)
_DURATION = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})D)?", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_MONTH = r"(?:[^\W\d_]{3,4}[-. ]\d{2}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?[- ]\d{4})"
_SPREADSHEET = re.compile(
    rf"{_MONTH}|\d{{1,2}}[-/. ](?:\d{{1,2}}|[^\W\d_]{{3,9}}\.?)(?:[-/. ]\d{{2,4}})?|\d{{1,2}}[-/.]\d{{4}}"
    r"|\d{4}[/.]\d{1,2}(?:[/.]\d{1,2})?|[34]\d{4}(?:\.0)?|\d{4}-\d{2}-\d{2}[T ]\d.*|\d{4}\.0"
)
_GROUPED = re.compile(r"-?\d{1,3}(?:[,.\u0020\u00a0\u2009\u202f’']\d{3})+", re.ASCII)
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_SHOWN = 60
# Sums of the longest numbers a cell may hold are kept to the last digit.
_EXACTLY = Context(prec=60)


class CellError(ValueError):
    """A cell cannot be read: `code` names the kind of fault, `fix` says how to write it."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix

    def within(self, column: str) -> CellError:
        """The same fault, told with the column in which it was found."""
        return CellError(self.code, f"{column}: {self.message}", self.fix)


def shown(text: str, most: int = _SHOWN) -> str:
    """The text of a cell as messages show it: in quotes, cut short, and what cannot be seen by its number.

    >>> shown("left\\u202eright\\n"), shown("two  blanks")
    ('“left‹202E›right‹000A›”', '“two ‹0020›blanks”')
    """
    text = text if len(text) <= most else text[: most - 1] + "…"
    pairs = zip("“" + text, text, strict=False)
    hidden = (unicodedata.category(c) in _HIDDEN or (before + c).isspace() for before, c in pairs)
    return f"“{''.join(f'‹{ord(c):04X}›' if hide else c for hide, c in zip(hidden, text, strict=True))}”"


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest that is meant, as canonical text; an empty string is open.

    `datatype` is the IRI that both have: xsd:date, or xsd:decimal for numbers.
    """

    low: str
    high: str
    datatype: str = XSD + "decimal"


@dataclass(frozen=True)
class Literal:
    """A literal of the graph, with the bounds by which it is compared, if it can be."""

    text: str
    datatype: str
    bounds: Bounds | None = None


def number_text(number: Decimal) -> str:
    """A number as the graph writes it: no exponent, no trailing zeros, no negative zero.

    >>> number_text(Decimal("197.60")), number_text(Decimal("29.0"))
    ('197.6', '29')
    """
    text = format(number, "f") if number else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def partial_date(text: str) -> tuple[date, date, str]:
    """The first and the last day a partial date may mean, and its XSD datatype.

    Raises CellError `damaged-date` for what spreadsheets make of dates, `impossible-date` for a day that never was,
    `not-a-date` otherwise.

    >>> first, last, datatype = partial_date("2024-02")
    >>> str(first), str(last), datatype.rpartition("#")[2]
    ('2024-02-01', '2024-02-29', 'gYearMonth')
    """
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise _no_date(text)
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        if match[3]:
            return date(year, month, day), date(year, month, day), XSD + "date"
        if match[2]:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1]), XSD + "gYearMonth"
        return date(year, 1, 1), date(year, 12, 31), XSD + "gYear"
    except ValueError as error:
        message = f"there is no {text} in the calendar"
        raise CellError("impossible-date", message, "look the date up in the source") from error


def _no_date(text: str) -> CellError:
    if _SPREADSHEET.fullmatch(text):
        fix = "write it as 2025, 2025-06 or 2025-06-09, in a column that the spreadsheet holds as text"
        return CellError("damaged-date", f"{shown(text)} looks like a date that a spreadsheet has rewritten", fix)
    fix = "write 2025, 2025-06 or 2025-06-09, an open time 2024-06-26/.., or a span 2024-03/2024-06"
    return CellError("not-a-date", f"{shown(text)} is no date", fix)


@lru_cache(maxsize=4096)
def time_span(text: str) -> Literal:
    """A partial date or a span of two, as a literal with its first and last day.

    >>> time_span("2024-03/..").bounds
    Bounds(low='2024-03-01', high='', datatype='http://www.w3.org/2001/XMLSchema#date')
    """
    start, slash, end = text.partition("/")
    if not (slash and start and end) or start == end == ".." or _SPREADSHEET.fullmatch(text):
        first, last, datatype = partial_date(text)
        return Literal(text, datatype, Bounds(first.isoformat(), last.isoformat(), XSD + "date"))
    low = "" if start == ".." else partial_date(start)[0].isoformat()
    high = "" if end == ".." else partial_date(end)[1].isoformat()
    return Literal(text, EDTF, Bounds(low, high, XSD + "date"))


def _number(text: str, datatype: str) -> Literal:
    pattern = _INTEGER if datatype == XSD + "integer" else _DECIMAL
    low, dots, high = text.partition("..")
    parts = (low, high) if dots else (text,)
    if not all(pattern.fullmatch(part) for part in parts):
        raise _no_number(text, datatype)
    canonical = tuple(number_text(Decimal(part)) for part in parts)
    _shortest(text, dots.join(canonical))
    return Literal(text, NS + "NumberRange" if dots else datatype, Bounds(canonical[0], canonical[-1]))


def _shortest(text: str, canonical: str) -> None:
    """Refuse a second spelling of a value: ids are made of the text of cells, and stores rewrite it."""
    if text != canonical:
        raise CellError("wrong-type", f"{shown(text)} is a longer way to write {canonical}", f"write {canonical}")


def _no_number(text: str, datatype: str) -> CellError:
    whole = datatype == XSD + "integer"
    what = "whole number" if whole else "number"
    meant = f"a {what} such as 357, or a range such as 6..7"
    if _GROUPED.fullmatch(text):
        meant = re.sub(r"[^-0-9]", "", text)
    elif match := re.fullmatch(r"([0-9]+)[-–]([0-9]+)", text):
        meant = f"{match[1]}..{match[2]}"
    elif re.fullmatch(r"0+[1-9][0-9]*", text):
        meant = text.lstrip("0")
    elif re.fullmatch(r"-?[0-9]+\.0+" if whole else r"-?[0-9]+,[0-9]+", text):
        meant = text.partition(".")[0] if whole else text.replace(",", ".")
    return CellError("wrong-type", f"{shown(text)} is no {what}", f"write {meant}")


def _duration(text: str) -> Literal:
    match = _DURATION.fullmatch(text)
    years, months, days = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    if not (years or months or days):
        raise CellError("wrong-type", f"{shown(text)} is no duration", "write P16Y, P1Y6M or P15D")
    parts = ((years + months // 12, "Y"), (months % 12, "M"), (days, "D"))
    _shortest(text, "P" + "".join(f"{number}{letter}" for number, letter in parts if number))
    low, high = years * 365 + months * 28 + days, years * 366 + months * 31 + days
    return Literal(text, XSD + "duration", Bounds(str(low), str(high)))


def _boolean(text: str) -> Literal:
    words = {"yes": "true", "true": "true", "no": "false", "false": "false"}
    if text.lower() not in words:
        raise CellError("wrong-type", f"{shown(text)} is neither yes nor no", "write yes or no")
    return Literal(words[text.lower()], XSD + "boolean")


def is_address(text: str) -> bool:
    """Whether a text is a web address that can be an IRI.

    >>> is_address("https://example.org/a?b=c"), is_address("https://example.org/[a]")
    (True, False)
    """
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return bool(_ADDRESS.fullmatch(text))


def _address(text: str) -> Literal:
    if not is_address(text):
        raise CellError(
            "wrong-type", f"{shown(text)} is no web address", "write it out from https:// on, without blanks"
        )
    return Literal(text, XSD + "anyURI")


_READERS: dict[str, Callable[[str], Literal]] = {
    "integer": lambda text: _number(text, XSD + "integer"),
    "decimal": lambda text: _number(text, XSD + "decimal"),
    "date": time_span,
    "duration": _duration,
    "boolean": _boolean,
    "address": _address,
    "string": lambda text: Literal(text, XSD + "string"),
}


def literal(text: str, kinds: tuple[str, ...]) -> Literal:
    """Read a cell as the first of the literal kinds that fits it.

    Raises the CellError of the first kind if none fits. What begins like a duration is no plain text where it might
    have been one.

    >>> literal("life imprisonment", ("duration", "string")).datatype.rpartition("#")[2]
    'string'
    """
    first: CellError | None = None
    for kind in kinds:
        if first and kind == "string" and re.match(r"P[0-9]", text):
            break
        try:
            return _READERS[kind](text)
        except CellError as error:
            first = first or error
    assert first is not None, "a property takes a literal or an entity"  # noqa: S101
    raise first


def widen(value: Literal, precision: str, tolerance: str) -> Bounds | None:
    """The bounds of a value that is meant with a precision other than exact.

    `tolerance` is the share by which a precision such as *about* widens a number both ways. Raises CellError
    `precision` where it makes no sense.

    >>> widen(literal("208", ("integer",)), "about", "0.05")
    Bounds(low='197.6', high='218.4', datatype='http://www.w3.org/2001/XMLSchema#decimal')
    >>> widen(literal("300", ("integer",)), "more-than", "").low
    '301'
    """
    bounds = value.bounds
    if precision == "exact":
        return bounds
    if bounds is None:
        raise CellError(
            "precision", f"{shown(value.text)} cannot have the precision {precision}", "leave the precision empty"
        )
    if tolerance:
        return _around(value, bounds, precision, Decimal(tolerance))
    step = _step(value, precision)
    if precision in ("at-least", "more-than"):
        return Bounds(_moved(bounds.low, step), "", bounds.datatype)
    return Bounds("", _moved(bounds.high, -step), bounds.datatype)


def _around(value: Literal, bounds: Bounds, precision: str, share: Decimal) -> Bounds:
    if bounds.datatype == XSD + "date":
        fix = "leave the precision empty and write less of the date (2025-02), or a span"
        raise CellError("precision", f"the date {shown(value.text)} cannot have the precision {precision}", fix)
    low, high = Decimal(bounds.low), Decimal(bounds.high)
    low = _EXACTLY.subtract(low, _EXACTLY.multiply(abs(low), share))
    high = _EXACTLY.add(high, _EXACTLY.multiply(abs(high), share))
    return Bounds(number_text(low), number_text(high))


def _step(value: Literal, precision: str) -> int:
    """By how much *more than* lies above its number: 1 for whole numbers, nothing that can be written for others."""
    strict = precision in ("more-than", "less-than")
    return int(strict and value.datatype == XSD + "integer")


def _moved(bound: str, step: int) -> str:
    return number_text(Decimal(bound) + step) if step else bound

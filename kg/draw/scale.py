"""Scales: from numbers and days to coordinates, and where their ticks stand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_LAST_DAY = date.max.toordinal()


@dataclass(frozen=True)
class Scale:
    """Maps numbers (or days, as ordinals) onto a stretch of coordinates, in proportion.

    >>> Scale(0, 400, 500, 100)(300)
    200.0
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The coordinate of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True)
class Tick:
    """A place on an axis: its value and its text."""

    value: float
    text: str


def ticks_from_zero(high: float, most: int) -> list[Tick]:
    """Ticks at round numbers from zero to the first that is not less than `high`; at most `most` steps.

    >>> [tick.text for tick in ticks_from_zero(375, 5)]
    ['0', '100', '200', '300', '400']
    """
    high = max(high, 1)
    rough = high / max(most, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * (1 - 1e-9))
    step = max(step, 1)
    return [Tick(place * step, _round(place * step)) for place in range(math.ceil(high / step - 1e-9) + 1)]


def _round(value: float) -> str:
    unit, sign = next((each for each in _UNITS if value >= each[0]), (1.0, ""))
    return f"{value:.0e}" if value >= 1e15 else f"{value / unit:,.10g}{sign}"


def day_text(day: int) -> str:
    """A day, given by its ordinal, as people write it.

    >>> day_text(date(2025, 2, 12).toordinal())
    '12 Feb 2025'
    """
    found = date.fromordinal(day)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def span_text(low: int | None, high: int | None) -> str:
    """A stretch of days as people write it: a year, a month or a day where it is one.

    >>> span_text(date(2024, 3, 1).toordinal(), date(2024, 3, 31).toordinal())
    'Mar 2024'
    >>> span_text(date(2024, 3, 1).toordinal(), None)
    '1 Mar 2024 or later'
    """
    if low is None or high is None:
        if low is None:
            return f"{day_text(high)} or earlier" if high is not None else ""
        return f"{day_text(low)} or later"
    first, after = date.fromordinal(low), date.fromordinal(min(high + 1, _LAST_DAY))
    if (first.month, first.day, after.month, after.day) == (1, 1, 1, 1):
        years = f"{first.year}–{after.year - 1}"
        return str(first.year) if after.year == first.year + 1 else years
    if first.day == after.day == 1:
        last = date.fromordinal(high)
        month = f"{MONTHS[last.month - 1]} {last.year}"
        return month if (first.year, first.month) == (last.year, last.month) else f"{_month(first, last)}–{month}"
    return day_text(low) if low == high else f"{day_text(low)}–{day_text(high)}"


def _month(first: date, last: date) -> str:
    year = "" if first.year == last.year else f" {first.year}"
    return f"{MONTHS[first.month - 1]}{year}"


def time_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Ticks of an axis of time between two days: at months, quarters or years, at most `most` of them.

    Where there are ticks within a year, the first and those that open a year carry it.

    >>> [tick.text for tick in time_ticks(date(2023, 9, 20).toordinal(), date(2024, 8, 1).toordinal(), 8)]
    ['Oct 2023', 'Jan 2024', 'Apr', 'Jul']
    """
    first, last = date.fromordinal(max(1, math.ceil(low))), date.fromordinal(min(_LAST_DAY, math.floor(high)))
    months = [12 * size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)]
    for step in (1, 3, 6, *months):
        found = list(islice(_steps(first, last, step), most + 1))
        if len(found) <= most:
            return found
    return found[:most]


def _steps(first: date, last: date, step: int) -> Iterator[Tick]:
    """Ticks every `step` months, counted from the year 0."""
    place = -(-(first.year * 12 + first.month - 1 + (first.day > 1)) // step) * step
    begins = True
    while place // 12 <= last.year and place // 12 <= date.max.year:
        day = date(max(place // 12, 1), place % 12 + 1, 1)
        if day > last:
            return
        name = MONTHS[day.month - 1]
        text = str(day.year) if step >= 12 else f"{name} {day.year}" if day.month == 1 or begins else name
        begins = False
        yield Tick(day.toordinal(), text)
        place += step

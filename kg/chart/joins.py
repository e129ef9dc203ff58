"""Which editions of a series the chart joins by a line, and whether by a solid one.

The order of two editions is known where claims say that one follows the other; else where their dates, or the dates of
their table, do not overlap. Only an edition and the next after it are joined. The line is solid where a source compares
the two, or where both totals are told, at most a year apart, and no other edition can lie between; never where one
denies that they follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.chart.editions import Edition, Join, Span
from kg.ledger.walk import reached

_YEAR = 366
Pair = tuple[str, str]


def joins(
    editions: Sequence[Edition], tables: Mapping[str, Span], follows: Iterable[Pair], apart: Iterable[Pair]
) -> tuple[Join, ...]:
    """What is joined of a series.

    `editions` are all that stand somewhere in time, also those without a total; `tables` gives what the edition of a
    table means in time; `follows` are later and earlier lists that are compared, by their ids, `apart` those of which a
    source denies that one follows the other.
    """
    order = _Order(editions, tables, set(follows), set(apart))
    return tuple(Join(editions[one], editions[other], told) for one, other, told in order.joined())


class _Order:
    """The order of editions as far as it is known; sets of editions are bits of a number."""

    def __init__(
        self, editions: Sequence[Edition], tables: Mapping[str, Span], follows: set[Pair], apart: set[Pair]
    ) -> None:
        self._editions = editions
        self._compared, self._denied = follows, apart
        behind = _behind(follows)
        told = [_told(edition) for edition in editions]
        written = [_around([tables[edition.id]]) if edition.id in tables else None for edition in editions]
        self.after = [0] * len(editions)
        self.before = [0] * len(editions)
        for one, first in enumerate(editions):
            for other in range(one + 1, len(editions)):
                second = editions[other]
                claimed = second.id in behind.get(first.id, ()), first.id in behind.get(second.id, ())
                sign = claimed[0] - claimed[1]
                if not any(claimed):
                    sign = _sign(told[one], told[other]) or _sign(written[one], written[other])
                if sign:
                    earlier, later = (one, other) if sign < 0 else (other, one)
                    self.after[earlier] |= 1 << later
                    self.before[later] |= 1 << earlier

    def joined(self) -> Iterator[tuple[int, int, bool]]:
        """Each drawn edition with the drawn ones that are next after it."""
        drawn = sum(1 << place for place, edition in enumerate(self._editions) if edition.readings())
        for place in _bits(drawn):
            later = self.after[place] & drawn
            beyond = 0
            for each in _bits(later):
                beyond |= self.after[each]
            yield from ((place, each, self._solid(place, each)) for each in _bits(later & ~beyond))

    def _solid(self, one: int, other: int) -> bool:
        first, second = self._editions[one], self._editions[other]
        pair = second.id, first.id
        if pair in self._denied or pair in self._compared:
            return pair in self._compared
        either = 1 << one | 1 << other
        between = (1 << len(self._editions)) - 1 & ~(either | self.before[one] | self.after[other])
        return not between and first.told and second.told and _apart(first, second) <= _YEAR


def _behind(follows: set[Pair]) -> dict[str, set[str]]:
    """All lists before each, as far as claims lead."""
    steps: dict[str, set[str]] = {}
    for later, earlier in follows:
        steps.setdefault(later, set()).add(earlier)
    return {key: reached(key, steps) for key in steps}


def _told(edition: Edition) -> Span:
    return _around([place.span for place in edition.open_places])


def _around(spans: Sequence[Span]) -> Span:
    """The least stretch of days that holds some."""
    lows, highs = [span.low for span in spans], [span.high for span in spans]
    low = None if None in lows else min(day for day in lows if day is not None)
    high = None if None in highs else max(day for day in highs if day is not None)
    return Span(low, high)


def _sign(one: Span | None, other: Span | None) -> int:
    """-1 where the first is certainly earlier, 1 where it is later, 0 where that is not known."""
    if one is None or other is None or one.overlaps(other):
        return 0
    return -1 if one.middle < other.middle else 1


def _apart(one: Edition, other: Edition) -> float:
    """How many days lie between where they stand, at the most."""
    return max(abs(a.span.middle - b.span.middle) for a in one.open_places for b in other.open_places)


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest

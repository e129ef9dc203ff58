"""How days become places on an axis: in proportion, as far as what stands there has room."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from math import fsum

from kg.draw.marks import rising


@dataclass(frozen=True)
class Timeline:
    """A scale of days that never falls: straight between its `days`, which stand at `places`.

    Before the first and after the last it goes on at the pace of the whole.

    >>> line = Timeline((10, 20, 40), (0.0, 100.0, 140.0))
    >>> line(15), line(30), line(46)
    (50.0, 120.0, 168.0)
    """

    days: tuple[float, ...]
    places: tuple[float, ...]

    def __call__(self, day: float) -> float:
        """Where a day lies."""
        if not self.days[0] <= day <= self.days[-1]:
            end = 0 if day < self.days[0] else -1
            return self.places[end] + (day - self.days[end]) * self._pace
        after = min(max(bisect_right(self.days, day), 1), len(self.days) - 1)
        before = max(after - 1, 0)
        if after == before:
            return self.places[after]
        share = (day - self.days[before]) / (self.days[after] - self.days[before])
        return self.places[before] + share * (self.places[after] - self.places[before])

    @property
    def _pace(self) -> float:
        span = self.days[-1] - self.days[0]
        return (self.places[-1] - self.places[0]) / span if span else 0.0


def timeline(days: Sequence[float], places: Sequence[float]) -> Timeline:
    """The scale on which some days stand at some places; one on which several stand lies in their middle."""
    together = [
        (day, [place for _, place in each])
        for day, each in groupby(sorted(zip(days, places, strict=True)), key=lambda pair: pair[0])
    ]
    return Timeline(tuple(day for day, _ in together), tuple(fsum(each) / len(each) for _, each in together))


def stand(days: Sequence[float], halves: Sequence[float], width: float, air: float) -> list[float]:
    """Where bodies stand for their days, given half of what each takes along the axis, from zero on.

    They stand in proportion over a width, or as near to that as they can with so much air between them; if there is
    not enough room, the width is exceeded. Those of one day stand in the order in which they are given.

    >>> stand([0, 90, 100], [5, 5, 5], 200, 10)
    [0.0, 180.0, 200.0]
    """
    order = sorted(range(len(days)), key=lambda number: (days[number], number))
    gaps = [0.0, *(halves[one] + halves[other] + air for one, other in pairwise(order))]
    least = list(accumulate(gaps))
    width = max(width, least[-1])
    first, span = days[order[0]], days[order[-1]] - days[order[0]]
    wanted = [
        width * ((days[each] - first) / span if span else 0.5) - by for each, by in zip(order, least, strict=True)
    ]
    room = width - least[-1]
    places = [0.0] * len(days)
    for number, rest, by in zip(order, rising(wanted), least, strict=True):
        places[number] = min(max(rest, 0.0), room) + by
    return places

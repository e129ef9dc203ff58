"""How the chart of lists is divided: which series share a panel, on which scales, and where each panel stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.chart.editions import Lists, Series
from kg.chart.panel import Panel
from kg.draw.geometry import Box
from kg.draw.scale import Scale, Tick, ticks_from_zero

WIDTH, LEFT, RIGHT = 1100.0, 64.0, 28.0
_NAMES = 190.0  # room at the right for the names of series
_WIDE = 300.0  # how wide a name may be where a panel has no such room
_TOGETHER = 3  # so many series share one panel; more have one each
_TALL = 380.0  # height of the one panel
_ALL = 760.0  # height of all panels together, but for the room that low ones are given
_TALLEST, _LOWEST = 200.0, 64.0  # heights of panels
_READABLE = 18.0  # how high the highest mark of a panel stands at least, for a scale to be shared
_ABOVE = 32.0  # room above the highest value for its label
_HEAD, _BELOW = 18.0, 14.0  # room above a panel for its name, and below it

Numbered = tuple[int, Series]


@dataclass(frozen=True)
class Strip:
    """A panel with the ticks of its numbers and the name over it, with the number of its colour if it has one."""

    panel: Panel
    ticks: Sequence[Tick]
    name: str = ""
    colour: int | None = None


@dataclass(frozen=True)
class Layout:
    """The panels from top to bottom, on one scale of time; `one_scale` says whether they share that of numbers too."""

    x: Scale
    strips: tuple[Strip, ...]
    one_scale: bool
    bottom: float


def arranged(lists: Lists, top: float) -> Layout:
    """The layout of all series below a line: a few in one panel, else one each, those of one edition together."""
    numbered = list(enumerate(lists.series))
    if not numbered:
        return Layout(Scale(0, 1, LEFT, WIDTH - RIGHT), (), True, top + _HEAD)
    alone = len(numbered) <= _TOGETHER
    x = time_scale(lists, LEFT, WIDTH - (_NAMES if alone else RIGHT))
    shapes = {source.id: (place, source) for place, source in enumerate(lists.sources)}
    groups = [numbered] if alone else _shared(numbered)
    strips = []
    one_scale, scales, ticks = _heights([max(series.highest for _, series in members) for members in groups])
    for members, scale, marked in zip(groups, scales, ticks, strict=True):
        start = top + _ABOVE + (0 if alone else _HEAD)
        y = Scale(0, scale.high, start + scale.end, start)
        room = Box(LEFT, start - _ABOVE + 2, WIDTH - 8 if alone else x.end, y.start - 1)
        names = _NAMES - 25 if alone else _WIDE if len(members) > 1 else 0
        panel = Panel(members, shapes, x, y, room, names)
        strips.append(Strip(panel, marked, *(("", None) if alone else _named(members))))
        top = y.start + (0 if alone else _BELOW)
    return Layout(x, tuple(strips), one_scale, top)


def _shared(numbered: Sequence[Numbered]) -> list[list[Numbered]]:
    """Series that have one edition share a panel, where the first of them would have its own."""
    single = [each for each in numbered if each[1].key and len(each[1].editions) == 1]
    groups = []
    for each in numbered:
        if each not in single:
            groups.append([each])
        elif each == single[0]:
            groups.append(single)
    return groups


def _named(members: Sequence[Numbered]) -> tuple[str, int | None]:
    if len(members) > 1:
        return "Series of one edition", None
    return members[0][1].name, members[0][0]


def time_scale(lists: Lists, left: float, right: float) -> Scale:
    """The scale of time on which all that is drawn has room."""
    spans = [total.place.span for series in lists.series for total in series.totals]
    spans += [where.span for series in lists.series for edition in series.editions for where in edition.places]
    days = [day for span in spans for day in (span.low, span.high) if day is not None]
    first, last = min(days), max(days)
    margin = max(15.0, (last - first) * 0.035)
    return Scale(first - margin, last + margin, left, right)


def _heights(highest: Sequence[float]) -> tuple[bool, list[Scale], list[list[Tick]]]:
    """Whether panels share one scale; for each its scale, upwards from 0, and its ticks.

    Panels share a scale if on it the lowest can still be read; low ones are given more room above, not another scale.
    """
    if len(highest) == 1:
        ticks = ticks_from_zero(highest[0], 5)
        return True, [Scale(0, ticks[-1].value, 0, _TALL)], [ticks]
    each = min(_ALL / max(sum(highest), 1), _TALLEST / max(*highest, 1))
    if min(highest) * each < _READABLE:
        own = [ticks_from_zero(high, 3) for high in highest]
        return False, [Scale(0, marked[-1].value, 0, _LOWEST * 1.4) for marked in own], own
    tall = [max(_LOWEST, high * each) for high in highest]
    every = ticks_from_zero(max(highest), max(1, int(max(tall) / 30)))
    scales = [Scale(0, height / each, 0, height) for height in tall]
    return True, scales, [list(within(every, scale.high)) for scale in scales]


def within(ticks: Sequence[Tick], high: float) -> Iterator[Tick]:
    """The ticks that lie on a scale that ends at a number."""
    yield from (tick for tick in ticks if tick.value <= high)

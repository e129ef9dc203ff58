"""The axis of time on which lists stand: a band, and notches at months or years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kg.diagram.layout import Arrangement, Timeline
from kg.diagram.types import TYPES
from kg.draw.geometry import Box, Point, Segment
from kg.draw.scale import Tick, time_ticks
from kg.draw.svg import Element, element, path, write
from kg.draw.theme import hue
from kg.draw.type import text_width

RULES = """
.axis .band{fill:none;stroke-width:5;stroke-opacity:0.28;stroke-linecap:round}
.axis .notch{fill:none;stroke-width:1.6}
.axis text{font-size:10px;fill:$quiet;text-anchor:middle}
.axis text{stroke:$paper;stroke-width:3;stroke-linejoin:round;paint-order:stroke}"""
_TYPE = 10.0
_DROP = 14.0  # of the text below the band
_BEYOND = 26.0  # how far the band goes on behind the first and the last list
_MOST = 8


@dataclass(frozen=True)
class Notch:
    """A day on the axis: where it is, and what it is called."""

    at: Point
    text: str

    @property
    def box(self) -> Box:
        """The room that its text takes."""
        (x, y), half = self.at, text_width(self.text, _TYPE) / 2
        return Box(x - half, y + _DROP - _TYPE, x + half, y + _DROP + 2)


@dataclass(frozen=True)
class Axis:
    """The axis from its first point to its last, with the notches between the lists that stand on it."""

    start: Point
    end: Point
    notches: tuple[Notch, ...]

    @property
    def line(self) -> Segment:
        """The band as a line."""
        return Segment(self.start, self.end)

    def draw(self) -> Iterator[Element]:
        """The band, its notches and their texts."""
        colour = hue(TYPES["list"].colour)
        yield element("path", class_=f"band {colour}", d=path([self.start, self.end]))
        for notch in self.notches:
            x, y = notch.at
            yield element("path", class_=f"notch {colour}", d=path([(x, y - 4), (x, y + 4)]))
            yield write(notch.text, x, y + _DROP)


def axis(found: Arrangement, marks: Sequence[Box]) -> Axis | None:
    """The axis of an arrangement, if bodies stand on one, with the notches that no mark covers."""
    if found.axis is None or found.timeline is None:
        return None
    y, line = found.axis, found.timeline
    ends = (line.places[0] - _BEYOND, y), (line.places[-1] + _BEYOND, y)
    ticks = time_ticks(line.days[0], line.days[-1], _MOST) if line.days[0] < line.days[-1] else []
    return Axis(*ends, tuple(_notches(ticks, line, y, marks)))


def _notches(ticks: Iterable[Tick], line: Timeline, y: float, marks: Sequence[Box]) -> Iterator[Notch]:
    """The notches that no mark covers, the first of each year with that year."""
    seen: list[Box] = list(marks)
    years: set[int] = set()
    for tick in ticks:
        day = date.fromordinal(round(tick.value))
        text = tick.text if day.year in years or str(day.year) in tick.text else f"{tick.text} {day.year}"
        notch = Notch((round(line(tick.value), 2), y), text)
        if not any(notch.box.grown(3).overlaps(box) for box in seen):
            yield notch
            seen.append(notch.box)
            years.add(day.year)

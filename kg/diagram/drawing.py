"""A diagram before it is written: where each mark, line and label stands, so that nothing covers what it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import sqrt

from kg.diagram.axis import Axis, axis
from kg.diagram.figures import Figure, figures
from kg.diagram.layout import Arrangement, Body, arrange
from kg.diagram.part import Part
from kg.diagram.routes import Obstacles, Route, route
from kg.diagram.strands import Strand, strands
from kg.draw.geometry import Box, Point, Segment
from kg.draw.labels import Label, Spot, place
from kg.draw.type import text_width

TOLD = 9.0  # size of the type on edges
_AIR = 18.0  # around everything
_ROUNDS = 2
_ON_THE_AXIS = 4.0  # how much worse a label stands on the axis than on an edge
_REACH = 90.0  # how far from its mark a label may stand
_APART = 9.0  # how far from other marks it would rather stand
_SIDES = ("below", "above", "right", "left")
_TEXT_AT = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73)  # shares of the way at which the text of an edge may stand
_DATED = ("lists", "all")  # the projections whose lists stand on an axis of time


@dataclass(frozen=True)
class Told:
    """The text of a strand where it stands: the middle of it, and by how much it is turned, as a step along the way."""

    at: Point
    along: Point


@dataclass(frozen=True)
class Drawing:
    """A part of a network with a place for everything; lists hold one for each figure or strand, in their order."""

    part: Part
    figures: tuple[Figure, ...]
    strands: tuple[Strand, ...]
    arrangement: Arrangement
    axis: Axis | None
    labels: tuple[Spot | None, ...]
    routes: tuple[Route, ...]

    @property
    def bounds(self) -> Box:
        """All of it."""
        return Box(0, 0, self.arrangement.width, self.arrangement.height)

    @property
    def points(self) -> tuple[Point, ...]:
        """The middles of the marks."""
        return self.arrangement.points

    @cached_property
    def marks(self) -> tuple[Box, ...]:
        """The room that the marks take."""
        return tuple(figure.box(at) for figure, at in zip(self.figures, self.points, strict=True))

    @cached_property
    def signed(self) -> tuple[Box, ...]:
        """The room that the signs on marks take."""
        return tuple(box for figure, at in zip(self.figures, self.points, strict=True) for box in figure.signs(at))

    @property
    def unlabelled(self) -> int:
        """How many names found no room."""
        return sum(spot is None for spot in self.labels)

    @cached_property
    def texts(self) -> tuple[Told | None, ...]:
        """Where the relation of each strand is written, if it fits."""
        taken = [*(mark.grown(3) for mark in self.marks), *(spot.box for spot in self.labels if spot), *self.signed]
        taken += [notch.box for notch in self.axis.notches] if self.axis else []
        found = []
        for strand, way in zip(self.strands, self.routes, strict=True):
            spot = _written(strand, way, taken)
            taken += _covered(spot, text_width(strand.text, TOLD)) if spot else []
            found.append(spot)
        return tuple(found)

    @cached_property
    def signs(self) -> tuple[Point | None, ...]:
        """Where the sign of each contested strand stands: at its middle, or beside its text."""
        return tuple(
            way.at(0.5 if told is None else 0.2) if strand.contested else None
            for strand, way, told in zip(self.strands, self.routes, self.texts, strict=True)
        )


def drawing(part: Part) -> Drawing:
    """Lay out a part of a network: the same for the same part."""
    shown = figures(part.network, part.hidden)
    joined = strands(part.network, shown)
    dated = part.network.name in _DATED or sum(figure.type.key == "list" for figure in shown) > len(shown) / 2
    bodies = [Body(*figure.half, *figure.size, _day(figure) if dated else None) for figure in shown]
    found = arrange(bodies, [(strand.source, strand.target) for strand in joined])
    marks = [figure.box(at) for figure, at in zip(shown, found.points, strict=True)]
    bounds = Box(0, 0, found.width, found.height)
    straight = [(Segment(found.points[each.source], found.points[each.target]), 1.0) for each in joined]
    signed = [box for figure, at in zip(shown, found.points, strict=True) for box in figure.signs(at)]
    time = axis(found, marks)
    spots: list[Spot | None] = [None] * len(shown)
    ways: list[Route] = []
    for _ in range(_ROUNDS):
        lines = [(piece, 1.0) for way in ways for piece in way.segments] or straight
        spots = _labelled(shown, marks, signed, lines, bounds, time)
        obstacles = Obstacles(marks, [spot.box if spot else None for spot in spots], bounds)
        ways = [
            route(
                (each.source, each.target), (found.points[each.source], found.points[each.target]), each.lane, obstacles
            )
            for each in joined
        ]
    return Drawing(part, shown, joined, found, time, tuple(spots), tuple(ways))


def _day(figure: Figure) -> float | None:
    """The day of a list on the axis of time, in the middle of those on which it may have been issued."""
    node = figure.node
    days = [date.fromisoformat(day).toordinal() for day in (node.since, node.until) if day]
    return sum(days) / len(days) if node.kind == "list" and days else None


def _labelled(
    shown: Sequence[Figure],
    marks: Sequence[Box],
    signed: Sequence[Box],
    lines: Sequence[tuple[Segment, float]],
    bounds: Box,
    time: Axis | None,
) -> list[Spot | None]:
    """A spot for the label of each figure; those with the most edges choose first."""
    kept_off = [*marks, *signed, *(notch.box for notch in time.notches)] if time else [*marks, *signed]
    lines = [*lines, (time.line, _ON_THE_AXIS)] if time else lines
    order = sorted(range(len(shown)), key=lambda number: (-shown[number].radius, number))
    wanted = [Label(*shown[number].size, marks[number], _SIDES, _REACH, _APART) for number in order]
    spots: list[Spot | None] = [None] * len(shown)
    for number, spot in zip(order, place(wanted, kept_off, lines, bounds), strict=True):
        spots[number] = spot
    return spots


def _written(strand: Strand, way: Route, taken: Sequence[Box]) -> Told | None:
    """Where the text of a strand fits on its way, beside nothing else."""
    width = text_width(strand.text, TOLD)
    if way.length < width + 22:
        return None
    for share in _TEXT_AT:
        if min(share, 1 - share) * way.length < width / 2 + 9:
            continue
        (x, y), (u, v) = way.at(share - 0.04), way.at(share + 0.04)
        length = sqrt((u - x) ** 2 + (v - y) ** 2) or 1.0
        along = ((u - x) / length, (v - y) / length)
        spot = Told(way.at(share), along if along[0] >= 0 else (-along[0], -along[1]))
        if not any(box.overlaps(other) for box in _covered(spot, width) for other in taken):
            return spot
    return None


def _covered(spot: Told, width: float) -> list[Box]:
    """The room that a turned text takes, as small boxes along it."""
    count = max(2, round(width / 7))
    half = TOLD / 2
    return [Box(x - half, y - half, x + half, y + half) for x, y in _along(spot, width, count)]


def _along(spot: Told, width: float, count: int) -> Iterator[Point]:
    (x, y), (dx, dy) = spot.at, spot.along
    for step in range(count + 1):
        off = width * (step / count - 0.5)
        yield x + off * dx, y + off * dy

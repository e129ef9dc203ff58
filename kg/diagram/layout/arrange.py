"""The layout of a diagram: few crossings, no overlaps, days on an axis; the same for the same input everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kg.diagram.layout.component import is_line, lay, line
from kg.diagram.layout.pack import Shape, pack, rows
from kg.diagram.layout.scene import Floats, Rooms, snapped
from kg.diagram.layout.start import Task
from kg.diagram.layout.ties import Ties
from kg.diagram.layout.timeline import Timeline, stand, timeline
from kg.draw.geometry import Box, Point, Segment

_FILL = 0.27  # the share of a layout that rooms take
_IN_ROWS = 1.7  # how much more than their rooms components in rows take
_AIR = 8.0  # around rooms, when their areas are summed
_ON_AXIS, _BETWEEN, _ENDS = 0.86, 10.0, 160.0  # the axis as a share of the width, air on it, and beyond both its ends
_LOWEST = 240.0  # the least height of what has an axis
_MARGIN, _BELOW = 20.0, 30.0  # around all, and above rows


@dataclass(frozen=True)
class Body:
    """A node as the layout sees it, with the room that it takes.

    `across` and `down` are half the width and half the height of its mark, `width` and `height` those of the label
    below it. `day` is the ordinal of a day for one that stands on the axis of time.
    """

    across: float
    down: float
    width: float
    height: float
    day: float | None = None


@dataclass(frozen=True)
class Arrangement:
    """Where bodies stand: the middle of each mark, on a grid of eighths, within a width and a height.

    `axis` is the height at which those with a day stand, and `timeline` tells where other days lie on it.
    """

    points: tuple[Point, ...]
    width: float
    height: float
    axis: float | None = None
    timeline: Timeline | None = None


def arrange(bodies: Sequence[Body], ties: Iterable[Sequence[int]], *, shape: float = 1.5) -> Arrangement:
    """Lay out bodies that are tied, as pairs of their numbers, in a picture about `shape` times as wide as high.

    No mark or label below it overlaps another; few ties cross, and hardly any need not where no axis is in the way.
    Parallel ties are one, and what leads back to its node is none.

    >>> found = arrange([Body(6, 6, 80, 14), Body(6, 6, 60, 14)], [(0, 1)])
    >>> found.points, found.width, found.height
    (((60.0, 26.0), (144.0, 26.0)), 194.0, 69.0)
    """
    if not bodies:
        return Arrangement((), 0.0, 0.0)
    plan = _Plan.of(bodies, Ties.among(len(bodies), ties), shape)
    x, y = np.zeros(len(bodies)), np.zeros(len(bodies))
    _lay_out(plan, x, y)
    _add_rows(plan, x, y)
    whole = Box.around(plan.box(node, x, y) for node in range(len(bodies)))
    _move(range(len(bodies)), (_MARGIN - whole.left, _MARGIN - whole.top), x, y)
    points = tuple(zip(x.tolist(), y.tolist(), strict=True))
    dated = {node: day for node, day in enumerate(plan.days) if day is not None}
    return Arrangement(
        points,
        whole.width + 2 * _MARGIN,
        whole.height + 2 * _MARGIN,
        points[min(dated)][1] if dated else None,
        timeline(list(dated.values()), [points[node][0] for node in dated]) if dated else None,
    )


@dataclass(frozen=True)
class _Plan:
    """What is to be laid out: components, those with an axis and large ones first, and short paths apart."""

    ties: Ties
    rooms: Rooms
    days: tuple[float | None, ...]
    shape: float
    large: tuple[tuple[int, ...], ...]
    lines: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, bodies: Sequence[Body], ties: Ties, shape: float) -> _Plan:
        """The plan for some bodies; those with a day belong together."""
        rooms = Rooms(
            np.array([body.across for body in bodies], dtype=np.float64),
            np.array([body.down for body in bodies], dtype=np.float64),
            np.array([body.width / 2 for body in bodies], dtype=np.float64),
            np.array([body.height for body in bodies], dtype=np.float64),
        )
        days = tuple(body.day for body in bodies)
        dated = [node for node, day in enumerate(days) if day is not None]
        linked = Ties.among(ties.size, [*ties.pairs, *pairwise(dated)])
        parts = sorted(linked.parts(), key=lambda part: (not set(dated) & set(part), -len(part), part))
        lines = tuple(part for part in parts if not set(dated) & set(part) and is_line(ties.of(part)))
        return cls(ties, rooms, days, shape, tuple(part for part in parts if part not in lines), lines)

    def room(self, nodes: Iterable[int]) -> float:
        """The area that rooms take."""
        areas = (2 * self.rooms.half + _AIR) * (self.rooms.height + _AIR)
        return sum(round(float(areas[node])) for node in nodes)

    @property
    def area(self) -> float:
        """What all components but short paths should take."""
        return self.room(node for part in self.large for node in part) / _FILL

    @property
    def width(self) -> float:
        """How wide the whole should be."""
        lines = self.room(node for part in self.lines for node in part) * _IN_ROWS
        return float(np.sqrt((self.area + lines) * self.shape))

    def box(self, node: int, x: Floats, y: Floats) -> Box:
        """The room of a node."""
        half, rooms = float(self.rooms.half[node]), self.rooms
        middle, height = float(x[node]), float(y[node])
        top, bottom = height - float(rooms.down[node]), height + float(rooms.low[node])
        return Box(middle - half, top, middle + half, bottom)

    def shapes(self, part: tuple[int, ...], x: Floats, y: Floats) -> Shape:
        """What a component covers, with its axis."""
        at = {node: (float(x[node]), float(y[node])) for node in part}
        lines = [Segment(at[one], at[other]) for one, other in self.ties.pairs if one in at]
        dated = sorted(at[node] for node in part if self.days[node] is not None)
        lines += [Segment(dated[0], dated[-1])] if dated else []
        return Shape(tuple(self.box(node, x, y) for node in part), tuple(lines))

    def task(self, part: tuple[int, ...]) -> Task:
        """The task of laying out a component: as wide as the whole if it has an axis, else as wide as its share is."""
        area = self.room(part) / _FILL
        ties, rooms = self.ties.of(part), self.rooms.of(part)
        dated = [(place, day) for place, node in enumerate(part) if (day := self.days[node]) is not None]
        places: list[float | None] = [None] * len(part)
        if not dated:
            return Task(ties, rooms, tuple(places), area, self.width * float(np.sqrt(area / self.area)))
        halves = [float(rooms.half[place]) for place, _ in dated]
        found = stand([day for _, day in dated], halves, self.width * _ON_AXIS, _BETWEEN)
        for (place, _), at in zip(dated, found, strict=True):
            places[place] = float(snapped(np.array(at - max(found) / 2)))
        width = max(self.width, max(found) + _ENDS)
        return Task(ties, rooms, tuple(places), max(area, width * _LOWEST), width)


def _lay_out(plan: _Plan, x: Floats, y: Floats) -> None:
    """Place the nodes of all components but short paths."""
    shapes = []
    for part in plan.large:
        scene = lay(plan.task(part))
        x[list(part)], y[list(part)] = scene.x, scene.y
        shapes.append(plan.shapes(part, x, y))
    for part, move in zip(plan.large, pack(shapes, plan.shape), strict=True):
        _move(part, move, x, y)


def _add_rows(plan: _Plan, x: Floats, y: Floats) -> None:
    """Place short paths in rows below all else."""
    placed = [plan.box(node, x, y) for part in plan.large for node in part]
    above = Box.around(placed) if placed else Box(0, -_BELOW, plan.width, -_BELOW)
    for part in plan.lines:
        x[list(part)] = line(plan.ties.of(part), plan.rooms.of(part))
    shapes = [plan.shapes(part, x, y) for part in plan.lines]
    moves = rows(shapes, above.left, above.bottom + _BELOW, max(above.width, plan.width))
    for part, move in zip(plan.lines, moves, strict=True):
        _move(part, move, x, y)


def _move(nodes: Iterable[int], by: Point, x: Floats, y: Floats) -> None:
    """Move some nodes alike, along the grid."""
    at = list(nodes)
    x[at] += snapped(np.array(by[0]))
    y[at] += snapped(np.array(by[1]))

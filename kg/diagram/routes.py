"""Routes of edges: straight where nothing is in the way, else bent around what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import sqrt

from kg.draw.geometry import Box, Point, Segment

_STEPS = 12  # straight pieces by which a bend is looked at
_BENDS = (0.0, 0.05, -0.05, 0.1, -0.1, 0.16, -0.16, 0.23, -0.23, 0.31, -0.31)  # shares of the length
_LANE = 20.0  # between two strands of the same ends, in the middle
_OUTSIDE = 100.0  # cost of a way out of bounds
_MARK, _LABEL, _BEND = 40.0, 12.0, 26.0  # cost of a foreign mark or label on the way, and of a bend as long as the way
_AIR = 2.0


@dataclass(frozen=True)
class Route:
    """A bend with one control point, from the edge of one mark to that of another."""

    start: Point
    control: Point
    end: Point

    def at(self, share: float) -> Point:
        """The point at a share of the way."""
        rest = 1 - share
        a, b, c = rest * rest, 2 * rest * share, share * share
        return (
            a * self.start[0] + b * self.control[0] + c * self.end[0],
            a * self.start[1] + b * self.control[1] + c * self.end[1],
        )

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The route as straight pieces; one alone where it is straight."""
        middle = (self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2
        if _far(middle, self.control) < 0.5:
            return (Segment(self.start, self.end),)
        points = [self.at(step / _STEPS) for step in range(_STEPS + 1)]
        return tuple(Segment(one, other) for one, other in pairwise(points))

    @cached_property
    def length(self) -> float:
        """How long it is."""
        return sum(_far(each.start, each.end) for each in self.segments)

    @cached_property
    def around(self) -> Box:
        """The least box that holds it."""
        points = [point for each in self.segments for point in (each.start, each.end)]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return Box(min(xs), min(ys), max(xs), max(ys))

    @cached_property
    def _reach(self) -> Box:
        """The box that holds it, even where it is flat."""
        return self.around.grown(0.01)

    def runs_through(self, box: Box) -> bool:
        """Whether it runs through a box."""
        return self._reach.overlaps(box) and any(each.within(box) > 0 for each in self.segments)


@dataclass(frozen=True)
class Obstacles:
    """What routes keep off: marks and labels, by the places of their nodes, and what lies out of bounds."""

    marks: Sequence[Box]
    labels: Sequence[Box | None]
    bounds: Box

    def cost(self, route: Route, source: int, target: int) -> float:
        """What foreign marks and labels on the way cost, and a way out of bounds."""
        found = 0.0 if self.bounds.holds(route.around) else _OUTSIDE
        for weight, boxes in ((_MARK, self._kept_off), (_LABEL, self.labels)):
            for place, box in enumerate(boxes):
                if box is not None and place != source and place != target and route.runs_through(box):
                    found += weight
        return found

    @cached_property
    def _kept_off(self) -> list[Box]:
        """The marks with some air around them."""
        return [mark.grown(_AIR) for mark in self.marks]


def route(ends: tuple[int, int], points: tuple[Point, Point], lane: float, obstacles: Obstacles) -> Route:
    """The cheapest route between two nodes, by their places and middles, on a lane; of equal ones the straightest."""
    found = list(routes(ends, points, lane, obstacles))
    straight = found[0][1]
    if obstacles.cost(straight, *ends) == 0:
        return straight
    return min(found, key=lambda each: each[0] + obstacles.cost(each[1], *ends))[1]


def routes(
    ends: tuple[int, int], points: tuple[Point, Point], lane: float, obstacles: Obstacles
) -> Iterator[tuple[float, Route]]:
    """The routes that an edge may take, the straightest first, with what their bends cost."""
    (x, y), (u, v) = points
    length = max(_far(*points), 1e-6)
    across = ((y - v) / length, (u - x) / length)
    side = 1 if ends[0] < ends[1] else -1
    for bend in _BENDS:
        off = lane * _LANE * side + bend * length
        # The middle of a bend lies half as far out as its control point.
        control = (x + u) / 2 + 2 * off * across[0], (y + v) / 2 + 2 * off * across[1]
        start = _leaving(obstacles.marks[ends[0]], points[0], control)
        end = _leaving(obstacles.marks[ends[1]], points[1], control)
        yield abs(bend) * _BEND, Route(start, control, end)


def _leaving(mark: Box, middle: Point, towards: Point) -> Point:
    """Where a line from the middle of a mark leaves the ellipse or the plate around it."""
    (x, y), (u, v) = middle, towards
    dx, dy = u - x, v - y
    across, down = mark.width / 2 + _AIR, mark.height / 2 + _AIR
    if mark.width > 1.7 * mark.height:
        shares = [half / abs(step) for half, step in ((across, dx), (down, dy)) if step]
        share = min(shares, default=0.0)
    else:
        reach = sqrt((dx / across) ** 2 + (dy / down) ** 2)
        share = 1 / reach if reach else 0.0
    share = min(share, 0.5)
    return round(x + dx * share, 2), round(y + dy * share, 2)


def _far(one: Point, other: Point) -> float:
    dx, dy = one[0] - other[0], one[1] - other[1]
    return sqrt(dx * dx + dy * dy)

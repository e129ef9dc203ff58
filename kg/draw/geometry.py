"""Boxes, segments and hulls: what labels keep apart from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, order=True)
class Box:
    """A rectangle along the axes; `bottom` is greater than `top`, as on a screen."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """The least box that holds some boxes."""
        sides = list(boxes)
        return cls(
            min(each.left for each in sides),
            min(each.top for each in sides),
            max(each.right for each in sides),
            max(each.bottom for each in sides),
        )

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> Box:
        """The box with a margin on each side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes share more than an edge.

        >>> Box(0, 0, 2, 2).overlaps(Box(2, 0, 3, 2)), Box(0, 0, 2, 2).overlaps(Box(1, 1, 3, 3))
        (False, True)
        """
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: Box) -> bool:
        """Whether another box lies within this one."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def nearest(self, point: Point) -> Point:
        """The point of the box that is nearest to another."""
        return min(max(point[0], self.left), self.right), min(max(point[1], self.top), self.bottom)


@dataclass(frozen=True)
class Segment:
    """A straight line between two points."""

    start: Point
    end: Point

    def within(self, box: Box) -> float:
        """How long it runs within a box.

        >>> Segment((0, 1), (10, 1)).within(Box(2, 0, 5, 2))
        3.0
        """
        (x, y), (u, v) = self.start, self.end
        if max(x, u) < box.left or min(x, u) > box.right or max(y, v) < box.top or min(y, v) > box.bottom:
            return 0.0
        dx, dy = u - x, v - y
        enter, leave = 0.0, 1.0
        for step, low, high in ((dx, box.left - x, box.right - x), (dy, box.top - y, box.bottom - y)):
            if step == 0:
                if not low < 0 < high:
                    return 0.0
                continue
            near, far = sorted((low / step, high / step))
            enter, leave = max(enter, near), min(leave, far)
        return max(0.0, leave - enter) * math.hypot(dx, dy)


def hull(points: Iterable[Point]) -> list[Point]:
    """The corners of the least convex shape around points, the leftmost first.

    >>> hull([(0, 0), (2, 0), (1, 1), (2, 2), (0, 2)])
    [(0, 0), (2, 0), (2, 2), (0, 2)]
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return _side(ordered)[:-1] + _side(ordered[::-1])[:-1]


def _side(ordered: list[Point]) -> list[Point]:
    corners: list[Point] = []
    for point in ordered:
        while len(corners) > 1 and _turn(corners[-2], corners[-1], point) <= 0:
            corners.pop()
        corners.append(point)
    return corners


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

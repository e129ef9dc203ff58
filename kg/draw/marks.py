"""Marks: shapes that can be told apart without colour, whiskers, and where marks stand that would cover each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from kg.draw.geometry import Point
from kg.draw.svg import Element, element, path

SIZE = 11.0  # the height of a mark; shapes are drawn to look equally large


def _regular(corners: int, radius: float, turn: float = -0.25) -> list[Point]:
    angles = [(turn + place / corners) * 2 * math.pi for place in range(corners)]
    return [(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]


def _star(points: int, outer: float, inner: float) -> list[Point]:
    both = zip(_regular(points, outer), _regular(points, inner, -0.25 + 0.5 / points), strict=True)
    return [corner for pair in both for corner in pair]


def _cross(arm: float, half: float, turn: float = 0) -> list[Point]:
    quarter = [(half, -half), (arm, -half), (arm, half)]
    corners = [
        (x * math.cos(a) - y * math.sin(a), x * math.sin(a) + y * math.cos(a)) for a in _QUARTERS for x, y in quarter
    ]
    return [(x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)) for x, y in corners]


_QUARTERS = (0, math.pi / 2, math.pi, 3 * math.pi / 2)

# Corners around the middle; the circle is drawn as one.
_SHAPES: tuple[tuple[Point, ...], ...] = tuple(
    tuple(corners)
    for corners in (
        (),
        [(-5, -5), (5, -5), (5, 5), (-5, 5)],
        [(0, -6.8), (6.8, 0), (0, 6.8), (-6.8, 0)],
        [(0, -6.4), (6.5, 5), (-6.5, 5)],
        [(0, 6.4), (6.5, -5), (-6.5, -5)],
        _regular(6, 6.3, 0),
        _star(5, 7.4, 3.2),
        _cross(6, 2.3),
        _cross(6.4, 2.2, math.pi / 4),
        [(-3, -6.6), (3, -6.6), (3, 6.6), (-3, 6.6)],
        [(-6.8, -3), (6.8, -3), (6.8, 3), (-6.8, 3)],
        [(-6, -5.6), (6, 5.6), (6, -5.6), (-6, 5.6)],
    )
)
DISTINCT = 2 * len(_SHAPES)


def shape(place: int, at: Point, *, hollow: bool = False) -> tuple[Element, ...]:
    """The shape with a number, around a point; the second dozen are those of the first with a hole.

    A hollow one is drawn as an outline. Shapes begin again behind `DISTINCT`.
    """
    kind, holed = _SHAPES[place % len(_SHAPES)], place // len(_SHAPES) % 2 == 1
    x, y = at
    look = "hollow" if hollow else "solid"
    if kind:
        drawn = element("path", class_=look, d=path(((x + dx, y + dy) for dx, dy in kind), closed=True))
    else:
        drawn = element("circle", class_=look, cx=x, cy=y, r=5.5)
    return (drawn, element("circle", class_="hole", cx=x, cy=y, r=1.9)) if holed else (drawn,)


def whisker(start: Point, end: Point, *, open_start: bool = False, open_end: bool = False, cap: float = 4) -> str:
    """The `d` of a line along one axis with a cap at each end, or an arrow head where it is open."""
    parts = [path([start, end])]
    along = (_sign(end[0] - start[0]), _sign(end[1] - start[1]))
    for (x, y), is_open, out in ((start, open_start, -1), (end, open_end, 1)):
        dx, dy = along[0] * out, along[1] * out
        side = (dy * cap, dx * cap)
        back = (dx * cap, dy * cap) if is_open else (0.0, 0.0)
        corners = [
            (x - back[0] + side[0], y - back[1] + side[1]),
            (x, y),
            (x - back[0] - side[0], y - back[1] - side[1]),
        ]
        parts.append(path(corners))
    return "".join(parts)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def side_by_side(points: Sequence[Point], size: float = SIZE + 2, widest: float = 5 * SIZE) -> list[float]:
    """The x of each mark, so that marks which would cover each other stand side by side around their own middle.

    Heights are never changed. Marks keep their order from left to right, and the order of `points` where they stand on
    the same x. Where more of them come together than fit into `widest`, or into the room they take anyway, they
    overlap in part.

    >>> side_by_side([(100.0, 50.0), (100.0, 51.0), (300.0, 50.0)], 12)
    [94.0, 106.0, 300.0]
    """
    crowds: list[tuple[int, ...]] = [
        (place,) for place in sorted(range(len(points)), key=lambda place: (points[place][0], place))
    ]
    while True:
        xs = {place: x for crowd in crowds for place, x in _apart(crowd, points, size, widest)}
        joined = _joined(crowds, xs, points, size)
        if len(joined) == len(crowds):
            return [round(xs[place], 3) for place in range(len(points))]
        crowds = joined


def _apart(crowd: tuple[int, ...], points: Sequence[Point], size: float, widest: float) -> Iterator[tuple[int, float]]:
    """The x of each mark of a crowd, at least a step from the one before, as near as can be to its own."""
    gaps = max(len(crowd) - 1, 1)
    room = max(widest, points[crowd[-1]][0] - points[crowd[0]][0])
    step = min(size, room / gaps)
    free = rising(points[place][0] - number * step for number, place in enumerate(crowd))
    for number, (place, x) in enumerate(zip(crowd, free, strict=True)):
        yield place, x + number * step


def _joined(
    crowds: list[tuple[int, ...]], xs: dict[int, float], points: Sequence[Point], size: float
) -> list[tuple[int, ...]]:
    """The crowds, with those whose marks collide made one."""
    home = {place: number for number, crowd in enumerate(crowds) for place in crowd}
    root = list(range(len(crowds)))
    order = sorted(xs, key=lambda place: (xs[place], place))
    for number, one in enumerate(order):
        for other in order[number + 1 :]:
            if xs[other] - xs[one] >= size - 1e-6:
                break
            if abs(points[one][1] - points[other][1]) < size - 1e-6:
                low, high = sorted((_root(root, home[one]), _root(root, home[other])))
                root[high] = low
    members: dict[int, list[int]] = {}
    for number, crowd in enumerate(crowds):
        members.setdefault(_root(root, number), []).extend(crowd)
    return [tuple(sorted(each, key=lambda place: (points[place][0], place))) for each in members.values()]


def _root(root: list[int], number: int) -> int:
    while root[number] != number:
        number = root[number]
    return number


def rising(values: Iterable[float]) -> list[float]:
    """The numbers nearest to others, in squares, that never fall.

    >>> rising([1.0, 3.0, 2.0])
    [1.0, 2.5, 2.5]
    """
    blocks: list[tuple[float, int]] = []
    for value in values:
        blocks.append((value, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, m), (b, n) = blocks[-2:]
            blocks[-2:] = [((a * m + b * n) / (m + n), m + n)]
    return [value for value, size in blocks for _ in range(size)]

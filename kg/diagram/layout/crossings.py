"""Where ties cross: exactly for any points, and quickly for many on a grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from kg.diagram.layout.ties import Ties
from kg.draw.geometry import Point

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Lines = tuple[Floats, Floats, Floats, Floats]
_AT_ONCE = 1 << 15  # pairs of ties that are looked at in one step
_EXACT = float(1 << 24)  # whole numbers up to here are crossed without rounding


def crossings(points: Sequence[Point], ties: Iterable[Sequence[int]]) -> int:
    """How many pairs of ties, drawn straight between points, meet without sharing an end.

    Parallel ties are one, and what leads back to its node is none. It is exact: the points are taken as they are, to
    the last bit.

    >>> crossings([(0, 0), (2, 2), (0, 2), (2, 0)], [(0, 1), (2, 3)])
    1
    """
    joined = Ties.among(len(points), ties)
    scale = _scale(points)
    if scale is None:
        return _slowly([(Fraction(x), Fraction(y)) for x, y in points], joined)
    x, y = (np.array([float(point[axis] * scale) for point in points], dtype=np.float64) for axis in (0, 1))
    return int(crossed(x, y, joined).sum()) // 2


def _scale(points: Sequence[Point]) -> int | None:
    """By which power of two the points must be multiplied to be whole, if they are small enough then."""
    for power in range(0, 12, 3):
        scale = 1 << power
        if all(float(each * scale).is_integer() and abs(each * scale) < _EXACT for point in points for each in point):
            return scale
    return None


def _slowly(points: Sequence[tuple[Fraction, Fraction]], ties: Ties) -> int:
    lines = [(points[one], points[other]) for one, other in ties.pairs]
    return sum(
        not {*pair} & {*ties.pairs[later]} and _touch(lines[number], lines[later])
        for number, pair in enumerate(ties.pairs)
        for later in range(number + 1, len(lines))
    )


_Exact = tuple[Fraction, Fraction]


def _touch(one: tuple[_Exact, _Exact], other: tuple[_Exact, _Exact]) -> bool:
    """Whether two lines have a point in common."""
    for axis in (0, 1):
        if max(one, key=lambda end: end[axis])[axis] < min(other, key=lambda end: end[axis])[axis]:
            return False
        if max(other, key=lambda end: end[axis])[axis] < min(one, key=lambda end: end[axis])[axis]:
            return False
    return _parts(*one, *other) and _parts(*other, *one)


def _parts(a: _Exact, b: _Exact, c: _Exact, d: _Exact) -> bool:
    """Whether the line through two points does not have two others on one side."""
    sides = [(b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) for p in (c, d)]
    return sides[0] * sides[1] <= 0


def crossed(x: Floats, y: Floats, ties: Ties) -> Whole:
    """By how many others each tie is crossed, for points on a grid of whole numbers or of eighths."""
    pairs = np.array(ties.pairs, dtype=np.int64).reshape(-1, 2)
    one, other = pairs[:, 0], pairs[:, 1]
    lines = (x[one], y[one], x[other], y[other])
    found = np.zeros(len(pairs), dtype=np.int64)
    rows = max(_AT_ONCE // max(len(pairs), 1), 1)
    for first in range(0, len(pairs), rows):
        some = slice(first, first + rows)
        a, b = one[some, None], other[some, None]
        apart = (one != a) & (one != b) & (other != a) & (other != b)
        ax, ay, bx, by = (each[some, None] for each in lines)
        found[some] = np.count_nonzero(meet((ax, ay, bx, by), lines, apart), axis=1)
    return found


def meet(one: Lines, other: Lines, apart: Flags) -> Flags:
    """Whether lines have a point in common with others, each given by the coordinates of its ends.

    Only those count that are `apart`, for lines that share an end always meet. The shapes of the arrays must broadcast.
    It is exact for whole numbers below 2**24, and for such parts of two.
    """
    (ax, ay, bx, by), (cx, cy, dx, dy) = one, other
    ex, ey, fx, fy = bx - ax, by - ay, dx - cx, dy - cy
    gx, gy = cx - ax, cy - ay
    first, third = ex * gy, fy * gx
    first -= ey * gx
    third -= fx * gy
    # The sides of the other two ends follow from how the lines turn towards each other.
    turn = ex * fy - ey * fx
    sides = first * (first + turn)
    turn -= third
    third *= turn  # the product of the two sides, with its sign turned
    found: Flags = sides <= 0
    found &= third >= 0
    found &= apart
    if found.any():
        flat = found & (sides == 0) & (third == 0)
        if flat.any():
            found &= ~(flat & _disjoint(one, other))
    return found


def _disjoint(one: Lines, other: Lines) -> Flags:
    """Whether the boxes around lines have no point in common."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = one, other
    across = (np.maximum(ax, bx) < np.minimum(cx, dx)) | (np.maximum(cx, dx) < np.minimum(ax, bx))
    down = (np.maximum(ay, by) < np.minimum(cy, dy)) | (np.maximum(cy, dy) < np.minimum(ay, by))
    return np.asarray(across | down)

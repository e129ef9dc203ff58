"""How components share a picture: the largest first, others in the room that it leaves, the least in rows below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from kg.draw.geometry import Box, Point, Segment

Flags = npt.NDArray[np.bool_]
_CELL = 12.0  # of the grid on which components are moved
_AROUND = 10.0  # the least air around rooms, on each side
_STEP = 10.0  # by which rows are made narrower to be even
_BETWEEN, _BELOW = 34.0, 26.0  # air between components in a row, and below rows


@dataclass(frozen=True)
class Shape:
    """What a component covers: the rooms of its nodes, and lines."""

    rooms: tuple[Box, ...]
    lines: tuple[Segment, ...] = ()

    @property
    def box(self) -> Box:
        """The least box around its rooms."""
        return Box.around(self.rooms)

    def cells(self) -> Flags:
        """The cells that it covers, and those that it encloses, with the corner of its box in the first."""
        box = self.box.grown(_AROUND)
        found = np.zeros((_count(box.height), _count(box.width)), dtype=np.bool_)
        for room in self.rooms:
            side = room.grown(_AROUND)
            top, left = int((side.top - box.top) // _CELL), int((side.left - box.left) // _CELL)
            found[top : _count(side.bottom - box.top), left : _count(side.right - box.left)] = True
        for line in self.lines:
            _trace(found, line, (box.left, box.top))
        return _filled(found)


def _count(length: float) -> int:
    return int(-(-length // _CELL))


def _trace(cells: Flags, line: Segment, corner: Point) -> None:
    """Mark the cells along a line."""
    (x, y), (u, v) = line.start, line.end
    steps = max(int(max(abs(u - x), abs(v - y)) / _CELL * 2), 1)
    for step in range(steps + 1):
        across, down = x + (u - x) * step / steps - corner[0], y + (v - y) * step / steps - corner[1]
        cells[int(down // _CELL), int(across // _CELL)] = True


def _filled(cells: Flags) -> Flags:
    """The cells with those that have some of them on all four sides."""
    across = np.logical_or.accumulate(cells, 1) & np.logical_or.accumulate(cells[:, ::-1], 1)[:, ::-1]
    down = np.logical_or.accumulate(cells, 0) & np.logical_or.accumulate(cells[::-1], 0)[::-1]
    return np.asarray(cells | (across & down))


def pack(shapes: Sequence[Shape], shape: float) -> list[Point]:
    """By how much to move each component so that none cover each other, and all together are of a shape.

    The first stays about where it is; each of the others takes the place that makes the whole grow least, and of such
    places the lowest, then the leftmost.
    """
    moves: list[Point] = []
    taken = np.zeros((0, 0), dtype=np.bool_)
    corner = (0.0, 0.0)
    for each in shapes:
        cells, box = each.cells(), each.box.grown(_AROUND)
        if not moves:
            taken, corner = cells, (box.left, box.top)
            moves.append((0.0, 0.0))
            continue
        row, column = _best(taken, cells, shape)
        x, y = corner[0] + column * _CELL, corner[1] + row * _CELL
        moves.append((x - box.left, y - box.top))
        taken, corner = _joined(taken, cells, row, column), (min(corner[0], x), min(corner[1], y))
    return moves


def _best(taken: Flags, cells: Flags, shape: float) -> tuple[int, int]:
    """The row and the column of the best free place for the first of some cells."""
    (height, width), (tall, wide) = taken.shape, cells.shape
    ground = np.pad(taken, ((tall, tall), (wide, wide)))
    blocked = np.zeros((height + tall + 1, width + wide + 1), dtype=np.bool_)
    for row, column in np.argwhere(cells).tolist():
        blocked |= ground[row : row + height + tall + 1, column : column + width + wide + 1]
    rows, columns = np.nonzero(~blocked)
    rows, columns = rows - tall, columns - wide
    high = np.maximum(rows + tall, height) - np.minimum(rows, 0)
    broad = np.maximum(columns + wide, width) - np.minimum(columns, 0)
    order = np.lexsort((columns, -rows, high * broad, np.maximum(broad, high * shape)))
    return int(rows[order[0]]), int(columns[order[0]])


def _joined(taken: Flags, cells: Flags, row: int, column: int) -> Flags:
    (height, width), (tall, wide) = taken.shape, cells.shape
    top, left = max(-row, 0), max(-column, 0)
    found = np.zeros((max(height, row + tall) + top, max(width, column + wide) + left), dtype=np.bool_)
    found[top : top + height, left : left + width] = taken
    found[top + row : top + row + tall, left + column : left + column + wide] |= cells
    return found


def rows(shapes: Iterable[Shape], left: float, top: float, width: float) -> list[Point]:
    """By how much to move components so that they stand in rows below a line, each from left to right.

    The middles of marks, at height zero, stand on one line in each row; rows are as even as can be.
    """
    waiting = [(each.box, place) for place, each in enumerate(shapes)]
    lines = _lines([box.width for box, _ in waiting], width)
    moves: list[Point] = []
    for line in lines:
        row, waiting = waiting[:line], waiting[line:]
        room = fsum(box.width for box, _ in row)
        between = min(max((width - room) / max(len(row) - 1, 1), _BETWEEN), 3 * _BETWEEN)
        base = top - min(box.top for box, _ in row)
        x = left
        for box, _ in row:
            moves.append((x - box.left, base))
            x += box.width + between
        top = base + max(box.bottom for box, _ in row) + _BELOW
    return moves


def _lines(widths: Sequence[float], width: float) -> list[int]:
    """How many things stand in each row: as few rows as can be, and then as even ones.

    >>> _lines([100] * 9, 600)
    [3, 3, 3]
    """
    found = _filled_lines(widths, width)
    while width > _STEP and len(narrower := _filled_lines(widths, width - _STEP)) == len(found):
        found, width = narrower, width - _STEP
    return found


def _filled_lines(widths: Sequence[float], width: float) -> list[int]:
    """How many things stand in each row, the first ones filled."""
    found: list[int] = []
    used = 0.0
    for each in widths:
        if found and used + _BETWEEN + each <= width:
            found[-1] += 1
            used += _BETWEEN + each
        else:
            found.append(1)
            used = each
    return found

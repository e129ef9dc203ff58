"""What a layout is made of while it is sought: the room of each node, where it stands, and what is tried next."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kg.diagram.layout.crossings import Lines, crossed
from kg.diagram.layout.ties import Ties
from kg.draw.geometry import Box

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
UNDER = 3.0  # between a mark and the label below it
STRETCH = 1.4  # how much wider than high a layout is drawn, for labels are wide
_GRID = 8.0  # places in a unit
_TIED = 4.0  # how much more a wrong distance counts between neighbours
_TOUCH = 8.0  # around rooms
_OVERHEAD = 12_000  # work of a trial beside its arithmetic, in steps


def snapped(values: Floats) -> Floats:
    """Coordinates on a grid of eighths, on which crossings are exact and traces of rounding are lost."""
    return np.rint(values * _GRID) / _GRID


@dataclass(frozen=True)
class Rooms:
    """The room of nodes: half the width and height of each mark, half the width of the label below it, its height."""

    across: Floats
    down: Floats
    label: Floats
    tall: Floats

    @cached_property
    def half(self) -> Floats:
        """Half of the width that a mark and its label take."""
        return np.maximum(self.across, self.label)

    @cached_property
    def low(self) -> Floats:
        """How far below the middle of a mark its label ends."""
        return self.down + UNDER + self.tall

    @cached_property
    def height(self) -> Floats:
        """The height that a mark and its label take."""
        return self.down + self.low

    @cached_property
    def sunk(self) -> Floats:
        """How far the middle of the room lies below that of the mark."""
        return (self.low - self.down) / 2

    def of(self, nodes: Sequence[int]) -> Rooms:
        """The rooms of some nodes."""
        at = list(nodes)
        return Rooms(self.across[at], self.down[at], self.label[at], self.tall[at])


@dataclass(frozen=True)
class Group:
    """Nodes that move together, and what it takes to judge their places.

    `ones` and `others` are the ends of the ties that move with them, `rest` the numbers of the other ties. `apart`
    tells which of these two kinds share no end, `within` which of the first kind do not; `foreign` for ties that move
    and all nodes, `clear` for the nodes and the rest, whether a node is no end of a tie. `corners` are triples of a
    node and two neighbours whose angle changes; `around` are all nodes at ties that move, `strangers` all that stay.
    """

    nodes: Whole
    ones: Whole
    others: Whole
    rest: Whole
    apart: Flags
    within: Flags
    foreign: Flags
    clear: Flags
    corners: Whole
    around: Whole
    strangers: Whole


class Scene:
    """Where the nodes of a connected part stand, in units of the picture, with the axis, if there is one, at zero.

    `held` nodes do not move. `far` is how far nodes should be apart, once differences of places are multiplied by
    `scale`. The `frame` is where the layout should stay; the `band` is what the axis takes above and below it.
    """

    def __init__(self, ties: Ties, rooms: Rooms, held: Flags, far: Floats, scale: tuple[float, float]) -> None:
        self.ties, self.rooms, self.held, self.far, self.scale = ties, rooms, held, far, scale
        pairs = np.array(ties.pairs, dtype=np.int64).reshape(-1, 2)
        self.ones, self.others = pairs[:, 0], pairs[:, 1]
        self.x = self.y = np.zeros(ties.size)
        self.frame = Box(0, 0, 0, 0)
        self.band: tuple[float, float] | None = None
        self.hubs = np.array([len(near) > 2 for near in ties.neighbours], dtype=np.bool_)
        self.work = 0
        self.pull = _pulls(far, self.ones, self.others)
        self._groups: dict[tuple[int, ...], Group] = {}

    def anew(self, x: Floats, y: Floats) -> Scene:
        """Another scene of the same nodes in other places."""
        found = Scene(self.ties, self.rooms, self.held, self.far, self.scale)
        found.x, found.y, found.frame, found.band = snapped(x), snapped(y), self.frame, self.band
        return found

    @cached_property
    def reach(self) -> float:
        """How far around a tie there may be nodes whose rooms it touches."""
        return max(float(self.rooms.half.max()), float(self.rooms.low.max())) + _TOUCH

    @cached_property
    def branches(self) -> tuple[int | None, ...]:
        """At which node each node of a tree hangs."""
        return self.ties.branches(frozenset(np.flatnonzero(self.held).tolist()))

    @cached_property
    def parts(self) -> list[tuple[int | None, tuple[int, ...]]]:
        """The parts that may be turned, the largest first, each with the node at which it hangs.

        That is none for what is left in one piece without the axis.
        """
        held = frozenset(np.flatnonzero(self.held).tolist())
        found: list[tuple[int | None, tuple[int, ...]]] = []
        if held:
            found += [(None, part) for part in self.ties.parts(held)]
        for node in range(self.ties.size):
            if len(self.ties.neighbours[node]) > 1:
                parts = self.ties.parts(frozenset({node}))
                found += [(node, part) for part in parts if len(part) > 1 and not held & set(part)]
        small = [each for each in found if 2 * len(each[1]) <= self.ties.size]
        return sorted(small, key=lambda each: (-len(each[1]), each[1], each[0] or 0))

    def crossed(self) -> Whole:
        """By how many others each tie is crossed."""
        self.work += len(self.ones) * len(self.ones) // 2 + _OVERHEAD
        return crossed(self.x, self.y, self.ties)

    def group(self, nodes: tuple[int, ...]) -> Group:
        """What it takes to judge places of some nodes."""
        if nodes not in self._groups:
            self._groups[nodes] = self._grouped(nodes)
        return self._groups[nodes]

    def _grouped(self, nodes: tuple[int, ...]) -> Group:
        inside = np.zeros(self.ties.size, dtype=np.bool_)
        inside[list(nodes)] = True
        moved = inside[self.ones] | inside[self.others]
        joined, rest = np.flatnonzero(moved), np.flatnonzero(~moved)
        ones, others = self.ones[joined], self.others[joined]
        around = inside.copy()
        around[ones] = around[others] = True
        places, every = np.array(nodes, dtype=np.int64), np.arange(self.ties.size)
        return Group(
            places,
            ones,
            others,
            rest,
            self._apart(joined, rest),
            np.triu(self._apart(joined, joined), 1),
            (ones[:, None] != every) & (others[:, None] != every),
            (self.ones[rest] != places[:, None]) & (self.others[rest] != places[:, None]),
            self._corners(np.flatnonzero(around).tolist(), inside),
            np.flatnonzero(around),
            np.flatnonzero(~inside),
        )

    def _apart(self, some: Whole, others: Whole) -> Flags:
        """Which ties share no end with which."""
        a, b, c, d = self.ones[some, None], self.others[some, None], self.ones[others], self.others[others]
        return np.asarray((a != c) & (a != d) & (b != c) & (b != d))

    def _corners(self, nodes: Sequence[int], inside: Flags) -> Whole:
        """The corners of which some ends move and others do not."""
        found = [
            (node, one, other)
            for node in nodes
            for place, one in enumerate(self.ties.neighbours[node])
            for other in self.ties.neighbours[node][place + 1 :]
            if 0 < int(inside[node]) + int(inside[one]) + int(inside[other]) < 3
        ]
        return np.array(found, dtype=np.int64).reshape(-1, 3)

    def off_the_band(self, nodes: Whole, y: Floats) -> Floats:
        """Heights of nodes, pushed out of what the axis takes."""
        if self.band is None:
            return y
        above, below = self.band[0] - self.rooms.low[nodes], self.band[1] + self.rooms.down[nodes]
        inside = (y > above) & (y < below)
        return np.where(inside, np.where(2 * y < above + below, above, below), y)


def _pulls(far: Floats, ones: Whole, others: Whole) -> Floats:
    """How much a wrong distance counts: by the square of the right one, and more between neighbours."""
    found = 1.0 / np.where(far > 0, far * far, np.inf)
    found[ones, others] *= _TIED
    found[others, ones] *= _TIED
    return found


class Trial:
    """Places that a group may take, a row for each: `px` and `py` of its nodes, `x` and `y` of all.

    `joined` are the lines of the ties that move, with a last axis of one; `near` are the numbers, within the rest, of
    other ties that come nearer to them than `around`, and `lines` their lines.
    """

    def __init__(self, scene: Scene, group: Group, px: Floats, py: Floats, around: float) -> None:
        self.scene, self.group, self.px, self.py = scene, group, px, py
        self.x, self.y = np.repeat(scene.x[None], len(px), 0), np.repeat(scene.y[None], len(px), 0)
        self.x[:, group.nodes], self.y[:, group.nodes] = px, py
        self.joined = (
            self.x[:, group.ones, None],
            self.y[:, group.ones, None],
            self.x[:, group.others, None],
            self.y[:, group.others, None],
        )
        xs, ys = self.x[:, group.around], self.y[:, group.around]
        self.box = Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())).grown(around)
        lines = _lines(scene.x, scene.y, scene.ones[group.rest], scene.others[group.rest])
        self.near = np.flatnonzero(_touching(lines, self.box))
        self.lines = _some(lines, self.near)
        each = len(group.ones) * (len(self.near) + 20) + len(group.nodes) * scene.ties.size
        scene.work += _OVERHEAD + len(px) * each

    @cached_property
    def nodes(self) -> Whole:
        """The nodes near the ties that move."""
        x, y = self.scene.x, self.scene.y
        across = (x >= self.box.left) & (x <= self.box.right)
        near = across & (y >= self.box.top) & (y <= self.box.bottom)
        near[self.group.nodes] = True
        return np.flatnonzero(near)

    def of(self, rows: Whole) -> Trial:
        """Some of the places alone."""
        found = copy(self)
        found.px, found.py, found.x, found.y = self.px[rows], self.py[rows], self.x[rows], self.y[rows]
        found.joined = _some(self.joined, rows)
        return found


def _lines(x: Floats, y: Floats, ones: Whole, others: Whole) -> Lines:
    return x[ones], y[ones], x[others], y[others]


def _some(lines: Lines, which: Whole) -> Lines:
    ax, ay, bx, by = lines
    return ax[which], ay[which], bx[which], by[which]


def _touching(lines: Lines, box: Box) -> Flags:
    """Which lines have something of the boxes around them within a box."""
    ax, ay, bx, by = lines
    across = (np.maximum(ax, bx) >= box.left) & (np.minimum(ax, bx) <= box.right)
    return np.asarray(across & (np.maximum(ay, by) >= box.top) & (np.minimum(ay, by) <= box.bottom))

"""Where a layout begins: several spreads of the ties, each fitted into a frame of the shape that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

import numpy as np

from kg.diagram.layout.dice import Dice
from kg.diagram.layout.scene import STRETCH, Flags, Floats, Rooms, Scene, snapped
from kg.diagram.layout.stress import distances, spread
from kg.diagram.layout.ties import Ties
from kg.draw.geometry import Box

_SIDE, _TIE = 62.0, 88.0  # about the side of a room, and the length of a tie, where nothing else says so
_OFF_AXIS, _RISE = 95.0, 0.2  # how far off the axis its neighbours stand, at least and as a share of what they span
_SHARE = 0.7  # how much of the height may lie on one side of the axis
_CLEAR = 8.0  # around what stands on the axis
_TURNS = (
    (1, 0),
    (0.96, 0.28),
    (0.8, 0.6),
    (0.6, 0.8),
    (0.28, 0.96),
    (0, 1),
    (-0.28, 0.96),
    (-0.6, 0.8),
    (-0.8, 0.6),
    (-0.96, 0.28),
)
_UNLIKE = 1.25  # how much more one way than the other a spread may be stretched
_EDGE = 100.0, 50.0  # room for nodes at the edges


@dataclass(frozen=True)
class Task:
    """A connected part to lay out: its ties, its rooms, and where on the axis nodes are held, if they are.

    `area` is what the layout should take, `width` how wide it should be.
    """

    ties: Ties
    rooms: Rooms
    places: tuple[float | None, ...]
    area: float
    width: float

    @property
    def held(self) -> Flags:
        """Which nodes stand on the axis."""
        return np.array([place is not None for place in self.places], dtype=np.bool_)

    @property
    def height(self) -> float:
        """How high the layout should be."""
        return self.area / self.width


def lengths(ties: Ties) -> list[int]:
    """How long ties should be: longer at nodes with many leaves, which need a ring of room."""
    degree = [len(near) for near in ties.neighbours]
    leaves = [sum(degree[each] == 1 for each in near) for near in ties.neighbours]
    rings = [int(_SIDE * 0.55 * float(np.sqrt(count))) if count > 3 else 0 for count in leaves]
    found = []
    for one, other in ties.pairs:
        if 1 in (degree[one], degree[other]):
            found.append(max(int(_TIE), rings[one], rings[other]))
        else:
            found.append(int(_TIE + 0.6 * (rings[one] + rings[other])))
    return found


def begin(task: Task, dice: Dice, count: int) -> list[Scene]:
    """Scenes from several starts."""
    free = _free(task.ties, task.held)
    far = _far(task, free)
    x, y = _scattered(task, far, dice, count)
    x, y = spread(far, x, y, task.held, dice)
    fit = _on_axis if task.held.any() else in_frame
    return [fit(task, free, far, x[number], y[number]) for number in range(count)]


def _free(ties: Ties, held: Flags) -> Ties:
    """The ties that a layout can change: not those along the axis."""
    return Ties(ties.size, tuple(pair for pair in ties.pairs if not (held[pair[0]] and held[pair[1]])))


def _far(task: Task, free: Ties) -> Floats:
    """How far apart nodes should be: along ties, and along the axis for what stands on it."""
    line = sorted((place, node) for node, place in enumerate(task.places) if place is not None)
    steps = {
        (min(one, other), max(one, other)): int((place - before) / STRETCH) + 1
        for (before, one), (place, other) in pairwise(line)
    }
    along = dict(zip(free.pairs, lengths(free), strict=True)) | steps
    ties = Ties.among(free.size, along)
    far = distances(ties, np.array([along[pair] for pair in ties.pairs], dtype=np.int64))
    for node in range(free.size):
        at = [(each, place) for each in free.neighbours[node] if (place := task.places[each]) is not None]
        if at:
            _raise(far, node, at)
    return far


def _raise(far: Floats, node: int, at: Sequence[tuple[int, float]]) -> None:
    """Want a node above or below the middle of its neighbours on the axis, the higher the farther they are apart."""
    middle = fsum(place for _, place in at) / len(at)
    span = max(place for _, place in at) - min(place for _, place in at)
    rise = max(_OFF_AXIS, _RISE * span)
    for each, place in at:
        across = (place - middle) / STRETCH
        far[node, each] = far[each, node] = float(np.sqrt(across * across + rise * rise))


def _scattered(task: Task, far: Floats, dice: Dice, count: int) -> tuple[Floats, Floats]:
    """Random places to begin with; what is held is where it is held."""
    size, wide = task.ties.size, float(far.max())
    x, y = (
        np.array([[dice.below(1001) / 1000 - 0.5 for _ in range(size)] for _ in range(count)]).reshape(count, size)
        for _ in range(2)
    )
    x, y = x * wide, y * wide
    for node, place in enumerate(task.places):
        if place is not None:
            x[:, node], y[:, node] = place / STRETCH, 0.0
    return x, y


def in_frame(task: Task, free: Ties, far: Floats, x: Floats, y: Floats) -> Scene:
    """A scene of a spread, turned as its shape fits the frame best, and stretched a little to fill it."""
    options: list[tuple[float, int, Floats, Floats, float, float]] = []
    for cosine, sine in _TURNS:
        across, down = cosine * x - sine * y, sine * x + cosine * y
        wide = (float(across.max()) - float(across.min())) * STRETCH + _EDGE[0]
        high = float(down.max()) - float(down.min()) + _EDGE[1]
        unlike = wide * task.height / (high * task.width)
        options.append((max(unlike, 1 / unlike), len(options), across, down, wide, high))
    _, _, across, down, wide, high = min(options, key=lambda each: each[:2])
    factor = float(np.sqrt(task.area / (wide * high)))
    other = float(np.sqrt(min(max(task.width * high / (task.height * wide), 1 / _UNLIKE), _UNLIKE)))
    scale = 1 / (STRETCH * factor * other), other / factor
    scene = Scene(free, task.rooms, task.held, far, scale)
    across, down = across / scale[0], down / scale[1]
    scene.x, scene.y = snapped(across - _middle(across)), snapped(down - _middle(down))
    scene.frame = Box(-task.width / 2, -task.height / 2, task.width / 2, task.height / 2)
    return scene


def _middle(values: Floats) -> float:
    return (float(values.min()) + float(values.max())) / 2


def _on_axis(task: Task, free: Ties, far: Floats, x: Floats, y: Floats) -> Scene:
    """A scene around the axis, which what is not held leaves clear; most of it is above, for rows stand below."""
    held, rooms = task.held, task.rooms
    y = -y if 2 * int((y > 0).sum()) > int((y != 0).sum()) else y
    heights = np.sort(np.abs(y[~held]))
    high = float(heights[len(heights) * 95 // 100]) if len(heights) else 1.0
    factor = min(max(task.height / 2 / max(high, 1.0) * 0.8, 0.6), 1.4)
    scene = Scene(free, rooms, held, far, (1 / STRETCH, 1 / factor))
    above = -float(rooms.down[held].max()) - _CLEAR
    below = float(rooms.low[held].max()) + _CLEAR
    scene.band = above, below
    side = np.where(y != 0, y, np.arange(len(y)) % 2 - 0.5) > 0
    away = np.abs(y) * factor
    scene.x = np.where(held, [place or 0.0 for place in task.places], snapped(x * STRETCH))
    scene.y = snapped(np.where(held, 0.0, np.where(side, below + rooms.down + away, above - rooms.low - away)))
    share = min(max(int((side & ~held).sum()) / max(int((~held).sum()), 1), 1 - _SHARE), _SHARE)
    top, bottom = above - task.height * (1 - share), below + task.height * share
    scene.frame = Box(-task.width / 2, top, task.width / 2, bottom)
    return scene

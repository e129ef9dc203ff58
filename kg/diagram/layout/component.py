"""The layout of one connected part: begun several times, untangled, without a crossing if it is planar, polished."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from kg.diagram.layout.dice import Dice
from kg.diagram.layout.planar import planar
from kg.diagram.layout.polish import part, polish
from kg.diagram.layout.scene import Floats, Rooms, Scene, snapped
from kg.diagram.layout.start import Task, begin, in_frame
from kg.diagram.layout.ties import Ties
from kg.diagram.layout.untangle import settle, untangle

_SEED = 6
_STARTS = ((12, 3), (120, 6), (400, 3))  # so many starts up to so many nodes; above, one
_UNTANGLED, _FOR_EACH = 8_000_000, 80_000  # work of untangling at most, and more for each node
_POLISHED, _PARTED = 120_000_000, 20_000_000  # work of polishing and of parting at most
_PLANAR = 400  # above so many nodes it is not asked whether they can be drawn without crossings
_LARGER = ((1, 1.0), (3, 4.0), (4, 16.0), (5, 64.0))  # rounds of settling where a scene begins so many times larger
_HUGE = 1.5  # widths of the frame on either side that are too much
IN_LINE = 3  # a path of so many nodes is drawn in line
_STEP, _AIR = 84.0, 12.0  # from one node of a line to the next at least, and air between them


def lay(task: Task) -> Scene:
    """The layout of a connected part, with no rooms that overlap."""
    dice = Dice(_SEED)
    scene, left = _untangled(task, dice)
    if left and not task.held.any() and task.ties.size <= _PLANAR:
        scene = _without_crossings(task, scene, dice) or scene
    polish(scene, dice, _POLISHED)
    part(scene, dice, _PARTED)
    return scene


def _untangled(task: Task, dice: Dice) -> tuple[Scene, int]:
    """The start with the fewest crossings left, and how many these are."""
    count = next((count for size, count in _STARTS if task.ties.size <= size), 1)
    scenes = begin(task, dice, count)
    order = sorted(range(count), key=lambda number: (int(scenes[number].crossed().sum()), number))
    best, least, work = scenes[order[0]], -1, 0
    most = _UNTANGLED + _FOR_EACH * task.ties.size
    for number in order:
        scene = scenes[number]
        left = untangle(scene, dice, most)
        work += scene.work
        if least < 0 or left < least:
            best, least = scene, left
        if least == 0 or work > most:
            break
    return best, least


def _without_crossings(task: Task, like: Scene, dice: Dice) -> Scene | None:
    """A scene without crossings, if there can be one, at the scale of another."""
    places = planar(task.ties)
    if places is None:
        return None
    for rounds, larger in _LARGER:
        scene = like.anew(places[0] * (like.frame.width / 2 * larger), places[1] * (like.frame.height / 2 * larger))
        if scene.crossed().any():
            continue
        for _ in range(rounds):
            settle(scene, dice)
        turned = in_frame(task, task.ties, scene.far, scene.x * scene.scale[0], scene.y * scene.scale[1])
        if not turned.crossed().any():
            return turned
        return None if float(np.abs(scene.x).max()) > _HUGE * scene.frame.width else scene
    return None


def is_line(ties: Ties) -> bool:
    """Whether a connected part is a short path."""
    return ties.size <= IN_LINE and len(ties.pairs) == ties.size - 1


def line(ties: Ties, rooms: Rooms) -> Floats:
    """Where the nodes of a short path stand from left to right."""
    order = [next(node for node in range(ties.size) if len(ties.neighbours[node]) < 2)]
    while len(order) < ties.size:
        order.append(next(near for near in ties.neighbours[order[-1]] if near not in order))
    x = np.zeros(ties.size)
    for before, node in pairwise(order):
        x[node] = x[before] + max(float(rooms.half[before] + rooms.half[node]) + _AIR, _STEP)
    return snapped(x)

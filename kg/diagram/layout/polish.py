"""The last touches: what lies on what is parted, ties are shortened, angles opened, by ever smaller steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kg.diagram.layout.dice import Dice
from kg.diagram.layout.moves import AROUND, FORBIDDEN, attempt, bundle, nearby, on_rings, shifted, turn
from kg.diagram.layout.scene import STRETCH, Floats, Scene, Whole, snapped
from kg.diagram.layout.score import Weights
from kg.diagram.layout.untangle import anywhere, entangled

Pairs = tuple[Whole, Whole]
_WEIGHTS = Weights(
    crossing=FORBIDDEN,
    strain=10.0,
    crowd=30.0,
    length=4.0,
    under_mark=8.0,
    under_label=2.5,
    under_own=1.0,
    overlap=60.0,
    sharp=90.0,
    flat=120.0,
)
_CROSSING, _FIRST = 500.0, 10_000.0  # what one of many crossings costs, and how much more a single one
_TANGLED = 6.0  # where there are so many crossings to a tie, one costs less
_STEPS = (90.0, 70.0, 60.0, 50.0, 40.0, 40.0, 30.0, 30.0, 20.0, 14.0, 10.0, 6.0)
_LEAST = 4  # passes at least
_TURNS_AFTER = (0, 3)  # passes after which whole parts are turned
_FARTHER, _FEW = (1, 4), 150  # passes in which nodes with crossings look farther, and up to how many nodes
_RINGS_UNTIL = 9  # passes in which leaves try the rings around their neighbours
_APART = 6.0  # the least air between two rooms
_OVERLAP = 600.0  # what a unit of an overlap costs at last
_PARTED = (6.0, 12.0, 20.0, 30.0, 45.0, 65.0, 90.0, 130.0, 180.0, 250.0)  # steps away from an overlap
_CLOSE = 120.0  # how far around an overlap other nodes make room
_WIDENED, _WIDER = 10, 1.04  # rounds before the scene is widened, and by how much in each
_SWELLS = 12  # so many overlaps
_SWELLINGS = (
    (300.0, 0.25),
    (160.0, 0.25),
    (500.0, 0.2),
    (300.0, 0.1),
    (100.0, 0.2),
)  # how far around an overlap all is moved, and by which share
_PATIENT, _DESPERATE = 16, 40  # rounds before nodes are pushed where ties cross, and where none do
_PUSHES, _PUSHED = 60, 6.5  # pushes in a round, and the air to which nodes are pushed
_LAST = 90  # rounds at most


def polish(scene: Scene, dice: Dice, most: int) -> None:
    """Improve a scene by ever smaller steps, with about so much work: the more the first is, the fewer there are."""
    before, weights = scene.work, _weights(scene)
    number, count = 0, len(_STEPS)
    while number < count:
        step = _STEPS[number * (len(_STEPS) - 1) // (count - 1)]
        farther = number in _FARTHER and scene.ties.size <= _FEW
        crossed = entangled(scene, scene.crossed()) if farther else ()
        for node in dice.shuffled(np.flatnonzero(~scene.held).tolist()):
            nodes = bundle(scene, node) if number % 3 == 0 else (node,)
            places = _places(scene, node, step, number)
            if node in crossed:
                places = np.concatenate([places, anywhere(scene, node, dice)])
            attempt(scene, nodes, *shifted(scene, nodes, places), weights)
        if number in _TURNS_AFTER:
            turn(scene, weights)
        if number == 0:
            count = max(_LEAST, min(count, most // max(scene.work - before, 1)))
        number += 1


def _places(scene: Scene, node: int, step: float, number: int) -> Floats:
    """Places that a node tries in a pass."""
    places = nearby(scene, node, step, number)
    if len(scene.ties.neighbours[node]) == 1 and number < _RINGS_UNTIL:
        return np.concatenate([places, on_rings(scene, node)])
    return places


def _weights(scene: Scene) -> Weights:
    """A crossing costs the less the more there are; where there is none, there shall be none."""
    left, ties = int(scene.crossed().sum()) // 2, len(scene.ties.pairs)
    if not left:
        return _WEIGHTS
    return replace(_WEIGHTS, crossing=(_CROSSING + _FIRST / left) * min(1.0, _TANGLED * ties / left))


def overlapping(scene: Scene) -> Pairs:
    """The pairs of nodes whose rooms overlap, or have too little air between them, as their numbers."""
    return _closer(scene, _APART)


def _closer(scene: Scene, air: float) -> Pairs:
    """The pairs of nodes with less than some air between their rooms, but for those that are both held."""
    rooms, middle = scene.rooms, scene.y + scene.rooms.sunk
    close = np.abs(scene.x[:, None] - scene.x) < rooms.half[:, None] + (rooms.half + air)
    close &= np.abs(middle[:, None] - middle) < rooms.height[:, None] / 2 + (rooms.height / 2 + air)
    ones, others = np.nonzero(close)
    real = (ones < others) & ~(scene.held[ones] & scene.held[others])
    return ones[real], others[real]


def part(scene: Scene, dice: Dice, most: int) -> None:
    """Move nodes whose rooms overlap away from each other, with so much work at most.

    Where that does not help, the whole scene is widened, and at last nodes are pushed whatever they cross, if some do.
    """
    before, weights = scene.work, replace(_weights(scene), overlap=_OVERLAP)
    for number in range(_LAST):
        pairs = overlapping(scene)
        if not len(pairs[0]):
            return
        worn = number >= _PATIENT or scene.work - before > most
        if worn and (weights.crossing < FORBIDDEN or number >= _DESPERATE):
            _push(scene)
        if number >= _WIDENED:
            _widen(scene)
        if len(pairs[0]) <= _SWELLS and not worn:
            for one, other in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True):
                _swell(scene, one, other)
        for node in () if worn else _around(scene, pairs, dice, _CLOSE if number % 2 else 0.0):
            here = np.array((scene.x[node], scene.y[node]))
            places = np.concatenate([here + step * AROUND[(number + at) % 2 :: 2] for at, step in enumerate(_PARTED)])
            attempt(scene, (node,), *shifted(scene, (node,), places), weights)


def _push(scene: Scene) -> None:
    """Push nodes whose rooms overlap apart, the shorter way, again and again."""
    rooms, every = scene.rooms, np.arange(scene.ties.size)
    free = (~scene.held).astype(np.float64)
    for _ in range(_PUSHES):
        one, other = _closer(scene, _PUSHED)
        if not len(one):
            return
        across = scene.x[other] - scene.x[one]
        down = scene.y[other] + rooms.sunk[other] - scene.y[one] - rooms.sunk[one]
        wide = rooms.half[one] + rooms.half[other] + _PUSHED - np.abs(across)
        high = (rooms.height[one] + rooms.height[other]) / 2 + _PUSHED - np.abs(down)
        shares = free[one] + free[other]
        right = np.where(wide <= high, np.where(across < 0, -wide, wide), 0.0) / shares
        low = np.where(wide <= high, 0.0, np.where(down < 0, -high, high)) / shares
        # Such sums of eighths are exact, in whatever order they are taken.
        for node, sign in ((one, -1.0), (other, 1.0)):
            np.add.at(scene.x, node, snapped(right * free[node] * sign))
            np.add.at(scene.y, node, snapped(low * free[node] * sign))
        scene.y = np.where(scene.held, 0.0, snapped(scene.off_the_band(every, scene.y)))


def _around(scene: Scene, pairs: Pairs, dice: Dice, close: float) -> list[int]:
    """The nodes of some pairs, and those that are close to them, in any order, but for those that are held."""
    found = np.zeros(scene.ties.size, dtype=np.bool_)
    for node in np.unique(np.concatenate(pairs)).tolist():
        found |= (np.abs(scene.x - scene.x[node]) <= 1.5 * close) & (np.abs(scene.y - scene.y[node]) <= close)
    return dice.shuffled(np.flatnonzero(found & ~scene.held).tolist())


def _swell(scene: Scene, one: int, other: int) -> None:
    """Make room around two nodes by moving all others away from them, the less the farther, if no more ties cross."""
    left, kept = int(scene.crossed().sum()), (scene.x, scene.y)
    x, y = float(scene.x[one] + scene.x[other]) / 2, float(scene.y[one] + scene.y[other]) / 2
    across, down = scene.x - x, scene.y - y
    far = np.sqrt(across * across / (STRETCH * STRETCH) + down * down)
    for reach, share in _SWELLINGS:
        by = np.maximum(1.0 - far / reach, 0.0)
        by = np.where(scene.held, 0.0, by * by * share)
        moved = scene.off_the_band(np.arange(scene.ties.size), kept[1] + down * by)
        scene.x, scene.y = snapped(kept[0] + across * by), snapped(np.where(scene.held, 0.0, moved))
        if int(scene.crossed().sum()) <= left:
            return
    scene.x, scene.y = kept


def _widen(scene: Scene) -> None:
    """Move all nodes apart alike; the axis stays where it is."""
    y = scene.off_the_band(np.arange(scene.ties.size), scene.y * _WIDER)
    scene.x, scene.y = snapped(scene.x * _WIDER), snapped(np.where(scene.held, 0.0, y))

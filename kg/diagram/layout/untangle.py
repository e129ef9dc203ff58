"""Fewer crossings: nodes go where they have the fewest, from wherever a layout begins."""

from __future__ import annotations

from math import fsum

import numpy as np

from kg.diagram.layout.dice import Dice
from kg.diagram.layout.moves import AROUND, UNTANGLED, attempt, bundle, nearby, shifted, take, tried, turn
from kg.diagram.layout.scene import Floats, Scene, Whole
from kg.diagram.layout.score import fewest
from kg.draw.geometry import Point

_FAR_RINGS, _NEAR_RINGS = (30.0, 70.0, 120.0, 200.0, 300.0), (40.0, 90.0)
_ANYWHERE = 24  # places anywhere in the frame
_PASSES = 14
_STRAIGHT = 3  # passes before nodes go sideways
_STALE = 4  # passes without gain that are let be
_CHOICE = 5  # of so many places that are as good one is taken by chance
_TURNS_AFTER = (0, 3)  # passes after which whole parts are turned
_SETTLING = (200.0, 150.0, 120.0, 90.0, 70.0, 50.0, 40.0, 30.0)


def untangle(scene: Scene, dice: Dice, most: int) -> int:
    """Bring down crossings, with so much work at most, and return how many are left.

    First each node that has crossings goes where it has the fewest. Where that gets no further, nodes also take other
    places with as many, and those around are tried again; the best state is kept.
    """
    before, stale = scene.work, 0
    least, kept = None, (scene.x, scene.y)
    for number in range(_PASSES):
        crossed = scene.crossed()
        left = int(crossed.sum()) // 2
        if least is None or left < least:
            least, kept, stale = left, (scene.x.copy(), scene.y.copy()), 0
        else:
            stale += 1
        if left == 0 or stale > _STALE or scene.work - before > most:
            break
        sideways = number >= _STRAIGHT and stale > 0
        move = _sidestep if sideways else _straighten
        for node in _surroundings(scene, crossed, dice) if sideways else entangled(scene, crossed):
            if scene.work - before > most:
                break
            move(scene, node, dice)
        if number in _TURNS_AFTER:
            turn(scene, UNTANGLED)
    scene.x, scene.y = kept
    return least or 0


def entangled(scene: Scene, crossed: Whole) -> list[int]:
    """The nodes whose ties are crossed, the most first, but for those that are held."""
    count = _counted(scene, crossed)
    return [node for node in np.argsort(-count, kind="stable").tolist() if count[node] and not scene.held[node]]


def _surroundings(scene: Scene, crossed: Whole, dice: Dice) -> list[int]:
    """The nodes whose ties are crossed and their neighbours, in any order, but for those that are held."""
    count = _counted(scene, crossed)
    hot = count > 0
    ends = hot[scene.ones] | hot[scene.others]
    hot[scene.ones[ends]] = hot[scene.others[ends]] = True
    order = np.argsort(-count, kind="stable").tolist()
    return dice.shuffled([node for node in order if hot[node] and not scene.held[node]])


def _counted(scene: Scene, crossed: Whole) -> Whole:
    """The crossings of each node's ties."""
    count = np.zeros(scene.ties.size, dtype=np.int64)
    np.add.at(count, scene.ones, crossed)
    np.add.at(count, scene.others, crossed)
    return count


def _straighten(scene: Scene, node: int, dice: Dice) -> None:
    """Let a node, with what hangs at it, take a place with fewer crossings, or else with better distances."""
    nodes = bundle(scene, node)
    attempt(scene, nodes, *shifted(scene, nodes, anywhere(scene, node, dice)), UNTANGLED)


def _sidestep(scene: Scene, node: int, dice: Dice) -> None:
    """Let a node, with what hangs at it, take by chance another place with as few crossings as can be."""
    nodes = bundle(scene, node)
    trial = tried(scene, nodes, *shifted(scene, nodes, anywhere(scene, node, dice)), 0.0)
    found = fewest(trial, UNTANGLED)
    if found:
        take(scene, trial, found[dice.below(min(len(found), _CHOICE))])


def anywhere(scene: Scene, node: int, dice: Dice) -> Floats:
    """Places for a node: around the middle of its neighbours, around it, halfway to them, opposite, and anywhere."""
    near = scene.ties.neighbours[node]
    x, y, frame = float(scene.x[node]), float(scene.y[node]), scene.frame
    middle = _middle(scene, node)
    found = [np.array(middle) + radius * AROUND[dice.below(2) :: 2] for radius in _FAR_RINGS]
    found += [np.array((x, y)) + radius * AROUND[::2] for radius in _NEAR_RINGS]
    halfway = [((x + scene.x[each]) / 2, (y + scene.y[each]) / 2) for each in near]
    chance = [
        (
            frame.left + frame.width * (0.05 + 0.0009 * dice.below(1001)),
            frame.top + frame.height * (0.05 + 0.0009 * dice.below(1001)),
        )
        for _ in range(_ANYWHERE)
    ]
    return np.concatenate([*found, np.array([*halfway, *chance, (x, -y)])])


def _middle(scene: Scene, node: int) -> Point:
    """The middle of the neighbours of a node."""
    near = list(scene.ties.neighbours[node])
    return fsum(scene.x[near].tolist()) / len(near), fsum(scene.y[near].tolist()) / len(near)


def settle(scene: Scene, dice: Dice) -> None:
    """Bring nodes nearer to the distances wanted, without a crossing more, by larger steps the larger the scene is."""
    wide = max(float(np.abs(scene.x).max()) * 2 / scene.frame.width, 1.0)
    for number, step in enumerate(_SETTLING):
        for node in dice.shuffled(range(scene.ties.size)):
            nodes = bundle(scene, node) if number % 2 else (node,)
            x, y = _middle(scene, node)
            halfway = (x + float(scene.x[node])) / 2, (y + float(scene.y[node])) / 2
            places = np.concatenate([nearby(scene, node, step * wide, number), np.array([(x, y), halfway])])
            attempt(scene, nodes, *shifted(scene, nodes, places), UNTANGLED)

"""Moves: nodes, and what hangs at them, try other places, and take what costs less."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg.diagram.layout.scene import STRETCH, Floats, Scene, Trial, snapped
from kg.diagram.layout.score import Weights, best
from kg.diagram.layout.ties import hanging

FORBIDDEN = 1_000_000.0  # what a crossing costs that no other gain is worth
UNTANGLED = Weights(crossing=FORBIDDEN)
_BUNDLE = 40  # so many nodes move together at most, but for turns
_TURNED = (
    (1.0, 0.0),
    (0.924, 0.383),
    (0.707, 0.707),
    (0.383, 0.924),
    (0.0, 1.0),
    (-0.383, 0.924),
    (-0.707, 0.707),
    (-0.924, 0.383),
    (-1.0, 0.0),
    (-0.924, -0.383),
    (-0.707, -0.707),
    (-0.383, -0.924),
    (0.0, -1.0),
    (0.383, -0.924),
    (0.707, -0.707),
    (0.924, -0.383),
)
AROUND = np.array(_TURNED) * (STRETCH, 1.0)  # steps in sixteen directions, wider than high
_RINGS = (0.75, 1.05)  # radii around the neighbour of a leaf, in shares of the distance wanted


def attempt(scene: Scene, nodes: tuple[int, ...], px: Floats, py: Floats, weights: Weights) -> None:
    """Let nodes take the best of some places, if it is better than where they are."""
    trial = tried(scene, nodes, px, py, scene.reach if weights.overlap else 0.0)
    take(scene, trial, best(trial, weights))


def tried(scene: Scene, nodes: tuple[int, ...], px: Floats, py: Floats, around: float) -> Trial:
    """A trial of places, the first of which is where the nodes are."""
    group = scene.group(nodes)
    px = np.concatenate([scene.x[group.nodes][None], snapped(px)])
    py = np.concatenate([scene.y[group.nodes][None], snapped(py)])
    return Trial(scene, group, px, py, around)


def take(scene: Scene, trial: Trial, place: int) -> None:
    """Let the nodes of a trial take one of the places."""
    scene.x[trial.group.nodes], scene.y[trial.group.nodes] = trial.px[place], trial.py[place]


def shifted(scene: Scene, nodes: tuple[int, ...], places: Floats) -> tuple[Floats, Floats]:
    """Where nodes come to stand if the first of them takes one of some places and all move alike."""
    at = np.array(nodes, dtype=np.int64)
    px = scene.x[at] + (places[:, :1] - scene.x[nodes[0]])
    py = scene.y[at] + (places[:, 1:] - scene.y[nodes[0]])
    return px, scene.off_the_band(at, py)


def bundle(scene: Scene, node: int) -> tuple[int, ...]:
    """A node with what hangs at it, or alone where that is much."""
    found = hanging(node, scene.branches, scene.ties)
    return found if len(found) <= min(scene.ties.size // 2, _BUNDLE) else (node,)


def nearby(scene: Scene, node: int, step: float, number: int) -> Floats:
    """Places a step away from a node, and half a step; the number of the pass tells in which directions."""
    here = np.array((scene.x[node], scene.y[node]))
    return np.concatenate([here + step * AROUND[number % 2 :: 2], here + step / 2 * AROUND[1 - number % 2 :: 2]])


def on_rings(scene: Scene, leaf: int) -> Floats:
    """Places for a leaf around its neighbour."""
    hub = scene.ties.neighbours[leaf][0]
    wanted = float(scene.far[leaf, hub]) / np.array(scene.scale) / (STRETCH, 1.0)
    middle = np.array((scene.x[hub], scene.y[hub]))
    return np.concatenate([middle + share * wanted * AROUND for share in _RINGS])


def turn(scene: Scene, weights: Weights) -> None:
    """Turn and mirror parts of the scene about what they hang at, or across the axis, the largest first."""
    for pivot, nodes in scene.parts:
        at = np.array(nodes, dtype=np.int64)
        x, y = (_middle(scene.x[at]), 0.0) if pivot is None else (float(scene.x[pivot]), float(scene.y[pivot]))
        across, down = scene.x[at] - x, scene.y[at] - y
        ways = [(-across, down), (across, -down), (-across, -down)]
        if scene.band is None:
            wide, low = across / STRETCH, down * STRETCH
            ways += [(low, wide), (-low, wide), (low, -wide), (-low, -wide)]
        px, py = _from((x, y), ways)
        attempt(scene, nodes, px, scene.off_the_band(at, py), weights)


def _from(middle: tuple[float, float], ways: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    return middle[0] + np.array([each for each, _ in ways]), middle[1] + np.array([each for _, each in ways])


def _middle(values: Floats) -> float:
    return (float(values.min()) + float(values.max())) / 2

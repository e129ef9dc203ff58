"""How good places are: crossings first, then what lies on what, how far ties run and at what angles they meet.

Each part of a score is computed number by number and rounded to whole shares before it is summed, so that scores are
the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg.diagram.layout.crossings import Lines, meet
from kg.diagram.layout.scene import UNDER, Floats, Trial, Whole

_SHARE = 16.0  # parts of a point
_AIR = 7.0  # between rooms
_LOOKED_AT = 12  # places that are judged in full
_MOST = 40.0  # so far under a mark or a label a tie counts


@dataclass(frozen=True)
class Weights:
    """What each fault costs, in points; what costs nothing is not looked at.

    `crossing` counts each crossing; `strain` the square of a distance that is wrong, in shares of the right one;
    `crowd` two nodes in one place, and less the farther they are apart;
    `length` the square of the length of a tie; `outside` each unit beyond the frame; `under_mark`, `under_label` and
    `under_own` each unit of a tie near a foreign mark, under a foreign label, under that of a hub it belongs to;
    `overlap` each unit by which rooms overlap; `sharp` two ties of a node that fall together; `flat` one that falls
    onto the axis.
    """

    crossing: float
    strain: float = 18.0
    crowd: float = 0.0
    length: float = 0.0
    outside: float = 6.0
    under_mark: float = 0.0
    under_label: float = 0.0
    under_own: float = 0.0
    overlap: float = 0.0
    sharp: float = 0.0
    flat: float = 0.0


_REACH = 170.0  # how far nodes are crowded
_BY_MARK, _BY_LABEL = 8.0, 2.0  # how near to a foreign mark or label a tie may come


def best(trial: Trial, weights: Weights) -> int:
    """Which of the places costs least; the first of those that cost the same.

    What is cheap to tell is told of all of them; the rest only of the first place and of the few that are then best.
    """
    found = crossing(trial) * round(weights.crossing * _SHARE) + _placed(trial, weights)
    if not weights.overlap:
        return int(np.argmin(found))
    found += _overlapping(trial, weights)
    order = np.argsort(found[1:], kind="stable")[:_LOOKED_AT] + 1
    rows = np.concatenate([np.zeros(1, dtype=np.int64), np.sort(order)])
    few = trial.of(rows)
    rest = found[rows] + _covering(few, weights) + _covered(few, weights) + _turning(few, weights)
    return int(rows[np.argmin(rest)])


def fewest(trial: Trial, weights: Weights) -> list[int]:
    """The places but the first that have the fewest crossings, if not more than that, the cheapest first."""
    count, costs = crossing(trial), _placed(trial, weights)
    least = int(count[1:].min())
    if least > int(count[0]):
        return []
    return [place for place in np.argsort(costs, kind="stable").tolist() if place and count[place] == least]


def crossing(trial: Trial) -> Whole:
    """How often the ties that move cross others, and each other."""
    group = trial.group
    hit = meet(trial.joined, trial.lines, group.apart[:, trial.near])
    found: Whole = np.count_nonzero(hit, axis=(1, 2)).astype(np.int64)
    if len(group.nodes) > 1 and group.within.any():
        ax, ay, bx, by = trial.joined
        across: Lines = (ax.swapaxes(1, 2), ay.swapaxes(1, 2), bx.swapaxes(1, 2), by.swapaxes(1, 2))
        found += np.count_nonzero(meet(trial.joined, across, group.within), axis=(1, 2))
    return found


def _sum(costs: Floats) -> Floats:
    """The sum of each row, in whole parts of a point: such numbers are summed without rounding, in any order."""
    return np.asarray(np.rint(costs * _SHARE).reshape(len(costs), -1).sum(axis=1))


def _placed(trial: Trial, weights: Weights) -> Floats:
    """What it costs to stand too near to some nodes, too far from others, or beyond the frame."""
    scene, nodes = trial.scene, trial.group.nodes
    across = (trial.px[:, :, None] - trial.x[:, None, :]) * scene.scale[0]
    down = (trial.py[:, :, None] - trial.y[:, None, :]) * scene.scale[1]
    length = np.sqrt(across * across + down * down)
    off = length - scene.far[nodes]
    cost = off * off * (scene.pull[nodes] * weights.strain)
    if weights.crowd:
        near = np.maximum(1.0 - length * (1.0 / _REACH), 0.0)
        cost += near * near * weights.crowd
    frame, rooms = scene.frame, scene.rooms
    beyond = np.maximum(frame.left - trial.px + rooms.half[nodes], 0.0)
    beyond += np.maximum(trial.px + rooms.half[nodes] - frame.right, 0.0)
    beyond += np.maximum(frame.top - trial.py + rooms.down[nodes], 0.0)
    beyond += np.maximum(trial.py + rooms.low[nodes] - frame.bottom, 0.0)
    return _sum(cost) + _sum(beyond * weights.outside)


def _within(lines: Lines, left: Floats, top: Floats, right: Floats, bottom: Floats) -> Floats:
    """How long lines run within boxes."""
    ax, ay, bx, by = lines
    across, down = bx - ax, by - ay
    length = np.sqrt(across * across + down * down)
    by_x, by_y = 1.0 / np.where(across == 0, 1e-3, across), 1.0 / np.where(down == 0, 1e-3, down)
    a, b, c, d = (left - ax) * by_x, (right - ax) * by_x, (top - ay) * by_y, (bottom - ay) * by_y
    enter = np.maximum(np.minimum(a, b), np.minimum(c, d))
    leave = np.minimum(np.maximum(a, b), np.maximum(c, d))
    return np.asarray(np.maximum(np.minimum(leave, 1.0) - np.maximum(enter, 0.0), 0.0) * length)


def _marks_and_labels(trial: Trial, x: Floats, y: Floats, nodes: Whole) -> tuple[Floats, Floats, Floats, Floats]:
    """The boxes around marks, then those around labels, along the last axis."""
    rooms = trial.scene.rooms
    across, down = rooms.across[nodes] + _BY_MARK, rooms.down[nodes] + _BY_MARK
    label, under = rooms.label[nodes] + _BY_LABEL, rooms.down[nodes] + UNDER - _BY_LABEL
    low = rooms.low[nodes] + _BY_LABEL
    return (
        np.concatenate([x - across, x - label], -1),
        np.concatenate([y - down, y + under], -1),
        np.concatenate([x + across, x + label], -1),
        np.concatenate([y + down, y + low], -1),
    )


def _covering(trial: Trial, weights: Weights) -> Floats:
    """What the ties that move cost by running over marks and labels."""
    group, nodes, scene = trial.group, trial.nodes, trial.scene
    x, y = trial.x[:, None, nodes], trial.y[:, None, nodes]
    over = _within(trial.joined, *_marks_and_labels(trial, x, y, nodes))
    foreign = group.foreign[:, nodes]
    own = np.where(foreign, weights.under_label, np.where(scene.hubs[nodes], weights.under_own, 0.0))
    scene.work += over.size
    return _sum(np.minimum(over, _MOST) * np.concatenate([foreign * weights.under_mark, own], -1))


def _covered(trial: Trial, weights: Weights) -> Floats:
    """What other ties cost by running over the marks and labels that move."""
    boxes = _marks_and_labels(trial, trial.px, trial.py, trial.group.nodes)
    left, top, right, bottom = (each[:, :, None] for each in boxes)
    over = _within(trial.lines, left, top, right, bottom)
    clear = trial.group.clear[:, trial.near]
    trial.scene.work += over.size
    return _sum(np.minimum(over, _MOST) * np.concatenate([clear * weights.under_mark, clear * weights.under_label], 0))


def _overlapping(trial: Trial, weights: Weights) -> Floats:
    """What it costs that rooms overlap: more than the depth, so that none is let be."""
    scene, rooms = trial.scene, trial.scene.rooms
    nodes, others = trial.group.nodes[:, None], trial.group.strangers
    across = rooms.half[nodes] + rooms.half[others] + _AIR - np.abs(trial.px[:, :, None] - scene.x[others])
    middles = trial.py[:, :, None] + rooms.sunk[nodes] - scene.y[others] - rooms.sunk[others]
    deep = np.minimum(across, (rooms.height[nodes] + rooms.height[others]) / 2 + _AIR - np.abs(middles))
    return _sum(np.where(deep > 0, deep * weights.overlap + 2 * weights.overlap, 0.0))


def _turning(trial: Trial, weights: Weights) -> Floats:
    """What it costs that ties are long, and that they meet at sharp angles, or the axis."""
    scene, group = trial.scene, trial.group
    ax, ay, bx, by = (each[:, :, 0] for each in trial.joined)
    across, down = (bx - ax) * scene.scale[0], (by - ay) * scene.scale[1]
    wanted = scene.far[group.ones, group.others]
    cost = _sum((across * across + down * down) / (wanted * wanted) * weights.length)
    flat = scene.held[group.ones] | scene.held[group.others]
    if flat.any():
        across, down = bx - ax, by - ay
        along = np.abs(across) / np.sqrt(across * across + down * down + 1.0)
        cost += _sum(_sharpness(along) * (flat * weights.flat))
    if len(group.corners):
        at, one, other = group.corners.T
        p, q = trial.x[:, one] - trial.x[:, at], trial.y[:, one] - trial.y[:, at]
        r, s = trial.x[:, other] - trial.x[:, at], trial.y[:, other] - trial.y[:, at]
        cosine = (p * r + q * s) / np.sqrt((p * p + q * q) * (r * r + s * s) + 1.0)
        cost += _sum(_sharpness(cosine) * weights.sharp)
    return cost


def _sharpness(cosine: Floats) -> Floats:
    """How sharp an angle is by its cosine: near nothing above 45 degrees, near one and a half below five."""
    power = np.maximum(cosine, 0.0)
    for _ in range(3):
        power = power * power
    eighth = power
    for _ in range(3):
        power = power * power
    return 0.5 * eighth + power

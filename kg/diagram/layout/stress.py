"""Stress: how far apart nodes stand against how far apart they are along ties, brought down by gradient descent.

The descent takes pairs of nodes in random order, as in Zheng, Pawar and Goodman, “Graph Drawing by Stochastic Gradient
Descent” (2018), but in rounds in which each node has one partner, so that a round is one step of arithmetic on arrays.
Nothing is summed, so that the result does not depend on how a machine sums.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kg.diagram.layout.dice import Dice
from kg.diagram.layout.ties import Ties

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
_FAR = 1 << 30
_SWEEPS = 32  # a power of two, for its root is taken by square roots
_LAST = 0.1  # step of the last sweep, in shares of the shortest distance squared


def distances(ties: Ties, lengths: Whole) -> Floats:
    """How far each two nodes are apart along ties of some lengths, in whole units; ties connect all of them.

    >>> distances(Ties.among(3, [(0, 1), (1, 2)]), np.array([2, 3]))[0].tolist()
    [0.0, 2.0, 5.0]
    """
    far = np.full((ties.size, ties.size), _FAR, dtype=np.int64)
    np.fill_diagonal(far, 0)
    for (one, other), length in zip(ties.pairs, lengths.tolist(), strict=True):
        far[one, other] = far[other, one] = min(length, int(far[one, other]))
    for by in range(ties.size):
        np.minimum(far, far[:, by, None] + far[by], out=far)
    return far.astype(np.float64)


def spread(far: Floats, x: Floats, y: Floats, held: npt.NDArray[np.bool_], dice: Dice) -> tuple[Floats, Floats]:
    """Move nodes until they stand about as far apart as they are; those that are held stay.

    `x` and `y` have a row for each of several starts, which are spread at once.
    """
    starts, count = x.shape
    even = count + count % 2
    if count < 2:
        return x, y
    # Nodes run along the first axis, so that taking some of them copies whole rows.
    x, y = np.zeros((even, starts)) + _padded(x, even), np.zeros((even, starts)) + _padded(y, even)
    apart = np.zeros((even, even))
    apart[:count, :count] = far
    weight = 1.0 / np.where(apart > 0, apart * apart, np.inf)
    free = np.zeros(even)
    free[:count] = ~held
    ones, others = _rounds(even)
    longest, shortest = float(apart.max()), float(np.where(apart > 0, apart, np.inf).min())
    step, factor = longest * longest, _LAST * shortest * shortest / (longest * longest)
    for _ in range(_SWEEPS.bit_length() - 1):
        factor = float(np.sqrt(factor))
    for _ in range(_SWEEPS + 1):
        order = np.array(dice.shuffled(range(even)))
        for number in dice.shuffled(range(even - 1)):
            _meet(order[ones[number]], order[others[number]], (x, y), (apart, weight, free), step)
        step *= factor
    return x[:count].T.copy(), y[:count].T.copy()


def _padded(values: Floats, size: int) -> Floats:
    found = np.zeros((size, values.shape[0]))
    found[: values.shape[1]] = values.T
    return found


def _meet(
    one: Whole, other: Whole, places: tuple[Floats, Floats], known: tuple[Floats, Floats, Floats], step: float
) -> None:
    """Move the partners of a round towards or away from each other."""
    (x, y), (apart, weight, free) = places, known
    first, second = free[one], free[other]
    share = np.minimum(step * weight[one, other], 1.0) / np.maximum(first + second, 1.0)
    across, down = x[one] - x[other], y[one] - y[other]
    length = np.sqrt(across * across + down * down) + 1e-3
    by = share[:, None] * (apart[one, other][:, None] - length) / length
    across *= by
    down *= by
    x[one] += across * first[:, None]
    y[one] += down * first[:, None]
    x[other] -= across * second[:, None]
    y[other] -= down * second[:, None]


def _rounds(even: int) -> tuple[Whole, Whole]:
    """The rounds of a tournament in which each of an even number meets each other once, by the circle method."""
    last = even - 1
    ones = [[number, *((number + by) % last for by in range(1, even // 2))] for number in range(last)]
    others = [[last, *((number - by) % last for by in range(1, even // 2))] for number in range(last)]
    return np.array(ones, dtype=np.int64), np.array(others, dtype=np.int64)

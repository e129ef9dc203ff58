"""Planar drawings: a graph that can be drawn without crossings, and such a drawing of it.

Faces are found by the algorithm of Demoucron, Malgrange and Pertuiset (1964), part by part; the drawing is Tutte's
(1963), of the graph with rings of further nodes in its faces, so that nothing falls together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import fsum

import numpy as np
import numpy.typing as npt

from kg.diagram.layout.ties import Tie, Ties

Floats = npt.NDArray[np.float64]
Walk = tuple[int, ...]


def planar(ties: Ties) -> tuple[Floats, Floats] | None:
    """Places for the nodes of a connected graph so that no ties cross, within a circle of radius one, if there are any.

    >>> planar(Ties.among(5, [(a, b) for a in range(5) for b in range(a)])) is None
    True
    """
    found = faces(ties)
    return None if found is None else _drawn(ties, found)


def faces(ties: Ties) -> list[Walk] | None:
    """The faces of a drawing without crossings of a connected graph, as the walks around them, if there is one.

    >>> sorted(map(len, faces(Ties.among(4, [(0, 1), (1, 2), (2, 3), (0, 3), (0, 2)]))))
    [3, 3, 4]
    """
    if len(ties.pairs) > max(3 * ties.size - 6, 2):
        return None
    found: list[Walk] = [(0,)]
    drawn, placed = set[Tie](), {0}
    while len(drawn) < len(ties.pairs):
        bridge = _hardest(_bridges(ties, placed, drawn), found)
        if bridge is None:
            return None
        path, face = bridge
        found += _split(found.pop(face), path)
        drawn.update((min(pair), max(pair)) for pair in pairwise(path))
        placed.update(path)
    return found


_Bridge = tuple[Walk, Walk]


def _bridges(ties: Ties, placed: set[int], drawn: set[Tie]) -> Iterator[_Bridge]:
    """What is not drawn yet, in pieces that hang together: where each is attached, and a path through it.

    The path leads from one of these nodes to another; where there is but one, back to it if it can, else one step out.
    """
    for one, other in ties.pairs:
        if one in placed and other in placed and (one, other) not in drawn:
            yield (one, other), (one, other)
    for part in ties.parts(frozenset(placed)):
        inside = set(part)
        doors = [(at, node) for node in part for at in ties.neighbours[node] if at in placed]
        attached = tuple(sorted({at for at, _ in doors}))
        first = next(door for door in doors if door[0] == attached[0])
        last = [door for door in doors if door[0] != attached[0]] or [door for door in doors if door != first]
        if not last:
            yield attached, first
            continue
        through = _path(ties, first[1], {door[1] for door in last}, inside)
        end = next(door[0] for door in last if door[1] == through[-1])
        yield attached, (first[0], *through, end)


def _path(ties: Ties, start: int, ends: set[int], inside: set[int]) -> Walk:
    """A shortest path within some nodes from one of them to one of others."""
    before: dict[int, int | None] = {start: None}
    todo = [start]
    for node in todo:
        if node in ends:
            found = [node]
            while (back := before[found[-1]]) is not None:
                found.append(back)
            return tuple(reversed(found))
        for near in ties.neighbours[node]:
            if near in inside and near not in before:
                before[near] = node
                todo.append(near)
    raise AssertionError("a part hangs together")  # pragma: no cover


def _hardest(bridges: Iterator[_Bridge], found: Sequence[Walk]) -> tuple[Walk, int] | None:
    """The path to draw next, and in which face: of a piece that fits into one face only, if there is one.

    What is attached at one node alone waits until all else is drawn. None if a piece fits into no face.
    """
    corners = [set(face) for face in found]
    best: tuple[tuple[bool, int], Walk, int] | None = None
    for attached, path in bridges:
        fitting = [number for number, face in enumerate(corners) if face.issuperset(attached)]
        if not fitting:
            return None
        rank = len(attached) == 1, len(fitting)
        if best is None or rank < best[0]:
            best = rank, path, max(fitting, key=lambda number: (len(found[number]), -number))
    return best[1:] if best else None


def _split(face: Walk, path: Walk) -> list[Walk]:
    """The faces that a path makes of one; a path of one step out makes none, but a longer walk."""
    start = face.index(path[0])
    turned = face[start:] + face[:start]
    if path[-1] not in turned:
        return [(*path, *turned) if len(turned) > 1 else path]
    if path[0] == path[-1]:
        return [path[:-1], (*path, *turned[1:]) if len(turned) > 1 else path[:-1]]
    end = turned.index(path[-1])
    return [(*turned[: end + 1], *reversed(path[1:-1])), (*path[:-1], *turned[end:])]


def _drawn(ties: Ties, found: Sequence[Walk]) -> tuple[Floats, Floats]:
    """Every node in the middle of its neighbours, with a ring of nodes in each face, and the outer ring on a circle."""
    outer = max(found, key=len)
    links: dict[int, dict[int, float]] = {node: dict.fromkeys(ties.neighbours[node], 1.0) for node in range(ties.size)}
    fixed: list[int] = []
    for face in found:
        ring = list(range(len(links), len(links) + len(face)))
        for number, corner in zip(ring, face, strict=True):
            _link(links, number, corner)
        for place, number in enumerate(ring):
            _link(links, number, ring[place - 1])
            _link(links, ring[place - 1], face[place])
        if face is outer and not fixed:
            fixed = ring
            continue
        middle = len(links)
        for number in ring:
            _link(links, middle, number)
    at = dict(zip(fixed, _circle(len(fixed)), strict=True))
    places = _balanced(links, at)
    return np.array([places[node][0] for node in range(ties.size)]), np.array(
        [places[node][1] for node in range(ties.size)]
    )


def _link(links: dict[int, dict[int, float]], one: int, other: int) -> None:
    if one != other:
        links.setdefault(one, {})[other] = 1.0
        links.setdefault(other, {})[one] = 1.0


def _circle(count: int) -> list[tuple[float, float]]:
    """Places around a circle, about as far from each other."""
    found = []
    for number in range(count):
        quarter, part = divmod(4 * number, count)
        share = part / count
        x, y = (1 - share * share) / (1 + share * share), 2 * share / (1 + share * share)
        for _ in range(quarter):
            x, y = -y, x
        found.append((x, y))
    return found


def _balanced(links: dict[int, dict[int, float]], at: dict[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    """Where nodes stand if each is in the middle of those to which it is linked, and some stand where they are put.

    Nodes are taken out one by one, the least linked first; their neighbours are linked instead, as in a network of
    resistors. Then they are put back in the opposite order.
    """
    waiting = [(len(near), node) for node, near in links.items() if node not in at]
    heapify(waiting)
    order: list[tuple[int, dict[int, float]]] = []
    while waiting:
        count, node = heappop(waiting)
        if node not in links or count != len(links[node]):
            continue
        near = links.pop(node)
        order.append((node, near))
        whole = fsum(near.values())
        for one, weight in near.items():
            del links[one][node]
            for other, more in near.items():
                if other != one:
                    links[one][other] = links[one].get(other, 0.0) + weight * more / whole
            if one not in at:
                heappush(waiting, (len(links[one]), one))
    found = dict(at)
    for node, near in reversed(order):
        whole = fsum(near.values())
        x = fsum(weight * found[each][0] for each, weight in near.items()) / whole
        y = fsum(weight * found[each][1] for each, weight in near.items()) / whole
        found[node] = x, y
    return found

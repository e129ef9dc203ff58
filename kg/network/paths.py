"""The shortest way from one entity to another, and the claims that each of its steps rests on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

from kg.errors import KgError, did_you_mean
from kg.network.graph import Ties, ties
from kg.network.metrics import NetworkxEngine, numbered
from kg.network.network import Edge, Network, Node
from kg.terminal import visible


@dataclass(frozen=True)
class Step:
    """A step from one entity to the next: all relations that join them, in either direction, and those denied."""

    start: Node
    end: Node
    edges: tuple[Edge, ...]
    denials: tuple[Edge, ...] = ()

    @property
    def weight(self) -> float:
        """The weight of the tie: the greatest of its relations."""
        return max(edge.weight for edge in self.edges)


@dataclass(frozen=True)
class Path:
    """A shortest path from one entity to another; `ways` is how many there are of that length."""

    first: Node
    second: Node
    steps: tuple[Step, ...]
    ways: int


def between(network: Network, first: str, second: str) -> Path:
    """The shortest path between two entities, by their ids; denials make no path, and directions do not matter.

    Of several with the same number of steps it is the one with the greatest weight, then the one whose ids come first.
    Raises KgError where an id is not in the network, where both are the same, and where nothing joins them.
    """
    for key in (first, second):
        if key not in network.by_id:
            raise KgError(f"{visible(key)} is not in the network {network.name}", _hint(network, key))
    if first == second:
        raise KgError(f"both ends of the path are {first}", "name two entities")
    joins = ties(network)
    start, goal = joins.ids.index(first), joins.ids.index(second)
    distances = _distances(joins, goal)
    if start not in distances:
        raise KgError(f"nothing joins {first} and {second} in the network {network.name}", _apart(joins, start, goal))
    places, ways = _best(joins, distances, start)
    ids = [joins.ids[place] for place in places]
    steps = tuple(_step(network, *ends) for ends in pairwise(ids))
    return Path(network.by_id[first], network.by_id[second], steps, ways)


def _hint(network: Network, key: str) -> str:
    named = [node.id for node in network.nodes if node.label.casefold() == key.casefold()]
    if named:
        return f"did you mean {' or '.join(named)}?"
    return did_you_mean(key, network.by_id) or f"name one of its {len(network.nodes):,} entities by id"


def _apart(joins: Ties, first: int, second: int) -> str:
    """In which components two entities lie, and how large these are."""
    numbers, sizes = numbered(NetworkxEngine(joins).components(), len(joins.ids))
    lies = (
        f"{joins.ids[place]} lies in component {numbers[place]}, of size {sizes[numbers[place] - 1]:,}"
        for place in (first, second)
    )
    return f"{', '.join(lies)}: name two of one component, or another network; denials join nothing"


def _distances(joins: Ties, goal: int) -> dict[int, int]:
    """How many steps it is to an entity, for all it can be reached from, the nearest first."""
    found = {goal: 0}
    waiting = deque([goal])
    while waiting:
        place = waiting.popleft()
        for other in joins.neighbours[place]:
            if other not in found:
                found[other] = found[place] + 1
                waiting.append(other)
    return found


def _best(joins: Ties, distances: dict[int, int], start: int) -> tuple[list[int], int]:
    """The places along the best shortest path from a start, and how many shortest paths there are."""
    weights: dict[int, float] = {}
    ways: dict[int, int] = {}
    following: dict[int, int] = {}
    for place, distance in distances.items():
        onward = [other for other in joins.neighbours[place] if distances[other] == distance - 1]
        # The first of equals stays, which is the one with the least id.
        best = max(onward, key=lambda other: joins.neighbours[place][other] + weights[other], default=place)
        weights[place] = joins.neighbours[place][best] + weights[best] if onward else 0.0
        ways[place] = sum(ways[other] for other in onward) if onward else 1
        following[place] = best
    path = [start]
    while following[path[-1]] != path[-1]:
        path.append(following[path[-1]])
    return path, ways[start]


def _step(network: Network, start: str, end: str) -> Step:
    edges = [edge for edge in network.edges if {edge.source, edge.target} == {start, end}]
    told, denied = (tuple(edge for edge in edges if edge.denied is which) for which in (False, True))
    return Step(network.by_id[start], network.by_id[end], told, denied)

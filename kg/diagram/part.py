"""Which part of a network a diagram shows: all of it, what surrounds some entities, or the best connected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import KgError, did_you_mean
from kg.network.network import Edge, Network

WHOLE = 300  # a network of more nodes is drawn in part, unless more are asked for
SHOWN = 100  # so many nodes has a part at most
TIES = 140  # and so many pairs that are joined, if more were only a tangle
_TANGLE = 600  # a network with more such pairs is drawn in part, too
_FEWEST = 12  # but it has so many nodes anyway


@dataclass(frozen=True)
class Part:
    """What is drawn of a network.

    `network` has the nodes and edges that are drawn. `hidden` tells of a node how many of its neighbours are not;
    `nodes` and `edges` are how many the whole has; `around` are the entities around which it was
    taken, so many `steps` far.
    """

    network: Network
    hidden: Mapping[str, int]
    nodes: int
    edges: int
    around: tuple[str, ...] = ()
    steps: int = 1

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return len(self.network.nodes) == self.nodes


def part(network: Network, around: Sequence[str] = (), most: int | None = None, steps: int = 1) -> Part:
    """The part of a network to draw.

    Around entities it is them and what lies so many steps from them. Otherwise it is the whole, or above `WHOLE` nodes
    (or `most`, if it is given), or where more pairs are joined than can be seen, the best connected of each kind.
    Raises KgError for an entity that the network does not have.
    """
    neighbours = _neighbours(network.edges)
    for key in around:
        if key not in network.by_id:
            fix = did_you_mean(key, network.by_id) or f"kg network {network.name} --format csv lists its entities"
            raise KgError(f"{key} is not in the network “{network.name}”", fix)
    if around:
        kept = _surroundings(around, steps, neighbours, network, most or SHOWN)
    elif len(network.nodes) > (most or WHOLE) or (most is None and _pairs(neighbours) > _TANGLE):
        kept = _core(network, neighbours, most or SHOWN)
    else:
        return Part(network, {}, len(network.nodes), len(network.edges))
    nodes = tuple(node for node in network.nodes if node.id in kept)
    edges = tuple(edge for edge in network.edges if edge.source in kept and edge.target in kept)
    hidden = {node.id: len(neighbours.get(node.id, set()) - kept) for node in nodes}
    return Part(
        replace(network, nodes=nodes, edges=edges),
        {key: count for key, count in hidden.items() if count},
        len(network.nodes),
        len(network.edges),
        tuple(around),
        steps,
    )


def _neighbours(edges: Iterable[Edge]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for edge in edges:
        if edge.source != edge.target:
            found.setdefault(edge.source, set()).add(edge.target)
            found.setdefault(edge.target, set()).add(edge.source)
    return found


def _pairs(neighbours: Mapping[str, set[str]]) -> int:
    return sum(map(len, neighbours.values())) // 2


def _by_degree(keys: Iterable[str], network: Network) -> list[str]:
    """The nodes with the most edges first, as their ids stand in the alphabet where they have as many."""
    return sorted(keys, key=lambda key: (-network.degree[key], key))


def _core(network: Network, neighbours: Mapping[str, set[str]], most: int) -> set[str]:
    """The best connected of each kind in turn; of those that nothing joins to the others the next are tried instead."""
    kinds: dict[str, list[str]] = {}
    for key in _by_degree(network.by_id, network):
        kinds.setdefault(network.by_id[key].kind, []).append(key)
    ranked = [key for _, key in sorted((place, key) for members in kinds.values() for place, key in enumerate(members))]
    kept = _few_ties(ranked[:most], neighbours)
    joined = {key for key in kept if not neighbours.get(key, set()).isdisjoint(kept)}
    if len(kept) == most:
        for key in ranked[most:]:
            if len(joined) < most and not neighbours.get(key, set()).isdisjoint(joined):
                joined.add(key)
    alone = [key for key in kept if key not in joined]
    return joined | set(alone[: most - len(joined)])


def _few_ties(keys: Sequence[str], neighbours: Mapping[str, set[str]]) -> list[str]:
    """The first of some nodes that are not joined more often than can be seen."""
    kept: list[str] = []
    ties = 0
    for key in keys:
        ties += len(neighbours.get(key, set()).intersection(kept))
        if ties > TIES and len(kept) >= _FEWEST:
            break
        kept.append(key)
    return kept


def _surroundings(
    around: Sequence[str], steps: int, neighbours: Mapping[str, set[str]], network: Network, most: int
) -> set[str]:
    """What so many steps lead to, those with the most edges first where a step leads to more than there is room for."""
    kept, ring = set(around), set(around)
    for _ in range(steps):
        ring = {other for key in ring for other in neighbours.get(key, ())} - kept
        kept |= set(_by_degree(ring, network)[: max(most - len(kept), 0)])
    return kept

"""Measures of a network: its size and parts, and of each entity how many relations it has and where it stands.

A denial of a relation is no tie: it is counted under `denials` and nowhere else. Several relations between two entities
are one tie whose weight is their sum, and a relation of an entity to itself is none. Degrees count relations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.errors import KgError, did_you_mean
from kg.network.fast import IgraphEngine, installed
from kg.network.graph import Ties, ties
from kg.network.network import Network, Node
from kg.terminal import visible

ENGINES = ("networkx", "igraph")
# Up to so many entities NetworkX measures exactly, within 3 CPU seconds, and the same on every machine. Above it igraph
# does where it is installed; where it is not, betweenness is estimated from so many entities.
LARGE = 1_000
SOURCES = 500
SEED = 1
DAMPING = 0.85
_STEP = 1e-12


class Engine(Protocol):
    """What measures ties; entities are places in the order of ids. NetworkX and igraph give the same answers.

    Betweenness and PageRank agree within 1e-8, components and cut vertices are equal. Both look for communities by
    Louvain's method, which is a search: what they find differs, but from 1,000 entities on its modularity by less than
    a hundredth.
    """

    @property
    def name(self) -> str:
        """The name under which it is asked for."""

    @property
    def sources(self) -> int:
        """From how many entities betweenness is estimated; 0 where it is exact."""

    def components(self) -> Sequence[Collection[int]]:
        """The parts of the network that no tie joins."""

    def betweenness(self) -> Sequence[float]:
        """The share of shortest paths between two others that lead through each entity, directions aside."""

    def pagerank(self, damping: float) -> Sequence[float]:
        """Where a walk along the directions of ties is found in the long run, by weight; the sum is 1."""

    def communities(self, seed: int) -> Sequence[Collection[int]]:
        """Groups with more ties within than between them."""

    def modularity(self, groups: Sequence[Collection[int]]) -> float:
        """How much of the weight lies within groups, less what chance would put there; needs a tie."""

    def cut_vertices(self) -> Collection[int]:
        """Entities without which what they join would fall apart."""


@dataclass(frozen=True)
class NodeMeasures:
    """An entity in its network.

    `degree` is how many relations it has (one to itself counts twice), of them `indegree` lead to it; `denials` are
    relations that are denied. `component` and `community` are numbers, from 1 for the largest; `cut` is whether its
    component would fall apart without it.
    """

    node: Node
    degree: int
    indegree: int
    outdegree: int
    denials: int
    betweenness: float
    pagerank: float
    component: int
    community: int
    cut: bool


@dataclass(frozen=True)
class Measures:
    """A network in numbers; `nodes` are ordered by id, `kinds` by how many there are.

    `edges` counts all relations, `denials` those of them that are denied, `ties` the pairs of entities that the others
    join, and `density` is their share of all pairs. `components` and `communities` are sizes, largest first.
    `sources` is from how many entities betweenness is estimated; 0 where it is exact.
    """

    name: str
    title: str
    engine: str
    nodes: tuple[NodeMeasures, ...]
    edges: int
    denials: int
    ties: int
    kinds: tuple[tuple[str, int], ...]
    density: float
    components: tuple[int, ...]
    communities: tuple[int, ...]
    modularity: float
    sources: int


def measure(network: Network, engine: str = "") -> Measures:
    """Measure a network by `networkx` or `igraph`; without a name, by its size and what is installed."""
    joins = ties(network)
    chosen = _engine(joins, engine)
    count, pairs = len(joins.ids), len(joins.pairs)
    components, sizes = numbered(chosen.components(), count)
    found = chosen.communities(SEED) if pairs else [{place} for place in range(count)]
    communities, members = numbered(found, count)
    kinds = Counter(node.kind for node in network.nodes)
    return Measures(
        name=network.name,
        title=network.title,
        engine=chosen.name,
        nodes=tuple(_nodes(network, joins, chosen, components, communities)),
        edges=len(network.edges),
        denials=sum(edge.denied for edge in network.edges),
        ties=pairs,
        kinds=tuple(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))),
        density=2 * pairs / (count * (count - 1)) if count > 1 else 0.0,
        components=sizes,
        communities=members,
        modularity=chosen.modularity(found) if pairs else 0.0,
        sources=chosen.sources,
    )


def _nodes(
    network: Network, joins: Ties, chosen: Engine, components: Sequence[int], communities: Sequence[int]
) -> Iterator[NodeMeasures]:
    told = [edge for edge in network.edges if not edge.denied]
    into, out = Counter(edge.target for edge in told), Counter(edge.source for edge in told)
    denials = Counter(end for edge in network.edges if edge.denied for end in (edge.source, edge.target))
    betweenness, pagerank, cuts = chosen.betweenness(), chosen.pagerank(DAMPING), set(chosen.cut_vertices())
    for place, key in enumerate(joins.ids):
        yield NodeMeasures(
            node=network.by_id[key],
            degree=into[key] + out[key],
            indegree=into[key],
            outdegree=out[key],
            denials=denials[key],
            betweenness=betweenness[place],
            pagerank=pagerank[place],
            component=components[place],
            community=communities[place],
            cut=place in cuts,
        )


def _engine(joins: Ties, name: str) -> Engine:
    if name and name not in ENGINES:
        hint = did_you_mean(name, ENGINES) or f"choose {' or '.join(ENGINES)}"
        raise KgError(f"there is no engine {visible(name)}", hint)
    if name == "igraph" or (not name and len(joins.ids) > LARGE and installed()):
        return IgraphEngine(joins)
    return NetworkxEngine(joins)


def numbered(groups: Iterable[Collection[int]], count: int) -> tuple[list[int], tuple[int, ...]]:
    """The number of each entity's group, from 1 for the largest (then the one with the least place), and their sizes.

    >>> numbered([{0}, {1, 4}, {2, 3}], 5)
    ([3, 1, 2, 2, 1], (2, 2, 1))
    """
    ordered = sorted(groups, key=lambda group: (-len(group), min(group)))
    found = [0] * count
    for number, group in enumerate(ordered, start=1):
        for place in group:
            found[place] = number
    return found, tuple(map(len, ordered))


class NetworkxEngine:
    """Measures by NetworkX, which is always there."""

    name = "networkx"

    def __init__(self, joins: Ties) -> None:
        import networkx as nx

        self._nx = nx
        places = range(len(joins.ids))
        self._directed, self._undirected = nx.DiGraph(), nx.Graph()
        for graph, weights in ((self._directed, joins.arcs), (self._undirected, joins.pairs)):
            graph.add_nodes_from(places)
            graph.add_weighted_edges_from((*ends, weight) for ends, weight in weights.items())

    @property
    def sources(self) -> int:
        """From how many entities betweenness is estimated, drawn by a fixed seed; 0 up to `LARGE`."""
        return SOURCES if len(self._undirected) > LARGE else 0

    def components(self) -> Sequence[Collection[int]]:
        """Connected components."""
        return list(self._nx.connected_components(self._undirected))

    def betweenness(self) -> Sequence[float]:
        """Exact up to `LARGE`. The estimate above it is rough: of the 25 highest by a fifth on average."""
        found = self._nx.betweenness_centrality(self._undirected, k=self.sources or None, seed=SEED)
        return [found[place] for place in self._undirected]

    def pagerank(self, damping: float) -> Sequence[float]:
        """By iteration; all numbers together are off by less than 1e-11."""
        if not self._directed:
            return []
        # NetworkX stops when a step changes less than N * tol in all; what is left is 1 / (1 / damping - 1) as much.
        tolerance = _STEP / len(self._directed)
        found = self._nx.pagerank(self._directed, alpha=damping, tol=tolerance, max_iter=1_000)
        return [float(found[place]) for place in self._directed]

    def communities(self, seed: int) -> Sequence[Collection[int]]:
        """Louvain's method, the order of its visits drawn by the seed."""
        found: list[Collection[int]] = self._nx.community.louvain_communities(self._undirected, seed=seed)
        return found

    def modularity(self, groups: Sequence[Collection[int]]) -> float:
        """Newman's modularity, by weight."""
        return float(self._nx.community.modularity(self._undirected, groups))

    def cut_vertices(self) -> Collection[int]:
        """Articulation points."""
        return set(self._nx.articulation_points(self._undirected))

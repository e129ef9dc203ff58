"""Measuring by igraph, in C, for networks of thousands of entities; only where it is installed."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from importlib.util import find_spec

from kg.errors import KgError
from kg.network.graph import Ties


def installed() -> bool:
    """Whether igraph can be imported."""
    return find_spec("igraph") is not None


class IgraphEngine:
    """Measures by igraph, always exactly. Raises KgError where it is not installed."""

    name = "igraph"
    sources = 0

    def __init__(self, joins: Ties) -> None:
        if not installed():
            raise KgError("igraph is not installed", 'run pip install "kg-registry[igraph]", or choose networkx')
        import igraph

        self._igraph = igraph
        self._count = len(joins.ids)
        self._directed = igraph.Graph(self._count, list(joins.arcs), directed=True)
        self._undirected = igraph.Graph(self._count, list(joins.pairs))
        self._arcs, self._pairs = list(joins.arcs.values()), list(joins.pairs.values())

    def components(self) -> Sequence[Collection[int]]:
        """Connected components."""
        return list(self._undirected.connected_components())

    def betweenness(self) -> Sequence[float]:
        """Betweenness, divided by the number of pairs of others."""
        pairs = max((self._count - 1) * (self._count - 2) / 2, 1)
        return [found / pairs for found in self._undirected.betweenness()]

    def pagerank(self, damping: float) -> Sequence[float]:
        """By PRPACK; all numbers together are off by less than 1e-10."""
        found: list[float] = self._directed.pagerank(damping=damping, weights=self._arcs) if self._count else []
        return found

    def communities(self, seed: int) -> Sequence[Collection[int]]:
        """Louvain's method, the order of its visits drawn by the seed."""
        self._igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - a draw that repeats is wanted
        try:
            return list(self._undirected.community_multilevel(weights=self._pairs))
        finally:
            self._igraph.set_random_number_generator(random)

    def modularity(self, groups: Sequence[Collection[int]]) -> float:
        """Newman's modularity, by weight."""
        membership = [0] * self._count
        for number, group in enumerate(groups):
            for place in group:
                membership[place] = number
        return float(self._undirected.modularity(membership, weights=self._pairs))

    def cut_vertices(self) -> Collection[int]:
        """Articulation points."""
        return set(self._undirected.articulation_points())

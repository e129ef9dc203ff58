"""A network as NetworkX holds it, and its ties: who is joined to whom, as plain numbers for measuring."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.collection import held_back
from kg.errors import KgError
from kg.network.network import Edge, Network, Node
from kg.terminal import visible

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(network: Network) -> nx.MultiDiGraph:
    """The network in NetworkX: nodes by their ids, an edge for each relation, with its stance.

    Keys of edges are those of `edge_keys`. Disputes are sentences, claims are ids, both as lists.

    >>> graph = to_networkx(Network("heads", "Heads", (Node("organization/a", "A"), Node("person/b", "B")),
    ...                             (Edge("person/b", "organization/a", "heads"),)))
    >>> graph.edges["person/b", "organization/a", "heads"]["weight"], graph.graph
    (1.0, {'name': 'heads', 'title': 'Heads'})
    """
    import networkx as nx

    graph = nx.MultiDiGraph(name=network.name, title=network.title)
    with held_back():
        graph.add_nodes_from((node.id, node_data(node)) for node in network.nodes)
        for key, edge in zip(edge_keys(network), network.edges, strict=True):
            graph.add_edge(edge.source, edge.target, key, **edge_data(edge))
    return graph


def edge_keys(network: Network) -> Iterator[str]:
    """For each edge a name that no other has between the same ends: its relation, marked where it is denied.

    >>> edges = (Edge("a", "b", "heads"), Edge("a", "b", "heads"), Edge("a", "b", "heads", "kg:heads", "denies"))
    >>> list(edge_keys(Network("heads", "Heads", (), edges)))
    ['heads', 'heads 2', 'heads (denied)']
    """
    seen: set[tuple[str, str, str]] = set()
    for edge in network.edges:
        key, number = edge.told, 1
        while (edge.source, edge.target, key) in seen:
            number += 1
            key = f"{edge.told} {number}"
        seen.add((edge.source, edge.target, key))
        yield key


def node_data(node: Node) -> dict[str, Any]:
    """All that is known of a node but its id: texts, and lists of texts."""
    return {
        "label": node.label,
        "kind": node.kind,
        "sort": node.sort,
        "iri": node.iri,
        "series": node.series,
        "since": node.since,
        "until": node.until,
        "text": node.text,
        "disputes": [str(each) for each in node.disputes],
        "claims": list(node.claims),
    }


def edge_data(edge: Edge) -> dict[str, Any]:
    """All that is known of an edge but its ends: texts, a truth, a number, and lists of texts."""
    return {
        "relation": edge.relation,
        "predicate": edge.predicate,
        "stance": edge.stance,
        "weight": edge.weight,
        "since": edge.since,
        "until": edge.until,
        "disputes": [str(each) for each in edge.disputes],
        "claims": list(edge.claims),
    }


def joined(values: list[str]) -> str:
    r"""A list as one text for formats without lists: joined by `|`; a `|` or backslash in a value gets one before it.

    >>> print(joined(["claim/1", "a|b"]))
    claim/1|a\|b
    """
    return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)


@dataclass(frozen=True)
class Ties:
    """Who is joined to whom: entities by their places in the order of ids, and the weights between them.

    What is denied is no tie, nor is a relation of an entity to itself. Several relations between two entities are one
    tie, whose weight is the greatest of theirs: `arcs` tells the two directions apart, `pairs` (the lesser place first)
    does not.
    """

    ids: tuple[str, ...]
    arcs: Mapping[tuple[int, int], float]
    pairs: Mapping[tuple[int, int], float]

    @cached_property
    def neighbours(self) -> tuple[dict[int, float], ...]:
        """For each entity those it is tied to, in the order of their ids, with the weights."""
        found: tuple[dict[int, float], ...] = tuple({} for _ in self.ids)
        for (first, second), weight in self.pairs.items():
            found[first][second] = found[second][first] = weight
        return tuple(dict(sorted(each.items())) for each in found)


def ties(network: Network) -> Ties:
    """The ties of a network. Raises KgError where a weight is not above zero."""
    ids = tuple(sorted(network.by_id))
    places = {key: place for place, key in enumerate(ids)}
    arcs: dict[tuple[int, int], float] = {}
    pairs: dict[tuple[int, int], float] = {}
    for edge in network.edges:
        first, second = places[edge.source], places[edge.target]
        if edge.denied or first == second:
            continue
        if not (math.isfinite(edge.weight) and edge.weight > 0):
            told = visible(f"{edge.source} {edge.relation} {edge.target}")
            raise KgError(f"{told} has the weight {edge.weight}", "let the query give weights above zero, or none")
        ends = min(first, second), max(first, second)
        arcs[first, second] = max(arcs.get((first, second), 0.0), edge.weight)
        pairs[ends] = max(pairs.get(ends, 0.0), edge.weight)
    return Ties(ids, dict(sorted(arcs.items())), dict(sorted(pairs.items())))

"""Edges as they are drawn: those that say the same way of the same two nodes are one strand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.diagram.figures import Figure
from kg.draw.svg import clean
from kg.network.network import Edge, Network

_TOLD = 2  # so many relations are named on one strand
_HUES = ("list", "case")  # whose colour an edge takes


@dataclass(frozen=True)
class Strand:
    """One line of a diagram: from one node to another, by their places, with the edges that it draws, by theirs.

    `lane` is how far it stands from the straight line, in steps, where several strands join the same two nodes.
    """

    source: int
    target: int
    edges: tuple[int, ...]
    told: tuple[Edge, ...]
    lane: float
    hue: int | None

    @property
    def denied(self) -> bool:
        """Whether it is a denial."""
        return self.told[0].denied

    @property
    def contested(self) -> bool:
        """Whether claims on it cannot all be true."""
        return any(edge.disputes for edge in self.told)

    @property
    def weight(self) -> float:
        """Its weight: the greatest of its edges."""
        return max(edge.weight for edge in self.told)

    @property
    def text(self) -> str:
        """What is written on it: its relations, or how many there are."""
        names = list(dict.fromkeys(clean(edge.told) for edge in self.told))
        more = f" +{len(names) - _TOLD}" if len(names) > _TOLD else ""
        return ", ".join(names[:_TOLD]) + more


def strands(network: Network, figures: Sequence[Figure]) -> tuple[Strand, ...]:
    """The strands of a network: one for each two nodes, direction, and stance."""
    places = {figure.node.id: figure.place for figure in figures}
    found: dict[tuple[int, int], dict[tuple[int, int, str], list[int]]] = {}
    for number, edge in enumerate(network.edges):
        source, target = places[edge.source], places[edge.target]
        if source != target:
            pair = min(source, target), max(source, target)
            found.setdefault(pair, {}).setdefault((source, target, edge.stance), []).append(number)
    return tuple(strand for pair in sorted(found) for strand in _bundle(found[pair], network, figures))


def _bundle(
    lanes: Mapping[tuple[int, int, str], list[int]], network: Network, figures: Sequence[Figure]
) -> Iterator[Strand]:
    """The strands between two nodes, side by side."""
    for number, (source, target, stance) in enumerate(sorted(lanes)):
        edges = lanes[source, target, stance]
        lane = number - (len(lanes) - 1) / 2
        types = {figures[source].type.key, figures[target].type.key}
        hue = next(
            (
                figures[end].type.colour
                for key in _HUES
                if key in types
                for end in (source, target)
                if figures[end].type.key == key
            ),
            None,
        )
        # A lane is told as seen from the first of the two nodes, so that opposite strands do not meet.
        seen = lane if source < target else -lane
        yield Strand(source, target, tuple(edges), tuple(network.edges[each] for each in edges), seen, hue)

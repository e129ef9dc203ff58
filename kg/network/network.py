"""A network: entities and how claims join them, as plain rows that everything else is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, order=True)
class Dispute:
    """Something on which claims cannot all be true: on what, what each side says, and the ids of the claims.

    `rests_on` are the decisions without which it would not be one, such as that two lists are the same.

    >>> str(Dispute("issued", ("2031-05-03", "2031-05-05"), ()))
    'issued: 2031-05-03 ≠ 2031-05-05'
    """

    on: str
    sides: tuple[str, ...]
    claims: tuple[str, ...]
    rests_on: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.on}: {' ≠ '.join(self.sides)}"


@dataclass(frozen=True)
class Node:
    """An entity of a network.

    `kind` is the word of its class (`person`), empty for what is in no table; `sort` is what it is classified as, such
    as `media` for an organization. `since` and `until` are the first and the last day on which it may have come about,
    in ISO 8601, empty where open: for a list the days on which it may have been issued. `series` is that of a list;
    `text` is what its mark shows, such as the total of a list. `claims` are ids of the claims that are about it.
    """

    id: str
    label: str
    kind: str = ""
    sort: str = ""
    iri: str = ""
    series: str = ""
    since: str = ""
    until: str = ""
    text: str = ""
    disputes: tuple[Dispute, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edge:
    """A relation from one entity to another, with all claims that tell it.

    `relation` is how screens call it, `predicate` the IRI of the property behind it, if there is one. `stance` is that
    of its claims: they assert it (`asserts`), deny it (`denies`) or cannot verify it (`cannot-verify`); a relation that
    is no property may itself be a denial, and has its stance, too. `weight` is a number of the query's own, else how
    many independent sources tell it. `since` and `until` bound the days for which it holds, in ISO 8601, empty where
    open. `claims` are ids of claims; `disputes` are those in which they have a part, if the relation is a property, so
    that it is itself disputed.
    """

    source: str
    target: str
    relation: str
    predicate: str = ""
    stance: str = "asserts"
    weight: float = 1.0
    since: str = ""
    until: str = ""
    disputes: tuple[Dispute, ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def denied(self) -> bool:
        """Whether it is a denial, or what somebody cannot verify: in either case no tie."""
        return self.stance != "asserts"

    @property
    def told(self) -> str:
        """The relation with its stance, where it does not tell that itself.

        >>> Edge("person/b", "organization/a", "heads", "https://w3id.org/kg-registry/ns#heads", "denies").told
        'heads (denied)'
        """
        return f"{self.relation} ({_STANCES[self.stance]})" if self.predicate and self.denied else self.relation


_STANCES = {"denies": "denied", "cannot-verify": "not verified"}


@dataclass(frozen=True)
class Network:
    """Part of a registry as a network; nodes are ordered by id, edges by their ends and relation.

    `name` and `title` are those of the query; `dropped` tells why some of its rows make no edge, and how many each.
    """

    name: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by their ids."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def degree(self) -> dict[str, int]:
        """How many edges each node has; one that leads back to its node counts twice."""
        found = {node.id: 0 for node in self.nodes}
        for edge in self.edges:
            found[edge.source] += 1
            found[edge.target] += 1
        return found

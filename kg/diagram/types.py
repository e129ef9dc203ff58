"""What sort of thing a node is, as it is seen: a shape and a colour for each, so that neither is needed alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from kg.draw.geometry import Point
from kg.draw.svg import Element, element, path
from kg.network.network import Node


@dataclass(frozen=True)
class Type:
    """A type of node: its key, what one and several of it are called, the number of its colour, and its shape.

    The shape has its corners around the origin, as if it had a radius of 1; without corners it is a circle.
    """

    key: str
    one: str
    more: str
    colour: int
    corners: tuple[Point, ...] = ()
    holed: bool = False

    @property
    def extent(self) -> tuple[float, float]:
        """Half its width and half its height, as shares of its radius."""
        if not self.corners:
            return 1.0, 1.0
        return max(abs(x) for x, _ in self.corners), max(abs(y) for _, y in self.corners)


def _regular(corners: int, turn: float, radius: float) -> tuple[Point, ...]:
    angles = [(turn + place / corners) * 2 * math.pi for place in range(corners)]
    return tuple((round(radius * math.cos(a), 3), round(radius * math.sin(a), 3)) for a in angles)


_SQUARE = ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
_SHIELD = ((-0.95, -0.95), (0.95, -0.95), (0.95, 0.3), (0, 1.1), (-0.95, 0.3))
_PAGE = ((-0.8, -1.05), (0.3, -1.05), (0.8, -0.55), (0.8, 1.05), (-0.8, 1.05))
_BUBBLE = ((-1.1, -0.85), (1.1, -0.85), (1.1, 0.5), (-0.1, 0.5), (-0.6, 1.1), (-0.6, 0.5), (-1.1, 0.5))
_PLATE = ((-1.7, -0.9), (1.7, -0.9), (1.7, 0.9), (-1.7, 0.9))

TYPES: dict[str, Type] = {
    each.key: each
    for each in (
        Type("person", "person", "people", 1),
        Type("case", "case", "cases", 2, ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0))),
        Type("list", "list", "lists", 0, _PLATE),
        Type("group", "group", "groups", 0, holed=True),
        Type("organization", "organization", "organizations", 3, _SQUARE),
        Type("media", "medium", "media", 4, _regular(6, 0, 1.12)),
        Type("state-body", "state body", "state bodies", 8, _SHIELD),
        Type("prison", "place of detention", "places of detention", 9, ((0, -1.1), (1.15, 0.9), (-1.15, 0.9))),
        Type("voice", "unnamed voice", "unnamed voices", 7, _BUBBLE),
        Type("law", "law", "laws", 5, _regular(5, -0.25, 1.12)),
        Type("place", "place", "places", 6, ((0, 1.1), (1.15, -0.9), (-1.15, -0.9))),
        Type("source", "source", "sources", 4, _PAGE),
        Type("other", "other", "others", 8, _SQUARE, holed=True),
    )
}
_SORTS = {"media": "media", "state body": "state-body", "court": "state-body", "prison": "prison"}


def type_of(node: Node) -> Type:
    """The type of a node: that of its kind, or for some organizations that of what they are classified as.

    >>> type_of(Node("organization/x", "X", "organization", "media")).one
    'medium'
    """
    if node.kind == "organization":
        return TYPES[_SORTS.get(node.sort, "organization")]
    return TYPES.get(node.kind, TYPES["other"])


def types(nodes: Iterable[Node]) -> dict[Type, int]:
    """The types that some nodes have, in the order of `TYPES`, with how many nodes have each."""
    count: dict[Type, int] = {}
    for node in nodes:
        found = type_of(node)
        count[found] = count.get(found, 0) + 1
    return {each: count[each] for each in TYPES.values() if each in count}


def mark(of: Type, at: Point, radius: float) -> tuple[Element, ...]:
    """The shape of a type around a point; its colour is that of the element around it."""
    x, y = at
    if of.corners:
        corners = ((x + dx * radius, y + dy * radius) for dx, dy in of.corners)
        shape = element("path", class_="shape", d=path(corners, closed=True))
    else:
        shape = element("circle", class_="shape", cx=x, cy=y, r=radius)
    return (shape, element("circle", class_="hole", cx=x, cy=y, r=radius * 0.45)) if of.holed else (shape,)

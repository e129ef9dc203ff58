"""What stands for a node: a mark of its type, larger the more edges it has, and its name in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

from kg.diagram.signs import RADIUS, more_box
from kg.diagram.types import Type, type_of
from kg.draw.geometry import Box, Point
from kg.draw.svg import clean
from kg.draw.type import text_width, wrap
from kg.network.network import Network, Node

NAME, HUB, SMALL, PLATE = 11.5, 12.5, 10.0, 12.0  # sizes of type
_LEADING = {NAME: 14.0, HUB: 15.0, SMALL: 12.5}
_WIDEST, _LONGEST_WORD = 138.0, 190.0
_LINES = 4
_HUB = 6  # a node with so many edges has a bold name
_DISPUTES = 3  # so many lines on disputes has a label
_SIDES_TOLD = 36  # so many characters of a dispute are told beside the mark


@dataclass(frozen=True)
class Line:
    """A line of a label: its text, its size, and whether it is bold or tells of a dispute."""

    text: str
    size: float
    look: str = ""

    @property
    def width(self) -> float:
        """The room it takes."""
        return text_width(self.text, self.size, bold=self.look == "strong")

    @property
    def leading(self) -> float:
        """From its base line to that of the next."""
        return _LEADING[self.size]


@dataclass(frozen=True)
class Figure:
    """A node as it is drawn: `hidden` is how many of its neighbours are left out."""

    place: int
    node: Node
    type: Type
    radius: float
    text: str
    hidden: int

    @cached_property
    def half(self) -> tuple[float, float]:
        """Half the width and half the height of its mark."""
        if self.text:
            return text_width(self.text, PLATE, bold=True) / 2 + 8, 11.0
        across, down = self.type.extent
        return across * self.radius, down * self.radius

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Its label: the name, and on what sources disagree."""
        size, look = (HUB, "strong") if self.radius > _radius(_HUB - 1) else (NAME, "")
        name = clean(self.node.label) or clean(self.node.id)
        lines = [Line(text, size, look) for text in _balanced(name, size, bold=look == "strong")]
        told = [_short(str(each), each.on) for each in self.node.disputes]
        if len(told) > _DISPUTES:
            told = [*told[: _DISPUTES - 1], f"≠ {len(told) - _DISPUTES + 1} more"]
        return (*lines, *(Line(text, SMALL, "alert") for text in told))

    @property
    def size(self) -> tuple[float, float]:
        """The width and the height of its label."""
        return max(line.width for line in self.lines), sum(line.leading for line in self.lines)

    def box(self, at: Point) -> Box:
        """The room its mark takes at a point."""
        (x, y), (across, down) = at, self.half
        return Box(x - across, y - down, x + across, y + down)

    def sign_at(self, at: Point) -> Point:
        """Where the sign of a contradiction stands: on the upper right of its mark."""
        return at[0] + self.half[0] * 0.85, at[1] - self.half[1] * 0.9

    def more_at(self, at: Point) -> Point:
        """Where it is told how many neighbours are not drawn: on the upper left of its mark."""
        return at[0] - self.half[0] - 4, at[1] - self.half[1] - 3

    def signs(self, at: Point) -> Iterator[Box]:
        """The room that its signs take."""
        if self.node.disputes:
            x, y = self.sign_at(at)
            yield Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)
        if self.hidden:
            yield more_box(self.hidden, self.more_at(at))


def figures(network: Network, hidden: Mapping[str, int]) -> tuple[Figure, ...]:
    """The figures of a network's nodes, in their order."""
    return tuple(
        Figure(place, node, type_of(node), _radius(network.degree[node.id]), _plate(node), hidden.get(node.id, 0))
        for place, node in enumerate(network.nodes)
    )


def _radius(degree: int) -> float:
    return round(min(4.6 + 1.5 * sqrt(degree), 13.0), 2)


def _plate(node: Node) -> str:
    """What stands on the mark of a list."""
    return (clean(node.text) or "?") if node.kind == "list" else ""


def _balanced(text: str, size: float, *, bold: bool) -> tuple[str, ...]:
    """A text in as few lines as it needs, each about as long as the others."""
    longest = max((text_width(word, size, bold=bold) for word in text.split()), default=0.0)
    widest = max(_WIDEST, min(longest, _LONGEST_WORD))
    found = wrap(text, widest, size, bold=bold, most=_LINES) or ("?",)
    width = min(widest, longest)
    while text.split() and width < widest:
        lines = wrap(text, width, size, bold=bold, most=_LINES)
        if len(lines) <= len(found) and not lines[-1].endswith("…"):
            return lines
        width += 4
    return found


def _short(whole: str, on: str) -> str:
    """A dispute with its sides where they are short, else on what it is."""
    text = clean(whole)
    if len(text) <= _SIDES_TOLD and "≠" in text:
        return text
    told = clean(on)
    return f"≠ {told}" if len(told) <= _SIDES_TOLD else f"≠ {told[:_SIDES_TOLD]}…"

"""The axis of time on which lists stand: a band, and notches at months or years."""

from __future__ import annotations

from collections.abc import Iterator

from kg.diagram.drawing import Drawing
from kg.diagram.types import TYPES
from kg.draw.svg import Element, element, path
from kg.draw.theme import hue


def axis(drawing: Drawing) -> Iterator[Element]:
    """The band behind the lists, if they stand on an axis."""
    y = drawing.arrangement.axis
    if y is None:
        return
    xs = [x for x, height in drawing.points if height == y]
    ends = (min(xs) - 26, y), (max(xs) + 26, y)
    yield element("path", class_=f"band {hue(TYPES['list'].colour)}", d=path(ends))

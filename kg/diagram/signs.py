"""The small signs of a diagram: how thick a line is, arrow heads, ≠ for a contradiction, +N for what is not drawn."""

from __future__ import annotations

from math import sqrt

from kg.draw.geometry import Box, Point
from kg.draw.svg import Element, element, path, write

RULES = """
.sign circle{fill:$alert;stroke:$paper;stroke-width:1.2}
.sign text{font-size:10px;font-weight:700;fill:$paper;stroke:none;text-anchor:middle}
.more rect{fill:$paper;stroke:$quiet;stroke-width:1}
.more text{font-size:9px;fill:$quiet;stroke:none;text-anchor:middle}"""
RADIUS = 6.5  # of the sign of a contradiction
_HEAD = 7.0  # length of an arrow head
_MOST = 6.0  # so many sources make the thickest line


def thickness(weight: float) -> float:
    """How thick an edge of a weight is drawn: more with each independent source, up to six of them.

    >>> thickness(1), thickness(3)
    (0.9, 2.7)
    """
    return round(0.9 * min(max(weight, 1.0), _MOST), 2)


def head(before: Point, tip: Point, thick: float) -> str:
    """The `d` of a small triangle that points along the last of the way."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = sqrt(dx * dx + dy * dy) or 1.0
    dx, dy = dx / length, dy / length
    half = 2.4 + thick / 2
    back = tip[0] - _HEAD * dx, tip[1] - _HEAD * dy
    left = back[0] - half * dy, back[1] + half * dx
    right = back[0] + half * dy, back[1] - half * dx
    return path([tip, left, right], closed=True)


def unequal(at: Point) -> Element:
    """The sign of a contradiction, around a point."""
    x, y = at
    return element("g", element("circle", cx=x, cy=y, r=RADIUS), write("≠", x, y + 3.5), class_="sign")


def more(count: int, at: Point) -> Element:
    """How many neighbours are not drawn, around a point."""
    box = more_box(count, at)
    pill = element("rect", x=box.left, y=box.top, width=box.width, height=box.height, rx=6)
    return element("g", pill, write(f"+{count:,}", at[0], at[1] + 3.2), class_="more")


def more_box(count: int, at: Point) -> Box:
    """The room that takes."""
    half = 4.0 + 2.9 * len(f"+{count:,}")
    return Box(at[0] - half, at[1] - 6, at[0] + half, at[1] + 6)

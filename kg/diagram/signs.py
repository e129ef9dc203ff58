"""The small signs of a diagram: how thick a line is, arrow heads, ≠ for a contradiction, +N for what is not drawn."""

from __future__ import annotations

from math import sqrt

from kg.draw.geometry import Point
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
    text = f"+{count:,}"
    half = 4.0 + 2.9 * len(text)
    box = element("rect", x=at[0] - half, y=at[1] - 6, width=2 * half, height=12, rx=6)
    return element("g", box, write(text, at[0], at[1] + 3.2), class_="more")

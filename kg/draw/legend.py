"""Legends: what a sign looks like, and what it means, in columns that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.draw.geometry import Point
from kg.draw.svg import Element, element, group, tooltip, write
from kg.draw.type import text_width

SIZE = 12.0
_LEADING = 24.0
_KEY = 36.0  # room for a sign
_GAP = 22.0


@dataclass(frozen=True)
class Entry:
    """A sign, drawn around a point, with its meaning; `full` is told where one points."""

    draw: Callable[[Point], Sequence[Element]]
    text: str
    full: str = ""
    look: str = ""


def legend(entries: Sequence[Entry], at: Point, width: float) -> tuple[Element, float]:
    """The entries in columns of one width, read across, from an upper left corner; and the height they take."""
    if not entries:
        return group((), class_="legend"), 0.0
    widest = _KEY + max(text_width(entry.text, SIZE) for entry in entries)
    columns = max(1, int((width + _GAP) // (widest + _GAP)))
    step = (width + _GAP) / columns
    drawn = []
    for place, entry in enumerate(entries):
        x, y = at[0] + place % columns * step, at[1] + place // columns * _LEADING + _LEADING / 2
        drawn.append(
            element(
                "g",
                tooltip([entry.full or entry.text]),
                group(entry.draw((x + 14, y)), class_=entry.look or None),
                write(entry.text, x + _KEY, y + SIZE * 0.36, class_="note"),
            )
        )
    return group(drawn, class_="legend"), -(-len(entries) // columns) * _LEADING

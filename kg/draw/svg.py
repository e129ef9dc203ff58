"""SVG as text: elements, numbers and escaping, the same bytes for the same picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from kg.terminal import visible

_NONCHARACTERS = {ord(character): f"‹{ord(character):04X}›" for character in "\ufffe\uffff"}


@dataclass(frozen=True)
class Element:
    """An element of a picture; its children are elements, or texts that are escaped when it is written."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element | str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(_lines(self, 0)) + "\n"


def element(tag: str, *children: Element | str, **attributes: str | float | None) -> Element:
    """An element; an underscore in the name of an attribute is a hyphen, and None leaves an attribute out.

    >>> print(element("g", element("title", "a < b"), class_="mark", stroke_width=1.50), end="")
    <g class="mark" stroke-width="1.5"><title>a &lt; b</title></g>
    """
    pairs = (
        (name.strip("_").replace("_", "-"), value if isinstance(value, str) else number(value))
        for name, value in attributes.items()
        if value is not None
    )
    return Element(tag, tuple(pairs), children)


def group(children: Iterable[Element], **attributes: str | float | None) -> Element:
    """A `g` around elements."""
    return element("g", *children, **attributes)


def number(value: float) -> str:
    """A coordinate with at most two decimals.

    >>> number(12.0), number(0.126), number(-0.001)
    ('12', '0.13', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def clean(text: str) -> str:
    """A text of somebody else's on one line, with what cannot be seen, or not be XML, shown by its number.

    >>> clean("left\\u202eright")
    'left‹202E›right'
    """
    return visible(text).translate(_NONCHARACTERS)


def tooltip(lines: Iterable[str]) -> Element:
    """A `title`, shown where one points and read by screen readers: a line for each text that is not empty."""
    return element("title", "\n".join(filter(None, map(clean, lines))))


def write(text: str, x: float, y: float, **attributes: str | float | None) -> Element:
    """A line of text that begins (or with `text_anchor` ends, or is centred) at a point of its base line."""
    return element("text", clean(text), x=x, y=y, **attributes)


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """The `d` of a path along points.

    >>> path([(0, 0), (10, 5.5)])
    'M0 0L10 5.5'
    """
    joined = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{joined}{'Z' if closed else ''}"


def _lines(of: Element, depth: int) -> list[str]:
    """An element as lines: the parts of a picture below each other, what belongs to one mark or text on one line."""
    indent = "  " * depth
    head = of.tag + "".join(f' {name}="{_attribute(value)}"' for name, value in of.attributes)
    if not of.children:
        return [f"{indent}<{head}/>"]
    if not _holds_parts(of):
        inline = "".join(escape(each) if isinstance(each, str) else "".join(_lines(each, 0)) for each in of.children)
        return [f"{indent}<{head}>{inline}</{of.tag}>"]
    parts = [line for each in of.children if isinstance(each, Element) for line in _lines(each, depth + 1)]
    return [f"{indent}<{head}>", *parts, f"{indent}</{of.tag}>"]


def _holds_parts(of: Element) -> bool:
    first = of.children[0]
    return of.tag == "svg" or (of.tag == "g" and isinstance(first, Element) and first.tag != "title")


def _attribute(value: str) -> str:
    return escape(clean(value), {'"': "&quot;"})

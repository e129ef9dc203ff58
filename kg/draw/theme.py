"""Colours by day and by night, and the style sheet of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.draw.svg import Element, element
from kg.draw.type import FONTS

# Each colour by day and by night. Text and marks have a contrast of at least 4.5 to 1 with the paper in both.
COLOURS: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#11151c"),
    "ink": ("#16202b", "#eef2f6"),
    "quiet": ("#56616d", "#a3afbb"),
    "rule": ("#dde2e7", "#2a323d"),
    "alert": ("#b9380b", "#ff9b6a"),
}
HUES: tuple[tuple[str, str], ...] = (
    ("#067a57", "#3ecf9b"),
    ("#1f66b0", "#6db1f5"),
    ("#a23b83", "#ea8fce"),
    ("#8a5300", "#e0ab55"),
    ("#0b7285", "#54c7d8"),
    ("#6a4bbd", "#b09cf2"),
    ("#5d6b00", "#bccb4e"),
    ("#a8324e", "#f58ba2"),
    ("#3d5a80", "#9dbbe0"),
    ("#6b5344", "#cdb3a0"),
)


Declaration = tuple[str, str]
DAY, NIGHT = 0, 1


def style(rules: str) -> Element:
    """The style sheet of a picture: rules, one a line, in which `$name` is a colour; classes `hue-0` … are ready.

    The colours are custom properties, so that a page can set others; a reader that knows none takes those by day. Paper
    is always printed on by day.
    """
    parts = _all_parts(rules)
    lines = [
        *_plainly(parts, DAY),
        "@supports (color:var(--ink)){",
        f".kg-picture{{{_properties(DAY)}}}",
        f"@media screen and (prefers-color-scheme:dark){{.kg-picture{{{_properties(NIGHT)}}}}}",
        *(_rule(selector, painted) for selector, body in parts if (painted := list(_painted(body)))),
        "}",
    ]
    return _sheet(lines)


def plain_style(rules: str, time: int) -> Element:
    """The style sheet of a picture that keeps its colours, those by day (`DAY`) or by night (`NIGHT`), anywhere."""
    return _sheet(_plainly(_all_parts(rules), time))


def _sheet(lines: Iterable[str]) -> Element:
    return element("style", "\n" + "\n".join(lines) + "\n")


def _all_parts(rules: str) -> list[tuple[str, list[Declaration]]]:
    written = [f".{hue(place)}{{fill:${hue(place)};stroke:${hue(place)}}}" for place in range(len(HUES))]
    return [_parts(rule) for rule in (*written, *rules.split("\n")) if rule]


def _plainly(parts: Iterable[tuple[str, list[Declaration]]], time: int) -> Iterator[str]:
    yield f".kg-picture{{font-family:{FONTS}}}"
    for selector, body in parts:
        yield _rule(selector, ((what, _colour(value, time)) for what, value in body))


def hue(place: int) -> str:
    """The name of the colour with a number; they begin again after the last."""
    return f"hue-{place % len(HUES)}"


_NAMED = {**COLOURS, **{hue(place): pair for place, pair in enumerate(HUES)}}


def _properties(time: int) -> str:
    return ";".join(f"--{name}:{pair[time]}" for name, pair in _NAMED.items())


def _parts(rule: str) -> tuple[str, list[Declaration]]:
    """A rule as its selector, within the picture, and its declarations."""
    selector, _, body = rule.strip().rstrip("}").partition("{")
    pairs = (declaration.partition(":") for declaration in body.split(";"))
    within = ",".join(f".kg-picture {each}" for each in selector.split(","))
    return within, [(what, value) for what, _, value in pairs]


def _rule(selector: str, body: Iterable[Declaration]) -> str:
    return f"{selector}{{{';'.join(f'{what}:{value}' for what, value in body)}}}"


def _colour(value: str, time: int) -> str:
    return _NAMED[value[1:]][time] if value.startswith("$") else value


def _painted(body: Iterable[Declaration]) -> Iterator[Declaration]:
    """What a rule says of fill and stroke, also where it is none: it must win over the rules before it here, too."""
    for what, value in body:
        if what in ("fill", "stroke"):
            yield what, f"var(--{value[1:]})" if value.startswith("$") else value

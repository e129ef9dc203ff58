"""What the charts are drawn on: a heading, axes, a legend and notes around what each chart shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from kg.chart.layout import RIGHT, WIDTH
from kg.draw.legend import Entry, legend
from kg.draw.scale import Scale, Tick, day_text
from kg.draw.svg import Element, clean, element, group, number, path, write
from kg.draw.theme import style
from kg.draw.type import wrap

RULES = """
.paper{fill:$paper}
text{fill:$ink;stroke:none;unicode-bidi:isolate}
.title{font-size:20px;font-weight:700}
.subtitle,.note{font-size:12px;fill:$quiet}
.subtitle{font-size:13px}
.tick{font-size:12px;fill:$quiet}
.middle,.centred text{text-anchor:middle}
.end{text-anchor:end}
.grid,.axis,.key{stroke:$rule;stroke-width:1;fill:none}
.axis{stroke:$quiet}
.stem{stroke-width:1;stroke-opacity:0.28;fill:none}
.band{fill:$alert;fill-opacity:0.18;stroke:none}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.parted{stroke-width:1.6;stroke-dasharray:5 4}
.untold{stroke-width:1.2;stroke-dasharray:1.5 4.5}
.joiner{stroke:$alert;stroke-width:2;stroke-dasharray:0.1 4.4;stroke-linecap:round;fill:none}
.bare{stroke:$alert;stroke-width:2.4;stroke-linecap:round}
.settled{stroke:$quiet}
.plain{fill:$ink;stroke:$ink}
.whisker{stroke:$quiet;stroke-width:1.3;fill:none}
.guessed{stroke-dasharray:3 2.5}
.leader{stroke:$quiet;stroke-width:0.8;fill:none}
.solid{stroke:$paper;stroke-width:1.4;stroke-linejoin:round;paint-order:stroke}
.hollow{fill:$paper;stroke-width:1.9;stroke-linejoin:round}
.hole{fill:$paper;stroke:none}
.aside{opacity:0.5}
.label text{stroke:$paper;stroke-width:3;stroke-linejoin:round;paint-order:stroke}
.sign text{stroke-width:6}
.number,.series-name{font-weight:700}
.number{font-size:13px}
.small{font-size:10.5px;fill:$quiet}
.series-name{font-size:12.5px;fill:inherit}
.alert .number{fill:$alert}
.quiet .number{fill:$quiet}
"""


def heading(title: str, words: str, left: float) -> tuple[Element, float]:
    """The title and how to read the chart; and where they end."""
    lines = wrap(words, WIDTH - left - RIGHT, 13)
    drawn = [write(title, left, 40, class_="title")]
    drawn += [write(line, left, 63 + place * 18, class_="subtitle") for place, line in enumerate(lines)]
    return group(drawn, class_="heading"), 63.0 + 18 * len(lines)


def as_known(known: date | None) -> str:
    """How a heading ends if the registry is drawn as it was on a day."""
    return f", as known on {day_text(known.toordinal())}" if known else ""


def foot(keys: Iterable[Sequence[Entry]], notes: Iterable[str], left: float, top: float) -> tuple[list[Element], float]:
    """Legends and notes below a line; and where they end."""
    drawn, below = [], top + 40
    for entries in keys:
        key, height = legend(entries, (left, below), WIDTH - left - RIGHT)
        drawn.append(key)
        below += height + 10
    written = [write(note, left, below + 14 + place * 18, class_="note") for place, note in enumerate(notes)]
    return [*drawn, group(written, class_="foot")], below + 18 * len(written) + 14


def sheet(title: str, told: Iterable[str], rules: str, parts: Iterable[Element], tall: float) -> str:
    """A chart as the text of an SVG; `told` says it in words, for those who cannot see it."""
    root = element(
        "svg",
        element("title", title, id="kg-title"),
        element("desc", "\n".join(map(clean, told)), id="kg-desc"),
        style(rules),
        element("rect", class_="paper", width=WIDTH, height=tall),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(tall)}",
        width=WIDTH,
        height=tall,
        class_="kg-picture",
        role="graphics-document document",
        aria_labelledby="kg-title kg-desc",
        lang="en",
    )
    return str(root)


def grid(x: Scale, y: Scale, days: Sequence[Tick], numbers: Sequence[Tick]) -> Iterator[Element]:
    """Lines at ticks of time, and at round numbers."""
    for tick in days:
        yield element("path", class_="grid", d=path([(x(tick.value), y.end), (x(tick.value), y.start)]))
    for tick in numbers:
        line = path([(x.start, y(tick.value)), (x.end, y(tick.value))])
        yield element("path", class_="axis" if tick.value == 0 else "grid", d=line)
        if tick.text:
            yield write(tick.text, x.start - 10, y(tick.value) + 4, class_="tick end")


def time_axis(x: Scale, y: float, ticks: Sequence[Tick]) -> Iterator[Element]:
    """Ticks of time with their texts, at a height."""
    for tick in ticks:
        at = x(tick.value)
        yield element("path", class_="axis", d=path([(at, y), (at, y + 5)]))
        yield write(tick.text, at, y + 20, class_="tick middle")


def many(count: int, one: str, more: str = "") -> str:
    """So many of a thing.

    >>> many(1, "claim"), many(1200, "claim"), many(2, "series", "series")
    ('1 claim', '1,200 claims', '2 series')
    """
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def few(words: Sequence[str], most: int = 4) -> str:
    """The first of some words, and how many more there are.

    >>> few(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more

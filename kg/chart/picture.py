"""The chart of lists as a picture: its heading, its panels on one axis of time, its legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from kg.chart.editions import Lists
from kg.chart.key import shapes, signs
from kg.chart.layout import LEFT, RIGHT, WIDTH, Layout, Strip, arranged
from kg.chart.words import summary
from kg.draw.legend import legend
from kg.draw.scale import Tick, day_text, time_ticks
from kg.draw.svg import Element, clean, element, group, number, path, write
from kg.draw.theme import hue, style
from kg.draw.type import wrap

_RULES = """
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


def picture(lists: Lists, known: date | None = None) -> str:
    """The chart as the text of an SVG; `known` is the day on which the registry was as it is drawn."""
    title = "Names on the lists over time"
    heading, top = _heading(title, lists, known)
    layout = arranged(lists, top)
    notes = _notes(lists, layout)
    keys, below = [], layout.bottom + 40
    for entries in (shapes(lists), signs(lists)):
        key, height = legend(entries, (LEFT, below), WIDTH - LEFT - RIGHT)
        keys.append(key)
        below += height + 10
    foot = [write(note, LEFT, below + 14 + place * 18, class_="note") for place, note in enumerate(notes)]
    tall = below + 18 * len(foot) + 14
    parts = [
        element("title", title, id="kg-title"),
        element("desc", "\n".join(map(clean, summary(lists))), id="kg-desc"),
        style(_RULES),
        element("rect", class_="paper", width=WIDTH, height=tall),
        group(heading, class_="heading"),
        *_drawn(layout),
        *keys,
        group(foot, class_="foot"),
    ]
    root = element(
        "svg",
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


def _heading(title: str, lists: Lists, known: date | None) -> tuple[list[Element], float]:
    """The title and how to read the chart; and where they end."""
    totals = [total for series in lists.series for total in series.totals]
    implied = sum(total.implied for total in totals)
    editions = sum(len(series.editions) for series in lists.series)
    more = f" and {_many(implied, 'implied total')}" if implied else ""
    series = sum(bool(each.key) for each in lists.series)
    of_series = f" of {_many(series, 'series', 'series')}" if series else ""
    then = f", as known on {day_text(known.toordinal())}" if known else ""
    words = (
        "Each mark is what one source says of one edition; its shape tells the source. "
        f"{_many(len(totals) - implied, 'claim')}{more} on {_many(editions, 'edition')}{of_series}{then}."
    )
    lines = wrap(words, WIDTH - LEFT - RIGHT, 13)
    drawn = [write(title, LEFT, 40, class_="title")]
    drawn += [write(line, LEFT, 63 + place * 18, class_="subtitle") for place, line in enumerate(lines)]
    return drawn, 63.0 + 18 * len(lines)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def _drawn(layout: Layout) -> Iterator[Element]:
    if not layout.strips:
        yield write("Nothing says how many names a list holds.", LEFT, layout.bottom, class_="note")
        return
    many = len(layout.strips) > 1
    ticks = time_ticks(layout.x.low, layout.x.high, 14)
    for strip in layout.strips:
        yield group(_grid(layout, strip, ticks if many else []), class_="axes")
        if strip.name:
            yield group([_head(layout, strip)], class_="plain" if strip.colour is None else hue(strip.colour))
        yield group(strip.panel.draw(), class_="panel")
    yield group(_time_axis(layout, ticks), class_="axes")


def _head(layout: Layout, strip: Strip) -> Element:
    (line,) = wrap(strip.name, layout.x.end - LEFT, 12.5, bold=True, most=1)
    return write(line, LEFT, strip.panel.room.top - 4, class_="series-name")


def _grid(layout: Layout, strip: Strip, ticks: Sequence[Tick]) -> Iterator[Element]:
    """Lines at round numbers, and at the ticks of time."""
    y = strip.panel.y
    for tick in ticks:
        x = layout.x(tick.value)
        yield element("path", class_="grid", d=path([(x, y.end), (x, y.start)]))
    for tick in strip.ticks:
        line = path([(LEFT, y(tick.value)), (layout.x.end, y(tick.value))])
        yield element("path", class_="axis" if tick.value == 0 else "grid", d=line)
        yield write(tick.text, LEFT - 10, y(tick.value) + 4, class_="tick end")


def _time_axis(layout: Layout, ticks: Sequence[Tick]) -> Iterator[Element]:
    y = layout.strips[-1].panel.y.start
    for tick in ticks:
        x = layout.x(tick.value)
        yield element("path", class_="axis", d=path([(x, y), (x, y + 5)]))
        yield write(tick.text, x, y + 20, class_="tick middle")


def _notes(lists: Lists, layout: Layout) -> list[str]:
    found = []
    if len(layout.strips) > 1:
        own = "Each panel counts from zero on a scale of its own: compare heights within a panel only."
        found.append("All panels count from zero on one scale." if layout.one_scale else own)
    if left_out := sum(strip.panel.unlabelled for strip in layout.strips):
        found.append(f"{_many(left_out, 'label')} found no room.")
    if lists.undated:
        undated = _many(len(lists.undated), "total")
        found.append(f"{undated} not drawn, for nothing says of when: {_few(lists.undated)}.")
    return found


def _few(words: Sequence[str], most: int = 4) -> str:
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more

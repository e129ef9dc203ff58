"""The chart of lists as a picture: its heading, its panels on one axis of time, its legend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kg.chart.editions import Lists
from kg.chart.key import shapes, signs
from kg.chart.layout import LEFT, Layout, Strip, arranged
from kg.chart.sheet import RULES, as_known, few, foot, grid, heading, many, sheet, time_axis
from kg.chart.words import summary
from kg.draw.scale import time_ticks
from kg.draw.svg import Element, group, write
from kg.draw.theme import hue
from kg.draw.type import wrap

_TITLE = "Names on the lists over time"


def picture(lists: Lists, known: date | None = None) -> str:
    """The chart as the text of an SVG; `known` is the day on which the registry was as it is drawn."""
    head, top = heading(_TITLE, f"{_words(lists)}{as_known(known)}.", LEFT)
    layout = arranged(lists, top)
    look = "plain" if len(lists.series) > 1 else hue(0)
    below, tall = foot((shapes(lists, look), signs(lists, look)), _notes(lists, layout), LEFT, layout.bottom)
    return sheet(_TITLE, summary(lists), RULES, (head, *_drawn(layout), *below), tall)


def _words(lists: Lists) -> str:
    """How to read the chart, and how much it shows."""
    totals = [total for series in lists.series for total in series.totals]
    implied = sum(total.implied for total in totals)
    editions = sum(len(series.editions) for series in lists.series)
    more = f" and {many(implied, 'implied total')}" if implied else ""
    series = sum(bool(each.key) for each in lists.series)
    of_series = f" of {many(series, 'series', 'series')}" if series else ""
    return (
        "Each mark is what one source says of one edition; its shape tells the source. "
        f"{many(len(totals) - implied, 'claim')}{more} on {many(editions, 'edition')}{of_series}"
    )


def _drawn(layout: Layout) -> Iterator[Element]:
    if not layout.strips:
        yield write("Nothing says how many names a list holds.", LEFT, layout.bottom, class_="note")
        return
    ticks = time_ticks(layout.x.low, layout.x.high, 14)
    lined = ticks if len(layout.strips) > 1 else []
    for strip in layout.strips:
        yield group(grid(layout.x, strip.panel.y, lined, strip.ticks), class_="axes")
        if strip.name:
            yield group([_head(layout, strip)], class_="plain" if strip.colour is None else hue(strip.colour))
        yield group(strip.panel.draw(), class_="panel")
    yield group(time_axis(layout.x, layout.strips[-1].panel.y.start, ticks), class_="axes")


def _head(layout: Layout, strip: Strip) -> Element:
    (line,) = wrap(strip.name, layout.x.end - LEFT, 12.5, bold=True, most=1)
    return write(line, LEFT, strip.panel.room.top - 4, class_="series-name")


def _notes(lists: Lists, layout: Layout) -> list[str]:
    found = []
    if len(layout.strips) > 1:
        own = "Each panel counts from zero on a scale of its own: compare heights within a panel only."
        found.append("All panels count from zero on one scale." if layout.one_scale else own)
    if left_out := sum(strip.panel.unlabelled for strip in layout.strips):
        found.append(f"{many(left_out, 'label')} found no room.")
    if lists.undated:
        undated = many(len(lists.undated), "total")
        found.append(f"{undated} not drawn, for nothing says of when: {few(lists.undated)}.")
    return found

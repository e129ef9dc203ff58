"""The chart of groups as a picture: the totals of each series, and below them a panel for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from kg.chart.groups import Groups
from kg.chart.key import shapes, signs
from kg.chart.layout import RIGHT, WIDTH
from kg.chart.sheet import RULES, as_known, few, foot, grid, heading, many, sheet, time_axis
from kg.chart.tiers import LEADING, LEFT, SMALL, Block, Layout, Multiple, tiered
from kg.chart.words import summary
from kg.draw.scale import Tick, time_ticks
from kg.draw.svg import Element, element, group, path, tooltip, write
from kg.draw.theme import hue
from kg.draw.type import wrap

_TITLE = "Groups on the lists over time"
_READ = (
    "All panels count from zero, those of a series on one scale as far as nothing else is said. "
    "A thin line down from the totals is an edition, whether or not it counts the group."
)
_NOTHING = "Nothing says how many names of a list are in a group."
_NOWHERE = "Nothing says of when the lists are whose groups are counted."
_MORE = """.name{font-size:12.5px;font-weight:700}
.section{font-size:15px;font-weight:700;fill:inherit}
.edition{stroke:$rule;stroke-width:1;fill:none}
.over text{stroke:$paper;stroke-width:4;stroke-linejoin:round;paint-order:stroke}
"""


def group_picture(groups: Groups, known: date | None = None) -> str:
    """The chart as the text of an SVG; `known` is the day on which the registry was as it is drawn."""
    head, top = heading(_TITLE, f"{_words(groups)}{as_known(known)}.", LEFT)
    layout = tiered(groups, top)
    lists = groups.lists
    look = "plain" if len(groups.sections) > 1 else hue(0)
    below, tall = foot((shapes(lists, look), signs(lists, look)), _notes(groups, layout), LEFT, layout.bottom)
    return sheet(_TITLE, summary(lists), f"{RULES}{_MORE}", (head, *_drawn(groups, layout), *below), tall)


def _words(groups: Groups) -> str:
    """How to read the chart, and how much it shows."""
    counts = [total for section in groups.sections for part in section.parts for total in part.counts.totals]
    implied = sum(total.implied for total in counts)
    more = f" and {many(implied, 'implied number')}" if implied else ""
    parts = sum(len(section.parts) for section in groups.sections)
    return (
        "Each mark is what one source says of one edition, or of a group in it; its shape tells the source. "
        f"{many(len(counts) - implied, 'claim')}{more} on {many(parts, 'group')}"
    )


def _drawn(groups: Groups, layout: Layout) -> Iterator[Element]:
    if not layout.blocks:
        yield write(_NOWHERE if groups.undated else _NOTHING, LEFT, layout.bottom, class_="note")
        return
    ticks = time_ticks(layout.x.low, layout.x.high, 12)
    for block in layout.blocks:
        yield group(_head(block, layout), class_=f"head {hue(block.colour)}")
        yield group(_guides(block, layout), class_="axes")
        for tier in block.tiers:
            if tier.finer:
                yield group([write(_finer(tier.finer), layout.x.start, tier.top + 19, class_="note")], class_="over")
            for multiple in tier.multiples:
                yield group(grid(layout.x, multiple.panel.y, (), _shown(multiple.ticks)), class_="axes")
                yield _name(multiple)
                yield group(multiple.panel.draw(), class_="panel")
        for axis in block.axes:
            yield group(time_axis(layout.x, axis, ticks), class_="axes over")


def _head(block: Block, layout: Layout) -> Iterator[Element]:
    (line,) = wrap(block.section.name, layout.x.end - LEFT, 15, bold=True, most=1)
    yield write(line, LEFT, block.top + 34, class_="section")
    if block.section.is_place:
        yield write("counted in the place, not on a list", LEFT, block.top + 50, class_="note")


def _finer(times: float) -> str:
    high = f"{times:,.0f}" if times >= 10 else f"{times:.1f}"
    return f"Smaller groups, on a finer scale: one name is drawn {high} times as high as above."


def _shown(ticks: Sequence[Tick]) -> list[Tick]:
    """The ticks without the text of a zero that stands alone, which would look like a count."""
    return [replace(tick, text="") for tick in ticks] if len(ticks) == 1 else list(ticks)


def _guides(block: Block, layout: Layout) -> Iterator[Element]:
    """A line at each time at which an edition stands, through all panels, also where it does not count the group."""
    places = (place for series in block.section.series for each in series.editions for place in each.places)
    top = block.multiples[0].panel.y.start
    for x in sorted({layout.x(place.span.middle) for place in places}):
        yield element("path", class_="edition", d=path([(x, top), (x, block.bottom)]))


def _name(multiple: Multiple) -> Element:
    """The name beside the middle of its panel, with its whole where one points."""
    scale, name = multiple.panel.y, multiple.name
    y = min((scale.start + scale.end - name.tall) / 2, scale.start + 4 - name.tall) - 2
    lines = [write(line, LEFT, y + LEADING * place, class_="name") for place, line in enumerate(name.lines, 1)]
    y += LEADING * len(lines)
    lines += [write(line, LEFT, y + SMALL * place, class_="small") for place, line in enumerate(name.within, 1)]
    return element("g", tooltip([name.full]), *lines, class_="plain")


def _notes(groups: Groups, layout: Layout) -> list[str]:
    found = []
    panels = [each.panel for block in layout.blocks for each in block.multiples]
    if panels:
        found.append(_READ)
    if left_out := sum(panel.unlabelled for panel in panels):
        found.append(f"{many(left_out, 'label')} found no room.")
    if groups.undated:
        undated = many(len(groups.undated), "count")
        found.append(f"{undated} not drawn, for nothing says of when: {few(groups.undated)}.")
    if groups.elsewhere:
        untimed = many(len(groups.elsewhere), "count")
        found.append(f"{untimed} in places not drawn, told of no time or of one alone: {few(groups.elsewhere)}.")
    if groups.undivided:
        found.append(f"{many(groups.undivided, 'series', 'series')} not drawn: nobody counts a group there.")
    return [line for note in found for line in wrap(note, WIDTH - LEFT - RIGHT, 12)]

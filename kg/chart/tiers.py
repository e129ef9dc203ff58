"""How the chart of groups is divided: panels below each other on one axis of time, in tiers that share a scale.

The totals of a series and its large groups count on one scale. Groups that would lie flat on it follow on a finer one,
so that each name is drawn higher; those that would lie flat there again on a finer one still. Within a tier heights
compare; where a tier begins, the chart says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.chart.editions import Series, Source
from kg.chart.groups import Groups, Part, Section
from kg.chart.layout import RIGHT, WIDTH, time_scale, within
from kg.chart.panel import Panel
from kg.draw.geometry import Box
from kg.draw.scale import Scale, Tick, ticks_from_zero
from kg.draw.type import wrap

LEFT = 40.0
NAMES = 182.0  # room for the names of panels, left of their ticks
_PLOT = 274.0  # where the axis of time begins
_TALL, _SHARED, _PLACE = 140.0, 80.0, 64.0  # height of the highest panel: of one series, of several, of a place
_FINE = 48.0  # height of the highest panel of each further tier
_LOWEST = 12.0  # no panel is lower
_READABLE, _LEGIBLE = 18.0, 0.8  # how high the highest mark of a panel stands at least in the first tier, and in others
_STEP = 20.0  # between ticks, at least
_FAR = 7  # below more panels than these the axis of time is far from the totals, and is written out there, too
_LINE, _TWO_LINES = 28.0, 41.0  # room above the highest value for its label
_GAP = 4.0
_HEAD, _REMARK, _AXIS = (
    46.0,
    26.0,
    44.0,
)  # room for the name of a section, for what a tier is, for an axis with its texts
LEADING, SMALL = 15.0, 13.0  # of a panel's name, and of what it is a part of


@dataclass(frozen=True)
class Name:
    """The name of a panel: in full, in lines that fit, and in lines of what it is a part."""

    full: str
    lines: tuple[str, ...]
    within: tuple[str, ...] = ()

    @property
    def tall(self) -> float:
        """The room it takes."""
        return LEADING * len(self.lines) + SMALL * len(self.within)


@dataclass(frozen=True)
class Multiple:
    """One panel with its ticks and its name."""

    panel: Panel
    ticks: Sequence[Tick]
    name: Name


@dataclass(frozen=True)
class Tier:
    """Panels on one scale; `finer` is how many times higher than in the tier before a name is drawn, 0 in the first."""

    top: float
    multiples: tuple[Multiple, ...]
    finer: float = 0


@dataclass(frozen=True)
class Block:
    """A section with its colour, from the line of its name down; `axes` are where the axis of time is written out."""

    section: Section
    colour: int
    top: float
    tiers: tuple[Tier, ...]
    axes: tuple[float, ...]

    @property
    def bottom(self) -> float:
        """Where its last panel ends."""
        return self.axes[-1]

    @property
    def multiples(self) -> tuple[Multiple, ...]:
        """All its panels."""
        return tuple(each for tier in self.tiers for each in tier.multiples)


@dataclass(frozen=True)
class Layout:
    """All sections on one axis of time."""

    x: Scale
    blocks: tuple[Block, ...]
    bottom: float


def tiered(groups: Groups, top: float) -> Layout:
    """The layout of all sections below a line."""
    if not groups.sections:
        return Layout(Scale(0, 1, _PLOT, WIDTH - RIGHT), (), top + 18)
    x = time_scale(groups.lists, _PLOT, WIDTH - RIGHT)
    shapes = {source.id: (place, source) for place, source in enumerate(groups.sources)}
    series = _TALL if sum(not section.is_place for section in groups.sections) == 1 else _SHARED
    blocks = []
    for colour, section in enumerate(groups.sections):
        block = _block(section, colour, _Ground(x, shapes, _PLACE if section.is_place else series), top)
        blocks.append(block)
        top = block.bottom + _AXIS
    return Layout(x, tuple(blocks), top - _AXIS)


@dataclass(frozen=True)
class _Ground:
    """What the panels of a section share."""

    x: Scale
    shapes: Mapping[str, tuple[int, Source]]
    tall: float


def _block(section: Section, colour: int, ground: _Ground, top: float) -> Block:
    y, before = top + _HEAD, 0.0
    found: list[Tier] = []
    axes: list[float] = []
    for per, members in _scales(section, ground.tall):
        begins, made = y, []
        y += _REMARK if found else 0
        every = _ticks(per, members)
        for series, name in members:
            multiple = _multiple((colour, series), name, per, every, ground, y)
            made.append(multiple)
            y = multiple.panel.y.start + _GAP
            if series is section.whole and len(section.parts) > _FAR:
                axes.append(multiple.panel.y.start)
                y += _AXIS - 2 * _GAP
        if made:
            found.append(Tier(begins, tuple(made), per / before if found else 0))
        before = per
    return Block(section, colour, top, tuple(found), (*axes, y - _GAP))


Member = tuple[Series, Name]


def _scales(section: Section, tall: float) -> Iterator[tuple[float, list[Member]]]:
    """How high one name is drawn in each tier, and what stands in it."""
    per, least = tall / max(1.0, *(series.highest for series in section.series)), _READABLE
    members = [(section.whole, Name("All names", ("All names",)))] if section.whole else []
    left = list(section.parts)
    while left or members:
        count = sum(part.highest * per >= least for part in left)
        if not any(part.highest for part in left[count:]):
            count = len(left)
        yield per, [*members, *((part.counts, _name(part)) for part in left[:count])]
        members, left = [], left[count:]
        if left:
            per = _FINE / max(left[0].highest, 1)
            least = _LEGIBLE


def _name(part: Part) -> Name:
    within = f"part of {', '.join(part.within)}" if part.within else ""
    lines = wrap(part.counts.name, NAMES, 12.5, bold=True)
    return Name(part.counts.name, lines, wrap(within, NAMES, 10.5, most=2) if within else ())


def _ticks(per: float, members: Sequence[Member]) -> list[Tick]:
    highest = max((series.highest for series, _ in members), default=0)
    return ticks_from_zero(highest, max(1, int(highest * per / _STEP)))


def _multiple(
    numbered: tuple[int, Series], name: Name, per: float, every: Sequence[Tick], ground: _Ground, top: float
) -> Multiple:
    """A panel from a line down, as high as its numbers and its name need."""
    series = numbered[1]
    tall = max(_LOWEST, series.highest * per)
    busy = any(len(edition.places) > 1 for edition in series.editions) or any(each.denied for each in series.totals)
    above = max(_TWO_LINES if busy else _LINE, name.tall + 4 - tall)
    start = top + above
    y = Scale(0, tall / per, start + tall, start)
    room = Box(ground.x.start + 2, top + 1, WIDTH - 6, y.start - 1)
    return Multiple(Panel([numbered], ground.shapes, ground.x, y, room), list(within(every, y.high)), name)

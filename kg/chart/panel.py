"""One panel of a chart of claims: stems, lines, bands, whiskers and marks, and the labels beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kg.chart.captions import Caption, bare_caption, captions, name_caption, sign
from kg.chart.editions import Edition, Place, Series, Source, Total
from kg.chart.words import account
from kg.draw.geometry import Box, Point, Segment, hull
from kg.draw.labels import Spot, place
from kg.draw.marks import SIZE, shape, side_by_side, whisker
from kg.draw.scale import Scale
from kg.draw.svg import Element, element, group, path, tooltip
from kg.draw.theme import hue

_OPEN = 17.0  # how far an open whisker reaches
_JOINED = 2.5 * SIZE  # a shorter joiner is hidden by the marks it joins; then the label says it

Strand = tuple[Point, Point]


@dataclass(frozen=True)
class Mark:
    """A total where it is drawn: `at` is where it stands, `true` where it would stand alone."""

    total: Total
    edition: Edition
    colour: int
    true: Point
    at: Point

    @property
    def box(self) -> Box:
        """The room it takes."""
        (x, y), half = self.at, SIZE / 2 + 1.5
        return Box(x - half, y - half, x + half, y + half)


@dataclass(frozen=True)
class Joiner:
    """What joins two readings of an edition of which one at most is right."""

    start: Point
    end: Point
    settled: bool = False

    @property
    def seen(self) -> bool:
        """Whether it is long enough to be seen between its marks."""
        return max(abs(self.start[0] - self.end[0]), abs(self.start[1] - self.end[1])) > _JOINED


@dataclass(frozen=True)
class Panel:
    """A stretch of the chart with its own marks.

    `series` come with the numbers of their colours, `sources` with those of their shapes; `room` is where labels may
    stand; `named` is how wide the names at the ends of lines may be, 0 where there are none.
    """

    series: Sequence[tuple[int, Series]]
    sources: Mapping[str, tuple[int, Source]]
    x: Scale
    y: Scale
    room: Box
    named: float = 0

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """All marks, side by side where they would cover each other."""
        found = [
            (total, edition, colour, self._point(total.place, total.value))
            for colour, series in self.series
            for edition in series.editions
            for total in sorted(edition.totals, key=self._order)
        ]
        xs = side_by_side([true for *_, true in found])
        return tuple(
            Mark(total, edition, colour, true, (x, true[1]))
            for (total, edition, colour, true), x in zip(found, xs, strict=True)
        )

    def _order(self, total: Total) -> tuple[bool, float, int, str]:
        shape_number, _ = self.sources.get(total.source, (0, None))
        return total.implied, total.value, shape_number, total.id

    def _point(self, where: Place, value: float) -> Point:
        return round(self.x(where.span.middle), 3), round(self.y(value), 3)

    def draw(self) -> list[Element]:
        """The panel's parts, from the back to the front."""
        spots = [(caption, spot) for caption, spot in zip(self._captions, self._spots, strict=True) if spot]
        leaders = [spot.leader for _, spot in spots if spot.leader]
        return [
            group(self._stems(), class_="stems"),
            group((each for colour, series in self.series for each in self._line(colour, series)), class_="lines"),
            group(self._joined(), class_="joiners"),
            group(self._whiskers(), class_="whiskers"),
            group(
                (element("path", class_="leader", d=path([each.start, each.end])) for each in leaders), class_="leaders"
            ),
            group(map(self._mark, self.marks), class_="marks"),
            group((caption.draw(spot.box) for caption, spot in spots), class_="labels"),
        ]

    @property
    def unlabelled(self) -> int:
        """How many labels found no room; signs are not counted, for the dots beside them say the same."""
        lost = (caption for caption, spot in zip(self._captions, self._spots, strict=True) if spot is None)
        return sum(not caption.is_sign for caption in lost)

    # Stems, lines and bands

    def _stems(self) -> Iterator[Element]:
        """A line from the highest mark of a series at a time down to zero."""
        for colour, _ in self.series:
            highest: dict[float, float] = {}
            for x, y in sorted(mark.true for mark in self.marks if mark.colour == colour):
                highest.setdefault(x, y)
            down = "".join(path([(x, y), (x, self.y(0))]) for x, y in highest.items())
            yield element("path", class_=f"stem {hue(colour)}", d=down)

    def _line(self, colour: int, series: Series) -> Iterator[Element]:
        lines: dict[str, list[Strand]] = {"line": [], "line parted": [], "line untold": []}
        bands = []
        for before, after, told in self._steps(series):
            strands = _strands(before, after)
            if len(strands) > 1:
                bands.append(path(hull([*before, *after]), closed=True))
            lines["line untold" if not told else "line parted" if len(strands) > 1 else "line"] += strands
        if bands:
            yield element("path", class_="band", d="".join(bands))
        for look, strands in lines.items():
            if strands:
                yield element("path", class_=f"{look} {hue(colour)}", d=_runs(strands))

    def _steps(self, series: Series) -> Iterator[tuple[list[Point], list[Point], bool]]:
        """The readings of each two editions that a line joins, and whether it is solid."""
        for join in series.joins:
            before, after = ([self._point(*each) for each in of.readings()] for of in (join.earlier, join.later))
            yield before, after, join.told

    # What joins the readings of one edition

    def _joined(self) -> Iterator[Element]:
        for where, (x, y) in self._bare:
            look = "bare" if where.standing == "contested" else "bare settled"
            yield element("path", class_=look, d=path([(x, y - 6), (x, y + 6)]))
        for each in self._joiners:
            yield element("path", class_="joiner settled" if each.settled else "joiner", d=path([each.start, each.end]))

    @cached_property
    def _joiners(self) -> list[Joiner]:
        editions = [edition for _, series in self.series for edition in series.editions]
        found = [each for edition in editions for each in (*self._across(edition), *self._upright(edition))]
        return [each for each in found if each.seen]

    def _across(self, edition: Edition) -> Iterator[Joiner]:
        """Joiners from one contested date of an edition to the next."""
        if any(where.standing != "uncontested" for where in edition.places):
            points = [self._point(where, edition.value_at(where)) for where in edition.places]
            yield from (Joiner(one, other, not edition.dates_contested) for one, other in pairwise(points))

    @cached_property
    def _bare(self) -> list[tuple[Place, Point]]:
        """Contested dates of editions, where no total stands."""
        found = {
            (total.place, edition.id)
            for _, series in self.series
            for edition in series.editions
            for total in edition.totals
        }
        return [
            (where, self._point(where, edition.value_at(where)))
            for _, series in self.series
            for edition in series.editions
            for where in edition.places
            if (where, edition.id) not in found and where.standing != "uncontested"
        ]

    def _upright(self, edition: Edition) -> Iterator[Joiner]:
        """Joiners between totals of an edition that exclude each other at one time."""
        for where in edition.places:
            stood = [total for total in edition.totals if total.place == where]
            claimed = [total for total in stood if not total.implied]
            rivals = [total for total in claimed if edition.gainsaid(total)]
            settled = any(total.standing in ("settled", "set-aside") for total in rivals)
            for one, other in pairwise(sorted({total.value for total in rivals})):
                yield Joiner(self._point(where, one), self._point(where, other), settled)
            for total in stood:
                if total.implied and claimed and edition.gainsaid(total):
                    near = min((abs(other.value - total.value), other.value) for other in claimed)[1]
                    yield Joiner(self._point(where, near), self._point(where, total.value))

    # Whiskers

    def _whiskers(self) -> Iterator[Element]:
        for where, true in dict.fromkeys((mark.total.place, mark.true) for mark in self.marks):
            if (ends := self._days(where, true)) is not None:
                look = "whisker guessed" if where.by == "edition" else "whisker"
                drawn = whisker(*ends, open_start=where.span.low is None, open_end=where.span.high is None)
                yield element("path", class_=look, d=drawn)
        for mark in self.marks:
            if (ends := self._bounds(mark)) is not None:
                low, high = mark.total.low is None, mark.total.high is None
                yield element("path", class_="whisker", d=whisker(*ends, open_start=low, open_end=high))

    def _days(self, where: Place, true: Point) -> Strand | None:
        """The ends of the whisker for an inexact date; None where the mark would hide it."""
        x, y = true
        start = x - _OPEN if where.span.low is None else self.x(where.span.low)
        end = x + _OPEN if where.span.high is None else self.x(where.span.high)
        return ((start, y), (end, y)) if end - start > SIZE + 5 else None

    def _bounds(self, mark: Mark) -> Strand | None:
        """The lower and the upper end of the whisker for an inexact number."""
        (x, y), total = mark.at, mark.total
        bottom = y + _OPEN if total.low is None else self.y(total.low)
        top = y - _OPEN if total.high is None else self.y(total.high)
        return None if total.exact else ((x, bottom), (x, top))

    def _upright_extent(self, mark: Mark) -> Box:
        """The room a mark takes with the whisker of its number."""
        if (ends := self._bounds(mark)) is None:
            return mark.box
        (x, bottom), (_, top) = ends
        return Box.around([mark.box, Box(x - 4, min(top, bottom), x + 4, max(top, bottom))])

    def _extent(self, mark: Mark) -> Box:
        """The room a mark takes with its whiskers."""
        ends = self._days(mark.total.place, mark.true)
        across = [Box(ends[0][0], mark.at[1], ends[1][0], mark.at[1])] if ends else []
        return Box.around([self._upright_extent(mark), *across])

    # Marks and labels

    def _mark(self, mark: Mark) -> Element:
        total = mark.total
        shape_number, source = self.sources.get(total.source, (0, None))
        key = total.id.partition("/")[2]
        whose, _, slug = mark.edition.id.partition("/")
        part = (total.row or {}).get("group", "").partition("/")[2]
        named = {"data_implied" if total.implied else "data_claim": key, f"data_{whose}": slug}
        return element(
            "g",
            tooltip(account(mark.edition, total, source)),
            *shape(shape_number, mark.at, hollow=total.implied),
            class_=f"mark {hue(mark.colour)}{' aside' if total.aside else ''}",
            role="graphics-symbol img",
            **named,
            data_group=part or None,
            data_source=total.source.partition("/")[2],
        )

    @cached_property
    def _captions(self) -> list[Caption]:
        boxes: dict[tuple[str, Place], dict[str, Box]] = {}
        for mark in self.marks:
            boxes.setdefault((mark.edition.id, mark.total.place), {})[mark.total.id] = self._upright_extent(mark)
        joined = {point for each in self._joiners for point in (each.start, each.end)}
        found: list[Caption] = []
        names: list[Caption] = []
        for colour, series in self.series:
            for edition in series.editions:
                for where in edition.places:
                    stood = boxes.get((edition.id, where), {})
                    shown = {each.value for each in edition.totals if self._point(where, each.value) in joined}
                    found += captions(edition, where, stood, shown)
            if self.named:
                last = [mark for mark in self.marks if mark.edition == series.editions[-1]]
                names.append(name_caption(series.name, hue(colour), Box.around(map(self._extent, last)), self.named))
        found += [bare_caption(where, at) for where, at in self._bare]
        found.sort(key=lambda caption: caption.look != "alert")
        return [*found, *names, *(sign(each.start, each.end) for each in self._joiners if not each.settled)]

    @cached_property
    def _spots(self) -> list[Spot | None]:
        lines = [(Segment(each.start, each.end), 1.5) for each in self._joiners]
        for _, series in self.series:
            for before, after, _ in self._steps(series):
                lines += [(Segment(*strand), 1.0) for strand in _strands(before, after)]
        for mark in self.marks:
            if (ends := self._days(mark.total.place, mark.true)) is not None:
                lines.append((Segment(*ends), 3.0))
        boxes = list(map(self._upright_extent, self.marks))
        return place([caption.label for caption in self._captions], boxes, lines, self.room)


def _strands(before: Sequence[Point], after: Sequence[Point]) -> list[Strand]:
    """Lines from each reading to its counterpart, or from the one reading to all."""
    if min(len(before), len(after)) == 1:
        return [(one, other) for one in before for other in after]
    count = max(len(before), len(after))
    return [(before[min(i, len(before) - 1)], after[min(i, len(after) - 1)]) for i in range(count)]


def _runs(lines: Sequence[Strand]) -> str:
    """The `d` of lines, those that go on from one another drawn in one."""
    runs: list[list[Point]] = []
    for start, end in lines:
        if runs and runs[-1][-1] == start:
            runs[-1].append(end)
        else:
            runs.append([start, end])
    return "".join(map(path, runs))

"""From the rows of `charts/groups.rq` to the groups of each series of lists, and to those that are counted in a place.

A count of a group stands where its list stands, by the rules of `kg.chart.reading`; only where nothing dates the list
and no total has a time does it stand at its own. The editions of a group are joined as those of a series are, so a line
is dashed where an edition lies between that does not count the group. Counts in a place are joined only where they come
from one origin and no other lies between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil, floor

from kg.chart.editions import Edition, Lists, Row, Series, Source
from kg.chart.joins import joins
from kg.chart.reading import day_of, edition_of, in_order, number_words, series_name, series_of, sources, span_of

_CHANGES = {"added": "{} added", "removed": "{} removed", "growth": "growth of {}"}
_SLACK = 1e-9
_LEAST = 2  # so many dated counts in a place are a series in time


@dataclass(frozen=True)
class Part:
    """A group with its counts, named as the group; `within` are the groups shown beside it of which it is a part."""

    id: str
    counts: Series
    within: tuple[str, ...] = ()

    @property
    def highest(self) -> float:
        """The greatest number that a count of it may be."""
        return self.counts.highest


@dataclass(frozen=True)
class Section:
    """A series of lists, or a place, with the groups counted in it, the largest first.

    `whole` has the totals of the lists; there are none of a place, nor where no total is told.
    """

    key: str
    name: str
    whole: Series | None
    parts: tuple[Part, ...]

    @property
    def is_place(self) -> bool:
        """Whether it is a place, of which people say how many there are, and not a series of lists."""
        return self.key.startswith("place/")

    @property
    def series(self) -> tuple[Series, ...]:
        """The totals, if there are any, and the counts of each group."""
        return (*([self.whole] if self.whole else []), *(part.counts for part in self.parts))


@dataclass(frozen=True)
class Groups:
    """All that the chart of groups shows.

    `undated` are the counts that stand nowhere in time, `elsewhere` those in places that are no series in time, and
    `undivided` says of how many series no group is counted.
    """

    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    undated: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    undivided: int = 0

    @property
    def lists(self) -> Lists:
        """The totals and the groups as series beside each other, each with its whole name."""
        named = [
            series if series is section.whole else replace(series, name=f"{series.name}, {section.name}")
            for section in self.sections
            for series in section.series
        ]
        return Lists(tuple(named), self.sources, self.undated)


def groups(rows: Iterable[Row]) -> Groups:
    """The groups behind the rows of `charts/groups.rq`, the same for any order of rows."""
    ordered = _told(in_order(rows))
    told = [row for row in ordered if row["kind"] != "place"]
    found, undated, undivided = [], [], 0
    for key, members in groupby(told, lambda row: row["series"]):
        section, lost = _section(key, list(members))
        undated += lost
        found += [section] if section else []
        undivided += bool(key and not section and not lost)
    places, elsewhere = _places([row for row in ordered if row["kind"] == "place"])
    found.sort(key=lambda each: (not each.key, _first_day(each), each.key))
    shown = [*found, *places]
    drawn = sources(ordered, (series for section in shown for series in section.series))
    return Groups(tuple(shown), drawn, tuple(sorted(undated)), tuple(sorted(elsewhere)), undivided)


def _told(rows: list[Row]) -> list[Row]:
    """The rows with the name of each group, if only its key, and what its source tells of its change."""
    changes: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        if row["kind"] in _CHANGES and row["standing"] != "set-aside" and not row["denied"]:
            told = changes.setdefault((row["list"], row["group"], row["source"]), [])
            told.append(_CHANGES[row["kind"]].format(number_words(row, row["value"])))
    return [
        {
            **_in_names(row),
            "part": row["part"] or row["group"].partition("/")[2],
            "changes": ", ".join(dict.fromkeys(changes.get((row["list"], row["group"], row["source"]), []))),
        }
        for row in rows
    ]


def _in_names(row: Row) -> Row:
    """The row of an implied number with the whole numbers between its bounds, for there are no parts of names."""
    if row["kind"] != "implied" or not (row["low"] and row["high"]):
        return row
    low, high = ceil(float(row["low"]) - _SLACK), floor(float(row["high"]) + _SLACK)
    return {**row, "low": str(low), "high": str(high)} if row["group"] and low <= high else row


def _section(key: str, rows: list[Row]) -> tuple[Section | None, list[str]]:
    """A series with its groups, if one is counted where an edition stands; and the counts that stand nowhere."""
    counted = {row["group"]: row["part"] for row in rows if row["group"] and row["kind"] in ("total", "implied")}
    if not counted:
        return None, []
    if not key:
        divided = {row["list"] for row in rows if row["group"]}
        rows = [row for row in rows if row["list"] in divided]
    whole, undated = series_of(key, [row for row in rows if not row["group"]])
    parts = []
    for group, name in counted.items():
        counts, lost = series_of(key, [_framed(row) for row in rows if row["group"] in ("", group)])
        undated += lost
        parts += [Part(group, _beside(whole, replace(counts, name=name)))] if counts else []
    if not parts:
        return None, undated
    editions = {edition.id: edition for part in parts for edition in part.counts.editions}
    name = whole.name if whole else series_name(key, rows, list(editions.values()))
    return Section(key, name, whole, _in_order(parts, rows)), undated


def _framed(row: Row) -> Row:
    """A total of a list only dates it where a group is counted."""
    return {**row, "kind": "held"} if not row["group"] and row["kind"] in ("total", "implied") else row


def _beside(whole: Series | None, counts: Series) -> Series:
    """The counts of a group without the places in time at which none stands, where those show beside the totals."""
    shown = {edition.id for edition in whole.editions} if whole else set()
    return replace(counts, editions=tuple(_stood(each) if each.id in shown else each for each in counts.editions))


def _stood(edition: Edition) -> Edition:
    stood = {total.place for total in edition.totals}
    places, others = (tuple(each for each in edition.places if (each in stood) is there) for there in (True, False))
    return replace(edition, places=places, elsewhere=others)


def _in_order(parts: Iterable[Part], rows: Iterable[Row]) -> tuple[Part, ...]:
    """The largest first, each with the names of those of which it is a part."""
    largest = sorted(parts, key=lambda part: (-part.highest, part.counts.name, part.id))
    pairs = {(row["group"], row["value"]) for row in rows if row["kind"] == "broader"}
    return tuple(
        replace(part, within=tuple(wide.counts.name for wide in largest if (part.id, wide.id) in pairs))
        for part in largest
    )


def _first_day(section: Section) -> str:
    return min(day_of(edition) for series in section.series for edition in series.editions)


def _places(rows: list[Row]) -> tuple[list[Section], list[str]]:
    """The places in which a group is counted at some times; and the counts in places that are not drawn."""
    found: dict[tuple[str, str], list[Part]] = {}
    drawn: set[str] = set()
    for (place, group), members in groupby(sorted(rows, key=_whose), _whose):
        dated: list[Row] = [{**row, "kind": "total"} for row in members if span_of(row)]
        if len(dated) >= _LEAST:
            drawn |= {row["claim"] for row in dated}
            part = Part(group, _stock(dated))
            found.setdefault((dated[0]["name"] or place, place), []).append(part)
    sections = [Section(place, name, None, _in_order(parts, ())) for (name, place), parts in sorted(found.items())]
    return sections, [row["claim"] for row in rows if row["claim"] not in drawn]


def _whose(row: Row) -> tuple[str, str]:
    return row["list"], row["group"]


def _stock(rows: list[Row]) -> Series:
    """How many of a group there are in a place at each time that a claim tells."""
    editions = [each for at in _times(rows) if isinstance(each := edition_of(at), Edition)]
    editions.sort(key=lambda each: (each.places[0].span.middle, each.totals[0].id))
    joined = [each for each in joins(editions, {}, (), ()) if _origins(each.earlier) & _origins(each.later)]
    return Series(rows[0]["list"], rows[0]["part"], tuple(editions), tuple(joined))


def _times(rows: Iterable[Row]) -> list[list[Row]]:
    """Claims by the time they tell of: equal times are one, and so are overlapping ones of claims with a standing."""
    found: list[list[Row]] = []
    for row in rows:
        near = [each for each in found if any(_at_one_time(row, other) for other in each)]
        found = [each for each in found if each not in near]
        found.append([*(other for each in near for other in each), row])
    return found


def _at_one_time(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    first, second = span_of(one), span_of(other)
    if first == second or first is None or second is None:
        return first == second
    disputed = all(row["standing"] not in ("", "uncontested") for row in (one, other))
    return disputed and first.overlaps(second)


def _origins(edition: Edition) -> set[str]:
    """Who tells its counts in the end."""
    return {total.row["origin"] or total.source for total in edition.totals if total.row}

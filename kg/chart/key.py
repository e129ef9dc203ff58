"""The legend of a chart of claims: the shapes of its sources, and the signs that occur in it."""

from __future__ import annotations

from functools import partial

from kg.chart.editions import Lists
from kg.chart.words import source_words
from kg.draw.geometry import Point
from kg.draw.legend import Entry
from kg.draw.marks import shape, whisker
from kg.draw.svg import Element, element, path


def shapes(lists: Lists, look: str) -> list[Entry]:
    """The shape of each source; `look` is the class of its colour."""
    named = zip(lists.sources, source_words(lists.sources), strict=True)
    return [Entry(partial(shape, place), name, source.title, look) for place, (source, name) in enumerate(named)]


def signs(lists: Lists, look: str) -> list[Entry]:
    """The signs that occur."""
    editions = [edition for series in lists.series for edition in series.editions]
    totals = [total for edition in editions for total in edition.totals]
    standings = {total.standing for total in totals}
    dates = {place.standing for edition in editions for place in edition.places}
    signs = (
        (
            any(each.implied for each in totals),
            Entry(lambda at: shape(2, at, hollow=True), "implied: computed, claimed by nobody", look=look),
        ),
        ("contested" in standings | dates, Entry(_joiner, "≠ cannot both be right")),
        (
            any(each.place.span.length and each.place.by != "edition" for each in totals),
            Entry(lambda at: _line(at, "whisker"), "date not exact"),
        ),
        (
            any(each.place.by == "edition" for each in totals),
            Entry(lambda at: _line(at, "whisker guessed"), "no source dates it: by its place in the series"),
        ),
        (any(not each.exact for each in totals), Entry(_upright, "number not exact")),
        ("set-aside" in standings, Entry(lambda at: shape(0, at), "set aside by a decision", look=f"{look} aside")),
        ("set-aside" in dates, Entry(_bare, "date set aside by a decision")),
    )
    return [*_lines(lists, look), *(entry for there, entry in signs if there)]


def _lines(lists: Lists, look: str) -> list[Entry]:
    """What lines of series mean; that they join editions goes without saying where all are solid."""
    joins = [join for series in lists.series for join in series.joins]
    untold = any(not join.told for join in joins)
    told = "compared by a source, or told within a year"
    signs = (
        (untold and any(join.told for join in joins), Entry(lambda at: _stroke(at, "line"), told, look=look)),
        (untold, Entry(lambda at: _stroke(at, "line untold"), "no source compares them", look=look)),
        (
            any(len(each.readings()) > 1 for join in joins for each in (join.earlier, join.later)),
            Entry(_band, "between both readings"),
        ),
    )
    return [entry for there, entry in signs if there]


def _stroke(at: Point, look: str) -> list[Element]:
    return [element("path", class_=look, d=path([(at[0] - 14, at[1]), (at[0] + 14, at[1])]))]


def _line(at: Point, look: str) -> list[Element]:
    return [element("path", class_=look, d=whisker((at[0] - 14, at[1]), (at[0] + 14, at[1])))]


def _upright(at: Point) -> list[Element]:
    return [element("path", class_="whisker", d=whisker((at[0], at[1] + 9), (at[0], at[1] - 9)))]


def _joiner(at: Point) -> list[Element]:
    return [element("path", class_="joiner", d=path([(at[0] - 13, at[1]), (at[0] + 13, at[1])]))]


def _bare(at: Point) -> list[Element]:
    return [element("path", class_="bare settled", d=path([(at[0], at[1] - 6), (at[0], at[1] + 6)]))]


def _band(at: Point) -> list[Element]:
    x, y = at
    corners = [(x - 14, y + 5), (x + 2, y - 7), (x + 14, y - 7), (x + 4, y + 5)]
    return [element("path", class_="band", d=path(corners, closed=True))]

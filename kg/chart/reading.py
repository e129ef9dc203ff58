"""From the rows of `charts/lists.rq` to series of lists, and what the rows of other charts have in common with them.

Where an edition stands in time: where claims date it (`issued`); else at the times for which claims hold its total
(`as_of`); else at the `edition` of its table, which no source states. Of two such times that overlap only the narrower
counts: *February 2025* and *12 February 2025* are one place. A total stands at the place that its own source dates;
else at the one for which it holds; else at the place on which most claims agree, the earliest of these. Where a
decision sets a date aside, the totals told with it stand: at the date that prevails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from kg.chart.editions import ENDLESS, Edition, Lists, Place, Row, Series, Source, Span, Total, days, rank
from kg.chart.joins import joins
from kg.draw.svg import clean
from kg.values import CellError, time_span


def lists(rows: Iterable[Row]) -> Lists:
    """The series of lists behind the rows of `charts/lists.rq`, the same for any order of rows."""
    ordered = in_order(rows)
    found, undated = [], []
    for key, members in groupby(ordered, lambda row: row["series"]):
        series, lost = series_of(key, list(members))
        undated += lost
        found += [series] if series else []
    by_time = sorted(found, key=lambda each: (not each.key, day_of(each.editions[0]), each.key))
    return Lists(tuple(by_time), sources(ordered, found), tuple(sorted(undated)))


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Rows with clean texts, those of a series and of a list together."""
    shown = ({word: clean(text) for word, text in row.items()} for row in rows)
    return sorted(shown, key=lambda row: (row["series"], row["list"], row["claim"], sorted(row.items())))


def series_of(key: str, rows: list[Row]) -> tuple[Series | None, list[str]]:
    """The series that rows in order tell of, if a total stands somewhere in time; and the totals that stand nowhere.

    Rows of the kind `held` are of totals that date a list and are not drawn.
    """
    editions = [edition_of(list(each)) for _, each in groupby(rows, lambda row: row["list"])]
    undated = [row["claim"] for edition in editions if isinstance(edition, list) for row in edition]
    placed = [edition for edition in editions if isinstance(edition, Edition)]
    keys = {row["list"]: row["edition"] for row in rows}
    placed.sort(key=lambda each: (keys[each.id] or day_of(each), day_of(each), each.id))
    dated = [edition for edition in placed if edition.totals]
    if not dated:
        return None, undated
    tables = {each: span for each, edition in keys.items() if (span := _partial(edition))}
    joined = joins(placed, tables, _pairs(rows, "follows"), _pairs(rows, "apart")) if key else ()
    return Series(key, series_name(key, rows, dated), tuple(dated), joined), undated


def _pairs(rows: Iterable[Row], kind: str) -> set[tuple[str, str]]:
    return {(row["list"], row["value"]) for row in rows if row["kind"] == kind}


def series_name(key: str, rows: Sequence[Row], editions: Sequence[Edition]) -> str:
    """The publisher named most often, if it is one alone; else the one edition; else the key."""
    if not key:
        return "lists of no series"
    votes: dict[str, int] = {}
    for row in rows:
        if row["kind"] == "publisher" and row["value"]:
            votes[row["value"]] = votes.get(row["value"], 0) + 1
    best = [name for name, count in votes.items() if count == max(votes.values())]
    if len(best) == 1:
        return best[0]
    return editions[0].name or key if len(editions) == 1 else key


def edition_of(rows: list[Row]) -> Edition | list[Row]:
    """An edition, or the rows of its totals if it stands nowhere in time."""
    totals = [row for row in rows if row["kind"] in ("total", "implied")]
    places = _places(rows, totals)
    if not places:
        return totals
    dated_by = {row["claim"]: row["source"] for row in rows if row["kind"] == "date"}
    found = sorted(
        (_total(row, *_stand(row, places, dated_by)) for row in totals),
        key=lambda each: (each.place.span.middle, each.implied, each.value, each.source, each.id),
    )
    return Edition(rows[0]["list"], rows[0]["name"], places, tuple(found))


def _places(rows: list[Row], totals: list[Row]) -> tuple[Place, ...]:
    issued = [(_span(row["low"], row["high"]), "issued", row) for row in rows if row["kind"] == "date"]
    held = [(span_of(row), "as of", row) for row in rows if row["kind"] == "held"]
    own = [(span_of(row), "as of", row) for row in totals]
    told = next((dated for those in (issued, held, own) if (dated := [each for each in those if each[0]])), [])
    kept: list[tuple[Span, str, list[Row]]] = []
    for span, by, row in sorted(
        told, key=lambda each: (each[0].length if each[0] else 0, each[0].middle if each[0] else 0, each[2]["claim"])
    ):
        if span is None:
            continue
        home = [place for place in kept if place[0].overlaps(span)]
        if not home:
            kept.append((span, by, [row]))
        elif len(home) == 1:
            home[0][2].append(row)
    if not kept and (span := _partial(rows[0]["edition"])):
        kept.append((span, "edition", []))
    made = [
        Place(span, by, _standing(by, told_by), tuple(row["claim"] for row in told_by)) for span, by, told_by in kept
    ]
    return tuple(sorted(made, key=lambda place: place.span.middle))


def _standing(by: str, rows: list[Row]) -> str:
    """The best standing of the claims that date a place; of other places the date is contested by nobody."""
    return (
        min((row["standing"] for row in rows if row["standing"]), key=rank, default="uncontested")
        if by == "issued"
        else "uncontested"
    )


def _stand(row: Row, places: tuple[Place, ...], dated_by: Mapping[str, str]) -> tuple[Place, Place | None]:
    """The place at which a total stands, and the one that its own source gives if a decision set that aside."""
    prevailing = [place for place in places if place.standing != "set-aside"] or list(places)
    told = [place for place in places if any(dated_by.get(claim) == row["source"] for claim in place.claims)]
    own = [place for place in told if place in prevailing]
    held = span_of(row)
    fitting = [place for place in prevailing if held and place.span.overlaps(held)]
    both = [place for place in own if place in fitting]
    agreed = sorted(prevailing, key=lambda place: (rank(place.standing), -len(place.claims), place.span.middle))
    return (both or own or fitting or agreed)[0], told[0] if told and not own else None


def _total(row: Row, place: Place, left: Place | None) -> Total:
    low, high = (float(row[word]) if row[word] else None for word in ("low", "high"))
    known = [bound for bound in (low, high) if bound is not None]
    implied = row["kind"] == "implied"
    try:
        value = float(row["value"])
    except ValueError:
        value = sum(known) / len(known) if known else 0.0
    number = _written(value)
    if implied or ".." in row["value"]:
        number = "–".join(dict.fromkeys(_written(bound) for bound in known))
    text = f"{number} implied" if implied else number_words(row, number)
    standing = row["standing"] or "uncontested"
    return Total(
        row["claim"], row["source"], place, value, low, high, text, implied, standing, row["denied"], row, left
    )


def number_words(row: Row, number: str) -> str:
    """A number with the words for how exact a claim has it."""
    return f"{row['precision'].replace('-', ' ')} {number}" if row["precision"] not in ("", "exact") else number


def _written(value: float) -> str:
    return f"{value:,.15g}" if abs(value) < 1e15 else f"{value:.10g}"


def sources(rows: Iterable[Row], shown: Iterable[Series]) -> tuple[Source, ...]:
    """The sources of what is drawn, the earliest first: their order gives them their shapes."""
    drawn = {total.source for series in shown for total in series.totals}
    found = {
        row["source"]: Source(row["source"], row["title"], row["publisher"], _span(row["since"], row["by"]))
        for row in rows
        if row["source"] in drawn
    }
    return tuple(
        sorted(
            found.values(),
            key=lambda each: (each.published.middle if each.published else ENDLESS, each.title, each.id),
        )
    )


def span_of(row: Row) -> Span | None:
    """The time for which a claim holds, if it tells one."""
    return _span(row["from"], row["until"])


def _span(low: str, high: str) -> Span | None:
    return Span(*days(low, high)) if low or high else None


def _partial(text: str) -> Span | None:
    try:
        bounds = time_span(text).bounds if text else None
    except CellError:
        return None
    return _span(bounds.low, bounds.high) if bounds else None


def day_of(edition: Edition) -> str:
    """The day on which an edition stands first, as a word that sorts by time."""
    return date.fromordinal(round(edition.places[0].span.middle)).isoformat()

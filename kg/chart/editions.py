"""Series of lists as a chart shows them: where in time each edition stands, and what total who claims.

Where an edition stands in time: where claims date it (`issued`); else at the times for which claims hold its total
(`as_of`); else at the `edition` of its table, which no source states. Of two such times that overlap only the narrower
counts: *February 2025* and *12 February 2025* are one place. A total stands at the place that its own source dates;
else at the one for which it holds; else at the place on which most claims agree, the earliest of these. Where a
decision sets a date aside, the totals told with it stand: at the date that prevails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from kg.draw.svg import clean
from kg.values import CellError, time_span

Row = Mapping[str, str]
_STANDINGS = ("settled", "uncontested", "contested", "set-aside")  # the best first
_ENDLESS = 10**7


@dataclass(frozen=True)
class Span:
    """Some days, as ordinals; None is open."""

    low: int | None
    high: int | None

    @property
    def length(self) -> int:
        """How many days it has beyond the first."""
        return _ENDLESS if self.low is None or self.high is None else self.high - self.low

    @property
    def middle(self) -> float:
        """The day in the middle, or the one that is known."""
        days = [day for day in (self.low, self.high) if day is not None]
        return sum(days) / len(days)

    def overlaps(self, other: Span) -> bool:
        """Whether both may be the same day."""
        begins = self.low is None or other.high is None or self.low <= other.high
        return begins and (other.low is None or self.high is None or other.low <= self.high)


@dataclass(frozen=True)
class Place:
    """Where an edition stands in time: on which days, by what (`issued`, `as of`, `edition`), and how that stands."""

    span: Span
    by: str
    standing: str = "uncontested"
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Total:
    """One claim on the total of an edition, or a total that is only implied, at its place in time.

    `low` and `high` are what the number may be (None is open), `value` where its mark stands; `left` is the place that
    its own source gives, if a decision set that aside.
    """

    id: str
    source: str
    place: Place
    value: float
    low: float | None
    high: float | None
    text: str
    implied: bool = False
    standing: str = "uncontested"
    denied: str = ""
    row: Row | None = None
    left: Place | None = None

    @property
    def exact(self) -> bool:
        """Whether the number is one number."""
        return self.low == self.high

    @property
    def width(self) -> float:
        """How much the number may differ from itself."""
        return _ENDLESS if self.low is None or self.high is None else self.high - self.low

    @property
    def aside(self) -> bool:
        """Whether a decision set it aside; of its date it says nothing."""
        return self.standing == "set-aside"

    def agrees(self, other: Total) -> bool:
        """Whether both may be the same number."""
        begins = self.low is None or other.high is None or self.low <= other.high
        return begins and (other.low is None or self.high is None or other.low <= self.high)


@dataclass(frozen=True)
class Edition:
    """One edition of a list: its places in time, earliest first, and its totals."""

    id: str
    name: str
    places: tuple[Place, ...]
    totals: tuple[Total, ...]

    @property
    def dates_contested(self) -> bool:
        """Whether sources date it differently."""
        return sum(place.standing == "contested" for place in self.places) > 1

    def value_at(self, where: Place) -> float:
        """The number at one of its places: claimed there, else claimed elsewhere, else implied."""
        best = min(
            self.totals, key=lambda total: (total.implied, total.place != where, total.aside, total.width, total.id)
        )
        return best.value

    def gainsaid(self, total: Total) -> bool:
        """Whether its other totals exclude one: claims a claim, claims all together what is only implied."""
        claimed = [other for other in self.totals if not other.implied]
        if total.implied:
            return bool(claimed) and not any(total.agrees(other) for other in claimed)
        return total.standing != "uncontested" and any(not total.agrees(other) for other in claimed)

    def readings(self) -> tuple[tuple[Place, float], ...]:
        """The points in time and number through which the line of its series may go, from left to right.

        What was set aside is none, and implied totals only where nothing is claimed. Of totals that agree the
        narrowest stands for all.
        """
        open_ = [total for total in self.totals if not total.aside]
        claimed = [total for total in open_ if not total.implied] or open_
        kept: list[Total] = []
        for total in sorted(claimed, key=lambda each: (each.implied, each.width, _rank(each.standing), each.id)):
            if not any(total.place == other.place and total.agrees(other) for other in kept):
                kept.append(total)
        points = dict.fromkeys((total.place, total.value) for total in kept)
        return tuple(sorted(points, key=lambda point: (point[0].span.middle, point[1])))


@dataclass(frozen=True)
class Source:
    """A source as legends name it."""

    id: str
    title: str
    publisher: str
    published: Span | None


@dataclass(frozen=True)
class Series:
    """A series of lists in the order of its editions; lists of no series share one without a key."""

    key: str
    name: str
    editions: tuple[Edition, ...]

    @property
    def totals(self) -> tuple[Total, ...]:
        """All its totals."""
        return tuple(total for edition in self.editions for total in edition.totals)


@dataclass(frozen=True)
class Lists:
    """All that the chart of lists shows; `undated` are the totals that stand nowhere in time."""

    series: tuple[Series, ...]
    sources: tuple[Source, ...]
    undated: tuple[str, ...] = ()


def lists(rows: Iterable[Row]) -> Lists:
    """The series of lists behind the rows of `charts/lists.rq`, the same for any order of rows."""
    shown = ({word: clean(text) for word, text in row.items()} for row in rows)
    ordered: list[Row] = sorted(shown, key=lambda row: (row["series"], row["list"], row["claim"], sorted(row.items())))
    found, undated = [], []
    for key, members in groupby(ordered, lambda row: row["series"]):
        mine = list(members)
        editions = [_edition(list(each)) for _, each in groupby(mine, lambda row: row["list"])]
        undated += [row["claim"] for edition in editions if isinstance(edition, list) for row in edition]
        dated = [edition for edition in editions if isinstance(edition, Edition) and edition.totals]
        keys = {row["list"]: row["edition"] for row in mine}
        dated.sort(key=lambda each: (keys[each.id] or _day(each), _day(each), each.id))
        if dated:
            found.append(Series(key, _name(key, mine, dated), tuple(dated)))
    drawn = {total.source for series in found for total in series.totals}
    by_time = sorted(found, key=lambda each: (not each.key, _day(each.editions[0]), each.key))
    return Lists(tuple(by_time), _sources(ordered, drawn), tuple(sorted(undated)))


def _name(key: str, rows: Sequence[Row], editions: Sequence[Edition]) -> str:
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


def _edition(rows: list[Row]) -> Edition | list[Row]:
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
    held = [(_span(row["from"], row["until"]), "as of", row) for row in totals]
    told = [each for each in issued if each[0]] or [each for each in held if each[0]]
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
        min((row["standing"] for row in rows if row["standing"]), key=_rank, default="uncontested")
        if by == "issued"
        else "uncontested"
    )


def _stand(row: Row, places: tuple[Place, ...], dated_by: Mapping[str, str]) -> tuple[Place, Place | None]:
    """The place at which a total stands, and the one that its own source gives if a decision set that aside."""
    prevailing = [place for place in places if place.standing != "set-aside"] or list(places)
    told = [place for place in places if any(dated_by.get(claim) == row["source"] for claim in place.claims)]
    own = [place for place in told if place in prevailing]
    held = _span(row["from"], row["until"])
    fitting = [place for place in prevailing if held and place.span.overlaps(held)]
    both = [place for place in own if place in fitting]
    agreed = sorted(prevailing, key=lambda place: (_rank(place.standing), -len(place.claims), place.span.middle))
    return (both or own or fitting or agreed)[0], told[0] if told and not own else None


def _total(row: Row, place: Place, left: Place | None) -> Total:
    low, high = (float(row[word]) if row[word] else None for word in ("low", "high"))
    known = [bound for bound in (low, high) if bound is not None]
    implied = row["kind"] == "implied"
    try:
        value = float(row["value"])
    except ValueError:
        value = sum(known) / len(known) if known else 0.0
    number = f"{value:,.10g}"
    if implied or ".." in row["value"]:
        number = "–".join(dict.fromkeys(f"{bound:,.10g}" for bound in known))
    words = row["precision"].replace("-", " ") if row["precision"] not in ("", "exact") else ""
    text = f"{number} implied" if implied else f"{words} {number}".strip()
    standing = row["standing"] or "uncontested"
    return Total(
        row["claim"], row["source"], place, value, low, high, text, implied, standing, row["denied"], row, left
    )


def _sources(rows: list[Row], drawn: set[str]) -> tuple[Source, ...]:
    """The sources of what is drawn, the earliest first: their order gives them their shapes."""
    found = {
        row["source"]: Source(row["source"], row["title"], row["publisher"], _span(row["since"], row["by"]))
        for row in rows
        if row["source"] in drawn
    }
    return tuple(
        sorted(
            found.values(),
            key=lambda each: (each.published.middle if each.published else _ENDLESS, each.title, each.id),
        )
    )


def days(low: str, high: str) -> tuple[int | None, int | None]:
    """The ordinals of two days; None for one that is empty."""
    first, last = (date.fromisoformat(day).toordinal() if day else None for day in (low, high))
    return first, last


def _span(low: str, high: str) -> Span | None:
    return Span(*days(low, high)) if low or high else None


def _partial(text: str) -> Span | None:
    try:
        bounds = time_span(text).bounds if text else None
    except CellError:
        return None
    return _span(bounds.low, bounds.high) if bounds else None


def _day(edition: Edition) -> str:
    return date.fromordinal(round(edition.places[0].span.middle)).isoformat()


def _rank(standing: str) -> int:
    return _STANDINGS.index(standing) if standing in _STANDINGS else len(_STANDINGS)

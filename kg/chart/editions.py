"""Series of lists as a chart shows them: where in time each edition stands, and what total who claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

Row = Mapping[str, str]
_STANDINGS = ("settled", "uncontested", "contested", "set-aside")  # the best first
ENDLESS = 10**7


@dataclass(frozen=True)
class Span:
    """Some days, as ordinals; None is open."""

    low: int | None
    high: int | None

    @property
    def length(self) -> int:
        """How many days it has beyond the first."""
        return ENDLESS if self.low is None or self.high is None else self.high - self.low

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
        return ENDLESS if self.low is None or self.high is None else self.high - self.low

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
    """One edition of a list: its places in time, earliest first, and its totals.

    `elsewhere` are further places that sources give, which are told and not drawn.
    """

    id: str
    name: str
    places: tuple[Place, ...]
    totals: tuple[Total, ...]
    elsewhere: tuple[Place, ...] = ()

    @property
    def dates_contested(self) -> bool:
        """Whether sources date it differently."""
        return sum(place.standing == "contested" for place in self.places) > 1

    @property
    def open_places(self) -> tuple[Place, ...]:
        """Where it may stand: its places but for those that a decision set aside."""
        return tuple(place for place in self.places if place.standing != "set-aside") or self.places

    @property
    def told(self) -> bool:
        """Whether a claim tells its total, and is not set aside."""
        return any(not total.implied and not total.aside for total in self.totals)

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
        for total in sorted(claimed, key=lambda each: (each.implied, each.width, rank(each.standing), each.id)):
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
class Join:
    """Two editions of which the later is the next after the earlier; `told` is whether their line is solid."""

    earlier: Edition
    later: Edition
    told: bool


@dataclass(frozen=True)
class Series:
    """A series of lists in the order of its editions; those of no series share one without a key and joins."""

    key: str
    name: str
    editions: tuple[Edition, ...]
    joins: tuple[Join, ...] = ()

    @property
    def totals(self) -> tuple[Total, ...]:
        """All its totals."""
        return tuple(total for edition in self.editions for total in edition.totals)

    @property
    def highest(self) -> float:
        """The greatest number that one of its totals may be, as far as it has a bound."""
        return max(max(total.value, total.high or 0) for total in self.totals)


@dataclass(frozen=True)
class Lists:
    """All that the chart of lists shows; `undated` are the totals that stand nowhere in time."""

    series: tuple[Series, ...]
    sources: tuple[Source, ...]
    undated: tuple[str, ...] = ()


def days(low: str, high: str) -> tuple[int | None, int | None]:
    """The ordinals of two days; None for one that is empty."""
    first, last = (date.fromisoformat(day).toordinal() if day else None for day in (low, high))
    return first, last


def rank(standing: str) -> int:
    """Which of several standings counts: the least."""
    return _STANDINGS.index(standing) if standing in _STANDINGS else len(_STANDINGS)

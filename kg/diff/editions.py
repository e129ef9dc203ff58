"""What is told of some lists, and in which order they came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from kg.diff.numbers import Figure, possible
from kg.entities import Entities
from kg.errors import KgError
from kg.identity import Identity
from kg.ledger.walk import reached
from kg.trace import Rows, Trace, traces
from kg.values import time_span

WORDS = (
    *("count", "issued", "publisher", "follows", "dividedInto", "excludes"),
    *("names", "newName", "removedName", "added", "removed", "growth", "removalReason"),
)


@dataclass(frozen=True)
class Order:
    """Which of two lists came out later; `steps` are the editions after the earlier one, the later one the last.

    All is empty where neither is said to follow the other, over editions between them or directly, and they are not
    editions of one series. `circular` is whether each is said to follow the other; then only their dates are left.
    """

    earlier: str = ""
    later: str = ""
    steps: tuple[str, ...] = ()
    circular: bool = False


class Editions:
    """Lists as the entity tables and the claims on what follows what put them in order."""

    def __init__(self, claims: pl.DataFrame, entities: Entities, identity: Identity) -> None:
        self.entities = entities
        self.identity = identity
        upheld = accepted() & (pl.col("stance") == "asserts") & (pl.col("standing") != "set-aside")
        told = claims.filter((pl.col("property") == "follows") & upheld)
        self.before: dict[str, set[str]] = {}
        for later, earlier in told.select("subject", "object").iter_rows():
            self.before.setdefault(later, set()).add(earlier)

    def find(self, key: str, claims: pl.DataFrame) -> str:
        """The list that an id, a name or an alias means; a source may have printed the alias.

        Raises KgError if there is none, or more than one.
        """
        asked = key.strip()
        kept = self.identity.of(asked) if asked in self.entities else asked
        if kept.startswith("list/") and kept in self.entities:
            return kept
        spelled = claims.filter((pl.col("property") == "alias") & pl.col("subject").str.starts_with("list/"))
        found = {
            self.identity.of(each.id)
            for each in self.entities.of("list")
            if asked.casefold() in {text.casefold() for text in _names(self.entities, each.id)}
        }
        found |= set(spelled.filter(pl.col("value").str.to_lowercase() == asked.lower()).get_column("subject"))
        if len(found) == 1:
            return found.pop()
        if found:
            raise KgError(f"several lists are called “{key}”", f"name one of {', '.join(sorted(found))}")
        if asked in self.entities or asked.lower() in self.entities.ids_by_name:
            raise KgError(f"“{key}” is no list", "name two lists, two days or the folders of two builds")
        fix = self.entities.hint(asked) or "kg query lists tells the lists; days are written 2025-06-01"
        raise KgError(f"no list is called “{key}”", fix)

    def order(self, first: str, second: str) -> Order:
        """In which order two lists came out: as claims say, or as the editions of a series are dated."""
        if first == second:
            return Order()
        ahead = second in reached(first, self.before), first in reached(second, self.before)
        circular = ahead == (True, True)
        if ahead[0] == ahead[1]:
            days = self._day(first), self._day(second)
            one_series = self._series(first) == self._series(second) != ""
            if not one_series or "" in days or days[0] == days[1]:
                return Order(circular=circular)
            ahead = days[0] > days[1], days[1] > days[0]
        earlier, later = (second, first) if ahead[0] else (first, second)
        return Order(earlier, later, self._steps(earlier, later), circular)

    def _steps(self, earlier: str, later: str) -> tuple[str, ...]:
        behind = reached(later, self.before)
        path = {each for each in behind if earlier in reached(each, self.before) and each != earlier}
        start, end = self._day(earlier), self._day(later)
        series = {
            each.id
            for each in self.entities.of("list")
            if self.identity.of(each.id) == each.id
            and self._series(each.id) == self._series(earlier) == self._series(later) != ""
            and "" != start < self._day(each.id) < end
        }
        between = (path | series) - {later}
        dated = all(self._day(each) for each in between)

        def place(key: str) -> tuple[str | int, ...]:
            depth = len(reached(key, self.before) & between)
            return (self._day(key), f"{depth:9}", key) if dated else (f"{depth:9}", self._day(key), key)

        return (*sorted(between, key=place), later)

    def _series(self, key: str) -> str:
        return self.entities.by_id[key].text("series") if key in self.entities else ""

    def _day(self, key: str) -> str:
        """The first day that the edition of a list may mean; it orders, and is no evidence."""
        edition = self.entities.by_id[key].text("edition") if key in self.entities else ""
        bounds = time_span(edition).bounds if edition else None
        return bounds.low if bounds else ""


def accepted() -> pl.Expr:
    """The claims that review has accepted."""
    return pl.col("review") == "accepted"


def asserted(each: Trace) -> bool:
    """Whether a claim asserts what it says."""
    return each.stance == "asserts"


def _names(entities: Entities, key: str) -> list[str]:
    values = entities.by_id[key].values
    return [value.text for term, value in values if term.word in ("name", "aliases") and not isinstance(value, str)]


@dataclass(frozen=True)
class Telling:
    """The accepted claims on one list and its groups, in the order in which sources tell them.

    `bounds` are the least and the greatest that a claim on a number may mean, by its id; `proposed` are the people whom
    claims name that nobody has accepted yet.
    """

    list: str
    claims: tuple[Trace, ...]
    bounds: Mapping[str, tuple[Decimal | None, Decimal | None]] = field(repr=False)
    proposed: frozenset[str] = frozenset()

    def told(self, *words: str, group: str | None = "") -> tuple[Trace, ...]:
        """The claims by some properties on the list itself, on a group (its slug), or (None) on any of both."""
        subject = f"{self.list}#{group}" if group else self.list
        return tuple(
            each for each in self.claims if each.property in words and (group is None or each.subject == subject)
        )

    def figure(self, word: str, group: str = "") -> Figure:
        """The number that is told by a property of the list, or of a group in it."""
        told = Figure(claims=self.told(word, group=group))
        return Figure(possible(self.bounds[each.claim] for each in told.holding), told.claims)

    def groups(self) -> tuple[str, ...]:
        """The slugs of the groups of which anything is told."""
        slugs = {each.subject.partition("#")[2] for each in self.claims}
        slugs |= {each.value.partition("/")[2] for each in self.claims if each.value.startswith("group/")}
        return tuple(sorted(slugs - {""}))


def tellings(rows: Rows, lists: Iterable[str], texts: Mapping[str, str]) -> dict[str, Telling]:
    """What is told of each of some lists."""
    keys = sorted(set(lists))
    found = rows.claims.filter(pl.col("container").is_in(keys) & pl.col("property").is_in(WORDS) & accepted())
    told: dict[str, list[Trace]] = {key: [] for key in keys}
    for each in traces(rows, found, texts):
        told[each.subject.partition("#")[0]].append(each)
    numeric = found.filter(pl.col("property").is_in(["count", "added", "removed", "growth"]))
    bounds = {
        f"claim/{key}": (None if low is None else Decimal(low), None if high is None else Decimal(high))
        for key, low, high in numeric.select("id", "low", "high").iter_rows()
    }
    proposed = _proposed(rows.claims.filter(pl.col("container").is_in(keys)))
    return {key: Telling(key, tuple(claims), bounds, proposed.get(key, frozenset())) for key, claims in told.items()}


def _proposed(claims: pl.DataFrame) -> dict[str, frozenset[str]]:
    """By list the people whom proposed claims name."""
    naming = pl.col("property").is_in(["names", "newName"]) & pl.col("object").str.starts_with("person/")
    found = claims.filter(naming & (pl.col("review") == "proposed") & (pl.col("stance") == "asserts"))
    people: dict[str, set[str]] = {}
    for key, person in found.select("container", "object").iter_rows():
        people.setdefault(key, set()).add(person)
    return {key: frozenset(each) for key, each in people.items()}

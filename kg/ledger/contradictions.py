"""Claims that cannot all be true, found by intervals of value and of time (never by pairs over the whole registry)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any, TypeVar

import polars as pl

from kg.identity import Decision
from kg.ledger.walk import circles
from kg.ontology import XSD, Mode, Ontology

_Bound = TypeVar("_Bound", Decimal, str)


@dataclass(frozen=True)
class Contradiction:
    """Claims on one subject and property that cannot all be true.

    `members` are ids of claims in order, `rivals` for each of them those that exclude it; `difference` is the widest
    gap between two of them, a number or days, or nothing where values have no distance; `decisions` are those that find
    for one of its claims over whatever excludes it, or over one of these. `known` has the day from which the source of
    a member counts: a decision over whatever excludes a claim is not one over what came out later.
    """

    subject: str
    predicate: str
    members: tuple[str, ...]
    difference: Decimal | None
    rivals: Mapping[str, frozenset[str]] = field(hash=False)
    decisions: tuple[Decision, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def local(self) -> str:
        """The part of its IRI behind the base."""
        key = "\n".join((self.subject, self.predicate, *self.members))
        return "contradiction/" + hashlib.sha256(key.encode()).hexdigest()[:16]

    @cached_property
    def prevailing(self) -> Mapping[tuple[str, str], Decision]:
        """For which claim over which other a decision finds, where the two exclude each other."""
        found = {}
        for decision in self.decisions:
            first, second = (key.partition("/")[2] for key in (decision.first, decision.second))
            last = decision.when.bounds.high if decision.when.bounds else ""
            for loser in {second} if second else self.rivals[first]:
                if second or not last or self.known.get(loser, "") <= last:
                    found[first, loser] = decision
        return found

    @cached_property
    def circles(self) -> Mapping[str, frozenset[str]]:
        """For each claim that prevails over itself in the end, the claims that do so with it, itself among them."""
        after: dict[str, set[str]] = {}
        for first, loser in self.prevailing:
            after.setdefault(first, set()).add(loser)
        members: dict[int, set[str]] = {}
        for key, number in circles(after).items():
            members.setdefault(number, set()).add(key)
        found = (frozenset(each) for each in members.values() if len(each) > 1 or each <= after.get(min(each), set()))
        return {key: circle for circle in found for key in circle}

    @cached_property
    def aside(self) -> Mapping[str, Decision]:
        """The claims set aside, each with its decision; decisions that lead in a circle undo each other."""
        circles = self.circles
        return {
            loser: decision
            for (first, loser), decision in sorted(self.prevailing.items())
            if loser not in circles.get(first, ())
        }

    @property
    def settled(self) -> bool:
        """Whether no two of the claims that are not set aside exclude each other."""
        aside = self.aside.keys()
        return bool(aside) and all(key in aside or self.rivals[key] <= aside for key in self.members)


@dataclass(frozen=True)
class _Said:
    """What one or more claims say alike: a value and the time for which it is said, both as intervals."""

    object: str
    low: Decimal | None
    high: Decimal | None
    bound: str | None
    start: str | None
    end: str | None
    source: str


def modes(ontology: Ontology, properties: Iterable[str], kinds: Iterable[str]) -> pl.DataFrame:
    """The functional mode for each property word and kind of subject (for a tally, the kind it is within)."""
    kinds = sorted(kinds)
    rows = [
        (word, kind, mode.name)
        for word in sorted(properties)
        for kind in kinds
        if kind in ontology.kinds
        and (mode := ontology.properties[word].modes.get(ontology.kinds[kind].iri)) is not None
    ]
    return pl.DataFrame(rows, schema={"property": pl.String, "kind": pl.String, "mode": pl.String}, orient="row")


def find(
    asserted: pl.DataFrame, ontology: Ontology, decisions: Iterable[Decision], days: Mapping[str, str]
) -> list[Contradiction]:
    """The contradictions among asserted claims, in the order of their subjects and properties.

    `days` has for each source the day from which its word counts, where there is one.
    """
    claims = asserted.with_columns(kind=pl.col("container").str.extract(r"^([a-z]+)/"))
    table = modes(ontology, claims.get_column("property").unique(), claims.get_column("kind").unique())
    claims = claims.join(table, on=["property", "kind"])
    differing = pl.struct("object", "low", "high").n_unique().over("subject_local", "predicate") > 1
    claims = claims.filter(differing)
    several = _defendants(asserted)
    claims = claims.filter((pl.col("mode") != Mode.ONE_DEFENDANT.name) | ~pl.col("subject_local").is_in(several))
    settled: dict[str, list[Decision]] = {}
    for decision in decisions:
        settled.setdefault(decision.first, []).append(decision)
    keys = ("subject_local", "predicate", "mode")
    rows = claims.select(*keys, *_SAID).sort(*keys, "id").iter_rows()
    known = {claim: days[source] for claim, source in claims.select("id", "source").iter_rows() if source in days}
    found = [
        Contradiction(subject, predicate, tuple(sorted(rivals)), difference, rivals, _settling(rivals, settled), known)
        for (subject, predicate, mode), group in groupby(rows, itemgetter(0, 1, 2))
        for rivals, difference in _clusters((row[3:] for row in group), Mode[mode])
    ]
    return sorted(found, key=lambda c: (c.subject, c.predicate, c.members))


_SAID = ("id", "object", "low", "high", "bound", "from", "until", "source")


def _settling(rivals: Mapping[str, frozenset[str]], settled: Mapping[str, list[Decision]]) -> tuple[Decision, ...]:
    return tuple(
        decision
        for key in sorted(rivals)
        for decision in settled.get(f"claim/{key}", ())
        if not decision.second or decision.second.partition("/")[2] in rivals[key]
    )


def _defendants(asserted: pl.DataFrame) -> list[str]:
    """The cases that have more than one defendant."""
    named = asserted.filter(pl.col("property") == "defendant")
    counts = named.group_by("subject_local").agg(pl.col("object").n_unique())
    return counts.filter(pl.col("object") > 1).get_column("subject_local").to_list()


Cluster = tuple[dict[str, frozenset[str]], Decimal | None]


def _clusters(group: Iterable[tuple[Any, ...]], mode: Mode) -> Iterator[Cluster]:
    """The claims of one subject and property that exclude each other, joined where they share a claim.

    Of each claim its rivals; and the widest gap.
    """
    claims: dict[_Said, list[str]] = {}
    for key, value, low, high, bound, start, end, source in group:
        alone = source if start is None and end is None else ""
        said = _Said(value, _number(low, bound), _number(high, bound), bound, start, end, alone)
        claims.setdefault(said, []).append(key)
    against: dict[_Said, list[_Said]] = {}
    for one, other in combinations(claims, 2):
        if excludes(one, other, mode):
            against.setdefault(one, []).append(other)
            against.setdefault(other, []).append(one)
    for cluster in _joined(against):
        gaps = [gap for one in cluster for other in against[one] if (gap := _gap(one, other)) is not None]
        rivals = {one: frozenset(key for other in against[one] for key in claims[other]) for one in cluster}
        yield {key: rivals[one] for one in cluster for key in claims[one]}, max(gaps, default=None)


def _joined(against: Mapping[_Said, list[_Said]]) -> Iterator[list[_Said]]:
    """What hangs together by exclusion, directly or through others."""
    seen: set[_Said] = set()
    for start in against:
        if start in seen:
            continue
        seen.add(start)
        cluster = [start]
        for one in cluster:
            fresh = [other for other in against[one] if other not in seen]
            seen.update(fresh)
            cluster += fresh
        yield cluster


def _number(text: str | None, bound: str | None) -> Decimal | None:
    if text is None:
        return None
    return Decimal(date.fromisoformat(text).toordinal()) if bound == XSD + "date" else Decimal(text)


def excludes(one: _Said, other: _Said, mode: Mode) -> bool:
    """Whether two statements on one subject and property cannot both be true."""
    return _differ(one, other) and _at_one_time(one, other, mode)


def _differ(one: _Said, other: _Said) -> bool:
    if one.bound is None or one.bound != other.bound:
        return one.object != other.object
    return not (_reaches(one.low, other.high) and _reaches(other.low, one.high))


def _reaches(low: _Bound | None, high: _Bound | None) -> bool:
    return low is None or high is None or low <= high


def _at_one_time(one: _Said, other: _Said, mode: Mode) -> bool:
    if mode in (Mode.ALWAYS, Mode.ONE_DEFENDANT):
        return True
    if mode is Mode.IN_PERIOD:
        return one.start is not None and one.end is not None and (one.start, one.end) == (other.start, other.end)
    if one.source or other.source:
        # A claim without a time speaks of its source's present, which only that source shares.
        return one.source == other.source
    return _reaches(one.start, other.end) and _reaches(other.start, one.end)


def _gap(one: _Said, other: _Said) -> Decimal | None:
    if one.bound is None or one.bound != other.bound:
        return None
    gaps = [
        low - high
        for low, high in ((one.low, other.high), (other.low, one.high))
        if low is not None and high is not None
    ]
    return max(gaps, default=None)

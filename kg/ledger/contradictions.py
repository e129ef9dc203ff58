"""Claims that cannot all be true, found by intervals of value and of time (never by pairs over the whole registry)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

import polars as pl

from kg.identity import Decision
from kg.ontology import XSD, Mode, Ontology

OPEN = Decimal("Infinity")


@dataclass(frozen=True)
class Contradiction:
    """Claims on one subject and property that cannot all be true.

    `members` are ids of claims in order; `difference` is the widest gap between two of them, a number or days, or
    nothing where values have no distance; `decisions` settle it if there are any.
    """

    subject: str
    predicate: str
    members: tuple[str, ...]
    difference: Decimal | None
    decisions: tuple[Decision, ...] = ()

    @property
    def local(self) -> str:
        """The part of its IRI behind the base."""
        key = "\n".join((self.subject, self.predicate, *self.members))
        return "contradiction/" + hashlib.sha256(key.encode()).hexdigest()[:16]


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


def find(asserted: pl.DataFrame, ontology: Ontology, decisions: Iterable[Decision]) -> list[Contradiction]:
    """The contradictions among asserted claims, in the order of their subjects and properties."""
    claims = asserted.with_columns(kind=pl.col("container").str.extract(r"^([a-z]+)/"))
    table = modes(ontology, claims.get_column("property").unique(), claims.get_column("kind").unique())
    claims = claims.join(table, on=["property", "kind"])
    claims = claims.filter(pl.struct("object", "low", "high").n_unique().over("subject_local", "predicate") > 1)
    several = _defendants(asserted)
    claims = claims.filter((pl.col("mode") != Mode.ONE_DEFENDANT.name) | ~pl.col("subject_local").is_in(several))
    settled = [decision for decision in decisions if decision.judgement == "settle"]
    found: list[Contradiction] = []
    keys = ["subject_local", "predicate", "mode"]
    for (subject, predicate, mode), group in claims.group_by(keys):
        for members, difference in _clusters(group, Mode[str(mode)]):
            found.append(Contradiction(str(subject), str(predicate), members, difference, _settling(members, settled)))
    return sorted(found, key=lambda c: (c.subject, c.predicate, c.members))


def _settling(members: tuple[str, ...], settled: list[Decision]) -> tuple[Decision, ...]:
    inside = {f"claim/{key}" for key in members}
    return tuple(d for d in settled if d.first in inside and (not d.second or d.second in inside))


def _defendants(asserted: pl.DataFrame) -> list[str]:
    """The cases that have more than one defendant."""
    named = asserted.filter(pl.col("property") == "defendant")
    counts = named.group_by("subject_local").agg(pl.col("object").n_unique())
    return counts.filter(pl.col("object") > 1).get_column("subject_local").to_list()


def _clusters(group: pl.DataFrame, mode: Mode) -> Iterator[tuple[tuple[str, ...], Decimal | None]]:
    """The claims of one subject and property that exclude each other, joined where they share a claim."""
    claims: dict[_Said, list[str]] = {}
    columns = ("id", "object", "low", "high", "bound", "from", "until", "source")
    for key, value, low, high, bound, start, end, source in group.select(columns).iter_rows():
        alone = source if start is None and end is None else ""
        said = _Said(value, _number(low, bound), _number(high, bound), bound, start, end, alone)
        claims.setdefault(said, []).append(key)
    clusters: list[tuple[set[_Said], list[Decimal | None]]] = []
    for one, other in combinations(claims, 2):
        if excludes(one, other, mode):
            merged = {one, other}
            gaps = [_gap(one, other)]
            touching = [cluster for cluster in clusters if cluster[0] & merged]
            for cluster in touching:
                clusters.remove(cluster)
                merged |= cluster[0]
                gaps += cluster[1]
            clusters.append((merged, gaps))
    for together, gaps in clusters:
        known = [gap for gap in gaps if gap is not None]
        yield tuple(sorted(key for said in together for key in claims[said])), max(known, default=None)


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


def _reaches(low: Decimal | None, high: Decimal | None) -> bool:
    return low is None or high is None or low <= high


def _at_one_time(one: _Said, other: _Said, mode: Mode) -> bool:
    if mode in (Mode.ALWAYS, Mode.ONE_DEFENDANT):
        return True
    if mode is Mode.IN_PERIOD:
        return one.start is not None and one.end is not None and (one.start, one.end) == (other.start, other.end)
    if one.source or other.source:
        # A claim without a time speaks of its source's present, which only that source shares.
        return one.source == other.source
    return _overlap(one.start, other.end) and _overlap(other.start, one.end)


def _overlap(start: str | None, end: str | None) -> bool:
    return start is None or end is None or start <= end


def _gap(one: _Said, other: _Said) -> Decimal | None:
    if one.bound is None or one.bound != other.bound:
        return None
    gaps = [
        low - high
        for low, high in ((one.low, other.high), (other.low, one.high))
        if low is not None and high is not None
    ]
    return max(gaps, default=None)

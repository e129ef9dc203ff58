"""What was known when: from which day the word of a source counts, and what of a registry was known by a day.

This is the time of knowledge. The time for which a claim holds (`as_of` in its row) is another, and stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from kg.claims import Claims
from kg.entities import Entities, Entity, local_id, parse_id
from kg.identity import Decision
from kg.ontology import XSD
from kg.values import Literal, time_span

_MOST = 5


@dataclass(frozen=True)
class Known:
    """From which day the word of a source counts.

    `day` is None where nothing dates the source; `at_earliest` says that it may also have been later; `because` says
    what the day rests on, in a few words.
    """

    source: str
    day: date | None
    at_earliest: bool
    because: str


@dataclass(frozen=True)
class Knowledge:
    """When each source became known, and the day as of which a registry is read.

    `sources` has each source by the slug of its id; `telling` are those that make claims; `decided` has for each
    decision the last day on which it may have been made. Without a day (`as_of` is None) all of them count.
    """

    sources: Mapping[str, Known]
    telling: frozenset[str]
    as_of: date | None = None
    decided: tuple[str, ...] = ()

    def counts(self, source: str) -> bool:
        """Whether the claims of a source count, if it makes any."""
        day = self.sources[source].day if source in self.sources else None
        return self.as_of is None or (day is not None and day <= self.as_of)

    @property
    def counted(self) -> tuple[Known, ...]:
        """The sources whose claims count."""
        return tuple(known for known in self._telling() if self.counts(known.source))

    @property
    def left_out(self) -> tuple[Known, ...]:
        """The sources whose claims do not count: those known later, and those that nothing dates."""
        return tuple(known for known in self._telling() if not self.counts(known.source))

    @property
    def dated(self) -> tuple[Known, ...]:
        """The sources whose day is part of the graph: all that have one; as of a day, those that count."""
        found = self.sources.values() if self.as_of is None else self.counted
        return tuple(known for known in found if known.day)

    def told(self) -> dict[str, Any]:
        """As of which day it is read, and which sources count and which do not: what a manifest has of it."""
        sources = {
            "counted": {known.source: _told(known) for known in self.counted},
            "left out": {known.source: _told(known) for known in self.left_out},
        }
        if self.as_of is None:
            return {}
        later = sorted(day for day in self.decided if day > self.as_of.isoformat())
        return {"as_of": self.as_of.isoformat(), "sources": sources, "decisions left out": later}

    def _telling(self) -> Iterator[Known]:
        return (known for source, known in sorted(self.sources.items()) if source in self.telling)


def _told(known: Known) -> dict[str, Any]:
    day = known.day.isoformat() if known.day else None
    return {"known": day, "at the earliest": known.at_earliest, "because": known.because}


def note(told: Mapping[str, Any]) -> str:
    """What `Knowledge.told` has as of a day, in one line.

    >>> row = {"known": "2031-05-01", "at the earliest": True, "because": "published 2031-05/.."}
    >>> note({"as_of": "2031-06-30", "sources": {"counted": {"river-post": row}, "left out": {}}})
    'as of 2031-06-30: 1 of 1 source, 1 of them at the earliest'
    """
    counted, left_out = told["sources"]["counted"], told["sources"]["left out"]
    number = len(counted) + len(left_out)
    text = f"as of {told['as_of']}: {len(counted)} of {number} source{'' if number == 1 else 's'}"
    if early := sum(row["at the earliest"] for row in counted.values()):
        text += f", {early} of them at the earliest"
    later = sorted((row["known"], source) for source, row in left_out.items() if row["known"])
    if later:
        text += f"; left out: {_some([f'{source} ({_day(day, left_out[source])})' for day, source in later])}"
    if undated := sorted(source for source, row in left_out.items() if not row["known"]):
        text += f"; left out because nothing dates {'it' if len(undated) == 1 else 'them'}: {_some(undated)}"
    if decided := told.get("decisions left out"):
        several = "1 decision" if len(decided) == 1 else f"{len(decided)} decisions"
        text += f"; {several} made later, the first on {decided[0]}"
    return text


def _day(day: str, row: Mapping[str, Any]) -> str:
    return f"{day} at the earliest" if row["at the earliest"] else day


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def when_known(entities: Entities, claims: pl.DataFrame) -> dict[str, Known]:
    """When each source of the tables became known, by the slug of its id.

    That is the last day on which it may have been published. Where `published` is open or empty it is, at the earliest,
    the latest of: the first day of `published`; the first days that its claims tell of, in values, `as_of` and `said`;
    and the first days of `published` of the sources that it retells or cites. Nothing that another source says has a
    part in it, so sources that are added later move no day.
    """
    published = {source.id.partition("/")[2]: _published(source) for source in entities.of("source")}
    told, cited = _told_days(claims), _cited(claims)
    found = {}
    for source in sorted({*published, *claims.get_column("source").unique()}):
        low, high, text = published.get(source, ("", "", ""))
        if high:
            found[source] = Known(source, date.fromisoformat(high), at_earliest=False, because=f"published {text}")
            continue
        reasons = [(low, f"published {text}")] if low else []
        for other in cited.get(source, ()):
            first, _, text = published.get(other, ("", "", ""))
            reasons += [(first, f"retells or cites {other}, published {text}")] if first else []
        reasons += [told[source]] if source in told else []
        day, because = max(reasons, key=lambda reason: reason[0], default=("", "nothing dates it"))
        found[source] = Known(source, date.fromisoformat(day) if day else None, bool(day), because)
    return found


def _published(source: Entity) -> tuple[str, str, str]:
    """The first and the last day on which a source may have been published, and how its row says so."""
    for term, value in source.values:
        if term.word == "issued" and isinstance(value, Literal) and value.bounds:
            return value.bounds.low, value.bounds.high, value.text
    return "", "", ""


def _told_days(claims: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """For each source the latest of the first days that its claims tell of, and the claim that tells of it."""
    said = {text: time_span(text).bounds for text in claims.get_column("said").unique() if text}
    firsts = {text: bounds.low for text, bounds in said.items() if bounds and bounds.low}
    days = claims.select(
        "source",
        "id",
        day=pl.max_horizontal(
            pl.when(pl.col("bound") == XSD + "date").then("low"),
            "from",
            pl.col("said").replace_strict(firsts, default=None, return_dtype=pl.String),
        ),
    )
    latest = days.drop_nulls("day").sort("day", "id", descending=[True, False])
    rows = latest.unique("source", keep="first", maintain_order=True).iter_rows()
    return {source: (day, f"tells of {day} (claim/{claim})") for source, claim, day in rows}


def _cited(claims: pl.DataFrame) -> dict[str, list[str]]:
    """The other sources that each source retells, cites or otherwise names, in their order."""
    value = pl.when(pl.col("datatype").is_null()).then("object")
    via = pl.when(pl.col("via") != "").then(pl.concat_str(pl.lit("source/"), "via"))
    named = pl.concat([claims.select("source", other=each) for each in (via, value, pl.col("subject"))])
    pairs = named.filter(pl.col("other").str.starts_with("source/")).unique().sort("source", "other")
    found: dict[str, list[str]] = defaultdict(list)
    for source, other in pairs.iter_rows():
        if other != f"source/{source}":
            found[source].append(other.partition("/")[2])
    return found


def counted_claims(claims: Claims, knowledge: Knowledge) -> Claims:
    """The claims of the sources that count, with their evidence and the numbers of their rows."""
    if knowledge.as_of is None:
        return claims
    counted = pl.col("source").is_in([known.source for known in knowledge.counted])
    return replace(
        claims,
        claims=claims.claims.filter(counted),
        evidence=claims.evidence.filter(counted),
        rows=claims.rows.filter(counted),
    )


def known_by(
    day: date | None, entities: Entities, claims: pl.DataFrame, decisions: Iterable[Decision]
) -> tuple[Entities, list[Decision]]:
    """The entities that claims and decisions use as of a day, directly or through others, and the decisions that count.

    A decision counts from the last day of its `when`: one on claims if all of them are there, one on entities if one of
    them is known otherwise. The rows of entities have no day: what they say of a thing is taken as known with it, but
    for `complete` of a list, which is never told as of a day, since it speaks of all names that the tables give at
    present. Without a day everything counts.
    """
    decisions = list(decisions)
    if day is None:
        return entities, decisions
    made = [decision for decision in decisions if last_day(decision) <= day.isoformat()]
    ids = set(claims.get_column("id"))
    counted = {id(d) for d in made if d.judgement == "settle" and ids.issuperset(_claims_of(d))}
    reached, joining = _reached(_named(claims), entities, [d for d in made if d.judgement != "settle"])
    counted |= {id(decision) for decision in joining}
    kept = {key: _timeless(entity) for key, entity in entities.by_id.items() if key in reached}
    return Entities(kept), [decision for decision in decisions if id(decision) in counted]


def _timeless(entity: Entity) -> Entity:
    """An entity without what its row says of the tables as they are at present."""
    return replace(entity, values=tuple((term, value) for term, value in entity.values if term.word != "complete"))


def last_day(decision: Decision) -> str:
    """The last day on which a decision may have been made, the end of time where that is open."""
    bounds = decision.when.bounds
    return (bounds.high if bounds else "") or date.max.isoformat()


def _claims_of(decision: Decision) -> set[str]:
    return {key.partition("/")[2] for key in (decision.first, decision.second) if key}


def _parts(key: str) -> tuple[str, ...]:
    """The entities that an id names: of a tally what it is within, and the group that it counts."""
    if "#" not in key:
        return (key,)
    parsed = parse_id(key)
    return parsed.container, f"group/{parsed.group}"


def _named(claims: pl.DataFrame) -> set[str]:
    """The ids of the entities that claims name in any of their columns."""
    values = claims.filter(pl.col("datatype").is_null()).get_column("object").unique()
    keys = {*map(local_id, values), *claims.get_column("subject").unique()}
    found = {part for key in keys for part in _parts(key)}
    found |= {key for key in claims.get_column("claimant").unique() if key}
    return found | {f"source/{slug}" for name in ("source", "via") for slug in claims.get_column(name).unique() if slug}


def _reached(keys: set[str], entities: Entities, decisions: list[Decision]) -> tuple[set[str], list[Decision]]:
    """All that ids lead to by the rows of their entities and by the decisions on them, and these decisions."""
    naming: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        for part in (*_parts(decision.first), *_parts(decision.second)):
            naming[part].append(decision)
    found, used, waiting = set(keys), [], list(keys)
    while waiting:
        key = waiting.pop()
        entity, on = entities.by_id.get(key), naming.pop(key, [])
        others = {value for _, value in entity.values if isinstance(value, str)} if entity else set()
        others |= {part for decision in on for end in (decision.first, decision.second) for part in _parts(end)}
        used += on
        waiting += others - found
        found |= others
    return found, used

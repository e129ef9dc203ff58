"""From the rows of a projection's query to a network: ends become nodes, rows with the same ends one edge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite, nan
from typing import NamedTuple

import polars as pl
import pyoxigraph as ox

from kg.entities import Entities, local_id
from kg.errors import KgError
from kg.network.disputes import Disputes
from kg.network.network import Edge, Network, Node
from kg.ontology import RDF, Ontology
from kg.query import Question
from kg.query.answer import Row
from kg.query.answer import Term as AnyTerm
from kg.terminal import visible
from kg.trace import Rows
from kg.values import CellError, Literal, time_span

Term = AnyTerm | None

_NEEDED = ("source", "target", "relation")
_TYPE = RDF + "type"
_UNNAMED = "related to"


class _Claim(NamedTuple):
    """What an edge takes from a claim."""

    origin: str
    since: str
    until: str
    stance: str


@dataclass(frozen=True)
class Registered:
    """What a registry knows of the things that a projection joins."""

    rows: Rows
    entities: Entities
    ontology: Ontology
    base: str
    disputes: Disputes

    @cached_property
    def claims(self) -> Mapping[str, _Claim]:
        """What counts of each claim for an edge, by its id, without those that a review or a decision left out."""
        counted = self.rows.claims.filter((pl.col("review") == "accepted") & (pl.col("standing") != "set-aside"))
        origin = pl.coalesce("origin", pl.concat_str(pl.lit("source/"), "source"))
        columns = counted.select(origin, pl.col("from").fill_null(""), pl.col("until").fill_null(""), "stance")
        return dict(zip(counted.get_column("id"), map(_Claim._make, columns.iter_rows()), strict=True))


@dataclass
class _Group:
    """The rows of one edge, as they come together."""

    claims: dict[str, None] = field(default_factory=dict)
    weight: float | None = None
    since: str = ""
    until: str = ""
    contested: bool = False


Key = tuple[str, str, str, str, bool]


def network(question: Question, variables: Sequence[str], rows: Iterable[Row], known: Registered) -> Network:
    """The network that the rows of a projection's query make.

    The query selects `?source`, `?target` and `?relation` (a property, or a text), and may select `?claim` and `?also`
    (the claims on which the row rests), `?denied` (whether it is a denial; else a claim that does not assert is),
    `?weight`, `?since`, `?until` and `?contested`. A row without a target is a thing that stands there alone. A tally
    stands for the list, place or case within which it counts. Claims that were not accepted in review, or that a
    decision set aside, make no edge. Raises KgError if the query does not select what is needed.
    """
    missing = [f"?{name}" for name in _NEEDED if name not in variables]
    if missing:
        fix = "begin it with SELECT ?source ?relation ?target ?claim"
        raise KgError(f"the projection {question.name} selects no {', '.join(missing)}", fix)
    reader = _Reader(known, variables)
    for row in rows:
        reader.put(row)
    edges = tuple(_edge(key, group, known) for key, group in sorted(reader.groups.items()))
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = _nodes(sorted(ends | reader.alone), reader.iris, known)
    return Network(question.name, question.title, tuple(nodes), edges, reader.dropped)


class _Reader:
    """Puts rows together to edges; ids and names of terms are made once."""

    def __init__(self, known: Registered, variables: Sequence[str]) -> None:
        self.known = known
        self.groups: dict[Key, _Group] = {}
        self.alone: set[str] = set()
        self.iris: dict[str, str] = {}
        self.dropped = 0
        places = {name: place for place, name in enumerate(variables)}
        self._ends = places["source"], places["relation"], places["target"]
        self._claims = [places[name] for name in ("claim", "also") if name in places]
        self._told = {name: places[name] for name in ("weight", "since", "until", "contested") if name in places}
        self._denied = places.get("denied")
        self._ids: dict[Term, str] = {}
        self._relations: dict[Term, tuple[str, str]] = {}

    def put(self, row: Row) -> None:
        """Add a row to the edge it belongs to."""
        first, joining, last = self._ends
        source, target = self._id(row[first]), self._id(row[last])
        if row[last] is None and source:
            self.alone.add(source)
            return
        relation, predicate = self._relation(row[joining])
        if not source or not target or predicate == _TYPE:
            self.dropped += 1
            return
        claims = [self._id(row[place]).removeprefix("claim/") for place in self._claims if row[place] is not None]
        found = [self.known.claims.get(claim) for claim in claims]
        if None in found:
            return
        told = row[self._denied] if self._denied is not None else None
        denied = _text(told) == "true" if told else any(claim and claim.stance != "asserts" for claim in found)
        group = self.groups.setdefault((source, target, relation, predicate, denied), _Group())
        group.claims |= dict.fromkeys(claims)
        if self._told:
            self._tell(group, {name: _text(row[place]) for name, place in self._told.items()})

    def _tell(self, group: _Group, told: Mapping[str, str]) -> None:
        """What the query itself says of an edge."""
        if weight := told.get("weight"):
            group.weight = max(group.weight or 0.0, _number(weight))
        group.since = min(filter(None, (group.since, told.get("since"))), default="")
        group.until = max(group.until, told.get("until", ""))
        group.contested = group.contested or told.get("contested") == "true"

    def _id(self, term: Term) -> str:
        """The id of a thing in the tables, or its IRI; a tally is what it is within. Empty for what is no thing."""
        found = self._ids.get(term)
        if found is None:
            iri, base = term.value if isinstance(term, ox.NamedNode) else "", self.known.base
            found = local_id(iri.removeprefix(base)).partition("#")[0] if iri.startswith(base) else iri
            self._ids[term] = found
            self.iris[found] = base + found if iri.startswith(base) else iri
        return found

    def _relation(self, term: Term) -> tuple[str, str]:
        """How a relation is called, and its IRI if it is a property."""
        found = self._relations.get(term)
        if found is None:
            found = _text(term) or _UNNAMED, ""
            if isinstance(term, ox.NamedNode):
                ending = term.value.rstrip("/#").replace("#", "/").rpartition("/")[2]
                found = self.known.ontology.labels.get(term.value, ending or term.value), term.value
            self._relations[term] = found
        return found


def _text(term: Term) -> str:
    return term.value if isinstance(term, ox.Literal) else ""


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not isfinite(number):
        raise KgError(f"?weight is no number: {visible(text)}", "select a number, or leave ?weight out")
    return number


def _edge(key: Key, group: _Group, known: Registered) -> Edge:
    source, target, relation, predicate, denied = key
    claims = [known.claims[claim] for claim in group.claims]
    origins = {claim.origin for claim in claims}
    timeless = not claims or any(not claim.since and not claim.until for claim in claims)
    firsts = [] if timeless else [claim.since for claim in claims]
    lasts = [] if timeless else [claim.until for claim in claims]
    return Edge(
        source,
        target,
        relation,
        predicate,
        denied,
        group.weight if group.weight is not None else float(max(len(origins), 1)),
        group.since or min(firsts, default=""),
        group.until or (max(lasts, default="") if all(lasts) else ""),
        known.disputes.among(group.claims if predicate else (), relation, told=group.contested),
        tuple(sorted(group.claims)),
    )


def _nodes(keys: list[str], iris: Mapping[str, str], known: Registered) -> Iterable[Node]:
    claims = _claims_about(keys, known.rows.claims)
    dates, totals = _issued(known), _totals(known)
    for key in keys:
        entity = known.entities.by_id.get(key)
        kind = entity.kind.word if entity else ""
        since, until = dates.get(key, ("", "")) if kind == "list" else ("", "")
        if entity and kind == "list" and not (since or until):
            since, until = _span(entity.text("edition"))
        if entity and kind == "source":
            since, until = _span(entity.text("published"))
        yield Node(
            id=key,
            label=entity.name if entity else key,
            kind=kind,
            sort=entity.text("classification") if entity else "",
            iri=iris.get(key, key),
            series=entity.text("series") if entity else "",
            since=since,
            until=until,
            text=totals.get(key, "") if kind == "list" else "",
            disputes=known.disputes.about(key),
            claims=tuple(claims.get(key, ())),
        )


def _span(text: str) -> tuple[str, str]:
    try:
        found: Literal | None = time_span(text) if text else None
    except CellError:
        return "", ""
    return (found.bounds.low or "", found.bounds.high or "") if found and found.bounds else ("", "")


def _claims_about(keys: list[str], claims: pl.DataFrame) -> Mapping[str, list[str]]:
    """The ids of the claims on each thing, of which it is the value, or which it makes; in their order."""
    wanted = pl.DataFrame({"key": keys}, schema={"key": pl.String})
    value = pl.when(pl.col("datatype").is_null()).then("object")
    numbered = claims.with_row_index("order")
    about = [numbered.select("id", "order", key=each) for each in (pl.col("container"), value, pl.col("claimant"))]
    found = pl.concat(about).drop_nulls().join(wanted, on="key", how="semi").unique().sort("order")
    return dict(found.group_by("key", maintain_order=True).agg("id").iter_rows())


def _issued(known: Registered) -> Mapping[str, tuple[str, str]]:
    """The days on which each list may have been issued: those that most independent sources tell, else the earliest."""
    told = known.rows.claims.filter(
        (pl.col("property") == "issued") & (pl.col("stance") == "asserts") & (pl.col("standing") != "set-aside")
    )
    counted = told.group_by("container", "low", "high").agg(pl.col("origin").n_unique().alias("origins"))
    best = counted.sort(["origins", "low", "high"], descending=[True, False, False], nulls_last=True)
    rows = best.unique("container", keep="first", maintain_order=True).select("container", "low", "high").iter_rows()
    return {key: (low or "", high or "") for key, low, high in rows}


def _totals(known: Registered) -> Mapping[str, str]:
    """The totals that claims tell of each list, as its mark shows them."""
    told = known.rows.claims.filter(
        (pl.col("property") == "count")
        & (pl.col("subject") == pl.col("container"))
        & (pl.col("stance") == "asserts")
        & (pl.col("standing") != "set-aside")
        & (pl.col("precision") == "exact")
    )
    frame = told.group_by("container").agg(pl.col("object").unique().sort())
    return {key: " | ".join(values[:2]) + (" …" if len(values) > 2 else "") for key, values in frame.iter_rows()}

"""From the rows of a projection's query to a network: ends become nodes, rows with the same ends one edge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl
import pyoxigraph as ox

from kg.entities import Entities, local_id
from kg.errors import KgError
from kg.network.disputes import Disputes
from kg.network.network import Edge, Network, Node
from kg.ontology import RDF, Ontology
from kg.query import Answer, Question
from kg.trace import Rows
from kg.values import CellError, Literal, time_span

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None

_NEEDED = ("source", "target", "relation")
_TYPE = RDF + "type"
_UNNAMED = "related to"


@dataclass(frozen=True)
class Registered:
    """What a registry knows of the things that a projection joins."""

    rows: Rows
    entities: Entities
    ontology: Ontology
    base: str
    disputes: Disputes

    @cached_property
    def claims(self) -> Mapping[str, Mapping[str, str | None]]:
        """What counts of each claim for an edge, by its id, without those that a review or a decision left out."""
        counted = self.rows.claims.filter((pl.col("review") == "accepted") & (pl.col("standing") != "set-aside"))
        columns = ("origin", "source", "from", "until", "stance")
        return dict(zip(counted.get_column("id"), counted.select(columns).iter_rows(named=True), strict=True))


@dataclass
class _Group:
    """The rows of one edge, as they come together."""

    claims: dict[str, None] = field(default_factory=dict)
    weight: float | None = None
    since: str = ""
    until: str = ""
    contested: bool = False


Key = tuple[str, str, str, str, bool]


def network(question: Question, answer: Answer, known: Registered) -> Network:
    """The network that the rows of a projection's query make.

    The query selects `?source`, `?target` and `?relation` (a property, or a text), and may select `?claim` and `?also`
    (the claims on which the row rests), `?denied` (whether it is a denial; else a claim that does not assert is),
    `?weight`, `?since`, `?until` and `?contested`. A row without a target is a thing that stands there alone. A tally
    stands for the list, place or case within which it counts.
    Claims that were not accepted in review, or that a decision set aside, make no edge. Raises KgError if the query
    does not select what is needed.
    """
    missing = [name for name in _NEEDED if name not in answer.variables]
    if answer.kind != "select" or missing:
        told = ", ".join(f"?{name}" for name in missing or _NEEDED)
        raise KgError(f"the projection {question.name} selects no {told}", "SELECT ?source ?target ?relation …")
    groups: dict[Key, _Group] = {}
    reader = _Reader(known, {name: place for place, name in enumerate(answer.variables)})
    dropped = sum(not reader.put(row, groups) for row in answer.rows)
    edges = tuple(_edge(key, group, known) for key, group in sorted(groups.items()))
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = _nodes(sorted(ends | reader.alone), reader.iris, known)
    return Network(question.name, question.title, tuple(nodes), edges, dropped)


class _Reader:
    """Reads the rows of an answer; ids and names of terms are made once."""

    def __init__(self, known: Registered, places: Mapping[str, int]) -> None:
        self.known, self.places = known, places
        self.iris: dict[str, str] = {}
        self.alone: set[str] = set()
        self._ids: dict[str, str] = {}
        self._relations: dict[Term, tuple[str, str]] = {}

    def put(self, row: tuple[Term, ...], groups: dict[Key, _Group]) -> bool:
        """Add a row to the edge it belongs to; whether its ends are things."""
        source, target = row[self.places["source"]], row[self.places["target"]]
        if isinstance(source, ox.NamedNode) and target is None:
            self.alone.add(self._id(source))
            return True
        relation, predicate = self._relation(row[self.places["relation"]])
        if not isinstance(source, ox.NamedNode) or not isinstance(target, ox.NamedNode) or predicate == _TYPE:
            return False
        claims = [self._id(claim) for name in ("claim", "also") if (claim := self._cell(row, name)) is not None]
        found = [self.known.claims.get(claim.removeprefix("claim/")) for claim in claims]
        if None in found:
            return True
        told = self._text(row, "denied")
        denied = told == "true" if told else any(claim and claim["stance"] != "asserts" for claim in found)
        group = groups.setdefault((self._id(source), self._id(target), relation, predicate, denied), _Group())
        group.claims |= dict.fromkeys(claim.removeprefix("claim/") for claim in claims)
        self._told(row, group)
        return True

    def _told(self, row: tuple[Term, ...], group: _Group) -> None:
        """What the query itself says of the edge."""
        if weight := self._text(row, "weight"):
            try:
                group.weight = max(group.weight or 0.0, float(weight))
            except ValueError as error:
                raise KgError(f"?weight is no number: {weight}", "select a number, or leave ?weight out") from error
        group.since = min(filter(None, (group.since, self._text(row, "since"))), default="")
        group.until = max(group.until, self._text(row, "until"))
        group.contested = group.contested or self._text(row, "contested") == "true"

    def _cell(self, row: tuple[Term, ...], name: str) -> Term:
        return row[self.places[name]] if name in self.places else None

    def _text(self, row: tuple[Term, ...], name: str) -> str:
        term = self._cell(row, name)
        return term.value if isinstance(term, ox.Literal) else ""

    def _id(self, term: Term) -> str:
        """The id of a thing in the tables, or its IRI; a tally is what it is within."""
        iri = term.value if isinstance(term, ox.NamedNode) else str(term)
        if iri not in self._ids:
            base = self.known.base
            key = local_id(iri.removeprefix(base)).partition("#")[0] if iri.startswith(base) else iri
            self._ids[iri] = key
            self.iris[key] = base + key if iri.startswith(base) else iri
        return self._ids[iri]

    def _relation(self, term: Term) -> tuple[str, str]:
        """How a relation is called, and its IRI if it is a property."""
        if term not in self._relations:
            if isinstance(term, ox.NamedNode):
                ending = term.value.rstrip("/#").replace("#", "/").rpartition("/")[2]
                self._relations[term] = self.known.ontology.labels.get(term.value, ending or term.value), term.value
            else:
                text = term.value if isinstance(term, ox.Literal) else ""
                self._relations[term] = text or _UNNAMED, ""
        return self._relations[term]


def _edge(key: Key, group: _Group, known: Registered) -> Edge:
    source, target, relation, predicate, denied = key
    claims = [known.claims[claim] for claim in group.claims]
    origins = {claim["origin"] or f"source/{claim['source']}" for claim in claims}
    timeless = not claims or any(not claim["from"] and not claim["until"] for claim in claims)
    firsts = [] if timeless else [claim["from"] or "" for claim in claims]
    lasts = [] if timeless else [claim["until"] or "" for claim in claims]
    return Edge(
        source,
        target,
        relation,
        predicate,
        denied,
        group.weight if group.weight is not None else float(max(len(origins), 1)),
        group.since or min(firsts, default=""),
        group.until or (max(lasts, default="") if all(lasts) else ""),
        known.disputes.among(group.claims, relation, told=group.contested),
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

"""From the answer of a projection's query to edges: rows with the same ends, relation and stance are one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, nan

import polars as pl
import pyoxigraph as ox

from kg.entities import local_id
from kg.errors import KgError
from kg.network.known import Registered, days
from kg.network.network import Edge
from kg.ontology import NS, RDF, Ontology
from kg.query.answer import Term
from kg.query.tsv import is_iri, terms
from kg.terminal import visible

_TYPE = RDF + "type"
_UNNAMED = "related to"
_STANCES = {NS + name: name for name in ("asserts", "denies", "cannot-verify")}
_TRUTHS = {"true": "true", "1": "true", "false": "false", "0": "false"}
_ROW = pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")
_ENDS = ("source", "relation", "target")
# What a query may say of an edge itself; all other variables but the ends may name claims.
_OWN = ("stance", "weight", "since", "until", "contested")
_KEY = ("source", "target", "relation", "predicate", "stance")
NO_THING = "a literal or nothing at an end, or only a type"
NO_CLAIM = "a claim that there is not"


@dataclass(frozen=True)
class Joined:
    """What the answer of a projection's query joins.

    `edges` are ordered by their ends and relation. `alone` are things that are to stand there even if nothing joins
    them, `foreign` those whose id is an IRI, for it does not begin with the base. `dropped` tells why rows make no
    edge, and how many each.
    """

    edges: tuple[Edge, ...]
    alone: frozenset[str]
    foreign: frozenset[str]
    dropped: Mapping[str, int]


def joined(answer: pl.DataFrame, known: Registered) -> Joined:
    """Put the rows of an answer together to edges. Raises KgError for a value that a query cannot mean."""
    answer = _completed(answer, known)
    things = _things(answer, known.base)
    claims = _claims(answer, known)
    rows = _rows(answer, things, claims, known.ontology)
    faultless = pl.col("fault").is_null()
    lone = rows.filter(faultless & pl.col("alone")).get_column("source")
    dropped = rows.filter(~faultless & ~pl.col("alone")).get_column("fault").value_counts().sort("fault")
    edges = tuple(_edges(rows.filter(faultless & ~pl.col("alone")), claims, known))
    foreign = frozenset(key for cell, key in things.items() if cell == f"<{key}>")
    return Joined(edges, frozenset(lone.to_list()), foreign, dict(dropped.iter_rows()))


def _completed(answer: pl.DataFrame, known: Registered) -> pl.DataFrame:
    """The answer, with what the claim itself says in each row that tells a claim and neither end."""
    if "claim" not in answer.columns:
        return answer
    whole = pl.any_horizontal(pl.col("source", "target").is_not_null()) | pl.col("claim").is_null()
    # No variable has a blank in its name.
    rest = answer.filter(~whole).join(known.statements, on="claim", how="left")
    own = (pl.coalesce(name, f"its {name}") for name in _ENDS)
    return pl.concat([answer.filter(whole), rest.with_columns(own).select(answer.columns)])


def _things(answer: pl.DataFrame, base: str) -> Mapping[str, str]:
    """For each cell at an end the id of the thing, which is its IRI where that does not begin with the base.

    A tally is what it is within; the id of what is no thing is empty.
    """
    ends = pl.concat([answer.get_column("source"), answer.get_column("target")])
    return {cell: _thing(cell, f"<{base}") for cell in ends.drop_nulls().unique().to_list()}


def _thing(cell: str, here: str) -> str:
    if cell.startswith(here):
        return local_id(cell[len(here) : -1]).partition("#")[0]
    return cell[1:-1] if cell.startswith("<") and not cell.startswith("<<") else ""


def _claims(answer: pl.DataFrame, known: Registered) -> pl.DataFrame:
    """The claims on which the rows rest, variable by variable, with what is known of them.

    `row` is the number of a row, `fault` why a claim does not count.
    """
    start = f"<{known.base}claim/"
    parts = []
    for name in answer.columns:
        cell = pl.col(name)
        key = pl.when(cell.str.starts_with(start)).then(cell.str.strip_prefix(start).str.strip_suffix(">"))
        # Another thing that stands for a claim is one that there is not; elsewhere it may be anything.
        other = pl.when(is_iri(cell)).then(pl.lit("")) if name == "claim" else None
        if name not in (*_ENDS, *_OWN):
            parts.append(answer.select(_ROW, variable=pl.lit(name), id=key.otherwise(other)).drop_nulls("id"))
    named = pl.concat(parts) if parts else answer.clear().select(_ROW, variable=pl.lit(""), id=pl.lit(""))
    told = named.join(known.claims, on="id", how="left", maintain_order="left")
    return told.with_columns(fault=pl.when(pl.col("statement").is_null()).then(pl.lit(NO_CLAIM)).otherwise("fault"))


def _rows(answer: pl.DataFrame, things: Mapping[str, str], claims: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """The rows with the ids of their ends, what joins them, what the query says of it, and what their claims come to.

    `alone` is whether nothing is told but the source, `fault` why a row does not count.
    """
    ends = pl.col("source", "target").replace_strict(things, default="", return_dtype=pl.String)
    own = (pl.col(name) if name in answer.columns else pl.lit(None, pl.String).alias(name) for name in _OWN)
    bare = pl.all_horizontal(pl.col("source", "target").is_null())
    rows = answer.select(_ROW, ends, *own, cell="relation", alone=pl.col("target").is_null(), bare=bare)
    rows = rows.join(_relations(answer, ontology), on="cell", nulls_equal=True, how="left", maintain_order="left")
    unlike = claims.filter(pl.col("stance") != "asserts").select("row", claimed="stance")
    for part in (unlike, claims.drop_nulls("fault").select("row", "fault")):
        first = part.unique("row", keep="first", maintain_order=True)
        rows = rows.join(first, on="row", how="left", maintain_order="left")
    thing = pl.col("source") != ""
    alone = pl.col("alone") & thing
    joins = thing & (pl.col("target") != "") & (pl.col("predicate") != _TYPE)
    unjoined = pl.coalesce(pl.when("bare").then("fault"), pl.lit(NO_THING))
    return rows.with_columns(alone=alone, fault=pl.when(alone | joins).then("fault").otherwise(unjoined))


def _relations(answer: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """For each cell that tells a relation how that is called, its property and its stance, if it is one."""
    cells = answer.get_column("relation").unique().to_list()
    known = terms(cell for cell in cells if cell is not None)
    rows = [(cell, *_relation(known.get(cell), ontology)) for cell in cells]
    return pl.DataFrame(rows, dict.fromkeys(("cell", "relation", "predicate", "itself"), pl.String), orient="row")


def _relation(term: Term | None, ontology: Ontology) -> tuple[str, str, str | None]:
    if not isinstance(term, ox.NamedNode):
        return (term.value if isinstance(term, ox.Literal) else "") or _UNNAMED, "", None
    ending = term.value.rstrip("/#").replace("#", "/").rpartition("/")[2]
    stance = _STANCES.get(term.value)
    return ontology.labels.get(term.value, ending or term.value), "" if stance else term.value, stance


def _edges(rows: pl.DataFrame, claims: pl.DataFrame, known: Registered) -> Iterator[Edge]:
    """The edges that rows make, each of which joins two things."""
    rows = rows.with_columns(_own(rows, name) for name in _OWN)
    rows = rows.with_columns(stance=pl.coalesce("stance", "itself", "claimed", pl.lit("asserts")))
    rows = rows.with_columns(edge=pl.struct(_KEY).rank("dense"))
    edges = rows.select("edge", *_KEY).unique("edge").sort("edge")
    told = claims.join(rows.select("row", "edge", "predicate"), on="row").unique(["edge", "variable", "id"])
    for part in (_own_words(rows), _weights(told), _held(told), _cited(told)):
        edges = edges.join(part, on="edge", how="left", maintain_order="left")
    columns = edges.select(
        *_KEY,
        pl.coalesce("weight", "counted", pl.lit(1.0)),
        pl.coalesce("since", "held_since", pl.lit("")),
        pl.coalesce("until", "held_until", pl.lit("")),
        "contested",
        "claims",
    )
    cells = zip(*(column.to_list() for column in columns), strict=True)
    for source, target, relation, predicate, stance, weight, since, until, contested, ids in cells:
        cited = tuple(ids or ())
        disputes = known.disputes.among(cited if predicate else (), relation, told=contested)
        yield Edge(source, target, relation, predicate, stance, weight, since, until, disputes, cited)


def _own(rows: pl.DataFrame, name: str) -> pl.Expr:
    """What the query itself says of edges, in the form in which it is compared."""
    cells = rows.get_column(name).drop_nulls().unique(maintain_order=True).to_list()
    told = {cell: _read(name, _text(term)) for cell, term in terms(cells).items()}
    return pl.col(name).replace_strict(told, return_dtype=pl.String)


def _text(term: Term) -> str:
    return term.value if isinstance(term, ox.Literal | ox.NamedNode) else str(term)


def _read(name: str, text: str) -> str:
    """A value that a query gives an edge, in the form in which it is compared."""
    if name == "stance":
        if text in _STANCES:
            return _STANCES[text]
        raise KgError(f"?stance is none: {visible(text)}", "select kg:asserts, kg:denies or kg:cannot-verify")
    if name == "contested":
        if text in _TRUTHS:
            return _TRUTHS[text]
        raise KgError(f"?contested is neither true nor false: {visible(text)}", "select true, or leave it out")
    if name == "weight":
        try:
            number = float(text)
        except ValueError:
            number = nan
        if isfinite(number) and number > 0:
            return repr(number)
        raise KgError(f"?weight is no number above zero: {visible(text)}", "select one, or leave ?weight out")
    low, high = days(text)
    if not low and not high:
        raise KgError(f"?{name} is no date: {visible(text)}", "select a date such as 2031-06-09, 2031-06 or 2031")
    return low if name == "since" else high


def _own_words(rows: pl.DataFrame) -> pl.DataFrame:
    """What the query itself says of each edge; null where it says nothing."""
    return rows.group_by("edge").agg(
        pl.col("weight").cast(pl.Float64).max(),
        pl.col("since").filter(pl.col("since") != "").min(),
        pl.col("until").filter(pl.col("until") != "").max(),
        contested=(pl.col("contested") == "true").any(),
    )


def _weights(claims: pl.DataFrame) -> pl.DataFrame:
    """How many independent sources tell each edge.

    Of a property, the origins of the statement that has most of them: copies of one origin count once, and so do not
    statements that differ. Of another relation, such as that somebody is quoted, the reports that show it. Where it
    takes several claims at once, the least of these numbers.
    """
    property_ = pl.col("predicate") != ""
    statement, voice = pl.when(property_).then("statement"), pl.when(property_).then("origin").otherwise("report")
    each = claims.group_by("edge", "variable", statement).agg(voice.n_unique().alias("counted"))
    most = each.group_by("edge", "variable").agg(pl.col("counted").max())
    return most.group_by("edge").agg(pl.col("counted").min().cast(pl.Float64))


def _held(claims: pl.DataFrame) -> pl.DataFrame:
    """The days for which each relation holds: those of its claims; of what somebody says, when it was said.

    Empty where any of its claims leaves them open.
    """
    said = claims.filter(pl.col("predicate") == "").get_column("said").unique().to_list()
    spans = [(text, *days(text)) for text in said]
    when = pl.DataFrame(spans, dict.fromkeys(("said", "low", "high"), pl.String), orient="row")
    dated = claims.join(when, on="said", how="left").select(
        "edge",
        low=pl.when(pl.col("predicate") == "").then("low").otherwise("since"),
        high=pl.when(pl.col("predicate") == "").then("high").otherwise("until"),
    )
    low, high = pl.col("low"), pl.col("high")
    closed = ~((low == "") & (high == "")).any()
    return dated.group_by("edge").agg(
        held_since=pl.when(closed).then(low.min()),
        held_until=pl.when(closed & (high != "").all()).then(high.max()),
    )


def _cited(claims: pl.DataFrame) -> pl.DataFrame:
    """The ids of the claims that tell each edge, in their order."""
    ordered = claims.select("edge", "id").unique().sort("edge", "id")
    return ordered.group_by("edge", maintain_order=True).agg(claims="id")

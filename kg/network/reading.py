"""From the rows of a projection's query to a network: its ends become nodes, with what the registry knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from kg.errors import KgError
from kg.network.edges import joined
from kg.network.known import Registered, days
from kg.network.network import Network, Node
from kg.query import Question

_NEEDED = ("source", "target", "relation")


def network(question: Question, answer: pl.DataFrame, known: Registered) -> Network:
    """The network that the answer of a projection's query makes; its cells are terms as SPARQL writes them.

    The query selects `?source`, `?target` and `?relation` (a property, a stance, or a text). Every claim that another
    variable names is one on which the row rests. It may select `?stance`, `?weight`, `?since`, `?until` and
    `?contested`, where it knows better than its claims. Where a row has neither end, its `?claim` tells them, and the
    relation; a row without a target is a thing that stands there alone, unless all that is said of it was not accepted.
    A tally stands for the list, place or case within which it counts. Claims that were not accepted in review, or that
    a decision set aside, make no edge. Raises KgError if the query does not select what is needed.
    """
    missing = [f"?{name}" for name in _NEEDED if name not in answer.columns]
    if missing:
        fix = "begin it with SELECT ?source ?relation ?target ?claim"
        raise KgError(f"the projection {question.name} selects no {', '.join(missing)}", fix)
    found = joined(answer, known)
    ends = {end for edge in found.edges for end in (edge.source, edge.target)}
    alone = found.alone - known.unaccepted(found.alone)
    nodes = tuple(_nodes(sorted(ends | alone), found.foreign, known))
    return Network(question.name, question.title, nodes, found.edges, found.dropped)


def _nodes(keys: list[str], foreign: frozenset[str], known: Registered) -> Iterable[Node]:
    claims = _claims_about(keys, known.accepted)
    dates, totals = _issued(known.counted), _totals(known.counted)
    for key in keys:
        entity = known.entities.by_id.get(key)
        kind = entity.kind.word if entity else ""
        since, until = dates.get(key, ("", "")) if kind == "list" else ("", "")
        if entity and not (since or until):
            since, until = days(entity.text("edition") if kind == "list" else entity.text("published"))
        yield Node(
            id=key,
            label=entity.name if entity else key,
            kind=kind,
            sort=entity.text("classification") if entity else "",
            iri=key if key in foreign else known.base + key,
            series=entity.text("series") if entity else "",
            since=since,
            until=until,
            text=totals.get(key, "") if kind == "list" else "",
            disputes=known.disputes.about(key),
            claims=tuple(claims.get(key, ())),
        )


def _claims_about(keys: list[str], claims: pl.LazyFrame) -> Mapping[str, list[str]]:
    """The ids of the claims on each thing, of which it is the value, or which it makes; in their order.

    On a group they are those on its tallies, too, and of a source those that it makes in its own voice.
    """
    wanted = pl.LazyFrame({"key": keys}, schema={"key": pl.String})
    value = pl.when(pl.col("datatype").is_null()).then("object")
    group = pl.concat_str(pl.lit("group/"), pl.col("subject").str.extract(r"#(.+)$"))
    numbered = claims.with_row_index("order")
    roles = (pl.col("container"), value, group, pl.col("claimant"), pl.concat_str(pl.lit("source/"), "source"))
    about = [numbered.select("id", "order", key=each) for each in roles]
    found = pl.concat(about).drop_nulls().join(wanted, on="key", how="semi").unique().sort("order")
    return dict(found.group_by("key", maintain_order=True).agg("id").collect().iter_rows())


def _issued(claims: pl.LazyFrame) -> Mapping[str, tuple[str, str]]:
    """The days on which each list may have been issued: those that most independent sources tell, else the earliest."""
    told = claims.filter((pl.col("property") == "issued") & (pl.col("stance") == "asserts"))
    counted = told.group_by("container", "low", "high").agg(pl.col("origin").n_unique().alias("origins"))
    best = counted.sort(["origins", "low", "high"], descending=[True, False, False], nulls_last=True)
    rows = best.unique("container", keep="first", maintain_order=True).select("container", "low", "high").collect()
    return {key: (low or "", high or "") for key, low, high in rows.iter_rows()}


def _totals(claims: pl.LazyFrame) -> Mapping[str, str]:
    """The totals that claims tell of each list, as its mark shows them."""
    told = claims.filter(
        (pl.col("property") == "count")
        & (pl.col("subject") == pl.col("container"))
        & (pl.col("stance") == "asserts")
        & (pl.col("precision") == "exact")
    )
    ordered = told.sort(pl.col("object").cast(pl.Float64, strict=False), "object")
    frame = ordered.group_by("container").agg(pl.col("object").unique(maintain_order=True)).collect()
    return {key: " | ".join(values[:2]) + (" …" if len(values) > 2 else "") for key, values in frame.iter_rows()}

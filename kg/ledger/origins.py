"""Where claims come from in the end: copies of one telling are no corroboration."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

import polars as pl


def origins(claims: pl.DataFrame) -> pl.DataFrame:
    """The origin of each claim (columns `id`, `origin`: a local id of an agent or a source).

    A claim comes from its claimant, or from the source it is retold from, or from its own source. Claims that say the
    same share an origin if they share a claimant or a source they are retold from, directly or through a third.
    """
    keyed = claims.select(
        "id",
        "subject_local",
        "predicate",
        "object",
        agent=pl.when(pl.col("claimant") != "").then("claimant"),
        origin=pl.when(pl.col("via") != "")
        .then(pl.concat_str(pl.lit("source/"), "via"))
        .when(pl.col("claimant") == "")
        .then(pl.concat_str(pl.lit("source/"), "source")),
    )
    simple = keyed.select("id", pl.coalesce("agent", "origin").alias("origin"))
    both = pl.col("agent").is_not_null() & pl.col("origin").is_not_null()
    statement = ["subject_local", "predicate", "object"]
    shared = keyed.filter((pl.len().over(statement) > 1) & both.any().over(statement))
    rows = shared.sort(*statement, "id").select(*statement, "id", "agent", "origin").iter_rows()
    joined: dict[str, str] = {}
    for _, group in groupby(rows, itemgetter(0, 1, 2)):
        joined |= _joined([row[3:] for row in group])
    return simple.with_columns(
        pl.col("id").replace_strict(joined, default=pl.col("origin"), return_dtype=pl.String).alias("origin")
        if joined
        else "origin"
    )


def _joined(rows: list[tuple[str, str | None, str | None]]) -> dict[str, str]:
    """The origin of each claim of one statement, joined through shared claimants and shared sources."""
    chiefs: dict[str, str] = {}

    def chief(key: str) -> str:
        way = []
        while chiefs.get(key, key) != key:
            way.append(key)
            key = chiefs[key]
        chiefs.update(dict.fromkeys(way, key))
        return key

    for _, agent, source in rows:
        if agent and source:
            first, second = sorted((chief(agent), chief(source)), key=_rank)
            chiefs[second] = first
    return {claim: chief(agent or source or "") for claim, agent, source in rows}


def _rank(key: str) -> tuple[bool, str]:
    """An agent stands for a cluster before a source does."""
    return key.startswith("source/"), key

"""What a registry knows of its claims, as far as networks use it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kg.entities import Entities
from kg.network.disputes import Disputes
from kg.ontology import Ontology
from kg.trace import Rows
from kg.values import CellError, time_span

_ACCEPTED = pl.col("review") == "accepted"


@dataclass(frozen=True)
class Registered:
    """What a registry knows of the things that a projection joins."""

    rows: Rows
    entities: Entities
    ontology: Ontology
    base: str
    disputes: Disputes

    @property
    def accepted(self) -> pl.LazyFrame:
        """The claims that were accepted in review."""
        return self.rows.claims.lazy().filter(_ACCEPTED)

    @property
    def counted(self) -> pl.LazyFrame:
        """Those of them that no decision set aside."""
        return self.accepted.filter(pl.col("standing") != "set-aside")

    def unaccepted(self, things: Iterable[str]) -> frozenset[str]:
        """Those of some things of which there are claims, but none that was accepted."""
        about = self.rows.claims.filter(pl.col("container").is_in(list(things)))
        heard = about.group_by("container").agg(_ACCEPTED.any().alias("accepted"))
        return frozenset(heard.filter(~pl.col("accepted")).get_column("container").to_list())

    @cached_property
    def statements(self) -> pl.DataFrame:
        """What each `claim` says, `its source`, `its relation` and `its target`, in cells as answers have them.

        A value that is no thing is an empty text.
        """
        here, end = pl.lit(f"<{self.base}"), pl.lit(">")
        thing = pl.when(pl.col("datatype").is_null()).then(pl.concat_str(here, "object", end))
        return self.rows.claims.select(
            pl.concat_str(here, pl.lit("claim/"), "id", end).alias("claim"),
            pl.concat_str(here, "subject_local", end).alias("its source"),
            pl.concat_str(pl.lit("<"), "predicate", end).alias("its relation"),
            thing.otherwise(pl.lit('""')).alias("its target"),
        )

    @cached_property
    def claims(self) -> pl.DataFrame:
        """All claims as edges see them, by `id`.

        `statement` is what a claim says, `origin` whose word it goes back to; `report` is the source that tells it, or
        from which that one retells it. `since` and `until` bound the time for which it holds, `said` when it was said.
        `fault` is why it does not count, null if it does.
        """
        set_aside = pl.when(pl.col("standing") == "set-aside").then(pl.lit("set aside by a decision"))
        return self.rows.claims.select(
            "id",
            "stance",
            statement=pl.concat_str("subject", "property", "object", separator="\n"),
            origin=pl.coalesce("origin", pl.concat_str(pl.lit("source/"), "source")),
            report=pl.when(pl.col("via") != "").then("via").otherwise("source"),
            since=pl.col("from").fill_null(""),
            until=pl.col("until").fill_null(""),
            said=pl.col("said").fill_null(""),
            fault=pl.when(~_ACCEPTED).then(pl.lit("not accepted in review")).otherwise(set_aside),
        )


def days(text: str) -> tuple[str, str]:
    """The first and the last day that a span of time may mean; empty where it is open, or no time."""
    try:
        bounds = time_span(text).bounds if text else None
    except CellError:
        bounds = None
    return (bounds.low or "", bounds.high or "") if bounds else ("", "")

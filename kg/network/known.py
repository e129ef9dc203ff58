"""What a registry knows of its claims, as far as networks use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import polars as pl

from kg.entities import Entities
from kg.network.disputes import Disputes
from kg.ontology import Ontology
from kg.trace import Rows
from kg.values import CellError, time_span

_ACCEPTED = pl.col("review") == "accepted"


class Told(NamedTuple):
    """A claim as an edge sees it.

    `statement` is what it says, `origin` whose word it goes back to; `report` is the source that tells it, or from
    which that one retells it. `since` and `until` bound the time for which it holds, `said` when it was said.
    """

    statement: str
    origin: str
    report: str
    since: str
    until: str
    said: str
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
    def accepted(self) -> pl.DataFrame:
        """The claims that were accepted in review."""
        return self.rows.claims.filter(_ACCEPTED)

    @cached_property
    def counted(self) -> pl.DataFrame:
        """Those of them that no decision set aside."""
        return self.accepted.filter(pl.col("standing") != "set-aside")

    @cached_property
    def unaccepted(self) -> frozenset[str]:
        """The things of which nothing that is said was accepted."""
        told = self.rows.claims.get_column("container").unique().to_list()
        return frozenset(told).difference(self.accepted.get_column("container").unique().to_list())

    @cached_property
    def claims(self) -> Mapping[str, Told]:
        """What counts, by the ids of the claims."""
        report = pl.when(pl.col("via") != "").then("via").otherwise("source")
        columns = self.counted.select(
            pl.concat_str("subject", "property", "object", separator="\n"),
            pl.coalesce("origin", pl.concat_str(pl.lit("source/"), "source")),
            report,
            pl.col("from").fill_null(""),
            pl.col("until").fill_null(""),
            pl.col("said").fill_null(""),
            "stance",
        )
        return dict(zip(self.counted.get_column("id"), map(Told._make, columns.iter_rows()), strict=True))

    @cached_property
    def left_out(self) -> Mapping[str, str]:
        """Why a claim of the registry does not count, by its id."""
        reason = pl.when(_ACCEPTED).then(pl.lit("set aside by a decision")).otherwise(pl.lit("not accepted in review"))
        rest = self.rows.claims.filter(~_ACCEPTED | (pl.col("standing") == "set-aside"))
        return dict(rest.select("id", reason).iter_rows())


def days(text: str) -> tuple[str, str]:
    """The first and the last day that a span of time may mean; empty where it is open, or no time."""
    try:
        bounds = time_span(text).bounds if text else None
    except CellError:
        bounds = None
    return (bounds.low or "", bounds.high or "") if bounds else ("", "")

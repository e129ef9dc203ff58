"""The rows of claims behind a graph, found by an index for each column that is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import polars as pl

Row = dict[str, Any]


class Rows:
    """Finds the claims that hold something in a column; each column is indexed once, when it is first asked for."""

    def __init__(self, claims: pl.DataFrame, links: pl.DataFrame) -> None:
        group = pl.concat_str(pl.lit("group/"), pl.col("subject").str.extract("#(.+)$"))
        self.claims = claims.with_columns(group=group)
        self.links = links
        self._indexes: dict[str, Mapping[Any, list[int]]] = {}

    def by(self, column: str, *keys: str) -> list[Row]:
        """The claims that hold one of the keys in a column, by file and line."""
        index = self._index(column)
        found = {place for key in keys for place in index.get(key, ())}
        return sorted((self.claims.row(place, named=True) for place in found), key=_place)

    def where(self, condition: pl.Expr) -> list[Row]:
        """The claims for which a condition holds, by file and line; it looks at all of them."""
        return self.claims.filter(condition).sort("file", "line").to_dicts()

    def earlier(self, claim: str) -> list[Row]:
        """The claims on what must have come before what a claim tells."""
        return self.by("id", *self._earlier.get(claim, ()))

    @cached_property
    def _earlier(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for one, _, other in self.links.filter(pl.col("link") == "notBefore").iter_rows():
            found[one].append(other)
        return found

    def using(self, key: str) -> list[Row]:
        """The claims that use an id, by file and line."""
        kind, _, slug = key.partition("/")
        found = {row["id"]: row for column in ("subject", "container", "claimant") for row in self.by(column, key)}
        found |= {row["id"]: row for row in self.by("object", key) if row["datatype"] is None}
        if kind == "source":
            found |= {row["id"]: row for column in ("via", "source") for row in self.by(column, slug)}
        if kind == "group":
            found |= {row["id"]: row for row in self.by("group", key)}
        return sorted(found.values(), key=_place)

    def _index(self, column: str) -> Mapping[Any, list[int]]:
        if column not in self._indexes:
            index: dict[Any, list[int]] = defaultdict(list)
            for place, value in enumerate(self.claims.get_column(column)):
                index[value].append(place)
            self._indexes[column] = index
        return self._indexes[column]


def _place(row: Row) -> tuple[str, int, str]:
    return row["file"], row["line"], row["id"]

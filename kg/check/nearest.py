"""What became of a claim that is gone: claims have new ids when their rows are mended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from kg.check.rows import Row
from kg.claims import CLAIMS, KEY, Claims
from kg.evidence import EVIDENCE

# What makes the id of a claim; the subject as its row names it, whatever it goes on as.
_CELLS = tuple("told" if name == "subject" else name for name in KEY)
_SAYS = ("told", "property", "value")
_SCHEMAS = {"claims": CLAIMS, "evidence": EVIDENCE}


def nearest(
    claims: Claims, build: Path, key: str, beside: Iterable[tuple[Row, frozenset[str]]]
) -> tuple[Row | None, list[Row]]:
    """The claim of an id as the last build had it, if it had, and the claims nearest to it that there are now.

    Of a claim that the build knew, a claim is near that is new since then and has two of its subject, property and
    value; nearest where most of what makes its id is equal, then where it stands in the same place. Of one that the
    build did not know, those near are the claims on the subject and property of a claim set beside it: those that
    exclude that claim (the second of each pair in `beside`), or if none do, any. All that are as near are given, by
    file and line.
    """
    before = next(_known(build, "claims", pl.Series([key])).iter_rows(named=True), None)
    near = _beside(claims.claims, beside) if before is None else _mended(claims, build, before)
    return before, near.sort("file", "line", "id").to_dicts()


def _beside(claims: pl.DataFrame, beside: Iterable[tuple[Row, frozenset[str]]]) -> pl.DataFrame:
    found = [claims.clear()]
    for row, rivals in beside:
        about = (pl.col("subject_local") == row["subject_local"]) & (pl.col("predicate") == row["predicate"])
        others = claims.filter(about & (pl.col("id") != row["id"]))
        against = others.filter(pl.col("id").is_in(list(rivals)))
        found.append(against if against.height else others)
    return pl.concat(found).unique("id")


def _mended(claims: Claims, build: Path, before: Row) -> pl.DataFrame:
    alike = pl.sum_horizontal(_equal(name, before) for name in _SAYS) >= len(_SAYS) - 1
    near = claims.claims.filter(alike)
    old = _known(build, "claims", near.get_column("id"))
    places = claims.evidence.filter(pl.col("id").is_in(near.get_column("id").to_list()))
    fresh = near.join(old, on="id", how="anti")
    if fresh.is_empty():
        # Mended so that it says what another row says, it is one claim with that, which has gained a place.
        places = places.join(_known(build, "evidence", near.get_column("id")), on=["id", "local"], how="anti")
    here = _here(places, _known(build, "evidence", pl.Series([before["id"]])))
    told = near.filter(pl.col("id").is_in(here)) if fresh.is_empty() else fresh
    equal = pl.sum_horizontal(_equal(name, before) for name in _CELLS) * 2 + pl.col("id").is_in(here)
    return told.filter(equal == equal.max())


def _equal(name: str, before: Row) -> pl.Expr:
    return pl.col(name).eq_missing(pl.lit(before[name])).cast(pl.Int64)


def _here(places: pl.DataFrame, last: pl.DataFrame) -> list[str]:
    """The ids of the claims that stand where one stood in its source."""
    joined = places.join(last, on="source", suffix="_last")
    overlap = (pl.col("start") < pl.col("end_last")) & (pl.col("start_last") < pl.col("end"))
    alike = pl.col("start").is_null() & (pl.col("fragment") == pl.col("fragment_last"))
    return joined.filter(overlap.fill_null(value=False) | alike).get_column("id").unique().to_list()


def _known(build: Path, name: str, ids: pl.Series) -> pl.DataFrame:
    """The rows behind the last build that have one of the ids; none where there is no such build."""
    try:
        return pl.scan_ipc(build / f"{name}.arrow").filter(pl.col("id").is_in(ids.to_list())).collect()
    except (OSError, pl.exceptions.PolarsError):
        return pl.DataFrame(schema=_SCHEMAS[name])

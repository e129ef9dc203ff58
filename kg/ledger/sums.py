"""Whether the groups of a list add up to its total, as each source tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl


@dataclass(frozen=True)
class LedgerLine:
    """What one source leaves, of the total it states for a list, beside the groups it counts.

    `low` and `high` bound the rest (None is open); `stated` is how many groups the source says there are.
    """

    source: str
    list: str
    low: Decimal | None
    high: Decimal | None
    counted: int
    stated: int | None
    claims: tuple[str, ...]

    @property
    def local(self) -> str:
        """The part of its IRI behind the base."""
        return f"ledger/{self.source}_{self.list.partition('/')[2]}"


Interval = tuple[Decimal | None, Decimal | None]


def lines(asserted: pl.DataFrame, broader: Mapping[str, tuple[str, ...]]) -> list[LedgerLine]:
    """A line for each list of which a source states the total and counts a group."""
    lists = asserted.filter(
        pl.col("container").str.starts_with("list/") & pl.col("property").is_in(["count", "groupCount"])
    )
    # Only a source that counts a group beside the total has something to add up.
    whole = pl.col("subject") == pl.col("container")
    counts = pl.col("property") == "count"
    keys = ["source", "container"]
    lists = lists.filter((whole & counts).any().over(keys) & (~whole & counts).any().over(keys))
    found = [_line(str(source), str(key), group, broader) for (source, key), group in lists.group_by(keys)]
    return sorted(found, key=lambda line: (line.source, line.list))


def _line(source: str, key: str, group: pl.DataFrame, broader: Mapping[str, tuple[str, ...]]) -> LedgerLine:
    totals = group.filter((pl.col("subject") == key) & (pl.col("property") == "count"))
    tallies = group.filter((pl.col("subject") != key) & (pl.col("property") == "count"))
    counted = {name.partition("#")[2] for name in tallies.get_column("subject").unique()}
    top = sorted(name for name in counted if not _ancestors(name, broader) & counted)
    tallies = tallies.filter(pl.col("subject").str.split("#").list.get(1, null_on_oob=True).is_in(top))
    parts = [_hull(tallies.filter(pl.col("subject") == f"{key}#{name}")) for name in top]
    total = _hull(totals)
    stated = group.filter(pl.col("property") == "groupCount")
    claims = sorted([*totals.get_column("id"), *tallies.get_column("id"), *stated.get_column("id")])
    least, most = _sum(part[0] for part in parts), _sum(part[1] for part in parts)
    low = total[0] - most if total[0] is not None and most is not None else None
    high = total[1] - least if total[1] is not None and least is not None else None
    return LedgerLine(source, key, low, high, len(top), _exactly(_hull(stated)), tuple(claims))


def _ancestors(name: str, broader: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    todo = list(broader.get(name, ()))
    while todo:
        parent = todo.pop()
        if parent not in found:
            found.add(parent)
            todo += broader.get(parent, ())
    return found


def _hull(claims: pl.DataFrame) -> Interval:
    """The least and the greatest that any of the claims allows; a source may state one number twice."""
    lows = [Decimal(text) if text is not None else None for text in claims.get_column("low")]
    highs = [Decimal(text) if text is not None else None for text in claims.get_column("high")]
    low = None if None in lows else min((each for each in lows if each is not None), default=None)
    high = None if None in highs else max((each for each in highs if each is not None), default=None)
    return low, high


def _sum(numbers: object) -> Decimal | None:
    total = Decimal(0)
    for number in numbers:  # type: ignore[attr-defined]
        if number is None:
            return None
        total += number
    return total


def _exactly(interval: Interval) -> int | None:
    low, high = interval
    return int(low) if low is not None and low == high else None

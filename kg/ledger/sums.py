"""Whether the groups of a list add up to its total, as each source tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

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


class _Number(NamedTuple):
    """A claim on how many: of a list (no group), of a group in it, or of its groups."""

    source: str
    list: str
    property: str
    group: str
    id: str
    low: str | None
    high: str | None


Interval = tuple[Decimal | None, Decimal | None]


def lines(asserted: pl.DataFrame, broader: Mapping[str, tuple[str, ...]]) -> list[LedgerLine]:
    """A line for each list of which a source states the total and counts a group.

    `broader` maps the slug of a group to those of the groups it is part of: a part is not added beside its whole.
    """
    lists = asserted.filter(
        pl.col("container").str.starts_with("list/") & pl.col("property").is_in(["count", "groupCount"])
    )
    group = pl.col("subject").str.strip_prefix(pl.col("container")).str.strip_prefix("#")
    rows = lists.select("source", "container", "property", group, "id", "low", "high").sort("source", "container", "id")
    numbers = [_Number(*row) for row in rows.iter_rows()]
    told = groupby(numbers, attrgetter("source", "list"))
    return [line for key, found in told if (line := _line(*key, list(found), broader)) is not None]


def _line(source: str, key: str, numbers: list[_Number], broader: Mapping[str, tuple[str, ...]]) -> LedgerLine | None:
    counts = [each for each in numbers if each.property == "count"]
    totals = [each for each in counts if not each.group]
    counted = {each.group for each in counts if each.group}
    if not totals or not counted:
        return None
    top = sorted(name for name in counted if not _ancestors(name, broader) & counted)
    parts = [_hull(each for each in counts if each.group == name) for name in top]
    total, stated = _hull(totals), _hull(each for each in numbers if each.property == "groupCount")
    used = [each.id for each in numbers if not each.group or each.group in top]
    low, high = _less(total[0], [part[1] for part in parts]), _less(total[1], [part[0] for part in parts])
    return LedgerLine(source, key, low, high, len(top), _exactly(stated), tuple(sorted(used)))


def _ancestors(name: str, broader: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    todo = list(broader.get(name, ()))
    while todo:
        parent = todo.pop()
        if parent not in found:
            found.add(parent)
            todo += broader.get(parent, ())
    return found


def _hull(numbers: Iterable[_Number]) -> Interval:
    """The least and the greatest that any of the claims allows; a source may state one number twice."""
    claims = list(numbers)
    lows = [Decimal(each.low) for each in claims if each.low is not None]
    highs = [Decimal(each.high) for each in claims if each.high is not None]
    low = min(lows, default=None) if len(lows) == len(claims) else None
    high = max(highs, default=None) if len(highs) == len(claims) else None
    return low, high


def _less(total: Decimal | None, parts: list[Decimal | None]) -> Decimal | None:
    known = [part for part in parts if part is not None]
    return total - sum(known) if total is not None and len(known) == len(parts) else None


def _exactly(interval: Interval) -> int | None:
    low, high = interval
    return int(low) if low is not None and low == high else None

"""Builds as of different days: what one of them lacks only since it was not known yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from kg.diff.changed import CHANGED, Build, Cell, ClaimChange, RowChange


@dataclass(frozen=True)
class Days:
    """The days as of which two builds were made.

    `day` is the earlier of them, empty where both are of one day or of the present; `early` is 0 or 1, the side that is
    of this day.
    """

    first: Build
    second: Build
    day: str
    early: int

    @classmethod
    def of(cls, first: Build, second: Build) -> Days:
        """The days of two builds; one of the present is later than any day."""
        days = [str(each.manifest.get("as_of") or "") for each in (first, second)]
        if days[0] == days[1]:
            return cls(first, second, "", 0)
        early = 0 if days[0] and (not days[1] or days[0] < days[1]) else 1
        return cls(first, second, days[early], early)

    def known(self) -> tuple[Cell, ...]:
        """The sources that count in the later build only, with the days from which they were known."""
        if not self.day:
            return ()
        then, later = (self.second, self.first) if self.early else (self.first, self.second)
        told = _sources(then, "left out")
        if "as_of" in later.manifest:
            counted = _sources(later, "counted")
            found = {name: row for name, row in counted.items() if name not in _sources(then, "counted")}
        else:
            telling = set(later.rows.claims.get_column("source"))
            found = {name: row for name, row in told.items() if name in telling}
        texts = {name: _known(row) for name, row in sorted(found.items())}
        return tuple(Cell(name, text if self.early else "", "" if self.early else text) for name, text in texts.items())

    def claims(self, changes: Iterable[ClaimChange], files: Iterable[str]) -> tuple[ClaimChange, ...]:
        """Changes of claims with the day by which they were not known, where that is why the earlier build lacks them.

        It is so where their source did not count yet, or where the table they stand in is none of the `files` that
        differ.
        """
        left_out = {f"source/{name}" for name in self._left_out()} if self.day else set()
        differing = set(files)
        return tuple(
            replace(each, not_known_by=self.day)
            if self._lacking(each.before, each.after) and (each.told.source in left_out or _file(each) not in differing)
            else each
            for each in changes
        )

    def rows(self, changes: Iterable[RowChange]) -> tuple[RowChange, ...]:
        """Changes of entities or decisions with the day by which they were not known, where the early build lacks them.

        Whether a list is complete is known at no earlier day.
        """
        return tuple(replace(each, not_known_by=self.day) if self._unknown(each) else each for each in changes)

    def texts(self, cells: Iterable[Cell]) -> tuple[Cell, ...]:
        """The texts at hand that differ, but for those of sources that did not count yet."""
        left_out = self._left_out() if self.day else set()
        return tuple(each for each in cells if each.name not in left_out or not self._lacking(each.before, each.after))

    def _left_out(self) -> set[str]:
        return set(_sources((self.first, self.second)[self.early], "left out"))

    def _lacking(self, before: object, after: object) -> bool:
        """Whether the earlier build lacks what the later one has."""
        then, later = (after, before) if self.early else (before, after)
        return bool(self.day) and bool(later) and not then

    def _unknown(self, change: RowChange) -> bool:
        lacking = all(self._lacking(cell.before, cell.after) for cell in change.cells)
        return lacking and (change.change != CHANGED or {cell.name for cell in change.cells} == {"complete"})


def _sources(build: Build, part: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = build.manifest.get("sources", {}).get(part, {})
    return found


def _known(row: dict[str, Any]) -> str:
    early = " at the earliest" if row["at the earliest"] else ""
    return f"known from {row['known']}{early}: {row['because']}" if row["known"] else str(row["because"])


def _file(change: ClaimChange) -> str:
    return change.told.passages[0].row.partition(":")[0] if change.told.passages else ""

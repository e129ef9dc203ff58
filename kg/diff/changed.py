"""The rows behind two builds: which claims, entities, decisions and lines of the manifest differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from kg.trace import Rows, Trace, traces

KEY = ("value", "precision", "as_of", "said", "claimant", "via", "stance")
BESIDE = ("at", "quote", "review", "note")
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Cell:
    """A column, or a line of a manifest, that differs; a side is empty where there is nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ClaimChange:
    """A claim that one build has and the other lacks, or one that differs between them.

    `change` is `added`, `removed` or `changed`. A changed claim has the same source, subject and property on both
    sides; `cells` are the columns that differ. If its id is the same, only the places, quotes, review or note differ.
    `not_known_by` is the day as of which the build was made that lacks it, if that is why, and no change of source.
    """

    change: str
    before: Trace | None
    after: Trace | None
    cells: tuple[Cell, ...] = ()
    not_known_by: str = ""

    @property
    def told(self) -> Trace:
        """The claim as it is now, or as it was before it was removed."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - a change has a side
        return found


@dataclass(frozen=True)
class RowChange:
    """An entity or a decision that was added, removed or changed; `row` is where it stands, or stood.

    `not_known_by` is the day as of which the build was made that lacks it, if that is why, and no change of source.
    """

    change: str
    key: str
    name: str
    cells: tuple[Cell, ...]
    row: str
    not_known_by: str = ""


@dataclass(frozen=True)
class Build:
    """A finished build: its manifest and the rows that lie in it.

    `entities`, `decisions` and `derived` are None where an older program has not written them.
    """

    label: str
    manifest: Mapping[str, Any] = field(repr=False)
    rows: Rows = field(repr=False)
    entities: pl.DataFrame | None = field(repr=False)
    decisions: pl.DataFrame | None = field(repr=False)
    derived: pl.DataFrame | None = field(repr=False)

    @classmethod
    def load(cls, folder: Path, label: str, manifest: Mapping[str, Any]) -> Build:
        """Read what lies in the folder of a build."""
        beside = {
            name: pl.read_ipc(path) if (path := folder / f"{name}.arrow").is_file() else None
            for name in ("entities", "decisions", "derived")
        }
        return cls(label, manifest, Rows.load(folder), **beside)


def claim_changes(first: Build, second: Build) -> tuple[ClaimChange, ...]:
    """The claims that differ, by source, subject and property.

    A removed claim and an added one of the same source, subject and property are one that changed, if they share a
    place or a value, or have numbers or days as values; the nearest are paired first.
    """
    gone, come = (
        here.rows.claims.join(there.rows.claims, on="id", how="anti", maintain_order="left")
        for here, there in ((first, second), (second, first))
    )
    stayed = _amended(first, second)
    before = _Side(first, pl.concat([gone, _of(first, stayed)]))
    after = _Side(second, pl.concat([come, _of(second, stayed)]))
    paired = {key: key for key in stayed} | _paired(before, after, gone, come)
    found = [
        ClaimChange(CHANGED, before.traces[a], after.traces[b], _cells(before, a, after, b)) for a, b in paired.items()
    ]
    found += [ClaimChange(REMOVED, before.traces[key], None) for key in before.traces if key not in paired]
    kept = set(paired.values())
    found += [ClaimChange(ADDED, None, after.traces[key]) for key in after.traces if key not in kept]
    return tuple(sorted(found, key=_place))


def _place(change: ClaimChange) -> tuple[bool | str, ...]:
    """The order of changes: by source, with mere spellings at the end."""
    told = change.told
    sides = [each.claim for each in (change.before, change.after) if each]
    return (told.source, told.property == "alias", told.subject, told.property, *sorted(sides))


def _of(build: Build, keys: Iterable[str]) -> pl.DataFrame:
    return build.rows.claims.filter(pl.col("id").is_in(sorted(keys)))


def _amended(first: Build, second: Build) -> list[str]:
    """The claims whose id is the same and whose places, quotes, review or note are not."""
    told = [
        _beside(each).rename({name: f"{name}_{side}" for name in BESIDE}) for each, side in ((first, 1), (second, 2))
    ]
    both = told[0].join(told[1], on="id")
    differing = pl.any_horizontal(pl.col(f"{name}_1").ne_missing(pl.col(f"{name}_2")) for name in BESIDE)
    return sorted(both.filter(differing).get_column("id"))


def _beside(build: Build) -> pl.DataFrame:
    """What stands in the row of a claim and is no part of its id."""
    evidence = build.rows.evidence
    place = pl.when(pl.col("start").is_not_null()).then(pl.concat_str(pl.lit("char="), "start", pl.lit(","), "end"))
    told = evidence.select("id", at=place.otherwise("fragment"), quote=pl.col("exact").fill_null(""), start="start")
    places = told.sort("id", "start", "at", "quote").group_by("id", maintain_order=True)
    joined = places.agg(pl.col("at").str.join(" "), pl.col("quote").str.join(" … "))
    return build.rows.claims.select("id", "review", "note").join(joined, on="id", how="left").select("id", *BESIDE)


class _Side:
    """Some claims of one build, by their ids."""

    def __init__(self, build: Build, claims: pl.DataFrame) -> None:
        found = claims.join(_beside(build).select("id", "at", "quote"), on="id", how="left", maintain_order="left")
        self.cells = {row["id"]: row for row in found.iter_rows(named=True)}
        self.traces = dict(zip(self.cells, traces(build.rows, claims, {}), strict=True))


def _cells(before: _Side, a: str, after: _Side, b: str) -> tuple[Cell, ...]:
    one, other = before.cells[a], after.cells[b]
    names = BESIDE if a == b else (*KEY, *BESIDE)
    pairs = ((name, one[name] or "", other[name] or "") for name in names)
    return tuple(Cell(name, was, now) for name, was, now in pairs if was != now)


def _paired(before: _Side, after: _Side, gone: pl.DataFrame, come: pl.DataFrame) -> dict[str, str]:
    """The claim that came for each that went, the nearest pairs first; the same whichever build is named first."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    came = _grouped(after, come)
    candidates = {
        (a, b): _distance(before.cells[a], after.cells[b])
        for key, members in _grouped(before, gone).items()
        for a, b in _candidates(members, came.get(key, []), before, after)
    }
    for a, b in sorted(candidates, key=lambda pair: (candidates[pair], *sorted(pair))):
        if a not in found and b not in taken:
            found[a] = b
            taken.add(b)
    return found


def _grouped(side: _Side, claims: pl.DataFrame) -> dict[tuple[str, str, str], list[str]]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for key in claims.get_column("id"):
        row = side.cells[key]
        found.setdefault((row["source"], row.get("told") or row["subject"], row["property"]), []).append(key)
    return found


def _candidates(gone: list[str], come: list[str], before: _Side, after: _Side) -> Iterator[tuple[str, str]]:
    """The pairs that can be one claim: of equal value, from one place, or with values that have a distance."""
    by: dict[tuple[str, str], list[str]] = {}
    for key in come:
        for trait in _traits(after.cells[key]):
            by.setdefault(trait, []).append(key)
    for key in gone:
        for trait in _traits(before.cells[key]):
            for other in by.get(trait, ()):
                yield key, other


def _traits(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    measured = [("measured", row["bound"])] if row["bound"] else []
    return [("value", row["value"]), *(("at", place) for place in (row["at"] or "").split()), *measured]


def _distance(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[bool, int, Decimal]:
    """How far two claims are apart: whether no place is shared, how many columns differ, and how far the values."""
    shared = set((one["at"] or "").split()) & set((other["at"] or "").split())
    differing = sum((one[name] or "") != (other[name] or "") for name in KEY)
    return not shared, differing, _gap(one, other)


def _gap(one: Mapping[str, Any], other: Mapping[str, Any]) -> Decimal:
    values = [row["low"] or row["high"] for row in (one, other)]
    if not one["bound"] or one["bound"] != other["bound"] or not all(values):
        return Decimal(0)
    day = one["bound"].endswith("#date")
    numbers = [Decimal(date.fromisoformat(v).toordinal() if day else v) for v in values]
    return abs(numbers[0] - numbers[1])


def row_changes(before: pl.DataFrame | None, after: pl.DataFrame | None) -> tuple[RowChange, ...]:
    """The entities or decisions that differ, by their keys; nothing where a build does not have them.

    The frames have a row for each cell: `key`, `name`, `column`, `value`, `row`.
    """
    if before is None or after is None:
        return ()
    cells = ["key", "column", "value"]
    differing = pl.concat(
        [
            before.join(after, on=cells, how="anti", nulls_equal=True),
            after.join(before, on=cells, how="anti", nulls_equal=True),
        ]
    )
    keys = sorted(set(differing.get_column("key")))
    was, now = (_things(frame.filter(pl.col("key").is_in(keys))) for frame in (before, after))
    return tuple(_row_change(key, was.get(key), now.get(key)) for key in keys)


@dataclass(frozen=True)
class _Thing:
    name: str
    cells: Mapping[str, str]
    row: str


def _things(frame: pl.DataFrame) -> dict[str, _Thing]:
    told: dict[str, tuple[str, dict[str, list[str]], str]] = {}
    for key, name, column, value, row in frame.select("key", "name", "column", "value", "row").iter_rows():
        told.setdefault(key, (name, {}, row))[1].setdefault(column, []).append(value)
    return {
        key: _Thing(name, {column: " | ".join(sorted(values)) for column, values in cells.items()}, row)
        for key, (name, cells, row) in told.items()
    }


def _row_change(key: str, was: _Thing | None, now: _Thing | None) -> RowChange:
    thing = now or was
    assert thing is not None  # noqa: S101 - it differs, so one of the builds has it
    columns = dict.fromkeys([*(was.cells if was else ()), *(now.cells if now else ())])
    pairs = [(name, was.cells.get(name, "") if was else "", now.cells.get(name, "") if now else "") for name in columns]
    cells = tuple(Cell(name, a, b) for name, a, b in sorted(pairs) if a != b)
    change = CHANGED if was and now else ADDED if now else REMOVED
    return RowChange(change, key, thing.name, cells, thing.row)


def manifest_changes(first: Mapping[str, Any], second: Mapping[str, Any], part: str) -> tuple[Cell, ...]:
    """The lines of one part of two manifests (`versions`, `inputs`, `texts`) that differ."""
    before, after = ({k: str(v) for k, v in each.get(part, {}).items()} for each in (first, second))
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in sorted({*before, *after}))
    return tuple(Cell(name, a, b) for name, a, b in pairs if a != b)

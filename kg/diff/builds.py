"""Two builds of a registry: what changed in its sources and what in the program, kept apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.diff.changed import (
    Build,
    Cell,
    ClaimChange,
    RowChange,
    claim_changes,
    manifest_changes,
    row_changes,
)
from kg.diff.days import Days
from kg.diff.derived import Cause, DerivedChange, derived_changes
from kg.diff.touched import Touched


@dataclass(frozen=True)
class BuildDiff:
    """Two builds side by side.

    Changes of source are `claims`, `entities`, `decisions`, `files` (tables and settings whose content differs) and
    `texts` (which texts were at hand); changes of program are `versions`, `ontology` and `shapes`. Where one build is
    as of an earlier `day`, `known` are the sources that did not count yet, and rows that are `not_known_by` it are no
    changes of source. `derived` are the differences that follow from the one or the other, each with its cause.
    `unknown` names what a build of an older program does not have, so that it was not compared; `same_graph` is
    whether the graphs are equal.
    """

    first: str
    second: str
    same_graph: bool
    day: str
    known: tuple[Cell, ...]
    claims: tuple[ClaimChange, ...]
    entities: tuple[RowChange, ...]
    decisions: tuple[RowChange, ...]
    files: tuple[Cell, ...]
    texts: tuple[Cell, ...]
    versions: tuple[Cell, ...]
    ontology: tuple[Cell, ...]
    shapes: tuple[Cell, ...]
    derived: tuple[DerivedChange, ...]
    unknown: tuple[str, ...]

    @property
    def of_source(self) -> bool:
        """Whether rows, files or texts differ."""
        return any((self.files, self.texts, "" in self._days()))

    @property
    def of_day(self) -> bool:
        """Whether anything was not known yet on the earlier day."""
        derived = any(each.cause is Cause.DAY for each in self.derived)
        return bool(self.known) or self.day in self._days() - {""} or derived

    def _days(self) -> set[str]:
        rows: tuple[ClaimChange | RowChange, ...] = (*self.claims, *self.entities, *self.decisions)
        return {each.not_known_by for each in rows}

    @property
    def of_program(self) -> bool:
        """Whether versions, the ontology or the shapes differ."""
        return any((self.versions, self.ontology, self.shapes))

    @property
    def empty(self) -> bool:
        """Whether nothing at all differs."""
        return self.same_graph and not (self.of_day or self.of_source or self.of_program or self.derived)


def compare_builds(first: Build, second: Build) -> BuildDiff:
    """Compare two builds, or the registry as it was known on two days."""
    inputs = manifest_changes(first.manifest, second.manifest, "inputs")
    bases = (str(each.manifest.get("base", "")) for each in (first, second))
    settings = [cell for cell in (Cell("base", *bases),) if cell.before != cell.after]
    program = {
        part: tuple(cell for cell in inputs if cell.name.startswith(f"{part}/")) for part in ("ontology", "shapes")
    }
    versions = manifest_changes(first.manifest, second.manifest, "versions")
    days = Days.of(first, second)
    claims = days.claims(claim_changes(first, second), (cell.name for cell in inputs))
    entities = days.rows(row_changes(first.entities, second.entities))
    decided = sorted(row_changes(first.decisions, second.decisions), key=lambda each: each.name)
    decisions = days.rows(decided)
    touched = Touched(first, second, claims, entities, decisions)
    unknown = _unknown(first, second)
    other = any((versions, *program.values(), unknown))
    graphs = [each.manifest.get("dataset", {}).get("sha256") for each in (first, second)]
    diff = BuildDiff(
        first=first.label,
        second=second.label,
        same_graph=graphs[0] == graphs[1],
        day=days.day,
        known=days.known(),
        claims=claims,
        entities=entities,
        decisions=decisions,
        files=(*(cell for cell in inputs if not cell.name.startswith(("ontology/", "shapes/"))), *settings),
        texts=days.texts(manifest_changes(first.manifest, second.manifest, "texts")),
        versions=versions,
        ontology=program["ontology"],
        shapes=program["shapes"],
        derived=(),
        unknown=unknown,
    )
    causes = [Cause.DAY] * bool(days.day) + [Cause.SOURCE] * (diff.of_source or not days.day) + [Cause.PROGRAM] * other
    return replace(diff, derived=derived_changes(first, second, touched, causes))


def _unknown(first: Build, second: Build) -> tuple[str, ...]:
    return tuple(
        f"{name} of {each.label}"
        for each in (first, second)
        for name, frame in (("entities", each.entities), ("decisions", each.decisions), ("ledger", each.derived))
        if frame is None
    )

"""Two builds of a registry: what changed in its sources and what in the program, kept apart."""

from __future__ import annotations

from dataclasses import dataclass

from kg.diff.changed import (
    Build,
    Cell,
    ClaimChange,
    RowChange,
    claim_changes,
    known_changes,
    manifest_changes,
    row_changes,
)
from kg.diff.derived import DerivedChange, derived_changes
from kg.diff.touched import Touched


@dataclass(frozen=True)
class BuildDiff:
    """Two builds side by side.

    Changes of source are `known` (sources that count as of one of two days only), `claims`, `entities`, `decisions`,
    `files` (tables and settings whose content differs) and `texts` (which texts were at hand); changes of program are
    `versions`, `ontology` and `shapes`. `derived` are the differences that follow from the one or the other, each with
    its cause. `unknown` names what a build of an older program does not have, so that it was not compared;
    `same_graph` is whether the graphs are equal.
    """

    first: str
    second: str
    same_graph: bool
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
        return any((self.known, self.claims, self.entities, self.decisions, self.files, self.texts))

    @property
    def of_program(self) -> bool:
        """Whether versions, the ontology or the shapes differ."""
        return any((self.versions, self.ontology, self.shapes))

    @property
    def empty(self) -> bool:
        """Whether nothing at all differs."""
        return self.same_graph and not (self.of_source or self.of_program or self.derived)


def compare_builds(first: Build, second: Build) -> BuildDiff:
    """Compare two builds, or the registry as it was known on two days."""
    inputs = manifest_changes(first.manifest, second.manifest, "inputs")
    bases = (str(each.manifest.get("base", "")) for each in (first, second))
    settings = [cell for cell in (Cell("base", *bases),) if cell.before != cell.after]
    program = {
        part: tuple(cell for cell in inputs if cell.name.startswith(f"{part}/")) for part in ("ontology", "shapes")
    }
    versions = manifest_changes(first.manifest, second.manifest, "versions")
    claims = claim_changes(first, second)
    entities = row_changes(first.entities, second.entities)
    decisions = tuple(sorted(row_changes(first.decisions, second.decisions), key=lambda each: each.name))
    touched = Touched(first, second, claims, entities, decisions)
    unknown = _unknown(first, second)
    other = any((versions, *program.values(), unknown))
    graphs = [each.manifest.get("dataset", {}).get("sha256") for each in (first, second)]
    return BuildDiff(
        first=first.label,
        second=second.label,
        same_graph=graphs[0] == graphs[1],
        known=known_changes(first.manifest, second.manifest),
        claims=claims,
        entities=entities,
        decisions=decisions,
        files=(*(cell for cell in inputs if not cell.name.startswith(("ontology/", "shapes/"))), *settings),
        texts=manifest_changes(first.manifest, second.manifest, "texts"),
        versions=versions,
        ontology=program["ontology"],
        shapes=program["shapes"],
        derived=derived_changes(first, second, touched, program=other),
        unknown=unknown,
    )


def _unknown(first: Build, second: Build) -> tuple[str, ...]:
    return tuple(
        f"{name} of {each.label}"
        for each in (first, second)
        for name, frame in (("entities", each.entities), ("decisions", each.decisions), ("ledger", each.derived))
        if frame is None
    )

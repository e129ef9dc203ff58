"""The shapes as they lie in their folders, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError, Severity
from kg.ontology import RDF

SH = "http://www.w3.org/ns/shacl#"
SHAPES = "https://w3id.org/kg-registry/shapes#"
STRUCTURE = SHAPES + "structure"


@dataclass(frozen=True)
class Shape:
    """A node or property shape: its IRI, the code of its findings (its folder's name), and its own words."""

    iri: str
    code: str
    name: str
    message: str
    description: str
    severity: Severity
    group: str


@dataclass(frozen=True)
class Shapes:
    """The shapes of some folders: `text` is their Turtle, `by_iri` what each says of itself."""

    text: str
    by_iri: Mapping[str, Shape]

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of the findings these shapes can make."""
        return frozenset(shape.code for shape in self.by_iri.values())

    def of(self, iri: str, message: str, severity: str) -> Shape:
        """What a shape says of itself; of one without a name, what its result says."""
        found = self.by_iri.get(iri, Shape(iri, "shape", "", "", "", Severity.VIOLATION, ""))
        return replace(found, message=found.message or message, severity=Severity(severity.rpartition("#")[2].lower()))


def load_shapes(folders: list[Path], group: str = "") -> Shapes:
    """Read every `*/shape.ttl` of the folders; with a group, only the folders whose shapes are all in it.

    A workspace's own shapes may also lie as `*.ttl` in its folder itself. Raises KgError with file and line if one
    cannot be read.
    """
    texts: list[str] = []
    by_iri: dict[str, Shape] = {}
    for folder in folders:
        for path in sorted([*folder.glob("*/shape.ttl"), *folder.glob("*.ttl")]):
            found = _read(path)
            if not group or all(shape.group in (group, "") for shape in found.values()):
                texts.append(path.read_text("utf-8"))
                by_iri |= found
    return Shapes("\n".join(texts), by_iri)


def _read(path: Path) -> dict[str, Shape]:
    try:
        triples = [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise KgError(f"{path}:{error.lineno}: this is no Turtle: {error.msg}", "correct the line") from error
    told: dict[str, dict[str, str]] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode):
            told.setdefault(triple.subject.value, {})[triple.predicate.value] = triple.object.value
    code = path.parent.name if path.name == "shape.ttl" else path.stem
    return {
        iri: Shape(
            iri,
            code,
            words.get(SH + "name", ""),
            words.get(SH + "message", ""),
            words.get(SH + "description", ""),
            Severity(words.get(SH + "severity", SH + "Violation").removeprefix(SH).lower()),
            words.get(SH + "group", ""),
        )
        for iri, words in told.items()
        if words.get(RDF + "type") in (SH + "NodeShape", SH + "PropertyShape")
    }

"""The shapes as they lie in their folders, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.errors import Severity
from kg.ontology import RDF
from kg.shipped import shipped

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
        """What a shape says of itself; where it says nothing, what its result says, or else its name."""
        found = self.by_iri.get(iri, Shape(iri, "shape", "", "", "", Severity.VIOLATION, ""))
        return replace(
            found,
            message=found.message or message or found.name,
            severity=Severity(severity.rpartition("#")[2].lower()),
        )


@dataclass(frozen=True)
class ShapeFile:
    """A file of own shapes: its name in the workspace, its content, and the code of its findings.

    `taken` says that this is the code of a check that ships with the program.
    """

    name: str
    data: bytes
    code: str
    taken: bool = False


def load_shapes(group: str = "") -> Shapes:
    """The shipped shapes; with a group, only the folders whose shapes are all in it."""
    texts: list[str] = []
    by_iri: dict[str, Shape] = {}
    folder = shipped("shapes")
    for path in sorted([*folder.glob("*/shape.ttl"), *folder.glob("*.ttl")]):
        found = _read(path)
        if not group or all(shape.group in (group, "") for shape in found.values()):
            texts.append(path.read_text("utf-8"))
            by_iri |= found
    return Shapes("\n".join(texts), by_iri)


def code_of(path: Path) -> str:
    """The code of the findings that the shapes of a file make: its folder's name, or its own."""
    return path.parent.name if path.name == "shape.ttl" else path.stem


def _read(path: Path) -> dict[str, Shape]:
    triples = [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]
    told: dict[str, dict[str, str]] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode):
            told.setdefault(triple.subject.value, {})[triple.predicate.value] = triple.object.value
    code = code_of(path)
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

"""Checking a registry by its SHACL shapes (W3C SHACL, core), with a fast engine and a reference engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.check.engines import Result, fast, needs_reference, reference
from kg.check.engines import report as write_report
from kg.check.findings import findings
from kg.check.shapes import STRUCTURE, Shape, Shapes, load_shapes
from kg.errors import Finding, Place
from kg.workspace import Reading, shape_folders

__all__ = ["ENGINES", "Checked", "Result", "Shape", "Shapes", "check", "check_graph", "load_shapes", "validate"]

ENGINES = ("fast", "reference")


@dataclass(frozen=True)
class Checked:
    """The outcome of a check: findings that name rows, and the bare results of SHACL behind them."""

    findings: tuple[Finding, ...]
    results: tuple[Result, ...]
    shapes: Shapes

    def report(self, prefixes: Mapping[str, str]) -> str:
        """The standard SHACL validation report in Turtle."""
        return write_report(self.results, self.shapes.text, prefixes)


def validate(graph: str, shapes: Shapes, engine: str = "fast") -> list[Result]:
    """The results of validating a graph in N-Triples.

    Shapes that hold SPARQL run on the reference engine whichever is asked for, because the fast one takes core only.
    """
    run = reference if engine == "reference" or needs_reference(shapes.text) else fast
    return run(shapes.text, graph)


def check(reading: Reading, engine: str = "fast") -> Checked:
    """Check a workspace by all shapes, its own among them."""
    return _checked(reading, load_shapes(shape_folders(reading.workspace)), engine)


def structure(reading: Reading) -> tuple[Finding, ...]:
    """The findings of the structure shapes, which a build must pass."""
    return _checked(reading, load_shapes(shape_folders(reading.workspace), STRUCTURE), "fast").findings


def _checked(reading: Reading, shapes: Shapes, engine: str) -> Checked:
    results = validate(reading.dataset.ntriples().decode(), shapes, engine)
    return Checked(tuple(findings(results, reading, shapes)), tuple(results), shapes)


def check_graph(path: Path, graph: str, shapes: Shapes, engine: str = "fast") -> Checked:
    """Check a graph that came without its tables; findings name the file alone."""
    results = validate(graph, shapes, engine)
    found = set()
    for result in results:
        shape = shapes.of(result.shape, result.message, result.severity)
        value = f" {result.value}" if result.value and result.value != result.focus else ""
        message = f"{result.focus}{value}: {shape.message.rstrip('.')}"
        found.add(Finding(shape.code, shape.severity, Place(path.name), message, shape.description))
    return Checked(tuple(sorted(found, key=Finding.order)), tuple(results), shapes)

"""Checking a registry by its SHACL shapes (W3C SHACL, core), with a fast engine and a reference engine."""

from __future__ import annotations

from pathlib import Path

from kg.check.engines import Result, fast, needs_reference, reference, report
from kg.check.findings import findings
from kg.check.shapes import STRUCTURE, Shape, Shapes, load_shapes
from kg.errors import Finding
from kg.workspace import Reading, shape_folders

__all__ = ["ENGINES", "Shape", "Shapes", "check", "check_graph", "load_shapes", "report", "validate"]

ENGINES = ("fast", "reference")


def validate(graph: str, shapes: Shapes, engine: str = "fast") -> list[Result]:
    """The results of validating a graph in N-Triples.

    Shapes that hold SPARQL run on the reference engine whichever is asked for, because the fast one takes core only.
    """
    run = reference if engine == "reference" or needs_reference(shapes.text) else fast
    return run(shapes.text, graph)


def check(reading: Reading, engine: str = "fast", *, group: str = "") -> tuple[list[Finding], list[Result]]:
    """The findings of all shapes, or of those of one group, on a workspace; and the bare results."""
    shapes = load_shapes(shape_folders(reading.workspace), group)
    results = validate(reading.dataset.ntriples().decode(), shapes, engine)
    return findings(results, reading, shapes), results


def check_graph(path: Path, graph: str, folders: list[Path], engine: str = "fast") -> tuple[list[Finding], list[Result]]:
    """The findings on a graph that came without its tables; they name the file alone."""
    from kg.errors import Place

    shapes = load_shapes(folders)
    results = validate(graph, shapes, engine)
    found = []
    for result in results:
        shape = shapes.of(result.shape, result.message, result.severity)
        value = f" {result.value}" if result.value and result.value != result.focus else ""
        message = f"{result.focus}{value}: {shape.message}"
        found.append(Finding(shape.code, shape.severity, Place(path.name), message, shape.description))
    return sorted(set(found), key=Finding.order), results


def structure(reading: Reading) -> list[Finding]:
    """The findings of the structure shapes, which a build must pass."""
    return check(reading, group=STRUCTURE)[0]

"""Checking a registry by its SHACL shapes (W3C SHACL, core), with a fast engine and a reference engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.check.engines import Result, fast
from kg.check.engines import report as write_report
from kg.check.findings import findings
from kg.check.levels import described, weighed, weighed_results
from kg.check.own import OwnShapes, read_own, validate_own
from kg.check.shapes import STRUCTURE, Shape, Shapes, load_shapes
from kg.errors import Finding, Place
from kg.guard import Guard, run
from kg.workspace import Reading

__all__ = ["ENGINES", "Checked", "Result", "Shape", "Shapes", "check", "check_graph", "load_shapes", "validate"]

ENGINES = ("fast", "reference")
# The reference engine is about a hundred times as slow as the fast one.
_REFERENCE_SECONDS = 3600.0


@dataclass(frozen=True)
class Checked:
    """The outcome of a check: findings that name rows, the bare results of SHACL behind them, and what else to tell.

    `notes` are sentences on how it was checked, such as by which engine where the other one failed; `changed` are the
    checks that the settings of the workspace change, with their levels.
    """

    findings: tuple[Finding, ...]
    results: tuple[Result, ...]
    shapes: Shapes
    notes: tuple[str, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)

    def report(self, prefixes: Mapping[str, str]) -> str:
        """The standard SHACL validation report in Turtle; comments at its head list checks that settings change."""
        head = f"# The settings of the workspace change {described(self.changed)}.\n\n" if self.changed else ""
        return head + write_report(self.results, self.shapes.text, prefixes)


def validate(
    graph: str, shapes: Shapes, engine: str = "fast", guard: Guard | None = None
) -> tuple[list[Result], tuple[str, ...]]:
    """The results of validating a graph in N-Triples by the shipped shapes, and what to tell of how it was done.

    The reference engine runs in the guarded worker. It takes over where the fast one is missing or fails.
    """
    if engine == "fast":
        try:
            return fast(shapes.text, graph), ()
        except BaseException as error:  # an engine in Rust that panics raises no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            why = "is not installed" if isinstance(error, ImportError) else f"failed ({_first_line(error)})"
            notes: tuple[str, ...] = (f"the fast engine {why}; the reference engine, pySHACL, checked instead",)
    else:
        notes = ()
    guard = guard or Guard()
    slow = replace(guard, seconds=max(guard.seconds, _REFERENCE_SECONDS))
    reply, _ = run("kg.check.own.run:reference_alone", {"shapes": shapes.text}, graph.encode(), slow)
    return [Result(**each) for each in reply], notes


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]


def check(reading: Reading, engine: str = "fast") -> Checked:
    """Check a workspace by all shapes, its own among them, as its settings weigh them."""
    shapes, own = load_shapes(), read_own(reading.workspace, reading.ontology)
    checked = _checked(reading, shapes, own, engine)
    every, checks = {**shapes.by_iri, **own.by_iri}, reading.workspace.settings.checks
    kept = weighed(checked.findings, reading.workspace, every)
    return replace(checked, findings=kept, results=weighed_results(checked.results, checks, every), changed=checks)


def structure(reading: Reading) -> Checked:
    """Check by the structure shapes, which a build must pass; own shapes without a group are among them."""
    own = read_own(reading.workspace, reading.ontology, STRUCTURE)
    return _checked(reading, load_shapes(STRUCTURE), own, "fast")


def _checked(reading: Reading, shapes: Shapes, own: OwnShapes, engine: str) -> Checked:
    graph = reading.dataset.ntriples().decode()
    results, notes = validate(graph, shapes, engine, reading.workspace.guard)
    more, slow = validate_own(own, shapes.text, graph, engine, reading.workspace.guard)
    every = Shapes(f"{shapes.text}\n{own.text}", {**own.by_iri, **shapes.by_iri})
    found = findings([*results, *more], reading, every)
    every_finding = sorted({*found, *own.findings, *slow}, key=Finding.order)
    return Checked(tuple(every_finding), (*results, *more), every, notes)


def check_graph(path: Path, graph: str, shapes: Shapes, engine: str = "fast", guard: Guard | None = None) -> Checked:
    """Check a graph that came without its tables; findings name the file alone."""
    results, notes = validate(graph, shapes, engine, guard)
    found = set()
    for result in results:
        shape = shapes.of(result.shape, result.message, result.severity)
        value = f" {result.value}" if result.value and result.value != result.focus else ""
        message = f"{result.focus}{value}: {shape.message.rstrip('.')}"
        found.add(Finding(shape.code, shape.severity, Place(path.name), message, shape.description))
    return Checked(tuple(sorted(found, key=Finding.order)), tuple(results), shapes, notes)

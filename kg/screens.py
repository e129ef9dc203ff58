"""What commands show: findings, answers, questions and traces as text."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import Finding, InvalidRegistryError, KgError
from kg.guard import Guard
from kg.terminal import columns, padded, visible

if TYPE_CHECKING:
    from kg.network import Measures
    from kg.network import Path as ShortestPath
    from kg.projection import Projection
    from kg.query import Answer
    from kg.registry import Registry
    from kg.trace import Trace

_ANSWERS = {".csv": "csv", ".tsv": "tsv", ".json": "json", ".srj": "json", ".ttl": "ttl", ".nt": "nt"}
_LARGEST_GRAPH = 1 << 30


def checked(
    graph: Path | None,
    workspace: Path,
    texts: Iterable[Path],
    engine: str,
    as_of: date | None = None,
    *,
    unguarded: bool = False,
) -> tuple[list[Finding], Callable[[], str], list[str]]:
    """The findings on a workspace or a graph file, what writes the SHACL report, and what to tell beside them."""
    from kg.check import check
    from kg.knowledge import note
    from kg.workspace import find_workspace, read

    if graph is not None:
        return _checked_graph(graph, engine, Guard(unguarded=unguarded))
    found = replace(find_workspace(workspace, as_of), unguarded=unguarded)
    try:
        reading = read(found, texts)
    except InvalidRegistryError as error:
        return list(error.findings), lambda: "", []
    checked = check(reading, engine)
    findings = sorted([*reading.findings, *checked.findings], key=Finding.order)
    notes = [note(reading.knowledge.told())] if as_of else []
    return findings, lambda: checked.report(reading.dataset.prefixes), [*notes, *checked.notes]


def _checked_graph(graph: Path, engine: str, guard: Guard) -> tuple[list[Finding], Callable[[], str], list[str]]:
    """The findings on a graph file that came without its tables."""
    from kg.check import check_graph, load_shapes
    from kg.files import read_bytes
    from kg.guard.rdf import ending_of, ntriples_of
    from kg.ontology import load

    ending_of(graph.name)
    triples = ntriples_of(graph.name, read_bytes(graph, _LARGEST_GRAPH), guard)
    ontology = load()
    terms = ox.serialize(ontology.triples, format=ox.RdfFormat.N_TRIPLES) or b""
    checked = check_graph(graph, (triples + terms).decode(), load_shapes(), engine, guard)
    return list(checked.findings), lambda: checked.report(ontology.prefixes), list(checked.notes)


def findings_format(output: Path | None) -> str:
    """The format of findings that an output's ending names."""
    return {".json": "json", ".ttl": "ttl"}.get(output.suffix if output else "", "table")


def findings_text(findings: list[Finding], syntax: str) -> str:
    """Findings as text for people, or as JSON."""
    if syntax == "table":
        return "".join(f"{finding}\n" for finding in findings)
    rows = [
        {
            "code": finding.code,
            "severity": str(finding.severity),
            "file": finding.place.file,
            "line": finding.place.line,
            "message": finding.message,
            "fix": finding.fix,
            "related": [asdict(place) for place in finding.related],
        }
        for finding in findings
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def questions_text(registry: Registry) -> str:
    """The named questions with their titles and parameters."""
    found = registry.engine.questions()
    width = max(columns(visible(name)) for name in found)
    lines = []
    for name, question in found.items():
        lines.append(f"{padded(visible(name), width)}  {visible(question.title)}")
        lines += [f"{'':<{width}}    --set {visible(p.name)}=…  {visible(p.description)}" for p in question.parameters]
    return "\n".join(lines) + "\n"


def expected_format(given: str | None, output: Path | None) -> str:
    """The format asked for, or the one that the output's ending names; a table where neither is there."""
    if given or output is None or str(output) == "-":
        return given or "table"
    found = _ANSWERS.get(output.suffix)
    if found is None:
        raise KgError(f"“{output.suffix}” names no format", f"end the file in {', '.join(_ANSWERS)}")
    return found


def answer_format(answer: Answer, given: str | None, output: Path | None) -> str:
    """The format asked for, or guessed: by the output's ending, else a table or Turtle."""
    form = expected_format(given, output)
    return "ttl" if answer.kind == "graph" and form == "table" and not given else form


def answer_text(answer: Answer, syntax: str) -> str | bytes:
    """An answer as a table or in a standard format."""
    if syntax != "table":
        return answer.serialize(syntax)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return answer.table(width)


NETWORKS = ("graphml", "gexf", "cyjs")
_MEASURES = {"": "table", ".txt": "table", ".json": "json", ".csv": "tables"}


def projections_text(registry: Registry) -> str:
    """The networks with their titles."""
    found = registry.projections()
    width = max(columns(visible(name)) for name in found)
    return "".join(f"{padded(visible(name), width)}  {visible(query.title)}\n" for name, query in found.items())


def network_format(given: str | None, output: Path | None) -> str:
    """The format asked for, or the one that an output's ending names: of measures, or of the network itself."""
    if given or output is None or str(output) == "-":
        return given or "table"
    if output.suffix.removeprefix(".") in NETWORKS:
        return output.suffix.removeprefix(".")
    if output.suffix not in _MEASURES:
        known = ", ".join([*(f".{form}" for form in NETWORKS), ".csv", ".json", ".txt"])
        raise KgError(f"“{output.suffix}” names no format of networks", f"end the file in {known}")
    return _MEASURES[output.suffix]


def path_format(given: str | None, output: Path | None) -> str:
    """The format asked for, or the one that an output's ending names."""
    ending = output.suffix.removeprefix(".") if output and str(output) != "-" else ""
    if (given or ending) not in ("", "txt", "table", "csv", "json"):
        raise KgError(f"a path cannot be written as {given or ending}", "choose table, csv or json")
    return given or {".json": "json", ".csv": "csv"}.get(output.suffix if output else "", "table")


def path_text(registry: Registry, path: ShortestPath, syntax: str) -> str:
    """A path as text for people, followed by the claims along it with their words; or as CSV or JSON."""
    from kg.network import path_text as text
    from kg.trace import lines

    found = text(path, syntax)
    if syntax != "table":
        return found
    edges = [edge for step in path.steps for edge in (*step.edges, *step.denials)]
    keys = dict.fromkeys(claim for edge in edges for claim in edge.claims)
    traces = [each for key in keys for each in registry.trace(f"claim/{key}")]
    return "\n".join([found, *lines(traces, registry.entities)])


def measures_text(measures: Measures, syntax: str, most: int) -> str:
    """Measures as text for people, of so many entities, or of all as CSV or JSON."""
    from kg.network import measures_text as text

    return text(measures, syntax, most)


def table_names(output: Path) -> dict[str, Path]:
    """The files to which the tables of a network go, by their names: beside each other, named after the output."""
    from kg.network import TABLES

    return {name: output.with_name(f"{output.stem}-{name}") for name in TABLES}


def picture_format(output: Path | None) -> str:
    """The format of pictures that an output's ending names. Raises KgError if it names none."""
    return _picture(output, "pictures", ("svg", "png", "html"))


def drawn(projection: Projection, form: str, theme: str) -> str | bytes:
    """A projection as a picture or a page."""
    if form == "html":
        return projection.html()
    return projection.png(theme) if form == "png" else projection.svg(theme)


def charts_text() -> str:
    """The charts with their titles."""
    from kg.chart import charts

    width = max(map(len, charts()))
    return "".join(f"{name:<{width}}  {query.title}\n" for name, query in charts().items())


def chart_format(output: Path | None) -> str:
    """The format of charts that an output's ending names. Raises KgError if it names none."""
    return _picture(output, "charts", ("svg", "png"))


def charted(registry: Registry, name: str, form: str) -> str | bytes:
    """A chart as `svg` or `png`."""
    from kg.draw.png import png

    text = registry.chart(name)
    return png(text) if form == "png" else text


def _picture(output: Path | None, what: str, known: tuple[str, ...]) -> str:
    """The format that an output's ending names, SVG on standard output unless that is a terminal."""
    if output is None and sys.stdout.isatty():
        raise KgError("a terminal shows no pictures", f"name a file with -o that ends in {_endings(known)}")
    if output is None or str(output) == "-":
        return "svg"
    form = output.suffix.removeprefix(".")
    if form not in known:
        named = f"“{output.suffix}” names" if output.suffix else f"{output} ends in"
        raise KgError(f"{named} no format of {what}", f"end the file in {_endings(known)}")
    return form


def _endings(known: tuple[str, ...]) -> str:
    """Endings of files as a fix lists them."""
    return " or ".join(f".{each}" for each in known)


def trace_format(given: str | None, output: Path | None) -> str:
    """The format asked for, or the one that the output's ending names."""
    return given or ("json" if output and output.suffix == ".json" else "table")


def trace_text(registry: Registry, traces: list[Trace], syntax: str) -> str:
    """Traces as text for people, or as JSON."""
    from kg.trace import lines

    if syntax == "json":
        rows: list[dict[str, Any]] = [asdict(trace) for trace in traces]
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    if not traces:
        return "no claim is about it\n"
    return "\n".join(lines(traces, registry.entities))


def diff_format(given: str | None, output: Path | None) -> str:
    """The format asked for, or the one that the output's ending names."""
    return given or {".json": "json", ".csv": "csv"}.get(output.suffix if output else "", "table")


def difference_text(registry: Registry, first: str, second: str, syntax: str) -> str:
    """What differs between two lists, builds or days, as a page for people, as CSV or as JSON."""
    from kg.diff import diff_text

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return diff_text(registry.diff(first, second), registry.entities, syntax, width)

"""The stages, each run in a process of its own: `python -m tests.bench.stages CHAIN WORKSPACE`, JSON on stdout.

A chain prepares what it works on, unmeasured, and then measures its stages one after the other.
"""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

CHAINS: dict[str, Callable[[Path], dict[str, Any]]] = {}
QUERY_CAP = 20.0
_T = TypeVar("_T")
_measured: dict[str, dict[str, float]] = {}


def cpu() -> float:
    """The CPU time of this process, its threads and its finished children, in seconds."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def peak() -> float:
    """The most memory this process has held, in MB; on Linux since the last `forget_peak`."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def forget_peak() -> None:
    """Let the peak begin anew with what is held now, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure a stage; one that is entered again adds up."""
    forget_peak()
    start = cpu()
    yield
    found = _measured.setdefault(name, {"cpu": 0.0, "peak": 0.0})
    found["cpu"] += cpu() - start
    found["peak"] = max(found["peak"], peak())


def staged(name: str, function: Callable[..., _T]) -> Callable[..., _T]:
    """A function whose calls are a stage."""

    def run(*args: Any, **kwargs: Any) -> _T:
        with stage(name):
            return function(*args, **kwargs)

    return run


def chain(function: Callable[[Path], dict[str, Any]]) -> Callable[[Path], dict[str, Any]]:
    """Enter a chain under its name."""
    CHAINS[function.__name__] = function
    return function


# ── kg ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _reading(root: Path) -> Any:
    from kg.workspace import find_workspace, read

    reading = read(find_workspace(root))
    if reading.findings:
        raise SystemExit(f"the tables were meant to be readable: {reading.findings[0]}")
    return reading


def _load(root: Path) -> None:
    import pyoxigraph as ox

    shutil.rmtree(root / "store", ignore_errors=True)
    store = ox.Store(str(root / "store"))
    store.bulk_load(path=str(root / "kg.nq"), format=ox.RdfFormat.N_QUADS)
    store.flush()


@chain
def kg_build(root: Path) -> dict[str, Any]:
    """From tables to N-Quads and a store that can be queried."""
    import narwhals  # noqa: F401 - imports are no part of a stage
    import pyoxigraph

    import kg.workspace as steps

    workspace = steps.find_workspace(root)
    derive, compose = staged("ledger", steps.derive), staged("compose", steps.compose)
    with mock.patch.object(steps, "derive", derive), mock.patch.object(steps, "compose", compose):
        start = cpu()
        reading = steps.read(workspace)
        inner = _measured["ledger"]["cpu"] + _measured["compose"]["cpu"]
        _measured["read"] = {"cpu": cpu() - start - inner, "peak": _measured["ledger"]["peak"]}
    with stage("nquads"):
        reading.dataset.write_nquads(root / "kg.nq")
    with stage("store"):
        _load(root)
    with stage("store in memory"):
        pyoxigraph.Store().bulk_load(path=str(root / "kg.nq"), format=pyoxigraph.RdfFormat.N_QUADS)
    return {
        "claims": reading.claims.claims.height,
        "triples": len(reading.dataset),
        "sources": reading.claims.claims.get_column("source").n_unique(),
        "contradictions": len(reading.ledger.contradictions),
        "lines": len(reading.ledger.lines),
        "links": reading.ledger.links.height,
    }


@chain
def kg_turtle(root: Path) -> dict[str, Any]:
    """The union as Turtle."""
    dataset = _reading(root).dataset
    with stage("turtle"):
        text = dataset.turtle()
    return {"bytes": len(text)}


@chain
def kg_trig(root: Path) -> dict[str, Any]:
    """The dataset as TriG."""
    dataset = _reading(root).dataset
    with stage("trig"):
        text = dataset.trig()
    return {"bytes": len(text)}


@chain
def kg_check(root: Path) -> dict[str, Any]:
    """All shapes by the fast engine, from the frames to results, and from results to findings with file and line."""
    import shacl  # noqa: F401

    from kg.check import load_shapes, validate
    from kg.check.findings import findings

    reading = _reading(root)
    with stage("check"):
        shapes = load_shapes()
        results = validate(reading.dataset.ntriples().decode(), shapes, "fast")
    with stage("findings"):
        told = findings(results, reading, shapes)
    keys = sorted(result.key for result in results)
    (root / "results-kg.json").write_text(json.dumps(keys))
    return {"results": len(keys), "findings": len(told)}


@chain
def kg_queries(root: Path) -> dict[str, Any]:
    """The named questions on the store, each in a process that is stopped after so many seconds of CPU time."""
    from tests.bench.questions import questions

    told: dict[str, Any] = {}
    for name in questions(root):
        command = [sys.executable, "-m", "tests.bench.stages", "kg_query", str(root), name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == -signal.SIGXCPU:
            _measured[f"query {name}"] = {"cpu": QUERY_CAP, "peak": 0.0, "capped": 1.0}
        elif done.returncode:
            told[name] = f"kg: {done.stderr.splitlines()[-1]}"
        else:
            found = json.loads(done.stdout)
            _measured.update(found["stages"])
            told[name] = found["facts"]["rows"]
    return {"answers": told}


@chain
def kg_query(root: Path) -> dict[str, Any]:
    """One named question on the store."""
    import pyoxigraph as ox

    from tests.bench.questions import answers, questions

    name = sys.argv[3]
    text = questions(root)[name]
    store = ox.Store.read_only(str(root / "store"))
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu() + QUERY_CAP), resource.RLIM_INFINITY))
    with stage(f"query {name}"):
        rows = answers(store.query(text, use_default_graph_as_union=True))
    return {"rows": rows}


@chain
def kg_whole(root: Path) -> dict[str, Any]:
    """The command `kg build` with all it writes and the structure shapes; the injected faults keep it from swapping."""
    import kg
    from kg.errors import InvalidRegistryError

    with stage("whole"):
        try:
            kg.build(root)
        except InvalidRegistryError as error:
            return {"findings": len(error.findings)}
    return {"findings": 0}


@chain
def kg_built(root: Path) -> dict[str, Any]:
    """A build on disk, faults and all; no stage."""
    from kg import store
    from kg.manifest import manifest
    from kg.registry import rows_behind

    reading = _reading(root)
    with store.fresh_build(reading.workspace.build) as folder:
        store.write_dataset(folder, reading.dataset, rows_behind(reading))
        store.write_manifest(folder, manifest(reading))
    return {}


@chain
def kg_network(root: Path) -> dict[str, Any]:
    """From a build on disk to NetworkX, and to a picture of a part."""
    import networkx  # noqa: F401
    import numpy  # noqa: F401

    import kg
    import kg.registry

    with stage("network"):
        projection = kg.open(root).projection("all")
        graph = projection.to_networkx()
    with stage("picture"):
        text = projection.svg()
    return {"nodes": graph.number_of_nodes(), "edges": graph.number_of_edges(), "characters": len(text)}


# ── csv, rdflib, pySHACL ─────────────────────────────────────────────────────────────────────────────────────────────


def _graph(root: Path) -> Any:
    import pyoxigraph as ox

    from tests.bench.plain import graph_of

    return graph_of(ox.parse(path=str(root / "kg.nq"), format=ox.RdfFormat.N_QUADS))


@chain
def plain_derived(root: Path) -> dict[str, Any]:
    """Hand the derived statements over; no stage."""
    from tests.bench.plain import DERIVED, write_derived

    reading = _reading(root)
    write_derived(reading.dataset.nquads(), root / DERIVED, reading.ontology, reading.workspace.base)
    return {}


@chain
def plain_build(root: Path) -> dict[str, Any]:
    """From tables to a Dataset in memory and N-Quads."""
    from kg.ontology import load
    from kg.shipped import shipped
    from kg.workspace import find_workspace
    from tests.bench.plain import DERIVED, PlainWriter, read_tables

    ontology, base = load(), find_workspace(root).base
    with stage("read"):
        tables = read_tables(root / "data", root / DERIVED, ontology)
    with stage("compose"):
        dataset = PlainWriter(ontology, base, sorted(shipped("ontology").glob("*.ttl"))).write(tables)
    with stage("nquads"):
        dataset.serialize(root / "plain.nq", format="nquads", encoding="utf-8")
    return {"triples": sum(1 for _ in dataset.quads())}


@chain
def plain_turtle(root: Path) -> dict[str, Any]:
    """The union, in one Graph in memory already, as Turtle."""
    graph = _graph(root)
    with stage("turtle"):
        text = graph.serialize(format="turtle", encoding="utf-8")
    return {"bytes": len(text)}


@chain
def plain_trig(root: Path) -> dict[str, Any]:
    """The dataset, in memory already, as TriG."""
    from rdflib import Dataset

    dataset = Dataset()
    dataset.parse(root / "kg.nq", format="nquads")
    with stage("trig"):
        text = dataset.serialize(format="trig", encoding="utf-8")
    return {"bytes": len(text)}


@chain
def plain_check(root: Path) -> dict[str, Any]:
    """All shapes by pySHACL, on one Graph in memory already."""
    import pyoxigraph as ox
    import pyshacl

    from kg.check import engines, load_shapes
    from tests.bench.plain import graph_of

    shapes = graph_of(ox.parse(load_shapes().text, format=ox.RdfFormat.TURTLE))
    graph = _graph(root)
    with stage("check"):
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    terms = engines._terms(map(engines._triple, report))
    results = engines._results(terms, engines._terms(map(engines._triple, shapes)))
    keys = sorted(result.key for result in results)
    (root / "results-plain.json").write_text(json.dumps(keys))
    return {"results": len(keys)}


@chain
def plain_network(root: Path) -> dict[str, Any]:
    """From N-Triples on disk to NetworkX by rdflib's own converter."""
    import networkx  # noqa: F401
    import pyoxigraph as ox
    import rdflib
    from rdflib.extras.external_graph_libs import rdflib_to_networkx_multidigraph

    quads = ox.parse(path=str(root / "kg.nq"), format=ox.RdfFormat.N_QUADS)
    ox.serialize((quad.triple for quad in quads), output=str(root / "kg.nt"), format=ox.RdfFormat.N_TRIPLES)
    with stage("parse"):
        graph = rdflib.Graph().parse(root / "kg.nt", format="nt")
    with stage("convert"):
        found = rdflib_to_networkx_multidigraph(graph)
    return {"nodes": found.number_of_nodes(), "edges": found.number_of_edges()}


@chain
def plain_queries(root: Path) -> dict[str, Any]:
    """The named questions by rdflib, each stopped after so many seconds of CPU time."""
    from tests.bench.questions import questions, rdflib_rows

    graph = _graph(root)
    told: dict[str, Any] = {}
    signal.signal(signal.SIGPROF, _stop)
    for name, text in questions(root).items():
        try:
            with stage(f"query {name}"):
                signal.setitimer(signal.ITIMER_PROF, QUERY_CAP)
                try:
                    told[name] = rdflib_rows(graph, text)
                finally:
                    signal.setitimer(signal.ITIMER_PROF, 0)
        except _CapError:
            _measured[f"query {name}"] = {"cpu": QUERY_CAP, "peak": peak(), "capped": 1.0}
        except Exception as error:
            _measured.pop(f"query {name}", None)
            told[name] = f"rdflib: {type(error).__name__}"
    return {"answers": told}


class _CapError(Exception):
    """A query has had its time."""


def _stop(*_: object) -> None:
    raise _CapError


@chain
def compare(root: Path) -> dict[str, Any]:
    """Whether both paths wrote the same quads and found the same; no stage."""
    import pyoxigraph as ox

    def lines(path: Path) -> set[str]:
        return {str(quad) for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)}

    found: dict[str, Any] = {}
    if (root / "plain.nq").exists():
        ours, plain = lines(root / "kg.nq"), lines(root / "plain.nq")
        found |= {"quads": len(ours), "quads apart": len(ours ^ plain), "example": sorted(ours ^ plain)[:2]}
    if (root / "results-plain.json").exists():
        ours, plain = (json.loads((root / f"results-{name}.json").read_text()) for name in ("kg", "plain"))
        found |= {"results": len(ours), "results equal": ours == plain}
    return found


if __name__ == "__main__":
    facts = CHAINS[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({"stages": _measured, "facts": facts}))

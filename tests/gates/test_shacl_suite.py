"""W3C's SHACL core suite, which lies in pySHACL's source archive, through both engines."""

from __future__ import annotations

import tarfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from gates.conftest import Gate
from kg.check.engines import fast, reference

ROOT = Path(__file__).parents[2]
ARCHIVES = ROOT / ".venv" / "shacl-suite"
DIFFERENCES = tomllib.loads(Path(__file__).with_name("shacl_suite.toml").read_text("utf-8"))
ENGINES: dict[str, Callable[[str, str], Any]] = {"fast": fast, "reference": reference}
CORE = "/test/resources/sht_tests/core/"
TESTS = 98

SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
REPEATED = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}

# Focus node, path, value, component, severity.
Row = tuple[str, ...]


class Graph:
    """A Turtle file, whose blank nodes keep their names wherever it is handed on."""

    def __init__(self, path: Path) -> None:
        self.triples = [
            quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
        ]

    def all(self, subject: Any, term: str) -> list[Any]:
        """The objects of a subject and a property."""
        return [t.object for t in self.triples if t.subject == subject and t.predicate.value == term]

    def one(self, subject: Any, term: str) -> Any:
        """The one object of a subject and a property, or none."""
        return next(iter(self.all(subject, term)), None)

    def members(self, node: Any) -> Iterator[Any]:
        """The members of a list."""
        while first := self.one(node, RDF + "first"):
            yield first
            node = self.one(node, RDF + "rest")

    def path(self, node: Any) -> str:
        """A path of SHACL in the syntax of SPARQL, as the engines write it."""
        if isinstance(node, ox.NamedNode):
            return str(node)
        if inverse := self.one(node, SH + "inversePath"):
            return "^" + self.path(inverse)
        if alternative := self.one(node, SH + "alternativePath"):
            return "(" + "|".join(map(self.path, self.members(alternative))) + ")"
        for name, sign in REPEATED.items():
            if repeated := self.one(node, SH + name):
                return f"({self.path(repeated)}){sign}"
        return "(" + "/".join(map(self.path, self.members(node))) + ")"

    def text(self) -> str:
        """The graph as N-Triples, which is Turtle too."""
        return (ox.serialize(self.triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


@dataclass(frozen=True)
class Case:
    """One test of the suite: two graphs, and what a validation of the one by the other reports."""

    name: str
    data: str
    shapes: str
    conforms: bool
    rows: Counter[Row]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """All tests that the manifest of the core suite includes."""
    archives = sorted(ARCHIVES.glob("pyshacl-*.tar.gz"))
    if not archives:
        pytest.fail("W3C's SHACL suite is not at hand: run make gates, which fetches it", pytrace=False)
    folder = tmp_path_factory.mktemp("suite")
    with tarfile.open(archives[-1]) as archive:
        for member in archive:
            _, found, name = member.name.partition(CORE)
            if found and (content := archive.extractfile(member) if member.isfile() else None):
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
    return sorted(_cases(folder / "manifest.ttl", folder), key=lambda case: case.name)


def _local(node: Any) -> Path:
    return Path(node.value.removeprefix("file://"))


def _cases(manifest: Path, core: Path) -> Iterator[Case]:
    graph = Graph(manifest)
    here = ox.NamedNode(manifest.as_uri())
    for included in graph.all(here, MF + "include"):
        yield from _cases(_local(included), core)
    for entries in graph.all(here, MF + "entries"):
        for entry in graph.members(entries):
            action, result = graph.one(entry, MF + "action"), graph.one(entry, MF + "result")
            data, shapes = _local(graph.one(action, SHT + "dataGraph")), _local(graph.one(action, SHT + "shapesGraph"))
            yield Case(
                name=_local(entry).relative_to(core).as_posix(),
                data=(graph if data == manifest else Graph(data)).text(),
                shapes=(graph if shapes == manifest else Graph(shapes)).text(),
                conforms=graph.one(result, SH + "conforms").value == "true",
                rows=_counted(_row(graph, node) for node in graph.all(result, SH + "result")),
            )


def _counted(rows: Iterable[Row]) -> Counter[Row]:
    """How often each row is there, once for each blank node, of whose names engines make their own."""
    focus_and_value = (0, 2)
    return Counter(
        tuple("_:" if at in focus_and_value and cell.startswith("_:") else cell for at, cell in enumerate(row))
        for row in set(rows)
    )


def _row(graph: Graph, node: Any) -> Row:
    path = graph.one(node, SH + "resultPath")
    return (
        str(graph.one(node, SH + "focusNode")),
        "" if path is None else graph.path(path),
        str(graph.one(node, SH + "value") or ""),
        graph.one(node, SH + "sourceConstraintComponent").value,
        graph.one(node, SH + "resultSeverity").value,
    )


def _difference(case: Case, engine: str) -> str:
    """How an engine's report differs from the suite's, in words; empty where it does not."""
    try:
        found = ENGINES[engine](case.shapes, case.data)
    except ValueError as error:
        return f"refused: {error}"
    rows = _counted((each.focus, each.path or "", each.value or "", each.component, each.severity) for each in found)
    told = [f"+ {' '.join(row)}" for row in sorted((rows - case.rows).elements())]
    told += [f"- {' '.join(row)}" for row in sorted((case.rows - rows).elements())]
    if case.conforms != (not found):
        told.append(f"conforms is {not found}")
    return "\n".join(told)


def test_the_whole_suite_is_there(cases: list[Case]) -> None:
    """The manifest leads to every core test, each under a name of its own."""
    assert len({case.name for case in cases}) == len(cases) == TESTS
    assert sum(case.conforms for case in cases) < TESTS / 2, "most tests expect results"


def test_each_listed_difference_is_of_a_test(cases: list[Case]) -> None:
    """A difference is listed under the name of a test and with a reason."""
    names = {case.name for case in cases}
    assert DIFFERENCES.keys() == ENGINES.keys()
    for listed in DIFFERENCES.values():
        assert listed.keys() <= names
        assert all(len(reason) > 20 for reason in listed.values())


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_reports_what_the_suite_expects(gate: Gate, cases: list[Case], engine: str) -> None:
    """Focus nodes, paths, values, components, severities and conformance are those of the suite, but where listed."""
    listed = DIFFERENCES[engine]
    with gate(f"W3C's SHACL core suite, engine {engine}, {len(listed)} listed differences") as attempt:
        for case in cases:
            with attempt(case.name):
                difference = _difference(case, engine)
                if case.name in listed:
                    assert difference, "listed as different, and it no longer is: take it off the list"
                else:
                    assert not difference, difference

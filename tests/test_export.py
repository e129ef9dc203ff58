"""Exports: four syntaxes that say the same, and tables that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from conftest import Make
from hypothesis import given, settings
from worlds.generated import Row, files, rows

from kg import registry
from kg.errors import KgError
from kg.export import export_format
from kg.registry import Registry

# rdflib's own readers of datasets use what rdflib itself calls deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated, use Dataset instead:DeprecationWarning"),
]
WORLDS = Path(__file__).parent / "worlds"
NAMES = ["hostile", "scripts", "same-decision", "settled-date", "group-sums"]
SYNTAXES = {"ttl": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS}
Term = tuple[str, ...]
Statement = tuple[Term, ...]


@pytest.fixture(scope="session", params=NAMES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """A built world."""
    return build_world(request.param, tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The world of texts that look like something else."""
    return build_world("hostile", tmp_path_factory.mktemp("world"))


def build_world(name: str, folder: Path) -> Registry:
    """Build a copy of a world, with the settings of a decision that is a violation left out."""
    shutil.copytree(WORLDS / name, folder, dirs_exist_ok=True)
    return registry.build(folder)


def exported(built: Registry, syntax: str) -> bytes:
    """The graph in one syntax."""
    found = built.export(syntax)
    assert isinstance(found, bytes)
    return found


def by_oxigraph(data: bytes, form: ox.RdfFormat) -> set[Statement]:
    """The statements in a text, as pyoxigraph reads them; the last term is the graph, if there is one."""

    def told(term: object) -> Term:
        if isinstance(term, ox.Literal):
            return term.value, term.datatype.value, term.language or ""
        assert isinstance(term, ox.NamedNode)
        return (term.value,)

    def statement(quad: ox.Quad) -> Statement:
        graph = () if isinstance(quad.graph_name, ox.DefaultGraph) else (told(quad.graph_name),)
        return told(quad.subject), told(quad.predicate), told(quad.object), *graph

    return {statement(quad) for quad in ox.parse(data, format=form)}


def by_rdflib(data: bytes, form: str) -> set[Statement]:
    """The statements in a text, as rdflib reads them."""
    plain = str(rdflib.XSD.string)

    def told(term: Any) -> Term:
        if isinstance(term, rdflib.Literal):
            language = str(rdflib.RDF.langString) if term.language else plain
            return str(term), str(term.datatype or language), term.language or ""
        assert isinstance(term, rdflib.URIRef)
        return (str(term),)

    if form == "turtle":
        graph = rdflib.Graph().parse(data=data, format=form)
        return {tuple(map(told, triple)) for triple in graph}
    dataset = rdflib.Dataset()
    default = dataset.default_graph.identifier
    dataset.parse(data=data, format=form)
    return {
        (*map(told, quad[:3]), *([told(quad[3])] if quad[3] is not None and quad[3] != default else []))
        for quad in dataset.quads()
    }


def union(statements: Iterable[Statement]) -> set[Statement]:
    """The statements without the graphs they lie in."""
    return {statement[:3] for statement in statements}


@pytest.fixture
def _as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib leave literals as they are written."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.usefixtures("_as_written")
def test_every_syntax_says_the_same_to_two_readers(built: Registry) -> None:
    """Turtle, TriG, N-Quads and JSON-LD are read as the same statements, by pyoxigraph and by rdflib."""
    quads = by_oxigraph(exported(built, "nq"), ox.RdfFormat.N_QUADS)
    assert len(quads) > 1000
    assert by_oxigraph(exported(built, "trig"), ox.RdfFormat.TRIG) == quads
    assert by_oxigraph(exported(built, "jsonld"), ox.RdfFormat.JSON_LD) == quads
    assert by_oxigraph(exported(built, "ttl"), ox.RdfFormat.TURTLE) == union(quads)
    assert by_rdflib(exported(built, "nq"), "nquads") == quads
    assert by_rdflib(exported(built, "trig"), "trig") == quads
    assert by_rdflib(exported(built, "jsonld"), "json-ld") == quads
    assert by_rdflib(exported(built, "ttl"), "turtle") == union(quads)


def test_no_statement_is_written_twice(built: Registry) -> None:
    """N-Quads hold each statement once in each graph, and Turtle holds nothing twice."""
    lines = exported(built, "nq").split(b"\n")
    assert len(lines) == len(set(lines))
    triples = list(ox.parse(exported(built, "ttl"), format=ox.RdfFormat.TURTLE))
    assert len(triples) == len(set(triples))


@settings(max_examples=6)
@given(found=rows())
def test_random_worlds_are_read_back_from_every_syntax(workspace: Make, found: list[Row]) -> None:
    """Whatever the rows, TriG, JSON-LD and Turtle give back the statements of the N-Quads."""
    made = workspace(files([each for each in found if each.property != "arrested"]))
    built = registry.build(made.root)
    quads = by_oxigraph(exported(built, "nq"), ox.RdfFormat.N_QUADS)
    assert by_oxigraph(exported(built, "trig"), ox.RdfFormat.TRIG) == quads
    assert by_oxigraph(exported(built, "jsonld"), ox.RdfFormat.JSON_LD) == quads
    assert by_oxigraph(exported(built, "ttl"), ox.RdfFormat.TURTLE) == union(quads)


def test_json_ld_is_compact_and_names_its_prefixes(built: Registry) -> None:
    """JSON-LD has the registry's prefixes as its context and short names in its graph."""
    told = json.loads(exported(built, "jsonld"))
    assert told["@context"] == dict(sorted(built.prefixes.items()))
    terms = {key for node in told["@graph"] for key in node if not key.startswith("@")}
    assert "rdfs:label" in terms
    assert not [term for term in terms if term.startswith("http")]


def test_turtle_uses_a_prefix_for_every_node_of_the_registry(built: Registry) -> None:
    """In Turtle every node of the registry is a prefix and a name; only named graphs need none."""
    text = exported(built, "ttl").decode()
    head, _, body = text.partition("\n\n")
    assert built.workspace.base in head
    cited = '"<https://w3id.org/kg-registry/id/evidence/x> '
    assert f"<{built.workspace.base}" not in body.replace(cited, "")


def table(built: Registry, name: str) -> list[dict[str, str]]:
    """The rows of one exported table."""
    found = built.export("csv")
    assert isinstance(found, dict)
    return list(csv.DictReader(io.StringIO(found[name], newline="")))


def test_there_is_a_table_for_each_class_and_one_of_claims(built: Registry) -> None:
    """CSV has a file for each kind of entity and for the claims, with plain line ends."""
    found = built.export("csv")
    assert isinstance(found, dict)
    kinds = {f"{kind.table}.csv" for kind in built.ontology.kinds.values()}
    assert kinds | {"claims.csv"} == found.keys()
    assert all(text.endswith("\n") and "\r" not in text for text in found.values())


def test_hostile_texts_come_out_of_the_tables_as_they_went_in(hostile: Registry) -> None:
    """Formulas, marks, new lines and ends of scripts in names and values are the same text in exported tables."""
    [person] = table(hostile, "people.csv")
    given = read_rows(WORLDS / "hostile/data/people.csv")[0]
    assert person["id"] == "person/ana-moor"
    assert person["name"] == given["name"].strip()
    assert person["aliases"].split(" | ") == given["aliases"].split("|")
    told = read_rows(WORLDS / "hostile/data/claims/reader-letters.csv")
    claims = {row["at"]: row for row in table(hostile, "claims.csv")}
    assert len(claims) == len(told)
    for row in told:
        out = claims[row["at"]]
        assert (out["subject"], out["property"], out["value"]) == (row["subject"], row["property"], row["value"])
        assert out["note"] == row["note"]
    texts = (WORLDS / "hostile/texts/reader-letters.txt").read_bytes().decode()
    for at, row in claims.items():
        start, end = map(int, at.removeprefix("char=").split(","))
        assert row["quote"] == texts[start:end]


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table of a world."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_tables_hold_the_plain_view_and_join_several_values(tmp_path: Path) -> None:
    """A class's table has a column for each property of the plain view; several values are joined."""
    built = build_world("intervals", tmp_path)
    lists = {row["id"]: row for row in table(built, "lists.csv")}
    assert lists["list/first"]["count"] == "208"
    assert lists["list/first"]["issued"] == "2031-02 | 2031-02-12"
    assert lists["list/second"]["issued"] == ""


def test_the_table_of_claims_can_be_put_back_into_data(tmp_path: Path) -> None:
    """Exported claims of a source, without what is derived, are a table of claims that gives the same graph."""
    built = build_world("denial", tmp_path / "one")
    other = tmp_path / "two"
    shutil.copytree(WORLDS / "denial", other)
    columns = next(csv.reader(io.StringIO((other / "data/claims/river-post.csv").read_text("utf-8"))))
    for path in (other / "data/claims").iterdir():
        mine = [row for row in table(built, "claims.csv") if row["source"] == path.stem]
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "claimant": row["claimant"].removeprefix("source/" + path.stem)} for row in mine)
        path.write_text(text.getvalue(), "utf-8")
    assert exported(registry.build(other), "nq") == exported(built, "nq")


@pytest.mark.parametrize(
    ("output", "given", "expected"),
    [
        (None, None, "ttl"),
        ("-", None, "ttl"),
        ("a.nq", None, "nq"),
        ("a.json", None, "jsonld"),
        ("folder", None, "csv"),
        ("a.nq", "trig", "trig"),
    ],
)
def test_the_format_is_guessed_from_the_ending(output: str | None, given: str | None, expected: str) -> None:
    """The format asked for goes before the ending of the file, and Turtle is what one gets without either."""
    assert export_format(None if output is None else Path(output), given) == expected


def test_an_ending_that_names_no_format_is_told() -> None:
    """An unknown ending is an error that lists the known ones."""
    with pytest.raises(KgError, match="names no format") as error:
        export_format(Path("a.xlsx"), None)
    assert ".ttl" in error.value.fix

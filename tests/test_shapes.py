"""Every shape finds the faults it is for, and nothing else; both engines agree on that."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.check.engines import SH, Result, fast, reference
from kg.shipped import shipped

SHAPES = shipped("shapes")
SHAPE = "https://w3id.org/kg-registry/shapes#"
FOLDERS = sorted(path.parent.name for path in SHAPES.glob("*/shape.ttl"))
VALID = sorted(SHAPES.glob("*/valid.ttl"))
INVALID = sorted(SHAPES.glob("*/invalid-*.ttl"))
ENGINES = [fast, reference]
GROUPS = {"structure", "sense", "contradictions", "sums"}
WORDS = {SH + name for name in ("name", "message", "description", "severity", "group")}
TARGETS = {SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE, FIRST, REST = RDF + "type", RDF + "first", RDF + "rest"
FOCUS = """
PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?check WHERE {
  ?shape sh:property? ?check .
  { ?shape sh:targetClass ?class . ?focus a/rdfs:subClassOf* ?class }
  UNION { ?shape sh:targetNode ?focus . ?any ?thing ?focus }
  UNION { ?shape sh:targetSubjectsOf ?property . ?focus ?property ?value }
  UNION { ?shape sh:targetObjectsOf ?property . ?subject ?property ?focus }
}"""


@cache
def turtle(path: Path) -> tuple[ox.Triple, ...]:
    """The statements of a Turtle file; read once, for each reading names blank nodes anew."""
    return tuple(quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))


def lines(triples: Iterable[ox.Triple]) -> str:
    """Statements as N-Triples, which are Turtle, too."""
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


@cache
def ontology() -> str:
    """The ontology, which is a part of every dataset."""
    return lines(turtle(shipped("ontology") / "kg.ttl"))


@cache
def data(path: Path) -> str:
    """An example, with the ontology."""
    return lines(turtle(path)) + ontology()


def shape(folder: str) -> str:
    """The shapes of a folder."""
    return (SHAPES / folder / "shape.ttl").read_text("utf-8")


def checks(folder: str) -> list[str]:
    """The shapes of a folder that a result can name: those with a target, and the properties of those."""
    about: dict[str, dict[str, list[str]]] = {}
    for triple in turtle(SHAPES / folder / "shape.ttl"):
        if isinstance(triple.subject, ox.NamedNode):
            told = about.setdefault(triple.subject.value, {})
            told.setdefault(triple.predicate.value, []).append(str(triple.object).strip("<>"))
    found = []
    for iri, told in about.items():
        if told.keys() & TARGETS:
            found += told.get(SH + "property", [])
            if told.keys() - TARGETS - WORDS - {TYPE, SH + "property"}:
                found.append(iri)
    return found


def expected(path: Path) -> set[tuple[str, str]]:
    """The pairs of shape and focus node that the first lines of an example announce."""
    heads = [line.split()[2:] for line in path.read_text("utf-8").splitlines() if line.startswith("# expect:")]
    names = ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    list(names)
    found = set()
    for name, focus in heads:
        prefix, _, local = focus.partition(":")
        found.add((SHAPE + name, f"<{names.prefixes[prefix]}{local}>"))
    return found


def pairs(results: list[Result]) -> set[tuple[str, str]]:
    """The pairs of shape and focus node of results."""
    return {(result.shape, result.focus) for result in results}


def without(folder: str, check: str) -> str:
    """The shapes of a folder but one: its own constraints are gone, and no shape leads to it."""
    kept = [
        triple
        for triple in turtle(SHAPES / folder / "shape.ttl")
        if not (triple.predicate.value == SH + "property" and triple.object == ox.NamedNode(check))
        and not (triple.subject == ox.NamedNode(check) and triple.predicate.value not in TARGETS | {SH + "property"})
    ]
    return lines(kept)


def text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The IRI or the words of a term."""
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value


def name(path: Path) -> str:
    """How a test calls an example."""
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", VALID, ids=name)
def test_valid_conforms(path: Path, engine: Callable[[str, str], list[Result]]) -> None:
    """A valid example has no results."""
    assert engine(shape(path.parent.name), data(path)) == []


@pytest.mark.parametrize("path", VALID, ids=name)
def test_valid_has_focus_nodes(path: Path) -> None:
    """A valid example holds something for each shape to look at, for a shape without focus nodes always conforms."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in turtle(path) + turtle(shipped("ontology") / "kg.ttl"))
    store.extend(ox.Quad(*triple) for triple in turtle(path.with_name("shape.ttl")))
    rows = store.query(FOCUS)
    assert isinstance(rows, ox.QuerySolutions)
    looking = {str(row["check"]).strip("<>") for row in rows}
    assert looking >= set(checks(path.parent.name))


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_invalid_is_found(path: Path) -> None:
    """An invalid example has the results that its first lines announce, and no others, in both engines."""
    found = fast(shape(path.parent.name), data(path))
    assert pairs(found) == expected(path)
    assert found == reference(shape(path.parent.name), data(path))


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_each_shape_is_needed(path: Path) -> None:
    """Without a shape, the faults that it finds are found no more, and all others are."""
    for check in {check for check, _ in expected(path)}:
        left = pairs(fast(without(path.parent.name, check), data(path)))
        assert left == {(other, focus) for other, focus in expected(path) if other != check}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_constraint_and_target_is_needed(folder: str) -> None:
    """Without any one of its constraints, targets and properties, a shape finds other things in an invalid example."""
    statements = turtle(SHAPES / folder / "shape.ttl")
    examples = {data(path): fast(shape(folder), data(path)) for path in INVALID if path.parent.name == folder}
    for statement in statements:
        if isinstance(statement.subject, ox.NamedNode) and statement.predicate.value not in WORDS | {TYPE, SH + "path"}:
            kept = lines(other for other in statements if other != statement)
            assert any(fast(kept, example) != found for example, found in examples.items()), statement


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_word_allowed_is_needed(folder: str) -> None:
    """Where a shape lists what is allowed, the valid example uses all of it."""
    statements = turtle(SHAPES / folder / "shape.ttl")
    rest = {triple.subject: triple.object for triple in statements if triple.predicate.value == REST}
    for node in [triple.object for triple in statements if triple.predicate.value == SH + "in"]:
        while isinstance(node, ox.BlankNode):
            kept = [other for other in statements if (other.subject, other.predicate.value) != (node, FIRST)]
            kept.append(ox.Triple(node, ox.NamedNode(FIRST), ox.NamedNode("urn:nothing")))
            assert fast(lines(kept), data(SHAPES / folder / "valid.ttl")), folder
            node = rest[node]


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_shape_has_an_invalid_example(folder: str) -> None:
    """Each shape that a result can name is broken by an example."""
    broken = {check for path in INVALID if path.parent.name == folder for check, _ in expected(path)}
    assert broken == set(checks(folder))


@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_has_a_valid_example(folder: str) -> None:
    """Each folder shows how it should be."""
    assert (SHAPES / folder / "valid.ttl").is_file()


@pytest.mark.parametrize("folder", FOLDERS)
def test_shapes_describe_themselves(folder: str) -> None:
    """Each shape has an IRI that begins with the name of its folder, each word about itself once, and a known group."""
    statements = turtle(SHAPES / folder / "shape.ttl")
    for node in [triple.subject for triple in statements if triple.predicate.value == TYPE]:
        assert isinstance(node, ox.NamedNode)
        assert node.value.removeprefix(SHAPE + folder)[:1] in ("", "-"), node
        told = [
            (t.predicate.value, text(t.object)) for t in statements if t.subject == node and t.predicate.value in WORDS
        ]
        assert sorted(word for word, _ in told) == sorted(WORDS), node
        words = dict(told)
        assert words[SH + "group"].removeprefix(SHAPE) in GROUPS
        assert words[SH + "severity"].removeprefix(SH) in {"Violation", "Warning", "Info"}
        for word in ("message", "description"):
            assert words[SH + word].endswith("."), node
            assert "{" not in words[SH + word], node


@pytest.mark.parametrize("folder", FOLDERS)
def test_shapes_of_a_folder_share_one_group(folder: str) -> None:
    """The shapes of one folder are in one group, so that structure can be checked by itself."""
    statements = turtle(SHAPES / folder / "shape.ttl")
    assert len({triple.object for triple in statements if triple.predicate.value == SH + "group"}) == 1


def test_groups_are_described() -> None:
    """Each group has a name, a description and a place in the order."""
    statements = turtle(SHAPES / "groups.ttl")
    assert {text(triple.subject).removeprefix(SHAPE) for triple in statements} == GROUPS
    words = [triple.predicate.value for triple in statements]
    assert {words.count(RDFS + "label"), words.count(RDFS + "comment")} == {len(GROUPS)}
    assert sorted(text(triple.object) for triple in statements if triple.predicate.value == SH + "order") == list(
        "1234"
    )


def test_definitions_are_unique() -> None:
    """No two terms of the ontology share a definition, for the paths of domain and range lead over them."""
    definition = "http://www.w3.org/2004/02/skos/core#definition"
    told = [t.object for t in turtle(shipped("ontology") / "kg.ttl") if t.predicate.value == definition]
    assert len(told) == len(set(told)) > 0

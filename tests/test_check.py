"""Checks: findings that stand where a person can act on them, alike from both engines."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import Make
from hypothesis import given, settings
from worlds.generated import Row, files, rows

from kg.check import check, check_graph, load_shapes, structure, validate
from kg.check.shapes import SHAPES, STRUCTURE
from kg.errors import Finding, KgError, Severity
from kg.workspace import Reading, read

SH = "http://www.w3.org/ns/shacl#"
SPARQL = '''
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://w3id.org/kg-registry/ns#> .
@prefix shape: <https://example.org/shapes#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
shape:odd a sh:NodeShape ; sh:targetClass foaf:Person ;
    sh:name "odd" ; sh:message "The name ends in k." ; sh:description "Look it up." ; sh:severity sh:Info ;
    sh:sparql shape:odd-query .
shape:odd-query a sh:SPARQLConstraint ; sh:message "The name ends in k." ;
    sh:select """SELECT $this ?value
        { $this <http://www.w3.org/2000/01/rdf-schema#label> ?value FILTER(STRENDS(?value, 'k')) }""" .
'''


def found(reading: Reading, code: str, engine: str = "fast") -> list[Finding]:
    """The findings of one code."""
    return [each for each in check(reading, engine).findings if each.code == code]


@settings(max_examples=8)
@given(told=rows())
def test_both_engines_find_the_same_in_random_worlds(workspace: Make, told: list[Row]) -> None:
    """Fast and reference engine agree on focus, path, value, component, severity and shape of each result."""
    reading = read(workspace(files(told)))
    fast, reference = check(reading, "fast"), check(reading, "reference")
    assert {each.key for each in fast.results} == {each.key for each in reference.results}
    assert fast.findings == reference.findings


def dated(*values: str) -> list[Row]:
    """A date for one list from each source."""
    sources = ("lowgate-radio", "river-post", "tern-herald")
    return [Row(source, "list/spring", "issued", value) for source, value in zip(sources, values, strict=False)]


@pytest.mark.parametrize(
    ("values", "alone", "words"),
    [
        (("2031-02-12", "2031-01-12", "2031-02-12"), "river-post", "2 other sources say 2031-02-12"),
        (("2031-02", "2031-02-12", "2031-01-12"), "tern-herald", "1 other source says 2031-02; 1 other source says"),
        (
            ("2031-02-12", "2031-02-13", "2031-02-14"),
            "lowgate-radio",
            "says 2031-02-13; 1 other source says 2031-02-14",
        ),
        (("2031-02-12", "2031-01", "2031"), "lowgate-radio", "1 other source says 2031-01"),
    ],
)
def test_a_contradiction_is_told_at_the_claim_that_stands_alone(
    workspace: Make, values: tuple[str, ...], alone: str, words: str
) -> None:
    """One finding, at the claim that most sources exclude; values that agree with each other stand together."""
    [finding] = found(read(workspace(files(dated(*values)))), "contradiction")
    assert finding.place.file == f"data/claims/{alone}.csv"
    assert words in finding.message
    assert finding.severity is Severity.WARNING


def test_a_day_apart_is_told_as_one(workspace: Make) -> None:
    """A difference between dates is told in days, one of numbers as a number."""
    [finding] = found(read(workspace(files(dated("2031-02-12", "2031-02-13")))), "contradiction")
    assert finding.message.endswith("(apart by 1 day)")
    told = [Row("river-post", "list/spring", "count", "40"), Row("tern-herald", "list/spring", "count", "42")]
    [finding] = found(read(workspace(files(told))), "contradiction")
    assert finding.message.endswith("(apart by 2)")


def test_settling_takes_the_finding_away_only_when_nothing_is_left(workspace: Make) -> None:
    """A decision on two of three claims leaves what it does not decide, and the claim set aside is out of it."""
    told = dated("2031-02-12", "2031-03-12", "2031-04-12")
    claims = read(workspace(files(told))).claims.claims
    key = {row["source"]: f"claim/{row['id']}" for row in claims.iter_rows(named=True)}
    first = ("settle", key["lowgate-radio"], key["river-post"])
    [finding] = found(read(workspace(files(told, [first]))), "contradiction")
    assert "river-post" not in f"{finding}"
    assert {each.file for each in (finding.place, *finding.related)} == {
        "data/claims/lowgate-radio.csv",
        "data/claims/tern-herald.csv",
    }
    second = ("settle", key["lowgate-radio"], key["tern-herald"])
    assert not found(read(workspace(files(told, [first, second]))), "contradiction")


def test_opposed_and_idle_decisions_are_told(workspace: Make) -> None:
    """Decisions for both sides, and decisions between claims that agree, are findings at their rows."""
    told = [*dated("2031-02-12", "2031-03-12"), Row("tern-herald", "list/spring", "count", "40")]
    claims = read(workspace(files(told))).claims.claims
    key = {(row["source"], row["property"]): f"claim/{row['id']}" for row in claims.iter_rows(named=True)}
    one, other = key["lowgate-radio", "issued"], key["river-post", "issued"]
    reading = read(workspace(files(told, [("settle", one, other), ("settle", other, one)])))
    assert found(reading, "contradiction")
    reading = read(workspace(files(told, [("settle", key["tern-herald", "count"], "")])))
    [idle] = found(reading, "idle-decision")
    assert str(idle.place) == "data/decisions.csv:2"


def test_other_places_are_told_up_to_five(workspace: Make) -> None:
    """A finding names at most five other rows."""
    told = [Row("river-post", "list/spring", "count", "40", said=f"20{year}") for year in range(10, 20)]
    told.append(Row("tern-herald", "list/spring", "count", "41"))
    [finding] = found(read(workspace(files(told))), "contradiction")
    assert len(finding.related) == 5
    assert finding.place.file == "data/claims/river-post.csv"


def test_sums_that_rest_on_a_decision_say_so(workspace: Make) -> None:
    """Where a source counts a list under two ids, the finding on its sum cites the decision that they are one."""
    told = [
        Row("river-post", "list/spring", "count", "40"),
        Row("river-post", "list/autumn#students", "count", "43"),
        Row("river-post", "list/autumn", "count", "40"),
    ]
    same = ("same", "list/spring", "list/autumn")
    [finding] = found(read(workspace(files(told, [same]))), "group-sum")
    assert finding.message.endswith("; rests on data/decisions.csv:2: list/autumn is list/spring")
    [finding] = found(read(workspace(files(told))), "group-sum")
    assert "rests on" not in finding.message


def test_several_defendants_by_a_decision_are_told_with_it(workspace: Make) -> None:
    """Where only a decision gives a case several defendants, the finding cites it."""
    told = [
        Row("river-post", "case/dock", "defendant", "person/ana-moor"),
        Row("river-post", "case/dock", "arrested", "2031"),
        Row("tern-herald", "case/bridge", "defendant", "person/jon-brask"),
    ]
    made = files(told, [("same", "case/dock", "case/bridge")])
    made["data/cases.csv"] = "id,name\ndock,Dock case\nbridge,Bridge case\n"
    [finding] = found(read(workspace(made)), "one-defendant")
    assert "rests on data/decisions.csv:2: case/bridge is case/dock" in finding.message


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        (Row("river-post", "list/nowhere", "count", "40"), "unknown-entity", "list/nowhere is in no table"),
        (Row("river-post", "list/spring#nobody", "count", "40"), "unknown-entity", "group/nobody is in no table"),
        (Row("river-post", "list/spring", "publisher", "list/autumn"), "range", "list/autumn"),
        (Row("river-post", "person/ana-moor", "count", "40"), "domain", "person/ana-moor count 40"),
        (Row("river-post", "list/spring", "count", "40", claimant="list/autumn"), "claim", "cannot speak"),
        (
            Row("river-post", "list/spring", "count", "40", at="char=9,9", quote="x"),
            "evidence",
            "ends before it begins",
        ),
        (Row("river-post", "list/spring", "count", "40", quote="x" * 81), "evidence", "longer than 80"),
    ],
)
def test_a_fault_of_structure_is_told_at_its_row(workspace: Make, row: Row, code: str, words: str) -> None:
    """What the structure shapes find stands at the row that is at fault, with the particulars of that row."""
    reading = read(workspace(files([row])))
    [finding] = [each for each in structure(reading).findings if each.code == code]
    assert str(finding.place) == "data/claims/river-post.csv:2"
    assert finding.severity is Severity.VIOLATION
    assert words in finding.message
    assert finding.fix
    assert finding in check(reading).findings


def test_the_structure_is_a_part_of_the_checks() -> None:
    """The shapes that a build must pass are those of one group, which has no warnings to stop at but of hashes."""
    every, core = load_shapes(), load_shapes(STRUCTURE)
    assert core.codes < every.codes
    assert {shape.group for shape in core.by_iri.values()} <= {STRUCTURE, ""}
    assert not {"contradiction", "group-sum", "not-before"} & core.codes
    assert {"claim", "evidence", "unknown-entity", "domain", "range"} <= core.codes


def test_a_shape_in_sparql_runs_whichever_engine_is_asked_for(workspace: Make) -> None:
    """Shapes of a workspace's own that hold SPARQL are run by the reference engine and told like any other."""
    made = workspace({**files([]), "shapes/odd/shape.ttl": SPARQL})
    for engine in ("fast", "reference"):
        [finding] = found(read(made), "odd", engine)
        assert (str(finding.place), finding.severity) == ("data/people.csv:3", Severity.INFO)
        assert "ends in k (Jon Brask)" in finding.message


def test_a_report_is_that_of_the_standard(workspace: Make) -> None:
    """The validation report is Turtle that can be read back, with all results, and says if all is well."""
    checked = check(read(workspace(files(dated("2031-02-12", "2031-03-12")))))
    triples = [quad.triple for quad in ox.parse(checked.report({"sh": SH}), format=ox.RdfFormat.TURTLE)]
    assert sum(each.predicate.value == SH + "result" for each in triples) == len(checked.results) > 0
    [conforms] = [each.object.value for each in triples if each.predicate.value == SH + "conforms"]
    assert conforms == "false"
    assert "true" in check(read(workspace({}))).report({"sh": SH})


def test_a_graph_without_tables_is_checked_by_its_nodes(workspace: Make) -> None:
    """Of a graph that came as a file, findings name the file and the node."""
    told = [Row("river-post", "list/nowhere", "count", "40")]
    graph = read(workspace(files(told))).dataset.ntriples().decode()
    checked = check_graph(Path("else/where.ttl"), graph, load_shapes())
    [finding] = [each for each in checked.findings if each.code == "unknown-entity"]
    assert str(finding.place) == "where.ttl"
    assert "<https://w3id.org/kg-registry/id/list/nowhere>" in finding.message


def test_a_graph_that_cannot_be_read_is_refused() -> None:
    """What is no N-Triples is an error and no clean bill."""
    shapes = load_shapes()
    for engine in ("fast", "reference"):
        with pytest.raises(KgError, match=r"(?i)error|expected|invalid"):
            validate("this is no graph", shapes, engine)


def test_each_shape_has_its_own_words() -> None:
    """A shape that nobody described is told in the words of its result."""
    shapes = load_shapes()
    assert shapes.of(SHAPES + "contradiction", "", "warning").code == "contradiction"
    other = shapes.of("urn:x", "Something is wrong.", "Info")
    assert (other.code, other.message, other.severity) == ("shape", "Something is wrong.", Severity.INFO)


_SHORT = "sh:targetClass foaf:Person ; sh:property [ sh:path rdfs:label ; sh:maxLength 5"
_TOLD = '; sh:message "hm" ; sh:severity sh:Warning'


@pytest.mark.parametrize(
    "body",
    [
        f"<urn:x> {_SHORT} ] .",
        f"[] a sh:NodeShape ; {_SHORT} {_TOLD} ] .",
        f"<urn:x> a sh:NodeShape ; {_SHORT} {_TOLD} ] .",
    ],
)
def test_shapes_without_a_name_are_told_too(workspace: Make, body: str) -> None:
    """A shape without an IRI or a type is checked by both engines, with its own message and severity."""
    namespaces = {
        "sh": "http://www.w3.org/ns/shacl#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    }
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in namespaces.items())
    reading = read(workspace({**files([]), "shapes/own.ttl": head + body}))
    for engine in ("fast", "reference"):
        found = [each for each in check(reading, engine).findings if "data/people" in str(each.place)]
        assert len(found) == 2
        if "Warning" in body:
            assert {each.severity for each in found} == {"warning"}
            assert "hm" in found[0].message

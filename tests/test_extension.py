"""What a workspace adds to the ontology: own terms that work, and what is wrong in own files, told at its line."""

from __future__ import annotations

import re

import pytest

from kg.errors import Finding, Severity
from kg.extension import extended
from kg.guard import Guard
from kg.ontology import NS, Ontology, load
from kg.settings import BASE

HEAD = """@prefix kg: <https://w3id.org/kg-registry/ns#> . @prefix : <https://example.org/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""


def own(block: str | bytes) -> tuple[Ontology, list[Finding]]:
    """The ontology with a file of a workspace's own, and what is wrong in it."""
    text = block if isinstance(block, bytes) else (HEAD + block).encode()
    return extended([("ontology/own.ttl", text)], BASE, Guard())


def test_a_workspace_adds_a_property_without_a_program() -> None:
    """A block of Turtle in a workspace's ontology/ gives its tables a new property."""
    block = ':tons skos:notation "tons" ; schema:domainIncludes kg:List ; schema:rangeIncludes xsd:decimal .'
    ontology, findings = own(block)
    assert findings == []
    assert ontology.properties["tons"].literals == ("decimal",)
    assert "tons" in ontology.claim_words
    assert ontology.prefixes[""] == "https://example.org/ns#"


SHIP = ':Ship a owl:Class ; rdfs:label "ship" ; skos:notation "ship" ; skos:altLabel "ships" . '


def test_a_workspace_widens_a_property() -> None:
    """A shipped property can be said of a class of one's own."""
    ontology, findings = own(SHIP + "schema:birthDate schema:domainIncludes :Ship .")
    assert findings == []
    assert len(ontology.properties["birthDate"].domain) == 2


def test_a_workspace_adds_a_kind_with_the_columns_that_every_kind_has() -> None:
    """A class with a word, a plural and a label is a kind whose table has name, aliases and same_as."""
    ontology, findings = own(SHIP)
    assert findings == []
    assert ontology.kinds["ship"].table == "ships"
    assert set(ontology.columns(ontology.kinds["ship"])) == {"name", "aliases", "same_as"}


def test_a_label_of_ones_own_is_added_and_replaces_none() -> None:
    """A shipped term may get labels; screens go on calling it by its first, which is the shipped one."""
    ontology, findings = own('kg:List rdfs:label "Liste"@de ; skos:altLabel "Listen"@de .')
    assert findings == []
    assert ontology.labels[NS + "List"] == "list"
    assert ontology.kinds["list"].table == "lists"
    assert any(str(triple.object) == '"Liste"@de' for triple in ontology.triples)


def test_a_prefix_of_the_program_keeps_its_meaning() -> None:
    """A file that calls another namespace kg: does not change what kg: means in queries."""
    ontology, findings = own(b"@prefix kg: <https://example.org/other#> . kg:x a kg:Y .")
    assert findings == []
    assert ontology.prefixes["kg"] == NS


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (":a :b\n\n:c :d .", r"own\.ttl:\d: .*this is no Turtle"),
        (b"\xff\xfea\x00", r"own\.ttl:1: .*not saved as UTF-8"),
        (b"<?xml version='1.0'?><rdf:RDF/>", r"own\.ttl:1: .*RDF/XML"),
        (b"<<(" * 50_000, r"own\.ttl:1: .*nested more than 100 deep"),
        (":a :b [] .", "node without a name"),
        (':a skos:notation "a" ; schema:domainIncludes kg:List .', "no kind of value"),
        (':a skos:notation "a" ; schema:rangeIncludes xsd:integer .', "said of nothing"),
        (
            ':a skos:notation "a" ; schema:domainIncludes kg:List ; schema:rangeIncludes xsd:double .',
            "no cell can hold",
        ),
        (
            ':a skos:notation "count" ; schema:domainIncludes kg:List ; schema:rangeIncludes xsd:integer .',
            "“count” is used",
        ),
        (
            ':a skos:notation "a b" ; schema:domainIncludes kg:List ; schema:rangeIncludes xsd:integer .',
            "“a b” cannot be used",
        ),
        (
            ':a a owl:DatatypeProperty ; skos:notation "a" ; schema:domainIncludes kg:List ; '
            "schema:rangeIncludes kg:List .",
            "has entities as its values",
        ),
        (':A a owl:Class ; skos:notation "a" .', "has no table"),
        (':A a owl:Class ; skos:notation "a" ; skos:altLabel "people" .', "“people” is used"),
        (':A a owl:Class ; skos:notation "person" ; skos:altLabel "as" .', "“person” is used"),
        (
            ':A a owl:Class ; skos:notation "a" ; skos:altLabel "as" .\n:B a owl:Class ; skos:notation "a" ; '
            'skos:altLabel "bs" .',
            "share the word “a”",
        ),
        (SHIP + ':a skos:notation "a" ; schema:domainIncludes :Shp ; schema:rangeIncludes xsd:string .', "no class "),
        (
            ':a skos:notation "a" ; schema:domainIncludes kg:Caze ; schema:rangeIncludes xsd:string .',
            "no class kg:Caze",
        ),
        ("kg:List kg:functionalAlways kg:List .", "this changes kg:List"),
        ("kg:count schema:domainIncludes foaf:Person .", "this changes kg:count"),
        ("kg:count kg:identifies kg:List .", "this changes kg:count"),
        (':maybe a skos:Concept ; skos:notation "maybe" ; skos:inScheme kg:stances .', "this adds to kg:stances"),
        (":a kg:functionalAlwyas kg:List .", "there is no kg:functionalAlwyas"),
        ("<https://w3id.org/kg-registry/id/person/ana-moor> a foaf:Person .", "is an entity"),
    ],
)
def test_a_faulty_ontology_is_told_at_its_line(block: str | bytes, message: str) -> None:
    """An own ontology that cannot be read, or whose terms cannot be used, is told with file, line, cause and fix."""
    ontology, findings = own(block)
    assert any(re.search(message, str(each)) for each in findings), findings
    assert any(each.severity is Severity.VIOLATION for each in findings)
    assert all(each.fix and each.place.file == "ontology/own.ttl" and each.place.line for each in findings)
    assert ontology == load()


def test_near_names_of_classes_are_hinted_at() -> None:
    """A misspelt class is told with the one that was probably meant."""
    _, findings = own(':a skos:notation "a" ; schema:domainIncludes kg:Caze ; schema:rangeIncludes xsd:string .')
    assert [each.fix for each in findings] == ["did you mean kg:Case?"]


def test_without_a_notation_a_term_is_read_and_told() -> None:
    """A class or a property that no table can name may stand there, with a warning."""
    ontology, findings = own(":A a owl:Class . :a a owl:DatatypeProperty ; rdfs:subPropertyOf kg:count .")
    assert {each.severity for each in findings} == {Severity.WARNING}
    assert len(findings) == 2
    assert len(ontology.triples) == len(load().triples) + 3

"""Own shapes: ordinary mistakes, changes of what the program ships, and shapes that are made to do harm."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hostile.case import CLEAN, FINDINGS, Case

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix my: <https://example.org/shapes#> .
@prefix kg: <https://w3id.org/kg-registry/ns#> .
@prefix shape: <https://w3id.org/kg-registry/shapes#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NODE = 'my:a a sh:NodeShape ; sh:name "a" ; sh:targetClass foaf:Person ; sh:property my:b .\n'
PROPERTY = 'my:b a sh:PropertyShape ; sh:name "b" ; sh:path rdfs:label ; '
SPARQL = (
    'my:a a sh:NodeShape ; sh:name "a" ; sh:targetClass foaf:Person ; '
    'sh:sparql [ sh:message "m" ; sh:select """%s""" ] .\n'
)
RIGHT = {
    "a length that all have": NODE + PROPERTY + "sh:minLength 1 .\n",
    "a warning": NODE + PROPERTY + "sh:maxLength 1 ; sh:severity sh:Warning .\n",
    "a query that finds nothing": SPARQL % "SELECT $this WHERE { $this <urn:none> ?x }",
}
FOUND = {
    "a length that none has": NODE + PROPERTY + "sh:maxLength 1 .\n",
    "a query that finds all": SPARQL % "SELECT $this WHERE { $this a ?x }",
}
WRONG = {
    "wrong flags": NODE + PROPERTY + 'sh:pattern "a" ; sh:flags "zz" .\n',
    "a wrong pattern": NODE + PROPERTY + 'sh:pattern "((((" .\n',
    "a count that is a text": NODE + PROPERTY + 'sh:minCount "x" .\n',
    "a count below nothing": NODE + PROPERTY + "sh:maxCount -1 .\n",
    "a severity of one's own": NODE + PROPERTY + "sh:minCount 1 ; sh:severity my:Bad .\n",
    "a syntax error in a query": SPARQL % "SELECT $this WHERE { $this a ",
    "a query that is no SELECT": SPARQL % "ASK { ?s ?p ?o }",
    "SERVICE": SPARQL % "SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { $this a ?x } }",
    "SERVICE behind escapes": SPARQL % "SELECT $this WHERE { S\\\\u0045RVICE <http://127.0.0.1:9/> { $this a ?x } }",
    "LOAD": SPARQL % "LOAD <http://127.0.0.1:9/>",
    "FROM": SPARQL % "SELECT $this FROM <http://127.0.0.1:9/> WHERE { $this a ?x }",
    "a list that leads back": NODE + PROPERTY + "sh:in my:l .\nmy:l rdf:first 1 ; rdf:rest my:l .\n",
    "a path that leads back": NODE
    + 'my:b a sh:PropertyShape ; sh:name "b" ; sh:path my:p .\nmy:p sh:inversePath my:p .\n',
    "a path that is a text": NODE + 'my:b a sh:PropertyShape ; sh:name "b" ; sh:path "label" ; sh:minCount 1 .\n',
    "two paths": NODE + PROPERTY + "sh:path rdfs:comment ; sh:minCount 1 .\n",
    "no path": NODE + 'my:b a sh:PropertyShape ; sh:name "b" ; sh:minCount 1 .\n',
    "a misspelt term": NODE + PROPERTY + "sh:minCuont 1 .\n",
    "a misspelt kind of node": NODE + PROPERTY + "sh:nodeKind sh:IRl .\n",
    "a missing dot": NODE + PROPERTY + "sh:minCount 1\n" + NODE,
    "a prefix that is not declared": NODE + "you:b sh:path rdfs:label .\n",
    "a shape that is a number": NODE.replace("my:b", "5"),
    "a shape within itself": NODE + PROPERTY + "sh:node my:a .\n",
    "a shape that is not itself": NODE.replace("sh:property my:b", "sh:not my:a"),
    "a shipped shape switched off": "shape:entity sh:deactivated true .\n",
    "a shipped shape of another severity": "shape:entity sh:severity sh:Info .\n",
    "a shipped class as a shape": "kg:List a sh:NodeShape ; sh:property my:b .\n" + PROPERTY + "sh:minCount 1 .\n",
    "an entity as a shape": "<https://example.org/registry/id/person/ana-moor> a sh:NodeShape .\n",
    "JavaScript": NODE + PROPERTY + 'sh:js [ sh:jsFunctionName "f" ] .\n',
    "an update": NODE + PROPERTY + 'sh:update "DELETE WHERE { ?s ?p ?o }" .\n',
    "lessThan of a text": NODE + PROPERTY + 'sh:lessThan "x" .\n',
    "RDF/XML": '<?xml version="1.0"?>\n<rdf:RDF/>\n',
    "no UTF-8": NODE.encode() + b"my:\xff a sh:NodeShape .\n",
}
SELF = {
    "a shape that asks of itself by a property": "my:a sh:property my:a ; sh:path rdfs:label .\n",
    "a shape within another and back": NODE + PROPERTY + "sh:node my:c .\nmy:c a sh:NodeShape ; sh:node my:a .\n",
}
SLOW = "[limits]\nseconds = 2\n"


def generate(chance: random.Random) -> Iterator[Case]:
    """What works, nine ordinary mistakes, and what never ends or is without measure."""
    for name, text in RIGHT.items():
        yield _case(f"right: {name}", text, CLEAN, ())
    for name, text in FOUND.items():
        yield _case(f"finds: {name}", text, FINDINGS, ("data/people.csv:", "kg explain mine"))
    for name in chance.sample(sorted(WRONG), 9):
        yield _case(name, WRONG[name], FINDINGS, ("shapes/mine.ttl",))
    for name, text in SELF.items():
        yield _case(name, text, FINDINGS, ("shapes/mine.ttl:",))
    nested = (("[ sh:inversePath ", "paths"), ("[ sh:zeroOrMorePath ", "repeated paths"), ("[ sh:not ", "shapes"))
    for opened, what in chance.sample(nested, 2):
        depth = chance.randint(20, 90)
        inner = "rdfs:label" if "Path" in opened else "[ sh:minCount 1 ]"
        head = (
            NODE + 'my:b a sh:PropertyShape ; sh:name "b" ; sh:minCount 1 ; sh:path '
            if "Path" in opened
            else ('my:a a sh:NodeShape ; sh:name "a" ; sh:targetClass foaf:Person ; sh:not ')
        )
        codes = (FINDINGS,) if "Path" in opened else (CLEAN, FINDINGS)
        yield Case(
            f"{what} nested {depth} deep",
            ("check",),
            codes,
            ("shapes/mine.ttl:",) if "Path" in opened else (),
            {"shapes/mine.ttl": HEAD + head + opened * depth + inner + " ]" * depth + " .\n"},
        )
    for opened in chance.sample(("[ sh:not ", "( ", "<<( "), 2):
        depth = chance.randint(150, 50_000)
        yield _case(
            f"{opened.strip()} nested {depth} deep", "my:a sh:not " + opened * depth, FINDINGS, ("shapes/mine.ttl:",)
        )
    number = chance.randint(3_000, 6_000)
    members = " ".join(f'"name {each}"' for each in range(number))
    yield _case(f"a list of {number}", NODE + PROPERTY + f"sh:in ( {members} ) .\n", FINDINGS, ("data/people.csv:",))


def _case(name: str, text: str | bytes, code: int, says: tuple[str, ...]) -> Case:
    content = HEAD.encode() + text if isinstance(text, bytes) else text if text.startswith("<?") else HEAD + text
    return Case(name, ("check",), (code,), says, {"shapes/mine.ttl": content})

"""Own files of terms: ordinary mistakes, and files that are made to do harm."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hostile.case import CLEAN, FINDINGS, Case

HEAD = """@prefix my: <https://example.org/ns#> .
@prefix kg: <https://w3id.org/kg-registry/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
COURT = 'my:Court a owl:Class ; rdfs:label "court" ; skos:notation "court" ; skos:altLabel "courts" .\n'
TRIED = (
    'my:triedBy a owl:ObjectProperty ; rdfs:label "tried by" ; skos:notation "triedBy" ; '
    "schema:domainIncludes kg:Case ; schema:rangeIncludes my:Court .\n"
)
RIGHT = {
    "a class of one's own": COURT,
    "a class and a property": COURT + TRIED,
    "another label for a shipped term": 'kg:List skos:altLabel "roll"@en .\n',
    "only comments": "# nothing\n",
    "a class with a label in another script": COURT.replace('"court" ; skos:n', '"суд" ; skos:n'),
    "a shipped property of a class of one's own": COURT + "kg:heads schema:rangeIncludes my:Court .\n",
}
WRONG = {
    "a missing dot": COURT.replace(" .\n", "\n") + TRIED,
    "a prefix that is not declared": "you:Court a owl:Class .\n",
    "a bracket that is never closed": "my:x rdfs:comment [ a owl:Class .\n",
    "a string that is never closed": 'my:x rdfs:label "court .\n',
    "an address with a blank": "<https://example.org/a b> a owl:Class .\n",
    "a literal as a subject": '"x" a owl:Class .\n',
    "a misspelt class": COURT + TRIED.replace("kg:Case", "kg:Caze"),
    "a misspelt range": COURT + TRIED.replace("my:Court", "my:Cuort"),
    "a misspelt term of the program": COURT + "my:triedBy kg:functionalAllways kg:Case .\n",
    "a shipped class removed from use": "kg:List owl:deprecated true .\n",
    "another comment on a shipped term": 'kg:List rdfs:comment "mine" .\n',
    "another range of a shipped property": "kg:count schema:rangeIncludes kg:List .\n",
    "an entity": '<https://example.org/registry/id/person/ana-moor> rdfs:label "Ana" .\n',
    "a blank node": '[] a owl:Class ; rdfs:label "x" .\n',
    "a word that is taken": COURT.replace('skos:notation "court"', 'skos:notation "person"'),
    "a word with a blank": COURT.replace('skos:notation "court"', 'skos:notation "high court"'),
    "a table that is a path": COURT.replace('"courts"', '"../courts"'),
    "a table that is taken": COURT.replace('"courts"', '"people"'),
    "a word with control characters": COURT.replace('skos:notation "court"', 'skos:notation "c\\u001b[2J"'),
    "a quoted triple": "<< my:a my:b my:c >> rdfs:label 5 .\n",
    "no table": COURT.replace(' ; skos:altLabel "courts"', ""),
    "RDF/XML": '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>\n',
    "an entity of XML": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>\n',
    "JSON-LD": '{"@context": {"a": "https://example.org/"}, "a:b": 1}\n',
    "NUL": "my:x rdfs:label \x00 .\n",
}


def generate(chance: random.Random) -> Iterator[Case]:
    """What works, thirteen ordinary mistakes, other encodings, and nesting of any depth."""
    for name, text in RIGHT.items():
        yield _case(f"right: {name}", text, CLEAN, ())
    for name in chance.sample(sorted(WRONG), 13):
        yield _case(name, WRONG[name], FINDINGS, ("ontology/mine.ttl",))
    yield _case("UTF-16", (HEAD + COURT).encode("utf-16"), FINDINGS, ("ontology/mine.ttl", "UTF-8"))
    yield _case("bytes by chance", chance.randbytes(3000), FINDINGS, ("ontology/mine.ttl",))
    for opened in ("[ my:a ", "( ", "<< ", "<<( "):
        depth = chance.randint(200, 60_000)
        yield _case(
            f"{opened.strip()} nested {depth} deep", "my:x my:y " + opened * depth, FINDINGS, ("ontology/mine.ttl:",)
        )
    line = chance.randint(2, 200)
    yield _case(
        f"a mistake on line {line + HEAD.count(chr(10))}",
        "\n" * (line - 1) + "my:x a owl:Class\nmy:y a owl:Class .\n",
        FINDINGS,
        ("ontology/mine.ttl:",),
    )
    yield Case(
        "another ending", ("build",), (CLEAN,), files={"ontology/mine.rdf": WRONG["RDF/XML"], "ontology/notes.txt": "x"}
    )


def _case(name: str, text: str | bytes, code: int, says: tuple[str, ...]) -> Case:
    content = text if isinstance(text, bytes) or text.startswith(("<?", "<!", "{")) else HEAD + text
    return Case(name, ("check",), (code,), says, {"ontology/mine.ttl": content})

"""The ontology: its hygiene, asked in SPARQL, its reading order, and how the program reads it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.ontology import NS, XSD, Mode, load, read_written, written
from kg.shipped import shipped
from kg.workspace import Workspace, read

ROOT = Path(__file__).parent.parent
FILE = shipped("ontology") / "kg.ttl"
TEXT = FILE.read_text("utf-8")
SPECIAL = "https://w3id.org/kg-registry/ns"
MOST = 130
WORKSPACES = [ROOT, ROOT / "kg" / "template" / "workspace", *sorted((ROOT / "tests" / "worlds").glob("*/"))]

PREFIXES = "".join(f"PREFIX {line}\n" for line in re.findall(r"^@prefix (.+) \.$", TEXT, re.MULTILINE)) + (
    "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
)
PROPERTIES = "{ owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdf:Property }"
TERMS = PROPERTIES.replace("{", "{ owl:Class")
MINTED = f"VALUES ?kind {TERMS} ?term a ?kind . FILTER(STRSTARTS(STR(?term), '{NS}')) "
PROPERTY = MINTED.replace("owl:Class ", "")
MODES = "{ kg:functionalAlways kg:functionalAtOneTime kg:functionalInPeriod kg:functionalForOneDefendant }"
USED = "SELECT DISTINCT ?term WHERE { { ?s ?term ?o } UNION { ?s a ?term } UNION { ?s rdf:predicate ?term } }"


@cache
def ontology() -> ox.Store:
    """The ontology in a store."""
    store = ox.Store()
    store.load(FILE.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store


def ask(query: str, store: ox.Store | None = None) -> list[str]:
    """The first column of what a query finds, in short names; the hygiene queries look for what is wrong."""
    found = (store or ontology()).query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sorted({short(solution[0]) for solution in found})


def short(term: object) -> str:
    """A term by its short name, if a prefix is known for it."""
    text = str(getattr(term, "value", term))
    for prefix, namespace in re.findall(r"PREFIX (\w+:) +<([^>]+)>", PREFIXES):
        if text.startswith(namespace):
            return prefix + text.removeprefix(namespace)
    return text


HYGIENE = {
    "a term of kg: is used without a block": f"""
        SELECT DISTINCT ?term WHERE {{ {{ ?term ?p ?o }} UNION {{ ?s ?term ?o }} UNION {{ ?s ?p ?term }}
        FILTER(isIRI(?term) && STRSTARTS(STR(?term), '{NS}'))
        FILTER NOT EXISTS {{ ?term a ?type ; rdfs:label ?label }} }}""",
    "a term has no label": f"SELECT ?term WHERE {{ {MINTED} FILTER NOT EXISTS {{ ?term rdfs:label ?text }} }}",
    "a term has two labels": """
        SELECT ?term WHERE { ?term rdfs:label ?text } GROUP BY ?term HAVING (COUNT(?text) > 1)""",
    "a term has no definition": f"""
        SELECT ?term WHERE {{ {MINTED} FILTER NOT EXISTS {{ ?term skos:definition ?text }} }}""",
    "a term has no example": f"SELECT ?term WHERE {{ {MINTED} FILTER NOT EXISTS {{ ?term skos:example ?text }} }}",
    "a concept has no definition": """
        SELECT ?term WHERE { ?term a skos:Concept FILTER NOT EXISTS { ?term skos:definition ?text } }""",
    "a concept is in no scheme": """
        SELECT ?term WHERE { ?term a skos:Concept FILTER NOT EXISTS { ?term skos:inScheme/a skos:ConceptScheme } }""",
    "a definition is no sentence": r"""
        SELECT ?text WHERE { ?term skos:definition ?text FILTER(!REGEX(STR(?text), "^\\p{Lu}.*[^.]\\.$")) }""",
    "a definition is more than one sentence": r"""
        SELECT ?text WHERE { ?term skos:definition ?text FILTER(REGEX(STR(?text), "[.!?] \\p{Lu}")) }""",
    "an example is empty": "SELECT ?term WHERE { ?term skos:example ?text FILTER(STRLEN(STR(?text)) = 0) }",
    "a text has no language": """
        SELECT ?term WHERE { ?term rdfs:label|skos:definition|skos:example ?text FILTER(LANG(?text) != "en") }""",
    "a class has no parent elsewhere": f"""
        SELECT ?term WHERE {{ {MINTED} FILTER(?kind = owl:Class) FILTER NOT EXISTS {{
        ?term rdfs:subClassOf+ ?parent FILTER(!STRSTARTS(STR(?parent), '{NS}')) }} }}""",
    "a property has no parent elsewhere": f"""
        SELECT ?term WHERE {{ {PROPERTY} FILTER NOT EXISTS {{
        ?term rdfs:subPropertyOf+ ?parent FILTER(!STRSTARTS(STR(?parent), '{NS}')) }} }}""",
    "a property is said of no class": f"""
        SELECT ?term WHERE {{ VALUES ?kind {PROPERTIES}
        ?term a ?kind FILTER NOT EXISTS {{ ?term schema:domainIncludes ?class }} }}""",
    "a property has no values": f"""
        SELECT ?term WHERE {{ VALUES ?kind {PROPERTIES}
        ?term a ?kind FILTER NOT EXISTS {{ ?term schema:rangeIncludes ?class }} }}""",
    "an object property has a datatype": f"""
        SELECT ?term WHERE {{ ?term a owl:ObjectProperty ; schema:rangeIncludes ?type ; skos:notation ?word
        FILTER(STRSTARTS(STR(?type), '{XSD}') || ?type = edtf:edtf) FILTER(?term != owl:sameAs) }}""",
    "a datatype property has a class": f"""
        SELECT ?term WHERE {{ ?term a owl:DatatypeProperty ; schema:rangeIncludes ?type
        FILTER(!STRSTARTS(STR(?type), '{XSD}') && ?type != edtf:edtf) }}""",
    "two labels are alike": f"""
        SELECT ?term WHERE {{ VALUES ?kind {TERMS} VALUES ?like {TERMS}
        ?term a ?kind ; rdfs:label ?one . ?other a ?like ; rdfs:label ?two
        FILTER(?term != ?other && LCASE(STR(?one)) = LCASE(STR(?two))) }}""",
    "two kinds, two properties or two concepts share a word": """
        SELECT ?word WHERE { ?one skos:notation ?word . ?other skos:notation ?word FILTER(?one != ?other)
        BIND(IF(EXISTS { ?one a skos:Concept }, 1, IF(EXISTS { ?one a owl:Class }, 2, 3)) AS ?first)
        BIND(IF(EXISTS { ?other a skos:Concept }, 1, IF(EXISTS { ?other a owl:Class }, 2, 3)) AS ?second)
        FILTER(?first = ?second) }""",
    "two kinds share a table": """
        SELECT ?table WHERE { ?one a owl:Class ; skos:altLabel ?table . ?other a owl:Class ; skos:altLabel ?table
        FILTER(?one != ?other) }""",
    "a property is a column of a class of which it is not said": """
        SELECT ?term WHERE { ?term kg:identifies ?class FILTER NOT EXISTS { ?term schema:domainIncludes ?class } }""",
    "a property is functional for a class of which it is not said": f"""
        SELECT ?term WHERE {{ VALUES ?mode {MODES}
        ?term ?mode ?class FILTER NOT EXISTS {{ ?term schema:domainIncludes ?class }}
        FILTER NOT EXISTS {{ ?term schema:domainIncludes kg:Tally . kg:within schema:rangeIncludes ?class }} }}""",
    "a property is functional in two ways for one class": f"""
        SELECT ?term WHERE {{ VALUES ?one {MODES} VALUES ?two {MODES}
        ?term ?one ?class ; ?two ?class FILTER(?one != ?two) }}""",
    "an order is told of what is no date": """
        SELECT ?term WHERE { ?term kg:notBefore ?earlier
        FILTER NOT EXISTS { ?term schema:rangeIncludes edtf:edtf . ?earlier schema:rangeIncludes edtf:edtf } }""",
    "a mode that the program does not know": f"""
        SELECT ?term WHERE {{ ?term a ?kind FILTER(STRSTARTS(STR(?term), '{NS}functional'))
        FILTER(STRAFTER(STR(?term), '{NS}') NOT IN ({", ".join(f"'{mode.value}'" for mode in Mode)})) }}""",
    "a node has no name": "SELECT ?s WHERE { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }",
}


@pytest.mark.parametrize("fault", HYGIENE)
def test_the_ontology_is_clean(fault: str) -> None:
    """No term of the ontology has the fault that the query looks for."""
    assert ask(HYGIENE[fault]) == []


def test_the_queries_find_faults() -> None:
    """Each query of the hygiene finds its fault where there is one, so that none passes because it asks nothing."""
    store = ox.Store()
    store.load((PREFIXES.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + BROKEN).encode(), ox.RdfFormat.TURTLE)
    silent = [fault for fault, query in HYGIENE.items() if not ask(query, store)]
    assert silent == []


BROKEN = """
kg:Ship a owl:Class ; rdfs:label "ship"@en ; skos:notation "ship" ; skos:altLabel "ships"@en .
kg:Boat a owl:Class ; rdfs:label "Ship"@en ; skos:notation "ship" ; skos:altLabel "ships"@en ; kg:unknown [] .
kg:sails a owl:ObjectProperty ; rdfs:label "sails" , "goes"@en ; skos:notation "sails" ; skos:definition "goes" ;
    skos:example ""@en ; schema:rangeIncludes xsd:string .
kg:sank a owl:DatatypeProperty ; skos:definition "It sank. It was lost."@en ; schema:domainIncludes kg:Ship ;
    schema:rangeIncludes kg:Ship ; kg:identifies kg:Boat ; kg:functionalAlways kg:Boat ; kg:functionalInPeriod kg:Boat ;
    kg:notBefore kg:sails .
kg:late a skos:Concept .
kg:functionalSometimes a rdf:Property .
"""


def test_no_more_terms_are_minted_than_agreed() -> None:
    """There are at most 130 classes and properties of our own."""
    assert 0 < len(ask(f"SELECT DISTINCT ?term WHERE {{ {MINTED} }}")) <= MOST


# ── Reading order ──


def sections() -> dict[str, list[str]]:
    """The terms of each section, as the file tells them from top to bottom."""
    parts = re.split(r"^# ── (.+?) ─+$", TEXT, flags=re.MULTILINE)[1:]
    return {
        title: re.findall(r"^([a-z]+:[\w-]+) a ", body, re.MULTILINE)
        for title, body in zip(parts[::2], parts[1::2], strict=True)
    }


def test_sections_stand_in_the_order_that_the_head_promises() -> None:
    """First the claim, then things, what is said of them, what is derived, and the ontology's own words."""
    assert list(sections()) == [
        "The claim",
        "The things claims are about",
        "What is said of lists and tallies",
        "What is said of people and organizations",
        "What is said of cases and laws",
        "What is said of sources",
        "What the program derives",
        "Words the ontology uses of itself",
    ]


def test_each_term_has_one_block() -> None:
    """No term is told twice, and what is told of a term stands in its block."""
    blocks = re.findall(r"^([a-z]+:[\w-]+) a ", TEXT, re.MULTILINE)
    assert sorted(blocks) == sorted(set(blocks))
    subjects = set(ask("SELECT DISTINCT ?term WHERE { ?term ?p ?o }"))
    assert set(blocks) == subjects - {SPECIAL}


def test_a_term_comes_after_its_parent() -> None:
    """A class or property that is a special case of another of ours stands behind it."""
    order = [term for terms in sections().values() for term in terms]
    pairs = ontology().query(PREFIXES + "SELECT ?one ?more { ?one rdfs:subClassOf|rdfs:subPropertyOf ?more }")
    assert isinstance(pairs, ox.QuerySolutions)
    known = [(short(one), short(more)) for one, more in pairs if short(more).startswith("kg:")]
    assert ("kg:newName", "kg:names") in known
    assert [pair for pair in known if order.index(pair[0]) < order.index(pair[1])] == []


@pytest.mark.parametrize(
    ("section", "classes"),
    [
        ("What is said of lists and tallies", {"kg:List", "kg:Tally"}),
        ("What is said of people and organizations", {"foaf:Person", "org:Organization"}),
        ("What is said of cases and laws", {"kg:Case", "eli:LegalResource"}),
        ("What is said of sources", {"kg:Source"}),
        ("Words the ontology uses of itself", {"rdf:Property", "rdfs:Resource"}),
    ],
)
def test_a_property_stands_under_what_it_is_said_of(section: str, classes: set[str]) -> None:
    """The properties of a section are said of the things that its heading names."""
    for term in sections()[section]:
        said_of = set(ask(f"SELECT ?class WHERE {{ {term} schema:domainIncludes ?class }}"))
        assert said_of & classes, term


def test_classes_are_told_before_what_is_said_of_them() -> None:
    """Every class that has a table is told among the first two sections."""
    early = {term for title in list(sections())[:2] for term in sections()[title]}
    assert {short(kind.iri) for kind in load().kinds.values()} <= early


def test_lines_of_comment_are_short() -> None:
    """The comments keep to the width of the page."""
    assert [line for line in TEXT.splitlines() if line.startswith("#") and len(line) > 120] == []


# ── Use ──


@cache
def graphs() -> ox.Store:
    """The graphs of the project's own registry, of the example and of all worlds, without the ontology."""
    store = ox.Store()
    for root in WORKSPACES:
        if (root / "data").is_dir():
            quads = ox.parse(read(Workspace(root)).dataset.nquads(), format=ox.RdfFormat.N_QUADS)
            store.extend(quad for quad in quads if not str(quad.graph_name).endswith("graph/ontology>"))
    return store


def words() -> Iterator[str]:
    """The words of properties and columns in every table that lies in the project."""
    for root in (ROOT / "data", ROOT / "kg" / "template", ROOT / "tests"):
        for path in root.rglob("*.csv"):
            if path.parent.name not in ("data", "claims"):
                continue
            with path.open(encoding="utf-8", errors="replace", newline="") as file:
                rows = csv.DictReader(line.replace("\0", "") for line in file)
                yield from (row.get("property") or "" for row in rows)
                yield from rows.fieldnames or ()


def test_every_minted_term_is_used() -> None:
    """Each class and property of our own is used by a table, a graph, a shape, a question or the program."""
    minted = set(ask(f"SELECT DISTINCT ?term WHERE {{ {MINTED} }}"))
    used = set(ask(USED, graphs()))
    properties = load().properties
    used |= {short(properties[word].iri) for word in words() if word in properties}
    files = [*shipped("shapes").rglob("shape.ttl"), *(ROOT / "kg").rglob("*.rq"), *(ROOT / "kg").rglob("*.py")]
    program = "\n".join(path.read_text("utf-8") for path in files)
    ours = set(re.findall(r'NS \+ "(\w+)"', program)) | {mode.value for mode in Mode}
    used |= {f"kg:{name}" for name in ours}
    used |= set(re.findall(r"kg:\w+", "\n".join(path.read_text("utf-8") for path in files if path.suffix != ".py")))
    assert sorted(minted - used) == []


def test_graphs_use_only_terms_that_have_a_block() -> None:
    """Every property and class in a graph is told in the ontology.

    Only rdf:type is not, and owl:Thing: an entity that goes on under another id is of no kind (shapes/decision).
    """
    used = ask(USED, graphs())
    told = ask("SELECT DISTINCT ?term WHERE { ?term rdfs:label ?any ; schema:domainIncludes|skos:definition ?more }")
    assert len(used) > 40
    assert set(used) - set(told) == {"rdf:type", "owl:Thing"}


def test_literals_in_graphs_are_of_the_types_that_the_ontology_gives() -> None:
    """A literal has one of the datatypes of its property's range; whole numbers are decimals, dates may be partial."""
    dates = {f"xsd:{name}" for name in ("gYear", "gYearMonth", "date")} | {"edtf:edtf"}
    numbers = {"xsd:integer", "xsd:decimal", "kg:NumberRange"}
    literals = "SELECT DISTINCT ?p ?type { ?s ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?type) }"
    pairs = graphs().query(PREFIXES + literals, use_default_graph_as_union=True)
    assert isinstance(pairs, ox.QuerySolutions)
    for term, datatype in pairs:
        ranges = set(ask(f"SELECT ?type WHERE {{ {term} schema:rangeIncludes ?type }}"))
        ranges |= dates if "edtf:edtf" in ranges else set()
        ranges |= numbers if ranges & numbers else set()
        assert short(datatype) in ranges or short(term) == "rdf:object", (short(term), short(datatype))


@pytest.mark.parametrize("folder", ["shapes", "kg"])
def test_shapes_and_questions_name_terms_that_exist(folder: str) -> None:
    """A shape or a question that names a term wrongly would silently find nothing."""
    told = set(ask("SELECT DISTINCT ?term WHERE { ?term rdfs:label ?any }"))
    for path in [*(ROOT / folder).rglob("*.rq"), *(ROOT / folder).rglob("shape.ttl")]:
        lines = (line.partition("#  ")[0] for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
        assert set(re.findall(r"\bkg:[\w-]+", "\n".join(lines))) <= told, path


# ── Reading ──


def test_kinds_have_words_and_tables() -> None:
    """Each kind has the word that ids begin with and the table that holds its entities."""
    kinds = load().kinds
    assert {word: kind.table for word, kind in kinds.items()}["person"] == "people"
    assert set(kinds) == {*("person", "organization", "voice", "case", "list", "group", "place", "law", "source")}


def test_a_column_is_no_claim() -> None:
    """A property that identifies all its subjects is a column of their table; one that does so of some is both."""
    ontology = load()
    assert "series" not in ontology.claim_words
    assert "series" in ontology.columns(ontology.kinds["list"])
    assert "publisher" in ontology.claim_words
    assert "publisher" in ontology.columns(ontology.kinds["source"])


def test_a_property_takes_entities_or_literals() -> None:
    """No property a claim may use takes both, for a cell would be one or the other by chance."""
    properties = load().properties
    assert [word for word in load().claim_words if properties[word].literals and properties[word].classes] == []


def test_the_schemes_have_their_words_in_order() -> None:
    """Stances and precisions are what the ontology says they are."""
    assert load().scheme("stances") == ("asserts", "denies", "cannot-verify")
    assert load().scheme("precisions") == ("exact", "about", "at-least", "more-than", "at-most", "less-than")
    assert load().scheme("nothing") == ()


def test_the_ontology_of_a_build_is_the_one_that_was_written() -> None:
    """What a build holds of the ontology is the same terms in the same order, with the same prefixes."""
    again = read_written(written(load()))
    assert again == load()
    assert list(again.properties) == list(load().properties)

"""The ontology as the program uses it: kinds of entities, properties, and the words the tables use for them.

Everything is read from Turtle: the shipped `ontology/kg.ttl`, and behind it what a workspace adds (`kg.extension`), so
a new property is a block there and nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import pyoxigraph as ox

from kg.errors import KgError
from kg.shipped import shipped

NS = "https://w3id.org/kg-registry/ns#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf"

LITERAL_RANGES = {
    XSD + "integer": "integer",
    XSD + "decimal": "decimal",
    XSD + "duration": "duration",
    XSD + "boolean": "boolean",
    XSD + "anyURI": "address",
    EDTF: "date",
    XSD + "string": "string",
}


class Mode(Enum):
    """When two different values of a property exclude each other (`kg:functional…`)."""

    ALWAYS = "functionalAlways"
    AT_ONE_TIME = "functionalAtOneTime"
    IN_PERIOD = "functionalInPeriod"
    ONE_DEFENDANT = "functionalForOneDefendant"


@dataclass(frozen=True)
class Kind:
    """A kind of entity that has a table of its own: the word before the slash of an id, its class and its table."""

    word: str
    iri: str
    label: str
    table: str


@dataclass(frozen=True)
class Property:
    """A property the tables can name, with what may be its subject and its value.

    `domain` and `classes` are class IRIs; `literals` are the kinds of literal it takes, in the order in which a cell
    is tried; `identifies` are the classes in whose tables it is a column; `modes` maps classes to functional modes.
    """

    word: str
    iri: str
    label: str
    definition: str
    domain: frozenset[str]
    classes: frozenset[str]
    literals: tuple[str, ...]
    identifies: frozenset[str]
    modes: Mapping[str, Mode]

    @property
    def claimable(self) -> bool:
        """Whether claims may use it: whether any class it is said of has it other than as a column."""
        return bool(self.domain - self.identifies)


@dataclass(frozen=True)
class Ontology:
    """The terms of the ontology by the words the tables use, with the triples they were read from, in their order.

    >>> words = load().properties
    >>> words["issued"].iri, [mode.name for mode in words["issued"].modes.values()]
    ('http://purl.org/dc/terms/issued', ['ALWAYS'])
    """

    kinds: Mapping[str, Kind]
    properties: Mapping[str, Property]
    concepts: Mapping[str, str]
    tolerances: Mapping[str, str]
    not_before: tuple[tuple[str, str], ...]
    prefixes: Mapping[str, str]
    triples: tuple[ox.Triple, ...]

    @cached_property
    def claim_words(self) -> frozenset[str]:
        """The words a claim may have in its property column."""
        return frozenset(word for word, term in self.properties.items() if term.claimable)

    def scheme(self, name: str) -> tuple[str, ...]:
        """The words of one scheme of concepts, in the order in which the ontology tells them.

        >>> load().scheme("stances")
        ('asserts', 'denies', 'cannot-verify')
        """
        inside = ox.NamedNode(SKOS + "inScheme"), ox.NamedNode(NS + name)
        members = {each.subject for each in self.triples if (each.predicate, each.object) == inside}
        return tuple(word for word, iri in self.concepts.items() if ox.NamedNode(iri) in members)

    def columns(self, kind: Kind) -> dict[str, Property]:
        """The columns that the table of a kind may have besides `id`, by their words."""
        return {word: term for word, term in self.properties.items() if kind.iri in term.identifies}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The word for each property IRI; of several words the first in the alphabet."""
        return {term.iri: term.word for term in self.properties.values()}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The label of each term by its IRI: its first, for a workspace may add others to a shipped term."""
        found: dict[str, str] = {}
        for triple in self.triples:
            if triple.predicate.value == RDFS + "label":
                found.setdefault(_text(triple.subject), _text(triple.object))
        return found


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The IRI of a node or the text of a literal."""
    return str(term) if isinstance(term, ox.Triple) else term.value


class _Terms:
    """The triples of the ontology, to be asked by subject and predicate."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.by_subject: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self.by_subject[_text(triple.subject)][triple.predicate.value].append(_text(triple.object))

    def all(self, iri: str, predicate: str) -> list[str]:
        """All values, in file order."""
        return self.by_subject[iri][predicate]

    def one(self, iri: str, predicate: str) -> str:
        """The first value, or nothing."""
        return next(iter(self.all(iri, predicate)), "")


def load() -> Ontology:
    """The ontology that ships with the program."""
    triples: list[ox.Triple] = []
    prefixes: dict[str, str] = {}
    for file in sorted(shipped("ontology").glob("*.ttl")):
        reader = ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE)
        triples += [quad.triple for quad in reader]
        prefixes |= reader.prefixes
    return assemble(tuple(dict.fromkeys(triples)), prefixes)


def written(ontology: Ontology) -> bytes:
    """The ontology as Turtle, in its order, from which `read_written` makes it again."""
    return ox.serialize(ontology.triples, format=ox.RdfFormat.TURTLE, prefixes=dict(ontology.prefixes)) or b""


def read_written(data: bytes) -> Ontology:
    """The ontology that `written` wrote into a build.

    >>> read_written(written(load())).properties == load().properties
    True
    """
    reader = ox.parse(data, format=ox.RdfFormat.TURTLE)
    triples = tuple(quad.triple for quad in reader)
    return assemble(triples, dict(reader.prefixes))


def assemble(triples: tuple[ox.Triple, ...], prefixes: dict[str, str]) -> Ontology:
    """The ontology that triples make. Raises KgError for a term that cannot be used as it is described."""
    terms = _Terms(triples)
    kinds: dict[str, Kind] = {}
    properties: dict[str, Property] = {}
    concepts: dict[str, str] = {}
    tolerances: dict[str, str] = {}
    for iri in list(terms.by_subject):
        words = sorted(terms.all(iri, SKOS + "notation"))
        if not words:
            continue
        types = terms.all(iri, RDF + "type")
        if SKOS + "Concept" in types:
            concepts[words[0]] = iri
            if tolerance := terms.one(iri, RDF + "value"):
                tolerances[words[0]] = tolerance
        elif any(each.endswith("#Class") for each in types):
            kinds[words[0]] = _kind(terms, iri, words[0])
        else:
            term = _property(terms, iri, words[0])
            for word in words:
                if word in properties:
                    raise KgError(f"{properties[word].iri} and {iri} share the word “{word}”", "give one another word")
                properties[word] = term
    rules = tuple((iri, earlier) for iri in list(terms.by_subject) for earlier in terms.all(iri, NS + "notBefore"))
    return Ontology(kinds, properties, concepts, tolerances, rules, prefixes, triples)


def _kind(terms: _Terms, iri: str, word: str) -> Kind:
    table = terms.one(iri, SKOS + "altLabel")
    if not table:
        raise KgError(f"the class {iri} has no table", "add skos:altLabel with the plural of its word")
    return Kind(word, iri, terms.one(iri, RDFS + "label"), table)


def _property(terms: _Terms, iri: str, word: str) -> Property:
    ranges = terms.all(iri, SCHEMA + "rangeIncludes")
    unread = [each for each in ranges if each.startswith(XSD) and each not in LITERAL_RANGES]
    if unread or not ranges:
        what = f"a value that no cell can hold: {unread[0]}" if unread else "no kind of value"
        fix = "give schema:rangeIncludes a class, edtf:edtf, or xsd:integer, decimal, duration, boolean, anyURI, string"
        raise KgError(f"the property “{word}” has {what}", fix)
    found = {LITERAL_RANGES[each] for each in ranges if each in LITERAL_RANGES}
    classes = frozenset(each for each in ranges if each not in LITERAL_RANGES)
    if classes and OWL + "DatatypeProperty" in terms.all(iri, RDF + "type"):
        # Networks pass over what is told with one, for OWL has no things among its values.
        what = f"the property “{word}” has things as its values, but is an owl:DatatypeProperty"
        raise KgError(what, "make it an owl:ObjectProperty, or give it no class as schema:rangeIncludes")
    return Property(
        word=word,
        iri=iri,
        label=terms.one(iri, RDFS + "label"),
        definition=terms.one(iri, SKOS + "definition"),
        domain=frozenset(terms.all(iri, SCHEMA + "domainIncludes")),
        classes=classes,
        literals=tuple(each for each in LITERAL_RANGES.values() if each in found),
        identifies=frozenset(terms.all(iri, NS + "identifies")),
        modes={cls: mode for mode in Mode for cls in terms.all(iri, NS + mode.value)},
    )

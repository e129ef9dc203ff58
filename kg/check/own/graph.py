"""The triples of own shapes, to be looked through by subject, each with its line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.guard.rdf import Parsed
from kg.ontology import NS, RDF, RDFS, SKOS

SH = "http://www.w3.org/ns/shacl#"
FIRST, REST, NIL = RDF + "first", RDF + "rest", RDF + "nil"
BLANK = "urn:kg:blank:"
_SHORT = {SH: "sh:", NS: "kg:", RDF: "rdf:", RDFS: "rdfs:", SKOS: "skos:"}


@dataclass(frozen=True)
class Fact:
    """A triple with its file and line; blank nodes are called by IRIs that begin with `BLANK`."""

    subject: str
    predicate: str
    value: str
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    file: str
    line: int

    @property
    def literal(self) -> bool:
        """Whether the value is a literal."""
        return isinstance(self.term, ox.Literal)


@dataclass(frozen=True)
class Fault:
    """What is wrong in an own file of shapes: its severity, place, what it is, and how to correct it."""

    code: str
    severity: str
    file: str
    line: int
    message: str
    fix: str


def name_of(term: object) -> str:
    """The IRI of a node, `BLANK` and the label of a blank one, or the text of a literal."""
    if isinstance(term, ox.BlankNode):
        return BLANK + term.value
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


class Graph:
    """The facts of some files, by subject."""

    def __init__(self, files: Iterable[Parsed]) -> None:
        self.facts = [
            Fact(name_of(t.subject), t.predicate.value, name_of(t.object), t.object, each.name, line)
            for each in files
            for t, line in zip(each.triples, each.lines, strict=True)
        ]
        self.prefixes = {prefix: iri for each in files for prefix, iri in each.prefixes.items()}
        self.about: Mapping[str, list[Fact]] = defaultdict(list)
        self._by: Mapping[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            self.about[fact.subject].append(fact)
            self._by[fact.subject, fact.predicate].append(fact)

    def values(self, subject: str, predicate: str) -> list[Fact]:
        """The facts of a subject with a predicate."""
        return self._by.get((subject, predicate), [])

    def text(self, subject: str, name: str) -> str:
        """The first value of a term of SHACL; empty if there is none."""
        return next((fact.value for fact in self.values(subject, SH + name)), "")

    def members(self, head: str) -> Iterator[Fact]:
        """The facts that hold the members of a list; a list that leads back to itself ends there."""
        seen = set()
        while head != NIL and head not in seen:
            seen.add(head)
            yield from self.values(head, FIRST)[:1]
            head = next((fact.value for fact in self.values(head, REST)), NIL)

    def is_list(self, head: str) -> bool:
        """Whether a node begins a list that ends."""
        seen = set()
        while head != NIL:
            rest = self.values(head, REST)
            if head in seen or len(rest) != 1 or len(self.values(head, FIRST)) != 1:
                return False
            seen.add(head)
            head = rest[0].value
        return True

    def short(self, iri: str) -> str:
        """A term as a file of shapes writes it."""
        if iri.startswith("urn:kg:"):
            return "a node without a name"
        known = {**{namespace: f"{prefix}:" for prefix, namespace in self.prefixes.items()}, **_SHORT}
        for namespace, prefix in sorted(known.items(), key=lambda pair: -len(pair[0])):
            if namespace and iri.startswith(namespace):
                return prefix + iri.removeprefix(namespace)
        return f"<{iri}>"

    def shape_around(self, subject: str) -> str:
        """The shape with a name that is, or holds, a node."""
        holders = {fact.value: fact.subject for fact in self.facts if not fact.literal}
        seen = set()
        while subject.startswith(BLANK) and subject in holders and subject not in seen:
            seen.add(subject)
            subject = holders[subject]
        return subject

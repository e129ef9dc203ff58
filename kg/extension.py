"""What a workspace adds to the ontology: its own files, read in the guarded worker, and what is wrong in them.

Own files describe own terms. Of a shipped term they may say three things: another label, and that it is said of, or
leads to, a class of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.errors import Finding, Place, Severity, did_you_mean
from kg.guard import Guard
from kg.guard.rdf import Parsed, parse_files
from kg.ontology import (
    LITERAL_RANGES,
    NS,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    XSD,
    Mode,
    Ontology,
    assemble,
    load,
)
from kg.values import shown

LABELS = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")
# What every entity has a column for, whatever its class.
COMMON = (RDFS + "label", SKOS + "hiddenLabel", OWL + "sameAs")
_DOMAIN, _RANGE, _IDENTIFIES = SCHEMA + "domainIncludes", SCHEMA + "rangeIncludes", NS + "identifies"
_MODES = tuple(NS + mode.value for mode in Mode)
_KIND, _WORD, _TABLE = re.compile(r"[a-z]+"), re.compile(r"[a-z][A-Za-z0-9_]*"), re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = frozenset(
    {"id", "claim", "tally", "evidence", "selector", "contradiction", "ledger", "implied", "decision", "graph"}
)
_TABLES = frozenset({"claims", "decisions"})
_PROPERTIES = frozenset(
    {RDF + "Property", OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty"}
)


@dataclass(frozen=True)
class Statement:
    """A triple of an own file with its place."""

    triple: ox.Triple
    place: Place

    @property
    def subject(self) -> str:
        """The IRI of the subject, the label of a blank node."""
        return self.triple.subject.value if not isinstance(self.triple.subject, ox.Triple) else str(self.triple.subject)

    @property
    def predicate(self) -> str:
        """The IRI of the predicate."""
        return self.triple.predicate.value

    @property
    def value(self) -> str:
        """The IRI or the text of the object."""
        term = self.triple.object
        return str(term) if isinstance(term, ox.Triple) else term.value


def statements(parsed: Iterable[Parsed]) -> list[Statement]:
    """The triples of files with their places, in their order."""
    return [
        Statement(triple, Place(each.name, line))
        for each in parsed
        for triple, line in zip(each.triples, each.lines, strict=True)
    ]


def syntax_findings(parsed: Iterable[Parsed]) -> list[Finding]:
    """A finding for each file that cannot be parsed."""
    return [
        Finding("bad-rdf", Severity.VIOLATION, Place(each.name, each.fault.line), each.fault.message, each.fault.fix)
        for each in parsed
        if each.fault
    ]


def extended(files: Iterable[tuple[str, bytes]], base: str, guard: Guard) -> tuple[Ontology, list[Finding]]:
    """The shipped ontology with the terms of own files, by their names and contents, and what is wrong with these.

    Where anything is wrong, the ontology is the shipped one alone. `base` is what IRIs of entities begin with.
    """
    shipped, files = load(), list(files)
    if not files:
        return shipped, []
    parsed = parse_files(files, guard)
    own = statements(parsed)
    findings = [*syntax_findings(parsed), *_Review(shipped, own, base, _prefixes(parsed, shipped)).findings()]
    if any(finding.severity is Severity.VIOLATION for finding in findings):
        return shipped, findings
    triples = [*shipped.triples, *(each.triple for each in own), *_columns(own)]
    return assemble(tuple(dict.fromkeys(triples)), _prefixes(parsed, shipped)), findings


def _prefixes(parsed: Iterable[Parsed], shipped: Ontology) -> dict[str, str]:
    """The prefixes of files and program; one of the program keeps its meaning, for named questions use it."""
    own = {prefix: namespace for each in parsed for prefix, namespace in each.prefixes.items()}
    return {**own, **shipped.prefixes}


def _columns(own: Iterable[Statement]) -> Iterator[ox.Triple]:
    """What gives an own class with a table the columns that every table has."""
    classes = dict.fromkeys(each.subject for each in own if _makes_class(each))
    named = {each.subject for each in own if each.predicate == SKOS + "notation"}
    for iri in classes:
        if iri in named:
            for term in COMMON:
                for predicate in (_DOMAIN, _IDENTIFIES, *((_RANGE,) if term == OWL + "sameAs" else ())):
                    yield ox.Triple(ox.NamedNode(term), ox.NamedNode(predicate), ox.NamedNode(iri))


def _makes_class(each: Statement) -> bool:
    return each.predicate == RDF + "type" and each.value.endswith("#Class")


class _Review:
    """Looks at the statements of own files beside the shipped ontology."""

    def __init__(self, shipped: Ontology, own: list[Statement], base: str, prefixes: Mapping[str, str]) -> None:
        self.shipped = shipped
        self.prefixes = prefixes
        self.own = own
        self.base = base
        self.hints = 0
        self.about: dict[str, list[Statement]] = defaultdict(list)
        for each in own:
            self.about[each.subject].append(each)

    @cached_property
    def terms(self) -> frozenset[str]:
        """The IRIs of the shipped terms."""
        return frozenset(t.subject.value for t in self.shipped.triples if isinstance(t.subject, ox.NamedNode))

    @cached_property
    def kept(self) -> frozenset[str]:
        """The IRIs of the program's own terms, whose namespace it keeps."""
        return frozenset(term for term in self.terms if term.startswith(NS))

    @cached_property
    def own_classes(self) -> frozenset[str]:
        return frozenset(each.subject for each in self.own if _makes_class(each)) - self.terms

    @cached_property
    def classes(self) -> frozenset[str]:
        made = {
            t.subject.value
            for t in self.shipped.triples
            if isinstance(t.subject, ox.NamedNode)
            and t.predicate.value == RDF + "type"
            and isinstance(t.object, ox.NamedNode)
            and t.object.value.endswith("#Class")
        }
        return frozenset(made) | self.own_classes

    @cached_property
    def subjects(self) -> Mapping[tuple[str, str], Mapping[str, None]]:
        """The subjects of which something is said, by predicate and value."""
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for each in self.own:
            found[each.predicate, each.value][each.subject] = None
        return found

    def findings(self) -> list[Finding]:
        """All that is wrong, by file and line."""
        found = [finding for each in self.own for finding in self._statement(each)]
        for iri, about in self.about.items():
            if iri not in self.terms:
                found += self._term(iri, about)
        return sorted(dict.fromkeys(found), key=Finding.order)

    # ── one statement ──

    def _statement(self, each: Statement) -> Iterator[Finding]:
        if not isinstance(each.triple.subject, ox.NamedNode) or isinstance(
            each.triple.object, ox.BlankNode | ox.Triple
        ):
            yield _wrong(each, "the ontology has a node without a name", "give every node a name, an IRI")
        elif each.subject.startswith(self.base):
            what = f"{self.short(each.subject)} is an entity or a record of the registry, not a term"
            yield _wrong(each, what, "describe entities in the tables of data/")
        elif each.subject in self.terms and not self._may_add(each):
            yield _wrong(
                each, f"this changes {self.short(each.subject)}, which ships with the program", _ADD, "shipped-term"
            )
        elif each.predicate == SKOS + "inScheme" and each.value in self.terms:
            what = f"this adds to {self.short(each.value)}, which ships with the program"
            yield _wrong(each, what, "make a scheme of your own", "shipped-term")
        elif each.predicate.startswith(NS) and each.predicate not in self.terms:
            hint = self.near(each.predicate, self.kept) or "use a property that the ontology has"
            yield _wrong(each, f"there is no {self.short(each.predicate)}", hint)
        elif each.predicate in (_DOMAIN, _RANGE, _IDENTIFIES, *_MODES) and not self._is_range(each):
            hint = self.near(each.value, self.classes) or "describe the class in the ontology, or use another"
            yield _wrong(each, f"there is no class {self.short(each.value)}", hint)

    def _may_add(self, each: Statement) -> bool:
        if each.predicate in LABELS:
            return isinstance(each.triple.object, ox.Literal)
        return each.predicate in (_DOMAIN, _RANGE) and each.value in self.own_classes

    def _is_range(self, each: Statement) -> bool:
        """Whether the object is a class; of a range, also a datatype that cells can hold."""
        literal = each.predicate == _RANGE and (each.value in LITERAL_RANGES or each.value.startswith(XSD))
        return isinstance(each.triple.object, ox.NamedNode) and (each.value in self.classes or literal)

    # ── one term ──

    def _term(self, iri: str, about: list[Statement]) -> Iterator[Finding]:
        if iri in self.own_classes:
            yield from self._class(iri, about)
        elif not any(each.predicate == RDF + "type" and each.value not in _PROPERTIES for each in about):
            yield from self._property(iri, about)

    def _class(self, iri: str, about: list[Statement]) -> Iterator[Finding]:
        first, name = about[0], self.short(iri)
        words = [each for each in about if each.predicate == SKOS + "notation"]
        if not words:
            fix = 'add skos:notation "court", say, and skos:altLabel "courts" for its table data/courts.csv'
            yield _wrong(
                first, f"no id and no table can name the class {name}, for it has no skos:notation", fix, level=_LOW
            )
            return
        for each in words:
            yield from self._taken(
                each, _KIND, {kind.word for kind in self.shipped.kinds.values()}, "small letters a-z"
            )
        plurals = [each for each in about if each.predicate == SKOS + "altLabel"]
        if not plurals:
            fix = f'add skos:altLabel "{words[0].value}s", say, for its table data/{words[0].value}s.csv'
            yield _wrong(first, f"the class {name} has no table, for it has no skos:altLabel", fix)
        for each in plurals[:1]:
            tables = {kind.table for kind in self.shipped.kinds.values()} | _TABLES
            yield from self._taken(each, _TABLE, tables, "small letters a-z, digits and hyphens")
        if not any(each.predicate == RDFS + "label" for each in about):
            yield _wrong(first, f"the class {name} has no rdfs:label", "add rdfs:label, as screens call it", level=_LOW)

    def _property(self, iri: str, about: list[Statement]) -> Iterator[Finding]:
        first, name = about[0], self.short(iri)
        values: Mapping[str, list[Statement]] = _by_predicate(about)
        for each in values.get(SKOS + "notation", ()):
            yield from self._taken(
                each, _WORD, set(self.shipped.properties), "letters and digits, a small letter first"
            )
        if SKOS + "notation" not in values:
            fix = 'add skos:notation "cells", say'
            yield _wrong(first, f"no table can use the property {name}, for it has no skos:notation", fix, level=_LOW)
            return
        if _DOMAIN not in values:
            fix = "add schema:domainIncludes with the classes of which it is said"
            yield _wrong(first, f"the property {name} is said of nothing, for it has no schema:domainIncludes", fix)
        ranges = values.get(_RANGE, [])
        unread = [each for each in ranges if each.value.startswith(XSD) and each.value not in LITERAL_RANGES]
        for each in unread:
            yield _wrong(each, f"no cell can hold a value of {self.short(each.value)}", _RANGES)
        if not ranges:
            yield _wrong(
                first, f"the property {name} has no kind of value, for it has no schema:rangeIncludes", _RANGES
            )
        classes = [each for each in ranges if each.value in self.classes]
        if classes and any(each.value == OWL + "DatatypeProperty" for each in values.get(RDF + "type", ())):
            # Networks pass over what is said with one, for OWL has literals alone among its values.
            what = f"the property {name} has entities as its values, but is an owl:DatatypeProperty"
            fix = "make it an owl:ObjectProperty, or give it no class as schema:rangeIncludes"
            yield _wrong(classes[0], what, fix)

    def _taken(self, each: Statement, form: re.Pattern[str], used: set[str], letters: str) -> Iterator[Finding]:
        """What keeps a text from being the word of a term or the name of a table."""
        alike = self.subjects[each.predicate, each.value]
        other = next((subject for subject in alike if subject != each.subject), None)
        if not form.fullmatch(each.value):
            yield _wrong(each, f"{shown(each.value)} cannot be used in tables", f"write it in {letters}")
        elif each.value in used | _RESERVED:
            yield _wrong(each, f"{shown(each.value)} is used by the program already", "choose another word")
        elif other is not None:
            what = f"{self.short(other)} and {self.short(each.subject)} share the word {shown(each.value)}"
            yield _wrong(each, what, "give one of them another word")

    def near(self, iri: str, known: frozenset[str]) -> str:
        """The term nearest to one that there is not, as a hint; only for the first faults, for looking takes time."""
        self.hints += 1
        if self.hints > _MOST_HINTS or len(known) > _MOST_KNOWN:
            return ""
        return did_you_mean(self.short(iri), map(self.short, known))

    def short(self, iri: str) -> str:
        """A term by its prefix, if the ontology or its file has one for it."""
        longest = sorted(self.prefixes.items(), key=lambda pair: -len(pair[1]))
        for prefix, namespace in longest:
            if iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return f"<{iri}>"


def _by_predicate(about: Iterable[Statement]) -> Mapping[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for each in about:
        found.setdefault(each.predicate, []).append(each)
    return found


_LOW = Severity.WARNING
_MOST_HINTS, _MOST_KNOWN = 100, 2_000
_ADD = "own files may add labels to it, and schema:domainIncludes or rangeIncludes with a class of your own"
_RANGES = "give schema:rangeIncludes a class, edtf:edtf, or xsd:integer, decimal, duration, boolean, anyURI, string"


def _wrong(
    each: Statement, message: str, fix: str, code: str = "bad-term", level: Severity = Severity.VIOLATION
) -> Finding:
    return Finding(code, level, each.place, message, fix)

"""The plain path: the mapping of claims to RDF as somebody would write it with csv and rdflib alone.

It is written to be quick: prefixes are bound once, terms that return are made once, each evidence is added once, and
literals keep their text unread. What follows from several claims together is not derived here but handed over ready
(`derived.csv`), so the plain path is spared the ledger; the readers of single cells are those of kg, kept in a cache.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, XSD

from kg.claims import DEFAULTS, KEY, claim_id
from kg.ontology import Ontology, Property
from kg.values import Bounds, literal, time_span, widen

KG = Namespace("https://w3id.org/kg-registry/ns#")
OA = Namespace("http://www.w3.org/ns/oa#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
DERIVED = "derived.csv"
Row = dict[str, str]
Term = URIRef | Literal


@dataclass(frozen=True)
class Tables:
    """The rows of a workspace: entities by kind, claims by source, decisions, and the derived statements."""

    entities: dict[str, list[Row]]
    claims: dict[str, list[Row]]
    decisions: list[Row]
    derived: list[list[str]]


def read_tables(data: Path, derived: Path, ontology: Ontology) -> Tables:
    """Read every table with the csv module."""
    entities = {kind.word: _rows(data / f"{kind.table}.csv") for kind in ontology.kinds.values()}
    claims = {path.stem: _rows(path) for path in sorted((data / "claims").glob("*.csv"))}
    with derived.open(encoding="utf-8", newline="") as file:
        return Tables(entities, claims, _rows(data / "decisions.csv"), list(csv.reader(file)))


def _rows(path: Path) -> list[Row]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_derived(nquads: bytes, path: Path, ontology: Ontology, base: str) -> None:
    """Write what is handed over: the graph of derived statements, and the plain view of the default graph."""
    columns = {kind.word: {term.iri for term in ontology.columns(kind).values()} for kind in ontology.kinds.values()}
    claimable = {term.iri for term in ontology.properties.values() if term.claimable}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
            subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object
            named = not isinstance(quad.graph_name, ox.DefaultGraph)
            kind = subject.removeprefix(base).partition("/")[0]
            plain = not named and predicate in claimable and predicate not in columns.get(kind, ())
            if plain or (named and quad.graph_name.value == f"{base}graph/derived"):
                datatype = value.datatype.value if isinstance(value, ox.Literal) else ""
                writer.writerow((subject, predicate, value.value, datatype, "derived" if named else ""))


class PlainWriter:
    """Writes the tables into a Dataset, one `add` for each statement."""

    def __init__(self, ontology: Ontology, base: str, ontology_files: Iterable[Path]) -> None:
        self.ontology, self.base, self.ontology_files = ontology, base, ontology_files
        self.dataset = Dataset()
        self.default = self.dataset.graph(self.dataset.default_graph.identifier)
        self.seen: set[str] = set()
        # Terms that return are made once.
        self.node = cache(lambda local: URIRef(base + local))
        self.iri = cache(URIRef)
        self.reading = cache(self._reading)
        self.span = cache(self._span)
        self.day = cache(lambda text: typed(text, XSD.date))

    def write(self, tables: Tables) -> Dataset:
        """The dataset of all tables."""
        graph = self.dataset.graph(self.node("graph/ontology"))
        for path in self.ontology_files:
            graph.parse(path, format="turtle")
        for kind, rows in tables.entities.items():
            self.entities(kind, rows)
        decisions = self.dataset.graph(self.node("graph/decisions"))
        for row in tables.decisions:
            self.decision(decisions, row)
        names = {
            f"{kind}/{row['id']}": row["name"]
            for kind, rows in tables.entities.items()
            if kind != "source"
            for row in rows
        }
        for source, rows in tables.claims.items():
            self.claims(source, rows, names)
        derived = self.dataset.graph(self.node("graph/derived"))
        for subject, predicate, value, datatype, graph_name in tables.derived:
            term = typed(value, self.iri(datatype)) if datatype else URIRef(value)
            (derived if graph_name else self.default).add((URIRef(subject), self.iri(predicate), term))
        return self.dataset

    def entities(self, kind: str, rows: list[Row]) -> None:
        """What identifies the entities of one kind."""
        add, words = self.default.add, self.ontology.columns(self.ontology.kinds[kind])
        cls = URIRef(self.ontology.kinds[kind].iri)
        for row in rows:
            subject = self.node(f"{kind}/{row['id']}")
            add((subject, RDF.type, cls))
            for word, cell in row.items():
                if word == "id" or not cell:
                    continue
                term = words[word]
                for part in cell.split("|") if word in ("aliases", "same_as", "broader") else [cell]:
                    add((subject, self.iri(term.iri), self.cell(term, part.strip())))
            if kind == "source" and row["published"]:
                bounds = time_span(row["published"]).bounds
                assert bounds is not None
                if bounds.low:
                    add((subject, KG["from"], self.day(bounds.low)))
                if bounds.high:
                    add((subject, KG.until, self.day(bounds.high)))

    def cell(self, term: Property, cell: str) -> Term:
        """The value of a column of an entity table."""
        if not term.literals:
            return self.node(cell)
        value = literal(cell, term.literals)
        return URIRef(value.text) if value.datatype == str(XSD.anyURI) else typed(value.text, self.iri(value.datatype))

    def decision(self, graph: Graph, row: Row) -> None:
        """A decision that two entities are not one."""
        key = "\n".join((row["judgement"], row["first"], row["second"]))
        subject = self.node("decision/" + hashlib.sha256(key.encode()).hexdigest()[:16])
        when = time_span(row["when"])
        graph.add((subject, RDF.type, KG.Decision))
        graph.add((subject, RDF.subject, self.node(row["first"])))
        graph.add((subject, RDF.predicate, OWL.differentFrom))
        graph.add((subject, RDF.object, self.node(row["second"])))
        graph.add((subject, RDFS.comment, Literal(row["reason"])))
        graph.add((subject, PROV.wasAssociatedWith, Literal(row["by"])))
        graph.add((subject, PROV.endedAtTime, typed(when.text, self.iri(when.datatype))))

    def claims(self, source: str, rows: list[Row], names: dict[str, str]) -> None:
        """The claims and the evidence of one source."""
        graph, origin = self.dataset.graph(self.node(f"graph/{source}")), self.node(f"source/{source}")
        for row in rows:
            told = {**row, "source": source, **{name: row[name] or word for name, word in DEFAULTS.items()}}
            local = "claim/" + claim_id(told[name] for name in KEY)
            subject = URIRef(self.base + local)
            if local not in self.seen:
                self.seen.add(local)
                self.claim(graph, subject, origin, row, names)
            for place in self.evidence(graph, source, origin, row):
                graph.add((subject, PROV.wasQuotedFrom, place))

    def claim(self, graph: Graph, subject: URIRef, source: URIRef, row: Row, names: dict[str, str]) -> None:
        """What one claim says."""
        add, precision = graph.add, row["precision"] or "exact"
        predicate, value, bounds = self.reading(row["property"], row["value"], precision)
        add((subject, RDF.type, KG.Claim))
        add((subject, KG.source, source))
        add((subject, RDF.subject, self.subject(row["subject"], names)))
        add((subject, RDF.predicate, predicate))
        add((subject, RDF.object, value))
        add((subject, KG.claimant, self.node(row["claimant"]) if row["claimant"] else source))
        add((subject, KG.stance, KG[row["stance"] or "asserts"]))
        add((subject, KG.precision, KG[precision]))
        add((subject, ADMS.status, Literal(row["review"] or "accepted")))
        if row["via"]:
            add((subject, KG.via, self.node(f"source/{row['via']}")))
        if row["said"]:
            add((subject, DCTERMS.created, self.span(row["said"])[0]))
        if row["note"]:
            add((subject, RDFS.comment, Literal(row["note"])))
        self.bounds(graph, subject, row, bounds)

    def bounds(self, graph: Graph, subject: URIRef, row: Row, bounds: Bounds | None) -> None:
        """The least and the greatest that is meant, and the time for which it holds."""
        start = end = ""
        if bounds is not None:
            dated = bounds.datatype == str(XSD.date)
            for predicate, bound in ((KG.low, bounds.low), (KG.high, bounds.high)):
                if bound:
                    graph.add((subject, predicate, self.day(bound) if dated else number(bound)))
            start, end = (bounds.low, bounds.high) if dated else ("", "")
        if row["as_of"]:
            as_of, start, end = self.span(row["as_of"])
            graph.add((subject, DCTERMS.temporal, as_of))
        if start:
            graph.add((subject, KG["from"], self.day(start)))
        if end:
            graph.add((subject, KG.until, self.day(end)))

    def subject(self, key: str, names: dict[str, str]) -> URIRef:
        """The node that a claim is about; of a tally, at its first use, also what identifies it."""
        container, sign, group = key.partition("#")
        if not sign:
            return self.node(key)
        node = self.node(f"tally/{container.replace('/', '_')}_{group}")
        if key not in self.seen:
            self.seen.add(key)
            counted = f"group/{group}"
            label = f"{names.get(counted, counted)}, {names.get(container, container)}"
            self.default.add((node, RDF.type, KG.Tally))
            self.default.add((node, RDFS.label, Literal(label)))
            self.default.add((node, KG.within, self.node(container)))
            self.default.add((node, KG.group, self.node(counted)))
        return node

    def evidence(self, graph: Graph, source: str, origin: URIRef, row: Row) -> Iterator[URIRef]:
        """The places of a row, each described once."""
        places = row["at"].split(" ")
        quotes = row["quote"].split(" … ") if row["quote"] else [""] * len(places)
        for at, quote in zip(places, quotes, strict=True):
            kind, _, where = at.partition("=")
            name = where.replace(",", "-") if kind == "char" else f"{kind}-{where}"
            local = f"evidence/{source}_{name}"
            place = self.node(local)
            if local not in self.seen:
                self.seen.add(local)
                graph.add((place, RDF.type, KG.Evidence))
                graph.add((place, OA.hasSource, origin))
                if kind == "char":
                    start, _, end = where.partition(",")
                    graph.add((place, OA.start, typed(start, XSD.integer)))
                    graph.add((place, OA.end, typed(end, XSD.integer)))
                else:
                    graph.add((place, RDF.value, Literal(at)))
                if quote:
                    graph.add((place, OA.exact, Literal(quote)))
            yield place

    def _reading(self, word: str, cell: str, precision: str) -> tuple[URIRef, Term, Bounds | None]:
        """The property and the value of a claim, with its bounds."""
        term = self.ontology.properties[word]
        if not term.literals:
            return URIRef(term.iri), self.node(cell), None
        value = literal(cell, term.literals)
        bounds = widen(value, precision, self.ontology.tolerances.get(precision, ""))
        return URIRef(term.iri), typed(value.text, URIRef(value.datatype)), bounds

    def _span(self, text: str) -> tuple[Literal, str, str]:
        span = time_span(text)
        assert span.bounds is not None
        return typed(text, URIRef(span.datatype)), span.bounds.low, span.bounds.high


def typed(text: str, datatype: URIRef) -> Literal:
    """A literal that keeps its text; rdflib would read and rewrite it otherwise, which is also slower."""
    return Literal(text) if datatype == XSD.string else Literal(text, datatype=datatype, normalize=False)


@cache
def number(text: str) -> Literal:
    """A bound that is a number."""
    return typed(text, XSD.decimal if "." in text else XSD.integer)


def graph_of(triples: Iterable[ox.Triple | ox.Quad]) -> Graph:
    """The union of graphs in one rdflib Graph in memory, from what pyoxigraph parses."""
    graph, node = Graph(), cache(URIRef)

    def term(found: object) -> Term | BNode:
        if isinstance(found, ox.BlankNode):
            return BNode(found.value)
        if isinstance(found, ox.NamedNode):
            return node(found.value)
        assert isinstance(found, ox.Literal)
        if found.language:
            return Literal(found.value, lang=found.language)
        return typed(found.value, node(found.datatype.value))

    for triple in triples:
        graph.add((term(triple.subject), node(triple.predicate.value), term(triple.object)))
    return graph

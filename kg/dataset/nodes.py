"""The nodes of a graph that are few: entities, tallies, decisions, contradictions and lines of the ledger."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kg.entities import Entities, Entity, local_id, parse_id
from kg.identity import JUDGEMENTS, Decision, Identity
from kg.knowledge import Knowledge, Known
from kg.ledger import Contradiction, ImpliedValue, Ledger, LedgerLine
from kg.ledger.amounts import Amount
from kg.mapping import DCTERMS, PROV, SCHEMA, graph_end, iri, quoted
from kg.ontology import NS, OWL, RDF, RDFS, XSD, Ontology
from kg.values import Literal, number_text


class NodeWriter:
    """Writes the blocks of nodes under one base."""

    def __init__(self, ontology: Ontology, entities: Entities, identity: Identity, base: str) -> None:
        self.ontology = ontology
        self.entities = entities
        self.identity = identity
        self.base = base

    def node(self, local: str) -> str:
        """A node under the base."""
        return iri(self.base + local)

    def block(self, subject: str, statements: Iterable[tuple[str, str]], graph: str = "") -> str:
        """The statements on one subject, in one graph."""
        end = graph_end(self.base, graph)
        return "".join(f"{subject} <{predicate}> {term}{end}" for predicate, term in statements)

    def terms(self) -> str:
        """The ontology itself."""
        end = graph_end(self.base, "ontology")
        return "".join(f"{each.subject} {each.predicate} {each.object}{end}" for each in self.ontology.triples)

    def entities_with(
        self, plain: pl.DataFrame, told: pl.DataFrame, ledger: Ledger, knowledge: Knowledge
    ) -> list[tuple[str, str]]:
        """Blocks for each entity and tally: what identifies it and the plain view; of a source, when it was known."""
        views = dict(plain.group_by("subject_local").agg(pl.col("plain").str.join("")).iter_rows())
        known = {f"source/{each.source}": each for each in knowledge.dated}
        blocks = []
        for kind in self.ontology.kinds.values():
            for entity in self.entities.of(kind.word):
                blocks.append(("", self.entity(entity) + views.pop(parse_id(entity.id).local, "")))
                blocks += [("derived", self.known(known[entity.id]))] if entity.id in known else []
        subjects = {*told.get_column("subject_local").unique(), *ledger.implied_subjects}
        tallies = sorted(local for local in subjects if local.startswith("tally/"))
        blocks += [("", self.tally(local) + views.pop(local, "")) for local in tallies]
        return blocks + [("", views[key]) for key in sorted(views)]

    def entity(self, entity: Entity) -> str:
        """What identifies an entity; of one that goes on under another id, only that it does."""
        subject = self.node(parse_id(entity.id).local)
        kept = self.identity.of(entity.id)
        if kept != entity.id:
            name = quoted(entity.name)
            same = [(RDF + "type", iri(OWL + "Thing")), (RDFS + "label", name), (OWL + "sameAs", self.node(kept))]
            return self.block(subject, same)
        statements = [(RDF + "type", iri(entity.kind.iri))]
        for term, value in entity.values:
            statements.append((term.iri, self.value(value)))
            if entity.kind.word == "source" and term.word == "issued" and isinstance(value, Literal) and value.bounds:
                bounds = (("from", value.bounds.low), ("until", value.bounds.high))
                statements += [(NS + word, quoted(day, XSD + "date")) for word, day in bounds if day]
        return self.block(subject, dict.fromkeys(statements))

    def joined(self, predicate: str) -> list[tuple[str, str]]:
        """The entities that a column joins, each pair by the local parts of the ids under which they go on."""
        return [
            (parse_id(entity.id).local, parse_id(self.identity.of(value)).local)
            for entity in self.entities
            if self.identity.of(entity.id) == entity.id
            for term, value in entity.values
            if term.iri == predicate and isinstance(value, str)
        ]

    def leading_back(self, pairs: Iterable[tuple[str, str]]) -> str:
        """What is, in the end, part of itself or its own predecessor."""
        return "".join(
            self.block(self.node(first), [(NS + "leadsBackTo", self.node(second))], "derived")
            for first, second in pairs
        )

    def value(self, value: str | Literal) -> str:
        """The term for a cell of an entity table."""
        if isinstance(value, Literal):
            return iri(value.text) if value.datatype == XSD + "anyURI" else quoted(value.text, value.datatype)
        return self.node(parse_id(self.identity.of(value)).local)

    def tally(self, local: str) -> str:
        """What identifies a tally: what it is within, and the group it counts."""
        key = parse_id(local_id(local))
        group = f"group/{key.group}"
        name = f"{self.entities.name(group)}, {self.entities.name(key.container)}"
        return self.block(
            self.node(local),
            [
                (RDF + "type", iri(NS + "Tally")),
                (RDFS + "label", quoted(name)),
                (NS + "within", self.node(key.container)),
                (NS + "group", self.node(group)),
            ],
        )

    def decided(self, rows: list[Decision], judged: Iterable[Contradiction]) -> list[tuple[str, str]]:
        """A decision, and the contradictions on which it is, each with its graph."""
        node = self.node(rows[0].local)
        used = [(PROV + "used", self.node(each.local)) for each in judged]
        return [("decisions", self.decision(rows)), ("derived", self.block(node, used, "derived"))]

    def decision(self, rows: list[Decision]) -> str:
        """A decision as the statement it makes, with the reasons, authors and days of all rows that make it."""
        first = rows[0]
        predicate = (NS if first.judgement == "settle" else OWL) + JUDGEMENTS[first.judgement]
        statements = [
            (RDF + "type", iri(NS + "Decision")),
            (RDF + "subject", self.node(parse_id(first.first).local)),
            (RDF + "predicate", iri(predicate)),
        ]
        if first.second:
            statements.append((RDF + "object", self.node(parse_id(first.second).local)))
        statements += [(RDFS + "comment", quoted(each.reason)) for each in rows]
        statements += [(PROV + "wasAssociatedWith", quoted(each.by)) for each in rows]
        statements += [(PROV + "endedAtTime", quoted(each.when.text, each.when.datatype)) for each in rows]
        return self.block(self.node(first.local), dict.fromkeys(statements), "decisions")

    def known(self, known: Known) -> str:
        """From which day the word of a source counts, and whether that is the earliest it may be."""
        statements = [
            (DCTERMS + "available", quoted(str(known.day), XSD + "date")),
            (NS + "precision", iri(NS + ("at-least" if known.at_earliest else "exact"))),
        ]
        return self.block(self.node(f"source/{known.source}"), statements, "derived")

    def contradiction(self, contradiction: Contradiction) -> str:
        """A contradiction with the claims that take part."""
        statements = [
            (RDF + "type", iri(NS + "Contradiction")),
            (RDF + "subject", self.node(contradiction.subject)),
            (RDF + "predicate", iri(contradiction.predicate)),
            *((NS + "between", self.node(f"claim/{key}")) for key in contradiction.members),
        ]
        if contradiction.difference is not None:
            number = number_text(contradiction.difference)
            statements.append((NS + "difference", quoted(number, _number_type(number))))
        if contradiction.settled:
            statements += [(NS + "settledBy", self.node(decision.local)) for decision in contradiction.decisions]
        return self.block(self.node(contradiction.local), dict.fromkeys(statements), "derived")

    def line(self, line: LedgerLine) -> str:
        """A ledger line with the claims it sets against each other, and the values that follow from it."""
        statements = [
            (RDF + "type", iri(NS + "LedgerLine")),
            (RDFS + "label", quoted(line.equation)),
            (DCTERMS + "type", iri(NS + line.kind)),
            (RDF + "subject", self.node(parse_id(line.subject).local)),
            (NS + "source", self.node(f"source/{line.source}")),
            *(_bounds(line.rest) if line.rest is not None else ()),
        ]
        for predicate, number in ((SCHEMA + "numberOfItems", line.counted), (NS + "groupCount", line.stated)):
            if number is not None:
                statements.append((predicate, quoted(str(number), XSD + "integer")))
        statements += [(PROV + "wasDerivedFrom", self.node(f"claim/{key}")) for key in line.claims]
        implied = (self.implied(line, each) for each in line.implied)
        return self.block(self.node(line.local), statements, "derived") + "".join(implied)

    def implied(self, line: LedgerLine, value: ImpliedValue) -> str:
        """What a number would be if the others of its line were right."""
        about = parse_id(value.subject).local
        statements = [
            (RDF + "type", iri(NS + "ImpliedValue")),
            (RDFS + "label", quoted(value.amount.text)),
            (RDF + "subject", self.node(about)),
            (RDF + "predicate", iri(self.ontology.properties[value.word].iri)),
            *_bounds(value.amount),
            (PROV + "wasDerivedFrom", self.node(line.local)),
        ]
        key = f"{line.local.removeprefix('ledger/')}_{about.replace('/', '_')}_{value.word.lower()}"
        return self.block(self.node(f"implied/{key}"), statements, "derived")


def _bounds(amount: Amount) -> list[tuple[str, str]]:
    bounds = (("low", amount.low), ("high", amount.high))
    texts = [(word, number_text(bound)) for word, bound in bounds if bound is not None]
    return [(NS + word, quoted(text, _number_type(text))) for word, text in texts]


def _number_type(text: str) -> str:
    return XSD + ("decimal" if "." in text else "integer")

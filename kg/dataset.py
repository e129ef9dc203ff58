"""The graph of a registry: entities, claims, what is derived from them, and the plain view, in reading order."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import narwhals as nw
import polars as pl
import pyoxigraph as ox

from kg.claims import Claims
from kg.entities import Entities, Entity, local_id, parse_id
from kg.errors import KgError
from kg.evidence import fold
from kg.identity import JUDGEMENTS, Decision, Identity
from kg.knowledge import Knowledge, Known
from kg.ledger import Contradiction, ImpliedValue, Ledger, LedgerLine
from kg.ledger.amounts import Amount
from kg.ledger.contradictions import modes
from kg.mapping import DCTERMS, PROV, SCHEMA, claim_blocks, evidence_blocks, graph_end, iri, plain_terms, quoted
from kg.ontology import NS, RDF, RDFS, XSD, Mode, Ontology
from kg.values import Literal, number_text

OWL = "http://www.w3.org/2002/07/owl#"
OWN_KINDS = ("tally", "claim", "evidence", "contradiction", "ledger", "implied", "decision", "graph")


@dataclass(frozen=True)
class Dataset:
    """All statements of a registry as blocks of text, each block in one graph, in reading order.

    `blocks` has the columns `graph` (the name behind `graph/`, empty for the default graph) and `text` (N-Quads).
    `prefixes` are those of the ontology and one for each kind of node.
    """

    blocks: pl.DataFrame
    prefixes: Mapping[str, str]
    base: str

    def write_nquads(self, path: Path) -> None:
        """Write the dataset as N-Quads, in reading order, without holding another copy of it."""
        _write(self.blocks.get_column("text"), path)

    def nquads(self) -> bytes:
        """The dataset as N-Quads, in reading order."""
        return _joined(self.blocks.get_column("text"))

    def ntriples(self) -> bytes:
        """The union of all graphs as N-Triples, in reading order."""
        named = rf" <{re.escape(self.base)}graph/[^>]*> \.\n"
        return _joined(self.blocks.get_column("text").str.replace_all(named, " .\n"))

    def turtle(self) -> bytes:
        """The union of all graphs as Turtle, in reading order."""
        triples = (quad.triple for quad in ox.parse(self.nquads(), format=ox.RdfFormat.N_QUADS))
        return _serialized(triples, ox.RdfFormat.TURTLE, self.prefixes)

    def trig(self) -> bytes:
        """The dataset as TriG, graph after graph as they first appear, each in reading order."""
        order = self.blocks.with_row_index().with_columns(pl.col("index").min().over("graph").alias("place"))
        dataset = Dataset(order.sort("place", "index"), self.prefixes, self.base)
        quads = ox.parse(dataset.nquads(), format=ox.RdfFormat.N_QUADS)
        return _serialized(quads, ox.RdfFormat.TRIG, self.prefixes)

    @cached_property
    def canonical_hash(self) -> str:
        """The SHA-256 of the dataset in canonical form (RDFC-1.0): without blank nodes, its sorted lines."""
        lines = self.nquads().decode().split("\n")[:-1]
        lines.sort()
        canonical = "".join(f"{line}\n" for line, after in zip(lines, [*lines[1:], None], strict=True) if line != after)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def count(self, kind: str) -> int:
        """How many nodes of a kind (`claim`, `evidence`, …) the dataset describes."""
        typed = f"(?m)^<{re.escape(f'{self.base}{kind}')}/[^>]*> <{RDF}type>"
        return int(self.blocks.get_column("text").str.count_matches(typed).sum())

    def __len__(self) -> int:
        """The number of statements."""
        return int(self.blocks.get_column("text").str.count_matches("\n", literal=True).sum())


def _joined(texts: pl.Series) -> bytes:
    """Texts one after the other; a frame writes them an order of magnitude quicker than `str.join`."""
    data = io.BytesIO()
    _write(texts, data)
    return data.getvalue()


def _write(texts: pl.Series, target: Path | io.BytesIO) -> None:
    texts.to_frame().write_csv(target, include_header=False, quote_style="never", line_terminator="")


def _serialized(
    statements: Iterable[ox.Triple] | Iterable[ox.Quad], syntax: ox.RdfFormat, prefixes: Mapping[str, str]
) -> bytes:
    """RDF text for reading: prefixes in their order and in line, and a blank line before each subject."""
    text = ox.serialize(statements, format=syntax, prefixes=dict(prefixes)) or b""
    body = re.sub(rb"\A(?:@prefix [^\n]*\n)*", b"", text)
    spaced = re.sub(rb"\.\n(?=\t?[^\s@}])", b".\n\n", body)
    wide = max(map(len, prefixes)) + 1
    head = "".join(f"@prefix {prefix + ':':<{wide}} <{namespace}> .\n" for prefix, namespace in prefixes.items())
    return head.encode() + b"\n" + spaced


def prefixes(ontology: Ontology, base: str) -> dict[str, str]:
    """The prefixes of the ontology, and one for each kind of node under the base."""
    return {**ontology.prefixes, **{kind: f"{base}{kind}/" for kind in (*ontology.kinds, *OWN_KINDS)}}


def compose(
    ontology: Ontology,
    entities: Entities,
    claims: Claims,
    ledger: Ledger,
    decisions: Iterable[Decision],
    identity: Identity,
    base: str,
    knowledge: Knowledge,
) -> Dataset:
    """Compose the graph: the ontology, the entities with the plain view, the claims source by source, the ledger."""
    writer = _Writer(ontology, entities, identity, base)
    told = claims.claims.join(ledger.standing, on="id", how="left", maintain_order="left")
    made: dict[str, list[Decision]] = {}
    for decision in decisions:
        made.setdefault(decision.local, []).append(decision)
    judged: dict[str, list[Contradiction]] = {}
    for found in ledger.contradictions:
        for key in {decision.local for decision in found.decisions}:
            judged.setdefault(key, []).append(found)
    frames = [
        _frame([("ontology", writer.terms())]),
        _frame(writer.entities_with(_plain(told, ontology, base), told, ledger, knowledge)),
        _frame([block for key, rows in made.items() for block in writer.decided(rows, judged.get(key, ()))]),
        _claims(told, claims.evidence, ledger, base),
        _frame([("derived", writer.contradiction(each)) for each in ledger.contradictions]),
        _frame([("derived", writer.line(each)) for each in ledger.lines]),
    ]
    blocks = pl.concat(frames).filter(pl.col("text") != "")
    return Dataset(blocks, prefixes(ontology, base), base)


def _frame(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"graph": pl.String, "text": pl.String}, orient="row")


def _claims(told: pl.DataFrame, evidence: pl.DataFrame, ledger: Ledger, base: str) -> pl.DataFrame:
    """Three blocks for each claim, one after the other: what is said, what is derived, and the new places."""
    texts = evidence.with_columns(start_text=pl.col("start").cast(pl.String), end_text=pl.col("end").cast(pl.String))
    places = evidence_blocks(nw.from_native(texts, eager_only=True), base).to_native()
    order = told.select("id").with_row_index("order")
    places = places.join(order, on="id").sort("order", "start", "end", "fragment", "exact")
    extras = (
        _texts_by_claim(places.unique(["id", "local"], keep="first", maintain_order=True), "quoted"),
        _texts_by_claim(_links(ledger, base), "linked"),
        _texts_by_claim(_distinct(places), "block"),
    )
    for extra in extras:
        told = told.join(extra, on="id", how="left", maintain_order="left")
    told = told.with_columns(pl.col("linked", "block").fill_null(""))
    blocks = claim_blocks(nw.from_native(told, eager_only=True), base).to_native()
    _complete(blocks)
    graphs = {"said": pl.col("source"), "derived": pl.lit("derived"), "block": pl.col("source")}
    numbered = blocks.with_row_index("order")
    parts = [
        numbered.select(pl.col("order") * len(graphs) + place, graph=graph, text=column)
        for place, (column, graph) in enumerate(graphs.items())
    ]
    return pl.concat(parts).sort("order").select("graph", "text")


def _distinct(places: pl.DataFrame) -> pl.DataFrame:
    """Each place once; once more for a quote of it that differs in more than how its marks are typed."""
    told = places.unique(["local", "exact"], keep="first", maintain_order=True)
    again = told.filter((pl.len().over("local") > 1) & pl.col("exact").is_not_null())
    plain = pl.Series("plain", [fold(text) for text in again.get_column("exact")], dtype=pl.String)
    quotes = again.with_columns(plain).unique(["local", "plain"], keep="first", maintain_order=True)
    once = told.filter(pl.len().over("local") == 1)
    return pl.concat([once, quotes.select(told.columns)]).sort("order", "start", "end", "fragment", "exact")


def _texts_by_claim(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """All texts of one column for a claim in one; most claims have one anyway."""
    single = rows.filter(pl.len().over("id") == 1).select("id", column)
    several = rows.filter(pl.len().over("id") > 1).group_by("id", maintain_order=True).agg(pl.col(column).str.join(""))
    return pl.concat([single, several])


def _links(ledger: Ledger, base: str) -> pl.DataFrame:
    """The statements that join claims with each other."""
    pieces = (f"<{base}claim/", "id", f"> <{NS}", "link", f"> <{base}claim/", "other", f">{graph_end(base, 'derived')}")
    return ledger.links.select(
        "id",
        linked=pl.concat_str(
            *[pl.col(piece) if piece in ("id", "link", "other") else pl.lit(piece) for piece in pieces]
        ),
    )


# Type, source, subject, predicate, object, claimant, stance, precision, review: a null among them would drop one.
_LEAST = 9


def _complete(blocks: pl.DataFrame) -> None:
    """Refuse to go on if any claim lost its block, a part of it, or its evidence to a null."""
    lost = blocks.filter(
        pl.col("said").is_null()
        | (pl.col("said").str.count_matches("\n", literal=True) < _LEAST)
        | pl.col("derived").is_null()
    )
    if lost.height:
        keys = ", ".join(lost.get_column("id").head(3))
        raise KgError(f"{lost.height} claims lost a statement on their way into the graph ({keys})", code="internal")


def _plain(told: pl.DataFrame, ontology: Ontology, base: str) -> pl.DataFrame:
    """The statements of the plain view with their subjects, each once, in the order of the ontology (design §5)."""
    kinds = told.with_columns(kind=pl.col("container").str.extract(r"^([a-z]+)/"))
    table = modes(ontology, kinds.get_column("property").unique(), kinds.get_column("kind").unique())
    functional = kinds.join(table, on=["property", "kind"], how="left", maintain_order="left")
    mode = pl.col("mode").fill_null("")
    timeless = (pl.col("as_of") == "") | (mode == Mode.ALWAYS.name)
    ranged = pl.col("datatype").is_in([NS + "NumberRange"]).fill_null(value=False)
    kept = functional.filter(
        (pl.col("precision") == "exact")
        & ~ranged
        & (mode != Mode.IN_PERIOD.name)
        & timeless
        & (pl.col("stance") == "asserts")
        & (pl.col("review") == "accepted")
        & pl.col("standing").is_in(["uncontested", "settled"])
        & ~pl.col("claimant").str.starts_with("voice/")
    )
    order = {word: place for place, word in enumerate(ontology.properties)}
    terms = plain_terms(nw.from_native(kept, eager_only=True), base).to_native()
    terms = terms.with_columns(place=pl.col("property").replace_strict(order, return_dtype=pl.Int64))
    return terms.select("subject_local", "place", "plain").unique().sort("subject_local", "place", "plain")


class _Writer:
    """Writes the nodes that are few: entities, tallies, decisions, contradictions and ledger lines."""

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
        return self.block(self.node(contradiction.local), statements, "derived")

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

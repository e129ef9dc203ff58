"""The order of a graph: the ontology, the entities with the plain view, the claims source by source, the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable

import narwhals as nw
import polars as pl

from kg.claims import Claims
from kg.dataset.nodes import NodeWriter
from kg.dataset.text import Dataset
from kg.entities import Entities
from kg.errors import KgError
from kg.evidence import fold
from kg.identity import Decision, Identity
from kg.knowledge import Knowledge
from kg.ledger import Contradiction, Ledger
from kg.ledger.contradictions import modes
from kg.ledger.walk import circular
from kg.mapping import DCTERMS, claim_blocks, evidence_blocks, graph_end, plain_terms
from kg.ontology import NS, SKOS, Mode, Ontology

OWN_KINDS = ("tally", "claim", "evidence", "contradiction", "ledger", "implied", "decision", "graph")


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
    writer = NodeWriter(ontology, entities, identity, base)
    told = claims.claims.join(ledger.standing, on="id", how="left", maintain_order="left")
    made: dict[str, list[Decision]] = {}
    for decision in decisions:
        made.setdefault(decision.local, []).append(decision)
    judged: dict[str, list[Contradiction]] = {}
    for found in ledger.contradictions:
        for key in {decision.local for decision in found.decisions}:
            judged.setdefault(key, []).append(found)
    plain = _plain(told, ontology, base)
    frames = [
        _frame([("ontology", writer.terms())]),
        _frame(writer.entities_with(plain, told, ledger, knowledge)),
        _frame([("derived", writer.leading_back(_circles(plain, writer, base)))]),
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


_ORDERS = (SKOS + "broader", DCTERMS + "isPartOf", DCTERMS + "replaces")


def _circles(plain: pl.DataFrame, writer: NodeWriter, base: str) -> list[tuple[str, str]]:
    """What leads back to what: pairs of the plain view and of the rows of entities that are part of a circle.

    A shape would find them, too, but walks the whole way from each link of a chain.
    """
    found = []
    for predicate in _ORDERS:
        told = plain.select(
            pl.col("subject_local"), pl.col("plain").str.extract(f"> <{predicate}> <{re.escape(base)}([^>]*)>")
        )
        pairs = [*told.drop_nulls().iter_rows(), *writer.joined(predicate)]
        found += circular(pairs)
    return found


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

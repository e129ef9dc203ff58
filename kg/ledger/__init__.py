"""What follows from several claims together: contradictions and standing, denials, origins, and ledger lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kg.entities import parse_id
from kg.identity import Decision
from kg.knowledge import Known
from kg.ledger import groups, pace, succession
from kg.ledger.book import Book, Edition, ImpliedValue, LedgerLine
from kg.ledger.contradictions import Contradiction, find
from kg.ledger.origins import origins
from kg.ontology import XSD, Ontology
from kg.values import time_span

__all__ = ["Contradiction", "Edition", "ImpliedValue", "Ledger", "LedgerLine", "derive"]


_LINKS = {"id": pl.String, "link": pl.String, "other": pl.String}


@dataclass(frozen=True)
class Ledger:
    """What is derived from the claims of a registry.

    `standing` has a row for each claim (`id`, `standing`, `origin`, `settled_by`); `links` a row for each pair of
    claims that one of `deniedBy`, `doubtedBy`, `notBefore` and `prevailsOver` joins (`id`, `link`, `other`).
    """

    standing: pl.DataFrame
    links: pl.DataFrame
    contradictions: tuple[Contradiction, ...]
    lines: tuple[LedgerLine, ...]

    @property
    def implied_subjects(self) -> set[str]:
        """Of what something is implied, by the part of its IRI behind the base."""
        return {parse_id(value.subject).local for line in self.lines for value in line.implied}


def derive(
    claims: pl.DataFrame,
    ontology: Ontology,
    decisions: Iterable[Decision] = (),
    broader: Mapping[str, tuple[str, ...]] | None = None,
    editions: Mapping[str, Edition] | None = None,
    known: Mapping[str, Known] | None = None,
) -> Ledger:
    """Derive the ledger from the claims.

    `broader` maps the slug of a group to those of the groups it is part of, `editions` the id of a list to its place
    in its series, `known` a source to the day from which its word counts.
    """
    asserted = claims.filter((pl.col("stance") == "asserts") & (pl.col("review") == "accepted"))
    days = {source: each.day.isoformat() for source, each in (known or {}).items() if each.day}
    found = find(asserted, ontology, decisions, days)
    standing = _standing(claims, found)
    aside = standing.filter(pl.col("standing") == "set-aside").get_column("id")
    upheld = asserted.filter(~pl.col("id").is_in(aside.to_list()))
    links = pl.concat([_denials(claims, asserted, known or {}), _order(upheld, ontology), _prevailing(found)])
    denied = claims.filter((pl.col("property") == "follows") & (pl.col("stance") == "denies"))
    apart = frozenset(denied.select("subject", "object").iter_rows())
    lines = _lines(Book(upheld, broader or {}, editions or {}, apart), found, ontology)
    return Ledger(standing, links.unique().sort("id", "link", "other"), tuple(found), lines)


def _lines(book: Book, found: Iterable[Contradiction], ontology: Ontology) -> tuple[LedgerLine, ...]:
    lines = [*groups.lines(book), *succession.lines(book), *pace.lines(book, found, ontology)]
    return tuple(sorted(lines, key=lambda line: (line.list, line.subject, line.kind, line.source)))


def _standing(claims: pl.DataFrame, contradictions: Iterable[Contradiction]) -> pl.DataFrame:
    states: dict[str, tuple[str, str | None]] = {}
    for contradiction in contradictions:
        states |= _states(contradiction)
    rows = [(key, state, decision) for key, (state, decision) in states.items()]
    schema = {"id": pl.String, "standing": pl.String, "settled_by": pl.String}
    known = pl.DataFrame(rows, schema=schema, orient="row")
    return (
        origins(claims)
        .join(known, on="id", how="left", maintain_order="left")
        .with_columns(pl.col("standing").fill_null("uncontested"))
    )


def _states(contradiction: Contradiction) -> dict[str, tuple[str, str | None]]:
    """The standing of each claim of a contradiction.

    A decision sets aside its second claim, or whatever excludes its first. A claim that only claims set aside exclude
    is settled, also one that merely says the same as the claim decided for; anything else keeps it contested.
    """
    aside, counting = contradiction.aside, set(contradiction.aside.values())
    states: dict[str, tuple[str, str | None]] = {}
    for key in contradiction.members:
        rivals = contradiction.rivals[key]
        if key in aside:
            states[key] = "set-aside", aside[key].local
        elif rivals <= aside.keys():
            own = [d for d in contradiction.decisions if d.first == f"claim/{key}" and d in counting]
            states[key] = "settled", (own or [aside[min(rivals)]])[0].local
        else:
            states[key] = "contested", None
    return states


def _denials(claims: pl.DataFrame, asserted: pl.DataFrame, known: Mapping[str, Known]) -> pl.DataFrame:
    """What each denial or doubt touches: claims on the same subject and property that it does not leave standing.

    Nobody denies what is told of a time that had not come when it was denied.
    """
    names = {"denies": "deniedBy", "cannot-verify": "doubtedBy"}
    against = claims.filter(pl.col("stance").is_in(list(names)) & (pl.col("review") == "accepted"))
    spans = {text: time_span(text).bounds for text in against.get_column("said").unique() if text}
    said = {text: bounds.high for text, bounds in spans.items() if bounds and bounds.high}
    printed = {source: each.day.isoformat() for source, each in known.items() if each.day and not each.at_earliest}
    uttered = pl.min_horizontal(
        pl.col("said").replace_strict(said, default=None, return_dtype=pl.String),
        pl.col("source").replace_strict(printed, default=None, return_dtype=pl.String),
    )
    against = against.with_columns(uttered=uttered)
    pairs = asserted.join(against, on=["subject_local", "predicate"], suffix="_other")
    valueless = pl.col("bound").is_null() & (pl.col("object") != pl.col("object_other"))
    alike = pl.col("bound").eq_missing(pl.col("bound_other")) & ~valueless
    day = (pl.col("bound") == XSD + "date").fill_null(value=False)
    inside = pl.when(day).then(_within(pl.String)).otherwise(_within(pl.Decimal(38, 12)))
    apart = pl.lit(value=False)
    for start, end in (("from", "until_other"), ("from_other", "until")):
        apart = apart | (pl.col(start) > pl.col(end)).fill_null(value=False)
    apart = apart | (pl.col("from") > pl.col("uttered")).fill_null(value=False)
    touched = pairs.filter(alike & inside & ~apart)
    return touched.select("id", pl.col("stance_other").replace(names).alias("link"), pl.col("id_other").alias("other"))


def _within(order: pl.DataType | type[pl.DataType]) -> pl.Expr:
    """Whether whatever a claim may mean is meant by the other; a claim that may mean more is left standing."""
    low, high, least, most = (pl.col(n).cast(order, strict=False) for n in ("low", "high", "low_other", "high_other"))
    above = pl.col("low_other").is_null() | (low >= least).fill_null(value=False)
    below = pl.col("high_other").is_null() | (high <= most).fill_null(value=False)
    return above & below


def _prevailing(contradictions: Iterable[Contradiction]) -> pl.DataFrame:
    """For which claim over which other decisions find, whether or not other decisions undo them."""
    pairs = [(first, "prevailsOver", loser) for each in contradictions for first, loser in each.prevailing]
    return pl.DataFrame(pairs, schema=_LINKS, orient="row")


def _order(upheld: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """Each claim on a later event, with the claims on the earlier one of the same subject."""
    found = [pl.DataFrame(schema=_LINKS)]
    for later, earlier in ontology.not_before:
        first = upheld.filter(pl.col("predicate") == earlier).select("subject_local", other="id")
        then = upheld.filter(pl.col("predicate") == later).select("subject_local", "id")
        pairs = then.join(first, on="subject_local")
        found.append(pairs.select("id", pl.lit("notBefore").alias("link"), "other"))
    return pl.concat(found)

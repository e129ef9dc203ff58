"""What follows from several claims together: contradictions and standing, denials, origins, and group sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kg.identity import Decision
from kg.ledger.contradictions import Contradiction, find
from kg.ledger.origins import origins
from kg.ledger.sums import LedgerLine, lines
from kg.ontology import Ontology

__all__ = ["Contradiction", "Ledger", "LedgerLine", "derive"]


@dataclass(frozen=True)
class Ledger:
    """What is derived from the claims of a registry.

    `standing` has a row for each claim (`id`, `standing`, `origin`, `settled_by`); `links` a row for each pair of
    claims that one of `deniedBy`, `doubtedBy` and `notBefore` joins (`id`, `link`, `other`).
    """

    standing: pl.DataFrame
    links: pl.DataFrame
    contradictions: tuple[Contradiction, ...]
    lines: tuple[LedgerLine, ...]


def derive(
    claims: pl.DataFrame,
    ontology: Ontology,
    decisions: Iterable[Decision] = (),
    broader: Mapping[str, tuple[str, ...]] | None = None,
) -> Ledger:
    """Derive the ledger from the claims; `broader` maps the slug of a group to those of the groups it is part of."""
    asserted = claims.filter((pl.col("stance") == "asserts") & (pl.col("review") == "accepted"))
    found = find(asserted, ontology, decisions)
    standing = _standing(claims, found)
    aside = standing.filter(pl.col("standing") == "set-aside").get_column("id")
    upheld = asserted.filter(~pl.col("id").is_in(aside.to_list()))
    links = pl.concat([_denials(claims, asserted), _order(upheld, ontology)]).unique().sort("id", "link", "other")
    return Ledger(standing, links, tuple(found), tuple(lines(upheld, broader or {})))


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
    """The standing of each claim of a contradiction; a decision without a second claim sets all others aside."""
    if not contradiction.decisions:
        return dict.fromkeys(contradiction.members, ("contested", None))
    upheld = {decision.first.partition("/")[2]: decision.local for decision in contradiction.decisions}
    states: dict[str, tuple[str, str | None]] = {}
    for key in contradiction.members:
        against = [d.local for d in contradiction.decisions if d.second in ("", f"claim/{key}")]
        if key in upheld:
            states[key] = "settled", upheld[key]
        elif against:
            states[key] = "set-aside", against[0]
        else:
            states[key] = "contested", None
    return states


def _denials(claims: pl.DataFrame, asserted: pl.DataFrame) -> pl.DataFrame:
    """What each denial or doubt touches: claims on the same subject and property that it does not leave standing."""
    names = {"denies": "deniedBy", "cannot-verify": "doubtedBy"}
    against = claims.filter(pl.col("stance").is_in(list(names)) & (pl.col("review") == "accepted"))
    pairs = asserted.join(against, on=["subject_local", "predicate"], suffix="_other")
    apart = pl.lit(value=False)
    for low, high in (("low", "high_other"), ("low_other", "high")):
        number = pl.col(low).cast(pl.Float64, strict=False) > pl.col(high).cast(pl.Float64, strict=False)
        dated = pl.col("bound").str.ends_with("date") & (pl.col(low) > pl.col(high))
        apart = apart | number.fill_null(value=False) | dated.fill_null(value=False)
    for start, end in (("from", "until_other"), ("from_other", "until")):
        apart = apart | (pl.col(start) > pl.col(end)).fill_null(value=False)
    plain = pl.col("bound").is_null() & (pl.col("object") != pl.col("object_other"))
    touched = pairs.filter(~apart & ~plain)
    return touched.select("id", pl.col("stance_other").replace(names).alias("link"), pl.col("id_other").alias("other"))


def _order(upheld: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """Each claim on a later event, with the claims on the earlier one of the same subject."""
    found = [pl.DataFrame(schema={"id": pl.String, "link": pl.String, "other": pl.String})]
    for later, earlier in ontology.not_before:
        first = upheld.filter(pl.col("predicate") == earlier).select("subject_local", other="id")
        then = upheld.filter(pl.col("predicate") == later).select("subject_local", "id")
        pairs = then.join(first, on="subject_local")
        found.append(pairs.select("id", pl.lit("notBefore").alias("link"), "other"))
    return pl.concat(found)

"""What a build records beside its claims, so that it can be compared with another."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kg.dataset import Dataset
from kg.entities import Entities, Entity
from kg.identity import Decision
from kg.values import Literal

# What stands in front of ids in derived statements, whatever the base of the IRIs of a registry.
ID = "id:"
_CELLS = dict.fromkeys(("key", "name", "column", "value", "row"), pl.String)


def recorded(entities: Entities, decisions: Iterable[Decision], dataset: Dataset) -> dict[str, pl.DataFrame]:
    """The frames `entities` and `decisions`, a row for each cell, and `derived`, a row for each block of statements.

    The columns are `key`, `name`, `column`, `value` and `row` (file and line), and `node` and `text` (N-Quads).
    """
    cells = [cell for entity in entities for cell in _entity(entity)]
    judged = [cell for decision in decisions for cell in _decision(decision)]
    order = ("key", "column", "value", "row")
    return {
        "entities": pl.DataFrame(cells, schema=_CELLS, orient="row").sort(order),
        "decisions": pl.DataFrame(judged, schema=_CELLS, orient="row").sort(order),
        "derived": _derived(dataset),
    }


def _entity(entity: Entity) -> Iterable[tuple[str, str, str, str, str]]:
    for term, value in entity.values:
        column = "published" if entity.kind.word == "source" and term.word == "issued" else term.word
        text = value.text if isinstance(value, Literal) else value
        yield entity.id, entity.name, column, text, str(entity.place)


def _decision(decision: Decision) -> Iterable[tuple[str, str, str, str, str]]:
    name = " ".join(filter(None, (decision.judgement, decision.first, decision.second)))
    for column, value in (("reason", decision.reason), ("by", decision.by), ("when", decision.when.text)):
        yield decision.local, name, column, value, str(decision.place)


def _derived(dataset: Dataset) -> pl.DataFrame:
    """The nodes that are derived; what is derived of claims lies in the rows of these."""
    text = pl.col("text")
    blocks = dataset.blocks.filter((pl.col("graph") == "derived") & ~text.str.starts_with(f"<{dataset.base}claim/"))
    return blocks.select(
        node=text.str.extract("^<([^>]*)>").str.strip_prefix(dataset.base),
        text=text.str.replace_all(f"<{dataset.base}", f"<{ID}", literal=True),
    ).sort("node", "text")

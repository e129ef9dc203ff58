"""How findings tell of claims: in one line, at the row where a person can act on them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.check.rows import Row
from kg.entities import local_id
from kg.errors import Place
from kg.ontology import XSD
from kg.values import shown


@dataclass(frozen=True)
class Told:
    """What a result comes to: the row to act on, the particulars, other rows that take part, and a better mend."""

    place: Place
    message: str
    related: tuple[Place, ...] = ()
    fix: str = ""


def statement(row: Row) -> str:
    """A claim in one line."""
    precision = f"{row['precision']} " if row["precision"] != "exact" else ""
    value = local_id(row["object"]) if row["datatype"] is None else row["object"]
    value = shown(value) if row["datatype"] == XSD + "string" else value
    time = f" (as of {row['as_of']})" if row["as_of"] else ""
    return f"{row['subject']} {row['property']} {precision}{value}{time}"


def place_of(row: Row) -> Place:
    """The row of a table behind a claim."""
    return Place(row["file"], row["line"])


def lower(sentence: str) -> str:
    """A sentence as a part of another."""
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")

"""What sources disagree on: contradictions between claims, and sums of lists that do not come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kg.entities import Entities, local_id
from kg.ledger.walk import reached
from kg.network.network import Dispute
from kg.ontology import Ontology
from kg.query import Answer
from kg.trace import Rows

_Row = Mapping[str, str | None]


@dataclass(frozen=True)
class Disputes:
    """The disputes of a registry; `sums` is the answer of `sums.rq`, whose rows are told beside the contradictions."""

    rows: Rows
    entities: Entities
    ontology: Ontology
    sums: Answer

    def about(self, key: str) -> tuple[Dispute, ...]:
        """The disputes on a thing, or on tallies within it."""
        return tuple(self._by_thing.get(key, ()))

    def among(self, claims: Iterable[str], relation: str, *, told: bool) -> tuple[Dispute, ...]:
        """The disputes in which some claims have a part; `told` is whether the query says that there is one."""
        if self._by_claim.keys().isdisjoint(claims):
            return (Dispute(relation, (), ()),) if told else ()
        return tuple(sorted({id(each): each for claim in claims for each in self._by_claim.get(claim, ())}.values()))

    @cached_property
    def _contradictions(self) -> list[tuple[str, Dispute]]:
        """Each set of claims that contradict each other, directly or through others, with the thing it is about."""
        against: dict[str, set[str]] = {}
        for claim, link, other in self.rows.links.iter_rows():
            if link == "contradicts":
                against.setdefault(claim, set()).add(other)
                against.setdefault(other, set()).add(claim)
        contested = self.rows.claims.filter(pl.col("id").is_in(list(against)) & (pl.col("standing") == "contested"))
        rows = {str(row["id"]): row for row in contested.iter_rows(named=True)}
        found, seen = [], set[str]()
        for key in sorted(rows):
            if key not in seen:
                together = ({key} | reached(key, against)) & rows.keys()
                seen |= together
                found.append(self._told(sorted((rows[each] for each in together), key=_by_value)))
        return found

    def _told(self, rows: list[_Row]) -> tuple[str, Dispute]:
        thing, subject, word = (str(rows[0][name]) for name in ("container", "subject", "property"))
        merged = {f"{row['told']} is {row['subject']}, as decided" for row in rows if row["told"] != row["subject"]}
        claims = tuple(str(row["id"]) for row in rows)
        return thing, Dispute(self._on(subject, word), self._sides(rows), claims, tuple(sorted(merged)))

    def _on(self, subject: str, word: str) -> str:
        term = self.ontology.properties.get(word)
        label = term.label if term else word
        group = subject.partition("#")[2]
        return f"{label} of {self.entities.name(f'group/{group}')}" if group else label

    def _sides(self, rows: Iterable[_Row]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._value(row) for row in rows))

    def _value(self, row: _Row) -> str:
        value = str(row["object"])
        if row["datatype"] is None:
            return self.entities.name(local_id(value))
        return value if row["precision"] == "exact" else f"{str(row['precision']).replace('-', ' ')} {value}"

    @cached_property
    def _uneven(self) -> list[tuple[str, Dispute]]:
        claims: dict[tuple[str, str], list[str]] = {}
        for thing, equation, claim in sorted(tuple(map(self.sums.text, row)) for row in self.sums.rows):
            claims.setdefault((thing, equation), []).append(claim.removeprefix("claim/"))
        return [
            (thing.partition("#")[0], Dispute("sum", tuple(equation.split(" ≠ ")), tuple(found)))
            for (thing, equation), found in claims.items()
        ]

    @cached_property
    def _by_thing(self) -> Mapping[str, list[Dispute]]:
        found: dict[str, list[Dispute]] = {}
        for thing, dispute in sorted([*self._contradictions, *self._uneven]):
            found.setdefault(thing, []).append(dispute)
        return found

    @cached_property
    def _by_claim(self) -> Mapping[str, list[Dispute]]:
        found: dict[str, list[Dispute]] = {}
        for _, dispute in self._contradictions:
            for claim in dispute.claims:
                found.setdefault(claim, []).append(dispute)
        return found


def _by_value(row: _Row) -> tuple[float, str, str, str]:
    """The key that puts claims in the order of their values."""
    low = row["low"] or ""
    try:
        return float(low), "", str(row["object"]), str(row["id"])
    except ValueError:
        return 0.0, low, str(row["object"]), str(row["id"])

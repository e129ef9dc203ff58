"""Decisions of curators: which entities are one, which are not, and which of two claims prevails."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kg.entities import Entities, Id, known_kind, local_id, parse_id
from kg.errors import Finding, KgError, Place, Severity, did_you_mean
from kg.files import is_there
from kg.ontology import Kind
from kg.tables import read_table
from kg.terminal import visible
from kg.values import CellError, Literal, time_span

JUDGEMENTS = {"settle": "prevailsOver", "same": "sameAs", "different": "differentFrom"}
COLUMNS = ("judgement", "first", "second", "reason", "by", "when")


@dataclass(frozen=True)
class Decision:
    """A row of decisions.csv; `first` and `second` are ids of entities or of claims (`claim/…`).

    The second is empty where a claim prevails over whatever excludes it.
    """

    judgement: str
    first: str
    second: str
    reason: str
    by: str
    when: Literal
    place: Place

    def __str__(self) -> str:
        """What was judged, in one line."""
        joint = " over " if self.judgement == "settle" else " and "
        return f"{self.judgement} {self.first}" + (joint + self.second if self.second else "")

    @property
    def local(self) -> str:
        """The part of its IRI behind the base; it does not change with the reason or the date."""
        key = "\n".join((self.judgement, self.first, self.second))
        return "decision/" + hashlib.sha256(key.encode()).hexdigest()[:16]


def read_decisions(
    data: Path, shown: str = "data", kinds: Mapping[str, Kind] | None = None
) -> tuple[list[Decision], list[Finding]]:
    """Read `decisions.csv`, if there is one, in an order that does not depend on the order of its rows.

    With `kinds` of entities, a decision on things of another kind is a fault.
    """
    path = data / "decisions.csv"
    if not is_there(path):
        return [], []
    table, findings = read_table(path, f"{shown}/{path.name}", COLUMNS, ())
    decisions: list[Decision] = []
    for i, line in enumerate(table.lines):
        place = Place(table.file, line)
        try:
            decisions.append(_decision({name: table.columns[name][i] for name in COLUMNS}, place, kinds))
        except CellError as error:
            findings.append(Finding(error.code, Severity.VIOLATION, place, error.message, error.fix))
    return sorted(decisions, key=lambda d: (d.judgement, d.first, d.second, d.reason, d.by, d.when.text)), findings


def _decision(cells: Mapping[str, str], place: Place, known: Mapping[str, Kind] | None) -> Decision:
    judgement = cells["judgement"]
    if judgement not in JUDGEMENTS:
        hint = did_you_mean(judgement, JUDGEMENTS) or f"write {', '.join(JUDGEMENTS)}"
        raise CellError("unknown-word", f"there is no judgement “{judgement}”", hint)
    for name in ("first", "reason", "by", "when"):
        if not cells[name]:
            raise CellError("missing-cell", f"the cell “{name}” is empty", "say who decided what, when and why")
    if not cells["second"] and judgement != "settle":
        raise CellError("missing-cell", "the cell “second” is empty", f"name the other entity that is {judgement}")
    kinds = [_kind(judgement, cells[name], known) for name in ("first", "second") if cells[name]]
    if len(set(kinds)) > 1:
        message = f"{cells['first']} and {cells['second']} are things of two kinds"
        raise CellError("bad-id", message, "decide on two entities of one kind")
    return Decision(
        judgement, cells["first"], cells["second"], cells["reason"], cells["by"], time_span(cells["when"]), place
    )


def _kind(judgement: str, text: str, known: Mapping[str, Kind] | None) -> str:
    """The kind of what a decision is about: a claim is settled, an entity is the same as another or different."""
    key = parse_id(text)
    if (key.kind == "claim" and not key.group) != (judgement == "settle"):
        what = "claims" if judgement == "settle" else "entities"
        fix = "kg trace prints the ids of claims" if judgement == "settle" else "write kind/slug"
        raise CellError("bad-id", f"“{judgement}” is about {what}, and {text} is none", fix)
    if key.group:
        message = f"{text} is no entity: a tally goes on with what it is within, and with its group"
        raise CellError("bad-id", message, f"decide on {key.container}, or on group/{key.group}")
    if key.kind == "source":
        raise CellError("bad-id", "a source is known by its text and goes on under no other id", "use one id for it")
    return key.kind if known is None or judgement == "settle" else known_kind(key, known).kind


@dataclass(frozen=True)
class Identity:
    """Under which id each entity goes on: `merged` maps an id to the id that a `same` decision gives it."""

    merged: Mapping[str, str]

    def of(self, key: str) -> str:
        """The id under which an entity or a tally goes on.

        >>> Identity({"list/a": "list/b"}).of("list/a#nurses")
        'list/b#nurses'
        """
        if "#" not in key:
            return self.merged.get(key, key)
        parsed = parse_id(key)
        container = parse_id(self.merged.get(parsed.container, parsed.container))
        group = self.merged.get(f"group/{parsed.group}", f"group/{parsed.group}").partition("/")[2]
        return str(Id(container.kind, container.slug, group))

    def named(self, name: str, entities: Entities) -> str:
        """The id under which an entity goes on, by its id, name or alias; what is none of these stays as it is.

        Raises KgError for a name that several have.
        """
        name = name.strip()
        found = [name] if name in entities else entities.named(name) or [name]
        keys = sorted({self.merged.get(key, key) for key in found})
        if len(keys) > 1:
            raise KgError(f"several are called “{visible(name)}”", f"say which by its id: {', '.join(keys)}")
        return keys[0]


def identity(decisions: Iterable[Decision]) -> Identity:
    """What the `same` decisions come to; chains lead to their end, a circle to its first id in the alphabet."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        way = []
        while key in parents:
            way.append(key)
            key = parents[key]
        # Whoever is asked next has one step to go: a chain of decisions would take the square of its length.
        parents.update(dict.fromkeys(way, key))
        return key

    for decision in decisions:
        if decision.judgement == "same":
            first, second = root(decision.first), root(decision.second)
            if first != second:
                parents[second] = first
    return Identity({key: root(key) for key in parents})


def unify(claims: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """The claims with each entity under the id under which it goes on; ids of claims stay what their rows say.

    The column `told` keeps the subject as the row names it.
    """
    claims = claims.with_columns(told="subject")
    if not identity.merged:
        return claims

    def renamed(column: str) -> pl.Expr:
        return pl.col(column).replace(
            {old: new for old in claims.get_column(column).unique() if old and (new := _renamed(old, identity)) != old}
        )

    entity = pl.col("datatype").is_null()
    return claims.with_columns(
        renamed("subject"),
        renamed("subject_local"),
        renamed("container"),
        renamed("claimant"),
        pl.when(entity).then(renamed("object")).otherwise("object").alias("object"),
    )


def _renamed(key: str, identity: Identity) -> str:
    if key.startswith("tally/"):
        return parse_id(identity.of(local_id(key))).local
    return identity.of(key)

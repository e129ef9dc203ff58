"""The claims of `data/claims/*.csv` as typed frames: one row a claim, one row a piece of evidence.

Each distinct cell is read once, however many rows hold it; a cell that cannot be read takes its row out of the frames
and becomes a finding. So accepted, rejected and faulty rows always add up to the rows read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import polars as pl

from kg.entities import Entities, Id, known_kind, parse_id, slug_fault
from kg.errors import Finding, Place, Severity, did_you_mean
from kg.evidence import EVIDENCE, read_evidence
from kg.files import scan
from kg.ontology import XSD, Ontology
from kg.tables import read_table
from kg.values import Bounds, CellError, Literal, literal, shown, time_span, widen

REQUIRED = ("subject", "property", "value", "at", "quote")
OPTIONAL = ("precision", "as_of", "claimant", "said", "via", "stance", "review", "note")
COLUMNS = ("subject", "property", "value", "precision", "as_of", "claimant", "said", "via", "stance", "at", "quote")
KEY = ("source", "subject", "property", "value", "precision", "as_of", "said", "claimant", "via", "stance")
REVIEWS = ("accepted", "proposed", "rejected")
DEFAULTS = {"precision": "exact", "stance": "asserts", "review": "accepted"}

CLAIMS: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "source": pl.String,
    "subject": pl.String,
    "subject_local": pl.String,
    "container": pl.String,
    "property": pl.String,
    "predicate": pl.String,
    "value": pl.String,
    "object": pl.String,
    "datatype": pl.String,
    "low": pl.String,
    "high": pl.String,
    "bound": pl.String,
    "precision": pl.String,
    "as_of": pl.String,
    "as_of_type": pl.String,
    "from": pl.String,
    "until": pl.String,
    "claimant": pl.String,
    "said": pl.String,
    "said_type": pl.String,
    "via": pl.String,
    "stance": pl.String,
    "review": pl.String,
    "note": pl.String,
}


@dataclass(frozen=True)
class Claims:
    """The claims of a registry.

    `claims` has a row for each claim (columns `CLAIMS`; `datatype` is null where the value is an entity, bounds are
    null where open), `evidence` a row for each place that carries one, with its own file and line (columns
    `EVIDENCE`). `rows` counts the rows of each source (`source`, `read`, `rejected`): all of them, and those that
    review has rejected. `turned_down` has the places of the latter by the ids they would have, `lost` counts the rows
    that cannot be read.
    """

    claims: pl.DataFrame
    evidence: pl.DataFrame
    rows: pl.DataFrame
    turned_down: Mapping[str, Place] = field(default_factory=dict)
    lost: int = 0

    @property
    def read(self) -> int:
        """How many rows were read."""
        return int(self.rows.get_column("read").sum())

    @property
    def rejected(self) -> int:
        """How many of them review has rejected."""
        return int(self.rows.get_column("rejected").sum())


def claim_id(key: Iterable[str]) -> str:
    """The id of a claim: the first 16 hex digits of the SHA-256 of its key as a JSON array (RFC 8259, no blanks).

    The key is source, subject, property, value, precision, as_of, said, claimant, via, stance, defaults spelled out.

    >>> claim_id(["a-report", "list/a", "count", "3", "exact", "", "", "", "", "asserts"])
    '8afca223ea37ec75'
    """
    text = ",".join(map(encode_basestring, key))
    return hashlib.sha256(f"[{text}]".encode()).hexdigest()[:16]


def read_claims(
    data: Path, ontology: Ontology, entities: Entities, shown: str = "data"
) -> tuple[Claims, list[Finding]]:
    """Read every table of `data/claims`; `shown` is how findings name `data`."""
    rows, findings = _rows(data / "claims", f"{shown}/claims")
    faults = _Faults(rows, findings)
    rows = rows.with_columns(pl.col(name).replace("", default) for name, default in DEFAULTS.items())
    rows = faults.each(rows, ["subject"], _subject(ontology, entities), ["subject_local", "container"])
    rows = faults.each(rows, ["property"], _property(ontology), ["predicate"])
    value = _value(ontology, entities)
    rows = faults.each(rows, ["property", "value", "precision"], value, ["object", "datatype", "low", "high", "bound"])
    rows = faults.each(rows, ["as_of"], _time("as_of"), ["as_of_type", "from", "until"])
    rows = faults.each(rows, ["said"], _time("said"), ["said_type", "said_from", "said_until"])
    rows = faults.each(rows, ["claimant"], _entity("claimant", ontology, entities), [])
    rows = faults.each(rows, ["via"], _via, [])
    words = {"precision": ontology.scheme("precisions"), "stance": ontology.scheme("stances"), "review": REVIEWS}
    for column, known in words.items():
        rows = faults.each(rows, [column], _word(column, known), [])
    evidence, unusable = read_evidence(rows, findings)
    sound = rows.filter(~pl.col("row").is_in(list(faults.rows | unusable)))
    refused = sound.filter(pl.col("review") == "rejected")
    claims, places = _merged(_dated(sound.filter(pl.col("review") != "rejected")), evidence)
    lost = rows.height - sound.height
    return Claims(claims, places, _counted(rows, refused), _turned_down(refused), lost), findings


def _counted(rows: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """How many rows each source has, and how many of them are rejected."""
    read, refused = (each.group_by("source").len(name) for each, name in ((rows, "read"), (rejected, "rejected")))
    return read.join(refused, on="source", how="left").with_columns(pl.col("rejected").fill_null(0)).sort("source")


def _turned_down(rejected: pl.DataFrame) -> dict[str, Place]:
    """The places of rejected rows, by the ids their claims would have."""
    places = (Place(file, line) for file, line in rejected.select("file", "line").iter_rows())
    return dict(zip(map(claim_id, rejected.select(KEY).iter_rows()), places, strict=True))


def _rows(folder: Path, shown: str) -> tuple[pl.DataFrame, list[Finding]]:
    """All rows in the order of their files and lines."""
    listed = scan(folder).ending(".csv")
    findings = [fault.finding(folder, shown, Severity.VIOLATION) for fault in listed.faults]
    columns: dict[str, list[Any]] = {name: [] for name in _RAW}
    for path in listed.files:
        table, faults = read_table(path, f"{shown}/{path.name}", REQUIRED, OPTIONAL)
        findings += faults
        if fault := slug_fault(path.stem):
            message = f"the file is named after its source, and {fault.message}"
            findings.append(Finding(fault.code, Severity.VIOLATION, Place(table.file), message, fault.fix))
            continue
        number = len(table.lines)
        own: dict[str, list[Any]] = {"file": [table.file] * number, "line": table.lines, "source": [path.stem] * number}
        for name, cells in (own | dict(table.columns)).items():
            columns[name] += cells
    return pl.DataFrame(columns, schema=_RAW).with_row_index("row"), findings


_RAW: dict[str, type[pl.DataType]] = {
    "file": pl.String,
    "line": pl.Int64,
    "source": pl.String,
    **dict.fromkeys((*REQUIRED, *OPTIONAL), pl.String),
}


class _Faults:
    """Reads columns by their distinct cells and remembers the rows whose cells cannot be read."""

    def __init__(self, rows: pl.DataFrame, findings: list[Finding]) -> None:
        self.findings = findings
        self.rows: set[int] = set()
        self.places = rows.select("row", "file", "line")

    def each(
        self,
        rows: pl.DataFrame,
        columns: list[str],
        read: Callable[..., tuple[str | None, ...]],
        into: list[str],
    ) -> pl.DataFrame:
        """Add the columns `into`, read from each distinct combination of the cells in `columns`."""
        distinct = rows.select(columns).unique(maintain_order=True)
        found: list[tuple[str | None, ...]] = []
        faults: list[tuple[str, str, str] | tuple[None, None, None]] = []
        for cells in distinct.iter_rows():
            try:
                found.append(read(*cells))
                faults.append((None, None, None))
            except CellError as error:
                found.append((None,) * len(into))
                faults.append((error.code, error.message, error.fix))
        told = pl.DataFrame(faults, schema=dict.fromkeys(("code", "message", "fix"), pl.String), orient="row")
        if told.get_column("code").null_count() < told.height:
            self._tell(rows, distinct.hstack(told).filter(pl.col("code").is_not_null()), columns)
        if not into:
            return rows
        results = pl.DataFrame(found, schema=dict.fromkeys(into, pl.String), orient="row")
        return rows.join(distinct.hstack(results), on=columns, how="left", maintain_order="left")

    def _tell(self, rows: pl.DataFrame, faults: pl.DataFrame, columns: list[str]) -> None:
        bad = rows.select("row", "file", "line", *columns).join(faults, on=columns)
        for row, file, line, code, message, fix in bad.select(
            "row", "file", "line", "code", "message", "fix"
        ).iter_rows():
            self.rows.add(row)
            self.findings.append(Finding(code, Severity.VIOLATION, Place(file, line), message, fix))


def _subject(ontology: Ontology, entities: Entities) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        if not text:
            raise CellError("missing-cell", "the subject is missing", "write whom or what the claim is about")
        key = _id("subject", text, ontology, entities)
        return key.local, key.container

    return read


def _id(column: str, text: str, ontology: Ontology, entities: Entities) -> Id:
    """The id in a cell. Raises a CellError that names the column and, if one is near, the id that was meant."""
    try:
        return known_kind(parse_id(text), ontology.kinds)
    except CellError as error:
        hint = entities.hint(text) if error.code == "bad-id" else ""
        raise CellError(error.code, f"{column}: {error.message}", hint or error.fix) from error


def _property(ontology: Ontology) -> Callable[[str], tuple[str, ...]]:
    def read(word: str) -> tuple[str, ...]:
        if not word:
            fix = "write a property such as count; kg query ontology lists them"
            raise CellError("missing-cell", "the property is missing", fix)
        term = ontology.properties.get(word)
        if term is None:
            hint = did_you_mean(word, ontology.claim_words) or "kg query ontology lists the properties"
            raise CellError("unknown-property", f"there is no property {shown(word)}", hint)
        if not term.claimable:
            tables = [f"{kind.table}.csv" for kind in ontology.kinds.values() if kind.iri in term.identifies]
            fix = f"write it in its column of {', '.join(tables)}"
            raise CellError("unknown-property", f"“{word}” says which entity it is and is nobody's claim", fix)
        return (term.iri,)

    return read


def _value(ontology: Ontology, entities: Entities) -> Callable[[str, str, str], tuple[str | None, ...]]:
    precisions = ontology.scheme("precisions")

    def read(word: str, text: str, precision: str) -> tuple[str | None, ...]:
        term = ontology.properties.get(word)
        if term is None:
            return (None,) * 5
        if not text:
            raise CellError("missing-cell", "the value is missing", f"write what the source says of {word}")
        known = precision if precision in precisions else "exact"
        if term.literals:
            try:
                value = literal(text, term.literals)
                return _literal(value, widen(value, known, ontology.tolerances.get(known, "")))
            except CellError as error:
                raise error.within(word) from error
        if known != "exact":
            raise CellError(
                "precision", f"{word}: an entity cannot have the precision {known}", "leave the precision empty"
            )
        return _id(word, text, ontology, entities).local, None, None, None, None

    return read


def _literal(value: Literal, bounds: Bounds | None) -> tuple[str | None, ...]:
    if bounds is None:
        return value.text, value.datatype, None, None, None
    return value.text, value.datatype, bounds.low or None, bounds.high or None, bounds.datatype


def _entity(column: str, ontology: Ontology, entities: Entities) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        return (_id(column, text, ontology, entities).local,) if text else ("",)

    return read


def _via(text: str) -> tuple[str, ...]:
    if text and (fault := slug_fault(text)):
        slug = text.removeprefix("source/")
        fix = "write the id of a row of sources.csv" if slug_fault(slug) else f"write {slug}"
        raise CellError(fault.code, f"via: {fault.message}", fix)
    return ()


def _time(column: str) -> Callable[[str], tuple[str | None, ...]]:
    def read(text: str) -> tuple[str | None, ...]:
        if not text:
            return None, None, None
        try:
            span = time_span(text)
        except CellError as error:
            raise error.within(column) from error
        assert span.bounds is not None  # noqa: S101 - a span of time always has bounds
        return span.datatype, span.bounds.low or None, span.bounds.high or None

    return read


def _word(column: str, known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read(word: str) -> tuple[str, ...]:
        if word not in known:
            hint = did_you_mean(word, known) or f"write {', '.join(known[:-1])} or {known[-1]}"
            raise CellError("unknown-word", f"there is no {column} {shown(word)}", hint)
        return ()

    return read


def _dated(rows: pl.DataFrame) -> pl.DataFrame:
    """A claim whose value is a date and that tells no other time holds for that date."""
    dated = (pl.col("bound") == XSD + "date") & (pl.col("as_of") == "")
    return rows.with_columns(
        pl.when(dated).then("low").otherwise("from").alias("from"),
        pl.when(dated).then("high").otherwise("until").alias("until"),
    )


def _merged(rows: pl.DataFrame, evidence: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row a claim, in the order in which its source tells them; all places of rows with equal keys."""
    ids = [claim_id(key) for key in rows.select(KEY).iter_rows()]
    rows = rows.with_columns(pl.Series("id", ids, dtype=pl.String))
    places = evidence.join(rows.select("row", "id", "source", "file", "line"), on="row")
    places = places.sort("id", "start", "end", "fragment", "exact", "file", "line")
    first = places.group_by("id").agg(pl.col("start").min(), pl.col("fragment").min())
    notes = (
        rows.filter(pl.col("note") != "").select("id", "note").unique().sort("note").group_by("id", maintain_order=True)
    ).agg(pl.col("note").str.join(" / "))
    review = rows.group_by("id").agg(pl.col("review").min())
    claims = (
        rows.unique("id", keep="first", maintain_order=True)
        .drop("note", "review")
        .join(notes, on="id", how="left")
        .join(review, on="id", how="left")
        .join(first, on="id", how="left")
        .sort("source", "start", "fragment", "id", nulls_last=True)
    )
    return claims.select(*CLAIMS), places.unique(["id", "local", "exact"], keep="first", maintain_order=True).select(
        *EVIDENCE
    )

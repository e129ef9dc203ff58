"""Exports of a build: RDF in four syntaxes, and CSV tables, all byte for byte the same for the same input."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyoxigraph as ox

from kg.entities import local_id
from kg.errors import KgError
from kg.ontology import RDF, Ontology

FORMATS = {"ttl": "kg.ttl", "trig": "kg.trig", "nq": "kg.nq", "jsonld": "kg.nq", "csv": "kg.nq"}
ENDINGS = {
    ".ttl": "ttl",
    ".trig": "trig",
    ".nq": "nq",
    ".jsonld": "jsonld",
    ".json": "jsonld",
    ".csv": "csv",
    "": "csv",
}
SEPARATOR = " | "


def export_format(output: Path | None, given: str | None) -> str:
    """The format asked for, or the one that the output's ending names; Turtle where neither does."""
    if given:
        return given
    if output is None or str(output) == "-":
        return "ttl"
    found = ENDINGS.get(output.suffix)
    if found is None:
        fix = f"end the file in {', '.join(ending for ending in ENDINGS if ending)}, or give --format"
        raise KgError(f"“{output.suffix}” names no format", fix)
    return found


def rdf(build: Path, syntax: str, prefixes: Mapping[str, str]) -> bytes:
    """The graph of a build as `ttl`, `trig`, `nq` or `jsonld`.

    Turtle, TriG and N-Quads are the build's own files; JSON-LD is written from the quads in their order, with the
    prefixes as its context.
    """
    data = (build / FORMATS[syntax]).read_bytes()
    return _jsonld(data, prefixes) if syntax == "jsonld" else data


def _jsonld(data: bytes, prefixes: Mapping[str, str]) -> bytes:
    quads = ox.parse(data, format=ox.RdfFormat.N_QUADS)
    expanded = json.loads(ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b"[]")
    longest = sorted(prefixes.items(), key=lambda pair: -len(pair[1]))

    def short(iri: str) -> str:
        for prefix, namespace in longest:
            rest = iri.removeprefix(namespace)
            if rest != iri and rest and not rest.startswith("//"):
                return f"{prefix}:{rest}"
        return iri

    def compact(node: Any) -> Any:
        if isinstance(node, list):
            found = [compact(each) for each in node]
            return found[0] if len(found) == 1 else found
        if not isinstance(node, dict):
            return node
        if node.keys() == {"@value"}:
            return node["@value"]
        return {short(key): _ids(key, value, short) or compact(value) for key, value in node.items()}

    graph = [compact(node) for node in expanded]
    text = json.dumps({"@context": dict(sorted(prefixes.items())), "@graph": graph}, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def _ids(key: str, value: Any, short: Callable[[str], str]) -> Any:
    """The values of the keywords that hold IRIs, shortened; nothing for any other key."""
    if key == "@type" and isinstance(value, list):
        return [short(each) for each in value]
    return short(value) if key in ("@id", "@type") else None


def tables(build: Path, ontology: Ontology, base: str) -> dict[str, str]:
    """CSV tables by file name: one for each class, and the claims with their evidence and standing.

    A class's table has an id, and a column for each property that identifies its entities or stands in the plain
    view; several values are joined by “ | ”. The columns of claims.csv are those of `data/claims`, with more behind.
    """
    found = {f"{name}.csv": _csv(rows) for name, rows in _entities(build, ontology, base).items()}
    return found | {"claims.csv": _claims(build)}


def _entities(build: Path, ontology: Ontology, base: str) -> dict[str, list[list[str]]]:
    values: dict[str, dict[str, list[str]]] = {}
    for quad in ox.parse((build / "kg.nq").read_bytes(), format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.graph_name, ox.DefaultGraph):
            cells = values.setdefault(quad.subject.value, {})
            cells.setdefault(quad.predicate.value, []).append(_cell(quad.object, base))
    found: dict[str, list[list[str]]] = {}
    classes = {kind.iri: kind.table for kind in ontology.kinds.values()}
    for iri, table in classes.items():
        members = {key: cells for key, cells in values.items() if _cell(ox.NamedNode(iri), base) in cells[RDF + "type"]}
        used = [p for p in dict.fromkeys(ontology.words) if any(p in cells for cells in members.values())]
        header = ["id", *(ontology.words[predicate] for predicate in used)]
        rows = [
            [local_id(key.removeprefix(base)), *(SEPARATOR.join(cells.get(predicate, ())) for predicate in used)]
            for key, cells in sorted(members.items())
        ]
        found[table] = [header, *rows]
    return found


def _cell(term: object, base: str) -> str:
    value: str = term.value  # type: ignore[attr-defined]
    return local_id(value.removeprefix(base)) if value.startswith(base) else value


CLAIM_COLUMNS = (
    *("id", "source", "subject", "property", "value", "precision", "as_of", "claimant", "said", "via", "stance"),
    *("at", "quote", "review", "note", "low", "high", "from", "until", "standing", "origin"),
)


def _claims(build: Path) -> str:
    claims = pl.read_ipc(build / "claims.arrow")
    evidence = pl.read_ipc(build / "evidence.arrow")
    place = pl.when(pl.col("start").is_not_null()).then(pl.concat_str(pl.lit("char="), "start", pl.lit(","), "end"))
    places = evidence.group_by("id", maintain_order=True).agg(
        at=place.otherwise("fragment").str.join(" "), quote=pl.col("exact").str.join(" … ")
    )
    table = claims.join(places, on="id", how="left", maintain_order="left").select(CLAIM_COLUMNS)
    return table.write_csv(line_terminator="\n")


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()

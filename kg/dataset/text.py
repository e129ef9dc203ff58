"""A dataset as text: blocks of N-Quads in reading order, and how they are written as other RDF."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl
import pyoxigraph as ox

from kg.ontology import RDF


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

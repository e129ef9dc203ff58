"""An answer: its rows or triples, as a table for people, in the standard formats, or as a frame."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.entities import local_id
from kg.errors import KgError
from kg.ontology import XSD
from kg.terminal import columns, padded, visible, wrapped

if TYPE_CHECKING:
    import polars as pl

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = tuple[Term | None, ...]

_RESULTS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
}
_GRAPHS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}
_WHOLE = {XSD + "integer", XSD + "nonNegativeInteger", XSD + "int", XSD + "long"}
_REAL = {XSD + "decimal", XSD + "double", XSD + "float"}


@dataclass(frozen=True)
class Answer:
    """The answer to a query.

    `kind` is `select`, `ask` or `graph`. A `select` has `variables` and `rows` (a term or None for each variable), an
    `ask` has `truth`, a `graph` has `triples`. `data` holds rows or truth in SPARQL 1.1 JSON, from which they came.
    """

    kind: str
    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    truth: bool = False
    triples: tuple[ox.Triple, ...] = ()
    base: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    data: bytes = field(default=b"", repr=False)

    def __len__(self) -> int:
        """How many rows or triples there are."""
        return len(self.rows) + len(self.triples)

    def text(self, term: Term | None) -> str:
        """A term as tables show it: an id, a prefixed name, or the text of a literal.

        >>> answer = Answer("select", base="https://example.org/id/", prefixes={"kg": "https://w3id.org/kg-registry/ns#"})
        >>> answer.text(ox.NamedNode("https://example.org/id/person/ana-moor"))
        'person/ana-moor'
        """
        if term is None:
            return ""
        if not isinstance(term, ox.NamedNode):
            return term.value if isinstance(term, ox.Literal) else str(term)
        if self.base and term.value.startswith(self.base):
            return local_id(term.value.removeprefix(self.base))
        for prefix, namespace in self.prefixes.items():
            if namespace and term.value.startswith(namespace) and len(term.value) > len(namespace):
                return f"{prefix}:{term.value.removeprefix(namespace)}"
        return term.value

    def table(self, width: int | None = None) -> str:
        """The answer as a text table; where it does not fit into a width in columns, row by row below each other."""
        if self.kind == "ask":
            return "yes\n" if self.truth else "no\n"
        if self.kind == "graph":
            return self.serialize("ttl").decode()
        if not self.rows:
            return "no rows\n"
        grid = [list(self.variables), *([visible(self.text(term)) for term in row] for row in self.rows)]
        widths = [max(columns(row[i]) for row in grid) for i in range(len(self.variables))]
        if width is not None and sum(widths) + 2 * (len(widths) - 1) > width:
            return _records(grid, width)
        lines = ["  ".join(map(padded, row, widths)).rstrip() for row in grid]
        lines.insert(1, "  ".join("─" * wide for wide in widths))
        return "\n".join(lines) + "\n"

    def serialize(self, syntax: str) -> bytes:
        """Rows as `csv`, `tsv` or `json` (SPARQL 1.1 results), triples as `ttl` or `nt`."""
        if self.kind == "graph":
            form = _GRAPHS.get(syntax)
            if form is None:
                raise KgError(f"a graph cannot be written as {syntax}", "choose ttl or nt")
            return ox.serialize(self.triples, format=form, prefixes=dict(self.prefixes)) or b""
        results = _RESULTS.get(syntax)
        if self.kind == "ask" and syntax != "json":
            raise KgError(f"yes or no cannot be written as {syntax}", "choose table or json")
        if results is None:
            raise KgError(f"rows cannot be written as {syntax}", "choose table, csv, tsv or json")
        parsed = ox.parse_query_results(self.data, format=ox.QueryResultsFormat.JSON)
        return parsed.serialize(format=results) or b""

    def to_polars(self) -> pl.DataFrame:
        """The rows as a frame; a column of numbers, days or truths is typed, any other is text."""
        import polars as pl

        columns = {name: _column([row[i] for row in self.rows], self) for i, name in enumerate(self.variables)}
        return pl.DataFrame(columns, strict=False)


def _column(terms: list[Term | None], answer: Answer) -> list[Any]:
    """The values of a column: typed where all of them are of one sort and can be, else as text."""
    literals = [term for term in terms if isinstance(term, ox.Literal)]
    types = {term.datatype.value for term in literals}
    read = next((read for sort, read in _READERS if types and types <= sort), None)
    if read is not None and len(literals) == sum(term is not None for term in terms):
        try:
            return [read(term.value) if isinstance(term, ox.Literal) else None for term in terms]
        except (ValueError, KeyError):
            pass  # days with a time zone, numbers beyond 64 bits: they stay as they are written
    return [None if term is None else answer.text(term) for term in terms]


def _whole(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


_READERS: tuple[tuple[set[str], Callable[[str], Any]], ...] = (
    (_WHOLE, _whole),
    (_WHOLE | _REAL, float),
    ({XSD + "date"}, datetime.date.fromisoformat),
    ({XSD + "boolean"}, {"true": True, "1": True, "false": False, "0": False}.__getitem__),
)


def _records(grid: list[list[str]], width: int) -> str:
    """The rows below each other, each cell that holds anything on a line of its own."""
    names, *rows = grid
    wide = max(map(columns, names))
    room = max(width - wide - 2, 20)
    blocks = []
    for row in rows:
        lines = []
        for name, cell in zip(names, row, strict=True):
            labels = [name, *[""] * len(cell)]
            lines += [
                f"{padded(label, wide)}  {part}" for label, part in zip(labels, wrapped(cell, room), strict=False)
            ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"

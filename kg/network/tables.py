"""The nodes and edges of a network as polars frames, and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.network.graph import edge_data, joined, node_data
from kg.network.network import Network

if TYPE_CHECKING:
    import polars as pl

_NODE = ("id", "label", "kind", "sort", "iri", "series", "since", "until", "text")
_EDGE = ("source", "target", "relation", "predicate", "stance", "weight", "since", "until")
_LISTS = ("disputes", "claims")
TABLES = ("nodes.csv", "edges.csv")


def node_table(network: Network) -> pl.DataFrame:
    """A row for each node; `disputes` and `claims` are lists of texts, all else is text."""
    import polars as pl

    schema = dict.fromkeys(_NODE, pl.String()) | dict.fromkeys(_LISTS, pl.List(pl.String()))
    return pl.DataFrame([{"id": node.id, **node_data(node)} for node in network.nodes], schema)


def edge_table(network: Network) -> pl.DataFrame:
    """A row for each edge; `weight` is a number, `disputes` and `claims` are lists of texts."""
    import polars as pl

    texts = dict.fromkeys(_EDGE, pl.String()) | {"weight": pl.Float64()}
    schema = texts | dict.fromkeys(_LISTS, pl.List(pl.String()))
    rows = [{"source": edge.source, "target": edge.target, **edge_data(edge)} for edge in network.edges]
    return pl.DataFrame(rows, schema)


def to_csv(network: Network) -> dict[str, str]:
    """Both tables as CSV by file name; lists are joined by `|`."""
    return dict(zip(TABLES, map(_csv, (node_table(network), edge_table(network))), strict=True))


def _csv(frame: pl.DataFrame) -> str:
    import polars as pl

    columns = [
        pl.Series(name, [joined(values) for values in frame[name].to_list()], dtype=pl.String()) for name in _LISTS
    ]
    # An empty text would be written as "", which differs from how the other tables leave a cell empty.
    return frame.with_columns(columns).with_columns(pl.col(pl.String).replace("", None)).write_csv(line_terminator="\n")

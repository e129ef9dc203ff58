"""Cytoscape JSON of a network, for Cytoscape and Cytoscape.js."""

from __future__ import annotations

import json

from kg.network.graph import to_networkx
from kg.network.network import Network


def to_cyjs(network: Network) -> bytes:
    """The network as Cytoscape JSON, written by NetworkX; the `name` of a node, which Cytoscape shows, is its label.

    Lists stay lists. `<` is written as `\\u003c`, so that no label ends the script of a page it is put into.
    """
    import networkx as nx

    graph = to_networkx(network)
    # Cytoscape reads an object here, where NetworkX puts pairs; NetworkX reads both.
    written = nx.cytoscape_data(graph, name="label") | {"data": dict(graph.graph)}
    text = json.dumps(written, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    return text.encode() + b"\n"

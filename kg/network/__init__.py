"""Networks: parts of a registry as graphs, each defined by a SPARQL query that ships beside it.

A network is plain rows; it can be measured, searched for paths, and written for the programs that people draw with.
NetworkX belongs to this package alone, as does igraph, which is used where it is installed.
"""

from kg.network.cyjs import to_cyjs
from kg.network.gexf import to_gexf
from kg.network.graph import to_networkx
from kg.network.graphml import to_graphml
from kg.network.metrics import Measures, NodeMeasures, measure
from kg.network.network import Dispute, Edge, Network, Node
from kg.network.paths import Path, Step, between
from kg.network.report import measures_text, path_text
from kg.network.tables import TABLES, edge_table, node_table, to_csv

__all__ = [
    "TABLES",
    "Dispute",
    "Edge",
    "Measures",
    "Network",
    "Node",
    "NodeMeasures",
    "Path",
    "Step",
    "between",
    "edge_table",
    "measure",
    "measures_text",
    "node_table",
    "path_text",
    "to_csv",
    "to_cyjs",
    "to_gexf",
    "to_graphml",
    "to_networkx",
]

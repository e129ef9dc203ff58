"""GEXF 1.3 of a network, for Gephi: with the days on which things came about, so that it has a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from kg.network.graph import edge_data, edge_keys, node_data
from kg.network.graphml import xml_bytes, xml_value
from kg.network.network import Network

_NODE = ("kind", "sort", "iri", "series", "until", "text", "disputes", "claims")
_EDGE = ("relation", "predicate", "stance", "disputes", "claims")


def to_gexf(network: Network) -> bytes:
    """The network as GEXF. Lists are joined by `|`, what is empty is left out.

    An entity starts on the first day on which it may have come about, and does not end: the last such day is its
    `until`. A relation starts and ends with the days for which its claims hold; its label says where it is denied, and
    is also its `kind`, by which Gephi keeps parallel edges apart.

    NetworkX's own writer is not used: it writes today's date and its version, and refuses lists.
    """
    root = Element("gexf", xmlns="http://gexf.net/1.3", version="1.3")
    meta = SubElement(root, "meta")
    for name, text in (("creator", "kg"), ("keywords", network.name), ("description", network.title)):
        SubElement(meta, name).text = xml_value(text)
    graph = SubElement(root, "graph", defaultedgetype="directed", idtype="string", mode="static")
    if any(each.since for each in network.nodes) or any(each.since or each.until for each in network.edges):
        graph.attrib |= {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    for scope, names in (("node", _NODE), ("edge", _EDGE)):
        attributes = SubElement(graph, "attributes", {"class": scope, "mode": "static"})
        for name in names:
            kind = "boolean" if name == "denied" else "string"
            SubElement(attributes, "attribute", id=name, title=name, type=kind)
    nodes = SubElement(graph, "nodes", count=str(len(network.nodes)))
    for node in network.nodes:
        element = SubElement(nodes, "node", _filled(id=node.id, label=node.label, start=node.since))
        _write(element, _NODE, node_data(node))
    edges = SubElement(graph, "edges", count=str(len(network.edges)))
    for number, (key, edge) in enumerate(zip(edge_keys(network), network.edges, strict=True), start=1):
        ends = _filled(id=f"e{number}", source=edge.source, target=edge.target, weight=edge.weight)
        told = _filled(label=key, kind=key, start=edge.since, end=edge.until)
        _write(SubElement(edges, "edge", ends | told), _EDGE, edge_data(edge))
    return xml_bytes(root)


def _filled(**values: str | float) -> dict[str, str]:
    """Attributes as they are written, without those that are empty."""
    return {name: text for name, value in values.items() if (text := xml_value(value))}


def _write(element: Element, names: tuple[str, ...], values: Mapping[str, Any]) -> None:
    written = [(name, text) for name in names if (text := xml_value(values[name]))]
    if written:
        found = SubElement(element, "attvalues")
        for name, text in written:
            SubElement(found, "attvalue", {"for": name, "value": text})

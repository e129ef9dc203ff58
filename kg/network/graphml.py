"""GraphML of a network, for yEd, Gephi, Cytoscape, igraph and NetworkX: valid by the schema, and the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kg.network.graph import edge_data, joined, node_data
from kg.network.network import Network

_SPACE = "http://graphml.graphdrawing.org/xmlns"
_TYPES = {"weight": "double"}
_GRAPH = ("name", "title")
# `name` is the id of an entity, as igraph calls it; the ids of the file cannot hold a slash.
_NODE = ("name", "label", "kind", "sort", "iri", "series", "since", "until", "text", "disputes", "claims")
_EDGE = ("relation", "predicate", "stance", "weight", "since", "until", "disputes", "claims")
# XML 1.0 holds neither these nor, in text, a carriage return: readers make a line end of it.
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_NAME = re.compile(r"[^A-Za-z0-9./_-]|_(?=x[0-9A-F]{4,}_)")


def to_graphml(network: Network) -> bytes:
    """The network as GraphML. Lists are joined by `|`, what is empty is left out.

    NetworkX's own writer is not used: it refuses lists, and its node ids are not valid with a slash in them.
    """
    root = Element("graphml", xmlns=_SPACE)
    for scope, names in (("graph", _GRAPH), ("node", _NODE), ("edge", _EDGE)):
        for name in names:
            kind = {"attr.name": name, "attr.type": _TYPES.get(name, "string")}
            SubElement(root, "key", {"id": f"{scope}.{name}", "for": scope, **kind})
    graph = SubElement(root, "graph", edgedefault="directed")
    _write(graph, "graph", {"name": network.name, "title": network.title})
    for node in network.nodes:
        element = SubElement(graph, "node", id=name_token(node.id))
        _write(element, "node", {"name": node.id, **node_data(node)})
    for number, edge in enumerate(network.edges, start=1):
        ends = {"source": name_token(edge.source), "target": name_token(edge.target)}
        _write(SubElement(graph, "edge", {"id": f"e{number}", **ends}), "edge", edge_data(edge))
    return xml_bytes(root)


def _write(element: Element, scope: str, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if text := xml_value(value):
            SubElement(element, "data", key=f"{scope}.{name}").text = text


def name_token(key: str) -> str:
    """An id as an XML name token: a colon for the slash, and what a token cannot hold by its number.

    >>> name_token("person/ana-moor"), name_token("list/harbour-2031#nurses")
    ('person:ana-moor', 'list:harbour-2031_x0023_nurses')
    """
    return _NO_NAME.sub(lambda found: f"_x{ord(found[0]):04X}_", key).replace("/", ":")


def xml_value(value: str | bool | float | list[str]) -> str:
    r"""A value as XML holds it; characters that it cannot hold are shown by their numbers.

    >>> xml_value(True), xml_value(2.0), xml_value(["claim/1", "claim/2"]), xml_value("a\x0b")
    ('true', '2.0', 'claim/1|claim/2', 'a‹000B›')
    """
    text = str(value).lower() if isinstance(value, bool) else joined(value) if isinstance(value, list) else str(value)
    return _UNFIT.sub(lambda found: f"‹{ord(found[0]):04X}›", text)


def xml_bytes(root: Element) -> bytes:
    """A document in UTF-8, an element on a line."""
    indent(root, " ")
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"

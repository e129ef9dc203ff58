"""Networks in the formats of other programs: complete, valid, and harmless whatever their texts hold."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import igraph
import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.network import (
    Dispute,
    Edge,
    Network,
    Node,
    edge_table,
    node_table,
    to_csv,
    to_cyjs,
    to_gexf,
    to_graphml,
    to_networkx,
)
from kg.network.graph import edge_keys, joined
from kg.network.graphml import name_token

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
GEXF = "{http://gexf.net/1.3}"
HOSTILE = "</script> ]]> \u202eleft\u2066 \x00\x0b\x1b \r\n\t & < > \" ' \ufffe \U0001f600 _x0023_ =1+1 | \\ "
WRITERS = (to_graphml, to_gexf, to_cyjs)

texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from([HOSTILE, "\r", "\n", "|"])
lists = st.lists(texts, max_size=3).map(tuple)
disputes = st.lists(st.builds(Dispute, texts, st.tuples(texts, texts), lists), max_size=2).map(tuple)
days = st.just("") | st.dates().map(str)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Networks with any text in any place."""
    keys = sorted(draw(st.sets(texts.filter(bool) | st.sampled_from(["person/a", "list/x#nurses"]), max_size=4)))
    words = dict.fromkeys(("label", "kind", "sort", "iri", "series", "text"), texts)
    nodes = [
        draw(st.builds(Node, id=st.just(key), since=days, until=days, disputes=disputes, claims=lists, **words))
        for key in keys
    ]
    ends = st.sampled_from(keys) if keys else st.nothing()
    edge = st.builds(
        Edge,
        **{
            "source": ends,
            "target": ends,
            "relation": texts,
            "predicate": texts,
            "stance": st.sampled_from(["asserts", "denies", "cannot-verify"]),
        },
        **{"weight": st.floats(0.001, 1e6), "since": days, "until": days, "disputes": disputes, "claims": lists},
    )
    edges = draw(st.lists(edge, max_size=5)) if keys else []
    return Network(draw(texts), draw(texts), tuple(nodes), tuple(edges))


def _fit(text: str) -> str:
    """A text as XML can hold it, said in another way than the program says it."""
    ends = (("\x00", "\x08"), ("\x0b", "\x0c"), ("\r", "\r"), ("\x0e", "\x1f"), ("\ufffe", "\uffff"))
    return "".join(f"‹{ord(c):04X}›" if any(a <= c <= b for a, b in ends) else c for c in text)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Attributes as XML tells them: lists joined, and nothing that is empty."""
    told = {name: joined(value) if isinstance(value, list) else value for name, value in values.items()}
    return {name: _fit(value) if isinstance(value, str) else value for name, value in told.items() if value != ""}


def _split(text: str) -> list[str]:
    """What was joined by `|`."""
    parts = re.findall(r"((?:[^|\\]|\\.)*)(\||$)", text, re.DOTALL)
    count = next(number for number, (_, end) in enumerate(parts, start=1) if not end)
    return [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part, _ in parts[:count]]


@given(st.lists(texts, min_size=1, max_size=4))
def test_joined_lists_can_be_taken_apart(values: list[str]) -> None:
    """Whatever the values hold, the joined text tells where each ends."""
    assert _split(joined(values)) == values


@given(networks())
def test_graphml_tells_networkx_all(network: Network) -> None:
    """Read by NetworkX, GraphML gives back every attribute of every node and edge."""
    graph = to_networkx(network)
    found = nx.read_graphml(io.BytesIO(to_graphml(network)), force_multigraph=True)
    assert {key: found.graph[key] for key in found.graph if key in ("name", "title")} == _filled(graph.graph)
    assert [data for _, data in found.nodes(data=True)] == [
        _filled({"name": key, **data}) for key, data in graph.nodes(data=True)
    ]
    told = sorted(found.edges(keys=True, data=True), key=lambda edge: int(edge[2][1:]))
    assert [(found.nodes[a]["name"], found.nodes[b]["name"], data) for a, b, _, data in told] == [
        (_fit(edge.source), _fit(edge.target), _filled(graph.edges[edge.source, edge.target, key]))
        for edge, key in zip(network.edges, edge_keys(network), strict=True)
    ]


@given(networks())
def test_graphml_obeys_its_schema(network: Network) -> None:
    """Ids are name tokens and unique, keys are declared once, ends are nodes, and elements stand in their order."""
    root = ElementTree.fromstring(to_graphml(network))
    keys = [key.attrib["id"] for key in root.iter(f"{GRAPHML}key")]
    assert len(keys) == len(set(keys))
    assert [child.tag for child in root] == [f"{GRAPHML}key"] * len(keys) + [f"{GRAPHML}graph"]
    assert {key.attrib["attr.type"] for key in root.iter(f"{GRAPHML}key")} == {"string", "double"}
    nodes = [node.attrib["id"] for node in root.iter(f"{GRAPHML}node")]
    edges = [edge.attrib for edge in root.iter(f"{GRAPHML}edge")]
    ids = [*nodes, *(edge["id"] for edge in edges)]
    # The letters of a name token, as the first edition of XML 1.0 lists them, are more than these; none is less.
    assert all(re.fullmatch(r"[A-Za-z0-9._:-]+", key) for key in [*ids, *keys])
    assert len(nodes) == len(set(nodes)) == len(network.nodes)
    assert {edge[end] for edge in edges for end in ("source", "target")} <= set(nodes)
    for element in (*root.iter(f"{GRAPHML}node"), *root.iter(f"{GRAPHML}edge")):
        used = [data.attrib["key"] for data in element]
        assert len(used) == len(set(used))
        assert set(used) <= set(keys)


@given(st.lists(texts.filter(bool), unique=True, max_size=6))
def test_name_tokens_tell_ids_apart(keys: list[str]) -> None:
    """Two ids never have the same token."""
    assert len({name_token(key) for key in keys}) == len(keys)


def test_graphml_can_be_read_by_igraph(tmp_path: Path) -> None:
    """Read by igraph, entities are found by their ids, and truths and numbers are such."""
    edges = (
        Edge("a/1", "a/2", "heads", "kg:heads", "denies", weight=2.5),
        Edge("a/1", "a/1", "names", claims=("c/1", "c/2")),
    )
    network = Network("n", HOSTILE, (Node("a/1", HOSTILE), Node("a/2", "B")), edges)
    (tmp_path / "n.graphml").write_bytes(to_graphml(network))
    found = igraph.Graph.Read_GraphML(str(tmp_path / "n.graphml"))
    assert found.vs.find(name="a/1")["label"] == _fit(HOSTILE)
    assert found["title"] == _fit(HOSTILE)
    assert (found.es["stance"], found.es["weight"]) == (["denies", "asserts"], [2.5, 1.0])
    assert found.es["claims"] == ["", "c/1|c/2"]
    assert found.get_edgelist() == [(0, 1), (0, 0)]


@given(networks())
def test_gexf_tells_networkx_all(network: Network) -> None:
    """Read by NetworkX, GEXF gives back every attribute of every node and edge, days as starts and ends."""
    graph = to_networkx(network)
    found = nx.read_gexf(io.BytesIO(to_gexf(network)), version="1.3")
    for node in network.nodes:
        data = found.nodes[_fit(node.id)]
        told = {"since": data.pop("start", ""), **data}
        assert {key: value for key, value in told.items() if value} == _filled(graph.nodes[node.id])
    read = {data["id"]: (a, b, data) for a, b, data in found.edges(data=True)}
    for number, (edge, key) in enumerate(zip(network.edges, edge_keys(network), strict=True), start=1):
        first, second, data = read[f"e{number}"]
        assert (first, second) == (_fit(edge.source), _fit(edge.target))
        expected = _filled(graph.edges[edge.source, edge.target, key])
        days = {"start": expected.pop("since", None), "end": expected.pop("until", None)}
        label = {"label": _fit(key)} if key else {}
        filled = {name: value for name, value in days.items() if value}
        assert {name: value for name, value in data.items() if name != "id"} == expected | label | filled


@given(networks())
def test_gexf_obeys_its_schema(network: Network) -> None:
    """A file is dynamic where it has days and only there; attributes are declared, counts are right, ends are nodes."""
    root = ElementTree.fromstring(to_gexf(network))
    meta, graph = root
    assert (root.attrib, meta.attrib) == ({"version": "1.3"}, {})
    assert [child.tag for child in graph] == [GEXF + tag for tag in ("attributes", "attributes", "nodes", "edges")]
    timed = [each for each in graph.iter() if {"start", "end"} & each.attrib.keys()]
    assert (graph.attrib["mode"], graph.get("timeformat")) == (("dynamic", "date") if timed else ("static", None))
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\d", each.get(end, "2031-01-01")) for each in timed for end in ("start", "end")
    )
    declared = {each.attrib["id"] for each in graph.iter(f"{GEXF}attribute")}
    assert {each.attrib["for"] for each in graph.iter(f"{GEXF}attvalue")} <= declared
    nodes, edges = graph[2], graph[3]
    assert (nodes.attrib["count"], edges.attrib["count"]) == (str(len(nodes)), str(len(edges)))
    assert {edge.attrib[end] for edge in edges for end in ("source", "target")} <= {node.attrib["id"] for node in nodes}


def test_gexf_has_a_timeline_that_does_not_end_what_came_about() -> None:
    """An entity starts with the first day it may have come about and stays; a relation has both of its ends."""
    nodes = (Node("a", "A", since="2031-03-01", until="2031-03-31"), Node("b", "B"))
    edges = (
        Edge("a", "b", "heads", since="2031-04-01", until="2031-05-01"),
        Edge("a", "b", "heads", "kg:heads", "denies"),
    )
    text = to_gexf(Network("n", "N", nodes, edges)).decode()
    assert 'mode="dynamic" timeformat="date"' in text
    assert '<node id="a" label="A" start="2031-03-01">' in text
    assert '<attvalue for="until" value="2031-03-31" />' in text
    assert 'label="heads" kind="heads" start="2031-04-01" end="2031-05-01">' in text
    assert 'label="heads (denied)" kind="heads (denied)">' in text


@given(networks())
def test_cytoscape_json_tells_networkx_all(network: Network) -> None:
    """Read by NetworkX, Cytoscape JSON gives back the graph, lists as lists."""
    graph = to_networkx(network)
    found = nx.cytoscape_graph(json.loads(to_cyjs(network)))
    assert found.graph == graph.graph
    assert list(found) == list(graph)
    for key, data in graph.nodes(data=True):
        assert found.nodes[key] == {**data, "id": key, "value": key, "name": data["label"] or key}
    for first, second, key, data in graph.edges(keys=True, data=True):
        assert found.edges[first, second, key] == {**data, "source": first, "target": second, "key": key}
    assert found.number_of_edges() == len(network.edges)


def test_cytoscape_json_has_the_parts_that_cytoscape_reads() -> None:
    """`data` is an object, and each element has its own `data` with texts as ids."""
    network = Network("n", "N", (Node("a/1", "A"), Node("a/2", "B")), (Edge("a/1", "a/2", "heads"),))
    found = json.loads(to_cyjs(network))
    assert found["data"] == {"name": "n", "title": "N"}
    assert [node["data"]["id"] for node in found["elements"]["nodes"]] == ["a/1", "a/2"]
    assert [node["data"]["name"] for node in found["elements"]["nodes"]] == ["A", "B"]
    edge = found["elements"]["edges"][0]["data"]
    assert (edge["source"], edge["target"], edge["relation"]) == ("a/1", "a/2", "heads")


@given(networks())
def test_no_text_ends_a_script(network: Network) -> None:
    """Cytoscape JSON put into a page has no mark-up, whatever the texts say."""
    assert b"<" not in to_cyjs(network)


@given(networks())
def test_tables_hold_all_rows(network: Network) -> None:
    """Frames and CSV have each node and edge with all that is told of it."""
    graph = to_networkx(network)
    nodes, edges = node_table(network), edge_table(network)
    rows = [{"id": key, **data} for key, data in graph.nodes(data=True)]
    assert nodes.to_dicts() == rows
    told = [
        {"source": edge.source, "target": edge.target, **graph.edges[edge.source, edge.target, key]}
        for edge, key in zip(network.edges, edge_keys(network), strict=True)
    ]
    assert edges.to_dicts() == told
    for name, expected in (("nodes.csv", rows), ("edges.csv", told)):
        read = list(csv.DictReader(io.StringIO(to_csv(network)[name], newline="")))
        assert read == [
            {
                column: joined(value)
                if isinstance(value, list)
                else str(value).lower()
                if isinstance(value, bool)
                else pl.select(pl.lit(value)).write_csv(include_header=False).strip()
                if isinstance(value, float)
                else value
                for column, value in row.items()
            }
            for row in expected
        ]


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_an_empty_network_can_be_written(write: Any) -> None:
    """A network of nothing is a file that readers accept, with the same bytes each time."""
    network = Network("nothing", "Nothing", (), ())
    assert write(network) == write(network)
    assert to_csv(network)["nodes.csv"] == "id,label,kind,sort,iri,series,since,until,text,disputes,claims\n"
    assert node_table(network).schema["claims"] == pl.List(pl.String)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_nothing_in_a_file_asks_for_another(write: Any) -> None:
    """No file has a document type, an entity or a place of a schema, so no reader fetches anything."""
    network = Network("n", "N", (Node("a", "<!DOCTYPE x [<!ENTITY y SYSTEM 'z'>]>&y;"),), ())
    written = write(network)
    assert not [word for word in (b"<!DOCTYPE", b"<!ENTITY", b"schemaLocation") if word in written]

"""Networks measured: degrees, betweenness, PageRank, components, communities, cut vertices, and shortest paths."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.network import (
    Dispute,
    Edge,
    Measures,
    Network,
    Node,
    between,
    measure,
    measures_text,
    path_text,
    to_networkx,
)
from kg.network import metrics as metrics_module
from kg.network.fast import IgraphEngine
from kg.network.graph import edge_keys, ties
from kg.network.metrics import DAMPING, SEED, NetworkxEngine

ROOT = Path(__file__).parent.parent


def _network(count: int, edges: list[tuple[int, int, str, bool, float]], name: str = "drawn") -> Network:
    """A network of entities p/00, p/01 … joined by edges between their numbers."""
    nodes = tuple(Node(f"p/{number:02}", f"Person {number}", "person") for number in range(count))
    drawn = (
        Edge(nodes[a].id, nodes[b].id, relation, stance="denies" if denied else "asserts", weight=weight)
        for a, b, relation, denied, weight in edges
    )
    return Network(name, name.capitalize(), nodes, tuple(sorted(drawn, key=lambda e: (e.source, e.target, e.relation))))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Small networks with loops, parallel edges, denials and weights."""
    count = draw(st.integers(0, 9))
    places = st.integers(0, max(count - 1, 0))
    edge = st.tuples(
        places, places, st.sampled_from(["heads", "names"]), st.sampled_from([False, False, True]), st.integers(1, 3)
    )
    return _network(count, draw(st.lists(edge, max_size=18)) if count else [])


def _large(count: int, seed: int = 1) -> Network:
    """A network of so many entities and twice as many relations, a few of them with most of the relations."""
    drawn = random.Random(seed)
    ends = list(range(min(count, 5)))
    edges = []
    for _ in range(2 * count):
        first = drawn.randrange(count)
        second = drawn.choice(ends) if drawn.random() < 0.5 else drawn.randrange(count)
        ends += [first, second]
        edges.append(Edge(f"p/{first:05}", f"p/{second:05}", "names", weight=float(drawn.randint(1, 3))))
    nodes = tuple(Node(f"p/{number:05}", f"Person {number}", "person") for number in range(count))
    return Network("large", "Large", nodes, tuple(edges))


def _told(network: Network) -> nx.MultiDiGraph:
    """The graph of a network without denials and loops."""
    graph = to_networkx(network)
    edges = list(graph.edges(keys=True, data="stance"))
    graph.remove_edges_from([(*ends, key) for *ends, key, stance in edges if stance != "asserts" or ends[0] == ends[1]])
    return graph


def _heaviest(graph: nx.MultiDiGraph, into: nx.Graph) -> nx.Graph:
    """A graph with one edge between two nodes, whose weight is the greatest of theirs."""
    into.add_nodes_from(graph)
    for first, second, weight in graph.edges(data="weight"):
        before = into.get_edge_data(first, second, {"weight": 0.0})["weight"]
        into.add_edge(first, second, weight=max(before, weight))
    return into


def _exact(graph: nx.DiGraph) -> dict[str, float]:
    """PageRank by solving its equations."""
    count = len(graph)
    if not count:
        return {}
    weights = nx.to_numpy_array(graph)
    sums = weights.sum(axis=1, keepdims=True)
    steps = np.where(sums > 0, weights / np.where(sums > 0, sums, 1), 1 / count)
    solved = np.linalg.solve(np.eye(count) - DAMPING * steps.T, np.full(count, (1 - DAMPING) / count))
    return dict(zip(graph, solved, strict=True))


HARBOUR = Network(
    "harbour",
    "Who is joined to whom at the harbour",
    (
        Node("case/dock-2031", "Dock case", "case", since="2031-03-01", until="2031-03-31"),
        Node("organization/harbour-watch", "Harbour Watch", "organization", "association"),
        Node("person/ana-moor", "Ana Moor", "person", claims=("claim/1",)),
        Node("person/jon-brask", "Jon Brask", "person"),
        Node("person/mia-lund", "Mia Lund", "person"),
    ),
    (
        Edge("case/dock-2031", "person/ana-moor", "defendant", weight=2.0, claims=("claim/2", "claim/3")),
        Edge(
            "case/dock-2031",
            "person/jon-brask",
            "defendant",
            since="2031-03-01",
            disputes=(Dispute("arrested", ("2031-03-01", "2031-03-02"), ("claim/4", "claim/9")),),
            claims=("claim/4",),
        ),
        Edge("organization/harbour-watch", "person/ana-moor", "names", claims=("claim/5",)),
        Edge("organization/harbour-watch", "person/mia-lund", "names", "kg:names", "denies", claims=("claim/6",)),
        Edge("person/ana-moor", "organization/harbour-watch", "heads", claims=("claim/7",)),
        Edge("person/ana-moor", "organization/harbour-watch", "heads", "kg:heads", "denies", claims=("claim/8",)),
    ),
)


def test_a_network_in_networkx_has_all_that_the_rows_have() -> None:
    """Nodes, edges and both of their attributes are those of the rows, and the graph has the name and title."""
    graph = to_networkx(HARBOUR)
    assert graph.graph == {"name": "harbour", "title": "Who is joined to whom at the harbour"}
    assert list(graph) == [node.id for node in HARBOUR.nodes]
    assert graph.nodes["case/dock-2031"] == {
        **dict.fromkeys(("sort", "iri", "series", "text"), ""),
        **{"label": "Dock case", "kind": "case", "since": "2031-03-01", "until": "2031-03-31"},
        **{"disputes": [], "claims": []},
    }
    edge = graph.edges["case/dock-2031", "person/jon-brask", "defendant"]
    assert edge["disputes"] == ["arrested: 2031-03-01 ≠ 2031-03-02"]
    assert (edge["since"], edge["weight"], edge["stance"], edge["claims"]) == (
        "2031-03-01",
        1.0,
        "asserts",
        ["claim/4"],
    )
    assert list(graph["person/ana-moor"]["organization/harbour-watch"]) == ["heads", "heads (denied)"]


@given(networks())
def test_no_edge_is_lost_in_networkx(network: Network) -> None:
    """There are as many edges in the graph as in the rows, at each node and in all."""
    graph = to_networkx(network)
    assert graph.number_of_edges() == len(network.edges)
    assert dict(graph.degree) == network.degree


def test_a_relation_that_looks_like_a_key_does_not_overwrite_another() -> None:
    """A relation called “heads 2” and the second one called “heads” are both kept."""
    edges = tuple(Edge("a", "b", relation) for relation in ("heads 2", "heads", "heads"))
    network = Network("n", "N", (Node("a", "A"), Node("b", "B")), edges)
    assert list(edge_keys(network)) == ["heads 2", "heads", "heads 3"]
    assert to_networkx(network).number_of_edges() == 3


@pytest.mark.parametrize("engine", ["networkx", "igraph"])
@given(network=networks())
def test_measures_are_those_of_networkx(engine: str, network: Network) -> None:
    """Each number is what NetworkX finds on the graph without denials, or what its equations give."""
    measures = measure(network, engine)
    graph = _told(network)
    simple = _heaviest(graph, nx.Graph())
    found = {each.node.id: each for each in measures.nodes}
    assert list(found) == sorted(graph)
    assert measures.ties == simple.number_of_edges()
    assert measures.density == pytest.approx(nx.density(simple))
    assert {key for key, each in found.items() if each.cut} == set(nx.articulation_points(simple))
    parts = {frozenset(part) for part in nx.connected_components(simple)}
    assert {frozenset(k for k in found if found[k].component == found[key].component) for key in found} == parts
    assert {key: each.betweenness for key, each in found.items()} == pytest.approx(
        nx.betweenness_centrality(simple), abs=1e-8
    )
    exact = _exact(_heaviest(graph, nx.DiGraph()))
    assert sum(abs(found[key].pagerank - exact[key]) for key in exact) < 1e-9


@given(networks())
def test_degrees_count_relations(network: Network) -> None:
    """What leads in and out makes the degree, and with the denials it is that of the rows."""
    for each in measure(network).nodes:
        assert each.degree == each.indegree + each.outdegree
        assert each.degree + each.denials == network.degree[each.node.id]


@pytest.mark.parametrize("engine", ["networkx", "igraph"])
@given(network=networks())
def test_communities_are_numbered_by_size_and_then_by_id(engine: str, network: Network) -> None:
    """Numbers begin at the largest community, then at the one with the least id, and the modularity is theirs."""
    measures = measure(network, engine)
    members: dict[int, list[str]] = {}
    for each in measures.nodes:
        members.setdefault(each.community, []).append(each.node.id)
    ordered = [members[number] for number in sorted(members)]
    assert ordered == sorted(members.values(), key=lambda ids: (-len(ids), ids[0]))
    assert measures.communities == tuple(map(len, ordered))
    simple = _heaviest(_told(network), nx.Graph())
    expected = nx.community.modularity(simple, ordered) if simple.number_of_edges() else 0.0
    assert measures.modularity == pytest.approx(expected)


def test_engines_agree_on_a_large_network() -> None:
    """On 1,000 entities all numbers are equal within what is promised, and the modularity within a hundredth."""
    network = _large(1_000)
    slow, quick = measure(network, "networkx"), measure(network, "igraph")
    assert (slow.engine, quick.engine) == ("networkx", "igraph")
    for one, other in zip(slow.nodes, quick.nodes, strict=True):
        assert one.betweenness == pytest.approx(other.betweenness, abs=1e-8)
        assert one.pagerank == pytest.approx(other.pagerank, abs=1e-8)
        assert (one.component, one.cut, one.degree) == (other.component, other.cut, other.degree)
    assert (slow.components, slow.ties, slow.sources) == (quick.components, quick.ties, 0)
    assert slow.modularity == pytest.approx(quick.modularity, rel=0.01)


def test_pagerank_is_exact_where_the_default_of_networkx_is_not() -> None:
    """On 1,000 entities the sum of all errors is below 1e-9; NetworkX stops far earlier unless it is told not to."""
    graph = _heaviest(_told(_large(1_000)), nx.DiGraph())
    exact = _exact(graph)
    found = measure(_large(1_000), "networkx")
    assert sum(abs(each.pagerank - exact[each.node.id]) for each in found.nodes) < 1e-9
    loose = nx.pagerank(graph, alpha=DAMPING)
    assert sum(abs(loose[key] - exact[key]) for key in exact) > 1e-5


def test_a_denial_is_no_tie() -> None:
    """Whom only a denial joins is alone, and the denial is counted in a column of its own."""
    mia = measure(HARBOUR).nodes[-1]
    assert (mia.degree, mia.denials, mia.component, mia.betweenness) == (0, 1, 2, 0.0)
    watch = measure(HARBOUR).nodes[1]
    assert (watch.degree, watch.indegree, watch.outdegree, watch.denials) == (2, 1, 1, 2)


def test_parallel_relations_are_one_tie_and_a_loop_is_none() -> None:
    """The weight of a tie is the greatest of its relations, in each direction and in both."""
    edges = [(0, 1, "heads", False, 2.0), (0, 1, "names", False, 1.5), (1, 0, "names", False, 1.0)]
    found = ties(_network(2, [*edges, (0, 0, "names", False, 5.0), (0, 1, "names", True, 7.0)]))
    assert found.arcs == {(0, 1): 2.0, (1, 0): 1.0}
    assert found.pairs == {(0, 1): 2.0}


@pytest.mark.parametrize("engine", ["networkx", "igraph"])
@pytest.mark.parametrize("count", [0, 1, 2])
def test_networks_of_almost_nothing_are_measured(count: int, engine: str) -> None:
    """None, one or two entities without a tie give numbers, not errors."""
    measures = measure(_network(count, [(0, 0, "names", False, 1.0)] if count else []), engine)
    assert measures.components == measures.communities == (1,) * count
    assert (measures.density, measures.modularity, measures.sources) == (0.0, 0.0, 0)
    assert sum(each.pagerank for each in measures.nodes) == pytest.approx(1.0 if count else 0.0)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_cannot_be_measured_is_refused(weight: float) -> None:
    """A weight that is not above zero stops with the relation named."""
    with pytest.raises(KgError, match="p/00 names p/01 has the weight"):
        measure(_network(2, [(0, 1, "names", False, weight)]))


def test_an_unknown_engine_is_refused_with_a_hint() -> None:
    """A name near that of an engine is corrected; else the names are told."""
    with pytest.raises(KgError, match="no engine igraf") as caught:
        measure(HARBOUR, "igraf")
    assert caught.value.fix == "did you mean igraph?"
    with pytest.raises(KgError) as caught:
        measure(HARBOUR, "snap")
    assert caught.value.fix == "choose networkx or igraph"


def test_igraph_that_is_not_there_is_refused_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by name and not installed, igraph stops with the name of the extra."""
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(KgError, match="igraph is not installed") as caught:
        measure(HARBOUR, "igraph")
    assert 'pip install "kg-registry[igraph]"' in caught.value.fix
    assert measure(HARBOUR).engine == "networkx"


def test_a_large_network_is_measured_by_igraph_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the stated size igraph is chosen, up to it NetworkX."""
    monkeypatch.setattr(metrics_module, "LARGE", 5)
    assert measure(HARBOUR).engine == "networkx"
    monkeypatch.setattr(metrics_module, "LARGE", 4)
    assert measure(HARBOUR).engine == "igraph"


def test_an_estimate_is_never_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without igraph betweenness of a large network is estimated, and table, CSV and JSON say from how many."""
    monkeypatch.setitem(sys.modules, "igraph", None)
    monkeypatch.setattr(metrics_module, "LARGE", 20)
    monkeypatch.setattr(metrics_module, "SOURCES", 30)
    measures = measure(_large(60))
    assert (measures.engine, measures.sources) == ("networkx", 30)
    assert measures == measure(_large(60))
    text = measures_text(measures)
    assert "betweenness is estimated from 30 of 60 entities and is rough" in text
    assert json.loads(measures_text(measures, "json"))["sampled"] == 30
    header, first, *_ = measures_text(measures, "csv").splitlines()
    assert dict(zip(header.split(","), first.split(","), strict=True))["sampled"] == "30"
    simple = _heaviest(_told(_large(60)), nx.Graph())
    exact = nx.betweenness_centrality(simple)
    assert max(abs(each.betweenness - exact[each.node.id]) for each in measures.nodes) < 0.2


def test_louvain_of_igraph_leaves_the_draws_of_others_alone() -> None:
    """Looking for communities repeats itself, and the module's own random numbers go on as before."""
    joins = ties(_large(200))
    random.seed(7)
    expected = random.Random(7).random()
    first = IgraphEngine(joins).communities(SEED)
    assert random.random() == expected
    assert [list(group) for group in IgraphEngine(joins).communities(SEED)] == [list(group) for group in first]


_DIGEST = """
import hashlib, sys
sys.path.insert(0, "tests")
from test_network import HARBOUR, _large
from kg.network import *
found = []
for network in (HARBOUR, _large(150)):
    found += [to_graphml(network), to_gexf(network), to_cyjs(network), *(t.encode() for t in to_csv(network).values())]
    for engine in ("networkx", "igraph"):
        measures = measure(network, engine)
        found += [measures_text(measures, syntax).encode() for syntax in ("table", "csv", "json")]
    ends = network.nodes[0].id, network.edges[0].target
    found += [path_text(between(network, *ends), syntax).encode() for syntax in ("table", "csv", "json")]
print([hashlib.sha256(each).hexdigest() for each in found])
"""


def test_hash_seeds_change_nothing() -> None:
    """All formats, measures and paths have the same bytes under any hash seed."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1_000


def _order(graph: nx.Graph, path: list[str]) -> tuple[float, list[str]]:
    """The key by which the best of several shortest paths comes first."""
    return -sum(graph.edges[ends]["weight"] for ends in pairwise(path)), path


@given(networks(), st.data())
def test_a_path_is_the_best_of_the_shortest(network: Network, data: st.DataObject) -> None:
    """Of all shortest paths it is the one with the greatest weight, then the one with the least ids."""
    assume(len(network.nodes) > 1)
    keys = st.sampled_from([node.id for node in network.nodes])
    first, second = data.draw(keys), data.draw(keys)
    assume(first != second)
    graph = _heaviest(_told(network), nx.Graph())
    if not nx.has_path(graph, first, second):
        with pytest.raises(KgError, match="nothing joins"):
            between(network, first, second)
        return
    shortest = list(nx.all_shortest_paths(graph, first, second))
    path = between(network, first, second)
    found = [path.first.id, *(step.end.id for step in path.steps)]
    assert found == min(shortest, key=lambda each: _order(graph, each))
    assert path.ways == len(shortest)
    assert [step.weight for step in path.steps] == [graph.edges[ends]["weight"] for ends in pairwise(found)]
    for step in path.steps:
        ends = {step.start.id, step.end.id}
        assert Counter((*step.edges, *step.denials)) == Counter(
            edge for edge in network.edges if {edge.source, edge.target} == ends
        )


def test_a_path_tells_direction_claims_disputes_and_denials() -> None:
    """Each step shows all relations between the two, which way they lead, and what they rest on."""
    text = path_text(between(HARBOUR, "organization/harbour-watch", "person/jon-brask"))
    assert text == (
        "Harbour Watch (organization/harbour-watch) to Jon Brask (person/jon-brask): 3 steps, the only one that short\n"
        "\n"
        "Harbour Watch (organization/harbour-watch)\n"
        "  ↓ names [claim/5]\n"
        "  ↑ heads [claim/7]\n"
        "  ↑ heads (denied) [claim/8]\n"
        "Ana Moor (person/ana-moor)\n"
        "  ↑ defendant, weight 2 [claim/2, claim/3]\n"
        "Dock case (case/dock-2031)\n"
        "  ↓ defendant, 2031-03-01 to … [claim/4]\n"
        "    disputed: arrested: 2031-03-01 ≠ 2031-03-02\n"
        "Jon Brask (person/jon-brask)\n"
    )


def test_a_path_as_rows_and_as_an_object_has_the_claims() -> None:
    """CSV has a row for each relation of a step, JSON has the steps with their relations."""
    path = between(HARBOUR, "person/ana-moor", "person/jon-brask")
    header, *rows = path_text(path, "csv").splitlines()
    assert header.startswith("step,from,to,source,target,relation,")
    assert rows[0] == (
        "1,person/ana-moor,case/dock-2031,case/dock-2031,person/ana-moor,defendant,,asserts,2.0,,,,claim/2|claim/3"
    )
    found = json.loads(path_text(path, "json"))
    assert (found["from"], found["to"], found["ways"]) == ("person/ana-moor", "person/jon-brask", 1)
    assert [edge["claims"] for step in found["steps"] for edge in step["edges"]] == [
        ["claim/2", "claim/3"],
        ["claim/4"],
    ]


@pytest.mark.parametrize(
    ("first", "second", "message", "fix"),
    [
        ("person/ana-mor", "person/jon-brask", "person/ana-mor is not in", "did you mean person/ana-moor?"),
        ("person/jon-brask", "ana moor", "ana moor is not in", "did you mean person/ana-moor?"),
        ("person/jon-brask", "x", "x is not in the network harbour", "name one of its 5 entities by id"),
        ("person/jon-brask", "person/jon-brask", "both ends of the path are person/jon-brask", "name two entities"),
        (
            *("person/jon-brask", "person/mia-lund", "nothing joins person/jon-brask and person/mia-lund in"),
            "person/jon-brask lies in component 1, of size 4, person/mia-lund lies in component 2, of size 1: "
            "name two of one component, or another network; denials join nothing",
        ),
    ],
)
def test_a_path_that_is_not_there_is_refused_with_the_reason(first: str, second: str, message: str, fix: str) -> None:
    """Who is unknown is corrected, and who is not joined is told in which components they lie."""
    with pytest.raises(KgError, match=message) as caught:
        between(HARBOUR, first, second)
    assert caught.value.fix == fix


def test_measures_are_told_in_a_table() -> None:
    """Above the table stand size, components and communities; its rows are ordered by degree."""
    assert measures_text(measure(HARBOUR), most=3) == (
        "Who is joined to whom at the harbour (harbour)\n"
        "5 entities: person 3, case 1, organization 1\n"
        "6 relations, 2 of them denied; 3 pairs are tied, a density of 0.300\n"
        "2 components of 4, 1\n"
        "2 communities of 4, 1; modularity 0.000\n"
        "\n"
        "name           kind          degree  denials  betweenness  PageRank  community  cut\n"
        "─────────────  ────────────  ──────  ───────  ───────────  ────────  ─────────  ───\n"
        "Ana Moor       person             3        1       0.3333     0.427          1  cut\n"
        "Dock case      case               2        0       0.3333     0.049          1  cut\n"
        "Harbour Watch  organization       2        2       0.0000     0.412          1\n"
        "2 more, with 1 relation or fewer, are left out\n"
    )


def _table(measures: Measures) -> list[str]:
    return measures_text(measures).splitlines()


def test_a_table_tells_of_engines_and_of_nothing() -> None:
    """Another engine than NetworkX is named, a column without denials is left out, and nothing has no table."""
    assert "measured by igraph" in _table(measure(HARBOUR, "igraph"))
    assert not [line for line in _table(measure(_network(3, []))) if "denials" in line]
    assert _table(measure(_network(0, []))) == [
        *("Drawn (drawn)", "0 entities", "0 relations; 0 pairs are tied, a density of 0.000"),
        *("0 components", "0 communities; modularity 0.000", ""),
    ]


def test_many_sizes_are_cut_short_and_counted() -> None:
    """Of more than eight components the rest are counted."""
    assert "12 components of 1, 1, 1, 1, 1, 1, 1, 1 and 4 more" in _table(measure(_network(12, [])))


def test_names_of_others_cannot_disturb_a_terminal() -> None:
    """Marks that cannot be seen are shown by number, long names are cut, and equal names get their ids."""
    labels = ("\x1b[2Jleft\u202eright", "word " * 40, "Jon Brask", "Jon Brask")
    nodes = tuple(Node(f"p/{number}", label) for number, label in enumerate(labels))
    edges = (Edge("p/0", "p/1", "says\nand \x07"), Edge("p/1", "p/2", "says", claims=("claim/\x1b",)))
    network = Network("hostile", "Hostile \u202e", nodes, edges)
    shown = measures_text(measure(network)) + path_text(between(network, "p/0", "p/2"))
    assert not set("\x1b\x07\u202e") & set(shown)
    assert "‹001B›[2Jleft‹202E›right" in shown
    assert "\nword word word word word word word word word word word word…  " in shown
    assert "Jon Brask (p/2)" in shown
    assert "Jon Brask (p/3)" in shown


def test_measures_as_rows_and_as_an_object_are_of_all_entities() -> None:
    """CSV has a row for each entity with all columns, JSON has the same and the numbers of the network."""
    measures = measure(HARBOUR)
    header, *rows = measures_text(measures, "csv", most=1).splitlines()
    assert header == (
        "id,label,kind,degree,indegree,outdegree,denials,betweenness,sampled,pagerank,component,community,cut"
    )
    assert rows[2] == "person/ana-moor,Ana Moor,person,3,2,1,1,0.3333333333,0,0.4270137749,1,1,true"
    found = json.loads(measures_text(measures, "json"))
    assert (found["entities"], found["edges"], found["ties"], found["components"]) == (5, 6, 3, [4, 1])
    assert [node["id"] for node in found["nodes"]] == [node.id for node in HARBOUR.nodes]


def test_an_unknown_format_is_refused() -> None:
    """Measures and paths are a table, CSV or JSON."""
    with pytest.raises(KgError, match="cannot be written as ttl"):
        measures_text(measure(HARBOUR), "ttl")
    with pytest.raises(KgError, match="cannot be written as ttl"):
        path_text(between(HARBOUR, "person/ana-moor", "person/jon-brask"), "ttl")


def test_engines_promise_the_same() -> None:
    """Both engines have a name and say from how many entities they estimate betweenness."""
    joins = ties(HARBOUR)
    engines: list[metrics_module.Engine] = [NetworkxEngine(joins), IgraphEngine(joins)]
    assert [(engine.name, engine.sources) for engine in engines] == [("networkx", 0), ("igraph", 0)]

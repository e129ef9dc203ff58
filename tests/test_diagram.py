"""Diagrams: nothing covers what it is not, everything is told or counted, and the picture is the same bytes."""

from __future__ import annotations

import shutil
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import registry as registries
from kg.diagram import Drawing, Part, bare, drawing, framed, part
from kg.diagram.layout.crossings import crossings
from kg.diagram.routes import Obstacles, routes
from kg.diagram.types import TYPES, type_of, types
from kg.draw.geometry import Segment
from kg.draw.theme import DAY, NIGHT, plain_style
from kg.errors import KgError
from kg.network.network import Dispute, Edge, Network, Node
from kg.network.projections import projections

ROOT = Path(__file__).parent.parent
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</svg><script>alert("x")</script>\u202eesrever ]]> &amp;'
DRAWN = [("five-reports", name) for name in projections()] + [
    (world, name) for world in ("denial", "hostile", "scripts", "twelve-years") for name in ("all", "actors")
]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Draw a projection of a world, or of the project's own registry, once."""

    @cache
    def registry(place: str) -> Any:
        source = ROOT if place == "five-reports" else ROOT / "tests" / "worlds" / place
        folder = tmp_path_factory.mktemp("registry") / place
        shutil.copytree(source / "data", folder / "data")
        return registries.build(folder)

    @cache
    def draw(place: str, name: str) -> Drawing:
        found: Drawing = registry(place).projection(name).drawing
        return found

    return draw


def network(count: int, joins: list[tuple[int, int]], **cells: Any) -> Network:
    """A network of people who know each other."""
    nodes = tuple(Node(f"person/p-{number:03}", f"Person {number}", "person", **cells) for number in range(count))
    edges = tuple(Edge(nodes[one].id, nodes[other].id, "knows") for one, other in joins)
    return Network("people", "People: who knows whom", nodes, edges)


def meet(one: Segment, other: Segment) -> bool:
    """Whether two pieces cross within both."""

    def turn(a: Any, b: Any, c: Any) -> float:
        return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

    (a, b), (c, d) = (one.start, one.end), (other.start, other.end)
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def drawn_crossings(found: Drawing) -> int:
    """How many pairs of ties without a common end cross as they are drawn, bends and all."""
    lines = list(zip(found.strands, found.routes, strict=True))
    crossed = set()
    for (one, way), (other, road) in combinations(lines, 2):
        ties = {one.source, one.target}, {other.source, other.target}
        if (
            not ties[0] & ties[1]
            and way.around.overlaps(road.around)
            and any(meet(piece, bit) for piece in way.segments for bit in road.segments)
        ):
            crossed.add(frozenset(map(frozenset, ties)))
    return len(crossed)


@pytest.mark.parametrize(("place", "name"), DRAWN)
def test_labels_cover_nothing(place: str, name: str, drawn: Any) -> None:
    """No two labels overlap, none stands outside, on a mark or a sign, and each name is told or counted as left out."""
    found = drawn(place, name)
    boxes = [spot.box for spot in found.labels if spot]
    assert len(boxes) + found.unlabelled == len(found.figures)
    for box in boxes:
        assert found.bounds.holds(box)
        assert not any(box.overlaps(mark) for mark in (*found.marks, *found.signed))
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


@pytest.mark.parametrize("name", projections())
def test_every_name_of_the_five_reports_is_told(name: str, drawn: Any) -> None:
    """In the pictures of the project's own registry no name is left out."""
    assert drawn("five-reports", name).unlabelled == 0


@pytest.mark.parametrize(("place", "name"), DRAWN)
def test_marks_stand_apart_and_inside(place: str, name: str, drawn: Any) -> None:
    """No two marks overlap, and none stands outside."""
    found = drawn(place, name)
    assert all(found.bounds.holds(mark) for mark in found.marks)
    assert not any(one.overlaps(other) for one, other in combinations(found.marks, 2))


@pytest.mark.parametrize(("place", "name"), DRAWN)
def test_a_line_runs_through_a_foreign_label_only_where_no_way_is_free(place: str, name: str, drawn: Any) -> None:
    """A line that runs through the label or the mark of a node it does not join has no route that keeps off them."""
    found = drawn(place, name)
    obstacles = Obstacles(found.marks, [spot.box if spot else None for spot in found.labels], found.bounds)
    for strand, way in zip(found.strands, found.routes, strict=True):
        ends = strand.source, strand.target
        if obstacles.cost(way, *ends):
            middles = found.points[ends[0]], found.points[ends[1]]
            assert all(obstacles.cost(other, *ends) for _, other in routes(ends, middles, strand.lane, obstacles))


@pytest.mark.parametrize("name", ["actors", "cases", "all"])
def test_lines_cross_no_more_often_than_in_the_best_of_twenty_spring_layouts(name: str, drawn: Any) -> None:
    """As they are drawn, ties cross at most as often as in the best of 20 spring layouts of NetworkX, bends and all."""
    found = drawn("five-reports", name)
    ties = sorted({_sorted((strand.source, strand.target)) for strand in found.strands})
    graph = nx.Graph(ties)
    graph.add_nodes_from(range(len(found.figures)))
    layouts = (nx.spring_layout(graph, seed=seed) for seed in range(20))
    best = min(crossings([tuple(at[place]) for place in range(len(found.figures))], ties) for at in layouts)
    assert crossings(found.points, ties) <= drawn_crossings(found) <= best


def _sorted(tie: tuple[int, int]) -> tuple[int, int]:
    return min(tie), max(tie)


def test_lists_stand_on_an_axis_in_the_order_of_their_days(drawn: Any) -> None:
    """In the pictures of lists and of all, every edition stands on one line, the earlier left of the later."""
    for name in ("lists", "all"):
        found = drawn("five-reports", name)
        lists = [
            (figure.node.since, at)
            for figure, at in zip(found.figures, found.points, strict=True)
            if figure.node.kind == "list"
        ]
        assert {at[1] for _, at in lists} == {found.arrangement.axis}
        days = [since for since, _ in sorted(lists, key=lambda each: each[1][0])]
        assert days == sorted(days)


@pytest.mark.parametrize(("place", "name"), DRAWN)
def test_lines_stay_inside(place: str, name: str, drawn: Any) -> None:
    """However they bend, lines stay inside the picture."""
    found = drawn(place, name)
    assert all(found.bounds.holds(way.around) for way in found.routes)


def test_a_picture_says_what_sources_disagree_on(drawn: Any) -> None:
    """Beside the list of 357 its two dates stand, and its mark has the sign; denials are dashed."""
    text = framed(drawn("five-reports", "all"))
    assert ">issued: 2024-12-12 ≠ 2025-02-12<" in text
    assert 'class="edge denied"' in text
    root = ElementTree.fromstring(text)
    marked = [each for each in root.iter(f"{SVG}g") if "contested" in (each.get("class") or "").split()]
    assert any(each.get("data-id") == "list/ufppa-2025-02" for each in marked)


def test_each_node_and_each_relation_is_drawn_once(drawn: Any) -> None:
    """The marks of a picture are its nodes, and its lines draw every relation between two nodes once."""
    found = drawn("five-reports", "all")
    root = ElementTree.fromstring(bare(found))
    marks = [each.get("data-node") for each in root.iter(f"{SVG}g") if "node" in (each.get("class") or "").split()]
    assert sorted(map(int, filter(None, marks))) == list(range(len(found.figures)))
    lines = [each.get("data-edge") or "" for each in root.iter(f"{SVG}g") if each.get("data-edge")]
    assert sorted(int(edge) for line in lines for edge in line.split()) == list(range(len(found.part.network.edges)))


def test_hostile_names_stay_text() -> None:
    """Names, relations and disputes that look like markup are text in the picture, their hidden marks shown."""
    nodes = (
        Node("person/a", HOSTILE, "person", disputes=(Dispute(HOSTILE, (HOSTILE, "2"), ()),)),
        Node("person/b", "B", "person"),
    )
    edge = Edge("person/a", "person/b", HOSTILE)
    text = framed(drawing(part(Network("x", HOSTILE, nodes, (edge,)))))
    ElementTree.fromstring(text)
    assert "<script" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("count", [0, 1, 2])
def test_tiny_networks_are_drawn(count: int) -> None:
    """A network of no node, of one, and of two without an edge are pictures that say so."""
    text = framed(drawing(part(network(count, []))))
    ElementTree.fromstring(text)
    assert f"{count} {'entity' if count == 1 else 'entities'} and 0 relations" in text


def test_a_loop_is_counted() -> None:
    """A relation of a thing to itself is not drawn, and the picture says so."""
    text = framed(drawing(part(network(2, [(0, 1), (1, 1)]))))
    assert "1 relation of a thing to itself is not drawn." in text


def test_themes_keep_their_colours() -> None:
    """A picture by day and one by night say their colours plainly; that for a screen follows it."""
    found = drawing(part(network(2, [(0, 1)])))
    day = framed(found, lambda rules: plain_style(rules, DAY))
    night = framed(found, lambda rules: plain_style(rules, NIGHT))
    assert "prefers-color-scheme" not in day + night
    assert ".paper{fill:#ffffff}" in day
    assert ".paper{fill:#11151c}" in night
    assert "prefers-color-scheme:dark" in framed(found)


def test_each_type_has_a_look_of_its_own() -> None:
    """No two types of nodes share their shape, so that they can be told apart without colour."""
    looks = {(each.corners, each.holed) for each in TYPES.values()}
    assert len(looks) == len(TYPES)
    assert type_of(Node("organization/x", "X", "organization", "court")).key == "state-body"
    assert type_of(Node("https://example.org/x", "X")).key == "other"
    assert [each.key for each in types([Node("law/x", "X", "law"), Node("person/x", "X", "person")])] == [
        "person",
        "law",
    ]


def test_a_large_network_is_drawn_in_part() -> None:
    """Above 300 nodes those with the most edges are drawn, and marks tell how many of their neighbours are not."""
    star = [(0, number) for number in range(1, 400)]
    found = part(network(400, star))
    assert len(found.network.nodes) == 100
    assert found.hidden == {"person/p-000": 300}
    text = framed(drawing(found))
    assert "+300" in text
    assert "100 of 400 entities and 99 of 399 relations are drawn: the best connected of each kind." in text


def test_a_part_has_something_of_each_kind() -> None:
    """However many edges the things of one kind have, a part shows the best connected of every kind."""
    lists = tuple(Node(f"list/l-{number:03}", f"List {number}", "list") for number in range(200))
    people = tuple(Node(f"person/p-{number:03}", f"Person {number}", "person") for number in range(200))
    edges = [Edge(lists[number].id, lists[other].id, "follows") for number in range(200) for other in (0, 1, 2)]
    edges += [Edge(lists[number].id, people[number].id, "names") for number in range(200)]
    found = part(Network("x", "X", (*lists, *people), tuple(edges)), most=20)
    assert [node.kind for node in found.network.nodes].count("person") >= 3
    assert "list/l-000" in found.network.by_id


def test_an_ego_network_reaches_as_many_steps_as_asked() -> None:
    """Around an entity its neighbours are drawn, with more steps the neighbours of these, as far as there is room."""
    path = [(number, number + 1) for number in range(9)]
    assert len(part(network(10, path), ["person/p-004"]).network.nodes) == 3
    found = part(network(10, path), ["person/p-004"], steps=2)
    assert [node.id[-1] for node in found.network.nodes] == ["2", "3", "4", "5", "6"]
    assert found.hidden == {"person/p-002": 1, "person/p-006": 1}
    hub = part(network(50, [(0, number) for number in range(1, 50)]), ["person/p-000"], most=10)
    assert len(hub.network.nodes) == 10


def test_around_an_unknown_entity_there_is_nothing() -> None:
    """Whoever asks for the surroundings of an entity that is not in the network is told so, with a hint."""
    with pytest.raises(KgError, match="is not in the network") as error:
        part(network(3, []), ["person/p-0001"])
    assert "did you mean person/p-00" in error.value.fix


@settings(max_examples=15)
@given(st.data())
def test_any_small_network_is_drawn_without_overlaps(data: st.DataObject) -> None:
    """Whatever the names and the edges, labels overlap neither each other nor a mark, and stay inside."""
    count = data.draw(st.integers(1, 12))
    names = data.draw(st.lists(st.text(max_size=60), min_size=count, max_size=count))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    joins = data.draw(st.lists(pairs, max_size=20, unique=True))
    nodes = tuple(Node(f"person/p-{place:02}", name, "person") for place, name in enumerate(names))
    edges = tuple(Edge(nodes[one].id, nodes[other].id, "knows") for one, other in sorted(joins))
    found = drawing(part(Network("x", "X", nodes, edges)))
    boxes = [spot.box for spot in found.labels if spot]
    assert not any(one.overlaps(other) for one, other in combinations([*boxes, *found.marks], 2))
    assert all(found.bounds.holds(box) for box in boxes)
    ElementTree.fromstring(framed(found))


def test_the_whole_is_a_part_that_leaves_nothing_out() -> None:
    """A network of up to 300 nodes is drawn whole."""
    whole = network(300, [])
    assert part(whole) == Part(whole, {}, 300, 0)

"""Layouts: few crossings, no overlaps, days in order on one line, and the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.diagram.layout.arrange import Arrangement, Body, arrange
from kg.diagram.layout.crossings import crossings
from kg.diagram.layout.dice import Dice
from kg.diagram.layout.pack import Shape, pack, rows
from kg.diagram.layout.planar import faces, planar
from kg.diagram.layout.polish import overlapping, part
from kg.diagram.layout.scene import UNDER, Rooms, snapped
from kg.diagram.layout.start import Task, begin
from kg.diagram.layout.stress import distances, spread
from kg.diagram.layout.ties import Ties
from kg.diagram.layout.timeline import stand, timeline
from kg.draw.geometry import Box, Point, Segment

Pairs = list[tuple[int, int]]
BODY = Body(7, 7, 90, 26)
AIR = 5.75  # six units less what a grid of eighths may take
SEEDS = range(20)


def _room(body: Body, at: Point) -> Box:
    """The box around a mark and the label below it."""
    half, (x, y) = max(body.across, body.width / 2), at
    return Box(x - half, y - body.down, x + half, y + body.down + UNDER + body.height)


def _rooms(bodies: Sequence[Body], found: Arrangement) -> list[Box]:
    return [_room(body, at) for body, at in zip(bodies, found.points, strict=True)]


def _overlaps(bodies: Sequence[Body], found: Arrangement) -> list[tuple[Box, Box]]:
    boxes = [room.grown(AIR / 2) for room in _rooms(bodies, found)]
    return [(one, other) for one, other in combinations(boxes, 2) if one.overlaps(other)]


def _sparse(size: int, count: int, seed: int) -> Pairs:
    dice, found = Dice(seed), set[tuple[int, int]]()
    while len(found) < count:
        one, other = dice.below(size), dice.below(size)
        found |= {(min(one, other), max(one, other))} if one != other else set()
    return sorted(found)


def _tree(size: int, seed: int) -> Pairs:
    dice = Dice(seed)
    return [(dice.below(node), node) for node in range(1, size)]


def _hubs(leaves: Iterable[int]) -> Pairs:
    """Hubs in a ring, each with some leaves."""
    counts = list(leaves)
    found = [(hub, (hub + 1) % len(counts)) for hub in range(len(counts))]
    node = len(counts)
    for hub, count in enumerate(counts):
        found += [(hub, each) for each in range(node, node + count)]
        node += count
    return found


def _grid(wide: int, high: int) -> Pairs:
    across = [(row * wide + at, row * wide + at + 1) for row in range(high) for at in range(wide - 1)]
    return across + [(node, node + wide) for node in range(wide * (high - 1))]


def _complete(size: int) -> Pairs:
    return list(combinations(range(size), 2))


def _size(pairs: Pairs) -> int:
    return 1 + max((node for pair in pairs for node in pair), default=0)


def _laid(pairs: Pairs) -> Arrangement:
    return arrange([BODY] * _size(pairs), pairs)


def _springs(pairs: Pairs) -> int:
    """The crossings of the best of twenty spring layouts."""
    graph = nx.Graph(sorted(pairs))
    graph.add_nodes_from(range(_size(pairs)))
    layouts = (nx.spring_layout(graph, seed=seed) for seed in SEEDS)
    whole = ([tuple(round(float(each) * 2**20) for each in at[node]) for node in range(len(graph))] for at in layouts)
    return min(crossings([(x, y) for x, y in points], pairs) for points in whole)


sizes = st.integers(1, 14)
numbers = st.one_of(st.integers(-6, 6).map(float), st.floats(-1e6, 1e6, allow_nan=False))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Pairs]:
    """A small graph with parallel ties and loops."""
    size = draw(sizes)
    ends = st.integers(0, size - 1)
    return size, draw(st.lists(st.tuples(ends, ends), max_size=2 * size))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Body], Pairs]:
    """Bodies of many sizes, some of them with a day, and ties between them."""
    size, pairs = draw(graphs())
    days = st.one_of(st.none(), st.none(), st.integers(738000, 738400))
    parts = st.integers(3, 14), st.integers(3, 14), st.integers(0, 130), st.integers(0, 56)
    return [Body(*(draw(part) for part in parts), draw(days)) for _ in range(size)], pairs


@st.composite
def trees(draw: st.DrawFn) -> Pairs:
    """A tree in which nodes hang at earlier ones."""
    size = draw(st.integers(2, 28))
    return [(draw(st.integers(0, node - 1)), node) for node in range(1, size)]


def _slow_crossings(points: Sequence[Point], pairs: Pairs) -> int:
    """Pairs of ties that meet, found in fractions by the ends of their projections and the sides of their ends."""
    ties = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    exact = [(Fraction(x), Fraction(y)) for x, y in points]

    def side(a: int, b: int, c: int) -> int:
        (ax, ay), (bx, by), (cx, cy) = exact[a], exact[b], exact[c]
        turn = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        return (turn > 0) - (turn < 0)

    def on(a: int, b: int, c: int) -> bool:
        return all(min(exact[a][k], exact[b][k]) <= exact[c][k] <= max(exact[a][k], exact[b][k]) for k in (0, 1))

    def meets(a: int, b: int, c: int, d: int) -> bool:
        sides = side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
        if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
            return True
        ends = (a, b, c), (a, b, d), (c, d, a), (c, d, b)
        return any(turn == 0 and on(*end) for turn, end in zip(sides, ends, strict=True))

    return sum(meets(*one, *other) for one, other in combinations(ties, 2) if not {*one} & {*other})


@given(graphs(), st.data())
def test_crossings_are_exact(graph: tuple[int, Pairs], data: st.DataObject) -> None:
    """Crossings are those that fractions find, also where ties touch, lie in line, or miss each other by one bit."""
    size, pairs = graph
    points = data.draw(st.lists(st.tuples(numbers, numbers), min_size=size, max_size=size))
    assert crossings(points, pairs) == _slow_crossings(points, pairs)


def test_ties_that_share_an_end_do_not_cross() -> None:
    """Two ties of one node do not cross, even where one lies on the other; a node on a foreign tie does."""
    points = [(0.0, 0.0), (4.0, 0.0), (2.0, 0.0), (2.0, 2.0)]
    assert crossings(points, [(0, 1), (0, 2)]) == 0
    assert crossings(points, [(0, 1), (2, 3)]) == 1


@settings(max_examples=30)
@given(worlds())
def test_rooms_keep_apart_within_the_picture(world: tuple[list[Body], Pairs]) -> None:
    """No mark or label below it overlaps another or leaves the picture, and all points lie on a grid of eighths."""
    bodies, pairs = world
    found = arrange(bodies, pairs)
    assert not _overlaps(bodies, found)
    assert all(Box(0, 0, found.width, found.height).holds(room) for room in _rooms(bodies, found))
    assert all(float(8 * each).is_integer() for point in found.points for each in point)


@settings(max_examples=30)
@given(worlds())
def test_days_stand_in_order_on_one_clear_line(world: tuple[list[Body], Pairs]) -> None:
    """Bodies with a day stand on the axis in the order of days, and the mark and label of no other touch it."""
    bodies, pairs = world
    found = arrange(bodies, pairs)
    dated = [number for number, body in enumerate(bodies) if body.day is not None]
    assert (found.axis is None) == (found.timeline is None) == (not dated)
    assert {found.points[number][1] for number in dated} <= {found.axis}
    order = sorted(dated, key=lambda number: (bodies[number].day, number))
    places = [found.points[number][0] for number in order]
    assert all(one < other for one, other in pairwise(places))
    if found.axis is not None and found.timeline is not None:
        ends = min(places), max(places)
        for number in set(range(len(bodies))) - set(dated):
            room = _room(bodies[number], found.points[number])
            beside = room.right < ends[0] or room.left > ends[1]
            assert beside or not room.top <= found.axis <= room.bottom
        assert all(found.timeline(one) <= found.timeline(other) for one, other in pairwise(range(737000, 739000, 100)))


@settings(max_examples=15)
@given(trees())
def test_trees_do_not_cross_themselves(pairs: Pairs) -> None:
    """A tree is drawn without crossings."""
    assert crossings(_laid(pairs).points, pairs) == 0


@pytest.mark.parametrize("seed", range(2))
def test_large_trees_do_not_cross_themselves(seed: int) -> None:
    """A tree of ninety nodes is drawn without crossings, and without a tie that comes near a foreign mark."""
    pairs = _tree(90, seed)
    found = _laid(pairs)
    assert crossings(found.points, pairs) == 0
    assert _near_misses(found, pairs) <= 1


def _near_misses(found: Arrangement, pairs: Pairs) -> int:
    """How many ties come near a mark that is not at their ends."""
    marks = [Box(x - 15, y - 15, x + 15, y + 15) for x, y in found.points]
    lines = [(pair, Segment(found.points[pair[0]], found.points[pair[1]])) for pair in pairs]
    return sum(line.within(mark) > 0 for pair, line in lines for at, mark in enumerate(marks) if at not in pair)


PLANAR = {
    "grid": _grid(6, 4),
    "wheel": [*((0, rim) for rim in range(1, 10)), *pairwise(range(1, 10)), (1, 9)],
    "prism": [*_grid(5, 2), (0, 4), (5, 9)],
    "two blocks at one node": [*_complete(4), (3, 4), *((one + 4, other + 4) for one, other in _complete(4))],
    "nested triangles": [(3 * k + a, 3 * k + b) for k in range(4) for a, b in _complete(3)]
    + [(3 * k + a, 3 * k + 3 + a) for k in range(3) for a in range(3)],
    "hubs": _hubs([5, 0, 9, 3, 12]),
}


@pytest.mark.parametrize("name", PLANAR)
def test_planar_graphs_do_not_cross_themselves(name: str) -> None:
    """What can be drawn without crossings is."""
    assert crossings(_laid(PLANAR[name]).points, PLANAR[name]) == 0


@given(graphs())
def test_planarity_is_what_another_library_finds(graph: tuple[int, Pairs]) -> None:
    """A connected graph has faces if it is planar, as many as Euler says, and then its drawing has no crossings."""
    size, pairs = graph
    ties = Ties.among(size, pairs)
    ties = ties.of(ties.reached(0))
    found = faces(ties)
    assert (found is not None) == nx.check_planarity(nx.Graph(list(ties.pairs)))[0]
    places = planar(ties)
    if found is not None and places is not None:
        assert ties.size - len(ties.pairs) + len(found) == 2
        points = [(round(x * 2**22), round(y * 2**22)) for x, y in zip(*places, strict=True)]
        assert crossings(points, ties.pairs) == 0


TANGLED = {
    "K5": _complete(5),
    "K3,3": [(one, other + 3) for one in range(3) for other in range(3)],
    "K9": _complete(9),
    "sparse 30": _sparse(30, 40, 1),
    "sparse 63": _sparse(63, 90, 2),
    "sparse 80": _sparse(80, 100, 3),
}


@pytest.mark.parametrize("name", TANGLED)
def test_crossings_are_fewer_than_those_of_springs(name: str) -> None:
    """A layout has no more crossings than the best of twenty spring layouts."""
    pairs = TANGLED[name]
    assert crossings(_laid(pairs).points, pairs) <= _springs(pairs)


def test_crossings_stay_few_around_an_axis() -> None:
    """Editions on an axis, each with names of its own and some of the one before, cross little more than springs."""
    editions = range(6)
    pairs = [*pairwise(editions), *((6 + name % 20, name % 6) for name in range(40))]
    pairs += [(6 + name, 26 + name % 5) for name in range(20)]
    bodies = [Body(20, 10, 90, 14, 738000 + 70 * each) if each in editions else BODY for each in range(31)]
    found = arrange(bodies, pairs)
    assert not _overlaps(bodies, found)
    free = [pair for pair in pairs if not {*pair} <= {*editions}]
    assert crossings(found.points, free) <= 3 * max(_springs(free), 1)


@pytest.mark.parametrize(
    ("size", "pairs"),
    [(1, []), (17, []), (41, [(0, leaf) for leaf in range(1, 41)]), (30, list(pairwise(range(30)))), (9, [(0, 8)] * 3)],
    ids=["one node", "no ties", "a star of forty leaves", "a path", "parallel ties"],
)
def test_extreme_graphs(size: int, pairs: Pairs) -> None:
    """What has hardly any shape of its own is laid out without overlaps and without crossings."""
    found = arrange([BODY] * size, pairs)
    assert not _overlaps([BODY] * size, found)
    assert crossings(found.points, pairs) == 0


def test_nothing_has_no_size() -> None:
    """No bodies make an empty picture."""
    assert arrange([], []) == Arrangement((), 0.0, 0.0)


def test_an_axis_alone() -> None:
    """Bodies that all have a day stand side by side, also where the days are equal, each clear of the next."""
    bodies = [Body(20, 10, 80, 14, day) for day in (738000, 738000, 738000, 738300)]
    found = arrange(bodies, [(0, 1), (0, 3)])
    assert not _overlaps(bodies, found)
    places = [x for x, _ in found.points]
    assert places == sorted(places)
    assert found.timeline is not None
    assert found.timeline(738000) == places[1]


@pytest.mark.parametrize("most", [10_000_000, 0], ids=["with time to move", "in a hurry"])
@pytest.mark.parametrize("pairs", [_tree(12, 1), _complete(7), _sparse(20, 30, 1)], ids=["tree", "K7", "sparse"])
def test_rooms_are_parted_whatever_it_takes(pairs: Pairs, most: int) -> None:
    """Nodes in a heap are moved, pushed or spread until no rooms overlap; what had no crossings has none then."""
    ties = Ties.among(_size(pairs), pairs)
    ties = ties.of(ties.reached(0))
    ones = np.ones(ties.size)
    task = Task(ties, Rooms(7 * ones, 7 * ones, 45 * ones, 26 * ones), (None,) * ties.size, 3e4 * ties.size, 800.0)
    dice = Dice(1)
    scene = begin(task, dice, 1)[0]
    scene.x, scene.y = snapped(scene.x / 6), snapped(scene.y / 6)
    free = not scene.crossed().any()
    part(scene, dice, most)
    assert not len(overlapping(scene)[0])
    assert not free or not scene.crossed().any()


@pytest.mark.parametrize("shape", [0.7, 1.5, 2.5])
def test_the_picture_has_about_the_shape_that_is_asked_for(shape: float) -> None:
    """The picture is about as many times as wide as high as is asked for."""
    pairs = _sparse(40, 56, 5)
    found = arrange([BODY] * 40, pairs, shape=shape)
    assert shape / 1.6 <= found.width / found.height <= shape * 1.6


def test_what_fits_where() -> None:
    """Sixty-three labelled nodes find room in a picture of the size of a screen."""
    found = _laid(_sparse(63, 90, 2))
    assert found.width <= 1450
    assert found.width * found.height <= 1_250_000


def test_layouts_do_not_depend_on_how_ties_are_told() -> None:
    """Order, direction, repetition and loops of ties change nothing."""
    pairs = _sparse(24, 30, 4)
    told = [(other, one) for one, other in reversed(pairs)] + pairs[:5] + [(3, 3)]
    assert arrange([BODY] * 24, pairs) == arrange([BODY] * 24, told)


SCRIPT = """
from kg.diagram.layout.arrange import Body, arrange
pairs = [(k * 7 % 40, (k * k + 3) % 40) for k in range(60)]
days = {0: 738000, 5: 738090, 9: 738400}
print(arrange([Body(6.5, 7, 60 + k % 5 * 13.3, 14, days.get(k)) for k in range(40)], pairs))
print(arrange([Body(6.5, 7, 60 + k % 5 * 13.3, 14) for k in range(40)], pairs[:44]))
"""


def test_layouts_are_the_same_on_every_machine() -> None:
    """Hash seeds do not matter, nor what a processor can do at once."""
    plain = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
    told = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, **more},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, more in (("0", {}), ("1", {}), ("2", plain))
    }
    assert len(told) == 1


def test_a_layout_that_is_known() -> None:
    """These points came out on another machine: whoever changes how layouts are found changes them with intent."""
    pairs = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (4, 0), (1, 5)]
    bodies = [Body(20, 10, 60, 14, 738000), Body(20, 10, 60, 14, 738100), *[Body(6, 6, 50, 14)] * 4]
    assert arrange(bodies, pairs).points == KNOWN


KNOWN: tuple[Point, ...] = (
    (88.75, 144.75),
    (334.5, 144.75),
    (227.875, 68.125),
    (140.0, 26.0),
    (45.0, 75.75),
    (344.75, 209.0),
)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30)), min_size=1, max_size=8), st.integers(0, 900))
def test_places_on_an_axis_are_the_nearest_that_fit(bodies: list[tuple[int, int]], width: int) -> None:
    """Bodies keep their order and their distance; where there is room for true places, these are what they get."""
    days, halves = [day for day, _ in bodies], [float(half) for _, half in bodies]
    places = stand(days, halves, width, 10)
    order = sorted(range(len(days)), key=lambda number: (days[number], number))
    gaps = [halves[one] + halves[other] + 10 for one, other in pairwise(order)]
    assert all(
        places[other] - places[one] >= gap - 1e-6 for (one, other), gap in zip(pairwise(order), gaps, strict=True)
    )
    assert min(places) >= 0
    assert max(places) <= max(width, sum(gaps)) + 1e-6
    first, span = min(days), max(days) - min(days)
    true = [width * (day - first) / span if span else width / 2 for day in days]
    if all(true[other] - true[one] >= gap for (one, other), gap in zip(pairwise(order), gaps, strict=True)):
        assert places == pytest.approx(true)


def test_an_axis_is_straight_between_days_and_goes_on_beyond_them() -> None:
    """A timeline leads through its days, and through the middle of those that share one."""
    line = timeline([30, 10, 10], [90.0, 0.0, 20.0])
    assert [line(day) for day in (10, 20, 30, 40)] == [10.0, 50.0, 90.0, 130.0]
    assert timeline([5], [7.0])(1000) == 7.0


@given(st.lists(st.tuples(st.integers(5, 300), st.integers(5, 200)), min_size=1, max_size=8))
def test_components_are_packed_apart(sides: list[tuple[int, int]]) -> None:
    """Packed components keep apart, and none stands far from the others."""
    shapes = [Shape((Box(0, 0, wide, high),)) for wide, high in sides]
    moved = [Box(x, y, x + wide, y + high) for (x, y), (wide, high) in zip(pack(shapes, 1.5), sides, strict=True)]
    assert not any(one.grown(4).overlaps(other) for one, other in combinations(moved, 2))
    room = sum((wide + 40) * (high + 40) for wide, high in sides)
    whole = Box.around(moved)
    longest = max(max(wide, high) + 40 for wide, high in sides)
    assert whole.width * whole.height <= 3 * max(room, longest * longest)


def test_rows_are_even_and_on_one_line() -> None:
    """Nine like things stand in three rows of three rather than four, four and one, with their marks on one line."""
    moves = rows([Shape((Box(-30, -6, 30, 20),))] * 9, 0, 100, 400)
    heights = sorted({y for _, y in moves})
    assert [sum(y == each for _, y in moves) for each in heights] == [3, 3, 3]
    assert heights[0] == 106


def test_what_is_enclosed_is_not_free() -> None:
    """A small component does not stand within the lines of another."""
    ring = [(0.0, 0.0), (600.0, 0.0), (600.0, 600.0), (0.0, 600.0), (0.0, 0.0)]
    rooms = tuple(Box(x - 5, y - 5, x + 5, y + 5) for x, y in ring[:4])
    lines = tuple(Segment(one, other) for one, other in pairwise(ring))
    (_, (x, y)) = pack([Shape(rooms, lines), Shape((Box(0, 0, 20, 20),))], 1.0)
    assert not Box(0, 0, 600, 600).overlaps(Box(x, y, x + 20, y + 20))


def test_stress_brings_neighbours_to_their_distance() -> None:
    """Spread nodes of a path stand about as far apart as they are along it, and held ones where they were."""
    ties = Ties.among(6, pairwise(range(6)))
    far = distances(ties, np.full(5, 100, dtype=np.int64))
    dice = Dice(3)
    x, y = (np.array([[float(dice.below(500)) for _ in range(6)] for _ in range(2)]) for _ in range(2))
    x[:, 0] = y[:, 0] = 40.0
    held = np.arange(6) == 0
    across, down = spread(far, x, y, held, dice)
    assert across[:, 0].tolist() == down[:, 0].tolist() == [40.0, 40.0]
    steps = np.sqrt(np.diff(across, axis=1) ** 2 + np.diff(down, axis=1) ** 2)
    assert np.all(np.abs(steps - 100) < 8)

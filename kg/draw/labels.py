"""Labels that keep apart: each near what it names, none on a mark, on another label or outside, all by computation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.draw.geometry import Box, Segment

_GAP = 3.0
_LEADER_FROM = 11.0  # a label farther from its mark than this is led back to it by a line
_APART = 2.5  # room between two labels
_CELL = (40.0, 24.0)  # of the grid by which near things are found
_ON_A_LINE = 0.22  # cost of each unit of a line under a label
_BESIDE = 12.0  # cost of a leader that crosses a mark or a label
_ROUNDS = 3
_DISTANCES = (0.0, 6.0, 13.0, 21.0, 30.0, 40.0, 52.0, 66.0, 82.0, 100.0, 120.0, 145.0, 170.0, 200.0)


@dataclass(frozen=True)
class Label:
    """A text block that wants a place: how large it is, what it names, and where it would rather stand.

    `sides` are tried in this order, out of `above`, `below`, `right`, `left`, `on`; `reach` is how far from what it
    names it may stand at most, `apart` how far from other marks it would rather stand, lest it seem to name them.
    """

    width: float
    height: float
    names: Box
    sides: tuple[str, ...] = ("above", "below", "right", "left")
    reach: float = 80.0
    apart: float = 0.0


@dataclass(frozen=True)
class Spot:
    """Where a label stands, and the line that leads from it to what it names, if it stands apart."""

    box: Box
    leader: Segment | None = None


class _Boxes:
    """Boxes by the cells of a grid that they touch, so that only near ones are looked at."""

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        self._all: dict[int, Box] = {}
        self._cells: dict[Cell, list[int]] = {}
        for number, box in enumerate(boxes):
            self.put(number, box)

    def put(self, number: int, box: Box) -> None:
        """Put a box under a number that has none."""
        self._all[number] = box
        for cell in _cells(box):
            self._cells.setdefault(cell, []).append(number)

    def take(self, number: int) -> None:
        """Take away the box under a number, if there is one."""
        box = self._all.pop(number, None)
        for cell in _cells(box) if box else ():
            self._cells[cell].remove(number)

    def hit(self, box: Box) -> bool:
        """Whether any box overlaps one."""
        for cell in _cells(box):
            for number in self._cells.get(cell, ()):
                if self._all[number].overlaps(box):
                    return True
        return False

    def near(self, box: Box, except_for: Box) -> int:
        """How many boxes overlap a box, but for one and what stands on it."""
        near = {number for cell in _cells(box) for number in self._cells.get(cell, ())}
        boxes = (self._all[number] for number in near)
        return sum(other.overlaps(box) and not other.overlaps(except_for) for other in boxes)

    def crossed(self, line: Segment, except_for: Box | None = None) -> int:
        """How many boxes a line runs through."""
        near = {number for cell in _cells(_around(line)) for number in self._cells.get(cell, ())}
        boxes = (self._all[number] for number in near)
        return sum(box != except_for and line.within(box) > 0 for box in boxes)


class _Lines:
    """Lines by the cells of a grid that they run through."""

    def __init__(self, lines: Iterable[tuple[Segment, float]]) -> None:
        self._all = list(lines)
        self._cells: dict[Cell, list[int]] = {}
        for number, (line, _) in enumerate(self._all):
            for cell in _cells(_around(line)):
                if line.within(_cell_box(cell)) > 0:
                    self._cells.setdefault(cell, []).append(number)

    def under(self, box: Box) -> float:
        """How much line lies under a box, by weight."""
        near = sorted({number for cell in _cells(box) for number in self._cells.get(cell, ())})
        return sum(self._all[number][0].within(box) * self._all[number][1] for number in near)


Cell = tuple[int, int]


def _cells(box: Box) -> list[Cell]:
    across = range(int(box.left // _CELL[0]), int(box.right // _CELL[0]) + 1)
    down = range(int(box.top // _CELL[1]), int(box.bottom // _CELL[1]) + 1)
    return [(column, row) for column in across for row in down]


def _cell_box(cell: Cell) -> Box:
    (column, row), (width, height) = cell, _CELL
    return Box(column * width, row * height, (column + 1) * width, (row + 1) * height).grown(0.5)


def _around(line: Segment) -> Box:
    (x, y), (u, v) = line.start, line.end
    return Box(min(x, u), min(y, v), max(x, u), max(y, v))


@dataclass
class _Choice:
    """A place that a label may take: what it costs at least, and what turned out once it was looked at."""

    box: Box
    least: float
    free: bool | None = None
    cost: float | None = None
    leader: Segment | None = None


@dataclass(frozen=True)
class _Ground:
    """What labels keep off."""

    marks: _Boxes
    lines: _Lines
    bounds: Box

    def choices(self, label: Label) -> list[_Choice]:
        """Where a label may stand within the bounds, the cheapest first by what is known at once."""
        places = ((cost, Box(left, top, left + label.width, top + label.height)) for left, top, cost in _places(label))
        return [_Choice(box, cost) for cost, box in sorted(places) if self.bounds.holds(box)]

    def is_free(self, choice: _Choice) -> bool:
        """Whether no mark stands there."""
        if choice.free is None:
            choice.free = not self.marks.hit(choice.box)
        return choice.free

    def cost(self, choice: _Choice, label: Label) -> float:
        """What a choice costs, with the lines under it and the marks that its leader crosses."""
        if choice.cost is None:
            # A sign on what it names lies on its line with intent.
            under = 0.0 if choice.box.overlaps(label.names) else self.lines.under(choice.box)
            choice.leader = _leader(choice.box, label.names)
            crossed = self.marks.crossed(choice.leader, label.names) if choice.leader else 0
            beside = self.marks.near(choice.box.grown(label.apart), label.names) if label.apart else 0
            choice.cost = choice.least + _ON_A_LINE * under + _BESIDE * (crossed + beside)
        return choice.cost


def place(
    labels: Sequence[Label], marks: Iterable[Box], lines: Iterable[tuple[Segment, float]], bounds: Box
) -> list[Spot | None]:
    """A spot for each label, or None where there is none free.

    Earlier labels choose first; then each may choose again among what the others left. No spot overlaps another, a
    mark, or the edge of `bounds`; lines are avoided by their weight.
    """
    ground = _Ground(_Boxes(marks), _Lines(lines), bounds)
    choices = [ground.choices(label) for label in labels]
    taken = _Boxes()
    spots: list[Spot | None] = [None] * len(labels)
    for _ in range(_ROUNDS):
        before = list(spots)
        for number, label in enumerate(labels):
            taken.take(number)
            best = _best(choices[number], label, ground, taken)
            spots[number] = Spot(best.box, best.leader) if best else None
            if best:
                taken.put(number, best.box)
        if spots == before:
            break
    return spots


def _best(choices: list[_Choice], label: Label, ground: _Ground, taken: _Boxes) -> _Choice | None:
    """The cheapest choice that is free; a leader through another label is dear, but no obstacle."""
    best: _Choice | None = None
    best_cost = float("inf")
    for choice in choices:
        if choice.least >= best_cost:
            break
        if not ground.is_free(choice) or taken.hit(choice.box.grown(_APART)):
            continue
        cost = ground.cost(choice, label)
        cost += _BESIDE * taken.crossed(choice.leader) if choice.leader else 0
        if cost < best_cost:
            best, best_cost = choice, cost
    return best


def _leader(box: Box, names: Box) -> Segment | None:
    start = box.nearest(names.middle)
    end = names.nearest(start)
    apart = max(abs(start[0] - end[0]), abs(start[1] - end[1]))
    return Segment(start, end) if apart > _LEADER_FROM else None


def _places(label: Label) -> Iterator[tuple[float, float, float]]:
    """Places around what is named: left edge, top edge and cost."""
    for rank, side in enumerate(label.sides):
        for distance in _DISTANCES[:1] if side == "on" else _DISTANCES:
            if distance > label.reach:
                break
            far = 3 + distance / 8 if distance else 0
            for left, top, cost in _beside(label, side, _GAP + distance):
                yield left, top, cost + rank + far


def _beside(label: Label, side: str, gap: float) -> Iterator[tuple[float, float, float]]:
    """Places on one side, in the middle and shifted along it."""
    names, (x, y) = label.names, label.names.middle
    if side == "on":
        yield x - label.width / 2, y - label.height / 2, 0
        return
    if side in ("above", "below"):
        top = names.top - gap - label.height if side == "above" else names.bottom + gap
        room = (label.width + names.width) / 2
        for share in (0.0, 0.35, 0.7, 1.0):
            yield from ((x - label.width / 2 + sign * share * room, top, 2 * share) for sign in _signs(share))
        return
    left = names.right + gap if side == "right" else names.left - gap - label.width
    room = (label.height + names.height) / 2
    for share in (0.0, 0.5, 1.0, 1.7):
        yield from ((left, y - label.height / 2 + sign * share * room, 1.2 * share) for sign in _signs(share))


def _signs(share: float) -> tuple[int, ...]:
    return (-1, 1) if share else (1,)

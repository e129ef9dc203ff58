"""Labels that keep apart: each near what it names, none on a mark, on another label or outside, all by computation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.draw.geometry import Box, Segment

_GAP = 3.0
_LEADER_FROM = 11.0  # a label farther from its mark than this is led back to it by a line
_APART = 2.5  # room between two labels
_COLUMN = 48.0
_ON_A_LINE = 0.22  # cost of each unit of a line under a label
_BESIDE = 12.0  # cost of a leader that crosses a mark or a label
_ROUNDS = 3


@dataclass(frozen=True)
class Label:
    """A text block that wants a place: how large it is, what it names, and where it would rather stand.

    `sides` are tried in this order, out of `above`, `below`, `right`, `left`, `on`; `reach` is how far from what it
    names it may stand at most.
    """

    width: float
    height: float
    names: Box
    sides: tuple[str, ...] = ("above", "below", "right", "left")
    reach: float = 80.0


@dataclass(frozen=True)
class Spot:
    """Where a label stands, and the line that leads from it to what it names, if it stands apart."""

    box: Box
    leader: Segment | None = None


@dataclass(frozen=True)
class _Choice:
    spot: Spot
    cost: float


@dataclass
class _Index:
    """Things by the columns they stand in, so that only near ones are looked at."""

    boxes: dict[int, list[Box]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[int, list[tuple[Segment, float]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, box: Box) -> None:
        for column in _columns(box.left, box.right):
            self.boxes[column].append(box)

    def remove(self, box: Box) -> None:
        for column in _columns(box.left, box.right):
            self.boxes[column].remove(box)

    def add_line(self, line: Segment, weight: float) -> None:
        for column in _columns(*sorted((line.start[0], line.end[0]))):
            self.lines[column].append((line, weight))

    def blocked(self, box: Box) -> bool:
        """Whether anything stands there."""
        return any(other.overlaps(box) for column in _columns(box.left, box.right) for other in self.boxes[column])

    def crossed(self, line: Segment, except_for: Box | None = None) -> int:
        """How many boxes a line runs through."""
        near = {box for column in _columns(*sorted((line.start[0], line.end[0]))) for box in self.boxes[column]}
        return sum(box != except_for and line.within(box) > 0 for box in near)

    def covered(self, box: Box) -> float:
        """How much line lies under a box, by weight."""
        near = dict.fromkeys(each for column in _columns(box.left, box.right) for each in self.lines[column])
        return sum(line.within(box) * weight for line, weight in near)


def _columns(left: float, right: float) -> range:
    return range(int(left // _COLUMN), int(right // _COLUMN) + 1)


def place(
    labels: Sequence[Label], marks: Iterable[Box], lines: Iterable[tuple[Segment, float]], bounds: Box
) -> list[Spot | None]:
    """A spot for each label, or None where there is none free.

    Earlier labels choose first; then each may choose again among what the others left. No spot overlaps another, a
    mark, or the edge of `bounds`; lines are avoided by their weight.
    """
    index = _Index()
    for mark in marks:
        index.add(mark)
    for line, weight in lines:
        index.add_line(line, weight)
    choices = [_choices(label, index, bounds) for label in labels]
    taken = _Index()
    spots: list[Spot | None] = [None] * len(labels)
    for _ in range(_ROUNDS):
        before = list(spots)
        for number, found in enumerate(choices):
            if (spot := spots[number]) is not None:
                taken.remove(spot.box)
            spots[number] = spot = _best(found, taken)
            if spot is not None:
                taken.add(spot.box)
        if spots == before:
            break
    return spots


def _best(choices: list[_Choice], taken: _Index) -> Spot | None:
    """The cheapest choice that is free; a leader through another label is dear, but no obstacle."""
    best: _Choice | None = None
    best_cost = float("inf")
    for choice in choices:
        if choice.cost >= best_cost:
            break
        if taken.blocked(choice.spot.box.grown(_APART)):
            continue
        leader = choice.spot.leader
        cost = choice.cost + (_BESIDE * taken.crossed(leader) if leader else 0)
        if cost < best_cost:
            best, best_cost = choice, cost
    return best.spot if best else None


def _choices(label: Label, index: _Index, bounds: Box) -> list[_Choice]:
    """Where a label may stand, the cheapest first."""
    found = []
    for left, top, cost in _places(label):
        box = Box(left, top, left + label.width, top + label.height)
        if not bounds.holds(box) or index.blocked(box):
            continue
        leader = _leader(box, label.names)
        if not box.overlaps(label.names):  # a sign on what it names lies on its line with intent
            cost += _ON_A_LINE * index.covered(box)
        cost += _BESIDE * index.crossed(leader, label.names) if leader else 0
        found.append(_Choice(Spot(box, leader), cost))
    return sorted(found, key=lambda choice: (choice.cost, choice.spot.box))


def _leader(box: Box, names: Box) -> Segment | None:
    start = box.nearest(names.middle)
    end = names.nearest(start)
    apart = max(abs(start[0] - end[0]), abs(start[1] - end[1]))
    return Segment(start, end) if apart > _LEADER_FROM else None


def _places(label: Label) -> Iterator[tuple[float, float, float]]:
    """Places around what is named: left edge, top edge and cost."""
    for rank, side in enumerate(label.sides):
        distance = 0.0
        while distance <= label.reach:
            far = 3 + distance / 8 if distance else 0
            for left, top, cost in _beside(label, side, _GAP + distance):
                yield left, top, cost + rank + far
            distance += 6 if side in ("above", "below") else 12
            if side == "on":
                break


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
        yield from ((left, y - label.height / 2 + sign * share * room, 2 * share) for sign in _signs(share))


def _signs(share: float) -> tuple[int, ...]:
    return (-1, 1) if share else (1,)

"""How many people stand on both of two lists: what names and totals allow, and no more than that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.diff.editions import Order, Telling
from kg.diff.numbers import Figure, Range
from kg.diff.people import Change, Person, State


@dataclass(frozen=True)
class Size:
    """One list as the overlap needs it: its total, how many people are named on it, and whether these are all."""

    list: str
    total: Figure
    named: int
    complete: bool


@dataclass(frozen=True)
class Limit:
    """A number above which the overlap cannot be: `holds` people on a list, less `off` that the other does not hold.

    `by` tells whether the `total` of the list gives what it holds, or its `names`, all of which are given; `off_by`
    whether the `names` of those who are off are told, or how many were `added` to this list or `removed` from it.
    """

    list: str
    by: str
    holds: int
    off: int
    off_by: str

    @property
    def number(self) -> int:
        """The limit itself."""
        return max(0, self.holds - self.off)


@dataclass(frozen=True)
class Implied:
    """What the overlap would be if all that changed on one side were the number told of it; nobody claims it.

    From the `total` of a list, what was `added` to the later one, or `removed` from the earlier one, is taken.
    """

    list: str
    property: str
    range: Range
    total: Figure
    change: Figure


@dataclass(frozen=True)
class Overlap:
    """How many people are on both lists: the `range` of what is possible.

    At least those `named` on both, if nothing speaks against it: the others whom both name are `disputed`. At most the
    first of `limits`, which are in order, and none where no total is known. `sizes` are the two lists.
    """

    range: Range
    named: int
    disputed: int
    limits: tuple[Limit, ...]
    implied: tuple[Implied, ...]
    sizes: tuple[Size, Size]


def overlap(first: Size, second: Size, people: tuple[Person, ...], order: Order, changed: Telling | None) -> Overlap:
    """How far two lists overlap; `changed` is the later one where it is told to follow the other directly."""
    sides = ((first, [(p, p.first, p.second) for p in people]), (second, [(p, p.second, p.first) for p in people]))
    words = {order.later: "added", order.earlier: "removed"} if changed else {}
    limits: list[Limit] = []
    for size, found in sides:
        named = sum(
            here.state is State.NAMED and (there.state.off or _came_later(p, size.list, order, there.state))
            for p, here, there in found
        )
        word = words.get(size.list, "")
        told = _least(changed, word) if changed else 0
        less = (told, word) if told > named else (named, "names")
        held = [("names", size.named)] if size.complete else []
        held += [] if size.total.range.high is None else [("total", size.total.range.high)]
        limits += [Limit(size.list, by, most, *less) for by, most in sorted(held, key=lambda each: each[::-1])[:1]]
    ordered = sorted(limits, key=lambda each: (each.number, each.list, each.by))
    implied = _implied({first.list: first, second.list: second}, words, changed) if changed else ()
    both = sum(each.change is Change.KEPT for each in people)
    within = Range(both, ordered[0].number if ordered else None)
    on = sum(each.first.state.on and each.second.state.on for each in people)
    return Overlap(within, both, on - both, tuple(ordered), tuple(implied), (first, second))


def _came_later(person: Person, here: str, order: Order, there: State) -> bool:
    """Whether a person of the later list is said to stand on it, or on an edition between, for the first time."""
    return here == order.later and person.change is Change.ADDED and there is State.UNKNOWN


def _least(changed: Telling, word: str) -> int:
    """How many at least were added or removed; groups may share people, so that the largest of them counts."""
    figures = [changed.figure(word, group) for group in ("", *changed.groups())]
    return max(figure.range.low or 0 for figure in figures)


def _implied(sizes: Mapping[str, Size], words: Mapping[str, str], changed: Telling) -> Iterator[Implied]:
    for key, word in words.items():
        total, change = sizes[key].total, changed.figure(word)
        if change.holding and total.holding:
            yield Implied(key, word, total.range.less(change.range), total, change)

"""Which nodes are tied: the bare graph under a layout, its components, its branches and what hangs at a node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

Tie = tuple[int, int]


@dataclass(frozen=True)
class Ties:
    """Pairs of different nodes, each pair once and the lesser number first, among `size` nodes."""

    size: int
    pairs: tuple[Tie, ...]

    @classmethod
    def among(cls, size: int, pairs: Iterable[Sequence[int]]) -> Ties:
        """The ties that some pairs make: parallel ones are one, and what leads back to its node is none.

        >>> Ties.among(3, [(2, 1), (1, 2), (0, 0)]).pairs
        ((1, 2),)
        """
        return cls(size, tuple(sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})))

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """The nodes to which each node is tied, in order."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for one, other in self.pairs:
            found[one].append(other)
            found[other].append(one)
        return tuple(map(tuple, found))

    def of(self, nodes: Sequence[int]) -> Ties:
        """The ties among some nodes, which are numbered by their places."""
        places = {node: place for place, node in enumerate(nodes)}
        pairs = ((places[one], places[other]) for one, other in self.pairs if one in places and other in places)
        return Ties.among(len(nodes), pairs)

    def reached(self, start: int, without: frozenset[int] = frozenset()) -> tuple[int, ...]:
        """The nodes to which a walk comes from one, itself too, in order, if it keeps off others.

        >>> Ties.among(4, [(0, 1), (1, 2), (2, 3)]).reached(0, without=frozenset({2}))
        (0, 1)
        """
        seen, todo = {start}, [start]
        while todo:
            fresh = [node for node in self.neighbours[todo.pop()] if node not in seen and node not in without]
            seen.update(fresh)
            todo += fresh
        return tuple(sorted(seen))

    def parts(self, without: frozenset[int] = frozenset()) -> Iterator[tuple[int, ...]]:
        """The connected parts that are left without some nodes, by their first nodes."""
        seen = set(without)
        for node in range(self.size):
            if node not in seen:
                part = self.reached(node, without)
                seen.update(part)
                yield part

    def branches(self, held: frozenset[int]) -> tuple[int | None, ...]:
        """For each node of a tree that hangs at the rest, the node at which it hangs; None for those of the rest.

        Of what is one tree, something about its middle is left as the rest. Nodes that are held hang nowhere.

        >>> Ties.among(5, [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4)]).branches(frozenset())
        (None, None, None, 2, 3)
        """
        found: list[int | None] = [None] * self.size
        degree = [len(near) for near in self.neighbours]
        ends = [node for node in range(self.size) if degree[node] == 1 and node not in held]
        for node in ends:
            root = next((near for near in self.neighbours[node] if found[near] != node and degree[near]), None)
            if root is None or degree[node] != 1:
                continue
            found[node] = root
            degree[node] = 0
            degree[root] -= 1
            if degree[root] == 1 and root not in held:
                ends.append(root)
        return tuple(found)


def hanging(node: int, at: Sequence[int | None], ties: Ties) -> tuple[int, ...]:
    """A node with all that hangs at it, itself first."""
    found = [node]
    for each in found:
        found += [near for near in ties.neighbours[each] if at[near] == each]
    return tuple(found)

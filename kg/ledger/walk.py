"""Walks along pairs: what comes before what, what prevails over what, what is part of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def reached(start: str, steps: Mapping[str, Iterable[str]]) -> set[str]:
    """All that a walk comes to; where it starts from itself only if it leads back there.

    >>> sorted(reached("c", {"c": ["b"], "b": ["a"]})), sorted(reached("a", {"a": ["b"], "b": ["a"]}))
    (['a', 'b'], ['a', 'b'])
    """
    return reached_from([start], steps)


def reached_from(starts: Iterable[str], steps: Mapping[str, Iterable[str]]) -> set[str]:
    """All that walks from several nodes come to, these among it only where a walk leads to them.

    >>> sorted(reached_from(["c", "b"], {"c": ["b"], "b": ["a"]}))
    ['a', 'b']
    """
    found: set[str] = set()
    todo = list(starts)
    while todo:
        fresh = set(steps.get(todo.pop(), ())) - found
        found |= fresh
        todo += fresh
    return found


def circular(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs that are part of a circle, in order: those whose second leads back to its first.

    >>> circular([("a", "b"), ("b", "c"), ("c", "b"), ("d", "d")])
    [('b', 'c'), ('c', 'b'), ('d', 'd')]
    """
    steps: dict[str, list[str]] = {}
    for first, second in (ordered := sorted(set(pairs))):
        steps.setdefault(first, []).append(second)
    circle = circles(steps)
    return [(first, second) for first, second in ordered if circle[first] == circle[second]]


def circles(steps: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """A number for each node: the same for nodes that lead to each other (Tarjan 1972, without recursion).

    >>> found = circles({"a": ["b"], "b": ["c"], "c": ["b"]})
    >>> found["b"] == found["c"], found["a"] == found["b"]
    (True, False)
    """
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    found: dict[str, int] = {}
    open_: list[str] = []
    for start in steps:
        way = [] if start in number else [(start, iter(steps[start]))]
        while way:
            node, rest = way[-1]
            if node not in number:
                number[node] = low[node] = len(number)
                open_.append(node)
            fresh = None
            for other in rest:
                if other not in number:
                    fresh = other
                    break
                if other not in found:
                    low[node] = min(low[node], number[other])
            if fresh is not None:
                way.append((fresh, iter(steps.get(fresh, ()))))
                continue
            way.pop()
            if way:
                low[way[-1][0]] = min(low[way[-1][0]], low[node])
            if low[node] == number[node]:
                _close(node, open_, found, number[node])
    return found


def _close(node: str, open_: list[str], found: dict[str, int], circle: int) -> None:
    """Give all nodes that were met since one the number of its circle."""
    while node not in found:
        found[open_.pop()] = circle

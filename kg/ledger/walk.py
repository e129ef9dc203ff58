"""Walks along pairs: what comes before what, what prevails over what, what is part of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def reached(start: str, steps: Mapping[str, Iterable[str]]) -> set[str]:
    """All that a walk comes to; where it starts from itself only if it leads back there.

    >>> sorted(reached("c", {"c": ["b"], "b": ["a"]})), sorted(reached("a", {"a": ["b"], "b": ["a"]}))
    (['a', 'b'], ['a', 'b'])
    """
    found: set[str] = set()
    todo = [start]
    while todo:
        fresh = set(steps.get(todo.pop(), ())) - found
        found |= fresh
        todo += fresh
    return found

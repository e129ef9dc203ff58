"""Chance that falls the same way everywhere: a small generator of integers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

_Item = TypeVar("_Item")
_FACTOR, _STEP, _SIZE = 6364136223846793005, 1442695040888963407, 1 << 64  # Knuth's MMIX


class Dice:
    """A generator of integers, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * _FACTOR + _STEP) % _SIZE

    def below(self, count: int) -> int:
        """A number from zero to one less than a count.

        >>> Dice(1).below(6) == Dice(1).below(6), Dice(1).below(1)
        (True, 0)
        """
        self._state = (self._state * _FACTOR + _STEP) % _SIZE
        return (self._state >> 33) * count >> 31

    def shuffled(self, items: Iterable[_Item]) -> list[_Item]:
        """The items in some order."""
        found = list(items)
        for place in range(len(found) - 1, 0, -1):
            other = self.below(place + 1)
            found[place], found[other] = found[other], found[place]
        return found

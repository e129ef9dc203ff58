"""Numbers of people as sources tell them: what they may be, taken together and from each other."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kg.trace import Trace

_LEAST, _MOST = Decimal("-Infinity"), Decimal("Infinity")


@dataclass(frozen=True)
class Range:
    """Whole numbers from `low` to `high`, both included; None is open.

    >>> str(Range(375, 375)), str(Range(198, 218)), str(Range(5))
    ('375', '198 to 218', 'at least 5')
    """

    low: int | None = None
    high: int | None = None

    def less(self, other: Range) -> Range:
        """What is left when a number of the other range is taken from one of this.

        >>> str(Range(241, 241).less(Range(198, 218)))
        '23 to 43'
        """
        low = None if self.low is None or other.high is None else self.low - other.high
        high = None if self.high is None or other.low is None else self.high - other.low
        return Range(low, high)

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    def __str__(self) -> str:
        return self._told("")

    @property
    def signed(self) -> str:
        """The range as a change: with a plus where it is above nothing.

        >>> Range(9, 9).signed, Range(-1, 3).signed, Range(0, 0).signed
        ('+9', '-1 to +3', '0')
        """
        return self._told("+")

    def _told(self, sign: str) -> str:
        low, high = (None if each is None else f"{sign if each > 0 else ''}{each}" for each in (self.low, self.high))
        if low is None or high is None:
            return f"at least {low}" if low is not None else f"at most {high}" if high is not None else "not known"
        return low if low == high else f"{low} to {high}"


@dataclass(frozen=True)
class Figure:
    """A number as it is told: what it may be, and the claims on it, those that deny or doubt it among them."""

    range: Range = Range()
    claims: tuple[Trace, ...] = ()

    @property
    def holding(self) -> tuple[Trace, ...]:
        """The claims that assert a number and are not set aside."""
        return tuple(each for each in self.claims if each.stance == "asserts" and each.standing != "set-aside")

    @property
    def contested(self) -> bool:
        """Whether claims on it exclude each other and nobody has settled which holds."""
        return any(each.standing == "contested" for each in self.holding)

    @property
    def rough(self) -> bool:
        """Whether nobody tells the number exactly, so that its range is no more than what is meant."""
        return bool(self.holding) and not any(each.value.isdigit() for each in self.holding)


def possible(intervals: Iterable[tuple[Decimal | None, Decimal | None]]) -> Range:
    """The range that a number has by intervals told of it, rounded inwards, since people are whole.

    Intervals that can all be true narrow each other; where some exclude others, each of the ways in which as many as
    can be are true is allowed for. No interval gives an open range.

    >>> str(possible([(Decimal(375), Decimal(375)), (Decimal(300), None)]))
    '375'
    >>> str(possible([(Decimal(8), Decimal(8)), (Decimal(11), Decimal(11)), (Decimal(5), None)]))
    '8 to 11'
    """
    told = [(_LEAST if low is None else low, _MOST if high is None else high) for low, high in intervals]
    if not told:
        return Range()
    together = {frozenset((low, high) for low, high in told if low <= start <= high) for start, _ in told}
    ways = [way for way in together if not any(way < other for other in together)]
    low, high = min(max(low for low, _ in way) for way in ways), max(min(high for _, high in way) for way in ways)
    least, most = None if low == _LEAST else math.ceil(low), None if high == _MOST else math.floor(high)
    # Between 10.45 and 10.5 there is no whole number: the nearest on either side are meant.
    return Range(most, least) if least is not None and most is not None and least > most else Range(least, most)


_MIRRORED = {"at least": "at most", "at most": "at least", "more than": "less than", "less than": "more than"}


def net_growth(values: Iterable[str]) -> str:
    """Net growth as it is told, each value as it is meant, with a fall as a fall.

    >>> net_growth(["3", "-5"]), net_growth(["-5..-3"]), net_growth(["about -4"]), net_growth(["-2..6"])
    ('grown by 3 or fallen by 5', 'fallen by 3..5', 'fallen by about 4', 'changed by -2..+6')
    >>> net_growth(["at most -3", "-3", "-4"])
    'fallen by at least 3 or 3 or 4'
    """
    told: dict[str, list[str]] = {}
    for value in values:
        verb, number = _net(value)
        told.setdefault(verb, []).append(number)
    return " or ".join(f"{verb} by {' or '.join(dict.fromkeys(numbers))}" for verb, numbers in told.items())


def _net(value: str) -> tuple[str, str]:
    precision, _, number = value.rpartition(" ")
    low, _, high = number.partition("..")
    if not low.startswith("-"):
        return "grown", value
    if high and not high.startswith("-"):
        return "changed", f"{precision} {low}..{'+' if high.strip('0') else ''}{high}".strip()
    size = f"{high.lstrip('-')}..{low.lstrip('-')}" if high else low.lstrip("-")
    return "fallen", f"{_MIRRORED.get(precision, precision)} {size}".strip()


def grown(growth: Range | None, first: Figure, second: Figure) -> str:
    """By how much the second number is above the first, as text; nothing where it is not known.

    >>> grown(Range(2, 2), Figure(Range(10, 10)), Figure(Range(12, 12)))
    '+2'
    """
    if growth is None:
        return ""
    return f"about {growth.signed}" if growth.exact and (first.rough or second.rough) else growth.signed

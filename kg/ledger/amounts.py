"""Numbers as sources tell them: bounds, the words for them, and the claims behind; and how they are added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache, reduce
from operator import add

from kg.values import number_text

_WORDS = {"at-least": "at least", "more-than": "more than", "at-most": "at most", "less-than": "less than"}


@dataclass(frozen=True)
class Amount:
    """How many, from `low` to `high` (None is open), as claims tell it or as it follows from what they tell.

    `middle` is the number that is meant if it is exact or nearly so, `words` how it is told, if it is told.

    >>> from decimal import Decimal
    >>> (whole(288) - Amount(Decimal("197.6"), Decimal("218.4"), Decimal(208), "about 208")).text
    'about 80 (70 to 90)'
    """

    low: Decimal | None
    high: Decimal | None
    middle: Decimal | None
    words: str = ""
    claims: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The number as a reader would say it."""
        return self.words or _text(self.low, self.high, self.middle)

    @property
    def number(self) -> int | None:
        """The one whole number that it can be, if there is one only."""
        return int(self.low) if self.low is not None and self.low == self.high else None

    def meets(self, other: Amount) -> bool:
        """Whether both can be one number.

        >>> whole(5).meets(whole(6))
        False
        """
        return not (_above(self.low, other.high) or _above(other.low, self.high))

    def narrower(self, other: Amount) -> bool:
        """Whether it allows less than the other, and nothing else."""
        below = other.low is None or (self.low is not None and self.low >= other.low)
        above = other.high is None or (self.high is not None and self.high <= other.high)
        return below and above and (self.low, self.high) != (other.low, other.high)

    def or_more(self) -> Amount:
        """At least as many."""
        return Amount(self.low, None, None, claims=self.claims)

    def or_less(self) -> Amount:
        """At most as many."""
        return Amount(None, self.high, None, claims=self.claims)

    def __add__(self, other: Amount) -> Amount:
        """Both together, resting on the claims of both."""
        low, high = _sum(self.low, other.low), _sum(self.high, other.high)
        return Amount(low, high, _sum(self.middle, other.middle), claims=self.claims + other.claims)

    def __neg__(self) -> Amount:
        low, high = (None if bound is None else -bound for bound in (self.high, self.low))
        return Amount(low, high, None if self.middle is None else -self.middle, claims=self.claims)

    def __sub__(self, other: Amount) -> Amount:
        return self + -other


def whole(number: int) -> Amount:
    """An exact number that rests on no claim."""
    return Amount(Decimal(number), Decimal(number), Decimal(number))


def told(value: str, precision: str, low: str | None, high: str | None, claim: str) -> Amount:
    """The number that a claim tells.

    >>> told("208", "about", "197.6", "218.4", "9f2c").text, told("6..7", "exact", "6", "7", "9f2c").text
    ('about 208', '6 to 7')
    """
    least, most = (None if bound is None else _number(bound) for bound in (low, high))
    middle = _number(value) if precision in ("exact", "about") and ".." not in value else None
    text = value.replace("..", " to ")
    text = text if precision == "exact" else f"{_WORDS.get(precision, precision)} {text}"
    return Amount(least, most, middle, text, (claim,))


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal:
    return Decimal(text)


def agreed(amounts: Iterable[Amount]) -> Amount:
    """One number that is told several times: what all allow or, where they exclude each other, what any allows.

    What only says less exactly what another says adds nothing.

    >>> agreed([whole(303), whole(300).or_more()]).text, agreed([whole(8), whole(11), whole(7).or_more()]).text
    ('303', '8 to 11')
    """
    several = list(amounts)
    if len(several) == 1:
        return several[0]
    claims = tuple(claim for each in several for claim in each.claims)
    exact = [each for each in several if not any(other.narrower(each) for other in several)]
    lows = [each.low for each in exact if each.low is not None]
    highs = [each.high for each in exact if each.high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if _above(low, high):
        low = min(lows) if len(lows) == len(exact) else None
        high = max(highs) if len(highs) == len(exact) else None
    same = next((each for each in exact if (each.low, each.high) == (low, high)), None)
    return replace(same, claims=claims) if same is not None else Amount(low, high, None, claims=claims)


def together(amounts: Iterable[Amount]) -> Amount:
    """All numbers as one, resting on the claims of all; of none, nothing.

    >>> together([whole(2), whole(3)]).text
    '5'
    """
    several = list(amounts)
    # Claims are joined once: added one by one, they would be copied for each number.
    bare = reduce(add, (replace(each, claims=()) for each in several), whole(0))
    return replace(bare, claims=tuple(claim for each in several for claim in each.claims))


def comes_to(reached: Amount, stated: Amount) -> str:
    """What numbers come to beside what is stated, as one would write it.

    >>> comes_to(whole(304), whole(303)), comes_to(whole(375), whole(375))
    ('= 304 ≠ 303', '= 375')
    """
    return f"= {stated.text}" if reached.meets(stated) else f"= {reached.text} ≠ {stated.text}"


def _text(low: Decimal | None, high: Decimal | None, middle: Decimal | None) -> str:
    """Bounds in words; people are whole, so a range is told by the whole numbers in it."""
    if low is not None and low == high:
        return number_text(low)
    least = low if low is None else low.to_integral_value(ROUND_CEILING)
    most = high if high is None else high.to_integral_value(ROUND_FLOOR)
    if least is not None and most is not None and least > most:
        least, most = low, high
    if least is None or most is None:
        return (
            f"{number_text(least)} or more" if least is not None else f"{number_text(most)} or less" if most else "any"
        )
    span = f"{number_text(least)} to {number_text(most)}"
    return f"about {number_text(middle)} ({span})" if middle is not None else span


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _above(low: Decimal | None, high: Decimal | None) -> bool:
    return low is not None and high is not None and low > high

"""How claims stand to each other: what contradicts, denies or doubts one, and what it denies or doubts itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.trace import Trace

_HOW = {"contested": "contradicted by", "settled": "settled, against", "set-aside": "set aside, against"}
_ALONE = {"settled": "settled", "set-aside": "set aside"}


@dataclass(frozen=True)
class Against:
    """A way in which a claim stands to others: how, the places of those that are told, and how many more there are."""

    how: str
    claims: tuple[int, ...]
    rest: int = 0


def against(traces: Sequence[Trace]) -> Mapping[str, tuple[Against, ...]]:
    """How each of some claims stands to others, by its id."""
    places = {each.claim: place for place, each in enumerate(traces)}
    denying: dict[str, list[str]] = {}
    for each in traces:
        for by in (*each.denied, *each.doubted):
            denying.setdefault(by, []).append(each.claim)
    return {each.claim: tuple(_against(each, denying.get(each.claim, ()), places)) for each in traces}


def _against(each: Trace, denying: Sequence[str], places: Mapping[str, int]) -> Iterator[Against]:
    standing = "contested" if each.standing == "uncontested" else each.standing
    rows = {
        _HOW.get(standing, standing): each.against,
        "denied by": each.denied,
        "doubted by": each.doubted,
        "denies" if each.stance == "denies" else "doubts": denying,
    }
    if not each.against and standing in _ALONE:
        yield Against(_ALONE[standing], ())
    for how, claims in rows.items():
        if claims:
            told = tuple(sorted({places[claim] for claim in claims if claim in places}))
            yield Against(how, told, len(set(claims)) - len(told))

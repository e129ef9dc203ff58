"""Findings on decisions of curators, put at the rows of decisions.csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from kg.check.engines import Result
from kg.check.nearest import nearest
from kg.check.rows import Row, Rows
from kg.check.shapes import Shape
from kg.check.told import Told, lower, place_of, statement
from kg.errors import Place
from kg.identity import Decision
from kg.ledger import Contradiction
from kg.values import Literal
from kg.workspace import Reading

_MOST_AS_NEAR = 3


class Decided:
    """Knows the rows behind decisions, and the claims and entities they are about."""

    def __init__(self, reading: Reading, rows: Rows) -> None:
        self.reading = reading
        self.claims = rows

    def rows(self, focus: str) -> list[Decision]:
        """The rows that make one decision, by file and line; they differ in their reason, author or date."""
        return self._rows.get(focus, [])

    @cached_property
    def _rows(self) -> Mapping[str, list[Decision]]:
        found: dict[str, list[Decision]] = {}
        for decision in sorted(self.reading.decisions, key=lambda each: each.place):
            found.setdefault(decision.local, []).append(decision)
        return found

    # ── settle ──

    def idle(self, _: Result, shape: Shape, focus: str) -> Iterator[Told]:
        """A decision on no contradiction, unless what it names is wrong in a way that another shape tells."""
        for decision in self.rows(focus)[:1]:
            names = [name for name in (decision.first, decision.second) if name]
            claims = self._named(names)
            alike = len({row["predicate"] for row in claims}) == 1
            if alike and len({row["id"] for row in claims}) == len(names):
                related = [*map(place_of, claims), *(other.place for other in self.rows(focus))]
                yield Told(decision.place, f"{decision}: {lower(shape.message)}", tuple(related))

    def _named(self, names: Iterable[str]) -> list[Row]:
        return self.claims.by("id", *(name.removeprefix("claim/") for name in names))

    def opposed(self, _: Result, shape: Shape, focus: str) -> Iterator[Told]:
        """Decisions that lead in a circle, told once, at the first of their rows."""
        claim = focus.removeprefix("claim/")
        found = self._contradictions.get(claim)
        circle = {f"claim/{key}" for key in found.circles.get(claim, ())} if found else set()
        if found is None or not circle:
            return
        within = {d for (_, loser), d in found.prevailing.items() if d.first in circle and f"claim/{loser}" in circle}
        first, *others = sorted(within, key=lambda each: each.place)
        told = "; ".join(f"{other.place}: {other}" for other in others)
        yield Told(first.place, f"{first}: {lower(shape.message)} ({told})", tuple(other.place for other in others))

    @cached_property
    def _contradictions(self) -> Mapping[str, Contradiction]:
        return {key: each for each in self.reading.ledger.contradictions for key in each.members}

    def gone(self, focus: str, more: str, uses: tuple[Place, ...]) -> Iterator[Told]:
        """A claim that decisions name and that is in no table, with the one that was probably made of it.

        `more` is said of how many rows name it, `uses` are these rows. Nothing is told while rows of claims cannot be
        read, for it may be one of them.
        """
        claims = self.reading.claims
        key = focus.removeprefix("claim/")
        if claims.lost:
            return
        if key in claims.turned_down:
            message = f"{focus} was rejected in review, at {claims.turned_down[key]}{more}"
            fix = "remove the row, or change the review of the claim"
            yield Told(uses[0], message, (*uses[1:], claims.turned_down[key]), fix)
            return
        before, near = nearest(claims, self.reading.workspace.build, key, self._beside(focus))
        message, fix = f"{focus} is in no table{more}", "kg trace ENTITY prints the ids of claims; put in the one meant"
        if near:
            told = (f"claim/{row['id']} ({place_of(row)}: {statement(row)})" for row in near[:_MOST_AS_NEAR])
            message += f"; nearest is {', as near is '.join(told)}"
            fix = f"put claim/{near[0]['id']} into the row" if len(near) == 1 else "put the one meant into the row"
        elif before:
            message += f"; the last build had it at {place_of(before)}: {statement(before)}"
            fix = "remove the row"
        yield Told(uses[0], message, (*uses[1:], *map(place_of, near[:_MOST_AS_NEAR])), fix)

    def _beside(self, focus: str) -> list[tuple[Row, frozenset[str]]]:
        """The claims that decisions set beside one, each with the ids of those that exclude it."""
        pairs = [(each.first, each.second) for each in self.reading.decisions if focus in (each.first, each.second)]
        names = {name for pair in pairs for name in pair if name and name != focus}
        found = self._contradictions
        return [
            (row, found[row["id"]].rivals[row["id"]] if row["id"] in found else frozenset())
            for row in self._named(names)
        ]

    # ── same and different ──

    def apart(self, _: Result, shape: Shape, focus: str) -> Iterator[Told]:
        """Two entities held to be different, with the rows by which they are one."""
        for decision in self.rows(focus)[:1]:
            if decision.first == decision.second:
                return
            chain = _chain(self._joined, decision.first, decision.second)
            told = "; ".join(f"{place}: {second} is {first}" for first, second, place in chain)
            related = (*(place for _, _, place in chain), *(other.place for other in self.rows(focus)))
            yield Told(decision.place, f"{decision}: {lower(shape.message)} ({told})", related)

    @cached_property
    def _joined(self) -> list[tuple[str, str, Place]]:
        """What is the same as what, and where that is said: by decisions, and in cells `same_as`."""
        found = [(d.first, d.second, d.place) for d in self.reading.decisions if d.judgement == "same"]
        for entity in self.reading.entities:
            same = [value for term, value in entity.values if term.word == "same_as"]
            found += [(each.text if isinstance(each, Literal) else each, entity.id, entity.place) for each in same]
        return sorted(found, key=lambda link: (link[2], link[0]))


def _chain(links: Iterable[tuple[str, str, Place]], start: str, end: str) -> list[tuple[str, str, Place]]:
    """The fewest links that lead from one id to another; none if none do."""
    beside: dict[str, list[tuple[str, tuple[str, str, Place]]]] = {}
    for link in links:
        first, second, _ = link
        beside.setdefault(first, []).append((second, link))
        beside.setdefault(second, []).append((first, link))
    before: dict[str, tuple[str, tuple[str, str, Place]]] = {}
    todo = [start]
    for key in todo:
        for other, link in beside.get(key, ()):
            if other != start and other not in before:
                before[other] = key, link
                todo.append(other)
    found = []
    while end in before:
        end, link = before[end]
        found.append(link)
    return found[::-1]

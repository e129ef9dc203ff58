"""Who is named on which of two lists, and what is known of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kg.diff.editions import Order, Telling
from kg.entities import Entities
from kg.trace import Trace


class State(StrEnum):
    """How a person stands to a list. Only a list with all its names given tells that somebody is not on it."""

    NAMED = "named"
    REMOVED = "said removed"
    EXCLUDED = "said to be left out"
    DISPUTED = "named, and said to be off it"
    ABSENT = "not on it"
    UNKNOWN = "not known"

    @property
    def off(self) -> bool:
        """Whether the person is known, by all that is told, not to be on the list."""
        return self in (State.REMOVED, State.EXCLUDED, State.ABSENT)


class Change(StrEnum):
    """What becomes of a name from the earlier to the later of two lists."""

    KEPT = "named on both"
    ADDED = "said to be added"
    REMOVED = "said to be removed"


@dataclass(frozen=True)
class Mention:
    """What one list has of a person: the state, the groups (their ids) and the claims behind."""

    state: State
    groups: tuple[str, ...] = ()
    claims: tuple[Trace, ...] = ()


@dataclass(frozen=True)
class Person:
    """A person on two lists; `between` are the claims on editions that came out between them."""

    person: str
    changes: tuple[Change, ...]
    first: Mention
    second: Mention
    between: tuple[Trace, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether both lists name the person, and nothing that is told speaks against it."""
        states = {self.first.state, self.second.state}
        return states == {State.NAMED} and Change.ADDED not in self.changes


_ON, _OFF = ("names", "newName"), ("removedName", "excludes")


def people(
    first: Telling, second: Telling, order: Order, told: Mapping[str, Telling], entities: Entities
) -> tuple[Person, ...]:
    """Everybody whom one of the lists, or an edition between them, is said to name or to leave out, by name."""
    steps = [told[key] for key in order.steps]
    found = {each.value for telling in (first, second, *steps) for each in _mentions(telling)}
    return tuple(
        _person(key, first, second, steps, order, entities)
        for key in sorted(found, key=lambda key: (entities.name(key).casefold(), key))
    )


def _mentions(telling: Telling) -> list[Trace]:
    claims = telling.told(*_ON, *_OFF, group=None)
    return [each for each in claims if each.value.startswith("person/")]


def _person(
    key: str, first: Telling, second: Telling, steps: list[Telling], order: Order, entities: Entities
) -> Person:
    sides = tuple(_mention(key, telling, entities) for telling in (first, second))
    told = [each for step in steps for each in _mentions(step) if each.value == key and each.stance == "asserts"]
    said = {each.property for each in told}
    changes = []
    if all(side.state in (State.NAMED, State.DISPUTED) for side in sides):
        changes.append(Change.KEPT)
    if "newName" in said:
        changes.append(Change.ADDED)
    if "removedName" in said:
        changes.append(Change.REMOVED)
    between = [each for step in steps for each in _mentions(step) if each.value == key and step.list != order.later]
    return Person(key, tuple(changes), sides[0], sides[1], tuple(between))


def _mention(key: str, telling: Telling, entities: Entities) -> Mention:
    claims = tuple(each for each in _mentions(telling) if each.value == key)
    said = {each.property for each in claims if each.stance == "asserts"}
    groups = {each.subject.partition("#")[2] for each in claims if each.property in _ON and each.stance == "asserts"}
    return Mention(
        _state(said, complete=is_complete(telling.list, entities)),
        tuple(f"group/{slug}" for slug in sorted(groups - {""})),
        claims,
    )


def _state(said: set[str], *, complete: bool) -> State:
    off = said & set(_OFF)
    if said & set(_ON):
        return State.DISPUTED if off else State.NAMED
    if off:
        return State.REMOVED if "removedName" in off else State.EXCLUDED
    return State.ABSENT if complete else State.UNKNOWN


def is_complete(key: str, entities: Entities) -> bool:
    """Whether the row of a list says that all its names are given."""
    return key in entities and entities.by_id[key].text("complete") == "true"

"""Who is named on which of two lists, and what is known of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kg.diff.editions import Order, Telling, asserted
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
    def on(self) -> bool:
        """Whether somebody says that the person is on the list."""
        return self in (State.NAMED, State.DISPUTED)

    @property
    def off(self) -> bool:
        """Whether the person is known, by all that is told, not to be on the list."""
        return self in (State.REMOVED, State.EXCLUDED, State.ABSENT)


class Change(StrEnum):
    """What becomes of a name from the earlier to the later of two lists, by what is told of both and between them."""

    KEPT = "named on both"
    ADDED = "said to be added"
    REMOVED = "said to be removed"
    PASSED = "said to be added and off again"
    RETURNED = "said to be removed and back again"
    DISPUTED = "disputed"


@dataclass(frozen=True)
class Names:
    """How many people a list names, against its total.

    `marked` is whether its row says that all names are given; `proposed` are people whom only rows name that nobody has
    accepted yet; `least` is the least that its total may be.
    """

    marked: bool
    named: int
    proposed: int
    least: int

    @property
    def complete(self) -> bool:
        """Whether all names are given, so that absence means something."""
        return self.marked and self.named >= self.least and not self.proposed


@dataclass(frozen=True)
class Mention:
    """What one list has of a person: the state, the groups (their ids) and the claims behind."""

    state: State
    groups: tuple[str, ...] = ()
    claims: tuple[Trace, ...] = ()


@dataclass(frozen=True)
class Person:
    """A person on two lists; `change` is None where nothing is told of one.

    `between` are the claims on editions that came out between the two.
    """

    person: str
    change: Change | None
    first: Mention
    second: Mention
    between: tuple[Trace, ...] = ()


_ON, _OFF = ("names", "newName"), ("removedName", "excludes")


def people(
    first: Telling, second: Telling, order: Order, told: Mapping[str, Telling], entities: Entities
) -> tuple[Person, ...]:
    """Everybody whom one of the lists, or an edition between them, is said to name or to leave out, by name."""
    steps = [told[key] for key in order.steps]
    found = {each.value for telling in (first, second, *steps) for each in _mentions(telling)}
    whole = {each.list: names(each, entities).complete for each in (first, second)}
    return tuple(
        _person(key, first, second, steps, order, whole)
        for key in sorted(found, key=lambda key: (entities.name(key).casefold(), key))
    )


def names(telling: Telling, entities: Entities) -> Names:
    """How many people a list names, and whether these are all."""
    key = telling.list
    named = {each.value for each in _mentions(telling) if each.property in _ON and asserted(each)}
    return Names(
        marked=key in entities and entities.by_id[key].text("complete") == "true",
        named=len(named),
        proposed=len(telling.proposed - named),
        least=telling.figure("count").range.low or 0,
    )


def _mentions(telling: Telling) -> list[Trace]:
    claims = telling.told(*_ON, *_OFF, group=None)
    return [each for each in claims if each.value.startswith("person/")]


def _person(
    key: str, first: Telling, second: Telling, steps: list[Telling], order: Order, whole: Mapping[str, bool]
) -> Person:
    sides = {telling.list: _mention(key, telling, complete=whole[telling.list]) for telling in (first, second)}
    one, other = sides[first.list], sides[second.list]
    ends = (other.state, one.state) if order.later == first.list else (one.state, other.state)
    told = [{each.property for each in _mentions(step) if each.value == key and asserted(each)} for step in steps]
    between = [each for step in steps for each in _mentions(step) if each.value == key and step.list != order.later]
    return Person(key, _change(*ends, told), one, other, tuple(between))


def _change(earlier: State, later: State, told: list[set[str]]) -> Change | None:
    """What becomes of a name by its states on both lists and by what each edition after the earlier one says of it."""
    events = [word for said in told for word in ("newName", "names", "removedName") if word in said]
    changes = [word for word in events if word != "names"]
    new = changes[:1] == ["newName"]
    if earlier is later is State.NAMED and not new:
        return Change.KEPT
    states = {earlier, later, *(_state(said, complete=False) for said in told)}
    if State.DISPUTED in states or (new and earlier is State.NAMED):
        return Change.DISPUTED
    if not changes:
        return None
    on = later is State.NAMED or (not later.off and events[-1] != "removedName")
    if new:
        return Change.ADDED if on else Change.PASSED
    return Change.RETURNED if on else Change.REMOVED


def _mention(key: str, telling: Telling, *, complete: bool) -> Mention:
    claims = tuple(each for each in _mentions(telling) if each.value == key)
    said = {each.property for each in claims if asserted(each)}
    groups = {each.subject.partition("#")[2] for each in claims if each.property in _ON and asserted(each)}
    return Mention(_state(said, complete=complete), tuple(f"group/{slug}" for slug in sorted(groups - {""})), claims)


def _state(said: set[str], *, complete: bool) -> State:
    off = said & set(_OFF)
    if said & set(_ON):
        return State.DISPUTED if off else State.NAMED
    if off:
        return State.REMOVED if "removedName" in off else State.EXCLUDED
    return State.ABSENT if complete else State.UNKNOWN

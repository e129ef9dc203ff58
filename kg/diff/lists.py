"""Two lists side by side: how many names, which groups, whom, and what is said to have changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.diff.editions import Editions, Order, Telling, asserted, tellings
from kg.diff.numbers import Figure, Range
from kg.diff.overlap import Overlap, Size, overlap
from kg.diff.people import Names, Person, names, people
from kg.entities import Entities
from kg.identity import Decision, Identity
from kg.trace import Rows, Trace


@dataclass(frozen=True)
class Edition:
    """One of the two lists, as claims tell of it: its total, whom it names, its dates, publishers and predecessors."""

    list: str
    name: str
    total: Figure
    names: Names
    dates: tuple[Trace, ...]
    publishers: tuple[Trace, ...]
    follows: tuple[Trace, ...]


@dataclass(frozen=True)
class GroupSide:
    """What one list has of a group: its number, and whatever else is told of it; `excluded` where it is left out."""

    count: Figure
    mentions: tuple[Trace, ...]
    excluded: bool


@dataclass(frozen=True)
class GroupPair:
    """A group on two lists; a side is None where nothing is told of it, which does not mean that it is empty.

    `growth` is what the second number has above the first, where both are told; `broader` are the groups it is part of.
    """

    group: str
    name: str
    broader: tuple[str, ...]
    first: GroupSide | None
    second: GroupSide | None
    growth: Range | None


@dataclass(frozen=True)
class Told:
    """A number told of a change (`added`, `removed` or `growth`) beside how many people are named for it.

    `group` is empty for the list as a whole; growth names nobody.
    """

    property: str
    group: str
    figure: Figure
    named: tuple[str, ...] | None


@dataclass(frozen=True)
class Step:
    """What is said of the change that one edition brought, and since which editions (`since`) it is told."""

    list: str
    name: str
    since: tuple[str, ...]
    follows: tuple[Trace, ...]
    told: tuple[Told, ...]
    reasons: tuple[Trace, ...]


@dataclass(frozen=True)
class Ruling:
    """A decision by which rows on two ids are taken to be on one thing, so that what is shown rests on it."""

    kept: str
    other: str
    reason: str
    by: str
    when: str
    row: str


@dataclass(frozen=True)
class ListDiff:
    """Two lists side by side.

    `growth` is what the second total has above the first; `steps` are the editions after the earlier one up to the
    later one with what is said of each change, none where nothing puts the lists in order.
    """

    first: Edition
    second: Edition
    growth: Range | None
    order: Order
    steps: tuple[Step, ...]
    groups: tuple[GroupPair, ...]
    people: tuple[Person, ...]
    overlap: Overlap
    rulings: tuple[Ruling, ...]

    @property
    def same(self) -> bool:
        """Whether both are one list, so that there is nothing to compare."""
        return self.first.list == self.second.list


@dataclass(frozen=True)
class Lists:
    """What lists are compared by: the rows of a build, the entities, the decisions, and texts by source id."""

    rows: Rows
    entities: Entities
    identity: Identity
    decisions: tuple[Decision, ...] = ()
    texts: Mapping[str, str] | None = None


def compare_lists(lists: Lists, first: str, second: str) -> ListDiff:
    """Compare two lists, each given by id, name or alias. Raises KgError for what is none."""
    editions = Editions(lists.rows.claims, lists.entities, lists.identity)
    one, other = (editions.find(key, lists.rows.claims) for key in (first, second))
    order = editions.order(one, other)
    told = tellings(lists.rows, {one, other, *order.steps}, lists.texts or {})
    sides = told[one], told[other]
    named = people(*sides, order, told, lists.entities)
    pair = tuple(_edition(each, lists.entities) for each in sides)
    steps = tuple(_step(told[key], lists.entities) for key in order.steps)
    sizes = [Size(each.list, each.total, each.names.named, each.names.complete) for each in pair]
    direct = len(steps) == 1 and steps[0].since == (order.earlier,)
    changed = told[order.later] if direct else None
    groups = _groups(*sides, lists)
    shown = {one, other, *order.steps, *(each.group for each in groups), *(each.person for each in named)}
    return ListDiff(
        first=pair[0],
        second=pair[1],
        growth=_growth(pair[0].total, pair[1].total),
        order=order,
        steps=steps,
        groups=groups,
        people=named,
        overlap=overlap(sizes[0], sizes[1], named, order, changed),
        rulings=_rulings(shown, lists),
    )


def _edition(telling: Telling, entities: Entities) -> Edition:
    key = telling.list
    return Edition(
        list=key,
        name=entities.name(key),
        total=telling.figure("count"),
        names=names(telling, entities),
        dates=telling.told("issued"),
        publishers=telling.told("publisher"),
        follows=telling.told("follows"),
    )


def _growth(first: Figure, second: Figure) -> Range | None:
    if not first.holding or not second.holding:
        return None
    return Range(0, 0) if first == second else second.range.less(first.range)


def _step(telling: Telling, entities: Entities) -> Step:
    follows = telling.told("follows")
    found = []
    for group in ("", *telling.groups()):
        for word, named in (("added", "newName"), ("removed", "removedName"), ("growth", "")):
            figure = telling.figure(word, group)
            # A name told of the list may be one of any group; those of a group are all names of the list.
            claims = telling.told(named, group=group or None) if named else ()
            those = sorted({each.value for each in claims if asserted(each)})
            if figure.claims or those:
                found.append(Told(word, f"group/{group}" if group else "", figure, tuple(those) if named else None))
    since = {each.value for each in follows if asserted(each) and each.standing != "set-aside"}
    reasons = telling.told("removalReason", group=None)
    return Step(telling.list, entities.name(telling.list), tuple(sorted(since)), follows, tuple(found), reasons)


def _groups(first: Telling, second: Telling, lists: Lists) -> tuple[GroupPair, ...]:
    found = []
    for slug in sorted({*first.groups(), *second.groups()}):
        one, other = (_side(telling, slug) for telling in (first, second))
        growth = _growth(one.count, other.count) if one and other else None
        key = f"group/{slug}"
        found.append(GroupPair(key, lists.entities.name(key), _broader(key, lists), one, other, growth))
    return tuple(sorted(found, key=lambda each: (_path(each.group, lists), each.group)))


def _side(telling: Telling, slug: str) -> GroupSide | None:
    key = f"group/{slug}"
    within = tuple(each for each in telling.claims if each.subject == f"{telling.list}#{slug}" or each.value == key)
    if not within:
        return None
    mentions = tuple(each for each in within if each.property != "count")
    excluded = any(each.property == "excludes" and each.stance == "asserts" for each in mentions)
    return GroupSide(telling.figure("count", slug), mentions, excluded)


def _broader(key: str, lists: Lists) -> tuple[str, ...]:
    if key not in lists.entities:
        return ()
    values = lists.entities.by_id[key].values
    found = {lists.identity.of(v) for term, v in values if term.word == "broader" and isinstance(v, str)}
    return tuple(sorted(found - {key}))


def _path(key: str, lists: Lists) -> tuple[str, ...]:
    """The names from the broadest group down to this one, so that parts stand below their whole."""
    names = [lists.entities.name(key).casefold()]
    seen, above = {key}, _broader(key, lists)
    while above and above[0] not in seen:
        seen.add(above[0])
        names.append(lists.entities.name(above[0]).casefold())
        above = _broader(above[0], lists)
    return tuple(reversed(names))


def _rulings(shown: set[str], lists: Lists) -> tuple[Ruling, ...]:
    """The decisions on identity by which anything that is shown was brought together, in the order of their rows."""
    same = [each for each in lists.decisions if each.judgement == "same" and lists.identity.of(each.first) in shown]
    return tuple(
        Ruling(each.first, each.second, each.reason, each.by, each.when.text, str(each.place))
        for each in sorted(same, key=lambda each: each.place)
    )

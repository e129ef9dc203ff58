"""Two lists side by side as a terminal shows them: sections for numbers, changes, groups, people and the overlap."""

from __future__ import annotations

from kg.diff.editions import asserted
from kg.diff.lists import Edition, GroupPair, GroupSide, ListDiff, Step, Told
from kg.diff.numbers import Figure, Range, grown, net_growth
from kg.diff.overlap import Implied, Limit
from kg.diff.page import Page
from kg.diff.people import Change, Mention, Person, State
from kg.entities import Entities

NOTHING = "–"
NEITHER = "named on neither"


def lists_text(diff: ListDiff, entities: Entities, width: int | None = None) -> str:
    """The comparison of two lists as a page; `width` is in columns, and only what cannot be divided is wider."""
    page = Page(entities, width)
    page.say(f"{diff.first.name} ({diff.first.list})  →  {diff.second.name} ({diff.second.list})")
    _order(page, diff)
    _totals(page, diff)
    _steps(page, diff)
    _people(page, diff)
    _overlap(page, diff)
    _groups(page, diff)
    _rulings(page, diff)
    page.legend()
    return str(page)


def _order(page: Page, diff: ListDiff) -> None:
    if diff.same:
        page.say("Both are one list.")
        return
    if diff.steps:
        page.say(_later(diff, page.entities))
    else:
        why = "No source says that one follows the other, and they are no dated editions of one series"
        why = "Each of them is said to follow the other" if diff.order.circular else why
        page.say(f"{why}: nothing is told of a change from the one to the other.")
    if diff.steps and not diff.order.circular:
        return
    for edition, other in ((diff.first, diff.second), (diff.second, diff.first)):
        told = [each for each in edition.follows if diff.order.circular or each.value == other.list]
        page.claims(told, value=True, about=f"{edition.name} follows:")


def _later(diff: ListDiff, entities: Entities) -> str:
    """Which of the two came out later, and who says so."""
    later, earlier = entities.name(diff.order.later), entities.name(diff.order.earlier)
    between = [step.name for step in diff.steps[:-1]]
    dates = " by the dates of their editions"
    if diff.order.circular:
        found = f"{later} is the later one{dates}, though each of them is said to follow the other"
        return f"{found}; between the two came {joined(between)}." if between else f"{found}."
    if between:
        return f"{later} is the later one; between the two came {joined(between)}."
    [step] = diff.steps
    denied = any(each.value == diff.order.earlier and each.stance == "denies" for each in step.follows)
    if diff.order.earlier in step.since:
        return f"{later} follows {earlier}{'; somebody denies it' if denied else ''}."
    if denied:
        return f"{later} is the later one{dates}; that it follows {earlier} is denied."
    return f"{later} follows {earlier}{dates}; no source says so."


def joined(names: list[str]) -> str:
    """Names in a row.

    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _totals(page: Page, diff: ListDiff) -> None:
    growth = grown(diff.growth, diff.first.total, diff.second.total)
    told = [_cell(each.total, page) for each in (diff.first, diff.second)]
    change = f"{told[0]} → {told[1]}" + (f" ({growth})" if growth else "")
    page.heading(f"Names in all: {told[0] if diff.same else change}")
    for edition in (diff.first, diff.second)[: 1 if diff.same else 2]:
        page.say(f"{edition.name}: {_cell(edition.total, page)}{_given(edition, page)}")
        page.claims(edition.total.claims, value=True)
        _dates(page, edition)


def _given(edition: Edition, page: Page) -> str:
    """Whether all names of a list are given, where its row says so."""
    names = edition.names
    if not names.marked:
        return ""
    if names.complete:
        return ", all of them given"
    held = f"{names.named} of {_held(edition.total, page)} names are in the registry"
    more = f"{names.proposed} of its names {'is' if names.proposed == 1 else 'are'} only proposed"
    return f", marked complete, but {held if names.named < names.least else more}"


def _dates(page: Page, edition: Edition) -> None:
    told = [each for each in edition.dates if each.stance == "asserts" and each.standing != "set-aside"]
    days = list(dict.fromkeys(each.value for each in told))
    contested = " (contested)" if any(each.standing == "contested" for each in told) else ""
    if edition.dates:
        page.say(f"issued {' or '.join(days) or 'on a day that is not told'}{contested}", 2)
        page.claims(edition.dates, value=True)
    publishers = dict.fromkeys(page.value(each) for each in edition.publishers if each.stance == "asserts")
    if publishers:
        page.say(f"published by {joined(list(publishers))}", 2)
        page.differing(edition.publishers)


def _cell(figure: Figure, page: Page) -> str:
    """The values that are told and not set aside."""
    values = list(dict.fromkeys(page.value(each) for each in figure.holding))
    if not values:
        return "not told"
    return f"{' or '.join(values)} (contested)" if figure.contested else ", ".join(values)


def _steps(page: Page, diff: ListDiff) -> None:
    silent = [step for step in diff.steps if not (step.told or step.reasons or step.follows)]
    for step in diff.steps:
        if step not in silent:
            _step(page, step)
    if silent:
        page.gap()
        page.say(f"Nothing is said of the change that came with {joined([step.name for step in silent])}.")


def _step(page: Page, step: Step) -> None:
    since = [page.entities.name(key) for key in step.since]
    page.heading(f"Said of the change: {step.name}" + (f", since {joined(since)}" if since else ""))
    if not (step.told or step.reasons):
        page.say("Nothing is said of what was added or removed.")
    for told in step.told:
        page.say(_told(told, page))
        page.differing(told.figure.claims)
    for reason in step.reasons:
        group = reason.subject.partition("#")[2]
        where = f"{page.entities.name(f'group/{group}')}: " if group else ""
        page.say(f"{where}removed, because: {reason.value}")
        page.claims([reason])
    if step.follows:
        unsaid = "denied" if any(each.stance == "denies" for each in step.follows) else "not told"
        page.say(f"It follows {joined(since)}" if since else f"Which edition it follows is {unsaid}")
        page.differing(step.follows)


def _told(told: Told, page: Page) -> str:
    """What is said of a change against what the names say: “16 added; 2 of them named”."""
    group = f"{page.entities.name(told.group)}: " if told.group else ""
    figure, named = told.figure, len(told.named or ())
    value = _cell(figure, page)
    if told.property == "growth":
        return f"{group}{_grown(figure, page)}"
    if not figure.holding:
        return f"{group}how many were {told.property} is not told; {named or 'nobody'} named"
    if figure.range.high is not None and named > figure.range.high:
        return f"{group}{value} {told.property}, but {named} named: more than that"
    all_named = figure.range.exact and named == figure.range.low
    return f"{group}{value} {told.property}; {'all' if all_named and named > 1 else named or 'none'} of them named"


def _grown(figure: Figure, page: Page) -> str:
    if not figure.holding:
        return "by how much it grew is not told"
    net = net_growth(page.value(each) for each in figure.holding)
    return f"{net}{' (contested)' if figure.contested else ''}, net of what was removed"


def _people(page: Page, diff: ListDiff) -> None:
    sections = _sections(diff)
    page.heading("People: " + (", ".join(f"{len(found)} {title}" for title, found in sections) or "nobody is named"))
    if any(State.UNKNOWN in (each.first.state, each.second.state) for each in diff.people):
        page.say("Not known: not all names of the list are in the registry, so the person may stand on it.")
    for title, found in sections:
        page.gap()
        page.say(title[:1].upper() + title[1:])
        for person in found:
            _person(page, person, diff)


_CHANGES = (Change.ADDED, Change.REMOVED, Change.RETURNED, Change.PASSED, Change.DISPUTED, Change.KEPT)


def _sections(diff: ListDiff) -> list[tuple[str, list[Person]]]:
    """The people by what becomes of them; everybody once, in the first section that fits."""
    found: dict[str, list[Person]] = {str(each): [] for each in _CHANGES}
    named = {edition: f"named on {edition.name}" for edition in (diff.first, diff.second)}
    found |= {title: [] for title in named.values()} | {NEITHER: []}
    for person in diff.people:
        on = [e for e, side in ((diff.first, person.first), (diff.second, person.second)) if side.state.on]
        titles = [str(person.change)] if person.change else [named[edition] for edition in on]
        found[(titles or [NEITHER])[0]].append(person)
    return [(title, people) for title, people in found.items() if people]


def _person(page: Page, person: Person, diff: ListDiff) -> None:
    page.say(f"{page.entities.name(person.person)} ({person.person})", 2)
    for edition, mention in ((diff.first, person.first), (diff.second, person.second))[: 1 if diff.same else 2]:
        page.say(f"{edition.name}: {_mention(mention, page)}", 4)
        page.claims(mention.claims, 6)
    for each in person.between:
        name = page.entities.name(each.subject.partition("#")[0])
        said = _BETWEEN[each.property] if asserted(each) else str(State.UNKNOWN)
        page.say(f"{name}, between them: {said}", 4)
        page.claims([each], 6)


_BETWEEN = {
    "names": "named",
    "newName": "named, for the first time",
    "removedName": "said removed",
    "excludes": "said to be left out",
}


def _mention(mention: Mention, page: Page) -> str:
    groups = [page.entities.name(key) for key in mention.groups]
    new = any(each.property == "newName" and each.stance == "asserts" for each in mention.claims)
    state = f"{mention.state}, for the first time" if new and mention.state is State.NAMED else str(mention.state)
    return f"{state}, among {joined(groups)}" if groups else state


def _overlap(page: Page, diff: ListDiff) -> None:
    if diff.same:
        return
    found = diff.overlap
    page.heading(f"On both lists: {_between(found.range)}")
    disputed = f", beside {found.disputed} of whom that is disputed" if found.disputed else ""
    number = f"{found.named or 'nobody'} {'are' if found.named > 1 else 'is'}"
    page.say(f"At least {found.named}: {number} named on both{disputed}.")
    for limit in found.limits:
        page.say(_limit(limit, diff, page))
    if not found.limits:
        page.say("At most is not known: nobody tells how many either list holds.")
    elif found.named > found.limits[0].number:
        page.say("These cannot all be true: more are named on both than a list is said to hold.")
    for each in found.implied:
        page.say(_implied(each, page))
    if not found.range.exact:
        given = [
            f"{each.named} of {_held(each.total, page)} on {page.entities.name(each.list)}"
            for each in found.sizes
            if not each.complete
        ]
        why = f"not all names are given: {joined(given)}" if given else "it is disputed who is on them"
        page.say(f"How many there are is not known, since {why}.")


def _held(total: Figure, page: Page) -> str:
    return _cell(total, page) if total.holding else "a number that is not told"


def _between(found: Range) -> str:
    return str(found) if found.exact or found.high is None else f"at least {found.low}, at most {found.high}"


def _limit(limit: Limit, diff: ListDiff, page: Page) -> str:
    name = page.entities.name(limit.list)
    exact = all(size.total.range.exact for size in diff.overlap.sizes if size.list == limit.list)
    held = (
        f"{name} holds {'' if exact else 'at most '}{limit.holds}"
        if limit.by == "total"
        else f"all {limit.holds} names of {name} are given"
    )
    why = {"added": "told as added to it", "removed": "told as removed from it"}
    off = f", less {limit.off} {why.get(limit.off_by, 'named on it, but by what is told not on the other')}"
    return f"At most {limit.number}: {held}{off if limit.off else ''}."


def _implied(each: Implied, page: Page) -> str:
    total, change, name = _cell(each.total, page), _cell(each.change, page), page.entities.name(each.list)
    told = "added were all that is new" if each.property == "added" else "removed were all that is gone"
    return f"Implied, claimed by nobody: {each.range}, if the {change} told as {told} among the {total} on {name}."


def _groups(page: Page, diff: ListDiff) -> None:
    if not diff.groups:
        return
    both = sum(each.growth is not None for each in diff.groups)
    page.heading(f"Groups: {len(diff.groups)}, {both or 'none'} of them counted on both lists")
    if any(each.first is None or each.second is None for each in diff.groups):
        page.say(
            f"{NOTHING}: nothing is told of the group on this list, which does not mean that nobody of it stands there."
        )
    rows = [("", diff.first.name, diff.second.name, "change")]
    shown = {each.group for each in diff.groups}
    for each in diff.groups:
        name = ("  " if shown & set(each.broader) else "") + each.name
        rows.append((name, _side(each.first, page), _side(each.second, page), _change(each)))
    page.table(rows, 2)
    page.gap()
    for each in diff.groups:
        _group(page, each, diff)


def _change(each: GroupPair) -> str:
    if each.first is None or each.second is None:
        return "one list only"
    return grown(each.growth, each.first.count, each.second.count)


def _group(page: Page, each: GroupPair, diff: ListDiff) -> None:
    broader = [page.entities.name(key) for key in each.broader]
    page.say(f"{each.name}, part of {joined(broader)}" if broader else each.name, 2)
    for edition, side in ((diff.first, each.first), (diff.second, each.second))[: 1 if diff.same else 2]:
        if side is not None:
            divided = [claim for claim in side.mentions if claim.property in ("dividedInto", "excludes")]
            page.claims(side.count.claims, value=True, about=f"{edition.name}:")
            page.claims(divided, about=f"{edition.name}:")


def _side(side: GroupSide | None, page: Page) -> str:
    if side is None:
        return NOTHING
    if side.count.holding:
        return _cell(side.count, page)
    return "left out" if side.excluded else "no number"


def _rulings(page: Page, diff: ListDiff) -> None:
    if not diff.rulings:
        return
    page.heading("This rests on decisions")
    for each in diff.rulings:
        page.say(f"{each.other} is {each.kept}: {each.reason}", 2)
        page.say(f"{each.by}, {each.when} [{each.row}]", 4)

"""Whether each edition of a list is the one before, with what was added and without what was removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.ledger.amounts import Amount, comes_to, together, whole
from kg.ledger.book import Book, ImpliedValue, LedgerLine, Previous, once

_CHANGES = ("added", "removed", "growth")


@dataclass(frozen=True)
class _Change:
    """What a source tells of the change of a list or a group since the edition before."""

    added: Amount | None
    removed: Amount | None
    growth: Amount | None

    @property
    def net(self) -> Amount | None:
        """By how much it grew: as told, or what was added less what was removed; None where nothing is told."""
        return self.growth or self.gross

    @property
    def gross(self) -> Amount | None:
        """What was added less what was removed; what is not told counts as nothing."""
        if self.added is None and self.removed is None:
            return None
        return (self.added or whole(0)) - (self.removed or whole(0))

    @property
    def steps(self) -> str:
        """The change as one would write it behind a number."""
        if self.growth is not None:
            return _signed(self.growth)
        parts = [f" + {self.added.text}" if self.added else "", f" − {self.removed.text}" if self.removed else ""]
        return "".join(parts)


def lines(book: Book) -> Iterator[LedgerLine]:
    """The lines on how editions follow each other: of each list and group, for each source that tells of a change."""
    found = list(_changes(book))
    yield from found
    yield from _two_sides(found)


def _changes(book: Book) -> Iterator[LedgerLine]:
    for subject in sorted({subject for subject, word in book.numbers if word in _CHANGES}):
        for source in book.sources(subject, *_CHANGES):
            change = _change(book, subject, source)
            if (line := _succession(book, subject, source, change)) is not None:
                yield line
            if (line := _net_and_gross(subject, source, change)) is not None:
                yield line
    for key, told in book.groups.items():
        for source, groups in told.items():
            if (line := _by_groups(book, key, source, groups)) is not None:
                yield line


def _change(book: Book, subject: str, source: str) -> _Change:
    """The change as one source tells it; of what was added and what was removed, others may tell the other half."""
    added, removed, growth = (book.own(subject, word, source) for word in _CHANGES)
    if added is not None or removed is not None:
        added, removed = book.anyone(subject, "added", source), book.anyone(subject, "removed", source)
    return _Change(added, removed, growth)


def _succession(book: Book, subject: str, source: str, change: _Change) -> LedgerLine | None:
    container, hash_sign, group = subject.partition("#")
    previous = book.previous(container, source)
    if previous is None or change.net is None:
        return None
    earlier = f"{previous.list}{hash_sign}{group}"
    before, after = book.anyone(earlier, "count", source), book.anyone(subject, "count", source)
    if before is not None and after is not None:
        reached = before + change.net
        rest = after - reached
        equation = f"{before.text}{change.steps} {comes_to(reached, after)}"
        readings = () if reached.meets(after) else _readings(book, source, (earlier, subject), (before, after), change)
        claims = once((*rest.claims, *previous.claims))
        return LedgerLine(_kind(previous), source, subject, equation, rest, claims, implied=tuple(readings))
    if before is not None:
        found = before + change.net
        untold, equation = subject, f"{before.text}{change.steps} = {found.text}"
    elif after is not None:
        found = after - change.net
        untold, equation = earlier, f"{found.text}{change.steps} = {after.text}"
    else:
        return None
    claims = once((*found.claims, *previous.claims))
    if found.high is not None and found.high < 0:
        # Fewer than nobody: what is missing is at least as much.
        rest = (-found).or_more() if untold == subject else found.or_less()
        return LedgerLine(_kind(previous), source, subject, f"{equation} < 0", rest, claims)
    implied = (ImpliedValue(untold, "count", found),)
    return LedgerLine(_kind(previous), source, subject, equation, None, claims, implied=implied)


def _kind(previous: Previous) -> str:
    """Editions that only their place in a series joins may have another between them."""
    return "succession" if previous.claims else "succession-in-series"


def _two_sides(lines: list[LedgerLine]) -> Iterator[LedgerLine]:
    """The totals that nobody states and that follow from two lines, where they cannot be one number."""
    found: dict[str, list[tuple[LedgerLine, ImpliedValue]]] = {}
    for line in lines:
        if line.rest is None:
            for each in line.implied:
                found.setdefault(each.subject, []).append((line, each))
    for subject, several in sorted(found.items()):
        (first, one), *others = sorted(several, key=lambda pair: (pair[0].subject != subject, pair[0].local))
        for second, other in others:
            if not one.amount.meets(other.amount):
                rest = one.amount - other.amount
                equation = f"{first.equation}, but {second.equation}"
                claims = once((*first.claims, *second.claims))
                yield LedgerLine("two-sides", second.source, subject, equation, rest, claims)
                break


def _readings(
    book: Book, source: str, subjects: tuple[str, str], totals: tuple[Amount, Amount], change: _Change
) -> Iterator[ImpliedValue]:
    """What the source's own numbers imply of those that it does not state itself."""
    (earlier, subject), (before, after) = subjects, totals
    assert change.net is not None  # noqa: S101 - there is no line without a change
    if book.own(earlier, "count", source) is None:
        yield ImpliedValue(earlier, "count", after - change.net)
    if book.own(subject, "count", source) is None:
        yield ImpliedValue(subject, "count", before + change.net)
    if change.growth is None:
        yield ImpliedValue(subject, "growth", after - before)
        untold = before + change.net - after
        if change.removed is None and untold.low is not None and untold.low > 0:
            yield ImpliedValue(subject, "removed", untold)
        if change.added is None and untold.high is not None and untold.high < 0:
            yield ImpliedValue(subject, "added", -untold)


def _net_and_gross(subject: str, source: str, change: _Change) -> LedgerLine | None:
    """Growth against what was added and removed; where one of these is not told, it follows."""
    growth, added, removed = change.growth, change.added, change.removed
    if growth is None or change.gross is None:
        return None
    if added is not None and removed is not None:
        rest = growth - change.gross
        equation = f"{added.text} − {removed.text} {comes_to(change.gross, growth)}"
        return LedgerLine("net-and-gross", source, subject, equation, rest, once(rest.claims))
    if added is not None:
        return _untold(source, subject, "removed", added - growth, (added.text, growth.text))
    gone = removed or whole(0)
    return _untold(source, subject, "added", growth + gone, (gone.text, growth.text))


def _untold(source: str, subject: str, word: str, found: Amount, told: tuple[str, str]) -> LedgerLine:
    """What was added or removed though nobody tells it: any number, but not fewer than none."""
    other, growth = told
    # The rest is growth less what was added, and with what was removed, of which one is nothing or more.
    rest = (-found).or_more() if word == "removed" else found.or_less()
    if found.high is not None and found.high < 0:
        equation = f"{other} {'added' if word == 'removed' else 'removed'} ≠ a growth by {growth}"
        return LedgerLine("net-and-gross", source, subject, equation, rest, once(found.claims))
    equation = f"{other} − {found.text} = {growth}" if word == "removed" else f"{found.text} − {other} = {growth}"
    implied = (ImpliedValue(subject, word, found),)
    return LedgerLine("net-and-gross", source, subject, equation, rest, once(found.claims), implied=implied)


def _by_groups(book: Book, key: str, source: str, groups: tuple[str, ...]) -> LedgerLine | None:
    """The edition before with the changes told of groups, where nothing is told of the change of the whole."""
    previous = book.previous(key, source)
    if previous is None or _change(book, key, source).net is not None:
        return None
    before, after = book.anyone(previous.list, "count", source), book.anyone(key, "count", source)
    changes = {group: _change(book, f"{key}#{group}", source) for group in groups}
    changed = book.top(group for group, change in changes.items() if change.net is not None)
    if before is None or after is None or not changed:
        return None
    changed = sorted(changed, key=lambda group: _falls(changes[group]))
    reached = before + together(net for group in changed if (net := changes[group].net))
    stated = book.own(key, "groupCount", source)
    number = stated.number if stated else None
    equation = f"{before.text}{''.join(changes[group].steps for group in changed)} {comes_to(reached, after)}"
    rest = after - reached
    claims = once((*rest.claims, *previous.claims, *(stated.claims if stated else ())))
    implied = (ImpliedValue(key, "growth", after - before),)
    kind = _kind(previous) if number is not None and len(changed) >= number else "succession-by-groups"
    return LedgerLine(kind, source, key, equation, rest, claims, len(changed), number, implied)


def _falls(change: _Change) -> bool:
    net = change.net
    return net is not None and net.high is not None and net.high < 0


def _signed(amount: Amount) -> str:
    """A growth behind a number: what fell is taken away."""
    return f" − {(-amount).text}" if amount.high is not None and amount.high < 0 else f" + {amount.text}"

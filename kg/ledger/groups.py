"""Whether the groups of a list add up to its total, as each source tells it."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ledger.amounts import Amount, comes_to, together
from kg.ledger.book import Book, LedgerLine, once


def lines(book: Book) -> Iterator[LedgerLine]:
    """A line for each list of which a source states the total and counts a group."""
    for key, told in book.groups.items():
        for source, groups in told.items():
            counted = {group: count for group in groups if (count := book.own(f"{key}#{group}", "count", source))}
            if counted and (total := book.own(key, "count", source)):
                yield _line(book, key, source, total, counted)


def _line(book: Book, key: str, source: str, total: Amount, counted: dict[str, Amount]) -> LedgerLine:
    stated = book.own(key, "groupCount", source)
    parts = [counted[group] for group in book.top(counted)]
    rest = total - together(parts)
    number = stated.number if stated else None
    claims = once((*rest.claims, *(stated.claims if stated else ())))
    equation = _equation(total, parts, rest, number)
    return LedgerLine("groups", source, key, equation, rest, claims, len(parts), number)


def _equation(total: Amount, parts: list[Amount], rest: Amount, stated: int | None) -> str:
    nothing_left = rest.high is not None and rest.high <= 0
    if nothing_left or (stated is not None and len(parts) >= stated):
        sum_ = " + ".join(part.text for part in parts)
        computed = together(parts)
        if len(parts) == 1:
            return f"{sum_} {'=' if total.meets(computed) else '≠'} {total.text}"
        return f"{sum_} {comes_to(computed, total)}"
    less = " − ".join(part.text for part in (total, *parts))
    if stated is None:
        return f"{less} = {rest.text} left"
    return f"{less} = {rest.text} for {stated - len(parts)} other group{'s' if stated - len(parts) > 1 else ''}"

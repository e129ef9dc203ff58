"""What a contested date would mean: how much a number would have changed, and in how many days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import polars as pl

from kg.ledger.amounts import Amount, told
from kg.ledger.book import Book, LedgerLine, once
from kg.ledger.contradictions import Contradiction, modes
from kg.ontology import Mode, Ontology

_TIMED_COUNT = (pl.col("property") == "count") & pl.col("from").is_not_null() & pl.col("until").is_not_null()
_ISSUED = "http://purl.org/dc/terms/issued"


@dataclass(frozen=True)
class _Count:
    """A number told for a time, from the first day it may hold for to the last."""

    subject: str
    amount: Amount
    start: date
    end: date

    @property
    def time(self) -> str:
        """The time as one would say it."""
        return f"{self.start}" if self.start == self.end else f"{self.start} to {self.end}"


@dataclass(frozen=True)
class _Step:
    """From one count to a later one."""

    before: _Count
    after: _Count

    @property
    def days(self) -> int:
        """The most days it can have taken."""
        return (self.after.end - self.before.start).days

    @property
    def text(self) -> str:
        """The step in words."""
        change = self.after.amount - self.before.amount
        sign = "+" if change.low is not None and change.low >= 0 else ""
        if self.days < 0:
            return (
                f"{self.after.amount.text} on {self.after.time} would be {-self.days} days before "
                f"{self.before.amount.text} on {self.before.time}"
            )
        exact = self.after.start == self.after.end and self.before.start == self.before.end
        days = f"{'' if exact else 'at most '}{self.days} day{'s' if self.days != 1 else ''}"
        told = f"{self.before.amount.text} on {self.before.time}, {self.after.amount.text} on {self.after.time}"
        where = f" in {self.after.subject}" if self.before.subject == self.after.subject else ""
        return f"{sign}{change.text}{where} in {days}: {told}"


@dataclass(frozen=True)
class _Dated:
    """The numbers that claims tell for a time, of lists and of places."""

    book: Book
    ontology: Ontology

    @cached_property
    def stocks(self) -> Mapping[str, list[tuple[str, _Count]]]:
        """By subject, what is counted there at one time, with its source, in order of time."""
        claims = self.book.upheld.with_columns(kind=pl.col("container").str.extract(r"^([a-z]+)/"))
        table = modes(self.ontology, claims.get_column("property").unique(), claims.get_column("kind").unique())
        at_one_time = table.filter(pl.col("mode") == Mode.AT_ONE_TIME.name)
        rows = claims.join(at_one_time, on=["property", "kind"]).filter(_TIMED_COUNT)
        return _by_subject(rows)

    @cached_property
    def totals(self) -> Mapping[str, list[tuple[str, _Count]]]:
        """By list, its total, told for a time."""
        rows = self.book.upheld.filter(
            pl.col("subject").str.starts_with("list/")
            & ~pl.col("subject").str.contains("#", literal=True)
            & _TIMED_COUNT
        )
        return _by_subject(rows)

    @cached_property
    def by_source(self) -> Mapping[tuple[str, date], list[str]]:
        """By source and day, the subjects of which it tells a number for that day."""
        found: dict[tuple[str, date], list[str]] = {}
        for subject, counts in self.stocks.items():
            for source, count in counts:
                if count.start == count.end:
                    found.setdefault((source, count.start), []).append(subject)
        return found

    def steps(self, key: str, source: str, start: date, end: date) -> Iterator[_Step]:
        """The steps that lead to a list if it came out between two days, as a source has it."""
        if start == end:
            for subject in self.by_source.get((source, start), ()):
                yield from self._last(subject, source, start)
        previous = self.book.previous(key, source)
        total, before = self.book.anyone(key, "count", source), self.totals.get(previous.list, ()) if previous else ()
        if total is not None and before:
            yield _Step(before[-1][1], _Count(key, total, start, end))

    def _last(self, subject: str, source: str, day: date) -> Iterator[_Step]:
        for (_, earlier), (teller, later) in pairwise(self.stocks[subject]):
            if teller == source and later.start == later.end == day and earlier.end < day:
                yield _Step(earlier, later)


def _by_subject(rows: pl.DataFrame) -> dict[str, list[tuple[str, _Count]]]:
    found: dict[str, list[tuple[str, _Count]]] = {}
    columns = ("subject", "source", "from", "until", "object", "precision", "low", "high", "id")
    for subject, source, start, end, *cells in rows.sort("subject", "until", "from", "id").select(columns).iter_rows():
        count = _Count(subject, told(*cells), date.fromisoformat(start), date.fromisoformat(end))
        found.setdefault(subject, []).append((source, count))
    return found


def lines(book: Book, contradictions: Iterable[Contradiction], ontology: Ontology) -> Iterator[LedgerLine]:
    """For each list whose date is contested, the quickest change that one of the dates would mean."""
    dated = _Dated(book, ontology)
    contested = [each for each in contradictions if each.predicate == _ISSUED and not each.settled]
    members = {key for each in contested for key in each.members}
    columns = ("id", "subject", "source", "low", "high")
    rows = {row[0]: row for row in book.upheld.filter(pl.col("id").is_in(list(members))).select(columns).iter_rows()}
    for contradiction in contested:
        steps = [
            (step.days, step.text, subject, source, (key, *step.before.amount.claims, *step.after.amount.claims))
            for key in contradiction.members
            if key in rows
            for _, subject, source, low, high in [rows[key]]
            if low is not None and high is not None
            for step in dated.steps(subject, source, date.fromisoformat(low), date.fromisoformat(high))
            if not step.before.amount.meets(step.after.amount)
        ]
        if steps:
            _, text, subject, source, claims = min(steps)
            yield LedgerLine("pace", source, subject, text, None, once(claims))

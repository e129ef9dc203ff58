"""What sources tell of lists, in numbers, looked up by list, group and property."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from kg.ledger.amounts import Amount, agreed, told
from kg.ledger.walk import reached_from

# Behind every date in the alphabet: an open last day, and what follows the last edition.
_OPEN, _END = "~", "~~"
NUMBERS = ("count", "groupCount", "added", "removed", "growth")


@dataclass(frozen=True)
class Edition:
    """Where a list stands in its series: the first and the last day that its edition may mean, empty where open."""

    series: str
    start: str
    end: str

    def before(self, other: Edition) -> bool:
        """Whether it is the earlier of two for certain.

        >>> Edition("harbour", "2031-01-01", "2031-12-31").before(Edition("harbour", "2031-02-01", "2031-02-28"))
        False
        """
        return "" < self.end < other.start


@dataclass(frozen=True)
class ImpliedValue:
    """What a number would be if the others of a ledger line were right: computed, and claimed by nobody.

    `word` is the property, as the tables call it.
    """

    subject: str
    word: str
    amount: Amount

    @property
    def text(self) -> str:
        """The value as a reader would say it."""
        return f"{self.subject} {self.word} {self.amount.text}"


@dataclass(frozen=True)
class LedgerLine:
    """Numbers of a list or of a group in it, set against each other as `source` tells them.

    `kind` is a word of the ontology's scheme `accounts`, `subject` the id of a list or a tally, `equation` the numbers
    as one would write them down. `rest` is what is left over: it comes out if that can be nothing; None where there is
    nothing to compare with. `counted` and `stated` are how many groups are counted, and how many there are said to be.
    """

    kind: str
    source: str
    subject: str
    equation: str
    rest: Amount | None
    claims: tuple[str, ...]
    counted: int | None = None
    stated: int | None = None
    implied: tuple[ImpliedValue, ...] = ()

    @property
    def list(self) -> str:
        """The list it is about."""
        return self.subject.partition("#")[0]

    @property
    def local(self) -> str:
        """The part of its IRI behind the base."""
        about = self.subject.partition("/")[2].replace("#", "_")
        return f"ledger/{self.kind}_{self.source}_{about}"


@dataclass(frozen=True)
class Previous:
    """The edition before, and the claims that say so; none where it is the series that has it so."""

    list: str
    claims: tuple[str, ...] = ()


Tellings = dict[str, list[Amount]]


def once(claims: Iterable[str]) -> tuple[str, ...]:
    """Each claim once, in an order that does not depend on what was added to what."""
    return tuple(sorted(set(claims)))


@dataclass(frozen=True)
class Book:
    """The claims that count (asserted, accepted, not set aside) on lists and their groups.

    `broader` maps the slug of a group to those of the groups it is part of, `editions` the id of a list to its place
    in its series; `apart` has the pairs of lists of which a source denies that the first follows the second.
    """

    upheld: pl.DataFrame = field(repr=False)
    broader: Mapping[str, tuple[str, ...]]
    editions: Mapping[str, Edition]
    apart: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def numbers(self) -> Mapping[tuple[str, str], Tellings]:
        """By subject and property, the amounts that each source tells."""
        rows = self.upheld.filter(pl.col("container").str.starts_with("list/") & pl.col("property").is_in(NUMBERS))
        found: dict[tuple[str, str], Tellings] = {}
        columns = ("subject", "property", "source", "object", "precision", "low", "high", "id")
        for subject, word, source, *cells in rows.select(columns).iter_rows():
            found.setdefault((subject, word), {}).setdefault(source, []).append(told(*cells))
        return found

    @cached_property
    def follows(self) -> Mapping[str, Mapping[str, list[tuple[str, str]]]]:
        """By list and source, the editions with which it is compared, each with the claim that does so."""
        rows = self.upheld.filter(pl.col("property") == "follows").sort("subject", "source", "object", "id")
        found: dict[str, dict[str, list[tuple[str, str]]]] = {}
        for subject, source, earlier, claim in rows.select("subject", "source", "object", "id").iter_rows():
            found.setdefault(subject, {}).setdefault(source, []).append((earlier, claim))
        return found

    @cached_property
    def groups(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """By list and source, the groups of which it tells a number, in the order in which it tells them."""
        found: dict[str, dict[str, dict[str, None]]] = {}
        for (subject, _), tellings in self.numbers.items():
            container, _, group = subject.partition("#")
            for source in tellings if group else ():
                found.setdefault(container, {}).setdefault(source, {})[group] = None
        return {key: {source: tuple(each) for source, each in found[key].items()} for key in sorted(found)}

    def own(self, subject: str, word: str, source: str) -> Amount | None:
        """The number as one source tells it."""
        amounts = self.numbers.get((subject, word), {}).get(source)
        return agreed(amounts) if amounts else None

    def anyone(self, subject: str, word: str, source: str) -> Amount | None:
        """The number as one source tells it or, if it does not, as the others do."""
        own = self.own(subject, word, source)
        told_by = self.numbers.get((subject, word))
        return own or (agreed(each for amounts in told_by.values() for each in amounts) if told_by else None)

    def sources(self, subject: str, *words: str) -> list[str]:
        """The sources that tell one of the numbers."""
        return sorted({source for word in words for source in self.numbers.get((subject, word), ())})

    def previous(self, key: str, source: str) -> Previous | None:
        """The edition before, as a source compares them, or as the series has it, or as the others all do."""
        compared = self.follows.get(key, {})
        pairs = [pair for pair in compared.get(source, ()) if pair[0] != key]
        before = self._before.get(key)
        if not pairs and before is not None and not self._known_apart(key, before):
            return Previous(before, _saying(before, (pair for some in compared.values() for pair in some)))
        pairs = pairs or [pair for some in compared.values() for pair in some if pair[0] != key]
        latest = self._latest({each for each, _ in pairs})
        if latest is None:
            return None
        return Previous(latest, _saying(latest, pairs))

    def _known_apart(self, key: str, earlier: str) -> bool:
        """Whether a source denies that one follows the other, or has it the other way round."""
        reverse = self.follows.get(earlier, {}).values()
        return (key, earlier) in self.apart or any(each == key for pairs in reverse for each, _ in pairs)

    def _latest(self, keys: Iterable[str]) -> str | None:
        """The one edition that is later than all others for certain."""
        several = sorted(keys, key=lambda key: (self._edition(key).end, key))
        certain = several and all(self._follows(several[-1], other) for other in several[:-1])
        return several[-1] if certain else None

    def _follows(self, key: str, other: str) -> bool:
        return self._edition(other).before(self._edition(key))

    def _edition(self, key: str) -> Edition:
        return self.editions.get(key, Edition("", "", ""))

    @cached_property
    def _before(self) -> Mapping[str, str]:
        """The edition before each in its series, where the dates leave no doubt that none lies in between."""
        series: dict[str, list[str]] = {}
        for key, edition in sorted(self.editions.items()):
            if edition.series:
                series.setdefault(edition.series, []).append(key)
        found: dict[str, str] = {}
        for keys in series.values():
            found |= _neighbours([(self.editions[key], key) for key in keys])
        return found

    def top(self, groups: Iterable[str]) -> list[str]:
        """The groups that are part of none of the others: a part is not counted beside its whole."""
        known = dict.fromkeys(groups)
        narrower: dict[str, list[str]] = {}
        for group in known.keys() | reached_from(known, self.broader):
            for wider in self.broader.get(group, ()):
                narrower.setdefault(wider, []).append(group)
        parts = reached_from(known, narrower)
        return [group for group in known if group not in parts]


def _saying(earlier: str, pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The claims that compare an edition with one earlier."""
    return once(claim for each, claim in pairs if each == earlier)


def _neighbours(editions: Iterable[tuple[Edition, str]]) -> dict[str, str]:
    """The one before each where neither overlaps with any other; without a last day it may be any after the first."""
    spans = sorted((edition.start, edition.end or _OPEN, key) for edition, key in editions)
    found = {}
    reach = ""  # the last day of all before the one before
    following = [*(start for start, _, _ in spans[2:]), _END]
    for (first, last, earlier), (start, end, key), after in zip(spans, spans[1:], following, strict=False):
        if reach < first and last < start and end < after:
            found[key] = earlier
        reach = max(reach, last)
    return found

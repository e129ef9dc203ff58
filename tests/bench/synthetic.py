"""Synthetic workspaces of any size: invented reports on invented lists, cases and people, with faults put in.

The same number of claims and the same seed give the same files. What the reports tell is drawn from one truth, from
which each telling departs now and then; so there is agreement, corroboration and contradiction as in real registries.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.bench.truth import Edition, Truth

COLUMNS = (
    *("subject", "property", "value", "precision", "as_of", "claimant", "said", "via", "stance", "at", "quote"),
    *("review", "note"),
)
SEED = 20310506
_KEY = slice(0, 9)
_CLAIMS_A_REPORT = 120
_SHARE_OF_TABLES = 0.25
_IDLE = 20


@dataclass
class Sheet:
    """The table of claims of one source, as it grows; `keys` are the claims that it holds already."""

    source: str
    rng: Random
    wanted: int
    rows: list[tuple[str, ...]] = field(default_factory=list)
    keys: set[tuple[str, ...]] = field(default_factory=set)
    cursor: int = 60

    @property
    def full(self) -> bool:
        """Whether the source has told all the claims it should."""
        return len(self.keys) >= self.wanted

    def say(self, subject: str, word: str, value: object, quote: str = "", **cells: str) -> None:
        """Add a row; what is not given is left empty, and the place is the next in the text."""
        at, quote = (cells.pop("at"), quote) if "at" in cells else self.place(quote)
        named = {"subject": subject, "property": word, "value": str(value), "at": at, "quote": quote, **cells}
        row = tuple(named.get(column, "") for column in COLUMNS)
        if row[_KEY] in self.keys or self.full:
            return
        self.keys.add(row[_KEY])
        self.rows.append(row)
        if self.rng.random() < 0.01:
            at, quote = self.place(f"as was told before of {value}"[:70])
            self.rows.append(tuple({**named, "at": at, "quote": quote}.get(column, "") for column in COLUMNS))

    def place(self, quote: str) -> tuple[str, str]:
        """The next place in the text, for one row in ten in two parts."""
        parts = [quote]
        if self.rng.random() < 0.1:
            parts.append(
                self.rng.choice(("on the same day", "the report adds", "as its head said", "in the same list"))
            )
        places = []
        for part in parts:
            start = self.cursor + self.rng.randrange(2, 60)
            self.cursor = start + len(part)
            places.append(f"char={start},{self.cursor}")
        return " ".join(places), " … ".join(parts)


def write_workspace(root: Path, claims: int, seed: int = SEED) -> None:
    """Write a workspace with exactly so many claims to `root/data`."""
    rng = Random(seed)
    truth = Truth(rng, claims)
    folder = root / "data" / "claims"
    folder.mkdir(parents=True)
    left, number = claims, 0
    sources: list[str] = []
    while left:
        source = f"report-{number:05d}" if rng.random() > _SHARE_OF_TABLES else f"table-{number:05d}"
        typical = _CLAIMS_A_REPORT * (1 if source.startswith("report") else 4)
        sheet = Sheet(source, rng, min(left, int(typical * rng.uniform(0.5, 1.5)) + 1))
        sources.append(source)
        _fill(sheet, truth, sources, number)
        left -= len(sheet.keys)
        number += 1
        rng.shuffle(sheet.rows)
        _write(folder / f"{source}.csv", COLUMNS, sheet.rows)
    _entities(root / "data", truth, sources, rng)


def _fill(sheet: Sheet, truth: Truth, sources: list[str], number: int) -> None:
    telling = _Telling(sheet, truth, sources)
    if number % 3 == 0:
        telling.faults(number)
    # A source that has told all there is to tell ends; the next one goes on.
    idle = 0
    while not sheet.full and idle < _IDLE:
        before = len(sheet.keys)
        if sheet.source.startswith("table"):
            telling.table(truth.edition())
        else:
            telling.report(truth.edition())
        idle = 0 if len(sheet.keys) > before else idle + 1


class _Telling:
    """How one source tells the truth, or departs from it."""

    def __init__(self, sheet: Sheet, truth: Truth, sources: list[str]) -> None:
        self.sheet, self.truth, self.sources = sheet, truth, sources
        self.rng = sheet.rng
        self.say = sheet.say

    def aside(self) -> dict[str, str]:
        """Who says it, when, and from where it is retold."""
        cells: dict[str, str] = {}
        chance = self.rng.random()
        if chance < 0.25:
            cells["claimant"] = f"organization/{self.truth.organization()}"
        elif chance < 0.33:
            cells["claimant"] = f"person/{self.truth.person()}"
        elif chance < 0.4:
            cells["claimant"] = f"voice/{self.sheet.source}-neighbours"
        if self.rng.random() < 0.1:
            cells["said"] = self.truth.day()
        if self.rng.random() < 0.1 and len(self.sources) > 1:
            cells["via"] = self.rng.choice(self.sources[:-1])
        if self.rng.random() < 0.03:
            cells["review"] = "proposed"
        if self.rng.random() < 0.05:
            cells["note"] = "the year is that of the report"
        return cells

    def number(self, subject: str, word: str, value: int, what: str, **more: str) -> None:
        """A number, one in thirty off, one in ten not exact."""
        if self.rng.random() < 0.03:
            value += self.rng.randrange(1, 9)
        cells = {**self.aside(), **more}
        if self.rng.random() < 0.1:
            cells["precision"] = self.rng.choice(("about", "at-least", "more-than", "at-most", "less-than"))
        self.say(subject, word, value, f"{value} {what}"[:80], **cells)

    def date(self, subject: str, word: str, day: str, what: str) -> None:
        """A date, of which one in four is less than a day and one in thirty another."""
        day = self.truth.day() if self.rng.random() < 0.03 else day
        shown = day[: self.rng.choice((10, 10, 10, 7))]
        self.say(subject, word, shown, f"{what} in {shown}", **self.aside())

    def report(self, edition: Edition) -> None:
        """A report on one edition of a list."""
        self.totals(edition)
        for group, count in edition.groups.items():
            self.number(f"{edition.id}#{group}", "count", count, f"{group.replace('-', ' ')} stand on it")
        for earlier in self.truth.before(edition, 2):
            self.number(earlier.id, "count", earlier.total, "in the edition before")
            self.date(earlier.id, "issued", earlier.issued, "it came out")
        for name in self.rng.sample(edition.people, min(12, len(edition.people))):
            self.say(edition.id, "names", f"person/{name}", f"among them {self.truth.names[name]}", **self.aside())
        for name in edition.new:
            self.say(edition.id, "newName", f"person/{name}", f"new is {self.truth.names[name]}", **self.aside())
        self.places()
        self.agents()
        for _ in range(3):
            self.case(self.truth.case())
        self.denial()

    def totals(self, edition: Edition) -> None:
        """What a report says of an edition as a whole."""
        self.number(edition.id, "count", edition.total, "names stand on the list")
        self.date(edition.id, "issued", edition.issued, "the list came out")
        self.say(edition.id, "publisher", edition.publisher, "published its new list", **self.aside())
        if self.rng.random() < 0.7:
            self.say(edition.id, "groupCount", len(edition.groups), f"falls into {len(edition.groups)} groups")
        self.number(edition.id, "added", edition.added, "names were added")
        self.number(edition.id, "removed", edition.removed, "names were removed")
        self.number(edition.id, "growth", edition.added - edition.removed, "more than before")
        for group in list(edition.groups)[:3]:
            self.say(edition.id, "dividedInto", f"group/{group}", f"one group are {group.replace('-', ' ')}")

    def places(self) -> None:
        """Numbers for places, at a time or over a period."""
        for _ in range(4):
            place, year = self.truth.place(), self.truth.year()
            group = self.truth.group()
            stock = self.truth.stock(place, group, year)
            self.number(f"place/{place}#{group}", "count", stock, f"of them in {year}", as_of=f"{year}-06")
            self.number(f"place/{place}#{group}", "occurred", stock // 3, f"cases in {year}", as_of=str(year))
        place, group = self.truth.place(), self.truth.group()
        self.say(f"place/{place}#{group}", "percent", "12.5", "one in eight of them", as_of=str(self.truth.year()))

    def agents(self) -> None:
        """Who is who, and what they are called."""
        for word in ("heads", "coordinates", "memberOf", "worksFor"):
            who, where = self.truth.person(), self.truth.organization()
            quote = f"{self.truth.names[who]}, of {self.truth.names[where]}"[:80]
            self.say(f"person/{who}", word, f"organization/{where}", quote, **self.aside())
        for _ in range(5):
            who = self.truth.person()
            self.say(f"person/{who}", "alias", self.truth.spelling(who), f"{self.truth.spelling(who)}, a teacher")
        who = self.truth.person()
        self.date(f"person/{who}", "birthDate", self.truth.birth(who), f"{self.truth.names[who]} was born"[:60])
        self.say(f"person/{who}", "describedAs", "teacher", f"the teacher {self.truth.names[who]}"[:80])
        where = self.truth.organization()
        said = f'the lists are "too short" in {self.truth.year()}'
        self.say(f"organization/{where}", "says", said, said, **self.aside())

    def case(self, case: str) -> None:
        """A prosecution from arrest to prison."""
        told = self.truth.cases[case]
        key, name = f"case/{case}", self.truth.names[told.person]
        self.say(key, "defendant", f"person/{told.person}", f"against {name}", **self.aside())
        for charge in told.charges:
            self.say(key, "charge", charge, f"{name} is charged with {charge}"[:80], **self.aside())
        for law in told.laws:
            self.say(key, "underArticle", f"law/{law}", f"under {law.replace('-', ' ')}", **self.aside())
        self.date(key, "arrested", told.arrested, "was arrested")
        self.say(key, "plea", "not guilty", f"{name} denies the charge"[:80])
        if told.sentenced:
            self.date(key, "sentenced", told.sentenced, "was sentenced")
            self.say(key, "sentence", told.sentence, f"to {told.sentence} in prison", **self.aside())
            self.say(key, "heldIn", f"organization/{told.prison}", f"is held in {self.truth.names[told.prison]}"[:80])

    def table(self, edition: Edition) -> None:
        """A table of names, one a row, with what each is accused of; the place of a claim is its row."""
        for name in edition.people:
            self.sheet.cursor += 1
            row = {"quote": self.truth.names[name], "at": f"row={self.sheet.cursor}"}
            self.say(edition.id, "names", f"person/{name}", **row)
            case = self.truth.case_of.get(name)
            if case is None:
                continue
            key, told = f"case/{case}", self.truth.cases[case]
            self.say(key, "defendant", f"person/{name}", **row)
            self.say(key, "arrested", told.arrested, **row)
            for charge in told.charges:
                self.say(key, "charge", charge, **row)
            if told.sentenced:
                self.say(key, "sentenced", told.sentenced, **row)
                self.say(key, "sentence", told.sentence, **row)

    def denial(self) -> None:
        """A state body that denies a number, or says it cannot be verified."""
        place, year = self.truth.place(), self.truth.year()
        if self.rng.random() < 0.6:
            stance = self.rng.choice(("denies", "denies", "cannot-verify"))
            cells = {"claimant": "organization/org-0", "stance": stance, "as_of": f"{year}-06", "precision": "at-least"}
            self.say(
                f"place/{place}#{self.truth.group()}", "count", 1, "there is not one of them in our prisons", **cells
            )

    def faults(self, number: int) -> None:
        """One to three faults, each of which a shape finds."""
        truth, day = self.truth, self.truth.day()
        case, other, edition = truth.case(), truth.case(), truth.edition()
        kinds = (
            lambda: self.say(edition.id, "names", f"person/nobody-{number}", "among them nobody knows whom"),
            lambda: self.say(edition.id, "count", edition.total, "says a stranger", claimant=f"person/lost-{number}"),
            lambda: self.say(f"person/{truth.person()}", "count", 4, "four of them"),
            lambda: self.say(edition.id, "names", f"organization/{truth.organization()}", "names an office"),
            lambda: self.say(f"place/{truth.place()}#nurses", "count", 5, "five of them", as_of="2031-06/2031-03"),
            lambda: self.say(edition.id, "added", 3, "three of them", at="char=90,70"),
            lambda: self.say(edition.id, "removed", -3, "minus three of them"),
            lambda: self.say(edition.id, "describedAs", "long", "a list " + "of extraordinarily great length " * 3),
            lambda: (
                self.say(f"case/{case}", "arrested", "2031-05-04", "was arrested on 4 May 2031"),
                self.say(f"case/{case}", "sentenced", "2030-01-02", "was sentenced on 2 January 2030"),
            ),
            lambda: self.say(f"case/{other}", "defendant", f"person/{truth.person()}", "and one more"),
            lambda: self.say(edition.id, "follows", edition.id, "it follows itself"),
            lambda: self.say(edition.id, "added", 2, "two of them", via=self.sheet.source),
            lambda: self.say(edition.id, "count", 9, "voices of elsewhere", claimant="voice/report-00000-neighbours"),
            lambda: self.say(edition.id, "describedAs", "early", "in the year 2041", as_of="2041"),
            lambda: self.say(edition.id, "issued", day, "came out", via="a-lost-report"),
            lambda: self.say(edition.id, "groupCount", 2, "falls into two groups"),
        )
        for _ in range(self.rng.randrange(1, 4)):
            self.rng.choice(kinds)()


def _entities(data: Path, truth: Truth, sources: list[str], rng: Random) -> None:
    names = truth.names

    def named(keys: list[str]) -> list[tuple[str, ...]]:
        return [(key, names[key], "") for key in keys]

    people = [(key, names[key], truth.spelling(key) if rng.random() < 0.3 else "") for key in truth.people]
    kinds = ("association", "media", "state body", "prison", "court")
    organizations = [(key, names[key], "", kinds[i % 5]) for i, key in enumerate(truth.organizations)]
    lists = [(e.slug, f"List {e.slug}", "", e.series, e.issued[:7], "") for e in truth.editions]
    groups = [(key, key.replace("-", " ").capitalize(), "", "") for key in truth.groups]
    cases = [(key, f"Case {key}", "") for key in truth.cases]
    voices = [(f"{source}-neighbours", f"the neighbours ({source})", "") for source in sources]
    basic = ("id", "name", "aliases")
    _write(data / "people.csv", basic, people)
    _write(data / "organizations.csv", (*basic, "classification"), organizations)
    _write(data / "lists.csv", (*basic, "series", "edition", "complete"), lists)
    _write(data / "groups.csv", (*basic, "broader"), groups)
    _write(data / "cases.csv", basic, cases)
    _write(data / "places.csv", basic, named(truth.place_names))
    _write(data / "laws.csv", basic, named(truth.laws))
    _write(data / "voices.csv", basic, voices)
    _write(data / "sources.csv", ("id", "title", "publisher", "published", "language", "url", "sha256"), [
        (
            source,
            f"Report on lists, number {number}",
            f"organization/{truth.organization()}",
            f"{rng.choice((2031, *[2032] * 30))}-{rng.randrange(1, 13):02d}" if rng.random() < 0.9 else "",
            "en",
            f"https://example.org/{source}",
            hashlib.sha256(source.encode()).hexdigest() if rng.random() < 0.98 else "",
        )
        for number, source in enumerate(sources)
    ])  # fmt: skip
    different = [
        ("different", f"person/{one}", f"person/{other}", "They were born in different years", "bench", "2032-01-01")
        for one, other in zip(truth.people[:20:2], truth.people[1:20:2], strict=True)
    ]
    _write(data / "decisions.csv", ("judgement", "first", "second", "reason", "by", "when"), different)


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

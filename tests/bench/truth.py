"""What is true in the invented country that synthetic reports are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

_SYLLABLES = ("ba", "ko", "ri", "mel", "tan", "vor", "sha", "lin", "dru", "æn", "ost", "þi", "gar", "nel", "ul", "ẹ")
_GROUPS = (
    *("nurses", "dock-workers", "students", "teachers", "journalists", "lawyers", "believers", "farmers", "poets"),
    *("printers", "miners", "sailors", "former-officials", "members-of-parties", "bloggers", "drivers"),
)
_CHARGES = ("insulting the Senate", "smuggling", "disorder", "“treason”", "illegal trade", "resisting an officer")


@dataclass(frozen=True)
class Edition:
    """One edition of a list, as it is."""

    slug: str
    series: str
    number: int
    issued: str
    publisher: str
    groups: dict[str, int]
    added: int
    removed: int
    people: list[str]
    new: list[str]

    @property
    def id(self) -> str:
        """Its id in the tables."""
        return f"list/{self.slug}"

    @property
    def total(self) -> int:
        """How many names it holds."""
        return sum(self.groups.values())


@dataclass(frozen=True)
class Case:
    """One prosecution, as it is."""

    person: str
    charges: list[str]
    laws: list[str]
    arrested: str
    sentenced: str
    sentence: str
    prison: str


class Truth:
    """People, organizations, editions and cases in proportion to a number of claims."""

    def __init__(self, rng: Random, claims: int) -> None:
        self.rng = rng
        self.names: dict[str, str] = {}
        self.people = self._named("p", claims // 12 + 30, 2)
        self.organizations = [f"org-{i}" for i in range(claims // 200 + 15)]
        self.names |= {key: f"Bureau of {self._word().capitalize()}" for key in self.organizations}
        self.place_names = self._named("town", claims // 500 + 10, 1)
        self.laws = [f"order-act-{i}" for i in range(1, 60)]
        self.names |= {key: f"Order Act Article {key.rpartition('-')[2]}" for key in self.laws}
        self.groups = list(_GROUPS)
        self.editions = list(self._editions(claims // 250 + 4))
        self.cases = dict(self._cases(self.people[: claims // 25 + 10]))
        self.case_of = {case.person: key for key, case in self.cases.items()}
        self._weighted = list(self.cases)

    def _word(self) -> str:
        return "".join(self.rng.choice(_SYLLABLES) for _ in range(self.rng.randrange(2, 4)))

    def _named(self, prefix: str, count: int, words: int) -> list[str]:
        keys = [f"{prefix}-{i}" for i in range(count)]
        self.names |= {key: " ".join(self._word().capitalize() for _ in range(words)) for key in keys}
        return keys

    def _editions(self, count: int) -> Iterable[Edition]:
        for i in range(count):
            series, number = f"series-{i // 12}", i % 12
            people = self.rng.sample(self.people, min(len(self.people), self.rng.randrange(20, 120)))
            groups = {group: self.rng.randrange(1, 60) for group in self.rng.sample(self.groups, 8)}
            issued = f"{2029 + number // 4}-{number % 4 * 3 + 1:02d}-{self.rng.randrange(1, 29):02d}"
            publisher = f"organization/{self.organizations[i // 12 % len(self.organizations)]}"
            added, removed = self.rng.randrange(5, 40), self.rng.randrange(0, 20)
            yield Edition(
                f"{series}-{number}", series, number, issued, publisher, groups, added, removed, people, people[:4]
            )

    def _cases(self, people: list[str]) -> Iterable[tuple[str, Case]]:
        for person in people:
            year = self.rng.randrange(2027, 2031)
            sentenced = self.day(year + 1) if self.rng.random() < 0.6 else ""
            yield (
                f"{person}-{year}",
                Case(
                    person,
                    self.rng.sample(_CHARGES, 2),
                    self.rng.sample(self.laws, 2),
                    self.day(year),
                    sentenced,
                    f"P{self.rng.randrange(1, 16)}Y",
                    self.organization(),
                ),
            )

    def day(self, year: int = 0) -> str:
        """Some day."""
        return f"{year or self.year()}-{self.rng.randrange(1, 13):02d}-{self.rng.randrange(1, 29):02d}"

    def year(self) -> int:
        """Some year."""
        return self.rng.randrange(2027, 2032)

    def person(self) -> str:
        """Some person."""
        return self.rng.choice(self.people)

    def organization(self) -> str:
        """Some organization."""
        return self.rng.choice(self.organizations)

    def place(self) -> str:
        """Some place."""
        return self.rng.choice(self.place_names)

    def group(self) -> str:
        """Some group."""
        return self.rng.choice(self.groups)

    def case(self) -> str:
        """Some case; a few are told of much more often than the others."""
        return self._weighted[int(len(self._weighted) * self.rng.random() ** 3)]

    def edition(self) -> Edition:
        """Some edition."""
        return self.rng.choice(self.editions)

    def before(self, edition: Edition, most: int) -> list[Edition]:
        """The editions of the same series before one, the nearest first."""
        earlier = [each for each in self.editions if each.series == edition.series and each.number < edition.number]
        return earlier[::-1][:most]

    def stock(self, place: str, group: str, year: int) -> int:
        """How many of a group there are at a place in a year."""
        return 10 + (len(place) * 31 + len(group) * 7 + int(place.rpartition("-")[2]) + year) % 400

    def birth(self, person: str) -> str:
        """When somebody was born."""
        number = int(person.rpartition("-")[2])
        return f"{1950 + number % 50}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"

    def spelling(self, person: str) -> str:
        """Another spelling of somebody's name."""
        return self.names[person].replace("æ", "ae").replace("þ", "th").replace("v", "w").swapcase()

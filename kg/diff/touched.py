"""Which statements and things the differences between the rows of two builds can have an effect on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from kg.diff.changed import Build, ClaimChange, RowChange

_READ = ("subject", "object", "claimant")


def statements(builds: Iterable[Build], keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The subject and the property of each of some claims, by the id without its kind."""
    wanted = sorted(keys)
    found: dict[str, tuple[str, str]] = {}
    for build in builds:
        rows = build.rows.claims.filter(pl.col("id").is_in(wanted)).select("id", "subject", "property")
        found |= {key: (subject, word) for key, subject, word in rows.iter_rows()}
    return found


class Touched:
    """What rests on rows that differ: statements (a subject with a property), and things of any kind.

    `merged` is whether decisions differ on which entities are one. Lists of one series, and lists that follow each
    other, are accounted for together, so that one touches all; and a day as of which a build was made touches all.
    """

    def __init__(
        self,
        first: Build,
        second: Build,
        claims: Iterable[ClaimChange],
        entities: Iterable[RowChange],
        decisions: Sequence[RowChange],
    ) -> None:
        self.builds = (first, second)
        self.days = first.manifest.get("as_of") != second.manifest.get("as_of")
        self.statements: set[tuple[str, str]] = set()
        self.things: set[str] = set()
        for change in claims:
            if not _beside_the_point(change):
                self._add((each.subject, each.property) for each in (change.before, change.after) if each)
                self.things.add(change.told.source)
        unknown = any(each.decisions is None for each in self.builds)
        self.merged = unknown or self.days or any(change.name.startswith("same ") for change in decisions)
        for subject, was, word in self._renamed() if self.merged else ():
            self._add([(subject, word), (was, word)])
        named = {cell for change in decisions for cell in change.name.split() if cell.startswith("claim/")}
        self._add(statements(self.builds, (key.removeprefix("claim/") for key in named)).values())
        self.things |= {change.key for change in entities}
        self._counted()
        self._citing()
        self._together()

    def statement(self, subject: str, word: str) -> bool:
        """Whether a row differs that says something of a subject by a property."""
        return self.days or (subject, word) in self.statements

    def thing(self, key: str) -> bool:
        """Whether a row differs on a thing, or on a tally within it."""
        return self.days or key.partition("#")[0] in self.things

    def _add(self, found: Iterable[tuple[str, str]]) -> None:
        for subject, word in found:
            self.statements.add((subject, word))
            self.things.add(subject.partition("#")[0])

    def _renamed(self) -> list[tuple[str, str, str]]:
        """The claims of both builds that are read as being about, by or of another entity."""
        one, other = (each.rows.claims.select("id", "property", *_READ) for each in self.builds)
        both = one.join(other.drop("property"), on="id", suffix="_now")
        differing = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_now") for name in _READ)
        return both.filter(differing).select("subject", "subject_now", "property").rows()

    def _counted(self) -> None:
        """Add whatever has a tally of a group that is touched."""
        groups = [key.removeprefix("group/") for key in self.things if key.startswith("group/")]
        for build in self.builds:
            slug = pl.col("subject").str.extract("#(.*)$")
            self.things |= set(build.rows.claims.filter(slug.is_in(sorted(groups))).get_column("container"))

    def _citing(self) -> None:
        """Add the sources that retell or cite a source that is touched."""
        slugs = sorted(key.removeprefix("source/") for key in self.things if key.startswith("source/"))
        cited = (pl.col("property") == "cites") & pl.col("object").is_in([f"source/{slug}" for slug in slugs])
        for build in self.builds:
            found = build.rows.claims.filter(pl.col("via").is_in(slugs) | cited).get_column("source")
            self.things |= {f"source/{slug}" for slug in found.unique()}

    def _together(self) -> None:
        """Add the lists that are accounted for together with a list that is touched."""
        joined: dict[str, set[str]] = {}
        for one, other in self._neighbours():
            joined.setdefault(one, set()).add(other)
            joined.setdefault(other, set()).add(one)
        todo = sorted(self.things)
        while todo:
            fresh = joined.get(todo.pop(), set()) - self.things
            self.things |= fresh
            todo += sorted(fresh)

    def _neighbours(self) -> Iterable[tuple[str, str]]:
        for build in self.builds:
            told = build.rows.claims.filter(pl.col("property") == "follows")
            yield from told.select("subject", "object").iter_rows()
            if build.entities is not None:
                series = build.entities.filter(pl.col("column") == "series")
                yield from ((key, f"series {name}") for key, name in series.select("key", "value").iter_rows())


def _beside_the_point(change: ClaimChange) -> bool:
    """Whether a claim differs in nothing that anything is derived from: its places, quotes or note."""
    return bool(change.cells) and {cell.name for cell in change.cells} <= {"at", "quote", "note"}

"""From the rows of a projection's query to edges: rows with the same ends, relation and stance are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan

import pyoxigraph as ox

from kg.entities import local_id
from kg.errors import KgError
from kg.network.known import Registered, Told, days
from kg.network.network import Edge
from kg.ontology import NS, RDF
from kg.query.answer import Row
from kg.query.answer import Term as AnyTerm
from kg.terminal import visible

Term = AnyTerm | None
Key = tuple[str, str, str, str, str]

_TYPE = RDF + "type"
_UNNAMED = "related to"
_STANCES = {NS + name: name for name in ("asserts", "denies", "cannot-verify")}
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_CLAIM = "claim/"
# What a query may say of an edge itself; all other variables but the ends may name claims.
_OWN = ("stance", "weight", "since", "until", "contested")
NO_THING = "a literal or nothing at an end, or only a type"
NO_CLAIM = "a claim that there is not"


@dataclass
class _Group:
    """The rows of one edge, as they come together; `claims` are those of each variable that names some."""

    claims: dict[str, dict[str, Told]] = field(default_factory=dict)
    weight: float | None = None
    since: str = ""
    until: str = ""
    contested: bool = False


class Reader:
    """Puts rows together to edges; ids and names of terms are made once.

    `alone` are things that stand in no edge, `iris` the IRI of each thing; `dropped` counts rows that make no edge, by
    the reason.
    """

    def __init__(self, known: Registered, variables: Sequence[str]) -> None:
        self.known = known
        self.alone: set[str] = set()
        self.iris: dict[str, str] = {}
        self.dropped: Counter[str] = Counter()
        self._groups: dict[Key, _Group] = {}
        places = {name: place for place, name in enumerate(variables)}
        self._ends = places.pop("source"), places.pop("relation"), places.pop("target")
        self._own = {name: places.pop(name) for name in _OWN if name in places}
        self._others = places
        self._ids: dict[Term, str] = {}
        self._relations: dict[Term, tuple[str, str, str]] = {}

    def read(self, rows: Iterable[Row]) -> None:
        """Add rows to the edges they belong to."""
        for row in rows:
            if fault := self._put(row):
                self.dropped[fault] += 1

    def edges(self) -> Iterator[Edge]:
        """The edges, ordered by their ends and relation."""
        for key, group in sorted(self._groups.items()):
            yield _edge(key, group, self.known)

    def _put(self, row: Row) -> str:
        """Add a row; or why it makes no edge."""
        first, joining, last = self._ends
        source, target = self._id(row[first]), self._id(row[last])
        if row[last] is None and source:
            if not isinstance(self._claims(row), str):
                self.alone.add(source)
            return ""
        relation, predicate, stance = self._relation(row[joining])
        if not source or not target or predicate == _TYPE:
            return NO_THING
        claims = self._claims(row)
        if isinstance(claims, str):
            return claims
        told = self._own_words(row)
        if not stance:
            stance = next((each.stance for _, _, each in claims if each.stance != "asserts"), "asserts")
        stance = told.get("stance") or stance
        group = self._groups.setdefault((source, target, relation, predicate, stance), _Group())
        for name, claim, found in claims:
            group.claims.setdefault(name, {})[claim] = found
        _tell(group, told)
        return ""

    def _claims(self, row: Row) -> list[tuple[str, str, Told]] | str:
        """The claims on which a row rests, with the variables that name them; or why one of them does not count."""
        found = []
        for name, place in self._others.items():
            key = self._id(row[place])
            if not key.startswith(_CLAIM):
                if name == "claim" and key:
                    return NO_CLAIM
                continue
            claim = key.removeprefix(_CLAIM)
            if claim not in self.known.claims:
                return self.known.left_out.get(claim, NO_CLAIM)
            found.append((name, claim, self.known.claims[claim]))
        return found

    def _own_words(self, row: Row) -> dict[str, str]:
        """What the query itself says of the edge, as far as it does. Raises KgError for what cannot be meant."""
        told = {}
        for name, place in self._own.items():
            term = row[place]
            if term is None:
                continue
            text = term.value if isinstance(term, ox.Literal | ox.NamedNode) else str(term)
            told[name] = _read(name, text)
        return told

    def _id(self, term: Term) -> str:
        """The id of a thing in the tables, or its IRI; a tally is what it is within. Empty for what is no thing."""
        found = self._ids.get(term)
        if found is None:
            iri, base = term.value if isinstance(term, ox.NamedNode) else "", self.known.base
            found = local_id(iri.removeprefix(base)).partition("#")[0] if iri.startswith(base) else iri
            self._ids[term] = found
            self.iris[found] = base + found if iri.startswith(base) else iri
        return found

    def _relation(self, term: Term) -> tuple[str, str, str]:
        """How a relation is called, its IRI if it is a property, and its stance if it is one."""
        found = self._relations.get(term)
        if found is None:
            found = (term.value if isinstance(term, ox.Literal) else "") or _UNNAMED, "", ""
            if isinstance(term, ox.NamedNode):
                ending = term.value.rstrip("/#").replace("#", "/").rpartition("/")[2]
                label = self.known.ontology.labels.get(term.value, ending or term.value)
                stance = _STANCES.get(term.value, "")
                found = label, "" if stance else term.value, stance
            self._relations[term] = found
        return found


def _read(name: str, text: str) -> str:
    """A value that a query gives an edge, in the form in which it is compared."""
    if name == "stance":
        if text in _STANCES:
            return _STANCES[text]
        raise KgError(f"?stance is none: {visible(text)}", "select kg:asserts, kg:denies or kg:cannot-verify")
    if name == "contested":
        if text in _TRUTHS:
            return "true" if _TRUTHS[text] else "false"
        raise KgError(f"?contested is neither true nor false: {visible(text)}", "select true, or leave it out")
    if name == "weight":
        try:
            number = float(text)
        except ValueError:
            number = nan
        if isfinite(number) and number > 0:
            return text
        raise KgError(f"?weight is no number above zero: {visible(text)}", "select one, or leave ?weight out")
    low, high = days(text)
    if not low and not high:
        raise KgError(f"?{name} is no date: {visible(text)}", "select a date such as 2031-06-09, 2031-06 or 2031")
    return low if name == "since" else high


def _tell(group: _Group, told: Mapping[str, str]) -> None:
    if "weight" in told:
        group.weight = max(group.weight or 0.0, float(told["weight"]))
    if told.get("since"):
        group.since = min(filter(None, (group.since, told["since"])))
    group.until = max(group.until, told.get("until", ""))
    group.contested = group.contested or told.get("contested") == "true"


def _edge(key: Key, group: _Group, known: Registered) -> Edge:
    source, target, relation, predicate, stance = key
    claims = {claim: told for column in group.claims.values() for claim, told in column.items()}
    since, until = _held(claims.values(), predicate)
    weight = group.weight if group.weight is not None else _weight(group, predicate)
    return Edge(
        source,
        target,
        relation,
        predicate,
        stance,
        float(weight),
        group.since or since,
        group.until or until,
        known.disputes.among(claims if predicate else (), relation, told=group.contested),
        tuple(sorted(claims)),
    )


def _weight(group: _Group, predicate: str) -> int:
    """How many independent sources tell an edge.

    Of a property, the origins of the statement that has most of them: copies of one origin count once, and so do not
    statements that differ. Of another relation, such as that somebody is quoted, the reports that show it. Where it
    takes several claims at once, the least of these numbers.
    """
    counts = []
    for column in group.claims.values():
        if predicate:
            origins: dict[str, set[str]] = {}
            for told in column.values():
                origins.setdefault(told.statement, set()).add(told.origin)
            counts.append(max(map(len, origins.values())))
        else:
            counts.append(len({told.report for told in column.values()}))
    return min(counts, default=1)


def _held(claims: Iterable[Told], predicate: str) -> tuple[str, str]:
    """The days for which a relation holds: those of its claims; of what somebody says, when it was said.

    Empty where any of its claims leaves them open.
    """
    spans = [(told.since, told.until) if predicate else days(told.said) for told in claims]
    if not spans or not all(low or high for low, high in spans):
        return "", ""
    lows, highs = [low for low, _ in spans], [high for _, high in spans]
    return min(lows), max(highs) if all(highs) else ""

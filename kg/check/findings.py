"""SHACL results as findings: joined with their claims, and put where a person can act on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

import polars as pl

from kg.check.decided import Decided
from kg.check.engines import Result
from kg.check.rows import Row, Rows
from kg.check.shapes import Shape, Shapes
from kg.check.told import Told, lower, statement
from kg.check.told import place_of as _place
from kg.entities import local_id, parse_id
from kg.errors import Finding, Place
from kg.ledger import Contradiction, LedgerLine
from kg.ontology import XSD
from kg.values import number_text, shown
from kg.workspace import Reading

_MOST_PLACES = 5
_ACCOUNTS = (
    *("group-sum", "group-count", "incomplete-groups"),
    *("succession", "succession-in-series", "untold-changes", "two-sides", "net-and-gross", "pace"),
)
_CHANGES = ("added", "removed", "growth")
# The faults of reading by which rows of a table are lost.
_LOSING = frozenset(
    {
        *("bad-id", "binary-file", "csv-syntax", "encoding", "header", "ragged-row", "too-large"),
        *("file-name", "not-a-file", "unreadable-file"),
    }
)


def findings(results: Iterable[Result], reading: Reading, shapes: Shapes) -> list[Finding]:
    """The findings for the results of a validation, in order of place; equal ones are told once."""
    teller = _Teller(reading)
    found: dict[Finding, None] = {}
    for result in results:
        shape = shapes.of(result.shape, result.message, result.severity)
        for told in teller.tell(result, shape):
            related = tuple(sorted(set(told.related) - {told.place}))[:_MOST_PLACES]
            fix = told.fix or _mend(shape)
            found[Finding(shape.code, shape.severity, told.place, told.message, fix, related)] = None
    return sorted(found, key=Finding.order)


def _mend(shape: Shape) -> str:
    words = shape.description or f"Look up what {shape.iri or 'the shape'} asks for."
    return words[:1].lower() + words[1:].rstrip(".")


class _Teller:
    """Knows the rows behind the nodes of a graph."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.base = reading.workspace.base
        self.ontology = reading.ontology
        self.rows = Rows(reading.claims.claims, reading.ledger.links)
        self.decided = Decided(reading, self.rows)
        self.special: dict[str, Callable[[Result, Shape, str], Iterator[Told]]] = {
            "contradiction": self.contradiction,
            "idle-decision": self.decided.idle,
            "opposed-decisions": self.decided.opposed,
            "same-and-different": self.decided.apart,
            "unknown-entity": self.unknown,
            **dict.fromkeys(_ACCOUNTS, self.line),
        }

    def tell(self, result: Result, shape: Shape) -> Iterator[Told]:
        """What a result says about the rows of the tables."""
        focus = self.local(result.focus)
        told = self.special.get(shape.code)
        if told is not None:
            yield from told(result, shape, focus)
        elif result.focus[1:-1] in self.ontology.words:
            yield from self.property(result, shape)
        else:
            yield from self.node(result, shape, focus)

    def local(self, term: str) -> str:
        """A term as the tables write it: an id for a node of the registry, the text of a literal, else the IRI."""
        if term.startswith("<"):
            return local_id(term[1:-1].removeprefix(self.base))
        match = re.match(r'"((?:[^"\\]|\\.)*)"', term)
        return match[1] if match else term

    def word(self, iri: str) -> str:
        """The word of the tables for a property."""
        return self.ontology.words.get(iri, iri)

    # ── one focus node ──

    def node(self, result: Result, shape: Shape, focus: str) -> Iterator[Told]:
        """A result on a claim, an entity, a decision or anything else that has a row."""
        place, subject = self.place(focus)
        value = f" ({self.local(result.value)})" if result.value and self.local(result.value) != focus else ""
        others = self._involved(result, focus)
        rests = self._matched([*self._about(focus), *others])
        related = (*map(_place, others), *(decision.place for decision in self.decided.rows(focus)))
        yield Told(place, f"{subject}: {lower(shape.message)}{value}{rests}", related)

    def _about(self, focus: str) -> list[Row]:
        """The claims that are, or are about, a node."""
        if focus.startswith("claim/"):
            return self.rows.by("id", focus.removeprefix("claim/"))
        return self.rows.by("container", focus)

    def _involved(self, result: Result, focus: str) -> list[Row]:
        """The other claims that a result on an entity or a source is about."""
        if focus.startswith("source/") and result.value:
            day = self.local(result.value)
            return [row for row in self.rows.by("source", focus.removeprefix("source/")) if row["from"] == day]
        if focus.startswith("voice/"):
            return self.rows.by("claimant", focus)
        return self.rows.earlier(focus.removeprefix("claim/")) if focus.startswith("claim/") else []

    def place(self, focus: str) -> tuple[Place, str]:
        """Where a node of the graph comes from, and how to call it."""
        kind, _, key = focus.partition("/")
        if kind == "claim":
            found = self.rows.by("id", key)
            return (_place(found[0]), statement(found[0])) if found else (Place("data"), focus)
        if kind == "evidence":
            evidence = self.reading.claims.evidence.filter(pl.col("local") == focus).sort("file", "line").to_dicts()
            told = f"evidence {shown(evidence[0]['exact'] or '')}" if evidence else focus
            return (_place(evidence[0]) if evidence else Place("data")), told
        if kind == "decision":
            decision = next(iter(self.decided.rows(focus)), None)
            return (decision.place, str(decision)) if decision else (Place("data"), focus)
        if focus in self.reading.entities:
            return self.reading.entities.by_id[focus].place, focus
        used = self.uses(focus)
        return (used[0] if used else Place("data")), focus

    # ── a focus node that is a property of the ontology ──

    def property(self, result: Result, shape: Shape) -> Iterator[Told]:
        """A result on a property: a finding for each claim that uses it so."""
        iri, value = result.focus[1:-1], result.value[1:-1] if result.value else ""
        mine = pl.col("predicate") == iri
        kinds = [kind.word for kind in self.ontology.kinds.values() if kind.iri == value]
        if shape.code == "domain":
            tally = value.endswith("#Tally")
            rows = self.rows.where(
                mine & (pl.col("subject_local").str.extract(r"^([a-z]+)/").is_in(["tally"] if tally else kinds))
            )
        elif shape.code == "range":
            rows = self.rows.where(
                mine & pl.col("datatype").is_null() & pl.col("object").str.extract(r"^([a-z]+)/").is_in(kinds)
            )
        else:
            told = self.local(result.value or "")
            rows = self.rows.where(mine & ((pl.col("subject") == told) | (pl.col("low") == told)))
        domain = sorted(
            self.ontology.labels.get(each, each) for each in self.ontology.properties[self.word(iri)].domain
        )
        hint = f"it is said of: {', '.join(domain)}" if shape.code == "domain" else ""
        for row in rows:
            rests = self._matched(self._about(row["container"])) if shape.code == "one-defendant" else ""
            yield Told(_place(row), f"{statement(row)}: {lower(shape.message)}{rests}", fix=hint)

    # ── an id that names nothing ──

    def unknown(self, _: Result, shape: Shape, focus: str) -> Iterator[Told]:
        """An id that is in no table: told at the first row that uses it, unless rows of its table could not be read."""
        word = focus.partition("/")[0]
        kind = self.ontology.kinds.get(word)
        if kind and f"data/{kind.table}.csv" in self._unread:
            return
        places = self.uses(focus)
        more = f" ({len(places)} rows use it)" if len(places) > 1 else ""
        first, *rest = places or [Place("data")]
        if word == "claim":
            if not any(file.startswith("data/claims/") for file in self._unread):
                yield from self.decided.gone(focus, more, (first, *rest))
            return
        hint = self.reading.entities.hint(focus)
        fix = hint or (f"add {focus.partition('/')[2]} to data/{kind.table}.csv" if kind else _mend(shape))
        yield Told(first, f"{focus} is in no table{more}", tuple(rest), fix)

    @cached_property
    def _unread(self) -> frozenset[str]:
        """The tables that lost rows, of which it cannot be said what is not in them."""
        return frozenset(each.place.file for each in self.reading.findings if each.code in _LOSING)

    def uses(self, key: str) -> list[Place]:
        """The rows that use an id, by file and line."""
        places = [_place(row) for row in self.rows.using(key)]
        places += [e.place for e in self.reading.entities if any(value == key for _, value in e.values)]
        places += [d.place for d in self.reading.decisions if key in (d.first, d.second)]
        return places

    # ── what is derived from several claims ──

    def contradiction(self, _: Result, __: Shape, focus: str) -> Iterator[Told]:
        """A contradiction, told at the claim that most origins exclude; ties go by file and line."""
        found = self._contradictions.get(focus)
        if found is None:
            return
        upheld = [row for row in self.rows.by("id", *found.members) if row["id"] not in found.aside]
        rivals = {row["id"]: [other for other in upheld if other["id"] in found.rivals[row["id"]]] for row in upheld}
        alone = min(upheld, key=lambda row: (-len(self._origins_of(rivals[row["id"]])), *_order(row)))
        others: dict[tuple[str, ...], list[Row]] = {}
        for row in rivals[alone["id"]]:
            others.setdefault(_value(row), []).append(row)
        said = "; ".join(self._said(group, alone) for group in others.values())
        gap = f" (apart by {_gap(found, alone, rivals[alone['id']])})" if found.difference is not None else ""
        late = "".join(f"; told after {d.place} decided" for d in found.decisions if not d.second)
        message = f"{statement(alone)}; {said}{gap}{late}{self._matched([alone, *rivals[alone['id']]])}"
        yield Told(_place(alone), message, tuple(map(_place, upheld)))

    @cached_property
    def _contradictions(self) -> Mapping[str, Contradiction]:
        return {each.local: each for each in self.reading.ledger.contradictions}

    @cached_property
    def _lines(self) -> Mapping[str, LedgerLine]:
        return {each.local: each for each in self.reading.ledger.lines}

    def _said(self, group: list[Row], alone: Row) -> str:
        value = statement(group[0]).removeprefix(f"{alone['subject']} {alone['property']} ")
        sources = {row["source"] for row in group} - {alone["source"]}
        if not sources:
            who = {row["claimant"] or "the source itself" for row in group}
            return f"the same source also says {value} (by {', '.join(sorted(who))})"
        several = "1 other source says" if len(sources) == 1 else f"{len(sources)} other sources say"
        origins = self._origins_of(row for row in group if row["source"] in sources)
        retold = f", all from {local_id(min(origins))}," if len(sources) > 1 and len(origins) == 1 else ""
        return f"{several.replace(' say', f'{retold} say') if retold else several} {value}"

    def _origins_of(self, rows: Iterable[Row]) -> set[str]:
        """Where claims come from in the end: those of one origin count once."""
        return {self._origins[row["id"]] for row in rows}

    @cached_property
    def _origins(self) -> Mapping[str, str]:
        return dict(self.reading.ledger.standing.select("id", "origin").iter_rows())

    def _matched(self, rows: list[Row]) -> str:
        """The decisions on which it rests that rows with different ids are about one thing."""
        ids: dict[str, set[str]] = {}
        for row in rows:
            for key in map(parse_id, (row["told"], *([row["value"]] if row["datatype"] is None else []))):
                for each in (key.container, f"group/{key.group}"):
                    ids.setdefault(self.reading.identity.of(each), set()).add(each)
        joined = {one for one, several in ids.items() if len(several) > 1}
        same = [
            d for d in self.reading.decisions if d.judgement == "same" and self.reading.identity.of(d.first) in joined
        ]
        return "".join(f"; rests on {d.place}: {d.second} is {d.first}" for d in same)

    def line(self, _: Result, shape: Shape, focus: str) -> Iterator[Told]:
        """A ledger line, told at the claim it tests: of a change where it is on one, else of the date or the total."""
        found = self._lines.get(focus)
        if found is None:
            return
        rows = self.rows.by("id", *found.claims)
        own = [row for row in rows if row["source"] == found.source] or rows
        tested = min(own, key=lambda row: (_rank(row, found), *_order(row)))
        counted = ""
        if found.stated is not None and found.counted is not None and found.stated != found.counted:
            counted = f" ({found.counted} of {found.stated} groups)"
        message = f"{statement(tested)}: {found.equation}; {lower(shape.message)}{counted}{_readings(found)}"
        yield Told(_place(tested), message + self._matched(rows), tuple(map(_place, rows)))


def _rank(row: Row, line: LedgerLine) -> int:
    """Which claim of a line a reader would look at first."""
    if line.kind == "groups":
        return int(row["subject"] != line.subject) + int(row["property"] != "count")
    return int(row["property"] not in (("issued",) if line.kind == "pace" else _CHANGES))


def _readings(line: LedgerLine) -> str:
    """What would have to be so for the other numbers to be right."""
    if line.kind not in ("succession", "succession-in-series") or not line.implied:
        return ""
    told = [f"{each.subject} held {each.amount.text}" for each in line.implied if each.word == "count"]
    net = next((each.amount.text for each in line.implied if each.word == "growth"), "")
    untold = [each for each in line.implied if each.word in ("added", "removed")]
    told += [f"{each.amount.text} {each.word}, which nobody tells, so that the change is {net} net" for each in untold]
    return f"; likely readings: {'; or '.join(told or [f'the change is {net} net'])}"


def _value(row: Row) -> tuple[str, ...]:
    """What makes claims of one contradiction alike."""
    return row["object"], row["precision"]


def _gap(found: Contradiction, row: Row, rivals: Iterable[Row]) -> str:
    number = number_text(found.difference) if found.difference is not None else ""
    measured = [each for each in (row, *rivals) if each["bound"] is not None]
    more = " or more" if any(each["low"] is None or each["high"] is None for each in measured) else ""
    if row["bound"] == XSD + "date" or row["datatype"] == XSD + "duration":
        return f"{number} day{'' if number == '1' else 's'}{more}"
    return f"{number}{more}"


def _order(row: Row) -> tuple[str, int]:
    return row["file"], row["line"]

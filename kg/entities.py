"""Ids, and the tables of `data/` that say which entities there are."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.errors import Finding, Place, Severity, did_you_mean
from kg.files import is_there
from kg.ontology import Kind, Ontology, Property
from kg.tables import read_table
from kg.values import CellError, Literal, literal, shown

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
RESERVED_SOURCES = frozenset({"ontology", "derived", "decisions"})
_SLUG = re.compile(SLUG, re.ASCII)
_ID = re.compile(rf"([a-z]+)/({SLUG})(?:#({SLUG}))?", re.ASCII)
_LONGEST = 100
_TYPO = 4
_MOST_ALIKE = 60


@dataclass(frozen=True)
class Id:
    """An id of the tables, `kind/slug`, or of a tally, `kind/slug#group`.

    >>> parse_id("list/harbour-2031#nurses").local
    'tally/list_harbour-2031_nurses'
    """

    kind: str
    slug: str
    group: str = ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}" + (f"#{self.group}" if self.group else "")

    @property
    def local(self) -> str:
        """The part of its IRI behind the base: no `#`, which SPARQL prefixes cannot hold."""
        return f"tally/{self.kind}_{self.slug}_{self.group}" if self.group else f"{self.kind}/{self.slug}"

    @property
    def container(self) -> str:
        """What a tally is within; the entity itself otherwise."""
        return f"{self.kind}/{self.slug}"


def parse_id(text: str) -> Id:
    """Read an id. Raises CellError `bad-id` for anything else.

    >>> str(parse_id("person/ana-moor"))
    'person/ana-moor'
    """
    match = _ID.fullmatch(text)
    if match is None or len(text) > 3 * _LONGEST:
        fix = "write kind/slug, the slug in a-z, 0-9 and single hyphens: person/ana-moor"
        raise CellError("bad-id", f"{shown(text)} is no id", fix)
    return Id(match[1], match[2], match[3] or "")


def local_id(local: str) -> str:
    """The id of the tables for the part of an IRI behind the base; the reverse of `Id.local`.

    >>> local_id("tally/list_harbour-2031_nurses")
    'list/harbour-2031#nurses'
    """
    kind, _, rest = local.partition("/")
    parts = rest.split("_")
    return f"{parts[0]}/{parts[1]}#{parts[2]}" if kind == "tally" and len(parts) == 3 else local


def known_kind(key: Id, kinds: Mapping[str, Kind]) -> Id:
    """The id itself. Raises CellError `unknown-kind` if what stands before its slash is no kind of entity.

    >>> from kg.ontology import load
    >>> known_kind(parse_id("people/ana-moor"), load().kinds)
    Traceback (most recent call last):
    kg.values.CellError: there is no kind of entity called “people”
    """
    if key.kind in kinds:
        return key
    tables = {kind.table: kind.word for kind in kinds.values()}
    hint = f"did you mean {tables[key.kind]}?" if key.kind in tables else did_you_mean(key.kind, kinds)
    message = f"there is no kind of entity called {shown(key.kind)}"
    raise CellError("unknown-kind", message, hint or f"the kinds are {', '.join(kinds)}")


def slug_fault(text: str) -> CellError | None:
    """What is wrong with a slug, if anything."""
    if _SLUG.fullmatch(text) and len(text) <= _LONGEST:
        return None
    letters = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    better = re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST].strip("-")
    # A word with letters of another script would lose them.
    spelled = better and not any(c.isalpha() and not c.isascii() for c in letters)
    fix = f"write {better}" if spelled else f"spell it in a-z, 0-9 and single hyphens, at most {_LONGEST} characters"
    return CellError("bad-id", f"{shown(text)} cannot be an id", fix)


@dataclass(frozen=True)
class Entity:
    """A row of an entity table: its id, its place, and the values of its columns."""

    id: str
    kind: Kind
    place: Place
    values: tuple[tuple[Property, str | Literal], ...]

    @property
    def name(self) -> str:
        """The name, or for a source its title."""
        return next((v.text for p, v in self.values if p.word in ("name", "title") and isinstance(v, Literal)), self.id)

    def text(self, word: str) -> str:
        """The value in one column as text; empty if it has none."""
        # `published` is the word of sources.csv for what lists.csv calls `issued`.
        words = (word, "issued") if word == "published" else (word,)
        for term, value in self.values:
            if term.word in words:
                return value.text if isinstance(value, Literal) else value
        return ""


@dataclass(frozen=True)
class Entities:
    """All entities, by id."""

    by_id: Mapping[str, Entity]

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def __contains__(self, key: str) -> bool:
        return key in self.by_id

    def of(self, kind: str) -> list[Entity]:
        """The entities of one kind, in the order of their ids."""
        return sorted((e for e in self if e.kind.word == kind), key=lambda e: e.id)

    def name(self, key: str) -> str:
        """The name of an entity, or the id itself where there is none."""
        return self.by_id[key].name if key in self.by_id else key

    @cached_property
    def ids_by_name(self) -> Mapping[str, str]:
        """The id for each name and alias, in lower case; of several the first in the tables."""
        return {name: ids[0] for name, ids in self._named.items()}

    def named(self, name: str) -> tuple[str, ...]:
        """The ids of all that have a name or an alias, in large or small letters."""
        return tuple(self._named.get(name.lower(), ()))

    @cached_property
    def _named(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for entity in self:
            for term, value in entity.values:
                if term.word in ("name", "aliases", "title") and isinstance(value, Literal):
                    ids = found.setdefault(value.text.lower(), [])
                    ids += [] if entity.id in ids else [entity.id]
        return found

    def hint(self, key: str) -> str:
        """The id that was probably meant by an unknown one: a name, a slug without its kind, or one misspelt."""
        known = self.ids_by_name.get(key.lower()) or self._by_slug.get(key, "")
        if known:
            return f"did you mean {known}?"
        kind, _, slug = key.partition("/")
        alike = self._beginning.get(f"{kind}/{slug[:2]}", [])
        if len(alike) > _MOST_ALIKE:
            near = bisect_left(alike, key)
            alike = alike[max(0, near - _MOST_ALIKE // 2) : near + _MOST_ALIKE // 2]
        return did_you_mean(key, (other for other in alike if abs(len(other) - len(key)) <= _TYPO))

    @cached_property
    def _by_slug(self) -> Mapping[str, str]:
        """The id for each slug, whatever its kind; of several the first in the tables."""
        found: dict[str, str] = {}
        for key in self.by_id:
            found.setdefault(key.partition("/")[2], key)
        return found

    @cached_property
    def _beginning(self) -> Mapping[str, list[str]]:
        """The ids by their kind and the first two letters of their slug, so that a hint need not compare them all.

        They are in the order of the alphabet: of very many that begin alike only those around are compared.
        """
        found: dict[str, list[str]] = {}
        for key in sorted(self.by_id):
            kind, _, slug = key.partition("/")
            found.setdefault(f"{kind}/{slug[:2]}", []).append(key)
        return found


def read_entities(data: Path, ontology: Ontology, shown: str = "data") -> tuple[Entities, list[Finding]]:
    """Read the table of each kind from `data`; `shown` is how findings name that folder."""
    found: dict[str, Entity] = {}
    findings: list[Finding] = []
    for kind in ontology.kinds.values():
        path = data / f"{kind.table}.csv"
        if not is_there(path):
            continue
        columns = ontology.columns(kind)
        name = "title" if kind.word == "source" else "name"
        table, faults = read_table(path, f"{shown}/{path.name}", ("id", name), [w for w in columns if w != name])
        findings += faults
        told = zip(*(table.columns[word] for word in columns), strict=True)
        for line, key, row in zip(table.lines, table.columns["id"], told, strict=True):
            place = Place(table.file, line)
            slug = key.removeprefix(kind.word + "/")
            cells = {word: cell for word, cell in zip(columns, row, strict=True) if cell}
            if name not in cells:
                findings.append(_fault(place, CellError("missing-cell", f"the {name} is missing", f"give it a {name}")))
                # The shape that asks for names need not tell it again.
                cells[name] = slug
            entity, faults = _entity(ontology, kind, slug, place, cells)
            findings += faults
            if entity is None:
                continue
            if entity.id in found:
                message = f"{entity.id} has a row already, at {found[entity.id].place}"
                fix = "keep one of the rows, or give one another id"
                findings.append(_fault(place, CellError("duplicate-id", message, fix)))
            found.setdefault(entity.id, entity)
    return Entities(found), findings


def _fault(place: Place, error: CellError) -> Finding:
    return Finding(error.code, Severity.VIOLATION, place, error.message, error.fix)


def _entity(
    ontology: Ontology, kind: Kind, slug: str, place: Place, cells: Mapping[str, str]
) -> tuple[Entity | None, list[Finding]]:
    """The entity of a row without the cells that cannot be read; none if its id cannot be one."""
    findings = []
    fault = slug_fault(slug)
    if not slug:
        fault = CellError("missing-cell", "the id is missing", "give it an id, in a-z, 0-9 and single hyphens")
    elif kind.word == "source" and slug in RESERVED_SOURCES:
        fault = CellError("bad-id", f"“{slug}” is kept for the registry's own graph", f"write {slug}-report")
    if fault:
        findings.append(_fault(place, fault))
    values: list[tuple[Property, str | Literal]] = []
    for word, cell in cells.items():
        term = ontology.properties[word]
        for part in cell.split("|") if word in ("aliases", "same_as", "broader") else [cell]:
            try:
                if part.strip():
                    values.append((term, _value(term, part.strip(), ontology)))
            except CellError as error:
                findings.append(_fault(place, error.within(word)))
    return None if fault else Entity(f"{kind.word}/{slug}", kind, place, tuple(values)), findings


def _value(term: Property, cell: str, ontology: Ontology) -> str | Literal:
    if term.literals:
        return literal(cell, term.literals)
    try:
        return str(known_kind(parse_id(cell), ontology.kinds))
    except CellError as error:
        kinds = [kind.word for kind in ontology.kinds.values() if kind.iri in term.classes]
        if len(kinds) > 1 or slug_fault(cell):
            raise
        raise CellError(error.code, error.message, f"write {kinds[0]}/{cell}") from error

"""What a page tells: the nodes and edges of a network, and the claims behind them in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from kg.diagram.page.standing import Against, against
from kg.diagram.types import type_of, types
from kg.draw.scale import span_text
from kg.draw.svg import clean
from kg.entities import Entities
from kg.knowledge import Known
from kg.network.network import Dispute, Edge, Network, Node
from kg.ontology import Ontology
from kg.trace import Passage, Trace
from kg.values import CellError, Literal, time_span

_PRECISIONS = ("at-least", "more-than", "at-most", "less-than")
_PLACES = {"char": "characters", "row": "row", "page": "page"}
# A note such as "100 of 2,341 entities are drawn".
_PARTIAL = re.compile(r"[0-9,]+ of [0-9,]+ ")
# What HTML or a script could take for its own.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Names:
    """What a registry calls things, and from when the word of each source counts, by the slug of its id.

    `merged` has the ids that go on as others by a decision, each with the one it goes on as.
    """

    entities: Entities
    ontology: Ontology
    known: Mapping[str, Known]
    merged: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: str) -> str:
        """The name of an entity as it goes on; of a tally that of what it is within, and its group."""
        container, _, group = key.partition("#")
        return f"{self._name(container)} · {self._name(f'group/{group}')}" if group else self._name(container)

    def _name(self, key: str) -> str:
        return self.entities.name(self.merged.get(key, key))

    def property(self, word: str) -> str:
        """How the ontology calls a property."""
        term = self.ontology.properties.get(word)
        return term.label if term and term.label else word

    def aliases(self, key: str) -> Iterator[str]:
        """What else its table calls an entity, then the names and ids of those that go on as it."""
        yield from self._other_names(key)
        for old in self._before.get(key, ()):
            yield from (self.entities.name(old), *self._other_names(old), old)

    def _other_names(self, key: str) -> Iterator[str]:
        values = self.entities.by_id[key].values if key in self.entities else ()
        return (value.text for term, value in values if term.word == "aliases" and isinstance(value, Literal))

    @cached_property
    def _before(self) -> Mapping[str, list[str]]:
        """The ids that go on as each."""
        found: dict[str, list[str]] = {}
        for old, new in sorted(self.merged.items()):
            found.setdefault(new, []).append(old)
        return found


@dataclass(frozen=True)
class Claim:
    """A claim in words, as a page tells it; what is empty is not told.

    `entity` is the id of its value, if that is an entity, `when` the time it holds for, `claimant` who says it if that
    is not the source itself. `days` are the first and the last day by which it is filtered, empty where open. `rows`
    are the files that have it, `against` tells how it stands to others. `spells` says that it tells no more than how a
    source spells a name.
    """

    id: str
    subject: str
    property: str
    value: str
    entity: str
    stance: str
    when: str
    days: tuple[str, ...]
    claimant: str
    said: str
    source: str
    via: str
    standing: str
    note: str
    rows: tuple[str, ...]
    place: str
    quotes: tuple[str, ...]
    spells: bool
    against: tuple[Against, ...]


@dataclass(frozen=True)
class Content:
    """A network with the claims that tell it, and what is to be said of its picture, in sentences."""

    network: Network
    traces: Sequence[Trace]
    names: Names
    notes: Sequence[str] = ()

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims in words, as their sources tell them one after the other."""
        return tuple(map(self._claim, self._ordered))

    @cached_property
    def _ordered(self) -> list[Trace]:
        return sorted(self.traces, key=_told_at)

    @cached_property
    def sources(self) -> dict[str, dict[str, str]]:
        """Of each source that is named: who published it and when, and in which language."""
        found = {}
        for key in dict.fromkeys(each for claim in self.claims for each in (claim.source, claim.via) if each):
            row = self.names.entities.by_id.get(key)
            publisher, published = (row.text("publisher"), row.text("published")) if row else ("", "")
            told = {"publisher": self.names.of(publisher) if publisher else "", "published": _when(published)}
            found[key] = _filled({**told, "language": row.text("language") if row else ""}.items())
        return found

    def json(self) -> str:
        """All of it as JSON that may stand within a page: no part of it ends a script or opens a tag."""
        told = {
            "about": self.network.title.partition(": ")[2],
            "partial": any(map(_PARTIAL.match, self.notes)),
            "types": {each.key: {"one": each.one, "colour": each.colour} for each in types(self.network.nodes)},
            "nodes": list(map(self._node, self.network.nodes)),
            "edges": list(map(self._edge, self.network.edges)),
            "claims": [asdict(claim, dict_factory=_filled) for claim in self.claims],
            "names": {key: self.names.of(key) for claim in self.claims for key in _named(claim)},
            "sources": self.sources,
        }
        return json.dumps(_cleaned(told), ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)

    def _claim(self, each: Trace) -> Claim:
        term = self.names.ontology.properties.get(each.property)
        named = each.value in self.names.entities and bool(term and term.classes)
        passages = sorted(each.passages, key=_order)
        return Claim(
            id=each.claim,
            subject=each.subject,
            property=self.names.property(each.property),
            value=self.names.of(each.value) if named else _amount(each.value),
            entity=each.value if named else "",
            stance="" if each.stance == "asserts" else each.stance,
            when=_when(each.as_of),
            days=self._days(each),
            claimant="" if each.claimant == each.source else each.claimant,
            said=_when(each.said),
            source=each.source,
            via=each.via,
            standing="" if each.standing == "uncontested" else each.standing,
            note=each.note,
            rows=tuple(sorted({passage.row.rpartition(":")[0] for passage in passages if passage.row})),
            place=_places(passage.place for passage in passages),
            quotes=tuple(dict.fromkeys(passage.quote for passage in passages if passage.quote)),
            spells=each.property == "alias",
            against=self._against[each.claim],
        )

    def _days(self, each: Trace) -> tuple[str, ...]:
        """The days a claim holds for, else those it tells, else that from which its source counts, if there is one."""
        if bounds := _bounds(each.as_of) or (_bounds(each.value) if self._tells_days(each) else None):
            return bounds
        known = self.names.known.get(each.source.partition("/")[2])
        return (known.day.isoformat(),) * 2 if known and known.day else ()

    def _tells_days(self, each: Trace) -> bool:
        """Whether the value of a claim may be a date: a count of 2031 is none."""
        term = self.names.ontology.properties.get(each.property)
        return bool(term and "date" in term.literals)

    @cached_property
    def _against(self) -> Mapping[str, tuple[Against, ...]]:
        return against(self._ordered)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {_bare(each.claim): place for place, each in enumerate(self._ordered)}

    @cached_property
    def _spelled(self) -> dict[str, list[str]]:
        """The spellings that claims give of each entity."""
        found: dict[str, list[str]] = {}
        for each in self._ordered:
            if each.property == "alias":
                found.setdefault(each.subject, []).append(each.value)
        return found

    def _node(self, node: Node) -> dict[str, Any]:
        aliases = dict.fromkeys([*self.names.aliases(node.id), *self._spelled.get(node.id, ())])
        told = {"id": node.id, "label": node.label, "type": type_of(node).key}
        aside = {"aliases": [each for each in aliases if each != node.label], **self._shared(node)}
        return told | _filled(aside.items())

    def _edge(self, edge: Edge) -> dict[str, Any]:
        told = {"source": edge.source, "target": edge.target, "relation": edge.relation, "told": edge.told}
        own = {"stance": edge.stance if edge.denied else "", "weight": edge.weight if edge.weight > 1 else 0}
        return told | _filled({**own, **self._shared(edge)}.items())

    def _shared(self, of: Node | Edge) -> dict[str, Any]:
        """The claims of a node or an edge, and those of its disputes, by their places."""
        return {"claims": self._at(of.claims), "disputes": list(map(self._dispute, of.disputes))}

    def _dispute(self, dispute: Dispute) -> dict[str, Any]:
        told = {"on": dispute.on, "sides": list(map(_amount, dispute.sides)), "claims": self._at(dispute.claims)}
        return told | _filled({"rests": dispute.rests_on}.items())

    def _at(self, keys: Iterable[str]) -> list[int]:
        return sorted({self._places[key] for key in map(_bare, keys) if key in self._places})


def _told_at(each: Trace) -> tuple[str, list[tuple[str, tuple[int, ...], str]], str]:
    """The key that puts claims in the order in which their sources tell them."""
    return each.source, sorted(map(_order, each.passages))[:1], each.claim


def _order(passage: Passage) -> tuple[str, tuple[int, ...], str]:
    """The key that puts passages in the order in which they stand in their source."""
    kind, _, where = passage.place.partition("=")
    return kind, tuple(map(int, re.findall("[0-9]+", where))), passage.quote


def _bare(claim: str) -> str:
    """The id of a claim as tables have it; traces write `claim/` before it."""
    return claim.removeprefix("claim/")


def _named(claim: Claim) -> Iterator[str]:
    """The ids of all that a claim names."""
    return filter(None, (claim.subject, claim.entity, claim.claimant, claim.source, claim.via))


def _filled(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value}


def _cleaned(value: Any) -> Any:
    """The same with every text on one line, and what cannot be seen in it shown by its number."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(key): _cleaned(each) for key, each in value.items()}
    return list(map(_cleaned, value)) if isinstance(value, list | tuple) else value


def _amount(value: str) -> str:
    """A value as people read it: the hyphens of a precision before a number are blanks.

    >>> _amount("more-than 300"), _amount("well-known 3")
    ('more than 300', 'well-known 3')
    """
    first, _, rest = value.partition(" ")
    return f"{first.replace('-', ' ')} {rest}" if first in _PRECISIONS else value


def _bounds(text: str) -> tuple[str, str] | None:
    """The first and the last day of a time, if the text is one.

    >>> _bounds("2031-05"), _bounds("2031-05-03/.."), _bounds("life")
    (('2031-05-01', '2031-05-31'), ('2031-05-03', ''), None)
    """
    try:
        bounds = time_span(text).bounds
    except CellError:
        return None
    return (bounds.low, bounds.high) if bounds else None


def _when(text: str) -> str:
    """A time as people write it.

    >>> _when("2031-05"), _when("2031-05-03/.."), _when("")
    ('May 2031', '3 May 2031 or later', '')
    """
    bounds = _bounds(text)
    return span_text(*map(_ordinal, bounds)) if bounds else ""


def _ordinal(day: str) -> int | None:
    return date.fromisoformat(day).toordinal() if day else None


def _places(fragments: Iterable[str]) -> str:
    """Where in its source a claim stands, in words.

    >>> _places(["char=605,637", "char=655,661", "row=7"])
    'characters 605–637, 655–661, row 7'
    """
    told: list[str] = []
    last = ""
    for fragment in dict.fromkeys(filter(None, fragments)):
        kind, _, where = fragment.partition("=")
        word = _PLACES.get(kind, "")
        told.append(
            fragment if not word else where.replace(",", "–") if word == last else f"{word} {where.replace(',', '–')}"
        )
        last = word
    return ", ".join(told)

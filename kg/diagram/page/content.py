"""What a page tells: the nodes and edges of a network, and the claims behind them in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from kg.diagram.types import type_of, types
from kg.draw.scale import span_text
from kg.draw.svg import clean
from kg.entities import Entities
from kg.knowledge import Known
from kg.network.network import Dispute, Edge, Network, Node
from kg.ontology import Ontology
from kg.trace import Trace
from kg.values import Literal, time_span

_PRECISIONS = ("at-least", "more-than", "at-most", "less-than")
_PLACES = {"char": "characters", "row": "row", "page": "page"}
# What HTML or a script could take for its own.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Names:
    """What a registry calls things, and from when the word of each source counts, by the slug of its id."""

    entities: Entities
    ontology: Ontology
    known: Mapping[str, Known]

    def of(self, key: str) -> str:
        """The name of an entity; of a tally that of what it is within, and its group."""
        container, _, group = key.partition("#")
        name = self.entities.name(container)
        return f"{name} · {self.entities.name(f'group/{group}')}" if group else name

    def property(self, word: str) -> str:
        """How the ontology calls a property."""
        term = self.ontology.properties.get(word)
        return term.label if term and term.label else word

    def aliases(self, key: str) -> Iterator[str]:
        """What else its table calls an entity."""
        values = self.entities.by_id[key].values if key in self.entities else ()
        return (value.text for term, value in values if term.word == "aliases" and isinstance(value, Literal))


@dataclass(frozen=True)
class Claim:
    """A claim in words, as a page tells it; what is empty is not told.

    `entity` is the id of its value, if that is an entity, `when` the time it holds for, `claimant` who says it if that
    is not the source itself. `days` are the first and the last day by which it is filtered, empty where open.
    `spells` says that it tells no more than how a source spells a name.
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
    against: tuple[str, ...]
    denied: tuple[str, ...]
    doubted: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """A network with the claims that tell it, in the order in which they are given."""

    network: Network
    traces: Sequence[Trace]
    names: Names

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims in words."""
        return tuple(map(self._claim, self.traces))

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
            rows=tuple(dict.fromkeys(passage.row for passage in each.passages if passage.row)),
            place=_places(passage.place for passage in each.passages),
            quotes=tuple(dict.fromkeys(passage.quote for passage in each.passages if passage.quote)),
            spells=each.property == "alias",
            against=each.against,
            denied=each.denied,
            doubted=each.doubted,
        )

    def _days(self, each: Trace) -> tuple[str, ...]:
        """The days a claim holds for, else the one from which its source counts; none where nothing dates it."""
        if each.as_of and (bounds := time_span(each.as_of).bounds):
            return bounds.low, bounds.high
        known = self.names.known.get(each.source.partition("/")[2])
        return (known.day.isoformat(),) * 2 if known and known.day else ()

    @cached_property
    def _places(self) -> dict[str, int]:
        return {_bare(claim.id): place for place, claim in enumerate(self.claims)}

    @cached_property
    def _spelled(self) -> dict[str, list[str]]:
        """The spellings that claims give of each entity."""
        found: dict[str, list[str]] = {}
        for each in self.traces:
            if each.property == "alias":
                found.setdefault(each.subject, []).append(each.value)
        return found

    def _node(self, node: Node) -> dict[str, Any]:
        aliases = dict.fromkeys([*self.names.aliases(node.id), *self._spelled.get(node.id, ())])
        told = {"id": node.id, "label": node.label, "type": type_of(node).key}
        aside = {"aliases": [each for each in aliases if each != node.label], **self._shared(node)}
        return told | _filled(aside.items())

    def _edge(self, edge: Edge) -> dict[str, Any]:
        ends = {"source": edge.source, "target": edge.target, "relation": edge.relation}
        return ends | _filled({"denied": edge.denied, **self._shared(edge)}.items())

    def _shared(self, of: Node | Edge) -> dict[str, Any]:
        """The claims of a node or an edge, and those of its disputes, by their places."""
        return {"claims": self._at(of.claims), "disputes": list(map(self._dispute, of.disputes))}

    def _dispute(self, dispute: Dispute) -> dict[str, Any]:
        return {"on": dispute.on, "sides": list(map(_amount, dispute.sides)), "claims": self._at(dispute.claims)}

    def _at(self, keys: Iterable[str]) -> list[int]:
        return [self._places[key] for key in map(_bare, keys) if key in self._places]


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


def _when(text: str) -> str:
    """A time as people write it.

    >>> _when("2031-05"), _when("2031-05-03/.."), _when("")
    ('May 2031', '3 May 2031 or later', '')
    """
    bounds = time_span(text).bounds if text else None
    return span_text(_ordinal(bounds.low), _ordinal(bounds.high)) if bounds else ""


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

"""What the program derives that differs between two builds, and whether rows or the program are behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl
import pyoxigraph as ox

from kg.diff.changed import ADDED, CHANGED, REMOVED, Build
from kg.diff.recorded import ID
from kg.diff.touched import Touched, statements
from kg.entities import local_id
from kg.ontology import RDF, RDFS

_SUBJECT, _PREDICATE = RDF + "subject", RDF + "predicate"


class Cause(StrEnum):
    """What is behind a difference in what is derived.

    It is the source where rows differ that it can rest on, the program where none of them does; where the program
    differs, too, it can be either. It is the day where nothing differs but the days as of which the builds were made.
    """

    SOURCE = "source"
    PROGRAM = "program"
    EITHER = "source or program"
    DAY = "day"
    ANY = "day, source or program"


@dataclass(frozen=True)
class DerivedChange:
    """Something derived that differs: of a claim its `standing`, `origin`, `identity`, `reading` or a link, or a node.

    `key` is the id of the claim or node, `about` what it is about; a side is empty where there is nothing.
    """

    kind: str
    change: str
    key: str
    about: str
    before: str
    after: str
    cause: Cause


def derived_changes(
    first: Build, second: Build, touched: Touched, causes: Sequence[Cause]
) -> tuple[DerivedChange, ...]:
    """All that is derived and differs, by kind; `causes` are those that there may be for what rests on rows."""
    found = [
        *_of_claims(first, second, touched),
        *_of_links(first, second, touched),
        *_of_nodes(first, second, touched),
    ]
    ordered = sorted(found, key=lambda each: (each[0].kind, each[0].about, each[0].key, each[0].change))
    return tuple(
        DerivedChange(c.kind, c.change, c.key, c.about, c.before, c.after, _cause(c.kind, near, causes))
        for c, near in ordered
    )


def _cause(kind: str, near: bool, causes: Sequence[Cause]) -> Cause:
    if not near or kind == "reading":
        return Cause.PROGRAM
    if len(causes) == 1:
        return causes[0]
    return Cause.ANY if Cause.DAY in causes else Cause.EITHER


Found = Iterator[tuple["DerivedChange", bool]]
_COLUMNS = {
    "standing": ("standing", "settled_by"),
    "origin": ("origin",),
    "identity": ("subject", "entity", "claimant"),
    "reading": ("predicate", "value", "datatype", "low", "high", "from", "until"),
}


def _of_claims(first: Build, second: Build, touched: Touched) -> Found:
    """What is derived of claims that both builds have."""
    claims = [_read(each.rows.claims) for each in (first, second)]
    both = claims[0].join(claims[1].drop("property"), on="id", suffix="_now")
    for kind, names in _COLUMNS.items():
        differing = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in names)
        for row in both.filter(differing).iter_rows(named=True):
            one, other = ({name: row[name + end] or "" for name in names} for end in ("", "_now"))
            names_told = [name for name in names if one[name] != other[name]]
            before, after = (", ".join(_told(name, side[name]) for name in names_told) for side in (one, other))
            near = any(touched.statement(row[side], row["property"]) for side in ("subject", "subject_now"))
            near = touched.merged if kind == "identity" else near
            about = f"{row['subject_now']} {row['property']}"
            yield DerivedChange(kind, CHANGED, f"claim/{row['id']}", about, before, after, Cause.EITHER), near


def _read(claims: pl.DataFrame) -> pl.DataFrame:
    """The derived columns of claims; a value is an entity, which decisions may merge, or a literal."""
    entity = pl.col("datatype").is_null()
    told = claims.with_columns(
        entity=pl.when(entity).then("object").otherwise(pl.lit("")),
        value=pl.when(entity).then(pl.lit("")).otherwise("object"),
    )
    return told.select("id", "property", *(name for names in _COLUMNS.values() for name in names))


def _told(name: str, value: str) -> str:
    value = value or "open"
    return value if name in ("standing", "origin", "subject", "settled_by") else f"{name} {value}"


def _of_links(first: Build, second: Build, touched: Touched) -> Found:
    """The denials, doubts and orders of claims that both builds have."""
    known = set(first.rows.claims.get_column("id")) & set(second.rows.claims.get_column("id"))
    sides = [each.rows.links.filter(pl.col("link") != "contradicts") for each in (first, second)]
    names = statements((first, second), {row[0] for side in sides for row in side.iter_rows()} & known)
    for one, other, change in ((sides[0], sides[1], REMOVED), (sides[1], sides[0], ADDED)):
        for key, link, end in one.join(other, on=["id", "link", "other"], how="anti").iter_rows():
            if key in known and end in known:
                subject, word = names[key]
                sides_told = ("", f"claim/{end}") if change == ADDED else (f"claim/{end}", "")
                found = DerivedChange(link, change, f"claim/{key}", f"{subject} {word}", *sides_told, Cause.EITHER)
                yield found, touched.thing(subject)


@dataclass(frozen=True)
class _Node:
    """A derived node: what it is about, the claims it rests on, its label if it has one, and the parts of it."""

    key: str
    subject: str
    predicate: str
    claims: frozenset[str]
    label: str
    parts: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.key.partition("/")[0]


def _of_nodes(first: Build, second: Build, touched: Touched) -> Found:
    """Contradictions, ledger lines and whatever else the program derives as nodes of its own."""
    if first.derived is None or second.derived is None:
        return
    before, after = (
        _nodes(here.join(there, on=["node", "text"], how="anti"))
        for here, there in ((first.derived, second.derived), (second.derived, first.derived))
    )
    told = statements((first, second), {key for node in (*before.values(), *after.values()) for key in node.claims})
    paired = {key: key for key in before.keys() & after.keys()} | _contradictions(before, after)
    for key, other in paired.items():
        yield _node(CHANGED, (before[key], after[other]), touched, told)
    for change, nodes, used in ((REMOVED, before, set(paired)), (ADDED, after, set(paired.values()))):
        for key in nodes.keys() - used:
            before_after = (nodes[key], None) if change == REMOVED else (None, nodes[key])
            yield _node(change, before_after, touched, told)


def _node(
    change: str, sides: tuple[_Node | None, _Node | None], touched: Touched, told: Mapping[str, tuple[str, str]]
) -> tuple[DerivedChange, bool]:
    nodes = [each for each in reversed(sides) if each is not None]
    found = [told[key] for each in nodes for key in each.claims if key in told]
    if nodes[0].kind == "contradiction":
        near = any(touched.statement(*each) for each in found)
    else:
        near = any(touched.thing(key) for key in (*(subject for subject, _ in found), *(n.subject for n in nodes)))
    # The claims of a contradiction share the word of their property, which its IRI need not be.
    words = {word for _, word in found} if nodes[0].predicate else set()
    about = f"{nodes[0].subject} {words.pop() if len(words) == 1 else nodes[0].predicate}".strip()
    before, after = _told_apart(sides)
    return DerivedChange(nodes[0].kind, change, nodes[0].key, about, before, after, Cause.EITHER), near


def _told_apart(sides: tuple[_Node | None, _Node | None]) -> tuple[str, str]:
    """What tells two states of a node apart: their labels, else the parts that only one of them has."""
    before, after = sides
    shared = set(before.parts) & set(after.parts) if before and after else set()
    labelled = not (before and after and before.label == after.label)

    def told(node: _Node | None) -> str:
        if node is None:
            return ""
        return node.label if labelled and node.label else ", ".join(each for each in node.parts if each not in shared)

    return told(before), told(after)


def _contradictions(before: Mapping[str, _Node], after: Mapping[str, _Node]) -> dict[str, str]:
    """A contradiction is named after its claims; one with a claim more goes on as the one that shares most of them."""
    pairs = {
        (a.key, b.key): len(a.claims & b.claims)
        for a in before.values()
        for b in after.values()
        if a.kind == b.kind == "contradiction" and (a.subject, a.predicate) == (b.subject, b.predicate)
    }
    found: dict[str, str] = {}
    for a, b in sorted(pairs, key=lambda pair: (-pairs[pair], *sorted(pair))):
        if pairs[a, b] and a not in found and b not in found.values():
            found[a] = b
    return found


def _nodes(frame: pl.DataFrame) -> dict[str, _Node]:
    texts: dict[str, str] = {}
    for key, text in frame.select("node", "text").iter_rows():
        texts[key] = texts.get(key, "") + text
    return {key: _parsed(key, text) for key, text in texts.items()}


def _parsed(key: str, text: str) -> _Node:
    values: dict[str, list[str]] = {}
    for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS):
        values.setdefault(quad.predicate.value, []).append(quad.object.value)
    claims = {each for found in values.values() for each in found if each.startswith(f"{ID}claim/")}
    subject, predicate = (_short(values.get(name, [""])[0]) for name in (_SUBJECT, _PREDICATE))
    rest = {name: found for name, found in values.items() if name not in (_SUBJECT, _PREDICATE, RDF + "type")}
    label = rest.pop(RDFS + "label", [""])[0]
    parts = [
        f"{_short(name)} {', '.join(sorted(map(_short, found)))}"
        for name, found in sorted(rest.items())
        if not set(found) & claims
    ]
    counted = [f"{len(claims)} claims"] if claims else []
    ids = frozenset(each.removeprefix(f"{ID}claim/") for each in claims)
    return _Node(key, subject or key, predicate, ids, label, (*parts, *counted))


def _short(value: str) -> str:
    """An id of the tables, or what stands behind the last mark of an IRI."""
    if value.startswith(ID):
        return local_id(value.removeprefix(ID))
    return value.rpartition("#")[2].rpartition("/")[2] if value.startswith("http") else value

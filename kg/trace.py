"""From a statement back to the place that says it: who, in which words, where, and in which row of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kg.entities import Entities, local_id
from kg.errors import KgError
from kg.identity import Identity
from kg.terminal import visible

CONTEXT = 60
UNDECIDED = Identity({})


@dataclass(frozen=True)
class Passage:
    """A place in a source: the quote, what stands before and behind it where the text is at hand, and its row."""

    place: str
    quote: str
    before: str
    behind: str
    row: str


@dataclass(frozen=True)
class Trace:
    """One claim with all that leads back from it.

    `against` are the claims that contradict it, `denied` and `doubted` those that deny or cannot verify it.
    """

    claim: str
    subject: str
    property: str
    value: str
    stance: str
    as_of: str
    claimant: str
    said: str
    source: str
    via: str
    standing: str
    note: str
    passages: tuple[Passage, ...]
    against: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """The rows behind a build: claims with their standing, evidence, and how claims are joined.

    `links` has the columns `id`, `link` and `other`; contradictions are links named `contradicts`.
    """

    claims: pl.DataFrame
    evidence: pl.DataFrame
    links: pl.DataFrame

    @classmethod
    def load(cls, build: Path) -> Rows:
        """Read the rows that lie in a build."""
        return cls(*(pl.read_ipc(build / f"{name}.arrow") for name in ("claims", "evidence", "links")))


def trace(
    rows: Rows, key: str, texts: Mapping[str, str], entities: Entities, identity: Identity = UNDECIDED
) -> list[Trace]:
    """The claims about an entity, or the one claim, in the order in which sources tell them.

    `key` is an id of the tables, `claim/…`, or any name or alias of an entity. Claims about an entity are those that
    have it, or a tally within it, as their subject, their value or their claimant; of a person also those on cases of
    which there is no other defendant. What goes on under another id by a decision is found there. Raises KgError for an
    unknown key, and for a name that several have.
    """
    key = key.strip()
    if not key:
        raise KgError("nothing is asked for", "name an entity, or a claim as claim/…")
    return traces(rows, _chosen(rows.claims, key, entities, identity), texts)


def traces(rows: Rows, found: pl.DataFrame, texts: Mapping[str, str]) -> list[Trace]:
    """The traces of some of the claims of `rows`, in the order in which they are given."""
    ids = found.get_column("id")
    passages: dict[str, list[Passage]] = {}
    for place in rows.evidence.filter(pl.col("id").is_in(ids.to_list())).iter_rows(named=True):
        passages.setdefault(place["id"], []).append(_passage(place, texts.get(place["source"])))
    links: dict[tuple[str, str], list[str]] = {}
    for claim, link, other in rows.links.filter(pl.col("id").is_in(ids.to_list())).iter_rows():
        links.setdefault((claim, link), []).append(f"claim/{other}")
    return [_trace(row, passages.get(row["id"], []), links) for row in found.iter_rows(named=True)]


def _chosen(claims: pl.DataFrame, key: str, entities: Entities, identity: Identity) -> pl.DataFrame:
    if key.startswith("claim/"):
        found = claims.filter(pl.col("id") == key.removeprefix("claim/"))
        if found.height:
            return found
        raise KgError(f"there is no {key} in this build", "kg trace ENTITY prints the ids of its claims")
    known = identity.named(key, entities)
    mentions = (
        (pl.col("subject") == known)
        | (pl.col("container") == known)
        | ((pl.col("object") == known) & pl.col("datatype").is_null())
        | (pl.col("claimant") == known)
        | (pl.concat_str(pl.lit("source/"), "source") == known)
        | pl.col("subject").str.ends_with("#" + known.removeprefix("group/"))
        | pl.col("container").is_in(_own_cases(claims, known))
    )
    found = claims.filter(mentions)
    if found.height or known in entities:
        return found
    fix = entities.hint(key) or "kg query names lists the entities and how they are spelled"
    raise KgError(f"nothing here is called “{key}”", fix)


def _own_cases(claims: pl.DataFrame, person: str) -> list[str]:
    """The cases of which a person is the only defendant."""
    defendants = claims.filter(pl.col("property") == "defendant").group_by("subject").agg(pl.col("object").unique())
    return defendants.filter(pl.col("object") == [person]).get_column("subject").to_list()


def _passage(place: Mapping[str, object], text: str | None) -> Passage:
    start, end = place["start"], place["end"]
    quote = str(place["exact"] or "")
    row = f"{place['file']}:{place['line']}"
    if not isinstance(start, int) or not isinstance(end, int):
        return Passage(str(place["fragment"]), quote, "", "", row)
    before = text[max(0, start - CONTEXT) : start] if text else ""
    behind = text[end : end + CONTEXT] if text else ""
    return Passage(f"char={start},{end}", quote, before, behind, row)


def _trace(row: Mapping[str, str | None], passages: list[Passage], links: Mapping[tuple[str, str], list[str]]) -> Trace:
    key = str(row["id"])
    value = str(row["object"])
    precision = f"{row['precision']} " if row["precision"] != "exact" else ""
    return Trace(
        claim=f"claim/{key}",
        subject=str(row["subject"]),
        property=str(row["property"]),
        value=precision + (local_id(value) if row["datatype"] is None else value),
        stance=str(row["stance"]),
        as_of=row["as_of"] or "",
        claimant=row["claimant"] or f"source/{row['source']}",
        said=row["said"] or "",
        source=f"source/{row['source']}",
        via=f"source/{row['via']}" if row["via"] else "",
        standing=str(row["standing"]),
        note=row["note"] or "",
        passages=tuple(passages),
        against=tuple(links.get((key, "contradicts"), ())),
        denied=tuple(links.get((key, "deniedBy"), ())),
        doubted=tuple(links.get((key, "doubtedBy"), ())),
    )


def lines(traces: list[Trace], entities: Entities) -> Iterator[str]:
    """The traces as they are shown on a terminal."""

    def named(key: str) -> str:
        name = visible(entities.name(key))
        return f"{name} ({key})" if name != key else key

    for each in traces:
        time = f", as of {each.as_of}" if each.as_of else ""
        yield f"{each.claim}  {_STANCES[each.stance]}{each.subject} {each.property} {visible(each.value)}{time}"
        said = f", said {each.said}" if each.said else ""
        via = f", retold from {named(each.via)}" if each.via else ""
        own = each.claimant == each.source
        yield f"  says    {'the source itself' if own else named(each.claimant)}{said}"
        yield f"  in      {named(each.source)}{via}"
        for passage in each.passages:
            dots = "…" if passage.before or passage.behind else ""
            context = f"{passage.before}«{passage.quote}»{passage.behind}"
            yield f"  quote   {dots}{visible(context)}{dots}  [{passage.place}]"
        yield f"  row     {', '.join(dict.fromkeys(passage.row for passage in each.passages))}"
        yield from _standing(each)
        yield ""


_STANCES = {"asserts": "", "denies": "denied: ", "cannot-verify": "cannot be verified: "}


def _standing(each: Trace) -> Iterator[str]:
    if each.note:
        yield f"  note    {visible(each.note)}"
    if each.against:
        yield f"  {each.standing:<9} with {', '.join(each.against)}"
    if each.denied:
        yield f"  denied  by {', '.join(each.denied)}"
    if each.doubted:
        yield f"  doubted by {', '.join(each.doubted)}"

"""A comparison as a page, as CSV with a row for each claim or difference, or as JSON with all of its parts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from kg.diff.builds import BuildDiff
from kg.diff.builds_text import builds_text
from kg.diff.changed import CHANGED, ClaimChange, RowChange
from kg.diff.lists import GroupPair, GroupSide, ListDiff, Step
from kg.diff.lists_text import lists_text
from kg.diff.numbers import grown
from kg.entities import Entities
from kg.trace import Trace

LIST_COLUMNS = (
    *("section", "key", "name", "first", "second", "change"),
    *("list", "property", "value", "stance", "standing", "as_of", "claimant", "source", "via", "quote", "row", "claim"),
)
BUILD_COLUMNS = ("section", "kind", "change", "key", "about", "column", "before", "after", "source", "row")
_NO_CLAIM = ("",) * (len(LIST_COLUMNS) - LIST_COLUMNS.index("list"))


def diff_text(diff: ListDiff | BuildDiff, entities: Entities, syntax: str, width: int | None = None) -> str:
    """A comparison as `table` (a page of text, `width` columns wide), `csv` or `json`."""
    if syntax == "json":
        return json.dumps(asdict(diff), ensure_ascii=False, indent=2) + "\n"
    if isinstance(diff, ListDiff):
        return (
            lists_text(diff, entities, width) if syntax == "table" else _csv(LIST_COLUMNS, _list_rows(diff, entities))
        )
    return builds_text(diff, entities, width) if syntax == "table" else _csv(BUILD_COLUMNS, _build_rows(diff))


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def _list_rows(diff: ListDiff, entities: Entities) -> Iterator[tuple[str, ...]]:
    """What is compared, once for each claim behind it, or once where there is none."""
    growth = grown(diff.growth, diff.first.total, diff.second.total)
    sides = diff.first, diff.second
    totals = [str(each.total.range) for each in sides]
    for edition in sides[: 1 if diff.same else 2]:
        yield from _with(("total", edition.list, edition.name, *totals, growth), edition.total.claims)
        yield from _with(("date", edition.list, edition.name, "", "", ""), edition.dates, bare=False)
        yield from _with(("publisher", edition.list, edition.name, "", "", ""), edition.publishers, bare=False)
    for step in diff.steps:
        yield from _step(step, entities)
    for person in diff.people:
        states = str(person.first.state), str(person.second.state)
        head = ("person", person.person, entities.name(person.person), *states, str(person.change or ""))
        claims = dict.fromkeys((*person.first.claims, *person.second.claims, *person.between))
        yield from _with(head, tuple(claims))
    yield ("overlap", "", "named on both", "", "", f"at least {diff.overlap.named}", *_NO_CLAIM)
    for limit in diff.overlap.limits:
        yield ("overlap", limit.list, entities.name(limit.list), "", "", f"at most {limit.number}", *_NO_CLAIM)
    for pair in diff.groups:
        yield from _group(pair)


def _step(step: Step, entities: Entities) -> Iterator[tuple[str, ...]]:
    for told in step.told:
        named = "" if told.named is None else f"{len(told.named)} named"
        key = told.group or step.list
        yield from _with(("change", key, entities.name(key), "", "", named), told.figure.claims)
    yield from _with(("change", step.list, step.name, "", "", ""), (*step.reasons, *step.follows), bare=False)


def _group(pair: GroupPair) -> Iterator[tuple[str, ...]]:
    growth = grown(pair.growth, pair.first.count, pair.second.count) if pair.first and pair.second else ""
    both = [side for side in (pair.first, pair.second) if side is not None]
    claims = dict.fromkeys(each for side in both for each in (*side.count.claims, *side.mentions))
    head = ("group", pair.group, pair.name, _number(pair.first), _number(pair.second), growth)
    yield from _with(head, tuple(claims))


def _number(side: GroupSide | None) -> str:
    if side is None:
        return ""
    return str(side.count.range) if side.count.holding else "no number"


def _with(head: Sequence[str], claims: Sequence[Trace], *, bare: bool = True) -> Iterator[tuple[str, ...]]:
    for each in claims:
        yield (
            *head,
            *(each.subject.partition("#")[0], each.property, each.value, each.stance, each.standing, each.as_of),
            *(each.claimant, each.source, each.via, _quote(each), _row(each), each.claim),
        )
    if not claims and bare:
        yield (*head, *_NO_CLAIM)


def _quote(each: Trace) -> str:
    return " … ".join(dict.fromkeys(passage.quote for passage in each.passages if passage.quote))


def _row(each: Trace) -> str:
    return " ".join(dict.fromkeys(passage.row for passage in each.passages))


def _build_rows(diff: BuildDiff) -> Iterator[tuple[str, ...]]:
    """Each cell that differs; of what was added or removed one row."""
    for claim in diff.claims:
        told, row = claim.told, _row(claim.told)
        head = (*_why(claim, "claim"), told.claim, f"{told.subject} {told.property}")
        for cell in claim.cells:
            yield (*head, cell.name, cell.before, cell.after, told.source, row)
        if not claim.cells:
            before, after = (side.value if side else "" for side in (claim.before, claim.after))
            yield (*head, "value", before, after, told.source, row)
    for kind, changes in (("entity", diff.entities), ("decision", diff.decisions)):
        for change in changes:
            for cell in change.cells:
                yield (
                    *_why(change, kind),
                    change.key,
                    change.name,
                    cell.name,
                    cell.before,
                    cell.after,
                    "",
                    change.row,
                )
    yield from _manifest(diff)
    for each in diff.derived:
        yield (
            f"follows from {each.cause}",
            each.kind,
            each.change,
            each.key,
            each.about,
            "",
            each.before,
            each.after,
            "",
            "",
        )


def _why(each: ClaimChange | RowChange, kind: str) -> tuple[str, str, str]:
    """Whether a row differs by a change of source or only by the day, of what kind it is, and what became of it."""
    if not each.not_known_by:
        return "source", kind, each.change
    return "day", kind, each.change if each.change == CHANGED else f"not known by {each.not_known_by}"


def _manifest(diff: BuildDiff) -> Iterator[tuple[str, ...]]:
    """Each line of the manifests that differs."""
    parts = (
        ("day", "known", diff.known),
        ("source", "file", diff.files),
        ("source", "text", diff.texts),
        ("program", "version", diff.versions),
        ("program", "ontology", diff.ontology),
        ("program", "shape", diff.shapes),
    )
    for section, kind, cells in parts:
        for cell in cells:
            yield (section, kind, "changed", cell.name, "", "", cell.before, cell.after, "", "")

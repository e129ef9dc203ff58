"""Two builds side by side as a terminal shows them: changes of source, changes of program, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from kg.diff.builds import BuildDiff
from kg.diff.changed import ADDED, CHANGED, REMOVED, Cell, ClaimChange, RowChange
from kg.diff.derived import Cause, DerivedChange
from kg.diff.page import Page
from kg.entities import Entities

# So many of each sort are shown on a page; all of them are in the CSV and in the JSON.
MOST = 40
_HASH = 12
T = TypeVar("T")


def builds_text(diff: BuildDiff, entities: Entities, width: int | None = None) -> str:
    """The comparison of two builds as a page; `width` is in columns."""
    page = Page(entities, width)
    page.say(f"{diff.first}  →  {diff.second}")
    page.say(_summary(diff))
    for each in diff.unknown:
        page.say(f"Not compared: {each}, which its program did not write.")
    if not diff.empty:
        _day(page, diff)
        _source(page, diff)
        _program(page, diff)
        _derived(page, diff)
    page.legend()
    return str(page)


def _summary(diff: BuildDiff) -> str:
    if diff.empty:
        return "Nothing differs."
    graph = "The graphs are equal." if diff.same_graph else "The graphs differ."
    of = [word for word, changed in (("source", diff.of_source), ("program", diff.of_program)) if changed]
    if diff.of_day:
        rest = f"There are also changes of {' and of '.join(of)}." if of else "Tables, texts and program are the same."
        return f"{graph} Not all of it was known by {diff.day}. {rest}"
    if of:
        return f"{graph} There are changes of {' and of '.join(of)}."
    if diff.derived or not diff.same_graph:
        return (
            f"{graph} Rows, versions, ontology and shapes are the same: the program derives or writes something else."
        )
    return graph


def _counts(changes: Sequence[ClaimChange] | Sequence[RowChange]) -> str:
    found = [(sum(each.change == word for each in changes), word) for word in (ADDED, REMOVED, CHANGED)]
    return ", ".join(f"{number} {word}" for number, word in found if number)


def _day(page: Page, diff: BuildDiff) -> None:
    """What the build as of the earlier day lacks since it was not known yet."""
    if not diff.of_day:
        return
    page.heading(f"Not known by {diff.day}")
    if diff.known:
        page.say(f"Sources: {len(diff.known)}")
        for cell in diff.known:
            page.say(f"{cell.name}: {cell.before or cell.after}", 2)
    claims = [each for each in diff.claims if each.not_known_by]
    if claims:
        page.say(f"Claims: {len(claims)}")
        _all(page, claims, _claim)
    sections = (
        ("Entities that nothing known by then names", [each for each in diff.entities if each.change != CHANGED]),
        ("Told of the present only", [each for each in diff.entities if each.change == CHANGED]),
        ("Decisions that did not count yet", diff.decisions),
    )
    for title, changes in sections:
        rows = [each for each in changes if each.not_known_by]
        if rows:
            page.say(f"{title}: {len(rows)}")
            _all(page, rows, _row)


def _source(page: Page, diff: BuildDiff) -> None:
    page.heading("Changes of source" if diff.of_source else "Changes of source: none")
    claims = [each for each in diff.claims if not each.not_known_by]
    if claims:
        page.say(f"Claims: {_counts(claims)}")
        _all(page, claims, _claim)
    for title, changes in (("Entities", diff.entities), ("Decisions", diff.decisions)):
        rows = [each for each in changes if not each.not_known_by]
        if rows:
            page.say(f"{title}: {_counts(rows)}")
            _all(page, rows, _row)
    _cells(page, "Tables and settings", diff.files)
    _cells(page, "Texts at hand", diff.texts)


def _program(page: Page, diff: BuildDiff) -> None:
    page.heading("Changes of program" if diff.of_program else "Changes of program: none")
    _cells(page, "Versions", diff.versions)
    _cells(page, "Ontology", diff.ontology)
    _cells(page, "Shapes", diff.shapes)


_CAUSES = {
    Cause.SOURCE: "What follows from the changes of source",
    Cause.PROGRAM: "What follows from a change of program: no row differs that it rests on",
    Cause.EITHER: "What follows from the one or the other: rows and program differ",
    Cause.DAY: "What follows from what was not known",
    Cause.ANY: "What follows from the one or the other: not the days alone differ",
}


def _derived(page: Page, diff: BuildDiff) -> None:
    for cause, title in _CAUSES.items():
        found = [each for each in diff.derived if each.cause is cause]
        if found:
            page.heading(title)
            _all(page, found, _consequence)


def _all(page: Page, items: Sequence[T], show: Callable[[Page, T], None]) -> None:
    for each in items[:MOST]:
        show(page, each)
    if len(items) > MOST:
        page.say(f"… and {len(items) - MOST} more; --format csv has all of them", 2)


def _claim(page: Page, each: ClaimChange) -> None:
    sides = [side for side in (each.before, each.after) if side]
    # A claim that only moved or was reviewed has the same value as before.
    values = dict.fromkeys(page.value(side) for side in sides)
    said = f"not known by {each.not_known_by}" if each.not_known_by else each.change
    page.say(f"{said}: {each.told.subject} {each.told.property} {' → '.join(values)}", 2)
    names = {cell.name for cell in each.cells}
    for cell in each.cells:
        if cell.name not in ("value", "quote") and (cell.name != "at" or "quote" not in names):
            page.say(_cell(cell), 6)
    for label, side in zip(("before:", "now:") if len(sides) > 1 else ("",), sides, strict=True):
        page.claims([side], 6, about=label)


def _row(page: Page, each: RowChange) -> None:
    said = "" if each.not_known_by and each.change != CHANGED else f"{each.change}: "
    page.say(f"{said}{each.name} ({each.key}) [{each.row}]", 2)
    if each.change == CHANGED:
        for cell in each.cells:
            page.say(_cell(cell), 6)


def _cells(page: Page, title: str, cells: Sequence[Cell]) -> None:
    if cells:
        page.say(title)
        for cell in cells:
            page.say(_cell(cell), 2)


def _cell(cell: Cell) -> str:
    return f"{cell.name}: {_short(cell.before)} → {_short(cell.after)}"


def _short(value: str) -> str:
    """A hash by its beginning."""
    hashed = len(value) == 64 and all(c in "0123456789abcdef" for c in value)
    return (value[:_HASH] if hashed else value) or "(nothing)"


_KINDS = {
    "source": "day known",
    "deniedBy": "denied by",
    "doubtedBy": "doubted by",
    "notBefore": "not before",
    "ledger": "ledger line",
}


def _consequence(page: Page, each: DerivedChange) -> None:
    page.say(f"{each.change}: {_KINDS.get(each.kind, each.kind)} of {each.about}: {_sides(each)} ({each.key})", 2)


def _sides(each: DerivedChange) -> str:
    return f"{each.before} → {each.after}" if each.before and each.after else each.before or each.after

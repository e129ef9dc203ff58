"""A page of text for people: headings, lines that are wrapped, and claims with who says so and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.diff.editions import asserted
from kg.entities import Entities
from kg.terminal import columns, padded, visible, wrapped
from kg.trace import Trace

WIDTH = 120
_NARROWEST = 40
_STANCES = {"asserts": "", "denies": "denied: ", "cannot-verify": "cannot be verified: "}


class Page:
    """Collects the lines of a page; `sources` are the ids of all whose claims were told on it."""

    def __init__(self, entities: Entities, width: int | None = None) -> None:
        self.entities = entities
        self.width = max(width or WIDTH, _NARROWEST)
        self.lines: list[str] = []
        self.sources: set[str] = set()

    def __str__(self) -> str:
        return "\n".join(self.lines).strip("\n") + "\n"

    def heading(self, text: str) -> None:
        """A heading, underlined, with a blank line before it."""
        self.gap()
        self.say(text, hanging=0)
        self.lines.append("─" * columns(self.lines[-1]))

    def gap(self) -> None:
        """A blank line."""
        self.lines.append("")

    def say(self, text: str, indent: int = 0, hanging: int = 2) -> None:
        """Text, wrapped to the width; lines after the first hang further in."""
        for number, line in enumerate(wrapped(visible(text), self.width - indent - hanging)):
            self.lines.append(" " * (indent + (hanging if number else 0)) + line)

    def table(self, rows: Sequence[Sequence[str]], indent: int = 0) -> None:
        """Rows in columns, the first row being the heading; blanks in front of a cell are kept.

        Where the page is too narrow, the cells of a row stand below its first one, each with its heading.
        """
        grid = [[" " * (len(cell) - len(cell.lstrip())) + visible(cell) for cell in row] for row in rows]
        widths = [max(map(columns, cells)) for cells in zip(*grid, strict=True)]
        if indent + sum(widths) + 2 * (len(widths) - 1) <= self.width:
            grid.insert(1, ["─" * width for width in widths])
            self.lines += [" " * indent + "  ".join(map(padded, row, widths)).rstrip() for row in grid]
            return
        for name, *cells in grid[1:]:
            inside = indent + len(name) - len(name.lstrip())
            told = [f"{title}: {cell}" for title, cell in zip(grid[0][1:], cells, strict=True) if cell]
            self.say(name, inside)
            self.say("; ".join(told), inside + 2)

    def claims(self, claims: Iterable[Trace], indent: int = 4, *, value: bool = False, about: str = "") -> None:
        """Each claim: what it says (if asked for) and its words, and below them who says so and in which row.

        `about` stands before each, where claims on several things follow each other.
        """
        for each in claims:
            self.sources.add(each.source)
            stance = _STANCES[each.stance]
            told = stance + (self.value(each) if value else "")
            quote = " … ".join(dict.fromkeys(passage.quote for passage in each.passages if passage.quote))
            rows = ", ".join(dict.fromkeys(passage.row for passage in each.passages))
            head = " ".join(filter(None, (about, told.strip(), f"«{quote}»" if quote else "")))
            note = f"note: {each.note}" if each.note else ""
            first, *more = filter(None, (head, f"{self._who(each)} [{rows}]", note))
            self.say(first, indent)
            for text in more:
                self.say(text, indent + 2)

    def differing(self, claims: Sequence[Trace], indent: int = 4) -> None:
        """Claims, each with what it says where that is not the same of all, or where one denies it."""
        self.claims(claims, indent, value=len({each.value for each in claims}) > 1 or not all(map(asserted, claims)))

    def value(self, each: Trace) -> str:
        """The value of a claim: the name of an entity, or a number as it is meant."""
        if each.value in self.entities:
            return self.entities.name(each.value)
        first, blank, rest = each.value.partition(" ")
        return f"{first.replace('-', ' ')} {rest}" if blank and rest.lstrip("-")[:1].isdigit() else each.value

    def _who(self, each: Trace) -> str:
        source = each.source.partition("/")[2]
        parts = [source if each.claimant == each.source else f"{self.entities.name(each.claimant)}, in {source}"]
        if each.via:
            parts.append(f"retold from {each.via.partition('/')[2]}")
        if each.said:
            parts.append(f"said {each.said}")
        if each.as_of:
            parts.append(f"as of {each.as_of}")
        marks = [] if each.standing == "uncontested" else [each.standing.replace("-", " ")]
        marks += [word for word, others in (("denied", each.denied), ("doubted", each.doubted)) if others]
        return ", ".join(parts) + (f" ({', '.join(marks)})" if marks else "")

    def legend(self) -> None:
        """The sources whose claims were told, with their titles."""
        if self.sources:
            self.heading("Sources")
            for key in sorted(self.sources):
                self.say(f"{key.partition('/')[2]}: {self.entities.name(key)}", 2)

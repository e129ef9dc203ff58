"""The claims of a page as a table: for those who cannot see the picture, who print it, or who allow no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kg.diagram.page.content import Claim, Content
from kg.draw.svg import clean

_STANCES = {"": "", "denies": "denied: ", "cannot-verify": "cannot be verified: "}


def rows(content: Content) -> str:
    """The head and the body of the table; a column of quotes only where there are quotes."""
    quoted = any(claim.quotes for claim in content.claims)
    columns = ["Subject", "Property", "Value", "Who says it", "Source", *(["Quote"] if quoted else []), "Place"]
    head = "".join(f'<th scope="col" class="{each.partition(" ")[0].lower()}">{each}</th>' for each in columns)
    body = "\n".join(_row(content, place, claim, quoted) for place, claim in enumerate(content.claims))
    return f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"


def _row(content: Content, place: int, claim: Claim, quoted: bool) -> str:
    names = content.names
    subject = f'<th scope="row">{text(names.of(claim.subject))}</th>'
    says = text(names.of(claim.claimant)) if claim.claimant else "the source itself"
    cells = [
        text(_STANCES[claim.stance] + claim.property),
        text(claim.value) + (f" <small>(as of {text(claim.when)})</small>" if claim.when else ""),
        says + (f", said {text(claim.said)}" if claim.said else ""),
        ", ".join(_source(content, claim)),
        *([_quotes(claim)] if quoted else []),
        text(claim.place),
    ]
    return f'<tr data-claim="{place}">{subject}{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _source(content: Content, claim: Claim) -> Iterator[str]:
    told = content.sources[claim.source]
    yield f"<cite>{text(content.names.of(claim.source))}</cite>"
    yield from (text(told[word]) for word in ("publisher", "published") if word in told)
    if claim.via:
        yield f"retold from <cite>{text(content.names.of(claim.via))}</cite>"


def _quotes(claim: Claim) -> str:
    return f"<q>{text(' … '.join(claim.quotes))}</q>" if claim.quotes else ""


def text(words: str) -> str:
    """A text of somebody else's as HTML, kept apart so that it cannot turn the direction of what is around it."""
    return f"<bdi>{escape(clean(words))}</bdi>"

"""The claims of a page as a table: for those who cannot see the picture, who print it, or who allow no scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from kg.diagram.page.content import Claim, Content
from kg.draw.svg import clean

_STANCES = {"": "", "denies": "denied: ", "cannot-verify": "cannot be verified: "}
_DENIALS = {"denies": "denies that", "cannot-verify": "cannot verify that"}
_FEW_AGAINST = 4
_COLUMNS = ("Subject", "Property", "Value", "How it stands", "Who says it", "Source", "Quote", "Place")
_SPARSE = ("Quote", "How it stands")


def rows(content: Content) -> str:
    """The head and the body of the table; columns of quotes and of how claims stand only where there is any."""
    told = [_cells(content, claim) for claim in content.claims]
    columns = [name for name in _COLUMNS if name not in _SPARSE or any(cells[name] for cells in told)]
    head = "".join(f'<th scope="col" class="{each.partition(" ")[0].lower()}">{each}</th>' for each in columns)
    body = "\n".join(_row(place, [cells[name] for name in columns]) for place, cells in enumerate(told))
    return f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"


def _row(place: int, cells: Sequence[str]) -> str:
    subject, *rest = cells
    return f'<tr data-claim="{place}"><th scope="row">{subject}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'


def _cells(content: Content, claim: Claim) -> dict[str, str]:
    """The cells of a claim by their columns."""
    names = content.names
    says = text(names.of(claim.claimant)) if claim.claimant else "the source itself"
    cells = [
        text(names.of(claim.subject)),
        text(_STANCES[claim.stance] + claim.property),
        "".join(_value(claim)),
        "<br>".join(_standing(content, claim)),
        says + (f", said {text(claim.said)}" if claim.said else ""),
        ", ".join(_source(content, claim)),
        _quotes(claim),
        text(claim.place),
    ]
    return dict(zip(_COLUMNS, cells, strict=True))


def _value(claim: Claim) -> Iterator[str]:
    yield text(claim.value)
    if claim.when:
        yield f" <small>(as of {text(claim.when)})</small>"
    if claim.standing == "set-aside":
        yield ' <strong class="flag">set aside</strong>'


def _standing(content: Content, claim: Claim) -> Iterator[str]:
    """How a claim stands to others, and its note."""
    for each in claim.against:
        told = [_reference(content, content.claims[place]) for place in each.claims[:_FEW_AGAINST]]
        rest = len(each.claims) - len(told) + each.rest
        more = f"{rest:,} other claim{'' if rest == 1 else 's'}" if rest else ""
        words = " and ".join(filter(None, ("; ".join(told), more)))
        yield f"<b>{each.how}</b>{': ' if words else ''}{words}"
    if claim.note:
        yield f"note: {text(claim.note)}"


def _reference(content: Content, claim: Claim) -> str:
    """Another claim in a few words, a denial as one."""
    who = text(content.names.of(claim.claimant or claim.source))
    what = text(f"{content.names.of(claim.subject)} {claim.property} {claim.value}")
    return f"{who} {_DENIALS[claim.stance]} {what}" if claim.stance else f"{what} ({who})"


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

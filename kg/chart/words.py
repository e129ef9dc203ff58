"""What the chart says in words: of a mark, of a source, of a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from kg.chart.editions import Edition, Lists, Place, Source, Total, days
from kg.draw.scale import MONTHS, span_text
from kg.draw.type import shorten

_TITLE = 300.0  # room for a source's title in the legend


def date_words(place: Place) -> str:
    """Where an edition stands in time."""
    return span_text(place.span.low, place.span.high)


def account(edition: Edition, total: Total, source: Source | None) -> Iterator[str]:
    """What a mark stands for, line by line: what is claimed by whom and where, for when, and how it stands."""
    row = total.row or {}
    of_part = f"{row['part']}, " if row.get("part") else ""
    yield f"{of_part}{edition.name or edition.id}: {total.text}"
    title = source.title if source else ""
    if total.implied:
        yield f"computed from what “{title}” says, claimed by nobody" if title else "computed, claimed by nobody"
        yield row.get("quote", "")
    else:
        says = row.get("says", "")
        yield f"{says}, in “{title}”" if says != title else f"“{title}”"
        yield f"“{row['quote']}”" if row.get("quote") else ""
    yield _dated(total.place)
    if row.get("asof") and (held := span_text(*days(row["from"], row["until"]))) != date_words(total.place):
        yield f"told of {held}"
    yield f"told with it: {row['changes']}" if row.get("changes") else ""
    yield from _standing(edition, total)
    yield _copies(edition, total)
    yield total.id


def _dated(place: Place) -> str:
    when = date_words(place)
    if place.by == "edition":
        return f"no source dates it; its place in the series is {when}"
    return f"issued {when}" if place.by == "issued" else f"as of {when}"


def _standing(edition: Edition, total: Total) -> Iterator[str]:
    if total.place.standing == "contested":
        others = (date_words(place) for place in (*edition.places, *edition.elsewhere) if place != total.place)
        yield f"contested: other sources date this edition {', '.join(others)}"
    elif total.left:
        yield f"“{(total.row or {}).get('title', '')}” dates it {date_words(total.left)}, set aside by a decision"
    elif total.place.standing in ("settled", "set-aside"):
        yield f"its date is {total.place.standing.replace('-', ' ')} by a decision"
    rivals = dict.fromkeys(other.text for other in edition.totals if not total.agrees(other))
    if rivals:
        how = f"{total.standing.replace('-', ' ')}: " if total.standing != "uncontested" else ""
        yield f"{how}against {', '.join(rivals)}"
    if total.denied:
        denier = (total.row or {}).get("denier", "")
        yield f"{total.denied} by {denier}" if denier else total.denied


def _copies(edition: Edition, total: Total) -> str:
    """The other sources whose claims on the number come from the one origin of this."""
    origin = (total.row or {}).get("origin", "")
    rows = [other.row for other in edition.totals if other.row and other.source != total.source and other.agrees(total)]
    titles = dict.fromkeys(row["title"] or row["source"] for row in rows if origin and row["origin"] == origin)
    return f"from one origin with {', '.join(f'“{title}”' for title in titles)}" if titles else ""


def source_words(sources: Sequence[Source]) -> list[str]:
    """A short name for each source: its publisher or the beginning of its title, and when it was published."""
    names = [shorten(source.publisher, _TITLE, 12) or _quoted(source, _TITLE) for source in sources]
    short = [f"{name}{_when(source)}" for name, source in zip(names, sources, strict=True)]
    return [
        f"{shorten(source.publisher, _TITLE / 2, 12)}: {_quoted(source, _TITLE / 2)}{_when(source)}"
        if source.publisher and short.count(text) > 1
        else text
        for source, text in zip(sources, short, strict=True)
    ]


def _quoted(source: Source, room: float) -> str:
    return f"“{shorten(source.title or source.id, room, 12)}”"


def _when(source: Source) -> str:
    span = source.published
    if span is None:
        return ""
    if span.low is not None and span.high is not None:
        return f" ({_month(span.low) if span.length < 31 else span_text(span.low, span.high)})"
    day = span.low or span.high
    return f" ({_month(day)} or {'later' if span.low else 'earlier'})" if day else ""


def _month(day: int) -> str:
    found = date.fromordinal(day)
    return f"{MONTHS[found.month - 1]} {found.year}"


def summary(lists: Lists) -> Iterator[str]:
    """The whole chart in words, for those who cannot see it: a line for each edition."""
    for series in lists.series:
        yield f"{series.name}:"
        for edition in series.editions:
            told = [f"{total.text} ({', '.join(_briefly(edition, total))})" for total in edition.totals]
            yield f"{edition.name or edition.id}: {', '.join(dict.fromkeys(told))}"


def _briefly(edition: Edition, total: Total) -> Iterator[str]:
    """When, and how the total and its date stand if others contradict them."""
    yield date_words(total.place)
    if edition.dates_contested:
        yield "date contested"
    if edition.gainsaid(total):
        yield "contradicted" if total.implied else total.standing.replace("-", " ")
    if total.denied:
        yield total.denied

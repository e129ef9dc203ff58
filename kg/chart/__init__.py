"""Charts: pictures of what claims say over time, each drawn from the rows of a query that ships beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from kg.chart.editions import Row
from kg.chart.group_picture import group_picture
from kg.chart.groups import groups
from kg.chart.picture import picture
from kg.chart.reading import lists
from kg.errors import KgError, did_you_mean
from kg.query import Answer, Engine, Question
from kg.query.questions import read_question

_QUERIES = Path(__file__).parent.parent / "charts"


def _draw_lists(rows: Iterable[Row], known: date | None) -> str:
    return picture(lists(rows), known)


def _draw_groups(rows: Iterable[Row], known: date | None) -> str:
    return group_picture(groups(rows), known)


# What draws the rows of each chart's query, as known on a day.
_CHARTS: Mapping[str, Callable[[Iterable[Row], date | None], str]] = {
    "groups": _draw_groups,
    "lists": _draw_lists,
}


def charts() -> Mapping[str, Question]:
    """The charts by name, each with the query whose rows it draws."""
    return {name: read_question(_QUERIES / f"{name}.rq", trusted=True) for name in sorted(_CHARTS)}


def draw(engine: Engine, name: str, known: date | None = None) -> str:
    """A chart as the text of an SVG: the same bytes for the same graph.

    `known` is the day on which the registry was as the engine answers. Raises KgError for a name that there is not.
    """
    found = charts()
    if name not in found:
        fix = did_you_mean(name, found) or f"kg chart alone lists the charts: {', '.join(found)}"
        raise KgError(f"there is no chart “{name}”", fix)
    return _CHARTS[name](_rows(engine.run(found[name])), known)


def _rows(answer: Answer) -> list[Row]:
    return [dict(zip(answer.variables, map(answer.text, row), strict=True)) for row in answer.rows]

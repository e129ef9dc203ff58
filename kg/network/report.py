"""Measures and paths as people and programs read them: a text table, CSV, or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.errors import KgError
from kg.network.graph import edge_data, joined
from kg.network.metrics import Measures, NodeMeasures
from kg.network.network import Edge, Node
from kg.network.paths import Path, Step
from kg.terminal import columns, padded, visible, wrapped

FORMATS = ("table", "csv", "json")
MOST = 25
_SIZES = 8
_NAME = 60
_DECIMALS = 10
MEASURES = (
    *("id", "label", "kind", "degree", "indegree", "outdegree", "denials"),
    *("betweenness", "sampled", "pagerank", "component", "community", "cut"),
)
STEPS = (
    *("step", "from", "to", "source", "target", "relation", "predicate", "stance"),
    *("weight", "since", "until", "disputes", "claims"),
)


def measures_text(measures: Measures, syntax: str = "table", most: int = MOST) -> str:
    """Measures as `table`, of at most so many entities with the highest degrees, or of all as `csv` or `json`.

    In CSV and JSON betweenness and PageRank have ten decimals, and `sampled` is from how many entities betweenness is
    estimated, 0 where it is exact.
    """
    _check(syntax)
    if syntax == "table":
        return "\n".join([*_head(measures), "", *_table(measures, most)]) + "\n"
    if syntax == "json":
        return _json(_object(measures))
    rows = [_row(each) | {"sampled": measures.sources} for each in measures.nodes]
    return _csv(MEASURES, rows)


def path_text(path: Path, syntax: str = "table") -> str:
    """A path as `table`: entities below each other, with an arrow for the direction of each relation and its claims.

    As `csv` a row for each relation; as `json` with all parts.
    """
    _check(syntax)
    if syntax == "table":
        return "\n".join(_path(path)) + "\n"
    if syntax == "json":
        steps = [
            {"from": step.start.id, "to": step.end.id, "edges": [_edge(each) for each in (*step.edges, *step.denials)]}
            for step in path.steps
        ]
        return _json({"from": path.first.id, "to": path.second.id, "ways": path.ways, "steps": steps})
    rows = [
        {"step": number, "from": step.start.id, "to": step.end.id, **_edge(edge)}
        for number, step in enumerate(path.steps, start=1)
        for edge in (*step.edges, *step.denials)
    ]
    return _csv(STEPS, rows)


def _check(syntax: str) -> None:
    if syntax not in FORMATS:
        raise KgError(f"measures and paths cannot be written as {visible(syntax)}", f"choose {', '.join(FORMATS)}")


def _json(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _csv(header: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(row[name]) for name in header] for row in rows)
    return text.getvalue()


def _cell(value: str | bool | float | list[str]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return joined(value) if isinstance(value, list) else str(value)


def _row(each: NodeMeasures) -> dict[str, Any]:
    return {
        "id": each.node.id,
        "label": each.node.label,
        "kind": each.node.kind,
        "degree": each.degree,
        "indegree": each.indegree,
        "outdegree": each.outdegree,
        "denials": each.denials,
        "betweenness": round(each.betweenness, _DECIMALS),
        "pagerank": round(each.pagerank, _DECIMALS),
        "component": each.component,
        "community": each.community,
        "cut": each.cut,
    }


def _object(measures: Measures) -> dict[str, Any]:
    return {
        "name": measures.name,
        "title": measures.title,
        "engine": measures.engine,
        "entities": len(measures.nodes),
        "kinds": dict(measures.kinds),
        "edges": measures.edges,
        "denials": measures.denials,
        "ties": measures.ties,
        "density": round(measures.density, _DECIMALS),
        "components": list(measures.components),
        "communities": list(measures.communities),
        "modularity": round(measures.modularity, _DECIMALS),
        "sampled": measures.sources,
        "nodes": [_row(each) for each in measures.nodes],
    }


def _edge(edge: Edge) -> dict[str, Any]:
    return {"source": edge.source, "target": edge.target, **edge_data(edge)}


def _head(measures: Measures) -> Iterator[str]:
    """The lines above the table: what there is, how it hangs together, and how it was measured."""
    kinds = ", ".join(f"{visible(kind) or 'other'} {number:,}" for kind, number in measures.kinds)
    yield visible(f"{measures.title} ({measures.name})")
    yield f"{_number(len(measures.nodes), 'entity', 'entities')}" + (f": {kinds}" if kinds else "")
    denied = f", {measures.denials:,} of them denied" if measures.denials else ""
    pairs = f"{_number(measures.ties, 'pair is', 'pairs are')} tied, a density of {measures.density:.3f}"
    yield f"{_number(measures.edges, 'relation', 'relations')}{denied}; {pairs}"
    yield f"{_number(len(measures.components), 'component', 'components')}{_sizes(measures.components)}"
    groups = _number(len(measures.communities), "community", "communities")
    yield f"{groups}{_sizes(measures.communities)}; modularity {measures.modularity:.3f}"
    if measures.engine != "networkx":
        yield f"measured by {measures.engine}"
    if measures.sources:
        yield (
            f"betweenness is estimated from {measures.sources:,} of {len(measures.nodes):,} entities and is rough;"
            ' pip install "kg-registry[igraph]" makes it exact'
        )


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _sizes(sizes: Sequence[int]) -> str:
    told = ", ".join(f"{size:,}" for size in sizes[:_SIZES])
    more = f" and {len(sizes) - _SIZES:,} more" if len(sizes) > _SIZES else ""
    return f" of {told}{more}" if told else ""


def _table(measures: Measures, most: int) -> Iterator[str]:
    """The entities with the highest degrees, and a line on those left out."""
    ordered = sorted(measures.nodes, key=lambda each: (-each.degree, each.node.id))
    same = Counter(each.node.label for each in ordered)
    digits = max(len(str(len(ordered))) + 1, 3)
    grid = [["name", "kind", "degree", "denials", "betweenness", "PageRank", "community", "cut"]]
    for each in ordered[:most]:
        name = _name(each.node) if same[each.node.label] > 1 else visible(each.node.label)
        numbers = f"{each.betweenness:.4f}", f"{each.pagerank:.{digits}f}", str(each.community)
        cut = "cut" if each.cut else ""
        grid.append([_short(name), visible(each.node.kind), f"{each.degree:,}", f"{each.denials:,}", *numbers, cut])
    if not measures.denials:
        grid = [[*row[:3], *row[4:]] for row in grid]
    widths = [max(map(columns, cells)) for cells in zip(*grid, strict=True)]
    if len(grid) > 1:
        grid.insert(1, ["─" * wide for wide in widths])
        yield from ("  ".join(_aligned(row, widths)).rstrip() for row in grid)
    if left := ordered[most:]:
        yield f"{len(left):,} more, with {_number(left[0].degree, 'relation', 'relations')} or fewer, are left out"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Cells of one width: words to the left, numbers to the right."""
    for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        number = 2 <= place < len(row) - 1
        yield " " * (wide - columns(cell)) + cell if number else padded(cell, wide)


def _short(name: str) -> str:
    return name if columns(name) <= _NAME else next(wrapped(name, _NAME - 1)) + "…"


def _name(node: Node) -> str:
    return visible(f"{node.label} ({node.id})")


def _path(path: Path) -> Iterator[str]:
    others = f"one of {path.ways:,} that short" if path.ways > 1 else "the only one that short"
    yield f"{_name(path.first)} to {_name(path.second)}: {_number(len(path.steps), 'step', 'steps')}, {others}"
    yield ""
    yield _name(path.first)
    for step in path.steps:
        for edge in (*step.edges, *step.denials):
            yield f"  {_told(step, edge)}"
            yield from (f"    disputed: {visible(str(each))}" for each in edge.disputes)
        yield _name(step.end)


def _told(step: Step, edge: Edge) -> str:
    """A relation with an arrow to what it leads to, the days it holds for, its weight, and its claims."""
    days = f"{edge.since or '…'} to {edge.until or '…'}" if edge.since or edge.until else ""
    weight = f"weight {edge.weight:g}" if edge.weight != 1 else ""
    parts = [visible(edge.told), days, weight]
    claims = f" [{visible(', '.join(edge.claims))}]" if edge.claims else ""
    return f"{'↓' if edge.source == step.start.id else '↑'} {', '.join(filter(None, parts))}{claims}"

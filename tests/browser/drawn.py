"""Pages for tests: a registry with a picture in which everything stands at a known place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, pi, sin
from pathlib import Path

from kg import registry
from kg.diagram.page import Names, page
from kg.diagram.types import mark, type_of
from kg.draw.svg import Element, element, group, path, tooltip, write
from kg.draw.theme import hue, style
from kg.knowledge import when_known
from kg.network.network import Dispute, Edge, Network, Node
from kg.projection import Projection
from kg.trace import Trace, traces

SIDE = 600.0
RULES = """
text{fill:$ink;font-size:12px;text-anchor:middle}
.edge .line{fill:none;stroke-width:1.5}
.edge.denied .line{stroke:$alert;stroke-dasharray:5 4}
.badge text{fill:$alert}"""

# What others may have written, and what is shown of it.
HOSTILE = {
    "</script><script>document.title = 'caught'</script>": "</script><script>document.title = 'caught'</script>",
    '"><img src="x:y" onerror="document.title = 1">': '"><img src="x:y" onerror="document.title = 1">',
    "<style>*{display:none}</style>&lt;b&gt;": "<style>*{display:none}</style>&lt;b&gt;",
    "left\u202eright\u2066": "left‹202E›right‹2066›",
    "${title} $picture": "${title} $picture",
}


@dataclass(frozen=True)
class Shown:
    """What a page is made of."""

    network: Network
    traces: tuple[Trace, ...]
    names: Names
    notes: tuple[str, ...] = ()

    def page(self) -> str:
        """The page, with its nodes in a circle."""
        return page(circle(self.network), self.network, self.traces, self.names, self.notes)


def shown(of: Projection) -> Shown:
    """A projection with all claims of its registry."""
    names = Names(of.entities, of.ontology, when_known(of.entities, of.rows.claims))
    return Shown(of.network, tuple(traces(of.rows, of.rows.claims, {})), names)


def example(folder: Path) -> Projection:
    """All of the registry that `kg init` makes."""
    from kg.template import initialize

    initialize(folder)
    return registry.build(folder).projection("all")


def contradicted(of: Shown, stance: str = "denies") -> Shown:
    """The same with one more relation and claim: the senate denies that Ana Moor heads the Harbour Watch."""
    heads = next(each for each in of.traces if each.property == "heads")
    denial = replace(
        heads, claim="claim/denial", stance=stance, claimant="organization/senate", as_of="", denied=(), doubted=()
    )
    by = {"denied" if stance == "denies" else "doubted": (denial.claim,)}
    claims = tuple(replace(each, **by) if each is heads else each for each in of.traces)
    edge = next(each for each in of.network.edges if each.relation == "heads")
    edges = (*of.network.edges, replace(edge, stance=stance, claims=("denial",)))
    return replace(of, network=replace(of.network, edges=edges), traces=(*claims, denial))


def spread(of: Shown) -> Shown:
    """The same with claims on roles and charges that hold for years long before, and one of open days."""
    times = {"heads": "2029", "place": "2030-03/2030-04", "role": "../2028-02", "charge": "2031-01-15/.."}
    return replace(of, traces=tuple(replace(each, as_of=times.get(each.property, each.as_of)) for each in of.traces))


def hostile(of: Shown) -> Shown:
    """The same with labels, values, quotes, notes and relations that try to be something else."""
    bad = list(HOSTILE)
    nodes = tuple(_spoiled(node, bad[place % len(bad)]) for place, node in enumerate(of.network.nodes))
    edges = tuple(replace(edge, relation=bad[place % len(bad)]) for place, edge in enumerate(of.network.edges))
    spoiled = (_misquoted(each, bad[place % len(bad)]) for place, each in enumerate(of.traces))
    network = replace(of.network, title=bad[0], nodes=nodes, edges=edges)
    return replace(of, network=network, traces=tuple(spoiled))


def _spoiled(node: Node, text: str) -> Node:
    return replace(node, label=text, disputes=(Dispute(text, (text, "other"), node.claims[:1]),))


def _misquoted(each: Trace, text: str) -> Trace:
    quoted = tuple(replace(passage, quote=text) for passage in each.passages)
    named = "/" in each.value
    return replace(each, value=each.value if named else text, note=text, passages=quoted)


def circle(network: Network) -> str:
    """The nodes in a circle, from the right downwards, in the structure that pages rely on."""
    places = [_place(number, len(network.nodes)) for number in range(len(network.nodes))]
    at = dict(zip((node.id for node in network.nodes), places, strict=True))
    drawn = [
        group((_edge(edge, at, number) for number, edge in enumerate(network.edges)), class_="edges"),
        group(_relations(network, at), class_="edge-labels"),
        group((_node(node, at, number) for number, node in enumerate(network.nodes)), class_="nodes"),
        group((_label(node, at, number) for number, node in enumerate(network.nodes)), class_="labels"),
    ]
    return str(
        element(
            "svg",
            tooltip([network.title]),
            element("desc", "A circle."),
            style(RULES),
            *drawn,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {SIDE:g} {SIDE:g}",
            class_="kg-picture kg-network",
        )
    )


def _place(number: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * number / max(count, 1)
    return SIDE / 2 + 0.4 * SIDE * cos(angle), SIDE / 2 + 0.4 * SIDE * sin(angle)


def _edge(edge: Edge, at: dict[str, tuple[float, float]], number: int) -> Element:
    line = element("path", class_="line", d=path([at[edge.source], at[edge.target]]))
    look = f"edge{' denied' if edge.denied else ''} hue-0"
    return element("g", tooltip([edge.told]), line, class_=look, data_edge=str(number))


def _relations(network: Network, at: dict[str, tuple[float, float]]) -> list[Element]:
    """The text of every other edge: pages do with less."""
    return [
        write(
            edge.told,
            (at[edge.source][0] + at[edge.target][0]) / 2,
            (at[edge.source][1] + at[edge.target][1]) / 2,
            class_="edge-label",
            data_edge=str(number),
        )
        for number, edge in enumerate(network.edges)
        if number % 2 == 0
    ]


def _node(node: Node, at: dict[str, tuple[float, float]], number: int) -> Element:
    of = type_of(node)
    x, y = at[node.id]
    badge = [group([write("≠", x + 12, y - 10)], class_="badge")] if node.disputes else []
    look = f"node {hue(of.colour)}"
    return element("g", tooltip([node.label]), *mark(of, (x, y), 10), *badge, class_=look, data_node=str(number))


def _label(node: Node, at: dict[str, tuple[float, float]], number: int) -> Element:
    x, y = at[node.id]
    return group([write(node.label, x, y + 26)], class_="label", data_node=str(number))

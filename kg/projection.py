"""A projection: part of a registry as a network that can be measured, drawn, and taken to other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import polars as pl

from kg.entities import Entities
from kg.errors import KgError
from kg.identity import Identity
from kg.network import (
    Dispute,
    Edge,
    Measures,
    Network,
    Node,
    Path,
    between,
    edge_table,
    measure,
    node_table,
    to_csv,
    to_cyjs,
    to_gexf,
    to_graphml,
    to_networkx,
)
from kg.ontology import Ontology
from kg.trace import Rows, traces

if TYPE_CHECKING:
    import networkx as nx

    from kg.diagram import Drawing
    from kg.draw.svg import Element

THEMES = ("auto", "light", "dark")
_WRITERS = {"graphml": to_graphml, "gexf": to_gexf, "cyjs": to_cyjs}
_HIGH = 680  # of the frame in a notebook, in pixels


@dataclass(frozen=True)
class Projection:
    """Part of a registry as a network.

    `merged` has the ids that go on under another by a decision. `around` are ids of entities, `steps` how far from them
    a diagram reaches, and `most` how many nodes it has at most (all, where neither is given and there are no more than
    300); measures, paths and exports are always of the whole network.

    >>> import kg
    >>> from kg.registry import example_workspace
    >>> cases = kg.build(example_workspace()).projection("cases")
    >>> sorted(cases.to_networkx().nodes)[0]
    'case/jon-brask-2031'
    """

    network: Network
    rows: Rows = field(repr=False)
    entities: Entities = field(repr=False)
    ontology: Ontology = field(repr=False)
    merged: Mapping[str, str] = field(default_factory=dict, repr=False)
    around: tuple[str, ...] = ()
    most: int | None = None
    steps: int = 1

    def to_networkx(self) -> nx.MultiDiGraph:
        """The network in NetworkX: nodes by their ids, with kind, label, dates, disputes and ids of claims."""
        return to_networkx(self.network)

    def nodes_frame(self) -> pl.DataFrame:
        """A row for each node."""
        return node_table(self.network)

    def edges_frame(self) -> pl.DataFrame:
        """A row for each relation."""
        return edge_table(self.network)

    def measure(self, engine: str = "") -> Measures:
        """Size, components, degree, betweenness, PageRank, communities and cut vertices, by `networkx` or `igraph`.

        Where no engine is named, igraph measures large networks if it is installed.
        """
        return measure(self.network, engine)

    def between(self, first: str, second: str) -> Path:
        """The shortest path between two entities, by their ids or names, with the claims along it."""
        known = Identity(self.merged)
        return between(self.network, known.named(first, self.entities), known.named(second, self.entities))

    def export(self, syntax: str) -> bytes:
        """The network as `graphml`, `gexf` or `cyjs`."""
        return _WRITERS[syntax](self.network)

    def tables(self) -> Mapping[str, str]:
        """The nodes and the edges as CSV, by file name."""
        return to_csv(self.network)

    def without_quotes(self) -> Projection:
        """The projection without the words of its sources: no quotes, no spellings, no notes.

        Names, titles and values stay, be they words of a source or not.
        """
        silent = self.rows.evidence.with_columns(exact=pl.lit(None, dtype=pl.String))
        claims = self.rows.claims.filter(pl.col("property") != "alias").with_columns(note=pl.lit(""))
        return replace(self, rows=replace(self.rows, claims=claims, evidence=silent))

    @cached_property
    def drawing(self) -> Drawing:
        """The diagram, laid out."""
        from kg.diagram import drawing, part

        return drawing(part(self.network, self.around, self.most, self.steps))

    def svg(self, theme: str = "auto") -> str:
        """The diagram with its title and legend as SVG: `light`, `dark`, or as the reader's screen is (`auto`)."""
        from kg.diagram import framed

        return framed(self.drawing, _styled(theme))

    def png(self, theme: str = "light") -> bytes:
        """The diagram with its title and legend as PNG, two pixels for each unit of the SVG."""
        from kg.draw.png import png

        return png(self.svg("light" if theme == "auto" else theme))

    def html(self) -> str:
        """The diagram and the claims behind it as one page of HTML that loads nothing."""
        from kg.diagram import bare, notes
        from kg.diagram.page import Names, page
        from kg.knowledge import when_known

        names = Names(self.entities, self.ontology, when_known(self.entities, self.rows.claims), self.merged)
        told = traces(self.rows, self.claims, {})
        return page(bare(self.drawing), self.drawing.part.network, told, names, tuple(notes(self.drawing)))

    @property
    def claims(self) -> pl.DataFrame:
        """The claims that a page tells: those on what the diagram shows, and those of its disputes."""
        network = self.drawing.part.network
        shown: list[Node | Edge] = [*network.nodes, *network.edges]
        told: list[Node | Edge | Dispute] = [*shown, *(dispute for each in shown for dispute in each.disputes)]
        wanted = {claim for each in told for claim in each.claims}
        return self.rows.claims.filter(pl.col("id").is_in(sorted(wanted)))

    def _repr_html_(self) -> str:
        """The page in a frame that may run its script and nothing else, for notebooks."""
        frame = f'sandbox="allow-scripts" srcdoc="{escape(self.html())}"'
        title = escape(self.network.title)
        return f'<iframe title="{title}" {frame} width="100%" height="{_HIGH}" style="border:0"></iframe>'

    def _repr_svg_(self) -> str:
        """The diagram, for notebooks that show no frames."""
        return self.svg()


def _styled(theme: str) -> Callable[[str], Element]:
    from kg.draw.theme import DAY, NIGHT, plain_style, style

    if theme == "auto":
        return style
    if theme not in THEMES:
        raise KgError(f"there is no theme “{theme}”", f"choose {', '.join(THEMES)}")
    return lambda rules: plain_style(rules, DAY if theme == "light" else NIGHT)

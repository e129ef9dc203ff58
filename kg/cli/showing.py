"""The commands that show a registry: network, draw, chart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.delivery import PEOPLE, deliver, deliver_all, destination, only_tables
from kg.cli.group import main
from kg.cli.options import as_of_day, for_reader, in_format, in_workspace, opened, to_file
from kg.cli.printing import say, tell

if TYPE_CHECKING:
    from kg.projection import Projection


@main.command()
@click.argument("name", required=False)
@in_workspace
@as_of_day
@click.option("--between", nargs=2, metavar="A B", help="The shortest path between two entities, with its claims.")
@click.option("--most", type=click.IntRange(min=1), default=25, show_default=True, help="How many rows a table has.")
@click.option("--engine", type=click.Choice(("networkx", "igraph")), help="What measures; else igraph if it pays.")
@in_format("table", "csv", "json", "graphml", "gexf", "cyjs")
@for_reader
@to_file
def network(
    name: str | None,
    workspace: Path,
    as_of: date | None,
    between: tuple[str, str] | None,
    most: int,
    engine: str | None,
    syntax: str | None,
    reader: str | None,
    output: Path | None,
) -> None:
    """Measure the network NAME, or take it to another program. Without NAME, list the networks.

    NAME is that of a projection (a file networks/NAME.rq of the workspace may add one), or a .rq file. A table, CSV or
    JSON has the size, components, and for each entity degree, betweenness, PageRank, community, and whether it is a cut
    vertex. -o FILE ending in .graphml, .gexf or .cyjs writes the network for Gephi, Cytoscape, NetworkX or igraph; one
    ending in .csv makes a table of its nodes and one of its edges.
    """
    from kg import screens

    reads = _own(name)
    to = destination(output, workspace, reads=reads)
    choose = screens.path_format if between else screens.network_format
    form = choose(syntax, output) if name else PEOPLE
    only_tables(reader, form)
    files = screens.table_names(output) if form == "tables" and output else {}
    tables = {table: destination(file, workspace, reads=reads) for table, file in files.items()}
    registry = opened(workspace, as_of=as_of)
    if name is None:
        deliver(screens.projections_text(registry), to, form)
        return
    projection = registry.projection(name)
    _tell_dropped(projection)
    if between:
        deliver(screens.path_text(registry, projection.between(*map(registry.key, between)), form), to, form, reader)
    elif form == "tables":
        found = projection.tables()
        deliver_all({to: found[table] for table, to in tables.items()}, form, reader)
        for each in tables.values():
            say(str(each))
    elif form in screens.NETWORKS:
        deliver(projection.export(form), to, form)
    else:
        deliver(screens.measures_text(projection.measure(engine or ""), form, most), to, form, reader)


@main.command()
@click.argument("name", required=False)
@in_workspace
@as_of_day
@click.option("--around", multiple=True, metavar="ENTITY", help="Only what surrounds it; may be repeated.")
@click.option("--steps", type=click.IntRange(min=1), help="How far around it; else 1.")
@click.option("--most", type=click.IntRange(min=1), help="How many entities at most; else 100 of more than 300.")
@click.option("--no-quotes", is_flag=True, help="Leave quotes, spellings and notes out of a page.")
@click.option("--theme", type=click.Choice(("auto", "light", "dark")), default="auto", help="Of an SVG or PNG.")
@to_file
def draw(
    name: str | None,
    workspace: Path,
    as_of: date | None,
    around: tuple[str, ...],
    steps: int | None,
    most: int | None,
    no_quotes: bool,
    theme: str,
    output: Path | None,
) -> None:
    """Draw the network NAME as a picture (-o FILE.svg or .png), or as a page (-o FILE.html). Without NAME, list them.

    The page is one file that loads nothing: it finds entities, tells their claims with quotes and sources, and filters
    by type and time. Above 300 entities a part is drawn: what surrounds some entities, or those with the most
    relations; the picture says what is left out.
    """
    from kg import screens

    if name and steps and not around:
        raise click.UsageError("--steps tells how far around an entity; name it with --around.")
    to = destination(output, workspace, reads=_own(name))
    form = screens.picture_format(output) if name else PEOPLE
    if form == "html" and theme != "auto":
        raise click.UsageError("A page has both themes; --theme is for SVG and PNG.")
    registry = opened(workspace, as_of=as_of)
    if name is None:
        deliver(screens.projections_text(registry), to, form)
        return
    projection = registry.projection(name, around, most, steps or 1)
    _tell_dropped(projection)
    if no_quotes:
        projection = projection.without_quotes()
    deliver(screens.drawn(projection, form, theme), to, form)


@main.command()
@click.argument("name", required=False)
@in_workspace
@as_of_day
@to_file
def chart(name: str | None, workspace: Path, as_of: date | None, output: Path | None) -> None:
    """Draw the chart NAME, in which every mark is a claim, as SVG or PNG. Without NAME, list the charts.

    kg chart lists -o lists.svg opens in every browser, by day and by night; it runs nothing and loads nothing.
    """
    from kg import screens

    to = destination(output, workspace)
    form = screens.chart_format(output) if name else PEOPLE
    if name is None:
        deliver(screens.charts_text(), to, form)
        return
    deliver(screens.charted(opened(workspace, as_of=as_of), name, form), to, form)


def _own(name: str | None) -> list[Path]:
    """The file of a network that a name names, if it does."""
    return [Path(name)] if name and Path(name).is_file() else []


def _tell_dropped(projection: Projection) -> None:
    """How many rows of a query make no edge, if any."""
    if not projection.network.nodes:
        tell("the network is empty: its query found nothing that counts")
    for reason, count in projection.network.dropped.items():
        rows = "1 row makes" if count == 1 else f"{count:,} rows make"
        tell(f"{rows} no edge: {reason}")

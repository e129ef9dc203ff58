"""The commands that show a registry: network, draw, chart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.group import main
from kg.cli.options import as_of_day, in_format, in_workspace, opened, to_file, write

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
@to_file
def network(
    name: str | None,
    workspace: Path,
    as_of: date | None,
    between: tuple[str, str] | None,
    most: int,
    engine: str | None,
    syntax: str | None,
    output: Path | None,
) -> None:
    """Measure the network NAME, or take it to another program. Without NAME, list the networks.

    NAME is that of a projection (a file networks/NAME.rq of the workspace may add one), or a .rq file. A table, CSV or
    JSON has the size, components, and for each entity degree, betweenness, PageRank, community, and whether it is a cut
    vertex. -o FILE ending in .graphml, .gexf or .cyjs writes the network for Gephi, Cytoscape, NetworkX or igraph; one
    ending in .csv makes a table of its nodes and one of its edges.
    """
    from kg import screens

    registry = opened(workspace, as_of=as_of)
    if name is None:
        write(screens.projections_text(registry), output)
        return
    projection = registry.projection(name)
    _tell_dropped(projection)
    if between:
        path = projection.between(*map(registry.key, between))
        write(screens.path_text(registry, path, screens.path_format(syntax, output)), output)
        return
    form = screens.network_format(syntax, output)
    if form == "tables" and output:
        for file, text in screens.table_files(projection, output).items():
            write(text, file)
            click.echo(file.as_posix())
    elif form in screens.NETWORKS:
        write(projection.export(form), output)
    else:
        write(screens.measures_text(projection.measure(engine or ""), form, most), output)


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

    registry = opened(workspace, as_of=as_of)
    if name is None:
        write(screens.projections_text(registry), output)
        return
    if steps and not around:
        raise click.UsageError("--steps tells how far around an entity; name it with --around.")
    form = screens.picture_format(output)
    if form == "html" and theme != "auto":
        raise click.UsageError("A page has both themes; --theme is for SVG and PNG.")
    projection = registry.projection(name, around, most, steps or 1)
    _tell_dropped(projection)
    if no_quotes:
        projection = projection.without_quotes()
    write(screens.drawn(projection, form, theme), output)


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

    if name is None:
        write(screens.charts_text(), output)
        return
    write(screens.charted(opened(workspace, as_of=as_of), name, output), output)


def _tell_dropped(projection: Projection) -> None:
    """How many rows of a query make no edge, if any."""
    if not projection.network.nodes:
        click.echo("the network is empty: its query found nothing that counts", err=True)
    for reason, count in projection.network.dropped.items():
        rows = "1 row makes" if count == 1 else f"{count:,} rows make"
        click.echo(f"{rows} no edge: {reason}", err=True)

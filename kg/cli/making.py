"""The commands that make a registry and say how it stands: init, build, check, export, explain."""

from __future__ import annotations

import shlex
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from kg.cli.delivery import deliver, deliver_all, destination, folder, only_tables, refuse_input
from kg.cli.endings import summary
from kg.cli.group import CLEAN, FINDINGS, main
from kg.cli.options import (
    FOLDER,
    as_of_day,
    folders_of,
    for_reader,
    in_format,
    in_workspace,
    opened,
    tell_day,
    to_file,
    to_file_or_folder,
    trusting,
    with_texts,
)
from kg.cli.printing import say, tell
from kg.errors import KgError, Severity


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--shared", is_flag=True, help="For the group that FOLDER belongs to, too.")
def init(folder: Path, shared: bool) -> None:
    """Make a new workspace in FOLDER, with an example row in each table.

    Its folders and files are for their owner alone, or with --shared for the group, too. Builds can be read by those
    who can read the tables.
    """
    from kg.template import initialize

    for path in initialize(folder, shared=shared):
        say(path.as_posix())
    where = folder.as_posix()
    tell(f"Next: cd {shlex.quote(f'./{where}' if where.startswith('-') else where)} && kg build")


@main.command()
@in_workspace
@with_texts
@as_of_day
@trusting
@click.option("--without", multiple=True, metavar="SOURCE", help="Go on although its claims are gone; may be repeated.")
def build(
    workspace: Path, texts: tuple[Path, ...], as_of: date | None, unguarded: bool, without: tuple[str, ...]
) -> None:
    """Build the graph from the tables, verifying every quote whose text is at hand.

    Writes build/kg.ttl, kg.trig, kg.nq, manifest.json and the store that queries run on. If the tables have
    violations, all of them are told and the last build stays as it was. So it does where data/claims/SOURCE.csv is gone
    of which the last build had claims, unless --without SOURCE says that they may go.

    With --as-of it builds what was known by a day, into build/as-of/DATE. A source is known from the last day on which
    it may have been published. Where that is open, it is known, at the earliest, from the first such day, or from the
    latest of what it tells and cites. Decisions count from their day. The time for which claims hold (as_of in the
    tables) has no part in it.
    """
    from kg.registry import build as build_registry

    registry = build_registry(workspace, folders_of(texts), as_of, without, unguarded=unguarded)
    tell_day(registry)
    for line in _counts(registry.manifest, registry.workspace.shown(registry.workspace.build)):
        say(line)


@main.command()
@click.argument("graph", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@in_workspace
@with_texts
@as_of_day
@click.option("--engine", type=click.Choice(("fast", "reference")), default="fast", help="The Rust engine, or pySHACL.")
@trusting
@in_format("table", "json", "ttl")
@to_file
def check(
    graph: Path | None,
    workspace: Path,
    texts: tuple[Path, ...],
    as_of: date | None,
    engine: str,
    unguarded: bool,
    syntax: str | None,
    output: Path | None,
) -> None:
    """Check the tables by every shape: structure, sense, contradictions and sums.

    With GRAPH, check a Turtle, TriG, N-Triples or N-Quads file that came from elsewhere. --format ttl gives the
    standard SHACL report.
    """
    from kg import screens

    if graph and as_of:
        raise click.UsageError("--as-of goes by the tables: leave it out, or leave GRAPH out.")
    to = destination(output, workspace, texts, [graph] if graph else [])
    findings, report, notes = screens.checked(graph, workspace, folders_of(texts), engine, as_of, unguarded=unguarded)
    for note in notes:
        tell(note)
    form = syntax or screens.findings_format(output)
    deliver(report() if form == "ttl" else screens.findings_text(findings, form), to, form)
    tell(summary(findings))
    sys.exit(FINDINGS if any(f.severity is Severity.VIOLATION for f in findings) else CLEAN)


@main.command()
@in_workspace
@as_of_day
@in_format("ttl", "trig", "nq", "jsonld", "csv")
@for_reader
@to_file_or_folder
def export(workspace: Path, as_of: date | None, syntax: str | None, reader: str | None, output: Path | None) -> None:
    """Write the graph as Turtle, TriG, N-Quads or JSON-LD, or its tables as CSV into a folder.

    The same tables give the same bytes, whatever the order of their rows.
    """
    from kg.export import export_format

    refuse_input(output, workspace)
    form = export_format(output, syntax)
    only_tables(reader, form)
    if form == "csv":
        _export_tables(workspace, as_of, reader, output)
        return
    to = destination(output, workspace)
    found = opened(workspace, as_of=as_of).export(form)
    assert isinstance(found, bytes)  # noqa: S101 - only CSV is several tables
    deliver(found, to, form)


def _export_tables(workspace: Path, as_of: date | None, reader: str | None, output: Path | None) -> None:
    if output is None or str(output) == "-":
        raise click.UsageError("CSV makes several tables: name a folder with -o DIR.")
    into = folder(output, workspace)
    found = opened(workspace, as_of=as_of).export("csv")
    assert isinstance(found, dict)  # noqa: S101 - CSV is several tables
    files = {into.file(name): text for name, text in found.items()}
    deliver_all(files, "csv", reader)
    for file in files:
        say(str(file))


@main.command()
@click.argument("code", required=False)
@in_workspace
def explain(code: str | None, workspace: Path) -> None:
    """Explain the CODE of a finding: what it means, how to mend it, and an example. Without CODE, list the codes."""
    from kg.explain import codes, explanation
    from kg.workspace import find_workspace

    try:
        found = find_workspace(workspace)
    except KgError:
        found = None
    say(explanation(code, found) if code else "\n".join(codes(found)))


def _counts(manifest: Any, folder: str) -> list[str]:
    counts, rows = manifest["counts"], manifest["rows"]
    texts = f"{len(manifest['texts'])} of {counts['sources']} texts at hand"
    return [
        f"{counts['claims']:,} claims from {counts['sources']:,} sources ({counts['aliases']:,} of them spellings), "
        f"{counts['entities']:,} entities",
        f"{rows['read']:,} rows read, {rows['rejected']:,} of them rejected in review",
        f"{counts['quotes verified']:,} of {counts['quotes']:,} quotes verified in their places ({texts})",
        f"contradictions: {counts['contradictions']:,}; kg check tells them",
        f"{counts['triples']:,} triples in {folder}/kg.ttl, {folder}/kg.trig, {folder}/kg.nq",
    ]

"""The commands that ask a registry: query, trace, diff."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from kg.cli.delivery import PEOPLE, deliver, destination, only_tables
from kg.cli.group import main
from kg.cli.options import (
    as_of_day,
    folders_of,
    for_reader,
    in_format,
    in_workspace,
    opened,
    to_file,
    with_texts,
)
from kg.errors import KgError


@main.command()
@click.argument("question", required=False)
@in_workspace
@as_of_day
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="Bind a variable; may be repeated.")
@click.option("--timeout", type=click.FloatRange(min=0.1), help="Seconds; else 60, or what kg.toml sets.")
@in_format("table", "csv", "tsv", "json", "ttl", "nt")
@for_reader
@to_file
def query(
    question: str | None,
    workspace: Path,
    as_of: date | None,
    parameters: tuple[str, ...],
    timeout: float | None,
    syntax: str | None,
    reader: str | None,
    output: Path | None,
) -> None:
    """Answer QUESTION: the name of a question, a .rq file, or - for SPARQL on standard input.

    Without QUESTION, list the named questions. Queries run over the union of all graphs; they can neither write nor
    reach the network. With --as-of they run over what was known by that day, which is built first where it has to be.
    """
    from kg import screens

    to = destination(output, workspace, reads=_files(question))
    form = screens.expected_format(syntax, output) if question else PEOPLE
    only_tables(reader, form)
    registry = opened(workspace, as_of=as_of)
    if question is None:
        deliver(screens.questions_text(registry), to, form)
        return
    answer = registry.query(_asked(question), timeout=timeout, **_parameters(parameters))
    form = screens.answer_format(answer, syntax, output)
    # The cells of a spreadsheet are values, as in CSV, be they divided by tabs.
    deliver(screens.answer_text(answer, "csv" if reader else form), to, form, reader)


@main.command()
@click.argument("key", metavar="ENTITY|CLAIM")
@in_workspace
@with_texts
@as_of_day
@click.option("--places", "everywhere", is_flag=True, help="List all that still names ENTITY, in every file.")
@in_format("table", "json")
@to_file
def trace(
    key: str,
    workspace: Path,
    texts: tuple[Path, ...],
    as_of: date | None,
    everywhere: bool,
    syntax: str | None,
    output: Path | None,
) -> None:
    """Lead an entity (an id, a name or an alias) or a claim back to who says so, and where exactly.

    With --places, list what in the workspace still names ENTITY, also one that is no longer in the tables: rows,
    decisions, texts, files of one's own, exports, builds. What cannot be looked into is named, too.
    """
    from kg import screens

    to = destination(output, workspace, texts)
    form = screens.trace_format(syntax, output)
    if everywhere:
        if as_of:
            raise click.UsageError("--places looks at what is there now; leave --as-of out.")
        deliver(_places(workspace, key, folders_of(texts), form), to, form)
        return
    registry = opened(workspace, folders_of(texts), as_of)
    deliver(screens.trace_text(registry, registry.trace(key), form), to, form)


@main.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@in_workspace
@with_texts
@as_of_day
@in_format("table", "csv", "json")
@for_reader
@to_file
def diff(
    first: str,
    second: str,
    workspace: Path,
    texts: tuple[Path, ...],
    as_of: date | None,
    syntax: str | None,
    reader: str | None,
    output: Path | None,
) -> None:
    """Compare two lists, two builds or two days: what differs, who says so, and where.

    A and B are lists (ids, names or aliases), folders of builds (build is the current one), or days such as
    2025-06-01, which mean what was known by then. Of lists: the totals, what is said of the change against what the
    names say, who is named on either, how far they overlap, and the groups side by side. Of builds: changes of source,
    changes of program, and what follows from which. However much differs, the exit code is 0.
    """
    from kg import screens

    to = destination(output, workspace, texts, (*_files(first), *_files(second)))
    form = screens.diff_format(syntax, output)
    only_tables(reader, form)
    registry = opened(workspace, folders_of(texts), as_of)
    deliver(screens.difference_text(registry, first, second, form), to, form, reader)


def _files(word: str | None) -> list[Path]:
    """The file or folder that a word on the command line names, if it does; `-` is what standard input comes from."""
    path = Path("/dev/stdin").resolve() if word == "-" else Path(word or "")
    return [path] if word and path.exists() else []


def _places(workspace: Path, key: str, texts: tuple[Path, ...], syntax: str) -> str:
    from kg.places import places, places_text
    from kg.workspace import find_workspace

    return places_text(places(find_workspace(workspace), key, texts), syntax)


def _asked(question: str) -> str:
    from kg.files import is_regular, read_stream, read_text
    from kg.query.sparql import LARGEST

    path = Path(question)
    if question == "-":
        if sys.stdin is None:
            raise KgError("standard input is closed", "send a query to it, or name a file")
        return read_stream(sys.stdin.buffer, "standard input", LARGEST)
    if path.suffix in (".rq", ".sparql") or is_regular(path):
        return read_text(path, LARGEST)
    return question


def _parameters(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"“{pair}” is not NAME=VALUE", param_hint="--set")
        found[name.lstrip("?$")] = value
    return found

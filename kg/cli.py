"""The command line: it only translates between words and the Python face, and imports what a command needs late."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.errors import Finding, InvalidRegistryError, KgError, Severity

if TYPE_CHECKING:
    from kg.registry import Registry

CLEAN, FINDINGS, CANNOT = 0, 1, 3
F = TypeVar("F", bound=Callable[..., Any])

_FOLDER = click.Path(file_okay=False, path_type=Path)
_workspace = click.option(
    "-w", "--workspace", type=_FOLDER, default=Path(), metavar="DIR", help="The workspace; else the one you stand in."
)
_texts = click.option(
    "--texts", type=_FOLDER, multiple=True, metavar="DIR", help="A folder with texts of sources; may be repeated."
)
_output = click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file.")


def _day(_: click.Context, __: click.Parameter, text: str | None) -> date | None:
    """The last day that a date may mean."""
    from kg.values import CellError, partial_date

    try:
        return partial_date(text)[1] if text is not None else None
    except CellError as error:
        raise click.BadParameter(f"“{text}” is no day: write 2025-06-09, 2025-06 or 2025.") from error


_as_of = click.option(
    "--as-of",
    callback=_day,
    metavar="DATE",
    help="Only what was known by that day; 2025-06 and 2025 mean their last days.",
)


def _format(*formats: str) -> Callable[[F], F]:
    return click.option("--format", "syntax", type=click.Choice(formats), help="Else guessed from the file's ending.")


class _Commands(click.Group):
    """Turns errors into messages and exit codes."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except InvalidRegistryError as error:
            for finding in error.findings:
                click.echo(str(finding))
            click.echo(_summary(error.findings) + "; nothing was built", err=True)
            context.exit(FINDINGS)
        except KgError as error:
            click.echo(str(error), err=True)
            context.exit(CANNOT)
        except BrokenPipeError:
            sys.stderr.close()
            context.exit(CLEAN)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kg-registry", prog_name="kg")
def main() -> None:
    """Claims about political prisoners as a checked knowledge graph: who says so, and where exactly?

    Every command works on the workspace you stand in: a folder with data/. Results go to standard output, messages to
    standard error. Exit codes: 0 clean, 1 findings of severity violation, 2 wrong usage, 3 cannot go on.
    """


@main.command()
@click.argument("folder", type=_FOLDER)
def init(folder: Path) -> None:
    """Make a new workspace in FOLDER, with an example row in each table."""
    from kg.template import initialize

    for path in initialize(folder):
        click.echo(path.as_posix())
    click.echo(f"Next: cd {folder.as_posix()} && kg build", err=True)


@main.command()
@_workspace
@_texts
@_as_of
def build(workspace: Path, texts: tuple[Path, ...], as_of: date | None) -> None:
    """Build the graph from the tables, verifying every quote whose text is at hand.

    Writes build/kg.ttl, kg.trig, kg.nq, manifest.json and the store that queries run on. If the tables have
    violations, all of them are told and the last build stays as it was.

    With --as-of it builds what was known by a day, into build/as-of/DATE. A source is known from the last day on which
    it may have been published. Where that is open, it is known, at the earliest, from the first such day, or from the
    latest of what it tells and cites. Decisions count from their day. The time for which claims hold (as_of in the
    tables) has no part in it.
    """
    from kg.registry import build as build_registry

    registry = build_registry(workspace, _folders(texts), as_of)
    _tell_day(registry)
    for line in _counts(registry.manifest, registry.workspace.shown(registry.workspace.build)):
        click.echo(line)


@main.command()
@click.argument("graph", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@_workspace
@_texts
@_as_of
@click.option("--engine", type=click.Choice(("fast", "reference")), default="fast", help="The Rust engine, or pySHACL.")
@_format("table", "json", "ttl")
@_output
def check(
    graph: Path | None,
    workspace: Path,
    texts: tuple[Path, ...],
    as_of: date | None,
    engine: str,
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
    findings, report, counts = screens.checked(graph, workspace, _folders(texts), engine, as_of)
    if counts:
        click.echo(counts, err=True)
    chosen = syntax or screens.findings_format(output)
    _write(report() if chosen == "ttl" else screens.findings_text(findings, chosen), output)
    click.echo(_summary(findings), err=True)
    sys.exit(FINDINGS if any(f.severity is Severity.VIOLATION for f in findings) else CLEAN)


@main.command()
@click.argument("question", required=False)
@_workspace
@_as_of
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="Bind a variable; may be repeated.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=60, show_default=True, help="Seconds.")
@_format("table", "csv", "tsv", "json", "ttl", "nt")
@_output
def query(
    question: str | None,
    workspace: Path,
    as_of: date | None,
    parameters: tuple[str, ...],
    timeout: float,
    syntax: str | None,
    output: Path | None,
) -> None:
    """Answer QUESTION: the name of a question, a .rq file, or - for SPARQL on standard input.

    Without QUESTION, list the named questions. Queries run over the union of all graphs; they can neither write nor
    reach the network. With --as-of they run over what was known by that day, which is built first where it has to be.
    """
    from kg import screens

    registry = _open(workspace, as_of=as_of)
    if question is None:
        _write(screens.questions_text(registry), output)
        return
    answer = registry.query(_asked(question), timeout=timeout, **_parameters(parameters))
    _write(screens.answer_text(answer, screens.answer_format(answer, syntax, output)), output)


@main.command()
@_workspace
@_as_of
@_format("ttl", "trig", "nq", "jsonld", "csv")
@_output
def export(workspace: Path, as_of: date | None, syntax: str | None, output: Path | None) -> None:
    """Write the graph as Turtle, TriG, N-Quads or JSON-LD, or its tables as CSV into a folder.

    The same tables give the same bytes, whatever the order of their rows.
    """
    from kg.export import export_format

    registry = _open(workspace, as_of=as_of)
    found = registry.export(export_format(output, syntax))
    if isinstance(found, bytes):
        _write(found, output)
        return
    if output is None:
        raise click.UsageError("CSV makes several tables: name a folder with -o DIR.")
    output.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        (output / name).write_text(text, "utf-8", newline="")
        click.echo((output / name).as_posix())


@main.command()
@click.argument("key", metavar="ENTITY|CLAIM")
@_workspace
@_texts
@_as_of
@_format("table", "json")
@_output
def trace(
    key: str,
    workspace: Path,
    texts: tuple[Path, ...],
    as_of: date | None,
    syntax: str | None,
    output: Path | None,
) -> None:
    """Lead an entity (an id, a name or an alias) or a claim back to who says so, and where exactly."""
    from kg import screens

    registry = _open(workspace, _folders(texts), as_of)
    _write(screens.trace_text(registry, registry.trace(key), screens.trace_format(syntax, output)), output)


@main.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@_workspace
@_texts
@_as_of
@_format("table", "csv", "json")
@_output
def diff(
    first: str,
    second: str,
    workspace: Path,
    texts: tuple[Path, ...],
    as_of: date | None,
    syntax: str | None,
    output: Path | None,
) -> None:
    """Compare two lists, two builds or two days: what differs, who says so, and where.

    A and B are lists (ids, names or aliases), folders of builds (build is the current one), or days such as
    2025-06-01, which mean what was known by then. Of lists: the totals, what is said of the change against what the
    names say, who is named on either, how far they overlap, and the groups side by side. Of builds: changes of source,
    changes of program, and what follows from which. However much differs, the exit code is 0.
    """
    from kg import screens

    registry = _open(workspace, _folders(texts), as_of)
    _write(screens.difference_text(registry, first, second, screens.diff_format(syntax, output)), output)


@main.command()
@click.argument("name", required=False)
@_workspace
@_as_of
@_output
def chart(name: str | None, workspace: Path, as_of: date | None, output: Path | None) -> None:
    """Draw the chart NAME as an SVG picture in which every mark is a claim. Without NAME, list the charts.

    kg chart lists -o lists.svg opens in every browser, by day and by night; it runs nothing and loads nothing.
    """
    from kg import screens

    if name is None:
        _write(screens.charts_text(), output)
        return
    screens.chart_format(output)
    _write(_open(workspace, as_of=as_of).chart(name), output)


@main.command()
@click.argument("code", required=False)
@_workspace
def explain(code: str | None, workspace: Path) -> None:
    """Explain the CODE of a finding: what it means, how to mend it, and an example. Without CODE, list the codes."""
    from kg.explain import codes, explanation

    try:
        root = _find(workspace)
    except KgError:
        root = None
    click.echo(explanation(code, root) if code else "\n".join(codes(root)))


def _find(workspace: Path) -> Path:
    from kg.workspace import find_workspace

    return find_workspace(workspace).root


def _folders(texts: tuple[Path, ...]) -> tuple[Path, ...]:
    for folder in texts:
        if not folder.is_dir():
            raise KgError(f"there is no folder {folder.as_posix()}", "name the folder with the texts of the sources")
    return texts


def _tell_day(registry: Registry) -> None:
    """As of which day a registry is read, and what counts."""
    from kg.knowledge import note

    if registry.workspace.as_of:
        click.echo(note(registry.manifest), err=True)


def _open(workspace: Path, texts: tuple[Path, ...] = (), as_of: date | None = None) -> Registry:
    from kg.registry import open as open_registry

    registry = open_registry(workspace, texts, as_of)
    _tell_day(registry)
    if changed := registry.stale():
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        click.echo(f"warning: {changed[0]}{more} changed since the last build; run kg build", err=True)
    return registry


def _asked(question: str) -> str:
    path = Path(question)
    try:
        if question == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        if path.suffix in (".rq", ".sparql") or path.is_file():
            return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KgError(f"{question} cannot be read: {error}", "name a UTF-8 file with a SPARQL query") from error
    return question


def _parameters(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"“{pair}” is not NAME=VALUE", param_hint="--set")
        found[name.lstrip("?$")] = value
    return found


def _write(text: str | bytes, output: Path | None) -> None:
    data = text.encode() if isinstance(text, str) else text
    if output is None or str(output) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(data)
    except OSError as error:
        raise KgError(f"{output} cannot be written: {error.strerror}", "name a file that can be written") from error


def _summary(findings: list[Finding] | tuple[Finding, ...]) -> str:
    parts = []
    for severity in Severity:
        number = sum(finding.severity is severity for finding in findings)
        if number:
            parts.append(f"{number} {severity}{'s' if number > 1 and severity is not Severity.INFO else ''}")
    return ", ".join(parts) or "no findings"


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

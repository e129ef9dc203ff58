"""What commands share: their options, the registry they open, and how they write what they found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.errors import Finding, KgError, Severity

if TYPE_CHECKING:
    from kg.registry import Registry

F = TypeVar("F", bound=Callable[..., Any])

FOLDER = click.Path(file_okay=False, path_type=Path)
in_workspace = click.option(
    "-w", "--workspace", type=FOLDER, default=Path(), metavar="DIR", help="The workspace; else the one you stand in."
)
with_texts = click.option(
    "--texts", type=FOLDER, multiple=True, metavar="DIR", help="A folder with texts of sources; may be repeated."
)
to_file = click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file.")


def _warned(_: click.Context, __: click.Parameter, unguarded: bool) -> bool:
    if unguarded:
        click.echo("warning: files of others are read also where the system cannot guard their reading", err=True)
    return unguarded


trusting = click.option(
    "--unguarded",
    is_flag=True,
    callback=_warned,
    help="Read own ontology, shapes and graphs also where the system cannot take network access away from them.",
)


def _day(_: click.Context, __: click.Parameter, text: str | None) -> date | None:
    """The last day that a date may mean."""
    from kg.values import CellError, partial_date

    try:
        return partial_date(text)[1] if text is not None else None
    except CellError as error:
        raise click.BadParameter(f"“{text}” is no day: write 2025-06-09, 2025-06 or 2025.") from error


as_of_day = click.option(
    "--as-of",
    callback=_day,
    metavar="DATE",
    help="Only what was known by that day; 2025-06 and 2025 mean their last days.",
)


def in_format(*formats: str) -> Callable[[F], F]:
    """An option that chooses one of some formats."""
    return click.option("--format", "syntax", type=click.Choice(formats), help="Else guessed from the file's ending.")


def folders_of(texts: tuple[Path, ...]) -> tuple[Path, ...]:
    """The folders with texts. Raises KgError for one that there is not."""
    for folder in texts:
        if not folder.is_dir():
            raise KgError(f"there is no folder {folder.as_posix()}", "name the folder with the texts of the sources")
    return texts


def tell_day(registry: Registry) -> None:
    """As of which day a registry is read, and what counts."""
    from kg.knowledge import note

    if registry.workspace.as_of:
        click.echo(note(registry.manifest), err=True)


def opened(workspace: Path, texts: tuple[Path, ...] = (), as_of: date | None = None) -> Registry:
    """The last build of a workspace; a line tells of the day as of which it is read, and whether its tables changed."""
    from kg.registry import open as open_registry

    registry = open_registry(workspace, texts, as_of)
    tell_day(registry)
    if changed := registry.stale():
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        click.echo(f"warning: {changed[0]}{more} changed since the last build; run kg build", err=True)
    return registry


def write(text: str | bytes, output: Path | None) -> None:
    """Write to a file, or to standard output. Raises KgError for a file that cannot be written."""
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


def summary(findings: list[Finding] | tuple[Finding, ...]) -> str:
    """How many findings there are of each severity."""
    parts = []
    for severity in Severity:
        number = sum(finding.severity is severity for finding in findings)
        if number:
            parts.append(f"{number} {severity}{'s' if number > 1 and severity is not Severity.INFO else ''}")
    return ", ".join(parts) or "no findings"

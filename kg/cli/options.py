"""What commands share: their options, and the registry that they open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.cli.delivery import READER
from kg.cli.endings import Doing
from kg.cli.printing import tell
from kg.errors import KgError

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


class _Output(click.ParamType[Path]):
    """A file to write, or `-`; where `folder` is set, or a folder."""

    name = "file"

    def __init__(self, *, folder: bool = False) -> None:
        self.folder = folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path. Refuses one that names no file."""
        if not value:
            self.fail("an empty name names no file; name one, or - for standard output", param, ctx)
        if str(value).endswith("/") and not self.folder:
            self.fail(f"“{value}” names a folder; name a file in it", param, ctx)
        return Path(value)


def _to(kind: _Output) -> Callable[[F], F]:
    return click.option("-o", "--output", type=kind, metavar="FILE", help="Write to a file.")


to_file = _to(_Output())
to_file_or_folder = _to(_Output(folder=True))
for_reader = click.option(
    "--for",
    "reader",
    type=click.Choice((READER,)),
    help="Tables as a spreadsheet needs them: with a BOM, and no cell runs as a formula.",
)


def _warned(_: click.Context, __: click.Parameter, unguarded: bool) -> bool:
    if unguarded:
        tell("warning: files of others are read also where the system cannot guard their reading")
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
        tell(note(registry.manifest))


def opened(workspace: Path, texts: tuple[Path, ...] = (), as_of: date | None = None) -> Registry:
    """The last build of a workspace; a line tells of the day as of which it is read, and whether its tables changed."""
    from kg.registry import open as open_registry
    from kg.workspace import find_workspace

    if doing := click.get_current_context().find_object(Doing):
        doing.build = find_workspace(workspace, as_of).build
    registry = open_registry(workspace, texts, as_of)
    tell_day(registry)
    if changed := registry.stale():
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        tell(f"warning: {changed[0]}{more} changed since the last build; run kg build")
    return registry

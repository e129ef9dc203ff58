"""How commands hand over what they found: to a file or to standard output, for people, programs or spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.printing import put, tell
from kg.terminal import printable

if TYPE_CHECKING:
    from kg.output import Destination, Folder, Protected

READER = "spreadsheet"
SEPARATORS = {"csv": ",", "tables": ",", "tsv": "\t"}
PEOPLE = "table"


def destination(
    output: Path | None, workspace: Path, texts: Iterable[Path] = (), reads: Iterable[Path] = ()
) -> Destination:
    """Where a command writes. Raises RefusedError, before it has done anything, for what is read or of a build."""
    from kg.output import STANDARD, Destination, Protected

    if output is None or output == STANDARD:
        return Destination(STANDARD, Protected())
    return Destination(output, _protected(workspace, output, texts, reads))


def refuse_input(output: Path | None, workspace: Path) -> None:
    """Refuse an output as `destination` does, where it is not known yet whether that is a file or a folder."""
    if output is not None:
        _protected(workspace, output, (), ()).refuse(output)


def folder(output: Path, workspace: Path) -> Folder:
    """The folder in which a command writes; errors are those of `destination`."""
    from kg.output import Folder

    return Folder(output, _protected(workspace, output, (), ()))


def _protected(workspace: Path, output: Path, texts: Iterable[Path], reads: Iterable[Path]) -> Protected:
    from kg.workspace import protected

    return protected(workspace, output, texts, reads)


def deliver(found: str | bytes, to: Destination, syntax: str, reader: str | None = None) -> None:
    """Hand over what was found, in a format; that of people passes `printable`, any other stays as it is."""
    deliver_all({to: found}, syntax, reader)


def deliver_all(found: Mapping[Destination, str | bytes], syntax: str, reader: str | None = None) -> None:
    """Hand over what was found, in several files."""
    from kg.output import write

    files = {to: _bytes(each, syntax) for to, each in found.items()}
    if reader == READER:
        files = _sheets(files, syntax)
    for to, data in files.items():
        if to.standard:
            put(data)
    write({to: data for to, data in files.items() if not to.standard})


def _bytes(found: str | bytes, syntax: str) -> bytes:
    if isinstance(found, bytes):
        return found
    # What is no character is written as JSON writes it.
    return (printable(found) if syntax == PEOPLE else found).encode(errors="backslashreplace")


def _sheets(files: Mapping[Destination, bytes], syntax: str) -> dict[Destination, bytes]:
    """Tables for a spreadsheet; a line tells how many of their cells were changed, and where."""
    from kg.spreadsheet import sheet

    sheets = {to: sheet(data.decode(), SEPARATORS[syntax]) for to, data in files.items()}
    changed = {to: each.changed for to, each in sheets.items() if each.changed}
    count = sum(changed.values())
    cells = "1 cell that begins" if count == 1 else f"{count:,} cells that begin"
    where = ", ".join(f"{number:,} in {to}" for to, number in changed.items())
    told = f"{cells} like a formula got an apostrophe: {where}"
    none = f"no cell begins like a formula in {next(iter(sheets)) if len(sheets) == 1 else f'{len(sheets)} files'}"
    tell(f"for a spreadsheet: {told if count else none}")
    return {to: each.text.encode() for to, each in sheets.items()}


def only_tables(reader: str | None, syntax: str) -> None:
    """Refuse tables for a spreadsheet in a format that has none."""
    if reader and syntax not in SEPARATORS:
        raise click.UsageError(f"--for {READER} is for tables: choose --format csv, or -o FILE that ends in .csv.")

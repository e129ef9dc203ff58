"""The workspace that `kg init` makes: two short reports about an invented country, with a row in every table."""

from __future__ import annotations

import os
from pathlib import Path

from kg.errors import KgError

_WORKSPACE = Path(__file__).parent / "workspace"
_OWN, _SHARED = (0o700, 0o600), (0o2770, 0o660)
_SHARE = b"\n# The group that data/ belongs to may read and write the build, too.\nshared = true\n"


def initialize(folder: Path, shared: bool = False) -> list[Path]:
    """Copy the example workspace into a folder and give the paths of the files.

    Whatever it makes is for its owner alone, or if it is `shared` for the group of the folder, too. Raises KgError, and
    writes nothing, if the folder holds a workspace or a file of such a name already, or is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise KgError(f"{folder} is a file", "name a folder")
    if (folder / "data").exists():
        raise KgError(f"{folder} has a data/ already", "name a new folder")
    found = {folder / path.relative_to(_WORKSPACE): path for path in sorted(_WORKSPACE.rglob("*"))}
    files = {target: path for target, path in found.items() if path.is_file() and path.suffix != ".pyc"}
    for target in files:
        if os.path.lexists(target):
            raise KgError(f"{target} is there already", "name a new folder, or rename the file")
    of_folders, of_files = _SHARED if shared else _OWN
    for target, path in files.items():
        _make(target.parent, of_folders)
        share = _SHARE if shared and target.name == "kg.toml" else b""
        _write(target, path.read_bytes() + share, of_files)
    return list(files)


def _make(folder: Path, mode: int) -> None:
    """Make a folder and those it lies in; at no time is one open to more than it shall be."""
    if folder.is_dir():
        return
    _make(folder.parent, mode)
    folder.mkdir(mode=0o700)
    folder.chmod(mode)


def _write(path: Path, data: bytes, mode: int) -> None:
    # Made private before anything is in it.
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(data)
    path.chmod(mode)

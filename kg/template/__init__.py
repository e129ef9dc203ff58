"""The workspace that `kg init` makes: two short reports about an invented country, with a row in every table."""

from __future__ import annotations

import shutil
from pathlib import Path

from kg.errors import KgError

_WORKSPACE = Path(__file__).parent / "workspace"


def initialize(folder: Path) -> list[Path]:
    """Copy the example workspace into a folder and give the paths of the files.

    Raises KgError, and writes nothing, if the folder holds a workspace already or is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise KgError(f"{folder} is a file", "name a folder")
    if (folder / "data").exists():
        raise KgError(f"{folder} has a data/ already", "name a new folder")
    written = []
    for path in sorted(_WORKSPACE.rglob("*")):
        target = folder / path.relative_to(_WORKSPACE)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif path.suffix != ".pyc":
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            written.append(target)
    return written

"""What a build would lose: the claims of sources whose tables are gone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl

from kg.errors import KgError, RefusedError, did_you_mean
from kg.files import is_there, scan
from kg.manifest import input_files
from kg.store import read_manifest, read_whole
from kg.swap import DAYS, MANIFEST
from kg.workspace import Workspace

_CLAIMS = re.compile(r"data/claims/([^/]+)\.csv")


def refuse_losses(workspace: Workspace, without: tuple[str, ...] = ()) -> None:
    """Stop before a build that would lose all claims of a source, unless it is said (`without`) that they may go.

    Raises RefusedError for what would be lost, and for a source of `without` that has nothing to lose.
    """
    gone = sorted({source for last in _last_builds(workspace) for source in _lost(workspace, last)})
    given = [name.removeprefix("source/").removesuffix(".csv") for name in without]
    for source in given:
        if source not in gone:
            still = is_there(workspace.root / "data" / "claims" / f"{source}.csv")
            hint = did_you_mean(source, gone) or "leave --without out"
            fix = "remove the file first, or leave --without out" if still else hint
            raise RefusedError(f"--without {source}: there are no claims of it to lose", fix)
    if lost := [source for source in gone if source not in given]:
        files = ", ".join(f"data/claims/{source}.csv" for source in lost)
        many = len(lost) > 1
        message = f"{files} {'are' if many else 'is'} gone, and the last build has claims of {'them' if many else 'it'}"
        options = " ".join(f"--without {source}" for source in lost)
        raise RefusedError(message, f"put the file{'s' * many} back, or build with {options}")


def _last_builds(workspace: Workspace) -> list[Path]:
    """The build of the present; where there is none, those as of a day."""
    present = replace(workspace, as_of=None).build
    if (present / MANIFEST).is_file():
        return [present]
    return sorted(path.parent for path in present.glob(f"{DAYS}/*/{MANIFEST}"))


def _lost(workspace: Workspace, last: Path) -> list[str]:
    """The sources of which a build had claims, and whose table is gone; none if the build is damaged.

    What is there and cannot be read is not gone: reading it finds what is wrong, and no build comes of it.
    """
    claims = workspace.root / "data" / "claims"
    if any(fault.hides for fault in scan(claims).faults):
        return []
    here = input_files(workspace)
    try:
        names = [name for name in read_manifest(last)["inputs"] if name not in here]
        sources = [match[1] for name in names if (match := _CLAIMS.fullmatch(name))]
        sources = [source for source in sources if not is_there(claims / f"{source}.csv")]
        # A table without rows had nothing to lose.
        told = read_whole(last, _telling) if sources else set()
    except KgError:
        return []
    return [source for source in sources if source in told]


def _telling(build: Path) -> set[str]:
    return set(pl.read_ipc(build / "claims.arrow", columns=["source"]).get_column("source"))

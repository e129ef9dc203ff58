"""What a build was made of: versions, hashes of its inputs, counts, and the hash of its graph."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import time_ns
from typing import Any

import polars as pl

from kg.files import UnreadError, is_regular, read_bytes, scan
from kg.shipped import shipped
from kg.store import read_inputs
from kg.swap import DROPPINGS
from kg.workspace import Reading, Workspace

_LARGEST = 1 << 30
LIBRARIES = ("narwhals", "polars", "pyoxigraph", "shacl")
_TICK = 100_000_000


def installed(name: str) -> str:
    """The version of an installed distribution; `unknown` if it was never installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def versions() -> dict[str, str]:
    """The versions of the program and of the libraries that shape the bytes of a build."""
    return {"kg": installed("kg-registry"), **{name: installed(name) for name in LIBRARIES}}


def content_hash(path: Path) -> str:
    """The SHA-256 of the lines of a file in sorted order, so that neither row order nor line ends change it."""
    text = read_bytes(path, _LARGEST).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return hashlib.sha256(b"\n".join(sorted(filter(None, text.split(b"\n"))))).hexdigest()


def input_files(workspace: Workspace) -> dict[str, Path]:
    """The files that a build depends on, by the name the manifest gives them."""
    found = {workspace.shown(path): path for path in _listed(workspace.root / "data", ".csv")}
    folders = {shipped(name).resolve(): name for name in ("ontology", "shapes")}
    folders |= {(workspace.root / name).resolve(): name for name in ("ontology", "shapes")}
    for folder, name in folders.items():
        for path in _listed(folder, ".ttl"):
            if path.name != "valid.ttl" and not path.name.startswith("invalid-"):
                found[f"{name}/{path.relative_to(folder).as_posix()}"] = path
    settings = workspace.root / "kg.toml"
    found |= {settings.name: settings}
    return {name: path for name, path in found.items() if is_regular(path)}


def _listed(folder: Path, ending: str) -> tuple[Path, ...]:
    return scan(folder, deep=True).ending(ending).files


def text_files(workspace: Workspace) -> dict[str, Path]:
    """The files among which the workspace's own texts are looked for, by name."""
    folder = workspace.root / "texts"
    found = (path for path in scan(folder, deep=True).files if path.name not in DROPPINGS)
    return {workspace.shown(path): path for path in found}


def looked_at(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """What each input and text looks like, by its name: what changes when a file does, and the SHA-256 of texts.

    To be called before anything is read, so that what changes meanwhile is noticed.
    """
    found = {name: _look(path) for name, path in input_files(workspace).items()}
    for name, path in text_files(workspace).items():
        with suppress(PermissionError):
            found[name] = {**_look(path), "sha256": _text_hash(path)}
    return found


def _look(path: Path) -> dict[str, Any]:
    """What tells whether a file has changed: where any of it differs, the content has to be looked at."""
    now, found = time_ns(), path.stat()
    # A change within the same tick of the clock would not show.
    settled = now - max(found.st_mtime_ns, found.st_ctime_ns) > _TICK
    return {
        "size": found.st_size,
        "mtime_ns": found.st_mtime_ns if settled else None,
        "ctime_ns": found.st_ctime_ns,
        "inode": found.st_ino,
    }


def _text_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def input_hashes(workspace: Workspace) -> dict[str, str]:
    """The hash of each input by its name."""
    found = {}
    for name, path in sorted(input_files(workspace).items()):
        # No build comes of what cannot be read: a finding says why.
        with suppress(UnreadError):
            found[name] = content_hash(path)
    return found


def manifest(reading: Reading, inputs: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The manifest of a build; equal inputs give equal manifests, so it holds no time and no machine.

    `inputs` are the hashes of the inputs as they were before they were read, if they were taken then. Of a build as of
    a day it also tells the day, and which sources count and which are left out.
    """
    claims, ledger = reading.claims.claims, reading.ledger
    standing = dict(ledger.standing.get_column("standing").value_counts(sort=False).sort("standing").iter_rows())
    return {
        **reading.knowledge.told(),
        "versions": versions(),
        "base": reading.workspace.base,
        "inputs": input_hashes(reading.workspace) if inputs is None else dict(inputs),
        "texts": {
            source: reading.entities.by_id[f"source/{source}"].text("sha256") for source in sorted(reading.texts)
        },
        "rows": {
            "read": reading.claims.read,
            "rejected": reading.claims.rejected,
            "accepted": reading.claims.read - reading.claims.rejected,
        },
        "counts": {
            "sources": claims.get_column("source").n_unique(),
            "entities": len(reading.entities),
            "claims": claims.height,
            "aliases": claims.filter(pl.col("property") == "alias").height,
            "evidence": reading.dataset.count("evidence"),
            "quotes verified": reading.verified,
            "quotes": reading.claims.evidence.filter(pl.col("exact").is_not_null()).height,
            "contradictions": len(ledger.contradictions),
            "triples": len(reading.dataset),
        },
        "standing": standing,
        "dataset": {"canonicalization": "RDFC-1.0", "sha256": reading.dataset.canonical_hash},
    }


def stale(workspace: Workspace, found: dict[str, Any]) -> list[str]:
    """The inputs that are not what they were when the build was made, new ones and those that are gone included.

    A file is read only where its size, its times or its number differ from what the build recorded: copies, archives
    and backups give a changed file any time. Raises KgError if the build does not say what they were.
    """
    recorded = read_inputs(workspace.build)
    files = input_files(workspace) | text_files(workspace)
    hashes = found["inputs"] | {name: each["sha256"] for name, each in recorded.items() if "sha256" in each}
    return sorted(
        name
        for name in hashes.keys() | files.keys()
        if name not in hashes or name not in files or _differs(files[name], recorded.get(name, {}), hashes[name])
    )


def _differs(path: Path, recorded: Mapping[str, Any], digest: str) -> bool:
    try:
        seen = path.stat()
        now = {
            "size": seen.st_size,
            "mtime_ns": seen.st_mtime_ns,
            "ctime_ns": seen.st_ctime_ns,
            "inode": seen.st_ino,
        }
        if all(recorded.get(key) == value for key, value in now.items()):
            return False
        return (_text_hash if "sha256" in recorded else content_hash)(path) != digest
    except (OSError, UnreadError):
        # Whoever may not read it cannot tell; what became of it is what a build finds.
        return not path.exists()

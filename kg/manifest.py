"""What a build was made of: versions, hashes of its inputs, counts, and the hash of its graph."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from kg.files import UnreadError, is_regular, read_bytes
from kg.shipped import shipped
from kg.workspace import Reading, Workspace

_LARGEST = 1 << 30
LIBRARIES = ("narwhals", "polars", "pyoxigraph", "shacl")


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
    try:
        text = read_bytes(path, _LARGEST).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    except UnreadError:
        return ""  # no build comes of it: a finding says why
    return hashlib.sha256(b"\n".join(sorted(filter(None, text.split(b"\n"))))).hexdigest()


def input_files(workspace: Workspace) -> dict[str, Path]:
    """The files that a build depends on, by the name the manifest gives them."""
    found = {workspace.shown(path): path for path in sorted((workspace.root / "data").rglob("*.csv"))}
    folders = {shipped(name).resolve(): name for name in ("ontology", "shapes")}
    folders |= {(workspace.root / name).resolve(): name for name in ("ontology", "shapes")}
    for folder, name in folders.items():
        for path in sorted(folder.rglob("*.ttl")):
            if path.name != "valid.ttl" and not path.name.startswith("invalid-"):
                found[f"{name}/{path.relative_to(folder).as_posix()}"] = path
    settings = workspace.root / "kg.toml"
    found |= {settings.name: settings}
    return {name: path for name, path in found.items() if is_regular(path)}


def input_hashes(workspace: Workspace) -> dict[str, str]:
    """The hash of each input by its name."""
    return {name: content_hash(path) for name, path in sorted(input_files(workspace).items())}


def manifest(reading: Reading) -> dict[str, Any]:
    """The manifest of a build; equal inputs give equal manifests, so it holds no time and no machine.

    Of a build as of a day it also tells the day, and which sources count and which are left out.
    """
    claims, ledger = reading.claims.claims, reading.ledger
    standing = dict(ledger.standing.get_column("standing").value_counts(sort=False).sort("standing").iter_rows())
    return {
        **reading.knowledge.told(),
        "versions": versions(),
        "base": reading.workspace.base,
        "inputs": input_hashes(reading.workspace),
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
    """The inputs that are not what they were when the build was made; looked at only where a file is newer."""
    built = (workspace.build / "manifest.json").stat().st_mtime_ns
    files = input_files(workspace)
    recorded: dict[str, str] = found.get("inputs", {})
    gone = sorted(recorded.keys() ^ files.keys())
    changed = [
        name
        for name, path in sorted(files.items())
        if name in recorded and path.stat().st_mtime_ns > built and content_hash(path) != recorded[name]
    ]
    return sorted({*gone, *changed})

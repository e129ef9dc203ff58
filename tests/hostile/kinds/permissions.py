"""Rights that are not there: workspaces that can only be read, data that cannot be, folders that cannot be written."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile.case import CANNOT, CLEAN, FINDINGS, Case

READING = (
    ("query", "lists"),
    ("query", "SELECT * { ?s ?p ?o } LIMIT 1"),
    ("check",),
    ("trace", "Ana Moor"),
    ("trace", "Ana Moor", "--places"),
    ("network",),
    ("network", "all"),
    ("draw", "all", "-o", "@/x.svg"),
    ("draw", "all", "-o", "@/x.html"),
    ("chart", "lists", "-o", "@/x.svg"),
    ("export", "-o", "@/x.ttl"),
    ("export", "--format", "csv", "-o", "@/tables"),
    ("explain", "pace"),
    ("diff", "list/harbour-2030-autumn", "list/harbour-2031-spring"),
)
WRITING = (
    ("build",),
    ("build", "--as-of", "2031-05-05"),
    ("export", "-o", "x.ttl"),
    ("draw", "all", "-o", "sub/x.svg"),
    ("init", "new"),
)


def generate(chance: random.Random) -> Iterator[Case]:
    """All that reads works in a workspace that can only be read; all that writes says why not."""
    for words in READING:
        yield Case(f"{' '.join(words)} where all can only be read", words, (CLEAN,), prepare=_read_only)
    for words in WRITING:
        yield Case(f"{' '.join(words)} where all can only be read", words, (CANNOT,), prepare=_read_only)
    for part in ("build", "build/store", "build/manifest.json", "build/claims.arrow", "build/entities.arrow"):
        words = ("trace", "Ana Moor") if part.endswith(".arrow") else ("query", "lists")
        if part != "build/entities.arrow":
            yield Case(f"{part} cannot be read", words, (CANNOT,), ("build",), prepare=_mode(part, 0))
    for part in ("data/people.csv", "data/sources.csv", "data/claims/river-post.csv", "data/decisions.csv"):
        yield Case(f"{part} cannot be read", ("build",), (FINDINGS,), (part,), prepare=_mode(part, 0))
        yield Case(f"{part} cannot be read by a check", ("check",), (FINDINGS,), (part,), prepare=_mode(part, 0))
    yield Case("kg.toml cannot be read", ("query", "lists"), (CANNOT,), ("kg.toml",), prepare=_mode("kg.toml", 0))
    yield Case("data cannot be entered", ("build",), (CANNOT,), ("data",), prepare=_mode("data", 0o600))
    for words in chance.sample([words for words in READING if "-o" in words], 3):
        to = tuple(word.replace("@/", "@/closed/") for word in words)
        yield Case(f"{' '.join(to)} where the folder is closed", to, (CANNOT,), ("closed",), prepare=_closed)
    yield Case("an output that can only be read", ("export", "-o", "@/old.ttl"), (CANNOT,), ("old.ttl",), prepare=_old)


def _read_only(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode & 0o555)


def _mode(name: str, mode: int) -> Callable[[Path], object]:
    return lambda root: (root / name).chmod(mode)


def _closed(root: Path) -> None:
    (root.parent / "closed").mkdir(mode=0o500)


def _old(root: Path) -> None:
    (root.parent / "old.ttl").write_bytes(b"# old\n")
    (root.parent / "old.ttl").chmod(0o444)

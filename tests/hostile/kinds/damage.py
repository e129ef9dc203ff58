"""Builds of which a part is missing, cut short, replaced, or led elsewhere."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile.case import CANNOT, CLEAN, USAGE, Case

# By part: a command that reads it.
READERS: dict[str, tuple[str, ...]] = {
    "manifest.json": ("query", "lists"),
    "inputs.json": ("query", "lists"),
    "kg.nq": ("export", "--format", "csv", "-o", "@/tables"),
    "kg.ttl": ("export", "--format", "ttl", "-o", "@/x.ttl"),
    "kg.trig": ("export", "--format", "trig", "-o", "@/x.trig"),
    "claims.arrow": ("trace", "Ana Moor"),
    "evidence.arrow": ("trace", "Ana Moor"),
    "links.arrow": ("trace", "Ana Moor"),
    "entities.arrow": ("diff", "build", "build"),
    "decisions.arrow": ("diff", "build", "build"),
    "derived.arrow": ("diff", "build", "build"),
    "store/CURRENT": ("query", "lists"),
    "store": ("query", "SELECT * { ?s ?p ?o } LIMIT 1"),
}
DAMAGES = (
    "gone",
    "empty",
    "cut",
    "garbage",
    "reversed",
    "a folder",
    "a link away",
    "a link nowhere",
    "a device",
    "a pipe",
)
MANIFESTS = (
    "null",
    "[]",
    "5",
    '"x"',
    "{}",
    '{"inputs": []}',
    '{"counts": {}, "inputs": 5, "versions": null}',
    "{" * 5000,
    '{"a": NaN',
    "\ufeff{}",
    "[" * 100_000,
)


def generate(chance: random.Random) -> Iterator[Case]:
    """Three damages of each part of a build, manifests of a wrong shape, and what stands in place of a build."""
    for part, words in READERS.items():
        # What is read by nothing but an export is told from what was written by its size alone.
        copied = part in ("kg.ttl", "kg.trig")
        for damage in chance.sample([each for each in DAMAGES if not (copied and each == "reversed")], 3):
            # A link under a name of the program's own is refused; a link to a device is one as well.
            code = USAGE if "link" in damage or damage == "a device" else CANNOT
            if part == "store/CURRENT":
                code = CANNOT
            yield Case(
                f"{part} is {damage}",
                words,
                (code,),
                () if code == USAGE else ("run kg build",),
                prepare=_damaged(part, damage),
            )
    for part in chance.sample(sorted(READERS), 4):
        damage = chance.choice(("gone", "cut", "garbage"))
        yield Case(f"{part} is {damage} and a build mends it", ("build",), (CLEAN,), prepare=_damaged(part, damage))
    for text in chance.sample(MANIFESTS, 6):
        for name in ("manifest.json", "inputs.json"):
            yield Case(
                f"{name} is {text[:20]!r}", ("query", "lists"), (CANNOT,), ("run kg build",), {f"build/{name}": text}
            )
    yield Case("a manifest that lacks a key", ("query", "lists"), (CANNOT,), ("run kg build",), prepare=_less)
    yield Case("a store without files", ("query", "lists"), (CANNOT,), ("run kg build",), prepare=_emptied)
    for query in ("lists", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"):
        yield Case(f"a store with garbage in it, asked {query}", ("query", query), (CANNOT,), (), prepare=_garbled)
    yield Case("a store that lost one file", ("query", "lists"), (CANNOT,), ("run kg build",), prepare=_less_store)
    yield Case(
        "build is a file", ("build",), (CANNOT,), ("build",), prepare=_instead(lambda path: path.write_bytes(b"x"))
    )
    yield Case(
        "build is a link to nowhere",
        ("build",),
        (CANNOT,),
        ("build",),
        prepare=_instead(lambda path: path.symlink_to("../nowhere")),
    )
    yield Case(
        "build is a link to itself",
        ("build",),
        (CANNOT,),
        ("build",),
        prepare=_instead(lambda path: path.symlink_to("build")),
    )
    yield Case(
        "build is a link to a file",
        ("query", "lists"),
        (CANNOT,),
        ("build",),
        prepare=_instead(lambda path: path.symlink_to("kg.toml")),
    )
    yield Case("build is a link to another disk", ("query", "lists"), (CLEAN,), prepare=_elsewhere)
    yield Case(
        "there is no build",
        ("query", "lists"),
        (CANNOT,),
        ("run kg build",),
        prepare=lambda root: shutil.rmtree(root / "build"),
    )
    for name in (".build-last", "build-others", "build/as-of"):
        yield Case(f"{name} is a link", ("build",), (USAGE,), (name,), prepare=_link(name))


def _damaged(part: str, damage: str) -> Callable[[Path], object]:
    def damaged(root: Path) -> None:
        path = root / "build" / part
        data = path.read_bytes() if path.is_file() else b"MANIFEST-000001\n"
        away = root.parent / "away"
        if damage.startswith("a link away"):
            path.rename(away)
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        contents = {
            "empty": b"",
            "cut": data[: len(data) // 2],
            "garbage": b"\xff\x00garbage" * 9,
            "reversed": data[::-1],
        }
        if damage in contents:
            path.write_bytes(contents[damage])
        elif damage == "a folder":
            path.mkdir()
        elif damage == "a pipe":
            os.mkfifo(path)
        elif damage != "gone":
            path.symlink_to({"a link away": str(away), "a link nowhere": "/nowhere", "a device": "/dev/zero"}[damage])

    return damaged


def _less(root: Path) -> None:
    path = root / "build" / "manifest.json"
    found = json.loads(path.read_bytes())
    del found["counts"]
    path.write_text(json.dumps(found), "utf-8")


def _emptied(root: Path) -> None:
    for path in (root / "build" / "store").iterdir():
        path.unlink()


def _garbled(root: Path) -> None:
    for path in (root / "build" / "store").glob("*.sst"):
        path.write_bytes(path.read_bytes()[::-1])


def _less_store(root: Path) -> None:
    next((root / "build" / "store").glob("*.sst")).unlink()


def _instead(put: Callable[[Path], object]) -> Callable[[Path], object]:
    def instead(root: Path) -> None:
        shutil.rmtree(root / "build")
        put(root / "build")

    return instead


def _elsewhere(root: Path) -> None:
    (root / "build").rename(root.parent / "disk")
    (root / "build").symlink_to("../disk")


def _link(name: str) -> Callable[[Path], object]:
    def link(root: Path) -> None:
        (root.parent / "target").mkdir()
        (root / name).symlink_to(root.parent / "target")

    return link

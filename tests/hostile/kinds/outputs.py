"""Outputs that would land on inputs or in a build, by whatever way they lead there."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile.case import CLEAN, USAGE, Case

INPUTS = (
    "data/lists.csv",
    "data/new.csv",
    "data/claims/river-post.csv",
    "texts/river-post.txt",
    "texts/x.txt",
    "ontology/x.ttl",
    "shapes/x.ttl",
    "queries/x.rq",
    "networks/x.rq",
    "kg.toml",
    "build/x.csv",
    "build/kg.ttl",
    "build/store/x.csv",
    "build/as-of/x.csv",
    ".build-last/x.csv",
)
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("query", "lists", "--format", "csv", "-o"),
    ("query", "lists", "--format", "json", "-o"),
    ("export", "--format", "ttl", "-o"),
    ("export", "--format", "nq", "-o"),
    ("check", "--format", "json", "-o"),
    ("trace", "Ana Moor", "--format", "json", "-o"),
    ("network", "all", "--format", "json", "-o"),
    ("network", "all", "--format", "graphml", "-o"),
    ("diff", "list/harbour-2030-autumn", "list/harbour-2031-spring", "--format", "csv", "-o"),
)
FOLDERS = ("data", "data/claims", "texts", "ontology", "shapes", "queries", "networks", "build", ".", "data/..")


def generate(chance: random.Random) -> Iterator[Case]:
    """Every input, by its name, by `..`, by a link, by a hard link, and by the folder it lies in."""
    for target in INPUTS:
        way, (words, prepare) = _way(chance, target)
        command = chance.choice(COMMANDS)
        yield Case(
            f"{command[0]} onto {target} {way}", (*command, words), (USAGE,), ("nothing was written",), prepare=prepare
        )
        if chance.random() < 0.5:
            command = chance.choice(COMMANDS)
            yield Case(
                f"{command[0]} onto {target} by its whole path",
                (*command, f"@/registry/{target}"),
                (USAGE,),
                ("nothing was written",),
            )
    for folder in FOLDERS:
        code = CLEAN if folder in (".", "data/..") else USAGE
        if code == USAGE:
            yield Case(
                f"tables into {folder}", ("export", "--format", "csv", "-o", folder), (code,), ("nothing was written",)
            )
    yield Case("a picture onto a table", ("draw", "all", "-o", "data/x.svg"), (USAGE,), ("nothing was written",))
    yield Case("a chart onto a text", ("chart", "lists", "-o", "texts/x.svg"), (USAGE,), ("nothing was written",))
    yield Case(
        "two tables of a network into data", ("network", "all", "-o", "data/n.csv"), (USAGE,), ("nothing was written",)
    )
    yield Case(
        "into a folder of texts elsewhere",
        ("trace", "Ana Moor", "--texts", "@/more", "-o", "@/more/x.txt"),
        (USAGE,),
        ("nothing was written",),
        prepare=_more,
    )
    yield Case(
        "onto the query that is asked",
        ("query", "x.rq", "-o", "x.rq"),
        (USAGE,),
        ("nothing was written",),
        {"x.rq": "ASK {}"},
    )
    yield Case(
        "onto the graph that is checked",
        ("check", "x.ttl", "--format", "ttl", "-o", "x.ttl"),
        (USAGE,),
        ("nothing was written",),
        {"x.ttl": ""},
    )
    yield Case(
        "into another workspace",
        ("query", "lists", "-o", "@/other/data/x.csv"),
        (USAGE,),
        ("nothing was written",),
        prepare=_other,
    )
    yield Case("onto a folder", ("query", "lists", "-o", "@/more"), (USAGE,), prepare=_more)
    yield Case("onto nothing", ("query", "lists", "-o", ""), (USAGE,))
    yield Case("beside the inputs", ("query", "lists", "-o", "out/lists.csv"), (CLEAN,))
    yield Case("beside by ..", ("query", "lists", "-o", "data/../lists.csv"), (CLEAN,), writes=("lists.csv",))
    yield Case("a new workspace over this one", ("init", "."), (USAGE, 3))
    yield Case("a new workspace within data", ("init", "data/new"), (USAGE, 3, CLEAN), writes=("data/new",))


def _way(chance: random.Random, target: str) -> tuple[str, tuple[str, Callable[[Path], object] | None]]:
    """How an output may be named so that it lands there."""
    ways: dict[str, tuple[str, Callable[[Path], object] | None]] = {
        "by its name": (target, None),
        "by ..": (f"data/../{target}", None),
        "by the folder above": (f"../registry/./{target}", None),
        "by a link to the folder": (f"linked/{target}", _link_folder),
        "by a link to it": ("linked", _link_file(target)),
    }
    if target in ("data/lists.csv", "data/claims/river-post.csv", "texts/river-post.txt", "kg.toml", "build/kg.ttl"):
        ways["by a hard link"] = ("hard", lambda root: os.link(root / target, root / "hard"))
    way = chance.choice(sorted(ways))
    return way, ways[way]


def _link_folder(root: Path) -> None:
    (root / "linked").symlink_to(".")


def _link_file(target: str) -> Callable[[Path], object]:
    return lambda root: (root / "linked").symlink_to(target)


def _more(root: Path) -> None:
    (root.parent / "more").mkdir()


def _other(root: Path) -> None:
    (root.parent / "other" / "data" / "claims").mkdir(parents=True)

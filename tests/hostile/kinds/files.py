"""Files of odd kinds wherever the program reads: pipes, sockets, devices, folders, links, names, sizes and rights."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile.case import CANNOT, CLEAN, FINDINGS, Case

Odd = Callable[[Path], object]
QUESTION = b"SELECT * { ?s ?p ?o } LIMIT 1"


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        # The path of a socket is short.
        folder = os.open(path.parent, os.O_RDONLY)
        listener.bind(f"/proc/self/fd/{folder}/{path.name}")
        os.close(folder)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def _folder(path: Path) -> None:
    path.mkdir()


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


def _long_circle(path: Path) -> None:
    path.symlink_to(f"{path.name}.2")
    path.with_name(f"{path.name}.2").symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 << 30)


def _unreadable(path: Path) -> None:
    path.write_bytes(b"id,name\n")
    path.chmod(0)


KINDS: dict[str, Odd] = {
    "a pipe": _pipe,
    "a socket": _socket,
    "a link to a device": _device,
    "a link to a terminal": _terminal,
    "a folder": _folder,
    "a link to itself": _circle,
    "a circle of links": _long_circle,
    "a link to nowhere": _dangling,
    "a sparse file of 3 GB": _huge,
    "a file nobody may read": _unreadable,
}
# Where a file is looked for, by which command, how that ends, and what the message names.
PLACES: tuple[tuple[str, tuple[str, ...], int, str], ...] = (
    ("data/people.csv", ("build",), FINDINGS, "data/people.csv"),
    ("data/decisions.csv", ("check",), FINDINGS, "data/decisions.csv"),
    ("data/claims/river-post.csv", ("build",), FINDINGS, "data/claims/river-post.csv"),
    ("data/claims/more.csv", ("build",), FINDINGS, "data/claims/more.csv"),
    ("texts/river-post.txt", ("check",), CLEAN, "texts/river-post.txt"),
    ("texts/more/deep.txt", ("check",), CLEAN, ""),
    ("ontology/mine.ttl", ("build",), FINDINGS, "ontology/mine.ttl"),
    ("shapes/mine.ttl", ("check",), FINDINGS, "shapes/mine.ttl"),
    ("shapes/mine/shape.ttl", ("build",), FINDINGS, "shapes/mine/shape.ttl"),
    ("queries/mine.rq", ("query", "mine"), CANNOT, "mine.rq"),
    ("mine.rq", ("query", "mine.rq"), CANNOT, "mine.rq"),
    ("networks/mine.rq", ("network", "mine"), CANNOT, "mine.rq"),
    ("kg.toml", ("query", "lists"), CANNOT, "kg.toml"),
)
NAMES = {
    "no UTF-8": b"river-p\xf6st.csv",
    "an escape sequence": b"river\x1b[2Jpost.csv",
    "a line end": b"river\npost.csv",
    "a mark of direction": "river\u202epost.csv".encode(),
    "a separator of lines": "river\u2028post.csv".encode(),
    "blanks": b"River Post.csv",
    "255 letters": b"x" * 251 + b".csv",
    "a fix of its own": b"x: ok\n  fix: run rm -rf.csv",
}


def generate(chance: random.Random) -> Iterator[Case]:
    """Three odd kinds in each place, odd names in each folder, and folders that cannot be listed."""
    for file, words, code, says in PLACES:
        for kind in chance.sample(sorted(KINDS), 3):
            ended = CANNOT if file == "kg.toml" else code
            yield Case(f"{file} is {kind}", words, (ended,), (says,) if says else (), prepare=_put(file, KINDS[kind]))
    for name, encoded in NAMES.items():
        for folder, words, code in (
            ("data/claims", ("build",), FINDINGS),
            ("texts", ("build",), CLEAN),
            ("data", ("check",), FINDINGS),
        ):
            if folder == "data/claims" or chance.random() < 0.3:
                yield Case(f"a name with {name} in {folder}", words, (code,), prepare=_named(folder, encoded))
    for folder, code in (
        ("data", CANNOT),
        ("data/claims", FINDINGS),
        ("texts", CLEAN),
        ("ontology", FINDINGS),
        ("shapes", FINDINGS),
    ):
        for mode in chance.sample((0o000, 0o300, 0o600), 2):
            yield Case(
                f"{folder} has the mode {mode:03o}",
                ("build",),
                (code,),
                (folder,) if code != CLEAN else (),
                {f"{folder}/mine.ttl": b"# nothing\n"} if folder in ("ontology", "shapes") else {},
                prepare=_mode(folder, mode),
            )
    for folder, code in (
        ("data/claims", FINDINGS),
        ("texts", CLEAN),
        ("shapes", FINDINGS),
        ("ontology", FINDINGS),
        ("queries", CLEAN),
    ):
        yield Case(f"{folder} is a file", ("build",), (code,), prepare=_replaced(folder))
    yield Case(
        "a folder links back to the registry", ("check",), (FINDINGS,), ("data/round",), prepare=_round("data/round")
    )
    yield Case("a text links back to the registry", ("build",), (CLEAN,), prepare=_round("texts/round"))


def _put(file: str, odd: Odd) -> Callable[[Path], object]:
    def put(root: Path) -> None:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        odd(path)

    return put


def _named(folder: str, name: bytes) -> Callable[[Path], object]:
    def named(root: Path) -> None:
        (root / folder / os.fsdecode(name)).write_bytes(b"subject,property,value,at,quote\n")

    return named


def _mode(folder: str, mode: int) -> Callable[[Path], object]:
    return lambda root: (root / folder).chmod(mode)


def _replaced(folder: str) -> Callable[[Path], object]:
    def replaced(root: Path) -> None:
        path = root / folder
        if path.is_dir():
            path.rename(root.parent / "away")
        path.write_bytes(QUESTION)

    return replaced


def _round(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).symlink_to(root)

"""Standard streams that are closed, full, or left by who reads them."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hostile.case import CANNOT, CLEAN, Case

COMMANDS = (
    "kg query lists",
    "kg query people --format csv",
    "kg query",
    "kg check",
    "kg trace 'Ana Moor'",
    "kg trace 'Ana Moor' --format json",
    "kg export",
    "kg export --format jsonld",
    "kg network all",
    "kg network",
    "kg explain",
    "kg explain pace",
    "kg diff list/harbour-2030-autumn list/harbour-2031-spring",
    "kg --help",
)


def generate(chance: random.Random) -> Iterator[Case]:
    """Each way to lose a stream, met by some of the commands."""
    for words in chance.sample(COMMANDS, 3):
        yield _case(f"{words} >&-", CANNOT, says=("standard output",))
    for words in chance.sample(COMMANDS, 3):
        yield _case(f"{words} >/dev/full", CANNOT, says=("the disk is full",))
    for words in chance.sample(COMMANDS, 2):
        yield _case(f"{words} 2>&-", CLEAN)
        yield _case(f"{words} 2>/dev/full", CLEAN)
    for words in chance.sample(COMMANDS, 3):
        yield _case(f"{words} | head -c {chance.randint(1, 30)}", CLEAN, shells=True)
    for words in chance.sample(COMMANDS, 2):
        yield _case(f"{words} <&-", CLEAN)
    yield _case("kg query - <&-", CANNOT, says=("standard input",))
    yield _case("kg query nothing-such 2>&-", CANNOT, silent=True)
    yield _case("kg query nothing-such 2>/dev/full", CANNOT, silent=True)
    yield _case("kg query nothing-such >&- 2>&-", CANNOT, silent=True)
    yield _case("kg build >&-", CANNOT, says=("standard output",))
    yield _case("kg build >&- 2>&- <&-", CANNOT, silent=True)
    yield _case("kg query lists --format csv -o /dev/full", CANNOT, says=("the disk is full",))
    yield _case("kg export --format ttl -o /dev/stdout >/dev/full", CANNOT, says=("the disk is full",))


def _case(line: str, code: int, says: tuple[str, ...] = (), silent: bool = False, shells: bool = False) -> Case:
    """A line of a shell; where what it prints is for programs is told by its format."""
    data = "format" in line or "export" in line or shells
    return Case(line, ("shell",), (code,), says, shell=line, silent=silent, data=data)

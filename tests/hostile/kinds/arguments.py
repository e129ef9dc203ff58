"""Arguments with control characters, bytes that are no UTF-8, days that are none, and values of parameters."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hostile.case import CANNOT, CLEAN, USAGE, Case

ODD = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\u202egnp.exe",
    "a\nb",
    "\udcff\udcfe",
    "a\r  fix: nothing",
    "\u200b",
    "x" * 100_000,
    "\x7f",
    "\u2028",
    "-",
    "--",
    "💥",
    "\ud83d",
    "%s%n",
    "",
    " ",
    "../../etc/passwd",
    "/dev/zero",
    "\x9b31m",
)
DAYS = (
    "2031-02-30",
    "2031-13",
    "0",
    "-1",
    "yesterday",
    "2031/05/05",
    "2031-05-05T00:00",
    "٢٠٣١",
    "99999",
    "2031-5-5",
    "\x1b[2J",
    "2031-05-05/..",
    "",
    "..",
    "0000-01-01",
    "2031-02-29",
)
SETS = ("x", "=x", "", "=", "?=x", "\x1b[2J=x", "\udcff", "a\nb")
VALUES = ("day=soon", "day=2031-02-30", "nosuch=1", "day=\x1b[2J", "list=\udcff", "day=", "\x1b=1")


def generate(chance: random.Random) -> Iterator[Case]:
    """Odd words wherever a command takes one, days that are none, and parameters that are none."""
    takers: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]], ...] = (
        (("trace",), (), (CANNOT, USAGE)),
        (("trace",), ("--places",), (CLEAN, CANNOT, USAGE)),
        (("explain",), (), (CANNOT, USAGE)),
        (("query",), (), (CANNOT, USAGE)),
        (("network",), (), (CANNOT, USAGE)),
        (("draw", "all", "-o", "@/x.svg", "--around"), (), (CANNOT, USAGE)),
        (("diff", "list/harbour-2031-spring"), (), (CANNOT, USAGE)),
        (("chart",), ("-o", "@/x.svg"), (CANNOT, USAGE)),
        (("check",), (), (CANNOT, USAGE)),
        (("build", "--texts"), (), (CANNOT, USAGE)),
        (("build", "--without"), (), (USAGE,)),
        (("query", "lists", "-w"), (), (CANNOT, USAGE)),
        (("query", "lists", "--format"), (), (USAGE,)),
        ((), (), (USAGE,)),
        (("query", "lists", "--timeout"), (), (USAGE,)),
    )
    for before, behind, codes in takers:
        for odd in chance.sample(ODD, 2):
            if _means_something(before, odd):
                continue
            yield Case(f"{' '.join((*before, odd[:20], *behind))!r}", (*before, odd, *behind), codes)
    for day in chance.sample(DAYS, 9):
        command = chance.choice((("build",), ("query", "lists"), ("check",), ("trace", "Ana Moor"), ("export",)))
        yield Case(f"{command[0]} as of {day!r}", (*command, "--as-of", day), (USAGE,))
    for day in ("2031-05-05", "2031-05", "2031", "0001", "9999-12-31", "2030-01-01"):
        command = chance.choice((("build",), ("query", "lists")))
        yield Case(f"{command[0]} as of {day}", (*command, "--as-of", day), (CLEAN,))
    for pair in chance.sample(SETS, 5):
        yield Case(f"--set {pair!r}", ("query", "on-day", "--set", pair), (USAGE, CANNOT))
    for pair in chance.sample(VALUES, 5):
        yield Case(f"on-day with {pair!r}", ("query", "on-day", "--set", pair), (CANNOT, USAGE))
    for value in chance.sample(ODD, 4):
        yield Case(
            f"a variable bound to {value[:20]!r}",
            ("query", "SELECT ?x { ?x kg:count ?n }", "--set", f"x={value}"),
            (CLEAN, CANNOT, USAGE),
        )


def _means_something(before: tuple[str, ...], odd: str) -> bool:
    """Whether a word is none of the odd ones here: empty for the folder one stands in, or the end of options."""
    asks_nothing = odd in ("", "-", "--", " ") and before in (("query",), ("explain",), ("network",), ("check",), ())
    return asks_nothing or (odd == "" and before[-1:] in (("-w",), ("--texts",)))

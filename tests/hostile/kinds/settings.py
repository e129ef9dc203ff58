"""kg.toml, however wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from hostile.case import CANNOT, CLEAN, Case

GOOD = 'base = "https://example.org/registry/id/"\n'
WRONG: dict[str, str | bytes] = {
    "a syntax error": "base = \n",
    "a key without a value": "base\n",
    "a key twice": GOOD + GOOD,
    "an unknown key": GOOD + 'bsae = "x"\n',
    "an unknown key with control characters": GOOD + '"\\u001b[2J\\u0007" = 1\n',
    "an unknown key with a mark of direction": GOOD + '"a\\u202eb" = 1\n',
    "a raw escape": GOOD + "# \x1b[2J\n",
    "a raw escape in a string": 'base = "\x1b[2J"\n',
    "NUL": GOOD.encode() + b"\x00",
    "UTF-16": GOOD.encode("utf-16"),
    "no UTF-8": b'base = "\xff\xfe"\n',
    "a spreadsheet": b"PK\x03\x04" + b"\x00" * 100,
    "base is a number": "base = 5\n",
    "base is a list": "base = [1, 2]\n",
    "base is no address": 'base = "example"\n',
    "base is a script": 'base = "javascript:alert(1)/"\n',
    "base has no slash": 'base = "https://example.org"\n',
    "base has blanks": 'base = "https://example.org/a b/"\n',
    "base has a bracket": 'base = "https://example.org/<x>/"\n',
    "base is empty": 'base = ""\n',
    "base is a table": "[base]\na = 1\n",
    "base has an escape": 'base = "https://example.org/\\u001b[2J/"\n',
    "shared is a text": 'shared = "yes"\n',
    "shared is a number": "shared = 1\n",
    "checks is a text": 'checks = "off"\n',
    "checks has an unknown level": '[checks]\npace = "of"\n',
    "checks has a number": "[checks]\npace = 0\n",
    "checks has a table": "[checks.pace]\na = 1\n",
    "checks has an odd level": '[checks]\npace = "\\u001b[2J"\n',
    "limits is a number": "limits = 3\n",
    "limits has an unknown key": "[limits]\nsecond = 3\n",
    "seconds is a text": '[limits]\nseconds = "60"\n',
    "seconds is below nothing": "[limits]\nseconds = -1\n",
    "seconds is infinite": "[limits]\nseconds = inf\n",
    "seconds is no number": "[limits]\nseconds = nan\n",
    "memory is tiny": "[limits]\nmemory = 1\n",
    "memory is vast": "[limits]\nmemory = 1e300\n",
    "memory is no number": "[limits]\nmemory = nan\n",
    "a number of 5,000 figures": "shared = " + "9" * 5000 + "\n",
    "a date": "base = 2031-05-03\n",
    "two megabytes": "# x\n" * 600_000,
    "a string that never ends": 'base = """' + "x" * 5000,
    "100,000 keys": "".join(f"k{number} = 1\n" for number in range(60_000)),
    "a dotted key": ".".join("a" * 3000) + " = 1\n",
}
RIGHT: dict[str, str | bytes] = {
    "empty": "",
    "a comment": "# nothing\n",
    "a base with letters of all scripts": 'base = "https://example.org/реестр/"\n',
    "all of it": GOOD + 'shared = true\n[checks]\npace = "off"\n[limits]\nseconds = 20\nmemory = 2000\n',
}


def generate(chance: random.Random) -> Iterator[Case]:
    """Twenty-six wrong files, four right ones, nesting of any depth, and what is no file at all."""
    commands = (
        ("build",),
        ("check",),
        ("query", "lists"),
        ("trace", "Ana Moor"),
        ("network",),
        ("export", "-o", "@/x.ttl"),
    )
    for name in chance.sample(sorted(WRONG), 26):
        yield Case(name, chance.choice(commands), (CANNOT,), ("kg.toml",), {"kg.toml": WRONG[name]})
    for name, text in RIGHT.items():
        yield Case(f"right: {name}", ("build",), (CLEAN,), (), {"kg.toml": text})
    for opened, closed in (("[", "]"), ("{a=", "}"), ("[{a=", "}]")):
        depth = chance.randint(60, 80_000)
        whole = chance.random() < 0.5
        text = "base = " + opened * depth + ("1" + closed * depth if whole else "") + "\n"
        yield Case(
            f"nested {depth} deep by {opened}", chance.choice(commands), (CANNOT,), ("kg.toml",), {"kg.toml": text}
        )
    yield Case("a folder", ("build",), (CANNOT,), ("kg.toml",), prepare=_folder)
    yield Case(
        "no file, but a BOM in front", ("build",), (CLEAN, CANNOT), (), {"kg.toml": b"\xef\xbb\xbf" + GOOD.encode()}
    )


def _folder(root: Path) -> None:
    (root / "kg.toml").unlink()
    (root / "kg.toml").mkdir()

"""Text as a terminal shows it: in columns, and without marks that would disturb it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def visible(text: str) -> str:
    """Text on one line: blanks and line ends become one blank, invisible marks are shown by their numbers.

    >>> visible("left\\u202eright")
    'left‹202E›right'
    """
    shown = (f"‹{ord(c):04X}›" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in " ".join(text.split()))
    return "".join(shown)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: wide characters take two, combining ones none.

    >>> columns("Bakı"), columns("巴库")
    (4, 4)
    """
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


def padded(text: str, width: int) -> str:
    """Text with blanks behind it up to a width in columns.

    >>> padded("巴库", 6)
    '巴库  '
    """
    return text + " " * (width - columns(text))


def wrapped(text: str, room: int) -> Iterator[str]:
    """Text in lines of at most so many columns, divided at blanks, or within a word that is longer than a line.

    >>> list(wrapped("who says so, and where", 12))
    ['who says so,', 'and where']
    """
    line = ""
    for word in text.split():
        if line and columns(line) + 1 + columns(word) <= room:
            line += " " + word
            continue
        if line:
            yield line
        line = word
        while columns(line) > room:
            cut = next(i for i in range(len(line), 0, -1) if columns(line[:i]) <= room)
            yield line[:cut]
            line = line[cut:]
    if line:
        yield line

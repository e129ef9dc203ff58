"""Text as a terminal shows it: in columns, and without marks that would disturb it."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import TextIO

_DISTURBING = ("Cc", "Cf", "Cs", "Zl", "Zp")


def printable(text: str) -> str:
    """Text as it may be printed: its line ends stay, and every mark that would disturb is shown by its number.

    Those are marks of control and of direction, separators of lines, and bytes of a file's name that are no UTF-8. All
    that commands print for people passes here.

    >>> printable("a\\x1b[2Jb\\n")
    'a‹001B›[2Jb\\n'
    """
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else _numbered(c) for c in text)


def _numbered(character: str) -> str:
    return f"‹{ord(character):04X}›" if unicodedata.category(character) in _DISTURBING else character


def tell(text: str, stream: TextIO | None) -> None:
    """Print a message for people on a line of its own, whatever encoding the stream has.

    Nothing is raised where nobody can be told: the stream is closed, or full.
    """
    with suppress(OSError, ValueError):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        if stream is not None:
            stream.write(printable(text) + "\n")
            stream.flush()


def visible(text: str) -> str:
    """Text on one line: blanks and line ends become one blank, invisible marks are shown by their numbers.

    >>> visible("left\\u202eright")
    'left‹202E›right'
    """
    return printable(" ".join(text.split()))


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

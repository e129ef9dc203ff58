"""Text as a terminal shows it: in columns, and without marks that would disturb it."""

from __future__ import annotations

import unicodedata


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

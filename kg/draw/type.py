"""How much room text takes, without a font at hand: measured so that no common sans-serif font needs more."""

from __future__ import annotations

import unicodedata
from functools import cache

# The advances of DejaVu Sans, the widest of the fonts named in FONTS, in hundredths of the type size.
_ADVANCES = {
    28: "ijl'I",
    30: "J",
    33: " ,.·’‘",
    36: "f-:;/\\|",
    41: "rt!()[]",
    53: 'sz“”"?*_`',
    61: "aeocvxykLTYF",
    65: "bdghnpqu0123456789P$EZS{}",
    71: "ABCKRVX",
    79: "DGHNOQU&",
    86: "mwM#+<=>^~≠−→←",
    100: "mW%@…—",
}
_NARROW = {character: advance / 100 for advance, characters in sorted(_ADVANCES.items()) for character in characters}
_BOLDER = 0.08
FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'Liberation Sans', "
    "'DejaVu Sans', sans-serif"
)


@cache
def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    base = unicodedata.normalize("NFD", character)[0]
    if base in _NARROW:
        return _NARROW[base]
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.8 if unicodedata.category(character) == "Ll" else 1.0


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The room a line of text takes at most, in the unit of its type size.

    >>> text_width("357", 10), text_width("ill", 10) < text_width("www", 10)
    (19.5, True)
    """
    extra = _BOLDER if bold else 0
    return round(sum(advance + extra if (advance := _advance(each)) else 0 for each in text) * size, 3)


def wrap(text: str, width: float, size: float, *, bold: bool = False, most: int = 3) -> tuple[str, ...]:
    """A text in lines no wider than `width`, broken at blanks; what does not fit into `most` lines ends in an ellipsis.

    >>> wrap("Union for the Freedom of Prisoners", 100, 10)
    ('Union for the', 'Freedom of', 'Prisoners')
    """
    lines: list[str] = []
    left = text.split()
    while left:
        if len(lines) == most - 1:
            return (*lines, shorten(" ".join(left), width, size, bold=bold))
        taken = 1
        while taken < len(left) and text_width(" ".join(left[: taken + 1]), size, bold=bold) <= width:
            taken += 1
        lines.append(shorten(" ".join(left[:taken]), width, size, bold=bold))
        left = left[taken:]
    return tuple(lines)


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """A text that fits into a width: whole, or cut after a word or within the first one, with an ellipsis.

    >>> shorten("A new list of names", 60, 10)
    'A new list…'
    """
    if text_width(text, size, bold=bold) <= width:
        return text
    fitting = [
        cut for cut in range(len(text)) if text_width(text[:cut].rstrip(" ,.;:–—-") + "…", size, bold=bold) <= width
    ]
    longest = fitting[-1] if fitting else 0
    at_word = text.rfind(" ", 0, longest + 1)
    cut = at_word if at_word > longest / 2 else longest
    return text[:cut].rstrip(" ,.;:–—-") + "…"

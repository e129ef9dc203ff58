"""Pictures as PNG: resvg paints them with fonts that ship beside this module, so the bytes are the same anywhere."""

from __future__ import annotations

import unicodedata
from pathlib import Path

_FONTS = Path(__file__).parent / "fonts"
# DejaVu Sans has Latin, Greek, Cyrillic and Armenian letters, Arabic, Georgian, and signs.
_COVERED = ((0x0000, 0x058F), (0x0600, 0x06FF), (0x10A0, 0x10FF), (0x1E00, 0x2BFF))
DENSITY = 2  # pixels for each unit of the picture


def png(svg: str, density: float = DENSITY) -> bytes:
    """A picture painted in `density` pixels for each of its units.

    The picture must tell its colours plainly (`theme.plain_style`). Letters that the shipped fonts lack are taken from
    those of the machine: then the bytes depend on it.

    >>> png('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>')[1:4]
    b'PNG'
    """
    import resvg_py

    fonts = [str(path) for path in sorted(_FONTS.glob("*.ttf"))]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=density,
            font_files=fonts,
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
            skip_system_fonts=covered(svg),
        )
    )


def covered(text: str) -> bool:
    """Whether the shipped fonts have all letters of a text.

    >>> covered("Elşən Həsənov, Кавказский узел"), covered("巴库")
    (True, False)
    """
    return all(
        any(low <= ord(each) <= high for low, high in _COVERED)
        for each in set(text)
        if unicodedata.category(each)[0] == "L"
    )

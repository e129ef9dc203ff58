"""Where the ontology and the shapes lie: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def shipped(folder: str) -> Path:
    """The shipped folder `ontology` or `shapes`.

    A wheel carries them in `kg/_shipped`; a checkout and an editable install have them beside the package.

    >>> (shipped("ontology") / "kg.ttl").is_file()
    True
    """
    package = Path(__file__).parent
    inside = package / "_shipped" / folder
    return inside if inside.is_dir() else package.parent / folder

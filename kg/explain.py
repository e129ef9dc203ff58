"""What each code of a finding means, how to mend it, and an example."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from kg.check.shapes import Shape, load_shapes
from kg.errors import KgError, did_you_mean
from kg.workspace import Workspace, shape_folders

_SECTIONS = Path(__file__).parent / "explanations.toml"


@cache
def _reading() -> dict[str, dict[str, str]]:
    """The codes of what is found while reading: those of shapes explain themselves."""
    found: dict[str, dict[str, str]] = tomllib.loads(_SECTIONS.read_text("utf-8"))
    return found


def _shapes(root: Path | None) -> dict[str, list[Shape]]:
    found: dict[str, list[Shape]] = {}
    for shape in load_shapes(shape_folders(Workspace(root or Path("/nonexistent")))).by_iri.values():
        found.setdefault(shape.code, []).append(shape)
    return found


def codes(root: Path | None = None) -> list[str]:
    """Every code with its meaning in a few words, one a line."""
    shapes = {code: found[0].message for code, found in _shapes(root).items()}
    meanings = shapes | {code: words["means"] for code, words in _reading().items()}
    width = max(map(len, meanings))
    return [f"{code:<{width}}  {meaning}" for code, meaning in sorted(meanings.items())]


def explanation(code: str, root: Path | None = None) -> str:
    """What a code means. Raises KgError for a code that there is not.

    >>> print(explanation("impossible-date").splitlines()[0])
    impossible-date: A date names a day that the calendar does not have.
    """
    shapes = _shapes(root)
    if code in _reading():
        words = _reading()[code]
        return f"{code}: {words['means']}\n\nMend: {words['mend']}\n\nExample:\n{_indented(words['example'])}"
    if code in shapes:
        first, *others = shapes[code]
        told = dict.fromkeys(f"- {each.message}\n  Mend: {each.description}" for each in others)
        parts = "\n".join(told) or f"- {first.message}\n  Mend: {first.description}"
        return f"{code}: {first.message}\n\nMend: {first.description}\n\nIts parts:\n{parts}\n\n{_example(code, root)}"
    raise KgError(f"there is no code “{code}”", did_you_mean(code, [*shapes, *_reading()]) or "kg explain lists them")


def _example(code: str, root: Path | None) -> str:
    """The first example file of a shape, as it lies in its folder."""
    for folder in shape_folders(Workspace(root or Path("/nonexistent"))):
        for path in sorted((folder / code).glob("invalid-*.ttl")):
            body = [
                line for line in path.read_text("utf-8").splitlines() if not line.startswith(("@prefix", "# expect"))
            ]
            return f"Example ({path.name}):\n{_indented(chr(10).join(body).strip())}"
    return ""


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())

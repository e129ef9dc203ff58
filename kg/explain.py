"""What each code of a finding means, how to mend it, and an example."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

from kg.check.own import read_own
from kg.check.shapes import Shape, load_shapes
from kg.errors import KgError, did_you_mean
from kg.ontology import load
from kg.shipped import shipped
from kg.terminal import visible
from kg.workspace import Workspace

_SECTIONS = Path(__file__).parent / "explanations.toml"


@cache
def _reading() -> dict[str, dict[str, str]]:
    """The codes of what is found while reading: those of shapes explain themselves."""
    found: dict[str, dict[str, str]] = tomllib.loads(_SECTIONS.read_text("utf-8"))
    return found


def _shapes(workspace: Workspace | None) -> dict[str, list[Shape]]:
    """The shapes by the codes of their findings, those of the workspace behind the shipped ones."""
    shipped_shapes = load_shapes()
    found: dict[str, list[Shape]] = {}
    for shape in shipped_shapes.by_iri.values():
        found.setdefault(shape.code, []).append(shape)
    if workspace is not None:
        own = read_own(workspace, load())
        for shape in own.by_iri.values():
            if shape.code not in shipped_shapes.codes:
                found.setdefault(shape.code, []).append(replace(shape, message=shape.message or shape.name))
    return found


def codes(workspace: Workspace | None = None) -> list[str]:
    """Every code with its meaning in a few words, one a line."""
    shapes = {code: found[0].message for code, found in _shapes(workspace).items()}
    meanings = shapes | {code: words["means"] for code, words in _reading().items()}
    width = max(map(len, meanings))
    return [f"{code:<{width}}  {meaning}" for code, meaning in sorted(meanings.items())]


def explanation(code: str, workspace: Workspace | None = None) -> str:
    """What a code means. Raises KgError for a code that there is not.

    >>> print(explanation("impossible-date").splitlines()[0])
    impossible-date: A date names a day that the calendar does not have.
    """
    shapes = _shapes(workspace)
    if code in _reading():
        words = _reading()[code]
        return f"{code}: {words['means']}\n\nMend: {words['mend']}\n\nExample:\n{_indented(words['example'])}"
    if code in shapes:
        first, *others = shapes[code]
        told = dict.fromkeys(f"- {each.message}\n  Mend: {each.description}" for each in others)
        parts = "\n".join(told) or f"- {first.message}\n  Mend: {first.description}"
        example = _example(code, workspace)
        return f"{code}: {first.message}\n\nMend: {first.description}\n\nIts parts:\n{parts}\n\n{example}"
    raise KgError(
        f"there is no code “{visible(code)}”", did_you_mean(code, [*shapes, *_reading()]) or "kg explain lists them"
    )


def _example(code: str, workspace: Workspace | None) -> str:
    """The first example file of a shape, as it lies in its folder."""
    for folder in (shipped("shapes"), *((workspace.root / "shapes",) if workspace else ())):
        for path in sorted((folder / code).glob("invalid-*.ttl")):
            body = [
                line for line in path.read_text("utf-8").splitlines() if not line.startswith(("@prefix", "# expect"))
            ]
            return f"Example ({path.name}):\n{_indented(chr(10).join(body).strip())}"
    return ""


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())

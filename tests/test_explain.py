"""Explanations of codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.explain import codes, explanation

ROOT = Path(__file__).parent.parent


def test_every_code_that_the_program_can_print_is_explained() -> None:
    """The codes named in the source of the package are all known to kg explain."""
    known = {line.split()[0] for line in codes()}
    pattern = re.compile(r'(?:CellError|faults\.add|_tell|Finding)\(\s*(?:[\w.()]+,\s*)?"([a-z]+(?:-[a-z]+)*)",')
    used = {code for path in (ROOT / "kg").rglob("*.py") for code in pattern.findall(path.read_text("utf-8"))}
    assert len(used) > 10
    assert used <= known


def test_a_shape_is_explained_with_its_parts_and_an_example() -> None:
    """A shape's code gives the words of its shapes and an invalid example from its folder."""
    text = explanation("interval")
    assert "ends the wrong way round" in text
    assert "Example (invalid-" in text


def test_an_unknown_code_is_told() -> None:
    """A code that there is not is an error with the nearest one."""
    with pytest.raises(KgError, match="no code") as caught:
        explanation("intervall")
    assert "interval" in caught.value.fix

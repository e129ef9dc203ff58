"""Text as a terminal shows it."""

from __future__ import annotations

import pytest

from kg.terminal import columns, visible


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\x1b", "\x07", "\x9b"])
def test_marks_that_disturb_a_terminal_are_shown(mark: str) -> None:
    """Marks of direction and of control are shown by their numbers and do nothing."""
    shown = visible(f"a{mark}b")
    assert mark not in shown
    assert f"{ord(mark):04X}" in shown


def test_lines_become_one() -> None:
    """Line ends and runs of blanks become one blank, so that a cell stays in its row."""
    assert visible("one\r\n  two\tthree") == "one two three"


@pytest.mark.parametrize(("text", "width"), [("Bakı", 4), ("e\u0301", 1), ("巴库", 4), ("بَاكُو", 4)])
def test_columns_are_counted_as_a_terminal_counts_them(text: str, width: int) -> None:
    """Wide characters take two columns and combining marks none."""
    assert columns(text) == width

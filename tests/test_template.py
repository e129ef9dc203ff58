"""The workspace that kg init makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError
from kg.template import initialize
from kg.workspace import find_workspace, read


def test_every_quote_of_the_example_stands_in_its_text(tmp_path: Path) -> None:
    """The example's texts are at hand, so that a newcomer sees verification at work."""
    initialize(tmp_path / "new")
    reading = read(find_workspace(tmp_path / "new"))
    assert not reading.findings
    assert reading.verified == reading.claims.evidence.height > 20


def test_the_example_shows_each_stance_of_a_claim_that_newcomers_meet(tmp_path: Path) -> None:
    """Among the example rows are a denial, a contradiction, a tally, an inexact number and a quoted claimant."""
    initialize(tmp_path / "new")
    reading = read(find_workspace(tmp_path / "new"))
    claims = reading.claims.claims
    assert "denies" in claims["stance"].to_list()
    assert "about" in claims["precision"].to_list()
    assert any(claims["subject"].str.contains("#"))
    assert any(claims["claimant"].str.starts_with("person/"))
    assert len(reading.ledger.contradictions) == 1


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """Where a file has the name of the folder, nothing is written."""
    (tmp_path / "new").write_text("mine", "utf-8")
    with pytest.raises(KgError, match="is a file"):
        initialize(tmp_path / "new")
    assert (tmp_path / "new").read_text("utf-8") == "mine"

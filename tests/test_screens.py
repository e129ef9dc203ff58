"""What commands show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import Finding, KgError, Place, Severity
from kg.screens import findings_format, findings_text

FINDING = Finding("ragged-row", Severity.VIOLATION, Place("data/people.csv", 3), "2 cells", "add a comma")


def test_findings_as_text_have_place_cause_and_mend() -> None:
    """A finding is two lines: where and what, then how to mend it and where to read more."""
    first, second = findings_text([FINDING], "table").splitlines()
    assert first == "data/people.csv:3: violation[ragged-row] 2 cells"
    assert second == "  fix: add a comma.  kg explain ragged-row"


def test_findings_as_json_keep_every_part() -> None:
    """The JSON of a finding has the fields that the text shows, each for itself."""
    (row,) = json.loads(findings_text([FINDING], "json"))
    assert row == {
        "code": "ragged-row",
        "severity": "violation",
        "file": "data/people.csv",
        "line": 3,
        "message": "2 cells",
        "fix": "add a comma",
        "related": [],
    }


@pytest.mark.parametrize(("name", "syntax"), [("x.json", "json"), ("x.ttl", "ttl"), ("x.txt", "table")])
def test_the_ending_names_the_format(name: str, syntax: str) -> None:
    """The ending of the output names the format of findings."""
    assert findings_format(Path(name)) == syntax


def test_a_graph_with_an_unknown_ending_is_told(tmp_path: Path) -> None:
    """A file that no syntax of RDF is named by gives a plain error."""
    from kg.screens import checked

    path = tmp_path / "graph.docx"
    path.write_text("x", "utf-8")
    with pytest.raises(KgError, match="names no syntax"):
        checked(path, tmp_path, (), "fast")

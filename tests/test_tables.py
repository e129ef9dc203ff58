"""Reading CSV files: what is accepted, and how each fault is told with its line."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from time import process_time

import pytest
from conftest import Make
from hypothesis import given
from hypothesis import strategies as st
from worlds.generated import Row, files

from kg.errors import Finding, Severity
from kg.tables import Table, read_table
from kg.workspace import read

REQUIRED, OPTIONAL = ("id", "name"), ("aliases", "quote")


def table(folder: Path, content: str | bytes) -> tuple[Table, list[Finding]]:
    """A table with the columns id and name, read from a file."""
    path = folder / "people.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, "data/people.csv", REQUIRED, OPTIONAL)


def told(findings: list[Finding]) -> list[tuple[str, int]]:
    """The codes and lines of findings."""
    return [(finding.code, finding.place.line) for finding in findings]


def test_cells_are_read_as_text(tmp_path: Path) -> None:
    """Nothing is guessed: numbers keep their zeros, and dates and formulas are what they look like."""
    found, findings = table(tmp_path, "id,name\n007,=1+1\n1.10,Jun-31\n")
    assert findings == []
    assert found.columns["id"] == ["007", "1.10"]
    assert found.columns["name"] == ["=1+1", "Jun-31"]
    assert found.lines == [2, 3]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    """The header says which cell is which; an optional column that is missing is empty."""
    found, findings = table(tmp_path, "name,quote,id\nAna Moor,x,ana-moor\n")
    assert findings == []
    assert found.columns == {"id": ["ana-moor"], "name": ["Ana Moor"], "aliases": [""], "quote": ["x"]}


@pytest.mark.parametrize("content", [b"id,name\na,A\n", b"\xef\xbb\xbfid,name\r\na,A\r\n", b"id,name\ra,A\r"])
def test_what_spreadsheets_save_is_accepted(tmp_path: Path, content: bytes) -> None:
    """A byte order mark and any of the three line ends make no difference."""
    found, findings = table(tmp_path, content)
    assert findings == []
    assert (found.columns["id"], found.columns["name"], found.lines) == (["a"], ["A"], [2])


def test_a_last_line_may_lack_its_end(tmp_path: Path) -> None:
    """A file that ends without a line end is whole."""
    assert table(tmp_path, "id,name\na,A")[0].columns["id"] == ["a"]


def test_empty_lines_are_no_rows(tmp_path: Path) -> None:
    """Lines with nothing, or with nothing but commas, are passed over, and lines are still counted."""
    found, findings = table(tmp_path, "\nid,name\n\na,A\n,\n\nb,B\n\n")
    assert findings == []
    assert found.lines == [4, 7]


def test_a_cell_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    """RFC 4180 holds, and a row is named by the line on which it begins."""
    found, findings = table(tmp_path, 'id,name\na,"Moor, ""Ana""\nthe younger"\nb,B\n')
    assert findings == []
    assert found.columns["name"] == ['Moor, "Ana"\nthe younger', "B"]
    assert found.lines == [2, 4]


def test_blanks_around_cells_are_idle_but_in_quotes(tmp_path: Path) -> None:
    """Blanks at the ends of a cell are dropped, but a quote keeps every character."""
    found, _ = table(tmp_path, "id , name,quote\n a,\u00a0A , 12 teachers \n")
    assert (found.columns["id"], found.columns["name"], found.columns["quote"]) == (["a"], ["A"], [" 12 teachers "])


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    """A table may have no rows yet."""
    found, findings = table(tmp_path, "id,name\n")
    assert (found.lines, findings) == ([], [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("header", 1)]),
        (b"\n\n", [("header", 1)]),
        (b"id\na\n", [("header", 1)]),
        (b"id,nam\na,A\n", [("header", 1), ("header", 1)]),
        (b"id,name,name\na,A,A\n", [("header", 1)]),
        (b"id,name,\na,A,\n", [("header", 1)]),
        (b"\n\nid,name,ID\na,A,a\n", [("header", 3)]),
        (b"id;name\na;A\n", [("header", 1)]),
        (b"id\tname\na\tA\n", [("header", 1)]),
        (b"id,name\na,A,x\nb\nc,C\n", [("ragged-row", 2), ("ragged-row", 3)]),
        (b'id,name\na,"A\nb,B\n', [("csv-syntax", 2)]),
        (b'id,name\na,"A"x\nb,B\n', [("csv-syntax", 2)]),
        (b'"id,name\na,A\n', [("csv-syntax", 1)]),
        (b"id,name\na," + b"x" * 140_000 + b"\n", [("csv-syntax", 2)]),
        (b"PK\x03\x04\x14\x00", [("binary-file", 0)]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", [("binary-file", 0)]),
        (b"%PDF-1.7\n", [("binary-file", 0)]),
        (b"\x1f\x8b\x08", [("binary-file", 0)]),
        (b"id,name\na,A\x00\n", [("binary-file", 0)]),
        ("id,name\na,A\n".encode("utf-16"), [("encoding", 0)]),
        ("id,name\na,A\nb,Ә\n".encode() + "c,Анна\n".encode("cp1251"), [("encoding", 4)]),
        (b"id,name\na,A\x0b\nb,B\x7f\x0b\n", [("control-character", n) for n in (2, 3, 3)]),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, content: bytes, expected: list[tuple[str, int]]) -> None:
    """Each fault of a file is a violation with a code, the line on which it stands, and a mend."""
    _, findings = table(tmp_path, content)
    assert told(findings) == expected
    assert all(finding.severity is Severity.VIOLATION and finding.fix for finding in findings)


def test_rows_beside_a_ragged_one_are_read(tmp_path: Path) -> None:
    """A ragged row is left out, for its cells may have moved; the others are read, so that all faults come at once."""
    found, _ = table(tmp_path, "id,name\na,A,x\nb\nc,C\n")
    assert (found.columns["id"], found.lines) == (["c"], [4])


def test_rows_before_an_open_quotation_mark_are_read(tmp_path: Path) -> None:
    """What follows an unclosed quotation mark cannot be told apart; what comes before can, and the finding says so."""
    found, findings = table(tmp_path, 'id,name\na,A\nb,"B\nc,C\n')
    assert found.columns["id"] == ["a"]
    assert "from this row on nothing was read" in findings[0].message


def test_rows_with_control_characters_are_read_without_them(tmp_path: Path) -> None:
    """A control character is told and the row still read, so that its other faults are told as well."""
    found, _ = table(tmp_path, "id,name\na,A\x0b\nb\n")
    assert found.columns["name"] == ["A"]


def test_a_table_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """A file of more than 1 GiB is refused before a byte of it is read."""
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)
    _, findings = read_table(path, "data/people.csv", REQUIRED, OPTIONAL)
    assert told(findings) == [("too-large", 0)]


def test_a_misspelt_column_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """An unknown column would silently lose what is in it; the mend names the one that was meant."""
    _, findings = table(tmp_path, "id,name,aliasses\n")
    assert [finding.fix for finding in findings] == ["did you mean aliases?"]


def test_semicolons_are_told_for_what_they_are(tmp_path: Path) -> None:
    """Where a spreadsheet has saved semicolons, the finding does not list missing columns."""
    _, (finding,) = table(tmp_path, "id;name;aliases\na;A;\n")
    assert finding.message == "the columns are not parted by commas"


def test_of_very_many_columns_only_some_are_told(tmp_path: Path) -> None:
    """A first line of numbers is one fault, not ten thousand: some columns are told, and how many more there are."""
    start = process_time()
    for content in ("id," + "name," * 100_000, "id,name," + ",".join(f"x{i}" for i in range(10_000))):
        _, findings = table(tmp_path, content + "\n")
        assert 0 < len(findings) < 30
    assert "9980 more columns have the same fault as “x0”" in [finding.message for finding in findings]
    assert process_time() - start < 5


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\uffff\ufffe"), max_size=8)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_what_a_program_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """Any cells that Python's own writer has written are read back, but for blanks at their ends."""
    rows = [("x" + first, *others) for first, *others in rows]
    written = io.StringIO()
    csv.writer(written).writerows([("id", "name", "quote"), *rows])
    found, findings = table(tmp_path_factory.mktemp("table"), written.getvalue())
    assert findings == []
    assert found.columns["id"] == [row[0].strip() for row in rows]
    assert found.columns["name"] == [row[1].strip() for row in rows]
    assert found.columns["quote"] == [row[2] for row in rows]


@given(content=st.binary(max_size=60))
def test_no_bytes_stop_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever lies in a file, there is a table or a finding, and each finding is two lines."""
    for data in (content, b"id,name\n" + content):
        found, findings = table(tmp_path_factory.mktemp("table"), data)
        assert all(len(column) == len(found.lines) for column in found.columns.values())
        assert all(len(str(finding).splitlines()) == 2 for finding in findings)


def test_line_ends_within_cells_change_nothing(workspace: Make) -> None:
    """A spreadsheet that ends lines within cells in its own way changes neither ids nor quotes."""
    text = "one\r\ntwo"
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = files([Row("river-post", "person/ana-moor", "alias", "a\nb", at="char=0,8", quote="one\ntwo", note="x\ny")])
    made["data/sources.csv"] = f"id,title,sha256\nriver-post,A list,{digest}\n"
    dressed = {name: body.replace("\n", "\r\n") for name, body in made.items()}
    plain = read(workspace({**made, "texts/a": text}))
    other = read(workspace({**dressed, "texts/a": text}))
    assert plain.sound
    assert other.sound
    assert plain.verified == other.verified == 1
    assert plain.dataset.nquads() == other.dataset.nquads()
    assert plain.claims.evidence["exact"].to_list() == ["one\r\ntwo"]

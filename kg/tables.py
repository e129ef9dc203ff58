"""Reading CSV files strictly (RFC 4180, UTF-8): every cell as text, every fault with its line, nothing guessed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import Finding, Place, Severity, did_you_mean
from kg.files import TOO_LARGE, UnreadError, read_bytes
from kg.values import shown

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LARGEST = 1 << 30
_MOST_COLUMNS = 20
_SAVE_AS = "open it in a spreadsheet and save it as “CSV UTF-8 (comma delimited)”"
_COMMAS = "save it with a comma between the cells; LibreOffice asks for it under “edit filter settings”"
# What Python's reader calls a fault, and what it comes to.
_SYNTAX = {
    "unexpected end": ("a quotation mark is opened and never closed", 'write " behind the end of the cell, too'),
    "expected after": (
        "text stands behind a closing quotation mark",
        'begin and end the cell with ", and write "" within',
    ),
    "larger than": ("a cell has more than 131072 characters", 'look for a " that is opened and never closed'),
}


@dataclass(frozen=True)
class Table:
    """A CSV file by columns; `lines[i]` is the line on which row i begins, the header being line 1."""

    file: str
    columns: Mapping[str, list[str]]
    lines: list[int]


class _Faults:
    """The findings of one file, as they come."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def add(self, code: str, line: int, message: str, fix: str) -> None:
        self.findings.append(Finding(code, Severity.VIOLATION, Place(self.file, line), message, fix))


def read_table(path: Path, file: str, required: Iterable[str], optional: Iterable[str]) -> tuple[Table, list[Finding]]:
    """Read a table whose header must have the required and may have the optional columns, in any order.

    `file` is the name findings use. Missing optional columns are filled with empty cells. Rows that are ragged are
    left out and told; a file that is no table at all gives an empty table and says why.
    """
    faults = _Faults(file)
    required, optional = tuple(required), tuple(optional)
    names = (*required, *optional)
    empty = Table(file, {name: [] for name in names}, [])
    text = _decode(path, faults)
    if text is None:
        return empty, faults.findings
    rows, lines = _rows(text, faults)
    if not rows:
        if not faults.findings:
            faults.add("header", 1, "the file is empty", f"begin with the line {','.join(required)}")
        return empty, faults.findings
    header = [cell.strip() for cell in rows[0]]
    if not _header(header, lines[0], required, names, faults):
        return empty, faults.findings
    return _table(file, header, rows[1:], lines[1:], names, faults), faults.findings


def _decode(path: Path, faults: _Faults) -> str | None:
    try:
        data = read_bytes(path, _LARGEST)
    except UnreadError as error:
        fix = "split it by source" if error.code == TOO_LARGE else error.fix
        faults.add(error.code, 0, error.fault.message, fix)
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.add("encoding", 0, "the file is UTF-16, not UTF-8", _SAVE_AS)
        return None
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")) or b"\0" in data:
        faults.add("binary-file", 0, "the file is not text (a spreadsheet or an archive?)", _SAVE_AS)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"the file is not saved as UTF-8 (byte 0x{data[error.start]:02X} on this line)"
        faults.add("encoding", line, message, _SAVE_AS)
        return None
    if _CONTROL.search(text) is None:
        return text
    for line, words in enumerate(text.split("\n"), 1):
        for character in sorted(set(_CONTROL.findall(words))):
            faults.add(
                "control-character", line, f"the line holds the invisible character U+{ord(character):04X}", "delete it"
            )
    return _CONTROL.sub("", text)


def _rows(text: str, faults: _Faults) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        known = (told for words, told in _SYNTAX.items() if words in str(error))
        message, fix = next(known, (f"this row cannot be read: {error}", 'close each "'))
        faults.add("csv-syntax", line, f"{message}; from this row on nothing was read", fix)
    return rows, lines


def _header(header: list[str], line: int, required: tuple[str, ...], names: tuple[str, ...], faults: _Faults) -> bool:
    before = len(faults.findings)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        faults.add("header", line, "the columns are not parted by commas", _COMMAS)
        return False
    if not set(header) & set(names):
        fix = f"begin the file with the line {','.join(required)}"
        faults.add("header", line, "the first line does not name the columns", fix)
        return False
    several = Counter(header)
    for name in _first(sorted(name for name, number in several.items() if name and number > 1), line, faults):
        faults.add("header", line, f"two columns are called {shown(name)}", "delete one, or give it its right name")
    if "" in header:
        faults.add("header", line, f"column {header.index('') + 1} has no name", "name it, or delete it from every row")
    for name in _first([name for name in several if name and name not in names], line, faults):
        hint = did_you_mean(name, names) or f"the columns are {', '.join(names)}"
        faults.add("header", line, f"there is no column {shown(name)} in this table", hint)
    for name in required:
        if name not in header:
            fix = f"add it to the first line; every table of this kind has {', '.join(required)}"
            faults.add("header", line, f"the column “{name}” is missing", fix)
    return len(faults.findings) == before


def _first(names: list[str], line: int, faults: _Faults) -> list[str]:
    """The first of the columns with one fault, each of which is a finding; how many more there are is another one."""
    if (more := len(names) - _MOST_COLUMNS) > 0:
        message = f"{more} more column{'s have' if more > 1 else ' has'} the same fault as {shown(names[0])}"
        faults.add("header", line, message, "look whether the first line is one at all")
    return names[:_MOST_COLUMNS]


def _table(
    file: str, header: list[str], rows: list[list[str]], lines: list[int], names: tuple[str, ...], faults: _Faults
) -> Table:
    width = len(header)
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            more = 'write " before and behind a cell that has a comma in it'
            fix = more if len(row) > width else "write a comma for each cell that is left empty"
            told = f"{len(row)} cell{'s' * (len(row) > 1)}"
            faults.add("ragged-row", line, f"the row has {told}, the first line {width}", fix)
    whole = [i for i, row in enumerate(rows) if len(row) == width]
    cells = list(zip(*(rows[i] for i in whole), strict=True)) or [()] * width
    found = dict(zip(header, cells, strict=True))
    # Within a cell, too, a line ends the same way whatever program saved the table.
    columns = {name: [c.replace("\r\n", "\n") for c in found.get(name, ("",) * len(whole))] for name in names}
    stripped = {name: cell if name == "quote" else [c.strip() for c in cell] for name, cell in columns.items()}
    return Table(file, stripped, [lines[i] for i in whole])

"""Reading CSV files strictly (RFC 4180, UTF-8): every cell as text, every fault with its line, nothing guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import Finding, Place, Severity, did_you_mean

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LARGEST = 1 << 30
_SAVE_AS = "open it in a spreadsheet and save it as “CSV UTF-8 (comma delimited)”"


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
        faults.add("header", 1, "the file is empty", f"begin with the line {','.join(required)}")
        return empty, faults.findings
    header = [cell.strip() for cell in rows[0]]
    if not _header(header, required, names, faults):
        return empty, faults.findings
    return _table(file, header, rows[1:], lines[1:], names, faults), faults.findings


def _decode(path: Path, faults: _Faults) -> str | None:
    if path.stat().st_size > _LARGEST:
        faults.add("too-large", 0, "the file is larger than 1 GiB", "split it")
        return None
    data = path.read_bytes()
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
        faults.add("encoding", line, f"byte 0x{data[error.start]:02x} is not UTF-8", _SAVE_AS)
        return None
    for match in _CONTROL.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        faults.add("control-character", line, f"the invisible character U+{ord(match[0]):04X}", "delete it")
    return None if faults.findings else text


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
        faults.add("csv-syntax", line, f"this row cannot be read: {error}", 'close each " and write "" for one within')
    return rows, lines


def _header(header: list[str], required: tuple[str, ...], names: tuple[str, ...], faults: _Faults) -> bool:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        faults.add("header", 1, "the columns are not parted by commas", _SAVE_AS)
        return False
    sound = True
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.add("header", 1, f"two columns are called “{name}”", "leave one")
        sound = False
    for name in header:
        if name not in names:
            hint = did_you_mean(name, names) or f"the columns are {', '.join(names)}"
            faults.add("header", 1, f"there is no column “{name}” in this table", hint)
            sound = False
    for name in required:
        if name not in header:
            faults.add(
                "header", 1, f"the column “{name}” is missing", f"add it to the first line: {','.join(required)}"
            )
            sound = False
    return sound


def _table(
    file: str, header: list[str], rows: list[list[str]], lines: list[int], names: tuple[str, ...], faults: _Faults
) -> Table:
    width = len(header)
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            fix = 'a comma within a cell needs “"” around the cell' if len(row) > width else "add the missing commas"
            faults.add("ragged-row", line, f"{len(row)} cells where the header has {width}", fix)
    whole = [i for i, row in enumerate(rows) if len(row) == width]
    cells = list(zip(*(rows[i] for i in whole), strict=True)) or [()] * width
    found = dict(zip(header, cells, strict=True))
    columns = {name: list(found.get(name, ("",) * len(whole))) for name in names}
    stripped = {name: cell if name == "quote" else [c.strip() for c in cell] for name, cell in columns.items()}
    return Table(file, stripped, [lines[i] for i in whole])

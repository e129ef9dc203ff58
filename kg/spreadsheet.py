"""Tables that a spreadsheet opens as they are meant: it knows the encoding, and no cell runs as a formula."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

BOM = "\ufeff"
_NUMBER = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+(?:[eE][+-]?[0-9]+)?")
_BLANK = ("Cc", "Cf", "Zs", "Zl", "Zp")


@dataclass(frozen=True)
class Sheet:
    """A table for a spreadsheet: its text, with a BOM, and how many of its cells were changed."""

    text: str
    changed: int


def sheet(table: str, separator: str = ",") -> Sheet:
    r"""A table of CSV for a spreadsheet, its cells divided by `separator`.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front; plain numbers stay.

    >>> sheet("name,n\n=1+1,-5\n")
    Sheet(text="\ufeffname,n\n'=1+1,-5\n", changed=1)
    """
    longest = csv.field_size_limit(len(table) + 1)
    try:
        rows = list(csv.reader(io.StringIO(table, newline="")))
    finally:
        csv.field_size_limit(longest)
    end = "\r\n" if table.partition("\n")[0].endswith("\r") else "\n"
    changed = sum(is_formula(cell) for row in rows for cell in row)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerows([f"'{cell}" if is_formula(cell) else cell for cell in row] for row in rows)
    return Sheet(BOM + text.getvalue(), changed)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula.

    >>> is_formula("＝A1"), is_formula("-5"), is_formula("Ana Moor")
    (True, False, False)
    """
    if cell[:1] in ("\t", "\r", "\n"):
        return True
    start = next((c for c in cell if unicodedata.category(c) not in _BLANK), "")
    return unicodedata.normalize("NFKC", start)[:1] in tuple("=+-@") and _NUMBER.fullmatch(cell.strip()) is None

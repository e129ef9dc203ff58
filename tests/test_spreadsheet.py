"""Tables that a spreadsheet opens as they are meant."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.spreadsheet import BOM, is_formula, sheet

ROOT = Path(__file__).parent.parent
FORMULAS = 'SELECT ("=1+1" AS ?a) (-5 AS ?b) ("＝HYPERLINK" AS ?c) ("Ana, Moor" AS ?d) {}'


def kg(*arguments: str | Path, cwd: Path, stdin: str | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run kg in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=None if stdin is None else stdin.encode(),
        capture_output=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built workspace in which a person and a list are called like formulas."""
    root = tmp_path_factory.mktemp("sheets") / "registry"
    kg("init", "registry", cwd=root.parent)
    for table, name in (("people", "Jon Brask"), ("lists", "Spring list of 2031")):
        path = root / "data" / f"{table}.csv"
        path.write_text(path.read_text("utf-8").replace(name, f"@{name}"), "utf-8")
    assert kg("build", cwd=root).returncode == 0
    return root


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "=1+1",
            "+1+1",
            "-1+1",
            "@SUM(A1)",
            "＝1",
            "＋1+1",
            "－x",
            "＠x",
            "\t=1",
            "\tx",
            "\rx",
            "\nx",
            " =1",
            "\u200b=1",
        ),
        *("-", "+", "=", "-5-3", "--5", "+994 12 345", "=cmd|' /C calc'!A0", "﹦1", "-1e", "- 5"),
    ],
)
def test_formulas_are_known(cell: str) -> None:
    """What begins with a sign of a formula, in any width and behind any blank, is one."""
    assert is_formula(cell)


@pytest.mark.parametrize(
    "cell", ["", "x", "-5", "+3.2", "-3,2", "-.5", "1e-3", "-1E+6", "'=1", "2031-05", "5-3", "a=1"]
)
def test_what_is_no_formula_stays(cell: str) -> None:
    """Plain numbers and words stay as they are."""
    assert not is_formula(cell)
    assert sheet(f"a\n{cell}\n").changed == 0


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=3), min_size=1, max_size=4))
def test_no_cell_of_a_sheet_is_a_formula(rows: list[list[str]]) -> None:
    """Whatever the cells hold, none of a sheet is a formula, and without the apostrophes they are as before."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    table = text.getvalue()
    before = list(csv.reader(io.StringIO(table, newline="")))
    made = sheet(table)
    assert made.text.startswith(BOM)
    after = list(csv.reader(io.StringIO(made.text.removeprefix(BOM), newline="")))
    assert not any(is_formula(cell) for row in after for cell in row)
    pairs = [pair for old, new in zip(before, after, strict=True) for pair in zip(old, new, strict=True)]
    assert all(new in (old, f"'{old}") for old, new in pairs)
    assert sum(old != new for old, new in pairs) == made.changed


def test_a_long_cell_is_read() -> None:
    """A cell longer than Python's reader of CSV takes by itself is one all the same."""
    assert sheet(f'a\n"={"x" * 200_000}"\n').changed == 1


def test_an_answer_for_a_spreadsheet(registry: Path, tmp_path: Path) -> None:
    """CSV and TSV get a BOM and apostrophes, and one line tells how many and where."""
    made = kg("query", "-", "--for", "spreadsheet", "--format", "csv", cwd=registry, stdin=FORMULAS)
    assert made.stdout.decode() == "\ufeffa,b,c,d\r\n'=1+1,-5,'＝HYPERLINK,\"Ana, Moor\"\r\n"
    told = "for a spreadsheet: 2 cells that begin like a formula got an apostrophe: 2 in "
    assert made.stderr.decode() == f"{told}standard output\n"
    output = tmp_path / "x.tsv"
    made = kg("query", "-", "--for", "spreadsheet", "-o", output, cwd=registry, stdin=FORMULAS)
    assert output.read_bytes().decode() == "\ufeffa\tb\tc\td\r\n'=1+1\t-5\t'＝HYPERLINK\tAna, Moor\r\n"
    assert made.stderr.decode() == f"{told}{output}\n"


def test_without_it_the_bytes_are_exact(registry: Path) -> None:
    """The default is the standard format, to the byte."""
    made = kg("query", "-", "--format", "csv", cwd=registry, stdin=FORMULAS)
    assert made.stdout.decode() == 'a,b,c,d\r\n=1+1,-5,＝HYPERLINK,"Ana, Moor"\r\n'
    assert made.stderr == b""


def test_exports_networks_and_differences_for_a_spreadsheet(registry: Path, tmp_path: Path) -> None:
    """Each command that writes tables has the option, and tells which files were changed."""
    made = kg("export", "--format", "csv", "--for", "spreadsheet", "-o", tmp_path / "t", cwd=registry)
    people = (tmp_path / "t" / "people.csv").read_text("utf-8")
    assert people.startswith(BOM)
    assert "'@Jon Brask" in people
    assert f" in {tmp_path}/t/people.csv" in made.stderr.decode()
    assert f" in {tmp_path}/t/laws.csv" not in made.stderr.decode()
    made = kg("network", "all", "--for", "spreadsheet", "-o", tmp_path / "all.csv", cwd=registry)
    assert "'@Jon Brask" in (tmp_path / "all-nodes.csv").read_text("utf-8-sig")
    assert (tmp_path / "all-edges.csv").read_text("utf-8").startswith(BOM)
    assert f"{tmp_path}/all-nodes.csv" in made.stderr.decode()
    path = ("network", "all", "--between", "@Jon Brask", "Harbour Watch", "--format", "csv")
    assert kg(*path, "--for", "spreadsheet", cwd=registry).stdout.decode().startswith(BOM)
    lists = ("diff", "list/harbour-2030-autumn", "list/harbour-2031-spring", "--format", "csv")
    assert "'@Spring" in kg(*lists, "--for", "spreadsheet", cwd=registry).stdout.decode()


@pytest.mark.parametrize(
    "words",
    [
        ("query", "lists"),
        ("query", "lists", "--format", "json"),
        ("query",),
        ("export", "-o", "x.ttl"),
        ("network", "all", "--format", "graphml"),
        ("network",),
        ("diff", "list/a", "list/b"),
    ],
)
def test_what_is_no_table_is_wrong_usage(registry: Path, words: tuple[str, ...]) -> None:
    """A spreadsheet takes no graph and no page of text."""
    refused = kg(*words, "--for", "spreadsheet", cwd=registry)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert "--for spreadsheet is for tables" in refused.stderr.decode()

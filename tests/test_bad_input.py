"""Bad input: each folder of bad/ is a workspace with faults of one kind, and findings.txt what is told about it.

Files that cannot lie in a repository as they are, because no editor or diff would show them, are made here.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import socket
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ordinary_user
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.check import structure
from kg.errors import Finding, InvalidRegistryError, Severity
from kg.explain import explanation
from kg.shipped import shipped
from kg.template import initialize
from kg.workspace import Workspace, read

BAD = Path(__file__).parent / "bad"
NAMES = sorted(path.name for path in BAD.iterdir())
CODES = tomllib.loads((Path(kg.__file__).parent / "explanations.toml").read_text("utf-8"))
SHAPES = {path.parent.name for path in shipped("shapes").glob("*/shape.ttl")}
WARNINGS = {"text-hash"}
CLOSED = "unreadable-file"
# They are found only by a whole check: tests/test_own_shapes.py has them.
CHECKED = {"changed-checks", "slow-shape"}
SLUGS = ["../x", "a b", "Ana-Moor", "Ä", "Анна", "a--b", "-a", "a_b", "x" * 200, "#", "\u202e", "a\u200bb", "ana-moor"]


def spreadsheet() -> bytes:
    """A file as Excel saves it, whatever its name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def link(target: str) -> Callable[[Path], None]:
    """Makes a symbolic link."""
    return lambda path: path.symlink_to(target)


def bound(path: Path) -> None:
    """Makes a socket, whose whole path may not be long."""
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(path.parent):
        made.bind(path.name)


def closed(path: Path) -> None:
    """Makes a file that nobody may read."""
    path.write_text("id,name\n", "utf-8")
    path.chmod(0)


def closed_folder(path: Path) -> None:
    """Makes a folder into which nobody may look."""
    path.mkdir()
    path.chmod(0)


# By folder and path: bytes, the size of a file of nothing, or what makes something else.
MADE: dict[str, dict[str, bytes | int | Callable[[Path], None]]] = {
    "bad-id": {
        "data/people.csv": "\n".join(["id,name", *(f"{slug},Someone" for slug in SLUGS), ""]).encode(),
        "data/sources.csv": (BAD / "bad-id" / "data" / "sources.csv").read_bytes() + b"derived,A report,,\n",
        "data/claims/River Post.csv": b"subject,property,value,at,quote\n",
    },
    "binary-file": {
        "data/people.csv": spreadsheet(),
        "data/places.csv": b"id,name\nveldania,Vel\x00dania\n",
        "data/laws.csv": b"%PDF-1.7\n",
    },
    "control-character": {
        "data/people.csv": b"id,name\nana-moor,Ana\x0bMoor\njon-brask,Jon\x0b \x1b[31mBrask\x0b\nida-lind\n",
    },
    "csv-syntax": {
        "data/groups.csv": b'id,name\nnurses,"Nurses\n' + b"staff,Staff\n" * 12_000,
    },
    "encoding": {
        "data/people.csv": "id,name\nana-moor,Ana Moor\nanna,Анна Мур\n".encode("cp1251"),
        "data/places.csv": "id,name\nveldania,Veldania\n".encode("utf-16"),
    },
    "file-name": {
        "data/claims/river-p\udcf6st.csv": b"subject,property,value,at,quote\n",
        "data/pe\x1b[31mople.csv": b"id,name\n",
        "data/line\nend/people.csv": b"id,name\n",
        "texts/\udcff\u202e.txt": b"A text.",
    },
    "not-a-file": {
        "data/people.csv": os.mkfifo,
        "data/places.csv": Path.mkdir,
        "data/laws.csv": bound,
        "data/cases.csv": link("/dev/zero"),
        "data/lists.csv": link("lists.csv"),
        "data/decisions.csv": link("/nowhere/decisions.csv"),
        "data/notes/again": link(".."),
        "data/notes/pipe": os.mkfifo,
        "data/claims/river-post.csv": os.mkfifo,
        "data/claims/lowgate-radio.csv": link("lowgate-radio.csv"),
        "data/claims/harbour-watch.csv": Path.mkdir,
        "texts/river-post.txt": os.mkfifo,
        "texts/again": link("."),
        "texts/gone": link("/nowhere/texts"),
    },
    CLOSED: {"data/people.csv": closed, "data/claims": closed_folder, "texts/others": closed_folder},
    # A quote this long may lie in no table of the repository, for no quote of a source may be.
    "quote-too-long": {
        "data/claims/river-post.csv": b'subject,property,value,at,quote\nlist/harbour-2031,count,41,"char=35,155",'
        b"On 3 May 2031 the Harbour Watch published its spring list. It holds 41 names: 12 teachers\n",
    },
    "too-large": {"data/people.csv": (1 << 30) + 1},
}


@pytest.fixture(params=NAMES)
def bad(request: pytest.FixtureRequest, open_folder: Path) -> Workspace:
    """A workspace of bad/, whole."""
    root = open_folder / str(request.param)
    shutil.copytree(BAD / root.name, root, ignore=shutil.ignore_patterns("findings.txt"))
    (root / "data").mkdir(exist_ok=True)
    for name, content in MADE.get(root.name, {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(root / name)
            continue
        with (root / name).open("wb") as file:
            if isinstance(content, int):
                file.truncate(content)
            else:
                file.write(content)
    return Workspace(root)


def told(workspace: Workspace) -> list[Finding]:
    """All that a build finds before it writes anything."""
    try:
        reading = read(workspace)
    except InvalidRegistryError as error:
        return sorted(error.findings, key=Finding.order)
    return sorted([*reading.findings, *structure(reading).findings], key=Finding.order)


def test_the_findings_are_these(bad: Workspace, golden: Callable[[Path, str], None]) -> None:
    """All faults of a workspace are told at once, in these words, and reading writes nothing."""
    before = {path: path.lstat().st_mtime_ns for path in bad.root.rglob("*")}
    with ordinary_user() if bad.root.name == CLOSED else contextlib.nullcontext():
        findings = told(bad)
    assert {path: path.lstat().st_mtime_ns for path in bad.root.rglob("*")} == before
    assert findings
    assert bad.root.name in WARNINGS or any(finding.severity is Severity.VIOLATION for finding in findings)
    golden(BAD / bad.root.name / "findings.txt", "".join(f"{finding}\n" for finding in findings))


@pytest.mark.parametrize("name", NAMES)
def test_every_message_has_place_cause_and_mend(name: str) -> None:
    """A finding is a line with file and cause and a line with the mend, and nothing in it disturbs a terminal."""
    text = (BAD / name / "findings.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("  also: ")]
    assert lines
    assert all(line.startswith(("data/", "ontology/", "shapes/", "texts/")) for line in lines[::2])
    assert all(line.startswith("  fix: ") and not line.startswith("  fix: .") for line in lines[1::2])
    assert all(character.isprintable() or character == "\n" for character in text)
    assert max(map(len, lines)) < 400


@pytest.mark.parametrize("code", sorted(CODES.keys() - SHAPES - CHECKED))
def test_each_code_of_reading_has_a_workspace(code: str) -> None:
    """Every code that reading can tell is shown by a folder of its name, and explained with a mend and an example."""
    severity = "warning" if code in WARNINGS else "violation"
    assert f"{severity}[{code}]" in (BAD / code / "findings.txt").read_text("utf-8")


@pytest.mark.parametrize("code", CODES)
def test_each_explanation_is_whole(code: str) -> None:
    """What is explained at length has a meaning, a mend and an example, whether reading or a shape finds it."""
    assert CODES[code].keys() == {"means", "mend", "example"}
    assert all(text.strip() for text in CODES[code].values())


def test_every_code_that_is_told_is_explained() -> None:
    """The code at the end of a finding can be asked for."""
    for name in NAMES:
        for line in (BAD / name / "findings.txt").read_text("utf-8").splitlines():
            if line.startswith("  fix: "):
                assert explanation(line.rpartition("kg explain ")[2])


# ── Any cell ──

CELLS = [
    *(
        "",
        "..",
        "../..",
        "#",
        "|",
        "…",
        " … ",
        "\\",
        '"',
        "<urn:x>",
        "a\nb",
        "\u202e",
        "'; drop",
        "٣",
        "\x0b",
        "x" * 300,
    ),
    *("person/", "person/ana-moor#x", "list/a#b", "claim/0123456789abcdef", "group/teachers", "source/river-post"),
    *(
        "0",
        "-1",
        "9" * 18,
        "9" * 30,
        "7..6",
        "P9999Y",
        "2031-02-30",
        "2031/..",
        "../2031",
        "9999",
        "0001-01-01",
        "Jun-31",
    ),
    *("char=0,0", "char=5,1", "char=0,999999999", "row=0", "page=1-2", "char=1,2 char=1,2", "https://example.org"),
    *("settle", "same", "about", "more-than", "denies", "cannot-verify", "rejected", "proposed", "yes"),
    *("count", "publisher", "follows", "defendant", "names", "says", "issued", "birthDate", "series"),
]
EDITS = st.tuples(
    st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.one_of(st.sampled_from(CELLS), st.text())
)


@settings(max_examples=30)
@given(edits=st.lists(EDITS, min_size=1, max_size=6))
def test_no_cell_stops_a_check(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, int, str]]
) -> None:
    """Whatever is written into cells of the example, it is read or told, and told at a line of a table."""
    root = tmp_path_factory.mktemp("edited") / "example"
    initialize(root)
    tables = sorted((root / "data").rglob("*.csv"))
    for number, row, column, cell in edits:
        path = tables[number % len(tables)]
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        cells = rows[row % len(rows)]
        cells[column % len(cells)] = cell
        written = io.StringIO(newline="")
        csv.writer(written).writerows(rows)
        path.write_text(written.getvalue(), "utf-8", newline="")
    for finding in told(Workspace(root)):
        assert finding.place.file.endswith(".csv")
        assert finding.message
        assert finding.fix

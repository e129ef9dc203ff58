"""Text as a terminal shows it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import Finding, KgError, Place, Severity
from kg.terminal import columns, printable, tell, visible

ROOT = Path(__file__).parent.parent
EVIL = "a\x1b[2J\u202e\r\x9bb"


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


@given(st.text())
def test_what_is_printed_holds_no_marks(text: str) -> None:
    """Of marks of control, direction and half characters only line ends are left, and all else stays as it is."""
    shown = printable(text)
    assert shown.encode().decode() == shown
    assert all(character == "\n" or visible(character) in (character, "") for character in shown)
    assert printable(shown) == shown


def test_a_message_cannot_forge_lines() -> None:
    """Errors and findings show marks in their messages, fixes and codes by number, and line ends as blanks."""
    told = [
        str(KgError(f"{EVIL}\n  fix: rm", EVIL)),
        str(Finding(EVIL, Severity.INFO, Place(EVIL), EVIL, EVIL, (Place(EVIL),))),
    ]
    for text in told:
        assert printable(text) == text
    assert told[0].count("\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_message_reaches_a_stream_of_any_encoding(encoding: str) -> None:
    """What an encoding lacks is written by its number, and a closed stream is passed over."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding)
    tell("Bakı \udce9", stream)
    assert raw.getvalue().endswith(b"\n")
    stream.close()
    tell("x", stream)
    tell("x", None)


def kg(*arguments: str | bytes, cwd: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run kg in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built workspace with a question and a network of evil titles, parameters and names."""
    root = tmp_path_factory.mktemp("terminal") / "registry"
    assert kg("init", "registry", cwd=root.parent).returncode == 0
    for room in ("queries", "networks"):
        (root / room).mkdir()
        (root / room / f"x{EVIL}.rq").write_text(f"# {EVIL}\n# --set x=1 {EVIL}\nSELECT * {{}}", "utf-8")
    assert kg("build", cwd=root).returncode == 0
    return root


@pytest.mark.parametrize(
    "words",
    [
        ("query",),
        ("network",),
        ("query", EVIL),
        ("query", "lists", "--set", f"{EVIL}=1"),
        ("query", "lists", "--set", EVIL),
        ("query", "lists", EVIL, EVIL),
        (EVIL,),
        ("query", f"--{EVIL}"),
        ("query", "--format", EVIL),
        ("query", "lists", "--as-of", EVIL),
        ("query", "lists", "-o", f"data/{EVIL}"),
        ("query", "lists", "-o", f"x.{EVIL}"),
        ("check", EVIL),
        ("check", "--texts", EVIL),
        ("trace", EVIL),
        ("explain", EVIL),
        ("network", EVIL),
        ("network", "all", "--between", EVIL, "b"),
        ("draw", "all", "--around", EVIL),
        ("chart", EVIL),
        ("diff", EVIL, EVIL),
        ("init", f"data/{EVIL}"),
        ("trace", b"\xe9"),
        ("query", b"\xe9"),
        ("explain", b"\xe9"),
        ("query", "lists", "-o", b"data/\xe9.csv"),
        ("query", "-w", b"\xe9"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_whatever_is_printed_is_shown(registry: Path, words: tuple[str | bytes, ...], encoding: str) -> None:
    """Arguments, names and titles full of marks come out by their numbers, in any encoding, without a traceback."""
    done = kg(*words, cwd=registry, PYTHONIOENCODING=f"{encoding}:strict")
    printed = (done.stdout + done.stderr).decode()
    assert printable(printed) == printed
    assert "Traceback" not in printed
    assert "not foreseen" not in printed
    assert done.returncode != 1


def test_settings_and_folders_are_shown(tmp_path: Path) -> None:
    """Keys of kg.toml and names of folders pass the same way, and the next step can be pasted."""
    made = kg("init", "Реестр узников", cwd=tmp_path)
    assert made.stderr.decode() == "Next: cd 'Реестр узников' && kg build\n"
    made = kg("init", f"f{EVIL}".replace("\r", ""), cwd=tmp_path)
    assert printable((made.stdout + made.stderr).decode()) == (made.stdout + made.stderr).decode()
    made = kg("init", os.fsencode("x") + b"\xe9", cwd=tmp_path, PYTHONIOENCODING="ascii:strict")
    assert made.returncode == 0
    (tmp_path / "Реестр узников" / "kg.toml").write_text('"a\\u001b[2J\\u202e" = 1\n', "utf-8")
    told = kg("build", cwd=tmp_path / "Реестр узников")
    assert (told.returncode, printable(told.stderr.decode())) == (3, told.stderr.decode())


def test_formats_of_machines_stay_exact(registry: Path) -> None:
    """What is for programs is not shown, but exact."""
    (registry / "q.rq").write_text('SELECT ("a\\u202Eb" AS ?x) {}', "utf-8")
    assert kg("query", "q.rq", "--format", "csv", cwd=registry).stdout.decode() == "x\r\na\u202eb\r\n"
    assert "‹202E›" in kg("query", "q.rq", cwd=registry).stdout.decode()

"""The guarded worker: what it may not do, what ends it, and what is said of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.guard import Guard, LimitError, UnguardedError, announce, run
from kg.guard.nesting import too_deep
from kg.guard.rdf import Parsed, ntriples_of, parse_files
from kg.guard.sandbox import die_with

ROOT = Path(__file__).parent.parent
# A filter of seccomp that refuses prctl(PR_SET_SECCOMP), so that no other can be set after it: a system without one.
NO_SECCOMP = """
import ctypes, struct
from kg.guard.sandbox import _Program
step = lambda *parts: struct.pack("=HBBI", *parts)
code = b"".join([
    step(0x20, 0, 0, 0), step(0x15, 0, 3, {"x86_64": 157, "aarch64": 167}[__import__("platform").machine()]),
    step(0x20, 0, 0, 16), step(0x15, 0, 1, 22), step(0x06, 0, 0, 0x00050001), step(0x06, 0, 0, 0x7FFF0000),
])
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(_Program(len(code) // 8, code)), 0, 0) == 0
"""


def test_a_worker_opens_no_socket_and_writes_no_file(tmp_path: Path) -> None:
    """Inside the worker, sockets and written files are refused by the system."""
    task = tmp_path / "deeds.py"
    target = tmp_path / "written.txt"
    task.write_text(
        "import os, socket\n"
        "def attempt(request, body):\n"
        "    said = []\n"
        "    write = lambda: os.write(os.open(request['path'], os.O_WRONLY | os.O_CREAT), b'x')\n"
        "    for deed in (socket.socket, socket.socketpair, write):\n"
        "        try:\n            deed()\n            said.append('done')\n"
        "        except OSError as error:\n            said.append(type(error).__name__)\n"
        "    return said, b''\n",
        "utf-8",
    )
    code = (
        "import os, sys\nsys.path.insert(0, sys.argv[1])\nos.environ['PYTHONPATH'] = sys.argv[1]\n"
        "from kg.guard import run\nprint(run('deeds:attempt', {'path': sys.argv[2]})[0])\n"
    )
    said = python(code, str(tmp_path), str(target)).stdout
    assert said == "['PermissionError', 'PermissionError', 'OSError']\n"
    assert not target.exists() or target.read_bytes() == b""


def python(code: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=True,
    )


def test_where_sockets_cannot_be_taken_away_files_of_others_are_refused() -> None:
    """Without seccomp a file is refused with the way out, and read where that is asked for."""
    code = NO_SECCOMP + (
        "from kg.guard import Guard\nfrom kg.guard.rdf import parse_files\nfrom kg.errors import RefusedError\n"
        "files = [('own.ttl', b'<a:a> <a:b> <a:c> .')]\n"
        "try:\n    parse_files(files, Guard())\nexcept RefusedError as error:\n    print(error)\n"
        "print(len(parse_files(files, Guard(unguarded=True))[0].triples))\n"
    )
    said = python(code).stdout
    assert "cannot take network access away" in said
    assert "--unguarded" in said
    assert said.endswith("\n1\n")


def test_an_unguarded_error_is_a_refusal() -> None:
    """It ends a command with the exit code of usage."""
    assert "--unguarded" in UnguardedError().fix


def test_a_worker_that_takes_too_long_is_ended_and_says_where_it_was() -> None:
    """What was announced last is what took too long."""
    with pytest.raises(LimitError, match=r"longer than 0\.5 seconds") as caught:
        run("kg.guard.worker:wait", {"seconds": 30}, guard=Guard(seconds=0.5))
    assert (caught.value.limit, caught.value.at) == ("time", "waiting")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_worker_dies_with_its_parent(sent: signal.Signals) -> None:
    """However the parent is ended, the worker is gone a moment later."""
    code = "from kg.guard import run\nrun('kg.guard.worker:wait', {'seconds': 60, 'mark': 'kg-test'})\n"
    parent = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        child = _until(lambda: _children(parent.pid))[0]
    finally:
        parent.send_signal(sent)
        parent.wait(10)
    assert _until(lambda: not _alive(child)), "the worker lives on"


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []


def _alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _until(condition: object) -> object:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if found := condition():  # type: ignore[operator]
            return found
        time.sleep(0.05)
    return None


def test_a_worker_whose_parent_is_gone_already_ends_at_once() -> None:
    """The parent may die before the worker could ask to die with it."""
    code = f"import os\nfrom kg.guard.sandbox import die_with\ndie_with({os.getpid()} + 1)\nprint('lives')\n"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert callable(die_with)


def test_what_a_task_prints_is_no_part_of_the_answer(capfd: pytest.CaptureFixture[str]) -> None:
    """A library that prints does not disturb the answer."""
    assert run("kg.guard.worker:echo", {"print": "noise"}, b"body") == ({"print": "noise"}, b"body")
    announce("nothing")
    assert "nothing" in capfd.readouterr().err


def test_an_error_of_a_library_is_a_message() -> None:
    """Whatever a task raises comes as an error with its type and words."""
    with pytest.raises(KgError, match="ModuleNotFoundError"):
        run("kg.no_such_module:task", {})


def test_a_worker_short_of_memory_says_so() -> None:
    """An allocation beyond the limit ends in a message."""
    with pytest.raises(LimitError, match="more memory") as caught:
        run("kg.guard.worker:fill", {"bytes": 1 << 30}, guard=Guard(memory=400 << 20))
    assert caught.value.limit == "memory"


# ── Nesting ──


@pytest.mark.parametrize(
    "text", ["(" * 101, "[ <a:b> " * 101, "<<( " * 101, "\n\n" + "(" * 101, '"x" ' + "(" * 101, "# (\n" + "(" * 101]
)
def test_deep_nesting_is_told_with_its_line(text: str) -> None:
    """More than a hundred brackets within each other are told before a parser sees them."""
    assert too_deep(text) == text.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        '"' + "(" * 500 + '"',
        "'''" + "(\n" * 500 + "'''",
        "<a:" + "x" * 500 + ">",
        "#" + "(" * 500,
        "( ) " * 500,
        "(" * 100,
    ],
)
def test_brackets_that_mean_nothing_are_not_counted(text: str) -> None:
    """Strings, addresses and comments may hold any number of brackets."""
    assert too_deep(text) == 0


@pytest.mark.parametrize("text", ['"' * 300_000, '"""' * 100_000 + '"', "<" * 300_000, "\\" * 300_000, "'\\" * 150_000])
def test_looking_for_nesting_takes_linear_time(text: str) -> None:
    """No text makes the look at its nesting slow."""
    start = time.process_time()
    too_deep(text)
    too_deep(text, json=True)
    assert time.process_time() - start < 3


# ── Files of RDF ──


def test_each_triple_has_the_line_on_which_it_ends() -> None:
    """Whatever the layout, a triple is told with its own line."""
    text = (
        b'@prefix a: <urn:a:> .\na:x a:p """long\nstring""" ,\n  3 ;\n\n  a:q ( 1\n 2 ) .\n# end\na:y a:p [ a:r 4 ] .\n'
    )
    (parsed,) = parse_files([("own.ttl", text)], Guard())
    assert list(dict.fromkeys(parsed.lines)) == [3, 4, 6, 7, 9]


def test_blank_nodes_of_two_files_are_not_one() -> None:
    """The same label in two files names two nodes."""
    files = [(name, b"_:x <a:p> 1 .") for name in ("one.ttl", "two.ttl")]
    one, two = parse_files(files, Guard())
    assert one.triples[0].subject != two.triples[0].subject


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.rdf", b"", "RDF/XML"),
        ("a.owl", b"", "RDF/XML"),
        ("a.xml", b"", "RDF/XML"),
        ("a.ttl", b"<?xml version='1.0'?>", "RDF/XML"),
        ("a.txt", b"", "names no syntax"),
        ("a.ttl", b"a b c", "this is no Turtle"),
        ("a.nt", b"<a:b> .", "this is no N-Triples"),
        ("a.jsonld", b"[" * 50_000, "nested more than 100 deep"),
        ("a.jsonld", b'{"@context": "https://example.org/c", "https://example.org/p": 1}', "JSON-LD"),
        ("a.ttl", b"<<(" * 50_000, "nested more than 100 deep"),
        ("a.ttl", b"<a:b> <a:c> \xff .", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, text: bytes, message: str) -> None:
    """Its fault has a line, a cause and a fix; as one graph it is an error with the file's name."""
    (parsed,) = parse_files([(name, text)], Guard())
    assert parsed.fault is not None
    assert message in parsed.fault.message
    assert parsed.fault.fix
    with pytest.raises(KgError, match=message):
        ntriples_of(name, text, Guard())


def test_a_good_file_beside_a_bad_one_is_read() -> None:
    """What is wrong with one file keeps no other from being read."""
    good, bad = parse_files([("good.ttl", b"<a:a> <a:b> <a:c> ."), ("bad.ttl", b"<")], Guard())
    assert (len(good.triples), good.fault) == (1, None)
    assert bad == Parsed("bad.ttl", fault=bad.fault)


@given(st.binary(max_size=200))
def test_no_bytes_end_the_reader(data: bytes) -> None:
    """Whatever bytes a file has, it has triples or a fault."""
    from kg.guard.rdf import parse_file

    parsed = parse_file("any.ttl", data)
    assert len(parsed.triples) == len(parsed.lines)

"""What the system, a library or the program fails at: a message with the cause and a fix, and never exit code 1."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.failures import REBUILD, REPORT, failure

ROOT = Path(__file__).parent.parent
# As root, rights of files count only without these capabilities.
ORDINARY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown", "--inh-caps=-all"]
AS_A_USER = ORDINARY if os.geteuid() == 0 else []


def started(words: str, cwd: Path, code: str = "", **more: object) -> subprocess.CompletedProcess[str]:
    """Run kg by a shell, as an ordinary user; with `code`, Python that begins with it."""
    program = (
        f"{sys.executable} -m kg" if not code else f"{sys.executable} -c '{code}; from kg.__main__ import run; run()'"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*AS_A_USER, "bash", "-c", words.replace("kg ", f"{program} ", 1)],
        cwd=cwd,
        env={**environment, **more.pop("env", {})},  # type: ignore[dict-item]
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        **more,  # type: ignore[call-overload]
    )


def assert_told(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """That a command ended with 3 and a message that has these words and a fix."""
    assert done.returncode == 3, done
    assert "Traceback" not in done.stderr
    assert "fix: " in done.stderr
    for each in ("error: ", *words):
        assert each in done.stderr, done.stderr


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built workspace, which no test changes."""
    root = tmp_path_factory.mktemp("failures") / "registry"
    assert started("kg init registry", root.parent).returncode == 0
    assert started("kg build", root).returncode == 0
    return root


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "permission denied"),
        (errno.EROFS, "can only be read"),
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "used up"),
        (errno.EFBIG, "larger than a file may be"),
        (errno.EMFILE, "too many files"),
        (errno.ENFILE, "too many files"),
        (errno.ENOTDIR, "part of its path is a file"),
        (errno.EISDIR, "it is a folder"),
        (errno.ELOOP, "links lead in a circle"),
        (errno.ENAMETOOLONG, "too long"),
        (errno.EIO, "the disk fails"),
        (errno.ENOLCK, os.strerror(errno.ENOLCK)),
    ],
)
def test_errors_of_the_system_have_path_cause_and_fix(number: int, words: str) -> None:
    """Each error that the system numbers names its path, why, and what to do."""
    told = failure(OSError(number, os.strerror(number), "data/people.csv"))
    assert told.message.startswith("data/people.csv: ")
    assert words in told.message
    assert told.fix


def test_errors_of_libraries_in_rust_are_read() -> None:
    """A number or a word of the system in the text of a library counts as if the system had told it."""
    assert "permission denied" in failure(OSError("x: Permission denied (os error 13)")).message
    told = failure(OSError("needs at least 96 file descriptors, only 12 allowed"), Path("build"))
    assert ("too many files" in told.message, "ulimit -n" in told.fix) == (True, True)


def test_limits_of_memory_depth_threads_and_encoding() -> None:
    """Too little memory, too deep a nesting, too few threads and a text that is no UTF-8 are told as such."""
    assert "too little memory" in failure(MemoryError()).message
    assert "nested too deeply" in failure(RecursionError()).message
    assert "no more threads" in failure(RuntimeError("can't start new thread")).message
    told = failure(UnicodeEncodeError("utf-8", "a\udce9", 1, 2, "surrogates not allowed"))
    assert "a‹DCE9›” is no text in UTF-8" in told.message
    assert "too little memory to load x" in failure(ImportError("failed to map segment", name="x")).message


def test_missing_parts_say_how_to_install_them() -> None:
    """An optional part that is missing names its package; what does not load says so."""
    assert failure(ModuleNotFoundError("no", name="igraph")).fix == 'pip install "kg-registry[igraph]"'
    assert failure(ModuleNotFoundError("no", name="resvg_py.x")).fix == "pip install resvg-py"
    assert "cannot be loaded" in failure(ImportError("bad symbol", name="polars")).message
    assert "install kg-registry again" in failure(ModuleNotFoundError("no", name="kg.web")).fix


def test_what_nobody_foresaw_is_told_with_its_kind() -> None:
    """Any other error names its type, its text, and how to report it; a KgError stays what it is."""
    told = failure(ZeroDivisionError("division by zero"))
    assert told.message == "this was not foreseen: ZeroDivisionError: division by zero"
    assert told.fix == REPORT
    error = KgError("x", "y")
    assert failure(error) is error


def test_a_panic_of_rust_in_a_build_says_to_build() -> None:
    """A panic, which is no Exception, is told; while a build is read, it is that which seems damaged."""
    panic = type("PanicException", (BaseException,), {})("out of range")
    assert "not foreseen: PanicException" in failure(panic).message
    assert failure(panic, Path("build")).fix.startswith(REBUILD)


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("raise ZeroDivisionError(1)", 3, "this was not foreseen: ZeroDivisionError: 1"),
        ("raise MemoryError", 3, "too little memory"),
        ("def f(): f()\n    f()", 3, "nested too deeply"),
        ("import nothing_such", 3, "optional part nothing_such is not installed"),
        ('raise type("PanicException", (BaseException,), {})("x")', 3, "PanicException: x"),
        ("raise KeyboardInterrupt", 130, "interrupted"),
        ("raise EOFError", 3, "EOFError"),
        ("import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)", 3, "lack of memory (SIGKILL)"),
        ("import os\n    os.abort()", 3, "lack of memory (SIGABRT)"),
        ("import os, signal\n    os.kill(os.getpid(), signal.SIGSEGV)", 3, "(SIGSEGV)"),
        ("import os, signal\n    os.kill(os.getpid(), signal.SIGBUS)", 3, "(SIGBUS)"),
        ("import os, signal\n    os.kill(os.getpid(), signal.SIGTERM)", -15, ""),
    ],
)
def test_however_a_command_ends_it_says_so(tmp_path: Path, code: str, status: int, words: str) -> None:
    """Any exception, and any signal that ends the process, is a message and an exit code that is not 1."""
    program = f"import kg.explain\ndef fail(*_):\n    {code}\nkg.explain.codes = fail\n"
    program += "import sys\nsys.argv = ['kg', 'explain']\nfrom kg.__main__ import run\nrun()"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=60, preexec_fn=_no_core,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done
    assert words in done.stderr


def _no_core() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _signals_as_by_hand() -> None:
    """Let signals end what is run: `nohup make test`, or `make test &` in a script, hand down that they do not."""
    _no_core()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def test_a_traceback_is_there_for_who_asks(registry: Path) -> None:
    """KG_TRACEBACK=1 shows where in the program it failed."""
    done = started("kg trace $'\\xe9'", registry, env={"KG_TRACEBACK": "1"})
    assert (done.returncode, "Traceback" in done.stderr) == (3, True)


@pytest.mark.parametrize("words", ["kg query lists >&-", "kg build >&-", "kg explain >&-", "kg --help >&-"])
def test_a_closed_standard_output_is_told_before_work_begins(registry: Path, words: str) -> None:
    """Without standard output nothing is begun, also where little would be printed."""
    before = (registry / "build").stat().st_ino
    assert_told(started(words, registry), "standard output is closed")
    assert (registry / "build").stat().st_ino == before


@pytest.mark.parametrize(
    "words", ["query people", "query lists --format csv", "explain", "check", "--help", "draw all"]
)
def test_a_full_standard_output_is_told(registry: Path, words: str) -> None:
    """What standard output does not take is told, to the last byte."""
    assert_told(started(f"kg {words} > /dev/full", registry), "the disk is full")


def test_standard_error_and_input_may_be_closed(registry: Path) -> None:
    """Nobody to tell is no failure, and no query to read is told."""
    assert started("kg query lists 2>&-", registry).returncode == 0
    assert started("kg query lists 2>/dev/full", registry).returncode == 0
    assert_told(started("kg query - <&-", registry), "standard input is closed")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full", "2> >(true)"])
@pytest.mark.parametrize(("words", "code"), [("query nothing-such", 3), ("query --nothing-such", 2), ("nothing", 2)])
def test_a_message_that_nobody_takes_changes_no_exit_code(
    registry: Path, words: str, code: int, where: str, unbuffered: str
) -> None:
    """The exit code tells what happened also where the message about it cannot be written."""
    done = started(f"kg {words} {where}", registry, env={"PYTHONUNBUFFERED": unbuffered})
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_is_taken_in_part_is_told(registry: Path, tmp_path: Path, unbuffered: str) -> None:
    """Where standard output takes the first part alone, the command does not end as if it had taken all."""
    done = started(f"ulimit -f 20; kg export > {tmp_path}/graph.ttl", registry, env={"PYTHONUNBUFFERED": unbuffered})
    assert_told(done, "larger than a file may be")
    assert (tmp_path / "graph.ttl").stat().st_size == 20 * 1024


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", ["export | head -c 1", "query lists | true", "--help | true", "export --help | true"])
def test_a_reader_that_left_is_no_failure(registry: Path, words: str, unbuffered: str) -> None:
    """As in `kg ... | head`, the command ends clean and says nothing."""
    done = started(f"set -o pipefail; kg {words}", registry, env={"PYTHONUNBUFFERED": unbuffered})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_registry_that_may_only_be_read(registry: Path, tmp_path: Path) -> None:
    """Without the right to write, all that reads works, also into files elsewhere, and what writes says why not."""
    root = tmp_path / "registry"
    shutil.copytree(registry, root)
    paths = [root, *root.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & 0o555)
    try:
        for words in (
            *("query lists", "check", 'trace "Jon Brask"', "network all", "explain pace", "network"),
            *(f"export -o {tmp_path}/x.ttl", f"export --format csv -o {tmp_path}/t", f"draw all -o {tmp_path}/x.svg"),
            *(f"chart lists -o {tmp_path}/l.svg", f"network all -o {tmp_path}/n.csv"),
        ):
            done = started(f"kg {words}", root)
            assert (done.returncode, "error" in done.stderr) == (0, False), (words, done)
        for words in ("build", "query lists --as-of 2031-05-05", "export -o x.ttl", "init x"):
            assert_told(started(f"kg {words}", root), "permission denied")
    finally:
        for path in paths:
            path.chmod(path.stat().st_mode | 0o700)


def test_what_may_not_be_read_is_told(registry: Path, tmp_path: Path) -> None:
    """A build that belongs to somebody else is told with its path."""
    root = tmp_path / "registry"
    shutil.copytree(registry, root)
    (root / "build").chmod(0)
    assert_told(started("kg query lists", root), "permission denied", "build")
    (root / "build").chmod(0o700)
    (root / "build" / "claims.arrow").chmod(0)
    assert_told(started("kg trace 'Jon Brask'", root), "claims.arrow: permission denied")


@pytest.mark.parametrize(
    ("part", "words"),
    [("claims.arrow", "trace 'Jon Brask'"), ("kg.nq", "export --format csv -o ../x"), ("manifest.json", "query lists")],
)
@pytest.mark.parametrize("damage", ["gone", "cut", "garbled", "empty"])
def test_a_damaged_build_says_to_build_again(
    registry: Path, tmp_path: Path, part: str, words: str, damage: str
) -> None:
    """Whatever has happened to a part of a build, the message is to build, and building mends it."""
    root = tmp_path / "registry"
    shutil.copytree(registry, root)
    path = root / "build" / part
    data = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes({"cut": data[: len(data) // 2], "garbled": bytes(reversed(data)), "empty": b""}[damage])
    done = started(f"kg {words}", root)
    if (part, damage) == ("kg.nq", "empty"):
        assert done.returncode in (0, 3)
        return
    assert_told(done, "run kg build")


def test_too_few_open_files_are_told(registry: Path) -> None:
    """A limit of open files that is too low is named as such, with the line that raises it."""
    assert_told(started("ulimit -n 5; kg trace 'Jon Brask'", registry), "too many files are open", "ulimit -n")


def test_too_little_memory_is_told(registry: Path) -> None:
    """Under limits of memory a command works or says that there is too little, and never dies without a word."""
    for kilobytes in (100_000, 300_000, 600_000):
        done = started(f"ulimit -c 0; ulimit -v {kilobytes}; kg query lists", registry)
        if done.returncode:
            assert done.returncode == 3, done
            assert "memory" in done.stderr, done.stderr


SLEEPS = "import kg.explain, time, sys; kg.explain.codes = lambda *_: time.sleep(60)"
PROGRAM = SLEEPS + "; sys.argv = [str(), str.join(str(), ('expl', 'ain'))]; from kg.__main__ import run; run()"


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8")
    return [int(each) for each in text.split()]


def _gone(process: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, of Linux")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGINT, signal.SIGQUIT])
def test_the_working_process_ends_with_the_command(tmp_path: Path, number: signal.Signals) -> None:
    """Whatever signal ends the command ends the process that works for it, and the shell sees that signal."""
    command = [sys.executable, "-c", PROGRAM]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with _ended(
        subprocess.Popen(
            command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL, preexec_fn=_signals_as_by_hand
        )
    ) as parent:
        for _ in range(200):
            if found := _children(parent.pid):
                break
            time.sleep(0.1)
        (child,) = found
        time.sleep(1)
        parent.send_signal(number)
        assert parent.wait(30) == (130 if number == signal.SIGINT else -number)
        assert _gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, of Linux")
def test_a_command_stops_and_goes_on_as_a_job(tmp_path: Path) -> None:
    """Ctrl-Z stops the command with the process that works for it, and both go on."""
    command = [sys.executable, "-c", PROGRAM]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with _ended(subprocess.Popen(command, cwd=tmp_path, env=environment, start_new_session=True)) as parent:
        for _ in range(200):
            if found := _children(parent.pid):
                break
            time.sleep(0.1)
        time.sleep(1)
        for number, state in ((signal.SIGSTOP, "T"), (signal.SIGCONT, "S")):
            os.killpg(parent.pid, number)
            time.sleep(0.5)
            for process in (parent.pid, *found):
                line = Path(f"/proc/{process}/stat").read_text("utf-8")
                assert line.rpartition(")")[2].split()[0] == state
        parent.terminate()
        assert parent.wait(30) == -signal.SIGTERM

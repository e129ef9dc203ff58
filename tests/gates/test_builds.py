"""Builds that are killed, run at once, asked meanwhile or have no room: what stays is a whole build, old or new."""

from __future__ import annotations

import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gates.conftest import Gate
from kg.template import initialize

SEED = 11
MOMENTS = 40
WITHIN_THE_SWAP = 12
QUERIES = 70
PATIENCE = 120

QUESTION = "SELECT ?list ?count { ?list a kg:List ; kg:count ?count } ORDER BY ?list ?count"
QUESTION_FILE = "lists.rq"
GRAPH = ("kg.nq", "kg.ttl", "kg.trig")
# What somebody keeps in the build of their own, which a build may move but not lose, and where it may move it.
OWN, OTHERS = "my-export.csv", "build-others"
# The table that has two states, which give two answers.
TABLE = Path("data/claims/river-post.csv")

# Runs a build. From its first rename on, each step that moves or removes a file is noted, or ended before, for good.
STEPPED = """
import os, signal, sys
workspace, notes, end = sys.argv[1], sys.argv[2], int(sys.argv[3])
steps = []
def step(event, args):
    if event not in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree", "os.link", "os.symlink"):
        return
    if not steps and not (event == "os.rename" and str(args[0]).startswith(workspace)):
        return
    if len(steps) == end:
        os.kill(os.getpid(), signal.SIGKILL)
    steps.append(event)
import kg
sys.addaudithook(step)
kg.build(workspace)
with open(notes, "w") as file:
    file.write("\\n".join(steps))
"""


def _kg(root: Path, *words: str, limit: int | None = None) -> subprocess.CompletedProcess[bytes]:
    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "kg", *words],
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        preexec_fn=limited,
    )


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stdout + done.stderr).decode(errors="replace").splitlines()
    return "\n".join([f"exit {done.returncode}", *lines[-6:]])


def _files(folder: Path) -> dict[str, str]:
    """Every file under a folder with the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != OWN
    }


@dataclass
class Trial:
    """A workspace whose tables can be put in either of two states, and what comes out of each when built alone."""

    root: Path
    tables: dict[str, bytes]
    graphs: dict[str, dict[str, str]]
    answers: dict[str, bytes]
    checks: dict[str, bytes]
    names: list[str]

    @property
    def build(self) -> Path:
        """The folder of the build."""
        return self.root / "build"

    def put(self, state: str) -> None:
        """Write the tables of a state."""
        (self.root / TABLE).write_bytes(self.tables[state])

    def keep(self, text: str) -> None:
        """Put a file of one's own into the build, and take away the one of before."""
        for path in self.root.rglob(OWN):
            path.unlink()
        (self.build / OWN).write_text(text, "utf-8")

    def keeps(self, text: str) -> None:
        """The file of one's own is still in the workspace."""
        assert text in {path.read_text("utf-8") for path in self.root.rglob(OWN)}, f"{OWN} was lost"

    def ask(self) -> subprocess.CompletedProcess[bytes]:
        """Ask the one question."""
        return _kg(self.root, "query", QUESTION_FILE, "--format", "csv")

    def stands(self, before: dict[str, str], old: str, new: str) -> None:
        """What a killed build leaves: the build of before or the new one, whole, and all commands work on it."""
        answer = self.ask()
        assert answer.returncode == 0, _said(answer)
        state = next((name for name in (old, new) if self.answers[name] == answer.stdout), None)
        assert state, f"neither the old answer nor the new one\n{_said(answer)}"
        if state == old:
            assert _files(self.build) == before, "the build of before has changed"
        else:
            self.is_whole(new)
        checked = _kg(self.root, "check")
        assert (checked.returncode, checked.stdout) == (0, self.checks[new]), _said(checked)
        self.builds(new)

    def builds(self, state: str) -> None:
        """The next build goes well and leaves nothing behind."""
        built = _kg(self.root, "build")
        assert built.returncode == 0, _said(built)
        self.is_whole(state)
        assert self.listed() == self.names, "there are leftovers"

    def is_whole(self, state: str) -> None:
        """The build is the one that a build alone makes of these tables."""
        found = _files(self.build)
        assert {name: found.get(name) for name in GRAPH} == self.graphs[state], f"not the graph of the {state} tables"

    def listed(self) -> list[str]:
        """What lies in the workspace and in its build, but for the inside of the store and what is somebody's own."""
        inside = [path for path in self.build.iterdir() if path.name != "store"]
        found = {path.relative_to(self.root).as_posix() for path in [*self.root.iterdir(), *inside]}
        return sorted(found - {f"{self.build.name}/{OWN}", OTHERS})


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """The workspace that `kg init` makes, built, in both states."""
    return _trial(tmp_path / "workspace")


def _trial(root: Path) -> Trial:
    initialize(root)
    (root / QUESTION_FILE).write_text(QUESTION, "utf-8")
    text = (root / TABLE).read_text("utf-8")
    tables = {"old": text.encode(), "new": _changed(text).encode()}
    trial = Trial(root, tables, {}, {}, {}, [])
    for state in ("new", "old"):
        trial.put(state)
        built = _kg(root, "build")
        assert built.returncode == 0, _said(built)
        trial.graphs[state] = {name: _files(trial.build)[name] for name in GRAPH}
        trial.answers[state] = trial.ask().stdout
        trial.checks[state] = _kg(root, "check").stdout
    trial.names = trial.listed()
    assert trial.answers["old"] != trial.answers["new"], "the two states answer alike"
    return trial


def _changed(text: str) -> str:
    """The same table with another total of the list, in its value alone."""
    changed = re.sub(r"^(list/harbour-2031-spring,count,)41,", r"\g<1>42,", text, count=1, flags=re.MULTILINE)
    assert changed != text
    return changed


def _states(number: int) -> tuple[str, str]:
    """The state that is built and the one that is being built, in turns."""
    return ("old", "new") if number % 2 == 0 else ("new", "old")


def test_a_build_may_be_killed_at_any_moment(gate: Gate, trial: Trial) -> None:
    """Killed at 40 moments spread over its time, a build leaves the one of before or a whole new one."""
    began = time.monotonic()
    trial.builds("old")
    lasted = time.monotonic() - began
    dice, killed = random.Random(SEED), 0
    with gate("builds killed at random moments (kill -9)") as attempt:
        for number in range(MOMENTS):
            old, new = _states(number)
            moment = lasted * (number + dice.random()) / MOMENTS
            before = _files(trial.build)
            trial.put(new)
            trial.keep(f"mine, {number}")
            with attempt(f"killed after {moment:.3f} s of {lasted:.3f} s"):
                process = subprocess.Popen(
                    [sys.executable, "-m", "kg", "build"],
                    cwd=trial.root,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    stdin=subprocess.DEVNULL,
                )
                time.sleep(moment)
                process.kill()
                killed += process.wait(PATIENCE) == -signal.SIGKILL
                trial.stands(before, old, new)
                trial.keeps(f"mine, {number}")
    assert killed > MOMENTS / 2, f"{killed} of {MOMENTS} builds were killed; the others had ended"


def test_a_build_may_be_killed_within_its_swap(gate: Gate, trial: Trial, tmp_path: Path) -> None:
    """Killed before each rename and removal by which the new build takes its place, it is the old one or the new."""
    notes = tmp_path / "steps"

    def stepped(end: int) -> int:
        words = [sys.executable, "-B", "-c", STEPPED, str(trial.root), str(notes), str(end)]
        return subprocess.run(words, cwd=trial.root, capture_output=True, timeout=PATIENCE, check=False).returncode

    for _ in range(2):
        # The first makes the folders that stay, so that the second takes the steps of each that follows.
        trial.keep("mine")
        assert stepped(-1) == 0
    chosen = _chosen(notes.read_text("utf-8").split("\n"))
    with gate("builds killed within the swap (kill -9)") as attempt:
        for number, (step, event) in enumerate(chosen):
            old, new = _states(number)
            before = _files(trial.build)
            trial.put(new)
            trial.keep(f"mine, {number}")
            with attempt(f"killed before step {step}, {event}"):
                assert stepped(step) == -signal.SIGKILL
                trial.stands(before, old, new)
                trial.keeps(f"mine, {number}")


def _chosen(steps: list[str]) -> list[tuple[int, str]]:
    """All renames and removals of folders, and of the rest as many as make it at least twelve, evenly spread."""
    main = [each for each in enumerate(steps) if each[1] in ("os.rename", "shutil.rmtree")]
    rest = [each for each in enumerate(steps) if each not in main]
    wanted = max(WITHIN_THE_SWAP - len(main), 3)
    spread = [rest[at * len(rest) // wanted] for at in range(wanted)] if rest else []
    chosen = sorted({*main, *spread})
    assert len(chosen) >= WITHIN_THE_SWAP, f"the swap has {len(steps)} steps only: {steps}"
    return chosen


def test_three_builds_at_once_are_as_one_alone(gate: Gate, trial: Trial) -> None:
    """Three builds that run at once all end well, and what stays is what one alone makes."""
    with gate("three builds at once") as attempt:
        for number in range(4):
            _, new = _states(number)
            trial.put(new)
            with attempt(f"round {number + 1}"):
                running = [
                    subprocess.Popen(
                        [sys.executable, "-m", "kg", "build"],
                        cwd=trial.root,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                    )
                    for _ in range(3)
                ]
                told = [(process.communicate(timeout=PATIENCE)[0], process.returncode) for process in running]
                assert [code for _, code in told] == [0, 0, 0], told
                trial.is_whole(new)
                assert trial.listed() == trial.names, "there are leftovers"
                assert trial.ask().stdout == trial.answers[new]


def test_queries_during_builds_answer_old_or_new(gate: Gate, trial: Trial) -> None:
    """Each of 70 queries that are asked while builds follow each other answers as before or after, to the byte."""
    done, failed = threading.Event(), []

    def build_on() -> None:
        number = 0
        while not done.is_set():
            trial.put(_states(number)[1])
            built = _kg(trial.root, "build")
            failed.extend([_said(built)] if built.returncode else [])
            number += 1

    side = threading.Thread(target=build_on)
    side.start()
    seen = set()
    try:
        with gate("queries during builds") as attempt:
            for number in range(QUERIES):
                with attempt(f"query {number + 1}"):
                    answer = trial.ask()
                    assert answer.returncode == 0, _said(answer)
                    assert answer.stdout in trial.answers.values(), _said(answer)
                    seen.add(answer.stdout)
    finally:
        done.set()
        side.join()
    assert not failed, failed[0]
    assert seen == set(trial.answers.values()), "all queries met the same build"


# ── No room ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path | None]:
    """A file system of its own of a few megabytes, or none where it may not be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    words = [mount or "mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", str(folder)]
    if mount is None or subprocess.run(words, capture_output=True, check=False).returncode:
        yield None
        return
    yield folder
    subprocess.run(["umount", str(folder)], capture_output=True, check=True)


@contextmanager
def _room(disk: Path | None, free: int) -> Iterator[int | None]:
    """Leave so many bytes free on a disk for a while; where there is no disk, the limit of files that stands for it."""
    if disk is None:
        yield free
        return
    filler, found = disk / "filler", os.statvfs(disk)
    try:
        filler.write_bytes(b"\0" * (found.f_bavail * found.f_frsize - free))
        yield None
    finally:
        filler.unlink()


def _fails_for_want_of_room(done: subprocess.CompletedProcess[bytes]) -> None:
    told = done.stderr.decode()
    assert done.returncode == 3, _said(done)
    assert "Traceback" not in told, _said(done)
    assert re.search("space|full|too large|larger than", told), _said(done)


def test_a_full_disk_leaves_what_was_there(gate: Gate, disk: Path | None, tmp_path: Path) -> None:
    """Where there is no room, a build and an export end with a message and exit 3, and the old files stay whole."""
    kind = "a tmpfs of 8 MB" if disk else "a limit of the size of files, since no tmpfs can be mounted"
    trial = _trial((disk or tmp_path) / "workspace")
    trial.put("new")
    before = _files(trial.build)
    # Blocks, not bytes: files of a store have holes.
    size = sum(path.stat().st_blocks * 512 for path in trial.build.rglob("*") if path.is_file())
    largest = max(path.stat().st_size for path in trial.build.glob("kg.*"))
    turtle = (trial.build / "kg.ttl").stat().st_size
    export = trial.root / "export.ttl"
    export.write_text("the old export", "utf-8")
    with gate(f"no room on {kind}") as attempt:
        for share in (0.0, 0.1, 0.25, 0.5, 0.75, 0.9):
            with attempt(f"a build with room for {share:.0%} of it"):
                with _room(disk, int((size if disk else largest) * share)) as limit:
                    _fails_for_want_of_room(_kg(trial.root, "build", limit=limit))
                assert _files(trial.build) == before, "the build of before has changed"
                answer = trial.ask()
                assert (answer.returncode, answer.stdout) == (0, trial.answers["old"]), _said(answer)
            with attempt(f"an export with room for {share:.0%} of it"):
                export.write_text("the old export", "utf-8")
                with _room(disk, int(turtle * share)) as limit:
                    _fails_for_want_of_room(_kg(trial.root, "export", "-o", str(export), limit=limit))
                assert export.read_text("utf-8") == "the old export"
                assert trial.listed() == sorted([*trial.names, "export.ttl"]), "there are leftovers"
        with attempt("a build when there is room again"):
            export.unlink()
            trial.builds("new")

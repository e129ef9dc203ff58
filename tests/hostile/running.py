"""Running cases: each in a copy of one built workspace, as many at once as there are processors."""

from __future__ import annotations

import json
import os
import queue
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hostile.case import Case, Ended, complaints, snapshot
from kg.template import initialize

ROOT = Path(__file__).parents[2]
_PATH = {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
_PROGRAM = [sys.executable, "-P", "-m", "kg"]


@dataclass
class Runner:
    """Runs cases in copies of a built workspace `template`, below a folder `place`."""

    template: Path
    place: Path
    servers: queue.SimpleQueue[subprocess.Popen[str]] = field(default_factory=queue.SimpleQueue)

    def run(self, cases: Sequence[Case]) -> list[list[str]]:
        """What does not hold of each case, in their order."""
        with ThreadPoolExecutor(_workers()) as pool:
            return list(pool.map(self._held, range(len(cases)), cases))

    def _held(self, number: int, case: Case) -> list[str]:
        above = self.place / f"{number:03d}"
        root = above / "registry"
        shutil.copytree(self.template, root, symlinks=True)
        try:
            case.make(root)
            before = snapshot(above)
            began = time.monotonic()
            code = self._ended(case, root)
            took = time.monotonic() - began
            out, err = ((above / name).read_bytes() for name in ("out", "err"))
            ended = Ended(code, took, out, err, before, snapshot(above))
            return [f"{each}{_told(ended)}" for each in complaints(case, ended)]
        finally:
            remove(above)

    def _ended(self, case: Case, root: Path) -> int | None:
        above = root.parent
        (above / "in").write_bytes(case.stdin)
        words = [word.replace("@", str(above)) if word.startswith("@") else word for word in case.words]
        if case.shell:
            return _started(case, root)
        server = self.servers.get()
        try:
            asked = {
                "words": words,
                "folder": str(root),
                "seconds": case.seconds,
                "environment": dict(case.environment),
                **{f"std{name}": str(above / name) for name in ("in", "out", "err")},
            }
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            code: int | None = json.loads(server.stdout.readline())
            return code
        finally:
            self.servers.put(server)


def _ordinary() -> list[str]:
    """What a command begins with so that the modes of files count for it, as they do for everyone but root."""
    drop = ["--bounding-set=-dac_override,-dac_read_search,-fowner,-chown", "--inh-caps=-all"]
    return ["setpriv", *drop] if os.geteuid() == 0 else []


def _workers() -> int:
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2)


def _started(case: Case, root: Path) -> int | None:
    """Start the command as a shell does; its exit code, or None where it did not end in time and was ended."""
    above = root.parent
    line = case.shell.replace("kg ", f"{shlex.join(_PROGRAM)} ", 1)
    command = [*_ordinary(), "bash", "-o", "pipefail", "-c", line]
    with (above / "in").open("rb") as into, (above / "out").open("wb") as out, (above / "err").open("wb") as err:
        started = subprocess.Popen(
            command,
            cwd=root,
            env={**os.environ, **_PATH, **case.environment},
            stdin=into,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            return started.wait(case.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
            return None


def _told(ended: Ended) -> str:
    """The end of what a command said, for whoever looks into a case that does not hold."""
    said = " | ".join(ascii(data.decode("utf-8", "replace")[-300:]) for data in (ended.out, ended.err) if data)
    return f" (code {ended.code}, {ended.seconds:.1f} s: {said})"


def remove(folder: Path) -> None:
    """Remove a folder whatever modes are in it."""
    for path, folders, _ in os.walk(folder):
        for name in folders:
            inner = Path(path) / name
            if not inner.is_symlink():
                inner.chmod(0o700)
    shutil.rmtree(folder)


@contextmanager
def running(place: Path) -> Iterator[Runner]:
    """Make and build the workspace that cases start from, and start the processes that have loaded the program."""
    template = place / "template"
    initialize(template)
    subprocess.run([*_PROGRAM, "build"], cwd=template, env={**os.environ, **_PATH}, check=True, capture_output=True)
    runner = Runner(template, place)
    servers = [
        subprocess.Popen(
            [*_ordinary(), sys.executable, "-W", "ignore", "-P", "-m", "hostile.warm"],
            env={**os.environ, **_PATH},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(_workers())
    ]
    for server in servers:
        runner.servers.put(server)
    try:
        yield runner
    finally:
        for server in servers:
            assert server.stdin is not None
            server.stdin.close()
            server.wait()
            assert server.stdout is not None
            server.stdout.close()

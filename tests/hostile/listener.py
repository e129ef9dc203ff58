"""A listener on loopback that names what reached it, and real `kg` processes that try to."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PATH = re.compile(rb"/way/([\w-]+)")
# What clients that ask for rows, triples or contexts accept, so that they go on to whatever they would do next.
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
_ROWS = b'{"head":{"vars":["a","b","c"]},"results":{"bindings":[]}}'
_LONGEST_WAIT = 2
_LAST = "last"
_IMPORTS = "click, pyoxigraph, kg.cli, kg.check.own, kg.export, kg.network, kg.registry, kg.screens"


class Listener:
    """Counts the connections to one port of the loopback addresses; `hits` has the way that each names.

    A connection that sends nothing, or nothing with the path of a way, is a hit called by what it sent.
    """

    def __init__(self) -> None:
        self.hits: list[str] = []
        self._sockets = list(_bound())
        self.port: int = self._sockets[0].getsockname()[1]
        self.addresses = [each.getsockname()[0] for each in self._sockets]
        self._waiting: list[threading.Thread] = []
        for each in self._sockets:
            threading.Thread(target=self._accept, args=(each,), daemon=True).start()

    def taken(self) -> list[str]:
        """The hits since the last call, in order.

        Connections are accepted in their order, so that behind a last one of our own there is none left.
        """
        for address in self.addresses:
            with socket.create_connection((address, self.port)) as last:
                last.sendall(b"GET /way/" + _LAST.encode())
                last.recv(1)
        for each in self._waiting:
            each.join(_LONGEST_WAIT * 2)
        found, self.hits, self._waiting = sorted(self.hits), [], []
        return [each for each in found if each != _LAST]

    def close(self) -> None:
        """Stop listening."""
        for each in self._sockets:
            each.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            heard = threading.Thread(target=self._hear, args=(connection,), daemon=True)
            self._waiting.append(heard)
            heard.start()

    def _hear(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(_LONGEST_WAIT)
            try:
                asked = connection.recv(1 << 16)
                kind = b"application/ld+json" if b"ld+json" in asked else b"application/sparql-results+json"
                connection.sendall(_ANSWER % (kind, len(_ROWS), _ROWS))
            except OSError:
                asked = b""
        found = _PATH.search(asked)
        self.hits.append(found[1].decode() if found else f"unnamed: {asked[:80]!r}")


def _bound() -> Iterator[socket.socket]:
    """Listening sockets on 127.0.0.1 and, where there is one, on the same port of ::1."""
    first = socket.create_server(("127.0.0.1", 0), backlog=200)
    yield first
    try:
        yield socket.create_server(("::1", first.getsockname()[1]), family=socket.AF_INET6, backlog=200)
    except OSError:
        return


@dataclass(frozen=True)
class Job:
    """A command line of `kg` in a folder, or Python code; `way` is the way it tries."""

    way: str
    arguments: tuple[str, ...] = ()
    folder: str = "."
    stdin: str = ""
    code: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a process ended: its exit code, or -1 if it had to be ended, and all that it wrote."""

    job: Job
    code: int
    output: str


# Forks a process for each command, so that what all of them import is imported once.
_FORKS = """
import json, os, runpy, signal, sys, tempfile, time
import %s

def command(job, files):
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number)
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "r" if n == 0 else "w") for n in range(3))
    if job["code"]:
        exec(job["code"], {"__name__": "__main__"})
        return
    sys.argv = ["kg", *job["arguments"]]
    runpy.run_module("kg", run_name="__main__", alter_sys=True)

def outcome(job):
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told:
        given.write(job["stdin"].encode())
        given.seek(0)
        child = os.fork()
        if child == 0:
            code = 99
            try:
                command(job, (given, told, told))
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
            except BaseException:
                import traceback
                traceback.print_exc()
            finally:
                for stream in (sys.stdout, sys.stderr):
                    try:
                        stream.flush()
                    except (OSError, ValueError):
                        pass
                os._exit(code)
        end = time.monotonic() + %d
        while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
            if time.monotonic() > end:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                ended = None
                break
            time.sleep(0.01)
        told.seek(0)
        return [os.waitstatus_to_exitcode(ended[1]) if ended else -1, told.read().decode("utf-8", "replace")]

jobs = json.load(sys.stdin)
json.dump([outcome(job) for job in jobs], sys.stdout)
"""
_LIMIT = 60


def processes(jobs: Sequence[Job], at_once: int = 2) -> list[Outcome]:
    """Run commands, those of one folder one after another, each in a process of its own."""
    folders = list(dict.fromkeys(job.folder for job in jobs))
    parts: list[list[Job]] = [[] for _ in range(at_once)]
    for folder in folders:
        smallest = min(parts, key=len)
        smallest += [job for job in jobs if job.folder == folder]
    with ThreadPoolExecutor(at_once) as pool:
        return [each for found in pool.map(_forked, filter(None, parts)) for each in found]


def _forked(jobs: list[Job]) -> list[Outcome]:
    answer = python(_FORKS % (_IMPORTS, _LIMIT), json.dumps([asdict(job) for job in jobs]))
    return [Outcome(job, code, output) for job, (code, output) in zip(jobs, json.loads(answer), strict=True)]


def python(code: str, stdin: str = "", *arguments: str) -> str:
    """What Python code prints, run in a process of its own that finds the program and these helpers."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=stdin,
        env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener that is closed at the end."""
    found = Listener()
    try:
        yield found
    finally:
        found.close()

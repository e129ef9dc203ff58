"""Starting the guarded worker, waiting for it, and what became of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import KgError, RefusedError
from kg.guard.sandbox import memory_share
from kg.guard.worker import ANNOUNCED

SECONDS = 60.0
_PACKAGES = str(Path(__file__).parents[2])
_WORKER = "import sys; sys.path.append(sys.argv[1]); from kg.guard.worker import main; main()"


@dataclass(frozen=True)
class Guard:
    """The limits of a worker: `seconds` of wall-clock time, `memory` in bytes, and the `longest` answer in bytes.

    With `unguarded`, files that others wrote are read also where the system cannot take sockets away from a process.
    """

    seconds: float = SECONDS
    memory: int = field(default_factory=memory_share)
    longest: int = 256 << 20
    unguarded: bool = False


class LimitError(KgError):
    """The worker reached a limit or died; `at` is what it had announced last, `limit` is time, memory or crash."""

    def __init__(self, message: str, fix: str, limit: str, at: str = "") -> None:
        super().__init__(message, fix)
        self.limit = limit
        self.at = at


class UnguardedError(RefusedError):
    """The system cannot take sockets away from a process, so what others wrote is not run."""

    def __init__(self) -> None:
        message = "this system cannot take network access away from a process, so files of others are not read"
        super().__init__(
            message, "read these files yourself first; if you trust them, run kg build or kg check with --unguarded"
        )


def run(task: str, request: Mapping[str, Any], body: bytes = b"", guard: Guard | None = None) -> tuple[Any, bytes]:
    """Run `module:function` in a worker without sockets; the function gets the request and the body, and gives both.

    The worker can write no file, has the memory and the time of the guard, and dies with this process. Raises KgError
    as the function does, LimitError where the worker reached a limit or died, and UnguardedError where sockets cannot
    be taken away and the function says that it needs that.

    >>> run("kg.guard.worker:echo", {"a": 1}, b"more")
    ({'a': 1}, b'more')
    """
    guard = guard or Guard()
    head = {
        "task": task,
        "request": dict(request),
        "parent": os.getpid(),
        "cpu": int(guard.seconds * 4) + 5,
        "memory": guard.memory,
        "longest": guard.longest,
        "unguarded": guard.unguarded,
    }
    # Safe path (-P): a json.py in the folder one stands in must not run.
    command = [sys.executable, "-P", "-B", "-c", _WORKER, _PACKAGES]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and nothing of the request is in the command
            command,
            input=json.dumps(head).encode() + b"\n" + body,
            capture_output=True,
            timeout=guard.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"it took longer than {guard.seconds:g} seconds and was ended"
        raise LimitError(message, "give it more time", "time", _announced(error.stderr or b"")) from error
    return _received(done, guard)


def _received(done: subprocess.CompletedProcess[bytes], guard: Guard) -> tuple[Any, bytes]:
    head, _, body = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise _ended(done)
    reply = json.loads(head)
    if reply["kind"] == "done":
        return reply["reply"], body
    if reply["kind"] == "memory":
        raise _short_of_memory(_announced(done.stderr))
    if reply["kind"] == "unguarded":
        raise UnguardedError
    if reply["kind"] == "longest":
        raise KgError(f"the answer is longer than {guard.longest >> 20} MB", "narrow the query, or add a LIMIT")
    raise KgError(reply["message"], reply["fix"], reply["code"], marked=reply["marked"])


def _ended(done: subprocess.CompletedProcess[bytes]) -> LimitError:
    """What ended a worker without an answer, as far as its last words say."""
    at = _announced(done.stderr)
    if b"memory allocation" in done.stderr or b"MemoryError" in done.stderr:
        return _short_of_memory(at)
    return LimitError("it brought the worker down", "nest it less deeply, or narrow it", "crash", at)


def _short_of_memory(at: str) -> LimitError:
    return LimitError("it needs more memory than it may have", "narrow it", "memory", at)


def _announced(output: bytes) -> str:
    """What the worker announced last; it goes among whatever libraries print."""
    lines = [line for line in output.decode("utf-8", "replace").split("\n") if line.startswith(ANNOUNCED)]
    return lines[-1].removeprefix(ANNOUNCED) if lines else ""

"""The process that runs one task on what others wrote and ends.

Standard input has a line of JSON (the task, its limits, its request) and the body behind it; standard output gets a
line of JSON that says what came of it, and a body. On standard error it announces what it is about to do, so that
whoever ends it knows where it was.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from kg.guard.sandbox import die_with, limit, without_sockets

ANNOUNCED = "\x1ekg "

Request = Mapping[str, Any]
Task = Callable[[Request, bytes], tuple[Any, bytes]]
_state = {"sockets": True}


def main() -> None:
    """Read the task, take away rights, run it, answer."""
    head, _, body = sys.stdin.buffer.read().partition(b"\n")
    asked: dict[str, Any] = json.loads(head)
    die_with(asked["parent"])
    limit(asked["cpu"], asked["memory"])
    _state["sockets"] = not without_sockets()
    _state["allowed"] = asked["unguarded"]
    # The task may print, and so may what it runs; the answer must not be mixed with that.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    reply, data = _outcome(asked["task"], asked["request"], body)
    if len(data) > asked["longest"]:
        reply, data = {"kind": "longest"}, b""
    answer.write(json.dumps(reply).encode() + b"\n" + data)
    answer.close()


def _outcome(task: str, request: Request, body: bytes) -> tuple[dict[str, Any], bytes]:
    from kg.errors import KgError

    module, _, name = task.partition(":")
    try:
        run: Task = getattr(import_module(module), name)
        reply, data = run(request, body)
    except _NeedsGuardError:
        return {"kind": "unguarded"}, b""
    except MemoryError:
        return {"kind": "memory"}, b""
    except KgError as error:
        return _error(error), b""
    except Exception as error:
        message = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        return _error(KgError(message, "look at the file or the query")), b""
    return {"kind": "done", "reply": reply}, data


def _error(error: Any) -> dict[str, Any]:
    said = {"message": error.message, "fix": error.fix, "code": error.code, "marked": error.marked}
    return {"kind": "error", **said}


class _NeedsGuardError(Exception):
    """The task must not run in a process that can open sockets."""


def guarded() -> bool:
    """Whether this process has lost the right to open sockets."""
    return not _state["sockets"]


def need_guard() -> None:
    """End the task unless this process has lost the right to open sockets, or may go on without."""
    if not guarded() and not _state["allowed"]:
        raise _NeedsGuardError


def announce(what: str) -> None:
    """Say what is about to be done; if the worker is ended meanwhile, its LimitError names it."""
    sys.stderr.write(ANNOUNCED + what.replace("\n", " ") + "\n")
    sys.stderr.flush()


def echo(request: Request, body: bytes) -> tuple[Any, bytes]:
    """A task that answers what it was asked."""
    need_guard()
    return dict(request), body


def wait(request: Request, body: bytes) -> tuple[Any, bytes]:
    """A task that takes so many seconds."""
    announce("waiting")
    time.sleep(request["seconds"])
    return None, body


def fill(request: Request, body: bytes) -> tuple[Any, bytes]:
    """A task that needs so many bytes."""
    return len(bytearray(request["bytes"])), body


if __name__ == "__main__":
    main()

"""Runs commands, each in a process of its own that is forked from one in which the program is loaded already.

Reads a line of JSON for each command (words, folder, files of the streams, seconds, settings of the environment) and
answers with a line: the exit code, or null for a command that did not end in time and was ended.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from typing import Any

# What commands load late, and would load again in every process.
LOADED = ("kg.cli", "kg.registry", "kg.screens", "kg.check", "kg.check.own", "kg.network", "kg.export", "kg.template")


def serve() -> None:
    """Run commands until nobody asks for one."""
    for name in LOADED:
        __import__(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(asked)
        print(json.dumps(_waited(child, asked["seconds"])), flush=True)  # noqa: T201


def _waited(child: int, seconds: float) -> int | None:
    """The exit code of a command; the whole group of its processes is ended where it takes longer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.004)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _become(asked: dict[str, Any]) -> None:
    """Be the command: with its streams, in its folder, until its end."""
    os.setsid()
    for number, (path, flags) in enumerate(
        (
            (asked["stdin"], os.O_RDONLY),
            *((asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in ("stdout", "stderr")),
        )
    ):
        handle = os.open(path, flags, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(asked["folder"])
    os.environ.update(asked["environment"])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv = ["kg", *asked["words"]]
    code = 70
    try:
        from kg.__main__ import run

        run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 71
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()

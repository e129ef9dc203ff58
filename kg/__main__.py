"""`kg`, and `python -m kg`: one command, from the first import to the last byte, with a message for whatever fails."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from kg.failures import INTERRUPTED, failure
from kg.terminal import tell

_CANNOT = 3
_HELP = frozenset(("-h", "--help", "--version"))


def run() -> NoReturn:
    """Run the command that this process was started with, and exit with its code."""
    try:
        code = _begun()
    except KeyboardInterrupt:
        tell("interrupted", sys.stderr)
        code = INTERRUPTED
    except Exception as error:
        # Before the command line is there to tell it: a library is missing, or there is no memory to load one.
        tell(str(failure(error)), sys.stderr)
        code = _CANNOT
    sys.exit(code)


def _begun() -> int:
    closed = sys.stdout is None
    for number in range(3):
        _hold(number)
    from kg.cli import main
    from kg.cli.endings import Doing, cannot, close, exit_code
    from kg.cli.printing import CLOSED
    from kg.cli.supervisor import supervised
    from kg.errors import KgError

    if closed:
        return cannot(KgError(*CLOSED), Doing())

    def work() -> int:
        code = exit_code(lambda: main(prog_name="kg"), Doing())
        return close() or code

    # Help is there at once: a process of its own costs a hundredth of a second.
    return work() if _HELP.intersection(sys.argv) else supervised(work)


def _hold(number: int) -> None:
    """Open a standard stream that is closed onto nothing: else the next file that is opened would take its place."""
    try:
        os.fstat(number)
    except OSError:
        handle = os.open(os.devnull, os.O_RDWR)
        if handle != number:
            os.dup2(handle, number)
            os.close(handle)


if __name__ == "__main__":
    run()

"""`kg`, and `python -m kg`: one command, from the first import to the last byte, with a message for whatever fails."""

from __future__ import annotations

import os
import sys

_CANNOT, _INTERRUPTED = 3, 130
_HELP = frozenset(("-h", "--help", "--version"))


def run() -> None:
    """Run the command that this process was started with, and exit with its code."""
    try:
        code = _begun()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except Exception as error:
        _tell(error)
        code = _CANNOT
    _let_go()
    sys.exit(code)


def _let_go() -> None:
    """Drop the messages that standard error does not take: else Python would exit with 120 for them."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - its number is needed, no path
            os.dup2(nothing.fileno(), 2)


def _tell(error: Exception) -> None:
    """Tell what failed before the command line was there: a library is missing, or no file of one can be opened."""
    told = f"error: {type(error).__name__}: {error}\n  fix: look at the limits of memory and open files (ulimit -a)"
    try:
        from kg.failures import failure
        from kg.terminal import tell

        tell(str(failure(error)), sys.stderr)
    except Exception:
        if sys.stderr is not None:
            sys.stderr.write(f"{told}\n")


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

"""How commands print: text for people by way of `printable`, data as it is; what cannot be printed is told."""

from __future__ import annotations

import errno
import os
import sys

from kg.errors import KgError
from kg.failures import cause
from kg.terminal import printable
from kg.terminal import tell as tell_to


def tell(text: str) -> None:
    """Print a message on standard error."""
    tell_to(text, sys.stderr)


def say(text: str) -> None:
    """Print a result for people, and a line end, on standard output."""
    put(printable(text).encode() + b"\n")


def put(data: bytes) -> None:
    """Write data to standard output. Raises KgError where it is closed or takes no more, but for a reader that left."""
    if sys.stdout is None:
        raise KgError(*CLOSED)
    try:
        rest = memoryview(data)
        # Where it is not buffered (PYTHONUNBUFFERED=1) it may take a part alone.
        while rest:
            taken = sys.stdout.buffer.write(rest)
            if not taken:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            rest = rest[taken:]
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        why, fix = cause(error)
        raise KgError(f"standard output cannot be written: {why}", fix) from error


CLOSED = ("standard output is closed", "send it to a file, or to /dev/null if nobody is to read it")

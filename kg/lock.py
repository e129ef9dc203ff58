"""Locks: one process at a time renames builds, and a folder or a file shows whether its writer lives."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time into a section, where the system can lock folders; killing it unlocks."""
    handle = None
    try:
        with suppress(ImportError, OSError):
            import fcntl

            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def living(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder that shows that its builder lives, where the system can lock folders."""
    with alone(folder):
        yield


def lives(folder: Path, pid: int) -> bool:
    """Whether the writer of a folder or a file lives: its lock shows it; where there are no locks, its number does."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return runs(pid)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return runs(pid)
    finally:
        os.close(handle)
    return False


def runs(pid: int) -> bool:
    """Whether a process of a number runs."""
    if os.name == "nt":
        # There, sending a process the signal 0 would end it.
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True

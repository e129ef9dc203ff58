"""Limits for the process that runs what others wrote: memory, time, no files to write, and no sockets."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
import threading
import time

_MOST_MEMORY = 6 << 30

_DEATH_SIGNAL, _NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 1, 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_IO_URING = 425
# By machine: its number for audit, and the numbers of socket and socketpair.
_MACHINES = {"x86_64": (0xC000003E, 41, 53), "aarch64": (0xC00000B7, 198, 199)}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def memory_share() -> int:
    """The bytes that a worker may have: half of the machine's memory, and 6 GiB at most."""
    try:
        return min(_MOST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)
    except (AttributeError, ValueError, OSError):
        return _MOST_MEMORY


def limit(cpu_seconds: int, memory: int) -> None:
    """Limit the memory and the CPU time of this process, and let it write no file and no core dump, where possible."""
    try:
        import resource
    except ImportError:
        return
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: memory,
    }
    for what, number in limits.items():
        hard = resource.getrlimit(what)[1]
        wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
        try:
            resource.setrlimit(what, (wanted, hard))
        except (ValueError, OSError):
            continue


def die_with(parent: int) -> None:
    """Let this process be killed when its parent ends, however that ends; at once if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def without_sockets() -> bool:
    """Take from this process, for good, the right to open sockets (seccomp(2), Linux); whether that worked.

    It holds for threads started later, so it comes before the store is opened.
    """
    found = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or found is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    code = _program(*found)
    program = _Program(len(code) // 8, code)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def without_new_files() -> bool:
    """Take from this process, for good, the right to open files, of which sockets are some; whether that worked.

    It is for systems without seccomp, and comes after the store is opened.
    """
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    except (ImportError, ValueError, OSError):
        return False
    return True


def _program(audit: int, *refused: int) -> bytes:
    """A filter that refuses some system calls, calls of another architecture, and those of the x32 ABI."""
    calls = (*refused, _IO_URING)
    refuse = 4 + len(calls)
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, refuse - 1, audit),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, refuse - 3, 0, 0x40000000),
        *((_EQUAL, refuse - 4 - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)

"""The command runs in a process of its own, so that its death by a signal is told as well.

Libraries in Rust end the process where memory runs out or a store is damaged, and the system ends one that takes too
much; nothing within it could tell of that.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from kg.cli.endings import CANNOT
from kg.cli.printing import tell
from kg.errors import KgError

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_FROM_KERNEL = 0x80  # SI_KERNEL of sigaction(2): a terminal sends to all processes in it
_MEMORY = "close other programs, ask for less, or use a machine with more memory; the last build is as it was"
_DAMAGE = "run kg build; if that ends so too, install kg-registry again"
_TOLD = {
    "SIGKILL": ("it was ended by the system, probably for lack of memory (SIGKILL)", _MEMORY),
    "SIGABRT": ("it came to an end, probably for lack of memory (SIGABRT)", _MEMORY),
    "SIGSEGV": ("a file of the build or a library seems to be damaged (SIGSEGV)", _DAMAGE),
    "SIGBUS": ("a file of the build was damaged, or cut off while it was read (SIGBUS)", _DAMAGE),
    "SIGILL": ("a library does not fit this machine (SIGILL)", "install kg-registry again on this machine"),
    "SIGSYS": ("the system forbids what it needs (SIGSYS)", "run it outside the sandbox"),
    "SIGXCPU": ("it took more time than it may (SIGXCPU)", "raise the limit (ulimit -t)"),
}


def supervised(work: Callable[[], int]) -> int:
    """Do the work in a process of its own and give its exit code; if a signal ends it, tell that.

    The process dies with this one, gets the signals sent to it, and stops and goes on with it. Where the system cannot
    do all that, the work is done here.
    """
    if not hasattr(signal, "sigwaitinfo"):
        return work()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    passed_on = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, *passed_on})
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError:
        child = 0
    if child:
        return _ended(_waited(child, {signal.SIGCHLD, *passed_on}))
    if os.getpid() != parent:
        _die_with(parent)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return work()


def _die_with(parent: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(CANNOT)


def _waited(child: int, signals: set[signal.Signals]) -> int:
    """How a process ended, passing on the signals that come until then."""
    while True:
        # A second at most: where there are threads, one of them may have got the signal.
        found = signal.sigtimedwait(signals, 1)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if found is None or found.si_signo == signal.SIGCHLD:
            continue
        if not (found.si_signo == signal.SIGINT and found.si_code == _FROM_KERNEL):
            os.kill(child, found.si_signo)


def _ended(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        # This process did nothing that would have to be brought to an end.
        os._exit(code)
    name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
    if name in _TOLD:
        tell(str(KgError(*_TOLD[name])))
        return CANNOT
    # Someone ended it: end as it did, so that shells and scripts see that.
    signal.signal(-code, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {-code})
    os.kill(os.getpid(), -code)
    return 128 - code

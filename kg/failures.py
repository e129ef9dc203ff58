"""What the system, a library or the program itself fails at, as a message: which path, why, and what to do about it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path

from kg.errors import KgError
from kg.terminal import visible

REPORT = "run it again with KG_TRACEBACK=1 and report what it prints, and which command you ran"
REBUILD = "run kg build"
INTERRUPTED = 130
_MEMORY = "close other programs, use a machine with more memory, or raise its limit (ulimit -v)"
_FILES = "raise the limit, as with: ulimit -n 4096"
_ROOM = "make room, or write to another disk with -o"
_RIGHTS = "look at who may read and write it, and in which folder it lies"
_ELSEWHERE = "write elsewhere with -o"

# By the system's number of an error: the cause, and the fix.
_CAUSES: Mapping[int, tuple[str, str]] = {
    errno.EACCES: ("permission denied", _RIGHTS),
    errno.EPERM: ("permission denied", _RIGHTS),
    errno.EROFS: ("it lies on a file system that can only be read", _ELSEWHERE),
    errno.ENOSPC: ("the disk is full", _ROOM),
    errno.EDQUOT: ("what you may have of the disk is used up", _ROOM),
    errno.EFBIG: ("it is larger than a file may be", "raise the limit (ulimit -f), or write to another disk with -o"),
    errno.EMFILE: ("too many files are open in this process", _FILES),
    errno.ENFILE: ("too many files are open on this machine", "close other programs"),
    errno.ENOENT: ("there is no such file or folder", "look at how the path is spelled"),
    errno.EEXIST: ("there is something of that name already", "choose another name"),
    errno.ENOTDIR: ("a part of its path is a file, where a folder is needed", "look at how the path is spelled"),
    errno.EISDIR: ("it is a folder", "name a file"),
    errno.ELOOP: ("its links lead in a circle", "remove or correct the link"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
    errno.EIO: ("the disk fails to read or write", "look at the disk; copy the registry to another one"),
    errno.ENOMEM: ("there is too little memory", _MEMORY),
    errno.EAGAIN: ("there may be no more processes", "end other programs, or raise the limit (ulimit -u)"),
    errno.EBUSY: ("something else holds it", "close what uses it, or choose another name"),
    errno.EBADF: ("it is closed", "open it, or send it to a file"),
    errno.ENXIO: ("nothing is at its other end", "name a file"),
    errno.ESTALE: ("the network folder it lies in has gone", "connect it again"),
    errno.EILSEQ: ("the disk takes no such name", "choose a name in UTF-8"),
}
# Packages by the modules that they bring, where the names differ.
_PACKAGES = {"igraph": '"kg-registry[igraph]"', "resvg_py": "resvg-py"}
# Of Rust, whose extensions raise these where no class of Python is meant.
_RUST = ("PanicException",)
_NO_ROOM = ("failed to map", "allocate memory")
_UNREADABLE = (SyntaxError, ValueError, KeyError, EOFError)


def cause(error: OSError) -> tuple[str, str]:
    """Why the system refused, and what to do about it.

    >>> cause(OSError(28, "No space left on device"))[0]
    'the disk is full'
    """
    told = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
    return _CAUSES.get(_number(error), (told, _RIGHTS if error.filename else REPORT))


def _number(error: OSError) -> int:
    """The system's number of an error, which libraries in Rust tell in words."""
    if error.errno:
        return error.errno
    found = os.name == "posix" and re.search(r"\(os error (\d+)\)", str(error))
    few = re.search("file descriptors|[Tt]oo many open files", str(error))
    return int(found[1]) if found else errno.EMFILE if few else 0


def failure(error: BaseException, build: Path | None = None) -> KgError:
    """What to tell of an error that no one foresaw where it arose.

    `build` is the build that the command reads, if it reads one: then what cannot be read is likely that.
    """
    if isinstance(error, KgError):
        return error
    if isinstance(error, OSError):
        return _system(error, build)
    if found := re.search(r"Os \{ code: (\d+)", str(error)):
        # A library in Rust that took an error of the system for impossible.
        return _system(OSError(int(found[1]), ""), build)
    if isinstance(error, ImportError):
        return _missing(error)
    return _limit(error) or _library(error, build)


def _limit(error: BaseException) -> KgError | None:
    """What to tell of an error that means a limit: of memory, of threads, of what is text."""
    if isinstance(error, MemoryError):
        return KgError("there is too little memory", _MEMORY)
    if isinstance(error, RecursionError):
        return KgError("something is nested too deeply", "nest what it reads less deeply")
    if isinstance(error, UnicodeEncodeError):
        fix = "write it in UTF-8; rename a file whose name is not"
        return KgError(f"“{visible(error.object[:80])}” is no text in UTF-8", fix)
    if isinstance(error, NameError) and error.name == "plr":
        # polars goes on without its binary, and then lacks all names of it.
        return KgError("the library polars cannot be loaded", f"{_MEMORY}; or install it again: pip install polars")
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return KgError("the system starts no more threads", "end other programs, or raise the limit (ulimit -u)")
    return None


def _system(error: OSError, build: Path | None) -> KgError:
    why, fix = cause(error)
    paths = [os.fsdecode(each) for each in (error.filename, error.filename2) if isinstance(each, str | bytes)]
    if not error.errno:
        paths = _named(str(error), build)
    if build is not None and _damaged(error, paths, build):
        return KgError(f"the build cannot be read: {': '.join([*paths, why])}", REBUILD)
    return KgError(f"{' and '.join(paths)}: {why}" if paths else why, fix)


def _named(text: str, build: Path | None) -> list[str]:
    """The path in what a library in Rust tells, which may have cut its beginning off: `cause (os error 2): ...x/y`."""
    found = re.search(r"\(os error \d+\): (\S.*?)(?: \(set POLARS_VERBOSE|$)", text)
    if found is None:
        return []
    return [str(build / Path(found[1]).name) if build and found[1].startswith("...") else found[1]]


def _damaged(error: OSError, paths: list[str], build: Path) -> bool:
    """Whether a part of a build is missing, or is not what it should be."""
    if _number(error) == 0:
        return True
    wrong = _number(error) in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EINVAL)
    return wrong and (not paths or any(Path(path).absolute().is_relative_to(build.absolute()) for path in paths))


def _missing(error: ImportError) -> KgError:
    module = (error.name or "").partition(".")[0]
    if not module or module == "kg":
        return KgError(f"a part of the program is missing: {error}", "install kg-registry again")
    install = f"pip install {_PACKAGES.get(module, module)}"
    if isinstance(error, ModuleNotFoundError):
        return KgError(f"the optional part {module} is not installed", install)
    if any(words in str(error) for words in _NO_ROOM):
        return KgError(f"there is too little memory to load {module}", _MEMORY)
    return KgError(f"the library {module} cannot be loaded: {error}", f"install it again: {install}")


def _library(error: BaseException, build: Path | None) -> KgError:
    kind = type(error)
    told = f"{kind.__name__}: {error}" if str(error) else kind.__name__
    foreign = kind.__module__.partition(".")[0] in ("polars", "pyoxigraph") or kind.__name__ in _RUST
    if build is not None and (foreign or isinstance(error, _UNREADABLE)):
        return KgError(f"the build cannot be read, it seems to be damaged ({told})", f"{REBUILD}; or else {REPORT}")
    return KgError(f"this was not foreseen: {told}", REPORT)

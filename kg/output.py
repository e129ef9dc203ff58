"""Where commands write: never onto what is read, and a file is there whole or as it was before.

`Protected` knows what is read. `Destination` is a place that it let pass, and nothing is written to any other.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from kg.errors import KgError, RefusedError
from kg.failures import cause
from kg.lock import lives, runs

Identity = tuple[int, int]

STANDARD = Path("-")
_ELSEWHERE = "name another place with -o"
_BINARY = getattr(os, "O_BINARY", 0)
_UNFINISHED = re.compile(r"\.kg-output-(\d+)-[0-9a-f]{16}\.part")
_DESCRIPTOR = re.compile(r"/(?:dev/fd|proc/self/fd)/(\d+)")
_DESCRIPTORS = {"/dev/stdout": 1, "/dev/stderr": 2}


@dataclass(frozen=True)
class Protected:
    """What no output may land on: the files and folders that are read (`inputs`), and those of builds (`builds`)."""

    inputs: tuple[Path, ...] = ()
    builds: tuple[Path, ...] = ()

    def refuse(self, path: Path) -> None:
        """Raise RefusedError for a path that is one of them, or lies in one, by whatever way it leads there."""
        target = Path(os.path.realpath(path))
        met = self._met(target)
        if met in self.builds:
            message = f"{path} would land in {met.name}/, which is made anew by each build; nothing was written"
            raise RefusedError(message, f"{_ELSEWHERE}, outside {met.name}/")
        if met is not None:
            on = met.is_file() or target == Path(os.path.realpath(met))
            where = f"on {met.name}, which kg reads" if on else f"in {met.name}/, from which kg reads"
            fix = _ELSEWHERE if on else f"{_ELSEWHERE}, outside {met.name}/"
            raise RefusedError(f"{path} would land {where}; nothing was written", fix)

    def _met(self, target: Path) -> Path | None:
        """What of all this a target is or lies in: by its path, or as the system knows the two (links, mounts)."""
        for place, guarded in self._places.items():
            if target.is_relative_to(place):
                return guarded
        known = self._known if _identity(target) is None else self._known | self._known_files
        return next((known[each] for each in map(_identity, (target, *target.parents)) if each in known), None)

    @cached_property
    def _places(self) -> Mapping[Path, Path]:
        """What is guarded by where it really lies. Devices and pipes are not, even where one is standard input."""
        places = {Path(os.path.realpath(each)): each for each in (*self.builds, *self.inputs)}
        return {place: each for place, each in places.items() if not _is_stream(place)}

    @cached_property
    def _known(self) -> dict[Identity | None, Path]:
        return {found: each for place, each in self._places.items() for found in _within(place, files=False)}

    @cached_property
    def _known_files(self) -> dict[Identity | None, Path]:
        """With every file, since there may be a second name of one elsewhere: looked up only if a target exists."""
        return {found: each for place, each in self._places.items() for found in _within(place, files=True)}


@dataclass(frozen=True)
class Destination:
    """A file that may be written, or standard output (`-`). Raises RefusedError for any that may not."""

    path: Path
    protected: Protected = field(repr=False)

    def __post_init__(self) -> None:
        if self.standard:
            return
        self.protected.refuse(self.path)
        if stat.S_ISDIR(_mode(self.path) or 0):
            raise RefusedError(f"{self.path} is a folder", "name a file in it with -o")

    @property
    def standard(self) -> bool:
        """Whether it is standard output."""
        return self.path == STANDARD

    def __str__(self) -> str:
        return "standard output" if self.standard else self.path.as_posix()


@dataclass(frozen=True)
class Folder:
    """A folder in which files may be written. Raises RefusedError for one in which they may not."""

    path: Path
    protected: Protected = field(repr=False)

    def __post_init__(self) -> None:
        self.protected.refuse(self.path)
        mode = _mode(self.path)
        if mode is not None and not stat.S_ISDIR(mode):
            raise RefusedError(f"{self.path} is a file", "name a folder with -o")

    def file(self, name: str) -> Destination:
        """A file in it."""
        return Destination(self.path / name, self.protected)


def write(files: Mapping[Destination, bytes]) -> None:
    """Write files: beside those that there are, and renamed only when all of them are whole.

    Raises KgError for what cannot be written, and leaves what was there before.
    """
    with ExitStack() as staged:
        renames = [staged.enter_context(_staged(each, data)) for each, data in files.items()]
        for (made, target), each in zip(renames, files, strict=True):
            with _told(each):
                if made is not None:
                    made.replace(target)
        for folder in dict.fromkeys(target.parent for made, target in renames if made is not None):
            _settle(folder)


@contextmanager
def _staged(destination: Destination, data: bytes) -> Iterator[tuple[Path | None, Path]]:
    """A whole new file beside the one that it is to replace; nothing, where there is nothing to replace."""
    target = Path(os.path.realpath(destination.path))
    made = None
    try:
        with _told(destination):
            number = _descriptor(destination.path)
            if number is not None:
                _pour(data, os.dup(number))
            elif _is_stream(target):
                _pour(data, os.open(target, os.O_WRONLY | _BINARY))
            else:
                made = _beside(target, data)
        yield made, target
    finally:
        if made is not None:
            made.unlink(missing_ok=True)


@contextmanager
def _told(destination: Destination) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        why, fix = cause(error)
        raise KgError(f"{destination.path} cannot be written: {why}", fix) from error


def _beside(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    known = _stat(target)
    if known is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    made = target.with_name(f".kg-output-{os.getpid()}-{os.urandom(8).hex()}.part")
    # One that takes the place of another is its owner's alone until it has the other's mode.
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666 if known is None else 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            _hold(file)
            file.write(data)
            file.flush()
            if known is not None:
                _as_before(file, known)
            os.fsync(file.fileno())
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return made


def _as_before(file: BinaryIO, known: os.stat_result) -> None:
    """Give a file the owner, group and mode of the one it replaces; another group gets no more than all."""
    if not hasattr(os, "fchown"):
        return
    mode = known.st_mode & 0o777
    number = file.fileno()
    with suppress(OSError):
        os.fchown(number, known.st_uid, -1)
    try:
        os.fchown(number, -1, known.st_gid)
    except OSError:
        mode &= 0o707 | (mode & 0o007) << 3
    os.fchmod(number, mode)


def _pour(data: bytes, handle: int) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _settle(folder: Path) -> None:
    """Make renames in a folder outlive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _hold(file: BinaryIO) -> None:
    """Lock a file while it is written, so that nobody else takes it for one that was left behind."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


def _sweep(folder: Path) -> None:
    """Remove what killed writers left in a folder: files of ours whose process is gone, and which nobody holds."""
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            found = _UNFINISHED.fullmatch(path.name)
            if found is None or path.is_symlink() or runs(int(found[1])) or lives(path, int(found[1])):
                continue
            with suppress(OSError):
                path.unlink()


def _descriptor(path: Path) -> int | None:
    """The open file of this process that a path names: written where it stands, neither emptied nor replaced."""
    text = os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps `..`
    found = _DESCRIPTOR.fullmatch(text)
    return int(found[1]) if found else _DESCRIPTORS.get(text)


def _is_stream(path: Path) -> bool:
    """Whether there is something that is neither a file nor a folder, such as a device or a pipe."""
    mode = _mode(path)
    return mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _mode(path: Path) -> int | None:
    found = _stat(path)
    return None if found is None else found.st_mode


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _identity(path: Path) -> Identity | None:
    found = _stat(path)
    # Devices and pipes are nobody's input, even where one is standard input.
    if found is None or not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        return None
    return found.st_dev, found.st_ino


def _within(place: Path, *, files: bool) -> Iterator[Identity]:
    """The identities of a place, of the folders in it and of what links in it lead to; of all files where asked for.

    A link that leads upwards is passed over: what holds an input is none.
    """
    waiting, seen = [place], set()
    while waiting:
        path = waiting.pop()
        found = _identity(path)
        if found is None or found in seen:
            continue
        seen.add(found)
        yield found
        if not path.is_dir():
            continue
        with suppress(OSError), os.scandir(path) as entries:
            for entry in entries:
                linked = entry.is_symlink()
                if linked and place.is_relative_to(os.path.realpath(entry.path)):
                    continue
                if files or linked or entry.is_dir():
                    waiting.append(Path(entry.path))

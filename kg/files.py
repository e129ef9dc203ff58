"""Folders listed and files read so that errors are errors, and only regular files are opened.

Python's own `glob` passes over folders that it may not read, and opening a FIFO waits for whoever writes into it.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from kg.errors import Finding, KgError, Place, Severity

UNREADABLE, NO_FILE, NAME, TOO_LARGE = "unreadable-file", "not-a-file", "file-name", "too-large"
_MOST_ENTRIES = 1_000_000
# Not every system has all of these.
_OPEN = sum(getattr(os, name, 0) for name in ("O_RDONLY", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe (FIFO)",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})


@dataclass(frozen=True)
class Fault:
    """Why something in a folder was not read: the code of its finding, a cause and a mend.

    `hides` says that it is a folder, so that nobody knows what else was not read.
    """

    path: Path
    code: str
    message: str
    fix: str
    hides: bool = False

    def finding(self, folder: Path, shown: str, severity: Severity) -> Finding:
        """The fault as a finding; `shown` is how findings name the folder."""
        return Finding(self.code, severity, Place(place_in(folder, self.path, shown)), self.message, self.fix)


class UnreadError(KgError):
    """A file cannot be read; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{printable(str(fault.path))} cannot be read: {fault.message}", fault.fix, fault.code)
        self.fault = fault


@dataclass(frozen=True)
class Scan:
    """What lies in a folder: regular files and folders in the order of their paths, and what else is there.

    Links to files and to folders count as what they lead to. Hidden files and folders, which editors, spreadsheets and
    version control leave behind, are passed over.
    """

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    faults: tuple[Fault, ...] = ()

    def ending(self, suffix: str) -> Scan:
        """Only what is called like a file of one kind; a folder that is called so is a fault."""
        misnamed = tuple(_no_file(each, stat.S_IFDIR) for each in self.folders if _ends(each, suffix))
        faults = tuple(each for each in self.faults if each.hides or _ends(each.path, suffix))
        return Scan(tuple(each for each in self.files if _ends(each, suffix)), (), (*faults, *misnamed))


def _ends(path: Path, suffix: str) -> bool:
    return path.name.endswith(suffix)


def printable(name: str) -> str:
    """A name as findings show it: what cannot be printed by its number, bytes that are no UTF-8 by theirs.

    >>> printable("a\\x1bb"), printable("\\udcffc")
    ('a‹001B›b', '‹0xFF›c')
    """
    return "".join(
        each if each.isprintable() else f"‹0x{ord(each) - 0xDC00:02X}›" if _is_byte(each) else f"‹{ord(each):04X}›"
        for each in name
    )


def _is_byte(character: str) -> bool:
    """Whether Python lets a character stand for a byte of a name that is no UTF-8."""
    return 0xDC80 <= ord(character) <= 0xDCFF


def place_in(folder: Path, path: Path, shown: str) -> str:
    """A path within a folder as findings name it: by the name of the folder, with forward slashes, printable."""
    inside = path.relative_to(folder).as_posix()
    return printable(shown if inside == "." else f"{shown}/{inside}")


def is_there(path: Path) -> bool:
    """Whether anything has this path, be it a file, a link that leads nowhere, or what one may not look at."""
    try:
        os.lstat(path)
    except ValueError:
        return False
    except OSError as error:
        return error.errno not in _NOWHERE
    return True


def is_regular(path: Path) -> bool:
    """Whether a regular file, or a link to one, has this path, as far as one may look."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def scan(folder: Path, *, deep: bool = False) -> Scan:
    """List a folder, or with `deep` also all folders in it; one that is not there is empty.

    A folder to which several links lead is listed once. Raises KgError only where the system is short of something.
    """
    return _Scanner(deep).scan(folder) if is_there(folder) else Scan()


def look_into(folder: Path) -> None:
    """Raises UnreadError for a folder that cannot be listed, or what is in it not opened: these are two permissions."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)
                return
    except OSError as error:
        raise UnreadError(_fault(folder, error, folder=True)) from error


_Key = tuple[int, int]


@dataclass(frozen=True)
class _Level:
    """A folder on the way down, and the one in which it lies."""

    key: _Key
    above: _Level | None = None

    def holds(self, key: _Key) -> bool:
        level: _Level | None = self
        while level is not None and level.key != key:
            level = level.above
        return level is not None


@dataclass
class _Scanner:
    """Lists folders one after the other: links to folders last, so that a folder goes by its own name if it can."""

    deep: bool
    files: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: set[_Key] = field(default_factory=set)
    near: deque[tuple[Path, _Level]] = field(default_factory=deque)
    linked: deque[tuple[Path, _Level]] = field(default_factory=deque)

    def scan(self, folder: Path) -> Scan:
        found = self._stat(folder)
        if found is None or not self._is_folder(folder, found):
            return Scan(faults=tuple(replace(fault, hides=True) for fault in self.faults))
        self.near.append((folder, _Level((found.st_dev, found.st_ino))))
        while self.near or self.linked:
            path, level = (self.near or self.linked).popleft()
            if level.key in self.seen:
                continue
            self.seen.add(level.key)
            if not self._list(path, level):
                break
        return Scan(tuple(sorted(self.files)), tuple(sorted(self.folders)), tuple(self.faults))

    def _is_folder(self, path: Path, found: os.stat_result) -> bool:
        if stat.S_ISDIR(found.st_mode):
            return True
        message = f"this is {_KINDS.get(stat.S_IFMT(found.st_mode), 'a file')}, and no folder"
        self.faults.append(Fault(path, NO_FILE, message, "put a folder in its place"))
        return False

    def _stat(self, path: Path) -> os.stat_result | None:
        try:
            return path.stat()
        except OSError as error:
            self.faults.append(_fault(path, error))
            return None

    def _list(self, folder: Path, level: _Level) -> bool:
        """Sort the entries of a folder; false where there are so many that nobody can have meant this."""
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
        except OSError as error:
            self.faults.append(_fault(folder, error, folder=True))
            return True
        for name in names:
            self._entry(folder / name, level)
        if len(self.files) + len(self.folders) + len(self.faults) <= _MOST_ENTRIES:
            return True
        message = f"there are more than {_MOST_ENTRIES} files in and below the folder that holds this one"
        self.faults.append(Fault(folder, UNREADABLE, message, "keep only what is meant in it", hides=True))
        return False

    def _entry(self, path: Path, level: _Level) -> None:
        if fault := _name_fault(path):
            self.faults.append(fault)
        elif (found := self._stat(path)) is None:
            pass
        elif stat.S_ISREG(found.st_mode):
            self.files.append(path)
        elif stat.S_ISDIR(found.st_mode):
            self.folders.append(path)
            if self.deep:
                self._below(path, (found.st_dev, found.st_ino), level)
        else:
            self.faults.append(_no_file(path, found.st_mode))

    def _below(self, path: Path, key: _Key, level: _Level) -> None:
        if not level.holds(key):
            (self.linked if path.is_symlink() else self.near).append((path, _Level(key, level)))
            return
        message = "the link leads back to a folder in which it lies"
        self.faults.append(Fault(path, NO_FILE, message, "remove the link"))


def _name_fault(path: Path) -> Fault | None:
    """What is wrong with a name, if anything; it need not be the name that one sees."""
    if not any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in path.name):
        return None
    message = "the name is not UTF-8" if any(map(_is_byte, path.name)) else "the name holds invisible characters"
    return Fault(path, NAME, message, "give it a name of plain letters, digits and hyphens")


def _no_file(path: Path, mode: int) -> Fault:
    what = _KINDS.get(stat.S_IFMT(mode), "something else")
    return Fault(path, NO_FILE, f"this is {what}, and no file", "put a file in its place, or remove it")


def _fault(path: Path, error: OSError, *, folder: bool = False) -> Fault:
    """What the system says of a path, in words. Raises KgError where it is short of something."""
    if error.errno in _EXHAUSTED:
        fix = "close other programs, or raise the limit (ulimit -n for open files)"
        raise KgError(f"{printable(str(path))} cannot be opened: {error.strerror}", fix) from error
    if error.errno == errno.ELOOP:
        return Fault(path, NO_FILE, "the link leads in a circle", "remove the link, or let it lead to a file")
    if error.errno in _NOWHERE and path.is_symlink():
        return Fault(path, NO_FILE, "the link leads nowhere", "remove the link, or let it lead to a file")
    what = "folder" if folder else "file"
    message = f"the system fails to read this {what}: {error.strerror or error}"
    fix = "look at its disk, and run the command again"
    if error.errno in _NOWHERE:
        message, fix = f"the {what} was there and is gone", "run the command again"
    elif isinstance(error, PermissionError):
        message, fix = f"you may not read this {what}", f"let yourself read it: chmod u+r{'x' * folder}"
    return Fault(path, UNREADABLE, message, fix, hides=folder)


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file, at most `limit` of them. Raises UnreadError for everything else, without waiting.

    A file that is written to meanwhile is refused, for half of it may be old.
    """
    try:
        # Opening a device can do something, so look first; it may be another file once it is open, so look again.
        _regular(path, path.stat(), limit)
        opened = os.open(path, _OPEN)
        try:
            before = _regular(path, os.fstat(opened), limit)
            with os.fdopen(opened, "rb", closefd=False) as file:
                data = file.read(before.st_size + 1)
            after = os.fstat(opened)
        finally:
            os.close(opened)
    except OSError as error:
        raise UnreadError(_fault(path, error)) from error
    except ValueError as error:
        raise UnreadError(Fault(path, NAME, "no file can have this name", "name another file")) from error
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UnreadError(Fault(path, UNREADABLE, "the file changed while it was read", "run the command again"))
    return data


def _regular(path: Path, found: os.stat_result, limit: int) -> os.stat_result:
    if not stat.S_ISREG(found.st_mode):
        raise UnreadError(_no_file(path, found.st_mode))
    if found.st_size > limit:
        raise UnreadError(_too_large(path, limit))
    return found


def _too_large(path: Path, limit: int) -> Fault:
    return Fault(path, TOO_LARGE, f"the file is larger than {size(limit)}", "keep in it only what is meant to be read")


def size(number: int) -> str:
    """A limit in words.

    >>> size(1 << 30), size(64 << 20)
    ('1 GiB', '64 MB')
    """
    return f"{number >> 30} GiB" if number >= 1 << 30 else f"{number >> 20} MB"


def read_text(path: Path, limit: int) -> str:
    """The text of a regular UTF-8 file, with or without a byte order mark. Raises UnreadError."""
    return _decoded(path, read_bytes(path, limit))


def read_stream(stream: BinaryIO, name: str, limit: int) -> str:
    """The text of a stream such as standard input, at most so many bytes. Raises UnreadError, which calls it `name`."""
    path = Path(name)
    try:
        data = stream.read(limit + 1)
    except OSError as error:
        raise UnreadError(_fault(path, error)) from error
    if len(data) > limit:
        raise UnreadError(_too_large(path, limit))
    return _decoded(path, data)


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"it is not UTF-8 (byte 0x{data[error.start]:02X} on line {line})"
        raise UnreadError(Fault(path, "encoding", message, "save it as UTF-8")) from error

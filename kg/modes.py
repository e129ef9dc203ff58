"""Who may see a build: nobody who may not read the tables it was made of."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_READ, _WRITE, _ENTER = 4, 2, 1
_GROUP, _OTHER = 3, 0
_ACL, _INHERITED_ACL = "system.posix_acl_access", "system.posix_acl_default"
_ACL_GROUP, _ACL_MASK = 0x04, 0x10


@dataclass(frozen=True)
class Access:
    """The modes of folders and files, and the group they belong to; by default, they are for their owner alone."""

    folder: int = 0o700
    file: int = 0o600
    group: int | None = None

    def give(self, folder: Path) -> None:
        """Give a folder and all in it these modes; the folder itself last, so that nobody enters before.

        Where the group cannot be given, its rights are not given either. Does nothing where there are no such modes.
        """
        if not hasattr(os, "chown"):
            return
        for path, folders, files in os.walk(folder, topdown=False):
            for name in files:
                _set(Path(path) / name, self, self.file)
            for name in folders:
                _set(Path(path) / name, self, self.folder)
        _set(folder, self, self.folder)

    def tighten(self, folder: Path) -> None:
        """Take from a folder what is more than these modes, where that may be done."""
        with suppress(OSError):
            found = folder.stat()
            allowed = self.folder if found.st_gid == self.group else self.folder & ~0o2070
            if hasattr(os, "chown") and stat.S_IMODE(found.st_mode) & 0o077 & ~allowed:
                folder.chmod(stat.S_IMODE(found.st_mode) & (allowed | 0o700))


def access_of(data: Path, home: Path, shared: bool = False) -> Access:
    """What a build that lies in `home` may be opened to: whoever may read all of the tables in `data`.

    With `shared`, the group that may write in `data` may write in the build, too.
    """
    if not hasattr(os, "chown"):
        return Access()
    group = data.stat().st_gid
    read = {_GROUP: True, _OTHER: True}
    for path, wanted in _guards(data, home):
        for who in read:
            read[who] = read[who] and all(rights & wanted == wanted for rights in _rights(path, group, who))
    write = shared and read[_GROUP] and bool(next(iter(_rights(data, group, _GROUP))) & _WRITE)
    file = 0o600 | (read[_GROUP] and 0o040) | (write and 0o020) | (read[_OTHER] and 0o004)
    folder = 0o700 | (read[_GROUP] and 0o050) | (write and 0o2020) | (read[_OTHER] and 0o005)
    return Access(folder, file, group)


def access_to(build: Path) -> Access:
    """What a build that is there is opened to."""
    with suppress(OSError):
        found = build.stat()
        mode = stat.S_IMODE(found.st_mode) | 0o700
        return Access(mode, mode & ~0o2111, found.st_gid)
    return Access()


def _guards(data: Path, home: Path) -> Iterator[tuple[Path, int]]:
    """What stands between a reader and the tables, each with the rights that are needed there."""
    beside = {home, *home.parents}
    # A build that a link leads to is not guarded by the folders that the tables lie in.
    yield from ((folder, _ENTER) for folder in data.parents if folder not in beside)
    for path, _, files in os.walk(data):
        yield Path(path), _READ | _ENTER
        yield from ((Path(path) / name, _READ) for name in files)


def _rights(path: Path, group: int, who: int) -> Iterator[int]:
    """The rights on a path of the group, or of others: of each class in which one of them may be."""
    with suppress(FileNotFoundError):
        found = path.stat()
        mode = stat.S_IMODE(found.st_mode)
        of_group = mode >> _GROUP & _group_in_acl(path)
        if found.st_gid == group:
            yield of_group if who == _GROUP else mode >> _OTHER
        else:
            yield from (of_group & 7, mode)


def _group_in_acl(path: Path) -> int:
    """What an access control list leaves to the group; the mode shows the most that anybody in the list has."""
    rights = {_ACL_GROUP: 7, _ACL_MASK: 7}
    with suppress(OSError, AttributeError):
        entries = os.getxattr(path, _ACL)[4:]
        rights |= {tag: perm for tag, perm, _ in struct.iter_unpack("<HHI", entries)}
    return rights[_ACL_GROUP] & rights[_ACL_MASK]


def _set(path: Path, access: Access, mode: int) -> None:
    """Give one file or folder its group and mode; nothing that is inherited from the folder around it stays."""
    if path.is_symlink():
        return
    with suppress(OSError):
        if access.group is not None and path.stat().st_gid != access.group:
            os.chown(path, -1, access.group)
    for name in (_ACL, _INHERITED_ACL):
        with suppress(OSError, AttributeError):
            os.removexattr(path, name)
    if access.group is not None and path.stat().st_gid != access.group:
        # Those whom the tables shut out as their group would be others here.
        mode &= ~0o2070 if mode & 0o040 else ~0o2077
    path.chmod(mode)

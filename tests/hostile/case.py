"""A case: what is done to a workspace, the command that meets it, and how that must end."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

CLEAN, FINDINGS, USAGE, CANNOT = 0, 1, 2, 3
# What the engine of the store writes for itself.
_STORE_OWN = ("build/store/LOCK", "build/store/LOG")
_LARGEST = 64 << 20
_DISTURBING = ("Cc", "Cf", "Cs", "Zl", "Zp")

Prepare = Callable[[Path], object]
Snapshot = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """One case.

    `files` are written into a built workspace and `prepare` does what else is to be done to it; then the command of
    these `words` runs there, where `@` stands for the folder above the workspace. It must end with one of the `codes`
    within the `seconds`, and its messages must hold what it `says`. With `data`, standard output is for programs and
    not for people. `writes` are the files and folders that it may make beside the build and what follows `-o`. A line
    of a `shell`, in which `kg` stands for the command, starts it as people do, else it comes from a process that has
    loaded the program; `silent` says that nobody can be told how it ended.
    """

    name: str
    words: tuple[str, ...] = ("build",)
    codes: tuple[int, ...] = (CLEAN,)
    says: tuple[str, ...] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    prepare: Prepare | None = None
    stdin: bytes = b""
    seconds: float = 20
    data: bool = False
    writes: tuple[str, ...] = ()
    shell: str = ""
    silent: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> tuple[str, ...]:
        """What it may write if it ends well."""
        named = (to for option, to in zip(self.words, self.words[1:], strict=False) if option == "-o")
        outputs = tuple(f"..{to[1:]}" if to.startswith("@") else to for to in named)
        return (*outputs, *(("build", "build-others") if self.builds else ()))

    @property
    def builds(self) -> bool:
        """Whether the build may be another one behind it."""
        return self.words[:1] == ("build",) or "--as-of" in self.words

    def make(self, root: Path) -> None:
        """Do to a built workspace what the case does."""
        for name, content in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
        if self.prepare is not None:
            self.prepare(root)


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, None where it was ended; its streams; and the workspace before and behind."""

    code: int | None
    seconds: float
    out: bytes
    err: bytes
    before: Snapshot
    behind: Snapshot


def complaints(case: Case, ended: Ended) -> list[str]:
    """What does not hold; empty where all does."""
    return [*_ending(case, ended), *_streams(case, ended), *_kept(case, ended)]


def _ending(case: Case, ended: Ended) -> list[str]:
    if ended.code is None:
        return [f"it did not end within {case.seconds:g} s"]
    found = []
    if ended.code not in case.codes:
        found.append(f"exit code {ended.code}, not {' or '.join(map(str, case.codes))}")
    said = _text(ended.out) + "\n" + _text(ended.err)
    # A report for programs has the fix under a name of its own; SHACL's has none.
    reported = ended.code == FINDINGS and case.data and any(mark in said for mark in ('"fix": "', "ValidationReport"))
    if ended.code != CLEAN and not (case.silent or reported or _has_fix(said)):
        found.append("no line tells a fix")
    found += [f"nothing says “{words}”" for words in case.says if words not in said]
    return found


def _has_fix(said: str) -> bool:
    """Whether below a message there is a line with something to do about it."""
    lines = said.split("\n")
    return any(above and line.startswith("  fix: ") and len(line) > len("  fix: .") for above, line in pairwise(lines))


def _streams(case: Case, ended: Ended) -> list[str]:
    found = []
    for name, data in (("standard output", ended.out), ("standard error", ended.err)):
        found += [f"{name} has {mark}" for mark in ("Traceback", 'File "') if mark.encode() in data]
        if name == "standard output" and case.data:
            continue
        try:
            text = data.decode()
        except UnicodeDecodeError:
            found.append(f"{name} is no UTF-8")
            continue
        raw = sorted({f"U+{ord(c):04X}" for c in text if c != "\n" and unicodedata.category(c) in _DISTURBING})
        found += [f"{name} has the raw character {', '.join(raw)}"] if raw else []
    return found


def _kept(case: Case, ended: Ended) -> list[str]:
    """What is not as it was: inputs never change, and a build only by a command that builds and ends well."""
    before, behind = ended.before, ended.behind
    changed = {name for name in before.keys() | behind.keys() if before.get(name) != behind.get(name)}
    allowed = (*case.writes, *(case.allowed if ended.code == CLEAN else ()), *_STORE_OWN)
    changed = {name for name in changed if not any(_is_in(name, each) for each in allowed)}
    return [f"changed: {', '.join(map(ascii, sorted(changed)[:5]))}"] if changed else []


def _is_in(name: str, folder: str) -> bool:
    """Whether a path is, lies in, or is one of the tables that share the name of, what may be written."""
    stem = folder.removesuffix(".csv")
    return name == folder or name.startswith((f"{folder}/", f"{stem}-")) or folder.startswith(f"{name}/")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def snapshot(above: Path) -> Snapshot:
    """All that lies in a workspace and beside it, by its path from there: what it is, and what files and links hold."""
    found: dict[str, str] = {}
    waiting = [above]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except PermissionError:
            continue
        for entry in entries:
            path = Path(entry.path)
            if folder == above and entry.name in ("in", "out", "err"):
                continue
            name = os.path.relpath(path, above / "registry")
            try:
                seen = path.lstat()
            except PermissionError:
                # Nor can the command reach it, unless it opens the folder around it, whose mode is seen.
                found[name] = "hidden"
                continue
            found[name] = f"{seen.st_mode:o} {_content(path, seen)}"
            if stat.S_ISDIR(seen.st_mode):
                waiting.append(path)
    return found


def _content(path: Path, seen: os.stat_result) -> str:
    if stat.S_ISLNK(seen.st_mode):
        return os.fsencode(path.readlink()).hex()
    if not stat.S_ISREG(seen.st_mode) or not os.access(path, os.R_OK):
        return ""
    return str(seen.st_size) if seen.st_size > _LARGEST else hashlib.sha256(path.read_bytes()).hexdigest()

"""The folder of a build: made beside the last one and swapped in by rename, so that a failure leaves that whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import get_ident
from time import time_ns
from typing import Any

from kg.errors import KgError, RefusedError
from kg.lock import alone, lives, living
from kg.modes import Access, access_to
from kg.terminal import tell, visible

MANIFEST = "manifest.json"
INPUTS = "inputs.json"
ONTOLOGY = "ontology.ttl"
DAYS = "as-of"
FRAMES = ("claims", "evidence", "links", "entities", "decisions", "derived")
FILES = (MANIFEST, INPUTS, ONTOLOGY, "kg.nq", "kg.ttl", "kg.trig", *(f"{name}.arrow" for name in FRAMES))
STORE = "store"
DROPPINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_OF_STORE = re.compile(
    r"[0-9]+\.(?:sst|log|dbtmp)|CURRENT|IDENTITY|LOCK|LOG(?:\.old\.[0-9]+)?|(?:MANIFEST|OPTIONS)-\w+"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@contextmanager
def fresh_build(build: Path, access: Access | None = None) -> Iterator[Path]:
    """A folder to build in; on leaving it takes the place of `build`, unless there was an exception.

    Until then nobody else can enter the folder; then it is opened to those whom `access` lets in. Builds as of a day
    that were made of the same inputs go on in the new build, others are removed. What no build wrote is moved beside.
    Builds at once do not mix: each has its own folder, and the latest to finish stays.
    """
    build = located(build.absolute())
    home = _home(build)
    _refuse_unwritable(build)
    access = access or Access()
    folder = home / f"{_beginning(build)}{os.getpid()}-{get_ident()}"
    with ExitStack() as held:
        with alone(home):
            _finish_all(build, access)
            _sweep(build)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            held.enter_context(living(folder))
        try:
            yield folder
            access.give(folder)
            _sync(folder)
            _swap(folder, build, access)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def located(build: Path) -> Path:
    """Where a build lies: where the link leads, if `build` is one. Raises KgError where that is no place for it.

    Raises RefusedError for links under the names that the program itself gives, before anything is read through them.
    """
    present = present_of(build)
    target = present
    if present.is_symlink():
        target = Path(os.path.realpath(present))
        leads = f"{present.name} is a link to {target}"
        # Between the two renames of a swap, the target is aside.
        if not (target.exists() or _aside(target).is_dir() or target.exists()):
            raise KgError(f"{leads}, which is not there", "mount the disk, or remove the link")
        if target.exists() and not target.is_dir():
            raise KgError(f"{leads}, which is no folder", "link to a folder, or remove the link")
        if target.is_mount():
            raise KgError(
                f"{leads}, which is a disk as a whole: a build is made beside the last one and renamed",
                "link to a folder within the disk",
            )
    elif present.exists() and not present.is_dir():
        raise KgError(f"{present.name} is no folder", "rename it: kg build makes a folder of that name")
    found = target if build == present else target / DAYS / build.name
    for link in _links(target, found):
        raise RefusedError(
            f"{link.relative_to(target.parent).as_posix()} is a link, and the program writes under that name",
            "remove the link; build itself may be one",
        )
    return found


def _links(present: Path, build: Path) -> Iterator[Path]:
    """The links under names that are the program's own."""
    home = present.parent
    named = [_aside(present), others_of(present)]
    named += [path for path in _listed(home) if path.name.startswith(_beginning(present))]
    folders = list(dict.fromkeys((present, build)))
    named += [folder / name for folder in folders for name in (*FILES, STORE, DAYS)]
    days = present / DAYS
    if not days.is_symlink():
        named += _listed(days)
    if home.is_dir():
        yield from (path for path in named if path.is_symlink())


def _refuse_unwritable(build: Path) -> None:
    home = _home(build)
    if home.is_dir() and os.access(home, os.W_OK | os.X_OK):
        return
    fix = "make it writable; a build is made beside the last one, then renamed"
    if present_of(build).is_dir() and os.access(present_of(build), os.W_OK):
        fix = "link to a folder within the disk, beside which there may be others"
    raise KgError(f"{home}: permission denied, and builds are made there", fix)


def recover(build: Path) -> None:
    """Finish a swap that was cut off: put the last build back, or what else lay in it beside the new one."""
    if _cut_off(build):
        with alone(_home(build)):
            finish(build)


def finish(build: Path) -> None:
    """What `recover` does, for one who has the lock."""
    present = present_of(build)
    if cut_off := _cut_off(build):
        _finish_all(build, access_to(present if present.is_dir() else cut_off[0]))


def _cut_off(build: Path) -> list[Path]:
    """The builds that a swap had moved aside when it was cut off, where something can be done about them."""
    present = present_of(build)
    found = [aside for aside in (_aside(present), *_cut_off_days(present)) if aside.is_dir()]
    return found if os.access(_home(build), os.W_OK | os.X_OK) else []


def tidy(build: Path) -> None:
    """Finish what killed builds left, and remove their folders, where this may be done."""
    with suppress(OSError):
        build = located(build.absolute())
        recover(build)
        if _leftovers(build) and os.access(_home(build), os.W_OK | os.X_OK):
            with alone(_home(build)):
                _sweep(build)


def present_of(build: Path) -> Path:
    """The build of the present, within which one as of a day lies (`build/as-of/2031-06-30`), or the build itself."""
    return build.parents[1] if build.parent.name == DAYS and _DAY.fullmatch(build.name) else build


def others_of(build: Path) -> Path:
    """The folder beside a build to which files are moved that lay in it and that no build wrote."""
    return build.parent / f"{build.name}-others"


def _home(build: Path) -> Path:
    """The folder in which builds are made and where renames are locked; no rename of a build moves it."""
    return present_of(build).parent


def _aside(build: Path) -> Path:
    return build.parent / f".{build.name}-last"


def _beginning(build: Path) -> str:
    return f".{present_of(build).name}-"


def _cut_off_days(present: Path) -> list[Path]:
    return [path for path in _listed(present / DAYS) if _is_cut_off(path)]


def _is_cut_off(path: Path) -> bool:
    return path.name.startswith(".") and path.name.endswith("-last")


def _listed(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it is none or cannot be read."""
    with suppress(OSError):
        return sorted(folder.iterdir())
    return []


def _swap(folder: Path, build: Path, access: Access) -> None:
    present = present_of(build)
    with alone(_home(build)):
        _finish_all(build, access)
        for missing in [each for each in (present, build.parent) if build != present and not each.exists()]:
            _folder(missing, access)
        if build.exists():
            build.rename(_aside(build))
        folder.rename(build)
        _finish(build, present, access)
        if build != present:
            _keep_days(present / DAYS, present, build, access)


def _finish_all(build: Path, access: Access) -> None:
    present = present_of(build)
    _finish(present, present, access)
    for aside in _cut_off_days(present):
        _finish(aside.parent / aside.name.removeprefix(".").removesuffix("-last"), present, access)


def _finish(build: Path, present: Path, access: Access) -> None:
    """Take what is still wanted out of the build before, and remove the rest of it.

    What was taken out is no longer there when this is done again, so it may be cut off at any moment.
    """
    aside = _aside(build)
    if not aside.is_dir() or aside.is_symlink():
        return
    if not build.exists():
        aside.rename(build)
        return
    beside = others_of(present) / ("" if build == present else f"{DAYS}/{build.name}")
    _move_others(aside, aside, beside, access)
    if build == present:
        _keep_days(aside / DAYS, present, build, access)
    # Under this name it is swept, should removing it be cut off.
    done = _home(build) / f"{_beginning(build)}{os.getpid()}-{time_ns()}"
    aside.rename(done)
    shutil.rmtree(done, ignore_errors=True)


def _keep_days(days: Path, present: Path, build: Path, access: Access) -> None:
    """Let builds as of a day go on that were made of what the new build was made of, and remove the others."""
    made_of = _made_of(build)
    removed = []
    for day in _listed(days):
        if day == build or day.name in DROPPINGS or _is_cut_off(day):
            continue
        if day.is_symlink() or not (day.is_dir() and _DAY.fullmatch(day.name)):
            _move(day, others_of(present) / DAYS / day.name, access)
            continue
        stays = present / DAYS / day.name
        _move_others(day, day, others_of(present) / DAYS / day.name, access)
        if made_of and _made_of(day) == made_of and (day == stays or not stays.exists()):
            access.give(day)
            _folder(stays.parent, access)
            if day != stays:
                day.rename(stays)
        else:
            removed += [] if stays.exists() and day != stays else [day.name]
            shutil.rmtree(day)
    if removed:
        say(f"removed what was built as of {', '.join(removed)}: the tables have changed; --as-of builds it again")


def _made_of(build: Path) -> tuple[object, object] | None:
    """The inputs and texts that a build was made of, with their hashes; None where it does not say so."""
    try:
        recorded = read_json(build / INPUTS)["inputs"]
        texts = {name: each["sha256"] for name, each in recorded.items() if "sha256" in each}
        return read_json(build / MANIFEST)["inputs"], texts
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def read_json(path: Path) -> Any:
    """What a file of a build holds. Raises ValueError for what no build wrote, without waiting for a pipe."""
    if not is_plain(path):
        raise ValueError(path.name)
    return json.loads(path.read_text("utf-8"))


def is_plain(path: Path) -> bool:
    """Whether there is a regular file, and no link to one. Raises OSError where there is nothing."""
    return stat.S_ISREG(path.lstat().st_mode)


def written_files(build: Path) -> dict[str, int]:
    """The files that a build says it wrote, with their sizes; none where it does not say so."""
    try:
        found = read_json(build / INPUTS)["files"]
        return {str(name): int(size) for name, size in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _move_others(
    folder: Path, build: Path, others: Path, access: Access, written: frozenset[str] | None = None
) -> None:
    """Move what no build wrote out of a build, with the folders it lies in; never over something."""
    written = frozenset(written_files(build)) if written is None else written
    for path in _listed(folder):
        name = path.relative_to(build).as_posix()
        inner = path.is_dir() and not path.is_symlink()
        if path.name in DROPPINGS or (inner and name == DAYS):
            continue
        if inner and (name == STORE or any(each.startswith(f"{name}/") for each in written)):
            _move_others(path, build, others, access, written)
        elif inner or path.is_symlink() or not (name in written or _is_own(name)):
            _move(path, others / name, access)


def _is_own(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return name in FILES or (folder == STORE and _OF_STORE.fullmatch(file) is not None)


def _move(path: Path, target: Path, access: Access) -> None:
    _folder(target.parent, access)
    free, number = target, 1
    while os.path.lexists(free):
        number += 1
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
    path.rename(free)
    say(f"moved {path.name}, which no build wrote, to {target.parent.name}/{free.name}: look whether you still need it")


def _folder(folder: Path, access: Access) -> None:
    """Make a folder, and those it lies in, for those who may see the build."""
    if folder.is_dir():
        return
    _folder(folder.parent, access)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        access.give(folder)


def say(text: str) -> None:
    """Tell something on standard error that the result does not show."""
    tell(visible(text), sys.stderr)


def _sync(folder: Path) -> None:
    """Make what was written outlive a power cut before it takes the place of what was there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _leftovers(build: Path) -> list[Path]:
    """The folders in which builds are made, or were when they were killed."""
    begins = re.compile(rf"{re.escape(_beginning(build))}([0-9]+)(?:-[0-9]+)?")
    return [path for path in _listed(_home(build)) if begins.fullmatch(path.name)]


def _sweep(build: Path) -> None:
    """Remove the folders of builds that were killed."""
    for path in _leftovers(build):
        if not lives(path, int(path.name.removeprefix(_beginning(build)).partition("-")[0])):
            shutil.rmtree(path, ignore_errors=True)

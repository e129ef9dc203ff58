"""The build folder: written beside the last one and swapped in by rename, so that a failure leaves that whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import Any

import polars as pl
import pyoxigraph as ox

from kg.dataset import Dataset
from kg.errors import KgError
from kg.ontology import Ontology, read_written, written

MANIFEST = "manifest.json"
ONTOLOGY = "ontology.ttl"


def write_dataset(folder: Path, dataset: Dataset, rows: Mapping[str, pl.DataFrame]) -> None:
    """Write the graph as N-Quads, Turtle, TriG and a store, and the rows with their files and lines beside it."""
    dataset.write_nquads(folder / "kg.nq")
    with ThreadPoolExecutor(1) as side:
        loading = side.submit(_load, folder)
        (folder / "kg.ttl").write_bytes(dataset.turtle())
        (folder / "kg.trig").write_bytes(dataset.trig())
        for name, frame in rows.items():
            frame.write_ipc(folder / f"{name}.arrow")
        loading.result()


def _load(folder: Path) -> None:
    store = ox.Store(str(folder / "store"))
    store.bulk_load(path=str(folder / "kg.nq"), format=ox.RdfFormat.N_QUADS, lenient=True)
    # Commits do not reach the disk by themselves.
    store.flush()


def write_ontology(folder: Path, ontology: Ontology) -> None:
    """Write the ontology with the workspace's own terms, so that whoever reads the build need not parse them again."""
    (folder / ONTOLOGY).write_bytes(written(ontology))


def read_ontology(build: Path) -> Ontology:
    """The ontology of a finished build. Raises KgError if it has none."""
    try:
        return read_written((build / ONTOLOGY).read_bytes())
    except (OSError, SyntaxError, KgError) as error:
        raise KgError(f"{build.name}/{ONTOLOGY} cannot be read: {error}", "run kg build") from error


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, last of all: a build without one is not finished."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", "utf-8", newline="\n")


def read_manifest(build: Path) -> dict[str, Any]:
    """The manifest of a finished build. Raises KgError if there is none."""
    recover(build)
    try:
        text = (build / MANIFEST).read_text("utf-8")
    except FileNotFoundError:
        # Another process may be between the two renames of its swap: look again when it is through.
        with _alone(_home(build)):
            _finish(build)
            path = build / MANIFEST
            if not path.is_file():
                raise KgError(f"there is no build at {build.name}/", "run kg build") from None
            text = path.read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@contextmanager
def fresh_build(build: Path) -> Iterator[Path]:
    """A folder to build in; on leaving it takes the place of `build`, unless there was an exception.

    Files in `build` that a build does not write (a user's own exports, builds as of a day) are carried over. Builds at
    once do not mix: each has its own folder, and the latest to finish stays.
    """
    recover(build)
    _sweep(build)
    folder = _home(build) / f".build-{os.getpid()}-{get_ident()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
        _sync(folder)
        _swap(folder, build)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def recover(build: Path) -> None:
    """Finish a swap that was cut off: put the last build back, or what else lay in it beside the new one."""
    for each in dict.fromkeys((_present(build), build)):
        if _aside(each).is_dir():
            with _alone(_home(build)):
                _finish(each)


def _present(build: Path) -> Path:
    """The build of the present, within which one as of a day lies (`build/as-of/2031-06-30`), or the build itself."""
    return build.parents[1] if build.parent.name == "as-of" and build.name != "build" else build


def _home(build: Path) -> Path:
    """The folder in which builds are made and where renames are locked; no rename of a build moves it."""
    return _present(build).parent


def _aside(build: Path) -> Path:
    return build.parent / f".{build.name}-last"


def _swap(folder: Path, build: Path) -> None:
    with _alone(_home(build)):
        _finish(build)
        build.parent.mkdir(parents=True, exist_ok=True)
        if build.exists():
            build.rename(_aside(build))
        folder.rename(build)
        _finish(build)


def _finish(build: Path) -> None:
    aside = _aside(build)
    if not aside.is_dir():
        return
    if not build.exists():
        aside.rename(build)
        return
    for path in sorted(aside.iterdir()):
        if not (build / path.name).exists():
            path.rename(build / path.name)
    shutil.rmtree(aside)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time rename builds in a folder, where the system can lock folders; killing it unlocks."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    """Make what was written outlive a power cut before it takes the place of what was there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _sweep(build: Path) -> None:
    """Remove the folders of builds that were killed."""
    for path in _home(build).glob(".build-*"):
        pid = path.name.removeprefix(".build-").partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

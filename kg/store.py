"""What lies in a build: the graph in several syntaxes, the store that queries run on, the rows and the manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import pyoxigraph as ox

from kg.dataset import Dataset
from kg.errors import KgError
from kg.failures import REBUILD, failure
from kg.lock import alone
from kg.machine import forget
from kg.ontology import Ontology, read_written, written
from kg.swap import (
    INPUTS,
    MANIFEST,
    ONTOLOGY,
    STORE,
    finish,
    is_plain,
    located,
    present_of,
    read_json,
    recover,
    written_files,
)

T = TypeVar("T")
_KEYS = ("base", "counts", "dataset", "inputs", "rows", "standing", "texts", "versions")
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RecursionError,
    SyntaxError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)
_ENDINGS = (".nq", ".ttl", ".trig", ".arrow", ".json", ".sst")


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
    store = ox.Store(str(folder / STORE))
    store.bulk_load(path=str(folder / "kg.nq"), format=ox.RdfFormat.N_QUADS, lenient=True)
    # Commits do not reach the disk by themselves.
    store.flush()
    del store
    # The log tells the path of the workspace, and the tables the name of the machine.
    for log in [*(folder / STORE).glob("LOG"), *(folder / STORE).glob("LOG.old.*")]:
        log.unlink()
    forget(folder / STORE)


def write_ontology(folder: Path, ontology: Ontology) -> None:
    """Write the ontology with the workspace's own terms, so that whoever reads the build need not parse them again."""
    (folder / ONTOLOGY).write_bytes(written(ontology))


def read_ontology(build: Path) -> Ontology:
    """The ontology of a finished build. Raises KgError if it has none."""
    return read_whole(build, lambda folder: read_written((folder / ONTOLOGY).read_bytes()))


def write_manifest(folder: Path, manifest: Mapping[str, Any], inputs: Mapping[str, Mapping[str, Any]]) -> None:
    """Write what the inputs looked like and which files the build has; then the manifest, without which there is none.

    What holds for this machine alone stays out of the manifest: equal inputs give equal manifests.
    """
    (folder / INPUTS).unlink(missing_ok=True)
    files = {path.relative_to(folder).as_posix(): path.stat().st_size for path in _files(folder)}
    _write_json(folder / INPUTS, {"files": files, "inputs": inputs})
    _write_json(folder / MANIFEST, manifest)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", "utf-8", newline="\n")


def read_manifest(build: Path) -> dict[str, Any]:
    """The manifest of a finished build. Raises KgError if there is none, or if something of it is missing."""
    build = located(build.absolute())
    recover(build)
    return read_whole(build, _manifest)


def read_inputs(build: Path) -> dict[str, dict[str, Any]]:
    """What the inputs of a build looked like when it was made. Raises KgError if it does not say so."""
    return read_whole(build, _inputs)


def read_whole(build: Path, read: Callable[[Path], T]) -> T:
    """What `read` finds in a build. Raises KgError where it is not there or cannot be read."""
    build = located(build.absolute())
    try:
        return read(build)
    except _UNREADABLE as first:
        # Another process may be between the two renames of its swap: look again when it is through.
        with alone(present_of(build).parent):
            finish(build)
            return _again(build, read, first)


def _again(build: Path, read: Callable[[Path], T], first: BaseException) -> T:
    try:
        return read(build)
    except _UNREADABLE as error:
        if not (build / MANIFEST).exists():
            raise KgError(f"there is no build at {build.name}/", "run kg build") from error
        # A library that has panicked once says nothing new the second time.
        told = failure(first if isinstance(error, pl.exceptions.PanicException) else error, build)
        if _of_system(first) and not told.fix.startswith(REBUILD):
            raise told from error
        raise KgError(f"the build at {build.name}/ is damaged", "run kg build") from error


def _of_system(error: BaseException) -> bool:
    """Whether the system lets nobody read a build now, which may be whole."""
    return isinstance(error, OSError | MemoryError) or "Os { code" in str(error)


def _manifest(build: Path) -> dict[str, Any]:
    found = _json(build / MANIFEST)
    if missing := [key for key in _KEYS if key not in found]:
        raise ValueError(missing[0])
    for name, size in written_files(build).items():
        path = build / name
        if name.endswith(_ENDINGS) and not (path.is_file() and path.stat().st_size == size):
            raise ValueError(name)
    _check_store(build)
    return found


def _check_store(build: Path) -> None:
    """Look whether the list of the store's files is whole: of one cut short, the store would give fewer statements."""
    # The library would follow a link, and wait for a pipe.
    for path in (build / STORE).iterdir():
        if not (is_plain(path) or (path.is_dir() and not path.is_symlink())):
            raise ValueError(path.name)
    name = f"{STORE}/{(build / STORE / 'CURRENT').read_text('utf-8').strip()}"
    size = (build / name).stat().st_size
    # Somebody may have opened the store for writing, which makes another list.
    if written_files(build).get(name, size) != size:
        raise ValueError(name)


def _inputs(build: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = _json(build / INPUTS)["inputs"]
    if not all(isinstance(each, dict) for each in found.values()):
        raise ValueError(INPUTS)
    return found


def _json(path: Path) -> dict[str, Any]:
    found = read_json(path)
    if not isinstance(found, dict):
        raise ValueError(path.name)
    return found

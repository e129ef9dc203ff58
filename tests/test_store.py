"""What lies in a build: nothing of the machine, and whatever is missing is noticed."""

from __future__ import annotations

import getpass
import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import registry
from kg.errors import KgError
from kg.registry import Registry

WORLD = Path(__file__).parent / "worlds" / "contradicted-date"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A workspace with a build."""
    root = tmp_path / "workspace"
    shutil.copytree(WORLD, root)
    registry.build(root)
    return root


def test_a_manifest_is_written_last_and_can_be_compared(built: Path) -> None:
    """The manifest is JSON with sorted keys and plain line ends; without it there is no build."""
    text = (built / "build" / "manifest.json").read_bytes()
    assert b"\r" not in text
    assert text.endswith(b"}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))
    (built / "build" / "manifest.json").unlink()
    with pytest.raises(KgError, match="no build"):
        registry.open(built)


def test_a_build_holds_no_path_and_no_user(built: Path) -> None:
    """No file of a build has the path of the workspace or of its owner's folder, also after it was asked."""
    registry.open(built).query("sources")
    registry.open(built).query("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
    files = [path for path in (built / "build").rglob("*") if path.is_file()]
    tables = [path.read_bytes() for path in files if path.suffix == ".sst"]
    assert not [data for data in tables if f"host.identity{socket.gethostname()}".encode() in data]
    private = [str(built), str(built.parent), str(Path.home()) + "/", f"/{getpass.getuser()}/"]
    assert not [path for path in files for word in private if word.encode() in path.read_bytes()]
    assert not [path for path in files if path.name.startswith("LOG")]


NAMES = [
    "manifest.json",
    "inputs.json",
    "kg.nq",
    "kg.ttl",
    "kg.trig",
    "claims.arrow",
    "evidence.arrow",
    "links.arrow",
    "entities.arrow",
    "derived.arrow",
    "store/CURRENT",
    "store/*.sst",
    "store/MANIFEST-*",
    "store",
]


def removed(path: Path) -> None:
    """Take a file or a folder away."""
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def cut_short(path: Path) -> None:
    """Leave half of a file, or an empty folder."""
    if path.is_dir():
        shutil.rmtree(path)
        path.mkdir()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def of_another_kind(path: Path) -> None:
    """Put a file in the place of a folder, or a folder in that of a file."""
    removed(path)
    path.write_bytes(b"x") if path.name == "store" else path.mkdir()


def use_everything(opened: Registry) -> None:
    """Read all there is in a build."""
    opened.stale()
    assert opened.manifest["counts"]
    assert opened.trace("list/harbour-2031")
    opened.query("sources")
    opened.query("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
    for syntax in ("ttl", "trig", "nq", "jsonld", "csv"):
        opened.export(syntax)
    opened.diff("build", "build")


@pytest.mark.parametrize("damage", [removed, cut_short, of_another_kind])
@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_build_says_what_mends_it(built: Path, name: str, damage: Callable[[Path], None]) -> None:
    """Whatever is missing, cut short or of another kind is a message that names the mend, which works."""
    (path,) = (built / "build").glob(name) if name != "store/*.sst" else list((built / "build").glob(name))[:1]
    damage(path)
    with pytest.raises(KgError) as error:
        use_everything(registry.open(built))
    assert error.value.fix == "run kg build"
    registry.build(built)
    use_everything(registry.open(built))


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"inputs": 1}', "[" * 100_000, "\udcff"])
@pytest.mark.parametrize("name", ["manifest.json", "inputs.json"])
def test_nonsense_beside_the_graph_is_damage(built: Path, name: str, text: str) -> None:
    """A manifest or a record of inputs that is none is told as damage, and a build mends it."""
    (built / "build" / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(KgError, match="is damaged"):
        registry.open(built).stale()
    registry.build(built)
    assert registry.open(built).stale() == []


def test_bytes_that_changed_are_damage(built: Path) -> None:
    """A graph or a frame of the same size with other bytes is no traceback."""
    for name, use in (
        ("claims.arrow", lambda opened: opened.rows),
        ("kg.nq", lambda opened: opened.export("jsonld")),
    ):
        path = built / "build" / name
        path.write_bytes(b"x" * path.stat().st_size)
        with pytest.raises(KgError, match="is damaged"):
            use(registry.open(built))


def test_a_build_may_be_read_while_it_is_opened_for_writing_elsewhere(built: Path) -> None:
    """A store that somebody opened with a library of their own is still a build."""
    store = ox.Store(str(built / "build" / "store"))
    assert len(store)
    del store
    use_everything(registry.open(built))


def test_what_is_recorded_of_inputs_names_no_folder(built: Path) -> None:
    """Inputs are recorded by the names of the manifest, with size, times and number; texts with their hash."""
    found = json.loads((built / "build" / "inputs.json").read_text("utf-8"))["inputs"]
    assert found["data/lists.csv"].keys() == {"size", "mtime_ns", "ctime_ns", "inode"}
    assert all("sha256" in each for name, each in found.items() if name.startswith("texts/"))
    assert not [name for name in found if name.startswith("/")]

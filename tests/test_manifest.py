"""The manifest: what a build was made of, and whether that has changed since."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from conftest import Make
from hypothesis import given, settings
from worlds.generated import Row, files, rows

from kg import registry
from kg.errors import Finding
from kg.manifest import content_hash, input_hashes, installed, looked_at, manifest
from kg.workspace import Reading, Workspace, read

WORLD = Path(__file__).parent / "worlds" / "settled-date"


@pytest.fixture
def world(tmp_path: Path) -> Workspace:
    """A copy of a world, built."""
    shutil.copytree(WORLD, tmp_path / "world")
    registry.build(tmp_path / "world")
    return Workspace(tmp_path / "world")


def touch(path: Path) -> None:
    """Make a file newer than any build."""
    later = path.stat().st_mtime_ns + 10**12
    os.utime(path, ns=(later, later))


@pytest.mark.parametrize("other", ["a,b\n3,4\n1,2\n", "\ufeffa,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\n\n3,4"])
def test_rows_in_another_order_or_dress_are_the_same_content(tmp_path: Path, other: str) -> None:
    """Neither the order of lines nor line ends, blank lines or a byte order mark change the hash of a table."""
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_bytes(b"a,b\n1,2\n3,4\n")
    two.write_bytes(other.encode())
    assert content_hash(one) == content_hash(two)
    two.write_bytes(b"a,b\n1,2\n3,5\n")
    assert content_hash(one) != content_hash(two)


def test_inputs_are_tables_settings_ontology_and_shapes(workspace: Make) -> None:
    """All that a build depends on is hashed, a workspace's own terms and shapes too; examples of shapes are not."""
    made = files([Row("river-post", "list/spring", "count", "40")])
    own = {"ontology/own.ttl": "", "shapes/own/shape.ttl": "", "shapes/own/invalid-x.ttl": "", "texts/a.txt": "x"}
    found = input_hashes(workspace({**made, **own, "kg.toml": "", "data/notes.md": "x"}))
    assert made.keys() | {"kg.toml", "ontology/own.ttl", "shapes/own/shape.ttl"} <= found.keys()
    assert {"ontology/kg.ttl", "shapes/claim/shape.ttl"} <= found.keys()
    assert not [name for name in found if "valid" in name or name.startswith(("texts", "data/notes"))]


@settings(max_examples=15)
@given(found=rows())
def test_counts_add_up(workspace: Make, found: list[Row]) -> None:
    """Rows read are rows accepted and rejected; each claim has a standing; nodes are those of the graph."""
    reading = read(workspace(files(found)))
    told = manifest(reading)
    read_rows, rejected, accepted = (told["rows"][name] for name in ("read", "rejected", "accepted"))
    assert read_rows == len(found) == rejected + accepted
    assert rejected == sum(each.review == "rejected" for each in found)
    assert sum(told["standing"].values()) == told["counts"]["claims"] <= accepted
    assert told["counts"]["triples"] == len(reading.dataset)
    assert told["counts"]["contradictions"] == len(reading.ledger.contradictions)
    assert told["counts"]["quotes verified"] == 0
    assert told["dataset"]["sha256"] == reading.dataset.canonical_hash


def test_a_manifest_holds_no_time_and_no_machine(world: Workspace, tmp_path: Path) -> None:
    """The same tables in another folder have the same manifest."""
    shutil.copytree(WORLD, tmp_path / "elsewhere")
    assert registry.build(tmp_path / "elsewhere").manifest == registry.open(world.root).manifest
    text = (world.build / "manifest.json").read_text("utf-8")
    assert str(tmp_path) not in text


def test_texts_at_hand_are_named_by_their_hashes(world: Workspace) -> None:
    """The manifest tells which texts the quotes were verified against, and how many were found."""
    told = registry.open(world.root).manifest
    assert set(told["texts"]) == {"lowgate-radio", "river-post", "tern-herald"}
    assert told["counts"]["quotes verified"] == told["counts"]["quotes"] == 6
    shutil.rmtree(world.root / "texts")
    told = registry.build(world.root).manifest
    assert (told["texts"], told["counts"]["quotes verified"]) == ({}, 0)


def test_a_fresh_build_is_not_stale(world: Workspace) -> None:
    """Nothing has changed since the build; saving a table as it is, or in another order, changes nothing."""
    assert registry.open(world.root).stale() == []
    path = world.root / "data/claims/river-post.csv"
    head, *lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join((head, *reversed(lines))) + "\n", "utf-8")
    touch(path)
    assert registry.open(world.root).stale() == []


def test_what_has_changed_since_the_build_is_named(world: Workspace) -> None:
    """Changed, new and removed inputs make a build stale, each by its name."""
    data = world.root / "data"
    with (data / "lists.csv").open("a", encoding="utf-8") as file:
        file.write("harbour-2032,List of 2032,,,,\n")
    touch(data / "lists.csv")
    (data / "places.csv").write_text("id,name\nveldania,Veldania\n", "utf-8")
    (data / "decisions.csv").unlink()
    (world.root / "shapes" / "own").mkdir(parents=True)
    (world.root / "shapes" / "own" / "shape.ttl").write_text("", "utf-8")
    assert registry.open(world.root).stale() == [
        "data/decisions.csv",
        "data/lists.csv",
        "data/places.csv",
        "shapes/own/shape.ttl",
    ]


@pytest.mark.parametrize("earlier", [10**9, 10**15], ids=["a second", "days"])
@pytest.mark.parametrize("name", ["data/lists.csv", "texts/river-post.txt"])
def test_a_change_with_an_earlier_time_is_noticed(world: Workspace, name: str, earlier: int) -> None:
    """A file put in place with an earlier time, as archives and copies do, makes the build stale; so does a text."""
    path = world.root / name
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns - earlier, before.st_mtime_ns - earlier))
    assert registry.open(world.root).stale() == [name]


def test_a_change_that_keeps_size_and_time_is_noticed(world: Workspace) -> None:
    """Another file moved into the place of one, with its size and its times, makes the build stale."""
    path = world.root / "data/lists.csv"
    before, other = path.stat(), path.with_suffix(".new")
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    other.write_bytes(data)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.rename(path)
    assert registry.open(world.root).stale() == ["data/lists.csv"]


def test_a_change_during_the_build_is_noticed(world: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes after the tables were read, and before the build is there, makes it stale."""
    wait = registry.structure

    def slow(reading: Reading) -> list[Finding]:
        with (world.root / "data/lists.csv").open("a", encoding="utf-8") as file:
            file.write("harbour-2032,List of 2032,,,,\n")
        return wait(reading)

    monkeypatch.setattr(registry, "structure", slow)
    registry.build(world.root)
    assert registry.open(world.root).stale() == ["data/lists.csv"]


def test_a_change_in_the_tick_of_the_build_is_noticed(world: Workspace) -> None:
    """A file that was written just before it was looked at is looked at again, for its times might not tell."""
    path = world.root / "data/lists.csv"
    path.write_bytes(path.read_bytes())
    assert looked_at(world)["data/lists.csv"]["mtime_ns"] is None
    assert looked_at(world)["texts/river-post.txt"].keys() >= {"size", "inode", "sha256"}


def test_texts_that_come_and_go_make_a_build_stale(world: Workspace) -> None:
    """A text of the workspace that is new, gone or changed is named; what the system drops into folders is not."""
    texts = world.root / "texts"
    (texts / ".DS_Store").write_bytes(b"x")
    assert registry.open(world.root).stale() == []
    (texts / "river-post.txt").unlink()
    (texts / "another.txt").write_text("new", "utf-8")
    assert registry.open(world.root).stale() == ["texts/another.txt", "texts/river-post.txt"]


def test_nothing_is_read_where_nothing_changed(world: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a build is stale is asked of the system alone, unless a file looks different."""
    for path in [*(world.root / "data").rglob("*.csv"), *(world.root / "texts").iterdir()]:
        os.utime(path)
    time.sleep(0.2)
    registry.build(world.root)
    read: list[Path] = []
    for name in ("content_hash", "_text_hash"):
        monkeypatch.setattr(f"kg.manifest.{name}", lambda path: read.append(path) or "")
    assert registry.open(world.root).stale() == []
    assert read == []
    touch(world.root / "data/lists.csv")
    assert registry.open(world.root).stale() == ["data/lists.csv"]
    assert read == [world.root / "data/lists.csv"]


def test_days_follow_the_same_rule(world: Workspace) -> None:
    """A build as of a day is made again where a table differs, though its time is earlier."""
    day = date(2031, 12, 31)
    registry.build(world.root, as_of=day)
    path = world.root / "data/lists.csv"
    path.write_text(path.read_text("utf-8").replace("List", "Roll"), "utf-8")
    os.utime(path, ns=(0, 0))
    assert registry.open(world.root, as_of=day).stale() == []
    text = (world.root / "build/as-of/2031-12-31/kg.nq").read_text("utf-8")
    assert "Roll" in text
    assert "List of" not in text


def test_a_day_has_its_sources_in_the_manifest(tmp_path: Path) -> None:
    """As of a day the manifest names the day, what counts, what is left out, and why; of the present it does not."""
    shutil.copytree(WORLD.parent / "known-by", tmp_path / "world")
    told = manifest(read(Workspace(tmp_path / "world", as_of=date(2031, 5, 31))))
    assert told["as_of"] == "2031-05-31"
    counted, left_out = told["sources"]["counted"], told["sources"]["left out"]
    assert list(counted) == ["harbour-letter", "lowgate-radio", "river-post", "senate-gazette"]
    assert [source for source, row in counted.items() if row["at the earliest"]] == ["lowgate-radio"]
    assert list(left_out) == ["court-circular", "dock-leaflet", "tern-herald", "wall-poster"]
    assert left_out["tern-herald"] == {
        "known": "2031-06-10",
        "at the earliest": True,
        "because": "retells or cites coast-agency, published 2031-06-10",
    }
    assert left_out["wall-poster"]["known"] is None
    assert told["rows"] == {"read": 5, "rejected": 0, "accepted": 5}
    assert not {"as_of", "sources"} & manifest(read(Workspace(tmp_path / "world"))).keys()


def test_versions_are_those_installed() -> None:
    """The manifest names the libraries that shape the bytes; what is not installed is unknown."""
    assert installed("polars")[0].isdigit()
    assert installed("no-such-distribution") == "unknown"


def test_shapes_are_inputs_and_their_examples_are_none(workspace: Make) -> None:
    """A shape file of the workspace is hashed whatever its name, its examples are not."""
    assert "shapes/validity.ttl" in input_hashes(workspace({"shapes/validity.ttl": "", "shapes/valid.ttl": ""}))
    assert "shapes/valid.ttl" not in input_hashes(workspace({"shapes/validity.ttl": "", "shapes/valid.ttl": ""}))

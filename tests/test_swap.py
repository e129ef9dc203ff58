"""The build folder: whatever happens to a build, the last whole one stays."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest

from kg import registry, store, swap
from kg.errors import InvalidRegistryError, KgError, RefusedError
from kg.swap import fresh_build, tidy

WORLD = Path(__file__).parent / "worlds" / "contradicted-date"
SOURCE = Path(__file__).parent.parent
ROW = 'list/harbour-2031,added,3,,,,,,,"char=72,89",It holds 41 names,,\n'
OWN = "my-export.csv"

# Runs a build and kills itself without warning before or after the nth call of a function.
KILLED = """
import os, pathlib, shutil, signal, sys
import kg.modes, kg.store, kg.swap
from kg.registry import build
workspace, name, count, when = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
owner, _, method = name.rpartition(".")
owner = {"Path": pathlib.Path, "shutil": shutil, "store": kg.store, "swap": kg.swap, "Access": kg.modes.Access}[owner]
plain = getattr(owner, method)
def counted(*args, **words):
    global count
    count -= 1
    if not count and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    found = plain(*args, **words)
    if not count:
        os.kill(os.getpid(), signal.SIGKILL)
    return found
setattr(owner, method, counted)
build(workspace)
"""
# From before the first file is written to after the last is removed.
MOMENTS = [
    ("Path.write_bytes", 1, "before"),
    ("Path.write_bytes", 1, "after"),
    ("Path.write_bytes", 2, "after"),
    ("store._load", 1, "after"),
    ("store.write_manifest", 1, "before"),
    ("swap._sync", 1, "before"),
    ("swap._sync", 1, "after"),
    ("Path.rename", 1, "before"),
    ("Path.rename", 1, "after"),
    ("Path.rename", 2, "after"),
    ("Path.rename", 3, "after"),
    ("shutil.rmtree", 1, "before"),
    ("shutil.rmtree", 2, "before"),
    ("shutil.rmtree", 3, "before"),
    ("Access.give", 1, "before"),
    ("Access.give", 1, "after"),
    ("swap._move", 1, "before"),
    ("swap._move", 1, "after"),
    ("swap._move", 2, "after"),
    ("Path.rename", 4, "after"),
    ("Path.rename", 5, "after"),
]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A workspace with a build, in which a user keeps files of their own."""
    root = tmp_path / "workspace"
    shutil.copytree(WORLD, root)
    registry.build(root)
    put_own_files_into(root / "build")
    return root


def put_own_files_into(build: Path) -> None:
    """Keep files of one's own in a build."""
    (build / OWN).write_text("mine", "utf-8")
    (build / "charts").mkdir()
    (build / "charts" / "one.svg").write_text("<svg/>", "utf-8")


def kept(root: Path) -> dict[str, str]:
    """What was moved beside the build, with its text."""
    others = root / "build-others"
    return {
        path.relative_to(others).as_posix(): path.read_text("utf-8") for path in others.rglob("*") if path.is_file()
    }


OWN_FILES = {OWN: "mine", "charts/one.svg": "<svg/>"}


def add_a_row(root: Path) -> None:
    """Change the tables, so that the next build is another."""
    with (root / "data/claims/river-post.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(ROW)


def fingerprint(folder: Path) -> dict[str, str]:
    """The hash of every file of a folder, but for the store's log and lock."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "LOCK"
    }


def whole(root: Path) -> int:
    """Check that a build is whole and can be opened; the number of its claims."""
    opened = registry.open(root)
    build, manifest = root / "build", opened.manifest
    quads = set(ox.parse((build / "kg.nq").read_bytes(), format=ox.RdfFormat.N_QUADS))
    lines = sorted(ox.serialize([quad], format=ox.RdfFormat.N_QUADS) for quad in quads)
    assert manifest["dataset"]["sha256"] == hashlib.sha256(b"".join(lines)).hexdigest()
    assert set(ox.parse((build / "kg.trig").read_bytes(), format=ox.RdfFormat.TRIG)) == quads
    union = {quad.triple for quad in quads}
    assert {q.triple for q in ox.parse((build / "kg.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)} == union
    assert len(ox.Store.read_only(str(build / "store"))) == len(quads)
    for name, key in (("claims", "id"), ("evidence", "local")):
        rows = pl.read_ipc((build / f"{name}.arrow").read_bytes())
        assert rows.get_column(key).n_unique() == manifest["counts"][name]
    assert opened.trace("list/harbour-2031")
    return int(manifest["counts"]["claims"])


def beside(root: Path) -> set[str]:
    """What lies beside the tables."""
    return {path.name for path in root.iterdir()} - {path.name for path in WORLD.iterdir()}


def python(*arguments: str) -> subprocess.Popen[bytes]:
    """Another Python that knows this package."""
    return subprocess.Popen(
        [sys.executable, "-c", *arguments], cwd=SOURCE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize(("name", "count", "when"), MOMENTS, ids=lambda each: str(each))
def test_a_killed_build_leaves_a_whole_one(built: Path, name: str, count: int, when: str) -> None:
    """Killed at any moment, also between the renames, a build leaves a whole one, old or new, and a user's files."""
    add_a_row(built)
    killed = python(KILLED, str(built), name, str(count), when)
    _, errors = killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL, errors.decode()
    assert whole(built) in (6, 7)
    registry.build(built)
    assert whole(built) == 7
    assert beside(built) == {"build", "build-others"}
    assert kept(built) == OWN_FILES
    assert {path.name for path in (built / "build").iterdir()} == {*swap.FILES, "store"}


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15])
def test_a_build_killed_from_outside_leaves_a_whole_one(built: Path, delay: float) -> None:
    """A process that builds again and again is killed at no chosen moment; a whole build is there."""
    building = "import sys\nfrom kg.registry import build\nprint(flush=True)\nwhile True: build(sys.argv[1])"
    killed = python(building, str(built))
    assert killed.stdout is not None
    killed.stdout.readline()
    time.sleep(delay)
    killed.kill()
    killed.communicate(timeout=60)
    assert whole(built) == 6
    registry.build(built)
    assert beside(built) == {"build", "build-others"}
    assert kept(built) == OWN_FILES


def test_a_failing_build_changes_nothing(built: Path) -> None:
    """Tables with a violation build nothing: the last build stays byte for byte, and nothing lies about."""
    before = fingerprint(built / "build")
    with (built / "data/claims/river-post.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(ROW.replace("list/harbour-2031", "list/harbour-1999"))
    with pytest.raises(InvalidRegistryError, match="nothing was built"):
        registry.build(built)
    assert fingerprint(built / "build") == before
    assert beside(built) == {"build"}


def test_a_build_that_cannot_be_written_changes_nothing(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk while the store is written leaves the last build, and no half of the new one."""

    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device", str(folder))

    before = fingerprint(built / "build")
    monkeypatch.setattr(store, "_load", full)
    with pytest.raises(OSError, match="No space left"):
        registry.build(built)
    assert fingerprint(built / "build") == before
    assert beside(built) == {"build"}


def test_a_first_build_that_fails_leaves_no_build(tmp_path: Path) -> None:
    """Where there was no build, a failing one leaves none, and opening it says so."""
    shutil.copytree(WORLD / "data", tmp_path / "data")
    (tmp_path / "data/lists.csv").unlink()
    with pytest.raises(InvalidRegistryError):
        registry.build(tmp_path)
    assert beside(tmp_path) == set()
    with pytest.raises(KgError, match="no build"):
        registry.open(tmp_path)


def test_the_same_tables_give_the_same_files(built: Path) -> None:
    """A second build changes no byte but in the store and in what is told of the machine's files."""
    own = {"store", "inputs.json", *(each.partition("/")[0] for each in OWN_FILES)}

    def told() -> dict[str, str]:
        found = fingerprint(built / "build")
        return {name: digest for name, digest in found.items() if name.partition("/")[0] not in own}

    before = told()
    registry.build(built)
    assert told() == before


def test_builds_at_once_leave_one_whole_build(built: Path) -> None:
    """Processes that build and open the same workspace at once disturb each other in nothing."""
    again = "import sys\nfrom kg.registry import build, open\nfor _ in range(6): " + "{}(sys.argv[1]).manifest"
    at_once = [python(again.format(verb), str(built)) for verb in ("build", "build", "open")]
    told = [process.communicate(timeout=120)[1].decode() for process in at_once]
    assert [process.returncode for process in at_once] == [0, 0, 0], told
    assert whole(built) == 6
    assert beside(built) == {"build", "build-others"}
    assert kept(built) == OWN_FILES


def test_builds_in_threads_do_not_mix(built: Path) -> None:
    """Two threads of one program may build the same workspace."""
    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(registry.build, built) for _ in range(6)]:
            done.result()
    assert whole(built) == 6
    assert beside(built) == {"build", "build-others"}


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def running() -> Iterator[int]:
    """The number of a process that runs."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process.pid
    process.communicate(b"\n")


def test_leftovers_of_killed_builds_are_swept(tmp_path: Path, gone: int, running: int) -> None:
    """Folders that no builder holds are removed, though another process has the number of theirs by now."""
    names = [f".build-{gone}", f".build-{gone}-140", f".build-{running}-1", ".build-of-mine"]
    for name in names:
        (tmp_path / name / "store").mkdir(parents=True)
    with fresh_build(tmp_path / "build") as folder:
        (folder / "manifest.json").write_text("{}", "utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"build", names[3]}


def test_opening_sweeps_the_folders_of_killed_builds(built: Path, gone: int) -> None:
    """A command that only reads removes what a killed build left, where it may write."""
    (built / f".build-{gone}-1").mkdir()
    registry.open(built)
    assert beside(built) == {"build"}


def test_the_folder_of_a_builder_that_lives_stays(tmp_path: Path) -> None:
    """While a build is made, neither another build nor a command that reads takes its folder away."""
    with fresh_build(tmp_path / "build") as folder:
        (folder / "manifest.json").write_text("{}", "utf-8")
        tidy(tmp_path / "build")
        with ThreadPoolExecutor(1) as threads:
            threads.submit(other_build, tmp_path / "build").result()
        assert (folder / "manifest.json").is_file()


def other_build(build: Path) -> None:
    """Make a build that holds nothing."""
    with fresh_build(build):
        pass


def test_a_build_is_made_beside_and_swapped_in(tmp_path: Path) -> None:
    """While a build is made, the last one is still there; an exception leaves it there."""
    build = tmp_path / "build"
    for text in ('{"first": 1}', '{"second": 2}'):
        with fresh_build(build) as folder:
            assert folder.parent == tmp_path
            assert not build.exists() or (build / "manifest.json").read_text("utf-8") == '{"first": 1}'
            (folder / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(ZeroDivisionError), fresh_build(build):
        raise ZeroDivisionError
    assert (build / "manifest.json").read_text("utf-8") == '{"second": 2}'
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


@pytest.mark.parametrize("new", [False, True], ids=["before", "after"])
def test_opening_finishes_a_swap_that_was_cut_off(built: Path, new: bool) -> None:
    """Opening puts the last build back, or a user's files beside the new one, whichever rename came last."""
    build, aside = built / "build", built / ".build-last"
    build.rename(aside)
    if new:
        shutil.copytree(aside, build, ignore=shutil.ignore_patterns(OWN, "charts"))
    assert whole(built) == 6
    assert not aside.exists()
    assert kept(built) == (OWN_FILES if new else {})
    assert (build / OWN).is_file() is not new


DAY = date(2031, 2, 20)


def test_a_build_as_of_a_day_outlives_builds_of_the_present(built: Path) -> None:
    """Builds as of a day lie in the build of the present; made of the same, they go on in the next one."""
    registry.build(built, as_of=DAY)
    folder = built / "build" / "as-of" / "2031-02-20"
    before = fingerprint(folder)
    assert before.keys() >= {"kg.nq", "kg.ttl", "kg.trig", "manifest.json"}
    registry.build(built)
    assert fingerprint(folder) == before
    assert whole(built) == 6
    assert beside(built) == {"build", "build-others"}
    assert {path.name for path in (built / "build" / "as-of").iterdir()} == {"2031-02-20"}


def test_a_build_as_of_a_day_is_no_build_of_the_present(tmp_path: Path) -> None:
    """Where only a day was built, the present has to be built, and then both are there."""
    shutil.copytree(WORLD, tmp_path / "workspace")
    registry.build(tmp_path / "workspace", as_of=DAY)
    with pytest.raises(KgError, match="no build"):
        registry.open(tmp_path / "workspace")
    registry.build(tmp_path / "workspace")
    assert whole(tmp_path / "workspace") == 6
    assert (tmp_path / "workspace" / "build" / "as-of" / "2031-02-20" / "manifest.json").is_file()


def test_builds_of_days_and_of_the_present_at_once_are_whole(built: Path) -> None:
    """A build of the present that is swapped in while days are built takes none of their folders away."""
    present = "import sys\nfrom kg.registry import build\nfor _ in range(6): build(sys.argv[1])"
    days = "import sys\nfrom datetime import date\nfrom kg.registry import build\n"
    days += "for n in range(6): build(sys.argv[1], as_of=date(2031, 2, 20 + n))"
    at_once = [python(code, str(built)) for code in (present, days)]
    told = [process.communicate(timeout=120)[1].decode() for process in at_once]
    assert [process.returncode for process in at_once] == [0, 0], told
    assert whole(built) == 6
    assert beside(built) == {"build", "build-others"}
    for number in range(6):
        opened = registry.open(built, as_of=date(2031, 2, 20 + number))
        assert opened.manifest["counts"]["claims"] == 2
        assert opened.stale() == []


def test_a_folder_may_be_called_as_of(tmp_path: Path) -> None:
    """A workspace in a folder of that name is built like any other."""
    root = tmp_path / "as-of"
    shutil.copytree(WORLD, root)
    registry.build(root)
    registry.build(root, as_of=DAY)
    assert whole(root) == 6
    assert beside(root) == {"build"}
    assert {path.name for path in tmp_path.iterdir()} == {"as-of"}


def test_a_cut_off_swap_of_the_present_loses_no_day(built: Path) -> None:
    """Asking as of a day after a swap that was cut off brings the builds as of other days back, too."""
    registry.build(built, as_of=DAY)
    (built / "build").rename(built / ".build-last")
    shutil.copytree(built / ".build-last", built / "build", ignore=shutil.ignore_patterns(OWN, "charts", "as-of"))
    registry.build(built, as_of=date(2031, 3, 31))
    assert {path.name for path in (built / "build" / "as-of").iterdir()} == {"2031-02-20", "2031-03-31"}
    assert beside(built) == {"build", "build-others"}
    assert kept(built) == OWN_FILES


# ── links ──


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A folder elsewhere that the build of a workspace is a link to."""
    shutil.copytree(WORLD, tmp_path / "workspace")
    (tmp_path / "disk" / "veldania").mkdir(parents=True)
    (tmp_path / "workspace" / "build").symlink_to(tmp_path / "disk" / "veldania")
    return tmp_path / "disk"


def test_a_link_stays_and_its_target_holds_the_build(disk: Path) -> None:
    """Builds are made, moved and kept where the link leads, and nothing of them lies in the workspace."""
    root = disk.parent / "workspace"
    for _ in range(2):
        registry.build(root)
        registry.build(root, as_of=DAY)
        put_own_files_into(root / "build")
        assert (root / "build").is_symlink()
        assert whole(root) == 6
        assert (disk / "veldania" / "as-of" / "2031-02-20" / "manifest.json").is_file()
        assert beside(root) == {"build"}
    registry.build(root)
    assert {path.name for path in disk.iterdir()} == {"veldania", "veldania-others"}
    assert (disk / "veldania-others" / f"{Path(OWN).stem}-2.csv").read_text("utf-8") == "mine"


@pytest.mark.parametrize(("moment", "when"), [(1, "before"), (1, "after"), (2, "after"), (3, "after")])
def test_a_killed_build_behind_a_link_leaves_a_whole_one(disk: Path, moment: int, when: str) -> None:
    """Killed between the renames, a build behind a link is old or new, and the link is still one."""
    root = disk.parent / "workspace"
    registry.build(root)
    add_a_row(root)
    killed = python(KILLED, str(root), "Path.rename", str(moment), when)
    assert killed.communicate(timeout=60)[1] is not None
    assert killed.returncode == -signal.SIGKILL
    assert whole(root) in (6, 7)
    registry.build(root)
    assert whole(root) == 7
    assert {path.name for path in disk.iterdir()} == {"veldania"}
    assert (root / "build").is_symlink()


@pytest.mark.parametrize("verb", [registry.build, registry.open], ids=["build", "open"])
def test_a_link_that_leads_nowhere_is_refused(disk: Path, verb: Callable[[Path], object]) -> None:
    """Where the disk is not there, nothing is built in its place, and the message names where the link leads."""
    shutil.rmtree(disk)
    with pytest.raises(KgError, match=r"build is a link to .*veldania, which is not there") as error:
        verb(disk.parent / "workspace")
    assert (error.value.fix, type(error.value)) == ("mount the disk, or remove the link", KgError)
    assert beside(disk.parent / "workspace") == {"build"}


def test_a_link_to_a_file_or_a_disk_as_a_whole_is_refused(disk: Path) -> None:
    """A build needs a folder, beside which the next one can be made."""
    link = disk.parent / "workspace" / "build"
    for target, message in ((disk.parent / "file", "no folder"), (Path("/proc"), "a disk as a whole")):
        (disk.parent / "file").touch()
        link.unlink()
        link.symlink_to(target)
        with pytest.raises(KgError, match=message):
            registry.build(link.parent)


NAMES = (
    ".build-last",
    ".build-1-1",
    ".build-x",
    "build-others",
    "build/as-of",
    "build/as-of/2031-02-20",
    "build/as-of/.2031-02-20-last",
    "build/manifest.json",
    "build/inputs.json",
    "build/kg.nq",
    "build/claims.arrow",
    "build/store",
)


@pytest.mark.parametrize("verb", [registry.build, registry.open], ids=["build", "open"])
@pytest.mark.parametrize("name", NAMES)
def test_a_link_under_a_name_of_the_program_is_refused(
    tmp_path: Path, name: str, verb: Callable[[Path], object]
) -> None:
    """Nothing is written or removed through a link that lies where the program writes; the message names it."""
    root, victim = tmp_path / "workspace", tmp_path / "victim"
    shutil.copytree(WORLD, root)
    registry.build(root)
    victim.mkdir()
    (victim / "manifest.json").write_text("{}", "utf-8")
    (victim / "mine.txt").write_text("mine", "utf-8")
    path = root / name
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(victim)
    with pytest.raises(RefusedError, match=f"{name} is a link"):
        verb(root)
    assert fingerprint(victim).keys() == {"manifest.json", "mine.txt"}
    assert path.is_symlink()


# ── what goes on in the next build ──


def test_what_no_build_wrote_is_moved_and_told(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file of one's own in a build lies beside it after the next one, under a free name, and a line says where."""
    for _ in range(2):
        registry.build(built)
        put_own_files_into(built / "build")
        (built / "build" / "store" / "notes.txt").write_text("mine", "utf-8")
        (built / "build" / ".DS_Store").write_text("x", "utf-8")
    capfd.readouterr()
    registry.build(built)
    told = capfd.readouterr().err
    assert "moved my-export.csv, which no build wrote, to build-others/my-export-" in told
    assert "look whether you still need it" in told
    names = set(kept(built))
    assert {OWN, "my-export-2.csv", "charts/one.svg", "charts-2/one.svg", "store/notes.txt"} <= names
    assert not [name for name in names if "DS_Store" in name]


def test_somebody_deleted_from_the_tables_is_in_no_file_of_the_next_build(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], gone: int
) -> None:
    """Neither graph, store, frames nor builds as of a day or killed ones keep a name that the tables no longer hold."""
    root = tmp_path / "workspace"
    shutil.copytree(WORLD, root)
    people = root / "data" / "people.csv"
    people.write_text("id,name,aliases\nzora-quill,Zora Quill,Zora the Elder\nivo-reed,Ivo Reed,\n", "utf-8")
    registry.build(root, as_of=DAY)
    registry.build(root)
    shutil.copytree(root / "build", root / f".build-{gone}-1")
    people.write_text("id,name,aliases\nivo-reed,Ivo Reed,\n", "utf-8")
    capfd.readouterr()
    registry.build(root)
    assert "removed what was built as of 2031-02-20" in capfd.readouterr().err
    left = [path for path in (root).rglob("*") if path.is_file() and path.parent.name != "data"]
    for path in left:
        assert not [name for name in (b"zora", b"Zora", b"quill") if name in path.read_bytes()], path
    assert [path for path in left if b"ivo-reed" in path.read_bytes()]


def test_a_build_as_of_a_day_that_is_no_longer_true_is_made_again(built: Path) -> None:
    """Asked as of a day after the tables changed, what is told is what the tables hold, whatever was built before."""
    registry.build(built, as_of=DAY)
    (built / "data" / "people.csv").write_text("id,name,aliases\nivo-reed,Ivo Reed,\n", "utf-8")
    registry.build(built)
    assert not (built / "build" / "as-of").exists()
    assert registry.open(built, as_of=DAY).stale() == []


def test_a_file_called_build_is_in_the_way(tmp_path: Path) -> None:
    """A file of that name is not overwritten, and the message says so."""
    shutil.copytree(WORLD, tmp_path / "workspace")
    (tmp_path / "workspace" / "build").write_text("mine", "utf-8")
    with pytest.raises(KgError, match="build is no folder"):
        registry.build(tmp_path / "workspace")
    assert (tmp_path / "workspace" / "build").read_text("utf-8") == "mine"

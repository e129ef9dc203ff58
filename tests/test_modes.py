"""Who may see a build: nobody who may not read the tables."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import registry, swap
from kg.modes import Access, access_of
from kg.template import initialize

WORLD = Path(__file__).parent / "worlds" / "contradicted-date"
SOURCE = Path(__file__).parent.parent
ROOT = hasattr(os, "getuid") and os.getuid() == 0
STRANGER, MEMBER, GROUP = 64001, 64002, 64003


@pytest.fixture
def world() -> Iterator[Path]:
    """A workspace in a folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = Path(folder) / "world"
        shutil.copytree(WORLD, root)
        set_modes(root, 0o755, 0o644)
        yield root


def set_modes(folder: Path, of_folders: int, of_files: int) -> None:
    """Give a folder and all in it some modes."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(of_folders if path.is_dir() else of_files)


def modes(folder: Path) -> tuple[set[int], set[int]]:
    """The modes of the folders and of the files of a folder."""
    found = [folder, *folder.rglob("*")]
    folders = {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()}
    return folders, {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()}


def may_read(path: Path, user: int, *groups: int) -> bool:
    """Whether an ordinary user can read a file, tried as that user where the tests run as root."""
    done = subprocess.run(
        ["cat", str(path)], user=user, group=user, extra_groups=groups, capture_output=True, check=False
    )
    return done.returncode == 0


@pytest.mark.parametrize(
    ("data", "file", "of_folders", "of_files"),
    [
        (0o755, 0o644, 0o755, 0o644),
        (0o750, 0o640, 0o750, 0o640),
        (0o700, 0o600, 0o700, 0o600),
        (0o775, 0o664, 0o755, 0o644),
        (0o711, 0o644, 0o700, 0o600),
        (0o750, 0o644, 0o750, 0o640),
    ],
)
@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_a_build_is_as_open_as_the_tables(
    world: Path, data: int, file: int, of_folders: int, of_files: int, mask: int
) -> None:
    """Folders and files of a build follow the tables, whatever the umask is; nobody else may write in it."""
    set_modes(world / "data", data, file)
    before = os.umask(mask)
    try:
        registry.build(world)
    finally:
        os.umask(before)
    assert modes(world / "build") == ({of_folders}, {of_files})


@pytest.mark.parametrize("strict", ["data/lists.csv", "data/claims/river-post.csv", "data/claims"])
def test_one_strict_table_makes_a_strict_build(world: Path, strict: str) -> None:
    """A build holds what all tables say, so the strictest of them sets who may see it."""
    (world / strict).chmod(0o700 if (world / strict).is_dir() else 0o600)
    registry.build(world)
    assert modes(world / "build") == ({0o700}, {0o600})


def test_a_build_is_never_open_before_it_is_closed(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a build is made, nobody else can enter its folder, and in it none gets more than it shall have."""
    (world / "data").chmod(0o750)
    seen = []
    give = Access.give

    def watched(access: Access, folder: Path) -> None:
        seen.append(stat.S_IMODE(folder.stat().st_mode))
        give(access, folder)

    monkeypatch.setattr(Access, "give", watched)
    before = os.umask(0)
    try:
        with swap.fresh_build(world / "build", access_of(world / "data", world)) as folder:
            assert modes(folder)[0] == {0o700}
            (folder / "manifest.json").write_text("{}", "utf-8")
        registry.build(world, as_of=None)
    finally:
        os.umask(before)
    assert seen
    assert {mode & 0o077 for mode in seen} == {0}


def test_tables_made_stricter_shut_the_build_at_the_next_command(world: Path) -> None:
    """Where the tables were shut after the build, opening it shuts its folder, too."""
    registry.build(world)
    (world / "data").chmod(0o700)
    registry.open(world)
    assert stat.S_IMODE((world / "build").stat().st_mode) == 0o700


def test_a_build_behind_a_link_is_guarded_like_the_workspace(world: Path) -> None:
    """Where the tables lie in a folder that nobody else may enter, a build that lies elsewhere is as closed."""
    target = world.parent / "disk" / "build"
    target.mkdir(parents=True)
    target.parent.chmod(0o755)
    (world / "build").symlink_to(target)
    world.chmod(0o700)
    registry.build(world)
    assert modes(target) == ({0o700}, {0o600})


def test_builds_as_of_a_day_are_as_private(world: Path) -> None:
    """What is built as of a day, and the folder of days, follow the tables; what goes on in a new build, too."""
    from datetime import date

    registry.build(world)
    registry.build(world, as_of=date(2031, 2, 20))
    assert modes(world / "build") == ({0o755}, {0o644})
    set_modes(world / "data", 0o700, 0o600)
    registry.build(world)
    assert (world / "build" / "as-of" / "2031-02-20").is_dir()
    assert modes(world / "build") == ({0o700}, {0o600})


def test_the_group_of_the_tables_is_the_group_of_the_build(world: Path) -> None:
    """Members of the group that owns the tables can read the build, strangers cannot; without that right, none can."""
    set_modes(world / "data", 0o750, 0o640)
    if not ROOT:
        registry.build(world)
        assert (world / "build").stat().st_gid == (world / "data").stat().st_gid
        return
    for path in [world / "data", *(world / "data").rglob("*")]:
        os.chown(path, -1, GROUP)
    registry.build(world)
    for path in (world / "build" / "kg.nq", world / "build" / "store" / "CURRENT", world / "data" / "lists.csv"):
        assert may_read(path, MEMBER, GROUP)
        assert not may_read(path, STRANGER)


def test_a_group_that_the_tables_shut_out_is_no_group_of_the_build(world: Path) -> None:
    """A table of another group, or one that shuts out its group alone, opens the build to neither."""
    set_modes(world / "data", 0o755, 0o604)
    assert access_of(world / "data", world).file == 0o604
    (world / "data" / "lists.csv").chmod(0o600)
    assert access_of(world / "data", world).file == 0o600


# Builds once, so that all is imported, then becomes an ordinary user and builds again.
AS_MEMBER = """
import os, sys
from kg.registry import build, example_workspace, open
build(example_workspace()).query("sources")
os.setgroups([int(sys.argv[3])]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
for verb in sys.argv[4:]:
    {"build": build, "open": open}[verb](sys.argv[1])
"""


def program_for_all(folder: Path) -> Path:
    """The program where everybody may read it, as an installed one: a checkout may lie where only root may look."""
    program = folder / "program"
    for name in ("kg", "ontology", "shapes"):
        shutil.copytree(SOURCE / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    set_modes(program, 0o755, 0o644)
    return program


def test_a_shared_workspace_is_built_by_its_group(world: Path) -> None:
    """With shared = true whoever is in the group that may write the tables can build after another did."""
    root = world.parent / "ours"
    initialize(root, shared=True)
    if not ROOT:
        registry.build(root)
        assert {mode & 0o2777 for mode in modes(root / "build")[0]} == {0o2770}
        assert modes(root / "build")[1] == {0o660}
        return
    for path in [root, *root.rglob("*")]:
        os.chown(path, -1, GROUP)
        path.chmod(0o2770 if path.is_dir() else 0o660)
    registry.build(root)
    program = program_for_all(world.parent)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", AS_MEMBER, str(root), str(MEMBER), str(GROUP), "open", "build", "build"],
            cwd=program,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert (root / "build").stat().st_uid == MEMBER
        assert modes(root / "build") == ({0o2770}, {0o660})
        assert not may_read(root / "build" / "kg.nq", STRANGER)
        registry.build(root)


def test_a_read_only_workspace_can_be_opened(world: Path) -> None:
    """Who may only read opens the build and asks whether it is stale; what a killed build left stays."""
    registry.build(world)
    (world / ".build-999999-1").mkdir()
    if ROOT:
        done = subprocess.run(
            [sys.executable, "-c", AS_MEMBER, str(world), str(STRANGER), str(STRANGER), "open"],
            cwd=program_for_all(world.parent),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
    else:
        world.chmod(0o555)
        try:
            assert registry.open(world).stale() == []
        finally:
            world.chmod(0o755)
    assert (world / ".build-999999-1").is_dir()


@pytest.mark.parametrize(("shared", "of_folders", "of_files"), [(False, 0o700, 0o600), (True, 0o2770, 0o660)])
@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_a_new_workspace_is_private(tmp_path: Path, shared: bool, of_folders: int, of_files: int, mask: int) -> None:
    """What kg init makes is for its owner alone, or for the group where it is shared, whatever the umask is."""
    before = os.umask(mask)
    try:
        initialize(tmp_path / "new", shared=shared)
    finally:
        os.umask(before)
    assert modes(tmp_path / "new") == ({of_folders}, {of_files})
    assert ("shared = true" in (tmp_path / "new" / "kg.toml").read_text("utf-8")) is shared
    registry.build(tmp_path / "new")
    assert modes(tmp_path / "new" / "build") == ({of_folders}, {of_files})


def test_an_access_list_opens_nothing_to_the_group(world: Path) -> None:
    """The mode shows what an access control list allows to anybody in it; the build goes by what the group has."""
    set_modes(world / "data", 0o700, 0o600)
    entries = ((0x01, 7, -1), (0x02, 7, STRANGER), (0x04, 0, -1), (0x10, 7, -1), (0x20, 0, -1))
    packed = b"\x02\0\0\0" + b"".join(
        tag.to_bytes(2, "little") + perm.to_bytes(2, "little") + (who & 0xFFFFFFFF).to_bytes(4, "little")
        for tag, perm, who in entries
    )
    try:
        for path in [world / "data", *(world / "data").rglob("*")]:
            os.setxattr(path, "system.posix_acl_access", packed)
    except (OSError, AttributeError):
        # Without such lists there is no such case; the plain mode is the truth.
        assert access_of(world / "data", world).folder == 0o700
        return
    assert stat.S_IMODE((world / "data").stat().st_mode) == 0o770
    assert access_of(world / "data", world).folder == 0o700

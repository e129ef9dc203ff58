"""Where commands write: never onto what is read, and a file is there whole or as it was before."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import KgError, RefusedError
from kg.output import STANDARD, Destination, Folder, Protected, write
from kg.workspace import INPUTS, Workspace, protected

ROOT = Path(__file__).parent.parent
Snapshot = dict[str, bytes]


def kg(*arguments: str | Path, cwd: Path, **more: object) -> subprocess.CompletedProcess[str]:
    """Run kg in a folder."""
    command = [sys.executable, "-m", "kg", *map(str, arguments)]
    settings = {"cwd": cwd, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "timeout": 300, **more}
    return subprocess.run(command, capture_output=True, text=True, check=False, **settings)  # type: ignore[call-overload,no-any-return]


def inputs_of(root: Path) -> Snapshot:
    """The bytes of all files of a workspace."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built workspace that has something in each room, and is written by no test."""
    root = tmp_path_factory.mktemp("outputs") / "registry"
    assert kg("init", "registry", cwd=root.parent).returncode == 0
    for room, name in (("queries", "mine.rq"), ("networks", "mine.rq")):
        (root / room).mkdir()
        (root / room / name).write_text("# Mine\nSELECT ?source ?target ?relation { }", "utf-8")
    for room in ("ontology", "shapes"):
        (root / room).mkdir()
    assert kg("build", cwd=root).returncode == 0
    return root


@pytest.mark.parametrize(
    "command",
    [
        "export --format csv -o data",
        "export --format csv -o build/as-of/2031-05-03",
        "export --format ttl -o texts/river-post.txt",
        "export -o kg.toml",
        "export -o .build-last/kg.ttl",
        "query lists -o data/lists.csv",
        "query lists --format csv -o data/new/lists.csv",
        "query -o queries/mine.rq",
        "query lists -o kg.toml",
        "check --format json -o data/claims/river-post.csv",
        "check -o build",
        "trace 'Jon Brask' -o ontology/trace.txt",
        "diff build build -o build/diff.json",
        "network -o networks/mine.rq",
        "network all -o data/people.csv",
        "network all -o reading/all.graphml",
        "draw all -o shapes/all.svg",
        "draw -o kg.toml",
        "chart lists -o build/lists.svg",
        "chart -o kg.toml",
    ],
)
def test_no_command_writes_onto_inputs_or_builds(registry: Path, command: str) -> None:
    """An output onto what a workspace reads, or into its build, is refused with a fix, and nothing changes."""
    before = inputs_of(registry)
    refused = kg(*shlex.split(command), cwd=registry)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "would land " in refused.stderr
    assert "fix: name another place with -o" in refused.stderr
    assert inputs_of(registry) == before


def test_a_file_that_the_command_reads_is_no_output(registry: Path, tmp_path: Path) -> None:
    """A query, graph, network or build that is read is not overwritten, nor is what standard input comes from."""
    (tmp_path / "q.rq").write_text("SELECT ?source ?target ?relation { }", "utf-8")
    shutil.copyfile(registry / "build" / "kg.ttl", tmp_path / "g.ttl")
    shutil.copytree(registry / "build", tmp_path / "release")
    before = inputs_of(tmp_path)
    query, graph, release = tmp_path / "q.rq", tmp_path / "g.ttl", tmp_path / "release"
    for words in (
        ("query", query, "-o", query),
        ("check", graph, "-o", graph),
        ("network", query, "-o", query),
        ("draw", query, "-o", query),
        ("diff", release, "build", "-o", release / "diff.json"),
    ):
        assert kg(*words, cwd=registry).returncode == 2, words
    with query.open() as stdin:
        assert kg("query", "-", "--format", "csv", "-o", query, cwd=registry, stdin=stdin).returncode == 2
    assert inputs_of(tmp_path) == before


def test_a_folder_of_texts_that_is_named_is_no_output(registry: Path, tmp_path: Path) -> None:
    """A folder given by --texts is read as well."""
    refused = kg("check", "--texts", tmp_path, "-o", tmp_path / "x.txt", cwd=registry)
    assert (refused.returncode, list(tmp_path.iterdir())) == (2, [])


def test_the_registry_of_another_workspace_is_no_output(registry: Path, tmp_path: Path) -> None:
    """Standing in one workspace, one does not overwrite another by a slip."""
    shutil.copytree(registry, tmp_path / "other")
    before = inputs_of(tmp_path / "other")
    refused = kg("query", "lists", "-o", tmp_path / "other" / "data" / "lists.csv", cwd=registry)
    assert refused.returncode == 2
    assert inputs_of(tmp_path / "other") == before


def test_a_refusal_comes_before_the_work(tmp_path: Path) -> None:
    """A command that would have to build first refuses at once, and leaves no build behind."""
    kg("init", ".", cwd=tmp_path)
    assert kg("query", "lists", "--as-of", "2031-05-05", "-o", "data/lists.csv", cwd=tmp_path).returncode == 2
    assert not (tmp_path / "build").exists()


def test_one_list_names_all_that_is_read(tmp_path: Path) -> None:
    """A workspace tells in one list what is read of it, and each of it is guarded, whether it is there or not."""
    (tmp_path / "data").mkdir()
    texts = tmp_path / "elsewhere"
    assert Workspace(tmp_path).inputs([texts]) == (*(tmp_path / name for name in INPUTS), texts)
    for name in ("data", "texts", "ontology", "shapes", "queries", "networks", "reading", "kg.toml", "build"):
        with pytest.raises(RefusedError, match=name):
            protected(tmp_path, tmp_path / name / "x.csv").refuse(tmp_path / name / "x.csv")


def _by_link(root: Path, outside: Path) -> Path:
    (outside / "link").symlink_to(root / "data")
    return outside / "link" / "x.csv"


def _by_link_to_nothing(root: Path, outside: Path) -> Path:
    (outside / "link.csv").symlink_to(root / "data" / "new.csv")
    return outside / "link.csv"


def _by_dots(root: Path, outside: Path) -> Path:
    return outside / ".." / root.name / "shapes" / ".." / "data" / "x.csv"


def _by_hard_link(root: Path, outside: Path) -> Path:
    os.link(root / "data" / "people.csv", outside / "people.csv")
    return outside / "people.csv"


def _behind_an_input(root: Path, outside: Path) -> Path:
    (outside / "claims").mkdir()
    (root / "data" / "claims").symlink_to(outside / "claims")
    return outside / "claims" / "x.csv"


def _file_behind_an_input(root: Path, outside: Path) -> Path:
    (outside / "kept.csv").write_text("id\n", "utf-8")
    (root / "data" / "cases.csv").symlink_to(outside / "kept.csv")
    return outside / "kept.csv"


def _behind_the_build(root: Path, outside: Path) -> Path:
    (outside / "disk").mkdir()
    (root / "build").symlink_to(outside / "disk")
    return outside / "disk" / "x.csv"


WAYS = [
    *(_by_link, _by_link_to_nothing, _by_dots, _by_hard_link),
    *(_behind_an_input, _file_behind_an_input, _behind_the_build),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_no_way_around_leads_onto_inputs(tmp_path: Path, way: Callable[[Path, Path], Path]) -> None:
    """Links, hard links and dots, at the output or at the input, hide nothing."""
    root, outside = tmp_path / "registry", tmp_path / "outside"
    (root / "data").mkdir(parents=True)
    (root / "data" / "people.csv").write_text("id,name\n", "utf-8")
    outside.mkdir()
    output = way(root, outside)
    with pytest.raises(RefusedError):
        Destination(output, protected(root, output))


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare, of Linux")
def test_a_mount_of_an_input_is_that_input(registry: Path, tmp_path: Path) -> None:
    """A folder, or a file, that is mounted elsewhere is known for what it is, where the system lets one mount."""
    (tmp_path / "mounted").mkdir()
    (tmp_path / "one.csv").write_text("", "utf-8")
    before = inputs_of(registry)
    command = shlex.join([sys.executable, "-m", "kg", "query", "lists", "-o"])
    script = (
        f"mount --bind {registry}/data {tmp_path}/mounted && mount --bind {registry}/data/people.csv {tmp_path}/one.csv"
        f" || exit 77; {command} {tmp_path}/mounted/x.csv; {command} {tmp_path}/one.csv"
    )
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "bash", "-c", script],
        cwd=registry,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        sys.stdout.write(f"mounts are not allowed here: {done.stderr}")
    else:
        assert (done.returncode, done.stderr.count("would land in data/")) == (2, 2), done.stderr
    assert inputs_of(registry) == before


def test_links_upwards_make_no_input_of_everything(tmp_path: Path) -> None:
    """A link in an input to the folder around it does not forbid all outputs there."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "home").symlink_to(tmp_path)
    Destination(tmp_path / "x.csv", protected(tmp_path, tmp_path / "x.csv"))


@pytest.mark.parametrize(
    ("name", "told"), [("", "an empty name names no file"), ("new/", "names a folder"), (".", "is a folder")]
)
def test_an_output_that_names_no_file_is_wrong_usage(registry: Path, name: str, told: str) -> None:
    """An empty name and a folder are told as what they are."""
    refused = kg("query", "lists", "-o", name, cwd=registry)
    assert (refused.returncode, told in refused.stderr) == (2, True)


def test_tables_are_checked_before_the_first_is_written(registry: Path, tmp_path: Path) -> None:
    """If one of several files would land on an input, none is written."""
    (tmp_path / "claims.csv").symlink_to(registry / "data" / "claims" / "river-post.csv")
    assert kg("export", "--format", "csv", "-o", tmp_path, cwd=registry).returncode == 2
    (tmp_path / "all-edges.csv").symlink_to(registry / "data" / "people.csv")
    assert kg("network", "all", "-o", tmp_path / "all.csv", cwd=registry).returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all-edges.csv", "claims.csv"]


def test_what_is_not_checked_cannot_be_written(tmp_path: Path) -> None:
    """There is no destination that its guard did not let pass, nor a folder."""
    strict = Protected(inputs=(tmp_path,))
    for kind in (Destination, Folder):
        with pytest.raises(RefusedError):
            kind(tmp_path / "x", strict)
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(RefusedError, match="is a file"):
        Folder(tmp_path / "file", Protected())
    assert Destination(STANDARD, strict).standard


def test_modes_follow_the_umask_and_are_kept(tmp_path: Path) -> None:
    """A new file has the mode that the umask leaves, and one that is there keeps its own, and its link."""
    before = os.umask(0o027)
    try:
        write({Destination(tmp_path / "new" / "a.csv", Protected()): b"1"})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new" / "a.csv").stat().st_mode) == 0o640
    kept, link = tmp_path / "kept.csv", tmp_path / "link.csv"
    kept.write_bytes(b"old")
    kept.chmod(0o604)
    link.symlink_to(kept)
    write({Destination(link, Protected()): b"new"})
    assert (kept.read_bytes(), stat.S_IMODE(kept.stat().st_mode), link.is_symlink()) == (b"new", 0o604, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.csv", "link.csv", "new"]


def test_pipes_and_devices_are_written_as_they_are(registry: Path, tmp_path: Path) -> None:
    """A FIFO stays one, a full device is told, and /dev/stdout stands where standard output stands."""
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "read").open("wb") as read, subprocess.Popen(["cat", tmp_path / "pipe"], stdout=read) as reader:
        assert kg("export", "--format", "nq", "-o", tmp_path / "pipe", cwd=registry).returncode == 0
        assert reader.wait(60) == 0
    assert (tmp_path / "read").read_bytes() == (registry / "build" / "kg.nq").read_bytes()
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    full = kg("export", "--format", "nq", "-o", "/dev/full", cwd=registry)
    assert (full.returncode, "/dev/full cannot be written: the disk is full" in full.stderr) == (3, True)
    with (tmp_path / "log").open("wb") as log:
        log.write(b"before\n")
        log.flush()
        command = [sys.executable, "-m", "kg", "chart", "-o", "/dev/stdout"]
        subprocess.run(command, cwd=registry, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=log, check=True)
    assert (tmp_path / "log").read_text("utf-8").startswith("before\ngroups")


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))


def test_a_file_that_does_not_fit_leaves_the_old_one(registry: Path, tmp_path: Path) -> None:
    """Where a file may not be as large as it has to be, the old one stays, and nothing lies beside it."""
    (tmp_path / "kg.ttl").write_bytes(b"old")
    failed = kg("export", "-o", tmp_path / "kg.ttl", cwd=registry, preexec_fn=_small_files)
    assert (failed.returncode, "larger than a file may be" in failed.stderr) == (3, True)
    tables = kg("export", "--format", "csv", "-o", tmp_path, cwd=registry, preexec_fn=_small_files)
    assert (tables.returncode, "fix: " in tables.stderr) == (3, True)
    assert inputs_of(tmp_path) == {"kg.ttl": b"old"}


def test_a_full_disk_leaves_the_old_file(registry: Path, tmp_path: Path) -> None:
    """On a disk of 64 kB, where one can be mounted, an export that does not fit leaves what was there."""
    command = shlex.join([sys.executable, "-m", "kg", "export", "-o", f"{tmp_path}/kg.ttl"])
    script = (
        f"mount -t tmpfs -o size=64k none {tmp_path} || exit 77; echo old > {tmp_path}/kg.ttl; {command};"
        f" echo $?; ls -A {tmp_path}; cat {tmp_path}/kg.ttl"
    )
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "bash", "-c", script],
        cwd=registry,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        sys.stdout.write(f"no disk can be mounted here, the limit of a file's size alone was tried: {done.stderr}")
        return
    assert done.stdout.split() == ["3", "kg.ttl", "old"], done
    assert "cannot be written: the disk is full" in done.stderr


KILLED = """
import os, sys
from pathlib import Path
from kg import output
from kg.output import Destination, Protected
output._as_before = lambda *_: (print(flush=True), sys.stdin.read())
output.write({Destination(Path(sys.argv[1]), Protected()): b"new" * 10000})
"""


def test_a_killed_writer_leaves_the_old_file_and_its_rest_is_swept(tmp_path: Path) -> None:
    """A writer killed within its work leaves the old file whole; the next one clears away, but not what is in use."""
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")

    def writer() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", KILLED, str(target)]
        started = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert started.stdout
        started.stdout.readline()
        return started

    def parts() -> list[str]:
        return [path.name for path in tmp_path.iterdir() if path.name.startswith(".kg-output-")]

    killed, living = writer(), writer()
    killed.kill()
    killed.communicate()
    assert (target.read_bytes(), len(parts())) == (b"old", 2)
    (tmp_path / ".kg-output-notes.part").write_bytes(b"a person's own")
    write({Destination(tmp_path / "b.csv", Protected()): b"1"})
    assert len(parts()) == 2
    assert not [name for name in parts() if name.startswith(f".kg-output-{killed.pid}-")]
    living.communicate(b"", timeout=60)
    assert target.read_bytes() == b"new" * 10000
    assert parts() == [".kg-output-notes.part"]


def test_a_file_that_may_only_be_read_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever took the right to write from a file wants to keep it, though a new one could take its place."""
    target = tmp_path / "kept.csv"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(KgError, match="permission denied"):
        write({Destination(target, Protected()): b"new"})
    assert inputs_of(tmp_path) == {"kept.csv": b"old"}


def test_many_files_are_written_all_or_none(tmp_path: Path) -> None:
    """If one of several files cannot be written, those before it stay as they were."""
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"")
    files = {
        Destination(tmp_path / "a", Protected()): b"new",
        Destination(tmp_path / "file" / "b", Protected()): b"new",
    }
    with pytest.raises(KgError, match="cannot be written"):
        write(files)
    assert inputs_of(tmp_path) == {"a": b"old", "file": b""}


def test_looking_for_inputs_takes_no_time(tmp_path: Path) -> None:
    """Among ten thousand texts an output is checked within two seconds."""
    (tmp_path / "data").mkdir()
    (tmp_path / "texts").mkdir()
    for number in range(10_000):
        (tmp_path / "texts" / f"{number}.txt").touch()
    (tmp_path / "x.csv").touch()
    start = time.perf_counter()
    Destination(tmp_path / "x.csv", protected(tmp_path, tmp_path / "x.csv"))
    assert time.perf_counter() - start < 2


def test_interrupting_a_writer_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C within a write removes what was begun."""
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    command = [sys.executable, "-c", KILLED.replace("sys.stdin.read()", "__import__('time').sleep(60)"), str(target)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as started:
        assert started.stdout
        started.stdout.readline()
        started.send_signal(signal.SIGINT)
        started.wait(60)
    assert inputs_of(tmp_path) == {"a.csv": b"old"}

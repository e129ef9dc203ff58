"""Listing folders and reading files: only regular ones, errors as errors, and no wait."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import Make, ordinary_user

import kg
from kg.errors import InvalidRegistryError, KgError
from kg.files import UnreadError, is_regular, is_there, look_into, read_bytes, read_stream, read_text, scan
from kg.query.questions import questions
from kg.template import initialize
from kg.workspace import Workspace, find_workspace, ontology_files, read, shape_files

LIMIT = 1 << 20


def names(paths: tuple[Path, ...], folder: Path) -> list[str]:
    """Paths by what stands behind a folder."""
    return [path.relative_to(folder).as_posix() for path in paths]


def test_files_come_in_one_order_and_links_count_as_what_they_lead_to(tmp_path: Path) -> None:
    """Regular files and links to them are listed by path, hidden ones are not, and a missing folder is empty."""
    (tmp_path / "b").mkdir()
    for name in ("c.csv", "a.csv", "b/d.csv", ".hidden.csv"):
        (tmp_path / name).write_text(name, "utf-8")
    (tmp_path / "e.csv").symlink_to("c.csv")
    found = scan(tmp_path, deep=True)
    assert names(found.files, tmp_path) == ["a.csv", "b/d.csv", "c.csv", "e.csv"]
    assert names(found.folders, tmp_path) == ["b"]
    assert found.faults == ()
    assert names(scan(tmp_path).files, tmp_path) == ["a.csv", "c.csv", "e.csv"]
    assert scan(tmp_path / "nothing", deep=True) == scan(tmp_path / "a.csv" / "nothing")


def test_a_folder_is_listed_once_and_by_its_own_name(tmp_path: Path) -> None:
    """Links to a folder that lies there anyway add nothing, however many lead on to others."""
    for level in range(30):
        (tmp_path / f"{level}").mkdir()
        (tmp_path / f"{level}" / "text").write_text("", "utf-8")
        for name in ("a", "b") if level < 29 else ():
            (tmp_path / f"{level}" / name).symlink_to(f"../{level + 1}")
    found = scan(tmp_path, deep=True)
    assert sorted(names(found.files, tmp_path)) == sorted(f"{level}/text" for level in range(30))
    assert found.faults == ()


def test_a_linked_folder_elsewhere_is_listed_by_the_name_of_the_link(tmp_path: Path) -> None:
    """Tables may lie on an encrypted disk, with a link in their place."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "river-post.csv").write_text("", "utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "claims").symlink_to(tmp_path / "disk")
    assert names(scan(tmp_path / "data", deep=True).files, tmp_path) == ["data/claims/river-post.csv"]


def test_folders_that_lead_back_are_told_once(tmp_path: Path) -> None:
    """A link to a folder above it is a fault and no endless way down."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "again").symlink_to(tmp_path)
    (fault,) = scan(tmp_path, deep=True).faults
    assert (fault.code, fault.path.name) == ("not-a-file", "again")


def test_only_faults_of_a_kind_of_file_count_where_only_that_is_read(tmp_path: Path) -> None:
    """What is no table hinders nobody where tables are looked for, but a folder that cannot be read does."""
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    faults = scan(tmp_path).ending(".csv").faults
    assert [fault.path.name for fault in faults] == ["pipe.csv", "folder.csv"]
    (tmp_path / "gone").symlink_to("nowhere")
    assert [fault.message for fault in scan(tmp_path / "gone").ending(".csv").faults] == ["the link leads nowhere"]
    (lost,) = scan(tmp_path / "pipe").ending(".csv").faults
    assert lost.message == "this is a pipe (FIFO), and no folder"


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    """A pipe that nobody writes to, a device without an end, a folder and broken links are errors at once."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "circle").symlink_to("circle")
    for path in (tmp_path, *map(tmp_path.joinpath, ("pipe", "gone", "circle")), Path("/dev/zero")):
        with pytest.raises(UnreadError, match="cannot be read") as caught:
            read_bytes(path, LIMIT)
        assert caught.value.code == "not-a-file"
        assert caught.value.fix
        assert is_there(path)
        assert not is_regular(path)
    with pytest.raises(UnreadError, match="is gone"):
        read_bytes(tmp_path / "nothing", LIMIT)
    with pytest.raises(UnreadError, match="name"):
        read_bytes(tmp_path / "a\0b", LIMIT)
    assert not is_there(tmp_path / "a\0b")
    assert not is_there(tmp_path / ("x" * 5000))


def test_a_file_that_became_a_pipe_since_it_was_looked_at_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is opened is looked at again, and opening it does not wait."""
    (tmp_path / "file").write_text("", "utf-8")
    os.mkfifo(tmp_path / "pipe")
    before = (tmp_path / "file").stat()
    monkeypatch.setattr(Path, "stat", lambda *_, **__: before)
    with pytest.raises(UnreadError, match=r"pipe \(FIFO\)"):
        read_bytes(tmp_path / "pipe", LIMIT)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A file of nothing may pretend to be larger than any disk; one of no bytes is read."""
    path = tmp_path / "sparse"
    path.touch()
    assert read_bytes(path, LIMIT) == b""
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(UnreadError, match="larger than 1 MB"):
        read_bytes(path, LIMIT)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """Of a file that is written to meanwhile half may be old, so there is an error and never a mixture."""
    path, stop = tmp_path / "table.csv", threading.Event()
    path.write_bytes(b"a" * LIMIT)

    def write() -> None:
        while not stop.is_set():
            with path.open("ab") as file:
                file.write(b"b" * 4096)
            if path.stat().st_size > 8 * LIMIT:
                os.truncate(path, LIMIT)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        outcomes = {_outcome(path) for _ in range(300)}
    finally:
        stop.set()
        writer.join()
    assert "the file changed while it was read" in outcomes


def _outcome(path: Path) -> str:
    try:
        return "read" if read_bytes(path, 100 * LIMIT) else "empty"
    except UnreadError as error:
        return error.fault.message


def test_text_is_utf_8(tmp_path: Path) -> None:
    """A byte order mark is no text, and what is no UTF-8 is told with its line; streams are read likewise."""
    path = tmp_path / "question.rq"
    path.write_bytes(b"\xef\xbb\xbfASK {}\n")
    assert read_text(path, LIMIT) == read_stream(io.BytesIO(path.read_bytes()), "standard input", LIMIT) == "ASK {}\n"
    path.write_bytes(b"ASK {}\n\xe4")
    with pytest.raises(UnreadError, match="line 2"):
        read_text(path, LIMIT)
    with pytest.raises(UnreadError, match="standard input cannot be read: the file is larger than 1 MB"):
        read_stream(io.BytesIO(b"x" * (LIMIT + 1)), "standard input", LIMIT)


def test_permissions_are_told(open_folder: Path) -> None:
    """To list a folder and to look at what is in it are two permissions, and without either it cannot be read."""
    folder = open_folder / "data"
    folder.mkdir()
    (folder / "people.csv").write_text("id,name\n", "utf-8")
    for mode in (0o000, 0o444, 0o111):
        folder.chmod(mode)
        with ordinary_user(), pytest.raises(UnreadError, match="you may not read this folder"):
            look_into(folder)
        with ordinary_user():
            assert scan(folder).faults
            assert is_there(folder / "people.csv") or mode == 0o111
    folder.chmod(0o755)
    (folder / "people.csv").chmod(0)
    with ordinary_user(), pytest.raises(UnreadError, match=r"you may not read this file\n  fix: let yourself read it"):
        read_bytes(folder / "people.csv", LIMIT)


def test_a_folder_of_tables_that_cannot_be_read_stops_a_command(open_folder: Path) -> None:
    """Nothing can be said of tables in a folder that is closed, so that is no finding but an error."""
    root = open_folder / "example"
    initialize(root)
    for path in [root, *root.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    read(Workspace(root))
    (root / "data").chmod(0)
    with ordinary_user(), pytest.raises(KgError, match="data cannot be read: you may not read this folder"):
        read(Workspace(root))
    (root / "data").chmod(0o755)
    root.chmod(0)
    with ordinary_user(), pytest.raises(KgError, match=r"workspace|cannot be read"):
        find_workspace(root)


def test_a_build_from_claims_that_cannot_be_read_leaves_the_last_one(example: Workspace) -> None:
    """Where the folder of claims leads nowhere, a build ends with findings, and the last build stays as it was."""
    command = [sys.executable, "-m", "kg", "build", "-w", str(example.root)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    before = (example.build / "kg.nq").read_bytes()
    (example.root / "data" / "claims").rename(example.root / "elsewhere")
    (example.root / "data" / "claims").symlink_to("nowhere")
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "data/claims: violation[not-a-file] the link leads nowhere" in done.stdout + done.stderr
    assert (example.build / "kg.nq").read_bytes() == before


def test_a_registry_without_claims_builds(workspace: Make) -> None:
    """A registry begins with its entities: no folder of claims, or an empty one, is no fault."""
    made = workspace({"data/people.csv": "id,name\nana-moor,Ana Moor\n"})
    kg.build(made.root)
    (made.root / "data" / "claims").mkdir()
    kg.build(made.root)
    (made.root / "data" / "claims" / ".~lock.river-post.csv#").symlink_to("nowhere")
    kg.build(made.root)


def test_folders_of_claims_may_be_links(example: Workspace) -> None:
    """Claims on another disk are read through a link to it."""
    kg.build(example.root)
    before = (example.build / "kg.nq").read_bytes()
    (example.root / "data" / "claims").rename(example.root / "elsewhere")
    (example.root / "data" / "claims").symlink_to("../elsewhere")
    kg.build(example.root)
    assert (example.build / "kg.nq").read_bytes() == before


def test_a_table_that_is_a_pipe_stops_a_build(example: Workspace) -> None:
    """A pipe in place of a table is a finding, not a wait for somebody to write into it."""
    kg.build(example.root)
    for name in ("people.csv", "claims/river-post.csv"):
        (example.root / "data" / name).unlink()
        os.mkfifo(example.root / "data" / name)
    os.mkfifo(example.root / "texts" / "pipe")
    with pytest.raises(InvalidRegistryError) as caught:
        kg.build(example.root)
    told = {finding.place.file for finding in caught.value.findings if finding.code == "not-a-file"}
    assert told == {"data/people.csv", "data/claims/river-post.csv", "texts/pipe"}
    assert {"data/people.csv", "data/claims/river-post.csv"} <= set(kg.open(example.root).stale())


def test_own_terms_and_shapes_are_listed(example: Workspace) -> None:
    """Own files of terms and shapes are listed, without examples; what only is called like one is a finding."""
    for name in ("ontology", "shapes/mine"):
        (example.root / name).mkdir(parents=True)
    for name in ("ontology/mine.ttl", "shapes/a.ttl", "shapes/mine/shape.ttl", "shapes/mine/valid.ttl"):
        (example.root / name).write_text("", "utf-8")
    os.mkfifo(example.root / "ontology" / "pipe.ttl")
    (example.root / "shapes" / "folder.ttl").mkdir()
    files, findings = ontology_files(example)
    assert [example.shown(path) for path, _ in files] == ["ontology/mine.ttl"]
    assert [(each.code, each.place.file) for each in findings] == [("not-a-file", "ontology/pipe.ttl")]
    files, findings = shape_files(example)
    assert [example.shown(path) for path, _ in files] == ["shapes/a.ttl", "shapes/mine/shape.ttl"]
    assert [(each.code, each.place.file) for each in findings] == [("not-a-file", "shapes/folder.ttl")]


def test_a_question_that_is_a_pipe_is_an_error(tmp_path: Path) -> None:
    """What is called like a question and is none is told, with its path."""
    os.mkfifo(tmp_path / "mine.rq")
    with pytest.raises(KgError, match=r"mine\.rq cannot be read: this is a pipe"):
        questions(tmp_path)


def test_a_query_from_a_pipe_or_of_any_length_is_refused(example: Workspace) -> None:
    """`kg query` neither waits for a pipe nor reads more of its standard input than a query may have."""
    kg.build(example.root)
    os.mkfifo(example.root / "mine.rq")
    command = [sys.executable, "-m", "kg", "query"]
    for question, text in (("mine.rq", b""), ("-", b"#" * (2 << 20))):
        done = subprocess.run(
            [*command, question], cwd=example.root, input=text, check=False, capture_output=True, timeout=60
        )
        assert done.returncode == 3
        assert b"cannot be read" in done.stderr

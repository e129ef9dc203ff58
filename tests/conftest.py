"""What tests share: small workspaces in temporary folders, and files that hold what must come out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from kg.shipped import shipped
from kg.template import initialize
from kg.workspace import Workspace

FLAG = "--update-golden"
_NOBODY = 65534
Files = Mapping[str, str | bytes]
Make = Callable[[Files], Workspace]
Golden = Callable[[Path, str], None]

# The same examples on every run and no record of them in the tree; a slow machine is no failure.
settings.register_profile("kg", deadline=None, derandomize=True, database=None)
settings.load_profile("kg")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that refreshes golden files."""
    parser.addoption(FLAG, action="store_true", help="write what comes out into the golden files, for review by diff")


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make a new workspace of files by their paths, such as `data/people.csv`; each call makes another."""

    def make(files: Files) -> Workspace:
        root = tmp_path_factory.mktemp("workspace")
        (root / "data").mkdir()
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Workspace(root)

    return make


@pytest.fixture
def example(tmp_path: Path) -> Workspace:
    """The workspace that `kg init` makes."""
    initialize(tmp_path / "example")
    return Workspace(tmp_path / "example")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A new folder into which every user may look, as into no folder of `tmp_path`."""
    with TemporaryDirectory(prefix="kg-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Let permissions hold, which bind everyone but the system's own user: where tests run as that, be nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(_NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with the file that holds what must come out, or write it there if the flag is given."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption(FLAG):
            path.write_text(text, "utf-8", newline="\n")
        expected = path.read_text("utf-8") if path.is_file() else ""
        if text != expected:
            lines = unified_diff(expected.splitlines(), text.splitlines(), path.name, "what came out", lineterm="")
            command = f"python -m pytest {request.node.nodeid.partition('::')[0]} {FLAG}"
            pytest.fail("\n".join([*lines, "", f"If this is right: {command}"]), pytrace=False)

    return compare


@pytest.fixture
def another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the program ship one more file of terms from now on, as another version of it might."""

    def ship(terms: str) -> None:
        folder = tmp_path / "another" / "ontology"
        shutil.copytree(shipped("ontology"), folder)
        (folder / "own.ttl").write_text(terms, "utf-8")
        for module in ("ontology", "manifest", "workspace"):
            monkeypatch.setattr(f"kg.{module}.shipped", lambda name: folder if name == "ontology" else shipped(name))

    return ship

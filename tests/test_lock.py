"""Locks on folders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kg.lock import alone, lives, living

HOLDS = """
import pathlib, sys
from kg.lock import living
with living(pathlib.Path(sys.argv[1])):
    print(flush=True)
    input()
"""


def test_a_builder_lives_as_long_as_it_holds_its_folder(tmp_path: Path) -> None:
    """The lock of a process shows that it lives and falls when it is killed, whatever number it has."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    assert other.stdout is not None
    other.stdout.readline()
    assert lives(tmp_path, 999_999_999)
    other.kill()
    other.communicate()
    assert not lives(tmp_path, 1)


def test_a_lock_ends_with_its_section(tmp_path: Path) -> None:
    """After the section the next may enter; a folder that is not there locks nobody out."""
    with alone(tmp_path), living(tmp_path / "no"):
        assert lives(tmp_path, 0)
    assert not lives(tmp_path, 0)
    assert not lives(tmp_path / "no", 999_999_999)

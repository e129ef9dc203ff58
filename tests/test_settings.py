"""The settings of a workspace: what kg.toml may say, and what is said of whatever else it says."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.settings import BASE, Settings, read_settings


def test_without_a_file_the_settings_are_those_of_the_program(tmp_path: Path) -> None:
    """A workspace need set nothing."""
    assert read_settings(tmp_path) == Settings(BASE)
    (tmp_path / "kg.toml").write_text("# nothing\n", "utf-8")
    assert read_settings(tmp_path) == Settings()


def test_all_settings_together(tmp_path: Path) -> None:
    """The base, who may build, severities of checks, and limits in seconds and megabytes."""
    head = 'base = "https://example.org/id/"\nshared = true\n'
    (tmp_path / "kg.toml").write_text(f'{head}[checks]\npace = "off"\n[limits]\nseconds = 1.5\nmemory = 512\n', "utf-8")
    assert read_settings(tmp_path) == Settings("https://example.org/id/", True, {"pace": "off"}, 1.5, 512 << 20)


WRONG: dict[str, str | bytes] = {
    "an unknown setting": "bases = 1",
    "a setting with a control character": '"ba\\u001bse" = 1',
    "a base that is no text": "base = 5",
    "a base without a slash": 'base = "https://example.org"',
    "sharing that is no truth": 'shared = "yes"',
    "checks that are no table": 'checks = "off"',
    "a level that there is not": '[checks]\npace = "quiet"',
    "a level that is a list": "[checks]\npace = [1]",
    "limits that are no table": "limits = 5",
    "a limit that there is not": "[limits]\nminutes = 1",
    "no time": "[limits]\nseconds = 0",
    "time without end": "[limits]\nseconds = inf",
    "time that is no number": "[limits]\nseconds = nan",
    "time that is a truth": "[limits]\nseconds = true",
    "too little memory": "[limits]\nmemory = 1",
    "a value without an end": 'base = "https://example.org/',
    "the same key twice": "shared = true\nshared = true",
    "bytes that are no UTF-8": b"\xff\xfe",
    "a zero byte": b"base = \x00",
    "deep lists": "base = " + "[" * 100_000,
    "deep tables": "base = " + "{a = " * 100_000,
    "a long dotted key": ".".join("a" * 100_000) + " = 1",
    "two megabytes": "# " + "x" * (2 << 20),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_whatever_is_wrong_is_told_with_the_file_and_a_fix(tmp_path: Path, content: str | bytes) -> None:
    """It names kg.toml and how to correct it, in text that a terminal can show."""
    (tmp_path / "kg.toml").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(KgError, match=r"kg\.toml") as caught:
        read_settings(tmp_path)
    assert caught.value.fix
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to itself", "link to nowhere"])
def test_settings_that_are_no_file_are_refused(tmp_path: Path, kind: str) -> None:
    """What is called kg.toml and is no regular file is neither read nor waited for, nor passed over."""
    path = tmp_path / "kg.toml"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("kg.toml" if kind == "link to itself" else "gone.toml")
    with pytest.raises(KgError, match=r"kg\.toml") as caught:
        read_settings(tmp_path)
    assert caught.value.fix


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=80), st.text(alphabet="[]{}=\"'.#ab1\n\\", max_size=80).map(str.encode)))
def test_no_content_is_anything_but_settings_or_an_error(tmp_path: Path, content: bytes) -> None:
    """Whatever bytes it holds, there is no other error."""
    (tmp_path / "kg.toml").write_bytes(content)
    with contextlib.suppress(KgError):
        assert isinstance(read_settings(tmp_path), Settings)

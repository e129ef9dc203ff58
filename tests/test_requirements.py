"""The lock from which `make` installs: every package of it has a hash, and it names no place to fetch from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
RENEW = "run make lock"


def _entries() -> dict[Requirement, list[str]]:
    """The hashes of each entry of the lock."""
    entries: dict[Requirement, list[str]] = {}
    for entry in re.split(r"(?<!\\)\n", LOCK.read_text("utf-8")):
        if entry.strip() and not entry.lstrip().startswith("#"):
            requirement, *hashes = re.split(r"\\\n\s*", entry)
            entries[Requirement(requirement.strip())] = [each.strip() for each in hashes]
    return entries


def _wanted() -> list[Requirement]:
    """All that pyproject.toml names: to run, to build, to test, and what is optional."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    optional = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    named = [project["project"]["dependencies"], project["build-system"]["requires"], *optional, *groups]
    return [Requirement(each) for names in named for each in names]


def test_every_package_of_the_lock_has_a_hash() -> None:
    """Each entry names one version and at least one SHA-256, and nothing else."""
    entries = _entries()
    assert len(entries) > 40
    for requirement, hashes in entries.items():
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), f"{requirement}: {RENEW}"
        assert hashes, f"{requirement} has no hash: {RENEW}"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), requirement


def test_the_lock_names_no_address() -> None:
    """Where packages are fetched from is for each machine to say, so the lock holds neither address nor option."""
    text = LOCK.read_text("utf-8")
    assert "://" not in text
    assert " @ " not in text
    assert not re.findall(r"^\s*-(?!-hash=)", text, re.MULTILINE)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_lock_covers_every_dependency(python: str, system: str) -> None:
    """On each system and Python, each dependency has one version in the lock, and one that pyproject.toml allows."""
    environment = {**default_environment(), "python_version": python, "python_full_version": f"{python}.0"}
    environment["sys_platform"] = system
    locked: dict[str, list[Requirement]] = {}
    for entry in _entries():
        if entry.marker is None or entry.marker.evaluate(environment):
            locked.setdefault(canonicalize_name(entry.name), []).append(entry)
    for requirement in _wanted():
        found = locked.get(canonicalize_name(requirement.name), [])
        assert len(found) == 1, f"{requirement} is in the lock {len(found)} times: {RENEW}"
        version = str(found[0].specifier).removeprefix("==")
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: {RENEW}"

"""The settings of a workspace: what `kg.toml` may say, and what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kg.errors import KgError, Severity, did_you_mean
from kg.terminal import visible
from kg.values import is_address, shown

BASE = "https://w3id.org/kg-registry/id/"
FILE = "kg.toml"
OFF = "off"
_LARGEST = 1 << 20
_DEEPEST = 50
_MOST_SECONDS = 24 * 3600
_LEAST_MEMORY = 256
_STRINGS = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*+"|\'[^\'\n]*+\'|#[^\n]*+', re.S)


@dataclass(frozen=True)
class Settings:
    """What a workspace sets for itself.

    `base` is what its IRIs begin with. `shared` says that the group that owns `data/` may also rewrite the build.
    `checks` maps codes of findings to the severity they get here, or to `off`. `seconds` of wall-clock time and
    `memory` in bytes are the limits for what others wrote: files of shapes and terms, graphs, and queries; None is the
    default of the program.
    """

    base: str = BASE
    shared: bool = False
    checks: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None
    memory: int | None = None


def read_settings(root: Path) -> Settings:
    """The settings of the workspace in a folder; the defaults where it has no `kg.toml`.

    Raises KgError, which names the file and the line or the key, for whatever is wrong with it.
    """
    path = root / FILE
    settings = Settings()
    for key, value in _table(path).items():
        if key not in _READERS:
            known = ", ".join(_READERS)
            raise KgError(
                f"{FILE}: there is no setting {shown(key)}", did_you_mean(key, _READERS) or f"the settings are {known}"
            )
        settings = _READERS[key](settings, value)
    return settings


def _table(path: Path) -> dict[str, Any]:
    try:
        if not path.exists() and not path.is_symlink():
            return {}
        if not path.is_file():
            raise KgError(f"{FILE} is no regular file", "make it a text file, or remove it")
        if path.stat().st_size > _LARGEST:
            raise KgError(f"{FILE} is larger than 1 MB", "keep only the settings in it")
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise KgError(f"{FILE} is not saved as UTF-8", "save it as UTF-8") from error
    except OSError as error:
        raise KgError(f"{FILE} cannot be read: {error.strerror}", "look at who may read it") from error
    _bounded(text)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise KgError(f"{FILE}: {visible(str(error))}", "correct the line; it is TOML") from error


def _bounded(text: str) -> None:
    """Refuse brackets nested so deeply that no parser should see them."""
    depth = 0
    for number, line in enumerate(_STRINGS.sub(lambda found: "\n" * found[0].count("\n"), text).split("\n"), 1):
        for character in line:
            depth += (character in "[{") - (character in "]}")
            if depth > _DEEPEST or line.count(".") > 10 * _DEEPEST:
                raise KgError(f"{FILE}:{number}: it is nested more than {_DEEPEST} deep", "the settings need no depth")


def _base(settings: Settings, value: object) -> Settings:
    if not (isinstance(value, str) and is_address(value) and value.endswith(("/", "#"))):
        fix = f'write an address that ends in a slash, as base = "{BASE}"'
        raise KgError(f"{FILE}: {shown(str(value))} cannot be the base of IRIs", fix)
    return replace(settings, base=value)


def _shared(settings: Settings, value: object) -> Settings:
    if not isinstance(value, bool):
        raise KgError(f"{FILE}: shared is {shown(str(value))}", "write shared = true, or shared = false")
    return replace(settings, shared=value)


def _checks(settings: Settings, value: object) -> Settings:
    levels = (*map(str, Severity), OFF)
    if not isinstance(value, dict):
        raise KgError(
            f"{FILE}: checks is no table", 'write [checks] on a line, and below it lines such as pace = "off"'
        )
    for code, level in value.items():
        if level not in levels:
            quoted = ", ".join(f'"{each}"' for each in levels)
            raise KgError(f"{FILE}: the check {shown(code)} is set to {shown(str(level))}", f"write one of {quoted}")
    return replace(settings, checks=dict(sorted(value.items())))


def _limits(settings: Settings, value: object) -> Settings:
    if not isinstance(value, dict):
        raise KgError(f"{FILE}: limits is no table", "write [limits] on a line, and below it seconds = 60")
    if unknown := sorted(value.keys() - {"seconds", "memory"}):
        raise KgError(
            f"{FILE}: there is no limit {shown(unknown[0])}", "the limits are seconds, and memory in megabytes"
        )
    seconds, memory = value.get("seconds"), value.get("memory")
    if seconds is not None and not (_is_number(seconds) and 0 < seconds <= _MOST_SECONDS):
        raise KgError(f"{FILE}: the limit seconds is {shown(str(seconds))}", f"write a number up to {_MOST_SECONDS}")
    if memory is not None and not (_is_number(memory) and _LEAST_MEMORY <= memory <= 1 << 20):
        fix = f"write megabytes, {_LEAST_MEMORY} at least"
        raise KgError(f"{FILE}: the limit memory is {shown(str(memory))}", fix)
    return replace(settings, seconds=seconds, memory=None if memory is None else int(memory) << 20)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_READERS: Mapping[str, Callable[[Settings, object], Settings]] = {
    "base": _base,
    "shared": _shared,
    "checks": _checks,
    "limits": _limits,
}

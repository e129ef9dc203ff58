"""How a workspace weighs checks: it raises, lowers or silences them in `kg.toml`, and every report says which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.check.engines import SH, Result
from kg.check.shapes import STRUCTURE, Shape
from kg.errors import Finding, KgError, Place, Severity, did_you_mean
from kg.settings import FILE, OFF
from kg.values import shown
from kg.workspace import Workspace


def weighed(found: Iterable[Finding], workspace: Workspace, shapes: Mapping[str, Shape]) -> tuple[Finding, ...]:
    """The findings with the severities that the workspace gives them, and one that lists what it changes.

    Raises KgError for a code that no shape has, and for a check of structure, on which a build rests.
    """
    checks = workspace.settings.checks
    if not checks:
        return tuple(found)
    codes = {shape.code for shape in shapes.values()}
    fixed = {shape.code for shape in shapes.values() if shape.group == STRUCTURE}
    for code in checks:
        if code not in codes:
            hint = did_you_mean(code, codes - fixed) or "kg explain lists the codes of checks"
            raise KgError(f"{FILE}: there is no check {shown(code)}", hint)
        if code in fixed:
            what = f"{FILE}: the check {shown(code)} cannot be changed, for a build rests on it"
            raise KgError(what, "take it out of [checks]")
    kept = [_at(each, checks[each.code]) if each.code in checks else each for each in found]
    message = f"the settings change {described(checks)}"
    fix = "take the line out of [checks] to have the check as it comes"
    listed = Finding("changed-checks", Severity.INFO, Place(FILE, _line(workspace)), message, fix)
    return tuple(sorted([*(each for each in kept if each), listed], key=Finding.order))


def described(checks: Mapping[str, str]) -> str:
    """Which checks settings change, and to what.

    >>> described({"contradiction": "violation", "pace": "off"})
    '2 checks: contradiction is violation, pace is off'
    """
    changes = ", ".join(f"{code} is {level}" for code, level in checks.items())
    return f"{len(checks)} check{'s' * (len(checks) > 1)}: {changes}"


def weighed_results(
    results: Iterable[Result], checks: Mapping[str, str], shapes: Mapping[str, Shape]
) -> tuple[Result, ...]:
    """The bare results with the severities that the settings give to their shapes, without those that are off."""
    found = []
    for result in results:
        level = checks.get(shapes[result.shape].code) if result.shape in shapes else None
        if level != OFF:
            found.append(replace(result, severity=SH + level.capitalize()) if level else result)
    return tuple(found)


def _at(finding: Finding, level: str) -> Finding | None:
    return None if level == OFF else replace(finding, severity=Severity(level))


def _line(workspace: Workspace) -> int:
    """The line on which the table of checks begins."""
    lines = (workspace.root / FILE).read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.strip().startswith("[checks")), 1)

"""The house rules that a program can check."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "kg").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))


def _project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_is_short(path: Path) -> None:
    """A module of the package stays under 400 lines."""
    assert path.read_text("utf-8").count("\n") < 400


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_functions_fit_in_the_eye(path: Path) -> None:
    """A function is at most 45 lines long."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 45, f"{path.name}:{node.lineno} {node.name}"


def test_no_module_is_a_drawer() -> None:
    """No module is called utils, helpers, common or misc."""
    assert not [path for path in MODULES if path.stem in ("utils", "helpers", "common", "misc")]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_each_test_says_what_it_shows(path: Path) -> None:
    """Every test has a docstring of one sentence."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            words = ast.get_docstring(node)
            assert words, f"{path.name}:{node.lineno} {node.name} has no docstring"
            assert words.strip().endswith("."), f"{path.name}:{node.lineno}: {words}"


def test_each_module_has_a_test_file() -> None:
    """For every module and package of kg there is a file of tests."""
    names = {path.stem for path in (ROOT / "kg").glob("*.py")} | {p.name for p in (ROOT / "kg").iterdir() if p.is_dir()}
    # kg/__main__.py is what test_cli.py runs.
    names -= {"__init__", "__main__", "__pycache__", "charts", "networks", "queries", "_shipped"}
    missing = sorted(name for name in names if not (ROOT / "tests" / f"test_{name}.py").is_file())
    assert not missing


def test_the_drawn_architecture_is_the_one_the_code_obeys() -> None:
    """The layers that docs/architecture.md draws are those of the import contract, in the same order."""
    tools = _project()["tool"]
    assert isinstance(tools, dict)
    contract = next(c for c in tools["importlinter"]["contracts"] if c["type"] == "layers")
    obeyed = [sorted(name.strip().removeprefix("kg.") for name in layer.split("|")) for layer in contract["layers"]]
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn = [
        sorted(name.strip() for name in re.split(r" {3,}", line.strip())[0].split(","))
        for line in text.splitlines()
        if line.startswith("    ")
    ]
    assert drawn == obeyed


def test_dependencies_have_lower_bounds_only() -> None:
    """Every dependency names the version it was written for, and none is shut out from above."""
    project = _project()["project"]
    assert isinstance(project, dict)
    for requirement in project["dependencies"]:
        assert re.fullmatch(r"[a-z0-9-]+>=[0-9.]+", requirement), requirement

"""Where ontology and shapes are found: in a checkout beside the package, in an installed wheel inside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.shipped import shipped

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("folder", ["ontology", "shapes"])
def test_a_checkout_finds_them_beside_the_package(folder: str) -> None:
    """In a checkout and an editable install the folders lie beside kg/."""
    assert shipped(folder) == ROOT / folder
    assert any(shipped(folder).rglob("*.ttl"))


def test_the_built_wheel_works_elsewhere(tmp_path: Path) -> None:
    """The wheel, unpacked far from the checkout, makes a workspace, builds, checks, queries and draws it."""
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*wheel, str(ROOT)], check=True, capture_output=True, timeout=300)
    (file,) = tmp_path.glob("kg_registry-*.whl")
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(file)]
    subprocess.run(install, check=True, capture_output=True, timeout=300)
    assert (site / "kg" / "_shipped" / "ontology" / "kg.ttl").is_file()
    assert (site / "kg" / "_shipped" / "shapes" / "claim" / "shape.ttl").is_file()
    env = {**os.environ, "PYTHONPATH": str(site)}
    drawings = [["draw", "all", "-w", "x", "-o", f"all.{ending}"] for ending in ("svg", "png", "html")]
    steps = [["init", "x"], *(words.split() for words in ("build -w x", "check -w x", "query lists -w x"))]
    for command in (*steps, *drawings, ["chart", "groups", "-w", "x"], ["network", "all", "-w", "x"]):
        done = subprocess.run(
            [sys.executable, "-m", "kg", *command], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "x" / "build" / "kg.ttl").is_file()

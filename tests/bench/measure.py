"""Running chains of stages in processes of their own, several times, and taking the medians."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


@dataclass
class Measured:
    """The medians of the stages of one chain over some runs (`cpu` in seconds, `peak` in MB), and what it told."""

    runs: int
    cpu: dict[str, float] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=dict)
    spread: dict[str, tuple[float, float]] = field(default_factory=dict)
    capped: set[str] = field(default_factory=set)
    facts: dict[str, Any] = field(default_factory=dict)

    def total(self, *stages: str) -> float:
        """The CPU time of some stages, or of all."""
        return sum(self.cpu[name] for name in (stages or self.cpu))


def measure(chain: str, root: Path, runs: int) -> Measured:
    """Run a chain so many times, each with another hash seed. Raises RuntimeError with its words if it fails."""
    found = [_run(chain, root, seed) for seed in range(1, runs + 1)]
    measured = Measured(runs, facts=found[0]["facts"])
    for name in found[0]["stages"]:
        times = [each["stages"][name]["cpu"] for each in found if name in each["stages"]]
        measured.cpu[name] = median(times)
        measured.spread[name] = (min(times), max(times))
        measured.peak[name] = median(each["stages"][name]["peak"] for each in found if name in each["stages"])
        if any("capped" in each["stages"].get(name, ()) for each in found):
            measured.capped.add(name)
    return measured


def _run(chain: str, root: Path, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.stages", chain, str(root)]
    house = Path(__file__).parents[2]
    done = subprocess.run(
        command, cwd=house, env={**os.environ, "PYTHONHASHSEED": str(seed)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{chain} failed:\n{done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told

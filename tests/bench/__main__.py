"""Measure kg against csv, rdflib and pySHACL: `python -m tests.bench --claims 10000,100000 --runs 5`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.measure import Measured, measure
from tests.bench.report import NOTES, table
from tests.bench.synthetic import SEED, write_workspace

OURS = ("kg_build", "kg_turtle", "kg_trig", "kg_check", "kg_queries", "kg_whole", "kg_network")
PLAIN = ("plain_build", "plain_turtle", "plain_trig", "plain_network")
SLOW = ("plain_queries", "plain_check")
_LARGE = 10_000


def main() -> int:
    """Run the benchmark; 1 if the two paths disagree or a chain of stages failed."""
    options = _options()
    everything: dict[str, dict[str, Any]] = {}
    sound = True
    print(NOTES)
    for claims in options.claims:
        with tempfile.TemporaryDirectory(prefix="kg-bench-", dir=options.dir) as folder:
            root = Path(folder)
            write_workspace(root, claims, options.seed)
            found = _measure(root, claims, options)
            agreed = measure("compare", root, 1).facts
        print(table(claims, found), end="\n\n")
        print(_agreement(agreed, found), flush=True)
        sound = sound and not agreed.get("quads apart") and agreed.get("results equal", True)
        sound = sound and set(options.only) <= found.keys()
        everything[str(claims)] = {**{name: _plain(each) for name, each in found.items()}, "agreement": agreed}
        if options.json:
            options.json.write_text(json.dumps(everything, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0 if sound else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    sizes = {"type": lambda text: [int(part) for part in text.split(",")], "default": [10_000, 100_000]}
    parser.add_argument("--claims", **sizes, help="sizes, joined by commas")
    parser.add_argument("--runs", type=int, default=5, help="runs of each chain of stages")
    slow = "runs of pySHACL and of rdflib's SPARQL (default: --runs up to 10,000 claims, else 1)"
    parser.add_argument("--slow-runs", type=int, default=0, help=slow)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[*OURS, *PLAIN, *SLOW], help="some chains")
    parser.add_argument("--seed", type=int, default=SEED, help="of the workspaces")
    parser.add_argument(
        "--dir", type=Path, help="where the workspaces are made, instead of the system's temporary folder"
    )
    parser.add_argument("--json", type=Path, help="write all measurements to this file too")
    return parser.parse_args()


def _measure(root: Path, claims: int, options: argparse.Namespace) -> dict[str, Measured]:
    slow = options.slow_runs or (options.runs if claims <= _LARGE else 1)
    found = {"kg_build": _one("kg_build", root, options.runs)}
    _one("plain_derived", root, 1)
    if "kg_network" in options.only:
        _one("kg_built", root, 1)
    for name in (*OURS, *PLAIN, *SLOW):
        if name in options.only and name not in found:
            try:
                found[name] = _one(name, root, slow if name in SLOW else options.runs)
            except RuntimeError as error:
                # What was measured before is worth keeping; the missing lines of the table tell the rest.
                print(error, file=sys.stderr, flush=True)
    return found


def _one(name: str, root: Path, runs: int) -> Measured:
    print(f"{name}, {runs} runs …", file=sys.stderr, flush=True)
    found = measure(name, root, runs)
    times = ", ".join(f"{stage} {seconds:.3f} s" for stage, seconds in found.cpu.items())
    print(f"  {times}", file=sys.stderr, flush=True)
    return found


def _plain(measured: Measured) -> dict[str, Any]:
    return {**asdict(measured), "capped": sorted(measured.capped)}


def _agreement(agreed: dict[str, Any], found: dict[str, Measured]) -> str:
    """What both paths were found to agree on, and whatever they were not."""
    said = []
    if "quads" in agreed:
        apart = agreed["quads apart"]
        same = "the same in both" if not apart else f"**{apart:,} in one path only**, such as {agreed['example']}"
        said.append(f"- {agreed['quads']:,} quads, {same}.")
    if "results" in agreed:
        same = "equal" if agreed["results equal"] else "**not equal**"
        said.append(
            f"- {agreed['results']:,} results of the shapes, {same} in focus, path, value, component, severity, shape."
        )
    if "kg_queries" in found and "plain_queries" in found:
        ours, plain = (found[name].facts["answers"] for name in ("kg_queries", "plain_queries"))
        apart = [
            f"{name}: {rows} against {plain[name]}" for name, rows in ours.items() if plain.get(name, rows) != rows
        ]
        same = "as many rows from each engine" if not apart else f"rows differ or did not run: {'; '.join(apart)}"
        said.append(f"- {len(ours)} named questions, {same}.")
    return "\n".join(said) + "\n"


if __name__ == "__main__":
    sys.exit(main())

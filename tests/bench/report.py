"""The measurements as a table in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.measure import Measured

Found = dict[str, Measured]


@dataclass(frozen=True)
class Line:
    """One line of the table: a stage, how each path does it, and where the measurements of both stand."""

    name: str
    ours: tuple[str, tuple[str, ...]]
    plain: tuple[str, tuple[str, ...]] | None = None


_READ, _LEDGER, _COMPOSE, _NQUADS = "read", "ledger", "compose", "nquads"
_STORE, _MEMORY = "store", "store in memory"
_TABLES = (_READ, _LEDGER, _COMPOSE, _NQUADS)
LINES = (
    Line("tables → frames / rows", ("kg_build", (_READ,)), ("plain_build", (_READ,))),
    Line("ledger (plain: handed over)", ("kg_build", (_LEDGER,))),
    Line("graph (plain: Dataset.add)", ("kg_build", (_COMPOSE,)), ("plain_build", (_COMPOSE,))),
    Line("N-Quads to disk", ("kg_build", (_NQUADS,)), ("plain_build", (_NQUADS,))),
    Line("store on disk", ("kg_build", (_STORE,))),
    Line("store in memory", ("kg_build", (_MEMORY,))),
    Line("**build**, to a store on disk", ("kg_build", (*_TABLES, _STORE)), ("plain_build", ())),
    Line("build, to a store in memory", ("kg_build", (*_TABLES, _MEMORY)), ("plain_build", ())),
    Line("build, without a store", ("kg_build", _TABLES), ("plain_build", ())),
    Line("Turtle", ("kg_turtle", ()), ("plain_turtle", ())),
    Line("TriG", ("kg_trig", ()), ("plain_trig", ())),
    Line("**check** (plain: pySHACL)", ("kg_check", ("check",)), ("plain_check", ("check",))),
    Line("findings with file and line", ("kg_check", ("findings",))),
    Line("check and findings", ("kg_check", ()), ("plain_check", ())),
    Line("`kg build`, all it writes and checks", ("kg_whole", ())),
    Line("**network**, from disk to NetworkX", ("kg_network", ("network",)), ("plain_network", ())),
    Line("network, plain: graph in memory already", ("kg_network", ("network",)), ("plain_network", ("convert",))),
    Line("picture of a part of it", ("kg_network", ("picture",))),
)


def table(claims: int, found: Found) -> str:
    """The table of one size, with what it rests on."""
    build = found["kg_build"]
    facts = build.facts
    head = (
        f"## {claims:,} claims\n\n{facts['triples']:,} triples ({facts['triples'] / claims:.1f} a claim), "
        f"{facts['sources']:,} sources, {facts['contradictions']:,} contradictions, {facts['lines']:,} ledger lines, "
        f"{facts['links']:,} links between claims.\n\n"
        "| stage | kg CPU s | kg claims/s | kg peak MB | plain CPU s | plain peak MB | plain : kg | runs |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    return "\n".join([head, *_lines(claims, found), *_queries(claims, found)])


def _lines(claims: int, found: Found) -> Iterator[str]:
    for line in LINES:
        ours = found.get(line.ours[0])
        if ours is not None:
            plain = found.get(line.plain[0]) if line.plain else None
            yield _row(line.name, claims, (ours, line.ours[1]), (plain, line.plain[1] if line.plain else ()))


def _queries(claims: int, found: Found) -> Iterator[str]:
    ours, plain = found.get("kg_queries"), found.get("plain_queries")
    if ours is None:
        return
    shared = [name for name in ours.cpu if plain is not None and name in plain.cpu]
    for name in ours.cpu:
        has = plain if plain is not None and name in plain.cpu else None
        yield _row(name, claims, (ours, (name,)), (has, (name,)))
    if shared:
        yield _row("**queries** (those both ran)", claims, (ours, tuple(shared)), (plain, tuple(shared)))


def _row(
    name: str, claims: int, ours: tuple[Measured, tuple[str, ...]], plain: tuple[Measured | None, tuple[str, ...]]
) -> str:
    measured, stages = ours
    seconds, peak = measured.total(*stages), _peak(measured, stages)
    cells = [name, f"{seconds:.3f}", f"{claims / seconds:,.0f}" if seconds else "", f"{peak:,.0f}"]
    other, stages = plain
    if other is None:
        return f"| {' | '.join(cells)} | | | | {measured.runs} |"
    theirs = other.total(*stages)
    bound = "≥ " if other.capped & set(stages or other.cpu) else ""
    runs = f"{measured.runs}" if measured.runs == other.runs else f"{measured.runs} : {other.runs}"
    ratio = f"{theirs / seconds:.1f}" if seconds else ""
    cells += [f"{bound}{theirs:.3f}", f"{_peak(other, stages):,.0f}", f"{bound}{ratio}", runs]
    return f"| {' | '.join(cells)} |"


def _peak(measured: Measured, stages: tuple[str, ...]) -> float:
    return max(measured.peak[name] for name in (stages or measured.peak))


NOTES = """\
CPU seconds are those of the process, its threads and its children (user and system), as the median of the runs; each
run is a process of its own with another hash seed, imports and preparation not counted. Peak MB is the most the process
held during the stage, with what it works on. *build* is, for kg, from the tables to N-Quads on disk and a store ready
to query; for the plain path, from the same tables by csv to an rdflib Dataset in memory and N-Quads on disk. So only
the store in memory is like for like; the one on disk is kept besides. The plain path is handed what the ledger derives.
*check* is, for kg, from the frames to SHACL results, reading the graph included; for pySHACL, validation alone, the
graph in memory already. *network* is, for kg, the projection `all` from the build on disk; for the plain path, all
triples by rdflib.extras.external_graph_libs, which has no projections. `≥` marks a stage that was stopped at its limit.
"""

"""Contradictions against an oracle of another kind: one naive query that compares each claim with each other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import Make
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from worlds.generated import Row, asserted, files, row, rows

from kg.ledger import derive
from kg.ontology import load
from kg.workspace import Reading, Workspace, read

TESTS = Path(__file__).parent
QUESTION = (TESTS / "oracle-contradictions.rq").read_text("utf-8")
WORLDS = sorted(path.parent for path in TESTS.glob("worlds/*/README.md"))
Pairs = set[frozenset[str]]


@cache
def prefixes() -> dict[str, str]:
    """The prefixes of the ontology."""
    return dict(load().prefixes)


def oracle(reading: Reading) -> Pairs:
    """The pairs of claims that the query finds in the graph."""
    store = ox.Store()
    store.load(reading.dataset.nquads(), format=ox.RdfFormat.N_QUADS)
    found = store.query(QUESTION, prefixes=prefixes(), use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    base = f"{reading.workspace.base}claim/"
    return {frozenset(str(term).strip("<>").removeprefix(base) for term in solution) for solution in found}


def rivals(reading: Reading) -> Pairs:
    """The pairs of claims that the ledger finds."""
    return {
        frozenset((one, other))
        for each in reading.ledger.contradictions
        for one, others in each.rivals.items()
        for other in others
    }


@pytest.mark.parametrize("world", [*WORLDS, TESTS.parent], ids=lambda path: path.name)
def test_worlds_hold_the_contradictions_that_the_oracle_finds(world: Path) -> None:
    """In each world, and in the registry that the project ships, ledger and oracle find the same pairs of claims."""
    reading = read(Workspace(world))
    assert rivals(reading) == oracle(reading)


def test_the_oracle_finds_something() -> None:
    """The worlds hold pairs of each mode, so that agreement on them means something."""
    assert sum(len(oracle(read(Workspace(world)))) for world in WORLDS) > 10


SAME = st.sampled_from([(), (("same", "list/spring", "list/autumn"),), (("same", "group/workers", "group/students"),)])


@settings(max_examples=60)
@given(found=asserted() | rows(), same=SAME)
def test_random_worlds_hold_the_contradictions_that_the_oracle_finds(
    workspace: Make, found: list[Row], same: Iterable[tuple[str, str, str]]
) -> None:
    """Whatever is claimed, denied, proposed or held to be one, ledger and oracle find the same pairs of claims."""
    reading = read(workspace(files(found, same)))
    assert rivals(reading) == oracle(reading)


@settings(max_examples=30)
@given(found=asserted(), more=row())
def test_a_compatible_claim_changes_no_pair(workspace: Make, found: list[Row], more: Row) -> None:
    """A claim that the oracle finds in no pair adds none, and takes none away unless it names a defendant."""
    before, after = read(workspace(files(found))), read(workspace(files([*found, more])))
    fresh = set(after.claims.claims["id"]) - set(before.claims.claims["id"])
    assume(not any(pair & fresh for pair in oracle(after)))
    assert rivals(after) == rivals(before) or more.property == "defendant"
    assert rivals(after) <= rivals(before)


@settings(max_examples=30)
@given(found=asserted(), data=st.data())
def test_the_order_of_claims_changes_nothing(workspace: Make, found: list[Row], data: st.DataObject) -> None:
    """Contradictions with their rivals, standings and links follow from the claims in any order, decided on or not."""
    before = read(workspace(files(found)))
    judged = [("settle", f"claim/{each.members[0]}", "") for each in before.ledger.contradictions]
    reading = read(workspace(files(found, judged if data.draw(st.booleans()) else ())))
    order = data.draw(st.permutations(range(reading.claims.claims.height)))
    one = reading.ledger
    sources = reading.knowledge.sources
    other = derive(reading.claims.claims[order], reading.ontology, reading.decisions, known=sources)
    assert other.contradictions == one.contradictions
    assert [each.rivals for each in other.contradictions] == [each.rivals for each in one.contradictions]
    assert other.standing.sort("id").equals(one.standing.sort("id"))
    assert other.links.equals(one.links)
    assert {each.local for each in other.lines} == {each.local for each in one.lines}

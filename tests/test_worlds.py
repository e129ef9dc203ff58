"""Small complete workspaces, each with what must come out of it (see worlds/README.md)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from conftest import Golden

from kg import registry
from kg.check import ENGINES, check
from kg.entities import local_id
from kg.ontology import NS
from kg.registry import Registry
from kg.values import number_text
from kg.workspace import Reading, Workspace, read

WORLDS = Path(__file__).parent / "worlds"
NAMES = sorted(path.parent.name for path in WORLDS.glob("*/README.md"))
ANSWERS = {
    "admission": ("denials",),
    "contradicted-date": ("contradictions", "lists"),
    "denial": ("denials",),
    "editions": ("ledger", "sums"),
    "group-sums": ("groups",),
    "hostile": ("names", "sources"),
    "known-by": ("numbers", "sources"),
    "one-defendant": ("people",),
    "origins": ("single-origin", "sources"),
    "periods": ("numbers",),
    "same-decision": ("groups", "lists"),
    "scripts": ("names",),
    "settled-date": ("contradictions", "lists"),
    "twelve-years": ("denials", "groups", "ledger", "lists", "sums"),
}


# Of the world that is no invention the texts are not part of the project.
ELSEWHERE = {"twelve-years": WORLDS.parents[1].parent / "shared" / "dev-reports"}


@cache
def world(name: str, as_of: date | None = None) -> Reading:
    """A world, read as it lies in its folder, or as it was known on a day."""
    texts = [folder for folder in [ELSEWHERE.get(name)] if folder and folder.is_dir()]
    return read(Workspace(WORLDS / name, as_of=as_of), texts)


def derived(reading: Reading) -> Iterator[str]:
    """What follows from the rows of a world, in the words of worlds/README.md."""
    claims = {row["id"]: row for row in reading.claims.claims.iter_rows(named=True)}

    def value(key: str) -> str:
        row = claims[key]
        text = local_id(row["object"]) if row["datatype"] is None else row["object"]
        shown = repr(text) if (row["datatype"] or "").endswith("#string") else text
        return shown if row["precision"] == "exact" else f"{row['precision']} {shown}"

    def told(key: str) -> str:
        return f"{value(key)} ({claims[key]['source']})"

    def about(key: str) -> str:
        return f"{claims[key]['subject']} {claims[key]['property']}"

    for found in reading.ledger.contradictions:
        gap = "" if found.difference is None else f"; apart by {number_text(found.difference)}"
        settled = "; settled" if found.decisions else ""
        members = " | ".join(sorted(map(told, found.members)))
        yield f"contradiction: {about(found.members[0])}: {members}{gap}{settled}"
    for key, link, other in reading.ledger.links.iter_rows():
        if link == "notBefore":
            yield f"not before: {about(key)} {told(key)}, {claims[other]['property']} {told(other)}"
        else:
            word, before = re.fullmatch(r"([a-z]+)(By|Over)", link).groups()  # type: ignore[union-attr]
            yield f"{word}: {about(key)} {told(key)} {before.lower()} {told(other)}"
    for key, standing in reading.ledger.standing.select("id", "standing").iter_rows():
        if standing in ("settled", "set-aside"):
            yield f"{standing}: {about(key)} {told(key)}"
    yield from lines(reading)
    yield from origins(reading)
    yield from plain(reading)


def lines(reading: Reading) -> Iterator[str]:
    """The lines of the ledger, and what they imply."""
    for line in reading.ledger.lines:
        rest = f"; rest {line.rest.text}" if line.rest is not None else ""
        groups = f"; {line.counted} of {line.stated or '?'} groups" if line.counted is not None else ""
        yield f"line: {line.kind} of {line.subject} ({line.source}): {line.equation}{rest}{groups}"
        for each in line.implied:
            yield f"implied: {each.text} by {line.kind} of {line.subject} ({line.source})"


def origins(reading: Reading) -> Iterator[str]:
    """Statements that several sources tell from one origin."""
    claims = reading.claims.claims.join(reading.ledger.standing.select("id", "origin"), on="id")
    claims = claims.filter(pl.col("stance") == "asserts")
    for (origin, subject, word, value), group in claims.group_by("origin", "subject", "property", "value"):
        sources = sorted(set(group.get_column("source")))
        if len(sources) > 1:
            yield f"origin: {origin}: {subject} {word} {value}: {', '.join(sources)}"


def plain(reading: Reading) -> Iterator[str]:
    """The plain view: statements of the default graph on properties that are no columns of their subject's table."""
    kinds, properties = reading.ontology.kinds, reading.ontology.properties.values()
    base = reading.workspace.base
    for quad in ox.parse(reading.dataset.nquads(), format=ox.RdfFormat.N_QUADS):
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            continue
        subject = local_id(quad.subject.value.removeprefix(base))
        cls = NS + "Tally" if "#" in subject else kinds[subject.partition("/")[0]].iri
        term = next((each for each in properties if each.iri == quad.predicate.value and each.claimable), None)
        if term is not None and cls not in term.identifies:
            yield f"plain: {subject} {term.word} {shown(quad.object, base)}"


def shown(term: object, base: str) -> str:
    """A term as the tables write it, strings with quotation marks and escapes."""
    if isinstance(term, ox.NamedNode):
        return local_id(term.value.removeprefix(base))
    assert isinstance(term, ox.Literal)
    return repr(term.value) if term.datatype.value.endswith("#string") else term.value


def derivations() -> Iterator[tuple[str, str, str, str]]:
    """What the READMEs derive: the world, the day of knowledge and the only kinds if they are named, and the lines."""
    for name in NAMES:
        readme = (WORLDS / name / "README.md").read_text("utf-8")
        for day, kinds, lines in re.findall(r"```derived(?: as of (\S+))?([a-z ]*)\n(.*?)```", readme, re.DOTALL):
            yield name, day, kinds, lines


@pytest.mark.parametrize(
    ("name", "day", "kinds", "lines"), [pytest.param(*each, id=" ".join(each[:2])) for each in derivations()]
)
def test_what_follows_was_derived_by_hand(name: str, day: str, kinds: str, lines: str) -> None:
    """Contradictions, denials, origins, rests and the plain view are those that the README of the world derives."""
    reading = world(name, date.fromisoformat(day) if day else None)
    found = [each for each in derived(reading) if not kinds or each.partition(":")[0] in kinds.split()]
    assert sorted(found) == sorted(lines.splitlines())


def test_every_world_is_derived_by_hand() -> None:
    """The README of each world says what follows in the present."""
    assert [name for name, day, *_ in derivations() if not day] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_quote_stands_in_its_place(name: str) -> None:
    """All rows of a world can be read, and every quote was found in the text, where that is at hand."""
    reading = world(name)
    assert not reading.findings
    at_hand = name not in ELSEWHERE or ELSEWHERE[name].is_dir()
    assert reading.verified == (reading.claims.evidence.height if at_hand else 0)
    assert reading.claims.evidence.height > 0


@pytest.mark.parametrize("name", NAMES)
def test_graph(name: str, golden: Golden) -> None:
    """The graph of a world, but for the ontology, is the one in graph.ttl."""
    whole = world(name).dataset
    told = replace(whole, blocks=whole.blocks.filter(pl.col("graph") != "ontology"))
    golden(WORLDS / name / "graph.ttl", told.turtle().decode())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", NAMES)
def test_findings(name: str, engine: str, golden: Golden) -> None:
    """Either engine finds exactly what findings.txt holds."""
    found = check(world(name), engine).findings
    golden(WORLDS / name / "findings.txt", "".join(f"{each}\n" for each in found))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Registry]:
    """Build a copy of a world, once."""

    @cache
    def build(name: str) -> Registry:
        folder = tmp_path_factory.mktemp(name)
        for part in ("data", "texts"):
            if (WORLDS / name / part).is_dir():
                shutil.copytree(WORLDS / name / part, folder / part)
        return registry.build(folder)

    return build


@pytest.mark.parametrize(("name", "question"), [(name, each) for name in sorted(ANSWERS) for each in ANSWERS[name]])
def test_answers(name: str, question: str, built: Callable[[str], Registry], golden: Golden) -> None:
    """A named question is answered as the world's table of its answer has it."""
    answer = built(name).query(question).to_polars()
    golden(WORLDS / name / "answers" / f"{question}.csv", answer.write_csv())


def test_removing_the_decision_restores_the_bytes(built: Callable[[str], Registry], tmp_path: Path) -> None:
    """The settled world without its decision is built, byte for byte, as the one that nobody has settled."""
    open_world = built("contradicted-date").workspace
    for part in ("data", "texts"):
        shutil.copytree(WORLDS / "settled-date" / part, tmp_path / part)
    decisions = tmp_path / "data/decisions.csv"
    head, row = decisions.read_text("utf-8").splitlines()
    settled = registry.build(tmp_path)
    files = ("kg.nq", "kg.ttl", "kg.trig")
    before = {name: (open_world.build / name).read_bytes() for name in files}
    assert not any((settled.workspace.build / name).read_bytes() == before[name] for name in files)
    assert row.startswith("settle,")
    decisions.write_text(f"{head}\n", "utf-8")
    again = registry.build(tmp_path)
    assert {name: (again.workspace.build / name).read_bytes() for name in files} == before
    assert again.export("csv") == built("contradicted-date").export("csv")

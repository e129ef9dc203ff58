"""Projections: which claims join which things, against a naive reading of the tables; and what a projection can do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx
import polars as pl
import pytest

from kg import registry as registries
from kg.errors import KgError
from kg.network.projections import projections
from kg.registry import Registry

ROOT = Path(__file__).parent.parent
WORLDS = sorted(path.parent.name for path in (ROOT / "tests" / "worlds").glob("*/README.md"))
PLACES = [*WORLDS, "five-reports"]
AGENTS = ("person", "organization", "voice")
Key = tuple[str, str, str, str]
Found = dict[Key, set[str]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Build a world, or the project's own registry, once."""

    @cache
    def build(name: str) -> Registry:
        folder = tmp_path_factory.mktemp("registry") / name
        source = ROOT if name == "five-reports" else ROOT / "tests" / "worlds" / name
        for part in ("data", "texts", "kg.toml"):
            if (source / part).is_dir():
                shutil.copytree(source / part, folder / part)
            elif (source / part).is_file():
                shutil.copy(source / part, folder / part)
        return registries.build(folder)

    return build


def claims(registry: Registry) -> Iterator[dict[str, Any]]:
    """The claims that may join things: accepted in review, and not set aside."""
    for row in registry.rows.claims.iter_rows(named=True):
        if row["review"] == "accepted" and row["standing"] != "set-aside":
            yield row


def kind(key: str) -> str:
    """The kind in an id."""
    return key.partition("/")[0]


Told = Iterator[tuple[dict[str, Any], str, str, str, str]]


def stance(row: dict[str, Any]) -> str:
    """Whether a claim asserts, denies or cannot verify what it tells."""
    return str(row["stance"])


def is_agent(key: str) -> bool:
    """Whether an id is that of a person, an organization or a voice."""
    return kind(key) in AGENTS and "#" not in key


def related(registry: Registry, name: str) -> Told:
    """How two things are related, as far as a projection tells it."""
    rows = list(claims(registry))
    charged = {row["object"] for row in rows if row["property"] in ("defendant", "convicted")}
    articles = {row["object"] for row in rows if row["property"] == "underArticle"}
    for row in rows:
        thing, value, word = row["container"], row["object"], row["property"]
        joins = {
            "all": word != "cites",
            "actors": is_agent(row["subject"]) and is_agent(value),
            "cases": (kind(thing) == "case" and "#" not in row["subject"])
            or (kind(thing) == "law" and word in ("partOf", "amends") and thing in articles)
            or (word in ("names", "newName", "removedName") and value in charged),
            "lists": kind(thing) == "list",
            "sources": word == "cites",
        }
        if row["datatype"] is None and joins[name]:
            yield row, thing, registry.ontology.labels[row["predicate"]], value, stance(row)


def spoken(registry: Registry, name: str) -> Told:
    """Who, other than the source, speaks of what, as far as a projection tells it."""
    verbs = {"asserts": "speaks of", "denies": "denies", "cannot-verify": "cannot verify"}
    for row in claims(registry):
        thing, claimant = row["container"], row["claimant"]
        if not claimant or kind(claimant) == "source":
            continue
        tells = {
            "all": claimant != row["subject"] and (stance(row) != "asserts" or kind(claimant) != "voice"),
            "actors": is_agent(row["subject"]) and claimant != row["subject"],
            "cases": kind(thing) == "case",
            "lists": kind(thing) == "list",
            "sources": False,
        }
        if tells[name]:
            yield row, claimant, verbs[row["stance"]], thing, stance(row)


def quoted(registry: Registry, name: str) -> Told:
    """Whom a source or its publisher quotes, and what it retells."""
    publishers = {each.id: each.text("publisher") for each in registry.entities.of("source")}
    for row in claims(registry):
        source, claimant = f"source/{row['source']}", row["claimant"]
        quotes = (publishers[source] if name == "actors" else "") or source
        if name in ("actors", "sources") and claimant not in ("", source, quotes):
            yield row, quotes, "quotes", claimant, "asserts"
        if name == "sources" and row["via"]:
            yield row, source, "retells", f"source/{row['via']}", "asserts"


def counted(registry: Registry, name: str) -> Told:
    """How many of a group a list counts."""
    for row in claims(registry):
        thing, _, group = row["subject"].partition("#")
        if name == "lists" and row["property"] == "count" and group and kind(thing) == "list":
            yield row, thing, "count", f"group/{group}", stance(row)


def compiled(registry: Registry, name: str) -> Told:
    """Who compiles lists of which publisher."""
    published = [row for row in claims(registry) if row["property"] == "publisher"]
    for row in claims(registry) if name == "actors" else ():
        for other in published if row["property"] == "compiledBy" else ():
            if row["container"] == other["container"]:
                told = stance(row) if stance(row) != "asserts" else stance(other)
                yield row, row["object"], "compiles lists of", other["object"], told
                yield other, row["object"], "compiles lists of", other["object"], told


def denied(registry: Registry, name: str) -> Told:
    """Who denies or cannot verify what somebody says."""
    every = {row["id"]: row for row in registry.rows.claims.iter_rows(named=True)}
    counts = {row["id"] for row in claims(registry)}
    words = {"deniedBy": "denies what is said by", "doubtedBy": "cannot verify what is said by"}
    for claim, link, other in registry.rows.links.iter_rows():
        if name == "actors" and link in words and other in counts:
            target, denier = every[claim]["claimant"], every[other]["claimant"]
            denier = denier or f"source/{every[other]['source']}"
            if target and kind(target) != "source" and target != denier:
                yield every[other], denier, words[link], target, stance(every[other])


def naive(registry: Registry, name: str) -> Found:
    """The edges of a projection as its title and its comment say, read row by row."""
    found: Found = {}
    for told in (related, spoken, quoted, counted, compiled, denied):
        for row, source, word, target, how in told(registry, name):
            found.setdefault((source, word, target, how), set()).add(row["id"])
    for each in registry.entities.of("source") if name == "sources" else ():
        if each.text("publisher"):
            found.setdefault((each.id, "publisher", each.text("publisher"), "asserts"), set())
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["all", "actors", "cases", "lists", "sources"])
def test_a_projection_joins_what_its_title_says(place: str, name: str, built: Any) -> None:
    """The edges of a shipped projection, and the claims of each, are those that a naive reading of the rows finds."""
    registry = built(place)
    network = registry.projection(name).network
    edges = {(each.source, each.relation, each.target, each.stance): set(each.claims) for each in network.edges}
    assert edges == naive(registry, name)


def test_co_defendants_share_a_case_or_a_whole(built: Any) -> None:
    """Two people are joined where they stand in one case or in parts of it, by the claims of both."""
    (edge,) = built("five-reports").projection("co-defendants").network.edges
    assert (edge.source, edge.target) == ("person/hamza-mammadli", "person/nadir-mageramov")
    assert edge.relation == "co-defendant in Ganja case"
    assert (len(edge.claims), edge.weight) == (6, 1)


@pytest.mark.parametrize("place", ["five-reports", "hostile", "twelve-years"])
def test_no_literal_and_no_class_is_a_node(place: str, built: Any) -> None:
    """In NetworkX every node is an entity with a kind and a label, and no edge is a type."""
    for name in projections():
        graph = built(place).to_networkx(name)
        assert isinstance(graph, nx.MultiDiGraph)
        for key, data in graph.nodes(data=True):
            assert data["kind"] == key.partition("/")[0]
            assert data["label"]
        assert all("#type" not in data["predicate"] for *_, data in graph.edges(data=True))


def test_a_list_shows_its_dates_its_total_and_its_disputes(built: Any) -> None:
    """The list of 357 stands at the date that most sources tell, with its total, and with both dates as a dispute."""
    nodes = built("five-reports").projection("lists").network.by_id
    node = nodes["list/ufppa-2025-02"]
    assert (node.since, node.until, node.text) == ("2025-02-12", "2025-02-12", "357")
    assert [str(each) for each in node.disputes] == ["issued: 2024-12-12 ≠ 2025-02-12"]
    assert [str(each) for each in nodes["list/ufppa-2024-06"].disputes] == ["sum: 288 + 16 = 304 ≠ 303"]


def test_a_list_that_nothing_joins_stands_alone(built: Any) -> None:
    """The list of September 2024, of which only its total is told, is a node of the lists without an edge."""
    network = built("five-reports").projection("lists").network
    assert network.by_id["list/ufppa-2024-09"].text == "319"
    assert network.degree["list/ufppa-2024-09"] == 0


def test_a_settled_contradiction_is_no_dispute(built: Any) -> None:
    """Where a decision says which date prevails, the list has no dispute any more, and stands at that date."""
    contested = built("contradicted-date").projection("lists").network
    settled = built("settled-date").projection("lists").network
    assert any(node.disputes for node in contested.nodes)
    assert not any(node.disputes for node in settled.nodes)


def test_weight_counts_independent_sources(built: Any) -> None:
    """Four sources of their own say who heads the monitoring centre, so that edge weighs four."""
    network = built("five-reports").projection("actors").network
    weights = {(each.source, each.relation): each.weight for each in network.edges}
    assert weights["person/elshan-hasanov", "heads"] == 4


def test_what_was_not_known_by_a_day_is_not_joined(built: Any) -> None:
    """As of a day before a report came out, what only it tells is no part of the network."""
    folder = built("five-reports").workspace.root
    now = built("five-reports").projection("all").network
    then = registries.open(folder, as_of=date(2025, 1, 31)).projection("all").network
    assert "list/ufppa-2025-06" in now.by_id
    assert "list/ufppa-2025-06" not in then.by_id


OWN = """# Who stands in cases with whom: a projection of our own
SELECT ?source ?relation ?target ?weight ?since ?contested WHERE {
  ?case kg:defendant ?target . BIND (?case AS ?source)
  BIND ("tries" AS ?relation) BIND (2.5 AS ?weight) BIND ("2031-01-01" AS ?since) BIND (true AS ?contested)
}
"""


def test_a_workspace_adds_its_own_projections(example: Any) -> None:
    """A query in networks/ is a projection by the name of its file, and says itself how much an edge weighs."""
    folder = example.root / "networks"
    folder.mkdir()
    (folder / "trials.rq").write_text(OWN, "utf-8")
    registry = registries.build(example.root)
    assert registry.projections()["trials"].title == "Who stands in cases with whom: a projection of our own"
    for name in ("trials", str(folder / "trials.rq")):
        (edge,) = registry.projection(name).network.edges
        assert (edge.source, edge.relation, edge.target) == ("case/jon-brask-2031", "tries", "person/jon-brask")
        assert (edge.weight, edge.since, [each.on for each in edge.disputes]) == (2.5, "2031-01-01", ["tries"])


def test_rows_with_a_literal_at_an_end_are_counted(example: Any, tmp_path: Path) -> None:
    """A query over all triples joins things only, and tells how many rows had a literal or were a type."""
    query = tmp_path / "everything.rq"
    query.write_text("SELECT ?source ?relation ?target WHERE { ?source ?relation ?target }", "utf-8")
    registry = registries.build(example.root)
    network = registry.projection(str(query)).network
    assert network.dropped["a literal or nothing at an end, or only a type"] > 0
    assert all(edge.predicate != "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" for edge in network.edges)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?source ?target WHERE { ?source kg:heads ?target }", "selects no ?relation"),
        ("SELECT ?a WHERE { ?a ?b ?c }", "selects no ?source, ?target, ?relation"),
        ("ASK { ?a ?b ?c }", "selects no ?source"),
        ('SELECT * WHERE { ?source kg:within ?target BIND ("in" AS ?relation) BIND ("heavy" AS ?weight) }', "?weight"),
        ('SELECT * WHERE { ?source kg:within ?target BIND ("in" AS ?relation) BIND ("inf" AS ?weight) }', "?weight"),
        ('SELECT * WHERE { ?source kg:within ?target BIND ("in" AS ?relation) BIND (-3 AS ?weight) }', "?weight"),
        ('SELECT * WHERE { ?source kg:within ?target BIND ("in" AS ?relation) BIND ("soon" AS ?since) }', "?since"),
        ('SELECT * WHERE { ?source kg:within ?target BIND ("in" AS ?relation) BIND ("maybe" AS ?contested) }', "?cont"),
        ('SELECT * WHERE { ?source kg:within ?target BIND ("in" AS ?relation) BIND (true AS ?stance) }', "?stance"),
        ("SELECT ?source ?relation WHERE { ?source ?relation", "query"),
    ],
)
def test_a_faulty_projection_says_what_is_wrong(example: Any, tmp_path: Path, query: str, message: str) -> None:
    """A query that is no projection ends in an error that names what it lacks."""
    file = tmp_path / "mine.rq"
    file.write_text(query, "utf-8")
    registry = registries.build(example.root)
    with pytest.raises(KgError) as error:
        registry.projection(str(file))
    assert message in str(error.value)
    assert error.value.fix


def test_an_unknown_projection_is_answered_with_a_hint(example: Any) -> None:
    """A misspelt name is answered with the one that was meant; a file that is not there by its name."""
    registry = registries.build(example.root)
    with pytest.raises(KgError, match="there is no projection") as error:
        registry.projection("actor")
    assert error.value.fix == "did you mean actors?"
    with pytest.raises(KgError, match=r"nowhere\.rq"):
        registry.projection("nowhere.rq")


def test_entities_are_found_by_name_and_alias(built: Any) -> None:
    """A name, an alias or an id of an entity leads to the id under which it goes on."""
    registry = built("five-reports")
    assert registry.key("Elşən Həsənov") == "person/elshan-hasanov"
    assert registry.key("list/ufppa-357") == "list/ufppa-2025-02"
    assert registry.key("nobody") == "nobody"


def test_frames_have_a_row_for_each_node_and_relation(built: Any) -> None:
    """The frames of a projection hold as many rows as it has nodes and edges, and its tables the same."""
    projection = built("five-reports").projection("cases")
    assert projection.nodes_frame().height == len(projection.network.nodes)
    assert projection.edges_frame().height == len(projection.network.edges)
    tables = projection.tables()
    assert pl.read_csv(tables["edges.csv"].encode()).height == len(projection.network.edges)


def test_a_notebook_shows_a_frame_that_may_do_nothing_but_run(built: Any) -> None:
    """In a notebook a projection is a sandboxed frame with its page, or its picture where frames are not shown."""
    projection = built("denial").projection("all")
    frame = projection._repr_html_()
    assert frame.startswith("<iframe ")
    assert 'sandbox="allow-scripts"' in frame
    assert frame.count("<") == 2
    assert projection._repr_svg_().startswith("<svg")


def test_a_projection_without_quotes_has_none(built: Any) -> None:
    """No quote of a source is in the page of a projection without quotes."""
    projection = built("denial").projection("all")
    quotes = [quote for quote in projection.rows.evidence.get_column("exact") if quote]
    assert any(quote in projection.html() for quote in quotes)
    silent = projection.without_quotes().html()
    assert not [quote for quote in quotes if quote in silent]


def test_the_hash_seed_changes_no_byte(example: Any) -> None:
    """Pictures, pages and exports are the same bytes whatever the seed of hashing."""
    registries.build(example.root)
    code = (
        "import hashlib, sys, kg; p = kg.open(sys.argv[1]).projection('all');"
        "parts = [p.svg(), p.html(), *p.tables().values()];"
        "parts += [p.export(s).decode() for s in ('graphml', 'gexf', 'cyjs')];"
        "print(hashlib.sha256(''.join(parts).encode() + p.png()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(example.root)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(found) == 1

"""The graph: the same bytes for the same rows, the plain view, and the words of the sources."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from conftest import Make
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds.generated import Row, asserted, files, rows

from kg.dataset import Dataset
from kg.evidence import fold
from kg.manifest import manifest
from kg.mapping import quoted
from kg.ontology import NS, RDF
from kg.settings import Settings
from kg.workspace import Reading, Workspace, read

WORLDS = Path(__file__).parent / "worlds"
NAMES = sorted(path.parent.name for path in WORLDS.glob("*/README.md"))
FLOWS = {"occurred"}
ALWAYS = {"list": {"count", "issued", "groupCount", "added", "removed", "growth"}, "person": {"birthDate", "died"}}


def outcome(reading: Reading) -> tuple[bytes, ...]:
    """The bytes of a build that must not depend on how the rows are written down."""
    told = json.dumps(manifest(reading), sort_keys=True).encode()
    return reading.dataset.nquads(), reading.dataset.turtle(), reading.dataset.trig(), told


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """Some rows, and the same in another order."""
    found = draw(rows())
    return found, draw(st.permutations(found))


@settings(max_examples=25)
@given(pair=shuffled(), turn=st.booleans())
def test_the_order_of_rows_and_files_changes_no_byte(
    workspace: Make, pair: tuple[list[Row], list[Row]], turn: bool
) -> None:
    """Rows and decisions in any order, in files that were written in any order, give the same graph and manifest."""
    contradictions = read(workspace(files(pair[0]))).ledger.contradictions
    judged = [("settle", f"claim/{key}", "") for each in contradictions for key in each.members]
    judged.append(("different", "person/ana-moor", "person/jon-brask"))
    first, second = (files(found, judged) for found in pair)
    names = sorted(second, reverse=turn)
    other = {name: second[name] if "claims" in name else backwards(second[name]) for name in names}
    assert outcome(read(workspace(first))) == outcome(read(workspace(other)))


def backwards(table: str) -> str:
    """A table with its rows in reverse."""
    head, *lines = table.splitlines()
    return "\n".join((head, *reversed(lines))) + "\n"


@settings(max_examples=15)
@given(found=rows(), mark=st.booleans())
def test_a_byte_order_mark_and_line_ends_change_no_byte(workspace: Make, found: list[Row], mark: bool) -> None:
    """A spreadsheet's mark at the beginning and its line ends are no part of what a table says."""
    plain = files([each for each in found if "\n" not in each.value])
    start = "\ufeff" if mark else ""
    dressed = {name: start + text.replace("\n", "\r\n") for name, text in plain.items()}
    assert outcome(read(workspace(plain))) == outcome(read(workspace(dressed)))


@settings(max_examples=25)
@given(found=rows())
def test_every_plain_statement_has_a_claim_behind_it(workspace: Make, found: list[Row]) -> None:
    """The plain view holds what each accepted, asserted, exact and undisputed claim says, and nothing else."""
    reading = read(workspace(files(found)))
    assert plain_view(reading) == set(expected_plain(reading))


@pytest.mark.parametrize("name", NAMES)
def test_every_plain_statement_of_a_world_has_a_claim_behind_it(name: str) -> None:
    """What holds for random rows holds for the worlds, with their decisions."""
    reading = read(Workspace(WORLDS / name))
    assert plain_view(reading) == set(expected_plain(reading))


def plain_view(reading: Reading) -> set[ox.Triple]:
    """The triples of the default graph on properties that claims can use, but for columns of the subject's table."""
    kinds = reading.ontology.kinds.values()
    columns = {(kind.iri, term.iri) for kind in kinds for term in reading.ontology.columns(kind).values()}
    usable = {term.iri for term in reading.ontology.properties.values() if term.claimable}
    triples = [
        quad.triple
        for quad in ox.parse(reading.dataset.nquads(), format=ox.RdfFormat.N_QUADS)
        if isinstance(quad.graph_name, ox.DefaultGraph)
    ]
    classes = {t.subject: t.object.value for t in triples if t.predicate.value == RDF + "type"}
    told = (t for t in triples if t.predicate.value in usable)
    return {t for t in told if (classes[t.subject], t.predicate.value) not in columns}


def expected_plain(reading: Reading) -> Iterator[ox.Triple]:
    """The plain triples by the words of the design: exact, no flow, no range, no time bound, standing, no voice."""
    standing = dict(reading.ledger.standing.select("id", "standing").iter_rows())
    base = reading.workspace.base
    for row in reading.claims.claims.iter_rows(named=True):
        kind, timeless = row["container"].partition("/")[0], row["as_of"] == ""
        if (
            (row["stance"], row["review"], row["precision"]) == ("asserts", "accepted", "exact")
            and standing[row["id"]] in ("uncontested", "settled")
            and not row["claimant"].startswith("voice/")
            and ".." not in (row["object"] if row["bound"] and not row["bound"].endswith("date") else "")
            and row["property"] not in FLOWS
            and (kind, row["property"]) != ("place", "growth")
            and (timeless or row["property"] in ALWAYS.get(kind, ()))
        ):
            yield ox.Triple(ox.NamedNode(base + row["subject_local"]), ox.NamedNode(row["predicate"]), term(row, base))


def term(row: Mapping[str, str | None], base: str) -> ox.NamedNode | ox.Literal:
    """The value of a claim as a term."""
    text, datatype = str(row["object"]), row["datatype"]
    return ox.NamedNode(base + text) if datatype is None else ox.Literal(text, datatype=ox.NamedNode(datatype))


@settings(max_examples=20)
@given(found=asserted(), data=st.data())
def test_unsettling_restores_every_byte(workspace: Make, found: list[Row], data: st.DataObject) -> None:
    """Decisions change the graph, never what sources say, and taking the rows away again leaves no trace of them."""
    before = read(workspace(files(found)))
    if not before.ledger.contradictions:
        return
    chosen = data.draw(st.sampled_from(before.ledger.contradictions))
    first = data.draw(st.sampled_from(chosen.members))
    second = data.draw(st.sampled_from(("", *sorted(chosen.rivals[first]))))
    judged = ("settle", f"claim/{first}", second and f"claim/{second}")
    other = data.draw(st.sampled_from(("different", "same")))
    decisions = [judged, (other, "person/ana-moor", "person/jon-brask")]
    settled = read(workspace(files(found, decisions)))
    single = read(workspace(files(found, decisions[:1])))
    after = read(workspace(files(found)))
    assert outcome(after) == outcome(before)
    assert len({outcome(each) for each in (before, single, settled)}) == 3
    assert told(single) == told(before)


def told(reading: Reading) -> list[tuple[str, str]]:
    """What the sources say, each in its own graph."""
    names = ("", "derived", "decisions", "ontology")
    return reading.dataset.blocks.filter(~pl.col("graph").is_in(names)).rows()


LETTERS = "ab \n\r\t\"',\\…–—-“”‘’«»´`\u00a0\u202f\u2009😀éə\u0301İش\u202e\u2028\u0085\u200b"


@settings(max_examples=40)
@given(text=st.text(LETTERS, min_size=1, max_size=60), data=st.data())
def test_the_graph_quotes_the_text_character_by_character(workspace: Make, text: str, data: st.DataObject) -> None:
    """Typed plainly or as printed, a quote stands in the graph with the very characters of its place in the text."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    typed = data.draw(st.sampled_from((text[start:end], fold(text[start:end]))))
    if " … " in typed or "\r" in typed:
        return
    claim = Row("river-post", "list/spring", "count", "40", at=f"char={start},{end}", quote=typed)
    made = files([claim])
    digest = hashlib.sha256(text.encode()).hexdigest()
    made["data/sources.csv"] = f"id,title,sha256\nriver-post,A list,{digest}\n"
    reading = read(workspace({**made, "texts/anything.txt": text.encode()}))
    assert not reading.findings
    assert reading.verified == 1
    assert list(evidence(reading)) == [("river-post", start, end, text[start:end])]


@pytest.mark.parametrize("name", [name for name in NAMES if (WORLDS / name / "texts").is_dir()])
def test_the_graph_of_a_world_quotes_its_texts(name: str) -> None:
    """In every invented world, the characters between start and end are the exact words of the evidence."""
    reading = read(Workspace(WORLDS / name))
    told = list(evidence(reading))
    assert len(told) == reading.claims.evidence.get_column("local").n_unique() > 0
    for source, start, end, exact in told:
        text = (WORLDS / name / "texts" / f"{source}.txt").read_bytes().decode()
        assert text[start:end] == exact


def evidence(reading: Reading) -> Iterator[tuple[str, int, int, str]]:
    """Source, start, end and words of each piece of evidence with characters, as the graph has them."""
    store = ox.Store()
    store.bulk_load(reading.dataset.nquads(), format=ox.RdfFormat.N_QUADS)
    question = """PREFIX oa: <http://www.w3.org/ns/oa#>
    SELECT ?source ?start ?end ?exact { ?e oa:hasSource ?source ; oa:start ?start ; oa:end ?end ; oa:exact ?exact }"""
    for answer in store.query(question, use_default_graph_as_union=True):
        source = answer["source"].value.rpartition("/")[2]
        yield source, int(answer["start"].value), int(answer["end"].value), answer["exact"].value


@pytest.mark.parametrize("name", NAMES)
def test_the_hash_is_that_of_the_canonical_form(name: str) -> None:
    """The hash of the dataset is that of its sorted distinct lines as another writer of N-Quads writes them."""
    dataset = read(Workspace(WORLDS / name)).dataset
    quads = set(ox.parse(dataset.nquads(), format=ox.RdfFormat.N_QUADS))
    lines = sorted(ox.serialize([quad], format=ox.RdfFormat.N_QUADS) for quad in quads)
    assert dataset.canonical_hash == hashlib.sha256(b"".join(lines)).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_nodes_are_counted_as_the_graph_has_them(name: str) -> None:
    """The counts of a manifest are those of the nodes in the graph, whatever stands in its literals."""
    reading = read(Workspace(WORLDS / name))
    triples = {quad.triple for quad in ox.parse(reading.dataset.nquads(), format=ox.RdfFormat.N_QUADS)}
    for kind, cls in (("claim", "Claim"), ("evidence", "Evidence"), ("contradiction", "Contradiction")):
        typed = {t.subject for t in triples if t.predicate.value == RDF + "type" and t.object.value == NS + cls}
        assert reading.dataset.count(kind) == len(typed)
    assert len(reading.dataset) == len(list(ox.parse(reading.dataset.nquads(), format=ox.RdfFormat.N_QUADS)))


@pytest.mark.parametrize("base", ["https://example.org/a(b)+c*/id/", "http://example.org/x?y=$1&z=#"])
def test_any_base_will_do(workspace: Make, base: str) -> None:
    """Signs that mean something in patterns mean nothing in the base of the IRIs."""
    found = [Row("river-post", "list/spring", "count", "40"), Row("river-post", "list/spring", "issued", "2031-02")]
    made = workspace(files(found))
    reading = read(Workspace(made.root, Settings(base)))
    assert reading.dataset.count("claim") == 2
    assert reading.dataset.count("evidence") == 1
    assert sum(quad.graph_name.value == f"{base}graph/river-post" for quad in quads_of(reading.dataset)) > 10
    quads = ox.parse(reading.dataset.nquads(), format=ox.RdfFormat.N_QUADS)
    union = ox.parse(reading.dataset.ntriples(), format=ox.RdfFormat.N_TRIPLES)
    assert {quad.triple for quad in quads} == {quad.triple for quad in union}


def quads_of(dataset: Dataset) -> list[ox.Quad]:
    """The named quads of a dataset."""
    quads = ox.parse(dataset.nquads(), format=ox.RdfFormat.N_QUADS)
    return [quad for quad in quads if not isinstance(quad.graph_name, ox.DefaultGraph)]


@pytest.mark.parametrize("name", NAMES)
def test_no_node_is_blank(name: str) -> None:
    """Every node has an IRI, and every IRI of the registry is a prefix and a name that needs no escape."""
    reading = read(Workspace(WORLDS / name))
    for quad in ox.parse(reading.dataset.nquads(), format=ox.RdfFormat.N_QUADS):
        for node in (quad.subject, quad.object):
            assert not isinstance(node, ox.BlankNode)
            if isinstance(node, ox.NamedNode) and node.value.startswith(reading.workspace.base):
                kind, _, rest = node.value.removeprefix(reading.workspace.base).partition("/")
                assert kind in reading.dataset.prefixes
                assert set(rest) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_graph_of_a_source_holds_only_what_its_rows_say() -> None:
    """Claims and evidence lie in the graph of their source, what follows from several in a graph of its own."""
    reading = read(Workspace(WORLDS / "contradicted-date"))
    base = reading.workspace.base
    for quad in quads_of(reading.dataset):
        graph = quad.graph_name.value.removeprefix(f"{base}graph/")
        about = quad.subject.value.removeprefix(base)
        if about.startswith("evidence/"):
            assert about.startswith(f"evidence/{graph}_")
        elif about.startswith("claim/"):
            source = reading.claims.claims.filter(pl.col("id") == about.removeprefix("claim/"))["source"].item()
            derived = quad.predicate.value.removeprefix(NS) in {"standing", "origin", "settledBy"}
            assert graph == ("derived" if derived else source)
        else:
            assert graph == ("derived" if about.startswith(("contradiction/", "source/")) else "ontology")


def test_one_claim_quoted_twice_from_one_place_is_quoted_alike(workspace: Make) -> None:
    """Which of two rows with other quotes for the same place comes first makes no difference."""
    one = Row("river-post", "list/spring", "count", "40", at="char=0,4", quote='"it"')
    two = replace(one, quote="“it”", note="typed as printed")
    assert outcome(read(workspace(files([one, two])))) == outcome(read(workspace(files([two, one]))))


@pytest.mark.parametrize(
    ("quotes", "kept"),
    [
        (('"it"', "“it”"), 1),
        (("“it”", '"it"', "«it»"), 1),
        (('"it"', "„if“"), 2),
    ],
)
def test_quotes_of_one_place_are_alike_if_only_their_marks_differ(
    workspace: Make, quotes: tuple[str, ...], kept: int
) -> None:
    """A place has one quote however its marks are typed; another wording is not lost, for a shape to find."""
    found = [Row("river-post", "list/spring", "added", str(n), quote=quote) for n, quote in enumerate(quotes)]
    found += [replace(found[0], quote=quote) for quote in quotes]
    reading = read(workspace(files(found)))
    assert len(list(evidence(reading))) == kept
    lines = reading.dataset.nquads().split(b"\n")
    assert kept > 1 or len(lines) == len(set(lines))


def test_a_row_quoted_once_keeps_its_quote(workspace: Make) -> None:
    """Of two rows on one row of a table, the quote of either is told, and the place once."""
    found = [
        Row("river-post", "list/spring", "added", value, at="row=7", quote="x" * (value == "2")) for value in "123"
    ]
    data = read(workspace(files(found))).dataset.nquads()
    assert data.count(b'#exact> "x"') == 1
    assert data.count(b'"row=7"') == 1


def test_the_same_place_of_two_rows_is_one_piece_of_evidence(workspace: Make) -> None:
    """Two claims from one place share their evidence; two rows that say the same are one claim with both places."""
    found = [
        Row("river-post", "list/spring", "count", "40"),
        Row("river-post", "list/spring", "issued", "2031-02"),
        Row("river-post", "list/spring", "count", "40", at="char=9,12", quote="too"),
    ]
    reading = read(workspace(files(found)))
    assert reading.dataset.count("claim") == 2
    assert reading.dataset.count("evidence") == 2


@settings(max_examples=100)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_is_written_so_that_it_is_read_back(text: str) -> None:
    """Whatever a cell holds, the literal in the graph is that text."""
    [triple] = ox.parse(f"<urn:s> <urn:p> {quoted(text)} .", format=ox.RdfFormat.N_TRIPLES)
    assert triple.object == ox.Literal(text)


def test_turtle_reads_from_the_general_to_the_particular() -> None:
    """In Turtle the ontology comes first, then entities, then claims each before its evidence, `a` first of all."""
    reading = read(Workspace(WORLDS / "contradicted-date"))
    text = reading.dataset.turtle().decode()
    places = [text.index(f"\n{each} a ") for each in ("kg:Claim", "source:river-post", "list:harbour-2031")]
    places += [text.index("\nclaim:"), text.index("\nevidence:"), text.index("\ncontradiction:")]
    assert places == sorted(places)
    blocks = [block for block in text.split("\n\n") if block.startswith("claim:")]
    assert all(block.splitlines()[0].endswith(" a kg:Claim ;") for block in blocks)


def test_tables_are_read_as_they_are_written() -> None:
    """The generated tables are what the csv module reads back, so that the properties above speak of the rows meant."""
    found = [Row("river-post", "person/ana-moor", "alias", 'a "b"\nc')]
    [_, told] = csv.reader(io.StringIO(files(found)["data/claims/river-post.csv"], newline=""))
    assert told[2] == 'a "b"\nc'

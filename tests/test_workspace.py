"""The folder one works in, and the way from its tables to everything that follows from them."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from conftest import Make
from worlds.generated import ENTITIES, Row, files

from kg.check import check
from kg.errors import InvalidRegistryError, KgError
from kg.settings import Settings
from kg.workspace import Workspace, find_workspace, read

TERM = """
@prefix kg: <https://w3id.org/kg-registry/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
kg:cells a owl:DatatypeProperty ; skos:notation "cells" ; rdfs:label "cells"@en ;
    schema:domainIncludes schema:Place ; schema:rangeIncludes xsd:integer ; kg:functionalAlways schema:Place ;
    skos:definition "How many cells there are."@en .
"""
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://w3id.org/kg-registry/ns#> .
@prefix shape: <https://example.org/shapes#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
shape:short a sh:NodeShape ; sh:targetClass foaf:Person ; sh:property shape:short-name ;
    sh:name "short" ; sh:message "Names are short here." ; sh:description "Shorten it." ; sh:severity sh:Warning .
shape:short-name a sh:PropertyShape ; sh:path <http://www.w3.org/2000/01/rdf-schema#label> ; sh:maxLength 8 ;
    sh:name "short name" ; sh:message "A name is long." ; sh:description "Shorten it." ; sh:severity sh:Warning .
"""


def test_a_workspace_is_found_from_any_folder_within(tmp_path: Path) -> None:
    """The nearest folder upwards that has data/ is the workspace one stands in."""
    (tmp_path / "data" / "claims").mkdir(parents=True)
    (tmp_path / "notes" / "old").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "data" / "claims", tmp_path / "notes" / "old"):
        assert find_workspace(folder) == Workspace(tmp_path.resolve())
    assert find_workspace(tmp_path).build == tmp_path.resolve() / "build"
    then = find_workspace(tmp_path, date(2031, 6, 30))
    assert then == Workspace(tmp_path.resolve(), Settings(), date(2031, 6, 30))
    assert then.build == tmp_path.resolve() / "build" / "as-of" / "2031-06-30"


def test_where_there_is_no_workspace_it_is_told(tmp_path: Path) -> None:
    """Without data/ anywhere above, the error says how to make a workspace."""
    with pytest.raises(KgError, match="there is no folder") as error:
        find_workspace(tmp_path / "nowhere")
    assert "kg init" in error.value.fix


@pytest.mark.parametrize("base", ["https://example.org/id/", "http://example.org/x#", "https://пример.рф/ид/"])
def test_the_settings_give_the_base(workspace: Make, base: str) -> None:
    """What IRIs begin with is set in kg.toml."""
    made = workspace({"kg.toml": f'base = "{base}"\n'})
    assert find_workspace(made.root).base == base


@pytest.mark.parametrize(
    "settings",
    [
        'base = "example.org/"',
        'base = "https://example.org"',
        'base = "https://example.org/a b/"',
        'base = "https://example.org/<x>/"',
        'base = "ftp://example.org/"',
        "base = 5",
        'bases = "https://example.org/"',
        'base = "https://example.org/',
        b"\xff\xfe",
    ],
)
def test_faulty_settings_are_told(workspace: Make, settings: str | bytes) -> None:
    """Settings that cannot be read, or cannot be meant, stop a command and name the file."""
    made = workspace({"kg.toml": settings})
    with pytest.raises(KgError, match=r"kg\.toml") as error:
        find_workspace(made.root)
    assert error.value.fix


def test_an_empty_workspace_is_read(workspace: Make) -> None:
    """No tables are no fault: the graph is the ontology."""
    reading = read(workspace({}))
    assert reading.sound
    assert not check(reading).findings
    assert set(reading.dataset.blocks["graph"]) == {"ontology"}


def test_a_table_that_nothing_reads_is_told(workspace: Make) -> None:
    """A misspelt file name would lose its rows; notes and hidden files are left in peace."""
    names = ("data/peopel.csv", "data/README.md", "data/notes.txt", "data/.people.csv.swp", "data/people.xlsx")
    reading = read(workspace({**ENTITIES, **dict.fromkeys(names, "id,name\n")}))
    assert [(each.code, each.place.file) for each in reading.findings] == [
        ("unknown-table", "data/peopel.csv"),
        ("unknown-table", "data/people.xlsx"),
    ]
    assert "people.csv" in reading.findings[0].fix
    assert not reading.sound


def test_all_that_is_wrong_is_told_at_once_in_order_of_place(workspace: Make) -> None:
    """Faults of entities, claims, decisions and quotes come together, sorted by file and line."""
    text = "forty names"
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = files(
        [
            Row("river-post", "list/spring", "count", "many", at="char=0,5", quote="forty"),
            Row("river-post", "list/spring", "count", "40", at="char=6,11", quote="words"),
        ]
    )
    made["data/decisions.csv"] = "judgement,first,second,reason,by,when\nequal,list/spring,list/autumn,x,mk,2031\n"
    made["data/people.csv"] = "id,name\nAna,Ana\n"
    made["data/sources.csv"] = f"id,title,sha256\nriver-post,A list,{digest}\n"
    reading = read(workspace({**made, "texts/a.txt": text}))
    assert [(each.code, str(each.place)) for each in reading.findings] == [
        ("wrong-type", "data/claims/river-post.csv:2"),
        ("quote-mismatch", "data/claims/river-post.csv:3"),
        ("unknown-word", "data/decisions.csv:2"),
        ("bad-id", "data/people.csv:2"),
    ]
    assert not reading.sound


def test_texts_are_looked_for_in_the_workspace_and_wherever_one_says(workspace: Make, tmp_path: Path) -> None:
    """A text is known by the SHA-256 of its bytes, whatever its file is called; quotes of others are not verified."""
    text = "forty names\r\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = files(
        [
            Row("river-post", "list/spring", "count", "40", at="char=0,5", quote="forty"),
            Row("tern-herald", "list/spring", "count", "40", at="char=0,5", quote="forty"),
        ]
    )
    made["data/sources.csv"] = f"id,title,sha256\nriver-post,A list,{digest}\ntern-herald,Court,{'0' * 64}\n"
    without = read(workspace(made))
    assert (without.verified, without.texts) == (0, {})
    within = read(workspace({**made, "texts/deep/x.bin": text.encode(), "texts/other.txt": "forty names"}))
    assert (within.verified, within.texts) == (1, {"river-post": text})
    (tmp_path / "x").write_bytes(text.encode())
    assert read(workspace(made), [tmp_path]).verified == 1


def test_a_property_of_ones_own_is_a_block_of_turtle(workspace: Make) -> None:
    """A term in the workspace's ontology/ can be claimed, is compared as it says, and stands in the graph."""
    found = [
        Row("river-post", "place/veldania", "cells", "40"),
        Row("tern-herald", "place/veldania", "cells", "41"),
    ]
    assert {each.code for each in read(workspace(files(found))).findings} == {"unknown-property"}
    reading = read(workspace({**files(found), "ontology/own.ttl": TERM}))
    assert reading.sound
    assert len(reading.ledger.contradictions) == 1
    assert b"How many cells there are" in reading.dataset.turtle()


def test_a_shape_of_ones_own_is_a_check_more(workspace: Make) -> None:
    """Shapes in the workspace's shapes/ are run beside the shipped ones, and findings are called after their file."""
    made = workspace({**files([]), "shapes/short/shape.ttl": SHAPE, "shapes/valid.md": "no shape"})
    found = [each for each in check(read(made)).findings if each.code == "short"]
    assert [(str(each.place), each.severity) for each in found] == [("data/people.csv:3", "warning")]


def test_a_file_that_is_no_turtle_is_told_with_its_line(workspace: Make) -> None:
    """Faults in the ontology or the shapes of a workspace are findings at their file and line."""
    broken = "@prefix a: <b:> .\na:b a:c\n"
    with pytest.raises(InvalidRegistryError) as caught:
        read(workspace({"ontology/own.ttl": broken}))
    assert [str(each.place) for each in caught.value.findings] == ["ontology/own.ttl:3"]
    found = check(read(workspace({"shapes/own.ttl": broken}))).findings
    assert [(each.code, str(each.place)) for each in found] == [("bad-rdf", "shapes/own.ttl:3")]


def test_a_base_that_is_no_iri_is_told(workspace: Make) -> None:
    """A base that no IRI can begin with is told with the file of the settings."""
    for base in ("https://[/", "https://ex.org/%zz/", "https://x:ab/"):
        with pytest.raises(KgError, match=r"kg\.toml"):
            find_workspace(workspace({"kg.toml": f'base = "{base}"\n'}).root)

"""Shapes of a workspace's own: they run beside the shipped ones, guarded, and what is wrong in them is told there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Make
from worlds.generated import Row, files

from kg.check import check, structure, validate
from kg.check.shapes import load_shapes
from kg.errors import Finding, KgError, Severity
from kg.explain import codes, explanation
from kg.settings import Settings
from kg.workspace import Workspace, find_workspace, read

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix my: <https://example.org/shapes#> .
@prefix kg: <https://w3id.org/kg-registry/ns#> .
@prefix shape: <https://w3id.org/kg-registry/shapes#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .

"""
NAMES = 'my:names a sh:NodeShape ; sh:name "names" ; sh:targetClass foaf:Person ; sh:property my:name .\n'
NAME = 'my:name a sh:PropertyShape ; sh:name "name" ; sh:path rdfs:label ; '
SELECT = '''sh:sparql [ sh:message "A name is long." ;
    sh:select """SELECT $this ?value WHERE { $this $PATH ?value . %s }""" ]'''
LONG = NAMES + NAME + SELECT % "FILTER(STRLEN(?value) > 8)" + " ."
BOMB = NAMES + NAME + SELECT % f"FILTER(REGEX(CONCAT(?value, '{'a' * 60}!'), '(a+)+$'))" + " ."

Checking = Callable[..., list[Finding]]


@pytest.fixture
def checked(workspace: Make) -> Checking:
    """What a check finds in a workspace with own shapes, apart from what it finds without."""

    def found(shapes: str, settings: Settings | None = None, engine: str = "fast") -> list[Finding]:
        made = workspace({**files([]), "shapes/mine.ttl": HEAD + shapes})
        reading = read(Workspace(made.root, settings or Settings()))
        without = check(read(workspace(files([])))).findings
        return [each for each in check(reading, engine).findings if each not in without]

    return found


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_a_shape_written_in_sparql_is_run(checked: Checking, engine: str) -> None:
    """What sh:sparql selects is a finding at the row, whichever engine is asked for."""
    found = checked(LONG, engine=engine)
    assert {(each.code, each.place.file, each.severity) for each in found} == {
        ("mine", "data/people.csv", Severity.VIOLATION)
    }
    assert "a name is long" in found[0].message


def test_an_own_shape_may_refer_to_a_shipped_one_which_is_not_run_again(checked: Checking) -> None:
    """Shipped shapes lend their definitions without their targets."""
    found = checked(NAMES.replace("my:name .", "shape:entity-label ."))
    assert found == []
    wrong = checked('my:o a sh:NodeShape ; sh:name "o" ; sh:targetClass kg:List ; sh:not shape:entity .')
    assert {(each.code, each.place.file) for each in wrong} == {("mine", "data/lists.csv")}


def test_a_shape_that_takes_too_long_is_named_with_its_line_and_the_others_are_run(checked: Checking) -> None:
    """One shape that never ends is ended; a shape beside it has its findings."""
    short = 'my:short a sh:NodeShape ; sh:name "short" ; sh:targetClass kg:List ; sh:property my:label .\n'
    label = 'my:label a sh:PropertyShape ; sh:name "label" ; sh:path rdfs:label ; sh:maxLength 1 .\n'
    found = checked(f"{BOMB}\n{short}{label}", Settings(seconds=4))
    slow = [each for each in found if each.code == "slow-shape"]
    assert [(str(each.place), each.severity) for each in slow] == [("shapes/mine.ttl:9", Severity.VIOLATION)]
    assert "names takes longer than" in slow[0].message
    assert {each.place.file for each in found if each.code == "mine"} == {"data/lists.csv"}


def test_a_shape_that_fails_while_it_is_run_is_named_with_its_line(checked: Checking) -> None:
    """What the engine refuses only on data is a finding at the shape, and the check goes on."""
    found = checked(NAMES + NAME + SELECT % "MINUS { ?value a foaf:Person }" + " .\n")
    failed = [each for each in found if each.code == "bad-shape"]
    assert [(str(each.place), each.severity) for each in failed] == [("shapes/mine.ttl:9", Severity.VIOLATION)]
    assert "names cannot be run" in failed[0].message
    assert "MINUS" in failed[0].message


def test_a_shape_with_a_bad_file_beside_it_is_not_run(workspace: Make) -> None:
    """While own shapes have a violation none of them is run, and a build stops at it."""
    bad = HEAD + (NAMES + NAME).replace("my:name", "my:other") + "sh:minCount -1 ."
    found = structure(read(workspace({**files([]), "shapes/good.ttl": HEAD + LONG, "shapes/bad.ttl": bad}))).findings
    assert [(each.code, str(each.place)) for each in found] == [("bad-shape", "shapes/bad.ttl:10")]


@pytest.mark.parametrize(
    ("shapes", "line", "message"),
    [
        (NAME + "sh:class 5 .", 9, "sh:class cannot be “5”"),
        (NAME + "sh:nodeKind my:Thing .", 9, "sh:nodeKind cannot be my:Thing"),
        (NAME + "sh:minCount 1, 2 .", 9, "given more than once"),
        (NAME + "sh:path rdfs:comment .", 9, "sh:path is given more than once"),
        (NAME + "sh:or ( my:a 5 .", 9, "this is no Turtle"),
        (NAME + "sh:property 5 .", 9, "sh:property needs a shape"),
        (NAME + "sh:in ( 1 2 ) ; sh:languageIn 5 .", 9, "sh:languageIn needs a list"),
        (NAME + "sh:nodeKnd sh:IRI .", 9, "there is no sh:nodeKnd"),
        (NAME + "sh:nodeKind sh:IRy .", 9, "there is no sh:IRy"),
        (NAME + 'sh:js [ sh:jsFunctionName "f" ] .', 9, "JavaScript"),
        ('my:x a sh:PropertyShape ; sh:name "x" ; sh:targetClass foaf:Person ; sh:path [ ] .', 9, "is no path"),
        (
            'my:x a sh:PropertyShape ; sh:name "x" ; sh:path ( rdfs:label rdfs:seeAlso ) ; sh:maxCount "1" .',
            9,
            "sh:maxCount",
        ),
        (NAMES + NAME + SELECT % "SERVICE <https://example.org/s> { ?a ?b ?c }" + " .", 11, "another server"),
        (NAMES + NAME + SELECT % "?x ?y ?z } LOAD { ?a ?b ?c" + " .", 11, "the query in sh:select"),
        (NAMES + NAME + SELECT % "GRAPH ?g { ?a ?b ?c }" + " .", 11, "names a graph (GRAPH)"),
        (NAMES + NAME + "sh:sparql [ sh:select my:query ] .", 10, "sh:select needs a query"),
        ("my:o sh:declare [ sh:prefix 'o' ; sh:namespace 'urn:o> SELECT * { } #' ] .", 9, "sh:namespace is"),
        ("my:o sh:declare [ sh:prefix 'o: <urn:o> #' ; sh:namespace 'urn:o#' ] .", 9, "sh:prefix is"),
        ("person:x a sh:NodeShape .", 9, "no Turtle"),
        ('<https://w3id.org/kg-registry/id/person/ana-moor> sh:name "x" .', 9, "is an entity"),
        ("foaf:Person a sh:NodeShape .", 9, "this changes foaf:Person"),
        ("shape:entity sh:deactivated true .", 9, "this changes shape:entity"),
        (
            "my:x <http://www.w3.org/2002/07/owl#imports> <https://example.org/shapes> .",
            9,
            "owl:imports is not followed",
        ),
        ("[] sh:targetClass foaf:Person ; sh:property my:name .\n" + NAME + "sh:minLength 1 .", 9, "has no name"),
    ],
)
def test_what_is_wrong_in_a_shape_is_told_at_its_line(checked: Checking, shapes: str, line: int, message: str) -> None:
    """An ordinary mistake has file, line, cause and fix, and is no traceback and no fault of the claims."""
    found = [each for each in checked(shapes) if message in each.message]
    assert [str(each.place) for each in found] == [f"shapes/mine.ttl:{line}"], checked(shapes)
    assert all(each.fix for each in found)


def test_a_file_called_like_a_check_of_the_program_is_refused(workspace: Make) -> None:
    """Its findings could not be told from those of the program."""
    made = workspace({**files([]), "shapes/contradiction/shape.ttl": HEAD + NAMES + NAME + "sh:minLength 1 ."})
    found = [each for each in check(read(made)).findings if each.place.file.startswith("shapes/")]
    assert [(each.code, each.severity) for each in found] == [("shipped-term", Severity.VIOLATION)]


def test_an_own_shape_can_be_explained(workspace: Make) -> None:
    """Its code is listed and explained by its own words, or by the place where it is written."""
    made = workspace({**files([]), "shapes/mine.ttl": HEAD + NAMES + NAME + "sh:minLength 1 ."})
    assert any(line.startswith("mine ") for line in codes(made))
    assert "shapes/mine.ttl:9" in explanation("mine", made)


# ── Checks that a workspace weighs ──

TOLD = [Row("river-post", "list/harbour-2031", "count", "40"), Row("tern-herald", "list/harbour-2031", "count", "41")]


def test_a_check_can_be_raised_or_silenced_and_every_report_lists_which(workspace: Make) -> None:
    """[checks] in kg.toml changes severities, and a finding says so at its line."""
    for level, kept in (("violation", ["violation"]), ("info", ["info"]), ("off", [])):
        made = workspace({**files(TOLD), "kg.toml": f'# own\n[checks]\ncontradiction = "{level}"\n'})
        found = check(read(find_workspace(made.root))).findings
        assert [each.severity for each in found if each.code == "contradiction"] == kept
        (listed,) = [each for each in found if each.code == "changed-checks"]
        assert (str(listed.place), listed.severity) == ("kg.toml:2", Severity.INFO)
        assert f"contradiction is {level}" in listed.message


def test_the_shacl_report_is_weighed_too(workspace: Make) -> None:
    """The Turtle of a report has the severities of the settings, and says at its head which checks they change."""
    for level, told in (("violation", True), ("off", False)):
        made = workspace({**files(TOLD), "kg.toml": f'[checks]\ncontradiction = "{level}"\n'})
        done = check(read(find_workspace(made.root)))
        text = done.report({"sh": "http://www.w3.org/ns/shacl#"})
        assert text.startswith(f"# The settings of the workspace change 1 check: contradiction is {level}.\n")
        known = load_shapes().by_iri
        mine = [each for each in done.results if known[each.shape].code == "contradiction"]
        levels = {each.severity.rpartition("#")[2] for each in mine}
        assert (levels, "shapes#contradiction" in text) == ({"Violation"} if told else set(), told)
    plain = check(read(workspace(files(TOLD)))).report({})
    assert not plain.startswith("#")


@pytest.mark.parametrize(("code", "message"), [("contradicton", "no check"), ("claim", "cannot be changed")])
def test_a_check_that_there_is_not_or_that_a_build_rests_on_cannot_be_changed(
    workspace: Make, code: str, message: str
) -> None:
    """A misspelt code would silence nothing, and structure is no matter of taste."""
    made = workspace({**files(TOLD), "kg.toml": f'[checks]\n{code} = "off"\n'})
    with pytest.raises(KgError, match=message) as caught:
        check(read(find_workspace(made.root)))
    assert caught.value.fix


# ── One engine for another ──


@pytest.mark.parametrize("error", [ImportError("no module"), ValueError("broken"), BaseException("panicked")])
def test_the_reference_engine_takes_over_and_says_so(
    workspace: Make, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Without the fast engine, or where it fails, the same findings come from the other one."""
    reading = read(workspace(files(TOLD)))
    graph, shapes = reading.dataset.ntriples().decode(), load_shapes()
    results, notes = validate(graph, shapes)

    def fails(*_: str) -> list[object]:
        raise error

    monkeypatch.setattr("kg.check.fast", fails)
    instead, told = validate(graph, shapes)
    assert instead == results
    assert notes == ()
    assert "pySHACL, checked instead" in told[0]


def test_without_the_fast_engine_a_registry_is_built_and_checked_all_the_same(
    example: Workspace, tmp_path: Path
) -> None:
    """Where the package of the fast engine cannot be imported, build and check say so and find the same."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "shacl.py").write_text("raise ImportError('not here')\n", "utf-8")
    with_it = kg("check", example.root, "")
    without = kg("check", example.root, str(tmp_path / "hidden"))
    assert without.stdout == with_it.stdout
    assert "shacl" not in with_it.stderr.lower()
    assert "pySHACL, checked instead" in without.stderr
    built = kg("build", example.root, str(tmp_path / "hidden"))
    assert built.returncode == 0
    assert "pySHACL, checked instead" in built.stderr


def kg(command: str, root: Path, before: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a folder whose modules come before those that are installed."""
    paths = [before, str(Path(__file__).parent.parent)] if before else [str(Path(__file__).parent.parent)]
    return subprocess.run(
        [sys.executable, "-m", "kg", command],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )

"""The two engines agree, and their results become a validation report that is the same each time."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.check.engines import SH, Result, fast, needs_reference, reference, report
from kg.shipped import shipped

SHAPES = shipped("shapes")
EXAMPLES = sorted([*SHAPES.glob("*/valid.ttl"), *SHAPES.glob("*/invalid-*.ttl")])
EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
LIST = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
ex:list a sh:NodeShape ; sh:targetSubjectsOf ex:count ; sh:property ex:list-label , ex:list-count .
ex:list-label a sh:PropertyShape ; sh:path ex:label ; sh:minCount 1 ; sh:message "A list has no name." .
ex:list-count a sh:PropertyShape ; sh:path ex:count ; sh:maxInclusive 100 ; sh:message "A list is too long." ;
    sh:severity sh:Warning .
"""
BY_SPARQL = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
ex:order a sh:NodeShape ; sh:targetSubjectsOf ex:arrested ; sh:sparql ex:order-query .
ex:order-query a sh:SPARQLConstraint ; sh:message "A sentence is older than the arrest." ; sh:select '''
    PREFIX ex: <http://example.org/>
    SELECT $this ?value WHERE { $this ex:arrested ?day ; ex:sentenced ?value FILTER(?value < ?day) }
''' .
"""
Engine = Callable[[str, str], list[Result]]


def shape(constraint: str, more: str = "") -> str:
    """A shape for the node ex:veldania with one property shape."""
    return f"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
ex:node a sh:NodeShape ; sh:targetNode ex:veldania ; sh:property ex:property .
ex:property a sh:PropertyShape ; {constraint} .
{more}"""


def said(**values: str) -> str:
    """Statements on the node ex:veldania."""
    return "".join(f"<{EX}veldania> <{EX}{word}> {term} .\n" for word, term in values.items())


def typed(text: str, datatype: str) -> str:
    """A literal of a datatype of XML Schema."""
    return f'"{text}"^^<{XSD}{datatype}>'


VELDANIA = said(count=typed("375", "integer"))


def lines(turtle: str) -> str:
    """Turtle as N-Triples."""
    return (ox.serialize(ox.parse(turtle, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def triples(path: Path) -> str:
    """A Turtle file as N-Triples."""
    return lines(path.read_text("utf-8"))


@cache
def ontology() -> str:
    """The ontology, which is a part of every dataset."""
    return triples(shipped("ontology") / "kg.ttl")


@cache
def all_shapes() -> str:
    """All shapes together."""
    return "\n".join(path.read_text("utf-8") for path in sorted(SHAPES.glob("*/shape.ttl")))


def keys(results: list[Result]) -> list[tuple[str, ...]]:
    """What results of engines that agree have in common: all but the messages, which engines make up themselves."""
    return [result.key for result in results]


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in EXAMPLES}))
def test_engines_agree_on_folders(folder: str) -> None:
    """Both engines find the same in all examples of a folder poured together, with all shapes and the ontology."""
    data = "".join(triples(path) for path in EXAMPLES if path.parent.name == folder) + ontology()
    assert fast(all_shapes(), data) == reference(all_shapes(), data)


def test_engines_agree_on_everything_at_once() -> None:
    """Both engines find the same, with the same messages, in all examples poured together."""
    data = "".join(triples(path) for path in EXAMPLES) + ontology()
    quick = fast(all_shapes(), data)
    assert len({result.shape for result in quick}) > 50
    assert quick == reference(all_shapes(), data)


def test_a_number_is_not_before_a_day() -> None:
    """A number and a day do not compare, which SHACL counts as a violation; pySHACL puts them in some order instead."""
    day, number = typed("2031-05-02", "date"), typed("41.5", "decimal")
    for low, high in ((day, number), (number, day)):
        found = fast(shape("sh:path ex:low ; sh:lessThanOrEquals ex:high"), said(low=low, high=high))
        assert [result.value for result in found] == [low]


def test_the_ontology_by_itself_conforms() -> None:
    """No shape takes offence at the ontology."""
    assert fast(all_shapes(), ontology()) == reference(all_shapes(), ontology()) == []


@pytest.mark.parametrize("engine", [fast, reference])
def test_results_tell_all(engine: Engine) -> None:
    """A result names focus node, path, value, component, severity, shape and message; results are in order."""
    assert engine(LIST, VELDANIA) == [
        Result(
            "<http://example.org/veldania>",
            "<http://example.org/count>",
            '"375"^^<http://www.w3.org/2001/XMLSchema#integer>',
            SH + "MaxInclusiveConstraintComponent",
            SH + "Warning",
            "http://example.org/list-count",
            "A list is too long.",
        ),
        Result(
            "<http://example.org/veldania>",
            "<http://example.org/label>",
            None,
            SH + "MinCountConstraintComponent",
            SH + "Violation",
            "http://example.org/list-label",
            "A list has no name.",
        ),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "ex:a",
        "[ sh:inversePath ex:a ]",
        "( ex:a [ sh:inversePath ex:b ] )",
        "[ sh:alternativePath ( ex:a ( ex:b ex:c ) ) ]",
        "( [ sh:oneOrMorePath [ sh:inversePath ex:a ] ] [ sh:zeroOrOnePath ex:b ] )",
        "[ sh:zeroOrMorePath [ sh:alternativePath ( ex:a [ sh:inversePath ( ex:a ex:b ) ] ) ] ]",
    ],
)
def test_paths_are_written_alike(path: str) -> None:
    """Both engines write a path alike, and the report holds it as the shape has it."""
    shapes = shape(f"sh:path {path} ; sh:minCount 9")
    quick = fast(shapes, VELDANIA)
    assert len(quick) == 1
    assert keys(quick) == keys(reference(shapes, VELDANIA))
    assert report(quick, shapes).count("rdf-syntax-ns#first") == lines(shapes).count("rdf-syntax-ns#first")


@pytest.mark.parametrize("literal", [typed("007", "integer"), typed("1.10", "decimal"), typed("2031-02-30", "date")])
def test_literals_are_kept(literal: str) -> None:
    """A value is reported as the data has it, even if a library would write it another way."""
    shapes = shape("sh:path ex:count ; sh:nodeKind sh:IRI")
    quick = fast(shapes, said(count=literal))
    assert [result.value for result in quick] == [literal]
    assert keys(quick) == keys(reference(shapes, said(count=literal)))


@pytest.mark.parametrize(
    "literal",
    [r'"a\"b"', r'"two\nlines"', '"Аяз Вельд"@ru', '"𝄞𝄞𝄞"', r'"back\\slash"', '"abc"@en-GB', r'"tab\tbed"'],
)
def test_text_is_written_alike(literal: str) -> None:
    """Quotes, line ends, languages and scripts come out alike from both engines."""
    shapes = shape("sh:path ex:label ; sh:maxLength 2")
    quick = fast(shapes, said(label=literal))
    assert len(quick) == 1
    assert keys(quick) == keys(reference(shapes, said(label=literal)))


def test_length_is_counted_in_code_points() -> None:
    """A character outside the first plane is one character, for both engines."""
    shapes = shape("sh:path ex:label ; sh:maxLength 2")
    assert fast(shapes, said(label='"𝄞𝄞"')) == reference(shapes, said(label='"𝄞𝄞"')) == []


def test_shapes_without_iri_are_told_by_the_one_around() -> None:
    """The result of a property shape without an IRI names the shape around it, and no random blank node."""
    shapes = LIST + "ex:list sh:property [ sh:path ex:issued ; sh:minCount 1 ] ."
    [quick] = [result for result in fast(shapes, VELDANIA) if result.path == f"<{EX}issued>"]
    assert quick.shape == f"{EX}list"
    assert quick.key in keys(reference(shapes, VELDANIA))


def test_inner_results_are_not_counted() -> None:
    """What breaks a shape inside another is one result, of the outer shape."""
    inner = "ex:inner a sh:NodeShape ; sh:property ex:inner-label .\nex:inner-label sh:path ex:label ; sh:minCount 1 ."
    shapes = shape("sh:path ex:count ; sh:node ex:inner", inner)
    [quick] = fast(shapes, VELDANIA)
    assert quick.component == SH + "NodeConstraintComponent"
    assert keys([quick]) == keys(reference(shapes, VELDANIA))


def test_a_value_is_told_once() -> None:
    """A value that is compared with several, and with each in vain, is one result."""
    shapes = shape("sh:path ex:low ; sh:lessThanOrEquals ex:high")
    data = said(low=typed("9", "integer"), high=typed("7", "integer")) + said(high=typed("8", "integer"))
    assert len(fast(shapes, data)) == len(reference(shapes, data)) == 1


def test_sparql_is_run_by_the_reference() -> None:
    """A shape in SPARQL compares dates under the reference engine, which is why it needs that."""
    data = said(arrested=typed("2031-05-02", "date"), sentenced=typed("2031-05-01", "date"))
    [result] = reference(BY_SPARQL, data)
    assert (result.focus, result.message) == (f"<{EX}veldania>", "A sentence is older than the arrest.")
    assert needs_reference(BY_SPARQL)


def test_shipped_shapes_are_core() -> None:
    """No shipped shape needs the reference engine."""
    assert not needs_reference(all_shapes())


@pytest.mark.parametrize("engine", [fast, reference])
@pytest.mark.parametrize(("shapes", "data"), [("ex:a", ""), ("", "<urn:a> <urn:b> .")])
def test_what_cannot_be_read_is_an_error(engine: Engine, shapes: str, data: str) -> None:
    """Broken shapes or data raise ValueError in both engines."""
    with pytest.raises(ValueError, match=r"."):
        engine(shapes, data)


def test_ill_formed_shapes_are_an_error_of_the_reference() -> None:
    """A shape that pySHACL cannot run raises ValueError."""
    shapes = LIST + "ex:list sh:node ex:list-label ."
    with pytest.raises(ValueError, match="sh:node"):
        reference(shapes, VELDANIA)


def test_needs_reference_reads_turtle() -> None:
    """Shapes that are no Turtle raise ValueError."""
    with pytest.raises(ValueError, match=r"."):
        needs_reference("ex:a ex:b ex:c .")


def test_report_is_the_same_each_time() -> None:
    """The report does not depend on the order of the results, nor on the engine."""
    data = "".join(triples(path) for path in EXAMPLES) + ontology()
    quick = fast(all_shapes(), data)
    text = report(quick, all_shapes())
    assert text == report(reversed(quick), all_shapes()) == report(reference(all_shapes(), data), all_shapes())
    assert text.count("sh:ValidationResult") == len(quick)


def test_report_is_standard() -> None:
    """The report says what SHACL says it should."""
    text = report(fast(LIST, VELDANIA), LIST, {"sh": SH, "ex": "http://example.org/"})
    assert text.splitlines()[2:] == [
        "_:report a sh:ValidationReport ;",
        "\tsh:conforms false ;",
        "\tsh:result _:result1 , _:result2 .",
        "_:result1 a sh:ValidationResult ;",
        "\tsh:focusNode ex:veldania ;",
        "\tsh:resultPath ex:count ;",
        "\tsh:value 375 ;",
        "\tsh:resultSeverity sh:Warning ;",
        "\tsh:sourceConstraintComponent sh:MaxInclusiveConstraintComponent ;",
        "\tsh:sourceShape ex:list-count ;",
        '\tsh:resultMessage "A list is too long." .',
        "_:result2 a sh:ValidationResult ;",
        "\tsh:focusNode ex:veldania ;",
        "\tsh:resultPath ex:label ;",
        "\tsh:resultSeverity sh:Violation ;",
        "\tsh:sourceConstraintComponent sh:MinCountConstraintComponent ;",
        "\tsh:sourceShape ex:list-label ;",
        '\tsh:resultMessage "A list has no name." .',
    ]

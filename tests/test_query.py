"""Asking the graph: named questions, free queries, parameters, and what queries may not do."""

from __future__ import annotations

import contextlib
import datetime
import http.server
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.query import Answer, Engine
from kg.query.questions import questions
from kg.query.sandbox import without_sockets
from kg.query.sparql import refuse, words
from kg.query.terms import term
from kg.registry import Registry, build, example_workspace

BASE = "https://example.org/registry/id/"
COUNT = "SELECT (COUNT(*) AS ?claims) WHERE { ?claim a kg:Claim }"


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The example workspace, built."""
    return build(example_workspace())


@pytest.fixture
def server() -> Iterator[list[str]]:
    """A server on loopback that notes the path of every request it gets, and its address first."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        seen.append(f"http://127.0.0.1:{running.server_port}/sparql")
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield seen
        running.shutdown()
        thread.join()


def ids(answer: Answer, name: str) -> list[str]:
    """One column of an answer as tables show it."""
    place = answer.variables.index(name)
    return [answer.text(row[place]) for row in answer.rows]


# ── named questions ──


def test_fourteen_questions_and_more_are_shipped() -> None:
    """Every question has a title that is no file name, and each parameter says what binding it does."""
    found = questions()
    assert len(found) >= 14
    for name, question in found.items():
        assert question.title != name
        assert question.trusted
        assert all(parameter.description for parameter in question.parameters), name


@pytest.mark.parametrize("name", sorted(questions()))
def test_each_question_answers_in_a_total_order(registry: Registry, name: str) -> None:
    """Each shipped question runs, and asked twice gives the same rows, none of them twice."""
    needed = {"article": {"law": "law/order-act-12"}, "evidence": {"entity": "person/jon-brask"}}.get(name, {})
    first, second = (registry.query(name, **needed).serialize("csv") for _ in range(2))
    assert first == second
    rows = first.splitlines()[1:]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("name", sorted(questions()))
def test_each_question_orders_its_rows(name: str) -> None:
    """A shipped question says in which order its rows come."""
    assert "ORDER BY" in questions()[name].text.rpartition("}")[2]


def test_lists_tell_both_dates_and_who_says_so(registry: Registry) -> None:
    """The spring list has two dates of issue from two sources, both contested."""
    answer = registry.query("lists", list="list/harbour-2031-spring")
    dated = [row for row in answer.to_polars().to_dicts() if row["date"]]
    assert {(str(row["date"]), row["source"], row["standing"]) for row in dated} == {
        ("2031-05-03", "source/river-post", "contested"),
        ("2031-05-05", "source/lowgate-radio", "contested"),
    }


def test_groups_are_told_with_their_counts(registry: Registry) -> None:
    """The three groups of the spring list have 12, 20 and 9 people."""
    rows = registry.query("groups", list="list/harbour-2031-spring").to_polars()
    assert sorted(str(value) for value in rows["count"].drop_nulls()) == ["12", "20", "9"]


def test_contradictions_show_both_sides(registry: Registry) -> None:
    """A contradiction has a row for each claim, with quote, source and the difference in days."""
    answer = registry.query("contradictions")
    assert ids(answer, "value") == ["2031-05-03", "2031-05-05"]
    assert ids(answer, "difference") == ["2", "2"]
    assert all(ids(answer, "quote"))


def test_denials_show_what_they_touch(registry: Registry) -> None:
    """The blanket denial of the senate is answered, with its quote."""
    answer = registry.query("denials")
    assert "Senate of Veldania" in ids(answer, "says")


def test_who_was_charged_under_an_article(registry: Registry) -> None:
    """The question needs the law, and answers with the person and the case."""
    with pytest.raises(KgError, match="needs law"):
        registry.query("article")
    assert "person/jon-brask" in ids(registry.query("article", law="law/order-act-12"), "person")
    assert len(registry.query("article", law="law/another")) == 0


def test_evidence_for_an_entity_covers_every_place_it_stands_in(registry: Registry) -> None:
    """Evidence for a list has the claims on it and on the tallies within it."""
    claims = set(ids(registry.query("evidence", entity="list/harbour-2031-spring"), "claim"))
    rows = registry.to_polars()
    spring = rows.filter(rows["subject"].str.starts_with("list/harbour-2031-spring"))
    assert {f"claim/{key}" for key in spring["id"]} <= claims


def test_voices_tell_what_rests_on_nobody_named(registry: Registry) -> None:
    """What the neighbours say and nobody else is told; what a source also says itself is not."""
    answer = registry.query("voices")
    assert set(ids(answer, "voice")) <= {"voice/lowgate-radio-neighbours"}


def test_a_workspace_has_questions_of_its_own(registry: Registry) -> None:
    """A .rq file in queries/ is a named question, but runs in the worker like any other text."""
    folder = registry.workspace.root / "queries"
    folder.mkdir(exist_ok=True)
    (folder / "mine.rq").write_text(f"# How many claims there are\n{COUNT}", "utf-8")
    assert registry.engine.questions()["mine"].title == "How many claims there are"
    assert not registry.engine.questions()["mine"].trusted
    assert ids(registry.query("mine"), "claims") == ["25"]


# ── free queries ──


def test_queries_run_over_the_union_of_graphs(registry: Registry) -> None:
    """A query need not name graphs, and may."""
    assert ids(registry.query(COUNT), "claims") == ["25"]
    named = "SELECT (COUNT(*) AS ?claims) WHERE { GRAPH graph:lowgate-radio { ?claim a kg:Claim } }"
    assert ids(registry.query(named), "claims") == ["3"]


def test_ask_construct_and_describe(registry: Registry) -> None:
    """ASK gives a truth, CONSTRUCT and DESCRIBE give triples in a fixed order."""
    assert registry.query("ASK { person:ana-moor kg:heads organization:harbour-watch }").truth
    assert not registry.query("ASK { person:jon-brask kg:heads organization:harbour-watch }").truth
    graph = registry.query("CONSTRUCT { ?s rdfs:label ?o } WHERE { ?s a foaf:Person ; rdfs:label ?o }")
    assert len(graph) == 3
    assert graph.serialize("ttl").count(b"rdfs:label") == 3
    assert len(registry.query("DESCRIBE person:ana-moor")) > 2


def test_a_syntax_error_shows_line_and_place(registry: Registry) -> None:
    """The error names line and column, shows the line and marks the place."""
    with pytest.raises(KgError, match=r"line 3, column \d+") as caught:
        registry.query("SELECT ?s WHERE {\n  ?s ?p ?o .\n  FILTR(?s)\n}\n")
    _, shown, mark = caught.value.message.splitlines()
    assert shown == "    FILTR(?s)"
    assert mark.strip() == "^"


@pytest.mark.parametrize(
    ("query", "guess"),
    [
        ("SELCT ?s WHERE { ?s ?p ?o }", "a query begins with ASK, CONSTRUCT, DESCRIBE, SELECT"),
        ("SELECT ?s WHERE { ?s ex:p ?o }", "declare the prefix ex: with PREFIX ex: <https://…>"),
    ],
)
def test_common_mistakes_are_named(registry: Registry, query: str, guess: str) -> None:
    """A misspelt form and a prefix that is not declared are named in the mend."""
    with pytest.raises(KgError) as caught:
        registry.query(query)
    assert caught.value.fix == guess


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX ex: <https://example.org/> DELETE WHERE { ?s ?p ?o }",
        "# SELECT\nDROP ALL",
        "CLEAR DEFAULT",
        "LOAD <http://127.0.0.1/x>",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(registry: Registry, update: str) -> None:
    """An update is refused by its first word, whatever stands before it."""
    with pytest.raises(KgError, match="queries may not write"):
        registry.query(update)


# ── what queries may not reach ──


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { service silent <URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'a#b' . SERVICE <URL> { ?s ?p ?o } }",
        'SELECT * { ?s ?p """ " """ . SERVICE ?x { ?s ?p ?o } VALUES ?x { <URL> } }',
        "SELECT * { ?s <a:#b> ?o # comment\n SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
        "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    ],
)
def test_no_query_reaches_a_server(registry: Registry, server: list[str], query: str) -> None:
    """A server on loopback sees no request, however SERVICE is hidden."""
    with pytest.raises(KgError):
        registry.query(query.replace("URL", server[0]))
    time.sleep(0.05)
    assert len(server) == 1


def test_the_worker_itself_cannot_reach_a_server(
    registry: Registry, server: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a query that is not refused beforehand opens no connection from the worker."""
    monkeypatch.setattr("kg.query.engine.refuse", lambda _: None)
    with pytest.raises(KgError):
        registry.query(f"SELECT * {{ SERVICE <{server[0]}> {{ ?s ?p ?o }} }}")
    assert len(server) == 1


def test_the_server_would_have_been_reached(registry: Registry, server: list[str]) -> None:
    """Outside the worker the engine does ask the server: the tests above could fail."""
    store = ox.Store.read_only(str(registry.workspace.build / "store"))
    with pytest.raises((OSError, SyntaxError)):
        list(store.query(f"SELECT * {{ SERVICE <{server[0]}> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert len(server) > 1


def test_the_word_service_may_stand_elsewhere(registry: Registry) -> None:
    """As a variable, in a string, an address, a comment or a prefixed name, the word harms nobody."""
    query = 'SELECT ?service { ?service rdfs:label "SERVICE" . ?x kg:service <https://example.org/SERVICE> } # SERVICE'
    assert len(registry.query(query)) == 0
    assert "SERVICE" not in words(query)


def test_a_query_that_kills_the_engine_is_told(registry: Registry) -> None:
    """Nesting that overflows the parser's stack ends the worker, not the program."""
    with pytest.raises(KgError, match="brought the engine down"):
        registry.query("SELECT * " + "{" * 5000)


def test_a_query_that_runs_on_is_ended(registry: Registry) -> None:
    """After its time a query is killed, with everything it started."""
    product = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6))
    start = time.monotonic()
    with pytest.raises(KgError, match="took longer than 1 seconds"):
        registry.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {product} }}", timeout=1)
    assert time.monotonic() - start < 20


def test_the_sandbox_says_whether_it_holds() -> None:
    """On Linux the filter can be installed; the test asks a process of its own, for it cannot be taken back."""
    import subprocess
    import sys

    code = (
        "import socket, sys\nfrom kg.query.sandbox import without_sockets\nheld = without_sockets()\n"
        "try:\n    socket.socket().close()\n    print(held, 'open')\nexcept OSError:\n    print(held, 'refused')\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert said == (["True", "refused"] if sys.platform == "linux" else ["False", "open"])
    assert callable(without_sockets)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_refusing_never_fails_on_any_text(text: str) -> None:
    """Whatever the text, it is let through or refused, and nothing else happens."""
    with contextlib.suppress(KgError):
        refuse(text)


# ── parameters ──


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("person/ana-moor", ox.NamedNode(BASE + "person/ana-moor")),
        ("list/a#nurses", ox.NamedNode(BASE + "tally/list_a_nurses")),
        ("claim/0123456789abcdef", ox.NamedNode(BASE + "claim/0123456789abcdef")),
        ("count", ox.NamedNode("https://example.org/count")),
        ('"count"', ox.Literal("count")),
        ("41", ox.Literal(41)),
        ("4.5", ox.Literal("4.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))),
        ("2031-05-03", ox.Literal("2031-05-03", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))),
        ("https://example.org/x", ox.NamedNode("https://example.org/x")),
        ("} DROP ALL {", ox.Literal("} DROP ALL {")),
        ('x" . ?s ?p ?o #', ox.Literal('x" . ?s ?p ?o #')),
    ],
)
def test_parameters_become_terms(text: str, expected: ox.NamedNode | ox.Literal) -> None:
    """An id is an entity, a word a property, a number a number; anything else stays text."""
    assert term(text, BASE, {"count": "https://example.org/count"}) == expected


@given(st.text(max_size=40))
@settings(deadline=None)
def test_a_parameter_is_never_part_of_the_query(text: str) -> None:
    """A term made from any text is one term, and reads back as itself."""
    found = term(text, BASE, {})
    (quad,) = ox.parse(f"<a:a> <a:b> {found} .", format=ox.RdfFormat.N_TRIPLES)
    assert quad.object == found


def test_injection_stays_a_value(registry: Registry) -> None:
    """A value that looks like SPARQL matches nothing and changes nothing."""
    query = "SELECT ?name ?person { ?person rdfs:label ?name }"
    assert len(registry.query(query, name='Ana Moor" } #')) == 0
    assert ids(registry.query(query, name="Ana Moor"), "person") == ["person/ana-moor"]


def test_a_variable_that_is_not_selected_is_told(registry: Registry) -> None:
    """A variable that cannot be bound is an error that names those there are."""
    with pytest.raises(KgError, match=r"\?nobody") as caught:
        registry.query("SELECT ?name { ?person rdfs:label ?name }", nobody="x")
    assert "name, person" in caught.value.fix


# ── answers ──


def test_tables_make_every_mark_visible() -> None:
    """A hostile label cannot turn a terminal's text around or add a row."""
    label = ox.Literal("left\u202eright\nDROP")
    answer = Answer("select", ("label",), ((label,),))
    assert answer.table().splitlines()[2:] == ["left‹202E›right DROP"]


def test_a_table_that_does_not_fit_is_shown_row_by_row(registry: Registry) -> None:
    """On a narrow terminal each cell has a line of its own, and nothing is cut off."""
    answer = registry.query("lists")
    narrow = answer.table(60)
    assert max(map(len, narrow.splitlines())) <= 60
    assert "made its spring list public on 5 May" in " ".join(narrow.split())


def test_standard_formats_parse(registry: Registry) -> None:
    """CSV, TSV and JSON are SPARQL 1.1 results that other tools read."""
    answer = registry.query("sources")
    parsed = json.loads(answer.serialize("json"))
    assert len(parsed["results"]["bindings"]) == len(answer)
    assert answer.serialize("tsv").startswith(b"?")
    assert answer.serialize("csv").count(b"\r\n") == len(answer) + 1
    with pytest.raises(KgError, match="cannot be written as ttl"):
        answer.serialize("ttl")


def test_frames_are_typed(registry: Registry) -> None:
    """Whole numbers, days and truths are typed; ids and mixed columns are text; nothing is null without reason."""
    query = "SELECT ?list ?count WHERE { ?list a kg:List ; kg:groupCount ?count }"
    frame = registry.query(query).to_polars()
    assert frame["count"].to_list() == [3]
    assert frame["list"].to_list() == ["list/harbour-2031-spring"]
    days = registry.query("SELECT ?day { ?claim kg:high ?day . FILTER(DATATYPE(?day) = xsd:date) } ORDER BY ?day")
    assert days.to_polars()["day"].to_list()[0] == datetime.date(2031, 3, 31)


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Without a store the error says to build."""
    engine = Engine(tmp_path / "none", BASE, {}, {})
    with pytest.raises(KgError) as caught:
        engine.answer("sources")
    assert "kg build" in caught.value.fix
    with pytest.raises(KgError):
        engine.answer("SELECT * { ?s ?p ?o }")

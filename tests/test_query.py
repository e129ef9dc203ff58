"""Asking the graph: named questions, free queries, parameters, and what queries may not do."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import http.server
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.guard import Guard
from kg.guard.sandbox import without_sockets
from kg.query import Answer, Engine
from kg.query.questions import questions
from kg.query.sparql import LARGEST, refuse, syntax_error, words
from kg.query.terms import substitutions, term
from kg.registry import Registry, build, example_workspace
from kg.shipped import shipped
from kg.terminal import columns

BASE = "https://example.org/registry/id/"
COUNT = "SELECT (COUNT(*) AS ?claims) WHERE { ?claim a kg:Claim }"
WORLD = Path(__file__).parent / "query-world.trig"


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The example workspace, built."""
    return build(example_workspace())


@pytest.fixture(scope="module")
def periods(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """A world of numbers for times, built."""
    folder = tmp_path_factory.mktemp("periods") / "world"
    shutil.copytree(WORLD.parent / "worlds" / "periods", folder)
    return build(folder)


@pytest.fixture(scope="module")
def veldania(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The small world of query-world.trig with the ontology, in a store of its own."""
    folder = tmp_path_factory.mktemp("veldania") / "store"
    base = "https://example.org/id/"
    store = ox.Store(str(folder))
    store.bulk_load(path=str(WORLD), format=ox.RdfFormat.TRIG)
    ontology = str(shipped("ontology") / "kg.ttl")
    store.bulk_load(path=ontology, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(base + "graph/ontology"))
    store.flush()
    prefixes: dict[str, str] = {}
    for path, syntax in ((WORLD, ox.RdfFormat.TRIG), (Path(ontology), ox.RdfFormat.TURTLE)):
        parser = ox.parse(path=str(path), format=syntax)
        list(parser)
        prefixes |= parser.prefixes
    words = {word: prefixes["kg"] + word for word in ("arrested", "count", "newName")}
    words["issued"] = prefixes["dcterms"] + "issued"
    return Engine(folder, base, prefixes, words)


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
    needed = {
        "article": {"law": "law/order-act-12"},
        "evidence": {"entity": "person/jon-brask"},
        "on-day": {"on": "2031-05-03"},
    }.get(name, {})
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


# ── each question on a small world ──


def told(engine: Engine, question: str, names: str, **parameters: str) -> list[tuple[str, ...]]:
    """Some columns of an answer, as tables show them, row by row."""
    answer = engine.answer(question, parameters)
    return list(zip(*(ids(answer, name) for name in names.split()), strict=True))


def test_lists_shows_every_edition(veldania: Engine) -> None:
    """An edition of which nothing is said has a row; what is only proposed has none; denials show."""
    assert told(veldania, "lists", "list date total standing denied says") == [
        ("list/autumn", "", "", "", "", ""),
        ("list/spring", "2031-05-03", "", "contested", "", "Harbour Post"),
        ("list/spring", "2031-05-05", "", "contested", "", "Lowgate Radio"),
        ("list/spring", "", "41", "uncontested", "denied", "Harbour Watch"),
        ("list/spring", "", "41", "uncontested", "", "Lowgate Radio"),
    ]
    assert told(veldania, "lists", "name", list="list/autumn") == [("Autumn list",)]


def test_pieces_of_a_quote_stand_in_the_order_of_the_text(veldania: Engine) -> None:
    """Pieces are joined by their starts as numbers, each once, though a label stands in two graphs."""
    assert told(veldania, "lists", "quote", list="list/spring")[0] == ("out today … on the third of May",)
    assert told(veldania, "compilers", "quote", whom="person/ana-moor") == [("row=7",)]


def test_groups_shows_uncounted_groups(veldania: Engine) -> None:
    """A group that is named without a count has a row without one."""
    assert told(veldania, "groups", "group count precision source") == [
        ("group/nurses", "12", "about", "source/radio"),
        ("group/nurses", "12", "exact", "source/gazette"),
        ("group/sailors", "", "exact", "source/post"),
    ]
    assert told(veldania, "groups", "count", group="group/nurses", list="list/spring") == [("12",), ("12",)]


def test_compilers_shows_criteria(veldania: Engine) -> None:
    """Who compiled a list, and which criteria an organization applies, with the words for both."""
    assert told(veldania, "compilers", "name relation whomName") == [
        ("Autumn list", "publisher", "Harbour Watch"),
        ("Harbour Watch", "applies the criteria of", "Charter"),
        ("Spring list", "compiled by", "Ana Moor"),
        ("Spring list", "publisher", "Harbour Watch"),
    ]


def test_heads_and_voices(veldania: Engine) -> None:
    """Who heads what is told with who says so; what only a voice says is told as such."""
    assert told(veldania, "heads", "person heads says") == [
        ("person/ana-moor", "organization/harbour-watch", "Harbour Post"),
        ("person/old-vint", "place/veldania", "the neighbours (post)"),
        ("person/rolf-dane", "place/veldania", "Night Gazette"),
    ]
    assert told(veldania, "voices", "subject value voice") == [
        ("case/oln-2031", "was heard in public", "voice/gazette-clerks"),
        ("person/old-vint", "Veldania", "voice/post-neighbours"),
    ]


def test_what_somebody_named_says_too_rests_on_no_voice_alone(veldania: Engine) -> None:
    """That bread is dear is said by clerks, each in their own words, and by Ana Moor."""
    assert ("bread is dear",) not in told(veldania, "voices", "value")


def test_people_have_their_cases(veldania: Engine) -> None:
    """Each claim on a case stands with its defendant; one that is doubted says so."""
    assert told(veldania, "people", "name property value denied", person="person/jon-brask") == [
        ("Jon Brask", "arrested", "2031-02", ""),
        ("Jon Brask", "charge", "affray", "doubted"),
        ("Jon Brask", "defendant", "Jon Brask", ""),
        ("Jon Brask", "under article", "Order Act Article 12", ""),
    ]
    assert told(veldania, "people", "name property", case="case/dock") == [
        ("Lea Tarn", "arrested"),
        ("Lea Tarn", "arrested"),
        ("Lea Tarn", "defendant"),
    ]


@pytest.mark.parametrize("law", ["law/order-act-12", "law/order-act"])
def test_an_article_counts_for_its_law(veldania: Engine, law: str) -> None:
    """Who was charged under an article was charged under the law of which it is a part."""
    assert told(veldania, "article", "person article law", law=law) == [("person/jon-brask", "law/order-act-12", law)]


def test_single_origin_leaves_out_what_two_say(veldania: Engine) -> None:
    """The count of 41 has two origins; about 12 and 12 are two statements, as are three deaths in each of two years."""
    counts = told(veldania, "single-origin", "subject value precision origin source", predicate="count")
    assert counts == [
        ("list/spring#nurses", "12", "about", "source/wire", "source/radio"),
        ("list/spring#nurses", "12", "exact", "source/gazette", "source/gazette"),
    ]
    deaths = told(veldania, "single-origin", "value origin tellings", subject="place/veldania#deaths")
    assert deaths == [("3", "source/post", "1"), ("3", "source/radio", "1")]


def test_contradictions_can_be_asked_by_property(veldania: Engine) -> None:
    """Both sides of the date, with the days between them; on counts there is none."""
    rows = told(veldania, "contradictions", "value difference source quote", predicate="issued")
    assert [row[:3] for row in rows] == [("2031-05-03", "2", "source/post"), ("2031-05-05", "2", "source/radio")]
    assert told(veldania, "contradictions", "value", predicate="count") == []


def test_denials_and_doubts_name_what_they_touch(veldania: Engine) -> None:
    """Each denial and doubt stands with the claim it touches and who made that."""
    assert told(veldania, "denials", "says stance touched touchedSays") == [
        ("Ana Moor", "denies", "claim/00000000000000ac", "Senate of Veldania"),
        ("Harbour Watch", "cannot-verify", "claim/00000000000000a8", "Harbour Post"),
        ("Rolf Dane", "denies", "claim/00000000000000e6", "clerks (gazette)"),
        ("Senate of Veldania", "denies", "claim/00000000000000a2", "Harbour Watch"),
    ]


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (
            "group/nurses",
            {("subject", "claim/00000000000000d9")}
            | {("group", f"claim/00000000000000{end}") for end in ("b3", "d1", "d5", "d6", "d7", "d8")},
        ),
        ("person/lea-tarn", {("value", "claim/00000000000000b7"), ("subject", "claim/00000000000000b8")}),
        (
            "place/veldania",
            {("value", f"claim/00000000000000{end}") for end in ("a6", "e5")}
            | {("whole", f"claim/00000000000000{end}") for end in ("ae", "af", "b9")},
        ),
    ],
)
def test_evidence_covers_each_part_an_entity_takes(
    veldania: Engine, entity: str, expected: set[tuple[str, str]]
) -> None:
    """An entity is found as subject, as value, as the whole of a tally and as its group, denied claims too."""
    assert set(told(veldania, "evidence", "as claim", entity=entity)) == expected


def test_evidence_is_in_the_order_of_the_text(veldania: Engine) -> None:
    """The places of one source follow each other; a row of a table has its own; what is proposed says so."""
    rows = told(veldania, "evidence", "source place review", entity="list/spring")
    assert [row[0] for row in rows[:4]] == ["source/gazette"] * 3 + ["source/post"]
    assert rows[3] == ("source/post", "char=90,99", "accepted")
    assert ("source/post", "char=110,118", "proposed") in rows
    assert ("source/radio", "row=7", "accepted") in rows
    assert rows.index(("source/post", "char=1000,1020", "accepted")) > rows.index(
        ("source/post", "char=200,220", "accepted")
    )


def test_the_words_for_one_statement(veldania: Engine) -> None:
    """With a property and a value, the evidence is that of one statement, whoever makes it."""
    rows = told(veldania, "evidence", "says quote", entity="list/spring", predicate="count", object="41")
    assert rows == [("Harbour Watch", "41 names"), ("Lowgate Radio", "41 in all")]


def test_names_tell_who_decided(veldania: Engine) -> None:
    """What one source prints is a spelling; that another entry is the same was decided, by somebody, for a reason."""
    assert told(veldania, "names", "spelling says reason when claim decision", entity="group/nurses") == [
        ("Ward sisters", "kg", "one ward", "2031-08-01", "", "decision/00000000000000f1"),
        ("ward sisters", "Night Gazette", "", "", "claim/00000000000000d9", ""),
    ]


def test_names_come_from_the_registry_and_from_sources(veldania: Engine) -> None:
    """A spelling that a source prints has a claim behind it; one that the curator knows has none."""
    assert told(veldania, "names", "spelling says claim", entity="person/ana-moor") == [
        ("Anna Mohr", "Lowgate Radio", "claim/00000000000000b6"),
        ("Ана Моор", "the registry", ""),
    ]


def test_sources_are_counted(veldania: Engine) -> None:
    """Claims and places are counted by source; one that is only retold has none."""
    assert told(veldania, "sources", "source claims proposed evidence") == [
        ("source/wire", "0", "0", "0"),
        ("source/radio", "10", "0", "6"),
        ("source/post", "15", "1", "10"),
        ("source/gazette", "29", "0", "29"),
    ]


def test_numbers_are_told_for_a_place(veldania: Engine) -> None:
    """What is counted in a place, with its time; what is denied is no number."""
    assert told(veldania, "numbers", "groupName value asof", place="place/veldania") == [
        ("Deaths", "3", "2030"),
        ("Deaths", "3", "2031"),
    ]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2030-10-31", ["40", "45", "38"]),
        ("2030-12-31", ["40", "45"]),
        ("2031-03-31", ["12"]),
        ("2031-05-01", ["44"]),
        ("2031-05-03", ["44", "41"]),
        ("2032-01-01", []),
    ],
)
def test_numbers_are_told_for_a_day(periods: Registry, on: str, expected: list[str]) -> None:
    """With a day, numbers whose time holds it are told; those for another time and those without one are not."""
    assert ids(periods.query("numbers", on=on), "value") == expected
    assert set(ids(periods.query("numbers", on=on), "on")) <= {on}
    assert len(periods.query("numbers")) == 10


@pytest.mark.parametrize("day", ["2031-05", "2031", "2031-02-30", "May", '"2031-05-03"', "2031-05-03T00:00:00", ""])
def test_a_parameter_that_is_a_day_takes_only_days(periods: Registry, day: str) -> None:
    """What compares with no day would leave no row out, so it is refused."""
    with pytest.raises(KgError, match="on is a day") as caught:
        periods.query("numbers", on=day)
    assert caught.value.fix == "write it out, as on=2024-12-12"


def test_sources_tell_from_when_on_they_were_known(tmp_path: Path) -> None:
    """The day on which a source became known is told, and whether it is the earliest; as of a day, of what counts."""
    shutil.copytree(WORLD.parent / "worlds" / "known-by", tmp_path / "world")
    frame = build(tmp_path / "world").query("sources").to_polars()
    told = {row["source"]: (row["known"], row["atEarliest"]) for row in frame.to_dicts()}
    assert told["source/river-post"] == (datetime.date(2031, 4, 30), False)
    assert told["source/tern-herald"] == (datetime.date(2031, 6, 10), True)
    assert told["source/wall-poster"] == (None, None)
    early = build(tmp_path / "world", as_of=datetime.date(2031, 6, 10)).query("sources").to_polars()
    assert {row["source"]: row["known"] is not None for row in early.to_dicts()} == {
        "source/coast-agency": False,
        **dict.fromkeys(
            ["source/harbour-letter", "source/lowgate-radio", "source/river-post", "source/senate-gazette"], True
        ),
        "source/tern-herald": True,
    }


def test_unlisted_people(veldania: Engine) -> None:
    """Everyone of whom something is told but whom no list names or is said to have named."""
    assert sorted(set(told(veldania, "unlisted", "person"))) == [
        ("person/ana-moor",),
        ("person/lea-tarn",),
        ("person/old-vint",),
        ("person/rolf-dane",),
    ]


def test_disputed_causes_show_the_denial(veldania: Engine) -> None:
    """A cause of death that someone denies is disputed; one that nobody gainsays is not."""
    assert told(veldania, "disputed-causes", "name cause stance") == [
        ("Jon Brask", "illness", "asserts"),
        ("Jon Brask", "illness", "denies"),
    ]


def test_what_is_not_told_of_people(veldania: Engine) -> None:
    """One lacks only the place, another more; what is told of a case counts for its part and for its whole."""
    assert told(veldania, "persons-without", "name caseName lacks") == [
        ("Jon Brask", "Case of Jon Brask", "place"),
        ("Lea Tarn", "Dock case", "charge, place"),
        ("Mira Oln", "Case of Mira Oln (2029)", "charge, place"),
        ("Mira Oln", "Case of Mira Oln (2031)", "arrest date, charge"),
        ("Tor Hale", "Case of Tor Hale", "arrest date"),
        ("Tor Hale", "Quay case", "arrest date"),
    ]


def test_who_was_listed(veldania: Engine) -> None:
    """Named, newly named or struck off, in a group or not, by whom, and when, with both dates where there are two."""
    spring = "2031-05-03 (post), 2031-05-05 (radio)"
    assert told(veldania, "listed", "name property listName groupName by date") == [
        ("Jon Brask", "names", "Spring list", "", "Harbour Watch (gazette)", spring),
        ("Mira Oln", "newly names", "Spring list", "Nurses", "Harbour Watch (gazette)", spring),
        ("Tor Hale", "removed name", "Autumn list", "", "Harbour Watch (gazette)", ""),
    ]
    assert told(veldania, "listed", "name", predicate="newName") == [("Mira Oln",)]


def test_who_left_and_why(veldania: Engine) -> None:
    """A name struck off, a number with its reason, and the release of somebody whom a list names."""
    assert told(veldania, "left", "listName groupName name property value asof") == [
        ("Autumn list", "", "Tor Hale", "removed name", "Tor Hale", ""),
        ("Autumn list", "Nurses", "", "removed", "2", ""),
        ("Autumn list", "Nurses", "", "removed because", "terms served", ""),
        ("Spring list", "", "Mira Oln", "released", "pardoned", "2030"),
    ]


def test_groups_grow_under_other_names(veldania: Engine) -> None:
    """Each number stands with its source's wording, with what the group is part of, and with who held it to be one."""
    same = "the same as Ward sisters: one ward (kg, 2031-08-01)"
    rows = told(veldania, "group-growth", "edition property value precision wordings decided", group="group/nurses")
    assert rows == [
        ("2030", "growth", "3", "exact", "ward sisters", same),
        ("2030", "removed", "2", "exact", "ward sisters", same),
        ("2031-05", "count", "12", "about", "", same),
        ("2031-05", "count", "12", "exact", "ward sisters", same),
    ]
    assert set(told(veldania, "group-growth", "groupName broaderName")) == {
        ("Nurses", "Hospital staff"),
        ("Sailors", ""),
    }


def test_who_stands_under_two_cases(veldania: Engine) -> None:
    """Somebody's own case and the larger one of which it is part are no two cases."""
    assert told(veldania, "two-cases", "name case") == [("Mira Oln", "case/oln-2029"), ("Mira Oln", "case/oln-2031")]


def test_who_was_arrested_again(veldania: Engine) -> None:
    """An arrest in one case and a prison in another, two dates of one source in one case, and plain words."""
    assert told(veldania, "arrested-again", "name case property value") == [
        ("Jon Brask", "case/brask", "statement", "he was arrested again in May"),
        ("Lea Tarn", "case/dock", "arrested", "2030-05"),
        ("Lea Tarn", "case/dock", "arrested", "2031-01"),
        ("Mira Oln", "case/oln-2029", "arrested", "2029-04"),
        ("Mira Oln", "case/oln-2029", "released", "pardoned"),
        ("Mira Oln", "case/oln-2031", "held in", "North Gaol"),
    ]


def test_which_organizations_link_cases(veldania: Engine) -> None:
    """A prison with prisoners of two cases comes first; whom a publisher lists is counted apart."""
    assert told(veldania, "linking", "name cases people listed relation caseName") == [
        ("North Gaol", "2", "2", "0", "held in", "Case of Mira Oln (2031)"),
        ("North Gaol", "2", "2", "0", "held in", "Case of Tor Hale"),
        ("Dockers' Union", "1", "1", "0", "member of", "Case of Tor Hale"),
        ("Harbour Watch", "0", "0", "3", "names", "Case of Jon Brask"),
        ("Harbour Watch", "0", "0", "3", "newly names", "Case of Mira Oln (2029)"),
        ("Harbour Watch", "0", "0", "3", "newly names", "Case of Mira Oln (2031)"),
    ]


def test_what_officials_say(veldania: Engine) -> None:
    """State bodies speak, who heads the country, and voices that speak for them; a denial tells how much it touches."""
    assert told(veldania, "officials", "says stance value denied touches") == [
        ("Rolf Dane", "denies", "was heard in public", "", "1"),
        ("Senate of Veldania", "asserts", "illness", "denied", "0"),
        ("Senate of Veldania", "denies", "1", "", "1"),
        ("clerks (gazette)", "asserts", "was heard in public", "denied", "0"),
        ("clerks (gazette)", "asserts", "bread is dear", "", "0"),
    ]


def test_what_is_told_of_a_day(veldania: Engine) -> None:
    """What holds within a time that has the day, open or not, and what may have happened on it."""
    assert told(veldania, "on-day", "subject value asof", on="2030-06-15") == [
        ("list/autumn", "is to be kept", "../2032"),
        ("case/oln-2029", "pardoned", "2030"),
        ("place/veldania#deaths", "3", "2030"),
    ]
    assert told(veldania, "on-day", "subject value", on="2031-02-28", predicate="arrested") == [
        ("case/brask", "2031-02")
    ]


def test_the_sums_show_what_is_left(veldania: Engine) -> None:
    """A total of 41 with 12 counted leaves 29, and an edition that does not follow implies what it would take."""
    assert told(veldania, "sums", "list check equation restFrom groupsCounted implied") == [
        ("list/spring", "groups", "41 − 12 = 29 for other groups", "29", "1", ""),
        ("list/spring", "succession", "38 + 2 = 40 ≠ 41", "1", "", "Spring list: growth 3"),
    ]


def test_the_ledger_shows_each_edition_once(veldania: Engine) -> None:
    """All dates and totals told of an edition stand in one row, and beside them what is implied and what is amiss."""
    assert told(veldania, "ledger", "list date total groups growth implied amiss") == [
        ("list/autumn", "", "", "", "", "", ""),
        (
            *("list/spring", "2031-05-03 | 2031-05-05", "41", "41 − 12 = 29 for other groups", ""),
            *("growth 3", "38 + 2 = 40 ≠ 41"),
        ),
    ]


def test_the_ontology_can_be_asked(veldania: Engine) -> None:
    """Each property that claims use has its word, its label and its meaning."""
    assert ("heads", "kg:heads") in told(veldania, "ontology", "word property")


@pytest.fixture(scope="module")
def elsewhere(veldania: Engine) -> rdflib.Graph:
    """The union of the small world's graphs in rdflib."""
    store = ox.Store.read_only(str(veldania.store))
    triples = ox.serialize((quad.triple for quad in store), format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples, format="nt")


@pytest.mark.parametrize("name", sorted(questions()))
def test_another_engine_gives_the_same_rows(veldania: Engine, elsewhere: rdflib.Graph, name: str) -> None:
    """The questions are plain SPARQL 1.1: rdflib answers each of them with the same rows."""
    needed = {
        "article": {"law": "law/order-act"},
        "evidence": {"entity": "list/spring"},
        "on-day": {"on": "2030-06-15"},
    }.get(name, {})
    bound = {
        name: rdflib.Literal(value, datatype=rdflib.XSD.date) if name == "on" else rdflib.URIRef(veldania.base + value)
        for name, value in needed.items()
    }
    found = elsewhere.query(questions()[name].text, initNs=dict(veldania.prefixes), initBindings=bound)
    theirs = sorted(tuple("" if term is None else str(term) for term in row) for row in found)  # type: ignore[union-attr]
    ours = veldania.answer(name, needed).rows
    assert sorted(tuple("" if term is None else term.value for term in row) for row in ours) == theirs  # type: ignore[union-attr]


def test_shipped_questions_take_only_their_parameters(veldania: Engine) -> None:
    """A variable that may be empty would match anything, so a question refuses what it does not name."""
    with pytest.raises(KgError, match="takes no source") as caught:
        veldania.answer("lists", {"source": "source/post"})
    assert caught.value.fix == "it takes list"


# ── free queries ──


def test_from_says_which_graphs_are_asked(registry: Registry) -> None:
    """FROM and FROM NAMED hold, and a variable or a property called from is none."""
    assert ids(registry.query(COUNT.replace("WHERE", "FROM graph:lowgate-radio WHERE")), "claims") == ["3"]
    named = "SELECT (COUNT(*) AS ?claims) FROM NAMED graph:lowgate-radio { GRAPH ?g { ?claim a kg:Claim } }"
    assert ids(registry.query(named), "claims") == ["3"]
    assert ids(registry.query("SELECT (COUNT(*) AS ?from) { ?claim a kg:Claim } # FROM"), "from") == ["25"]


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
    ("query", "told"),
    [
        ("SELCT ?s WHERE { ?s ?p ?o }", "line 1, column 1: “SELCT” cannot stand here"),
        ("SELECT ?s WHERE { ?s ex:p ?o }", "line 1, column 22: Prefix not found"),
        ("SELECT ?s {\n  ?s ?p 'é𝄞' ; ,\n}", "line 2, column 16: “,” cannot stand here"),
        ("SELECT ?s { ?s ?p ?o } ORDER ?s", "line 1, column 30: “?s” cannot stand here"),
        ("SELECT ?s { ?s ?p ?o ", "line 1, column 21: the query ends too early"),
        (
            "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }",
            "line 1, column 1: The SELECT contains a variable that is unbound",
        ),
        ("# nothing\n", "line 1, column 10: the query ends too early"),
        (" ", "line 1, column 1: the query is empty"),
    ],
)
def test_the_mark_stands_where_the_mistake_is(registry: Registry, query: str, told: str) -> None:
    """The place is the token that cannot stand there, not where the parser happened to look."""
    with pytest.raises(KgError) as caught:
        registry.query(query)
    assert caught.value.message.splitlines()[0] == f"this is no SPARQL query: {told}"


def test_the_line_of_a_syntax_error_cannot_disturb_a_terminal(registry: Registry) -> None:
    """Marks that turn text around are blanked out, and of a long line a part is shown, with the mark in it."""
    with pytest.raises(KgError) as caught:
        registry.query("SELECT * { " + "?s ?p ?o . " * 50 + "\u202e } FILTR")
    _, shown, mark = caught.value.message.splitlines()
    assert "\u202e" not in caught.value.message
    assert columns(shown) <= 102
    assert shown[mark.index("^") :].strip() == "} FILTR"


@given(st.text(max_size=40))
@settings(deadline=None)
def test_every_mistake_has_a_place(text: str) -> None:
    """Whatever the parser refuses, the error has a line with a mark below it."""
    with contextlib.suppress(SyntaxError):
        ox.Store().query(text)
        return
    error = syntax_error(text, "error at 1:1: expected something", {})
    assert error.message.splitlines()[-1].strip() == "^"


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


def test_the_server_would_have_been_reached(registry: Registry, server: list[str]) -> None:
    """Outside the worker the engine does ask the server: the tests above could fail."""
    store = ox.Store.read_only(str(registry.workspace.build / "store"))
    with pytest.raises((OSError, SyntaxError)):
        list(store.query(f"SELECT * {{ SERVICE <{server[0]}> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert len(server) > 1


HIDDEN = 'ASK { FILTER(1<2&&2#>"""\n>1) SERVICE <URL> { ?s ?p ?o } #"""\n}'


def test_a_service_that_hides_behind_an_address_reaches_nobody(registry: Registry, server: list[str]) -> None:
    """What reads as an address may be a comparison and a comment, and is refused as what it may be."""
    with pytest.raises(KgError, match="SERVICE"):
        registry.query(HIDDEN.replace("URL", server[0]))
    assert len(server) == 1


SMUGGLED = [
    r"SELECT * { ?s ex:a\'b ?o . SERVICE <x:y> { ?s ?p ?o } ?s ex:c\'d ?o }",
    "SELECT * { FILTER(1<3)SERVICE#>\n<x:y> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<3#>'''\n) SERVICE <x:y> { ?s ?p ?o } #'''\n}",
    "SELECT * { FILTER(1<'>')SERVICE<x:y>{ ?s ?p ?o } FILTER('a'='b') }",
    "SELECT * { FILTER(1<'a')SERVICE:x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p <urn:x\u00a0'''> . SERVICE <x:y> { ?s ?p ?o } ?s ?p '''a''' }",
    "SELECT * { #\r SERVICE <x:y> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1.SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p -1.SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p true.SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o.SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p ex:a-.SERVICE:x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p ex:%53.SERVICE:x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p :.SERVICE:x{ ?s ?p ?o } }",
    "SELECT * { {}SERVICE:x{ ?s ?p ?o } }",
    "SELECT * { SERVICESILENT:x { ?s ?p ?o } }",
    "SELECT * { {}service#a\n#b\r:x#c\n{ ?s ?p ?o } }",
    "SELECT * { {}SERVICE silent#a\n#b\r:x#c\n{ ?s ?p ?o } }",
    "SELECT * { {}SERVICE" + 12 * "#a\n" + "SILENT:x{ ?s ?p ?o } }",
    "SELECT * { {}SERVICE:" + "x" * 500 + "{ ?s ?p ?o } }",
    r"SELECT * { {}SERVICE:\#x { ?s ?p ?o } }",
    "PREFIX " + "x" * 500 + ":<x:> SELECT * { {}SERVICE " + "x" * 500 + ":x{ ?s ?p ?o } }",
    'SELECT * { VALUES ?x { """abc" } SERVICE <x:y> { ?s ?p ?o } }',
    'SELECT * { #"""\n SERVICE <x:y> { ?s ?p ?o } #"""\n }',
]


@pytest.mark.parametrize("query", SMUGGLED)
def test_a_request_to_a_server_is_refused_wherever_it_may_hide(query: str) -> None:
    """Each of these is a query with a request in it, whatever a quick reading takes the words around it for."""
    known = {"ex": "https://example.org/", "": "x:"}
    with contextlib.suppress(OSError, RuntimeError):
        list(ox.Store().query(query, prefixes=known))  # no SyntaxError
    with pytest.raises(KgError, match="SERVICE"):
        refuse(query)


EVIL = [
    *(
        "-",
        "a-",
        ".",
        "\\",
        '"""',
        "'''",
        "<",
        "<a",
        "<?",
        "?",
        "?a",
        "1",
        "1.",
        "'",
        '"',
        "a",
        "a:",
        ":",
        "(",
        "{}",
        "@a",
    ),
    *(
        "#",
        "#\n",
        '\\"',
        "\\'",
        '\\"""\n',
        "\\'''\n",
        '"\n',
        "'\\\n",
        "é",
        "\\u0041",
        "SERVICE",
        "service#",
        "service?",
    ),
    *("service<", "service :", "service:", "service ", "service\n#", "service.", "INSERT-", "PREFIX a"),
]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("head", ["", "ASK { "])
def test_a_query_is_looked_through_in_linear_time(head: str, evil: str) -> None:
    """What repeats something for a megabyte, nowhere closed, is looked through in about a second."""
    text = head + evil * (1_000_000 // len(evil.encode()))
    start = time.process_time()
    with contextlib.suppress(KgError):
        refuse(text)
    assert time.process_time() - start < 4
    if not head:  # a form of query would let the engine go on to nest what ends it, and so a worker
        start = time.process_time()
        assert syntax_error(text[:100_000], "error at 1:1: expected b", {}).message
        assert time.process_time() - start < 4


def test_a_query_of_more_than_a_megabyte_is_refused() -> None:
    """A query that is too long is refused before anything reads it, and the message tells the limit."""
    refuse("ASK {} #" + "x" * (LARGEST - 8))
    for query in ("ASK {} #" + "x" * LARGEST, "ASK {} #" + "ж" * (LARGEST // 2)):
        with pytest.raises(KgError, match="longer than 1 MB"):
            refuse(query)


def test_where_sockets_cannot_be_forbidden_the_mere_word_is_refused() -> None:
    """Without a guard no reading of the text is trusted."""
    for query in (HIDDEN, 'ASK { ?s ?p "a\\u0022" SERVICE <x:y> {} #"\n}', "ASK { ?s ?p 'S\\u0045RVICE' }"):
        with pytest.raises(KgError, match="SERVICE"):
            refuse(query, guarded=False)


def test_without_new_files_there_are_no_sockets_either(registry: Registry) -> None:
    """Where seccomp is missing, a worker that may open no file opens no socket, and still answers."""
    code = (
        "import sys\nimport pyoxigraph as ox, socket\nfrom kg.guard.sandbox import without_new_files\n"
        "store = ox.Store.read_only(sys.argv[1])\nheld = without_new_files()\n"
        "rows = len(list(store.query('SELECT * { GRAPH ?g { ?s ?p ?o } }')))\n"
        "try:\n    socket.socket()\nexcept OSError:\n    print(held, rows > 100, 'refused')\n"
    )
    command = [sys.executable, "-c", code, str(registry.workspace.build / "store")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert said == ["True", "True", "refused"]


def test_modules_of_the_current_folder_do_not_run(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A json.py or a kg/ in the folder one stands in is not what the worker imports."""
    (tmp_path / "json.py").write_text("raise SystemExit('run from the current folder')\n", "utf-8")
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "__init__.py").write_text("raise SystemExit('run from the current folder')\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert ids(registry.query(COUNT), "claims") == ["25"]


def test_a_query_gets_so_much_memory_and_no_more(veldania: Engine) -> None:
    """A product of everything with everything, kept in order, ends at the limit, and says why."""
    narrow = dataclasses.replace(veldania, guard=Guard(memory=700 << 20))
    with pytest.raises(KgError, match=r"memory|needed more than it may have"):
        narrow.answer("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g")


def test_an_answer_may_not_be_endless(veldania: Engine) -> None:
    """An answer that is too long for the one who asks is refused by the worker."""
    short = dataclasses.replace(veldania, guard=Guard(longest=1 << 20))
    with pytest.raises(KgError, match="longer than 1 MB") as caught:
        short.answer("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000")
    assert "LIMIT" in caught.value.fix


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
    code = (
        "import socket, sys\nfrom kg.guard.sandbox import without_sockets\nheld = without_sockets()\n"
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
        ("2031", ox.Literal(2031)),
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


@pytest.mark.parametrize("value", ["\ud800", "person/\udcff"])
def test_a_value_that_is_no_text_is_told(value: str) -> None:
    """Bytes that are no UTF-8 reach the program as lone surrogates, which no term can hold."""
    with pytest.raises(KgError, match="no text"):
        substitutions({"name": value}, BASE, {})


def test_a_query_that_is_no_text_is_told(registry: Registry) -> None:
    """The same holds for a query."""
    with pytest.raises(KgError, match="no text"):
        registry.query("ASK { ?s ?p '\ud800' }")


# ── answers ──


def test_records_count_columns_not_characters() -> None:
    """Wide characters take two columns, also where a line is divided, and a word longer than a line is cut."""
    cell = ox.Literal("巴库的名单 " * 6 + "x" * 70)
    lines = Answer("select", ("words",), ((cell,),)).table(40).splitlines()
    assert all(columns(line) <= 40 for line in lines)
    assert "".join("".join(lines).removeprefix("words").split()) == "".join(cell.value.split())


def test_a_yes_has_no_columns(registry: Registry) -> None:
    """The truth of an ASK is written as JSON or shown, and as nothing else."""
    answer = registry.query("ASK { ?claim a kg:Claim }")
    assert json.loads(answer.serialize("json"))["boolean"] is True
    with pytest.raises(KgError, match="yes or no"):
        answer.serialize("csv")


def test_values_that_fit_no_type_stay_text(registry: Registry) -> None:
    """Days with a time zone, numbers beyond 64 bits and faulty literals are kept as they are written."""
    query = """SELECT ?day ?number ?truth ?real ?fault {
        VALUES (?day ?number ?truth ?real ?fault) {
            ("2031-05-03Z"^^xsd:date 99999999999999999999 "1"^^xsd:boolean 1.5 "x"^^xsd:integer)
            (UNDEF 3 false 2 UNDEF) } }"""
    (first, second) = registry.query(query).to_polars().to_dicts()
    assert first == {"day": "2031-05-03Z", "number": "99999999999999999999", "truth": True, "real": 1.5, "fault": "x"}
    assert second == {"day": None, "number": "3", "truth": False, "real": 2.0, "fault": None}


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

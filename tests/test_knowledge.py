"""When each source became known, and what of a registry was known by a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from conftest import Make
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds.generated import ENTITIES, SOURCES, Row, files, rows

from kg.check import check
from kg.claims import claim_id
from kg.knowledge import Knowledge, Known, note, when_known
from kg.ontology import load
from kg.values import literal, time_span
from kg.workspace import Reading, Workspace, read

WORLD = Path(__file__).parent / "worlds" / "known-by"
PUBLISHED = (
    "",
    "",
    "2030",
    "2031-02",
    "2031-03-15",
    "2031-05/..",
    "2031/..",
    "../2031-06",
    "2031-04/2031-06",
    "2032/..",
)
DAYS = tuple(date(2030, 12, 31) if not month else date(2031, month, 28) for month in range(13))

Published = dict[str, str]


def published() -> st.SearchStrategy[Published]:
    """A date of publication, or none, for each source; the agency makes no claims."""
    return st.fixed_dictionaries(dict.fromkeys((*SOURCES, "coast-agency"), st.sampled_from(PUBLISHED)))


def dated(found: Sequence[Row], dates: Published, decisions: str = "") -> dict[str, str]:
    """The files of a workspace with these rows, whose sources were published on these dates."""
    made = files(found)
    lines = [f"{source},About {source},{day}\n" for source, day in sorted(dates.items())]
    made["data/sources.csv"] = "id,title,published\n" + "".join(lines)
    head = "judgement,first,second,reason,by,when\n"
    return made | ({"data/decisions.csv": head + decisions} if decisions else {})


PAIRS = (
    ("list/spring", "list/autumn"),
    ("person/ana-moor", "person/jon-brask"),
    ("organization/senate", "organization/harbour-watch"),
    ("group/workers", "group/prisoners"),
)


@st.composite
def judged(draw: st.DrawFn, found: Sequence[Row]) -> str:
    """Rows of decisions.csv, on entities or on any two of the claims, made on some day."""
    rows = []
    for _ in range(draw(st.integers(0, 3))):
        judgement = draw(st.sampled_from(("same", "different", "settle")))
        ends = draw(st.sampled_from(PAIRS))
        if judgement == "settle":
            ends = tuple(f"claim/{_id(draw(st.sampled_from(found)))}" for _ in ends)
        rows.append(f"{judgement},{','.join(ends)},because,mk,{draw(st.sampled_from(PUBLISHED[2:]))}\n")
    return "".join(rows)


def _id(row: Row) -> str:
    end = (row.as_of, row.said, row.claimant, row.via, row.stance or "asserts")
    return claim_id((row.source, row.subject, row.property, row.value, row.precision or "exact", *end))


def by(made: Workspace, day: date | None) -> Reading:
    """A workspace as it was known on a day."""
    return read(Workspace(made.root, as_of=day))


def known(made: Workspace) -> dict[str, tuple[str, bool]]:
    """From which day each source counts, and whether that is the earliest it may be."""
    sources = read(made).knowledge.sources
    return {source: (str(each.day or ""), each.at_earliest) for source, each in sources.items()}


def ids(reading: Reading) -> set[str]:
    """The ids of the claims."""
    return set(reading.claims.claims.get_column("id"))


# ── when a source became known ──


def test_the_world_is_known_by_the_days_of_its_readme() -> None:
    """Each source of the world became known on the day that its README derives by hand."""
    readme = (WORLD / "README.md").read_text("utf-8")
    told = re.findall(r"^\| `([a-z-]+)` \| (\S+) \| (\S+) \|", readme, re.M)
    reading = read(Workspace(WORLD))
    found = [
        (source, str(each.day or "–"), ("at-least" if each.at_earliest else "exact") if each.day else "–")
        for source, each in reading.knowledge.sources.items()
    ]
    assert len(told) == 9
    assert sorted(told) == sorted(found)


@pytest.mark.parametrize(
    ("text", "day", "at_earliest"),
    [
        ("2031-03-04", "2031-03-04", False),
        ("2031-02", "2031-02-28", False),
        ("2031", "2031-12-31", False),
        ("2031-03/2031-04", "2031-04-30", False),
        ("../2031-02", "2031-02-28", False),
        ("2031-05/..", "2031-05-01", True),
        ("", "", False),
    ],
)
def test_a_source_is_known_from_its_last_day_or_else_its_first(
    workspace: Make, text: str, day: str, at_earliest: bool
) -> None:
    """The last day of publication counts; where it is open the first, at the earliest; without a date there is none."""
    found = [Row("river-post", "list/spring", "count", "40")]
    assert known(workspace(dated(found, {"river-post": text})))["river-post"] == (day, at_earliest)


@pytest.mark.parametrize(
    "row",
    [
        Row("river-post", "list/spring", "issued", "2031-06-03"),
        Row("river-post", "list/spring", "issued", "2031-06-03/2031-07"),
        Row("river-post", "list/spring", "issued", "2031-06-03", as_of="2030"),
        Row("river-post", "list/spring", "issued", "2031-06-03", stance="denies"),
        Row("river-post", "list/spring", "issued", "2031-06-03", review="proposed"),
        Row("river-post", "list/spring", "count", "40", as_of="2031-06-03/.."),
        Row("river-post", "list/spring", "count", "40", said="2031-06-03"),
        Row("river-post", "list/spring", "count", "40", via="coast-agency"),
        Row("river-post", "source/river-post", "cites", "source/coast-agency"),
        Row("river-post", "source/tern-herald", "cites", "source/coast-agency"),
    ],
    ids=lambda row: " ".join(filter(None, (row.property, row.as_of, row.said, row.via, row.stance, row.review))),
)
def test_what_a_source_tells_and_cites_moves_an_open_day(workspace: Make, row: Row) -> None:
    """A source that may have come out later did so when it tells of a later day; one with a last day stays there."""
    found = [row, Row("river-post", "list/spring", "count", "41", as_of="2031-01")]
    dates = {"coast-agency": "2031-06-03", "tern-herald": ""}
    for text in ("2031-02/..", ""):
        assert known(workspace(dated(found, {**dates, "river-post": text})))["river-post"] == ("2031-06-03", True)
    assert known(workspace(dated(found, {**dates, "river-post": "2031-05"})))["river-post"] == ("2031-05-31", False)


@pytest.mark.parametrize(
    "row",
    [
        Row("river-post", "list/spring", "issued", "../2031-06-03"),
        Row("river-post", "list/spring", "count", "40", as_of="../2031-06-03"),
        Row("river-post", "list/spring", "count", "40", said="../2031-06-03"),
        Row("river-post", "list/spring", "count", "40", via="lowgate-radio"),
        Row("river-post", "list/spring", "issued", "2031-06-03", review="rejected"),
        Row("tern-herald", "list/spring", "issued", "2031-06-03"),
        Row("tern-herald", "source/river-post", "cites", "source/coast-agency"),
    ],
    ids=lambda row: " ".join(filter(None, (row.source, row.property, row.as_of, row.said, row.via, row.review))),
)
def test_what_bounds_nothing_moves_no_day(workspace: Make, row: Row) -> None:
    """Days without a first one, rejected rows, undated sources and the words of others have no part in it."""
    found = [row, Row("river-post", "list/spring", "count", "41")]
    dates = {"coast-agency": "2031-06-03", "lowgate-radio": "", "river-post": "2031-02/..", "tern-herald": "2031"}
    assert known(workspace(dated(found, dates)))["river-post"] == ("2031-02-01", True)


def test_a_day_tells_what_it_rests_on(workspace: Make) -> None:
    """Each day has a reason: the publication, what is cited, or the claim that tells of it."""
    found = [
        Row("lowgate-radio", "list/spring", "count", "40", via="coast-agency"),
        Row("river-post", "list/spring", "count", "40"),
        Row("tern-herald", "list/spring", "issued", "2031-06-03"),
    ]
    dates = {"coast-agency": "2031-05-02", "lowgate-radio": "", "river-post": "2031-04", "tern-herald": "2031/.."}
    reading = read(workspace(dated(found, dates)))
    [told] = reading.claims.claims.filter(pl.col("source") == "tern-herald").get_column("id")
    assert {source: each.because for source, each in reading.knowledge.sources.items()} == {
        "coast-agency": "published 2031-05-02",
        "lowgate-radio": "retells or cites coast-agency, published 2031-05-02",
        "river-post": "published 2031-04",
        "tern-herald": f"tells of 2031-06-03 (claim/{told})",
    }


def naive(source: str, found: Sequence[Row], dates: Published) -> tuple[str, bool]:
    """From which day a source counts, row by row."""

    def first(text: str) -> str:
        bounds = time_span(text).bounds if text else None
        return bounds.low if bounds else ""

    bounds = time_span(dates[source]).bounds if dates[source] else None
    if bounds and bounds.high:
        return bounds.high, False
    days = [first(dates[source])]
    for row in found:
        if row.source == source and row.review != "rejected":
            days += [first(row.as_of), first(row.said), first(dates.get(row.via, ""))]
            if load().properties[row.property].literals == ("date",):
                days.append(first(literal(row.value, ("date",)).text))
    return max(days), bool(max(days))


@settings(max_examples=30)
@given(found=rows(), dates=published())
def test_days_are_those_found_row_by_row(workspace: Make, found: list[Row], dates: Published) -> None:
    """The frames give the day that a look at each row gives."""
    assert known(workspace(dated(found, dates))) == {source: naive(source, found, dates) for source in dates}


# ── what was known by a day ──


@settings(max_examples=20)
@given(data=st.data(), found=rows(), dates=published(), days=st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)))
def test_knowledge_only_grows(
    workspace: Make, data: st.DataObject, found: list[Row], dates: Published, days: tuple[date, date]
) -> None:
    """What was known on a day is known on every later one, and at the present."""
    made = workspace(dated(found, dates, data.draw(judged(found))))
    early, late, present = (by(made, day) for day in (min(days), max(days), None))
    assert ids(early) <= ids(late) <= ids(present)
    assert early.entities.by_id.keys() <= late.entities.by_id.keys() <= present.entities.by_id.keys()
    assert set(early.decisions) <= set(late.decisions) <= set(present.decisions)
    early_evidence, late_evidence = (set(each.claims.evidence.rows()) for each in (early, late))
    assert early_evidence <= late_evidence


@settings(max_examples=20)
@given(found=rows(), dates=published(), day=st.sampled_from(DAYS))
def test_a_day_holds_all_claims_of_the_sources_known_by_then(
    workspace: Make, found: list[Row], dates: Published, day: date
) -> None:
    """As of a day, the claims are those of the present, of the sources known by then, their own times untouched."""
    made = workspace(dated(found, dates))
    then, present = by(made, day), by(made, None)
    counted = [source for source in SOURCES if "" < naive(source, found, dates)[0] <= str(day)]
    assert then.claims.claims.equals(present.claims.claims.filter(pl.col("source").is_in(counted)))
    assert set(then.claims.evidence.get_column("id")) == ids(then)
    telling = {each.source for each in then.knowledge.counted}
    assert telling <= set(counted)
    assert then.claims.read == sum(row.source in telling for row in found)
    for contradiction in then.ledger.contradictions:
        assert set(contradiction.members) <= ids(then)


@settings(max_examples=30)
@given(data=st.data(), found=rows(), dates=published(), day=st.sampled_from(DAYS))
def test_later_sources_change_no_byte_of_an_earlier_day(
    workspace: Make, data: st.DataObject, found: list[Row], dates: Published, day: date
) -> None:
    """Before the later sources were added, with whatever only they name, the day was the same to the byte."""
    decisions = data.draw(judged(found))
    whole = by(workspace(dated(found, dates, decisions)), day)
    earlier = {each.source for each in whole.knowledge.counted}
    before = [row for row in found if row.source in earlier]
    cited = {row.via for row in before}
    made = dated(before, {source: text for source, text in dates.items() if source in earlier | cited}, decisions)
    for path, text in ENTITIES.items():
        if path != "data/sources.csv":
            head, *lines = text.splitlines(keepends=True)
            kept = [line for line in lines if f"{_word(path)}/{line.partition(',')[0]}" in whole.entities]
            made[path] = head + "".join(kept)
    alone = by(workspace(made), day)
    assert alone.dataset.nquads() == whole.dataset.nquads()
    assert alone.dataset.turtle() == whole.dataset.turtle()
    assert alone.claims.claims.equals(whole.claims.claims)


def _word(path: str) -> str:
    tables = {kind.table: kind.word for kind in load().kinds.values()}
    return tables[Path(path).stem]


@settings(max_examples=20)
@given(found=rows(), dates=published(), day=st.sampled_from(DAYS))
def test_entities_are_those_that_the_day_names(workspace: Make, found: list[Row], dates: Published, day: date) -> None:
    """An entity is there if a claim known by then names it, or the row of one that is there; no other is."""
    reading = by(workspace(dated(found, dates)), day)
    counted = {each.source for each in reading.knowledge.counted}
    named = {f"source/{source}" for source in counted}
    for row in found:
        if row.source in counted and row.review != "rejected":
            container, _, group = row.subject.partition("#")
            value = row.value if load().properties[row.property].classes else ""
            named |= {container, f"group/{group}", value, row.claimant, f"source/{row.via}"}
    named |= {"group/workers"} if "group/dock-workers" in named else set()
    assert set(reading.entities.by_id) == {key for key in named if key in by(reading.workspace, None).entities}


def test_days_change_no_time_for_which_claims_hold(workspace: Make) -> None:
    """What was known on one day about another is told with the time for which it was said."""
    found = [
        Row("river-post", "place/veldania#prisoners", "count", "40", as_of="2031-01"),
        Row("tern-herald", "place/veldania#prisoners", "count", "44", as_of="2031-01"),
    ]
    made = workspace(dated(found, {"river-post": "2031-02", "tern-herald": "2031-06"}))
    early, late = by(made, date(2031, 3, 1)), by(made, date(2031, 6, 30))
    assert early.claims.claims.select("value", "as_of", "from").rows() == [("40", "2031-01", "2031-01-01")]
    assert set(late.claims.claims.select("value", "as_of").rows()) == {("40", "2031-01"), ("44", "2031-01")}
    assert (len(early.ledger.contradictions), len(late.ledger.contradictions)) == (0, 1)
    assert {each.code for each in check(early).findings} == {"source-hash"}
    assert {each.code for each in check(late).findings} == {"source-hash", "contradiction"}


def test_what_is_wrong_in_the_rows_of_later_sources_is_not_told(workspace: Make) -> None:
    """Rows that were not there yet can have no fault."""
    found = [
        Row("river-post", "list/spring", "count", "40"),
        Row("river-post", "list/spring", "count", "many"),
        Row("tern-herald", "list/spring", "count", "41"),
        Row("tern-herald", "list/spring", "count", "lots"),
        Row("lowgate-radio", "list/spring", "count", "none"),
    ]
    made = workspace(dated(found, {"lowgate-radio": "2032", "river-post": "2031-02", "tern-herald": "2031-06"}))
    told = [each.place.file for each in by(made, date(2031, 3, 1)).findings]
    assert told == ["data/claims/river-post.csv"]
    assert len(by(made, date(2031, 6, 30)).findings) == 2
    assert len(by(made, None).findings) == 3


def test_that_a_list_is_complete_is_of_the_present(workspace: Make) -> None:
    """As of a day no list is marked complete, whether or not its names came later; at present it is."""
    found = [Row("river-post", "list/spring", "names", "person/ana-moor")]
    later = Row("tern-herald", "list/spring", "names", "person/jon-brask")
    then = []
    for told_of in (found, [*found, later]):
        made = dated(told_of, {"river-post": "2031-02", "tern-herald": "2031-06"})
        made["data/lists.csv"] = "id,name,complete\nspring,Spring list,yes\n"
        told = [by(workspace(made), day) for day in (date(2031, 3, 1), date(2031, 12, 31), None)]
        assert [each.entities.by_id["list/spring"].text("complete") for each in told] == ["", "", "true"]
        then.append(told[0].dataset.nquads())
    assert then[0] == then[1]


# ── decisions ──

TWO = [Row("river-post", "list/spring", "count", "40"), Row("tern-herald", "list/autumn", "count", "41")]
THEN = {"river-post": "2031-02", "tern-herald": "2031-04"}


@pytest.mark.parametrize(
    ("when", "first", "then"),
    [
        ("2031-05", "2031-05-31", True),
        ("2031-05", "2031-05-30", False),
        ("../2031-05", "2031-05-31", True),
        ("2031-05/..", "2039-05-31", False),
        ("2031-01", "2031-04-30", True),
    ],
)
def test_a_decision_counts_from_the_last_day_on_which_it_may_have_been_made(
    workspace: Make, when: str, first: str, then: bool
) -> None:
    """Two lists are one from the end of the month in which that was decided."""
    made = workspace(dated(TWO, THEN, f"same,list/spring,list/autumn,because,mk,{when}\n"))
    reading = by(made, date.fromisoformat(first))
    assert bool(reading.decisions) is then
    assert reading.identity.merged == (
        {"list/spring": "list/spring", "list/autumn": "list/spring"} if then else {}
    ) or (reading.identity.merged == {"list/autumn": "list/spring"})
    assert bool(reading.ledger.contradictions) is then
    assert len(by(made, None).decisions) == 1


def test_a_decision_on_claims_counts_when_all_of_them_do(workspace: Make) -> None:
    """A claim prevails over another only once both are known, however early the judgement is dated."""
    found = [Row("river-post", "list/spring", "count", "40"), Row("tern-herald", "list/spring", "count", "41")]
    claims = read(workspace(dated(found, THEN))).claims.claims.sort("source")
    first, second = (f"claim/{key}" for key in claims.get_column("id"))
    made = workspace(dated(found, THEN, f"settle,{first},{second},because,mk,2031-01\n"))
    early, late = by(made, date(2031, 3, 1)), by(made, date(2031, 4, 30))
    assert not early.decisions
    assert set(early.ledger.standing["standing"]) == {"uncontested"}
    assert set(late.ledger.standing["standing"]) == {"settled", "set-aside"}
    assert not [each for each in check(early).findings if "decision" in each.code]


def test_a_decision_on_entities_needs_one_that_is_known(workspace: Make) -> None:
    """Decisions lead from known entities to others, also to some that no claim names, and never start elsewhere."""
    chain = (
        "same,person/ana-moor,person/jon-brask,because,mk,2031-01\n"
        "same,list/old,list/autumn,because,mk,2031-01\n"
        "different,list/older,list/old,because,mk,2031-01\n"
    )
    made = dated(TWO, THEN, chain)
    made["data/lists.csv"] += "old,Old list,\nolder,Older list,\noldest,Oldest list,\n"
    early, late = by(workspace(made), date(2031, 3, 1)), by(workspace(made), date(2031, 4, 30))
    assert not early.decisions
    assert set(early.entities.by_id) == {"list/spring", "source/river-post"}
    assert [each.first for each in late.decisions] == ["list/older", "list/old"]
    assert set(late.entities.by_id) == set(early.entities.by_id) | {
        "list/autumn",
        "list/old",
        "list/older",
        "source/tern-herald",
    }


# ── what is told of it ──


def test_a_line_tells_what_counts_and_what_does_not() -> None:
    """The line names the sources left out with their days, some of many, and those that nothing dates."""
    sources = {
        f"radio-{number}": Known(f"radio-{number}", date(2031, 6, number), number % 2 == 1, "")
        for number in range(1, 8)
    }
    sources |= {each: Known(each, None, False, "") for each in ("leaflet", "poster", "wire")}
    knowledge = Knowledge(sources, frozenset(sources.keys() - {"wire"}), date(2031, 6, 1))
    assert note(knowledge.told()) == (
        "as of 2031-06-01: 1 of 9 sources, 1 of them at the earliest; left out: radio-2 (2031-06-02), "
        "radio-3 (2031-06-03 at the earliest), radio-4 (2031-06-04), radio-5 (2031-06-05 at the earliest), "
        "radio-6 (2031-06-06) and 1 more; left out because nothing dates them: leaflet, poster"
    )
    assert Knowledge(sources, frozenset(sources)).told() == {}


def test_the_graph_tells_when_a_source_was_known(workspace: Make) -> None:
    """Each source with a day has it in the graph of what is derived; as of a day, only the sources that count."""
    found = [Row("river-post", "list/spring", "count", "40", via="coast-agency")]
    made = workspace(dated(found, {"coast-agency": "2031-01-05", "river-post": "2031-02/..", "tern-herald": ""}))
    told = [line for line in by(made, None).dataset.nquads().decode().splitlines() if "graph/derived" in line]
    assert {line.split()[2] for line in told if "/available>" in line} == {
        '"2031-01-05"^^<http://www.w3.org/2001/XMLSchema#date>',
        '"2031-02-01"^^<http://www.w3.org/2001/XMLSchema#date>',
    }
    [inexact] = [line.split()[0] for line in told if line.split()[2].endswith("#at-least>")]
    assert inexact.endswith("source/river-post>")
    then = by(made, date(2031, 2, 1)).dataset.nquads().decode()
    [dated_then] = [line.split()[0] for line in then.splitlines() if "/available>" in line and "graph/derived" in line]
    assert dated_then.endswith("source/river-post>")
    assert "coast-agency> <http://purl.org/dc/terms/title>" in then


def test_sources_without_a_row_have_a_day_too(workspace: Make) -> None:
    """A source that is in no table is known by what it tells, so that the missing row is told when it counts."""
    made = workspace(dated([Row("tern-herald", "list/spring", "issued", "2031-05")], {}))
    found = when_known(read(made).entities, read(made).claims.claims)
    assert found["tern-herald"].day == date(2031, 5, 1)
    assert "unknown-entity" not in {each.code for each in check(by(made, date(2031, 4, 30))).findings}
    assert "unknown-entity" in {each.code for each in check(by(made, date(2031, 5, 1))).findings}

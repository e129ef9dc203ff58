"""Decisions: which two are one, and how claims go on under one id."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Make
from hypothesis import given
from hypothesis import strategies as st
from worlds.generated import Row, files

from kg.check import check
from kg.errors import Place
from kg.identity import Decision, identity, read_decisions
from kg.values import time_span
from kg.workspace import read

HEAD = "judgement,first,second,reason,by,when\n"


def decision(judgement: str, first: str, second: str) -> Decision:
    """A decision with whatever else belongs to one."""
    return Decision(judgement, first, second, "because", "mk", time_span("2031-05-10"), Place("data/decisions.csv", 2))


def test_a_table_of_decisions_is_read(tmp_path: Path) -> None:
    """Each row becomes a decision with its place, in an order of its own."""
    (tmp_path / "decisions.csv").write_text(
        HEAD + 'same,list/a,list/b,alike,mk,2031-05-10\ndifferent,person/a,person/b,"two, really",mk,2031\n', "utf-8"
    )
    found, faults = read_decisions(tmp_path)
    assert not faults
    assert [(each.judgement, each.place.line, each.reason) for each in found] == [
        ("different", 3, "two, really"),
        ("same", 2, "alike"),
    ]


def test_without_a_table_there_are_no_decisions(tmp_path: Path) -> None:
    """decisions.csv may be missing."""
    assert read_decisions(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("equal,list/a,list/b,alike,mk,2031", "unknown-word", "there is no judgement"),
        ("sane,list/a,list/b,alike,mk,2031", "unknown-word", "there is no judgement"),
        ("same,list/a,,alike,mk,2031", "missing-cell", "“second” is empty"),
        ("same,list/a,list/b,,mk,2031", "missing-cell", "“reason” is empty"),
        ("same,list/a,list/b,alike,,2031", "missing-cell", "“by” is empty"),
        ("same,list/a,list/b,alike,mk,", "missing-cell", "“when” is empty"),
        ("same,list/a,list/b,alike,mk,May 2031", "damaged-date", "May 2031"),
        ("same,claim/0123456789abcdef,list/b,alike,mk,2031", "bad-id", "is about entities"),
        ("settle,list/a,,alike,mk,2031", "bad-id", "is about claims"),
        ("same,list a,list/b,alike,mk,2031", "bad-id", "is no id"),
        ("same,list/a,person/b,alike,mk,2031", "bad-id", "two kinds"),
        ("same,source/a,source/b,alike,mk,2031", "bad-id", "known by its text"),
    ],
)
def test_a_faulty_decision_is_told_at_its_line(tmp_path: Path, row: str, code: str, words: str) -> None:
    """What cannot be a decision is a finding with a mend, and decides nothing."""
    (tmp_path / "decisions.csv").write_text(f"{HEAD}{row}\n", "utf-8")
    found, [fault] = read_decisions(tmp_path)
    assert not found
    assert (fault.code, str(fault.place)) == (code, "data/decisions.csv:2")
    assert words in fault.message
    assert fault.fix


@given(st.permutations(range(4)))
def test_rows_in_any_order_give_the_same_decisions(workspace: Make, order: list[int]) -> None:
    """Rows that differ in their reason, author or date only are in one order, too."""
    rows = ["alike,mk,2031", "alike,mk,2032", "alike,xy,2031", "equal,mk,2031"]
    text = HEAD + "".join(f"same,list/a,list/b,{rows[i]}\n" for i in order)
    found, _ = read_decisions(workspace({"data/decisions.csv": text}).root / "data")
    assert [f"{each.reason},{each.by},{each.when.text}" for each in found] == rows


def test_what_is_the_same_goes_on_under_the_first_id() -> None:
    """Chains lead to their end; tallies follow their list and their group; what is merely different stays."""
    one = identity(
        [
            decision("different", "person/a", "person/b"),
            decision("same", "group/nurses", "group/sisters"),
            decision("same", "list/a", "list/b"),
            decision("same", "list/b", "list/c"),
        ]
    )
    assert [one.of(key) for key in ("list/a", "list/b", "list/c", "list/d")] == ["list/a", "list/a", "list/a", "list/d"]
    assert one.of("list/c#sisters") == "list/a#nurses"
    assert one.of("place/x#sisters") == "place/x#nurses"
    assert one.of("person/b") == "person/b"


IDS = st.sampled_from([f"list/{letter}" for letter in "abcdef"])


@given(st.lists(st.tuples(IDS, IDS), max_size=8))
def test_what_is_joined_has_one_id_and_nothing_else_has_it(pairs: list[tuple[str, str]]) -> None:
    """Whatever is joined by `same`, in circles, too, goes on under one id of its own, and what is apart stays apart."""
    one = identity([decision("same", first, second) for first, second in pairs])
    groups = {key: {key} for key in (f"list/{letter}" for letter in "abcdef")}
    for first, second in pairs:
        joined = groups[first] | groups[second]
        groups |= dict.fromkeys(joined, joined)
    for key, group in groups.items():
        assert {one.of(other) for other in group} == {one.of(key)}
        assert one.of(key) in group


def test_claims_keep_their_ids_when_their_subject_goes_on_under_another(workspace: Make) -> None:
    """A decision changes what a claim is about, neither its id nor its place, and the row's own word is kept."""
    found = [
        Row("river-post", "list/autumn#dock-workers", "count", "12", claimant="person/jon-brask"),
        Row("river-post", "person/jon-brask", "heads", "organization/senate"),
    ]
    apart = read(workspace(files(found))).claims.claims
    same = [("same", "list/spring", "list/autumn"), ("same", "group/workers", "group/dock-workers")]
    same += [
        ("same", "person/ana-moor", "person/jon-brask"),
        ("same", "organization/harbour-watch", "organization/senate"),
    ]
    joined = read(workspace(files(found, same))).claims.claims
    assert joined["id"].to_list() == apart["id"].to_list()
    rows = {row["property"]: row for row in joined.iter_rows(named=True)}
    assert rows["count"]["subject"] == "list/spring#workers"
    assert rows["count"]["subject_local"] == "tally/list_spring_workers"
    assert rows["count"]["container"] == "list/spring"
    assert rows["count"]["claimant"] == "person/ana-moor"
    assert rows["heads"]["object"] == "organization/harbour-watch"
    assert sorted(joined["told"]) == ["list/autumn#dock-workers", "person/jon-brask"]


def test_a_text_that_looks_like_an_id_stays_a_text(workspace: Make) -> None:
    """Only entities go on under other ids, not words that spell one."""
    found = [Row("river-post", "person/ana-moor", "alias", "list/autumn")]
    reading = read(workspace(files(found, [("same", "list/spring", "list/autumn")])))
    assert reading.claims.claims["object"].to_list() == ["list/autumn"]


def test_an_entity_that_goes_on_under_another_id_is_a_mere_thing(workspace: Make) -> None:
    """The graph keeps its name and says which entity it is now; what identified it is not mixed in."""
    found = [Row("river-post", "list/autumn", "count", "40")]
    text = read(workspace(files(found, [("same", "list/spring", "list/autumn")]))).dataset.turtle().decode()
    assert 'list:autumn a owl:Thing ;\n\trdfs:label "Autumn list" ;\n\towl:sameAs list:spring .' in text
    assert "list:spring a kg:List" in text


@pytest.mark.parametrize(
    ("judged", "code"),
    [
        (("same", "list/spring", "list/nowhere"), "unknown-entity"),
        (("same", "list/spring", "list/spring"), "self-reference"),
        (("settle", "claim/0123456789abcdef", ""), "unknown-entity"),
        (("same", "voice/river-post-neighbours", "voice/tern-herald-lawyer"), "voice"),
    ],
)
def test_decisions_about_nothing_are_found(workspace: Make, judged: tuple[str, str, str], code: str) -> None:
    """A decision names things that are there, two of them, and never joins voices of two sources."""
    found = [
        Row("river-post", "list/spring", "count", "40", claimant="voice/river-post-neighbours"),
        Row("tern-herald", "list/autumn", "count", "40", claimant="voice/tern-herald-lawyer"),
    ]
    reading = read(workspace(files(found, [judged])))
    assert not reading.findings
    assert code in {each.code for each in check(reading).findings}

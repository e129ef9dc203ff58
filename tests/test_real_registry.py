"""The registry that the project ships: the claims of five reports, checked as they lie in data/."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
import rdflib

from kg.check import check, structure
from kg.errors import Finding
from kg.registry import build as build_registry
from kg.store import write_dataset
from kg.swap import fresh_build
from kg.workspace import Reading, Workspace, find_workspace, read

ROOT = Path(__file__).parent.parent
# The reports themselves are not part of the project; whoever has them names their folder, or lays them beside it.
TEXTS = Path(os.environ.get("KG_TEXTS") or ROOT.parent / "shared" / "sources")
SOURCES = {"free-press", "ihr-375", "increasing-288", "panarmenian-357", "surge-2024"}


@cache
def reading() -> Reading:
    """The registry as its tables tell it."""
    return read(find_workspace(ROOT), [TEXTS])


@cache
def findings() -> tuple[Finding, ...]:
    """All findings on it."""
    return check(reading()).findings


def claims(subject: str, word: str) -> pl.DataFrame:
    """The claims on a subject and a property, with how they stand."""
    found = reading().claims.claims.join(reading().ledger.standing, on="id")
    return found.filter((pl.col("subject") == subject) & (pl.col("property") == word))


def test_it_can_be_built() -> None:
    """Every row can be read, and nothing in the structure or the sense of the graph is a violation."""
    assert reading().sound
    assert not reading().findings
    assert not [each for each in structure(reading()).findings if each.severity == "violation"]
    assert not [each for each in findings() if each.severity == "violation"]


def test_it_holds_claims_of_all_five_reports() -> None:
    """Each report makes many claims, and nothing else makes any."""
    counts = Counter(reading().claims.claims.get_column("source"))
    assert counts.keys() == SOURCES
    assert min(counts.values()) > 50


def test_every_claim_has_evidence() -> None:
    """Each claim is quoted from at least one place, by short words of its own source."""
    evidence = reading().claims.evidence
    assert set(reading().claims.claims.get_column("id")) == set(evidence.get_column("id"))
    quotes = evidence.get_column("exact").drop_nulls()
    assert quotes.str.len_chars().max() <= 80  # type: ignore[operator]
    assert quotes.str.count_matches(r"\S+").max() < 15  # type: ignore[operator]


def test_every_quote_stands_in_its_report(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the reports are at hand every quote is found in its place; elsewhere nothing is said to be verified."""
    quotes = reading().claims.evidence.filter(pl.col("exact").is_not_null() & pl.col("start").is_not_null()).height
    assert quotes > 500
    if TEXTS.is_dir():
        assert reading().texts.keys() == SOURCES
        assert reading().verified == quotes
        for source, start, end, exact in reading().claims.evidence.select("source", "start", "end", "exact").rows():
            assert reading().texts[source][start:end] == exact
    else:
        assert reading().texts == {}
        assert reading().verified == 0
        with capsys.disabled():
            sys.stderr.write(f"\nthe reports are not at hand (KG_TEXTS): none of {quotes} quotes was verified\n")


def test_the_list_of_357_is_dated_twice() -> None:
    """One report dates it 12 December 2024, two date it 12 February 2025; told where one stands alone, and why."""
    [finding] = [each for each in findings() if each.code == "contradiction" and " issued " in each.message]
    assert finding.place.file == "data/claims/free-press.csv"
    assert "issued 2024-12-12; 2 other sources say 2025-02-12 (apart by 62 days)" in finding.message
    assert "rests on data/decisions.csv" in finding.message
    assert {each.file for each in finding.related} == {"data/claims/ihr-375.csv", "data/claims/panarmenian-357.csv"}
    assert set(claims("list/ufppa-2025-02", "issued")["standing"]) == {"contested"}


def test_the_dead_of_the_terter_case_are_counted_twice() -> None:
    """One report says 8 in its own voice and quotes 11."""
    told = claims("case/terter#deaths-in-custody", "count")
    assert dict(told.select("value", "claimant").iter_rows()) == {"8": "", "11": "organization/pace"}
    assert set(told["standing"]) == {"contested"}
    [finding] = [each for each in findings() if "case/terter#deaths-in-custody" in each.message]
    assert finding.code == "contradiction"
    assert finding.message.endswith("(apart by 3)")


def test_the_twelve_groups_of_june_2025_add_up() -> None:
    """The report counts as many groups as it says there are, they come to the total, and there is nothing to find."""
    lines = [each for each in reading().ledger.lines if each.list == "list/ufppa-2025-06"]
    assert [(each.kind, each.source) for each in lines] == [("groups", "ihr-375"), ("succession", "ihr-375")]
    assert [(each.counted, each.stated) for each in lines] == [(12, 12), (None, None)]
    assert [each.rest.text for each in lines if each.rest] == ["0", "0"]
    assert not [each for each in findings() if each.code.startswith("group-")]


def test_about_208_believers_contradict_nothing() -> None:
    """A number that is meant about leaves a rest between bounds and is uncontested."""
    [claim] = claims("list/ufppa-2024-03#believers", "count").to_dicts()
    assert (claim["value"], claim["precision"], claim["standing"]) == ("208", "about", "uncontested")
    assert (claim["low"], claim["high"]) == ("197.6", "218.4")


def test_more_than_300_contradicts_nothing() -> None:
    """More than 300 in June 2024 agrees with 303 then and 357 later."""
    more = claims("place/azerbaijan#political-prisoners", "count").filter(pl.col("precision") == "more-than")
    assert {"200", "300"} == set(more["value"])
    assert set(more["standing"]) == {"uncontested"}


def test_blanket_denials_touch_the_country_and_only_a_named_denial_a_list() -> None:
    """The government's denial touches numbers for the country; that of one report touches the list it speaks of."""
    told = {row["id"]: row for row in reading().claims.claims.iter_rows(named=True)}
    links = reading().ledger.links.filter(pl.col("link") == "deniedBy")
    pairs = {(told[one]["container"], told[other]["container"]) for one, other in links.select("id", "other").rows()}
    assert pairs == {("place/azerbaijan", "place/azerbaijan"), ("list/ufppa-2025-06", "list/ufppa-2025-06")}


def test_an_admission_is_told_with_its_day() -> None:
    """The prosecutor's admission of torture is an assertion with its day; no report tells that the office denied it."""
    told = claims("case/terter#victims-of-torture", "count")
    [admitted] = told.filter(pl.col("claimant").str.contains("prosecutor")).to_dicts()
    assert (admitted["stance"], admitted["said"], admitted["precision"]) == ("asserts", "2021-11-01", "at-least")
    assert admitted["id"] not in set(reading().ledger.links["id"])
    assert set(told["standing"]) == {"uncontested"}


def test_contradictions_are_few_and_all_told() -> None:
    """Each contradiction is one finding, and beside them only what does not add up is told."""
    codes = Counter(each.code for each in findings())
    assert codes == {"contradiction": 3, "pace": 1, "incomplete-groups": 1, "untold-changes": 1, "succession": 1}
    assert codes["contradiction"] == len(reading().ledger.contradictions)


def told(code: str) -> str:
    """The one finding of a code, in its words."""
    [finding] = [each for each in findings() if each.code == code]
    return finding.message


def test_a_contested_date_has_a_consequence() -> None:
    """If the list of 357 is of 12 December 2024, the country's number rose by 26 in two days."""
    assert "list/ufppa-2025-02 issued 2024-12-12: +26 in place/azerbaijan#political-prisoners in 2 days" in told("pace")
    assert "331 on 2024-12-10, 357 on 2024-12-12" in told("pace")


def test_net_and_gross_of_june_2024() -> None:
    """Sixteen more than 288 are not 303: 287 is implied, or one removal that nobody tells."""
    assert "288 + 16 = 304 ≠ 303" in told("succession")
    assert "list/ufppa-2024-03 held 287; or 1 removed, which nobody tells" in told("succession")
    assert "rests on data/decisions.csv:2: list/ufppa-288 is list/ufppa-2024-03" in told("succession")


def test_the_list_of_288_is_incomplete_and_not_wrong() -> None:
    """Three of seven groups are counted and four tell of a change; what is left is that of the other groups."""
    assert "288 − 20 − 22 − about 208 = about 38 (28 to 48) for 4 other groups" in told("incomplete-groups")
    assert "245 + 9 + 9 + 25 − 9 = 279 ≠ 288" in told("untold-changes")


def test_nothing_else_is_found_between_editions() -> None:
    """357 + 18 is 375, five Terter prisoners are not all eight, 26 and 4 per million go with six to seven times."""
    equations = [line.equation for line in reading().ledger.lines if line.list == "list/ufppa-2025-06"]
    assert "357 + 18 = 375" in equations
    messages = " ".join(each.message for each in findings())
    assert "perMillion" not in messages
    assert "timesPerCapita" not in messages
    assert "terter-case" not in messages


@pytest.mark.parametrize(
    ("day", "exact", "at_earliest"),
    [
        ("2024-06-25", set(), set()),
        ("2024-06-30", set(), {"increasing-288"}),
        ("2024-12-31", set(), {"increasing-288", "free-press"}),
        ("2025-01-31", set(), {"increasing-288", "free-press", "surge-2024"}),
        ("2025-06-29", set(), SOURCES - {"ihr-375"}),
        ("2025-06-30", {"ihr-375"}, SOURCES - {"ihr-375"}),
    ],
)
def test_the_reports_were_known_one_after_the_other(day: str, exact: set[str], at_earliest: set[str]) -> None:
    """As data/sources.csv dates them: one in June 2025, the others not before a day in what they tell."""
    then = read(Workspace(find_workspace(ROOT).root, as_of=date.fromisoformat(day)))
    assert {each.source for each in then.knowledge.counted if not each.at_earliest} == exact
    assert {each.source for each in then.knowledge.counted if each.at_earliest} == at_earliest
    assert set(then.claims.claims["source"]) == exact | at_earliest
    assert not [each for each in check(then).findings if each.severity == "violation"]


def test_the_double_date_was_not_known_before_it_was_told_twice() -> None:
    """In 2024 nobody contradicted the first date of the list of 357, nor was it decided yet that two lists are one."""
    then = read(Workspace(find_workspace(ROOT).root, as_of=date(2024, 12, 31)))
    assert [each.code for each in check(then).findings] == ["incomplete-groups", "untold-changes"]
    assert not then.ledger.contradictions
    assert not then.decisions
    assert "list/ufppa-357" in then.entities
    assert "list/ufppa-2025-02" not in then.entities


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry, built elsewhere than in the checkout."""
    target = tmp_path_factory.mktemp("real") / "build"
    with fresh_build(target) as folder:
        write_dataset(folder, reading().dataset, {})
    return target


def test_rdflib_reads_the_turtle(build: Path) -> None:
    """kg.ttl is read by rdflib as the same number of statements as by pyoxigraph, and answers without a prefix."""
    data = (build / "kg.ttl").read_bytes()
    graph = rdflib.Graph().parse(data=data, format="turtle")
    triples = set(ox.parse(data, format=ox.RdfFormat.TURTLE))
    assert len(graph) == len(triples) > 10_000
    question = "SELECT ?n { list:ufppa-2025-06 kg:count ?n }"
    assert [int(row.n) for row in graph.query(question)] == [375]  # type: ignore[union-attr]


def test_turtle_and_trig_hold_what_the_quads_hold(build: Path) -> None:
    """The three files of a build are one graph."""
    quads = set(ox.parse((build / "kg.nq").read_bytes(), format=ox.RdfFormat.N_QUADS))
    assert set(ox.parse((build / "kg.trig").read_bytes(), format=ox.RdfFormat.TRIG)) == quads
    triples = {quad.triple for quad in ox.parse((build / "kg.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)}
    assert triples == {quad.triple for quad in quads}


def test_both_engines_find_the_same() -> None:
    """The reference engine finds in the real registry what the fast one finds."""
    assert check(reading(), "reference").findings == findings()


def test_it_is_the_workspace_of_the_checkout(tmp_path: Path) -> None:
    """The registry is the workspace in which the project lies, under the base of its published IRIs."""
    assert find_workspace(ROOT) == Workspace(ROOT.resolve())
    shutil.copytree(ROOT / "data", tmp_path / "data")
    assert build_registry(tmp_path).entities.by_id.keys() == reading().entities.by_id.keys()

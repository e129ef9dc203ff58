"""What differs between two builds: changes of source, changes of program, and what follows from which."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from conftest import Golden, Make
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds.generated import Row, files, rows

from kg import registry
from kg.diff import Build, BuildDiff, compare_builds, diff_text
from kg.diff.builds_text import MOST
from kg.diff.changed import ADDED, CHANGED, REMOVED, ClaimChange
from kg.diff.derived import Cause, DerivedChange
from kg.errors import KgError
from kg.manifest import manifest
from kg.registry import rows_behind
from kg.trace import Rows
from kg.workspace import Reading, Workspace, read

HERE = Path(__file__).parent / "diff"
ROOT = Path(__file__).parent.parent
Decisions = Sequence[tuple[str, str, str]]
COUNT = Row("river-post", "list/spring", "count", "40")


def build_of(reading: Reading, label: str = "") -> Build:
    """What a build would hold, without writing it."""
    behind = rows_behind(reading)
    behind_rows = Rows(behind["claims"], behind["evidence"], behind["links"])
    return Build(label, manifest(reading), behind_rows, behind["entities"], behind["decisions"], behind["derived"])


def made(workspace: Make, found: Sequence[Row], decisions: Decisions = ()) -> Build:
    """What a build of some rows would hold."""
    return build_of(read(workspace(files(found, decisions))))


def compared(workspace: Make, before: Sequence[Row], after: Sequence[Row]) -> BuildDiff:
    """Two builds that differ in their rows."""
    return compare_builds(made(workspace, before), made(workspace, after))


def shape(change: ClaimChange) -> tuple[str, str, str]:
    """A change of a claim by its sort and its values."""
    return change.change, change.before.value if change.before else "", change.after.value if change.after else ""


def test_a_value_that_was_mended_is_one_change(workspace: Make) -> None:
    """A removed and an added claim of one source, subject and property are one that changed, with its columns."""
    diff = compared(workspace, [COUNT], [replace(COUNT, value="41", claimant="organization/senate")])
    [change] = diff.claims
    assert shape(change) == (CHANGED, "40", "41")
    assert {(cell.name, cell.before, cell.after) for cell in change.cells} == {
        ("value", "40", "41"),
        ("claimant", "", "organization/senate"),
    }
    assert change.after is not None
    assert change.after.passages[0].row == "data/claims/river-post.csv:2"


def test_the_nearest_claims_are_paired(workspace: Make) -> None:
    """Claims from the same place, then those that differ least, and of these the nearest values, are the same one."""
    before = [replace(COUNT, at="row=1", quote="x"), replace(COUNT, value="43", at="row=2", quote="y")]
    after = [
        replace(COUNT, value="42", at="row=2", quote="y"),
        replace(COUNT, value="41", at="row=9", quote="z"),
        replace(COUNT, value="10", at="row=8", quote="u"),
    ]
    assert set(map(shape, compared(workspace, before, after).claims)) == {
        (CHANGED, "43", "42"),
        (CHANGED, "40", "41"),
        (ADDED, "", "10"),
    }


def test_another_name_is_no_change_of_the_first(workspace: Make) -> None:
    """A name taken out and another put in from elsewhere in the source are two changes; from one place they are one."""
    ana = Row("river-post", "case/dock", "defendant", "person/ana-moor", at="row=1", quote="x")
    jon = replace(ana, value="person/jon-brask", at="row=2", quote="y")
    apart = compared(workspace, [ana], [jon])
    assert sorted(each.change for each in apart.claims) == [ADDED, REMOVED]
    [mended] = compared(workspace, [ana], [replace(jon, at="row=1", quote="x")]).claims
    assert shape(mended) == (CHANGED, "person/ana-moor", "person/jon-brask")


@pytest.mark.parametrize(
    ("column", "value"), [("at", "row=4"), ("quote", "forty"), ("review", "proposed"), ("note", "counted twice")]
)
def test_what_stands_beside_a_claim_changes_it(workspace: Make, column: str, value: str) -> None:
    """A claim that goes on under its id but moved, or was reviewed, is a change that names the column."""
    [change] = compared(workspace, [COUNT], [replace(COUNT, **{column: value})]).claims
    assert change.change == CHANGED
    assert [cell.name for cell in change.cells] == [column]
    assert change.before is not None
    assert change.before.claim == change.told.claim


def test_entities_and_decisions_are_compared_cell_by_cell(workspace: Make) -> None:
    """Rows of entities and decisions are added, removed or changed, and a change names its columns."""
    tables = {"data/people.csv": "id,name,aliases\nana-moor,Ana Moor,A. M. | Ana\nsam-oduya,Sam Oduya,\n"}
    same = [("same", "list/spring", "list/autumn")]
    before = build_of(read(workspace(files([COUNT]))))
    after = build_of(read(workspace({**files([COUNT], same), **tables})))
    diff = compare_builds(before, after)
    assert [(each.change, each.key) for each in diff.entities] == [
        (CHANGED, "person/ana-moor"),
        (REMOVED, "person/jon-brask"),
        (ADDED, "person/sam-oduya"),
    ]
    [cell] = diff.entities[0].cells
    assert (cell.name, cell.before, cell.after) == ("aliases", "", "A. M. | Ana")
    [decision] = diff.decisions
    assert (decision.change, decision.name) == (ADDED, "same list/spring list/autumn")
    assert decision.row == "data/decisions.csv:2"


def test_the_order_in_a_cell_is_no_change(workspace: Make) -> None:
    """Aliases in another order are the same aliases."""
    tables = [{"data/people.csv": f"id,name,aliases\nana-moor,Ana,{cell}\n"} for cell in ("A | B", "B | A")]
    builds = [build_of(read(workspace({**files([]), **each}))) for each in tables]
    assert compare_builds(*builds).entities == ()


def causes(diff: BuildDiff) -> set[tuple[str, Cause]]:
    """What is derived and differs, by its kind and its cause."""
    return {(each.kind, each.cause) for each in diff.derived}


RIVAL = Row("tern-herald", "list/spring", "count", "41")
PUBLISHERS = [
    Row("river-post", "list/spring", "publisher", "organization/senate"),
    Row("tern-herald", "list/spring", "publisher", "organization/harbour-watch"),
]
# A workspace's own term, by which two publishers of one list exclude each other.
Version = Callable[[str], None]
OWN = """@prefix kg: <https://w3id.org/kg-registry/ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .
dcterms:publisher kg:functionalAlways kg:List .
"""


def test_a_contradiction_follows_from_the_claim_that_came(workspace: Make) -> None:
    """Where a rival claim is added, the contradiction and the standing of the other follow from the source."""
    diff = compared(workspace, [COUNT], [COUNT, RIVAL])
    assert causes(diff) == {("contradiction", Cause.SOURCE), ("standing", Cause.SOURCE)}
    [standing] = [each for each in diff.derived if each.kind == "standing"]
    assert (standing.about, standing.before, standing.after) == ("list/spring count", "uncontested", "contested")
    assert diff.of_source
    assert not diff.of_program


def test_a_contradiction_with_a_claim_more_goes_on(workspace: Make) -> None:
    """A third rival changes the contradiction, and is no end of it and no beginning of another."""
    diff = compared(workspace, [COUNT, RIVAL], [COUNT, RIVAL, replace(RIVAL, source="lowgate-radio", value="43")])
    [found] = [each for each in diff.derived if each.kind == "contradiction"]
    assert (found.change, found.about) == (CHANGED, "list/spring count")
    assert ("2 claims" in found.before, "3 claims" in found.after) == (True, True)


def test_what_the_ontology_changes_is_a_change_of_program(workspace: Make, another_version: Version) -> None:
    """With equal rows a new rule of the ontology is a change of program, and so is all that follows from it."""
    before = build_of(read(workspace(files(PUBLISHERS))))
    another_version(OWN)
    after = build_of(read(workspace(files(PUBLISHERS))))
    diff = compare_builds(before, after)
    assert not diff.of_source
    assert [cell.name for cell in diff.ontology] == ["ontology/own.ttl"]
    assert causes(diff) == {("contradiction", Cause.PROGRAM), ("standing", Cause.PROGRAM)}


def test_where_rows_and_program_differ_it_may_be_either(workspace: Make, another_version: Version) -> None:
    """What rests on rows that differ may be of either; what rests on rows that do not is of the program."""
    before = build_of(read(workspace(files([*PUBLISHERS, COUNT]))))
    another_version(OWN)
    after = build_of(read(workspace(files([*PUBLISHERS, COUNT, RIVAL]))))
    found = {(each.about, each.cause) for each in compare_builds(before, after).derived}
    assert found == {("list/spring publisher", Cause.PROGRAM), ("list/spring count", Cause.EITHER)}


def test_a_program_that_derives_something_else_is_told(workspace: Make) -> None:
    """Where neither rows nor manifests differ, what is derived can only have changed with the program."""
    build = made(workspace, [COUNT, RIVAL])
    claims = build.rows.claims.with_columns(standing=pl.lit("uncontested"), high=pl.lit("50"))
    other = replace(build, rows=replace(build.rows, claims=claims), derived=build.derived.clear())  # type: ignore[union-attr]
    diff = compare_builds(build, other)
    assert not diff.of_source
    assert not diff.of_program
    assert {cause for _, cause in causes(diff)} == {Cause.PROGRAM}
    assert {kind for kind, _ in causes(diff)} >= {"standing", "reading", "contradiction"}
    assert "the program derives" in diff_text(diff, read(workspace(files([]))).entities, "table")


def test_versions_and_shapes_are_changes_of_program(workspace: Make) -> None:
    """Other versions of program or libraries, and other shapes, are told as changes of program."""
    build = made(workspace, [COUNT])
    newer = {**build.manifest, "versions": {**build.manifest["versions"], "kg": "9.0"}}
    newer["inputs"] = {**newer["inputs"], "shapes/own/shape.ttl": "1f"}
    diff = compare_builds(build, replace(build, manifest=newer))
    assert [(cell.name, cell.after) for cell in diff.versions] == [("kg", "9.0")]
    assert [(cell.name, cell.before) for cell in diff.shapes] == [("shapes/own/shape.ttl", "")]
    assert (diff.of_source, diff.of_program, diff.derived) == (False, True, ())


def test_a_broader_group_touches_the_sums(workspace: Make) -> None:
    """A row of a group that changes what is added up is a change of source, and the ledger follows from it."""
    found = [COUNT, replace(COUNT, subject="list/spring#students"), replace(COUNT, subject="list/spring#workers")]
    before = read(workspace(files(found)))
    tables = files(found)
    tables["data/groups.csv"] = tables["data/groups.csv"].replace(
        "students,Students,", "students,Students,group/workers"
    )
    diff = compare_builds(build_of(before), build_of(read(workspace(tables))))
    assert [each.key for each in diff.entities] == ["group/students"]
    assert {each.cause for each in diff.derived if each.kind == "ledger"} == {Cause.SOURCE}


def test_what_an_older_program_did_not_write_is_not_compared(workspace: Make) -> None:
    """A build without rows of entities, decisions or the ledger is compared by its claims, and that is told."""
    build = made(workspace, [COUNT])
    older = replace(build, label="old", entities=None, decisions=None, derived=None)
    diff = compare_builds(older, build)
    assert diff.unknown == ("entities of old", "decisions of old", "ledger of old")
    assert diff.entities == ()
    assert "Not compared: entities of old" in diff_text(diff, read(workspace(files([]))).entities, "table")


def test_page_csv_and_json(workspace: Make, golden: Golden, another_version: Version) -> None:
    """A comparison of two builds as it is shown, and as tables and JSON have it."""
    before = build_of(read(workspace(files([COUNT, *PUBLISHERS]))), "release-1")
    rows_after = [replace(COUNT, value="43", at="row=7", quote="x"), RIVAL, *PUBLISHERS]
    same = [("same", "list/spring", "list/autumn")]
    another_version(OWN)
    after = read(workspace(files(rows_after, same)))
    diff = compare_builds(before, build_of(after, "build"))
    golden(HERE / "builds.txt", diff_text(diff, after.entities, "table"))
    text = diff_text(diff, after.entities, "csv")
    golden(HERE / "builds.csv", text)
    assert {each["section"] for each in csv.DictReader(io.StringIO(text))} >= {"source", "program"}
    assert json.loads(diff_text(diff, after.entities, "json"))["first"] == "release-1"


def test_a_long_page_says_how_much_it_leaves_out(workspace: Make) -> None:
    """Of very many changes a page shows some, and says where all of them are."""
    found = [replace(COUNT, value=str(number), at=f"row={number}") for number in range(1, MOST + 11)]
    diff = compared(workspace, [], found)
    text = diff_text(diff, read(workspace(files([]))).entities, "table")
    assert "… and 10 more; --format csv has all of them" in text
    assert len(list(csv.DictReader(io.StringIO(diff_text(diff, read(workspace(files([]))).entities, "csv"))))) > MOST


JUDGED = st.lists(
    st.sampled_from(
        (
            ("same", "list/spring", "list/autumn"),
            ("same", "group/workers", "group/students"),
            ("same", "organization/senate", "organization/harbour-watch"),
            ("different", "person/ana-moor", "person/jon-brask"),
        )
    ),
    unique=True,
    max_size=2,
)
BUILT = st.tuples(rows(8), JUDGED)


def turned(each: ClaimChange) -> tuple[str, str, str]:
    """A change of a claim seen from the other side."""
    was, now = (side.claim if side else "" for side in (each.after, each.before))
    return {ADDED: REMOVED, REMOVED: ADDED}.get(each.change, each.change), was, now


def turned_derived(each: DerivedChange) -> DerivedChange:
    """A derived difference seen from the other side; a contradiction goes by the name that it has now."""
    change = {ADDED: REMOVED, REMOVED: ADDED}.get(each.change, each.change)
    return replace(each, change=change, before=each.after, after=each.before, key="", about="")


@settings(max_examples=40)
@given(BUILT, BUILT)
def test_the_other_way_round_it_is_the_mirror_image(
    workspace: Make, one: tuple[list[Row], Decisions], other: tuple[list[Row], Decisions]
) -> None:
    """What is added one way is removed the other way, and what changed has its sides changed."""
    first, second = (made(workspace, *each) for each in (one, other))
    there, back = compare_builds(first, second), compare_builds(second, first)
    sides = {(c.change, c.before.claim if c.before else "", c.after.claim if c.after else "") for c in back.claims}
    assert sides == set(map(turned, there.claims))
    assert {turned_derived(each) for each in there.derived} == {
        replace(each, key="", about="") for each in back.derived
    }
    assert [each.key for each in there.entities] == [each.key for each in back.entities]


@settings(max_examples=40)
@given(BUILT, BUILT)
def test_every_claim_is_accounted_for_and_nothing_is_blamed_on_the_program(
    workspace: Make, one: tuple[list[Row], Decisions], other: tuple[list[Row], Decisions]
) -> None:
    """Of one program, each claim that only one build has is told once, and all that follows follows from the source."""
    first, second = (made(workspace, *each) for each in (one, other))
    diff = compare_builds(first, second)
    ids = [set(each.rows.claims.get_column("id")) for each in (first, second)]
    gone = [
        each.before.claim
        for each in diff.claims
        if each.before and (not each.after or each.after.claim != each.before.claim)
    ]
    come = [
        each.after.claim
        for each in diff.claims
        if each.after and (not each.before or each.after.claim != each.before.claim)
    ]
    assert sorted(gone) == sorted(f"claim/{key}" for key in ids[0] - ids[1])
    assert sorted(come) == sorted(f"claim/{key}" for key in ids[1] - ids[0])
    assert {each.cause for each in diff.derived} <= {Cause.SOURCE}


@settings(max_examples=25)
@given(BUILT, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_no_difference(
    workspace: Make, found: tuple[list[Row], Decisions], random: st.Random
) -> None:
    """A build of shuffled rows differs in nothing."""
    plain = [replace(each, note="") for each in found[0]]
    diff = compare_builds(made(workspace, plain, found[1]), made(workspace, random.sample(plain, len(plain)), found[1]))
    assert diff.empty
    assert diff_text(diff, read(workspace(files([]))).entities, "table").splitlines()[1] == "Nothing differs."


@pytest.mark.parametrize("source", ["free-press", "ihr-375", "increasing-288", "panarmenian-357", "surge-2024"])
def test_without_a_report_all_that_follows_follows_from_the_source(source: str, tmp_path: Path) -> None:
    """Whatever the real registry derives no more when one report is gone is a consequence of the source."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / f"data/claims/{source}.csv").unlink()
    diff = compare_builds(build_of(read(Workspace(ROOT))), build_of(read(Workspace(tmp_path))))
    assert {each.told.source for each in diff.claims} == {f"source/{source}"}
    assert {each.change for each in diff.claims} == {REMOVED}
    assert diff.derived
    assert {each.cause for each in diff.derived} == {Cause.SOURCE}


def test_folders_of_builds_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of a build is a release with which the current one is compared."""
    shutil.copytree(HERE / "harbour", tmp_path / "harbour")
    built = registry.build(tmp_path / "harbour")
    shutil.copytree(built.workspace.build, tmp_path / "release")
    monkeypatch.chdir(tmp_path)
    same = built.diff("release", "build")
    assert isinstance(same, BuildDiff)
    assert same.empty
    post = tmp_path / "harbour/data/claims/river-post.csv"
    post.write_text(post.read_text("utf-8").replace("count,38", "count,37"), "utf-8")
    diff = registry.build(tmp_path / "harbour").diff("release", "build")
    assert isinstance(diff, BuildDiff)
    assert list(map(shape, diff.claims)) == [(CHANGED, "38", "37")]
    assert [cell.name for cell in diff.files] == ["data/claims/river-post.csv"]
    with pytest.raises(KgError, match="neither a day nor a build"):
        built.diff("release", "no-such-folder")


def test_two_days_are_compared_by_what_was_known(tmp_path: Path) -> None:
    """From one day to another the claims of the sources that became known are added, and nothing else differs."""
    shutil.copytree(HERE / "harbour", tmp_path, dirs_exist_ok=True)
    built = registry.build(tmp_path)
    diff = built.diff("2031-05-10", "2031-06")
    assert isinstance(diff, BuildDiff)
    assert [cell.name for cell in diff.known] == ["lowgate-radio"]
    assert {(each.change, each.told.source) for each in diff.claims} == {(ADDED, "source/lowgate-radio")}
    assert [(each.change, each.name.partition(" ")[0]) for each in diff.decisions] == [
        (ADDED, "different"),
        (ADDED, "same"),
    ]
    assert not diff.of_program
    assert {each.not_known_by for each in (*diff.claims, *diff.entities, *diff.decisions)} == {"2031-05-10"}
    assert {each.cause for each in diff.derived} == {Cause.DAY}
    assert (diff.of_day, diff.of_source) == (True, False)
    back = built.diff("2031-06", "2031-05-10")
    assert isinstance(back, BuildDiff)
    assert {(each.change, each.not_known_by) for each in back.claims} == {(REMOVED, "2031-05-10")}
    assert not back.of_source
    same = built.diff("2031-06-01", "2031-06-30")
    assert isinstance(same, BuildDiff)
    assert not same.claims
    text = diff_text(diff, built.entities, "table")
    assert "lowgate-radio: known from 2031-05-31: published 2031-05" in text

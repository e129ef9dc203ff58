"""What differs between two lists: names, totals, groups, what is said of the change, and how far they overlap."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from conftest import Golden, Make
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds.generated import NUMBERS, Row, files, row

from kg import registry
from kg.diff import ListDiff, Lists, compare_lists, diff_text
from kg.diff.numbers import Figure, Range, grown, possible
from kg.diff.people import Change, State
from kg.errors import KgError
from kg.registry import Registry, rows_behind
from kg.trace import Rows
from kg.workspace import Reading, find_workspace, read

HERE = Path(__file__).parent / "diff"
ROOT = Path(__file__).parent.parent
WINTER, SPRING, AUTUMN = (f"list/harbour-{each}" for each in ("2030-winter", "2031-spring", "2030-autumn"))
ROLL, REGISTER = "list/court-roll", "list/prison-register"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Lists of the Harbour Watch, and two registers with all their names, built."""
    folder = tmp_path_factory.mktemp("harbour")
    shutil.copytree(HERE / "harbour", folder, dirs_exist_ok=True)
    return registry.build(folder)


def lists(reading: Reading) -> Lists:
    """What lists are compared by, without writing a build."""
    behind = rows_behind(reading)
    rows = Rows(behind["claims"], behind["evidence"], behind["links"])
    return Lists(rows, reading.entities, reading.identity, reading.decisions)


def compared(built: Registry, first: str, second: str) -> ListDiff:
    """Two lists side by side."""
    found = built.diff(first, second)
    assert isinstance(found, ListDiff)
    return found


def states(diff: ListDiff) -> dict[str, tuple[State, State]]:
    """How everybody stands to the two lists, by the slug of the person."""
    return {each.person.partition("/")[2]: (each.first.state, each.second.state) for each in diff.people}


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("one-after-the-other", WINTER, SPRING),
        ("an-edition-between", SPRING, AUTUMN),
        ("all-names-given", ROLL, REGISTER),
        ("of-two-publishers", "List of 41", "court roll"),
        ("one-list", "list of the spring", "list/harbour-41"),
    ],
)
def test_page(name: str, first: str, second: str, harbour: Registry, golden: Golden) -> None:
    """What a terminal shows of two lists is what the golden file holds."""
    golden(HERE / f"{name}.txt", diff_text(compared(harbour, first, second), harbour.entities, "table"))


def test_a_narrow_page_holds_its_width(harbour: Registry, golden: Golden) -> None:
    """On a narrow terminal no line is wider than it, and the columns of groups stand below each other."""
    text = diff_text(compared(harbour, WINTER, SPRING), harbour.entities, "table", 60)
    assert max(map(len, text.splitlines())) <= 60
    golden(HERE / "narrow.txt", text)


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("february-and-june-2025", "list/ufppa-2025-02", "list/ufppa-2025-06"),
        ("december-2024-and-june-2025", "List of December 2024", "list/ufppa-2025-06"),
        ("december-2023-and-march-2024", "list/ufppa-2023-12", "list/ufppa-288"),
    ],
)
def test_page_of_the_five_reports(name: str, first: str, second: str, golden: Golden) -> None:
    """What the five reports tell of two editions is what was read in them by hand."""
    reading = read(find_workspace(ROOT))
    golden(
        HERE / "five-reports" / f"{name}.txt",
        diff_text(compare_lists(lists(reading), first, second), reading.entities, "table"),
    )


def test_who_is_named_on_one_list_and_what_is_known_of_them_on_another(harbour: Registry) -> None:
    """A name is on a list, said to be off it, both, or not known; only a list with all names tells of absence."""
    assert states(compared(harbour, WINTER, SPRING)) == {
        "ana-moor": (State.NAMED, State.NAMED),
        "jon-brask": (State.UNKNOWN, State.NAMED),
        "mira-tal": (State.UNKNOWN, State.NAMED),
        "ole-finn": (State.UNKNOWN, State.DISPUTED),
        "petra-lund": (State.NAMED, State.NAMED),
        "sam-oduya": (State.NAMED, State.UNKNOWN),
    }
    assert states(compared(harbour, SPRING, ROLL))["petra-lund"] == (State.NAMED, State.ABSENT)


def test_added_removed_and_kept_are_told_apart(harbour: Registry) -> None:
    """New names are those of the later edition and of editions between, kept those named on both, unless disputed."""
    changes = {each.person: each.change for each in compared(harbour, AUTUMN, SPRING).people}
    assert changes["person/petra-lund"] is Change.ADDED
    assert changes["person/ole-finn"] is Change.DISPUTED
    assert changes["person/ana-moor"] is Change.KEPT
    assert changes["person/sam-oduya"] is None


def test_a_name_leads_to_its_words_and_its_row(harbour: Registry) -> None:
    """Each name has the claims behind it with source, quote, file and line, and the groups it stands in."""
    [ana] = [each for each in compared(harbour, WINTER, SPRING).people if each.person == "person/ana-moor"]
    [claim] = ana.second.claims
    assert ana.second.groups == ("group/teachers",)
    assert (claim.source, claim.passages[0].quote) == ("source/river-post", "the teacher Ana Moor is still there")
    assert claim.passages[0].row == "data/claims/river-post.csv:12"


def test_what_is_proposed_counts_for_nothing(harbour: Registry) -> None:
    """A claim that review has not accepted names nobody."""
    assert states(compared(harbour, WINTER, SPRING))["mira-tal"] == (State.UNKNOWN, State.NAMED)


def test_what_is_said_of_a_change_stands_beside_the_names(harbour: Registry) -> None:
    """Four are said to be added, two of them are named; one of the two in a group."""
    [step] = compared(harbour, WINTER, SPRING).steps
    told = {(each.property, each.group): (str(each.figure.range), each.named) for each in step.told}
    assert told["added", ""] == ("4", ("person/jon-brask", "person/mira-tal"))
    assert told["added", "group/dock-workers"] == ("2", ("person/mira-tal",))
    assert told["removed", ""] == ("1", ("person/ole-finn",))
    assert [each.value for each in step.reasons] == ["term served"]


def test_a_contested_total_is_shown_with_both_sides(harbour: Registry) -> None:
    """Two totals are both shown, and the change is told as what it may be."""
    diff = compared(harbour, WINTER, SPRING)
    assert {(each.value, each.standing) for each in diff.second.total.holding} == {
        ("40", "contested"),
        ("41", "contested"),
    }
    assert diff.growth == Range(2, 3)
    assert [each.claimant for each in diff.second.total.claims if each.stance == "denies"] == ["organization/senate"]


def test_a_group_on_one_list_only_is_not_nothing(harbour: Registry) -> None:
    """A group of which a list tells nothing has no number there and no change."""
    groups = {each.group.partition("/")[2]: each for each in compared(harbour, WINTER, SPRING).groups}
    assert groups["students"].second is None
    assert groups["students"].growth is None
    assert groups["workers"].first is not None
    assert groups["workers"].first.count.range == Range()
    assert groups["dock-workers"].broader == ("group/workers",)
    assert groups["soldiers"].second is not None
    assert groups["soldiers"].second.excluded


def test_two_lists_with_all_their_names_overlap_exactly(harbour: Registry) -> None:
    """Where every name of both lists is given, the overlap is known."""
    assert compared(harbour, ROLL, REGISTER).overlap.range == Range(1, 1)


def test_the_numbers_of_a_change_are_implied_and_no_claim(harbour: Registry) -> None:
    """What would follow if only what is told had changed is kept apart from what must be."""
    overlap = compared(harbour, WINTER, SPRING).overlap
    assert overlap.range == Range(2, 37)
    assert {each.property: each.range for each in overlap.implied} == {"added": Range(36, 37), "removed": Range(37, 37)}
    assert not compared(harbour, AUTUMN, SPRING).overlap.implied


def test_lists_are_compared_as_they_were_known(harbour: Registry) -> None:
    """As of a day before the radio spoke and the curator judged, nobody contests the total."""
    known = registry.open(harbour.workspace.root, as_of=date(2031, 5, 10))
    diff = compared(known, WINTER, SPRING)
    assert (diff.growth, diff.rulings) == (Range(3, 3), ())
    assert {each.source for each in diff.second.total.claims} == {"source/river-post"}


def test_decisions_that_join_lists_are_told(harbour: Registry) -> None:
    """A list known under two ids is compared as one, and the decision is named with its row."""
    [ruling] = compared(harbour, WINTER, "list/harbour-41").rulings
    assert (ruling.kept, ruling.other, ruling.row) == (SPRING, "list/harbour-41", "data/decisions.csv:2")


def test_a_list_compared_with_itself_has_no_change(harbour: Registry) -> None:
    """Of one list there is nothing to compare."""
    diff = compared(harbour, SPRING, "list/harbour-41")
    assert diff.same
    assert not diff.steps
    assert diff.growth == Range(0, 0)
    assert all(one == other for one, other in states(diff).values())


@pytest.mark.parametrize("key", ["list/harbour-2032", "Spring lists", "person/ana-moor", "Ana Moor", "", "harbour-41"])
def test_what_is_no_list_is_told(harbour: Registry, key: str) -> None:
    """An unknown list, or something else, is an error that says how to name one."""
    with pytest.raises(KgError) as error:
        harbour.diff(WINTER, key)
    assert error.value.fix


def test_a_name_of_two_lists_asks_which(workspace: Make) -> None:
    """A name that several lists bear is not guessed at."""
    tables = {"data/lists.csv": "id,name\nautumn,The list\nspring,The list\n"}
    built = registry.build(workspace({**files([]), **tables}).root)
    with pytest.raises(KgError, match="several lists") as error:
        built.diff("the list", "list/spring")
    assert "list/autumn, list/spring" in error.value.fix


def test_a_list_and_a_build_are_not_compared(harbour: Registry) -> None:
    """A list is compared with a list only."""
    with pytest.raises(KgError, match="neither a day nor a build"):
        harbour.diff("build", SPRING)


def test_csv_has_a_row_for_each_claim(harbour: Registry) -> None:
    """The CSV holds every claim with its quote and row, and people of whom nothing is known on one side."""
    diff = compared(harbour, WINTER, SPRING)
    rows = list(csv.DictReader(io.StringIO(diff_text(diff, harbour.entities, "csv"))))
    assert {each["section"] for each in rows} == {"total", "date", "publisher", "change", "person", "overlap", "group"}
    [sam, denied] = [each for each in rows if each["key"] == "person/sam-oduya"]
    assert (sam["first"], sam["second"], sam["row"]) == ("named", "not known", "data/claims/river-post.csv:20")
    assert (denied["stance"], denied["list"]) == ("denies", SPRING)
    assert [each["change"] for each in rows if each["section"] == "overlap"] == [
        "at least 2",
        "at most 37",
        "at most 37",
    ]


def test_json_has_every_part(harbour: Registry) -> None:
    """The JSON has the fields of the comparison."""
    diff = compared(harbour, WINTER, SPRING)
    found = json.loads(diff_text(diff, harbour.entities, "json"))
    assert found.keys() == {each.name for each in fields(diff)}
    assert found["overlap"]["range"] == {"low": 2, "high": 37}


def test_hostile_text_cannot_draw_on_the_terminal(workspace: Make) -> None:
    """Marks that disturb a terminal are shown by number, wherever they stand."""
    found = [Row("river-post", "list/spring", "count", "40", quote="it\u202e is \x1b[31m", note="\u2066x\ny")]
    reading = read(workspace(files(found)))
    text = diff_text(compare_lists(lists(reading), "list/autumn", "list/spring"), reading.entities, "table")
    assert "‹202E›" in text
    assert not set(text) & set("\u202e\u2066\x1b")


def test_numbers_that_agree_narrow_each_other() -> None:
    """What can all be true is taken together; what excludes each other leaves both possible."""
    tell = Figure()
    assert possible([]) == Range()
    assert str(possible([(None, None)])) == "not known"
    assert grown(None, tell, tell) == ""
    assert str(Range(None, 5).less(Range(2, 3))) == "at most 3"


TOPICS = (
    *((f"list/{each}", "count", NUMBERS, True) for each in ("autumn", "spring")),
    *((f"list/{each}#workers", "count", NUMBERS, True) for each in ("autumn", "spring")),
    *((f"list/{each}#dock-workers", "count", NUMBERS, True) for each in ("autumn", "spring")),
    *(
        (f"list/{each}{group}", word, ("person/ana-moor", "person/jon-brask"), False)
        for each in ("autumn", "spring")
        for group in ("", "#workers")
        for word in ("names", "newName", "removedName")
    ),
    *((f"list/{each}", word, ("1", "2", "3"), True) for each in ("autumn", "spring") for word in ("added", "removed")),
    ("list/spring", "follows", ("list/autumn",), False),
    ("list/autumn", "issued", ("2030", "2031-02"), False),
)
SEVERAL = st.lists(row(TOPICS), max_size=14)


def told(rows: Sequence[Row], workspace: Make) -> Lists:
    """The lists that some rows tell of."""
    return lists(read(workspace(files(rows))))


def mirrored(diff: ListDiff) -> ListDiff:
    """A comparison with its sides changed, as it would be from the other side."""

    def turned(growth: Range | None) -> Range | None:
        if growth is None:
            return None
        low, high = (None if each is None else -each for each in (growth.high, growth.low))
        return Range(low, high)

    def swapped(each: object) -> object:
        assert is_dataclass(each)
        extra = {"growth": turned(each.growth)} if hasattr(each, "growth") else {}
        return replace(each, first=each.second, second=each.first, **extra)  # type: ignore[attr-defined, type-var]

    sides = diff.overlap.sizes
    return replace(
        swapped(diff),  # type: ignore[type-var]
        groups=tuple(map(swapped, diff.groups)),
        people=tuple(map(swapped, diff.people)),
        overlap=replace(diff.overlap, sizes=sides[::-1]),
    )


@settings(max_examples=40)
@given(SEVERAL)
def test_the_other_way_round_it_is_the_mirror_image(workspace: Make, found: list[Row]) -> None:
    """Comparing B with A tells what comparing A with B does, with the sides changed."""
    material = told(found, workspace)
    one = compare_lists(material, "list/autumn", "list/spring")
    assert compare_lists(material, "list/spring", "list/autumn") == mirrored(one)


@settings(max_examples=30)
@given(SEVERAL, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(workspace: Make, found: list[Row], random: st.Random) -> None:
    """Shuffled rows compare alike in every format, but for the lines in which they stand."""
    pages = []
    for rows in (found, random.sample(found, len(found))):
        material = told([replace(each, note="") for each in rows], workspace)
        unplaced = replace(material.rows, evidence=material.rows.evidence.with_columns(line=0))
        diff = compare_lists(replace(material, rows=unplaced), "list/autumn", "list/spring")
        pages.append([diff_text(diff, material.entities, syntax) for syntax in ("table", "csv", "json")])
    assert pages[0] == pages[1]


@settings(max_examples=40)
@given(SEVERAL)
def test_a_list_is_itself(workspace: Make, found: list[Row]) -> None:
    """Compared with itself no list has a change, a step, or a person or group with two sides."""
    diff = compare_lists(told(found, workspace), "list/spring", "list/spring")
    assert diff.same
    assert not diff.steps
    assert diff.growth in (None, Range(0, 0))
    assert all(each.first == each.second for each in (*diff.groups, *diff.people))


PEOPLE = tuple(f"person/p{number}" for number in range(7))


@st.composite
def truthful(draw: st.DrawFn) -> tuple[dict[str, str], set[str], set[str]]:
    """Two lists as they truly are, and files that tell nothing but the truth about them."""
    sets = st.sets(st.sampled_from(PEOPLE))
    autumn, spring = draw(sets), draw(sets)
    rows: list[Row] = []
    complete = {}
    for key, held in (("autumn", autumn), ("spring", spring)):
        complete[key] = draw(st.booleans())
        named = held if complete[key] else draw(st.sets(st.sampled_from(sorted(held)))) if held else set()
        rows += [Row("river-post", f"list/{key}", "names", each) for each in sorted(named)]
        precision = draw(st.sampled_from(("", "about", "at-least", "at-most")))
        rows += [Row("tern-herald", f"list/{key}", "count", str(len(held)), precision)] * draw(st.integers(0, 1))
    rows += [Row("river-post", "list/spring", "follows", "list/autumn")] * draw(st.integers(0, 1))
    for word, name, those in (("added", "newName", spring - autumn), ("removed", "removedName", autumn - spring)):
        told_of = draw(st.sets(st.sampled_from(sorted(those)))) if those else set()
        rows += [Row("lowgate-radio", "list/spring", name, each) for each in sorted(told_of)]
        rows += [Row("river-post", "list/spring", word, str(len(those)))] * draw(st.integers(0, 1))
    people = "id,name\n" + "".join(f"{each.partition('/')[2]},{each[-1]}\n" for each in PEOPLE)
    table = "id,name,complete\n" + "".join(f"{key},{key},{'yes' * whole}\n" for key, whole in complete.items())
    return {**files(rows), "data/people.csv": people, "data/lists.csv": table}, autumn, spring


@settings(max_examples=80)
@given(truthful())
def test_the_truth_is_never_denied(workspace: Make, made: tuple[dict[str, str], set[str], set[str]]) -> None:
    """From nothing but the truth it follows that nobody is put on a list, or off it, or counted, wrongly."""
    tables, autumn, spring = made
    diff = compare_lists(lists(read(workspace(tables))), "list/autumn", "list/spring")
    both = len(autumn & spring)
    assert diff.overlap.range.low is not None
    assert diff.overlap.range.low <= both
    assert diff.overlap.range.high is None or both <= diff.overlap.range.high
    for each in diff.people:
        for side, held in ((each.first, autumn), (each.second, spring)):
            assert side.state is not State.NAMED or each.person in held
            assert not side.state.off or each.person not in held
            assert side.state is not State.DISPUTED
    for implied in diff.overlap.implied:
        assert implied.range.low is None or implied.range.low <= both
        assert implied.range.high is None or both <= implied.range.high

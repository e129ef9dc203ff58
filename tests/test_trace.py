"""From a statement back to who says it, in which words, where, and in which row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import Make
from worlds.generated import Row, files

from kg import registry
from kg.errors import KgError
from kg.registry import Registry
from kg.trace import CONTEXT, Trace, lines

WORLDS = Path(__file__).parent / "worlds"


@pytest.fixture(scope="module")
def denial(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The world of denials, built."""
    return build_world("denial", tmp_path_factory.mktemp("world"))


def build_world(name: str, folder: Path) -> Registry:
    """Build a copy of a world."""
    shutil.copytree(WORLDS / name, folder, dirs_exist_ok=True)
    return registry.build(folder)


def shown(built: Registry, key: str) -> str:
    """What a terminal shows of the claims about something."""
    return "\n".join(lines(built.trace(key), built.entities))


def one(built: Registry, key: str, word: str, value: str) -> Trace:
    """The one assertion about something with a property and a value."""
    told = [each for each in built.trace(key) if each.stance == "asserts"]
    [found] = [each for each in told if (each.property, each.value) == (word, value)]
    return found


def test_a_claim_leads_back_to_its_words_and_its_row(denial: Registry) -> None:
    """A traced claim has its claimant, its source, the quote with what stands around it, and the file and line."""
    found = one(denial, "list/harbour-2031", "count", "41")
    [passage] = found.passages
    text = (WORLDS / "denial/texts/river-post.txt").read_text("utf-8")
    assert passage.quote == "The list of the Harbour Watch holds 41 names"
    assert f"{passage.before}{passage.quote}{passage.behind}" in text
    assert len(passage.before) == len(passage.behind) == CONTEXT
    assert passage.row == "data/claims/river-post.csv:3"
    assert (found.claimant, found.source, found.standing) == ("source/river-post", "source/river-post", "uncontested")


def test_a_claim_names_those_that_deny_and_doubt_it(denial: Registry) -> None:
    """Denials and doubts are told by the ids of the claims that make them, and these can be traced in turn."""
    found = one(denial, "case/dock", "count", "5")
    tallies = [each for each in denial.trace("case/dock#victims-of-torture") if each.stance != "asserts"]
    assert {*found.denied, *found.doubted} == {each.claim for each in tallies}
    [denying] = denial.trace(found.denied[0])
    assert (denying.stance, denying.said, denying.claimant) == ("denies", "2030-03-04", "organization/prosecutor")
    assert denying.value == "at-least 1"


def test_an_entity_is_found_by_id_name_or_alias(tmp_path: Path) -> None:
    """Names in any script and in any case lead to the claims about an entity, as do ids."""
    built = build_world("scripts", tmp_path)
    by_id = built.trace("person/ana-moor")
    assert len(by_id) == 4
    for name in ("Ana Moor", "ANA MOOR", " Анна Мур ", "ана моор"):
        assert built.trace(name) == by_id
    assert [each.claim for each in built.trace("خالد النوري")] == [
        each.claim for each in built.trace("person/khalid-al-nuri")
    ]
    assert built.trace("王小明")
    assert built.trace("İlqar Şəmsi") == built.trace("ilqar shamsi")


def test_claims_about_an_entity_are_those_in_which_it_takes_part(denial: Registry) -> None:
    """As subject, as container or group of a tally, as claimant or as source; a text that spells its id is no part."""
    assert {each.subject for each in denial.trace("place/veldania")} == {"place/veldania#political-prisoners"}
    assert {each.claimant for each in denial.trace("organization/senate")} == {"organization/senate"}
    assert {each.source for each in denial.trace("source/tern-herald")} == {"source/tern-herald"}
    assert {each.subject for each in denial.trace("group/political-prisoners")} == {
        "place/veldania#political-prisoners",
        "place/lowgate#political-prisoners",
    }


def test_a_text_is_not_taken_for_an_entity(workspace: Make) -> None:
    """An alias that spells the id of another entity is no claim about that."""
    built = registry.build(workspace(files([Row("river-post", "person/ana-moor", "alias", "list/spring")])).root)
    assert built.trace("list/spring") == []
    assert len(built.trace("person/ana-moor")) == 1


def test_contradictions_are_told_on_both_sides(tmp_path: Path) -> None:
    """Claims that contradict each other name each other, but not those that say the same."""
    built = build_world("contradicted-date", tmp_path)
    dates = {each.source: each for each in built.trace("list/harbour-2031") if each.property == "issued"}
    radio, post, herald = (dates[f"source/{name}"] for name in ("lowgate-radio", "river-post", "tern-herald"))
    assert set(radio.against) == {post.claim, herald.claim}
    assert post.against == herald.against == (radio.claim,)
    assert f"contested with {radio.claim}" in shown(built, post.claim)


def test_what_is_shown_names_all_that_leads_back(denial: Registry) -> None:
    """On a terminal a trace tells statement, claimant, source, quote in its context, row and denials."""
    text = shown(denial, one(denial, "case/dock", "count", "5").claim)
    for words in (
        "case/dock#victims-of-torture count 5",
        "says    dock workers (tern-herald) (voice/tern-herald-dock-workers)",
        "in      What happened in the dock (source/tern-herald)",
        "«Five dock workers say that they were tortured»",
        "row     data/claims/tern-herald.csv:2",
        "denied  by claim/",
        "doubted by claim/",
    ):
        assert words in text
    assert "denied: place/lowgate#political-prisoners count at-least 1" in shown(denial, "place/lowgate")


def test_hostile_text_cannot_draw_on_the_terminal(tmp_path: Path) -> None:
    """Marks that turn the direction of writing are shown by number, and no value begins a line of its own."""
    built = build_world("hostile", tmp_path)
    text = shown(built, "person/ana-moor")
    assert not set(text) & set("\u202e\u2066\u2069\u0085\u200b\x1b\t")
    assert "‹202E›" in text
    begins = {line.split(" ", 3)[2] if line.startswith("  ") else line[:6] for line in text.splitlines() if line}
    assert begins <= {"claim/", "says", "in", "quote", "row", "note", "contested"}


def test_a_place_that_is_no_text_has_no_context(workspace: Make) -> None:
    """Rows and pages are told as they are, with or without words; without its text, a quote stands alone."""
    found = [
        Row("river-post", "list/spring", "count", "40", at="row=7", quote=""),
        Row("river-post", "list/spring", "publisher", "organization/senate", at="page=2", quote="Senate"),
        Row("river-post", "list/spring", "issued", "2031", at="char=3,7", quote="2031"),
    ]
    built = registry.build(workspace(files(found)).root)
    passages = {each.property: each.passages[0] for each in built.trace("list/spring")}
    assert (passages["count"].place, passages["count"].quote) == ("row=7", "")
    assert (passages["publisher"].place, passages["publisher"].quote) == ("page=2", "Senate")
    assert passages["issued"].before == passages["issued"].behind == ""
    assert passages["issued"].quote == "2031"


@pytest.mark.parametrize("key", ["person/nobody", "claim/0000000000000000", "no such name", "", "  "])
def test_what_is_not_there_is_told(denial: Registry, key: str) -> None:
    """An unknown id or name is an error that says how to find the right one."""
    with pytest.raises(KgError) as error:
        denial.trace(key)
    assert error.value.fix


def test_a_near_name_is_suggested(denial: Registry) -> None:
    """A misspelt id comes with the one that was probably meant."""
    with pytest.raises(KgError) as error:
        denial.trace("place/veldanya")
    assert "place/veldania" in error.value.fix


def test_an_entity_without_claims_has_no_trace(tmp_path: Path) -> None:
    """An entity of the tables of which nothing is told is no error."""
    assert build_world("group-sums", tmp_path).trace("group/students")
    assert build_world("contradicted-date", tmp_path / "two").trace("organization/river-post") == []


def test_an_entity_is_traced_by_each_of_its_ids(tmp_path: Path) -> None:
    """An entity that goes on under another id is traced by either, and by its name."""
    shutil.copytree(WORLDS / "same-decision", tmp_path, dirs_exist_ok=True)
    built = registry.build(tmp_path)
    assert built.trace("list/harbour-41") == built.trace("list/harbour-2031") == built.trace("List of 41") != []

"""Ids, and the tables that say which entities there are."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.entities import Entities, Id, known_kind, local_id, parse_id, read_entities, slug_fault
from kg.errors import Finding
from kg.ontology import load
from kg.values import CellError, Literal
from kg.workspace import Workspace

Make = Callable[[dict[str, str]], Workspace]

VALID = ["a", "7", "ana-moor", "harbour-2031-05", "a1-b2-c3", "x" * 100]
HOSTILE = [
    *("", " ", "a b", "Ana", "ana_moor", "a--b", "-a", "a-", "Ä", "ənə", "Анна", "a.b", "a:b", "a%20b", "a\n"),
    *("../x", "..", "a/b", "a\\b", "#", "a#b", "?", "a&b=c", "<script>", "'; drop", "\u202e", "a\u200bb", "é", "١"),
    *("x" * 101, "x" * 200, "\x00", "🙂"),
]


def entities(workspace: Workspace) -> tuple[Entities, list[Finding]]:
    """The entities of a workspace."""
    return read_entities(workspace.root / "data", load())


def codes(findings: list[Finding]) -> list[tuple[str, int, str]]:
    """Findings by code, file and line."""
    return [(finding.place.file, finding.place.line, finding.code) for finding in findings]


# ── Ids ──


@pytest.mark.parametrize("slug", VALID)
def test_a_slug_is_small_letters_digits_and_single_hyphens(slug: str) -> None:
    """What ids are made of can stand in an address, a file name and a query as it is."""
    assert slug_fault(slug) is None
    assert parse_id(f"person/{slug}") == Id("person", slug)


@pytest.mark.parametrize("slug", HOSTILE)
def test_a_hostile_slug_is_refused(slug: str) -> None:
    """Nothing that could leave a folder, an address or a line of a terminal becomes an id."""
    fault = slug_fault(slug)
    assert fault is not None
    assert fault.code == "bad-id"
    assert not set(fault.message) & set("\n\x00\u202e\u200b")
    assert len(fault.message) < 200
    if len(slug) < 100 and slug != "a#b":
        with pytest.raises(CellError):
            parse_id(f"person/{slug}")


@pytest.mark.parametrize(
    ("slug", "better"),
    [
        ("Ana Moor", "ana-moor"),
        ("a--b", "a-b"),
        ("../x", "x"),
        ("Ä", "a"),
        ("José_1", "jose-1"),
        ("x" * 200, "x" * 100),
    ],
)
def test_the_mend_proposes_a_slug(slug: str, better: str) -> None:
    """A slug that is nearly one is told as it should be, accents dropped."""
    fault = slug_fault(slug)
    assert fault is not None
    assert fault.fix == f"write {better}"


@pytest.mark.parametrize("slug", ["Анна", "Əli", "#", "", "東京"])
def test_no_slug_is_proposed_that_would_lose_letters(slug: str) -> None:
    """Letters of other scripts are not dropped in silence: a person has to transcribe them."""
    fault = slug_fault(slug)
    assert fault is not None
    assert fault.fix.startswith("spell it in a-z")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "person",
        "person/",
        "/ana",
        "Person/ana",
        "person/ana/x",
        "person/ana#",
        "person/ana#b#c",
        "person/a b",
        "person//a",
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    """An id is a kind, a slash and a slug, and a group behind a hash sign for a tally."""
    with pytest.raises(CellError) as caught:
        parse_id(text)
    assert caught.value.code == "bad-id"
    assert "person/ana-moor" in caught.value.fix


SLUGS = st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}\Z")


@given(st.sampled_from(["person", "list", "place", "case"]), SLUGS, st.one_of(st.just(""), SLUGS))
def test_ids_round_trip(kind: str, slug: str, group: str) -> None:
    """An id is read as it was written, and comes back from the part of its IRI."""
    key = Id(kind, slug, group)
    assert parse_id(str(key)) == key
    assert local_id(key.local) == str(key)
    assert "#" not in key.local
    assert key.container == f"{kind}/{slug}"


@given(st.text(max_size=20))
def test_any_slug_is_one_or_is_mended(text: str) -> None:
    """Whatever is written, it is a slug or a fault, and what the fault proposes is a slug."""
    fault = slug_fault(text)
    if fault is not None and fault.fix.startswith("write "):
        assert slug_fault(fault.fix.removeprefix("write ")) is None


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("people/ana-moor", "did you mean person?"),
        ("persn/ana-moor", "did you mean person?"),
        ("sources/a", "did you mean source?"),
    ],
)
def test_an_unknown_kind_is_answered_with_the_nearest(text: str, fix: str) -> None:
    """The plural that names a table, and a misspelt kind, are told as the kind that was meant."""
    with pytest.raises(CellError) as caught:
        known_kind(parse_id(text), load().kinds)
    assert (caught.value.code, caught.value.fix) == ("unknown-kind", fix)


def test_a_kind_that_resembles_none_gets_the_list() -> None:
    """Where no kind is near, all of them are named."""
    with pytest.raises(CellError) as caught:
        known_kind(parse_id("xyz/a"), load().kinds)
    assert "person, organization, voice" in caught.value.fix


# ── Tables ──


def test_entities_are_read_by_kind(workspace: Make) -> None:
    """Each table gives the entities of its kind, in the order of their ids wherever they are listed."""
    found, findings = entities(
        workspace(
            {
                "data/people.csv": "id,name\njon-brask,Jon Brask\nana-moor,Ana Moor\n",
                "data/places.csv": "id,name\nveldania,Veldania\n",
            }
        )
    )
    assert findings == []
    assert [entity.id for entity in found.of("person")] == ["person/ana-moor", "person/jon-brask"]
    assert found.name("place/veldania") == "Veldania"
    assert len(found) == 3


def test_an_id_may_be_written_with_its_kind(workspace: Make) -> None:
    """In its own table an entity may be called by slug or by its whole id."""
    found, _ = entities(workspace({"data/people.csv": "id,name\nperson/ana-moor,Ana Moor\n"}))
    assert "person/ana-moor" in found


def test_columns_are_typed_by_the_ontology(workspace: Make) -> None:
    """A date, an address, a yes and an id are read as what the ontology says they are."""
    found, findings = entities(
        workspace(
            {
                "data/lists.csv": "id,name,series,edition,complete,url\n"
                "harbour-1,First list,harbour,2031-05,yes,https://example.org/1\n",
                "data/groups.csv": "id,name,broader\nnurses,Nurses,group/staff\nstaff,Staff,\n",
            }
        )
    )
    assert findings == []
    values = {term.word: value for term, value in found.by_id["list/harbour-1"].values}
    assert values["edition"].datatype.endswith("gYearMonth")  # type: ignore[union-attr]
    assert values["complete"].text == "true"  # type: ignore[union-attr]
    assert found.by_id["group/nurses"].text("broader") == "group/staff"


def test_several_aliases_are_parted_by_a_bar(workspace: Make) -> None:
    """Each alias is a name of its own, and idle bars and blanks make none."""
    found, _ = entities(workspace({"data/people.csv": "id,name,aliases\nana-moor,Ana Moor,A. Moor | Анна Мур||\n"}))
    values = [value for term, value in found.by_id["person/ana-moor"].values if term.word == "aliases"]
    assert [value.text for value in values if isinstance(value, Literal)] == ["A. Moor", "Анна Мур"]


def test_an_entity_is_found_by_any_of_its_names(workspace: Make) -> None:
    """A name, an alias, a slug without its kind and a slip of the pen lead to the id that was meant."""
    found, _ = entities(workspace({"data/people.csv": "id,name,aliases\nana-moor,Ana Moor,Анна Мур\n"}))
    for text in ("Ana Moor", "ANA MOOR", "анна мур", "ana-moor", "person/ana-mor"):
        assert found.hint(text) == "did you mean person/ana-moor?", text
    assert found.hint("organization/senate") == ""


def test_a_table_that_is_not_there_is_empty(workspace: Make) -> None:
    """A registry needs only the tables it has rows for."""
    found, findings = entities(workspace({}))
    assert (len(found), findings) == (0, [])


def test_all_faults_of_a_row_are_told_at_once(workspace: Make) -> None:
    """An id, a missing name and each cell that cannot be read are findings of their own, on one line."""
    _, findings = entities(
        workspace({"data/lists.csv": "id,name,edition,complete,url\nHarbour 1,,Jun-31,maybe,example.org\n"})
    )
    expected = ["bad-id", "damaged-date", "missing-cell", "wrong-type", "wrong-type"]
    assert sorted(codes(findings)) == [("data/lists.csv", 2, code) for code in expected]


def test_a_cell_that_cannot_be_read_is_named_by_its_column(workspace: Make) -> None:
    """The message says which cell of the row is meant."""
    _, (finding,) = entities(workspace({"data/lists.csv": "id,name,edition\na,A,Jun-31\n"}))
    assert finding.message.startswith("edition: “Jun-31”")


def test_a_row_without_an_id_is_told(workspace: Make) -> None:
    """An empty id is missing rather than misspelt."""
    found, findings = entities(workspace({"data/people.csv": "id,name\n,Ana Moor\n"}))
    assert (len(found), codes(findings)) == (0, [("data/people.csv", 2, "missing-cell")])


def test_an_id_that_cannot_be_one_gives_no_entity(workspace: Make) -> None:
    """Nothing goes on under a hostile id."""
    found, findings = entities(workspace({"data/people.csv": "id,name\n../x,A\n"}))
    assert (len(found), codes(findings)) == (0, [("data/people.csv", 2, "bad-id")])


def test_a_second_row_of_one_id_names_the_first(workspace: Make) -> None:
    """Of two rows with one id the later is told, with the place of the earlier, which stays."""
    found, (finding,) = entities(workspace({"data/people.csv": "id,name\na,Ana Moor\nb,B\nperson/a,Another\n"}))
    assert codes([finding]) == [("data/people.csv", 4, "duplicate-id")]
    assert "data/people.csv:2" in finding.message
    assert found.name("person/a") == "Ana Moor"


def test_one_slug_may_serve_two_kinds(workspace: Make) -> None:
    """Ids are told apart by their kinds."""
    files = {"data/people.csv": "id,name\nharbour,Harbour\n", "data/places.csv": "id,name\nharbour,Harbour\n"}
    assert entities(workspace(files))[1] == []


@pytest.mark.parametrize("slug", ["ontology", "derived", "decisions"])
def test_a_source_is_not_called_like_a_graph_of_the_registry(workspace: Make, slug: str) -> None:
    """Each source has a graph of its name, so the names of the registry's own graphs are kept."""
    found, findings = entities(workspace({"data/sources.csv": f"id,title\n{slug},A report\n"}))
    assert (len(found), codes(findings)) == (0, [("data/sources.csv", 2, "bad-id")])


def test_an_id_of_an_unknown_kind_in_a_column_is_told(workspace: Make) -> None:
    """The columns that hold ids know the kinds."""
    _, (finding,) = entities(workspace({"data/groups.csv": "id,name,broader\na,A,groups/b\n"}))
    assert (finding.code, finding.message) == ("unknown-kind", "broader: there is no kind of entity called “groups”")


def test_a_slug_in_a_column_of_ids_is_given_its_kind(workspace: Make) -> None:
    """Where only one kind can be meant, the mend writes it."""
    _, (finding,) = entities(workspace({"data/groups.csv": "id,name,broader\na,A,staff\n"}))
    assert (finding.code, finding.fix) == ("bad-id", "write group/staff")


def test_a_nameless_entity_is_told_once(workspace: Make) -> None:
    """An entity whose name is missing goes on under its slug, so that its shape does not tell it again."""
    found, (finding,) = entities(workspace({"data/people.csv": "id,name\nana-moor,\n"}))
    assert finding.code == "missing-cell"
    assert found.name("person/ana-moor") == "ana-moor"


def test_a_source_is_called_by_its_title(workspace: Make) -> None:
    """Sources have titles for names, and `published` is their word for the day of issue."""
    found, _ = entities(workspace({"data/sources.csv": "id,title,published\nriver-post,New list,2031-05-06\n"}))
    assert found.name("source/river-post") == "New list"
    assert found.by_id["source/river-post"].text("published") == "2031-05-06"


def test_hints_on_many_ids_take_linear_time(workspace: Make) -> None:
    """Each id that is misspelt is compared with some that begin alike, not with all; the nearest is still found."""
    names = [f"person-number-{number:05}" for number in range(10_000)]
    made = workspace({"data/people.csv": "id,name\n" + "".join(f"{name},N {name}\n" for name in names)})
    entities, _ = read_entities(made.root / "data", load())
    start = process_time()
    hints = [entities.hint(f"person/{name[:-1]}") for name in names[:500]]
    hints += [entities.hint(name) for name in names[:5000]]
    assert process_time() - start < 5
    assert hints[0].startswith("did you mean person/person-number-000")
    assert hints[-1] == "did you mean person/person-number-04999?"

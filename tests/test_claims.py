"""Claims: what is read from their tables, how each is identified, and that every row is accounted for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.claims import COLUMNS, KEY, OPTIONAL, REQUIRED, Claims, claim_id, read_claims
from kg.entities import read_entities
from kg.errors import Finding, Severity
from kg.ontology import NS, XSD, load
from kg.workspace import Workspace

Make = Callable[[dict[str, str]], Workspace]
Row = dict[str, str]

ONTOLOGY = load()
FILE = "data/claims/river-post.csv"
PEOPLE = "id,name,aliases\nana-moor,Ana Moor,A. Moor\n"
WHOLE: Row = {
    "subject": "list/harbour-2031#nurses",
    "property": "count",
    "value": "29",
    "precision": "",
    "as_of": "",
    "claimant": "",
    "said": "",
    "via": "",
    "stance": "",
    "at": "char=0,9",
    "quote": "29 nurses",
    "review": "",
    "note": "",
}


def table(rows: Iterable[Row]) -> str:
    """A table of claims."""
    text = io.StringIO()
    writer = csv.DictWriter(text, (*REQUIRED, *OPTIONAL), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read(workspace: Make, *rows: Row, **others: str) -> tuple[Claims, list[Finding]]:
    """The claims of a source, and of other sources by file."""
    made = workspace({FILE: table(rows), "data/people.csv": PEOPLE, **others})
    data = made.root / "data"
    return read_claims(data, ONTOLOGY, read_entities(data, ONTOLOGY)[0])


def one(workspace: Make, **cells: str) -> dict[str, str | None]:
    """The one claim of a row that differs from a whole one in these cells."""
    claims, findings = read(workspace, WHOLE | cells)
    assert findings == []
    return claims.claims.row(0, named=True)


def fault(workspace: Make, **cells: str) -> Finding:
    """The one finding on a row that differs from a whole one in these cells."""
    claims, findings = read(workspace, WHOLE | cells)
    assert claims.claims.height == 0
    assert len(findings) == 1, findings
    return findings[0]


# ── What is read ──


def test_the_columns_are_those_of_the_guide() -> None:
    """The columns of a table of claims are known in the order in which the guide tells them."""
    assert {*REQUIRED, *OPTIONAL} == {*COLUMNS, "review", "note"} == set(WHOLE)


def test_a_row_becomes_a_claim_with_its_defaults(workspace: Make) -> None:
    """An empty cell stands for exact, asserts, accepted, and the source in its own voice."""
    row = one(workspace)
    assert (row["source"], row["subject"], row["property"]) == ("river-post", "list/harbour-2031#nurses", "count")
    assert (row["subject_local"], row["container"]) == ("tally/list_harbour-2031_nurses", "list/harbour-2031")
    assert (row["predicate"], row["object"], row["datatype"]) == (NS + "count", "29", XSD + "integer")
    assert (row["low"], row["high"], row["bound"]) == ("29", "29", XSD + "decimal")
    assert (row["precision"], row["stance"], row["review"]) == ("exact", "asserts", "accepted")
    assert (row["claimant"], row["via"], row["note"], row["from"]) == ("", "", None, None)
    assert (row["file"], row["line"]) == (FILE, 2)


def test_defaults_may_be_spelled_out(workspace: Make) -> None:
    """Writing a default changes nothing."""
    assert one(workspace, precision="exact", stance="asserts", review="accepted")["id"] == one(workspace)["id"]


def test_a_value_may_be_an_entity(workspace: Make) -> None:
    """An entity has no datatype and no bounds."""
    row = one(workspace, subject="person/ana-moor", property="heads", value="organization/harbour-watch")
    assert (row["object"], row["datatype"], row["low"]) == ("organization/harbour-watch", None, None)


def test_a_precision_widens_the_bounds(workspace: Make) -> None:
    """About 29 is anything within five in a hundred of it, by the ontology."""
    row = one(workspace, precision="about")
    assert (row["low"], row["high"]) == ("27.55", "30.45")


def test_an_open_bound_is_null(workspace: Make) -> None:
    """More than 29 has a least and no greatest."""
    row = one(workspace, precision="more-than")
    assert (row["low"], row["high"]) == ("30", None)


def test_a_time_has_its_days(workspace: Make) -> None:
    """The time for which a claim holds becomes a first and a last day."""
    row = one(workspace, as_of="2031-03/..", said="2031-05")
    assert (row["from"], row["until"]) == ("2031-03-01", None)
    assert row["said_type"] == XSD + "gYearMonth"


def test_a_dated_value_holds_for_its_date(workspace: Make) -> None:
    """What happened on a day holds for that day, unless the row tells another time."""
    cells = {"subject": "list/harbour-2031", "property": "issued", "value": "2031-05"}
    assert one(workspace, **cells)["from"] == "2031-05-01"
    assert one(workspace, **cells, as_of="2032")["from"] == "2032-01-01"


def test_a_note_is_no_part_of_a_claim(workspace: Make) -> None:
    """Notes of rows that make one claim are put together, in the order of the alphabet."""
    rows = [WHOLE | {"note": "b", "at": "char=9,18"}, WHOLE | {"note": "a"}, WHOLE | {"at": "char=20,29"}]
    claims, _ = read(workspace, *rows)
    assert claims.claims["note"].to_list() == ["a / b"]
    assert claims.evidence.height == 3


def test_a_claim_is_accepted_once_a_row_of_it_is(workspace: Make) -> None:
    """Of rows that make one claim an accepted one outweighs a proposed one."""
    claims, _ = read(workspace, WHOLE | {"review": "proposed"}, WHOLE | {"at": "char=9,18"})
    assert claims.claims["review"].to_list() == ["accepted"]


def test_a_rejected_row_makes_no_claim(workspace: Make) -> None:
    """What review has rejected is counted and left out."""
    claims, findings = read(workspace, WHOLE | {"review": "rejected"})
    assert (claims.read, claims.rejected, claims.claims.height, findings) == (1, 1, 0, [])


def test_two_sources_that_say_the_same_make_two_claims(workspace: Make) -> None:
    """A claim belongs to its source."""
    other = {"data/claims/lowgate-radio.csv": table([WHOLE])}
    claims, _ = read(workspace, WHOLE, **other)
    assert claims.claims["source"].to_list() == ["lowgate-radio", "river-post"]
    assert claims.claims["id"].n_unique() == 2


def test_claims_stand_in_the_order_in_which_their_source_tells_them(workspace: Make) -> None:
    """However rows are sorted, claims follow the places of their evidence."""
    rows = [WHOLE | {"value": str(n), "at": f"char={start},{start + 9}"} for n, start in ((1, 50), (2, 7), (3, 20))]
    claims, _ = read(workspace, *rows)
    assert claims.claims["value"].to_list() == ["2", "3", "1"]


# ── Faults ──


@pytest.mark.parametrize(
    ("cells", "code", "mend"),
    [
        ({"subject": ""}, "missing-cell", "whom or what"),
        ({"subject": "harbour-2031"}, "bad-id", "kind/slug"),
        ({"subject": "Ana Moor"}, "bad-id", "did you mean person/ana-moor?"),
        ({"subject": "ana-moor"}, "bad-id", "did you mean person/ana-moor?"),
        ({"subject": "people/ana-moor"}, "unknown-kind", "did you mean person?"),
        ({"property": ""}, "missing-cell", "a property"),
        ({"property": "isued"}, "unknown-property", "did you mean issued?"),
        ({"property": "xyz"}, "unknown-property", "kg query ontology"),
        ({"property": "series"}, "unknown-property", "its column of lists.csv"),
        ({"property": "kg:count"}, "unknown-property", "did you mean count?"),
        ({"value": ""}, "missing-cell", "says of count"),
        ({"value": "36,659"}, "wrong-type", "write 36659"),
        ({"property": "publisher", "value": "Harbour Watch"}, "bad-id", "kind/slug"),
        ({"property": "publisher", "value": "org/harbour-watch"}, "unknown-kind", "the kinds are"),
        ({"property": "issued", "value": "2031-02-30"}, "impossible-date", "in the source"),
        ({"property": "issued", "value": "Feb-31"}, "damaged-date", "as text"),
        ({"precision": "roughly"}, "unknown-word", "write exact, about"),
        ({"precision": "at-lest"}, "unknown-word", "did you mean at-least?"),
        ({"precision": "denies"}, "unknown-word", ""),
        ({"precision": "set-aside"}, "unknown-word", ""),
        ({"precision": "about", "property": "issued", "value": "2031"}, "precision", "leave the precision empty"),
        (
            {"precision": "about", "property": "publisher", "value": "person/a"},
            "precision",
            "leave the precision empty",
        ),
        ({"as_of": "Jun-31"}, "damaged-date", "as text"),
        ({"as_of": "last year"}, "not-a-date", "2024-03/2024-06"),
        ({"said": "2031-13"}, "impossible-date", "in the source"),
        ({"claimant": "A. Moor"}, "bad-id", "did you mean person/ana-moor?"),
        ({"claimant": "people/ana-moor"}, "unknown-kind", "did you mean person?"),
        ({"via": "source/lowgate-radio"}, "bad-id", "write lowgate-radio"),
        ({"via": "Lowgate Radio"}, "bad-id", "sources.csv"),
        ({"stance": "denys"}, "unknown-word", "did you mean denies?"),
        ({"review": "ok"}, "unknown-word", "write accepted, proposed or rejected"),
        ({"at": ""}, "missing-cell", "char=412,415"),
        ({"at": "412-415"}, "bad-place", "char=412,415"),
    ],
)
def test_a_faulty_cell_is_told_with_its_mend(workspace: Make, cells: Row, code: str, mend: str) -> None:
    """Each fault of a cell is one violation at its line, with what to write instead; the row makes no claim."""
    found = fault(workspace, **cells)
    assert (found.code, found.severity, str(found.place)) == (code, Severity.VIOLATION, f"{FILE}:2")
    assert mend in found.fix


@pytest.mark.parametrize("column", ["as_of", "said", "claimant", "via"])
def test_a_fault_names_its_column(workspace: Make, column: str) -> None:
    """Where several cells could be meant, the message begins with the column."""
    assert fault(workspace, **{column: "?"}).message.startswith(f"{column}: “?”")


def test_all_faults_of_a_row_are_told_at_once(workspace: Make) -> None:
    """A row with six faults has six findings, so that it is mended in one go."""
    row = WHOLE | {
        "value": "1,000",
        "precision": "roughly",
        "as_of": "Jun-31",
        "stance": "no",
        "review": "ok",
        "at": "x",
    }
    _, findings = read(workspace, row)
    expected = ["bad-place", "damaged-date", "unknown-word", "unknown-word", "unknown-word", "wrong-type"]
    assert sorted(finding.code for finding in findings) == expected


def test_a_fault_that_many_rows_share_is_told_for_each(workspace: Make) -> None:
    """A cell is read once however many rows hold it, and told at each."""
    rows = [WHOLE | {"subject": f"place/p-{n}", "as_of": "Jun-31"} for n in range(3)]
    claims, findings = read(workspace, *rows)
    assert [finding.place.line for finding in findings] == [2, 3, 4]
    assert (claims.read, claims.claims.height) == (3, 0)


@pytest.mark.parametrize("name", ["River Post", "a--b", "Ä", "x" * 120, "\u202e"])
def test_a_table_with_a_hostile_name_is_not_read(workspace: Make, name: str) -> None:
    """A table of claims is named after its source, so its name must be an id."""
    claims, (finding,) = read(workspace, **{f"data/claims/{name}.csv": table([WHOLE])})
    assert (finding.code, finding.place.line, claims.read) == ("bad-id", 0, 0)
    assert finding.message.startswith("the file is named after its source")


def test_a_workspace_without_claims_has_none(workspace: Make) -> None:
    """There need not be a table of claims yet."""
    made = workspace({"data/people.csv": PEOPLE})
    claims, findings = read_claims(made.root / "data", ONTOLOGY, read_entities(made.root / "data", ONTOLOGY)[0])
    assert (claims.read, claims.claims.height, claims.evidence.height, findings) == (0, 0, 0, [])


# ── Ids ──


def test_an_id_is_what_it_was() -> None:
    """Ids outlive versions: this one is computed as the guide says."""
    key = ("river-post", "list/harbour-2031", "count", "41", "exact", "", "", "", "", "asserts")
    assert claim_id(key) == claim_id(list(key)) == "55f0e5c747b722a5"


def test_ids_of_unlike_keys_differ() -> None:
    """Cells cannot run into each other."""
    assert claim_id(["a", "b", ""]) != claim_id(["a", "", "b"]) != claim_id(["ab", "", ""])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject", "list/harbour-2032#nurses"),
        ("property", "added"),
        ("value", "30"),
        ("precision", "about"),
        ("as_of", "2031"),
        ("said", "2031"),
        ("claimant", "person/ana-moor"),
        ("via", "lowgate-radio"),
        ("stance", "denies"),
    ],
)
def test_what_is_said_makes_the_id(workspace: Make, column: str, value: str) -> None:
    """Another word in any of the columns of the key is another claim."""
    assert column in KEY
    assert one(workspace, **{column: value})["id"] != one(workspace)["id"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "char=5,14"), ("quote", "nine and twenty nurses"), ("note", "a remark"), ("review", "proposed")],
)
def test_where_it_is_said_does_not_make_the_id(workspace: Make, column: str, value: str) -> None:
    """Moving a quote, mending it, adding a note or reviewing a claim changes no id."""
    assert column not in KEY
    assert one(workspace, **{column: value})["id"] == one(workspace)["id"]


# ── Properties ──

FEW = settings(max_examples=20)
NUMBERS = st.integers(0, 3)
SAYINGS = st.builds(
    lambda subject, value, precision, time, start, review: {
        **WHOLE,
        "subject": f"list/harbour-{subject}",
        "value": str(value),
        "precision": precision,
        "as_of": time,
        "at": f"char={start},{start + 9}",
        "review": review,
    },
    NUMBERS,
    NUMBERS,
    st.sampled_from(["", "about", "at-least"]),
    st.sampled_from(["", "2031", "2031-03/.."]),
    st.integers(0, 40),
    st.sampled_from(["", "proposed", "rejected"]),
)
FAULTS = [{"value": "1,000"}, {"as_of": "Jun-31"}, {"at": "?"}, {"stance": "?"}, {"property": ""}, {"quote": "a … b"}]


@FEW
@given(rows=st.lists(SAYINGS, max_size=12), seed=st.integers(0, 99))
def test_claims_do_not_depend_on_the_order_of_rows(workspace: Make, rows: list[Row], seed: int) -> None:
    """Shuffled rows give the same claims and the same evidence, but for the lines on which they stand."""
    shuffled = list(rows)
    Random(seed).shuffle(shuffled)
    (first, _), (second, _) = read(workspace, *rows), read(workspace, *shuffled)
    assert first.claims.drop("line").equals(second.claims.drop("line"))
    assert first.evidence.drop("line").equals(second.evidence.drop("line"))


@FEW
@given(rows=st.lists(SAYINGS, max_size=12), cut=st.integers(0, 12))
def test_claims_do_not_depend_on_files_of_other_sources(workspace: Make, rows: list[Row], cut: int) -> None:
    """A claim is the same whether other sources are read beside it or not."""
    alone, _ = read(workspace, *rows)
    beside, _ = read(workspace, *rows, **{"data/claims/a-paper.csv": table(rows[:cut])})
    mine = beside.claims.filter(beside.claims["source"] == "river-post")
    assert alone.claims.equals(mine)


@FEW
@given(rows=st.lists(SAYINGS, max_size=12), by=st.integers(1, 500))
def test_moving_quotes_changes_no_id(workspace: Make, rows: list[Row], by: int) -> None:
    """However far the places of all rows are moved, and whatever is quoted there, the ids stay."""

    def moved(row: Row) -> Row:
        start = int(row["at"][5:].partition(",")[0]) + by
        return row | {"at": f"char={start},{start + 4}", "quote": "here"}

    (before, _), (after, _) = read(workspace, *rows), read(workspace, *map(moved, rows))
    assert set(before.claims["id"]) == set(after.claims["id"])


@FEW
@given(rows=st.lists(st.tuples(SAYINGS, st.sampled_from([{}, {}, *FAULTS])), max_size=12))
def test_every_row_is_accounted_for(workspace: Make, rows: list[tuple[Row, Row]]) -> None:
    """Accepted, rejected and faulty rows add up to the rows read, and every claim has its evidence."""
    placed = [row | {"at": f"char={10 * n},{10 * n + 9}"} | spoilt for n, (row, spoilt) in enumerate(rows)]
    claims, findings = read(workspace, *placed)
    faulty = {finding.place for finding in findings}
    accepted = claims.evidence.select("file", "line").unique().height
    assert accepted + claims.rejected + len(faulty) == claims.read == len(rows)
    assert set(claims.evidence["id"]) == set(claims.claims["id"])
    assert claims.claims["id"].is_unique().all()

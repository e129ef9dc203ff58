"""Places and quotes: how they are read, and how they are verified against the text of a source."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds.generated import Row, files

from kg import workspace
from kg.claims import Claims, read_claims
from kg.entities import Entities, read_entities
from kg.errors import Finding
from kg.evidence import EVIDENCE, find_texts, fold, verify_quotes
from kg.ontology import load
from kg.template import initialize
from kg.workspace import Workspace

Make = Callable[[dict[str, str | bytes]], Workspace]

TEXT = "The list holds 41 names.\nOf them 12 are teachers, “as ever” – and 41 names\u00a0in all."
HEADER = "subject,property,value,at,quote\n"


def read(workspace: Workspace) -> tuple[Claims, list[Finding]]:
    """The claims of a workspace."""
    ontology = load()
    data = workspace.root / "data"
    return read_claims(data, ontology, read_entities(data, ontology)[0])


def row(workspace: Make, at: str, quote: str) -> tuple[pl.DataFrame, list[Finding]]:
    """The evidence of one claim with these places and this quote."""
    content = HEADER + f'place/veldania,describedAs,quiet,"{at}","{quote}"\n'
    claims, findings = read(workspace({"data/claims/river-post.csv": content}))
    return claims.evidence, findings


def evidence(start: int, end: int, quote: str) -> pl.DataFrame:
    """One piece of evidence in the source river-post."""
    cells = {"id": "1", "local": "evidence/x", "source": "river-post", "file": "data/claims/river-post.csv", "line": 2}
    return pl.DataFrame([{**cells, "start": start, "end": end, "fragment": None, "exact": quote}], schema=EVIDENCE)


def verified(start: int, end: int, quote: str, text: str = TEXT) -> tuple[str | None, list[Finding], int]:
    """What verifying one quote gives: the words that stand there, the findings, and how many were verified."""
    found, findings, count = verify_quotes(evidence(start, end, quote), {"river-post": text})
    return found["exact"][0], findings, count


# ── Reading ──


@pytest.mark.parametrize(
    ("at", "quote", "expected"),
    [
        ("char=0,8", "The list", [(0, 8, None, "The list", "evidence/river-post_0-8")]),
        ("row=7", "", [(None, None, "row=7", None, "evidence/river-post_row-7")]),
        ("row=7", "quiet", [(None, None, "row=7", "quiet", "evidence/river-post_row-7")]),
        ("page=3", "", [(None, None, "page=3", None, "evidence/river-post_page-3")]),
        ("row=7-9", "", [(None, None, "row=7-9", None, "evidence/river-post_row-7-9")]),
    ],
)
def test_a_place_is_read(
    workspace: Make, at: str, quote: str, expected: list[tuple[int | None, int | None, str | None, str | None, str]]
) -> None:
    """A place is a range of characters with its quote, or a row or page with or without one."""
    found, findings = row(workspace, at, quote)
    assert findings == []
    assert found.select("start", "end", "fragment", "exact", "local").rows() == expected


def test_several_places_have_a_part_of_the_quote_each(workspace: Make) -> None:
    """Places are parted by blanks, parts of the quote by an ellipsis between blanks."""
    found, findings = row(workspace, "char=0,8  char=34,46", "The list … are teachers")
    assert findings == []
    assert found.select("start", "exact").rows() == [(0, "The list"), (34, "are teachers")]


def test_rows_and_pages_need_no_quote(workspace: Make) -> None:
    """Several rows of a table can carry one claim without words."""
    found, findings = row(workspace, "row=7 row=8", "")
    assert findings == []
    assert found["fragment"].to_list() == ["row=7", "row=8"]


@pytest.mark.parametrize(
    ("at", "quote", "code"),
    [
        ("", "The list", "missing-cell"),
        ("char=0,8", "", "missing-cell"),
        ("char=0,8 char=9,14", "The list … ", "missing-cell"),
        ("0-8", "The list", "bad-place"),
        ("char=0-8", "The list", "bad-place"),
        ("char=-1,8", "The list", "bad-place"),
        ("char=0,8,9", "The list", "bad-place"),
        ("char=٠,٨", "The list", "bad-place"),
        ("char=0,12345678901", "The list", "bad-place"),
        ("line=3", "", "bad-place"),
        ("row=", "", "bad-place"),
        ("row=x", "", "bad-place"),
        ("char=0,8 char=9,14", "The list holds", "quote-parts"),
        ("char=0,8", "The list … holds", "quote-parts"),
        ("char=0,8", " ".join(["the"] * 15), "quote-too-long"),
    ],
)
def test_a_place_that_cannot_be_read_is_told(workspace: Make, at: str, quote: str, code: str) -> None:
    """A row without a readable place, or whose quote does not go with its places, is left out and told."""
    found, findings = row(workspace, at, quote)
    assert [finding.code for finding in findings] == [code]
    assert [(finding.place.line, bool(finding.fix)) for finding in findings] == [(2, True)]
    assert found.height == 0


def test_every_bad_place_of_a_row_is_told(workspace: Make) -> None:
    """Two places that cannot be read are two findings, and each shows its own."""
    _, findings = row(workspace, "char=1;2 line=3", "a … b")
    assert [finding.message for finding in findings] == [
        "“char=1;2” is no place in a source",
        "“line=3” is no place in a source",
    ]


def test_rows_of_one_claim_share_it(workspace: Make) -> None:
    """Two rows with equal keys are one claim with two places; an equal place is one."""
    content = HEADER + "".join(
        f'place/veldania,describedAs,quiet,"char={start},{start + 5}",quiet\n' for start in (40, 4, 40)
    )
    claims, _ = read(workspace({"data/claims/river-post.csv": content}))
    assert claims.claims.height == 1
    assert claims.evidence["start"].to_list() == [4, 40]


def test_of_unlike_quotes_of_one_place_the_same_is_kept(workspace: Make) -> None:
    """Where no text decides between two quotes of one place, the order of rows does not either."""
    rows = [f'place/veldania,describedAs,quiet,"char=4,9",{quote}\n' for quote in ("quiet", "Quiet")]
    kept = [
        read(workspace({"data/claims/river-post.csv": HEADER + "".join(order)}))[0].evidence["exact"].to_list()
        for order in (rows, rows[::-1])
    ]
    assert kept[0] == kept[1]


# ── Verifying ──


def test_a_quote_in_its_place_is_verified() -> None:
    """The words between two characters are compared, the end not included."""
    assert verified(15, 23, "41 names") == ("41 names", [], 1)


def test_typographic_marks_may_be_typed_plainly() -> None:
    """Quote marks, dashes and blanks are compared plainly; the text's own characters are kept."""
    start = TEXT.index("“as")
    words, findings, count = verified(start, start + 15, '"as ever" - and')
    assert (words, findings, count) == ("“as ever” – and", [], 1)
    start = TEXT.index("names\u00a0in")
    assert verified(start, start + 8, "names in")[0] == "names\u00a0in"


@pytest.mark.parametrize("quote", ["41 Names", "41  name", "42 names", "41 name\n"])
def test_nothing_else_is_folded(quote: str) -> None:
    """Case, digits and blanks count: what the text does not read is no quote."""
    _, findings, count = verified(15, 23, quote)
    assert ([finding.code for finding in findings], count) == (["quote-mismatch"], 0)


@pytest.mark.parametrize(("start", "place"), [(14, "char=15,23"), (16, "char=15,23"), (60, "char=66,74")])
def test_a_quote_off_its_place_is_told_with_the_nearest_right_one(start: int, place: str) -> None:
    """Of several places where the words stand the nearest is named."""
    _, (finding,), _ = verified(start, start + 8, "41 names")
    assert finding.fix == f"write {place}"
    assert finding.code == "quote-mismatch"


def test_a_quote_that_stands_nowhere_is_told_with_what_does() -> None:
    """The message shows what the text reads at the place."""
    _, (finding,), _ = verified(15, 23, "29 names")
    assert finding.message == "at char=15,23 the text reads “41 names”, not “29 names”"
    assert finding.fix == "copy the words from the text"


def test_a_place_behind_the_end_is_told_with_the_length() -> None:
    """A place that the text is too short for is told as such, and where the words stand if they do."""
    _, (finding,), _ = verified(9000, 9008, "41 names")
    assert finding.code == "place-outside"
    assert f"has {len(TEXT)} characters" in finding.message
    assert finding.fix == "write char=66,74"


def test_a_long_passage_is_cut_in_messages() -> None:
    """A place that spans pages does not fill the screen, and its line ends are shown."""
    _, (finding,), _ = verified(0, 600, "41 names", "Line\n" * 200)
    assert len(finding.message) < 400
    assert "\n" not in finding.message
    assert "‹000A›" in finding.message


def test_characters_are_code_points() -> None:
    """Offsets count code points, however many bytes or units they take."""
    assert verified(2, 7, "Ələkb", "🙂 Ələkbər")[2] == 1


def test_a_source_without_text_is_not_verified() -> None:
    """Where no text is at hand, the quote stays as it was written and counts as not verified."""
    found, findings, count = verify_quotes(evidence(15, 23, "whatever"), {})
    assert (found["exact"].to_list(), findings, count) == (["whatever"], [], 0)


def test_places_the_wrong_way_round_are_left_to_the_shapes() -> None:
    """That a place ends before it begins is told by a shape, and not a second time here."""
    assert verified(23, 15, "41 names") == ("41 names", [], 0)


@given(st.text(max_size=60), st.data())
def test_any_part_of_a_text_is_verified_in_its_place(text: str, data: st.DataObject) -> None:
    """Whatever stands in a text between two characters is found there, and kept as it is."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    words, findings, count = verified(start, end, text[start:end], text)
    assert (words, findings) == (text[start:end], [])
    assert count == (1 if start < end else 0)


@given(st.text(max_size=60))
def test_folding_keeps_every_place(text: str) -> None:
    """Marks are folded one character for one, so that no offset moves; folding twice changes nothing."""
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


# ── Finding texts ──


def sources(text: bytes) -> str:
    """A table of sources with one whose text is this."""
    return f"id,title,sha256\nriver-post,New list,{hashlib.sha256(text).hexdigest()}\n"


def known(workspace: Workspace) -> Entities:
    """The entities of a workspace."""
    return read_entities(workspace.root / "data", load())[0]


def test_a_text_is_known_by_its_bytes(workspace: Make) -> None:
    """A text is found under any name and in any folder below, by the SHA-256 of its bytes."""
    text = TEXT.encode()
    made = workspace({"data/sources.csv": sources(text), "texts/2031/May/x.text": text, "texts/other.txt": b"other"})
    assert find_texts([made.root / "texts"], known(made))[0] == {"river-post": TEXT}


def test_a_text_that_was_changed_is_not_taken(workspace: Make) -> None:
    """One changed character makes another text."""
    made = workspace({"data/sources.csv": sources(TEXT.encode()), "texts/x.txt": TEXT + "\n"})
    assert find_texts([made.root / "texts"], known(made))[0] == {}


def test_line_ends_are_left_as_they_are(workspace: Make) -> None:
    """Offsets count the characters of the file as it is, carriage returns and a byte order mark too."""
    text = b"\xef\xbb\xbfOne\r\nTwo"
    made = workspace({"data/sources.csv": sources(text), "texts/x.txt": text})
    assert find_texts([made.root / "texts"], known(made))[0] == {"river-post": "\ufeffOne\r\nTwo"}


def test_a_folder_that_is_not_there_has_no_texts(tmp_path: Path, workspace: Make) -> None:
    """A workspace need not have texts."""
    made = workspace({"data/sources.csv": sources(b"")})
    assert find_texts([tmp_path / "none"], known(made))[0] == {}


def test_a_text_that_has_changed_is_told(tmp_path: Path) -> None:
    """A file named after a source that has another hash than its row gives is a warning at that row."""
    initialize(tmp_path / "new")
    text = tmp_path / "new" / "texts" / "river-post.txt"
    text.write_text(text.read_text("utf-8") + "more", "utf-8")
    reading = workspace.read(workspace.find_workspace(tmp_path / "new"))
    (finding,) = reading.findings
    assert (finding.code, str(finding.severity), str(finding.place)) == ("text-hash", "warning", "data/sources.csv:2")
    assert "river-post" not in reading.texts


def test_a_place_reaching_past_the_end_is_outside(workspace: Make) -> None:
    """A place that ends behind the text is outside, though the words at its beginning match."""
    from kg.workspace import read as read_workspace

    text = "forty"
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = files([Row("river-post", "list/spring", "count", "40", at="char=2,9", quote="rty")])
    made["data/sources.csv"] = f"id,title,sha256\nriver-post,A list,{digest}\n"
    assert [each.code for each in read_workspace(workspace({**made, "texts/a": text})).findings] == ["place-outside"]

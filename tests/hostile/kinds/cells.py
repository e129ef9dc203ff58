"""Cells that hold what they should not, and cells that only look so."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hostile.case import CLEAN, FINDINGS, Case
from hostile.kinds import rows

CLAIMS = "data/claims/river-post.csv"
# By column of the claims: the rows that have something there, and what is wrong in every one of them.
WRONG: dict[str, tuple[str, ...]] = {
    "subject": (
        "",
        "ana",
        "person/",
        "/x",
        "persn/ana-moor",
        "person/ana-more",
        "list/a#b",
        "person/Ana Moor",
        "../etc",
        "claim/0123456789abcdef",
    ),
    "property": (
        "",
        "isued",
        "heads ",
        "rdf:type",
        "<urn:x>",
        "names; drop",
        "a\nb",
        "count count",
        "ISSUED?",
        "x" * 300,
    ),
    "precision": ("circa", "exactly", "~", "at least", "0", "at-least,about", "💥", "NULL", "=1+1", "о"),
    "as_of": (
        "2031-02-30",
        "Jun-31",
        "spring",
        "2031-13",
        "06/09/2031",
        "9999999",
        "2031/",
        "..",
        "0000",
        "-2031-01-01",
    ),
    "claimant": (
        "ana",
        "person/nobody",
        "place/lowgate",
        "voice/",
        "voice/none",
        "list/harbour-2031-spring",
        "#",
        "organization/",
        "person/ana-moor person/jon-brask",
        "javascript:alert(1)",
    ),
    "said": ("yesterday", "2031-99", "31-05-03", "2031-05-32", "May 2031", "44684", "..", "1e9", "٢٠٣١-05", "NaN"),
    "via": (
        "nobody",
        "person/ana-moor",
        "sourc/river-post",
        "https://example.org",
        "..",
        "a b",
        "river post",
        "\u202eriver-post",
        "source/",
        "source/none",
    ),
    "stance": ("denied", "no", "true", "cannot verify", "assert", "-", "DENY", "denies?", "1", "asserts denies"),
    "at": (
        "char=5,1",
        "35",
        "char=0,999999999",
        "row=0",
        "char=0,0",
        "char=a,b",
        "char=-5,9",
        "page=0",
        "char=35,76,99",
        "char=1e3,2e3",
    ),
    "quote": (
        "On 4 May 2031 the Harbour Watch published",
        "x" * 100,
        "a b c d e f g h i j k l m n o p",
        "…",
        "\u202e",
        "Harbour\x00",
        "\x1b[2J",
        "on 3 may",
        "not there",
        "one … two",
    ),
    "review": ("maybe", "yes", "accept", "0", "approved", "rejected?", "✓", "open", "re-view", "none"),
}
# What is odd, and yet as it may be.
RIGHT: tuple[tuple[int, str, str], ...] = (
    (3, "note", "=HYPERLINK(1)"),
    (3, "note", "<script>alert(1)</script>"),
    (3, "note", "مرحبا שלום 𝒳"),
    (3, "note", "'; DROP TABLE claims; --"),
    (3, "note", "\\u202e \\n %s {0} $(id)"),
    (3, "note", "x" * 20_000),
    (3, "value", "0"),
    (3, "value", "999999999999999999"),
    (3, "as_of", "2031-05"),
    (3, "as_of", "0001-01-01"),
    (3, "as_of", "9999-12-31"),
    (3, "as_of", "2024-02-29/.."),
    (3, "precision", "at-least"),
    (18, "value", 'a#b<c>"d"'),
    (18, "value", "\\"),
    (18, "value", "💥" * 40),
)
WRONG_VALUES: tuple[tuple[int, str], ...] = (
    (1, "2031-02-30"), (1, "soon"), (1, "45414"), (2, "Harbour Watch"), (2, "organization/harbor-watch"), (2, "41"),
    (3, "36,659"), (3, "forty"), (3, "1e6"), (3, "٤١"), (3, "7.."), (3, "NaN"), (3, "1.5"),
    (9, "person/ana-moor"), (15, "41"), (16, "Mar-31"), (17, "place/nowhere"), (19, "law/"),
)  # fmt: skip


def generate(chance: random.Random) -> Iterator[Case]:
    """Two wrong cells of each column of the claims, wrong values, and cells that are only odd."""
    last = len(rows.rows(CLAIMS)) - 1
    for column, values in WRONG.items():
        # A row that says something wrong about a literal may be right about an entity, so they are plain.
        for value in chance.sample(values, 2):
            row = chance.choice([3, 6, 7, 8]) if column in ("quote", "at", "value") else chance.randint(1, last)
            yield _case(chance, row, column, value, FINDINGS, (f"{CLAIMS}:{row + 1}: violation[",))
    for row, value in chance.sample(WRONG_VALUES, 8):
        yield _case(chance, row, "value", value, FINDINGS, (f"{CLAIMS}:{row + 1}: violation[",))
    for row, column, value in chance.sample(RIGHT, 5):
        yield _case(chance, row, column, value, CLEAN, ())


def _case(chance: random.Random, row: int, column: str, value: str, code: int, says: tuple[str, ...]) -> Case:
    words = ("build",) if chance.random() < 0.7 else ("check",)
    name = f"{column} of row {row} is {value[:30]!r}"
    return Case(name, words, (code,), says, {CLAIMS: rows.changed(CLAIMS, row, column, value)})

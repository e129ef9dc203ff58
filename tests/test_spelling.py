"""The spellings of a name, and where a text has one of them."""

from __future__ import annotations

import time

import pytest

from kg.spelling import Spellings, folded, unescaped


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("İlqar Şəmsi", "ilqar şəmsi"),
        ("ilqar şəmsi", "İLQAR ŞƏMSİ"),
        ("Ana-Moor", "ana\u2011moor"),
        ("O'Reed", "O\u2019REED"),
        ("Zoé", "Zoe\u0301"),
        ("王小明", "記者王小明說"),
        ("خالد النوري", "وخالد النوري"),
        ("Ivo Reed", "Ivo\r\n  Reed"),
        ("Ivo Reed", "Ivo Reedov"),
        ("Straße Ost", "STRASSE OST"),
        ("Ivo Reed", "x=Ivo%20Reed"),
        ("Ivo Reed", "Ivo&#10;Reed"),
        ("𝒜na Moor", r"\ud835\udc9cna Moor"),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, text: str) -> None:
    """Case, kinds of blanks, dashes and quotes, composed letters, prefixes, endings and escapes hide no name."""
    assert [line for line, _ in Spellings.of([name]).lines(text)] == [1]


@pytest.mark.parametrize(("name", "text"), [("Ali", "Alice"), ("ali", "vali"), ("Ana Moor", "Diana Moor")])
def test_a_part_of_a_word_is_no_name(name: str, text: str) -> None:
    """A name within other letters is none, and no names at all are nowhere."""
    assert not list(Spellings.of([name]).lines(text))
    assert not list(Spellings.of([]).lines(text))


def test_lines_are_those_of_the_file() -> None:
    """Neither escapes nor tags that hold or stand for line ends move the lines that are told."""
    text = "a&#10;b\n<i\nclass='x'>Ivo</i>\n\\u000aIvo \\u0052eed"
    assert [line for line, _ in Spellings.of(["Ivo Reed"]).lines(text, ".html")] == [4]


@pytest.mark.parametrize("text", ["<" * 200_000, "&" * 200_000, "\\u" * 100_000, "%41" * 70_000, "a " * 100_000])
def test_long_runs_cost_linear_time(text: str) -> None:
    """Text that is made to be slow is looked through within seconds."""
    begin = time.process_time()
    assert not list(Spellings.of(["Ivo Reed", "a b"]).lines(text, ".html"))
    assert time.process_time() - begin < 5


def test_escapes_that_are_none_stay() -> None:
    """What only looks like an escape, or stands for no character, ends no search."""
    assert unescaped("& &x; &#99999999; %zz \\uZZZZ \\UFFFFFFFF") == "& &x; &#99999999; %zz \\uZZZZ  "
    assert folded("\ud800") == "\ud800"

"""Findings and errors as they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import Finding, InvalidRegistryError, KgError, Place, Severity, did_you_mean

FILES = st.sampled_from(["data/claims/river-post.csv", "data/people.csv"])
FINDINGS = st.builds(
    Finding,
    code=st.sampled_from(["bad-id", "wrong-type"]),
    severity=st.sampled_from(Severity),
    place=st.builds(Place, FILES, st.integers(0, 30)),
    message=st.sampled_from(["one", "another"]),
)


def test_a_place_names_its_line() -> None:
    """A place is a file and a line, as editors and compilers write it."""
    assert str(Place("data/people.csv", 4)) == "data/people.csv:4"


def test_a_whole_file_has_no_line() -> None:
    """A finding on a file as a whole names the file alone."""
    assert str(Place("data/people.csv")) == "data/people.csv"


def test_a_finding_tells_place_cause_and_mend() -> None:
    """The first line has file, line, severity, code and cause; the last the mend and where to read more."""
    finding = Finding("bad-id", Severity.WARNING, Place("data/people.csv", 4), "“A” cannot be an id", "write a")
    assert str(finding).splitlines() == [
        "data/people.csv:4: warning[bad-id] “A” cannot be an id",
        "  fix: write a.  kg explain bad-id",
    ]


def test_a_finding_names_the_other_places_that_take_part() -> None:
    """Related places stand on a line of their own, between cause and mend."""
    related = (Place("data/claims/river-post.csv", 2), Place("data/claims/river-post.csv", 9))
    finding = Finding("bad-id", Severity.INFO, Place("data/people.csv"), "x", "y", related)
    assert str(finding).splitlines()[1] == "  also: data/claims/river-post.csv:2, data/claims/river-post.csv:9"


def test_a_mend_that_is_a_sentence_keeps_one_full_stop() -> None:
    """A mend that ends in a full stop is not given a second one."""
    finding = Finding("bad-id", Severity.INFO, Place("data/people.csv"), "x", "Look it up.")
    assert "fix: Look it up.  kg explain" in str(finding)


@pytest.mark.parametrize("fix", ["did you mean issued?", "write 2031-06/.."])
def test_the_end_of_a_mend_is_left_as_it_is(fix: str) -> None:
    """A question gets no full stop, and an open time keeps its dots."""
    assert f"fix: {fix}  kg explain" in str(Finding("bad-id", Severity.INFO, Place("data/people.csv"), "x", fix))


@given(st.lists(FINDINGS, max_size=8), st.randoms())
def test_findings_have_one_order(findings: list[Finding], random: object) -> None:
    """However findings come, they are told by file and line."""
    shuffled = list(findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    told = [(f.place, f.code, f.message) for f in sorted(shuffled, key=Finding.order)]
    assert told == sorted((f.place, f.code, f.message) for f in findings)


def test_severities_are_those_of_shacl() -> None:
    """There are three severities, called as SHACL calls them."""
    assert [str(severity) for severity in Severity] == ["violation", "warning", "info"]


def test_an_error_tells_cause_and_mend() -> None:
    """An error that stops a command says why, and what to do about it."""
    assert str(KgError("there is no data/ here", "run kg init")) == "error: there is no data/ here\n  fix: run kg init"


def test_an_error_without_a_mend_is_one_line() -> None:
    """Where nothing can be advised, nothing is."""
    assert str(KgError("the disk is full")) == "error: the disk is full"


def test_an_invalid_registry_has_all_findings() -> None:
    """The error of a build carries every finding and says how many there are."""
    findings = [Finding("bad-id", Severity.VIOLATION, Place("data/people.csv", n), "x") for n in (2, 3)]
    error = InvalidRegistryError(iter(findings))
    assert error.findings == tuple(findings)
    assert str(error).startswith("error: 2 findings; nothing was built")


def test_the_nearest_word_is_offered() -> None:
    """A misspelt word is answered with the nearest known one."""
    assert did_you_mean("claimnt", ["subject", "claimant", "quote"]) == "did you mean claimant?"


def test_no_word_is_offered_where_none_is_near() -> None:
    """A word that resembles nothing gets no hint rather than a wild one."""
    assert did_you_mean("xyz", ["subject", "claimant"]) == ""


def test_hints_do_not_depend_on_the_order_of_words() -> None:
    """Of equally near words the same one is offered each time."""
    assert did_you_mean("at", ["cat", "bat"]) == did_you_mean("at", ["bat", "cat"])

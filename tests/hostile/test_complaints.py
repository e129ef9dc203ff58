"""The judge of cases: each thing that a command may not do is a complaint."""

from __future__ import annotations

import pytest

from hostile.case import CANNOT, CLEAN, FINDINGS, USAGE, Case, Ended, complaints

BEFORE = {"data/people.csv": "1", "build/kg.nq": "2"}
FIX = b"error: no\n  fix: do it\n"


def ended(code: int | None = CANNOT, out: bytes = b"", err: bytes = FIX, **changed: str) -> Ended:
    """How a command ended, by default as one should that cannot go on."""
    return Ended(
        code, 1.0, out, err, BEFORE, {**BEFORE, **{name.replace("_", "/"): to for name, to in changed.items()}}
    )


@pytest.mark.parametrize(
    ("case", "how", "complaint"),
    [
        (Case("x", codes=(CANNOT,)), ended(None), "did not end"),
        (Case("x", codes=(USAGE,)), ended(), "exit code 3, not 2"),
        (Case("x", codes=(CANNOT,)), ended(err=b"error: no\n"), "no line tells a fix"),
        (Case("x", codes=(CANNOT,)), ended(err=b"  fix: do it\n"), "no line tells a fix"),
        (Case("x", codes=(CANNOT,)), ended(err=b"error: no\n  fix: .\n"), "no line tells a fix"),
        (Case("x", codes=(FINDINGS,), data=True), ended(FINDINGS, b"[]", b""), "no line tells a fix"),
        (Case("x", codes=(CANNOT,), says=("kg.toml",)), ended(), "nothing says"),
        (Case("x", codes=(CANNOT,)), ended(err=b"Traceback (most recent call last):\n" + FIX), "Traceback"),
        (Case("x", codes=(CANNOT,)), ended(out=b'  File "x.py", line 1\n'), "File"),
        (Case("x", codes=(CANNOT,)), ended(err=FIX + b"\x1b[2J"), "U+001B"),
        (Case("x", codes=(CANNOT,)), ended(out="\u202e".encode()), "U+202E"),
        (Case("x", codes=(CANNOT,), data=True), ended(err=FIX + b"\r"), "U+000D"),
        (Case("x", codes=(CANNOT,)), ended(err=FIX + b"\xff"), "no UTF-8"),
        (Case("x", codes=(CANNOT,)), ended(data_new="3"), "changed: 'data/new'"),
        (Case("x", codes=(CANNOT,)), ended(build_new="3"), "changed: 'build/new'"),
        (Case("x", ("query", "lists"), (CLEAN,)), ended(CLEAN, build_new="3"), "changed: 'build/new'"),
        (Case("x", ("query", "-o", "new"), (CANNOT,)), ended(new="3"), "changed: 'new'"),
        (Case("x", ("build",), (CLEAN,)), ended(CLEAN, texts_new="3"), "changed: 'texts/new'"),
    ],
)
def test_what_may_not_be_is_a_complaint(case: Case, how: Ended, complaint: str) -> None:
    """Any one thing that does not hold is told, and nothing else is."""
    (told,) = complaints(case, how)
    assert complaint in told


@pytest.mark.parametrize(
    ("case", "how"),
    [
        (Case("x", codes=(CANNOT,)), ended()),
        (Case("x", ("build",), (CLEAN,)), ended(CLEAN, build_new="3")),
        (Case("x", ("query", "-o", "new"), (CLEAN,)), ended(CLEAN, new="3")),
        (Case("x", ("query", "-o", "@/new"), (CLEAN,), data=True), ended(CLEAN, b"a\r\n", b"")),
        (Case("x", codes=(FINDINGS,), data=True), ended(FINDINGS, b'[{"fix": "do it"}]', b"")),
    ],
)
def test_what_may_be_is_none(case: Case, how: Ended) -> None:
    """A build may change by a build that ends well, a file that is named may be written, and data may be data."""
    assert complaints(case, how) == []

"""Every case ends as documented, with a message and in time, and leaves inputs and builds as they were."""

from __future__ import annotations

import time

import pytest

from hostile.conftest import Count
from hostile.kinds import KINDS, LEAST, cases
from hostile.running import Runner


@pytest.mark.parametrize("kind", KINDS)
def test_cases_of_a_kind_hold(runner: Runner, counts: list[Count], kind: str) -> None:
    """No traceback, no raw control character, the exit code, a cause and a fix, an end; nothing is changed or lost."""
    tried = cases(kind)
    began = time.monotonic()
    found = runner.run(tried)
    wrong = {case.name: said for case, said in zip(tried, found, strict=True) if said}
    counts.append(Count(kind, len(tried), len(tried) - len(wrong), time.monotonic() - began))
    if wrong:
        told = "\n\n".join(f"{name}:\n  " + "\n  ".join(said) for name, said in wrong.items())
        pytest.fail(f"{kind}: {len(wrong)} of {len(tried)} cases did not hold\n\n{told}", pytrace=False)


def test_there_are_as_many_cases_as_promised() -> None:
    """The generator makes the same cases each time, under names of their own, and enough of them."""
    made = {kind: cases(kind) for kind in KINDS}
    for kind, tried in made.items():
        assert len({case.name for case in tried}) == len(tried), kind
        assert [case.name for case in cases(kind)] == [case.name for case in tried]
    assert sum(map(len, made.values())) >= LEAST

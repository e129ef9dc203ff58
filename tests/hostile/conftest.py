"""What hostile cases share: the runner, and the count of what was tried and what held, which closes the run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hostile.running import Runner, running


@dataclass(frozen=True)
class Count:
    """How many cases of a kind were tried, how many of them held, and how long that took."""

    kind: str
    tried: int
    held: int
    seconds: float


COUNTS = pytest.StashKey[list[Count]]()


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs cases in copies of one built workspace."""
    with running(tmp_path_factory.mktemp("hostile")) as found:
        yield found


@pytest.fixture(scope="session")
def counts(request: pytest.FixtureRequest) -> list[Count]:
    """The counts that close the run."""
    return request.config.stash.setdefault(COUNTS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Close the run with what was tried and what held."""
    if counts := config.stash.get(COUNTS, []):
        terminalreporter.section("hostile cases")
        for each in counts:
            terminalreporter.write_line(f"{each.kind}: {each.tried} tried, {each.held} held, {each.seconds:.0f} s")
        tried, held = sum(each.tried for each in counts), sum(each.held for each in counts)
        terminalreporter.write_line(f"{tried} cases tried, {held} held")

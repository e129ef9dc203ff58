"""What hostile cases share: the runner, and the count of what was tried and what held, which closes the run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hostile.running import Runner, running


@dataclass
class Count:
    """How many cases were tried, and how many of them held."""

    tried: int = 0
    held: int = 0


COUNT = pytest.StashKey[Count]()


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs cases in copies of one built workspace."""
    with running(tmp_path_factory.mktemp("hostile")) as found:
        yield found


@pytest.fixture(scope="session")
def count(request: pytest.FixtureRequest) -> Count:
    """The count that closes the run."""
    return request.config.stash.setdefault(COUNT, Count())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Close the run with what was tried and what held."""
    if count := config.stash.get(COUNT, None):
        terminalreporter.section("hostile cases")
        terminalreporter.write_line(f"{count.tried} cases tried, {count.held} held")

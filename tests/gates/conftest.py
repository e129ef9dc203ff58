"""What gates share: each counts what it tried and what held, and the count closes the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import pytest

# Where pytest begins to tell how an assertion came about, after what the assertion itself says.
WORKINGS = "\nassert "
Attempt = Callable[[str], AbstractContextManager[None]]
Gate = Callable[[str], AbstractContextManager[Attempt]]


@dataclass
class Count:
    """How many attempts one gate made, and why some of them did not hold."""

    title: str
    tried: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def held(self) -> int:
        """How many attempts held."""
        return self.tried - len(self.wrong)

    @contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """Try one thing; where it does not hold that is noted, and the next is tried."""
        self.tried += 1
        try:
            yield
        except Exception as error:
            self.wrong.append(f"{what}: {str(error).partition(WORKINGS)[0] or type(error).__name__}")


COUNTS = pytest.StashKey[list[Count]]()


@pytest.fixture
def gate(request: pytest.FixtureRequest) -> Gate:
    """Open a gate by its title; within it `with attempt("what")` tries one thing, and all must hold in the end."""
    counts = request.config.stash.setdefault(COUNTS, [])

    @contextmanager
    def opened(title: str) -> Iterator[Attempt]:
        count, began = Count(title), time.monotonic()
        counts.append(count)
        try:
            yield count.attempt
        finally:
            count.seconds = time.monotonic() - began
        if not count.tried:
            pytest.fail(f"{title}: nothing was tried", pytrace=False)
        if count.wrong:
            told = "\n\n".join(count.wrong)
            pytest.fail(f"{title}: {len(count.wrong)} of {count.tried} did not hold\n\n{told}", pytrace=False)

    return opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Close the run with what was tried and what held, gate by gate and in all."""
    counts = config.stash.get(COUNTS, [])
    terminalreporter.section("gates")
    for count in counts:
        terminalreporter.write_line(f"{count.title}: {count.tried} tried, {count.held} held, {count.seconds:.0f} s")
    tried, held = sum(count.tried for count in counts), sum(count.held for count in counts)
    terminalreporter.write_line(f"{tried} tried, {held} held")

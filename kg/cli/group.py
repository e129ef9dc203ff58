"""The group of all commands: it turns errors into messages and exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from kg.cli.endings import CLEAN, FINDINGS, Doing, exit_code

__all__ = ["CLEAN", "FINDINGS", "main"]


class _Commands(click.Group):
    """Turns errors into messages and exit codes."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        run: Any = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **extra)
        doing = extra.setdefault("obj", Doing())
        sys.exit(exit_code(lambda: run(*args, standalone_mode=False, **extra), doing))

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _reader_may_leave():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _reader_may_leave():
            return super().invoke(ctx)


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """End clean where nobody reads on: Click itself would end with 1, which means findings."""
    try:
        yield
    except BrokenPipeError:
        raise click.exceptions.Exit(CLEAN) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kg-registry", prog_name="kg")
def main() -> None:
    """Claims about political prisoners as a checked knowledge graph: who says so, and where exactly?

    Every command works on the workspace you stand in: a folder with data/. Results go to standard output, messages to
    standard error. Exit codes: 0 clean, 1 findings of severity violation, 2 wrong usage or refused, 3 cannot go on.
    """

"""How a command ends: whatever was raised becomes a message and an exit code, of which 1 means findings alone."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from kg.cli.printing import say, tell
from kg.errors import Finding, InvalidRegistryError, KgError, RefusedError, Severity
from kg.failures import INTERRUPTED, failure

CLEAN, FINDINGS, USAGE, CANNOT = 0, 1, 2, 3
_NO_ARGUMENTS = getattr(click.exceptions, "NoArgsIsHelpError", ())


@dataclass
class Doing:
    """What a command has come to, for the message if it fails: the build that it reads."""

    build: Path | None = None


def exit_code(work: Callable[[], object], doing: Doing) -> int:
    """Do the work of a command, tell how it failed if it did, and give its exit code."""
    try:
        try:
            code = work()
        except BaseException as error:
            return _told(error, doing)
    except BrokenPipeError:
        return CLEAN
    except KgError as error:
        tell(str(error))
        return CANNOT
    return code if isinstance(code, int) else CLEAN


def _told(error: BaseException, doing: Doing) -> int:
    """The exit code that an error means, told."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else CLEAN
    if isinstance(error, BrokenPipeError):
        return CLEAN
    if isinstance(error, click.ClickException):
        return _misused(error)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        # Click takes the end of a file for the wish to end.
        return cannot(error.__cause__, doing) if isinstance(error.__cause__, EOFError) else interrupted()
    if isinstance(error, InvalidRegistryError):
        for finding in error.findings:
            say(str(finding))
        tell(summary(error.findings) + "; nothing was built")
        return FINDINGS
    return cannot(error, doing)


def cannot(error: BaseException, doing: Doing) -> int:
    """Tell why a command cannot go on; with KG_TRACEBACK=1, also where in the program."""
    if os.environ.get("KG_TRACEBACK") == "1":
        import traceback

        tell("".join(traceback.format_exception(error)))
    found = failure(error, doing.build)
    tell(str(found))
    return USAGE if isinstance(found, RefusedError) else CANNOT


def interrupted() -> int:
    """Tell that a person ended the command."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell("interrupted")
    return INTERRUPTED


def _misused(error: click.ClickException) -> int:
    if isinstance(error, _NO_ARGUMENTS):
        tell(error.format_message())
        return USAGE
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        tell(context.get_usage())
    tell(str(KgError(error.format_message(), f"see {context.command_path if context else 'kg'} --help")))
    return USAGE


def close() -> int:
    """Empty what standard output still holds: the exit code if that fails, after which nothing is left to fail."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        code = CLEAN
    except OSError as error:
        code = cannot(error, Doing())
    else:
        return CLEAN
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - its number is needed, no path
        os.dup2(nothing.fileno(), 1)
    return code


def summary(findings: list[Finding] | tuple[Finding, ...]) -> str:
    """How many findings there are of each severity."""
    parts = []
    for severity in Severity:
        number = sum(finding.severity is severity for finding in findings)
        if number:
            parts.append(f"{number} {severity}{'s' if number > 1 and severity is not Severity.INFO else ''}")
    return ", ".join(parts) or "no findings"

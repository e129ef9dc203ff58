"""The group of all commands: it turns errors into messages and exit codes."""

from __future__ import annotations

import sys
from typing import Any

import click

from kg.cli.options import summary
from kg.errors import InvalidRegistryError, KgError, RefusedError

CLEAN, FINDINGS, USAGE, CANNOT = 0, 1, 2, 3


class _Commands(click.Group):
    """Turns errors into messages and exit codes."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except InvalidRegistryError as error:
            for finding in error.findings:
                click.echo(str(finding))
            click.echo(summary(error.findings) + "; nothing was built", err=True)
            context.exit(FINDINGS)
        except KgError as error:
            click.echo(str(error), err=True)
            context.exit(USAGE if isinstance(error, RefusedError) else CANNOT)
        except BrokenPipeError:
            sys.stderr.close()
            context.exit(CLEAN)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kg-registry", prog_name="kg")
def main() -> None:
    """Claims about political prisoners as a checked knowledge graph: who says so, and where exactly?

    Every command works on the workspace you stand in: a folder with data/. Results go to standard output, messages to
    standard error. Exit codes: 0 clean, 1 findings of severity violation, 2 wrong usage, 3 cannot go on.
    """

"""The command line: it only translates between words and the Python face, and imports what a command needs late."""

from kg.cli import making, asking, showing  # noqa: F401, I001 - the order of the commands in the help
from kg.cli.group import main

__all__ = ["main"]

"""The browser of this machine: which it is, whether it opens a page, and how it is installed.

The Makefile runs this before there are any packages, so it needs Python alone. `possible` ends with the one line that
helps where there is no browser and none may be installed; `install` installs one where it may.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

VARIABLE = "KG_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root, and most containers, cannot start Chromium's sandbox; the pages of the tests are the project's own.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WORDS = "a page is open"
ONE_LINE = {
    "debian": "sudo apt install chromium",
    # Ubuntu's own Chromium is a snap, which sees neither temporary folders nor containers.
    "ubuntu": "make && .venv/bin/python -m playwright install --with-deps chromium",
    "": f"install Chromium, or name a browser of its kind: {VARIABLE}=/path/to/browser make test",
}


class NoBrowserError(Exception):
    """There is no browser that opens pages; the message says what to do about it."""


def find() -> str:
    """The program that opens pages. Raises NoBrowserError if there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        program = shutil.which(named)
        if program is None or not opens_a_page(program):
            raise NoBrowserError(f"{VARIABLE} is {named}, which opens no page; name another, or unset {VARIABLE}")
        return program
    present = [program for program in map(shutil.which, NAMES) if program] + _of_playwright()
    for program in present:
        if opens_a_page(program):
            return program
    found = f"{', '.join(present)} opens no page" if present else "there is no browser"
    raise NoBrowserError(f"the tests need Chromium, and {found}: {_one_line()}")


def opens_a_page(program: str) -> bool:
    """Whether a browser shows a page of the temporary folder, which a stub or a shut-in browser does not."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = Path(folder) / "page.html"
        page.write_text(f"<!doctype html><p>{WORDS}", "utf-8")
        where = ["--disable-dev-shm-usage", f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()]
        try:
            shown = subprocess.run(
                [program, "--headless", *QUIET, *where],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=120,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return WORDS.encode() in shown.stdout


def possible() -> None:
    """Raise NoBrowserError if there is no browser and none may be installed."""
    try:
        find()
    except NoBrowserError:
        if os.environ.get(VARIABLE) or _install_commands() is None:
            raise


def install() -> str:
    """Install a browser if there is none, and tell which there is. Raises NoBrowserError if that does not help."""
    try:
        return find()
    except NoBrowserError:
        commands = _install_commands()
        if os.environ.get(VARIABLE) or commands is None:
            raise
    for command in commands:
        sys.stderr.write(f"there is no browser for the tests; running {' '.join(command)}\n")
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode:
            raise NoBrowserError(f"{done.stdout}{done.stderr}\nno browser could be installed: {_one_line()}")
    return find()


def _install_commands() -> list[list[str]] | None:
    if not shutil.which("apt-get"):
        return None
    first = _without_a_password()
    if first is None:
        return None
    if _distribution() == "ubuntu":
        return [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    apt = [*first, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    return [[*apt, "update"], [*apt, "install", "chromium"]]


def _without_a_password() -> list[str] | None:
    """What a command that installs begins with, if one may be run without asking anybody."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _of_playwright() -> list[str]:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return [str(path) for path in sorted(folder.glob("chromium-*/chrome-linux*/chrome"), reverse=True)]


def _distribution(told: Path = Path("/etc/os-release")) -> str:
    """`debian` or `ubuntu`, also for what is made of them; empty for any other."""
    try:
        lines = told.read_text("utf-8").splitlines()
    except OSError:
        return ""
    said = {name: value.strip("\"'") for name, _, value in (line.partition("=") for line in lines)}
    kinds = {said.get("ID", ""), *said.get("ID_LIKE", "").split()}
    return next((name for name in ("ubuntu", "debian") if name in kinds), "")


def _one_line() -> str:
    return ONE_LINE[_distribution()]


def main(what: str) -> int:
    """Do what the Makefile asks for; what cannot be is said in one line."""
    try:
        {"possible": possible, "install": install}[what]()
    except NoBrowserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

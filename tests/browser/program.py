"""The browser of this machine: which it is, whether it opens a page, and how what is missing is installed.

The Makefile runs this before there are any packages, so it needs Python alone. `possible` ends with the one line that
helps where something is missing and may not be installed; `install` installs it where that may be done.
"""

from __future__ import annotations

import ctypes
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
# The program by which Playwright steers a browser is linked with it, and a bare Debian does not have it.
LIBRARY, LIBRARY_PACKAGE = "libatomic.so.1", "libatomic1"
# Ubuntu's own Chromium is a snap, which sees neither temporary folders nor containers.
FROM_PLAYWRIGHT = ["-m", "playwright", "install", "--with-deps", "chromium"]


class NoBrowserError(Exception):
    """No browser opens pages here; the message says why."""


def find() -> str:
    """The program that opens pages. Raises NoBrowserError if there is none."""
    if named := os.environ.get(VARIABLE):
        program = shutil.which(named)
        if program is None or not opens_a_page(program):
            raise NoBrowserError(f"{named}, which {VARIABLE} names, opens no page")
        return program
    present = [program for program in map(shutil.which, NAMES) if program] + _of_playwright()
    for program in present:
        if opens_a_page(program):
            return program
    raise NoBrowserError(f"{', '.join(present)} opens no page" if present else "there is no browser")


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


def missing() -> str:
    """What is missing here and the command that installs it, in one line; empty if nothing is."""
    reasons = []
    try:
        find()
    except NoBrowserError as error:
        reasons.append(str(error))
    browser = bool(reasons)
    if not _has_library():
        reasons.append(f"there is no {LIBRARY}")
    return f"the tests open pages in Chromium, and {' and '.join(reasons)}: {_cure(browser)}" if reasons else ""


def possible() -> str:
    """What is missing and may not be installed, in one line; empty if the tests can have all they need."""
    wanting = missing()
    return wanting if wanting and _commands() is None else ""


def install() -> str:
    """Install what is missing where that may be done, and tell what is missing afterwards."""
    wanting = missing()
    for command in (_commands() if wanting else None) or []:
        sys.stderr.write(f"installing what the tests need: {' '.join(command)}\n")
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode:
            sys.stderr.write(done.stdout + done.stderr)
            break
        wanting = missing()
    return wanting


def _has_library() -> bool:
    if not sys.platform.startswith("linux") or not _distribution():
        return True
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return True


def _commands() -> list[list[str]] | None:
    """What installs all that is missing, if it may be installed without asking anybody."""
    first = _without_a_password()
    if first is None or not _distribution() or os.environ.get(VARIABLE):
        return None
    apt = [*first, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if _distribution() == "ubuntu":
        return [[*apt, "update"], [*apt, "install", LIBRARY_PACKAGE], [sys.executable, *FROM_PLAYWRIGHT]]
    return [[*apt, "update"], [*apt, "install", "chromium", LIBRARY_PACKAGE]]


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


def _cure(browser: bool) -> str:
    distribution = _distribution()
    if (browser and os.environ.get(VARIABLE)) or not distribution:
        return f"name another, {VARIABLE}=/path/to/browser, or install Chromium and leave {VARIABLE} out"
    packages = ["chromium"] if browser and distribution == "debian" else []
    if not _has_library():
        packages.append(LIBRARY_PACKAGE)
    steps = [f"sudo apt install {' '.join(packages)}"] if packages else []
    if browser and distribution == "ubuntu":
        steps += ["make", f".venv/bin/python {' '.join(FROM_PLAYWRIGHT)}"]
    return " && ".join(steps)


def main(what: str) -> int:
    """Do what the Makefile asks for; what is still missing then is said in one line."""
    wanting = {"possible": possible, "install": install}[what]()
    sys.stderr.write(f"{wanting}\n" if wanting else "")
    return 1 if wanting else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""What the tests need of a machine: a browser that opens pages, and the one line that helps where there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from browser import program

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n'
UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n'
MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
# Prints what a browser prints that was told to show a page.
SHOWS = '#!/bin/sh\nfor last; do :; done\ncat "${last#file://}"\n'
STUB = "#!/bin/sh\necho this needs the snap >&2\nexit 10\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that is all there is beside the system's own, on a Debian without a browser."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "cat", "true"):
        (programs / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    monkeypatch.delenv(program.VARIABLE, raising=False)
    monkeypatch.setattr(program, "_distribution", lambda: "debian")
    monkeypatch.setattr(program, "_has_library", lambda: True)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return programs


def _put(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_first_browser_that_opens_a_page_is_taken(machine: Path) -> None:
    """A stub that only stands in for a browser is passed over."""
    _put(machine, "chromium", STUB)
    works = _put(machine, "google-chrome", SHOWS)
    assert program.find() == works
    assert program.missing() == program.possible() == program.install() == ""


def test_a_stub_alone_is_no_browser(machine: Path) -> None:
    """What opens no page is named, with the line that helps."""
    stub = _put(machine, "chromium-browser", STUB)
    assert f"{stub} opens no page: sudo apt install chromium" in program.missing()


def test_a_named_browser_goes_before_those_that_are_found(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable KG_BROWSER names a program or a path; one that opens no page is not passed over in silence."""
    _put(machine, "chromium", SHOWS)
    mine = _put(machine, "mine", SHOWS)
    monkeypatch.setenv(program.VARIABLE, "mine")
    assert program.find() == mine
    monkeypatch.setenv(program.VARIABLE, "/nowhere/browser")
    assert "/nowhere/browser, which KG_BROWSER names, opens no page" in program.possible()
    assert program.possible() == program.install()


def test_without_rights_one_line_says_what_to_install(machine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An ordinary user without sudo gets the command, in one line, and nothing is run."""
    assert program.main("possible") == 1
    assert program.main("install") == 1
    line = "the tests open pages in Chromium, and there is no browser: sudo apt install chromium\n"
    assert capfd.readouterr() == ("", line * 2)


def test_a_missing_library_is_in_the_same_line(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What steers the browser needs a library; it is asked for with the browser, or alone."""
    monkeypatch.setattr(program, "_has_library", lambda: False)
    assert program.possible().endswith(f"no {program.LIBRARY}: sudo apt install chromium {program.LIBRARY_PACKAGE}")
    _put(machine, "chromium", SHOWS)
    assert program.possible().endswith(f"no {program.LIBRARY}: sudo apt install {program.LIBRARY_PACKAGE}")


def test_sudo_that_asks_nobody_installs_it(machine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where sudo needs no password, the package is installed and the browser found."""
    _put(machine, "sudo", '#!/bin/sh\nshift\nexec "$@"\n')
    puts = f"printf '%s' '{SHOWS}' > '{machine}/chromium'; /bin/chmod +x '{machine}/chromium'"
    _put(machine, "env", f'#!/bin/sh\ncase "$*" in *install*) {puts};; esac\n')
    assert program.possible() == ""
    assert not (machine / "chromium").exists()
    assert program.main("install") == 0
    assert "apt-get -qq install chromium" in capfd.readouterr().err


def test_an_installation_that_fails_shows_why(machine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What the installer said is shown, and then the one line."""
    _put(machine, "sudo", '#!/bin/sh\nshift\nexec "$@"\n')
    _put(machine, "env", "#!/bin/sh\necho no such package\nexit 100\n")
    assert program.main("install") == 1
    said = capfd.readouterr().err.splitlines()
    assert said[-2] == "no such package"
    assert said[-1].endswith("there is no browser: sudo apt install chromium")


def test_sudo_that_asks_for_a_password_is_not_waited_for(machine: Path) -> None:
    """Where sudo would ask, the line is said instead."""
    _put(machine, "sudo", "#!/bin/sh\nexit 1\n")
    assert program.possible().endswith("sudo apt install chromium")


@pytest.mark.parametrize(("told", "name"), [(DEBIAN, "debian"), (UBUNTU, "ubuntu"), (MINT, "ubuntu"), ("ID=x\n", "")])
def test_the_distribution_is_known_by_its_own_word(tmp_path: Path, told: str, name: str) -> None:
    """Debian, Ubuntu and what is made of them are told apart, since Ubuntu's Chromium is a snap."""
    path = tmp_path / "os-release"
    path.write_text(told, "utf-8")
    assert program._distribution(path) == name
    assert program._distribution(tmp_path / "none") == ""


@pytest.mark.parametrize(
    ("distribution", "line"), [("ubuntu", "playwright install --with-deps chromium"), ("", "KG_BROWSER=")]
)
def test_each_system_has_its_line(machine: Path, monkeypatch: pytest.MonkeyPatch, distribution: str, line: str) -> None:
    """On Ubuntu the browser comes from Playwright; elsewhere one is named."""
    monkeypatch.setattr(program, "_distribution", lambda: distribution)
    assert line in program.possible()

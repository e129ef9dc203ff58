"""The README and the documents: every command in them runs and prints what they show."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kg.cli import main

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CLI = ROOT / "docs" / "cli.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.S)


def _env() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "COLUMNS"))}
    paths = [str(Path(sys.executable).parent), kept.get("PATH", "")]
    return {**kept, "PATH": os.pathsep.join(paths), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


def _run(command: str, folder: Path) -> str:
    """What a command prints, findings and messages in the order in which a terminal shows them."""
    shell = command.replace("kg ", f"{sys.executable} -m kg ", 1) if command.startswith("kg ") else command
    done = subprocess.run(
        ["bash", "-c", f"{shell} 2>&1"],
        cwd=folder,
        env=_env(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's own registry, built, as someone has it who followed the README."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "data", folder / "data")
    _run("kg build", folder)
    return folder


def test_the_readme_shows_what_its_commands_print(checkout: Path, request: pytest.FixtureRequest) -> None:
    """Each console block of the README, run from top to bottom, prints exactly what stands in it."""
    update = request.config.getoption("--update-golden")
    text = README.read_text("utf-8")
    folder = checkout

    def replay(block: re.Match[str]) -> str:
        nonlocal folder
        shown = []
        for line in block[1].splitlines():
            if line.startswith("$ cd "):
                folder = folder / line.removeprefix("$ cd ")
                shown.append(line)
            elif line.startswith("$ "):
                shown += [line, *_run(line.removeprefix("$ "), folder).rstrip("\n").splitlines()]
        return "```console\n" + "\n".join(line.rstrip() for line in shown) + "\n```"

    fresh = _BLOCK.sub(replay, text)
    if update:
        README.write_text(fresh, "utf-8")
    assert fresh == text or update, "the README is out of date: python -m pytest tests/test_docs.py --update-golden"


@pytest.mark.parametrize(("command", "name"), [("draw all", "network.svg"), ("chart lists", "lists.svg")])
def test_a_picture_of_the_readme_is_drawn_from_the_registry(
    checkout: Path, request: pytest.FixtureRequest, command: str, name: str
) -> None:
    """The command that the README names draws the picture that it shows, to the byte; the network comes first."""
    text = README.read_text("utf-8")
    assert f"`kg {command} -o docs/{name}`" in text
    assert text.index("](docs/network.svg)") <= text.index(f"](docs/{name})")
    assert _run(f"kg {command} -o docs/{name}", checkout) == ""
    drawn, picture = checkout / "docs" / name, ROOT / "docs" / name
    if request.config.getoption("--update-golden"):
        picture.write_bytes(drawn.read_bytes())
    assert drawn.read_bytes() == picture.read_bytes(), "run: python -m pytest tests/test_docs.py --update-golden"


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    """The Python block of the README runs as it stands, beside the workspace that its console blocks make."""
    _run("kg init veldania", tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.S)
    (tmp_path / "readme.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "readme.py"],
        cwd=tmp_path,
        env=_env(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "insulting the Senate" in done.stdout


def _help() -> str:
    """The page of the command line, made from the commands' own help."""
    pages = ["# The command line\n", "This page is made from the commands' own help.\n"]
    for name, command in [("kg", main), *((f"kg {n}", c) for n, c in main.commands.items())]:
        context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
        text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
        pages.append(f"## {name}\n\n```text\n{text}\n```\n")
    return "\n".join(pages)


def test_the_command_line_page_is_the_help(request: pytest.FixtureRequest) -> None:
    """docs/cli.md holds the help of every command, word for word."""
    fresh = _help()
    if request.config.getoption("--update-golden"):
        CLI.write_text(fresh, "utf-8")
    assert CLI.read_text("utf-8") == fresh, "run: python -m pytest tests/test_docs.py --update-golden"


def test_the_page_on_networks_names_each_and_its_queries_run(tmp_path: Path) -> None:
    """docs/networks.md has a row for each projection, and its examples are projections of the example workspace."""
    from kg.network.projections import projections

    text = (ROOT / "docs" / "networks.md").read_text("utf-8")
    for name in projections():
        assert f"| `{name}` |" in text
    heads, trials = re.findall(r"```sparql\n(.*?)```", text, re.S)
    _run("kg init veldania", tmp_path)
    _run("kg build", tmp_path / "veldania")
    (tmp_path / "veldania" / "networks").mkdir()
    (tmp_path / "veldania" / "networks" / "heads.rq").write_text(heads, "utf-8")
    (tmp_path / "veldania" / "networks" / "trials.rq").write_text(trials, "utf-8")
    listed = _run("kg network", tmp_path / "veldania")
    assert "trials         Trials: who stands in cases that sources date" in listed
    assert "2 entities" in _run("kg network trials", tmp_path / "veldania")
    assert "2 entities" in _run("kg network heads", tmp_path / "veldania")


def test_links_between_documents_lead_somewhere() -> None:
    """Every relative link in the README and in docs/ names a file that is there."""
    for page in [README, *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_tables_page_names_every_column() -> None:
    """docs/tables.md has a row for each column of the claims tables and each entity table of the ontology."""
    from kg.claims import OPTIONAL, REQUIRED
    from kg.ontology import load

    text = (ROOT / "docs" / "tables.md").read_text("utf-8")
    for column in (*REQUIRED, *OPTIONAL):
        assert f"| `{column}` |" in text
    for kind in load().kinds.values():
        assert f"| `{kind.table}.csv` | `{kind.word}` |" in text
        row = next(line for line in text.splitlines() if line.startswith(f"| `{kind.table}.csv`"))
        columns = set(load().columns(kind)) - {"name", "aliases", "issued"}
        assert columns <= set(re.findall(r"`(\w+)`", row)), kind.table


def test_the_examples_of_extending_work(tmp_path: Path) -> None:
    """The class, the property, the check and the settings of docs/extending.md are read, built and listed."""
    text = (ROOT / "docs" / "extending.md").read_text("utf-8")
    terms, check = re.findall(r"```turtle\n(.*?)```", text, re.S)
    (settings,) = re.findall(r"```toml\n(.*?)```", text, re.S)
    assert _run(f"kg init {tmp_path / 'own'}", tmp_path)
    folder = tmp_path / "own"
    for name, content in {
        "ontology/courts.ttl": terms,
        "shapes/short-names/shape.ttl": check.replace("sh:maxLength 60", "sh:maxLength 8"),
        "kg.toml": settings,
        "data/courts.csv": "id,name,aliases,same_as\nlowgate,Court of Lowgate,,\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    assert "21 entities" in _run("kg build", folder)
    found = _run("kg check", folder)
    assert "data/people.csv:3: warning[short-names] person/jon-brask: a name is too long for our tables" in found
    assert "kg.toml:4: info[changed-checks] the settings change 2 checks" in found
    assert "violation[contradiction]" in found
    assert "Shorten the name" in _run("kg explain short-names", folder)
    assert "court:lowgate" in _run("kg export --format jsonld", folder)

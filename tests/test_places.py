"""Where a workspace still names somebody."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import registry
from kg.cli import main
from kg.errors import KgError
from kg.places import UNSEEN, Mention, places
from kg.workspace import find_workspace

WORLD = Path(__file__).parent / "worlds" / "contradicted-date"
PEOPLE = "id,name,aliases\nzora-quill,Zora Quill,Зора Квилл|Zora the Elder\nivo-reed,Ivo Reed,\n"
TEXT = "The court named\nZORA\u00a0 Quill and others.\n"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A workspace with two people, one of whom is named in many files."""
    root = tmp_path / "world"
    shutil.copytree(WORLD, root)
    (root / "data" / "people.csv").write_text(PEOPLE, "utf-8")
    (root / "texts" / "court.txt").write_text(TEXT, "utf-8")
    return root


def found(root: Path, name: str) -> set[str]:
    """The places that name somebody, as they are told."""
    return {str(each) for each in places(find_workspace(root), name) if each.kind != UNSEEN}


def unseen(root: Path, name: str = "person/zora-quill") -> dict[str, str]:
    """What could not be looked into, and why."""
    return {str(each): each.words for each in places(find_workspace(root), name) if each.kind == UNSEEN}


@pytest.mark.parametrize(
    "name",
    [
        "person/zora-quill",
        "zora-quill",
        "Zora Quill",
        " zora quill ",
        "ZORA\u202fQUILL",
        "Зора Квилл",
        "Zora the Elder",
        "https://w3id.org/kg-registry/id/person/zora-quill",
        "<https://w3id.org/kg-registry/id/person/zora-quill>",
    ],
)
def test_somebody_is_found_by_each_id_and_name(world: Path, name: str) -> None:
    """By id, IRI, slug, name or alias, in any case and with any blank, the same places are listed, with their lines."""
    assert found(world, name) == {"data/people.csv:2", "texts/court.txt:2"}


FORMS = {
    "out/graph.ttl": "@prefix person: <https://x.org/person/> . person:zora-quill a <https://x.org/P> .",
    "out/escaped.nt": '<https://x.org/a> <a:n> "\\u0417\\u043E\\u0440\\u0430 \\u041A\\u0432\\u0438\\u043B\\u043B" .',
    "out/escaped.ttl": '<https://x.org/a> <https://x.org/n> "\\U0000005Aora Quill" .',
    "out/plain.json": json.dumps({"name": "Зора Квилл"}),
    "out/table.tsv": "a\tb\n1\tZora Quill\n",
    "out/list.csv": "name\nZora the Elder\n",
    "out/page.html": "<p>Z&#111;ra&nbsp;Quill</p>",
    "out/split.html": "<p>Zo<b>ra</b> <i>Quill</i></p>",
    "out/named.html": "<a href='x?q=Zora%20Quill'>she</a>",
    "out/chart.svg": "<text><tspan>Zora</tspan><tspan>Quill</tspan></text>",
    "out/net.graphml": "<data>&#x417;&#x43e;&#x440;&#x430; Квилл</data>",
    "out/net.gexf": "<node label='zora-quill'/>",
    "out/net.cyjs": '{"id": "person\\/zora-quill"}',
    "out/notes.md": "**Zora Quill**",
    "out/wide.txt": "Zora Quill".encode("utf-16"),
    "out/soft.txt": "Zo\u00adra Qui\u200bll",
    "out/typeset.txt": "Zora\u2009Quill",
    "ontology/mine.ttl": "# Zora Quill",
    "shapes/mine/shape.ttl": "# zora-quill",
    "queries/hers.rq": "# Zora Quill",
    "networks/hers.rq": "# Zora Quill",
    "kg.toml": "# Zora Quill",
    ".people.csv.swp.txt": "Zora Quill",
    "data/notes/old.csv": "id\nzora-quill\n",
    "build-others/mine.csv": "Zora Quill",
    "no-ending": "Zora Quill",
}


@pytest.mark.parametrize("name", FORMS)
def test_files_are_looked_into_whatever_they_are(world: Path, name: str) -> None:
    """Exports and own files of any kind are listed, also where the name is escaped or divided by markup."""
    text = FORMS[name]
    (world / name).parent.mkdir(parents=True, exist_ok=True)
    (world / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    told = {each.rpartition(":")[0] for each in found(world, "person/zora-quill")}
    assert told == {"data/people.csv", "texts/court.txt", name}


def test_others_are_not_taken_for_somebody(world: Path) -> None:
    """A longer name or id that holds the one asked for is another; what goes on behind it, as endings do, is not."""
    (world / "out.txt").write_text("Fedzora Quill\nfedzora-quill\nZora Quills\nIvorine\nIvo Reed's\n", "utf-8")
    assert found(world, "person/zora-quill") == {"data/people.csv:2", "texts/court.txt:2", "out.txt:3"}
    assert found(world, "person/ivo-reed") == {"data/people.csv:3", "out.txt:5"}


def test_who_is_no_longer_in_the_tables_is_found(world: Path) -> None:
    """After somebody was deleted, the last build still tells the names; after the next one the name asked for does."""
    registry.build(world)
    (world / "data" / "people.csv").write_text("id,name,aliases\nivo-reed,Ivo Reed,\n", "utf-8")
    assert found(world, "person/zora-quill") == {"texts/court.txt:2", "build"}
    assert found(world, "Зора Квилл") == {"texts/court.txt:2", "build"}
    registry.build(world)
    assert found(world, "person/zora-quill") == {"texts/court.txt:2"}
    assert found(world, "Зора Квилл") == set()


def test_builds_are_told_once_each(world: Path) -> None:
    """The build and those as of days are told as a whole, those left by killed builds too, with their fate."""
    registry.build(world, as_of=date(2031, 2, 20))
    registry.build(world)
    shutil.copytree(world / "build", world / ".build-1-1", ignore=shutil.ignore_patterns("as-of"))
    told = registry.Registry(find_workspace(world)).places("zora-quill")
    builds = {each.file: each.words for each in told if each.kind == "build"}
    assert "kg build makes it again" in builds["build"]
    assert "removes it" in builds[".build-1-1"]
    assert builds.keys() <= {"build", ".build-1-1", "build/as-of/2031-02-20"}


def test_decisions_name_people_and_claims_on_them(world: Path) -> None:
    """A decision is listed that names somebody, or a claim on them, or whose other id is theirs."""
    claims = world / "data" / "claims" / "river-post.csv"
    with claims.open("a", encoding="utf-8") as file:
        file.write('person/zora-quill,alias,Z. Q.,,,,,,,"char=72,89",It holds 41 names,,\n')
    registry.build(world)
    rows = registry.open(world).rows.claims
    (key,) = rows.filter(rows["subject"] == "person/zora-quill").get_column("id")
    line = "judgement,first,second,reason,by,when\n"
    line += f"settle,claim/{key},,seen,curator,2031\nsame,person/zora-quill,person/z-q,seen,curator,2031\n"
    (world / "data" / "decisions.csv").write_text(line, "utf-8")
    (world / "out.txt").write_text("person/z-q\n", "utf-8")
    told = found(world, "Zora Quill")
    lines = len(claims.read_text("utf-8").splitlines())
    assert {"data/decisions.csv:2", "data/decisions.csv:3", "out.txt:1"} <= told
    assert f"data/claims/river-post.csv:{lines}" in told


def test_what_cannot_be_looked_into_is_named(world: Path) -> None:
    """Pictures, archives, links to folders, hidden folders and files that are none are named with the reason."""
    (world / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    (world / "paper.pdf").write_bytes(b"%PDF-1.4 text")
    (world / "old.csv.gz").write_bytes(b"\x1f\x8b\x08")
    with zipfile.ZipFile(world / "sheet.xlsx", "w") as file:
        file.writestr("a.xml", "Zora Quill")
    (world / "old.txt").write_bytes("é".encode("latin-1"))
    (world / ".git").mkdir()
    (world / "linked").symlink_to(world.parent)
    os.mkfifo(world / "pipe")
    told = unseen(world)
    assert told.keys() == {"picture.png", "paper.pdf", "old.csv.gz", "sheet.xlsx", "old.txt", ".git", "linked", "pipe"}
    assert "keeps what was committed" in told[".git"]
    assert told["pipe"] == "no regular file"


def test_the_names_of_files_count(world: Path) -> None:
    """A file or a folder that is called like somebody is listed, also if it cannot be looked into."""
    (world / "Zora Quill").mkdir()
    (world / "Zora Quill" / "zora-quill.png").write_bytes(b"\0")
    assert {"Zora Quill", "Zora Quill/zora-quill.png"} <= found(world, "zora-quill")


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
def test_nothing_is_asked_for(world: Path, name: str) -> None:
    """An empty name is an error, for it would be everywhere."""
    with pytest.raises(KgError, match="nothing is asked for"):
        places(find_workspace(world), name)


def test_folders_with_texts_elsewhere_are_looked_into(world: Path) -> None:
    """A folder given by --texts is searched, and told by its path."""
    elsewhere = world.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.txt").write_text("Zora Quill", "utf-8")
    told = places(find_workspace(world), "zora-quill", (elsewhere,))
    assert f"{elsewhere}/a.txt" in {each.file for each in told}


def test_the_command_lists_places_without_a_build(world: Path) -> None:
    """kg trace NAME --places needs no build and ends with 0, as a table or as JSON, also if nothing is found."""
    runner = CliRunner()
    table = runner.invoke(main, ["trace", "Zora Quill", "--places", "-w", str(world)])
    assert (table.exit_code, table.stderr) == (0, "")
    assert table.stdout.startswith("2 places name it\n")
    assert "data/people.csv:2" in table.stdout
    out = runner.invoke(main, ["trace", "zora-quill", "--places", "--format", "json", "-w", str(world)])
    assert [Mention(**each).line for each in json.loads(out.stdout)] == [2, 2]
    none = runner.invoke(main, ["trace", "Nobody Atall", "--places", "-w", str(world)])
    assert (none.exit_code, none.stdout) == (0, "0 places name it\n")
    assert runner.invoke(main, ["trace", "x", "--places", "--as-of", "2031", "-w", str(world)]).exit_code == 2

"""What a build would lose: it stops before, until it is told to go on."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import registry
from kg.cli import main
from kg.errors import RefusedError

WORLD = Path(__file__).parent / "worlds" / "contradicted-date"
DAY = date(2031, 12, 31)
POST, RADIO = "data/claims/river-post.csv", "data/claims/lowgate-radio.csv"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A workspace without a build."""
    shutil.copytree(WORLD, tmp_path / "world")
    return tmp_path / "world"


def sources(root: Path) -> set[str]:
    """The sources of which the build has claims."""
    return set(registry.open(root).rows.claims.get_column("source"))


def test_a_build_that_would_lose_a_source_stops(world: Path) -> None:
    """Where the table of a source is gone, nothing is built and the message names it, until --without does, too."""
    registry.build(world)
    before = (world / "build" / "kg.nq").read_bytes()
    (world / POST).unlink()
    with pytest.raises(RefusedError, match=f"{POST} is gone") as error:
        registry.build(world)
    assert error.value.fix == "put the file back, or build with --without river-post"
    assert (world / "build" / "kg.nq").read_bytes() == before
    registry.build(world, without=["river-post"])
    assert sources(world) == {"lowgate-radio", "tern-herald"}
    registry.build(world)


def test_each_source_that_is_gone_has_to_be_named(world: Path) -> None:
    """One of two named is not enough; named as ids or as files, they may go."""
    registry.build(world)
    (world / POST).unlink()
    (world / RADIO).unlink()
    with pytest.raises(RefusedError, match=f"{RADIO}, {POST} are gone"):
        registry.build(world)
    with pytest.raises(RefusedError, match=f"{RADIO} is gone"):
        registry.build(world, without=["river-post"])
    registry.build(world, without=["source/river-post", "lowgate-radio.csv"])
    assert sources(world) == {"tern-herald"}


def test_an_empty_folder_of_claims_is_a_loss(world: Path) -> None:
    """A disk that is not mounted gives no empty build."""
    registry.build(world)
    shutil.rmtree(world / "data" / "claims")
    with pytest.raises(RefusedError, match="are gone"):
        registry.build(world)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("river-pots", "did you mean river-post?"),
        ("tern-herald", "remove the file first, or leave --without out"),
        ("nobody", "leave --without out"),
    ],
)
def test_a_source_without_losses_is_a_usage_error(world: Path, name: str, fix: str) -> None:
    """What is misspelt, still there or unknown is told with a hint, before anything is built."""
    registry.build(world)
    (world / POST).unlink()
    with pytest.raises(RefusedError, match="no claims of it to lose") as error:
        registry.build(world, without=["river-post", name])
    if name != "river-pots":
        assert error.value.fix == fix
    assert "river-post" in sources(world)


def test_days_are_built_from_no_less_either(world: Path) -> None:
    """Asking as of a day stops too; where there is no build of the present, those as of a day count."""
    registry.build(world, as_of=DAY)
    (world / POST).unlink()
    for verb in (registry.build, registry.open):
        with pytest.raises(RefusedError, match=POST):
            verb(world, as_of=DAY)
    with pytest.raises(RefusedError, match=POST):
        registry.build(world)
    registry.build(world, without=["river-post"])
    assert registry.open(world, as_of=DAY).stale() == []


def test_a_table_without_rows_has_nothing_to_lose(world: Path) -> None:
    """A file of which the last build had no claims may go without a word."""
    head = (world / POST).read_text("utf-8").splitlines()[0]
    (world / "data" / "claims" / "harbour-letter.csv").write_text(head + "\n", "utf-8")
    with (world / "data" / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("harbour-letter,A letter from the harbour" + "," * (header(world).count(",") - 1) + "\n")
    registry.build(world)
    (world / "data" / "claims" / "harbour-letter.csv").unlink()
    registry.build(world)


def header(root: Path) -> str:
    """The first line of the table of sources."""
    return (root / "data" / "sources.csv").read_text("utf-8").splitlines()[0]


def test_a_damaged_build_stands_in_no_ones_way(world: Path) -> None:
    """Where the last build cannot be read, the tables are built as they are."""
    registry.build(world)
    (world / "build" / "manifest.json").write_text("[]", "utf-8")
    (world / POST).unlink()
    registry.build(world)
    assert "river-post" not in sources(world)


def test_the_command_line_stops_with_two(world: Path) -> None:
    """The refusal has exit code 2 and names the option, which may be repeated."""
    runner = CliRunner()
    assert runner.invoke(main, ["build", "-w", str(world)]).exit_code == 0
    (world / POST).unlink()
    (world / RADIO).unlink()
    refused = runner.invoke(main, ["build", "-w", str(world)])
    assert (refused.exit_code, "--without lowgate-radio --without river-post" in refused.stderr) == (2, True)
    given = ["--without", "river-post", "--without", "lowgate-radio"]
    assert runner.invoke(main, ["build", "-w", str(world), *given]).exit_code == 0
    assert runner.invoke(main, ["build", "-w", str(world), *given]).exit_code == 2


def test_a_source_with_a_name_that_no_file_can_have_is_no_source(world: Path) -> None:
    """However long the name after --without, there are no claims of it to lose."""
    registry.build(world)
    with pytest.raises(RefusedError, match="no claims of it to lose"):
        registry.build(world, without=["x" * 5000])

"""The registry as Python sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import rdflib
from conftest import Make
from worlds.generated import Row, files

import kg
from kg import registry
from kg.errors import InvalidRegistryError, KgError, Severity
from kg.registry import Registry, example_workspace, rows_behind
from kg.workspace import Workspace, read

# rdflib's own reader of datasets uses what rdflib itself calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
ROOT = Path(__file__).parent.parent
WORLDS = Path(__file__).parent / "worlds"
# Everything a build and its exports write, and what a check finds, as one hash.
HASHED = """
import hashlib, sys
import kg
from kg.export import rdf
built = kg.build(sys.argv[1], [sys.argv[2]])
seen = hashlib.sha256()
for name in ("kg.nq", "kg.ttl", "kg.trig", "manifest.json", "claims.arrow", "evidence.arrow", "links.arrow"):
    seen.update((built.workspace.build / name).read_bytes())
seen.update(built.export("jsonld"))
for name, text in built.export("csv").items():
    seen.update(name.encode() + text.encode())
for engine in ("fast", "reference"):
    for finding in built.check(engine):
        seen.update(str(finding).encode())
print(seen.hexdigest())
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """A built world with a contradiction, a denial and tallies."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copytree(WORLDS / "periods", folder, dirs_exist_ok=True)
    return kg.build(folder)


def test_the_package_offers_its_verbs() -> None:
    """kg.build and kg.open are at hand, and an unknown name is an error."""
    assert kg.build is registry.build
    assert kg.open is registry.open
    with pytest.raises(AttributeError, match="no attribute 'biuld'"):
        kg.biuld  # noqa: B018


def test_a_registry_is_built_and_opened(built: Registry) -> None:
    """What was built can be opened again, from any folder within, and is the same."""
    again = kg.open(built.workspace.root / "data")
    assert again.workspace == built.workspace
    assert again.manifest == built.manifest
    assert again.stale() == []


def test_what_was_never_built_cannot_be_opened(workspace: Make) -> None:
    """Opening tells to build first."""
    with pytest.raises(KgError, match="no build") as error:
        kg.open(workspace({}).root)
    assert error.value.fix == "run kg build"


def test_violations_stop_a_build_and_come_all_at_once(workspace: Make) -> None:
    """Faults in reading and faults of structure are in one error, in order of place."""
    found = [
        Row("river-post", "list/nowhere", "count", "40"),
        Row("river-post", "list/spring", "count", "many"),
        Row("tern-herald", "person/ana-moor", "count", "40"),
    ]
    with pytest.raises(InvalidRegistryError) as error:
        kg.build(workspace(files(found)).root)
    codes = [each.code for each in error.value.findings if each.severity is Severity.VIOLATION]
    assert codes == ["unknown-entity", "wrong-type", "domain"]
    assert "nothing was built" in str(error.value)


def test_warnings_stop_no_build(workspace: Make) -> None:
    """Contradictions, and sources without a hash, are left for the reader."""
    found = [Row("river-post", "list/spring", "count", "40"), Row("tern-herald", "list/spring", "count", "41")]
    opened = kg.build(workspace(files(found)).root)
    assert {each.code for each in opened.check()} == {"contradiction", "source-hash"}


def test_checks_see_the_tables_as_they_are_now(tmp_path: Path) -> None:
    """After a change of the tables, check tells of them though the build is an older one."""
    shutil.copytree(WORLDS / "periods", tmp_path, dirs_exist_ok=True)
    opened = kg.build(tmp_path)
    before = opened.check()
    (tmp_path / "data/claims/tern-herald.csv").unlink()
    assert len(opened.check()) < len(before) == 3
    assert opened.stale() == ["data/claims/tern-herald.csv"]


def test_a_build_is_asked_by_question_and_by_query(built: Registry) -> None:
    """Named questions and SPARQL answer over the union of all graphs."""
    assert built.query("sources").to_polars().height == 2
    query = "SELECT ?c { ?c a kg:Claim ; kg:standing kg:contested ; prov:wasQuotedFrom/oa:exact ?words }"
    assert built.query(query).to_polars().height == 6
    with pytest.raises(KgError):
        built.query("no-such-question")


def test_claims_are_a_frame(built: Registry) -> None:
    """Each claim is a row with ids and bounds as text, and with what follows for it."""
    frame = built.to_polars()
    assert frame.height == built.manifest["counts"]["claims"] == 10
    row = frame.filter(frame["value"] == "44").to_dicts()[0]
    assert (row["subject"], row["as_of"], row["from"], row["until"]) == (
        "place/veldania#political-prisoners",
        "2031-05",
        "2031-05-01",
        "2031-05-31",
    )
    assert (row["standing"], row["origin"], row["source"]) == ("contested", "source/tern-herald", "tern-herald")


def test_rdflib_sees_the_union_of_all_graphs(built: Registry) -> None:
    """In rdflib, a query over entities, claims and evidence needs no graph, and prefixes are at hand."""
    dataset = built.to_rdflib()
    assert isinstance(dataset, rdflib.Dataset)
    found = dataset.query("SELECT ?c { ?c a kg:Claim ; rdf:subject ?s . ?s a kg:Tally . ?c kg:standing kg:contested }")
    assert len(found) == 6
    assert built.manifest["counts"]["triples"] == len(list(dataset.quads()))


def test_texts_given_are_used_for_verifying_and_for_tracing(tmp_path: Path) -> None:
    """Texts may lie anywhere; a registry that was given them shows the words around a quote."""
    world, texts = tmp_path / "world", tmp_path / "elsewhere"
    shutil.copytree(WORLDS / "periods", world)
    shutil.move(world / "texts", texts)
    assert kg.build(world).manifest["counts"]["quotes verified"] == 0
    opened = kg.build(world, [str(texts)])
    assert opened.manifest["counts"]["quotes verified"] == 10
    assert opened.trace("place/lowgate")[0].passages[0].before
    assert not kg.open(world).trace("place/lowgate")[0].passages[0].before


def test_a_text_that_has_changed_is_not_taken(tmp_path: Path) -> None:
    """A text whose bytes are others than those that were hashed verifies nothing and is no text of the source."""
    shutil.copytree(WORLDS / "periods", tmp_path, dirs_exist_ok=True)
    with (tmp_path / "texts/river-post.txt").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert kg.build(tmp_path).manifest["counts"]["quotes verified"] == 5


def test_a_quote_that_is_not_in_its_place_stops_a_build(tmp_path: Path) -> None:
    """A mismatch with the text is an error that says where the words stand."""
    shutil.copytree(WORLDS / "periods", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "data/claims/tern-herald.csv"
    path.write_text(path.read_text("utf-8").replace("45 people died", "54 people died"), "utf-8")
    with pytest.raises(InvalidRegistryError) as error:
        kg.build(tmp_path)
    assert [each.code for each in error.value.findings] == ["quote-mismatch"]


def test_links_join_what_excludes_each_other(workspace: Make) -> None:
    """The rows beside the graph hold each denial and both sides of each contradiction."""
    found = [
        Row("river-post", "list/spring", "count", "40"),
        Row("tern-herald", "list/spring", "count", "41"),
        Row("lowgate-radio", "list/spring", "count", "40"),
        Row("lowgate-radio", "list/spring", "count", "1", precision="at-least", stance="denies"),
    ]
    reading = read(workspace(files(found)))
    source = {row["id"]: row["source"] for row in reading.claims.claims.iter_rows(named=True)}
    links = [(source[one], link, source[other]) for one, link, other in rows_behind(reading)["links"].iter_rows()]
    assert sorted(links) == [
        ("lowgate-radio", "contradicts", "tern-herald"),
        ("lowgate-radio", "deniedBy", "lowgate-radio"),
        ("river-post", "contradicts", "tern-herald"),
        ("river-post", "deniedBy", "lowgate-radio"),
        ("tern-herald", "contradicts", "lowgate-radio"),
        ("tern-herald", "contradicts", "river-post"),
        ("tern-herald", "deniedBy", "lowgate-radio"),
    ]


def test_the_example_is_fresh_each_time() -> None:
    """Each example workspace is a folder of its own, to be changed at will."""
    one, two = example_workspace(), example_workspace()
    try:
        assert one != two
        assert kg.build(one).check() == kg.build(two).check()
    finally:
        shutil.rmtree(one)
        shutil.rmtree(two)


def hashed(folder: Path, texts: Path, environment: Mapping[str, str]) -> str:
    """What a build in another process comes to."""
    done = subprocess.run(
        [sys.executable, "-c", HASHED, str(folder), str(texts)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["same-decision", "hostile", "origins"])
def test_no_byte_depends_on_hash_seed_threads_or_locale(tmp_path: Path, name: str) -> None:
    """With another hash seed, other threads, locale and time zone, all that is written is the same."""
    outcomes = set()
    for seed, threads, locale, zone in (("0", "1", "C", "UTC"), ("4242", "4", "C.UTF-8", "Asia/Baku")):
        folder = tmp_path / seed
        shutil.copytree(WORLDS / name, folder)
        named = {"PYTHONHASHSEED": seed, "POLARS_MAX_THREADS": threads, "LC_ALL": locale, "TZ": zone}
        shutil.rmtree(folder / "texts")
        outcomes.add(hashed(folder, WORLDS / name / "texts", named))
    assert len(outcomes) == 1


@pytest.fixture
def known_by(tmp_path: Path) -> Path:
    """A copy of the world in which sources become known one after the other."""
    shutil.copytree(WORLDS / "known-by", tmp_path / "known-by")
    return tmp_path / "known-by"


def test_a_registry_is_opened_as_it_was_known_on_a_day(known_by: Path) -> None:
    """Without a build of the present, a day is built when it is asked for; only what was known then is there."""
    opened = kg.open(known_by, as_of=date(2031, 4, 30))
    assert opened.workspace.build == known_by / "build" / "as-of" / "2031-04-30"
    assert set(opened.to_polars()["source"]) == {"senate-gazette", "harbour-letter", "river-post"}
    assert opened.query("lists").to_polars()["total"].to_list() == [41]
    assert "person/ana-moor" not in opened.export("nq").decode()  # type: ignore[union-attr]
    assert [each.code for each in opened.check()] == []
    assert [each.claim for each in opened.trace("List of 2031")] == [
        each.claim for each in kg.build(known_by).trace("List of 2031") if each.source in _sources(opened)
    ]


def _sources(opened: Registry) -> set[str]:
    return {f"source/{source}" for source in opened.manifest["sources"]["counted"]}


def test_nobody_is_known_by_name_before_their_source(known_by: Path) -> None:
    """A person of whom only a later source tells cannot be traced on an earlier day, nor is their name given away."""
    early, late = (kg.open(known_by, as_of=date(2031, 7, day)) for day in (14, 15))
    assert late.trace("Ana Moor")
    for name in ("Ana Moor", "person/ana-moor", "person/anna-moor"):
        with pytest.raises(KgError, match="nothing here is called") as error:
            early.trace(name)
        assert "ana-moor" not in error.value.fix
    assert "did you mean person/ana-moor" in _hint(late, "person/anna-moor")


def _hint(opened: Registry, name: str) -> str:
    with pytest.raises(KgError) as error:
        opened.trace(name)
    return error.value.fix


def test_a_day_is_built_again_when_the_tables_have_changed(known_by: Path) -> None:
    """A build as of a day answers as long as nothing has changed, and is made anew when something has."""
    day = date(2031, 4, 30)
    before = kg.open(known_by, as_of=day).manifest
    again = kg.open(known_by, as_of=day)
    assert again.manifest == before
    inode = (again.workspace.build / "manifest.json").stat().st_ino
    assert (kg.open(known_by, as_of=day).workspace.build / "manifest.json").stat().st_ino == inode
    sources = known_by / "data" / "sources.csv"
    sources.write_text(sources.read_text("utf-8").replace("2031-04,", "2031-05,"), "utf-8")
    later = sources.stat().st_mtime_ns + 10**9
    os.utime(sources, ns=(later, later))
    assert kg.open(known_by, as_of=day).manifest["counts"]["claims"] == before["counts"]["claims"] - 1


def test_a_day_is_built_again_by_another_version(known_by: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older program built as of a day is built anew, for its questions may ask for more."""
    day = date(2031, 4, 30)
    kg.open(known_by, as_of=day)
    monkeypatch.setattr("kg.manifest.installed", lambda _: "99")
    assert kg.open(known_by, as_of=day).manifest["versions"]["kg"] == "99"


def test_violations_stop_the_build_of_a_day_only_where_they_were_known(known_by: Path) -> None:
    """A fault in a row of a later source stops the build of the present, and of no earlier day."""
    path = known_by / "data" / "claims" / "court-circular.csv"
    path.write_text(path.read_text("utf-8").replace("P3Y", "P0Y"), "utf-8")
    for day in (None, date(2031, 7, 15)):
        with pytest.raises(InvalidRegistryError):
            kg.build(known_by, as_of=day)
    assert kg.build(known_by, as_of=date(2031, 7, 14)).manifest["counts"]["sources"] == 5


def test_a_registry_is_found_by_its_workspace(built: Registry) -> None:
    """A registry is what its workspace and its texts are; two of them are equal."""
    assert Registry(Workspace(built.workspace.root, built.workspace.settings)) == built


def test_only_claims_that_exclude_each_other_are_linked(workspace: Make) -> None:
    """Claims of one contradiction that agree with each other are not shown as against each other."""
    found = [
        Row("river-post", "list/spring", "count", "100", precision="about"),
        Row("tern-herald", "list/spring", "count", "105"),
        Row("lowgate-radio", "list/spring", "count", "106"),
    ]
    reading = read(workspace(files(found)))
    source = {row["id"]: row["source"] for row in reading.claims.claims.iter_rows(named=True)}
    links = {(source[a], source[b]) for a, _, b in rows_behind(reading)["links"].iter_rows()}
    assert ("river-post", "tern-herald") not in links
    assert ("river-post", "lowgate-radio") in links

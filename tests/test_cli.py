"""The command line as people use it: real processes, real files, exit codes and where output goes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parent.parent


def kg(*arguments: str, cwd: Path, stdin: str | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run kg in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of kg init, built."""
    folder = tmp_path_factory.mktemp("example")
    assert kg("init", "registry", cwd=folder).returncode == 0
    assert kg("build", cwd=folder / "registry").returncode == 0
    return folder / "registry"


def test_init_makes_a_workspace_that_builds_clean(tmp_path: Path) -> None:
    """A new workspace builds at once, with every quote of its example rows verified."""
    assert kg("init", "new", cwd=tmp_path).returncode == 0
    built = kg("build", cwd=tmp_path / "new")
    assert built.returncode == 0
    assert "25 of 25 quotes verified" in built.stdout
    assert built.stderr == ""


def test_init_overwrites_nothing(example: Path) -> None:
    """A folder that holds a registry already is left as it is."""
    again = kg("init", "registry", cwd=example.parent)
    assert again.returncode == 3
    assert "has a data/ already" in again.stderr


def test_every_table_of_a_new_workspace_has_an_example_row(example: Path) -> None:
    """Each table that kg init makes has at least one row below its header."""
    for table in example.joinpath("data").rglob("*.csv"):
        assert len(table.read_text("utf-8").splitlines()) > 1, table.name


def test_check_exits_clean_on_warnings_and_tells_them(example: Path) -> None:
    """A contradiction is a warning: told with file and line, and no failure."""
    checked = kg("check", cwd=example)
    assert checked.returncode == 0
    assert "data/claims/lowgate-radio.csv:2: warning[contradiction]" in checked.stdout
    assert checked.stderr == "1 warning\n"


def test_check_fails_on_a_violation(example: Path, tmp_path: Path) -> None:
    """A violation makes check exit with 1, and the same for build, which leaves the last build alone."""
    folder = tmp_path / "broken"
    shutil.copytree(example, folder)
    before = (folder / "build" / "manifest.json").read_bytes()
    people = folder / "data" / "people.csv"
    people.write_text(people.read_text("utf-8").replace("ana-moor,", "anna-moor,"), "utf-8")
    checked = kg("check", cwd=folder)
    assert checked.returncode == 1
    assert "person/ana-moor is in no table" in checked.stdout
    assert "did you mean person/anna-moor?" in checked.stdout
    built = kg("build", cwd=folder)
    assert built.returncode == 1
    assert "nothing was built" in built.stderr
    assert (folder / "build" / "manifest.json").read_bytes() == before


def test_check_writes_the_standard_report(example: Path) -> None:
    """--format ttl gives a SHACL validation report that any tool parses."""
    report = kg("check", "--format", "ttl", cwd=example).stdout
    sh = "http://www.w3.org/ns/shacl#"
    triples = {quad.triple for quad in ox.parse(report, format=ox.RdfFormat.TURTLE)}
    assert any(t.object == ox.NamedNode(sh + "ValidationReport") for t in triples)
    assert sum(t.predicate == ox.NamedNode(sh + "result") for t in triples) == 1


def test_check_json_holds_what_the_table_holds(example: Path) -> None:
    """--format json has code, severity, file, line, message and fix of each finding."""
    (finding,) = json.loads(kg("check", "--format", "json", cwd=example).stdout)
    assert (finding["code"], finding["file"], finding["line"]) == ("contradiction", "data/claims/lowgate-radio.csv", 2)
    assert finding["message"]
    assert finding["fix"]


def test_check_takes_a_graph_from_elsewhere(example: Path, tmp_path: Path) -> None:
    """kg check FILE validates a graph that came without its tables."""
    graph = tmp_path / "graph.ttl"
    shutil.copyfile(example / "build" / "kg.ttl", graph)
    assert kg("check", str(graph), cwd=tmp_path).returncode == 0
    text = graph.read_text("utf-8")
    graph.write_text(text.replace("kg:stance kg:denies ;", ""), "utf-8")
    broken = kg("check", str(graph), cwd=tmp_path)
    assert broken.returncode == 1
    assert "graph.ttl: violation[claim]" in broken.stdout


def test_engines_give_the_same_findings(example: Path) -> None:
    """The fast engine and pySHACL print the same."""
    assert kg("check", cwd=example).stdout == kg("check", "--engine", "reference", cwd=example).stdout


def test_query_by_name_file_and_standard_input(example: Path, tmp_path: Path) -> None:
    """A question is a name, a file, or - for standard input."""
    named = kg("query", "lists", cwd=example)
    assert named.returncode == 0
    assert "Spring list of 2031" in named.stdout
    text = "SELECT (COUNT(*) AS ?claims) WHERE { ?claim a kg:Claim }"
    (tmp_path / "count.rq").write_text(text, "utf-8")
    from_file = kg("query", str(tmp_path / "count.rq"), "--format", "csv", cwd=example)
    assert from_file.stdout.split() == ["claims", "25"]
    assert kg("query", "-", "--format", "csv", cwd=example, stdin=text).stdout == from_file.stdout


def test_query_without_a_question_lists_them(example: Path) -> None:
    """kg query alone prints every named question with its title and parameters."""
    listed = kg("query", cwd=example).stdout
    assert "contradictions" in listed
    assert "--set" in listed


@pytest.mark.parametrize("attack", ["INSERT DATA { <a:a> <a:b> <a:c> }", "DROP ALL", "LOAD <http://127.0.0.1:9/x>"])
def test_queries_cannot_write(example: Path, attack: str) -> None:
    """An update is refused with a message, and the build stays as it is."""
    before = (example / "build" / "kg.nq").read_bytes()
    refused = kg("query", "-", cwd=example, stdin=attack)
    assert refused.returncode == 3
    assert refused.stderr.startswith("error: ")
    assert "Traceback" not in refused.stderr
    assert (example / "build" / "kg.nq").read_bytes() == before


def test_unknown_names_get_a_hint(example: Path) -> None:
    """A misspelt question, entity or code is answered with the nearest one."""
    assert "lists" in kg("query", "list", cwd=example).stderr
    assert "person/ana-moor" in kg("trace", "person/anna-moor", cwd=example).stderr
    assert "contradiction" in kg("explain", "contradicton", cwd=example).stderr


def test_trace_leads_to_quote_and_row(example: Path) -> None:
    """A trace names claimant, source, the quote in its context, and file and line of the row."""
    traced = kg("trace", "Jon Brask", cwd=example).stdout
    assert "case/jon-brask-2031 charge insulting the Senate" in traced
    assert "«charged with insulting the Senate»" in traced
    assert "data/claims/river-post.csv:15" in traced


def test_trace_of_a_claim_shows_what_contradicts_it(example: Path) -> None:
    """A contested claim is shown with the claim on the other side."""
    rows = json.loads(kg("trace", "list/harbour-2031-spring", "--format", "json", cwd=example).stdout)
    contested = [row for row in rows if row["standing"] == "contested"]
    assert {row["value"] for row in contested} == {"2031-05-03", "2031-05-05"}
    assert contested[0]["against"] == [contested[1]["claim"]]


@pytest.mark.parametrize("name", ["out.ttl", "out.trig", "out.nq", "out.jsonld"])
def test_export_goes_by_the_ending(example: Path, tmp_path: Path, name: str) -> None:
    """The ending of the output names the syntax, and the file is not empty."""
    assert kg("export", "-o", str(tmp_path / name), cwd=example).returncode == 0
    assert (tmp_path / name).stat().st_size > 1000


def test_export_of_tables_needs_a_folder(example: Path, tmp_path: Path) -> None:
    """CSV is a folder of tables; asking for it on standard output is wrong usage."""
    assert kg("export", "--format", "csv", cwd=example).returncode == 2
    made = kg("export", "--format", "csv", "-o", str(tmp_path / "tables"), cwd=example)
    assert made.returncode == 0
    assert (tmp_path / "tables" / "claims.csv").is_file()
    assert (tmp_path / "tables" / "people.csv").is_file()


def test_networks_are_listed_measured_and_searched_for_paths(example: Path, tmp_path: Path) -> None:
    """kg network lists the networks, measures one as table, CSV or JSON, and finds a path with its claims."""
    names = [line.split()[0] for line in kg("network", cwd=example).stdout.splitlines()]
    assert names == ["actors", "all", "cases", "co-defendants", "lists", "sources"]
    table = kg("network", "all", "--most", "2", cwd=example).stdout
    assert "more, with" in table
    rows = kg("network", "all", "--format", "csv", cwd=example).stdout.splitlines()
    assert rows[0].startswith("id,label,kind,degree")
    told = json.loads(kg("network", "all", "--format", "json", cwd=example).stdout)
    assert len(told["nodes"]) == len(rows) - 1
    path = kg("network", "all", "--between", "Jon Brask", "Harbour Watch", cwd=example)
    assert path.stdout.startswith("Jon Brask (person/jon-brask) to Harbour Watch (organization/harbour-watch): 2 steps")
    lost = kg("network", "all", "--between", "Jon Brask", "Jon Brusk", cwd=example)
    assert lost.returncode == 3
    assert "fix: " in lost.stderr


@pytest.mark.parametrize("ending", ["graphml", "gexf", "cyjs"])
def test_a_network_is_taken_to_other_programs(example: Path, tmp_path: Path, ending: str) -> None:
    """A file that ends in .graphml, .gexf or .cyjs holds the network, and the same goes to standard output."""
    file = tmp_path / f"all.{ending}"
    assert kg("network", "all", "-o", str(file), cwd=example).returncode == 0
    assert kg("network", "all", "--format", ending, cwd=example).stdout == file.read_text("utf-8")


def test_a_network_is_taken_to_tables(example: Path, tmp_path: Path) -> None:
    """A file that ends in .csv makes two tables, one of the nodes and one of the edges, which are named."""
    made = kg("network", "all", "-o", str(tmp_path / "all.csv"), cwd=example)
    files = [tmp_path / "all-nodes.csv", tmp_path / "all-edges.csv"]
    assert made.stdout.split() == [file.as_posix() for file in files]
    assert all(file.is_file() for file in files)


def test_a_network_is_drawn_as_picture_or_page(example: Path, tmp_path: Path) -> None:
    """kg draw writes SVG, PNG or HTML by the ending of the file, and SVG on standard output."""
    for ending, start in (("svg", b"<svg "), ("png", b"\x89PNG"), ("html", b"<!doctype html>")):
        file = tmp_path / f"all.{ending}"
        drawn = kg("draw", "all", "-o", str(file), cwd=example)
        assert (drawn.returncode, drawn.stdout, drawn.stderr) == (0, "", "")
        assert file.read_bytes().lower().startswith(start.lower())
    assert kg("draw", "all", cwd=example).stdout == (tmp_path / "all.svg").read_text("utf-8")
    assert kg("draw", cwd=example).stdout == kg("network", cwd=example).stdout


def test_a_drawing_says_what_it_leaves_out(example: Path, tmp_path: Path) -> None:
    """Around an entity only its surroundings are drawn, and a page without quotes has none."""
    part = kg("draw", "all", "--around", "Jon Brask", "--most", "4", cwd=example).stdout
    assert "what surrounds Jon Brask" in part
    page = tmp_path / "all.html"
    kg("draw", "all", "--no-quotes", "-o", str(page), cwd=example)
    assert "taken from his school" not in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("draw", "all", "-o", "x.pdf"), "names no format of pictures"),
        (("network", "all", "-o", "x.pdf"), "names no format of networks"),
        (("draw", "cast"), "there is no projection “cast”"),
        (("draw", "all", "--around", "Nobody"), "Nobody is not in the network"),
        (("chart", "lists", "-o", "x.pdf"), "names no format of charts"),
    ],
)
def test_what_cannot_be_drawn_is_told_with_a_mend(example: Path, words: tuple[str, ...], told: str) -> None:
    """A file of no known format, an unknown network or entity end in one clear message and exit code 3."""
    made = kg(*words, cwd=example)
    assert made.returncode == 3
    assert told in made.stderr
    assert "fix: " in made.stderr


def test_how_far_around_nothing_is_refused(example: Path) -> None:
    """--steps says nothing without an entity from which to count, so it is a faulty use."""
    refused = kg("draw", "all", "--steps", "2", "-o", "all.svg", cwd=example)
    assert refused.returncode == 2
    assert "name it with --around" in refused.stderr


@pytest.mark.parametrize("words", [("draw", "all"), ("chart", "lists")])
def test_a_terminal_is_not_filled_with_svg(example: Path, words: tuple[str, ...]) -> None:
    """Before a terminal a picture without a file is refused, and told which endings there are; `-o -` writes it."""
    near, far = os.openpty()
    shown = subprocess.run(
        [sys.executable, "-m", "kg", *words],
        cwd=example,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=far,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(far)
    os.close(near)
    assert shown.returncode == 3
    assert "a terminal shows no pictures" in shown.stderr
    assert "name a file with -o that ends in .svg or .png" in shown.stderr
    assert kg(*words, "-o", "-", cwd=example).stdout.startswith("<svg ")


def test_a_chart_is_painted_as_png(example: Path, tmp_path: Path) -> None:
    """A chart goes into a PNG as well, the same bytes each time."""
    files = [tmp_path / "one.png", tmp_path / "two.png"]
    for file in files:
        assert kg("chart", "lists", "-o", str(file), cwd=example).returncode == 0
    assert files[0].read_bytes().startswith(b"\x89PNG")
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_chart_is_drawn_into_a_file_or_on_standard_output(example: Path, tmp_path: Path) -> None:
    """kg chart NAME writes one SVG, the same to a file and to standard output; without a name it lists the charts."""
    listed = kg("chart", cwd=example).stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["groups", "lists"]
    assert "Totals of the lists over time" in listed[1]
    drawn = kg("chart", "lists", "-o", str(tmp_path / "lists.svg"), cwd=example)
    assert (drawn.returncode, drawn.stdout, drawn.stderr) == (0, "", "")
    text = (tmp_path / "lists.svg").read_text("utf-8")
    assert text.startswith("<svg ")
    assert kg("chart", "lists", cwd=example, PYTHONHASHSEED="7").stdout == text


@pytest.mark.parametrize("name", ["lists.pdf", "lists"])
def test_a_chart_in_another_format_is_told(example: Path, tmp_path: Path, name: str) -> None:
    """An ending that names no format of charts is an error that says which does."""
    refused = kg("chart", "lists", "-o", str(tmp_path / name), cwd=example)
    assert refused.returncode == 3
    assert "end the file in .svg" in refused.stderr
    assert not (tmp_path / name).exists()


def test_a_folder_without_data_is_told_plainly(tmp_path: Path) -> None:
    """Outside a workspace a command says so, says what to do, and exits with 3."""
    lost = kg("build", cwd=tmp_path)
    assert lost.returncode == 3
    assert "there is no workspace" in lost.stderr
    assert "kg init" in lost.stderr


def test_an_unbuilt_workspace_is_told_plainly(tmp_path: Path) -> None:
    """A query before the first build says to build."""
    kg("init", ".", cwd=tmp_path)
    asked = kg("query", "lists", cwd=tmp_path)
    assert asked.returncode == 3
    assert "run kg build" in asked.stderr


def test_tables_that_changed_since_the_build_are_told(example: Path, tmp_path: Path) -> None:
    """A query on an outdated build warns on standard error and still answers."""
    folder = tmp_path / "changed"
    shutil.copytree(example, folder)
    table = folder / "data" / "people.csv"
    table.write_text(table.read_text("utf-8") + "mira-holm,Mira Holm,\n", "utf-8")
    asked = kg("query", "lists", cwd=folder)
    assert asked.returncode == 0
    assert "data/people.csv changed since the last build" in asked.stderr


@pytest.fixture(scope="module")
def known_by(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the world in which sources become known one after the other, not built."""
    folder = tmp_path_factory.mktemp("days") / "known-by"
    shutil.copytree(ROOT / "tests" / "worlds" / "known-by", folder)
    return folder


MAY = (
    "as of 2031-05-31: 4 of 8 sources, 1 of them at the earliest; left out: tern-herald (2031-06-10 at the earliest), "
)
MAY += "court-circular (2031-07-15 at the earliest), dock-leaflet (2031-08-01 at the earliest); left out because "
MAY += "nothing dates it: wall-poster; 1 decision made later, the first on 2031-06-30\n"


def test_as_of_a_day_every_command_tells_what_counts(known_by: Path, tmp_path: Path) -> None:
    """Each command that takes --as-of answers by what was known then, and says in a line what that is."""
    asked = kg("query", "lists", "--as-of", "2031-05", "--format", "csv", cwd=known_by)
    assert (asked.returncode, asked.stderr) == (0, MAY)
    assert [line.split(",")[2:4] for line in asked.stdout.splitlines()[1:]] == [
        ["2031-03-02", ""],
        ["", "41"],
        ["", "44"],
    ]
    checked = kg("check", "--as-of", "2031-05-31", cwd=known_by)
    assert checked.stderr == MAY + "1 warning\n"
    assert "count 44; 1 other source says 41" in checked.stdout
    built = kg("build", "--as-of", "2031-05-31", cwd=known_by)
    assert (built.returncode, built.stderr) == (0, MAY)
    assert "5 claims from 4 sources" in built.stdout
    assert "in build/as-of/2031-05-31/kg.ttl" in built.stdout
    exported = kg("export", "--as-of", "2031-05-31", "-o", str(tmp_path / "then.nq"), cwd=known_by)
    assert exported.stderr == MAY
    assert "tern-herald" not in (tmp_path / "then.nq").read_text("utf-8")
    traced = kg("trace", "Jon Brask", "--as-of", "2031-05-31", cwd=known_by)
    assert (traced.returncode, traced.stderr.startswith(MAY + "error: nothing here is called")) == (3, True)
    assert "complete" in kg("trace", "Jon Brask", "--as-of", "2031-08", cwd=known_by).stdout


def test_what_was_known_on_a_day_about_another(known_by: Path) -> None:
    """The day of knowledge is that of --as-of; the day that numbers are about is bound by --set on."""
    days = [("2031-03", "2031-01-15"), ("2031-06", "2031-01-15"), ("2031-06", "2031-02-15")]
    asked = [
        kg("query", "numbers", "--as-of", then, "--set", f"on={on}", "--format", "csv", cwd=known_by)
        for then, on in days
    ]
    values = [[line.split(",")[3] for line in each.stdout.splitlines()[1:]] for each in asked]
    assert values == [["38"], ["38", "45"], []]


@pytest.mark.parametrize("day", ["2031-13", "yesterday", "31.12.2031", "2031-02-30", "2031-05/..", ""])
def test_a_day_that_is_none_is_wrong_usage(known_by: Path, day: str) -> None:
    """--as-of takes a day, a month or a year, and says so of anything else."""
    asked = kg("query", "lists", "--as-of", day, cwd=known_by)
    assert asked.returncode == 2
    assert f"“{day}” is no day: write 2025-06-09, 2025-06 or 2025." in asked.stderr


def test_a_graph_from_elsewhere_has_no_day(known_by: Path) -> None:
    """Whatever a bare graph holds cannot be taken back to a day."""
    asked = kg("check", "data/lists.csv", "--as-of", "2031", cwd=known_by)
    assert asked.returncode == 2
    assert "leave GRAPH out" in asked.stderr


def test_every_code_explains_itself(example: Path) -> None:
    """kg explain lists the codes, and each has a meaning, a mend and an example."""
    codes = [line.split()[0] for line in kg("explain", cwd=example).stdout.splitlines()]
    assert len(codes) > 40
    from kg.explain import explanation

    for code in codes:
        text = explanation(code)
        assert text.startswith(f"{code}: ")
        assert "Mend: " in text
        assert "Example" in text


def test_help_imports_nothing_heavy() -> None:
    """kg --help needs neither polars nor an RDF library."""
    code = "import sys; from kg.cli import main\ntry:\n main(['--help'])\nexcept SystemExit: pass\n"
    code += (
        "heavy={'polars','pyoxigraph','rdflib','pyshacl','shacl','narwhals'} & set(sys.modules)\nsys.exit(bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0


def test_diff_exits_clean_whatever_differs(example: Path, tmp_path: Path) -> None:
    """Two lists, or two builds, are told apart on standard output or in a file whose ending names the format."""
    autumn, spring = "Autumn list of 2030", "list/harbour-2031-spring"
    told = kg("diff", autumn, spring, cwd=example)
    assert (told.returncode, told.stderr) == (0, "")
    assert "4 added; 1 of them named" in told.stdout
    assert kg("diff", autumn, spring, "-o", str(tmp_path / "lists.csv"), cwd=example).returncode == 0
    assert (tmp_path / "lists.csv").read_text("utf-8").startswith("section,key,name,")
    shutil.copytree(example / "build", tmp_path / "release")
    same = kg("diff", str(tmp_path / "release"), "build", cwd=example)
    assert (same.returncode, same.stdout.splitlines()[1]) == (0, "Nothing differs.")
    assert json.loads(kg("diff", "2031-04", "2031-05", "--format", "json", cwd=example).stdout)["claims"]


def test_diff_of_what_is_not_there_says_what_could_be_named(example: Path) -> None:
    """An unknown list ends the command with a hint."""
    told = kg("diff", "list/harbour-2031-sprung", "build", cwd=example)
    assert told.returncode == 3
    assert "fix: compare two lists" in told.stderr
    told = kg("diff", "list/harbour-2031-sprung", "list/harbour-2030-autumn", cwd=example)
    assert told.returncode == 3
    assert "did you mean list/harbour-2031-spring?" in told.stderr


def test_a_faulty_query_is_shown_with_a_mark_below_the_place(example: Path) -> None:
    """The line of the query stands below the message, and the mark below its place, also from the worker."""
    asked = kg("query", "-", cwd=example, stdin="SELECT ?s WHERE {\n  ?s ?p ?o .\n  FILTR(?s)\n}\n")
    lines = asked.stderr.splitlines()
    assert asked.returncode == 3
    assert lines[0].startswith("error: this is no SPARQL query: line 3, column 3")
    assert lines[1:3] == ["    FILTR(?s)", "    ^"]
    assert lines[3].startswith("  fix: ")

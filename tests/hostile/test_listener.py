"""Nothing leaves: a listener on loopback, and every way we know in which files and words of strangers could reach it.

Each way has a path of its own, so that a hit names it. What the program refuses is tried a second time past the
refusal, in the guarded worker alone; and a third time without either, which shows that the listener can be reached.
"""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from worlds.generated import ENTITIES

from hostile import ways_of_queries as asking
from hostile import ways_of_shapes as shaping
from hostile.listener import Job, Listener, Outcome, listening, processes, python
from hostile.loading import loaded_by_json, loaded_by_page, loaded_by_xml
from hostile.ways_of_cells import TABLES

FEWEST = 60
# The proxy is the listener, and the server has a name that nobody has.
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
NOBODY = "veldania.invalid"
SHAPES = {name: shaping.HEAD + body for name, (body, _) in shaping.REFUSED.items()}
RUN = {name: shaping.HEAD + body for name, body in shaping.RUN.items()}
QUERIES = {**asking.SERVICES, **asking.ANSWERED, **{name: text for name, (text, _) in asking.UPDATES.items()}}
SAYS = {**dict.fromkeys(asking.SERVICES, "SERVICE"), **{name: says for name, (_, says) in asking.UPDATES.items()}}
BY_ALL = ("plain", "from")
CHECK, REFERENCE, BUILD = ("check",), ("check", "--engine", "reference"), ("build",)
BY_PROXY = ("plain", "silent", "encrypted", "from", "load")
WRITTEN = (
    *(("draw", "all", "-o", f"all.{ending}") for ending in ("html", "svg", "png")),
    ("draw", "actors", "--around", "person/image", "-o", "around.html"),
    *(("chart", name, "-o", f"{name}.svg") for name in ("lists", "groups")),
    ("chart", "lists", "-o", "lists.png"),
    *(("network", "all", "-o", f"all.{ending}") for ending in ("graphml", "gexf", "cyjs", "csv", "json")),
    *(("export", "-o", f"all.{ending}") for ending in ("ttl", "trig", "nq", "jsonld")),
    ("export", "--format", "csv", "-o", "tables"),
)
TOLD = (
    ("build",),
    ("check",),
    ("query", "people"),
    ("query", "sources", "--format", "json"),
    ("query", "evidence"),
    ("trace", "person/image"),
    ("diff", "list/autumn", "list/spring"),
    ("network", "all"),
)
PYTHON = """
import kg
registry = kg.open(".")
graph = registry.to_rdflib()
registry.to_networkx(); registry.to_polars(); registry.check(); registry.trace("person/image")
assert len(graph) > 100
print(registry.projection("all")._repr_html_()[:1000])
"""


@dataclass(frozen=True)
class Tried:
    """What was tried: the ways by name, how each process ended, what reached the listener, and the workspaces."""

    ways: frozenset[str]
    outcomes: tuple[Outcome, ...]
    hits: tuple[str, ...]
    root: Path

    def of(self, way: str) -> list[Outcome]:
        """The outcomes of a way."""
        return [each for each in self.outcomes if each.job.way == way]


def aimed(text: str, way: str, listener: Listener, host: str = "") -> str:
    """A text with the address of the listener and the name of the way in their places."""
    address = host or f"127.0.0.1:{listener.port}"
    return text.replace("LISTENER", address).replace("PORT", str(listener.port)).replace("WAY", way)


class Plan:
    """The workspaces and processes by which the ways are tried."""

    def __init__(self, root: Path, listener: Listener) -> None:
        self.root, self.listener = root, listener
        self.jobs: list[Job] = []
        self.ways: set[str] = set()
        proxy = f"http://127.0.0.1:{listener.port}"
        self.proxies = {**dict.fromkeys(PROXIES, proxy), "no_proxy": "", "NO_PROXY": ""}

    def workspace(self, name: str, files: Mapping[str, str]) -> Path:
        """A workspace with files by their paths."""
        folder = self.root / name
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8", newline="")
        return folder

    def add(self, way: str, folder: Path, *arguments: str, stdin: str = "", proxies: bool = False) -> None:
        """A process of a way."""
        self.jobs.append(Job(way, arguments, str(folder), stdin, environment=self.proxies if proxies else {}))

    def own_files(
        self, group: str, kind: str, texts: Mapping[str, str], commands: Iterable[tuple[str, ...]], *, host: str = ""
    ) -> None:
        """A workspace with own files of a kind, and the commands that read them."""
        names = {name: f"{group}-{name}" for name in texts}
        self.ways.update(names.values())
        files = {
            f"{kind}/{names[name]}.ttl": aimed(text, names[name], self.listener, host) for name, text in texts.items()
        }
        folder = self.workspace(group, {**ENTITIES, **files})
        for arguments in commands:
            self.add(group, folder, *arguments, proxies=bool(host))

    def query(self, folder: Path, way: str, text: str, how: str, *, host: str = "") -> None:
        """A query by a command: its argument, standard input, a file, an own question or an own network."""
        self.ways.add(way)
        aim, add = aimed(text, way, self.listener, host), partial(self.add, way, folder, proxies=bool(host))
        if how == "argument":
            add("query", aim)
        elif how == "stdin":
            add("query", "-", stdin=aim)
        else:
            kind = {"file": ".", "question": "queries"}.get(how, "networks")
            self.workspace(folder.name, {f"{kind}/{way}.rq": "# A title\n" + aim})
            words = {"file": ("query", f"{way}.rq"), "question": ("query", way), "network": ("network", way)}
            add(*words.get(how, ("draw", way, "-o", f"{way}.svg")))

    def queries(self) -> None:
        """All queries, in two workspaces so that they run side by side."""
        folders = [self.workspace(name, ENTITIES) for name in ("asked", "asked-too")]
        for folder in folders:
            self.add("queries", folder, "build")
        for number, (name, text) in enumerate(QUERIES.items()):
            hows = asking.HOWS if name in BY_ALL else [asking.HOWS[number % len(asking.HOWS)]]
            for how in hows:
                way = f"query-{name}-by-{how}" if name in BY_ALL else f"query-{name}"
                self.query(folders[number % 2], way, text, how)
        for name in BY_PROXY:
            self.query(folders[0], f"proxy-query-{name}", QUERIES[name], "argument", host=NOBODY)
        for name, arguments in asking.ARGUMENTS.items():
            way = f"argument-{name}"
            self.ways.add(way)
            self.add(way, folders[1], *(aimed(each, way, self.listener) for each in arguments))

    def graphs(self) -> None:
        """All graph files, read by kg check."""
        folders = [self.workspace(name, {}) for name in ("graphs", "graphs-too")]
        for number, (name, (ending, text)) in enumerate(asking.GRAPHS.items()):
            self.graph(folders[number % 2], f"graph-{name}", ending, text)
        for name in ("jsonld-context", "turtle-owl-imports", "xml-entity-rdf"):
            self.graph(folders[0], f"proxy-graph-{name}", *asking.GRAPHS[name], host=NOBODY)
        (made,) = self.root.glob("graphs*/graph-turtle-sparql-in-data.ttl")
        self.add("graph-turtle-sparql-in-data", made.parent, "check", made.name, "--engine", "reference")

    def graph(self, folder: Path, way: str, ending: str, text: str, *, host: str = "") -> None:
        """A graph file."""
        self.ways.add(way)
        self.workspace(folder.name, {f"{way}{ending}": aimed(text, way, self.listener, host)})
        self.add(way, folder, "check", f"{way}{ending}", proxies=bool(host))

    def cells(self) -> None:
        """A workspace whose tables and texts are full of addresses, and all that is written from it."""
        for name, proxies in (("cells", False), ("cells-too", True)):
            files = {path: aimed(text, "", self.listener) for path, text in TABLES.items()}
            folder = self.workspace(name, files)
            self.ways.update(f"cell-{each}" for text in TABLES.values() for each in re.findall(r"/way/([\w-]+)", text))
            for arguments in TOLD if not proxies else TOLD[:1]:
                self.add("cells", folder, *arguments, proxies=proxies)
            written = WRITTEN[::2] if proxies else WRITTEN[1::2]
            for arguments in written:
                self.add("cells", folder, *arguments, proxies=proxies)
            self.jobs.append(Job("cells", (), str(folder), code=PYTHON, environment=self.proxies if proxies else {}))


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """A listener for all tests here."""
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Tried:
    """All ways, tried once."""
    plan = Plan(tmp_path_factory.mktemp("tried"), listener)
    imports = {name: shaping.HEAD + shaping.RUN[name] for name in ("shapes-import", "prefixes-import")}
    asked = {name: SHAPES[name] for name in ("select", "select-from")}
    plan.own_files("shape", "shapes", SHAPES, (CHECK, BUILD))
    plan.own_files("run", "shapes", RUN, (REFERENCE, BUILD))
    plan.own_files("proxy-shape", "shapes", asked, (CHECK,), host=NOBODY)
    plan.own_files("proxy-run", "shapes", imports, (REFERENCE,), host=NOBODY)
    for group, texts in (("terms-run", shaping.TERMS_RUN), ("terms-refused", shaping.TERMS_REFUSED)):
        plan.own_files(group, "ontology", {name: headed(text) for name, text in texts.items()}, (CHECK, BUILD))
    plan.queries()
    plan.graphs()
    plan.cells()
    listener.taken()
    outcomes = processes(plan.jobs)
    return Tried(frozenset(plan.ways), tuple(outcomes), tuple(listener.taken()), plan.root)


def headed(text: str) -> str:
    """A file of terms with its prefixes; XML has none."""
    return text if text.startswith("<?xml") else shaping.HEAD + text


def test_no_way_reaches_the_listener(tried: Tried, capsys: pytest.CaptureFixture[str]) -> None:
    """Of all ways none makes a connection."""
    with capsys.disabled():
        sys.stdout.write(f"\n{len(tried.ways)} ways tried, {len(tried.hits)} hits\n")
    assert not tried.hits
    assert len(tried.ways) >= FEWEST


def test_each_process_ends_as_documented(tried: Tried) -> None:
    """Whatever is tried ends with a documented exit code, in time, and with a message instead of a traceback."""
    for each in tried.outcomes:
        said = (each.job.way, each.job.arguments, each.code, each.output[-2000:])
        assert each.code in (0, 1, 2, 3), said
        assert "Traceback (most recent call last)" not in each.output, said
        assert each.code == 0 or each.output.strip(), said


@pytest.mark.parametrize("name", shaping.REFUSED)
def test_a_shape_that_asks_elsewhere_is_refused_at_its_file_and_line(tried: Tried, name: str) -> None:
    """What names SERVICE, FROM, LOAD or JavaScript is told with that word, in its file, at a line of its own."""
    body, says = shaping.REFUSED[name]
    for each in tried.of("shape"):
        assert each.code == 1
        found = re.findall(rf"^shapes/shape-{name}\.ttl:(\d+): violation\[bad-(?:shape|rdf)\] (.*)$", each.output, re.M)
        first, last = shaping.HEAD.count("\n") + 1, shaping.HEAD.count("\n") + 1 + body.count("\n")
        assert any(first <= int(line) <= last and says in message for line, message in found), (found, each.output)


def test_shapes_that_ask_nothing_elsewhere_are_run(tried: Tried) -> None:
    """Addresses in shapes that nobody follows keep nothing from being checked and built."""
    for each in tried.of("run"):
        assert each.code == 0, each.output
        assert each.job.arguments[0] == "build" or "owl:imports is not followed" in each.output


def test_terms_are_read_and_nothing_of_them_is_followed(tried: Tried) -> None:
    """Addresses in own terms are only names; XML and what is no Turtle is refused in its file."""
    assert {each.code for each in tried.of("terms-run")} == {0}, tried.of("terms-run")
    for each in tried.of("terms-refused"):
        assert each.code == 1, each.output
        for name in shaping.TERMS_REFUSED:
            assert re.search(rf"^ontology/terms-refused-{name}\.ttl:\d+: violation", each.output, re.M), each.output


@pytest.mark.parametrize("name", SAYS)
def test_a_query_that_asks_elsewhere_is_refused_by_the_word(tried: Tried, name: str) -> None:
    """SERVICE, LOAD and other updates are refused by name, however the query is handed over."""
    found = [each for each in tried.outcomes if re.fullmatch(rf"query-{name}(-by-\w+)?", each.job.way)]
    assert found
    for each in found:
        assert each.code == 3, each
        assert SAYS[name] in each.output.partition("\n")[0], each


@pytest.mark.parametrize("name", [name for name in asking.GRAPHS if name.startswith("xml-")])
def test_xml_is_refused_by_name(tried: Tried, name: str) -> None:
    """RDF/XML, under whatever ending, is named and not read."""
    (found,) = tried.of(f"graph-{name}")
    assert found.code == 3, found
    assert "XML" in found.output or name == "xml-in-jsonld", found


@pytest.mark.parametrize("name", [name for name in asking.GRAPHS if name.startswith("jsonld-")])
def test_jsonld_with_a_context_elsewhere_is_refused(tried: Tried, name: str) -> None:
    """A graph whose meaning lies on a server is not read in part; one with addresses for names is."""
    assert {each.code for each in tried.of(f"graph-{name}")} <= ({0, 1} if name == "jsonld-base" else {3})


def test_what_is_written_loads_nothing(tried: Tried) -> None:
    """Pages, pictures, networks and exports full of addresses and markup load none of them when they are opened."""
    pages = written(tried, ".html", ".svg")
    networks, contexts = written(tried, ".graphml", ".gexf"), written(tried, ".jsonld")
    assert (len(pages), len(networks), len(contexts)) == (5, 2, 1)
    texts = {path: path.read_text("utf-8") for path in pages}
    assert len([text for text in texts.values() if "/way/" in text]) >= 4
    for path, text in texts.items():
        assert loaded_by_page(text) == [], path
    for path in networks:
        places = [each for each in loaded_by_xml(path.read_bytes()) if "/way/" in each]
        assert places == [], path
    for path in contexts:
        assert loaded_by_json(json.loads(path.read_text("utf-8"))) == []


def written(tried: Tried, *endings: str) -> list[Path]:
    """The files that the workspaces with addresses in their cells were made into."""
    found = [path for name in ("cells", "cells-too") for path in (tried.root / name).iterdir()]
    return [path for path in found if path.suffix in endings]


# ── Past the refusals ──

PAST = {
    "shapes": SHAPES,
    "queries": QUERIES,
    "graphs": {name: text for name, (_, text) in asking.GRAPHS.items()},
}
REACHING = ("select-escaped-long", "target-select", "rule-construct", "function-select", "prefix-that-asks")
ATTEMPTED = """
import json, sys
from hostile import attempts
from kg.guard import run
asked = json.load(sys.stdin)
if sys.argv[1] == "guarded":
    print(json.dumps({task: run(f"hostile.attempts:{task}", {"texts": texts})[0] for task, texts in asked.items()}))
else:
    print(json.dumps({task: getattr(attempts, task)({"texts": texts}, b"")[0] for task, texts in asked.items()}))
"""


def attempted(guard: str, listener: Listener, tasks: Iterable[str] = PAST) -> tuple[set[str], int]:
    """What reaches the listener of what nobody has refused, and how many deeds were done or failed."""
    listener.taken()
    asked = {task: [aimed(text, f"{task}-{name}", listener) for name, text in PAST[task].items()] for task in tasks}
    became = json.loads(python(ATTEMPTED, json.dumps(asked), guard))
    return set(listener.taken()), sum(map(len, became.values()))


def test_the_worker_alone_keeps_everything_in(listener: Listener) -> None:
    """What the review of shapes and queries would let through by mistake, no engine can send."""
    hits, deeds = attempted("guarded", listener)
    assert hits == set()
    assert deeds == len(PAST["shapes"]) + 2 * len(PAST["queries"]) + len(PAST["graphs"])


def test_the_listener_can_be_reached(listener: Listener, capsys: pytest.CaptureFixture[str]) -> None:
    """Outside the worker the same engines reach it by the same texts: by queries, shapes, and contexts.

    What pySHACL refuses by itself, such as SERVICE in plain letters in sh:sparql, is not among them.
    """
    hits, _ = attempted("outside", listener)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(hits)} of these ways reach the listener outside the guard\n")
    assert {f"shapes-{name}" for name in REACHING} <= hits
    assert {"queries-plain", "queries-silent", "queries-escaped-letter", "queries-name-of-the-host"} <= hits
    assert {"graphs-jsonld-context", "graphs-xml-entity-rdf"} & hits


def test_a_plain_connection_is_a_hit(listener: Listener) -> None:
    """Whoever connects and says nothing of a way is counted, too, by either kind of address."""
    listener.taken()
    for address in listener.addresses:
        with socket.create_connection((address, listener.port)) as connection:
            connection.sendall(b"hello")
            connection.recv(10)
    assert [each.partition(":")[0] for each in listener.taken()] == ["unnamed"] * len(listener.addresses)

"""The registry as Python sees it: build it, open it, ask it, check it, trace it, take it to rdflib or polars."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from kg import chart as charts
from kg import export as exports
from kg import store, trace
from kg.check import check as check_reading
from kg.check import structure
from kg.collection import held_back
from kg.dataset import prefixes
from kg.diff import Build, BuildDiff, ListDiff, Lists, compare_builds, compare_lists, recorded
from kg.draw.scale import day_text
from kg.entities import Entities, read_entities
from kg.errors import Finding, InvalidRegistryError, KgError, Severity
from kg.evidence import find_texts
from kg.identity import Decision, identity, read_decisions
from kg.knowledge import known_by
from kg.losses import refuse_losses
from kg.manifest import input_hashes, looked_at, manifest, stale, versions
from kg.modes import Access, access_of
from kg.ontology import Ontology
from kg.places import Mention, places
from kg.query import Answer, Engine, Question
from kg.swap import MANIFEST, fresh_build, located, present_of, tidy
from kg.terminal import tell
from kg.trace import Rows
from kg.values import CellError, partial_date
from kg.workspace import Reading, Workspace, find_workspace, read

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from kg.projection import Projection

T = TypeVar("T")


def build(
    path: str | Path = ".",
    texts: Iterable[str | Path] = (),
    as_of: date | None = None,
    without: Iterable[str] = (),
    *,
    unguarded: bool = False,
) -> Registry:
    """Build the registry of the workspace at `path` and open it.

    `texts` are folders with the sources' texts, beside the workspace's own `texts/`. With a day (`as_of`), only what
    was known by then is built, into a folder of its own within that of the present. Raises InvalidRegistryError with
    all findings at once if the tables have violations; the build before stays as it was. Raises RefusedError where the
    last build had claims of a source whose table is gone, unless the source is one of `without`.

    >>> registry = build(example_workspace())
    >>> registry.manifest["counts"]["claims"] > 0
    True
    """
    workspace = replace(find_workspace(Path(path), as_of), unguarded=unguarded)
    folders = [Path(each) for each in texts]
    with fresh_build(workspace.build, _access(workspace)) as folder, ThreadPoolExecutor(1) as side:
        seen, hashes = looked_at(workspace), input_hashes(workspace)
        reading = read(workspace, folders)
        if reading.sound:
            # Else it is not known what is gone and what cannot be read.
            refuse_losses(workspace, tuple(without))
        checked = side.submit(structure, reading)
        store.write_dataset(folder, reading.dataset, rows_behind(reading))
        store.write_ontology(folder, reading.ontology)
        store.write_manifest(folder, manifest(reading, hashes), seen)
        for note in checked.result().notes:
            tell(note, sys.stderr)
        problems = sorted([*reading.findings, *checked.result().findings], key=Finding.order)
        if any(finding.severity is Severity.VIOLATION for finding in problems):
            raise InvalidRegistryError(problems)
    return Registry(workspace, tuple(folders))


def _access(workspace: Workspace) -> Access:
    home = present_of(located(workspace.build)).parent
    return access_of(workspace.root / "data", home, workspace.settings.shared)


def open(  # noqa: A001 - kg.open reads best
    path: str | Path = ".", texts: Iterable[str | Path] = (), as_of: date | None = None
) -> Registry:
    """Open the last build of the workspace at `path`. Raises KgError if it was never built.

    With a day (`as_of`) it is the registry as it was known on that day, built first where there is no such build, or
    where the tables have changed since.
    """
    workspace, folders = find_workspace(Path(path), as_of), tuple(Path(each) for each in texts)
    registry = Registry(workspace, folders)
    if as_of is not None and not _is_current(registry):
        return build(path, folders, as_of)
    tidy(workspace.build)
    _access(workspace).tighten(present_of(located(workspace.build)))
    store.read_manifest(workspace.build)
    return registry


def _is_current(registry: Registry) -> bool:
    """Whether there is a build, by this program and of the tables as they are."""
    try:
        return bool(registry.manifest["versions"] == versions()) and not registry.stale()
    except KgError:
        return False


def example_workspace() -> Path:
    """A fresh copy of the example workspace in a temporary folder, for trying things out."""
    import tempfile

    from kg.template import initialize

    folder = Path(tempfile.mkdtemp(prefix="kg-example-"))
    initialize(folder)
    return folder


def rows_behind(reading: Reading) -> dict[str, pl.DataFrame]:
    """The frames that lie beside the graph in a build, by name.

    They are the claims, their evidence and how claims are joined, and what else two builds are compared by.
    """
    claims = reading.claims.claims.join(reading.ledger.standing, on="id", how="left", maintain_order="left")
    against = [
        (one, "contradicts", other)
        for each in reading.ledger.contradictions
        for one, rivals in each.rivals.items()
        for other in rivals
    ]
    links = pl.DataFrame(against, schema=reading.ledger.links.schema, orient="row")
    return {
        "claims": claims,
        "evidence": reading.claims.evidence,
        "links": pl.concat([reading.ledger.links, links]).unique().sort("id", "link", "other"),
        **recorded(reading.entities, reading.decisions, reading.dataset),
    }


def _day(text: str) -> date | None:
    """The last day that a date may mean, if the text is one."""
    try:
        return partial_date(text)[1]
    except CellError:
        return None


@dataclass(frozen=True)
class Registry:
    """A built registry.

    >>> registry = build(example_workspace())
    >>> registry.query("sources").to_polars().height > 0
    True
    """

    workspace: Workspace
    texts: tuple[Path, ...] = ()

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What the build was made of: versions, hashes of inputs, counts, the hash of the graph."""
        return store.read_manifest(self.workspace.build)

    @cached_property
    def ontology(self) -> Ontology:
        """The ontology with the workspace's own terms, as the build has them."""
        return store.read_ontology(self.workspace.build)

    @cached_property
    def entities(self) -> Entities:
        """The entities of the tables; as of a day, those that were known."""
        return self._known[0]

    @cached_property
    def _known(self) -> tuple[Entities, list[Decision]]:
        data, day = self.workspace.root / "data", self.workspace.as_of
        entities, decisions = read_entities(data, self.ontology)[0], read_decisions(data)[0]
        return known_by(day, entities, self.rows.claims, decisions) if day else (entities, decisions)

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that queries may use without declaring them."""
        return prefixes(self.ontology, self.workspace.base)

    @cached_property
    def rows(self) -> trace.Rows:
        """The rows behind the build."""
        return self._read(Rows.load)

    @cached_property
    def source_texts(self) -> Mapping[str, str]:
        """The texts that are at hand, by source id."""
        return find_texts([self.workspace.root / "texts", *self.texts], self.entities)[0]

    def _read(self, read_build: Callable[[Path], T]) -> T:
        return store.read_whole(self.workspace.build, read_build)

    def places(self, name: str) -> list[Mention]:
        """Where the workspace still names an entity (by id, IRI, name or alias), whether it is in the tables or not."""
        return places(self.workspace, name, self.texts)

    def stale(self) -> list[str]:
        """The input files that have changed since the build."""
        return stale(self.workspace, dict(self.manifest))

    @cached_property
    def engine(self) -> Engine:
        """What answers the queries."""
        words = {word: term.iri for word, term in self.ontology.properties.items()}
        return Engine(
            store=self.workspace.build / "store",
            base=self.workspace.base,
            prefixes=self.prefixes,
            words=words,
            extra=self.workspace.root / "queries",
            guard=self.workspace.guard,
        )

    def query(self, question: str, *, timeout: float | None = None, **parameters: str) -> Answer:
        """Answer a named question, or a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT or DESCRIBE) over the union of graphs.

        Parameters are bound to variables of their names as terms: ids (`person/ana-moor`), words of properties, or
        literals. Queries can neither write nor reach the network; one that takes longer than `timeout` seconds of
        wall-clock time (60, or what kg.toml sets) is ended. Raises KgError for an unknown question, a faulty query or
        a time-out.
        """
        return self.engine.answer(question, parameters, timeout=timeout)

    def check(self, engine: str = "fast") -> list[Finding]:
        """All findings on the tables as they are now: of reading them, and of every shape. Empty is clean."""
        try:
            reading = read(self.workspace, self.texts)
        except InvalidRegistryError as error:
            return sorted(error.findings, key=Finding.order)
        return sorted([*reading.findings, *check_reading(reading, engine).findings], key=Finding.order)

    def trace(self, key: str) -> list[trace.Trace]:
        """The claims about an entity (by id, name or alias) or one claim (`claim/…`): who, where, which row.

        Raises KgError if nothing is called so.
        """
        return trace.trace(self.rows, key, self.source_texts, self.entities, identity(self._known[1]))

    def diff(self, first: str, second: str) -> ListDiff | BuildDiff:
        """Compare two lists (by id, name or alias), or two builds: `build`, folders of builds, or days (2025-06-01).

        A day means the registry as it was known on it. Raises KgError for what is none of these, or one of each.
        """
        builds = [self._build(key) for key in (first, second)]
        if builds[0] and builds[1]:
            return compare_builds(builds[0], builds[1])
        if builds[0] or builds[1]:
            other = second if builds[0] else first
            raise KgError(
                f"“{other}” is neither a day nor a build", "compare two lists, or two days or folders of builds"
            )
        decisions = tuple(self._known[1])
        lists = Lists(self.rows, self.entities, identity(decisions), decisions, self.source_texts)
        return compare_lists(lists, first, second)

    def _build(self, key: str) -> Build | None:
        """The build that a day, a folder or the word `build` means, if it means any."""
        folder = Path(key)
        if key == "build":
            folder = self.workspace.build
        elif day := _day(key):
            folder = open(self.workspace.root, self.texts, day).workspace.build
        elif not (folder / MANIFEST).is_file():
            return None
        found = store.read_manifest(folder)
        return store.read_whole(folder, lambda build: Build.load(build, key, found))

    def export(self, syntax: str) -> bytes | dict[str, str]:
        """The graph as `ttl`, `trig`, `nq` or `jsonld`, or for `csv` the text of each table by file name."""
        if syntax == "csv":
            return self._read(lambda build: exports.tables(build, self.ontology, self.workspace.base))
        return self._read(lambda build: exports.rdf(build, syntax, self.prefixes))

    def chart(self, name: str) -> str:
        """A chart, such as `lists`, as the text of an SVG: it loads nothing, and is the same bytes for the same graph.

        Raises KgError for a name that there is not.
        """
        return charts.draw(self.engine, name, self.workspace.as_of)

    def projections(self) -> Mapping[str, Question]:
        """The projections by name, those of the workspace's own `networks/` among them, each with its query."""
        from kg.network.projections import projections

        return projections(self.workspace.root / "networks")

    def projection(self, name: str, around: Iterable[str] = (), most: int | None = None, steps: int = 1) -> Projection:
        """Part of the registry as a network: a projection by its name, or a file of SPARQL that ends in `.rq`.

        A diagram of it shows what lies so many steps from the entities `around` (by id, name or alias), if there are
        any, and at most so many nodes. Raises KgError for an unknown name, and for a query that selects no `?source`,
        `?target` and `?relation`.
        """
        from kg.network.projections import project, projection
        from kg.projection import Projection

        found = projection(name, self.workspace.root / "networks")
        with held_back():
            network = project(self.engine, found, self.rows, self.entities, self.ontology)
        if day := self.workspace.as_of:
            network = replace(network, title=f"{network.title}, as known on {day_text(day.toordinal())}")
        keys, merged = tuple(map(self.key, around)), identity(self._known[1]).merged
        return Projection(network, self.rows, self.entities, self.ontology, merged, keys, most, steps)

    def to_networkx(self, name: str = "all") -> nx.MultiDiGraph:
        """A projection as NetworkX has it: typed nodes with labels, dates and claims; no literals, no `rdf:type`."""
        return self.projection(name).to_networkx()

    def key(self, name: str) -> str:
        """The id of an entity by its id, name or alias, as decisions have it go on; what is unknown stays as it is.

        Raises KgError for a name that several have.
        """
        return identity(self._known[1]).named(name, self.entities)

    def to_polars(self) -> pl.DataFrame:
        """The claims as a frame: a row each, with ids as text, bounds as text, standing and origin."""
        return self.rows.claims.select(column for column in exports.CLAIM_COLUMNS if column not in ("at", "quote"))

    def to_rdflib(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset in memory, whose default graph is the union of all.

        rdflib rewrites some literals it knows (`007` becomes `7`); exports do not.
        """
        import rdflib as rdf

        dataset = rdf.Dataset(default_union=True)
        dataset.parse(data=self._read(lambda build: exports.rdf(build, "nq", {})), format="nquads")
        for prefix, namespace in self.prefixes.items():
            dataset.bind(prefix, namespace)
        return dataset

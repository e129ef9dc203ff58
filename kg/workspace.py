"""A workspace: one folder with `data/`, and the order of the steps from its tables to a build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from kg.claims import Claims, read_claims
from kg.dataset import Dataset, compose
from kg.entities import Entities, read_entities
from kg.errors import Finding, InvalidRegistryError, KgError, Place, Severity
from kg.evidence import find_texts, verify_quotes
from kg.extension import extended
from kg.files import Fault, UnreadError, look_into, place_in, read_bytes, scan
from kg.guard import SECONDS, Guard, memory_share
from kg.identity import Decision, Identity, identity, read_decisions, unify
from kg.knowledge import Knowledge, counted_claims, known_by, last_day, when_known
from kg.ledger import Edition, Ledger, derive
from kg.ontology import Ontology
from kg.output import Protected
from kg.settings import FILE, Settings, read_settings
from kg.shipped import shipped
from kg.values import Literal

INPUTS = ("data", "texts", "ontology", "shapes", "queries", "networks", "reading", FILE)


@dataclass(frozen=True)
class Workspace:
    """A folder with `data/`, and optionally `texts/`, `ontology/`, `shapes/`, `queries/` and the settings `kg.toml`.

    With a day (`as_of`) it is read as it was known on that day. With `unguarded`, its own ontology and shapes are read
    also where the system cannot guard the process that reads them.
    """

    root: Path
    settings: Settings = field(default_factory=Settings)
    as_of: date | None = None
    unguarded: bool = False

    @property
    def guard(self) -> Guard:
        """The limits of the worker in which files of others are read."""
        seconds, memory = self.settings.seconds or SECONDS, self.settings.memory or memory_share()
        return Guard(seconds, memory, unguarded=self.unguarded)

    @property
    def base(self) -> str:
        """What its IRIs begin with."""
        return self.settings.base

    @property
    def build(self) -> Path:
        """The folder of the last build, or of the last one as of the day."""
        present = self.root / "build"
        return present / "as-of" / self.as_of.isoformat() if self.as_of else present

    def inputs(self, texts: Iterable[Path] = ()) -> tuple[Path, ...]:
        """All that is read of it, whether there is such a file or folder or not, and folders with texts elsewhere.

        This is the one list of them: no output lands on any.
        """
        return (*(self.root / name for name in INPUTS), *texts)

    def shown(self, path: Path) -> str:
        """A path as findings show it: from the workspace, with forward slashes, and printable."""
        return place_in(self.root, path, "").removeprefix("/")


def find_workspace(start: Path, as_of: date | None = None) -> Workspace:
    """The workspace one stands in: the nearest folder upwards that has `data/`; with a day, as it was known then.

    Raises KgError if there is none, or if its settings cannot be read.
    """
    try:
        there, root = start.is_dir(), _root(start)
    except OSError as error:
        message = f"one may not look for a workspace at {start}: {error.strerror}"
        raise KgError(message, "name another with -w") from error
    if not there:
        raise KgError(f"there is no folder {start}", "look at how it is spelled; kg init DIR makes a new workspace")
    if root is None:
        fix = "go to a folder with data/, name one with -w, or make one with kg init DIR"
        raise KgError(f"there is no workspace at {start.resolve()}", fix)
    return Workspace(root, read_settings(root), as_of)


def _root(start: Path) -> Path | None:
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / "data").is_dir()), None)


def protected(start: Path, output: Path, texts: Iterable[Path] = (), reads: Iterable[Path] = ()) -> Protected:
    """What an output may not land on: the inputs and builds of the workspace, and what else the command reads.

    It counts as well where the output would land in the registry of another workspace.
    """
    around = output.absolute().resolve().parents
    roots = [_root(start), *(each for each in around if (each / "data" / "claims").is_dir())]
    workspaces = [Workspace(root) for root in dict.fromkeys(roots) if root is not None]
    inputs = [path for each in workspaces for path in each.inputs()]
    own = [path for each in workspaces for path in (each.build, each.root / ".build-last")]
    beside = [path for each in workspaces for path in sorted(each.root.glob(".build-*"))]
    return Protected((*inputs, *texts, *reads), (*own, *beside))


@dataclass(frozen=True)
class Reading:
    """Everything a workspace's tables come to, before anything is written.

    `knowledge` says when each source became known; as of a day, the rest holds what was known by then. `verified`
    counts the quotes that stand where their rows say, `texts` names the sources whose text was at hand.
    """

    workspace: Workspace
    ontology: Ontology
    entities: Entities
    claims: Claims
    decisions: tuple[Decision, ...]
    identity: Identity
    ledger: Ledger
    knowledge: Knowledge
    dataset: Dataset
    findings: tuple[Finding, ...]
    verified: int
    texts: dict[str, str] = field(repr=False)

    @property
    def sound(self) -> bool:
        """Whether every row could be read and every quote at hand stands in its place."""
        return not any(finding.severity is Severity.VIOLATION for finding in self.findings)


def read(workspace: Workspace, texts: Iterable[Path] = ()) -> Reading:
    """Read the tables and take them all the way to a dataset, with all that is wrong in them.

    Texts are looked for in the workspace's `texts/` and in the folders given. As of a day, what only sources tell that
    were not yet known is left out, and so is what is wrong in their rows.
    """
    ontology, findings = own_ontology(workspace)
    if any(finding.severity is Severity.VIOLATION for finding in findings):
        raise InvalidRegistryError(findings)
    data = workspace.root / "data"
    look_into(data)
    entities, faults = read_entities(data, ontology)
    findings += faults
    claims, faults = read_claims(data, ontology, entities)
    findings += [*faults, *_stray(workspace, ontology)]
    decisions, faults = read_decisions(data, kinds=ontology.kinds)
    findings += faults
    knowledge = _knowledge(workspace, entities, claims, decisions)
    findings = [each for each in findings if not _of_later_rows(each.place, knowledge)]
    claims = counted_claims(claims, knowledge)
    entities, decisions = known_by(workspace.as_of, entities, claims.claims, decisions)
    found, faults = find_texts([workspace.root / "texts", *texts], entities)
    findings += faults
    evidence, faults, verified = verify_quotes(claims.evidence, found)
    findings += faults
    one = identity(decisions)
    claims = replace(claims, claims=unify(claims.claims, one), evidence=evidence)
    editions = _editions(entities, one)
    ledger = derive(claims.claims, ontology, decisions, _broader(entities, one), editions, knowledge.sources)
    dataset = compose(ontology, entities, claims, ledger, decisions, one, workspace.base, knowledge)
    # What is odd in a folder is found by each who looks into it.
    told = tuple(sorted(dict.fromkeys(findings), key=Finding.order))
    return Reading(
        workspace, ontology, entities, claims, tuple(decisions), one, ledger, knowledge, dataset, told, verified, found
    )


def own_ontology(workspace: Workspace) -> tuple[Ontology, list[Finding]]:
    """The ontology with what the workspace's own `ontology/` adds, and what is wrong in that."""
    files, unread = ontology_files(workspace)
    ontology, findings = extended(
        [(workspace.shown(path), data) for path, data in files], workspace.base, workspace.guard
    )
    return ontology, [*unread, *findings]


Contents = list[tuple[Path, bytes]]
_LARGEST = 64 << 20


def ontology_files(workspace: Workspace) -> tuple[Contents, list[Finding]]:
    """A workspace's own files of terms, `ontology/*.ttl`, and what only looks like one or cannot be read."""
    folder = workspace.root / "ontology"
    listed = scan(folder).ending(".ttl")
    return _contents(folder, list(listed.files), list(listed.faults))


def shape_files(workspace: Workspace) -> tuple[Contents, list[Finding]]:
    """A workspace's own files of shapes, `shapes/*.ttl` and `shapes/*/shape.ttl`, and what only looks like one.

    Of each folder in `shapes/` only `shape.ttl` is read: examples lie beside it.
    """
    folder = workspace.root / "shapes"
    listed = scan(folder)
    below = [scan(each) for each in listed.folders]
    named = listed.ending(".ttl")
    files = [*named.files, *(path for each in below for path in each.files if path.name == "shape.ttl")]
    inside = [fault for each in below for fault in each.ending("shape.ttl").faults]
    return _contents(folder, sorted(files), [*named.faults, *inside])


def _contents(folder: Path, files: list[Path], faults: list[Fault]) -> tuple[Contents, list[Finding]]:
    """What lies in files of an own folder; nothing of the shipped one, which a checkout of the program has there."""
    if _is_shipped(folder):
        return [], []
    contents: Contents = []
    for path in files:
        try:
            contents.append((path, read_bytes(path, _LARGEST)))
        except UnreadError as error:
            faults.append(error.fault)
    return contents, [fault.finding(folder, folder.name, Severity.VIOLATION) for fault in faults]


def _is_shipped(folder: Path) -> bool:
    try:
        return folder.samefile(shipped(folder.name))
    except OSError:
        return False


def _knowledge(workspace: Workspace, entities: Entities, claims: Claims, decisions: Iterable[Decision]) -> Knowledge:
    telling = frozenset(claims.claims.get_column("source").unique())
    decided = tuple(sorted(map(last_day, decisions)))
    return Knowledge(when_known(entities, claims.claims), telling, workspace.as_of, decided)


def _of_later_rows(place: Place, knowledge: Knowledge) -> bool:
    """Whether a place is a table of claims that do not count."""
    folder, _, name = place.file.rpartition("/")
    return folder == "data/claims" and not knowledge.counts(name.removesuffix(".csv"))


def _stray(workspace: Workspace, ontology: Ontology) -> list[Finding]:
    """What lies in `data/` and is read by nothing: under a misspelt name rows would be lost in silence."""
    data = workspace.root / "data"
    tables = {kind.word: kind.table for kind in ontology.kinds.values()} | {"decisions": "decisions"}
    tables |= {table: table for table in tables.values()}
    known = {data / f"{table}.csv" for table in tables.values()}
    known |= set(scan(data / "claims").ending(".csv").files)
    listed = scan(data, deep=True)
    odd = [fault.finding(data, "data", Severity.VIOLATION) for fault in (*listed.faults, *listed.ending(".csv").faults)]
    return odd + [
        Finding("unknown-table", Severity.VIOLATION, Place(workspace.shown(path)), "nothing reads this file", mend)
        for path in listed.files
        if path not in known and path.suffix not in (".md", ".txt") and path != data / "claims"
        for mend in [_table_meant(path, data, tables)]
    ]


def _table_meant(path: Path, data: Path, tables: Mapping[str, str]) -> str:
    """Under which name a file of `data/` would be read."""
    stem = path.stem.lower()
    if path.parent != data or stem in ("claim", "claims"):
        return "call it data/claims/ID.csv, where ID is the id of its source"
    near = get_close_matches(stem, sorted(tables), n=1)
    if near:
        return f"did you mean {tables[near[0]]}.csv?"
    return f"the tables are {', '.join(sorted({f'{table}.csv' for table in tables.values()}))}, and claims/*.csv"


def _broader(entities: Entities, one: Identity) -> dict[str, tuple[str, ...]]:
    """The slugs of the groups of which each group is a part."""

    def slug(key: str) -> str:
        return one.of(key).partition("/")[2]

    return {
        slug(group.id): tuple(
            slug(value) for term, value in group.values if term.word == "broader" and isinstance(value, str)
        )
        for group in entities.of("group")
    }


def _editions(entities: Entities, one: Identity) -> dict[str, Edition]:
    """The place of each list in its series; one that goes on under another id lends it what that lacks."""
    found: dict[str, Edition] = {}
    for each in sorted(entities.of("list"), key=lambda each: (one.of(each.id) != each.id, each.id)):
        known = found.get(one.of(each.id), Edition("", "", ""))
        dates = [v.bounds for t, v in each.values if t.word == "edition" and isinstance(v, Literal) and v.bounds]
        start, end = (dates[0].low, dates[0].high) if dates else ("", "")
        if known.start or known.end:
            start, end = known.start, known.end
        found[one.of(each.id)] = Edition(known.series or each.text("series"), start, end)
    return found

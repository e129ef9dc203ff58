"""Where a workspace still names somebody: rows, texts, own files, exports, builds, and what cannot be looked into."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from kg.entities import slug_fault
from kg.errors import KgError
from kg.spelling import Spellings, folded
from kg.swap import DAYS, DROPPINGS
from kg.terminal import padded, visible
from kg.workspace import Workspace

ROW, TEXT, OWN, BUILD, OTHER, UNSEEN = "row", "text", "own file", "build", "file", "not looked into"
_OWN = ("ontology", "shapes", "queries", "networks")
_LARGEST = 256 << 20
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"{\\rtf")


@dataclass(frozen=True)
class Mention:
    """A place that names somebody, or that could not be looked into: its kind, file and line, and the words there.

    Line 0 is the file, folder or build as a whole.
    """

    kind: str
    file: str
    line: int
    words: str

    def __str__(self) -> str:
        file = visible(self.file)
        return f"{file}:{self.line}" if self.line else file


def places(workspace: Workspace, name: str, texts: tuple[Path, ...] = ()) -> list[Mention]:
    """Where the workspace, and folders with texts beside it, still name an entity: by id, IRI, name or alias.

    It may be in the tables or not, and there may be a build or not. What the tables or the last builds call it is
    looked for, too, and what is the same by a decision. Raises KgError if nothing is asked for.
    """
    if not folded(name).strip():
        raise KgError("nothing is asked for", "name a person by id or name")
    looking = _Search(workspace, Spellings.of(called := _called(workspace, name)), _claims(workspace, called))
    found = [*looking.folder(workspace.root)]
    for folder in texts:
        if not folder.resolve().is_relative_to(workspace.root):
            found += looking.folder(folder)
    return sorted(found, key=lambda each: (_ORDER.index(each.kind), each.file, each.line))


_ORDER = (ROW, TEXT, OWN, OTHER, BUILD, UNSEEN)


def lines(found: list[Mention]) -> Iterator[str]:
    """The places as a terminal shows them: those that name somebody, then those that were not looked into."""
    named = [each for each in found if each.kind != UNSEEN]
    wide = max((len(str(each)) for each in found), default=0)
    yield f"{len(named)} places name it" if len(named) != 1 else "1 place names it"
    for each in named:
        yield f"  {padded(each.kind, 8)}  {padded(str(each), wide)}  {visible(each.words)}"
    if len(named) < len(found):
        yield f"{len(found) - len(named)} could not be looked into"
        for each in found[len(named) :]:
            yield f"  {padded(str(each), wide)}  {visible(each.words)}"


def places_text(found: list[Mention], syntax: str) -> str:
    """The places as text for people, or as JSON."""
    if syntax == "json":
        return json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2) + "\n"
    return "".join(f"{line}\n" for line in lines(found))


# ── what somebody is called ──


def _called(workspace: Workspace, name: str) -> set[str]:
    """All that an entity is called in the tables and the last builds, by one of its ids, IRIs, names or aliases."""
    name = name.strip().strip("<>")
    known = _known(workspace)
    asked = name.removeprefix(workspace.base)
    found = {asked, *([_as_slug(asked)] if "/" not in asked and _as_slug(asked) else [])}
    wanted = {folded(each) for each in found}
    # Who is meant goes by any name; what else is the same goes by its id alone, for names may be shared.
    for called in (each for each in known if wanted & _spelled(each)):
        found |= called
    while more := {key for called in known if found & _ids(called) for key in called} - found:
        found |= more
    slugs = {each.rpartition("/")[2] for each in _ids(found)}
    return found | slugs | {slug.replace("-", " ") for slug in slugs}


def _spelled(called: set[str]) -> set[str]:
    return {folded(each) for each in called} | {folded(each.rpartition("/")[2]) for each in _ids(called)}


def _ids(called: set[str]) -> set[str]:
    return {each for each in called if "/" in each and " " not in each}


def _as_slug(name: str) -> str:
    fault = slug_fault(name)
    return name if fault is None else fault.fix.removeprefix("write ") if fault.fix.startswith("write ") else ""


def _known(workspace: Workspace) -> list[set[str]]:
    """The ids and names of each entity, and the pairs of ids that are the same by a decision."""
    found: list[set[str]] = []
    data = workspace.root / "data"
    for path in sorted(data.glob("*.csv")):
        with suppress(OSError, csv.Error):
            rows = list(csv.DictReader(io.StringIO(_decoded(path.read_bytes()) or "", newline="")))
            found += [_names(path.stem, row) for row in rows]
    builds = [workspace.root / "build", *sorted((workspace.root / "build" / DAYS).glob("*"))]
    for build in builds:
        with suppress(OSError, pl.exceptions.PolarsError):
            cells = pl.read_ipc(build / "entities.arrow").filter(pl.col("column").is_in(["name", "aliases", "title"]))
            grouped = cells.group_by("key").agg("value", "name")
            found += [{key, *values, *names} for key, values, names in grouped.iter_rows()]
    return found


def _claims(workspace: Workspace, called: set[str]) -> Spellings:
    """The ids of the claims of the last build on an entity, which decisions may name."""
    keys = sorted(_ids(called))
    found: list[str] = []
    with suppress(OSError, pl.exceptions.PolarsError):
        frame = pl.read_ipc(workspace.root / "build" / "claims.arrow")
        about = pl.any_horizontal(pl.col(name).is_in(keys) for name in ("subject", "container", "object", "claimant"))
        found = frame.filter(about).get_column("id").to_list()
    return Spellings.of(f"claim/{key}" for key in found)


def _names(table: str, row: dict[str, str | None]) -> set[str]:
    if table == "decisions":
        pair = {row.get("first") or "", row.get("second") or ""} if row.get("judgement") == "same" else set()
        return pair - {""}
    key = (row.get("id") or "").strip()
    called = {part.strip() for word in ("name", "aliases", "title") for part in (row.get(word) or "").split("|")}
    kind = _KINDS.get(table, table.removesuffix("s"))
    return ({key if "/" in key else f"{kind}/{key}"} if key else set()) | called - {""}


_KINDS = {"people": "person"}
_CELLS = "\x1f"


# ── looking ──


@dataclass(frozen=True)
class _Search:
    """Looks for spellings in files."""

    workspace: Workspace
    spellings: Spellings
    claims: Spellings

    def folder(self, folder: Path) -> Iterator[Mention]:
        """What a folder and those within it hold; links to folders are not followed."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Mention(UNSEEN, self._shown(folder), 0, error.strerror or "it cannot be read")
            return
        for entry in entries:
            if entry.name not in DROPPINGS:
                yield from self._entry(Path(entry.path))

    def _entry(self, path: Path) -> Iterator[Mention]:
        shown = self._shown(path)
        if self.spellings.find(path.name):
            yield Mention(self._kind(shown), shown, 0, "its name")
        if self._is_build(path):
            yield from self._build(path)
        elif path.is_dir() and path.is_symlink():
            yield Mention(UNSEEN, shown, 0, "a link to a folder")
        elif path.is_dir() and path.name.startswith("."):
            history = ", which keeps what was committed before" if path.name in (".git", ".hg", ".svn") else ""
            yield Mention(UNSEEN, shown, 0, f"a hidden folder{history}")
        elif path.is_dir():
            yield from self.folder(path)
        else:
            yield from self._file(path, shown)

    def _is_build(self, path: Path) -> bool:
        """Whether a folder is a build, or what is left of one: it is told once, by its graph."""
        if path.parent != self.workspace.root:
            return False
        return path.name == "build" or path.name.startswith(".build-")

    def _build(self, build: Path) -> Iterator[Mention]:
        shown = self._shown(build)
        if not build.is_dir():
            yield Mention(UNSEEN, shown, 0, "no folder that is there")
            return
        yield from self._graph(build, shown)
        days = build / DAYS
        for day in sorted(days.iterdir()) if days.is_dir() else []:
            yield from self._graph(day, self._shown(day))
        target = build.resolve()
        if build.is_symlink() and (others := target.parent / f"{target.name}-others").is_dir():
            yield from self.folder(others)

    def _graph(self, build: Path, shown: str) -> Iterator[Mention]:
        left = build.name.startswith(".")
        try:
            text = _decoded((build / "kg.nq").read_bytes())
        except OSError:
            days_only = not left and (build / DAYS).is_dir() and not (build / "manifest.json").exists()
            if not days_only:
                yield Mention(UNSEEN, shown, 0, "a build without its graph; run kg build")
            return
        if text is None or next(self.spellings.lines(text, ".nq"), None):
            fix = "the next command that may write removes it" if left else "kg build makes it again from the tables"
            yield Mention(BUILD, shown, 0, f"left of a build; {fix}" if left else fix)

    def _file(self, path: Path, shown: str) -> Iterator[Mention]:
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                yield Mention(UNSEEN, shown, 0, "no regular file")
                return
            if found.st_size > _LARGEST:
                yield Mention(UNSEEN, shown, 0, f"larger than {_LARGEST >> 20} MB")
                return
            data = path.read_bytes()
        except OSError as error:
            yield Mention(UNSEEN, shown, 0, error.strerror or "it cannot be read")
            return
        text = _decoded(data)
        kind = self._kind(shown)
        whole = text if text is not None else data.decode("latin-1")
        hits = dict(self._rows(whole, shown) if kind == ROW else self.spellings.lines(whole, path.suffix.lower()))
        yield from (Mention(kind, shown, line, words) for line, words in hits.items())
        if text is None and not hits:
            yield Mention(UNSEEN, shown, 0, "no text in UTF-8: open it with its own program")

    def _rows(self, text: str, shown: str) -> Iterator[tuple[int, str]]:
        """The rows of a table that name it, or a claim on it, by the line on which each begins."""
        reader, line = csv.reader(io.StringIO(text, newline="")), 1
        sought = (self.spellings, self.claims) if shown == "data/decisions.csv" else (self.spellings,)
        try:
            for row in reader:
                joined = _CELLS.join(row)
                if words := next((words for each in sought for _, words in each.lines(joined, ".csv")), ""):
                    yield line, words
                line = reader.line_num + 1
        except csv.Error:
            yield from self.spellings.lines(text, ".csv")

    def _kind(self, shown: str) -> str:
        folder, _, name = shown.partition("/")
        if folder == "data" and name.endswith(".csv"):
            return ROW
        if folder == "texts":
            return TEXT
        return OWN if folder in _OWN or shown == "kg.toml" else OTHER

    def _shown(self, path: Path) -> str:
        root = self.workspace.root
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _decoded(data: bytes) -> str | None:
    """The text of a file; none if it is no text."""
    if data.startswith(_BINARY):
        return None
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text

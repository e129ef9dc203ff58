"""Own shapes as the program uses them: read and reviewed in the guarded worker, then run there."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kg.check.engines import Result
from kg.check.own.graph import SH
from kg.check.shapes import SHAPES, Shape, ShapeFile, code_of, load_shapes
from kg.errors import Finding, KgError, Place, RefusedError, Severity
from kg.guard import Guard, LimitError, run
from kg.ontology import RDF, Ontology
from kg.workspace import Workspace, shape_files

_CLASSES = ("http://www.w3.org/2000/01/rdf-schema#Class", "http://www.w3.org/2002/07/owl#Class")
_TARGETS = (f"<{SH}target", *(f"<{RDF}type> <{each}>" for each in _CLASSES))
_SEVERITIES = {SH + each.capitalize(): each for each in Severity}
_LIMITS = {
    "time": "takes longer than {seconds:g} seconds and was ended",
    "memory": "needs more memory than it may have and was ended",
    "crash": "brought the engine down",
}


@dataclass(frozen=True)
class OwnShapes:
    """The shapes of a workspace's own files: `text` is their triples as N-Triples, `findings` what is wrong in them.

    `text` is empty where anything is wrong that keeps them from being run. `places` are the lines where they begin.
    """

    text: str = ""
    by_iri: Mapping[str, Shape] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def targeted(self) -> list[str]:
        """The shapes that have a target, in their order: each can be run without the others."""
        lines = self.text.splitlines()
        return list(dict.fromkeys(_subject(line) for line in lines if _targets(line)))

    def within(self, group: str) -> OwnShapes:
        """The shapes that are in a group or in none, with the targets of no others."""
        others = {iri for iri, shape in self.by_iri.items() if shape.group not in ("", group)}
        lines = [f"{line}\n" for line in self.text.splitlines() if not (_targets(line) and _subject(line) in others)]
        return replace(self, text="".join(lines))

    def only(self, shape: str) -> OwnShapes:
        """The shapes with the targets of one alone; the others are what it may refer to."""
        lines = (line for line in self.text.splitlines() if _subject(line) == shape or not _targets(line))
        return replace(self, text="".join(f"{line}\n" for line in lines))


def _subject(line: str) -> str:
    """The IRI of the subject of a triple; of a blank node, nothing that is one."""
    return line.partition(" ")[0].strip("<>")


def _targets(line: str) -> bool:
    """Whether a triple gives a shape a target."""
    rest = line.partition(" ")[2]
    return line.startswith("<") and rest.startswith(_TARGETS)


def read_own(workspace: Workspace, ontology: Ontology, group: str = "") -> OwnShapes:
    """The own shapes of a workspace; with a group, only those of files whose shapes are all in it, or in none."""
    contents, unread = shape_files(workspace)
    taken = load_shapes().codes if contents else frozenset()
    files = [ShapeFile(workspace.shown(path), data, code_of(path), code_of(path) in taken) for path, data in contents]
    found = own_shapes(files, ontology, workspace.base, workspace.guard)
    found = found.within(group) if group else found
    return replace(found, findings=tuple(sorted([*found.findings, *unread], key=Finding.order)))


def own_shapes(files: Iterable[ShapeFile], ontology: Ontology, base: str, guard: Guard) -> OwnShapes:
    """Read and review own files, by their names and contents. Nothing of them is run yet."""
    files = list(files)
    if not files:
        return OwnShapes()
    request = {
        "files": [[each.name, len(each.data)] for each in files],
        "terms": sorted({t.subject.value for t in ontology.triples}),  # type: ignore[union-attr]
        "classes": sorted(_classes(ontology)),
        "base": base,
    }
    try:
        reply, text = run("kg.check.own.review:review", request, b"".join(each.data for each in files), guard)
    except LimitError as error:
        name = error.at or files[0].name
        what = f"reading the shapes {_LIMITS[error.limit].format(seconds=guard.seconds)}"
        finding = Finding("slow-shape", Severity.VIOLATION, Place(name), what, "write them more simply")
        return OwnShapes(findings=(finding,))
    findings = [_finding(fault) for fault in reply["faults"]]
    codes = {each.name: each.code for each in files}
    findings += [each for each in map(_code_taken, files) if each]
    sound = not any(each.severity is Severity.VIOLATION for each in findings)
    return OwnShapes(
        text.decode() if sound else "",
        {each["iri"]: _shape(each, codes) for each in reply["shapes"]},
        {each["iri"]: Place(each["file"], each["line"]) for each in reply["shapes"]},
        tuple(sorted(findings, key=Finding.order)),
    )


def _classes(ontology: Ontology) -> set[str]:
    made = RDF + "type"
    return {
        triple.subject.value  # type: ignore[union-attr]
        for triple in ontology.triples
        if triple.predicate.value == made and str(triple.object).endswith("#Class>")
    }


def _finding(fault: Mapping[str, Any]) -> Finding:
    place = Place(fault["file"], fault["line"])
    return Finding(fault["code"], Severity(fault["severity"]), place, fault["message"], fault["fix"])


def _code_taken(file: ShapeFile) -> Finding | None:
    if not file.taken:
        return None
    what = f"findings are called after the file, and {file.code} is a check of the program"
    return Finding(
        "shipped-term", Severity.VIOLATION, Place(file.name), what, "give the file or its folder another name"
    )


def _shape(said: Mapping[str, str], codes: Mapping[str, str]) -> Shape:
    severity = _SEVERITIES.get(said["severity"], Severity.VIOLATION)
    description = said["description"] or f"Look up what the shape at {said['file']}:{said['line']} asks for."
    name = said["name"] or said["iri"]
    return Shape(said["iri"], codes[said["file"]], name, said["message"], description, severity, said["group"])


# ── Running them ─────────────────────────────────────────────────────────────────────────────────────────────────────


def validate_own(
    own: OwnShapes, shipped: str, data: str, engine: str, guard: Guard
) -> tuple[list[Result], list[Finding]]:
    """The results of own shapes on a graph in N-Triples, and a finding for each shape that reached a limit or failed.

    `shipped` is the Turtle of the shipped shapes, to which own ones may refer. All are run together; only where that
    reaches a limit or fails, each is run alone, all of them within twice the time of the guard.
    """
    if not own.text:
        return [], []
    try:
        return _run(own, shipped, data, engine, guard), []
    except RefusedError:
        raise
    except KgError:
        pass
    results: list[Result] = []
    findings: list[Finding] = []
    end = time.monotonic() + 2 * guard.seconds
    for shape in own.targeted:
        left = min(guard.seconds, end - time.monotonic())
        if left <= 0:
            findings.append(_slow(own, shape, "was not run, for the shapes before it took all the time"))
            continue
        try:
            results += _run(own.only(shape), shipped, data, engine, replace(guard, seconds=left))
        except LimitError as error:
            findings.append(_slow(own, shape, _LIMITS[error.limit].format(seconds=left)))
        except KgError as error:
            what = f"cannot be run: {error.message}"
            findings.append(_failed(own, shape, "bad-shape", what, "correct it, or what it refers to"))
    return results, findings


def _slow(own: OwnShapes, shape: str, what: str) -> Finding:
    fix = "write it more simply, or raise seconds or memory under [limits] in kg.toml"
    return _failed(own, shape, "slow-shape", what, fix)


def _failed(own: OwnShapes, shape: str, code: str, what: str, fix: str) -> Finding:
    place = own.places.get(shape, Place("shapes"))
    name = own.by_iri[shape].name if shape in own.by_iri else ""
    return Finding(code, Severity.VIOLATION, place, f"the check {name or shape} {what}", fix)


def _run(own: OwnShapes, shipped: str, data: str, engine: str, guard: Guard) -> list[Result]:
    request = {"own": own.text, "shipped": shipped if f"<{SHAPES}" in own.text else "", "engine": engine}
    reply, _ = run("kg.check.own.run:validate", request, data.encode(), guard)
    return [Result(**each) for each in reply]

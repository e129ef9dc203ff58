"""Reviewing own shapes in the guarded worker, before any engine runs them.

What SHACL asks of shapes is checked by its own shapes for shapes (SHACL, appendix C), which pySHACL carries; the rest
here is what that leaves out: expressions, lists, paths, queries, names, misspelt terms, and what the program keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kg.check.own.graph import BLANK, NIL, SH, Fact, Fault, Graph
from kg.check.own.queries import query_faults
from kg.errors import did_you_mean
from kg.guard.rdf import Parsed, parse_file
from kg.guard.worker import announce, need_guard
from kg.ontology import NS, RDF
from kg.values import shown

SHAPES = "https://w3id.org/kg-registry/shapes#"
SEVERITIES = (SH + "Violation", SH + "Warning", SH + "Info")
NAMELESS = "urn:kg:shape:"
DEEPEST_PATH = 12
_LISTS = tuple(SH + name for name in ("in", "languageIn", "and", "or", "xone", "ignoredProperties", "alternativePath"))
_INNER = tuple(SH + name for name in ("node", "property", "not", "qualifiedValueShape"))
_INNER_LISTS = tuple(SH + name for name in ("and", "or", "xone"))
_REPEATED = tuple(
    SH + name for name in ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "alternativePath")
)
_TARGETS = tuple(SH + n for n in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target"))
_TYPES = (SH + "NodeShape", SH + "PropertyShape")
_JS = ("js", "jsLibrary", "jsLibraryURL", "jsFunctionName")
_COUNTS = frozenset({"minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount"})
_NAME_IT = "write the IRI of a shape, or a shape in square brackets: [ … ]"
_IMPORTS = "http://www.w3.org/2002/07/owl#imports"


def review(request: Mapping[str, Any], body: bytes) -> tuple[Any, bytes]:
    """The task of the worker: the faults of own files, what their shapes say of themselves, and their triples.

    The request has the names and sizes of the files, which lie one behind the other in the body, the IRIs of `terms`
    and `classes` of the ontology, and the `base` of the registry. The body of the answer has the triples of the files
    as N-Triples.
    """
    need_guard()
    parsed, start = [], 0
    for name, size in request["files"]:
        announce(name)
        parsed.append(_named(parse_file(name, body[start : start + size])))
        start += size
    faults = [
        Fault("bad-rdf", "violation", p.name, p.fault.line, p.fault.message, p.fault.fix) for p in parsed if p.fault
    ]
    graph = Graph(parsed)
    for rule in (_shipped, _names, _unknown, _values, _structure, _targets):
        faults += rule(graph, request)
    faults += query_faults(graph)
    if not any(fault.severity == "violation" for fault in faults):
        faults += _by_shapes_for_shapes(graph)
    if not any(fault.severity == "violation" for fault in faults):
        faults += _by_engine(graph)
    text = ox.serialize([t for p in parsed for t in p.triples], format=ox.RdfFormat.N_TRIPLES) or b""
    unique = {tuple(asdict(fault).items()): fault for fault in faults}.values()
    return {"faults": [asdict(fault) for fault in unique], "shapes": list(_shapes(graph))}, text


def _named(parsed: Parsed) -> Parsed:
    """The file with a name for each of its shapes that has a target and none, so that findings can name it."""
    names: dict[object, ox.NamedNode] = {}
    for triple, line in zip(parsed.triples, parsed.lines, strict=True):
        if isinstance(triple.subject, ox.BlankNode) and triple.predicate.value in _TARGETS:
            names.setdefault(triple.subject, ox.NamedNode(f"{NAMELESS}{quote(parsed.name)}:{line}"))
    triples = (
        ox.Triple(names.get(t.subject, t.subject), t.predicate, names.get(t.object, t.object)) for t in parsed.triples
    )
    return replace(parsed, triples=tuple(triples)) if names else parsed


def _wrong(fact: Fact, message: str, fix: str, code: str = "bad-shape", severity: str = "violation") -> Fault:
    return Fault(code, severity, fact.file, fact.line, message, fix)


# ── What the program keeps ──


def _shipped(graph: Graph, request: Mapping[str, Any]) -> Iterator[Fault]:
    terms = frozenset(request["terms"])
    for fact in graph.facts:
        if fact.subject in terms or fact.subject.startswith(SHAPES):
            what = f"this changes {graph.short(fact.subject)}, which ships with the program"
            fix = "give the shape an IRI of your own; silence or raise a check of the program under [checks] in kg.toml"
            yield _wrong(fact, what, fix, "shipped-term")
        elif fact.subject.startswith(request["base"]):
            what = f"{graph.short(fact.subject)} is an entity or a record of the registry, not a shape"
            yield _wrong(fact, what, "describe entities in the tables of data/")
        elif fact.predicate.removeprefix(SH) in _JS:
            yield _wrong(fact, "JavaScript in shapes is not run", "write the check in SHACL, or as sh:sparql")
        elif fact.predicate == _IMPORTS:
            fix = "put what the shapes need into this folder"
            yield _wrong(fact, "owl:imports is not followed, for nothing is fetched", fix, severity="warning")


# ── Names ──


def _shape_names(graph: Graph) -> list[str]:
    """The subjects that are shapes: typed as such, with a target, or with a path."""
    found = dict.fromkeys(
        fact.subject
        for fact in graph.facts
        if (fact.predicate == RDF + "type" and fact.value in _TYPES)
        or fact.predicate in (*_TARGETS, SH + "path", SH + "property")
    )
    return [name for name in found if not graph.values(name, SH + "parameter")]


def _names(graph: Graph, _: Mapping[str, Any]) -> Iterator[Fault]:
    for shape in _shape_names(graph):
        first = graph.about[shape][0]
        if shape.startswith(NAMELESS):
            fix = "give it an IRI, and a sh:name"
            yield _wrong(first, "a shape with a target has no name", fix, severity="warning")
        elif not shape.startswith(BLANK) and not graph.values(shape, SH + "name"):
            fix = 'add sh:name "…", and sh:message and sh:description for its findings'
            yield _wrong(first, f"the shape {graph.short(shape)} has no sh:name", fix, severity="warning")


def _unknown(graph: Graph, request: Mapping[str, Any]) -> Iterator[Fault]:
    """Terms of SHACL and of kg that there are not: a misspelt one would check nothing, without a word."""
    shacl, terms = _vocabulary(), frozenset(request["terms"])
    for fact in graph.facts:
        used = [fact.predicate] if fact.literal else [fact.predicate, fact.value]
        for iri in used:
            known = shacl if iri.startswith(SH) and shacl else terms if iri.startswith(NS) else None
            if known is None or iri in known or iri == SH + "update":
                continue
            near = did_you_mean(graph.short(iri), map(graph.short, (k for k in known if k.startswith((SH, NS)))))
            yield _wrong(fact, f"there is no {graph.short(iri)}", near or "look up how the term is spelled")


def _vocabulary() -> frozenset[str]:
    """The terms of SHACL, by the file that pySHACL carries."""
    path = _asset("shacl.ttl")
    if path is None:
        return frozenset()
    triples = ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=SH)
    return frozenset(quad.subject.value for quad in triples if isinstance(quad.subject, ox.NamedNode)) | {
        SH + name for name in ("subject", "predicate", "object", "this", "reifierShape", "reificationRequired")
    }


def _asset(name: str) -> Path | None:
    import pyshacl

    path = Path(pyshacl.__file__).parent / "assets" / name
    return path if path.is_file() else None


# ── Values ──


def _values(graph: Graph, _: Mapping[str, Any]) -> Iterator[Fault]:
    for fact in graph.facts:
        name = fact.predicate.removeprefix(SH)
        if fact.predicate == SH + "severity" and fact.value not in SEVERITIES:
            fix = "write sh:Violation, sh:Warning or sh:Info"
            yield _wrong(fact, f"there is no severity {graph.short(fact.value)}", fix)
        elif fact.predicate == SH + "flags" and set(fact.value) - set("smixq"):
            yield _wrong(fact, f"sh:flags is {shown(fact.value)}", 'write letters of s, m, i, x and q, as sh:flags "i"')
        elif fact.predicate == SH + "pattern" and fact.literal:
            try:
                re.compile(fact.value)
            except (re.error, OverflowError, RecursionError) as error:
                yield _wrong(fact, f"sh:pattern {shown(fact.value)} is no regular expression: {error}", "correct it")
        elif name in _COUNTS and fact.predicate.startswith(SH) and not re.fullmatch(r"\+?[0-9]{1,9}", fact.value):
            yield _wrong(fact, f"sh:{name} is {shown(fact.value)}", f"write a whole number, as sh:{name} 1")


# ── Lists, paths, and shapes within shapes ──


def _structure(graph: Graph, _: Mapping[str, Any]) -> Iterator[Fault]:
    for fact in graph.facts:
        if fact.predicate in _LISTS and (fact.literal or not graph.is_list(fact.value)):
            what = f"{graph.short(fact.predicate)} needs a list, and this is none, or it leads back to itself"
            yield _wrong(fact, what, "write a list in round brackets: ( … )")
        elif fact.predicate in _INNER and fact.literal:
            yield _wrong(fact, f"{graph.short(fact.predicate)} needs a shape, and this is a text or a number", _NAME_IT)
        elif fact.predicate == SH + "path":
            if fact != graph.values(fact.subject, SH + "path")[0]:
                what = f"sh:path is given more than once in {graph.short(fact.subject)}"
                yield _wrong(fact, what, "keep one; for a way of several steps write a list: ( … )")
            yield from _path_faults(graph, fact)
    inner = {shape: _inner(graph, shape) for shape in graph.about}
    for shape in _circles(inner):
        what = f"the shape {graph.short(shape)} leads back to itself, which SHACL leaves undefined"
        yield _wrong(graph.about[shape][0], what, "take one of the links between its shapes out")


def _path_faults(graph: Graph, fact: Fact) -> Iterator[Fault]:
    waiting = [(fact.value, 1, frozenset[str]())]
    looked = 0
    while waiting:
        node, depth, above = waiting.pop()
        looked += 1
        if node in above:
            yield _wrong(fact, "sh:path leads back to itself", "write a path that ends")
            return
        if depth > DEEPEST_PATH or looked > 1000:
            yield _wrong(fact, f"sh:path is nested more than {DEEPEST_PATH} deep", "write a simpler path")
            return
        if graph.values(node, SH + "alternativePath") or graph.values(node, RDF + "first"):
            heads = [each.value for each in graph.values(node, SH + "alternativePath")] or [node]
            if not all(map(graph.is_list, heads)):
                yield _wrong(fact, "sh:path has a list that does not end", "write a list in round brackets: ( … )")
                return
            parts = [each for head in heads for each in graph.members(head)]
        else:
            parts = [each for name in _REPEATED for each in graph.values(node, name)]
            if not parts and (node.startswith(BLANK) or node == NIL):
                yield _wrong(fact, "sh:path is no path", "write a property, or [ sh:inversePath … ] and the like")
                return
        waiting += [(each.value, depth + 1, above | {node}) for each in parts]


def _inner(graph: Graph, shape: str) -> list[str]:
    found = [each.value for name in _INNER for each in graph.values(shape, name)]
    heads = [each.value for name in _INNER_LISTS for each in graph.values(shape, name)]
    return found + [each.value for head in heads for each in graph.members(head)]


def _circles(inner: Mapping[str, list[str]]) -> list[str]:
    """A node of each circle, found by one walk that remembers what it has been through."""
    done: set[str] = set()
    found = []
    for start in inner:
        open_nodes: dict[str, None] = {}
        waiting = [(start, False)]
        while waiting:
            node, leaving = waiting.pop()
            if leaving:
                open_nodes.pop(node, None)
                done.add(node)
            elif node in open_nodes:
                found.append(node)
            elif node not in done:
                open_nodes[node] = None
                waiting.append((node, True))
                waiting += [(each, False) for each in inner.get(node, ())]
    return list(dict.fromkeys(found))


# ── Targets ──


def _targets(graph: Graph, request: Mapping[str, Any]) -> Iterator[Fault]:
    used = {value for shape in graph.about for value in _inner(graph, shape)}
    for shape in _shape_names(graph):
        typed = {fact.value for fact in graph.values(shape, RDF + "type")}
        if SH + "NodeShape" not in typed or shape in used or any(graph.values(shape, each) for each in _TARGETS):
            continue
        if not any(each.endswith("#Class") for each in typed) and not graph.values(shape, SH + "rule"):
            fix = "add sh:targetClass, sh:targetNode, sh:targetSubjectsOf or sh:targetObjectsOf"
            what = f"the shape {graph.short(shape)} checks nothing, for it has no target"
            yield _wrong(graph.about[shape][0], what, fix, severity="warning")
    classes = request["classes"]
    for fact in graph.facts:
        if fact.predicate in (SH + "targetClass", SH + "class") and fact.value not in classes:
            near = did_you_mean(graph.short(fact.value), map(graph.short, classes))
            if near and not fact.value.startswith(NS):
                yield _wrong(fact, f"no entity is of the class {graph.short(fact.value)}", near, severity="warning")


# ── By SHACL's shapes for shapes, and by the engine ──


def _by_shapes_for_shapes(graph: Graph) -> Iterator[Fault]:
    from kg.check.engines import fast, reference

    path = _asset("shacl-shacl.ttl")
    if path is None:
        return
    shapes, data = path.read_text("utf-8"), "".join(_lines(graph))
    try:
        results = fast(shapes, data)
    except Exception:
        results = reference(shapes, data)
    for result in results:
        focus = result.focus.strip("<>")
        predicate = (result.path or "").strip("<>")
        value = None if result.value is None else result.value.strip("<>").partition('"^^')[0].strip('"')
        facts = graph.values(focus, predicate) or [f for f in graph.facts if f.value in (focus, focus.strip('"'))]
        near = [fact for fact in facts if value is None or fact.value == value] or facts or graph.about[focus]
        # A shape of the program is whole, though it is not in these files.
        if near and not focus.startswith(SHAPES):
            yield _wrong(near[-1], *_said(graph, near[-1], predicate, value, result.component))


def _said(graph: Graph, fact: Fact, predicate: str, value: str | None, component: str) -> tuple[str, str]:
    term, shape = graph.short(predicate), graph.short(graph.shape_around(fact.subject))
    if not predicate:
        return f"the shape {shape} is not as SHACL asks", "a property shape has one sh:path, a node shape has none"
    if component == SH + "MinCountConstraintComponent":
        return f"{term} is missing in {shape}", f"add {term}"
    if component == SH + "MaxCountConstraintComponent":
        return f"{term} is given more than once in {shape}", "keep one"
    said = shown(value or fact.value) if fact.literal else graph.short(fact.value)
    return f"{term} cannot be {said} in {shape}", f"look up in SHACL what {term} takes"


def _lines(graph: Graph) -> Iterable[str]:
    """The facts as N-Triples without blank nodes, whose names engines would change."""
    for fact in graph.facts:
        if not isinstance(fact.term, ox.Triple):
            value = str(fact.term) if fact.literal else f"<{fact.value}>"
            yield f"<{fact.subject}> <{fact.predicate}> {value} .\n"


def _by_engine(graph: Graph) -> Iterator[Fault]:
    """What the engine itself says against shapes, on data that is next to nothing."""
    from kg.check.engines import fast, needs_reference, reference

    text, data = "".join(_lines(graph)), "<urn:a> <urn:b> <urn:c> .\n"
    try:
        if not needs_reference(text):
            fast(text, data)
            return
    except Exception:  # noqa: S110 - the other engine may take them, or says what is wrong
        pass
    try:
        reference(text, data)
    except Exception as error:
        named = [f"{SH}{name}" for name in re.findall(r"\bsh:(\w+)", str(error))]
        facts = [fact for fact in graph.facts if fact.predicate in named] or graph.facts
        message = " ".join(str(error).split())[:300] or type(error).__name__
        yield _wrong(facts[0], f"the engine refuses the shapes: {message}", "correct the shape")


def _shapes(graph: Graph) -> Iterator[dict[str, Any]]:
    for shape in _shape_names(graph):
        if not shape.startswith(BLANK):
            first = graph.about[shape][0]
            said = {name: graph.text(shape, name) for name in ("name", "message", "description", "severity", "group")}
            yield {"iri": shape, "file": first.file, "line": first.line, **said}

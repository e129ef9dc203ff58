"""The engines that run shapes, and the validation report.

Two engines read the same shapes and the same data. `fast` is written in Rust and runs core SHACL on millions of
triples; `reference` is pySHACL, which also runs `sh:sparql`. Their results are written alike, so that they are equal
where the engines agree.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    import rdflib

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_Terms: TypeAlias = Mapping[tuple[_Term, str], list[_Term]]

# The terms of SHACL-SPARQL and SHACL-AF; whatever holds none of them is core SHACL.
_BEYOND_CORE = frozenset(
    SH + name
    for name in (
        *("sparql", "select", "ask", "construct", "target", "rule", "expression", "parameter"),
        *("validator", "nodeValidator", "propertyValidator"),
    )
)
_REPEATED = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


@dataclass(frozen=True)
class Result:
    """One result of a validation.

    Focus node and value are written as in N-Triples, the path as in SPARQL with full IRIs; component, severity and
    shape are IRIs. The shape is the one that was broken or, where that has no IRI, the nearest around it that has one.
    """

    focus: str
    path: str | None
    value: str | None
    component: str
    severity: str
    shape: str
    message: str

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What two engines that agree have in common; results are sorted by it."""
        return self.focus, self.shape, self.path or "", self.value or "", self.component, self.severity


def fast(shapes: str, data: str) -> list[Result]:
    """Run core shapes over data by the engine in Rust.

    `shapes` is Turtle, `data` N-Triples. Raises ValueError if either cannot be read.

    >>> shapes = '''
    ... @prefix sh: <http://www.w3.org/ns/shacl#> .
    ... @prefix ex: <http://example.org/> .
    ... ex:list a sh:NodeShape ; sh:targetSubjectsOf ex:count ; sh:property ex:list-label .
    ... ex:list-label a sh:PropertyShape ; sh:path ex:label ; sh:minCount 1 ; sh:message "A list has no name." .
    ... '''
    >>> [result] = fast(shapes, '<http://example.org/veldania> <http://example.org/count> "7" .')
    >>> result.focus, result.path, result.message
    ('<http://example.org/veldania>', '<http://example.org/label>', 'A list has no name.')
    """
    import shacl

    found = shacl.Shapes.from_turtle(shapes).validate_text(data, format="ntriples").results
    return _sorted(
        Result(
            focus=_canonical(result.focus_node),
            path=result.path,
            value=None if result.value is None else _canonical(result.value),
            component=result.component_iri,
            severity=result.severity_iri,
            shape=(result.root_shape or result.source_shape or "").removeprefix("<").removesuffix(">"),
            message=result.message or "",
        )
        for result in found
    )


def reference(shapes: str, data: str) -> list[Result]:
    """Run shapes over data by pySHACL, which also runs those written in SPARQL.

    `shapes` is Turtle, `data` N-Triples. Raises ValueError if either cannot be read, or a shape cannot be run. It takes
    about a hundred times as long as `fast`.

    >>> reference('@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:a> a sh:NodeShape .', '<urn:a> <urn:b> <urn:c> .')
    []
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    graph = _rdflib(shapes, ox.RdfFormat.TURTLE)
    try:
        _, found, text = pyshacl.validate(
            _rdflib(data, ox.RdfFormat.N_TRIPLES), shacl_graph=graph, advanced=needs_reference(shapes)
        )
    except ReportableRuntimeError as error:
        raise ValueError(str(error)) from error
    if not hasattr(found, "triples"):
        raise ValueError(text)
    return _sorted(_results(_terms(map(_triple, found)), _terms(map(_triple, graph))))


def needs_reference(shapes: str) -> bool:
    """Tell whether shapes go beyond core SHACL, so that only pySHACL runs them rightly.

    Raises ValueError if the Turtle cannot be read.

    >>> needs_reference('<urn:a> <http://www.w3.org/ns/shacl#sparql> <urn:b> .')
    True
    """
    return any(triple.predicate.value in _BEYOND_CORE for triple in _parsed(shapes, ox.RdfFormat.TURTLE))


def report(results: Iterable[Result], shapes: str, prefixes: Mapping[str, str] | None = None) -> str:
    """Write results as a SHACL validation report in Turtle, in an order of its own; `prefixes` shorten its IRIs.

    The shapes tell how the paths of the results are built. Raises ValueError if their Turtle cannot be read.

    >>> "sh:conforms true" in report([], "")
    True
    """
    ordered = _sorted(results)
    paths = _Paths(shapes)
    triples = [*_report(ordered, paths), *paths.triples()]
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes or {"sh": SH}))
    return (written or b"").decode()


def _sorted(results: Iterable[Result]) -> list[Result]:
    # SHACL counts a value once for each value it is compared with; told once, it says as much.
    return sorted(set(results), key=lambda result: (*result.key, result.message))


def _canonical(term: str) -> str:
    """The same term in the one way in which pyoxigraph writes it."""
    if not term.startswith('"'):
        return term
    return str(_read(term))


def _read(term: str) -> Any:
    [triple] = _parsed(f"<urn:s> <urn:p> {term} .", ox.RdfFormat.N_TRIPLES)
    return triple.object


def _parsed(text: str, form: ox.RdfFormat) -> list[ox.Quad]:
    try:
        return list(ox.parse(text, format=form))
    except SyntaxError as error:
        raise ValueError(str(error)) from error


# ── Between rdflib and pyoxigraph ────────────────────────────────────────────────────────────────────────────────────


def _rdflib(text: str, form: ox.RdfFormat) -> "rdflib.Graph":
    """Read by pyoxigraph, since rdflib's own readers rewrite literals such as 007."""
    import rdflib

    def term(node: _Term) -> "rdflib.URIRef | rdflib.BNode | rdflib.Literal":
        if isinstance(node, ox.NamedNode):
            return rdflib.URIRef(node.value)
        if isinstance(node, ox.BlankNode):
            return rdflib.BNode(node.value)
        if isinstance(node, ox.Literal):
            datatype = None if node.language else rdflib.URIRef(node.datatype.value)
            plain = datatype == rdflib.XSD.string
            return rdflib.Literal(node.value, lang=node.language, datatype=None if plain else datatype, normalize=False)
        raise ValueError(f"a triple as a term of a triple: {node}")

    graph = rdflib.Graph()
    for triple in _parsed(text, form):
        graph.add((term(triple.subject), rdflib.URIRef(triple.predicate.value), term(triple.object)))
    return graph


def _triple(triple: tuple[Any, Any, Any]) -> ox.Triple:
    import rdflib

    def term(node: Any) -> Any:
        if isinstance(node, rdflib.Literal):
            datatype = ox.NamedNode(str(node.datatype)) if node.datatype else None
            return ox.Literal(str(node), language=node.language, datatype=None if node.language else datatype)
        return ox.BlankNode(str(node)) if isinstance(node, rdflib.BNode) else ox.NamedNode(str(node))

    subject, predicate, value = triple
    return ox.Triple(term(subject), ox.NamedNode(str(predicate)), term(value))


def _terms(triples: Iterable[ox.Triple | ox.Quad]) -> _Terms:
    terms: dict[tuple[_Term, str], list[_Term]] = {}
    for triple in triples:
        terms.setdefault((triple.subject, triple.predicate.value), []).append(triple.object)
    return terms


def _results(found: _Terms, shapes: _Terms) -> Iterator[Result]:
    # A result inside another (sh:detail) is no result of the report.
    around = {inner: outer for (outer, term), inners in shapes.items() if term == SH + "property" for inner in inners}
    for (_, term), nodes in found.items():
        if term != SH + "result":
            continue
        for node in nodes:
            yield _result(node, found, around)


def _result(node: _Term, found: _Terms, around: Mapping[_Term, _Term]) -> Result:
    def one(name: str) -> _Term | None:
        return min(found.get((node, SH + name), ()), key=str, default=None)

    def iri(term: _Term | None) -> str:
        return term.value if isinstance(term, ox.NamedNode) else ""

    shape, path, value, message = one("sourceShape"), one("resultPath"), one("value"), one("resultMessage")
    while isinstance(shape, ox.BlankNode) and shape in around:
        shape = around[shape]
    return Result(
        focus=str(one("focusNode")),
        path=None if path is None else _path(path, found),
        value=None if value is None else str(value),
        component=iri(one("sourceConstraintComponent")),
        severity=iri(one("resultSeverity")),
        shape=iri(shape),
        message=message.value if isinstance(message, ox.Literal) else "",
    )


# ── Paths ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _path(node: _Term, terms: _Terms) -> str:
    """A path of SHACL in the syntax of SPARQL, with the brackets that the fast engine writes."""
    if isinstance(node, ox.NamedNode):
        return str(node)
    if inverse := terms.get((node, SH + "inversePath")):
        return "^" + _path(inverse[0], terms)
    if alternative := terms.get((node, SH + "alternativePath")):
        return "(" + "|".join(_path(member, terms) for member in _members(alternative[0], terms)) + ")"
    for name, sign in _REPEATED.items():
        if repeated := terms.get((node, SH + name)):
            return "(" + _path(repeated[0], terms) + ")" + sign
    return "(" + "/".join(_path(member, terms) for member in _members(node, terms)) + ")"


def _members(node: _Term, terms: _Terms) -> Iterator[_Term]:
    while first := terms.get((node, RDF + "first")):
        yield first[0]
        node = terms[(node, RDF + "rest")][0]


class _Paths:
    """The paths of shapes, of which a report copies those it mentions, with blank nodes named in order."""

    def __init__(self, shapes: str) -> None:
        self._terms = _terms(_parsed(shapes, ox.RdfFormat.TURTLE))
        self._roots = {
            _path(node, self._terms): node
            for (_, term), nodes in self._terms.items()
            if term == SH + "path"
            for node in nodes
        }
        self._about: dict[_Term, list[tuple[str, _Term]]] = {}
        for (subject, term), values in self._terms.items():
            self._about.setdefault(subject, []).extend((term, value) for value in values)
        self._names: dict[_Term, ox.BlankNode] = {}

    def node(self, path: str) -> ox.NamedNode | ox.BlankNode:
        root = self._roots.get(path)
        if root is None or isinstance(root, ox.NamedNode):
            return ox.NamedNode(path.removeprefix("<").removesuffix(">"))
        return self._name(root)

    def triples(self) -> Iterator[ox.Triple]:
        waiting = list(self._names)
        for node in waiting:
            for term, value in sorted(self._about[node], key=str):
                if isinstance(value, ox.BlankNode) and value not in self._names:
                    waiting.append(value)
                named = self._name(value) if isinstance(value, ox.BlankNode) else value
                yield ox.Triple(self._names[node], ox.NamedNode(term), named)

    def _name(self, node: _Term) -> ox.BlankNode:
        return self._names.setdefault(node, ox.BlankNode(f"path{len(self._names) + 1}"))


def _report(results: list[Result], paths: _Paths) -> Iterator[ox.Triple]:
    top = ox.BlankNode("report")
    conforms = ox.Literal(
        "false" if results else "true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
    )
    yield ox.Triple(top, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationReport"))
    yield ox.Triple(top, ox.NamedNode(SH + "conforms"), conforms)
    nodes = [ox.BlankNode(f"result{number}") for number in range(1, len(results) + 1)]
    for node in nodes:
        yield ox.Triple(top, ox.NamedNode(SH + "result"), node)
    for node, result in zip(nodes, results, strict=True):
        yield ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationResult"))
        for name, term in _described(result, paths):
            yield ox.Triple(node, ox.NamedNode(SH + name), term)


def _described(result: Result, paths: _Paths) -> Iterator[tuple[str, Any]]:
    yield "focusNode", _read(result.focus)
    if result.path:
        yield "resultPath", paths.node(result.path)
    if result.value:
        yield "value", _read(result.value)
    yield "resultSeverity", ox.NamedNode(result.severity)
    yield "sourceConstraintComponent", ox.NamedNode(result.component)
    if result.shape:
        yield "sourceShape", ox.NamedNode(result.shape)
    if result.message:
        yield "resultMessage", ox.Literal(result.message)

"""The SPARQL within shapes: what it may not ask, and where it cannot be parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.check.own.graph import SH, Fact, Fault, Graph
from kg.errors import KgError
from kg.guard.nesting import DEEPEST, too_deep
from kg.query.sparql import names_graphs, refuse, words
from kg.values import shown

_FORMS = {SH + "select": "SelectQuery", SH + "ask": "AskQuery", SH + "construct": "ConstructQuery"}
QUERIES = tuple(_FORMS)
# The engine writes them into queries as they stand, and a query could begin in them.
_DECLARED = {
    SH + "prefix": re.compile(r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?"),
    SH + "namespace": re.compile(r"[^\x00-\x20<>\"{}|^`\\]*"),
}
_PLACE = re.compile(r"\(line:(\d+), col:(\d+)\)")


def query_faults(graph: Graph) -> Iterator[Fault]:
    """What is wrong with the queries of shapes. Nothing is run: each is read, and parsed as the engine would."""
    for fact in graph.facts:
        if fact.predicate == SH + "update":
            yield _fault(fact, 0, "sh:update writes, and checks may not write", "leave it out")
        elif form := _DECLARED.get(fact.predicate):
            if not form.fullmatch(fact.value):
                what = f"{graph.short(fact.predicate)} is {shown(fact.value)}"
                yield _fault(fact, 0, what, 'write sh:prefix "ex" ; sh:namespace "https://example.org/", say')
        elif fact.predicate in QUERIES and not fact.literal:
            yield _fault(
                fact, 0, f"{graph.short(fact.predicate)} needs a query, and this is a node", "write it in quotes"
            )
        elif fact.predicate in QUERIES:
            yield from _faults(graph, fact)


def _faults(graph: Graph, fact: Fact) -> Iterator[Fault]:
    what = f"the query in {graph.short(fact.predicate)}"
    if line := too_deep(fact.value):
        yield _fault(fact, line, f"{what} is nested more than {DEEPEST} deep", "nest it less deeply")
        return
    try:
        refuse(fact.value)
    except KgError as error:
        yield _fault(fact, 0, error.message.replace("the query", what), "ask the data of the registry alone")
        return
    if "LOAD" in words(fact.value) or names_graphs(fact.value):
        yield _fault(fact, 0, f"{what} names its graphs (FROM or LOAD)", "a check asks all graphs; leave it out")
        return
    yield from _parsed(graph, fact, what)


def _parsed(graph: Graph, fact: Fact, what: str) -> Iterator[Fault]:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    try:
        prepared = prepareQuery(fact.value, initNs=_prefixes(graph, fact.subject))
    except ParseBaseException as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        yield _fault(
            fact, line, f"{what} cannot be parsed: line {line}, column {column}", "correct it there, or before"
        )
        return
    except RecursionError:
        yield _fault(fact, 0, f"{what} is nested too deeply", "nest it less deeply")
        return
    except Exception as error:
        unknown = re.search(r"Unknown namespace prefix : (\S*)", str(error))
        fix = f"declare {unknown[1]} with sh:prefixes, or write PREFIX in the query" if unknown else "correct it"
        yield _fault(fact, 0, f"{what} cannot be read: {error}", fix)
        return
    if prepared.algebra.name != _FORMS[fact.predicate]:
        word = graph.short(fact.predicate).removeprefix("sh:").upper()
        yield _fault(fact, 0, f"{what} is no {word}", f"write a query that begins with {word}")
        return
    waiting: list[object] = [prepared.algebra]
    while waiting:
        node = waiting.pop()
        if isinstance(node, CompValue):
            if node.name == "ServiceGraphPattern" or dict.get(node, "datasetClause"):
                fix = "ask the data of the registry alone"
                yield _fault(fact, 0, f"{what} asks another server or other graphs (SERVICE, FROM)", fix)
                return
            if node.name == "Graph":
                yield _fault(fact, 0, f"{what} names a graph (GRAPH)", "a check asks all graphs at once; leave it out")
                return
            waiting += node.values()
        elif isinstance(node, list | tuple):
            waiting += node


def _prefixes(graph: Graph, subject: str) -> dict[str, str]:
    """The prefixes that a query gets by sh:prefixes."""
    found = {}
    for holder in graph.values(subject, SH + "prefixes"):
        for declared in graph.values(holder.value, SH + "declare"):
            found[graph.text(declared.value, "prefix")] = graph.text(declared.value, "namespace")
    return found


def _fault(fact: Fact, line: int, message: str, fix: str) -> Fault:
    """A fault at a line of a query, whose text ends where its triple ends."""
    start = max(fact.line - fact.value.count("\n"), 1)
    return Fault("bad-shape", "violation", fact.file, start + max(line - 1, 0), message, fix)

"""Evaluating one query on a store, and what its errors come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from kg.errors import KgError
from kg.query.answer import Answer
from kg.query.sparql import names_graphs, syntax_error

T = TypeVar("T")
_JSON = ox.QueryResultsFormat.JSON


def on_store(path: Path, ask: Callable[[ox.Store], T]) -> T:
    """What is asked of the store of a build; once more, if a build has taken its place meanwhile.

    Raises KgError where the store is not there or cannot be read.
    """
    try:
        return ask(opened(path))
    except OSError:
        # Late, for it takes memory, of which the worker has little.
        from kg.store import read_whole

        return read_whole(path.parent, lambda build: ask(opened(build / path.name)))


def opened(path: Path) -> ox.Store:
    """The store in a folder, to be read. Raises OSError where it is not there or is damaged."""
    try:
        return ox.Store.read_only(str(path))
    except RuntimeError as error:
        # What the store itself says of files that are damaged.
        raise OSError(str(error)) from error


def evaluate(
    store: ox.Store,
    query: str,
    bound: Mapping[ox.Variable, ox.NamedNode | ox.Literal],
    base: str,
    prefixes: Mapping[str, str],
) -> Answer:
    """The answer of a store, over the union of its graphs unless the query says over which (FROM).

    Raises KgError for a query that cannot be parsed or evaluated, OSError for a store that cannot be read.
    """
    try:
        # The union would win over FROM, without a word.
        union = not names_graphs(query)
        result = store.query(
            query, prefixes=dict(prefixes), use_default_graph_as_union=union, substitutions=dict(bound) or None
        )
        if isinstance(result, ox.QueryBoolean):
            return Answer("ask", truth=bool(result), data=result.serialize(format=_JSON) or b"")
        if isinstance(result, ox.QueryTriples):
            return Answer("graph", triples=tuple(sorted(set(result), key=str)), base=base, prefixes=prefixes)
        return decode(result.serialize(format=_JSON) or b"", base, prefixes)
    except SyntaxError as error:
        raise syntax_error(query, str(error.msg or error), prefixes) from error
    except RuntimeError as error:
        raise _unbound(query, bound, str(error)) from error


def written(store: ox.Store, query: str, prefixes: Mapping[str, str]) -> bytes:
    """The answer to a SELECT query that ships with the program, over the union of graphs, in SPARQL 1.1 TSV."""
    result = store.query(query, prefixes=dict(prefixes), use_default_graph_as_union=True)
    if not isinstance(result, ox.QuerySolutions):
        raise KgError("the query is no SELECT", "select ?source, ?target and ?relation")
    return result.serialize(format=ox.QueryResultsFormat.TSV) or b""


def decode(data: bytes, base: str, prefixes: Mapping[str, str]) -> Answer:
    """An answer from SPARQL 1.1 JSON."""
    result = ox.parse_query_results(data, format=_JSON)
    if isinstance(result, ox.QueryBoolean):
        return Answer("ask", truth=bool(result), data=data)
    names = tuple(variable.value for variable in result.variables)
    rows = tuple(tuple(solution[name] for name in names) for solution in result)
    return Answer("select", names, rows, base=base, prefixes=prefixes, data=data)


def _unbound(query: str, bound: Mapping[ox.Variable, object], message: str) -> KgError:
    """A variable can be bound only if the query selects it."""
    for variable in bound:
        if re.search(rf"variable \?{re.escape(variable.value)}\b", message):
            names = sorted(set(re.findall(r"[?$](\w+)", query)))
            fix = f"select it in the query; its variables are {', '.join(names) or 'none'}"
            return KgError(f"the query does not select a variable ?{variable.value} that could be bound", fix)
    return KgError(f"the query cannot be evaluated: {message}", "simplify it")

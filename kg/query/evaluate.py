"""Evaluating one query on a store, and what its errors come to."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from kg.errors import KgError
from kg.query.answer import Answer

_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|<[^<>\"{}|^`\\\s]*>|#[^\n]*|[?$]\w+|(?P<prefix>[\w.-]*):[\w.%\\-]*|(?P<word>[A-Za-z]+)",
    re.S,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_LONGEST_CAUSE = 120
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.S)


def words(query: str) -> list[str]:
    """The bare words of a query in capitals, without strings, addresses, comments, variables and prefixed names.

    >>> words('SELECT ?service { ex:service a "SERVICE" } # SERVICE')
    ['SELECT', 'A']
    """
    plain = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16) % 0x110000), query)
    return [match["word"].upper() for match in _TOKENS.finditer(plain) if match["word"]]


def refuse(query: str) -> None:
    """Refuse a query that would write or reach the network, before anything parses it.

    >>> refuse("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    kg.errors.KgError: error: the query asks another server (SERVICE), and queries may not reach the network
      fix: load the data you need into the registry, or leave SERVICE out
    """
    found = words(query)
    form = next((word for word in found if word in _FORMS | _UPDATES), "")
    if form in _UPDATES:
        raise KgError(f"{form} writes, and queries may not write", "change the tables and run kg build")
    if "SERVICE" in found:
        message = "the query asks another server (SERVICE), and queries may not reach the network"
        raise KgError(message, "load the data you need into the registry, or leave SERVICE out")


def evaluate(
    store: ox.Store,
    query: str,
    bound: Mapping[ox.Variable, ox.NamedNode | ox.Literal],
    base: str,
    prefixes: Mapping[str, str],
) -> Answer:
    """The answer of a store. Raises KgError for a query that cannot be parsed or evaluated."""
    try:
        result = store.query(
            query, prefixes=dict(prefixes), use_default_graph_as_union=True, substitutions=dict(bound) or None
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
    except OSError as error:
        raise KgError(f"the store cannot be read: {error}", "run kg build again") from error


_JSON = ox.QueryResultsFormat.JSON


def decode(data: bytes, base: str, prefixes: Mapping[str, str]) -> Answer:
    """An answer from SPARQL 1.1 JSON."""
    result = ox.parse_query_results(data, format=_JSON)
    if isinstance(result, ox.QueryBoolean):
        return Answer("ask", truth=bool(result), data=data)
    names = tuple(variable.value for variable in result.variables)
    rows = tuple(tuple(solution[name] for name in names) for solution in result)
    return Answer("select", names, rows, base=base, prefixes=prefixes, data=data)


def syntax_error(query: str, message: str, prefixes: Mapping[str, str]) -> KgError:
    """What the parser said, with the line it said it of and a mark below the place."""
    match = _PLACE.search(message)
    if match is None:
        return KgError(f"this is no SPARQL query: {message}", "correct the query")
    line, column, cause = int(match[1]), int(match[2]), " ".join(match[3].split())
    cause = cause if len(cause) <= _LONGEST_CAUSE else cause[: _LONGEST_CAUSE - 1].rpartition(", ")[0] + " …"
    lines = query.splitlines()
    shown = lines[line - 1] if line <= len(lines) else ""
    mark = " " * max(0, min(column, len(shown) + 1) - 1) + "^"
    text = f"this is no SPARQL query: line {line}, column {column}: {cause}\n  {shown}\n  {mark}"
    return KgError(text, _guess(query, prefixes) or "correct the query at the mark, or just before it")


def _guess(query: str, prefixes: Mapping[str, str]) -> str:
    """The two commonest mistakes, which the parser does not name: no form of query, and a prefix unknown to it."""
    if not _FORMS & set(words(query)):
        return f"a query begins with {', '.join(sorted(_FORMS))}"
    used = {match["prefix"] for match in _TOKENS.finditer(query) if match["prefix"] is not None}
    declared = set(re.findall(r"(?i)\bPREFIX\s+([\w.-]*):", query)) | prefixes.keys()
    unknown = sorted(prefix for prefix in used - declared if prefix != "_")
    return f"declare the prefix {unknown[0]}: with PREFIX {unknown[0]}: <https://…>" if unknown else ""


def _unbound(query: str, bound: Mapping[ox.Variable, object], message: str) -> KgError:
    """A variable can be bound only if the query selects it."""
    for variable in bound:
        if re.search(rf"variable \?{re.escape(variable.value)}\b", message):
            names = sorted(set(re.findall(r"[?$](\w+)", query)))
            fix = f"select it in the query; its variables are {', '.join(names) or 'none'}"
            return KgError(f"the query does not select a variable ?{variable.value} that could be bound", fix)
    return KgError(f"the query cannot be evaluated: {message}", "simplify it")

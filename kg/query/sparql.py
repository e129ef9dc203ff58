"""What the text of a query says before anything evaluates it: its words, its dataset, and where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.errors import KgError
from kg.terminal import columns, visible

_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|<[^<>\"{}|^`\\\s]*>|(?P<blank>#[^\n]*|\s+)|[?$]\w+|(?P<prefix>[\w.-]*):[\w.%\\-]*|(?P<word>[A-Za-z]+)|.",
    re.S,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_PLACE = re.compile(r"error at (\d+):(\d+): expected (.*)", re.S)
_SAID = re.compile(r"(?:one of )?(?:.*, )?((?:[A-Z][a-z]\w*|IRI) [^,\[\]\"]*[^,\[\]\" ])")
_SHOWN = 100


def words(query: str) -> list[str]:
    """The bare words of a query in capitals, without strings, addresses, comments, variables and prefixed names.

    >>> words('SELECT ?service { ex:service a "SERVICE" } # SERVICE')
    ['SELECT', 'A']
    """
    return [match["word"].upper() for match in _TOKENS.finditer(query) if match["word"]]


def refuse(query: str, *, guarded: bool = True) -> None:
    """Refuse a query that would write or reach the network, before anything parses it.

    Escapes of characters are read both as they stand and decoded, for engines differ. `guarded` says that the query
    can open no connection anyway; where it could, the mere word SERVICE is refused, wherever it stands.

    >>> refuse("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    kg.errors.KgError: error: the query asks another server (SERVICE), and queries may not reach the network
      fix: load the data you need into the registry, or leave SERVICE out
    """
    plain = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16) % 0x110000), query)
    found = words(query)
    form = next((word for word in found if word in _FORMS | _UPDATES), "")
    if form in _UPDATES:
        raise KgError(f"{form} writes, and queries may not write", "change the tables and run kg build")
    if "SERVICE" in found or "SERVICE" in words(plain) or (not guarded and "SERVICE" in plain.upper()):
        message = "the query asks another server (SERVICE), and queries may not reach the network"
        raise KgError(message, "load the data you need into the registry, or leave SERVICE out")


def names_graphs(query: str) -> bool:
    """Whether a query says itself, by FROM or FROM NAMED, which graphs it asks.

    >>> names_graphs("SELECT ?from FROM <a:g> { ?s kg:from ?from }"), names_graphs("SELECT ?from { ?s kg:from ?from }")
    (True, False)
    """
    return "FROM" in words(query)


def syntax_error(query: str, message: str, prefixes: Mapping[str, str]) -> KgError:
    """What is wrong with a query that the parser refused, with the line and a mark below the place."""
    place, said = _located(query, message, prefixes)
    before = query[:place]
    line, column = before.count("\n") + 1, place - before.rfind("\n")
    token = _token(query, place)
    end = "the query ends too early" if query.strip() else "the query is empty"
    cause = said or (f"“{visible(token)}” cannot stand here" if token else end)
    shown, mark = _marked(query.splitlines()[line - 1 : line], column)
    text = f"this is no SPARQL query: line {line}, column {column}: {cause}\n  {shown}\n  {mark}"
    return KgError(text, _guess(query, prefixes) or "correct the query at the mark, or just before it")


def _located(query: str, message: str, prefixes: Mapping[str, str]) -> tuple[int, str]:
    """The offset of the token that the parser stumbled over, and what it said in words, if anything.

    The parser tells how far it looked, which is up to the length of its longest keyword too far. Spread out, the
    tokens lie so far apart that the place it tells belongs to one of them.
    """
    spread, starts = "", []
    for start, token in _parted(query):
        starts.append((len(spread), start))
        spread += token + " " * 40
    match = _PLACE.search(_complaint(spread, prefixes) or message)
    if match is None:
        return 0, visible(message)
    said = _SAID.match(match[3])
    lines = spread.split("\n")
    far = sum(len(each) + 1 for each in lines[: int(match[1]) - 1]) + int(match[2]) - 1
    if far >= len(spread):
        first = next((m.start() for m in _TOKENS.finditer(query) if (m["word"] or "").upper() == "SELECT"), 0)
        return (first if said else len(query.rstrip())), (said[1] if said else "")
    return max(start for spread_start, start in starts if spread_start <= far), (said[1] if said else "")


def _parted(query: str) -> Iterator[tuple[int, str]]:
    """The parts of a query that blanks, comments and brackets divide, each with its offset."""
    start, part = 0, ""
    for match in _TOKENS.finditer(query):
        alone = match["blank"] or match[0] in "{}();,"
        if alone and part:
            yield start, part
            part = ""
        if match["blank"]:
            continue
        if alone:
            yield match.start(), match[0]
            continue
        start = start if part else match.start()
        part += match[0]
    if part:
        yield start, part


def _complaint(query: str, prefixes: Mapping[str, str]) -> str:
    try:
        ox.Store().query(query, prefixes=dict(prefixes))
    except SyntaxError as error:
        return str(error.msg or error)
    return ""


def _token(query: str, place: int) -> str:
    """The token at an offset, with what hangs on it."""
    return next((part for start, part in _parted(query[place:]) if start == 0), "")


def _marked(lines: list[str], column: int) -> tuple[str, str]:
    """A line, or the part of a long one around a column, without marks that disturb a terminal; and the mark."""
    line = lines[0] if lines else ""
    start = max(0, column - 1 - _SHOWN // 2) if len(line) > _SHOWN else 0
    shown = "".join(char if char.isprintable() else " " for char in line[start : start + _SHOWN])
    return shown, " " * columns(shown[: column - 1 - start]) + "^"


def _guess(query: str, prefixes: Mapping[str, str]) -> str:
    """The two commonest mistakes, which the parser does not name: no form of query, and a prefix unknown to it."""
    if not _FORMS & set(words(query)):
        return f"a query begins with {', '.join(sorted(_FORMS))}"
    used = {match["prefix"] for match in _TOKENS.finditer(query) if match["prefix"] is not None}
    declared = set(re.findall(r"(?i)\bPREFIX\s+([\w.-]*):", query)) | prefixes.keys()
    unknown = sorted(prefix for prefix in used - declared if prefix != "_")
    return f"declare the prefix {unknown[0]}: with PREFIX {unknown[0]}: <https://…>" if unknown else ""

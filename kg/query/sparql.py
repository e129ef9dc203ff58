"""What the text of a query says before anything evaluates it: its words, its dataset, and where it is wrong."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate

import pyoxigraph as ox

from kg.errors import KgError
from kg.terminal import columns, visible

_LONG = {quote: rf"{quote * 3}(?:[^{quote}\\]|\\.|{quote}(?!{quote * 2}))*+" for quote in "\"'"}
# Each token is read in time that is linear in its length. No token begins within another one but for a long string that
# never ends: no later one of its kind ends either, so its marks are then read as those of short strings.
_REST = (
    r'"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\'|<[^<>\"{}|^`\\\x00-\x20]*+>|(?P<blank>#[^\n\r]*+|\s++)|(?:[?$]\w*+)++'
    r"|(?P<prefix>[\w.-]*+):(?:[\w.%-]|\\\S)*+|(?P<bare>[\w.-]++)|(?:\\\S)++|[&|!=>*+/^@\[\]%~`]++|."
)
_TOKENS = {
    kinds: re.compile(
        "".join(f"{_LONG[quote]}{quote * 3}|" for quote in kinds)
        + (f"(?P<unclosed>{'|'.join(map(_LONG.__getitem__, kinds))})|" if kinds else "")
        + _REST,
        re.S,
    )
    for kinds in ("\"'", '"', "'", "")
}
_WORD = re.compile(r"[A-Za-z]+")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
LARGEST = 1 << 20  # bytes
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_PLACE = re.compile(r"error at (\d+):(\d+): expected (.*)", re.S)
_SAID = re.compile(r"(?:one of )?(?:.*, )?((?:[A-Z][a-z]\w*|IRI) [^,\[\]\"]*[^,\[\]\" ])")
_SHOWN = 100
_FAR = 40  # longer than the longest keyword


def words(query: str) -> list[str]:
    """The bare words of a query in capitals, without strings, addresses, comments, variables and prefixed names.

    >>> words('SELECT ?service { ex:service a "SERVICE" } # SERVICE')
    ['SELECT', 'A']
    """
    return [word.upper() for _, word in _words(query)]


def _words(query: str) -> Iterator[tuple[int, str]]:
    """The bare words of a query with their offsets; letters that figures, dots and hyphens part are words, too."""
    for match in _tokens(query):
        if match.lastgroup != "bare":
            continue
        if match[0].isascii() and match[0].isalpha():
            yield match.start(), match[0]
        else:
            yield from ((word.start(), word[0]) for word in _WORD.finditer(query, *match.span()))


def _tokens(query: str) -> Iterator[re.Match[str]]:
    kinds, start = "\"'", 0
    while True:
        for match in _TOKENS[kinds].finditer(query, start):
            if match.lastgroup == "unclosed":
                kinds, start = kinds.replace(match[0][0], ""), match.start()
                break
            yield match
        else:
            return


def refuse(query: str, *, guarded: bool = True) -> None:
    """Refuse a query that would write or reach the network, or is too long, before anything parses it.

    Escapes of characters are read both as they stand and decoded, for engines differ. Of what looks like a request to
    a server it does not matter where it stands, in a comment or a string even: what ends these is for the engine to
    say. `guarded` says that the query can open no connection anyway; where it could, the mere word SERVICE is refused.

    >>> refuse("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    kg.errors.KgError: error: the query asks another server (SERVICE), and queries may not reach the network
      fix: load the data you need into the registry, or leave SERVICE out
    """
    if len(query) > LARGEST or len(query.encode("utf-8", "surrogatepass")) > LARGEST:
        raise KgError(f"the query is longer than {LARGEST >> 20} MB", "ask for less at a time")
    plain = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16) % 0x110000), query)
    found = words(query)
    form = next((word for word in found if word in _FORMS | _UPDATES), "")
    if form in _UPDATES:
        raise KgError(f"{form} writes, and queries may not write", "change the tables and run kg build")
    if "SERVICE" in found or _asks_server(query, guarded=guarded) or _asks_server(plain, guarded=guarded):
        message = "the query asks another server (SERVICE), and queries may not reach the network"
        raise KgError(message, "load the data you need into the registry, or leave SERVICE out")


def _asks_server(text: str, *, guarded: bool) -> bool:
    """Whether a text has the word SERVICE with the name of a server and a bracket behind it, or alone where it counts.

    `?service` and `kg:service` are no words of their own in any way of reading them.
    """
    if "SERVICE" not in text.upper():
        return False
    if not guarded or "SERVICE" in words(text):
        return True
    ends = [match.start() for match in _LINE_END.finditer(text)]
    return any(match["service"] and _names_server(text, match.end(), ends) for match in _SERVICE.finditer(text))


_LINE_END = re.compile(r"[\n\r]")
_SERVICE = re.compile(r"[?$]\w*+|:[\w-]*+|(?P<service>service)", re.IGNORECASE)
_SILENT = re.compile(r"\s*+silent", re.IGNORECASE)
_BLANKS = re.compile(r"\s*+")
_SERVER = re.compile(r"<[^<>]*+>|(?:[^\s{#\\<]|\\.){1,400}+", re.S)
_MOST_COMMENTS = 9


def _names_server(text: str, at: int, ends: list[int]) -> bool:
    """Whether the rest of a request follows: a server by address, name or variable, and a bracket.

    What goes on for very long is taken for one, so that nobody need read it again and again.
    """
    behind = _behind_comments(text, at, ends)
    if silent := _SILENT.match(text, behind):
        behind = _behind_comments(text, silent.end(), ends)
    server = _SERVER.match(text, behind)
    if behind >= len(text) or server is None:
        return False
    if not (server[0][0] in "<?$" or ":" in server[0]):
        return len(server[0]) >= 400
    return text.startswith("{", _behind_comments(text, server.end(), ends)) or len(server[0]) >= 400


def _behind_comments(text: str, at: int, ends: list[int]) -> int:
    """Where blanks and comments end; the end of the text where there are more comments than anyone writes."""
    for _ in range(_MOST_COMMENTS):
        at = _BLANKS.match(text, at).end()  # type: ignore[union-attr] # it matches nothing, too
        if not text.startswith("#", at):
            return at
        line = bisect_left(ends, at)
        at = ends[line] if line < len(ends) else len(text)
    return at


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
    fix = _guess(query, prefixes) or "correct the query at the mark, or just before it"
    return KgError(text, fix, marked=True)


def _located(query: str, message: str, prefixes: Mapping[str, str]) -> tuple[int, str]:
    """The offset of the token that the parser stumbled over, and what it said in words, if anything.

    The parser tells how far it looked, which is up to the length of its longest keyword too far. Spread out, the
    tokens lie so far apart that the place it tells belongs to one of them.
    """
    parts = list(_parted(query))
    offsets = accumulate((len(part) + _FAR for _, part in parts), initial=0)
    starts = [(offset, start) for offset, (start, _) in zip(offsets, parts, strict=False)]
    spread = "".join(part + " " * _FAR for _, part in parts)
    match = _PLACE.search(_complaint(spread, prefixes) or message)
    if match is None:
        return 0, visible(message)
    said = _SAID.match(match[3])
    lines = spread.split("\n")
    far = sum(len(each) + 1 for each in lines[: int(match[1]) - 1]) + int(match[2]) - 1
    if far >= len(spread):
        first = next((start for start, word in _words(query) if word.upper() == "SELECT"), 0)
        return (first if said else len(query.rstrip())), (said[1] if said else "")
    return max(start for spread_start, start in starts if spread_start <= far), (said[1] if said else "")


def _parted(query: str) -> Iterator[tuple[int, str]]:
    """The parts of a query that blanks, comments and brackets divide, each with its offset."""
    start = end = 0
    for match in _tokens(query):
        blank = match.lastgroup == "blank"
        alone = blank or match[0] in "{}();,"
        if alone and end > start:
            yield start, query[start:end]
        if alone and not blank:
            yield match.start(), match[0]
        if alone:
            start = match.end()
        end = match.end()
    if end > start:
        yield start, query[start:end]


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
    used = {match["prefix"] for match in _tokens(query) if match["prefix"] is not None}
    declared = set(re.findall(r"(?i)\bPREFIX\s++([\w.-]*+):", query)) | prefixes.keys()
    unknown = sorted(prefix for prefix in used - declared if prefix != "_")
    return f"declare the prefix {unknown[0]}: with PREFIX {unknown[0]}: <https://…>" if unknown else ""

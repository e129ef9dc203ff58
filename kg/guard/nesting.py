"""How deeply a text nests, before any parser sees it: parsers recurse, and deep nesting ends their process."""

from __future__ import annotations

import re

DEEPEST = 100
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
# Strings, addresses and comments, in which brackets mean nothing, are passed over whole, strings also where they do not
# end; each loop is possessive, so that a text is read once, whatever it holds.
_RDF = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*+(?:\'\'\')?'
    r'|"(?:[^"\\\n]|\\.)*+"?|\'(?:[^\'\\\n]|\\.)*+\'?'
    r"|<[^<>\"{}|^`\\\s]*+>|#[^\n]*+|<<|>>|[\[({\])}\n]",
    re.S,
)
_JSON = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}\n]', re.S)


def too_deep(text: str, *, json: bool = False, deepest: int = DEEPEST) -> int:
    """The line at which a text nests more than so many brackets or quoted triples into each other; 0 if none does.

    >>> too_deep("<a:s> <a:p> " + "[ <a:p> " * 101)
    1
    >>> too_deep('<a:s> <a:p> "' + "[" * 101 + '" .')
    0
    """
    depth, line = 0, 1
    for match in (_JSON if json else _RDF).finditer(text):
        mark = match[0]
        if mark in _OPENING or mark == "<<":
            depth += 1
            if depth > deepest:
                return line
        elif mark in _CLOSING or mark == ">>":
            depth = max(depth - 1, 0)
        else:
            line += mark.count("\n")
    return 0

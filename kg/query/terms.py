"""Parameters of queries as terms: they are bound, never pasted into text."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from kg.entities import parse_id
from kg.errors import KgError
from kg.ontology import XSD
from kg.values import CellError, literal

_NODE = re.compile(r"(claim|evidence|contradiction|ledger|decision|graph|tally)/[a-z0-9_-]+", re.ASCII)
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def term(text: str, base: str, words: Mapping[str, str]) -> ox.NamedNode | ox.Literal:
    """The term for a parameter's value.

    An id is the entity, a word of the ontology the property, `https://…` an address; a number, a date and any other
    text are literals of their types. Text between quotation marks is text, whatever it looks like.

    >>> term("list/harbour-2031#nurses", "https://example.org/id/", {}).value
    'https://example.org/id/tally/list_harbour-2031_nurses'
    """
    if len(text) > 1 and text[0] == text[-1] == '"':
        return ox.Literal(text[1:-1])
    if text in words:
        return ox.NamedNode(words[text])
    if _NODE.fullmatch(text):
        return ox.NamedNode(base + text)
    if _IRI.fullmatch(text):
        return ox.NamedNode(text)
    try:
        return ox.NamedNode(base + parse_id(text).local)
    except CellError:
        return _literal(text)


def _literal(text: str) -> ox.Literal:
    for kind in ("integer", "decimal", "date"):
        try:
            found = literal(text, (kind,))
        except CellError:
            continue
        if found.datatype.startswith(XSD):
            return ox.Literal(found.text, datatype=ox.NamedNode(found.datatype))
    return ox.Literal(text)


def substitutions(
    parameters: Mapping[str, str], base: str, words: Mapping[str, str]
) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
    """Each parameter with its term."""
    found = {}
    for name, value in parameters.items():
        if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
            raise KgError(f"“{name}” cannot be the name of a variable", "use letters, digits and underscores")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise KgError(f"the value of {name} is no text", "write it in UTF-8") from error
        found[ox.Variable(name)] = term(value, base, words)
    return found

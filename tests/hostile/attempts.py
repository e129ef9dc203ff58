"""What engines do with the texts of strangers that nobody has refused: run past the program's own review.

Each function is a task of the guarded worker; called outside of one, it shows what the worker keeps from happening.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

Reply = tuple[Any, bytes]
_PERSON = (
    "<urn:ana> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Person> .\n"
    '<urn:ana> <http://www.w3.org/2000/01/rdf-schema#label> "Ana" .\n'
)


def shapes(request: Mapping[str, Any], _: bytes) -> Reply:
    """Run each file of shapes by pySHACL, as own shapes are run."""
    from kg.check.engines import reference

    return _each(request, lambda text: reference(text, _PERSON))


def queries(request: Mapping[str, Any], _: bytes) -> Reply:
    """Run each query by the store's engine, and by rdflib's."""
    import pyoxigraph as ox
    import rdflib

    store, graph = ox.Store(), rdflib.Dataset(default_union=True)
    store.load(_PERSON.encode(), format=ox.RdfFormat.N_TRIPLES)
    graph.parse(data=_PERSON, format="nt")
    return _each(request, lambda text: list(store.query(text)), lambda text: list(graph.query(text)))


def graphs(request: Mapping[str, Any], _: bytes) -> Reply:
    """Read each graph by rdflib, whose readers follow contexts and entities; the syntax is what it begins with."""
    import rdflib

    def read(text: str) -> object:
        syntax = {"<": "xml", "{": "json-ld", "[": "json-ld"}.get(text[0], "turtle")
        return len(rdflib.Dataset().parse(data=text, format=syntax))

    return _each(request, read)


def _each(request: Mapping[str, Any], *deeds: Callable[[str], object]) -> Reply:
    """What became of each deed on each text."""
    became = []
    for text in request["texts"]:
        for deed in deeds:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    deed(text)
                became.append("done")
            except Exception as error:
                became.append(type(error).__name__)
    return became, b""

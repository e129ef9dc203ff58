"""The task of the guarded worker that answers one query on the store of a build.

The reply says what follows in the body: rows or a truth as SPARQL 1.1 JSON, or triples as N-Triples.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.guard.sandbox import without_new_files
from kg.guard.worker import guarded
from kg.query.answer import Answer
from kg.query.evaluate import evaluate, on_store
from kg.query.sparql import refuse


def answer(request: Mapping[str, Any], query: bytes) -> tuple[str, bytes]:
    """Answer the query in the body, with the base, prefixes and bound variables of the request."""
    text = query.decode()
    bound = {ox.Variable(name): _term(value) for name, value in request["bound"].items()}

    def ask(store: ox.Store) -> Answer:
        # Where sockets cannot be taken away, the right to open files can, of which sockets are some.
        refuse(text, guarded=guarded() or without_new_files())
        return evaluate(store, text, bound, request["base"], request["prefixes"])

    found = on_store(Path(request["store"]), ask)
    if found.kind == "graph":
        return found.kind, ox.serialize(found.triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return found.kind, found.data


def _term(text: str) -> Any:
    """A term from N-Triples, read as the object of a triple."""
    (quad,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    return quad.object

"""The process that runs one untrusted query and ends: a request in JSON on standard input, the answer on output.

The first line of the answer says what follows: rows or a truth as SPARQL 1.1 JSON, triples as N-Triples, or an error.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from kg.query.sandbox import limit, without_sockets


def main() -> None:
    """Read the request, take away rights, evaluate, answer."""
    request: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    limit(request["cpu"])
    without_sockets()
    head, body = _answer(request)
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def _answer(request: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    import pyoxigraph as ox

    from kg.errors import KgError
    from kg.query.evaluate import evaluate

    bound = {ox.Variable(name): _term(text) for name, text in request["bound"].items()}
    try:
        store = ox.Store.read_only(request["store"])
        answer = evaluate(store, request["query"], bound, request["base"], request["prefixes"])
    except KgError as error:
        return {"kind": "error", "message": error.message, "fix": error.fix}, b""
    except MemoryError:
        return {"kind": "error", "message": "the query needs more memory than it may have", "fix": "narrow it"}, b""
    if answer.kind == "graph":
        return {"kind": "graph"}, ox.serialize(answer.triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return {"kind": answer.kind}, answer.data


def _term(text: str) -> Any:
    """A term from N-Triples, read as the object of a triple."""
    import pyoxigraph as ox

    (quad,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    return quad.object


if __name__ == "__main__":
    main()

"""The process that runs one untrusted query and ends: a request in JSON on standard input, the answer on output.

The first line of the answer says what follows: rows or a truth as SPARQL 1.1 JSON, triples as N-Triples, or an error.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from kg.query.sandbox import limit, without_new_files, without_sockets


def main() -> None:
    """Read the request, take away rights, evaluate, answer."""
    request: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    limit(request["cpu"], request["memory"])
    head, body = _answer(request, guarded=without_sockets())
    if len(body) > request["longest"]:
        longest = request["longest"] >> 20
        head, body = _error(f"the answer is longer than {longest} MB", "narrow the query, or add a LIMIT"), b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def _answer(request: dict[str, Any], *, guarded: bool) -> tuple[dict[str, str], bytes]:
    import pyoxigraph as ox

    from kg.errors import KgError
    from kg.query.evaluate import evaluate
    from kg.query.sparql import refuse

    bound = {ox.Variable(name): _term(text) for name, text in request["bound"].items()}
    try:
        store = ox.Store.read_only(request["store"])
        refuse(request["query"], guarded=guarded or without_new_files())
        answer = evaluate(store, request["query"], bound, request["base"], request["prefixes"])
    except KgError as error:
        return _error(error.message, error.fix), b""
    except MemoryError:
        return _error("the query needs more memory than it may have", "narrow it, or add a LIMIT"), b""
    if answer.kind == "graph":
        return {"kind": "graph"}, ox.serialize(answer.triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return {"kind": answer.kind}, answer.data


def _error(message: str, fix: str) -> dict[str, str]:
    return {"kind": "error", "message": message, "fix": fix}


def _term(text: str) -> Any:
    """A term from N-Triples, read as the object of a triple."""
    import pyoxigraph as ox

    (quad,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    return quad.object


if __name__ == "__main__":
    main()

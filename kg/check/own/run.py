"""Running shapes in the guarded worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pyoxigraph as ox

from kg.check.engines import SH, Result, fast, needs_reference, reference
from kg.guard.worker import need_guard


def validate(request: Mapping[str, Any], body: bytes) -> tuple[Any, bytes]:
    """The task of the worker: the results of own shapes on the N-Triples in the body.

    The shipped shapes lend what own ones refer to, without their targets, so that they are not run again.
    """
    need_guard()
    shapes = request["own"] + _without_targets(request["shipped"])
    return [asdict(result) for result in _results(shapes, body.decode(), request["engine"])], b""


def reference_alone(request: Mapping[str, Any], body: bytes) -> tuple[Any, bytes]:
    """The task of the worker that runs shipped shapes by the reference engine."""
    return [asdict(result) for result in reference(request["shapes"], body.decode())], b""


def _results(shapes: str, data: str, engine: str) -> list[Result]:
    if engine == "reference" or needs_reference(shapes):
        return reference(shapes, data)
    try:
        return fast(shapes, data)
    except Exception:
        return reference(shapes, data)


def _without_targets(shapes: str) -> str:
    triples = (quad.triple for quad in ox.parse(shapes, format=ox.RdfFormat.TURTLE))
    kept = [triple for triple in triples if not triple.predicate.value.startswith(SH + "target")]
    return (ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES) or b"").decode()

"""The kinds of cases; each module generates those of its kind from the seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

from hostile.case import Case
from hostile.kinds import (
    arguments,
    cells,
    damage,
    files,
    graphs,
    ontologies,
    outputs,
    permissions,
    queries,
    settings,
    shapes,
    streams,
    tables,
)

SEED = 11
LEAST = 320
KINDS: Mapping[str, Callable[[random.Random], Iterator[Case]]] = {
    module.__name__.rpartition(".")[2]: module.generate
    for module in (
        cells,
        tables,
        files,
        settings,
        ontologies,
        shapes,
        queries,
        graphs,
        permissions,
        damage,
        streams,
        outputs,
        arguments,
    )
}


def cases(kind: str, seed: int = SEED) -> list[Case]:
    """The cases of a kind."""
    return list(KINDS[kind](random.Random(f"{seed} {kind}")))

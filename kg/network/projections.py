"""Projections by name: the SPARQL queries of `networks/` that say which things are nodes, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.entities import Entities
from kg.errors import KgError, did_you_mean
from kg.files import is_there, scan
from kg.network.disputes import Disputes
from kg.network.known import Registered
from kg.network.network import Network
from kg.network.reading import network
from kg.ontology import Ontology
from kg.query import Engine, Question
from kg.query.questions import read_question, read_questions
from kg.terminal import visible
from kg.trace import Rows

_SHIPPED = Path(__file__).parent.parent / "networks"
_SUMS = Path(__file__).parent / "sums.rq"


def projections(own: Path | None = None) -> Mapping[str, Question]:
    """All projections by name: the shipped ones, and those in a workspace's own `networks/`, which come first."""
    return read_questions(_SHIPPED, own)


def projection(name: str, own: Path | None = None) -> Question:
    """The query of a projection: by its name, or in a file that ends in `.rq`.

    Raises KgError for a name that there is not, and for a file that cannot be read.
    """
    if name.endswith(".rq"):
        return read_question(Path(name), trusted=False)
    if own is not None and is_there(own / f"{name}.rq"):
        return read_question(own / f"{name}.rq", trusted=False)
    if (_SHIPPED / f"{name}.rq").is_file():
        return read_question(_SHIPPED / f"{name}.rq", trusted=True)
    known = [path.stem for folder in (_SHIPPED, own) if folder for path in scan(folder).ending(".rq").files]
    fix = did_you_mean(name, known) or f"kg network alone lists them: {', '.join(sorted(set(known)))}"
    raise KgError(f"there is no projection “{visible(name)}”", fix)


def project(engine: Engine, question: Question, rows: Rows, entities: Entities, ontology: Ontology) -> Network:
    """Ask a projection's query, and make a network of the answer. Errors are those of the query and of its columns."""
    sums = engine.run(read_question(_SUMS, trusted=True))
    known = Registered(rows, entities, ontology, engine.base, Disputes(rows, entities, ontology, sums))
    return network(question, engine.frame(question), known)

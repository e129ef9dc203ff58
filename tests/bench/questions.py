"""The named questions as both engines run them: whole SPARQL texts with their prefixes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kg.dataset import prefixes
from kg.ontology import load
from kg.shipped import shipped
from kg.workspace import find_workspace

FOLDER = shipped("ontology").parent / "kg" / "queries"


def questions(root: Path) -> dict[str, str]:
    """The named questions by name; a prefix that one does not declare is declared before it."""
    known = prefixes(load(), find_workspace(root).base)
    found = {}
    for path in sorted(FOLDER.glob("*.rq")):
        text = path.read_text("utf-8")
        declared = set(re.findall(r"^\s*PREFIX\s+([\w-]*):", text, re.IGNORECASE | re.MULTILINE))
        lines = [f"PREFIX {name}: <{iri}>" for name, iri in known.items() if name not in declared]
        found[path.stem] = "\n".join([*lines, text])
    return found


def answers(found: Any) -> int:
    """How many rows or triples pyoxigraph gives for a query (an ASK counts as one)."""
    return 1 if hasattr(found, "__bool__") and not hasattr(found, "__iter__") else sum(1 for _ in found)


def rdflib_rows(graph: Any, text: str) -> int:
    """How many rows or triples rdflib gives for a query (an ASK counts as one)."""
    return sum(1 for _ in graph.query(text))

"""Asking the graph: named questions and SPARQL 1.1 queries that can neither write nor reach the network."""

from kg.query.answer import Answer
from kg.query.engine import Engine
from kg.query.questions import Parameter, Question

__all__ = ["Answer", "Engine", "Parameter", "Question"]

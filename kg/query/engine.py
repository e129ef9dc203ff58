"""What answers queries: shipped questions here, everything else in a worker that can be ended."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError
from kg.query.answer import Answer
from kg.query.evaluate import decode, evaluate, refuse
from kg.query.questions import Question, question, questions
from kg.query.terms import substitutions

_NAME = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Engine:
    """Answers queries on the store of a build.

    `words` maps words of the tables to property IRIs, for parameters; `extra` is a folder with a workspace's own
    questions.
    """

    store: Path
    base: str
    prefixes: Mapping[str, str]
    words: Mapping[str, str]
    extra: Path | None = None

    def questions(self) -> Mapping[str, Question]:
        """All named questions by name."""
        return questions(self.extra)

    def answer(self, asked: str, parameters: Mapping[str, str] | None = None, *, timeout: float = 60) -> Answer:
        """Answer a named question or a query text, with parameters bound to its variables.

        Raises KgError for an unknown name, a faulty query, one that would write or reach the network, and one that
        takes longer than `timeout` seconds or more memory than it may have.
        """
        bound = substitutions(parameters or {}, self.base, self.words)
        if not _NAME.fullmatch(asked.strip()):
            return self._guarded(asked, bound, timeout)
        found = question(asked.strip(), self.extra)
        for parameter in found.parameters:
            if parameter.needed and parameter.name not in (parameters or {}):
                fix = f"add --set {parameter.name}={parameter.example}"
                raise KgError(f"the question {found.name} needs {parameter.name}", fix)
        if not found.trusted:
            return self._guarded(found.text, bound, timeout)
        return evaluate(self._opened, found.text, bound, self.base, self.prefixes)

    @cached_property
    def _opened(self) -> ox.Store:
        try:
            return ox.Store.read_only(str(self.store))
        except OSError as error:
            raise KgError(f"the store cannot be opened: {error}", "run kg build") from error

    def _guarded(self, query: str, bound: Mapping[ox.Variable, ox.NamedNode | ox.Literal], timeout: float) -> Answer:
        refuse(query)
        request = {
            "store": str(self.store),
            "query": query,
            "base": self.base,
            "prefixes": dict(self.prefixes),
            "bound": {variable.value: str(value) for variable, value in bound.items()},
            "cpu": int(timeout * 4) + 5,
        }
        command = [sys.executable, "-m", "kg.query.worker"]
        try:
            done = subprocess.run(  # noqa: S603 - our own module, and nothing of the query is in the command
                command, input=json.dumps(request).encode(), capture_output=True, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired as error:
            fix = "narrow it, or give it more time with --timeout"
            raise KgError(f"the query took longer than {timeout:g} seconds and was ended", fix) from error
        return self._received(done)

    def _received(self, done: subprocess.CompletedProcess[bytes]) -> Answer:
        head, _, body = done.stdout.partition(b"\n")
        if done.returncode != 0 or not head:
            fix = "nest it less deeply, or narrow it"
            raise KgError("the query brought the engine down, or needed more than it may have", fix)
        told = json.loads(head)
        if told["kind"] == "error":
            raise KgError(told["message"], told["fix"])
        if told["kind"] == "graph":
            triples = tuple(quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
            return Answer("graph", triples=triples, base=self.base, prefixes=self.prefixes)
        return decode(body, self.base, self.prefixes)

"""What answers queries: shipped questions here, everything else in a worker that can be ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from kg.errors import KgError, did_you_mean
from kg.guard import Guard, LimitError, run
from kg.query.answer import Answer
from kg.query.evaluate import decode, evaluate, on_store, opened, written
from kg.query.questions import Question, question, questions
from kg.query.terms import substitutions
from kg.terminal import visible

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")
_NAME = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Engine:
    """Answers queries on the store of a build.

    `words` maps words of the tables to property IRIs, for parameters; `extra` is a folder with a workspace's own
    questions; `guard` has the limits for a query that is no shipped question.
    """

    store: Path
    base: str
    prefixes: Mapping[str, str]
    words: Mapping[str, str]
    extra: Path | None = None
    guard: Guard = field(default_factory=Guard)

    def questions(self) -> Mapping[str, Question]:
        """All named questions by name."""
        return questions(self.extra)

    def answer(
        self, asked: str, parameters: Mapping[str, str] | None = None, *, timeout: float | None = None
    ) -> Answer:
        """Answer a named question or a query text, with parameters bound to its variables.

        Raises KgError for an unknown name, a faulty query, one that would write or reach the network, and one that
        takes longer than `timeout` seconds (else those of the guard) or more memory than it may have.
        """
        if not _NAME.fullmatch(asked.strip()):
            return self._worked(asked, substitutions(parameters or {}, self.base, self.words), timeout)
        return self.run(question(asked.strip(), self.extra), parameters, timeout=timeout)

    def run(
        self, found: Question, parameters: Mapping[str, str] | None = None, *, timeout: float | None = None
    ) -> Answer:
        """Answer a question read from a file, with the parameters it takes; errors are those of `answer`."""
        bound = substitutions(parameters or {}, self.base, self.words)
        _check_parameters(found, parameters or {})
        if not found.trusted:
            return self._worked(found.text, bound, timeout)
        return self._ask(lambda store: evaluate(store, found.text, bound, self.base, self.prefixes))

    def frame(self, found: Question) -> pl.DataFrame:
        """The rows of a SELECT question without parameters, its terms as SPARQL writes them; errors as of `answer`.

        It has a column for each variable, null where that is unbound; `kg.query.tsv.terms` reads the others. It is
        quicker than an answer, of whose terms each is an object.
        """
        # Not for the worker, whose memory is limited.
        import polars as pl

        from kg.query.tsv import table

        if found.trusted:
            return table(self._ask(lambda store: written(store, found.text, self.prefixes)))
        answer = self.run(found)
        return table(answer.serialize("tsv")) if answer.kind == "select" else pl.DataFrame()

    def _ask(self, ask: Callable[[ox.Store], T]) -> T:
        """What is asked of the store, which stays open; of that of a later build, if this one is gone."""
        try:
            return ask(self._opened)
        except OSError:
            return on_store(self.store, ask)

    @cached_property
    def _opened(self) -> ox.Store:
        return opened(self.store)

    def _worked(
        self, query: str, bound: Mapping[ox.Variable, ox.NamedNode | ox.Literal], timeout: float | None
    ) -> Answer:
        try:
            query.encode()
        except UnicodeEncodeError as error:
            raise KgError("the query is no text", "write it in UTF-8") from error
        request = {
            "store": str(self.store),
            "base": self.base,
            "prefixes": dict(self.prefixes),
            "bound": {variable.value: str(value) for variable, value in bound.items()},
        }
        guard = replace(self.guard, seconds=timeout or self.guard.seconds)
        try:
            kind, body = run("kg.query.worker:answer", request, query.encode(), guard)
        except LimitError as error:
            raise _ended(error, guard.seconds) from error
        if kind == "graph":
            triples = tuple(quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
            return Answer("graph", triples=triples, base=self.base, prefixes=self.prefixes)
        return decode(body, self.base, self.prefixes)


def _check_parameters(found: Question, parameters: Mapping[str, str]) -> None:
    """A shipped question takes only the parameters it names: a variable that may be empty matches any value."""
    known = {parameter.name: parameter for parameter in found.parameters}
    for parameter in found.parameters:
        if parameter.needed and parameter.name not in parameters:
            fix = f"add --set {parameter.name}={parameter.example}"
            raise KgError(f"the question {found.name} needs {parameter.name}", fix)
    for name, value in parameters.items() if found.trusted else ():
        if name in known and known[name].refuses(value):
            message = f"{name} is a day, and “{visible(value)}” is none"
            raise KgError(message, f"write it out, as {name}={known[name].example}")
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes no parameters"
            raise KgError(f"the question {found.name} takes no {visible(name)}", did_you_mean(name, known) or takes)


def _ended(error: LimitError, seconds: float) -> KgError:
    """What ended the worker of a query without an answer."""
    if error.limit == "time":
        fix = "narrow it, or give it more time with --timeout"
        return KgError(f"the query took longer than {seconds:g} seconds and was ended", fix)
    if error.limit == "memory":
        return KgError("the query needs more memory than it may have", "narrow it, or add a LIMIT")
    message = "the query brought the engine down, or needed more than it may have"
    return KgError(message, "nest it less deeply, or narrow it")

"""Files of RDF that others wrote, parsed in the guarded worker: their triples, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from kg.errors import KgError
from kg.guard.nesting import DEEPEST, too_deep
from kg.guard.process import Guard, LimitError, run
from kg.guard.worker import announce, need_guard

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_NAMES = {".ttl": "Turtle", ".trig": "TriG", ".nt": "N-Triples", ".nq": "N-Quads", ".jsonld": "JSON-LD"}
# The place has a finding of its own.
_WHERE = re.compile(r"^Parser error at line \d+ (?:between columns? \d+ and (?:columns? )?\d+|column \d+): ")
_XML_ENDINGS = (".rdf", ".owl", ".xml")
_XML = (b"<?xml", b"<rdf:RDF", b"<!DOCTYPE")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file, and how to correct it; line 0 is the file as a whole."""

    line: int
    message: str
    fix: str


@dataclass(frozen=True)
class Parsed:
    """A file of RDF: its triples in their order, the line on which each ends, and its prefixes; or its fault."""

    name: str
    triples: tuple[ox.Triple, ...] = ()
    lines: tuple[int, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None


def ending_of(name: str) -> str:
    """The ending of a file by which its syntax is known. Raises KgError for one that names none that is read.

    >>> ending_of("graph.ttl")
    '.ttl'
    """
    ending = "." + name.rpartition(".")[2].lower()
    if ending in _XML_ENDINGS:
        raise KgError(f"{name} is RDF/XML, which is not read", "convert it to Turtle, and name it with .ttl")
    if ending not in FORMATS:
        raise KgError(f"“{ending}” names no syntax of RDF", f"end the file in {', '.join(FORMATS)}")
    return ending


def parse_files(files: Sequence[tuple[str, bytes]], guard: Guard) -> list[Parsed]:
    """Parse files by their names and contents, in one worker; a file that ends the worker is a fault of its own.

    >>> [parsed] = parse_files([("own.ttl", b"@prefix a: <urn:a:> .\\na:x a:y a:z .")], Guard())
    >>> parsed.lines, str(parsed.triples[0].object)
    ((2,), '<urn:a:z>')
    """
    faulty: dict[str, Fault] = {}
    while True:
        left = [(name, data) for name, data in files if name not in faulty]
        request = {"files": [[name, len(data)] for name, data in left]}
        try:
            reply, body = run("kg.guard.rdf:parse", request, b"".join(data for _, data in left), guard)
        except LimitError as error:
            if error.at not in dict(left):
                raise
            faulty[error.at] = Fault(0, f"reading it was ended: {error.message}", error.fix)
            continue
        read = {parsed.name: parsed for parsed in _received(reply, body)}
        return [read.get(name, Parsed(name, fault=faulty.get(name))) for name, _ in files]


def _received(reply: list[dict[str, Any]], body: bytes) -> Iterator[Parsed]:
    start = 0
    for each in reply:
        part = body[start : start + each["size"]]
        start += each["size"]
        triples = tuple(quad.triple for quad in ox.parse(part, format=ox.RdfFormat.N_TRIPLES))
        fault = Fault(**each["fault"]) if each["fault"] else None
        yield Parsed(each["name"], triples, tuple(each["lines"]), each["prefixes"], fault)


def ntriples_of(name: str, data: bytes, guard: Guard) -> bytes:
    """The triples of one file, of whichever graphs, as N-Triples. Raises KgError with name and line for a fault."""
    ending_of(name)
    return run("kg.guard.rdf:convert", {"name": name}, data, guard)[1]


# ── In the worker ────────────────────────────────────────────────────────────────────────────────────────────────────


def parse(request: Mapping[str, Any], body: bytes) -> tuple[Any, bytes]:
    """The task of the worker: each file's lines, prefixes and fault, and its triples as N-Triples in the body."""
    need_guard()
    replies, texts, start = [], [], 0
    for name, size in request["files"]:
        announce(name)
        parsed = parse_file(name, body[start : start + size])
        start += size
        text = ox.serialize(parsed.triples, format=ox.RdfFormat.N_TRIPLES) or b""
        texts.append(text)
        fault = vars(parsed.fault) if parsed.fault else None
        replies.append(
            {
                "name": name,
                "size": len(text),
                "lines": list(parsed.lines),
                "prefixes": dict(parsed.prefixes),
                "fault": fault,
            }
        )
    return replies, b"".join(texts)


def convert(request: Mapping[str, Any], body: bytes) -> tuple[Any, bytes]:
    """The task of the worker that gives the triples of a file as N-Triples."""
    need_guard()
    parsed = parse_file(request["name"], body)
    if parsed.fault:
        line = f":{parsed.fault.line}" if parsed.fault.line else ""
        raise KgError(f"{parsed.name}{line}: {parsed.fault.message}", parsed.fault.fix)
    return None, ox.serialize(parsed.triples, format=ox.RdfFormat.N_TRIPLES) or b""


def parse_file(name: str, data: bytes) -> Parsed:
    """Parse one file; to be called in the worker only."""
    try:
        ending = ending_of(name)
    except KgError as error:
        return Parsed(name, fault=Fault(0, error.message, error.fix))
    if fault := _unreadable(data, ending):
        return Parsed(name, fault=fault)
    lines = _Lines(data)
    triples: list[ox.Triple] = []
    ends: list[int] = []
    reader = None
    try:
        # Blank nodes of two files are not one because they are called alike.
        reader = ox.parse(lines, format=FORMATS[ending], rename_blank_nodes=True)  # type: ignore[arg-type]
        for quad in reader:
            triples.append(quad.triple)
            ends.append(lines.number)
    except (SyntaxError, ValueError, OSError) as error:
        cause = _WHERE.sub("", str(getattr(error, "msg", None) or error))
        message = f"this is no {_NAMES[ending]}: {cause}"
        line = getattr(error, "lineno", None) or lines.number
        return Parsed(name, fault=Fault(line, message, "correct the line, or the one before it"))
    return Parsed(name, tuple(triples), tuple(ends), dict(getattr(reader, "prefixes", {})))


def _unreadable(data: bytes, ending: str) -> Fault | None:
    """What keeps a file from a parser: another encoding, another syntax, or nesting that would end the process."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_XML):
        return Fault(1, "this is RDF/XML or another kind of XML, which is not read", "convert it to Turtle")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Fault(line, "the file is not saved as UTF-8", "save it as UTF-8")
    if line := too_deep(text, json=ending == ".jsonld"):
        return Fault(line, f"it is nested more than {DEEPEST} deep", "write it with fewer brackets within each other")
    return None


class _Lines:
    """A file that gives one line at each reading, so that the line on which a triple ends is known."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        self.number = 0

    def read(self, most: int = -1) -> bytes:
        """The rest of a line, or so many bytes of it."""
        start = self._place
        if start == 0 or self._data[start - 1 : start] == b"\n" or self.number == 0:
            self.number += start < len(self._data)
        end = self._data.find(b"\n", start) + 1 or len(self._data)
        self._place = end if most < 0 else min(end, start + most)
        return self._data[start : self._place]

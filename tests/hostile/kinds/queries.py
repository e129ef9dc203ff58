"""Queries in arguments, files and standard input: mistakes, what is forbidden, and what is too much."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hostile.case import CANNOT, CLEAN, USAGE, Case

ALL = "SELECT * { ?s ?p ?o }"
SYNTAX = (
    "SELECT * { ?s ?p ",
    "SELECT * WHERE ?s ?p ?o }",
    "SELECT ?x { ?x kg:count }",
    "SELEC * { ?s ?p ?o }",
    "SELECT * { ?s nosuch:p ?o }",
    "SELECT (COUNT(*) AS ?n { ?s ?p ?o }",
    "SELECT * { ?s ?p 'x }",
    "SELECT * { FILTER(REGEX(?x, '((((')) }} ",
    "{ ?s ?p ?o }",
    "CONSTRUCT { ?s ?p } WHERE { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } LIMIT -1",
    "SELECT ?a ?a WHERE { ?a ?a ?a } GROUP",
    "SELECT * { <a b> ?p ?o }",
    'SELECT * { ?s ?p "\\u12" }',
    "SELECT \x1b[2J * { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } \u202e",
    "SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) } x",
    "-- a comment\nSELECT * {}",
    "SELECT * { ?s ?p ?o }; DROP ALL",
    "SELECT ?x { ?x ^^ ?y }",
)
FORBIDDEN = (
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "DROP GRAPH <urn:a>",
    "LOAD <http://127.0.0.1:9/x.ttl>",
    "LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:a>",
    "COPY DEFAULT TO <urn:a>",
    "CREATE GRAPH <urn:a>",
    "WITH <urn:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { service\n<http://127.0.0.1:9/>\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE#x\n<http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { BIND(<http://127.0.0.1:9/> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "PREFIX a: <http://127.0.0.1:9/> ASK { { SELECT * { SERVICE a:x { ?s ?p ?o } } } }",
)
SIGNS = (
    "-",
    "{",
    "(",
    "?",
    "<",
    '"',
    "'",
    "#",
    "\\",
    "/",
    "|",
    "!",
    ".",
    ";",
    "a ",
    "^",
    "<<",
    "[",
    ":",
    "\n",
    "'''",
    "#\n",
    "0",
    "_:",
    "@",
)
# Of these, a run may mean nothing, or an empty pattern.
_NOTHING = ("\n", "#", "#\n", ".", ";")
FORMATS = ("table", "csv", "tsv", "json")
RIGHT = (
    ("SELECT * { ?s ?p ?o } LIMIT 3", FORMATS),
    ("ASK { ?s kg:count ?n }", ("table", "json")),
    ("CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 3", ("ttl", "nt")),
    ("DESCRIBE <https://example.org/registry/id/person/ana-moor>", ("ttl",)),
    ("SELECT ('\x1b[2J\u202e' AS ?x) {}", ("table",)),
    ("SELECT (1/0 AS ?x) {}", ("table", "csv")),
    ("SELECT ?service { ?service a kg:Source } # SERVICE <http://example.org/", ("csv",)),
    ("SELECT (STR('=1+1') AS ?x) {}", ("csv",)),
)


def generate(chance: random.Random) -> Iterator[Case]:
    """Mistakes, updates and requests to servers by any way in; runs of signs, nesting, size; and what is right."""
    for query in chance.sample(SYNTAX, 8):
        yield _by_any_way(chance, f"a mistake: {query[:40]!r}", query, CANNOT)
    for query in chance.sample(FORBIDDEN, 8):
        yield _by_any_way(chance, f"forbidden: {query[:60]!r}", query, CANNOT)
    for sign in chance.sample(SIGNS, 6):
        number = chance.randint(90_000, 110_000)
        text = chance.choice(("{run}", "SELECT * {{ ?s ?p ?o {run} }}", "ASK {{ {run}")).format(run=sign * number)
        codes = (CLEAN, CANNOT) if sign in _NOTHING else (CANNOT,)
        yield Case(f"{number} times {sign!r}", ("query", "-"), codes, (), stdin=text.encode(), seconds=15)
    nested = (
        ("{", "}"),
        ("(", ")"),
        ("!", ""),
        ("-", ""),
        ("OPTIONAL {", "}"),
        ("[ kg:count ", "]"),
        ("( ", ")"),
        ("{ SELECT * ", "}"),
    )
    for opened, closed in chance.sample(nested, 5):
        depth = chance.randint(200, 20_000)
        body = (
            f"SELECT * {{ ?s ?p ?o FILTER({opened * depth}1{closed * depth}) }}"
            if opened in ("(", "!", "-")
            else (f"SELECT * {{ ?s ?p {opened * depth}{closed * depth} }}")
        )
        words = ("query", "-", "--timeout", "5")
        yield Case(f"{opened} nested {depth} deep", words, (CLEAN, CANNOT), (), stdin=body.encode(), seconds=15)
    large = (ALL + " " * (1 << 20)).encode()
    yield Case("a query over 1 MB on standard input", ("query", "-"), (CANNOT,), ("1 MB",), stdin=large)
    yield Case("a query over 1 MB in a file", ("query", "x.rq"), (CANNOT,), ("1 MB",), {"x.rq": large})
    long = (ALL + " LIMIT 1").encode().ljust((1 << 20) - 1)
    yield Case(
        "a query of a byte less than 1 MB", ("query", "-", "--format", "csv"), (CLEAN,), (), stdin=long, data=True
    )
    for query, forms in chance.sample(RIGHT, 5):
        form = chance.choice(forms)
        yield Case(
            f"right: {query[:40]!r} as {form}",
            ("query", "-", "--format", form),
            (CLEAN,),
            (),
            stdin=query.encode(),
            data=form != "table",
        )
    for name, data in {
        "empty": b"",
        "blanks": b" \n\t ",
        "NUL": b"SELECT * { ?s ?p ?o \x00 }",
        "no UTF-8": b"ASK { ?s ?p '\xff' }",
        "UTF-16": ALL.encode("utf-16"),
        "only a comment": b"# nothing",
    }.items():
        yield Case(f"a query that is {name}", ("query", "-"), (CANNOT,), (), stdin=data)
        yield Case(f"a file that is {name}", ("query", "odd.rq"), (CANNOT,), (), {"odd.rq": data})
    yield Case(
        "a question of one's own that is broken", ("query", "mine"), (CANNOT,), (), {"queries/mine.rq": "SELECT {"}
    )
    yield Case(
        "a network of one's own that is broken", ("network", "mine"), (CANNOT,), (), {"networks/mine.rq": "SELECT {"}
    )
    yield Case(
        "a network without its variables", ("draw", "mine", "-o", "@/x.svg"), (CANNOT,), (), {"networks/mine.rq": ALL}
    )
    yield Case("a time limit of nothing", ("query", "lists", "--timeout", "0"), (USAGE,))
    yield Case("a time limit that is no number", ("query", "lists", "--timeout", "soon"), (USAGE,))
    yield Case(
        "a product that never ends",
        ("query", "-", "--timeout", "2"),
        (CANNOT,),
        ("--timeout",),
        stdin=b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        seconds=8,
    )


def _by_any_way(chance: random.Random, name: str, query: str, code: int) -> Case:
    ways = ("stdin", "file", "question") if query.startswith("-") else ("argument", "stdin", "file", "question")
    way = chance.choice(ways)
    if way == "argument":
        return Case(f"{name} as an argument", ("query", query + " "), (code,))
    if way == "stdin":
        return Case(f"{name} on standard input", ("query", "-"), (code,), stdin=query.encode())
    file, word = ("mine.rq", "mine.rq") if way == "file" else ("queries/mine.rq", "mine")
    return Case(f"{name} in {file}", ("query", word), (code,), files={file: query})

"""What is made to never end, or to take all memory: it is ended at its limit, and the message says what it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile.case import CANNOT, CLEAN, FINDINGS, Case
from hostile.kinds import KINDS, SEED, ontologies, queries, shapes
from hostile.kinds import cases as cases_of
from hostile.running import running

from gates.conftest import Gate

SECONDS, MEMORY = 4, 600
MORE_SEEDS = range(SEED + 1, SEED + 5)
LIMITS = {"kg.toml": f"[limits]\nseconds = {SECONDS}\nmemory = {MEMORY}\n"}
# What a command takes beside the worker that is ended, on a busy machine.
BESIDE = 20
PRODUCT = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(6))
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))


def product(select: str, tail: str = "") -> str:
    """A query over all combinations of six triples."""
    return f"SELECT {select} {{ {PRODUCT} }} {tail}"


TIMELESS = {
    "a count of a product": product("(COUNT(*) AS ?n)"),
    "a product that is put in order": product("*", "ORDER BY ?c5 ?a1 LIMIT 1"),
    "a product without doubles": product("DISTINCT *", "OFFSET 999999999"),
    "a filter that lets nothing pass": f"SELECT * {{ {PRODUCT} FILTER(CONCAT(STR(?a0), STR(?c5)) = 'none') }}",
    "a chain of any length": "SELECT (COUNT(*) AS ?n) { ?a (<urn:x>|!<urn:x>)* ?b . ?c (<urn:x>|!<urn:x>)* ?d . "
    "?e ?f ?g }",
    "chains within chains": f"SELECT * {{ ?a {'(' * 40}!<urn:x>{')*' * 40} ?b . ?b {'(' * 40}!<urn:x>{')+' * 40} ?a }}",
    "a chain both ways": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)+ ?b . ?b (!<urn:x>|^!<urn:x>)+ ?c . "
    "?c ?d ?e }",
    "many optional parts": "SELECT * { "
    + "".join(f"OPTIONAL {{ ?a{n} ?b{n} ?c{n} }} " for n in range(9))
    + "} OFFSET 999999999",
    "a union of products": "SELECT (COUNT(*) AS ?n) { "
    + " UNION ".join("{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }" for _ in range(9))
    + " }",
    "a subquery at each row": f"SELECT * {{ ?s ?p ?o . FILTER NOT EXISTS {{ {PRODUCT} "
    "FILTER(?c0 = ?s && ?c5 = ?o && ?a0 = 1) } }",
    "a minus of products": f"SELECT * {{ {PRODUCT} MINUS {{ ?a0 ?b0 ?z . ?x ?y ?z }} }} OFFSET 99999999",
    "a graph without end": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} {{ {PRODUCT} }}",
    "a question of truth": f"ASK {{ {PRODUCT} FILTER(CONCAT(STR(?a0), STR(?c5)) = 'none') }}",
    "values upon values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(6))
    + " }",
}
FILLING = {
    "all rows of a product": product("*"),
    "one long text": product("(GROUP_CONCAT(CONCAT(STR(?a0), STR(?c1), STR(?c2))) AS ?t)"),
    "a text doubled forty times": f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('abcdefgh' AS ?x0) {DOUBLED} }}",
    "a group for each row": product("?a0 ?a1 ?a2 ?a3 ?c4 (COUNT(*) AS ?n)", "GROUP BY ?a0 ?a1 ?a2 ?a3 ?c4"),
    "an order of all rows": product("*", "ORDER BY ?a0 ?b1 ?c2"),
    "a text replaced by longer ones": "SELECT (STRLEN(?y) AS ?n) { "
    "BIND(REPLACE('" + "a" * 1000 + "', 'a', '" + "b" * 1000 + "') AS ?x) "
    "BIND(REPLACE(?x, 'b', '" + "c" * 10_000 + "') AS ?y) }",
}
SHAPES = {
    "a regular expression without end": shapes.SPARQL
    % f"SELECT $this WHERE {{ $this a ?t FILTER(REGEX('{'a' * 60}!', '(a+)+$')) }}",
    "a product": shapes.SPARQL % f"SELECT $this WHERE {{ {PRODUCT} FILTER(?a0 = $this && ?c5 = 'none') }}",
    "a chain of any length": shapes.SPARQL
    % "SELECT $this WHERE { $this (<urn:x>|!<urn:x>)* ?b . ?b (!<urn:x>)* ?c . ?c (!<urn:x>)* $this }",
    "a rule that makes more each time": """my:a a sh:NodeShape ; sh:name "a" ; sh:targetClass foaf:Person ;
    sh:rule [ a sh:SPARQLRule ; sh:construct '''
        CONSTRUCT { ?n a <http://xmlns.com/foaf/0.1/Person> }
        WHERE { $this a ?t . BIND(IRI(CONCAT(STR($this), "x")) AS ?n) ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }''' ] .
""",
    "a target without end": f"""my:a a sh:NodeShape ; sh:name "a" ; sh:property my:b ;
    sh:target [ a sh:SPARQLTarget ; sh:select '''
        SELECT ?this WHERE {{ ?this a ?t . {PRODUCT} FILTER(?c5 = "none") }}''' ] .
{shapes.PROPERTY} sh:minCount 1 .
""",
    "a text doubled forty times": shapes.SPARQL
    % f"SELECT $this WHERE {{ BIND('abcdefgh' AS ?x0) $this a ?t . {DOUBLED} FILTER(STRLEN(?x40) > 0) }}",
}


def cases() -> Iterator[Case]:
    """Queries, shapes, terms and graphs; each with the limit of the program, and one of its own for its end."""
    limit = SECONDS + BESIDE
    for name, query in TIMELESS.items():
        yield Case(
            f"query: {name}",
            ("query", "-", "--timeout", str(SECONDS)),
            (CANNOT,),
            ("--timeout",),
            stdin=query.encode(),
            seconds=limit,
        )
    for name, query in FILLING.items():
        yield Case(
            f"query: {name}",
            ("query", "-", "--timeout", "30", "--format", "csv"),
            (CANNOT,),
            files=LIMITS,
            stdin=query.encode(),
            seconds=30 + BESIDE,
        )
    for sign in queries.SIGNS:
        yield Case(
            f"query: a million bytes of {sign!r}",
            ("query", "-", "--timeout", "5", "--format", "csv"),
            (CLEAN, CANNOT),
            stdin=("SELECT * { ?s ?p ?o " + sign * ((1 << 20) // len(sign) - 40)).encode(),
            seconds=5 + BESIDE,
            data=True,
        )
    for name, text in SHAPES.items():
        yield Case(
            f"shape: {name}",
            ("check",),
            (FINDINGS,),
            ("shapes/mine.ttl:",),
            {"shapes/mine.ttl": shapes.HEAD + text, **LIMITS},
            seconds=4 * limit,
        )
    yield from _sizes(limit)


def _sizes(limit: int) -> Iterator[Case]:
    """Files without measure."""
    for opened in ("[ sh:inversePath ", "[ sh:zeroOrMorePath ", "[ sh:alternativePath ( rdfs:label "):
        for depth in (20, 90):
            closed = " ) ]" if "alternative" in opened else " ]"
            path = opened * depth + "rdfs:label" + closed * depth
            yield Case(
                f"shape: {depth} times {opened}",
                ("check",),
                (FINDINGS,),
                ("shapes/mine.ttl:",),
                {
                    "shapes/mine.ttl": shapes.HEAD
                    + f"{shapes.NODE}my:b sh:name 'b' ; sh:path {path} ; sh:minCount 1 .\n",
                    **LIMITS,
                },
                seconds=limit,
            )
    classes = "".join(
        f'my:C{n} a owl:Class ; rdfs:label "c" ; skos:notation "c{"abcdefghij"[n % 10]}" .\n' for n in range(20_000)
    )
    wrong = "".join(
        f"my:p{n} a owl:ObjectProperty ; schema:domainIncludes kg:Case ; schema:rangeIncludes my:Clas{n} .\n"
        for n in range(8_000)
    )
    large = "".join(f"<urn:s{n}> <urn:p> <urn:o{n}> .\n" for n in range(400_000))
    members = " ".join(f'"{n}"' for n in range(200_000))
    for name, words, code, files in (
        ("terms: 20,000 classes", ("check",), FINDINGS, {"ontology/mine.ttl": ontologies.HEAD + classes}),
        (
            "terms: 8,000 misspelt classes",
            ("check",),
            FINDINGS,
            {"ontology/mine.ttl": ontologies.HEAD + classes + wrong},
        ),
        ("terms: larger than 64 MB", ("check",), FINDINGS, {"ontology/mine.ttl": "#" * (65 << 20)}),
        ("shapes: larger than 64 MB", ("check",), FINDINGS, {"shapes/mine.ttl": "#" * (65 << 20)}),
        (
            "shapes: 200,000 members of a list",
            ("check",),
            FINDINGS,
            {"shapes/mine.ttl": shapes.HEAD + shapes.NODE + shapes.PROPERTY + f"sh:in ( {members} ) .\n"},
        ),
        (
            "graph: one literal of 100 MB",
            ("check", "x.nt"),
            FINDINGS,
            {"x.nt": f'<urn:a> a <urn:b> .\n<urn:a> <urn:b> "{"x" * (100 << 20)}" .\n'},
        ),
        ("graph: 400,000 triples of anything", ("check", "x.nt"), CLEAN, {"x.nt": large}),
        (
            "graph: a context that leads back",
            ("check", "x.jsonld"),
            CANNOT,
            {"x.jsonld": '{"@context": {"a": "b:c", "b": "a:d"}, "a": 1}'},
        ),
    ):
        codes = (CLEAN, FINDINGS, CANNOT) if name.startswith(("graph", "shapes: 200")) else (code,)
        yield Case(name, words, codes, files={**files, **LIMITS}, seconds=3 * limit, data=True)


@pytest.mark.filterwarnings("default")
def test_no_bomb_goes_off(gate: Gate, tmp_path: Path) -> None:
    """Each command ends within its limit with the documented code and a message, and nothing is changed."""
    tried = list(cases())
    with running(tmp_path) as runner, gate("bombs") as attempt:
        found = runner.run(tried)
        for case, said in zip(tried, found, strict=True):
            with attempt(case.name):
                assert not said, "\n  ".join(said)


def test_cases_of_more_seeds_hold(gate: Gate, tmp_path: Path) -> None:
    """What the seed of every run leaves out is tried here: cases of all kinds, from other seeds."""
    known = {(kind, case.name) for kind in KINDS for case in cases_of(kind)}
    tried: dict[tuple[str, str], Case] = {}
    for kind in KINDS:
        for seed in MORE_SEEDS:
            tried |= {(kind, case.name): case for case in cases_of(kind, seed) if (kind, case.name) not in known}
    with running(tmp_path) as runner, gate("hostile cases of more seeds") as attempt:
        found = runner.run(list(tried.values()))
        for (kind, name), said in zip(tried, found, strict=True):
            with attempt(f"{kind}: {name}"):
                assert not said, "\n  ".join(said)

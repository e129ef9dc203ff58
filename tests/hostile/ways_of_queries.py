"""Ways to reach a server by queries, graph files and words of the command line; `LISTENER` and `WAY` as in shapes."""

from __future__ import annotations

import json

URL = "http://LISTENER/way/WAY"
_ASKED = f"SERVICE <{URL}> {{ ?a ?b ?c }}"


def _rows(pattern: str) -> str:
    return f"SELECT * WHERE {{ ?s a ?class . {pattern} }}"


# What asks a server, which is refused before anything is parsed.
SERVICES: dict[str, str] = {
    "plain": _rows(_ASKED),
    "silent": _rows(f"SERVICE SILENT <{URL}> {{ ?a ?b ?c }}"),
    "silent-glued": _rows(f"SERVICESILENT<{URL}>{{?a ?b ?c}}"),
    "small-letters": _rows(f"service<{URL}>{{?a ?b ?c}}"),
    "long-s": _rows(f"ſervice <{URL}> {{?a ?b ?c}}"),
    "escaped-letter": _rows(_ASKED.replace("S", "\\u0053", 1)),
    "escaped-long": _rows(_ASKED.replace("I", "\\U00000049", 1)),
    "escaped-line-end": _rows(f"# a remark \\u000A {_ASKED}\n"),
    "carriage-return": _rows(f"# a remark \r {_ASKED} \n"),
    "comment-between": _rows(f"SERVICE # a remark\n#another\n <{URL}> {{ ?a ?b ?c }}"),
    "no-break-space": _rows(f"SERVICE\u00a0<{URL}> {{ ?a ?b ?c }}"),
    "prefixed": "PREFIX : <http://LISTENER/way/> SELECT * { SERVICE :WAY { ?a ?b ?c } }",
    "glued-prefix": "PREFIX : <http://LISTENER/way/> SELECT * { SERVICE:WAY{?a ?b ?c} }",
    "dot-before": f"PREFIX e: <urn:e> SELECT * {{ ?s ?p e:.SERVICE<{URL}>{{?a ?b ?c}} }}",
    "figure-before": f"SELECT * {{ OPTIONAL {{ ?s ?p 1e5SERVICE<{URL}>{{?a ?b ?c}} }} }}",
    "true-before": f"SELECT * {{ OPTIONAL {{ ?s ?p trueSERVICE<{URL}>{{?a ?b ?c}} }} }}",
    "less-than": f"SELECT * {{ BIND(1 AS ?x) FILTER(?x<2)SERVICE<{URL}>{{?a ?b ?c}} }}",
    "by-base": "BASE <http://LISTENER/way/> SELECT * { SERVICE <WAY> { ?a ?b ?c } }",
    "variable": _rows(f"VALUES ?v {{ <{URL}> }} SERVICE ?v {{ ?a ?b ?c }}"),
    "bound-variable": _rows(f'BIND(IRI("{URL}") AS ?v)SERVICE$v{{?a ?b ?c}}'),
    "sub-select": _rows(f"{{ SELECT ?a {{ {_ASKED} }} }}"),
    "exists": _rows(f"FILTER EXISTS {{ {_ASKED} }}"),
    "minus": _rows(f"MINUS {{ {_ASKED} }}"),
    "optional": _rows(f"OPTIONAL {{ {_ASKED} }}"),
    "union": _rows(f"{{ ?s ?p ?o }} UNION {{ {_ASKED} }}"),
    "graph": _rows(f"GRAPH ?g {{ {_ASKED} }}"),
    "having": f"SELECT ?s {{ ?s a ?c }} GROUP BY ?s HAVING(EXISTS {{ {_ASKED} }})",
    "ask": f"ASK {{ {_ASKED} }}",
    "construct": f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ {_ASKED} }}",
    "describe": f"DESCRIBE ?a WHERE {{ {_ASKED} }}",
    "decimal-address": _rows("SERVICE <http://2130706433:PORT/way/WAY> { ?a ?b ?c }"),
    "hexadecimal-address": _rows("SERVICE <http://0x7f.1:PORT/way/WAY> { ?a ?b ?c }"),
    "short-address": _rows("SERVICE <http://127.1:PORT/way/WAY> { ?a ?b ?c }"),
    "no-address": _rows("SERVICE <http://0.0.0.0:PORT/way/WAY> { ?a ?b ?c }"),
    "name-of-the-host": _rows("SERVICE <http://localhost:PORT/way/WAY> { ?a ?b ?c }"),
    "second-kind-of-address": _rows("SERVICE <http://[::1]:PORT/way/WAY> { ?a ?b ?c }"),
    "mapped-address": _rows("SERVICE <http://[::ffff:127.0.0.1]:PORT/way/WAY> { ?a ?b ?c }"),
    "encrypted": _rows("SERVICE <https://LISTENER/way/WAY> { ?a ?b ?c }"),
    "with-a-password": _rows("SERVICE <http://ana:secret@LISTENER/way/WAY> { ?a ?b ?c }"),
}
# What writes.
UPDATES: dict[str, tuple[str, str]] = {
    "load": (f"LOAD <{URL}>", "LOAD"),
    "load-silent": (f"LOAD SILENT <{URL}> INTO GRAPH <urn:g>", "LOAD"),
    "load-behind-prefix": (f"PREFIX a: <urn:a>\n# a remark\nlOaD <{URL}>", "LOAD"),
    "insert-where": (f"INSERT {{ ?a ?b ?c }} WHERE {{ {_ASKED} }}", "INSERT"),
    "with-delete": (f"WITH <{URL}> DELETE {{ ?a ?b ?c }} WHERE {{ {_ASKED} }}", "WITH"),
    "copy": (f"COPY <{URL}> TO DEFAULT", "COPY"),
}
# What names a server and asks nothing of it: it is answered from the store, or is no query.
ANSWERED: dict[str, str] = {
    "from": f"SELECT * FROM <{URL}> {{ ?s ?p ?o }}",
    "from-named": f"SELECT * FROM NAMED <{URL}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "from-by-base": "BASE <http://LISTENER/way/> SELECT * FROM <WAY> { ?s ?p ?o }",
    "from-prefixed": "PREFIX : <http://LISTENER/way/> SELECT * FROM :WAY { ?s ?p ?o }",
    "ask-from": f"ASK FROM <{URL}> {{ ?s ?p ?o }}",
    "construct-where": f"CONSTRUCT FROM <{URL}> WHERE {{ ?s ?p ?o }}",
    "describe-address": f"DESCRIBE <{URL}>",
    "describe-from": f"DESCRIBE <{URL}> FROM <{URL}>",
    "graph-name": f"SELECT * {{ GRAPH <{URL}> {{ ?s ?p ?o }} }}",
    "function": f"SELECT (<{URL}>(1) AS ?x) {{ }}",
    "property-path": f"SELECT * {{ ?s <{URL}>+ ?o }}",
    "aggregate": f"SELECT (<{URL}>(?s) AS ?x) {{ ?s ?p ?o }}",
    "two-queries": f"SELECT * {{ ?s ?p ?o }} LIMIT 1 ; LOAD <{URL}>",
}
HOWS = ("argument", "stdin", "file", "question", "network", "draw")

# ── Graph files ──

_CONTEXT = {"@context": URL, "@id": "urn:a", "name": "x"}


def _document(**parts: object) -> str:
    return json.dumps({"@id": "urn:a", **{name.replace("at_", "@"): value for name, value in parts.items()}})


def _xml(doctype: str = "", content: str = "x", instruction: str = "") -> str:
    return f"""<?xml version="1.0"?>{instruction}{doctype}
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="{URL}#"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{URL} {URL}.xsd">
<rdf:Description rdf:about="urn:a"><e:b>{content}</e:b></rdf:Description></rdf:RDF>"""


_XML = {
    "entity": _xml(f'<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM "{URL}">]>', "&x;"),
    "dtd": _xml(f'<!DOCTYPE rdf:RDF SYSTEM "{URL}">'),
    "parameter": _xml(f'<!DOCTYPE rdf:RDF [<!ENTITY % x SYSTEM "{URL}"> %x;]>'),
    "style": _xml(instruction=f'<?xml-stylesheet href="{URL}"?>'),
    "included": _xml(content=f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{URL}"/>'),
}
_TURTLE = f"<urn:a> <http://www.w3.org/2002/07/owl#imports> <{URL}> .\n"

GRAPHS: dict[str, tuple[str, str]] = {
    "turtle-base": (".ttl", f"@base <{URL}> .\n@prefix : <{URL}#> .\n<> :a <x> ."),
    "turtle-sparql-base": (".ttl", f"BASE <{URL}>\nPREFIX : <{URL}#>\n<> :a <x> ."),
    "turtle-import": (".ttl", f"@import <{URL}> ."),
    "turtle-owl-imports": (".ttl", _TURTLE),
    "turtle-shapes-graph": (".ttl", f"<urn:a> <http://www.w3.org/ns/shacl#shapesGraph> <{URL}> ."),
    "turtle-sparql-in-data": (
        ".ttl",
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:a> a sh:NodeShape ; sh:targetNode <urn:a> ; "
        f"sh:sparql [ sh:select 'SELECT $this {{ {_ASKED} }}' ] ; sh:rule [ a sh:SPARQLRule ; sh:construct "
        f"'CONSTRUCT {{ $this a $this }} WHERE {{ {_ASKED} }}' ] .",
    ),
    "n3-semantics": (".ttl", f"@prefix log: <http://www.w3.org/2000/10/swap/log#> . <{URL}> log:semantics ?f ."),
    "ntriples": (".nt", _TURTLE),
    "trig-graph": (".trig", f"<{URL}> {{ {_TURTLE} }}\nGRAPH <{URL}#b> {{ {_TURTLE} }}"),
    "trig-import": (".trig", f"@base <{URL}> .\n{_TURTLE}"),
    "nquads-graph": (".nq", _TURTLE.replace(" .\n", f" <{URL}> .\n")),
    "nquads-datatype": (".nq", f'<urn:a> <urn:b> "x"^^<{URL}> .\n'),
    "jsonld-context": (".jsonld", json.dumps(_CONTEXT)),
    "jsonld-context-list": (".jsonld", _document(at_context=[{"name": "urn:n"}, URL], name="x")),
    "jsonld-import": (".jsonld", _document(at_context={"@version": 1.1, "@import": URL}, name="x")),
    "jsonld-propagate": (".jsonld", _document(at_context=[{"@propagate": False}, URL], name="x")),
    "jsonld-scoped-to-property": (
        ".jsonld",
        _document(at_context={"@version": 1.1, "name": {"@id": "urn:n", "@context": URL}}, name={"name": "x"}),
    ),
    "jsonld-scoped-to-type": (
        ".jsonld",
        _document(at_context={"@version": 1.1, "T": {"@id": "urn:t", "@context": URL}}, at_type="T"),
    ),
    "jsonld-nested": (".jsonld", _document(at_context={"n": "urn:n"}, n={"@context": URL, "name": "x"})),
    "jsonld-in-graph": (".jsonld", _document(at_graph=[_CONTEXT])),
    "jsonld-included": (".jsonld", _document(at_context={"@version": 1.1}, at_included=[_CONTEXT])),
    "jsonld-relative": (".jsonld", _document(at_context=["http://LISTENER/", "/way/WAY", "WAY"], name="x")),
    "jsonld-base": (".jsonld", _document(at_context={"@base": URL, "@vocab": URL}, name={"@id": "x"})),
    "jsonld-list-in-list": (".jsonld", json.dumps([[_CONTEXT], [_CONTEXT]])),
    "jsonld-html": (".jsonld", f'<script type="application/ld+json">{json.dumps(_CONTEXT)}</script>'),
    "jsonld-reverse": (".jsonld", _document(at_context={"r": {"@reverse": "urn:r", "@context": [URL]}}, r=_CONTEXT)),
    **{
        f"xml-{name}-{ending}": (f".{ending}", text)
        for ending in ("rdf", "owl", "xml", "ttl")
        for name, text in _XML.items()
    },
    "xml-in-jsonld": (".jsonld", _XML["entity"]),
    "xml-in-trig": (".trig", _XML["dtd"]),
    "html-page": (".html", f'<base href="{URL}"><link rel="alternate" href="{URL}"><script src="{URL}"></script>'),
    "csvw": (".json", json.dumps({"@context": ["http://www.w3.org/ns/csvw", URL], "url": URL})),
}

# ── Words of the command line ──

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "query-address": ("query", URL),
    "query-set": ("query", "SELECT ?s { ?s ?p ?o } LIMIT 1", "--set", f"s={URL}"),
    "query-set-named": ("query", "evidence", "--set", f"claim={URL}"),
    "query-output": ("query", "SELECT ?s { ?s ?p ?o } LIMIT 1", "--format", "json", "-o", URL),
    "query-workspace": ("query", "lists", "-w", URL),
    "check-address": ("check", URL),
    "check-texts": ("check", "--texts", URL),
    "build-texts": ("build", "--texts", URL),
    "trace-address": ("trace", URL),
    "diff-addresses": ("diff", URL, f"{URL}#other"),
    "network-address": ("network", URL),
    "network-file-address": ("network", f"{URL}.rq"),
    "network-between": ("network", "all", "--between", URL, URL),
    "draw-around": ("draw", "all", "--around", URL, "-o", "around.svg"),
    "chart-address": ("chart", URL, "-o", "chart.svg"),
    "explain-address": ("explain", URL),
    "export-address": ("export", "--format", "csv", "-o", f"{URL}-folder"),
}

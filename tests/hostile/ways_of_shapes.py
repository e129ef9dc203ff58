"""Ways to reach a server by files of shapes and of terms.

`LISTENER` stands for the server and its port, `WAY` for the name of the way. Each is the body of a Turtle file behind
`HEAD`. The refused ones come with what the finding must say.
"""

from __future__ import annotations

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix my: <https://example.org/own#> .
@prefix kg: <https://w3id.org/kg-registry/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
URL = "http://LISTENER/way/WAY"
_SHAPE = 'my:WAY a sh:NodeShape ; sh:name "WAY" ; sh:targetClass foaf:Person ; '


def select(query: str) -> str:
    """A shape with a query of sh:select; backslashes of the query stay what they are to SPARQL."""
    escaped = query.replace("\\", "\\\\")
    return f"{_SHAPE}sh:sparql [ a sh:SPARQLConstraint ; sh:message 'no' ; sh:select '''{escaped}''' ] ."


def _where(pattern: str) -> str:
    return select(f"SELECT $this WHERE {{ $this a ?class . {pattern} }}")


_ASKED = f"SERVICE <{URL}> {{ ?a ?b ?c }}"
_SELECTED = f"SELECT $this WHERE {{ $this a ?class . {_ASKED} }}"
_TARGET = 'my:WAY a sh:NodeShape ; sh:name "WAY" ; sh:nodeKind sh:IRI ; sh:target '

SERVICES: dict[str, str] = {
    "select": _where(_ASKED),
    "select-silent": _where(f"SERVICE SILENT <{URL}> {{ ?a ?b ?c }}"),
    "select-small-letters": _where(f"sErViCe<{URL}>{{?a ?b ?c}}"),
    "select-comment-between": _where(f"SERVICE # a remark\n <{URL}> {{ ?a ?b ?c }}"),
    "select-carriage-return": _where("# a remark \\r " + _ASKED).replace("\\\\r", "\\r"),
    "select-escaped-letter": _where(_ASKED.replace("S", "\\u0053", 1)),
    "select-escaped-long": _where(_ASKED.replace("V", "\\U00000056", 1)),
    "select-escaped-in-turtle": _where(_ASKED).replace("SERVICE", "\\u0053ERVICE"),
    "select-long-s": _where(_ASKED.replace("S", "ſ", 1)),
    "select-escaped-line-end": _where(f"# a remark \\u000A {_ASKED}\n"),
    "select-escaped-quote": _where(f'BIND("\\u0022 AS ?x) {_ASKED} BIND("" AS ?y)'),
    "select-prefixed": select(
        "PREFIX : <http://LISTENER/way/> SELECT $this WHERE { $this a ?class . SERVICE :WAY { ?a ?b ?c } }"
    ),
    "select-glued-prefix": select(
        "PREFIX : <http://LISTENER/way/> SELECT $this WHERE { $this a ?class . SERVICE:WAY{?a ?b ?c} }"
    ),
    "select-by-base": select(
        "BASE <http://LISTENER/way/> SELECT $this WHERE { $this a ?class . SERVICE <WAY> { ?a ?b ?c } }"
    ),
    "select-variable": _where(f"VALUES ?server {{ <{URL}> }} SERVICE ?server {{ ?a ?b ?c }}"),
    "select-bound-variable": _where(f'BIND(IRI("{URL}") AS ?server) SERVICE ?server {{ ?a ?b ?c }}'),
    "select-sub-select": _where(f"{{ SELECT ?a WHERE {{ {_ASKED} }} }}"),
    "select-exists": _where(f"FILTER EXISTS {{ {_ASKED} }}"),
    "select-not-exists": _where(f"FILTER NOT EXISTS {{ {_ASKED} }}"),
    "select-minus": _where(f"MINUS {{ {_ASKED} }}"),
    "select-optional": _where(f"OPTIONAL {{ {_ASKED} }}"),
    "select-union": _where(f"{{ $this a ?d }} UNION {{ {_ASKED} }}"),
    "select-graph": _where(f"GRAPH ?g {{ {_ASKED} }}"),
    "select-of-this": _where(f'BIND(IRI(CONCAT("{URL}", "?", STR($this))) AS ?v) SERVICE ?v {{ ?a ?b ?c }}'),
    "property-select": 'my:WAY a sh:PropertyShape ; sh:name "WAY" ; sh:targetClass foaf:Person ; sh:path rdfs:label ; '
    f"sh:sparql [ sh:select '''SELECT $this ?value WHERE {{ $this $PATH ?value . {_ASKED} }}''' ] .",
    "target-select": f"{_TARGET}[ a sh:SPARQLTarget ; "
    f"sh:select '''SELECT ?this WHERE {{ ?this a ?c . {_ASKED} }}''' ] .",
    "target-type": "my:WAY-type a rdfs:Class, sh:SPARQLTargetType, sh:NodeShape ; rdfs:subClassOf sh:Target ; "
    'sh:name "t" ; rdfs:label "t" ; sh:parameter [ sh:path my:of ] ; '
    f"sh:select '''SELECT ?this WHERE {{ ?this a $of . {_ASKED} }}''' .\n"
    f"{_TARGET}[ a my:WAY-type ; my:of foaf:Person ] .",
    "rule-construct": f"{_SHAPE}sh:rule [ a sh:SPARQLRule ; "
    f"sh:construct '''CONSTRUCT {{ $this a <urn:told> }} WHERE {{ {_ASKED} }}''' ] .",
    "function-select": "my:WAY-f a sh:SPARQLFunction ; sh:returnType xsd:string ; sh:parameter [ sh:path my:x ; "
    f"sh:datatype xsd:string ] ; sh:select '''SELECT ?a WHERE {{ {_ASKED} }}''' .\n"
    + select('PREFIX my: <https://example.org/own#> SELECT $this WHERE { $this a ?c . FILTER(my:WAY-f("x") != "") }'),
    "function-ask": "my:WAY-f a sh:SPARQLFunction ; sh:returnType xsd:boolean ; sh:parameter [ sh:path my:x ; "
    f"sh:datatype xsd:string ] ; sh:ask '''ASK {{ {_ASKED} }}''' .\n"
    + select('PREFIX my: <https://example.org/own#> SELECT $this WHERE { $this a ?c . FILTER(my:WAY-f("x")) }'),
    "validator-ask": "my:WAY-c a sh:ConstraintComponent ; sh:parameter [ sh:path my:WAY-p ] ; "
    f"sh:validator [ a sh:SPARQLAskValidator ; sh:ask '''ASK {{ {_ASKED} }}''' ] .\n{_SHAPE}my:WAY-p 1 .",
    "validator-node-select": "my:WAY-c a sh:ConstraintComponent ; sh:parameter [ sh:path my:WAY-p ] ; "
    f"sh:nodeValidator [ a sh:SPARQLSelectValidator ; sh:select '''{_SELECTED}''' ] .\n{_SHAPE}my:WAY-p 1 .",
    "expression-select": f"{_SHAPE}sh:expression [ sh:select '''SELECT ?a WHERE {{ {_ASKED} }}''' ] .",
    "target-in-language": f"{_SHAPE}sh:sparql [ sh:select '''{_SELECTED}'''@en ] .",
    "no-type": f"{_SHAPE}sh:sparql my:WAY-held .\nmy:WAY-held sh:select '''{_SELECTED}''' .",
}
GRAPHS: dict[str, str] = {
    "select-from": select(f"SELECT $this FROM <{URL}> WHERE {{ $this a ?class }}"),
    "select-from-named": select(f"SELECT $this FROM NAMED <{URL}> WHERE {{ $this a ?class }}"),
    "select-from-escaped": select(f"SELECT $this \\u0046ROM <{URL}> WHERE {{ $this a ?class }}"),
    "select-from-glued": select(f"SELECT $this FROM<{URL}>{{ $this a ?class }}"),
    "construct-from": f"{_SHAPE}sh:rule [ a sh:SPARQLRule ; "
    f"sh:construct '''CONSTRUCT {{ $this a <urn:told> }} FROM <{URL}> WHERE {{ $this a ?c }}''' ] .",
    "ask-from": "my:WAY-c a sh:ConstraintComponent ; sh:parameter [ sh:path my:WAY-p ] ; sh:validator "
    f"[ a sh:SPARQLAskValidator ; sh:ask '''ASK FROM <{URL}> {{ ?a ?b ?c }}''' ] .\n{_SHAPE}my:WAY-p 1 .",
}
LOADS: dict[str, str] = {
    "select-load": select(f"LOAD <{URL}>"),
    "select-load-silent": select(f"LOAD SILENT <{URL}> INTO GRAPH <urn:g>"),
    "select-load-behind": select(f"SELECT $this WHERE {{ $this a ?class }} ; LOAD <{URL}>"),
}
SCRIPTS: dict[str, str] = {
    "script-library": f"{_SHAPE}sh:js [ a sh:JSConstraint ; sh:jsFunctionName 'f' ; "
    f"sh:jsLibrary [ sh:jsLibraryURL '{URL}'^^xsd:anyURI ] ] .",
    "script-target": f"{_TARGET}[ a sh:JSTarget ; sh:jsFunctionName 'f' ; "
    f"sh:jsLibrary [ sh:jsLibraryURL '{URL}'^^xsd:anyURI ] ] .",
    "script-rule": f"{_SHAPE}sh:rule [ a sh:JSRule ; sh:jsFunctionName 'f' ; "
    f"sh:jsLibrary [ sh:jsLibraryURL '{URL}'^^xsd:anyURI ] ] .",
}
# pySHACL writes them into the text of queries as they stand.
PREFIXES: dict[str, str] = {
    "prefix-that-asks": "my:WAY-o sh:declare [ sh:prefix 'o' ; sh:namespace "
    f"'''urn:o> SELECT $this WHERE {{ $this a ?d . {_ASKED} BIND(\"\"\"'''^^xsd:anyURI ] .\n{_SHAPE}"
    "sh:sparql [ sh:prefixes my:WAY-o ; sh:select '''SELECT $this WHERE { $this a ?c } # \"\"\" AS ?z) }''' ] .",
    "prefix-with-a-line": "my:WAY-o sh:declare [ sh:prefix '''o: <urn:o> SELECT $this WHERE { $this a ?d . "
    f"{_ASKED} }} #''' ; sh:namespace 'urn:o' ] .\n{_SHAPE}"
    "sh:sparql [ sh:prefixes my:WAY-o ; sh:select '''SELECT $this WHERE { $this a ?c }''' ] .",
}
# What engines would put together, or could read in another way.
DISGUISED: dict[str, str] = {
    # pySHACL writes paths into the text of queries.
    "path-that-asks": 'my:WAY a sh:PropertyShape ; sh:name "WAY" ; sh:targetClass foaf:Person ; '
    f"sh:path <urn:p\\u003E\\u0020?x\\u0020.\\u0020SERVICE\\u0020\\u003C{URL}> ; "
    "sh:sparql [ sh:select 'SELECT $this ?value WHERE { $this $PATH ?value }' ] .",
    "twice-escaped": _where(_ASKED.replace("S", "\\u005Cu0053", 1)),
    "hidden-in-string": _where(f"BIND('''\" ''' AS ?x) {_ASKED} BIND(\"\" AS ?y)").replace(
        "'''\" '''", '\\"\\u0027\\"'
    ),
    "select-resource": f"{_SHAPE}sh:sparql [ sh:select <{URL}> ] .",
}
REFUSED = {
    **{name: (body, "") for name, body in DISGUISED.items()},
    **{name: (body, "sh:") for name, body in PREFIXES.items()},
    "graph-pattern": (_where(f"GRAPH <{URL}> {{ ?a ?b ?c }}"), "GRAPH"),
    **{name: (body, "SERVICE") for name, body in SERVICES.items()},
    **{name: (body, "FROM") for name, body in GRAPHS.items()},
    **{name: (body, "LOAD") for name, body in LOADS.items()},
    **{name: (body, "JavaScript") for name, body in SCRIPTS.items()},
    "update": (f"{_SHAPE}sh:rule [ sh:update 'LOAD <{URL}>' ] .", "sh:update"),
    "insert-service": (select(f"INSERT {{ ?a ?b ?c }} WHERE {{ {_ASKED} }}"), "INSERT"),
}

# What is no request, or none that anything follows: it is run, or passed over.
RUN: dict[str, str] = {
    "shapes-graph": f"<https://example.org/own> sh:shapesGraph <{URL}> ; sh:suggestedShapesGraph <{URL}> .",
    "entailment": f"<https://example.org/own> sh:entailment <{URL}> .",
    "shapes-import": f"<https://example.org/own> a owl:Ontology ; owl:imports <{URL}> .",
    "prefixes-elsewhere": f"{_SHAPE}sh:sparql [ sh:prefixes <{URL}> ; "
    "sh:select '''SELECT $this WHERE { $this a <urn:none> }''' ] .",
    "prefixes-import": f"my:WAY-o a owl:Ontology ; owl:imports <{URL}> ; sh:declare [ sh:prefix 'o' ; "
    f"sh:namespace '{URL}#'^^xsd:anyURI ] .\n{_SHAPE}sh:sparql [ sh:prefixes my:WAY-o ; "
    "sh:select '''SELECT $this WHERE { $this a o:none }''' ] .",
    "shape-at-listener": f'<{URL}> a sh:NodeShape ; sh:name "WAY" ; sh:targetClass foaf:Person ; sh:nodeKind sh:IRI .',
    "node-elsewhere": f"{_SHAPE}rdfs:seeAlso <{URL}> ; rdfs:isDefinedBy <{URL}> .",
    "target-elsewhere": f'my:WAY a sh:NodeShape ; sh:name "WAY" ; sh:targetNode <{URL}> ; sh:nodeKind sh:IRI .',
    "class-elsewhere": f'my:WAY a sh:NodeShape ; sh:name "WAY" ; sh:targetClass <{URL}> ; sh:nodeKind sh:IRI .',
    "datatype-elsewhere": f'my:WAY a sh:PropertyShape ; sh:name "WAY" ; sh:targetClass foaf:Person ; sh:path <{URL}> ; '
    f"sh:datatype <{URL}> .",
    "message-with-address": f"{_SHAPE}sh:message '{{$this}} <img src={URL}> {URL}' ; sh:maxLength 1000 .",
    "property-function": _where(f"?a <{URL}> ?c"),
    "function-elsewhere": _where(f"FILTER(COALESCE(<{URL}>($this), false))"),
    "described-by-base": f"@base <{URL}> .\n<#shape> a sh:NodeShape ; sh:name 'WAY' ; sh:targetClass foaf:Person ; "
    "sh:nodeKind sh:IRI .",
}

TERMS_RUN: dict[str, str] = {
    "terms-import": f"<https://example.org/own> a owl:Ontology ; owl:imports <{URL}> ; owl:priorVersion <{URL}> .",
    "terms-elsewhere": "my:Court a rdfs:Class ; rdfs:label 'court' ; skos:notation 'court' ; skos:altLabel 'courts' ; "
    f"rdfs:isDefinedBy <{URL}> ; rdfs:seeAlso <{URL}> ; owl:versionIRI <{URL}> ; skos:exactMatch <{URL}> .",
    "terms-schema-location": f"my:o <http://www.w3.org/2001/XMLSchema-instance#schemaLocation> '{URL}' ; "
    f"<http://www.w3.org/2007/05/powder-s#describedby> <{URL}> ; schema:url <{URL}> ; dcterms:conformsTo <{URL}> .",
    "terms-class-at-listener": f"<{URL}> a rdfs:Class ; rdfs:label 'jury' ; skos:notation 'jury' ; "
    "skos:altLabel 'juries' .",
    "terms-base": f"@base <{URL}> .\n<#Judge> a rdfs:Class ; rdfs:label 'judge' ; skos:notation 'judge' ; "
    "skos:altLabel 'judges' .",
    "terms-label": f"foaf:Person skos:altLabel '<img src={URL}>' , '{URL}' .",
}
TERMS_REFUSED: dict[str, str] = {
    "terms-xml": f'<?xml version="1.0"?><!DOCTYPE r SYSTEM "{URL}"><r/>',
    "terms-n3-import": f"@import <{URL}> .",
    "terms-keyword-load": f"LOAD <{URL}> .",
    "terms-shipped-import": f"foaf:Person owl:imports <{URL}> .",
    "terms-range-elsewhere": "my:p a owl:ObjectProperty ; rdfs:label 'p' ; skos:notation 'sitsIn' ; "
    f"schema:domainIncludes foaf:Person ; schema:rangeIncludes <{URL}> .",
}

"""The one mapping from claims to RDF: a block of statements for each row, written once as narwhals expressions.

Expressions run alike on any frame engine narwhals knows. A block is finished N-Quads. No join and no shuffle happens
here: everything a block needs is in its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TypeVar

import narwhals as nw
from narwhals.typing import IntoDataFrame

from kg.ontology import NS, RDF, RDFS, XSD

Frame = TypeVar("Frame", bound=IntoDataFrame)

PROV = "http://www.w3.org/ns/prov#"
SCHEMA = "https://schema.org/"
OA = "http://www.w3.org/ns/oa#"
DCTERMS = "http://purl.org/dc/terms/"
ADMS = "http://www.w3.org/ns/adms#"

_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def graph_end(base: str, graph: str) -> str:
    """How a statement in a graph ends; without a name it is in the default graph."""
    return f" <{base}graph/{graph}> .\n" if graph else " .\n"


def iri(text: str) -> str:
    """An IRI as N-Triples writes it."""
    return f"<{text}>"


def quoted(text: str, datatype: str = XSD + "string") -> str:
    """A literal as canonical N-Triples write it.

    >>> print(quoted('say "no"'))
    "say \\"no\\""
    """
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return f'"{text}"' if datatype == XSD + "string" else f'"{text}"^^<{datatype}>'


def _iri(base: str, column: str) -> nw.Expr:
    return nw.concat_str(nw.lit(f"<{base}"), nw.col(column), nw.lit(">"))


def _string(column: str) -> nw.Expr:
    text = reduce(lambda e, pair: e.str.replace_all(pair[0], pair[1], literal=True), _ESCAPES, nw.col(column))
    return nw.concat_str(nw.lit('"'), text, nw.lit('"'))


def _typed(column: str, datatype: str) -> nw.Expr:
    return nw.concat_str(nw.lit('"'), nw.col(column), nw.lit(f'"^^<{datatype}>'))


def _typed_by(column: str, datatype: str) -> nw.Expr:
    return nw.concat_str(nw.lit('"'), nw.col(column), nw.lit('"^^<'), nw.col(datatype), nw.lit(">"))


def _bound(column: str) -> nw.Expr:
    """A bound: a day, a whole number, or a decimal one."""
    whole = ~nw.col(column).str.contains(".", literal=True)
    number = nw.when(whole).then(_typed(column, XSD + "integer")).otherwise(_typed(column, XSD + "decimal"))
    return nw.when(nw.col("bound") == XSD + "date").then(_typed(column, XSD + "date")).otherwise(number)


def _given(column: str, term: nw.Expr) -> nw.Expr:
    """The term where the cell holds something, else null."""
    return nw.when(nw.col(column) != "").then(term)


def _statements(required: Mapping[str, str], optional: Mapping[str, str], end: str) -> list[nw.Expr]:
    """The pieces of the statements on the subject `s`, each closed by the column `end`.

    Required terms are pieces of the one concatenation; an optional one is a text of its own, empty where it is null,
    for a null would make the whole block null.
    """
    pieces: list[nw.Expr] = []
    for column, predicate in required.items():
        pieces += [nw.col("s"), nw.lit(f" <{predicate}> "), nw.col(column), nw.col(end)]
    for column, predicate in optional.items():
        told = nw.concat_str(nw.col("s"), nw.lit(f" <{predicate}> "), nw.col(column), nw.col(end))
        pieces.append(nw.when(~nw.col(column).is_null()).then(told).otherwise(nw.lit("")))
    return pieces


_SAID = {
    "t_type": RDF + "type",
    "t_source": NS + "source",
    "t_subject": RDF + "subject",
    "t_predicate": RDF + "predicate",
    "t_object": RDF + "object",
    "t_claimant": NS + "claimant",
    "t_stance": NS + "stance",
    "t_precision": NS + "precision",
    "t_review": ADMS + "status",
}
_SAID_BESIDES = {
    "t_via": NS + "via",
    "t_said": DCTERMS + "created",
    "t_as_of": DCTERMS + "temporal",
    "t_low": NS + "low",
    "t_high": NS + "high",
    "t_from": NS + "from",
    "t_until": NS + "until",
    "t_note": RDFS + "comment",
}

_DERIVED = {"t_standing": NS + "standing", "t_origin": NS + "origin"}
_DERIVED_BESIDES = {"t_settled": NS + "settledBy"}


def object_term(base: str) -> nw.Expr:
    """The value of a claim as a term: an entity, a plain string, or a literal with its datatype."""
    text = nw.when(nw.col("datatype") == XSD + "string").then(_string("object"))
    return (
        nw.when(nw.col("datatype").is_null())
        .then(_iri(base, "object"))
        .otherwise(text.otherwise(_typed_by("object", "datatype")))
    )


def claim_blocks(claims: nw.DataFrame[Frame], base: str) -> nw.DataFrame[Frame]:
    """Add the columns `said` and `derived`: what the source says, and what follows for the claim from others.

    Expects the columns of `kg.claims.CLAIMS`, those of the ledger's standing, and two with statements that are
    finished already: `quoted` (the claim's places) and `linked` (its links to other claims). Terms are staged first:
    an expression that is inlined is evaluated at each use.
    """
    source = nw.concat_str(nw.lit(f"<{base}source/"), nw.col("source"), nw.lit(">"))
    staged = claims.with_columns(
        e=nw.concat_str(nw.lit(f" <{base}graph/"), nw.col("source"), nw.lit("> .\n")),
        d=nw.lit(graph_end(base, "derived")),
        s=nw.concat_str(nw.lit(f"<{base}claim/"), nw.col("id"), nw.lit(">")),
        t_type=nw.lit(iri(NS + "Claim")),
        t_source=source,
        t_subject=_iri(base, "subject_local"),
        t_predicate=nw.concat_str(nw.lit("<"), nw.col("predicate"), nw.lit(">")),
        t_object=object_term(base),
        t_claimant=nw.when(nw.col("claimant") == "").then(source).otherwise(_iri(base, "claimant")),
        t_via=_given("via", nw.concat_str(nw.lit(f"<{base}source/"), nw.col("via"), nw.lit(">"))),
        t_said=_given("said", _typed_by("said", "said_type")),
        t_as_of=_given("as_of", _typed_by("as_of", "as_of_type")),
        t_stance=_iri(NS, "stance"),
        t_precision=_iri(NS, "precision"),
        t_review=_string("review"),
        t_low=_bound("low"),
        t_high=_bound("high"),
        t_from=_typed("from", XSD + "date"),
        t_until=_typed("until", XSD + "date"),
        t_note=_string("note"),
        t_standing=_iri(NS, "standing"),
        t_origin=_iri(base, "origin"),
        t_settled=_iri(base, "settled_by"),
    )
    blocks = staged.with_columns(
        said=nw.concat_str(*_statements(_SAID, _SAID_BESIDES, "e"), nw.col("quoted")),
        derived=nw.concat_str(*_statements(_DERIVED, _DERIVED_BESIDES, "d"), nw.col("linked")),
    )
    return blocks.drop("s", "e", "d", *_SAID, *_SAID_BESIDES, *_DERIVED, *_DERIVED_BESIDES)


def evidence_blocks(evidence: nw.DataFrame[Frame], base: str) -> nw.DataFrame[Frame]:
    """Add the columns `quoted` (the claim's link to its place) and `block` (the place itself).

    Expects the columns of `kg.evidence.EVIDENCE`.
    """
    staged = evidence.with_columns(
        e=nw.concat_str(nw.lit(f" <{base}graph/"), nw.col("source"), nw.lit("> .\n")),
        s=_iri(base, "local"),
        t_type=nw.lit(iri(NS + "Evidence")),
        t_source=nw.concat_str(nw.lit(f"<{base}source/"), nw.col("source"), nw.lit(">")),
        t_start=_typed("start_text", XSD + "integer"),
        t_end=_typed("end_text", XSD + "integer"),
        t_place=_string("fragment"),
        t_exact=_string("exact"),
    )
    link = (nw.lit(f"<{base}claim/"), nw.col("id"), nw.lit(f"> <{PROV}wasQuotedFrom> "), nw.col("s"), nw.col("e"))
    blocks = staged.with_columns(
        block=nw.concat_str(*_statements(_PLACE, _PLACE_BESIDES, "e")), quoted=nw.concat_str(*link)
    )
    return blocks.drop("s", "e", *_PLACE, *_PLACE_BESIDES)


_PLACE = {"t_type": RDF + "type", "t_source": OA + "hasSource"}
_PLACE_BESIDES = {"t_start": OA + "start", "t_end": OA + "end", "t_place": RDF + "value", "t_exact": OA + "exact"}


def plain_terms(claims: nw.DataFrame[Frame], base: str) -> nw.DataFrame[Frame]:
    """Add the column `plain`: the claim's own subject, property and value as one statement."""
    return claims.with_columns(t_object=object_term(base)).with_columns(
        plain=nw.concat_str(
            _iri(base, "subject_local"),
            nw.lit(" <"),
            nw.col("predicate"),
            nw.lit("> "),
            nw.col("t_object"),
            nw.lit(graph_end(base, "")),
        )
    )

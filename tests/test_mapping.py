"""The mapping from rows to statements: nothing is lost, nothing is pasted."""

from __future__ import annotations

import narwhals as nw
import polars as pl
import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kg.claims import CLAIMS
from kg.mapping import claim_blocks, graph_end, quoted
from kg.ontology import XSD

BASE = "https://example.org/id/"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
ROW = {
    "id": "0123456789abcdef",
    "source": "river-post",
    "subject": "person/ana-moor",
    "subject_local": "person/ana-moor",
    "predicate": "https://w3id.org/kg-registry/ns#says",
    "object": "a word",
    "datatype": XSD + "string",
    "precision": "exact",
    "as_of": "",
    "claimant": "",
    "said": "",
    "via": "",
    "stance": "asserts",
    "review": "accepted",
}


def _statements(**cells: str | None) -> list[ox.Triple]:
    more = ("standing", "origin", "settled_by", "quoted", "linked")
    schema = {**CLAIMS, **dict.fromkeys(more, pl.String)}
    ledger = {"standing": "uncontested", "origin": "source/river-post", "quoted": "", "linked": ""}
    row = dict.fromkeys(schema) | ROW | ledger | cells
    frame = pl.DataFrame([row], schema=schema)
    blocks = claim_blocks(nw.from_native(frame, eager_only=True), BASE).to_native()
    quads = list(ox.parse(blocks["said"][0] + blocks["derived"][0], format=ox.RdfFormat.N_QUADS))
    assert {quad.graph_name.value for quad in quads} == {BASE + "graph/river-post", BASE + "graph/derived"}
    return [quad.triple for quad in quads]


def test_a_bare_claim_has_all_its_parts() -> None:
    """A claim with nothing optional has nine statements of its own, and its standing and origin."""
    assert len(_statements()) == 9 + 2


def test_optional_cells_add_their_statements() -> None:
    """Each optional cell that is filled adds one statement, and a null one removes none of the others."""
    base = len(_statements())
    assert len(_statements(note="a remark")) == base + 1
    assert len(_statements(via="lowgate-radio")) == base + 1
    assert len(_statements(low="1", high=None, bound=XSD + "decimal")) == base + 1
    assert len(_statements(said="2031", said_type=XSD + "gYear")) == base + 1


def test_the_source_speaks_where_no_claimant_is_named() -> None:
    """An empty claimant is the source in its own voice."""
    claimants = [t.object for t in _statements() if str(t.predicate).endswith("#claimant>")]
    assert claimants == [ox.NamedNode(BASE + "source/river-post")]


def test_the_default_graph_has_no_name() -> None:
    """A statement in the default graph ends without a name, one in a named graph with it."""
    assert graph_end(BASE, "") == " .\n"
    assert graph_end(BASE, "derived") == f" <{BASE}graph/derived> .\n"


@given(TEXT)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    """Quotes, backslashes, marks of direction and every script survive as the text of a literal."""
    values = [t.object for t in _statements(object=text, note=text or None) if str(t.predicate).endswith("#object>")]
    assert values == [ox.Literal(text)]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40))
def test_a_quoted_literal_parses_to_its_text(text: str) -> None:
    """What `quoted` writes, an N-Triples parser reads back."""
    line = f"<a:a> <a:b> {quoted(text)} .\n"
    (quad,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES)
    assert quad.object == ox.Literal(text)

"""Answers as frames of written terms: every term comes back as it was, and a frame tells what is no IRI."""

from __future__ import annotations

import polars as pl
import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kg.query.tsv import is_iri, table, terms

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
IRIS = st.text("abüß/?=-_.~", min_size=1).map(lambda text: ox.NamedNode(f"https://example.org/{text}"))
TYPED = st.builds(lambda text, kind: ox.Literal(text, datatype=kind), WORDS, IRIS)
NUMBERS = st.integers().map(ox.Literal)
LITERALS = st.one_of(WORDS.map(ox.Literal), WORDS.map(lambda text: ox.Literal(text, language="de")), TYPED, NUMBERS)
TERMS: st.SearchStrategy[Term | None] = st.one_of(
    st.none(), IRIS, LITERALS, st.builds(ox.Triple, IRIS, IRIS, LITERALS), st.booleans().map(ox.Literal)
)


@given(st.lists(st.tuples(TERMS, TERMS), min_size=1))
def test_every_term_comes_back_as_it_was(rows: list[tuple[Term | None, Term | None]]) -> None:
    """Texts with tabs, line ends and quotation marks, languages, numbers, triples and what is unbound are read back."""
    store = ox.Store()
    for number, row in enumerate(rows):
        told = [("number", ox.Literal(number)), *zip(("one", "other"), row, strict=True)]
        for name, term in told:
            if term is not None:
                store.add(ox.Quad(ox.BlankNode(f"row{number}"), ox.NamedNode(f"x:{name}"), term))
    answer = store.query(
        "SELECT ?one ?other WHERE { ?row <x:number> ?number OPTIONAL { ?row <x:one> ?one } "
        "OPTIONAL { ?row <x:other> ?other } } ORDER BY ?number"
    )
    assert isinstance(answer, ox.QuerySolutions)
    frame = table(answer.serialize(format=ox.QueryResultsFormat.TSV) or b"")
    assert frame.columns == ["one", "other"]
    known: dict[str | None, Term | None] = {None: None}
    known |= terms(cell for row in frame.iter_rows() for cell in row if cell is not None)
    assert [tuple(map(known.__getitem__, row)) for row in frame.iter_rows()] == rows
    for place, name in enumerate(frame.columns):
        told = frame.select(is_iri(pl.col(name)).fill_null(value=False)).to_series().to_list()
        assert told == [isinstance(row[place], ox.NamedNode) for row in rows]


def test_an_answer_without_rows_has_its_variables() -> None:
    """A frame of no rows still says what was selected."""
    assert table(b"?source\t?target\n").schema == {"source": pl.String, "target": pl.String}

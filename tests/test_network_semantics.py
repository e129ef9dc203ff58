"""What a network says of claims in review, denials, contradictions and sources: small registries, one point each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from kg import registry as registries
from kg.diagram import framed
from kg.network.network import Edge, Network
from kg.registry import Registry

COLUMNS = ("subject", "property", "value", "as_of", "claimant", "said", "via", "stance", "at", "quote", "review")
ENTITIES = {
    "organizations": "id,name,aliases,classification\nwatch,Harbour Watch,,association\nsenate,Senate,,state body\n",
    "people": "id,name,aliases\nana,Ana Moor,\njon,Jon Brask,\njonas,Jon Brask,\nmia,Mia Lund,\n",
    "cases": "id,name,aliases\ndock,Dock case,\ndock-jon,Case of Jon Brask,\ndock-mia,Case of Mia Lund,\n",
    "lists": "id,name,aliases,series,edition,complete\nspring,Spring list,,harbour,2031-05,\n",
    "groups": "id,name,aliases,broader\nprisoners,Prisoners,,\nteachers,Teachers,,\n",
    "places": "id,name,aliases\nveldania,Veldania,\n",
    "voices": "id,name,aliases,classification\n",
    "laws": "id,name,aliases\n",
    "sources": "id,title,publisher,published,language,url,sha256\n"
    "post,River Post,organization/watch,2031-06-01,en,,\n"
    "radio,Lowgate Radio,,2031-07-01,en,,\nherald,Tern Herald,,2031-08-01,en,,\n",
}
Row = Mapping[str, str]


def made(folder: Path, **claims: Sequence[Row]) -> Registry:
    """A registry of the invented country with some claims of its three sources."""
    data = folder / "data"
    (data / "claims").mkdir(parents=True)
    for name, text in ENTITIES.items():
        (data / f"{name}.csv").write_text(text, "utf-8")
    for source, rows in claims.items():
        lines = [",".join(COLUMNS)]
        for number, row in enumerate(rows):
            cells = {"at": f"row={number + 1}", **row}
            lines.append(",".join(cells.get(column, "") for column in COLUMNS))
        (data / "claims" / f"{source}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return registries.build(folder)


def row(subject: str, word: str, value: str, **cells: str) -> Row:
    """A row of a claims table."""
    return {"subject": subject, "property": word, "value": value, **cells}


def edges(registry: Registry, name: str) -> dict[tuple[str, str, str], Edge]:
    """The edges of a projection by their ends and how they are told."""
    return {(each.source, each.told, each.target): each for each in registry.projection(name).network.edges}


def test_what_was_not_accepted_is_no_part_of_a_network(tmp_path: Path) -> None:
    """A proposed total, date and relation show nowhere: not on a mark, not on the axis, not as an edge or a claim."""
    registry = made(
        tmp_path,
        post=[
            row("list/spring", "count", "100"),
            row("list/spring", "count", "999", review="proposed"),
            row("list/spring", "issued", "2020-01-01", review="proposed"),
            row("list/spring", "names", "person/ana", review="proposed"),
        ],
    )
    network = registry.projection("lists").network
    (node,) = network.nodes
    assert (node.text, node.since, node.until) == ("100", "2031-05-01", "2031-05-31")
    assert len(node.claims) == 1
    assert network.dropped == {"not accepted in review": 1}
    assert "999" not in registry.projection("lists").html()


def test_a_denial_is_told_as_one_and_apart_from_a_doubt(tmp_path: Path) -> None:
    """Who asserts, denies and cannot verify a relation make three edges, each told by its stance, also in pictures."""
    registry = made(
        tmp_path,
        post=[
            row("person/ana", "heads", "organization/watch"),
            row("person/ana", "heads", "organization/watch", claimant="organization/senate", stance="denies"),
            row("person/ana", "heads", "organization/watch", claimant="person/mia", stance="cannot-verify"),
        ],
    )
    found = edges(registry, "actors")
    ends = "person/ana", "organization/watch"
    told = {word: found[ends[0], word, ends[1]].stance for word in ("heads", "heads (denied)", "heads (not verified)")}
    assert list(told.values()) == ["asserts", "denies", "cannot-verify"]
    assert found["organization/senate", "denies", "person/ana"].denied
    text = framed(registry.projection("actors").drawing)
    assert "Ana Moor — heads (denied) → Harbour Watch" in text
    assert "denies (denied)" not in text


def test_contradictions_that_have_nothing_to_do_with_each_other_stay_apart(tmp_path: Path) -> None:
    """Numbers of two times are two disputes, each with its sides in their order."""
    times = {"2030-01-01": ("9", "11"), "2031-01-01": ("300", "303")}
    rows = [
        [row("place/veldania#prisoners", "count", values[side], as_of=day) for day, values in times.items()]
        for side in (0, 1)
    ]
    registry = made(tmp_path, post=rows[0], radio=rows[1])
    node = registry.projection("all").network.by_id["place/veldania"]
    assert [str(each) for each in node.disputes] == [
        "count of Prisoners: 300 ≠ 303",
        "count of Prisoners: 9 ≠ 11",
    ]


@pytest.mark.parametrize(
    ("cells", "weight"),
    [
        ([{}, {}, {}], 3),
        ([{}, {"via": "post"}, {"via": "post"}], 1),
        ([{"claimant": "person/mia"}, {"claimant": "person/mia"}, {}], 2),
    ],
)
def test_a_relation_weighs_as_many_independent_sources_as_tell_it(
    tmp_path: Path, cells: list[dict[str, str]], weight: int
) -> None:
    """Copies of one origin count once: what is retold, and what one claimant says to several sources."""
    rows = [row("person/ana", "heads", "organization/watch", **more) for more in cells]
    registry = made(tmp_path, post=[rows[0]], radio=[rows[1]], herald=[rows[2]])
    assert edges(registry, "actors")["person/ana", "heads", "organization/watch"].weight == weight


def test_counts_that_differ_do_not_corroborate_each_other(tmp_path: Path) -> None:
    """Two sources that count one group of a list differently are one each, not two for one relation."""
    counts = [[row("list/spring#teachers", "count", value)] for value in ("5", "7")]
    registry = made(tmp_path, post=counts[0], radio=counts[1])
    edge = edges(registry, "lists")["list/spring", "count", "group/teachers"]
    assert edge.weight == 1
    assert [str(each) for each in edge.disputes] == ["count of Teachers: 5 ≠ 7"]


def test_a_quoting_weighs_the_reports_and_has_no_time_of_what_is_said(tmp_path: Path) -> None:
    """However much a source quotes somebody, it is one source; and when that was said is not what it was said of."""
    said = [
        row("organization/watch", "founded", "2001", claimant="person/mia", said="2031-05-20"),
        row("place/veldania#prisoners", "count", "40", as_of="2030", claimant="person/mia", said="2031-05-21"),
    ]
    registry = made(tmp_path, radio=said)
    quotes = edges(registry, "sources")["source/radio", "quotes", "person/mia"]
    assert (quotes.weight, quotes.since, quotes.until) == (1, "2031-05-20", "2031-05-21")
    speaks = edges(registry, "actors")["person/mia", "speaks of", "organization/watch"]
    assert (speaks.since, speaks.until) == ("2031-05-20", "2031-05-20")


def test_co_defendants_of_a_whole_rest_on_what_makes_it_one(tmp_path: Path) -> None:
    """Two people with cases of their own are joined by the claims that these are parts of one case."""
    registry = made(
        tmp_path,
        post=[row("case/dock-jon", "defendant", "person/jon"), row("case/dock-jon", "partOf", "case/dock")],
        radio=[row("case/dock-mia", "defendant", "person/mia"), row("case/dock-mia", "partOf", "case/dock")],
    )
    (edge,) = registry.projection("co-defendants").network.edges
    assert (edge.relation, len(edge.claims), edge.weight) == ("co-defendant in Dock case", 4, 1)


def test_groups_that_are_more_than_the_total_are_a_dispute(tmp_path: Path) -> None:
    """A list whose groups do not come to its total says so."""
    registry = made(
        tmp_path,
        post=[
            row("list/spring", "count", "31"),
            row("list/spring", "groupCount", "2"),
            row("list/spring#teachers", "count", "15"),
            row("list/spring#prisoners", "count", "10"),
        ],
    )
    (dispute,) = registry.projection("lists").network.by_id["list/spring"].disputes
    assert str(dispute) == "sum: 15 + 10 = 25 ≠ 31"


def test_what_sources_disagree_on_stands_there_though_nothing_joins_it(tmp_path: Path) -> None:
    """A place on which numbers contradict each other is in `all`, even if no claim joins it to anything."""
    registry = made(
        tmp_path,
        post=[row("place/veldania#prisoners", "count", "40", as_of="2031-01-01")],
        radio=[row("place/veldania#prisoners", "count", "50", as_of="2031-01-01")],
    )
    assert list(registry.projection("all").network.by_id) == ["place/veldania"]


def test_a_name_that_several_have_is_refused(tmp_path: Path) -> None:
    """Whoever asks for a name that two people share is told both ids, and gets neither."""
    registry = made(tmp_path, post=[row("case/dock", "defendant", "person/jon")])
    with pytest.raises(registries.KgError, match="several are called “Jon Brask”") as error:
        registry.projection("cases", ["Jon Brask"])
    assert error.value.fix == "say which by its id: person/jon, person/jonas"
    with pytest.raises(registries.KgError, match="several are called"):
        registry.trace("jon brask")
    with pytest.raises(registries.KgError, match="several are called"):
        registry.projection("cases").between("Jon Brask", "case/dock")


def test_a_source_and_a_group_have_their_claims(tmp_path: Path) -> None:
    """A source has what it says in its own voice, a group what is said of its tallies."""
    registry = made(
        tmp_path, post=[row("list/spring#teachers", "count", "5"), row("list/spring", "cites", "source/radio")][:1]
    )
    assert len(registry.projection("lists").network.by_id["group/teachers"].claims) == 1
    assert len(registry.projection("sources").network.by_id["source/post"].claims) == 1


def test_a_broken_query_of_ones_own_breaks_no_other(tmp_path: Path) -> None:
    """A file in networks/ that cannot be read is told when it is asked for, and hinders no other projection."""
    registry = made(tmp_path, post=[row("case/dock", "defendant", "person/jon")])
    (tmp_path / "networks").mkdir()
    (tmp_path / "networks" / "broken.rq").write_bytes(b"\xff\xfe\x00")
    assert registry.projection("cases").network.edges
    with pytest.raises(registries.KgError, match=r"broken\.rq cannot be read"):
        registry.projection("broken")


def test_a_network_as_of_a_day_says_so(tmp_path: Path) -> None:
    """The day stands in the picture, on the page and in the files for other programs."""
    made(tmp_path, post=[row("case/dock", "defendant", "person/jon")])
    projection = registries.open(tmp_path, as_of=registries.date(2031, 6, 30)).projection("cases")
    texts = [projection.svg(), projection.html(), *(projection.export(form).decode() for form in ("graphml", "gexf"))]
    assert all("as known on 30 Jun 2031" in text for text in texts)


def own(registry: Registry, text: str) -> Network:
    """The network of a query of one's own."""
    file = registry.workspace.root / "own.rq"
    file.write_text(text, "utf-8")
    return registry.projection(str(file)).network


BARE = "SELECT ?source ?relation ?target ?claim WHERE "


def test_a_row_that_names_only_a_claim_is_what_the_claim_says(tmp_path: Path) -> None:
    """Without ends a row has those of its claim, with its stance; a tally is what it is within, a text is no thing."""
    registry = made(
        tmp_path,
        post=[
            row("person/ana", "heads", "organization/watch"),
            row("person/jon", "heads", "organization/watch", stance="denies", claimant="organization/senate"),
            row("person/mia", "heads", "organization/watch", review="proposed"),
            row("list/spring#teachers", "names", "person/jon"),
            row("person/ana", "role", "head"),
        ],
        radio=[row("person/ana", "heads", "organization/watch")],
    )
    network = own(registry, BARE + "{ ?claim a kg:Claim }")
    told = {(each.source, each.told, each.target): len(each.claims) for each in network.edges}
    assert told == {
        ("person/ana", "heads", "organization/watch"): 2,
        ("person/jon", "heads (denied)", "organization/watch"): 1,
        ("list/spring", "names", "person/jon"): 1,
    }
    assert network.dropped == {"a literal or nothing at an end, or only a type": 1, "not accepted in review": 1}
    assert [edge.weight for edge in network.edges if edge.source == "person/ana"] == [2.0]


def test_what_a_row_tells_itself_goes_before_what_its_claim_says(tmp_path: Path) -> None:
    """A relation of the query's own is told, and so are ends of its own; a claim adds none to a single end."""
    registry = made(tmp_path, post=[row("person/ana", "heads", "organization/watch")])
    heads = "?claim rdf:predicate kg:heads ; a kg:Claim . "
    (edge,) = own(registry, BARE + "{ " + heads + 'BIND ("leads" AS ?relation) }').edges
    assert (edge.source, edge.told, edge.target) == ("person/ana", "leads", "organization/watch")
    (edge,) = own(registry, BARE + "{ " + heads + "BIND (person:jon AS ?source) BIND (person:mia AS ?target) }").edges
    assert (edge.source, edge.told, edge.target) == ("person/jon", "related to", "person/mia")
    network = own(registry, BARE + "{ " + heads + "BIND (person:jon AS ?source) }")
    assert ([node.id for node in network.nodes], network.edges) == (["person/jon"], ())


def test_what_is_no_claim_joins_nothing(tmp_path: Path) -> None:
    """A contradiction or an IRI of one's own in the place of a claim is counted as a claim that there is not."""
    registry = made(tmp_path, post=[row("person/ana", "heads", "organization/watch")])
    nothing = own(registry, BARE + "{ VALUES ?claim { claim:0000000000000000 person:ana <https://example.org/x> } }")
    assert (nothing.nodes, nothing.edges) == ((), ())
    assert nothing.dropped == {"a claim that there is not": 3}


def test_terms_of_a_query_stay_what_they_are(tmp_path: Path) -> None:
    """Tabs, line ends, quotation marks and languages of a text, and IRIs of others, come through as they are."""
    registry = made(tmp_path, post=[row("person/ana", "heads", "organization/watch")])
    text = r"""{ BIND (<https://example.org/ü?a=b> AS ?source) BIND (person:ana AS ?target)
      VALUES ?relation { "a\tb\nc \"d\" \\" "öffnet"@de 5 true } }"""
    network = own(registry, "SELECT ?source ?relation ?target ?row ?fault ?edge WHERE " + text)
    assert [edge.relation for edge in network.edges] == ["5", 'a\tb\nc "d" \\', "true", "öffnet"]
    assert {node.id: node.iri for node in network.nodes} == {
        "https://example.org/ü?a=b": "https://example.org/ü?a=b",
        "person/ana": "https://w3id.org/kg-registry/id/person/ana",
    }

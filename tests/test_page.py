"""The page of a network as text: what it holds, what it keeps out, and that it lets nothing else run."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from browser.drawn import HOSTILE, Shown, circle, contradicted, example, hostile, shown, spread
from hypothesis import given
from hypothesis import strategies as st

import kg.diagram.page as package
from kg import registry
from kg.diagram.page import page
from kg.diagram.page.content import Content
from kg.diagram.page.page import _SCRIPTS
from kg.draw.svg import clean
from kg.network.network import Dispute
from kg.projection import Projection
from kg.template import initialize
from kg.trace import Passage

HOME = Path(package.__file__).parent
SCRIPTS = "\n".join(path.read_text("utf-8") for path in sorted((HOME / "script").glob("*.js")))
LIST = "list/harbour-2031-spring"
WORLDS = Path(__file__).parent / "worlds"


class Reader(HTMLParser):
    """Reads a page: its elements with their attributes, and the text of each script and style sheet."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: dict[str, list[str]] = {"script": [], "style": []}
        self.text = ""
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))
        self._open = tag
        if tag in self.blocks:
            self.blocks[tag].append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - as HTMLParser has it
        """What follows is the text of another element."""
        self._open = ""

    def handle_data(self, data: str) -> None:
        """Keep a text with the block it is in."""
        if self._open in self.blocks:
            self.blocks[self._open][-1] += data
        else:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def content(self) -> Any:
        """What its island of JSON holds."""
        return json.loads(self.blocks["script"][0])


@pytest.fixture(scope="module")
def projection(tmp_path_factory: pytest.TempPathFactory) -> Projection:
    """All of the registry that `kg init` makes."""
    return example(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def harbour(projection: Projection) -> Shown:
    """Its network with all claims."""
    return shown(projection)


def test_a_page_tells_every_node_edge_and_claim(harbour: Shown) -> None:
    """The island of JSON has the nodes, edges and claims in their order, and what a page needs to tell of them."""
    content = Reader(harbour.page()).content
    assert [node["id"] for node in content["nodes"]] == [node.id for node in harbour.network.nodes]
    assert {claim["id"] for claim in content["claims"]} == {each.claim for each in harbour.traces}
    assert len(content["edges"]) == len(harbour.network.edges)
    claim = next(each for each in content["claims"] if each["value"] == "2031-05-03")
    told = {"subject": LIST, "property": "issued", "source": "source/river-post", "standing": "contested"}
    assert told.items() <= claim.items()
    assert claim["quotes"] == ["On 3 May 2031 the Harbour Watch published"]
    assert (claim["place"], claim["rows"]) == ("characters 35–76", ["data/claims/river-post.csv"])
    [against] = claim["against"]
    assert against["how"] == "contradicted by"
    assert [content["claims"][place]["value"] for place in against["claims"]] == ["2031-05-05"]
    assert content["names"][f"{LIST}#teachers"] == "Spring list of 2031 · Teachers"
    assert content["sources"]["source/river-post"]["publisher"] == "River Post"


def test_claims_are_found_by_the_ids_that_networks_have(harbour: Shown) -> None:
    """Nodes, edges and disputes name claims without the word before their ids; a page finds them all the same."""
    content = Reader(harbour.page()).content
    spring = next(node for node in content["nodes"] if node["id"] == LIST)
    [dispute] = spring["disputes"]
    assert {content["claims"][place]["value"] for place in dispute["claims"]} == set(dispute["sides"])
    assert len(spring["claims"]) == len(harbour.network.by_id[LIST].claims)
    told = [len(edge.get("claims", ())) for edge in content["edges"]]
    assert told == [len(edge.claims) for edge in harbour.network.edges]
    assert sum(told) > len(harbour.network.edges)


def test_a_claim_has_the_days_it_holds_for_else_those_it_tells_else_that_of_its_source(harbour: Shown) -> None:
    """The days of a claim are the bounds of its time, open where they are, else those of a date, else its source's."""
    content = Reader(spread(harbour).page()).content
    days = {claim["property"]: claim.get("days") for claim in content["claims"]}
    assert days["heads"] == ["2029-01-01", "2029-12-31"]
    assert days["role"] == ["", "2028-02-29"]
    assert days["charge"] == ["2031-01-15", ""]
    assert days["plea"] == ["2031-05-06", "2031-05-06"]
    issued = [claim for claim in content["claims"] if claim["property"] == "issued"]
    assert [claim["days"] for claim in issued] == [[claim["value"]] * 2 for claim in issued]
    undated = replace(harbour, names=replace(harbour.names, known={}))
    assert {claim["property"] for claim in Reader(undated.page()).content["claims"] if "days" in claim} == {
        "arrested",
        "issued",
    }


def test_a_count_is_no_date(harbour: Shown) -> None:
    """The number 2031 is a year only where the property takes dates, and what is no date is none."""
    counts = [replace(each, value="2031") for each in harbour.traces if each.property == "count"]
    dates = [replace(each, value="about 2031") for each in harbour.traces if each.property == "issued"]
    told = Reader(replace(harbour, traces=(*counts, *dates)).page()).content["claims"]
    assert {day for claim in told for day in claim["days"]} == {"2031-05-06", "2031-05-31"}


def test_only_quotes_are_told_of_a_source(harbour: Shown) -> None:
    """What stands around a quote in its source is not on the page."""
    around = Passage("char=1,2", "the quote itself", "secret before", "secret behind", "data/claims/x.csv:2")
    text = replace(harbour, traces=(replace(harbour.traces[0], passages=(around,)),)).page()
    assert "the quote itself" in text
    assert "secret" not in text


def test_a_page_without_quotes_has_none(harbour: Shown, projection: Projection) -> None:
    """Where the claims come without quotes, neither the JSON nor the table has any, and the table has no column."""
    quotes = {passage.quote for each in harbour.traces for passage in each.passages}
    told = projection.html()
    assert all(quote in told for quote in quotes)
    text = projection.without_quotes().html()
    longer = {quote for quote in quotes if quote.count(" ") > 1}
    assert longer
    assert not any(quote in text for quote in longer)
    assert ">Quote</th>" in told
    assert ">Quote</th>" not in text
    assert "characters 35–76" in text


def test_the_policy_lets_only_its_own_blocks_run(harbour: Shown) -> None:
    """The policy has the hash of each style sheet and of the script, and nothing is styled inline."""
    reader = Reader(harbour.page())
    [policy] = [each["content"] for each in reader.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy
    rules = {name: values.split() for name, *[values] in (rule.split(" ", 1) for rule in policy.split("; "))}
    assert rules["default-src"] == rules["connect-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    assert rules["style-src"] == [_hash(block) for block in reader.blocks["style"]]
    assert rules["script-src"] == [_hash(reader.blocks["script"][1])]
    assert "unsafe" not in policy
    assert not [tag for tag, attributes in reader.elements if "style" in attributes]
    assert [each.get("type") for each in reader.all("script")] == ["application/json", "module"]


def _hash(block: str) -> str:
    return f"'sha256-{b64encode(sha256(block.encode()).digest()).decode()}'"


def test_a_style_sheet_of_the_picture_is_hashed_as_it_is_read(harbour: Shown) -> None:
    """In the style sheet of an SVG a `>` is escaped; its hash is that of what a browser reads."""
    svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><style>.a&gt;.b{fill:red}</style></svg>"
    assert _hash(".a>.b{fill:red}") in page(svg, harbour.network, harbour.traces, harbour.names)


def test_a_page_asks_nobody_for_anything(harbour: Shown) -> None:
    """No element names an address outside the page, and the script has no means to reach one."""
    reader = Reader(harbour.page())
    addresses = [
        value or ""
        for _, attributes in reader.elements
        for name, value in attributes.items()
        if name in ("src", "srcset", "href", "action", "data", "poster", "xlink:href")
    ]
    assert all(address.startswith(("data:", "#")) for address in addresses)
    forbidden = r"fetch\(|XMLHttp|WebSocket|EventSource|sendBeacon|import\(|eval\(|Function\(|innerHTML|outerHTML"
    assert not re.search(rf"{forbidden}|insertAdjacent|document\.write|localStorage|sessionStorage|cookie", SCRIPTS)
    assert not re.search(r"@import|url\(|https?:", (HOME / "page.css").read_text("utf-8"))
    assert [each["content"] for each in reader.all("meta") if each.get("name") == "referrer"] == ["no-referrer"]


def test_texts_of_others_stay_text(harbour: Shown) -> None:
    """Whatever labels, values and quotes hold, a page has the same elements as with harmless ones, and the text."""
    noted = replace(harbour, traces=tuple(replace(each, note="as it is") for each in harbour.traces))
    plain, spoiled = Reader(noted.page()), Reader(hostile(harbour).page())
    tags = [tag for tag, _ in plain.elements if tag not in ("g", "text", "small")]
    assert [tag for tag, _ in spoiled.elements if tag not in ("g", "text", "small")] == tags
    assert not [name for _, attributes in spoiled.elements for name in attributes if name.startswith("on")]
    assert {node["label"] for node in spoiled.content["nodes"]} == set(HOSTILE.values())
    assert all(text in spoiled.text for text in HOSTILE.values())
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", hostile(harbour).page())


@given(text=st.text())
def test_any_text_comes_back_from_the_island(harbour: Shown, text: str) -> None:
    """A label of any characters is read from the JSON as it is shown, and nothing in the JSON looks like HTML."""
    label = replace(harbour.network.nodes[0], label=text, claims=(), disputes=())
    network = replace(harbour.network, nodes=(label,), edges=())
    island = Content(network, (), harbour.names).json()
    assert not re.search("[<>&\u2028\u2029]", island)
    assert json.loads(island)["nodes"][0]["label"] == clean(text)


def test_the_same_page_has_the_same_bytes(harbour: Shown) -> None:
    """A page is made of nothing but its arguments."""
    assert harbour.page() == harbour.page()


def test_the_filters_are_the_types_there_are(harbour: Shown) -> None:
    """There is one box for each type of node in the network, with how many there are."""
    reader = Reader(harbour.page())
    boxes = [each["data-type"] for each in reader.all("input") if "data-type" in each]
    assert boxes == ["person", "case", "list", "organization", "state-body", "law", "place"]
    people = sum(node.kind == "person" for node in harbour.network.nodes)
    assert re.search(rf"People\s*{people}", re.sub(r"\s+", " ", reader.text))


def test_the_table_needs_no_script(harbour: Shown) -> None:
    """Every claim is a row of the table in the page itself, with who says it, where, and in which words."""
    text = harbour.page()
    rows = re.findall(r"<tr data-claim=.*</tr>", text)
    assert len(rows) == len(harbour.traces)
    [denial] = [row for row in rows if "denied: " in row]
    assert "Senate of Veldania" in denial
    assert "at least 1" in denial
    assert "characters 555–612" in denial
    assert f"All {len(rows)} claims on this page as a table" in text


def _rows(text: str) -> list[str]:
    """The rows of the table as text."""
    return [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", row)) for row in re.findall(r"<tr data-claim=.*</tr>", text)]


def test_the_table_tells_how_claims_stand(harbour: Shown) -> None:
    """A row has what contradicts and what denies its claim, and its note."""
    noted = replace(harbour.traces[0], note="A slip of the pen.")
    rows = _rows(replace(contradicted(harbour), traces=(*contradicted(harbour).traces[1:], noted)).page())
    [slip] = [row for row in rows if "slip of the pen" in row]
    assert "contradicted by : Spring list of 2031 issued" in slip
    assert "note: A slip of the pen. the source itself" in slip
    [asserted] = [row for row in rows if "denied by" in row]
    assert "denied by : Senate of Veldania denies that Ana Moor heads Harbour Watch" in asserted
    [denial] = [row for row in rows if "denied: heads" in row]
    assert "denies : Ana Moor heads Harbour Watch ( New list of prisoners in Veldania )" in denial
    [doubt] = [row for row in _rows(contradicted(harbour, "cannot-verify").page()) if "doubted by" in row]
    assert "Senate of Veldania cannot verify that Ana Moor heads Harbour Watch" in doubt


def test_what_is_against_a_claim_and_not_on_the_page_is_counted(harbour: Shown) -> None:
    """Of claims that are not on the page the number is told, and a decision also where nothing is against it."""
    first, second, third = harbour.traces[:3]
    far = replace(first, standing="settled", against=("claim/a", "claim/b"))
    near = replace(second, standing="contested", against=(first.claim, "claim/a"))
    alone = replace(third, standing="set-aside", against=(), note="")
    rows = "\n".join(_rows(replace(harbour, traces=(far, near, alone)).page()))
    assert "settled, against : 2 other claims" in rows
    assert re.search(r"contradicted by : Spring[^;]* and 1 other claim ", rows)
    assert "set aside set aside neighbours" in rows


def test_a_date_that_was_set_aside_does_not_stand_like_the_one_that_prevails(tmp_path: Path) -> None:
    """In a registry where a decision settled the date of a list, the table tells which date is set aside."""
    shutil.copytree(WORLDS / "settled-date", tmp_path / "world")
    rows = _rows(registry.build(tmp_path / "world").projection("all").html())
    aside, *settled = sorted(row for row in rows if row.startswith(" List of 2031 issued "))
    assert "2031-01-12 set aside" in aside
    assert "set aside, against : List of 2031 issued 2031-02-12" in aside
    assert ["settled, against : List of 2031 issued 2031-01-12" in row for row in settled] == [True, True]


@pytest.mark.parametrize("turn", [lambda rows: rows[::-1], lambda rows: rows[7:] + rows[:7]])
def test_the_order_of_rows_in_tables_does_not_matter(
    harbour: Shown, projection: Projection, tmp_path: Path, turn: Callable[[list[str]], list[str]]
) -> None:
    """Tables of claims whose rows stand in another order give the same bytes."""
    initialize(tmp_path)
    for path in (tmp_path / "data" / "claims").glob("*.csv"):
        head, *rows = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text(head + "".join(turn(rows)), "utf-8")
    again = registry.build(tmp_path).projection("all")
    assert shown(again).traces != harbour.traces
    assert again.html() == projection.html()


def test_claims_are_told_source_by_source_as_these_tell_them(harbour: Shown) -> None:
    """Claims are ordered by their sources, then by their first places as numbers, then by their ids."""
    first, second, third, *_ = (replace(each, source="source/river-post") for each in harbour.traces)

    def at(place: str) -> Passage:
        return Passage(place, f"quote at {place}", "", "", "data/claims/river-post.csv:2")

    one = replace(first, passages=(at("char=90,95"),))
    two = replace(second, passages=(at("char=800,820"), at("char=100,120")))
    three = replace(third, passages=(at("char=100,120"),), claim=f"{second.claim}0")
    content = Reader(replace(harbour, traces=(three, two, one)).page()).content
    assert [claim["id"] for claim in content["claims"]] == [one.claim, two.claim, three.claim]
    assert content["claims"][1]["place"] == "characters 100–120, 800–820"
    assert content["claims"][1]["quotes"] == ["quote at char=100,120", "quote at char=800,820"]


def test_denials_count_as_disputed(harbour: Shown) -> None:
    """The box that leaves only what is disputed counts what is contested, and the relations that are denied."""
    network = harbour.network
    contested = sum(bool(each.disputes) for each in (*network.nodes, *network.edges))
    denials = sum(each.denied for each in network.edges)
    assert denials
    for of, count in ((harbour, contested + denials), (contradicted(harbour), contested + denials + 1)):
        assert re.search(rf'≠</b></span><span class="count">{count}</span>', of.page())


def test_notes_stand_beside_the_table_and_say_whether_it_is_a_part(harbour: Shown) -> None:
    """Sentences on the picture are in the page as text; those that tell of a part make the page say that it is one."""
    bare = Reader(harbour.page())
    assert not bare.content["partial"]
    assert "notes" not in [attributes.get("class") for attributes in bare.all("p")]
    for note, partial in (("9 of 1,200 entities are drawn: <b>.", True), ("2 names found no room.", False)):
        reader = Reader(replace(harbour, notes=(note, "A line is as thick.")).page())
        assert reader.content["partial"] == partial
        assert f"{note} A line is as thick." in reader.text


def test_edges_tell_their_stance(harbour: Shown) -> None:
    """An edge has its relation as it is told, and its stance unless it asserts."""
    edges = Reader(contradicted(harbour).page()).content["edges"]
    told = {(edge["told"], edge.get("stance")) for edge in edges}
    assert {("heads", None), ("heads (denied)", "denies"), ("denies", "denies")} <= told


def test_a_dispute_tells_on_which_decisions_it_rests(harbour: Shown) -> None:
    """What a dispute rests on is told with it, and only where there is something."""
    node = harbour.network.by_id[LIST]
    disputes = (*node.disputes, Dispute("sum", ("1 + 1 = 2", "3"), (), ("list/a is list/b, as decided",)))
    nodes = tuple(replace(each, disputes=disputes) if each is node else each for each in harbour.network.nodes)
    content = Reader(replace(harbour, network=replace(harbour.network, nodes=nodes)).page()).content
    [told] = [each["disputes"] for each in content["nodes"] if each["id"] == LIST]
    assert [each.get("rests") for each in told] == [None, ["list/a is list/b, as decided"]]


def test_what_goes_on_under_another_id_is_named_and_found_by_it(harbour: Shown) -> None:
    """The names and ids of what was merged are other names of what it goes on as, which names a publisher, too."""
    merged = {"organization/river-post": "organization/harbour-watch", "person/jon-brask": "person/ana-moor"}
    content = Reader(replace(harbour, names=replace(harbour.names, merged=merged)).page()).content
    aliases = {node["id"]: node.get("aliases") for node in content["nodes"]}
    assert {"River Post", "organization/river-post"} < set(aliases["organization/harbour-watch"])
    assert {"Jon Brask", "person/jon-brask"} <= set(aliases["person/ana-moor"])
    assert content["sources"]["source/river-post"]["publisher"] == "Harbour Watch"


def test_one_claim_is_told_as_one(harbour: Shown) -> None:
    """The words for one claim are singular."""
    assert "All 1 claim on this page as a table" in replace(harbour, traces=harbour.traces[:1]).page()


def test_a_network_of_nothing_has_a_page(harbour: Shown) -> None:
    """Without nodes, edges and claims there still is a whole page."""
    empty = replace(harbour, network=replace(harbour.network, nodes=(), edges=()), traces=())
    reader = Reader(empty.page())
    assert reader.content["nodes"] == reader.content["claims"] == []


@pytest.mark.parametrize("change", [lambda svg: svg.replace("<g class", "<g data-x='1' class"), lambda svg: svg])
def test_a_picture_is_taken_as_it_is(harbour: Shown, change: Callable[[str], str]) -> None:
    """The page holds the picture word for word."""
    svg = change(circle(harbour.network))
    assert svg.strip() in page(svg, harbour.network, harbour.traces, harbour.names)


def test_every_script_of_the_package_is_part_of_the_page() -> None:
    """The script is made of the files beside the module, and none of them ends it."""
    assert {path.stem for path in (HOME / "script").glob("*.js")} == set(_SCRIPTS)
    assert not re.search(r"</script|<!--", SCRIPTS)

"""Random worlds: rows about Veldania that can all be read, as hypothesis makes them up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from hypothesis import strategies as st

ENTITIES = {
    "data/organizations.csv": "id,name\nharbour-watch,Harbour Watch\nsenate,Senate of Veldania\n",
    "data/people.csv": "id,name\nana-moor,Ana Moor\njon-brask,Jon Brask\n",
    "data/places.csv": "id,name\nveldania,Veldania\n",
    "data/cases.csv": "id,name\ndock,Dock case\n",
    "data/lists.csv": "id,name,edition\nautumn,Autumn list,2030-10\nspring,Spring list,2031-02\n",
    "data/groups.csv": "id,name,broader\ndock-workers,Dock workers,group/workers\nprisoners,Prisoners,\n"
    "students,Students,\nworkers,Workers,\n",
    "data/voices.csv": "id,name\nriver-post-neighbours,neighbours\ntern-herald-lawyer,a lawyer\n",
    "data/sources.csv": "id,title,published\ncoast-agency,Wire,\nlowgate-radio,News,2031-07\n"
    "river-post,A list,2031-06\ntern-herald,From court,2032\n",
}
SOURCES = ("lowgate-radio", "river-post", "tern-herald")
VOICES = {"river-post": ("voice/river-post-neighbours",), "tern-herald": ("voice/tern-herald-lawyer",)}
INEXACT = ("about", "at-least", "more-than", "at-most", "less-than")
DAYS = ("2030", "2031", "2031-02", "2031-02-12", "2031-02-13", "2031-03-01", "2031-02/2031-03", "2031-03/..", "../2030")
TIMES = (
    "",
    "",
    "",
    "",
    "2030",
    "2030-01/2030-12",
    "2031-05",
    "2031-05-03",
    "2031-03/2031-06",
    "2031-06/..",
    "../2031-01",
)
TEXTS = ("denied", "admitted", 'a "mark", a \\ and a\nline', "=1+1", "$1 \\1 </script>", "Əli 😀 e\u0301\u2028end")
NUMBERS = ("0", "38", "40", "41", "42", "43", "38..40", "40..43")

# What claims can be about: a subject, a property, its values, and whether they can be meant inexactly.
TOPICS: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("list/autumn", "count", NUMBERS, True),
    ("list/spring", "count", NUMBERS, True),
    ("list/spring#workers", "count", NUMBERS, True),
    ("list/spring#dock-workers", "count", NUMBERS, True),
    ("list/spring#students", "count", NUMBERS, True),
    ("list/spring", "issued", DAYS, False),
    ("list/spring", "groupCount", ("2", "3"), False),
    ("list/spring", "publisher", ("organization/harbour-watch", "organization/senate"), False),
    ("place/veldania#prisoners", "count", NUMBERS, True),
    ("place/veldania#prisoners", "occurred", ("12", "40", "45"), True),
    ("case/dock#prisoners", "occurred", ("12", "40", "45"), True),
    ("place/veldania#prisoners", "perMillion", ("26", "26.5", "6..7", "6.5"), True),
    ("case/dock", "defendant", ("person/ana-moor", "person/jon-brask"), False),
    ("case/dock", "arrested", DAYS, False),
    ("case/dock", "sentenced", DAYS, False),
    ("case/dock", "sentence", ("P3Y", "P4Y", "P1096D", "life"), False),
    ("case/dock", "plea", TEXTS, False),
    ("person/ana-moor", "birthDate", DAYS, False),
    ("person/ana-moor", "died", DAYS, False),
    ("person/ana-moor", "alias", TEXTS, False),
    ("person/jon-brask", "heads", ("organization/harbour-watch", "organization/senate"), False),
)
PLACES = (
    ("char=0,4", "“it”"),
    ("char=0,4", '"it"'),
    ("char=7,9 char=20,25", "is … words"),
    ("row=7", ""),
    ("row=7", "x"),
    ("page=2", "x"),
)


@dataclass(frozen=True)
class Row:
    """A row of a table of claims."""

    source: str
    subject: str
    property: str
    value: str
    precision: str = ""
    as_of: str = ""
    claimant: str = ""
    said: str = ""
    via: str = ""
    stance: str = ""
    at: str = "char=0,4"
    quote: str = "some"
    review: str = ""
    note: str = ""


@st.composite
def row(draw: st.DrawFn, topics: Sequence[tuple[str, str, tuple[str, ...], bool]] = TOPICS) -> Row:
    """A row that can be read, about one of the topics."""
    source = draw(st.sampled_from(SOURCES))
    subject, word, values, inexact = draw(st.sampled_from(topics))
    at, quote = draw(st.sampled_from(PLACES))
    return Row(
        source=source,
        subject=subject,
        property=word,
        value=draw(st.sampled_from(values)),
        precision=draw(st.sampled_from(("", "", *INEXACT))) if inexact else "",
        as_of=draw(st.sampled_from(TIMES)),
        claimant=draw(st.sampled_from(("", "", "organization/senate", "person/ana-moor", *VOICES.get(source, ())))),
        said=draw(st.sampled_from(("", "", "2031-05"))),
        via=draw(st.sampled_from(("", "", "coast-agency", *(other for other in SOURCES if other != source)))),
        stance=draw(st.sampled_from(("", "", "", "", "asserts", "denies", "cannot-verify"))),
        at=at,
        quote=quote,
        review=draw(st.sampled_from(("", "", "", "accepted", "proposed", "rejected"))),
        note=draw(st.sampled_from(("", "", "a remark", "another"))),
    )


@st.composite
def rows(draw: st.DrawFn, most: int = 16) -> list[Row]:
    """Some rows on one topic, or on all of one subject, so that several are on one thing."""
    subject = draw(st.sampled_from(sorted({each[0].partition("#")[0] for each in TOPICS})))
    topics = [each for each in TOPICS if each[0].partition("#")[0] == subject]
    topics = topics if draw(st.booleans()) else [draw(st.sampled_from(topics))]
    return draw(st.lists(row(topics), min_size=draw(st.integers(1, most)), max_size=most))


def asserted(most: int = 16) -> st.SearchStrategy[list[Row]]:
    """Some rows that are asserted and accepted."""
    return rows(most).map(lambda found: [replace(each, stance="", review="") for each in found])


def files(found: Sequence[Row], decisions: Iterable[tuple[str, str, str]] = ()) -> dict[str, str]:
    """The files of a workspace with these rows, and decisions given by judgement, first and second."""
    names = [name for name in Row.__dataclass_fields__ if name != "source"]
    made = dict(ENTITIES)
    for source in SOURCES:
        mine = [[asdict(each)[name] for name in names] for each in found if each.source == source]
        made[f"data/claims/{source}.csv"] = _csv([names, *mine])
    judged = [[*each, "because", "mk", "2033-05-10"] for each in decisions]
    if judged:
        made["data/decisions.csv"] = _csv([["judgement", "first", "second", "reason", "by", "when"], *judged])
    return made


def _csv(table: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    return text.getvalue()

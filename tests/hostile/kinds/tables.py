"""Tables that are damaged, of another kind, or called by another name."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

from hostile.case import CLEAN, FINDINGS, USAGE, Case
from hostile.kinds import rows

NAMES = ("people", "places", "cases", "laws", "groups", "organizations", "lists", "sources")
CLAIMS = "data/claims/river-post.csv"


def generate(chance: random.Random) -> Iterator[Case]:
    """Files that are no tables, tables with other ends of lines, and rows where none are looked for."""
    for name, content in _damaged(chance).items():
        table = chance.choice(NAMES)
        file = f"data/{table}.csv"
        yield Case(f"{table} is {name}", codes=(FINDINGS,), says=(file, "violation["), files={file: content})
    for name, content in _damaged(chance).items():
        if chance.random() < 0.2:
            yield Case(f"claims are {name}", codes=(FINDINGS,), says=(CLAIMS, "violation["), files={CLAIMS: content})
    for table in chance.sample(NAMES, 2):
        file = f"data/{table}.csv"
        text = rows.text(file)
        header, *body = text.splitlines(keepends=True)
        yield Case(f"{table} has a BOM and CRLF", files={file: "\ufeff" + text.replace("\n", "\r\n")})
        yield Case(f"{table} is shuffled", files={file: header + "".join(chance.sample(body, len(body)))})
        yield Case(f"{table} has no last line end", files={file: text.removesuffix("\n")})
        yield Case(
            f"{table} has a row twice",
            codes=(FINDINGS,),
            says=(f"{file}:", "duplicate-id"),
            files={file: text + body[-1]},
        )
    for odd in (
        "persons.csv",
        "people.CSV",
        "claims.csv",
        "claims/nobody.csv",
        "a/b/c/deep.csv",
        "people.csv.bak",
        "Thumbs.exe",
    ):
        file = f"data/{odd}"
        yield Case(f"there is also {odd}", codes=(FINDINGS,), says=(file,), files={file: rows.text(CLAIMS)})
    yield Case(
        "all claims of a source are gone",
        codes=(USAGE,),
        says=(CLAIMS, "--without river-post"),
        prepare=lambda root: (root / CLAIMS).unlink(),
    )
    yield Case(
        "the claims of a source are gone and may go",
        ("build", "--without", "river-post"),
        prepare=lambda root: (root / CLAIMS).unlink(),
    )
    yield Case("claims have no rows", files={CLAIMS: rows.text(CLAIMS).splitlines()[0] + "\n"}, codes=(CLEAN, USAGE))


def _damaged(chance: random.Random) -> dict[str, str | bytes]:
    """What stands in place of a table."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    junk = chance.randbytes(chance.randint(50, 5000))
    return {
        "empty": b"",
        "blank lines": "\n" * chance.randint(1, 1000),
        "a spreadsheet": archive.getvalue(),
        "a PDF": b"%PDF-1.7\n" + junk,
        "bytes by chance": b"\xff" + junk,
        "UTF-16": "id,name\nveldania,Veldania\n".encode("utf-16"),
        "Windows-1251": "id,name\nanna,Анна\n".encode("cp1251"),
        "parted by semicolons": "id;name\nveldania;Veldania\n",
        "parted by tabs": "id\tname\nveldania\tVeldania\n",
        "without a header": "veldania,Veldania\n",
        "with a column twice": "id,name,name\nx,a,b\n",
        "with an unknown column": "id,name,\x1b[31mred\nx,a,b\n",
        "with 20,000 columns": ",".join(f"c{number}" for number in range(20_000)) + "\n",
        "a quote that never ends": 'id,name\nx,"' + "y\n" * 3000,
        "a cell of 200,000 letters": "id,name\nx," + "y" * 200_000 + "\n",
        "with NUL": b"id,name\nveldania,Vel\x00dania\n",
        "with control characters": "id,name\nveldania,Vel\x1b]0;x\x07dania\n",
        "of ragged rows": "id,name\nx,a,b,c\ny\n",
        "HTML": "<!DOCTYPE html><html><body><table></table></body></html>\n",
        "JSON": '{"id": "x", "name": ["a", "b"]}\n',
    }

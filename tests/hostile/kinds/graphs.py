"""Files of graphs that came from elsewhere, for `kg check FILE`."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator

from hostile.case import CANNOT, CLEAN, FINDINGS, USAGE, Case

KG = "https://w3id.org/kg-registry/ns#"
CLAIM = f"<urn:a> a <{KG}Claim> .\n"
WRONG: dict[str, str | bytes] = {
    "x.rdf": '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "x.owl": "<x/>",
    "x.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "x.ttl": "<?xml version='1.0'?><rdf:RDF/>",
    "y.ttl": '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><lolz>&lol2;</lolz>',
    "z.ttl": "<urn:a> <urn:b> .",
    "binary.ttl": bytes(range(256)) * 20,
    "nul.ttl": b"<urn:a> <urn:b> \x00 .",
    "utf16.ttl": CLAIM.encode("utf-16"),
    "cut.ttl.gz": gzip.compress(CLAIM.encode() * 100, mtime=0)[:40],
    "whole.ttl.gz": gzip.compress(CLAIM.encode(), mtime=0),
    "zip.ttl": gzip.compress(CLAIM.encode(), mtime=0),
    "x.json": "{}",
    "x.txt": CLAIM,
    "x": CLAIM,
    "x.csv": "id,name\n",
    "x.html": "<html></html>",
    "syntax.nt": "<urn:a> <urn:b> .",
    "turtle.nt": "@prefix a: <urn:a> .\na:b a:c a:d .",
    "syntax.nq": "<urn:a> <urn:b> <urn:c> <urn:d> <urn:e> .",
    "syntax.trig": "GRAPH <urn:a> { <urn:b> ",
    "context.jsonld": '{"@context": "http://127.0.0.1:9/context", "urn:a": 1}',
    "inner.jsonld": '{"urn:a": {"@context": ["http://127.0.0.1:9/c", {}], "urn:b": 1}}',
    "import.jsonld": '{"@context": {"@version": 1.1, "@import": "http://127.0.0.1:9/c"}}',
    "syntax.jsonld": '{"a": ',
    "a\x1b[2Jb.ttl": "<urn:a>",
    "a\nb.ttl": "<urn:a>",
    "odd iri.ttl": "<a b> <urn:b> <urn:c> .",
    "escape.ttl": '<urn:a> <urn:b> "\\uD800" .',
    "message.ttl": '<urn:\x1b[31m> <urn:b> "x" .',
}
RIGHT: dict[str, tuple[str | bytes, tuple[int, ...]]] = {
    "empty.ttl": ("", (CLEAN, FINDINGS)),
    "other.ttl": ("<urn:a> <urn:b> <urn:c> .", (CLEAN, FINDINGS)),
    "claim.ttl": (CLAIM, (FINDINGS,)),
    "claim.nt": (f"<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Claim> .\n", (FINDINGS,)),
    "claim.trig": (f"<urn:g> {{ {CLAIM} }}", (FINDINGS,)),
    "claim.jsonld": (f'{{"@id": "urn:a", "@type": "{KG}Claim"}}', (FINDINGS,)),
    "control.ttl": (f"<urn:a\\u001b[2J> a <{KG}Claim> .", (FINDINGS, CANNOT)),
    "direction.ttl": (f'<urn:a\u202eb> a <{KG}Claim> ; <{KG}count> "\u202e\\u0007" .', (FINDINGS,)),
    "imports.ttl": ("<urn:a> <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:9/> .", (CLEAN, FINDINGS)),
    "bom.ttl": (b"\xef\xbb\xbf" + CLAIM.encode(), (FINDINGS,)),
}


def generate(chance: random.Random) -> Iterator[Case]:
    """Twenty files that cannot be read, ten that can, nesting of any depth, and what is no file."""
    for name in chance.sample(sorted(WRONG), 20):
        yield Case(f"{name!r} cannot be read", ("check", name), (CANNOT,), (), {name: WRONG[name]}, writes=(name,))
    for name, (text, codes) in RIGHT.items():
        form = chance.choice(("table", "table", "json", "ttl"))
        yield Case(
            f"{name} as {form}", ("check", name, "--format", form), codes, (), {name: text}, data=form != "table"
        )
    for ending, opened in (
        ("ttl", "[ <urn:b> "),
        ("ttl", "( "),
        ("ttl", "<<( "),
        ("jsonld", "["),
        ("jsonld", '{"urn:a":'),
        ("trig", "( "),
    ):
        depth = chance.randint(150, 80_000)
        text = ("<urn:a> <urn:b> " if ending != "jsonld" else "") + opened * depth
        name = f"deep.{ending}"
        yield Case(f"{opened.strip()} nested {depth} deep", ("check", name), (CANNOT,), (name,), {name: text})
    yield Case("no file", ("check", "nothing.ttl"), (USAGE, CANNOT), ("nothing.ttl",))
    yield Case("a folder", ("check", "data"), (USAGE, CANNOT), ("data",))
    yield Case("standard input", ("check", "/dev/stdin"), (USAGE, CANNOT), stdin=CLAIM.encode())
    yield Case("an endless device", ("check", "/dev/zero"), (USAGE, CANNOT))

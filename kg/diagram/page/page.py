"""One file of HTML that holds everything: it asks no server for anything, and lets nothing else run."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from string import Template

from kg.diagram.page.content import Content, Names
from kg.diagram.page.table import rows, text
from kg.diagram.types import Type, mark, types
from kg.draw.svg import Element, clean, element
from kg.draw.theme import COLOURS, HUES, hue
from kg.draw.type import FONTS
from kg.network.network import Network
from kg.trace import Trace

_HERE = Path(__file__).parent
# In this order they are one script.
_SCRIPTS = ("words", "registry", "view", "picture", "claims", "panel", "search", "times", "table", "page")
_STYLES = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_ICON = 10.0


def page(svg: str, network: Network, traces: Sequence[Trace], names: Names, notes: Sequence[str] = ()) -> str:
    """A network with its picture and the claims behind it as the text of one HTML file.

    `svg` is the picture, as text; `traces` are the claims to be told, with their quotes where these may be shown. Of
    what stands around a quote nothing is told. `notes` are sentences on what the picture shows and leaves out. The same
    arguments give the same text, in whatever order the claims are.
    """
    content = Content(network, traces, names, notes)
    disputed = sum(bool(each.disputes) for each in network.nodes)
    disputed += sum(bool(each.disputes) or each.denied for each in network.edges)
    style, script = _colours() + _read("page.css"), "\n".join(_read(f"script/{name}.js") for name in _SCRIPTS)
    return Template(_read("page.html")).substitute(
        policy=_policy([style, *map(unescape, _STYLES.findall(svg))], script),
        title=escape(clean(network.title.partition(": ")[0] or network.name)),
        style=style,
        filters="\n".join(_filters(network)),
        disputed=f"{disputed:,}",
        picture=svg.strip(),
        count=f"{len(traces):,}",
        claims="claim" if len(traces) == 1 else "claims",
        notes=f'<p class="notes">{" ".join(map(text, notes))}</p>' if notes else "",
        rows=rows(content),
        content=content.json(),
        script=script,
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def _policy(styles: Iterable[str], script: str) -> str:
    """The content security policy: only these style sheets and this script, and no word to anybody."""
    rules = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": " ".join(dict.fromkeys(map(_hash, styles))),
        "img-src": "data:",
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(block: str) -> str:
    return f"'sha256-{b64encode(sha256(block.encode()).digest()).decode()}'"


def _colours() -> str:
    """The colours of pictures as those of the page, by day and by night as the page says; and their types."""
    named = {**COLOURS, **{hue(place): pair for place, pair in enumerate(HUES)}}
    day = "".join(f"--{name}:{light};" for name, (light, _) in named.items())
    both = "".join(f"--{name}:light-dark({light},{dark});" for name, (light, dark) in named.items())
    lines = [
        f":root,:root .kg-picture{{--fonts:{FONTS};{day}}}",
        f"@supports (color:light-dark(#000,#fff)){{:root,:root .kg-picture{{{both}}}}}",
        *(f".{hue(place)}{{--hue:var(--{hue(place)})}}" for place in range(len(HUES))),
    ]
    return "\n" + "\n".join(lines) + "\n"


def _filters(network: Network) -> Iterator[str]:
    """A box to tick for each type of node, with its shape and how many there are."""
    for each, count in types(network.nodes).items():
        box = f'<input type="checkbox" data-type="{each.key}" checked>'
        name = each.more[0].upper() + each.more[1:]
        icon = str(_icon(each)).replace("\n", "")
        yield f'<label class="filter">{box}{icon}{name}<span class="count">{count:,}</span></label>'


def _icon(of: Type) -> Element:
    shape = mark(of, (0.0, 0.0), _ICON / max(*of.extent, 1.1))
    box = f"{-_ICON:g} {-_ICON:g} {2 * _ICON:g} {2 * _ICON:g}"
    return element("svg", *shape, class_=f"icon {hue(of.colour)}", viewBox=box, aria_hidden="true")

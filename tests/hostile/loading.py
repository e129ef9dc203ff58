"""What a browser or a reader would load of itself when it opens a file that the program wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

_LOADING = frozenset(
    {"src", "srcset", "data", "poster", "action", "formaction", "background", "manifest", "codebase", "archive"}
    | {"classid", "longdesc", "ping"}
)
_STYLE = re.compile(r"@import|url\(\s*['\"]?(?!#|data:)|image-set\(|expression\(", re.IGNORECASE)
_INERT = ("#", "data:")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in ("style", "script") else ""
        if tag in ("base", "iframe", "frame", "embed", "object", "foreignobject", "portal"):
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            if _loads(tag, name.rpartition(":")[2] if not name.startswith("xmlns") else name, value or ""):
                self.found.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, _: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style" and _STYLE.search(data):
            self.found.append(f"<style> {_STYLE.findall(data)}")

    def handle_decl(self, declaration: str) -> None:
        if declaration.lower() != "doctype html":
            self.found.append(f"<!{declaration}>")

    def handle_pi(self, data: str) -> None:
        if not data.startswith("xml "):
            self.found.append(f"<?{data}>")


def _loads(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return not value.startswith(("http://", "https://", *_INERT)) if tag == "a" else not value.startswith(_INERT)
    if name in _LOADING:
        return not value.startswith(_INERT)
    if tag == "meta" and name == "http-equiv":
        return value.lower() == "refresh"
    painted = name in ("style", "fill", "stroke", "filter", "mask", "clip-path", "marker-end", "marker-start", "cursor")
    return name.startswith("on") or (painted and bool(_STYLE.search(value)))


def loaded_by_page(text: str) -> list[str]:
    """The elements of a page or an SVG picture that load something, run something, or lead elsewhere than a link.

    >>> loaded_by_page('<p>&lt;img src=x&gt;</p><a href="https://example.org/">x</a><svg fill="url(#a)"/>')
    []
    >>> loaded_by_page('<img src="http://a/"><style>@import "http://b/";</style>')
    ["<img src='http://a/'>", "<style> ['@import']"]
    """
    page = _Page()
    page.feed(text)
    page.close()
    return page.found


def loaded_by_xml(data: bytes) -> list[str]:
    """The document types, style sheets and places of schemas of an XML file.

    >>> loaded_by_xml(b'<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="http://a/ b.xsd"/>')
    ['http://a/ b.xsd']
    """
    head = [line for line in ("<!DOCTYPE", "<!ENTITY", "<?xml-stylesheet") if line.encode() in data]
    attributes = [pair for element in ElementTree.fromstring(data).iter() for pair in element.attrib.items()]
    names = ("href", "src", "schemaLocation", "noNamespaceSchemaLocation", "base")
    return head + [value for name, value in attributes if name.rpartition("}")[2] in names]


def loaded_by_json(value: object) -> list[str]:
    """The contexts of JSON-LD that lie elsewhere.

    >>> loaded_by_json([{"@context": ["http://a/", {"@import": "http://b/"}]}])
    ['http://a/', 'http://b/']
    """
    return list(_contexts(value))


def _contexts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _contexts(each)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in ("@context", "@import"):
                yield from (each for each in (inner if isinstance(inner, list) else [inner]) if isinstance(each, str))
            yield from _contexts(inner)

"""The spellings of a name, and where a text has one of them, however it is written or escaped."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from kg.evidence import fold

_AROUND = 30
_ESCAPES = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ENTITIES = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_TAGS = re.compile(r"<[^<>]*>")
_MARKUP = frozenset({".html", ".htm", ".xhtml", ".xml", ".svg", ".graphml", ".gexf", ".md"})
# Scripts that write words without blanks between them.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")


def folded(text: str) -> str:
    """Text as names are compared: without case, marks that are not seen, and kinds of blanks, dashes and quotes.

    Line ends stay, so that lines can be counted.

    >>> folded("Ana\u00a0MOOR–Rey"), folded("İlqar") == folded("ilqar")
    ('ana moor-rey', True)
    """
    plain = fold(unicodedata.normalize("NFC", text)).casefold()
    plain = plain.replace("i\u0307", "i").replace("ı", "i").replace("\r\n", "\n").replace("\r", "\n")
    if not plain.isascii():
        plain = "".join(c for c in plain if c.isascii() or unicodedata.category(c) != "Cf")
        plain = "".join(" " if c.isspace() and c not in "\n\t " else c for c in plain)
    return unicodedata.normalize("NFC", plain)


def unescaped(text: str) -> str:
    """Text in which what XML, HTML, JSON, Turtle and addresses escape is written plainly; its lines stay the same."""

    def entity(match: re.Match[str]) -> str:
        return " ".join(html.unescape(match[0]).split("\n"))

    def escape(match: re.Match[str]) -> str:
        number = int(match[1] or match[2], 16)
        return " " if number < 0x20 or number > 0x10FFFF else chr(number)

    if "&" in text:
        text = _ENTITIES.sub(entity, text)
    if "\\" in text:
        text = _ESCAPES.sub(escape, text)
        # JSON writes what lies beyond 16 bits as two.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "%" in text:
        text = _PERCENT.sub(lambda match: " ".join(unquote(match[0]).split("\n")), text)
    return text


@dataclass(frozen=True)
class Spellings:
    """The spellings of a name, as one expression over folded text."""

    pattern: re.Pattern[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Spellings:
        """The spellings of some names and ids."""
        plain = sorted({" ".join(folded(name).split()) for name in names} - {""}, key=lambda each: (-len(each), each))
        return cls(re.compile("|".join(map(_expression, plain)) or r"(?!)"))

    def find(self, text: str) -> re.Match[str] | None:
        """The first place in a short text that has one of them."""
        return self.pattern.search(folded(unescaped(text)))

    def lines(self, text: str, ending: str = "") -> Iterator[tuple[int, str]]:
        """The lines that have one of them, and what stands there; what is escaped counts, and what markup divides."""
        seen: set[int] = set()
        for written in self._variants(text, ending):
            variant, line, at = folded(written), 1, 0
            # Where folding has moved nothing, what stands there is shown as it is written.
            shown = written if len(written) == len(variant) else variant
            for match in self.pattern.finditer(variant):
                line, at = line + variant.count("\n", at, match.start()), match.start()
                if line not in seen:
                    seen.add(line)
                    yield line, _around(shown, match)

    @staticmethod
    def _variants(text: str, ending: str) -> Iterator[str]:
        yield text
        loose = unescaped(text)
        if loose != text:
            yield loose
        if ending in _MARKUP and "<" in text:
            for between in ("", " "):
                yield unescaped(_bare(text, between))


def _bare(text: str, between: str) -> str:
    """Text without its tags, on the same lines."""
    return _TAGS.sub(lambda tag: between + "\n" * tag[0].count("\n"), text)


def _expression(name: str) -> str:
    """A name within words of other letters is no name, but in scripts that divide no words, or add to their ends."""
    spaced = not unicodedata.name(name[0], "").startswith(_UNSPACED)
    cased = name[0].isdigit() or name[0].lower() != name[0].upper()
    before = r"(?<![^\W_])" if spaced and cased else ""
    behind = r"(?![^\W_])" if spaced and cased and not set(name) & set(" -/") else ""
    return before + r"\s+".join(map(re.escape, name.split(" "))) + behind


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - _AROUND), min(len(text), match.end() + _AROUND)
    dots = ("…" if start else "", "…" if end < len(text) else "")
    return dots[0] + " ".join(text[start:end].split()) + dots[1]

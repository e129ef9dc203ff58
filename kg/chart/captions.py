"""The labels of the chart of lists: what stands beside marks, and how it looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from kg.chart.editions import Edition, Place, Total
from kg.chart.words import date_words
from kg.draw.geometry import Box, Point
from kg.draw.labels import Label
from kg.draw.svg import Element, group, write
from kg.draw.type import text_width, wrap

# Each kind of line with its size of type, its leading and whether it is bold; the kinds are classes of the style sheet.
_KINDS = {"number": (13.0, 15.0, True), "small": (10.5, 13.0, False), "series-name": (12.5, 15.5, True)}
_SIDES = ("above", "below", "right", "left")


@dataclass(frozen=True)
class Caption:
    """A label of one kind of line or several; `look` is its class."""

    label: Label
    lines: tuple[tuple[str, str], ...]
    look: str = ""

    @property
    def is_sign(self) -> bool:
        """Whether it only says again what a line shows."""
        return self.look.endswith("sign")

    def draw(self, box: Box) -> Element:
        """The text in its place: names of series begin at the left, all else is centred."""
        begins = self.lines[0][0] == "series-name"
        x, y = (box.left if begins else box.middle[0]), box.top
        drawn = []
        for kind, text in self.lines:
            size, leading, _ = _KINDS[kind]
            y += leading
            drawn.append(write(text, x, y - (leading - size) / 2 - size * 0.2, class_=kind))
        return group(drawn, class_=" ".join(filter(None, ("label", "" if begins else "centred", self.look))))


def _caption(
    lines: Sequence[tuple[str, str]], names: Box, look: str, sides: tuple[str, ...], reach: float = 130
) -> Caption:
    width = max(text_width(text, _KINDS[kind][0], bold=_KINDS[kind][2]) for kind, text in lines)
    height = sum(_KINDS[kind][1] for kind, _ in lines)
    return Caption(Label(width, height, names, sides, reach), tuple(lines), look)


def name_caption(name: str, colour: str, last: Box, width: float) -> Caption:
    """The name of a series at the end of its line, in lines no wider than `width`."""
    size, _, bold = _KINDS["series-name"]
    lines = [("series-name", line) for line in wrap(name, width, size, bold=bold)]
    return _caption(lines, last.grown(4), colour, ("right", "above", "below"), 200)


def sign(start: Point, end: Point) -> Caption:
    """The sign between two readings of which one at most is right."""
    (x, y), (u, v) = start, end
    middle = Box((x + u) / 2 - 1, (y + v) / 2 - 1, (x + u) / 2 + 1, (y + v) / 2 + 1)
    return _caption([("number", "≠")], middle, "alert sign", ("on", "above", "below", "right", "left"), 6)


def bare_caption(where: Place, at: Point) -> Caption:
    """The label of a date at which no total stands."""
    names = Box(at[0] - 2, at[1] - 7, at[0] + 2, at[1] + 7)
    return _caption(
        [("small", date_words(where))], names, "alert" if where.standing == "contested" else "quiet", _SIDES
    )


def captions(edition: Edition, where: Place, boxes: Mapping[str, Box], joined: Set[float]) -> Iterator[Caption]:
    """The labels of an edition at one place in time: one for all totals that agree, one for each that does not.

    `boxes` are those of the marks that stand there, by the ids of their totals; `joined` are the numbers at which a
    sign shows that others exclude them, so that the label need not say it.
    """
    left = [total for total in edition.totals if total.id in boxes]
    left.sort(key=lambda total: (total.implied, total.width, total.value, total.id))
    first = True
    while left:
        main = left[0]
        same = [total for total in left if total.implied == main.implied and total.agrees(main)]
        left = [total for total in left if total not in same]
        names = Box.around(boxes[total.id] for total in same)
        yield _number(edition, where, same, names, "" if first or main.value in joined else "≠ ", main.value in joined)
        first = False


def _number(edition: Edition, where: Place, same: Sequence[Total], names: Box, unequal: str, joined: bool) -> Caption:
    """The label of totals that agree: the most exact, below it how else the number is put, when, and who denies it."""
    main = same[0]
    against = edition.gainsaid(main)
    lines = [("number", f"{unequal if against else ''}{main.text}")]
    lines += [("small", text) for text in dict.fromkeys(total.text for total in same) if text != main.text]
    if len(edition.places) > 1:
        differs = edition.dates_contested and where != edition.places[0] and not joined
        lines.append(("small", f"{'≠ ' if differs else ''}{date_words(where)}"))
    lines += [("small", word) for word in sorted({total.denied for total in same} - {""})]
    look = "quiet" if main.aside else "alert" if against or edition.dates_contested else ""
    return _caption(lines, names, look, ("below", *_SIDES) if main.implied else _SIDES)

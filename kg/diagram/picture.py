"""A diagram as SVG: bare, for a page that has its own heading and legend, or framed, to stand alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import atan2, degrees

from kg.diagram.axis import RULES as AXIS_RULES
from kg.diagram.drawing import TOLD, Drawing, Told
from kg.diagram.figures import PLATE, Figure
from kg.diagram.key import key, notes, subtitle
from kg.diagram.signs import RULES as SIGN_RULES
from kg.diagram.signs import head, more, thickness, unequal
from kg.diagram.strands import Strand
from kg.diagram.types import mark
from kg.draw.geometry import Box, Point
from kg.draw.labels import Spot
from kg.draw.legend import legend
from kg.draw.svg import Element, clean, element, group, number, path, tooltip, write
from kg.draw.theme import hue, style
from kg.draw.type import wrap

_MARGIN = 28.0
_RULES = (
    AXIS_RULES
    + SIGN_RULES
    + """
.paper{fill:$paper}
text{fill:$ink;stroke:none;unicode-bidi:isolate}
.title{font-size:20px;font-weight:700}
.subtitle,.note{font-size:12px;fill:$quiet}
.subtitle{font-size:13px}
.edge .line{fill:none;stroke-opacity:0.62}
.edge .head{stroke:none;fill-opacity:0.8}
.edge.plain{stroke:$quiet;fill:$quiet}
.edge.denied{stroke:$alert;fill:$alert}
.edge.denied .line{stroke-dasharray:5 4;stroke-opacity:0.9}
.edge-label{font-size:9px;font-style:italic;fill:$quiet;text-anchor:middle;stroke:$paper;stroke-width:4.4;paint-order:stroke;stroke-linejoin:round}
.edge-label.denied{fill:$alert}
.node .shape{stroke:$paper;stroke-width:1.2}
.node .hole{fill:$paper;stroke:none}
.node .plate{font-size:12px;font-weight:700;fill:$paper;stroke:none;text-anchor:middle}
.label text{font-size:11.5px;stroke:$paper;stroke-width:3;stroke-linejoin:round;paint-order:stroke}
.label.centred text{text-anchor:middle}
.label.before text{text-anchor:end}
.label .strong{font-size:12.5px;font-weight:700}
.label .alert{font-size:10px;fill:$alert}
.leader{stroke:$quiet;stroke-width:0.8;fill:none}
"""
)


def bare(drawing: Drawing) -> str:
    """The diagram alone."""
    box = drawing.bounds
    return str(_root(drawing, box, [style(_RULES), *_parts(drawing)]))


def framed(drawing: Drawing, styled: Callable[[str], Element] = style) -> str:
    """The diagram with its title, how to read it, its legend, and what it leaves out; `styled` tells its colours."""
    title, _, more = drawing.part.network.title.partition(": ")
    width = max(drawing.arrangement.width, 720.0) + 2 * _MARGIN
    room = width - 2 * _MARGIN
    lines = [line for text in subtitle(drawing, more) for line in wrap(text, room, 13, most=4)]
    title += "".join(f", around {drawing.part.network.by_id[key].label}" for key in drawing.part.around[:1])
    heading = [write(title, _MARGIN, 40, class_="title")]
    heading += [write(line, _MARGIN, 63 + place * 18, class_="subtitle") for place, line in enumerate(lines)]
    top = 63.0 + 18 * len(lines)
    below = top + drawing.arrangement.height + 24
    signs, height = legend(key(drawing), (_MARGIN, below), room)
    told = [line for note in notes(drawing) for line in wrap(note, room, 12, most=4)]
    foot = [write(line, _MARGIN, below + height + 22 + place * 17, class_="note") for place, line in enumerate(told)]
    tall = below + height + 17 * len(foot) + 28
    off = (width - drawing.arrangement.width) / 2
    parts = [
        styled(_RULES),
        element("rect", class_="paper", width=width, height=tall),
        group(heading, class_="heading"),
        group(_parts(drawing), transform=f"translate({number(off)} {number(top)})", class_="diagram"),
        signs,
        group(foot, class_="foot"),
    ]
    return str(_root(drawing, Box(0, 0, width, tall), parts))


def _root(drawing: Drawing, box: Box, parts: Sequence[Element]) -> Element:
    network = drawing.part.network
    return element(
        "svg",
        element("title", clean(network.title), id="kg-title"),
        element("desc", "\n".join(map(clean, subtitle(drawing, ""))), id="kg-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(box.right)} {number(box.bottom)}",
        width=box.right,
        height=box.bottom,
        class_="kg-picture kg-network",
        role="graphics-document document",
        aria_labelledby="kg-title kg-desc",
        lang="en",
    )


def _parts(drawing: Drawing) -> Iterator[Element]:
    """The parts from the back to the front."""
    yield group(drawing.axis.draw() if drawing.axis else (), class_="axis")
    yield group(_edges(drawing), class_="edges")
    yield group(_leaders(drawing.labels), class_="leaders")
    yield group(_texts(drawing), class_="edge-labels")
    yield group((_node(figure, at) for figure, at in zip(drawing.figures, drawing.points, strict=True)), class_="nodes")
    yield group(_labels(drawing), class_="labels")


def _edges(drawing: Drawing) -> Iterator[Element]:
    names = [figure.node.label for figure in drawing.figures]
    for strand, way, sign in zip(drawing.strands, drawing.routes, drawing.signs, strict=True):
        line = f"M{_pair(way.start)}"
        line += f"L{_pair(way.end)}" if len(way.segments) == 1 else f"Q{_pair(way.control)} {_pair(way.end)}"
        yield element(
            "g",
            tooltip(_told(strand, names)),
            element("path", class_="line", d=line, stroke_width=thickness(strand.weight)),
            element("path", class_="head", d=head(way.at(0.9), way.end, thickness(strand.weight))),
            *([unequal(sign)] if sign else []),
            class_=f"edge {_look(strand)}{' contested' if strand.contested else ''}",
            data_edge=" ".join(map(str, strand.edges)),
        )


def _look(strand: Strand) -> str:
    if strand.denied:
        return "denied"
    return "plain" if strand.hue is None else hue(strand.hue)


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _told(strand: Strand, names: Sequence[str]) -> Iterator[str]:
    for edge in strand.told:
        relation = f"{names[strand.source]} — {edge.told} → {names[strand.target]}"
        yield relation
        yield _counted(len(edge.claims), "claim") if edge.claims else ""
        yield from (f"≠ {dispute}" for dispute in edge.disputes)


def _counted(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def _texts(drawing: Drawing) -> Iterator[Element]:
    for strand, told in zip(drawing.strands, drawing.texts, strict=True):
        if told is not None:
            look = "edge-label denied" if strand.denied else "edge-label"
            edges = " ".join(map(str, strand.edges))
            yield write(strand.text, *_lowered(told), class_=look, transform=_turned(told), data_edge=edges)


def _lowered(told: Told) -> Point:
    """The base line of a turned text, so that its middle lies on the way."""
    return told.at[0], told.at[1] + TOLD * 0.33


def _turned(told: Told) -> str:
    angle = degrees(atan2(told.along[1], told.along[0]))
    return f"rotate({number(angle)} {_pair(told.at)})"


def _node(figure: Figure, at: Point) -> Element:
    (x, y), (across, down) = at, figure.half
    shape: tuple[Element, ...] = mark(figure.type, at, figure.radius)
    if figure.text:
        plate = element("rect", class_="shape", x=x - across, y=y - down, width=2 * across, height=2 * down, rx=4)
        shape = plate, write(figure.text, x, y + PLATE * 0.36, class_="plate")
    if figure.node.disputes:
        shape += (unequal(figure.sign_at(at)),)
    if figure.hidden:
        shape += (more(figure.hidden, figure.more_at(at)),)
    contested = " contested" if figure.node.disputes else ""
    return element(
        "g",
        tooltip(_about(figure)),
        *shape,
        class_=f"node {figure.type.key} {hue(figure.type.colour)}{contested}",
        data_node=str(figure.place),
        data_id=figure.node.id,
    )


def _about(figure: Figure) -> Iterator[str]:
    node = figure.node
    yield f"{node.label} ({figure.type.one})"
    yield from (f"≠ {dispute}" for dispute in node.disputes)
    yield _counted(len(node.claims), "claim") if node.claims else ""
    yield f"{_counted(figure.hidden, 'neighbour')} not drawn" if figure.hidden else ""


def _leaders(labels: Sequence[Spot | None]) -> Iterator[Element]:
    for place, spot in enumerate(labels):
        if spot and spot.leader:
            line = path([spot.leader.start, spot.leader.end])
            yield element("path", class_="leader", d=line, data_node=str(place))


def _labels(drawing: Drawing) -> Iterator[Element]:
    for figure, mark_box, spot in zip(drawing.figures, drawing.marks, drawing.labels, strict=True):
        if spot is None:
            continue
        box = spot.box
        x, side = box.middle[0], " centred"
        if box.left >= mark_box.right:
            x, side = box.left, ""
        elif box.right <= mark_box.left:
            x, side = box.right, " before"
        y, lines = box.top, []
        for line in figure.lines:
            y += line.leading
            lines.append(write(line.text, x, y - line.leading * 0.24, class_=line.look or None))
        yield group(lines, class_=f"label{side}", data_node=str(figure.place))

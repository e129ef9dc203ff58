"""What a diagram says of itself in words and signs: how to read it, its legend, and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kg.diagram.drawing import Drawing
from kg.diagram.signs import head, more, thickness, unequal
from kg.diagram.types import Type, mark, types
from kg.draw.geometry import Point
from kg.draw.legend import Entry
from kg.draw.svg import Element, element, path
from kg.draw.theme import hue

_SIZE = 6.5


def subtitle(drawing: Drawing, more: str) -> Iterator[str]:
    """What is drawn, in sentences."""
    network = drawing.part.network
    claims = {claim for edge in network.edges for claim in edge.claims}
    if more:
        yield f"{more[0].upper()}{more[1:]}."
    yield (
        f"{_many(len(network.nodes), 'entity', 'entities')} and {_many(len(network.edges), 'relation')} "
        f"from {_many(len(claims), 'claim')}; a line is as thick as its independent sources are many."
    )


def _far(steps: int) -> str:
    return f" within {steps} steps" if steps > 1 else ""


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def key(drawing: Drawing) -> list[Entry]:
    """The legend: the types of nodes with how many there are, and the signs that are used."""
    network = drawing.part.network
    found = [
        Entry(_mark(each), f"{each.one if count == 1 else each.more} {count:,}", look=f"node {hue(each.colour)}")
        for each, count in types(network.nodes).items()
    ]
    heaviest = max((strand.weight for strand in drawing.strands), default=1.0)
    if heaviest >= 2:
        found.append(Entry(_line(1.0), "one source", look="edge plain"))
        found.append(Entry(_line(heaviest), f"{heaviest:g} independent sources", look="edge plain"))
    if any(strand.denied for strand in drawing.strands):
        found.append(Entry(_line(1.0), "denied, or not verified", look="edge denied"))
    if any(figure.node.disputes for figure in drawing.figures) or any(strand.contested for strand in drawing.strands):
        found.append(Entry(lambda at: (unequal(at),), "sources disagree"))
    if drawing.part.hidden:
        most = max(drawing.part.hidden.values())
        found.append(Entry(lambda at: (more(most, at),), "so many neighbours are not drawn"))
    return found


def _mark(of: Type) -> Callable[[Point], Sequence[Element]]:
    if of.key == "list":
        return lambda at: (element("rect", class_="shape", x=at[0] - 11, y=at[1] - 6, width=22, height=12, rx=3),)
    return lambda at: mark(of, at, _SIZE)


def _line(weight: float) -> Callable[[Point], Sequence[Element]]:
    thick = thickness(weight)

    def draw(at: Point) -> Sequence[Element]:
        start, tip = (at[0] - 15, at[1]), (at[0] + 15, at[1])
        line = element("path", class_="line", d=path([start, tip]), stroke_width=thick)
        return line, element("path", class_="head", d=head(start, tip, thick))

    return draw


def notes(drawing: Drawing) -> Iterator[str]:
    """What is left out."""
    part = drawing.part
    if not part.network.nodes:
        yield "There is nothing to draw."
    if not part.whole:
        names = [part.network.by_id[key].label for key in part.around]
        chosen = f"what surrounds {', '.join(names)}{_far(part.steps)}" if names else "the best connected of each kind"
        yield (
            f"{len(part.network.nodes):,} of {_many(part.nodes, 'entity', 'entities')} and "
            f"{len(part.network.edges):,} of {_many(part.edges, 'relation')} are drawn: {chosen}."
        )
    loops = sum(edge.source == edge.target for edge in part.network.edges)
    if loops:
        yield f"{_many(loops, 'relation')} of a thing to itself {'is' if loops == 1 else 'are'} not drawn."
    if drawing.unlabelled:
        yield f"{_many(drawing.unlabelled, 'name')} found no room."
    untold = sum(told is None for told in drawing.texts)
    if untold:
        yield f"{_many(untold, 'line')} too short or too crowded to carry the name of a relation."

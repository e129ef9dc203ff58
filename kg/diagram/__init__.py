"""Node-link diagrams of networks: laid out in Python, drawn as SVG, PNG or one page of HTML."""

from kg.diagram.drawing import Drawing, drawing
from kg.diagram.key import notes
from kg.diagram.part import Part, part
from kg.diagram.picture import bare, framed

__all__ = ["Drawing", "Part", "bare", "drawing", "framed", "notes", "part"]

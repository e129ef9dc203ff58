"""Where the nodes of a diagram stand: few crossings, no overlaps, days on an axis; it knows nothing of what they are.

Components are laid out one by one: they start from stress layouts, crossings are brought down, distances polished, and
all are packed into one picture. Nothing depends on the machine: coordinates lie on a grid, and chance is a small
generator of its own.
"""

from kg.diagram.layout.arrange import Arrangement, Body, arrange
from kg.diagram.layout.crossings import crossings
from kg.diagram.layout.timeline import Timeline

__all__ = ["Arrangement", "Body", "Timeline", "arrange", "crossings"]

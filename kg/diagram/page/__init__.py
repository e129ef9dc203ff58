"""A network as one page of HTML: the picture, what the sources say, and the script that joins them."""

from kg.diagram.page.content import Names
from kg.diagram.page.page import page

__all__ = ["Names", "page"]

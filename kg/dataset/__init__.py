"""The graph of a registry: entities, claims, what is derived from them, and the plain view, in reading order."""

from kg.dataset.compose import compose, prefixes
from kg.dataset.text import Dataset

__all__ = ["Dataset", "compose", "prefixes"]

"""kg: claims about political prisoners as a checked knowledge graph in which every statement leads back to its source.

>>> import kg
>>> sorted(kg.__all__)
['Answer', 'Finding', 'InvalidRegistryError', 'KgError', 'Registry', 'build', 'open']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.errors import Finding, InvalidRegistryError, KgError
    from kg.query import Answer
    from kg.registry import Registry, build, open  # noqa: A004 - kg.open reads best

__all__ = ["Answer", "Finding", "InvalidRegistryError", "KgError", "Registry", "build", "open"]

_HOMES = {
    "Answer": "kg.query",
    "Finding": "kg.errors",
    "InvalidRegistryError": "kg.errors",
    "KgError": "kg.errors",
    "Registry": "kg.registry",
    "build": "kg.registry",
    "open": "kg.registry",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `kg --help` needs none of it."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'kg' has no attribute '{name}'")

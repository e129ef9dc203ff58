"""What differs: between two lists, between two builds of a registry, or between what was known on two days."""

from __future__ import annotations

from kg.diff.builds import BuildDiff, compare_builds
from kg.diff.changed import Build
from kg.diff.formats import diff_text
from kg.diff.lists import ListDiff, Lists, compare_lists
from kg.diff.recorded import recorded

__all__ = ["Build", "BuildDiff", "ListDiff", "Lists", "compare_builds", "compare_lists", "diff_text", "recorded"]

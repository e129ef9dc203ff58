"""A workspace's own shapes: reviewed and run in the guarded worker, with what is wrong in them at their own lines."""

from kg.check.own.shapes import OwnShapes, read_own, validate_own

__all__ = ["OwnShapes", "read_own", "validate_own"]

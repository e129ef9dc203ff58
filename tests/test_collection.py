"""Garbage collection is held back, and goes on as it was."""

from __future__ import annotations

import gc

import pytest

from kg.collection import held_back


def test_collection_goes_on_as_it_was() -> None:
    """Garbage is collected again afterwards, after a failure too; where it was not collected, it is not."""
    with held_back(), held_back():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), held_back():
        raise KeyError
    assert gc.isenabled()
    gc.disable()
    try:
        with held_back():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()

"""The store does not tell the name of the machine."""

from __future__ import annotations

import socket
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.machine import _NOTED, _entries, _handle, forget, xxh3


def noted(table: Path) -> bytes:
    """What a table notes of the machine it was made on."""
    data = table.read_bytes()
    for key, start, end in _entries(data, *_handle(data[-53:], 1)):
        if key == b"rocksdb.properties":
            return b"".join(data[a:b] for name, a, b in _entries(data, *_handle(data[start:end], 0)) if name == _NOTED)
    raise AssertionError(table)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with some statements, closed."""
    node = ox.NamedNode("https://example.org/a")
    made = ox.Store(str(tmp_path / "store"))
    made.bulk_extend(ox.Quad(node, node, ox.Literal(str(i))) for i in range(5000))
    made.flush()
    del made
    return tmp_path / "store"


def test_no_table_names_the_machine(store: Path) -> None:
    """What RocksDB notes is the name of the machine; afterwards it is noted nowhere, and the store reads as before."""
    tables = sorted(store.glob("*.sst"))
    assert {noted(table) for table in tables} == {socket.gethostname().encode()}
    forget(store)
    assert {bytes(noted(table)).strip(b"-") for table in tables} == {b""}
    opened = ox.Store.read_only(str(store))
    assert len(list(opened)) == 5000
    del opened
    ox.Store(str(store)).optimize()


def test_a_table_of_another_layout_stays(store: Path) -> None:
    """Where the checksum does not come out, or the end is another, no byte is changed."""
    tables = sorted(store.glob("*.sst"))
    damaged = []
    for table, at in zip(tables, (-1, -53, -52), strict=False):
        data = bytearray(table.read_bytes())
        data[at] ^= 1
        table.write_bytes(data)
        damaged.append((table, bytes(data)))
    (store / "0.sst").write_bytes(b"")
    forget(store)
    assert all(table.read_bytes() == data for table, data in damaged)


def test_the_hash_is_the_one_of_its_inventors() -> None:
    """What is computed is XXH3 with 64 bits, as its reference implementation gives it at the borders of blocks."""
    expected = {
        241: 0xC614C8C3575348C1,
        1024: 0xF22EF3DC84FF47EA,
        1025: 0x43F869A83769A435,
        2048: 0x3D2649F662A2E191,
        5000: 0xCE29A19460EE1BFC,
    }
    assert {n: xxh3(bytes(i * 7 % 251 for i in range(n))) for n in expected} == expected


def test_short_data_is_hashed_by_nobody() -> None:
    """The hash is that for long data alone."""
    with pytest.raises(ValueError, match="240"):
        xxh3(b"x" * 240)

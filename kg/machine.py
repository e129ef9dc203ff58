"""Taking the machine's name out of the store's tables, in which RocksDB notes it: machines are called after people.

Each table ends in blocks of its own with what is known of it, and a checksum behind each. Where a table is not laid out
as expected, it stays as it is.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_FOOTER, _MAGIC, _XXH3 = 53, bytes.fromhex("f7cff485b741e288"), 4
_NOTED = b"rocksdb.creating.host.identity"
_SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
    "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
)
_SMALL = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
_LARGE = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
_64 = (1 << 64) - 1


def forget(store: Path) -> None:
    """Take the name of the machine out of every table of a store that nobody has open."""
    for table in store.glob("*.sst"):
        with suppress(IndexError, ValueError), table.open("r+b") as file, mmap.mmap(file.fileno(), 0) as data:
            _forget(data)


def _forget(data: mmap.mmap) -> None:
    footer = data[-_FOOTER:]
    if footer[-8:] != _MAGIC or footer[0] != _XXH3:
        return
    at, size = _handle(footer, 1)
    for key, start, end in _entries(data, at, size):
        if key != b"rocksdb.properties":
            continue
        first, length = _handle(data[start:end], 0)
        behind = first + length
        noted = [(a, b) for name, a, b in _entries(data, first, length) if name == _NOTED]
        # Only what is stored plainly, and whose checksum comes out as it stands there, is written anew.
        if not noted or data[behind] != 0 or _checksum(data[first:behind]) != data[behind + 1 : behind + 5]:
            return
        for a, b in noted:
            data[a:b] = b"-" * (b - a)
        data[behind + 1 : behind + 5] = _checksum(data[first:behind])


def _entries(data: bytes | mmap.mmap, at: int, size: int) -> Iterator[tuple[bytes, int, int]]:
    """The keys of a block, and where the value of each stands."""
    restarts = int.from_bytes(data[at + size - 4 : at + size], "little")
    end, key = at + size - 4 - 4 * restarts, b""
    while at < end:
        shared, at = _number(data, at)
        own, at = _number(data, at)
        length, at = _number(data, at)
        key = key[:shared] + data[at : at + own]
        yield key, at + own, at + own + length
        at += own + length


def _handle(data: bytes | mmap.mmap, at: int) -> tuple[int, int]:
    offset, at = _number(data, at)
    return offset, _number(data, at)[0]


def _number(data: bytes | mmap.mmap, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, and where the next one begins."""
    found = shift = 0
    while True:
        byte = data[at]
        found |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return found, at


def _checksum(block: bytes) -> bytes:
    return (xxh3(block) & 0xFFFFFFFF).to_bytes(4, "little")


def xxh3(data: bytes) -> int:
    """The hash XXH3 with 64 bits. Raises ValueError for less than 241 bytes, which it takes in other ways."""
    if len(data) <= 240:
        raise ValueError(len(data))
    sums = [_SMALL[2], *_LARGE[:4], _SMALL[1], _LARGE[4], _SMALL[0]]
    for stripe in range((len(data) - 1) // 64):
        _take(sums, data[stripe * 64 : stripe * 64 + 64], stripe % 16 * 8)
        if stripe % 16 == 15:
            for i, key in enumerate(_words(_SECRET, 128)):
                sums[i] = ((sums[i] ^ sums[i] >> 47 ^ key) * _SMALL[0]) & _64
    _take(sums, data[-64:], 121)
    total = len(data) * _LARGE[0]
    for i in range(4):
        low, high = _words(_SECRET, 11 + 16 * i)[:2]
        product = (sums[2 * i] ^ low) * (sums[2 * i + 1] ^ high)
        total += product & _64 ^ product >> 64
    total &= _64
    total = (total ^ total >> 37) * 0x165667919E3779F9 & _64
    return total ^ total >> 32


def _take(sums: list[int], stripe: bytes, secret: int) -> None:
    for i, (value, key) in enumerate(zip(_words(stripe, 0), _words(_SECRET, secret), strict=True)):
        mixed = value ^ key
        sums[i ^ 1] = (sums[i ^ 1] + value) & _64
        sums[i] = (sums[i] + (mixed & 0xFFFFFFFF) * (mixed >> 32)) & _64


def _words(data: bytes, at: int) -> list[int]:
    return [int.from_bytes(data[at + 8 * i : at + 8 * i + 8], "little") for i in range(8)]

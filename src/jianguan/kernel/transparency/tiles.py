"""The tree as the log keeps it: tiles of 256 hashes, and roots, proofs and audits from them (C2SP tlog-tiles).

Tile `index` of level 0 holds leaf hashes; on every level above, a hash is the root of one full tile below. A store
keeps of each tile the widest version only: the narrower ones are its beginnings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, reduce
from hashlib import sha256
from typing import Protocol, Self

from jianguan.kernel.transparency.merkle import EMPTY_ROOT, HASH_SIZE, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
FULL_TILE = WIDTH * HASH_SIZE
"""Bytes of a full tile."""

_PATH = re.compile(r"tile/(\d{1,2})/((?:x\d{3}/){0,5}\d{3})(?:\.p/(\d{1,3}))?")


class TileStore(Protocol):
    """Where tiles are kept, each as up to 256 concatenated hashes."""

    def get(self, level: int, index: int) -> bytes:
        """The hashes of a tile; empty where there is none yet."""

    def put(self, level: int, index: int, hashes: bytes) -> None:
        """Keep a tile, in place of the version before."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Place and width of a tile; its path is its address in the published log (C2SP tlog-tiles, "Merkle Tree")."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (0 <= self.level <= 63 and self.index >= 0 and 1 <= self.width <= WIDTH):
            raise ValueError(f"{self} does not exist: levels go from 0 to 63, indexes from 0, widths from 1 to 256.")

    @property
    def path(self) -> str:
        """For example `tile/0/x001/234`, or `tile/0/x001/234.p/17` for a tile that is not full."""
        *groups, last = f"{self.index:,}".split(",")
        index = "".join(f"x{group:0>3}/" for group in groups) + f"{last:0>3}"
        return f"tile/{self.level}/{index}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def parse(cls, path: str) -> Self:
        """The tile of a path; `ValueError` unless the path is written in the one way the specification allows."""
        if match := _PATH.fullmatch(path):
            level, index, width = match.groups()
            tile = cls(int(level), int(re.sub("[x/]", "", index)), int(width or WIDTH))
            if tile.path == path:
                return tile
        raise ValueError("A tile path reads tile/<level>/<index> or tile/<level>/<index>.p/<width>, index as x001/234.")


def append(store: TileStore, size: int, leaf_hashes: Iterable[bytes]) -> list[Tile]:
    """Append leaves to the tree of `size` leaves; the tiles written, from the leaves upwards.

    Reads at most one tile of each level and writes each tile once. What the store holds beyond `size`, as an
    interrupted append leaves it, does not count.
    """
    leaves = list(leaf_hashes)
    if any(len(leaf) != HASH_SIZE for leaf in leaves):
        raise ValueError(f"A leaf hash has {HASH_SIZE} bytes.")
    written = []
    level, hashes = 0, b"".join(leaves)
    while hashes:
        first, kept = divmod(size, WIDTH)
        hashes = _read(store.get, level, first, 0, kept) + hashes
        full = []
        for index, start in enumerate(range(0, len(hashes), FULL_TILE), first):
            tile = hashes[start : start + FULL_TILE]
            store.put(level, index, tile)
            written.append(Tile(level, index, len(tile) // HASH_SIZE))
            if len(tile) == FULL_TILE:
                full.append(_top(tile))
        level, size, hashes = level + 1, first, b"".join(full)
    return written


def root(store: TileStore, size: int) -> bytes:
    """Root of the first `size` leaves: MTH(D[0:size]) of RFC 6962 section 2.1."""
    if size < 0:
        raise ValueError(f"A tree cannot have {size} leaves.")
    return _subtree(cache(store.get), (size - 1).bit_length(), 0, size) if size else EMPTY_ROOT


def inclusion_proof(store: TileStore, index: int, size: int) -> list[bytes]:
    """Proof that leaf `index` is in the tree of `size` leaves: PATH(index, D[0:size]) of RFC 6962 section 2.1.1."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    return list(_siblings(cache(store.get), 0, index, size))


def consistency_proof(store: TileStore, old_size: int, new_size: int) -> list[bytes]:
    """Proof that the tree of `new_size` leaves extends that of `old_size`: PROOF of RFC 6962 section 2.1.2."""
    if not 0 < old_size <= new_size:
        raise ValueError(f"No proof leads from {old_size} to {new_size} leaves: the sizes must rise from at least 1.")
    if old_size == new_size:
        return []
    read = cache(store.get)
    # Both roots follow from the last complete subtree of the old tree; where that is the whole tree, it is known.
    level = (old_size & -old_size).bit_length() - 1
    node = (old_size - 1) >> level
    siblings = list(_siblings(read, level, node, new_size))
    return [_complete(read, level, node), *siblings] if node else siblings


class RootAccumulator:
    """The root at every size, while leaf hashes stream by: an audit of all published heads in one pass.

    It knows nothing of tiles, so it also shows that they are right. Its state is one hash for each complete subtree,
    at most 63.

        leaves, tree = iter(leaf_hashes), RootAccumulator()
        for head in heads:  # by size
            tree.extend(islice(leaves, head.size - tree.size))
            assert tree.root() == head.root
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append leaves."""
        peaks = self._peaks
        for leaf in leaf_hashes:
            node, complete = leaf, self.size
            while complete & 1:
                node = node_hash(peaks.pop(), node)
                complete >>= 1
            peaks.append(node)
            self.size += 1

    def root(self) -> bytes:
        """Root of the leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self._peaks))


_Read = Callable[[int, int], bytes]


def _siblings(read: _Read, level: int, node: int, size: int) -> Iterator[bytes]:
    """Roots of the siblings of a node and of its ancestors; none where the right edge has no sibling."""
    while (size - 1) >> level:
        sibling = node ^ 1
        if sibling << level < size:
            yield _subtree(read, level, sibling, size)
        level, node = level + 1, node >> 1


def _subtree(read: _Read, level: int, node: int, size: int) -> bytes:
    """Root of those leaves under a node that are among the first `size`."""
    if (node + 1) << level <= size:
        return _complete(read, level, node)
    left, right = 2 * node, 2 * node + 1
    if right << (level - 1) >= size:
        return _subtree(read, level - 1, left, size)
    return node_hash(_complete(read, level - 1, left), _subtree(read, level - 1, right, size))


def _complete(read: _Read, level: int, node: int) -> bytes:
    """Root of a complete subtree of 2**level leaves, from the one tile that has its descendants."""
    tile_level, height = divmod(level, HEIGHT)
    index, start = divmod(node << height, WIDTH)
    return _top(_read(read, tile_level, index, start, start + (1 << height)))


def _top(hashes: bytes) -> bytes:
    """Root over 2**n concatenated hashes."""
    pair = 2 * HASH_SIZE
    while len(hashes) > HASH_SIZE:
        hashes = b"".join([sha256(b"\x01" + hashes[i : i + pair]).digest() for i in range(0, len(hashes), pair)])
    return hashes


def _read(read: _Read, level: int, index: int, start: int, stop: int) -> bytes:
    if start == stop:
        return b""
    hashes = read(level, index)[start * HASH_SIZE : stop * HASH_SIZE]
    if len(hashes) != (stop - start) * HASH_SIZE:
        raise LookupError(f"The store has no {stop} hashes in {Tile(level, index).path}.")
    return hashes

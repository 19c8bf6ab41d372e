"""A Merkle tree by the letter of RFC 6962, and a store of tiles that counts."""

from __future__ import annotations

from hashlib import sha256
from types import SimpleNamespace

import pytest


def root(leaves):
    """MTH, section 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def inclusion(index, leaves):
    """PATH, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), root(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), root(leaves[:k])]


def consistency(old_size, leaves, known=True):
    """PROOF and SUBPROOF, section 2.1.2."""
    if old_size == len(leaves):
        return [] if known else [root(leaves)]
    k = split(len(leaves))
    if old_size <= k:
        return [*consistency(old_size, leaves[:k], known), root(leaves[k:])]
    return [*consistency(old_size - k, leaves[k:], known=False), root(leaves[:k])]


def split(size):
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


class CountingStore:
    """Tiles in memory, and what was read and written since the last look."""

    def __init__(self):
        self.tiles = {}
        self.read = []
        self.written = []

    def get(self, level, index):
        self.read.append((level, index))
        return self.tiles.get((level, index), b"")

    def put(self, level, index, hashes):
        self.written.append((level, index))
        self.tiles[level, index] = hashes

    def forget_counts(self):
        self.read.clear()
        self.written.clear()


@pytest.fixture(scope="session")
def rfc():
    """The tree of RFC 6962, section 2.1, computed from its definitions."""
    return SimpleNamespace(root=root, inclusion=inclusion, consistency=consistency)


@pytest.fixture(scope="session")
def new_store():
    """Makes an empty store."""
    return CountingStore


@pytest.fixture(scope="session")
def leaves():
    """70,000 leaf hashes, all different."""
    return [sha256(b"\x00%d" % number).digest() for number in range(70_000)]

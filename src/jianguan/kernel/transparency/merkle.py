"""Merkle tree hashing and the checking of proofs (RFC 6962 and RFC 9162, both section 2.1).

A verifier needs nothing but this module: no store, no network. Whatever it is handed, it answers true or false.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_SIZE = 32
MAX_SIZE = 2**63 - 1
"""Most leaves of a tree: what a PostgreSQL bigint counts."""

EMPTY_ROOT = sha256().digest()
"""Root of the tree without leaves (RFC 6962 section 2.1)."""


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf: SHA-256(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of the node over two subtrees: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Does `proof` show that the leaf hash `leaf` stands at `index` of the tree of `size` leaves under `root`?

    RFC 9162 section 2.1.3.2. Siblings come from the leaf upwards.
    """
    if not 0 <= index < size <= MAX_SIZE:
        return False
    sides = _left_siblings(index, size - 1)
    if len(proof) != len(sides) or not _are_hashes((leaf, root, *proof)):
        return False
    node = leaf
    for is_left, sibling in zip(sides, proof, strict=True):
        node = node_hash(sibling, node) if is_left else node_hash(node, sibling)
    return node == root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does `proof` show that the tree under `new_root` only appended to the tree under `old_root`?

    RFC 9162 section 2.1.4.2. False from size 0: every tree extends the empty one, so a "true" would vouch for a
    `new_root` that nothing has checked.
    """
    if not 0 < old_size <= new_size <= MAX_SIZE:
        return False
    if old_size == new_size:
        return old_root == new_root and not proof
    # The proof starts at the last complete subtree of the old tree. Where that is the whole old tree, its root is
    # known already and the proof leaves it out.
    level = (old_size & -old_size).bit_length() - 1
    path = [*proof] if old_size >> level > 1 else [old_root, *proof]
    sides = _left_siblings((old_size - 1) >> level, (new_size - 1) >> level)
    if len(path) != 1 + len(sides) or not _are_hashes((old_root, new_root, *path)):
        return False
    old = new = path[0]
    for is_left, sibling in zip(sides, path[1:], strict=True):
        if is_left:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    return old == old_root and new == new_root


def _left_siblings(node: int, last: int) -> list[bool]:
    """For each sibling on the way from `node` up to the root: does it stand on the left?

    `last` is the rightmost node on the level of `node`. Below the point where their two ways meet, every node has a
    sibling; above it, a node without a right sibling is carried up unchanged, so only left siblings remain.
    """
    meeting = (node ^ last).bit_length()
    return [bool(node >> level & 1) for level in range(meeting)] + [True] * (node >> meeting).bit_count()


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)

"""Hashing and proofs against published values, and exhaustively for small trees."""

from __future__ import annotations

import pytest

from jianguan.kernel.transparency.merkle import (
    EMPTY_ROOT,
    MAX_SIZE,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

# The leaves, roots and proofs that the Certificate Transparency implementations have in common.
LEAVES = [
    leaf_hash(bytes.fromhex(data))
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
INCLUSION = {
    (0, 1): "",
    (0, 8): """
        96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7
        5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e
        6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4""",
    (5, 8): """
        bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b
        ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0
        d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7""",
    (2, 3): "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    (1, 5): """
        6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
        5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e
        bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b""",
}
CONSISTENCY = {
    (1, 1): "",
    (1, 8): INCLUSION[0, 8],
    (6, 8): """
        0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a
        ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0
        d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7""",
    (2, 5): """
        5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e
        bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b""",
}
STRANGER = leaf_hash(b"in no tree")


def hashes(text):
    return [bytes.fromhex(line) for line in text.split()]


def with_one_bit_flipped(value):
    for bit in range(8 * len(value)):
        yield (int.from_bytes(value) ^ 1 << bit).to_bytes(len(value))


def with_one_element_damaged(proof):
    """Each element replaced, cut, dropped, doubled; and one too many at every place."""
    for i, element in enumerate(proof):
        for damage in ([STRANGER], [element[:-1]], [element + b"\0"], [b""], [], [element, element]):
            yield [*proof[:i], *damage, *proof[i + 1 :]]
    for i in range(len(proof) + 1):
        yield [*proof[:i], STRANGER, *proof[i:]]


def with_one_bit_of_the_proof_flipped(proof):
    for i, element in enumerate(proof):
        for flipped in with_one_bit_flipped(element):
            yield [*proof[:i], flipped, *proof[i + 1 :]]


def test_the_empty_tree_has_the_published_root():
    assert ROOTS[0] == EMPTY_ROOT


@pytest.mark.parametrize("size", range(9))
def test_the_tree_of_the_published_leaves_has_the_published_root(rfc, size):
    assert rfc.root(LEAVES[:size]) == ROOTS[size]


def test_a_leaf_is_never_a_node():
    left, right = LEAVES[:2]
    assert node_hash(left, right) == ROOTS[2] != leaf_hash(left + right)


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_published_inclusion_proofs_verify(index, size):
    proof = hashes(INCLUSION[index, size])
    assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
    assert not verify_inclusion(LEAVES[index - 1], index, size, proof, ROOTS[size - 1])


@pytest.mark.parametrize(("old_size", "new_size"), CONSISTENCY)
def test_the_published_consistency_proofs_verify(old_size, new_size):
    proof = hashes(CONSISTENCY[old_size, new_size])
    assert verify_consistency(old_size, new_size, ROOTS[old_size], ROOTS[new_size], proof)
    assert not verify_consistency(old_size, new_size, ROOTS[old_size - 1], ROOTS[new_size], proof)


def test_every_inclusion_proof_up_to_size_40_verifies_only_undamaged_and_in_its_place(rfc, leaves):
    for size in range(1, 41):
        root = rfc.root(leaves[:size])
        for index, leaf in enumerate(leaves[:size]):
            proof = rfc.inclusion(index, leaves[:size])
            assert verify_inclusion(leaf, index, size, proof, root)
            assert not verify_inclusion(STRANGER, index, size, proof, root)
            assert not verify_inclusion(leaf, index, size, proof, STRANGER)
            assert not any(verify_inclusion(leaf, other, size, proof, root) for other in range(size) if other != index)
            assert not any(verify_inclusion(leaf, index, size, bad, root) for bad in with_one_element_damaged(proof))


def test_every_consistency_proof_up_to_size_40_verifies_only_undamaged(rfc, leaves):
    roots = [rfc.root(leaves[:size]) for size in range(41)]
    for new in range(1, 41):
        for old in range(1, new + 1):
            proof = rfc.consistency(old, leaves[:new])
            assert verify_consistency(old, new, roots[old], roots[new], proof)
            assert not verify_consistency(old, new, STRANGER, roots[new], proof)
            assert not verify_consistency(old, new, roots[old], STRANGER, proof)
            assert not verify_consistency(new, old, roots[new], roots[old], proof) or old == new
            assert not any(
                verify_consistency(old, new, roots[old], roots[new], bad) for bad in with_one_element_damaged(proof)
            )


@pytest.mark.parametrize("size", range(1, 25))
def test_no_flipped_bit_passes_in_an_inclusion_proof(rfc, leaves, size):
    root = rfc.root(leaves[:size])
    for index, leaf in enumerate(leaves[:size]):
        proof = rfc.inclusion(index, leaves[:size])
        assert not any(verify_inclusion(bad, index, size, proof, root) for bad in with_one_bit_flipped(leaf))
        assert not any(verify_inclusion(leaf, index, size, proof, bad) for bad in with_one_bit_flipped(root))
        assert not any(
            verify_inclusion(leaf, index, size, bad, root) for bad in with_one_bit_of_the_proof_flipped(proof)
        )


@pytest.mark.parametrize("new", range(1, 25))
def test_no_flipped_bit_passes_in_a_consistency_proof(rfc, leaves, new):
    new_root = rfc.root(leaves[:new])
    for old in range(1, new + 1):
        old_root, proof = rfc.root(leaves[:old]), rfc.consistency(old, leaves[:new])
        assert not any(verify_consistency(old, new, bad, new_root, proof) for bad in with_one_bit_flipped(old_root))
        assert not any(verify_consistency(old, new, old_root, bad, proof) for bad in with_one_bit_flipped(new_root))
        assert not any(
            verify_consistency(old, new, old_root, new_root, bad) for bad in with_one_bit_of_the_proof_flipped(proof)
        )


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0), (0, -1), (0, MAX_SIZE + 1), (10**400, 10**401)])
def test_an_index_or_size_out_of_range_is_no_inclusion(index, size):
    assert not verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])
    assert not verify_inclusion(LEAVES[1], index, size, [LEAVES[0]], ROOTS[2])


@pytest.mark.parametrize(("old", "new"), [(-1, 1), (2, 1), (1, MAX_SIZE + 1), (10**400, 10**401), (-1, -1)])
def test_sizes_out_of_range_are_not_consistent(old, new):
    assert not verify_consistency(old, new, ROOTS[1], ROOTS[1], [])


@pytest.mark.parametrize("new", [0, 1, 8])
def test_nothing_is_shown_from_the_empty_tree(new):
    assert not verify_consistency(0, new, EMPTY_ROOT, ROOTS[new], [])


def test_the_largest_tree_can_be_verified():
    proof = [STRANGER] * 63
    root = LEAVES[0]
    for sibling in proof:
        root = node_hash(root, sibling)
    assert verify_inclusion(LEAVES[0], 0, MAX_SIZE, proof, root)
    assert not verify_inclusion(LEAVES[0], 0, MAX_SIZE, [*proof, STRANGER], node_hash(root, STRANGER))
    assert verify_consistency(1, MAX_SIZE, LEAVES[0], root, proof)
    assert not verify_inclusion(LEAVES[0], 0, MAX_SIZE + 1, proof, root)
    assert not verify_consistency(1, MAX_SIZE + 1, LEAVES[0], root, proof)


def test_a_byte_moved_from_one_hash_to_the_next_does_not_pass():
    longer, shorter = LEAVES[0] + LEAVES[1][:1], LEAVES[1][1:]
    assert node_hash(longer, shorter) == ROOTS[2]
    assert not verify_inclusion(longer, 0, 2, [shorter], ROOTS[2])
    assert not verify_consistency(1, 2, longer, ROOTS[2], [shorter])


def test_an_endless_proof_is_refused_by_its_length():
    endless = [STRANGER] * 1_000_000
    assert not verify_inclusion(LEAVES[0], 0, 8, endless, ROOTS[8])
    assert not verify_consistency(1, 8, ROOTS[1], ROOTS[8], endless)

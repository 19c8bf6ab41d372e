"""The tree in tiles against the tree by definition."""

from __future__ import annotations

from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.transparency.merkle import EMPTY_ROOT, verify_consistency, verify_inclusion
from jianguan.kernel.transparency.tiles import (
    RootAccumulator,
    Tile,
    append,
    consistency_proof,
    inclusion_proof,
    root,
)

EDGES = (1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_792, 70_000)


@pytest.fixture(scope="session")
def full_store(new_store, leaves):
    store = new_store()
    append(store, 0, leaves)
    return store


def tiles_by_definition(rfc, hashes, level=0):
    """C2SP tlog-tiles, "Merkle Tree": every hash is the root of a full tile below."""
    tiles = [hashes[start : start + 256] for start in range(0, len(hashes), 256)]
    above = [rfc.root(tile) for tile in tiles if len(tile) == 256]
    here = {(level, index): b"".join(tile) for index, tile in enumerate(tiles)}
    return here | tiles_by_definition(rfc, above, level + 1) if above else here


@given(batches=st.lists(st.integers(0, 300), max_size=8), data=st.data())
def test_any_batches_make_the_tree_of_the_definition(rfc, new_store, leaves, batches, data):
    store, size = new_store(), 0
    for batch in batches:
        append(store, size, leaves[size : size + batch])
        size += batch
    at = data.draw(st.integers(0, size))
    assert root(store, at) == rfc.root(leaves[:at])
    if at:
        index, old = data.draw(st.integers(0, at - 1)), data.draw(st.integers(1, at))
        assert inclusion_proof(store, index, at) == rfc.inclusion(index, leaves[:at])
        assert consistency_proof(store, old, at) == rfc.consistency(old, leaves[:at])


@pytest.mark.parametrize("size", EDGES)
def test_roots_at_the_edges_of_tiles_are_those_of_the_definition(rfc, full_store, leaves, size):
    assert root(full_store, size) == rfc.root(leaves[:size])


@pytest.mark.parametrize(("old", "new"), [*pairwise(EDGES)])
def test_proofs_at_the_edges_of_tiles_are_those_of_the_definition(rfc, full_store, leaves, old, new):
    proof = consistency_proof(full_store, old, new)
    assert proof == rfc.consistency(old, leaves[:new])
    assert verify_consistency(old, new, root(full_store, old), root(full_store, new), proof)
    for index in (0, old - 1, old, new - 1):
        proof = inclusion_proof(full_store, index, new)
        assert proof == rfc.inclusion(index, leaves[:new])
        assert verify_inclusion(leaves[index], index, new, proof, root(full_store, new))


@given(
    first=st.sampled_from((0, 1, 254, 255, 256, 257, 65_279, 65_280, 65_535, 65_536)),
    second=st.sampled_from((0, 1, 255, 256, 257, 600)),
)
def test_two_appends_leave_the_tiles_of_the_definition(rfc, new_store, leaves, first, second):
    store = new_store()
    append(store, 0, leaves[:first])
    append(store, first, leaves[first : first + second])
    assert store.tiles == tiles_by_definition(rfc, leaves[: first + second])


def test_70000_leaves_have_the_tiles_that_the_specification_counts(full_store):
    widths = [[], [], []]
    for (level, _), hashes in sorted(full_store.tiles.items()):
        widths[level].append(len(hashes) // 32)
    assert widths == [[256] * 273 + [112], [256, 17], [1]]


def test_an_append_touches_only_the_right_edge(new_store, leaves):
    store = new_store()
    append(store, 0, leaves[:65_500])
    store.forget_counts()
    written = append(store, 65_500, leaves[65_500:65_600])
    assert [tile.path for tile in written] == ["tile/0/255", "tile/0/256.p/64", "tile/1/000", "tile/2/000.p/1"]
    assert store.written == [(tile.level, tile.index) for tile in written]
    assert store.read == [(0, 255), (1, 0)]


def test_an_append_of_nothing_touches_nothing(new_store, leaves):
    store = new_store()
    append(store, 0, leaves[:300])
    store.forget_counts()
    assert append(store, 300, []) == store.read == store.written == []


def test_an_interrupted_append_is_made_good_by_the_next(new_store, leaves):
    torn, whole = new_store(), new_store()
    append(torn, 0, leaves[:300])
    append(torn, 300, reversed(leaves[300:500]))
    append(torn, 300, leaves[300:600])
    append(whole, 0, leaves[:600])
    assert torn.tiles == whole.tiles


def test_a_proof_reads_each_tile_once_and_two_of_a_level_at_most(full_store):
    for prove in (
        lambda: root(full_store, 69_999),
        lambda: inclusion_proof(full_store, 12_345, 69_999),
        lambda: consistency_proof(full_store, 54_321, 69_999),
    ):
        full_store.forget_counts()
        prove()
        assert len(full_store.read) == len(set(full_store.read))
        assert all(sum(level == at for at, _ in full_store.read) <= 2 for level in range(3))


def test_the_empty_tree_has_its_root_without_any_tile(new_store):
    assert root(new_store(), 0) == EMPTY_ROOT


def test_a_leaf_hash_of_another_length_is_refused_and_nothing_written(new_store, leaves):
    store = new_store()
    with pytest.raises(ValueError, match="32 bytes"):
        append(store, 0, [leaves[0], leaves[1][:31], leaves[2] + b"\0"])
    assert not store.tiles


@pytest.mark.parametrize("damage", [b"", b"\0" * 31, b"\0" * 32 * 87])
def test_a_missing_or_short_tile_is_named(new_store, leaves, damage):
    store = new_store()
    append(store, 0, leaves[:600])
    store.tiles[0, 2] = damage
    for use in (
        lambda: root(store, 600),
        lambda: inclusion_proof(store, 0, 600),
        lambda: consistency_proof(store, 300, 600),
        lambda: append(store, 600, leaves[:1]),
    ):
        with pytest.raises(LookupError, match="tile/0/002"):
            use()


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_no_proof_is_made_for_a_leaf_outside_the_tree(full_store, index, size):
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_proof(full_store, index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 5)])
def test_no_proof_is_made_from_the_empty_tree_or_backwards(full_store, old, new):
    with pytest.raises(ValueError, match="rise from at least 1"):
        consistency_proof(full_store, old, new)


def test_a_negative_tree_has_no_root(full_store):
    with pytest.raises(ValueError, match="-1 leaves"):
        root(full_store, -1)


def test_an_accumulator_gives_the_root_at_every_size(full_store, leaves):
    tree = RootAccumulator()
    assert tree.root() == EMPTY_ROOT
    for size in range(1, 1_000):
        tree.extend([leaves[size - 1]])
        assert (tree.size, tree.root()) == (size, root(full_store, size))


def test_one_pass_over_the_leaves_audits_all_heads(full_store, leaves):
    stream, tree = iter(leaves), RootAccumulator()
    for size in EDGES:
        tree.extend(islice(stream, size - tree.size))
        assert tree.root() == root(full_store, size)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999, 1), "tile/0/999.p/1"),
        (Tile(0, 1_234), "tile/0/x001/234"),
        (Tile(0, 1_234, 17), "tile/0/x001/234.p/17"),
        (Tile(63, 1_000_000, 255), "tile/63/x001/x000/000.p/255"),
        (Tile(1, 1_234_067), "tile/1/x001/x234/067"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(tile, path):
    assert tile.path == path
    assert Tile.parse(path) == tile


@given(st.builds(Tile, st.integers(0, 63), st.integers(0, 2**55), st.integers(1, 256)))
def test_every_tile_is_found_again_by_its_path(tile):
    assert Tile.parse(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/1234",
        "tile/0/001/234",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "/tile/0/000",
        "tile/0/../000",
        "tile/entries/000",
        "tile/0/" + "x001/" * 6 + "000",
    ],
)
def test_a_path_that_is_not_of_the_specification_is_refused(path):
    with pytest.raises(ValueError, match=r"^(A tile path reads|Tile.* does not exist)"):
        Tile.parse(path)


@pytest.mark.parametrize("place", [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_a_tile_outside_the_layout_does_not_exist(place):
    with pytest.raises(ValueError, match="does not exist"):
        Tile(*place)

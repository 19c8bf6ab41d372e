"""Fuzzing: a byte changed, inserted or deleted at any position of a sealed file is found."""

from __future__ import annotations

import random

import pytest

from jianguan.kernel.certificates import Check, verify_pdf

PARTS = 8
FLIP, INSERT, DELETE = KINDS = range(3)


def mutated(data: bytes, position: int, kind: int, chance: random.Random) -> bytes:
    """The file with one byte changed, inserted or deleted."""
    before, byte, after = data[:position], data[position], data[position + 1 :]
    if kind == DELETE:
        return before + after
    if kind == FLIP:
        return before + bytes([byte ^ chance.randrange(1, 256)]) + after
    return before + bytes([chance.choice([byte, 0, 0x20, 0x30, chance.randrange(256)]), byte]) + after


@pytest.mark.parametrize("part", range(PARTS))
def test_a_mutation_at_every_position_is_found(sealed, trust, part: int):
    chance = random.Random(part)
    missed = []
    for position in range(part, len(sealed), PARTS):
        kind = chance.choice(KINDS)
        if verify_pdf(mutated(sealed, position, kind, chance), trust).intact:
            missed.append((position, kind))
    assert missed == []


def test_every_kind_of_mutation_at_sampled_positions_is_found(sealed, trust):
    chance = random.Random(2026)
    for position in chance.sample(range(len(sealed)), 1500):
        for kind in KINDS:
            assert not verify_pdf(mutated(sealed, position, kind, chance), trust).intact, (position, kind)


def test_every_other_value_of_sampled_digits_of_the_signature_is_found(sealed, trust):
    hole = sealed.index(b"/Contents <") + 11
    end = sealed.index(b">", hole)
    for position in random.Random(54).sample(range(hole, end), 40):
        for byte in b"0123456789abcdefABCDEF <>\0\n":
            if byte != sealed[position]:
                report = verify_pdf(sealed[:position] + bytes([byte]) + sealed[position + 1 :], trust)
                assert not report.intact, (position, byte)
                assert report.findings[-1].check is not Check.SECOND_OPINION

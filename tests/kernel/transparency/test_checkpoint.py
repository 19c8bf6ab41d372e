"""Checkpoints: published examples, round trips, and tampering everywhere."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.transparency.checkpoint import (
    MAX_LENGTH,
    Checkpoint,
    CheckpointError,
    Signature,
    Signer,
    VerifierKey,
    parse,
    sign,
    verify,
)
from jianguan.kernel.transparency.merkle import MAX_SIZE

LOG = Signer("jianguan.example/journal", Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
PARTNER = Signer("审计.example", Ed25519PrivateKey.from_private_bytes(b"\x02" * 32))
ROOT = bytes(range(32))
HEAD = Checkpoint(LOG.name, 1_000_000, ROOT)

LINES = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), min_size=1)

# The checksum database of the Go project, as its key and one of its heads are published.
GO_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_HEAD = """\
go.sum database tree
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""


def test_a_head_of_the_go_checksum_database_verifies():
    head = verify(GO_HEAD, VerifierKey.parse(GO_KEY))
    assert (head.origin, head.size, head.extensions) == ("go.sum database tree", 20_852_163, ())


def test_a_head_of_the_go_checksum_database_with_another_size_fails():
    with pytest.raises(CheckpointError, match="does not belong"):
        verify(GO_HEAD.replace("20852163", "20852164"), VerifierKey.parse(GO_KEY))


def test_a_checkpoint_is_written_as_the_specification_shows():
    body, signatures = sign(Checkpoint("a.example/log", 7, ROOT, ("extra",)), LOG).split("\n\n")
    assert body == "a.example/log\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nextra"
    assert signatures.startswith("— jianguan.example/journal ")


@given(
    st.builds(Checkpoint, LINES, st.integers(0, MAX_SIZE), st.binary(min_size=32, max_size=32), st.tuples(LINES, LINES))
)
def test_every_checkpoint_comes_back_from_its_text(checkpoint):
    text = sign(checkpoint, LOG, PARTNER)
    assert parse(text).text == text
    assert verify(text, LOG.verifier_key) == verify(text, PARTNER.verifier_key) == checkpoint


def test_no_flipped_bit_of_a_checkpoint_passes():
    note = sign(HEAD, LOG).encode()
    for at in range(len(note)):
        for bit in range(8):
            tampered = bytearray(note)
            tampered[at] ^= 1 << bit
            with pytest.raises(CheckpointError):
                verify(tampered.decode(errors="surrogateescape"), LOG.verifier_key)


def test_no_dropped_doubled_or_added_character_passes():
    text = sign(HEAD, LOG)
    for at in range(len(text)):
        for tampered in (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + "\r" + text[at:],
            text[:at] + "=" + text[at:],
            text[:at],
        ):
            with pytest.raises(CheckpointError):
                verify(tampered, LOG.verifier_key)


@given(st.text())
def test_no_text_at_all_makes_the_reader_stumble(text):
    for read in (parse, VerifierKey.parse):
        with pytest.raises(CheckpointError):
            read(text)


def test_a_checkpoint_without_the_signature_asked_for_is_refused():
    with pytest.raises(CheckpointError, match="not signed with the key of 审计"):
        verify(sign(HEAD, LOG), PARTNER.verifier_key)


def test_another_key_under_the_same_name_counts_for_nothing():
    impostor = Signer(LOG.name, PARTNER.private)
    with pytest.raises(CheckpointError, match="not signed"):
        verify(sign(HEAD, impostor), LOG.verifier_key)
    assert verify(sign(HEAD, impostor, LOG), LOG.verifier_key) == HEAD


def test_signatures_of_unknown_keys_and_kinds_are_ignored():
    witness = Signature("witness.example", b"\0\0\0\0", b"of a kind not known here")
    assert verify(f"{sign(HEAD, LOG)}{witness.line}\n", LOG.verifier_key) == HEAD


def test_one_false_signature_of_a_known_key_spoils_the_true_one():
    false = Signature(LOG.name, LOG.verifier_key.key_id, bytes(64))
    with pytest.raises(CheckpointError, match="does not belong"):
        verify(f"{sign(HEAD, LOG)}{false.line}\n", LOG.verifier_key)


def test_a_signature_is_not_carried_over_to_another_head():
    signature = parse(sign(HEAD, LOG)).signatures[0]
    other = Checkpoint(LOG.name, HEAD.size + 1, ROOT)
    with pytest.raises(CheckpointError, match="does not belong"):
        verify(f"{other.body}\n{signature.line}\n", LOG.verifier_key)


def test_a_checkpoint_is_not_issued_unsigned():
    with pytest.raises(CheckpointError, match="at least one signature"):
        sign(HEAD)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "three lines"),
        ("origin\n1", "three lines"),
        ("origin\n1\n!\n\n", "three lines"),
        ("origin\none\nAAAA\n\n", "three lines"),
        (f"origin\n{'9' * 5_000}\nAAAA\n\n", "three lines"),
        ("origin\n1\nAAAA\n\n", "32 bytes"),
        (HEAD.body + "\n", "at least one signature"),
        (HEAD.body + "\n— name\n", "signature line reads"),
        (HEAD.body + "\n— name !!!\n", "signature line reads"),
        (HEAD.body + "\n— name AAAAAA==\n", "or no signature"),
        (HEAD.body + "\n— na+me AAAAAAAA\n", "no proper key name"),
        (HEAD.body + "\n— na\u3000me AAAAAAAA\n", "no proper key name"),
        (HEAD.body + "\n- name AAAAAAAA\n", "one way"),
        (sign(HEAD, LOG).replace("1000000", "01000000"), "one way"),
        (sign(HEAD, LOG).replace("1000000", "1_000_000"), "one way"),
        (sign(HEAD, LOG).replace("1000000", "１000000"), "one way"),
        (sign(HEAD, LOG).replace("1000000", "-1"), "-1 leaves"),
        (sign(HEAD, LOG).replace("1000000", str(2**63)), "cannot have"),
        (sign(HEAD, LOG) + "trailing", "one way"),
        (sign(HEAD, LOG).replace("\n", "\r\n"), "three lines"),
        ("\0" + sign(HEAD, LOG), "cannot be written"),
        ("\ud800" + sign(HEAD, LOG), "cannot be written"),
        ("x" * (MAX_LENGTH + 1), "longer than"),
    ],
)
def test_a_malformed_checkpoint_is_refused_with_its_reason(text, why):
    with pytest.raises(CheckpointError, match=why) as refusal:
        parse(text)
    assert refusal.value.sentence.template


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": ""},
        {"origin": "two\nlines"},
        {"extensions": ("",)},
        {"extensions": ("tab\t",)},
        {"size": -1},
        {"size": MAX_SIZE + 1},
        {"root": b""},
        {"root": bytes(33)},
    ],
)
def test_a_checkpoint_that_cannot_be_written_cannot_be_made(wrong):
    with pytest.raises(CheckpointError):
        Checkpoint(**{"origin": "origin", "size": 1, "root": ROOT} | wrong)


@pytest.mark.parametrize("text", [GO_KEY, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"])
def test_a_published_verifier_key_comes_back_from_its_text(text):
    assert str(VerifierKey.parse(text)) == text


def test_no_changed_character_of_a_verifier_key_passes():
    for at, character in enumerate(GO_KEY):
        with pytest.raises(CheckpointError):
            VerifierKey.parse(GO_KEY[:at] + ("A" if character != "A" else "B") + GO_KEY[at + 1 :])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x7f\x00", "\udc80"])
def test_a_key_needs_a_name_that_fits_a_signature_line(name):
    with pytest.raises(CheckpointError, match="key name"):
        VerifierKey(name, ROOT)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_length_is_refused(size):
    with pytest.raises(CheckpointError, match="32 bytes"):
        VerifierKey("any", bytes(size))


@given(public=st.binary(min_size=32, max_size=32), signature=st.binary(max_size=80))
def test_a_key_that_is_no_point_of_the_curve_verifies_nothing(public, signature):
    key = VerifierKey("any", public)
    with pytest.raises(CheckpointError, match="does not belong"):
        key.verify(HEAD.body, Signature("any", key.key_id, signature))

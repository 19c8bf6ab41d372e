"""The QR code on the page and the offline proof in it."""

from __future__ import annotations

import base64
import io
import subprocess
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jianguan.kernel.certificates import (
    CertificateError,
    Link,
    content_digest,
    issue_proof,
    key_id,
    parse_link,
    read_qr,
    render_picture,
    verify_proof,
    write_qr,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {key_id(KEY.public_key()): KEY.public_key()}
NUMBER = "330120260000010101"


def token_for(number: str = NUMBER, digest: bytes = bytes(32)) -> str:
    return issue_proof(KEY, number=number, kind=9, edition=1, issued_on=date(2026, 11, 20), content_digest=digest)


def test_a_proof_says_what_was_issued():
    proof = verify_proof(token_for(digest=b"\x07" * 32), number=NUMBER, keys=KEYS)
    assert (proof.kind, proof.edition, proof.issued_on) == (9, 1, date(2026, 11, 20))
    assert proof.matches(b"\x07" * 32)
    assert not proof.matches(b"\x08" * 32)


def test_a_proof_is_94_bytes_of_characters_a_url_and_a_qr_code_carry_cheaply():
    token = token_for()
    assert len(base64.b32decode(token + "=")) == 94
    assert len(token) == 151
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


@pytest.mark.parametrize("position", range(151))
def test_a_changed_character_anywhere_breaks_the_proof(position: int):
    token = token_for()
    other = "A" if token[position] != "A" else "B"
    with pytest.raises(CertificateError):
        verify_proof(token[:position] + other + token[position + 1 :], number=NUMBER, keys=KEYS)


@pytest.mark.parametrize("last", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
def test_the_unused_bits_of_the_last_character_cannot_be_set(last: str):
    token = token_for()
    if last == token[-1]:
        assert verify_proof(token, number=NUMBER, keys=KEYS)
    else:
        with pytest.raises(CertificateError):
            verify_proof(token[:-1] + last, number=NUMBER, keys=KEYS)


def test_a_proof_of_another_number_is_refused():
    with pytest.raises(CertificateError, match="does not belong to certificate 330120260000010102"):
        verify_proof(token_for(), number="330120260000010102", keys=KEYS)


def test_a_proof_by_an_unknown_key_is_refused():
    with pytest.raises(CertificateError, match="not known"):
        verify_proof(token_for(), number=NUMBER, keys={})


def test_a_proof_of_an_unknown_version_is_refused():
    raw = b"\x02" + base64.b32decode(token_for() + "=")[1:]
    with pytest.raises(CertificateError, match="version 2"):
        verify_proof(base64.b32encode(raw).decode().rstrip("="), number=NUMBER, keys=KEYS)


@given(st.text(max_size=200))
def test_any_text_for_a_proof_is_refused_with_a_sentence(text: str):
    with pytest.raises(CertificateError):
        verify_proof(text, number=NUMBER, keys=KEYS)


def test_a_lower_case_copy_of_a_proof_is_the_same_proof():
    assert verify_proof(token_for().lower(), number=NUMBER, keys=KEYS)


@pytest.mark.parametrize("number", [NUMBER, "浙 2332026/01", "A-1.b_2~3"])
def test_a_link_comes_back_from_its_text(number: str):
    link = Link("jianguan.example.gov.cn", number, "TOKEN")
    assert parse_link(str(link)) == link
    assert str(link).startswith("HTTPS://JIANGUAN.EXAMPLE.GOV.CN/V/")


@pytest.mark.parametrize("text", ["", "https://example.cn/other/1", "weixin://x", "HTTPS://EXAMPLE.CN/V/"])
def test_another_qr_code_is_not_a_link(text: str):
    with pytest.raises(CertificateError, match="not that of a certificate"):
        parse_link(text)


def test_the_code_of_a_long_link_stays_small_enough_for_twenty_millimetres():
    code = write_qr(str(Link("jianguan.example.gov.cn", NUMBER, token_for())))
    assert code.modules <= 49  # 0.4 mm a module


def test_a_text_too_long_for_a_code_is_refused():
    with pytest.raises(CertificateError, match="too long"):
        write_qr("x" * 5000)


def test_the_code_is_read_from_a_picture_of_the_page(template, permit, qr_for, proof_key):
    [text] = read_qr(render_picture(template, permit, qr=qr_for(permit), resolution=150))
    link = parse_link(text)
    proof = verify_proof(
        link.token, number=permit["number"], keys={key_id(proof_key.public_key()): proof_key.public_key()}
    )
    assert link.number == permit["number"]
    assert proof.matches(content_digest(permit))


def test_the_code_is_read_from_a_photograph_of_the_sealed_file(sealed, permit, tmp_path: Path):
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    subprocess.run(["pdftoppm", "-r", "130", "-png", "-singlefile", "sealed.pdf", "page"], cwd=tmp_path, check=True)
    jpeg = io.BytesIO()
    with Image.open(tmp_path / "page.png") as page:
        page.rotate(7, expand=True, fillcolor="grey").save(jpeg, "JPEG", quality=70)
    [text] = read_qr(jpeg.getvalue())
    assert parse_link(text).number == permit["number"]


def test_a_picture_without_a_code_holds_no_text():
    png = io.BytesIO()
    Image.new("L", (200, 200), 255).save(png, "PNG")
    assert read_qr(png.getvalue()) == ()


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + bytes(40), b"\xff\xd8\xff\xe0" + bytes(40)])
def test_what_is_not_a_picture_is_refused(junk: bytes):
    with pytest.raises(CertificateError, match="PNG or JPEG"):
        read_qr(junk)


def test_a_huge_picture_is_refused_before_it_is_opened():
    png = io.BytesIO()
    Image.new("1", (8000, 8000)).save(png, "PNG")
    with pytest.raises(CertificateError, match="too large"):
        read_qr(png.getvalue())

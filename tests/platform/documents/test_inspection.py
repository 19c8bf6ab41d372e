"""What an upload really is: judged by its content, refused with a sentence that says what is wrong."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.platform.documents.inspection import inspect
from jianguan.platform.errors import Refusal

LIMIT = 30 * 1024**2


def refusal(data: bytes, name: str, limit: int = LIMIT) -> str:
    with pytest.raises(Refusal) as refused:
        inspect(data, name, limit)
    return str(refused.value)


# --- what is what it says


@pytest.mark.parametrize("name", ["施工合同.pdf", "a.PDF", "b.tar.pdf"])
def test_a_pdf_is_accepted(pdf, name):
    assert inspect(pdf(), name, LIMIT).name == "application/pdf"


@pytest.mark.parametrize(
    ("kind", "name", "found", "options"),
    [
        ("JPEG", "a.jpg", "image/jpeg", {}),
        ("JPEG", "a.JPEG", "image/jpeg", {"progressive": True}),
        ("JPEG", "a.jfif", "image/jpeg", {"quality": 5}),
        ("MPO", "phone.jpg", "image/jpeg", {}),
        ("PNG", "a.png", "image/png", {}),
    ],
)
def test_a_picture_is_accepted(picture, kind, name, found, options):
    assert inspect(picture(kind, **options), name, LIMIT).name == found


def test_an_ofd_package_is_accepted(package):
    assert inspect(package(OFD_xml=b"<ofd:OFD/>", Doc_xml=b"<x/>"), "a.ofd", LIMIT).name == "application/ofd"


def test_a_pdf_that_opens_without_a_password_is_accepted(pdf):
    assert inspect(pdf(password=""), "a.pdf", LIMIT).name == "application/pdf"


# --- what is not


def test_an_empty_file_is_refused():
    assert refusal(b"", "a.pdf") == "The file a.pdf is empty."


def test_a_file_above_the_limit_is_refused_and_told_its_size(pdf):
    big = pdf() + bytes(3 * 1024**2)
    assert refusal(big, "a.pdf", 2 * 1024**2) == "The file a.pdf has 3.0 MB; at most 2 MB are accepted."
    inspect(big, "a.pdf", len(big))


FOREIGN = {
    "html": b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>",
    "script": b"#!/bin/sh\nrm -rf /\n",
    "windows program": b"MZ\x90\x00" + bytes(400),
    "linux program": b"\x7fELF" + bytes(400),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "text": "施工许可证".encode(),
    "zeros": bytes(1000),
    "one byte": b"%",
}


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "a.png", "a.ofd"])
@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_no_document_is_refused_under_every_name(what, name):
    assert refusal(FOREIGN[what], name) == f"The file {name} is not a PDF, JPG, PNG or OFD file."


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "BMP"])
def test_other_pictures_are_refused(picture, kind):
    assert "is not a PDF, JPG, PNG or OFD file" in refusal(picture(kind), "a.png")


def test_another_package_is_not_an_ofd(package):
    assert "is not a PDF" in refusal(package(word_document_xml=b"<w/>"), "a.ofd")


@pytest.mark.parametrize("name", ["a.jpg", "a.ofd", "a", "a.pdf.exe", ".pdf"])
def test_a_pdf_under_another_name_is_told_what_it_is(pdf, name):
    assert refusal(pdf(), name) == f"The file {name} is really a PDF file. Rename it or choose the right one."


@pytest.mark.parametrize(
    ("kind", "name", "label"), [("PNG", "a.jpg", "PNG"), ("JPEG", "a.png", "JPG"), ("JPEG", "a.pdf", "JPG")]
)
def test_a_picture_under_another_name_is_told_what_it_is(picture, kind, name, label):
    assert f"is really a {label} file" in refusal(picture(kind), name)


# --- what is damaged or a trap


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_pdf_that_ends_early_is_refused(pdf, kept):
    whole = pdf()
    assert refusal(whole[: int(len(whole) * kept)], "a.pdf") == "The file a.pdf is damaged and cannot be opened."


@pytest.mark.parametrize("kept", [0.01, 0.5, 0.99])
@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True})])
def test_a_picture_that_ends_early_is_refused(picture, kind, options, kept):
    whole = picture(kind, **options)
    assert "is damaged" in refusal(whole[: int(len(whole) * kept)], f"a.{kind.lower()}")


def test_a_picture_with_an_altered_byte_is_refused(picture):
    whole = bytearray(picture("PNG"))
    whole[len(whole) // 2] ^= 1
    assert "is damaged" in refusal(bytes(whole), "a.png")


def test_a_page_with_the_first_bytes_of_a_picture_is_refused():
    assert "is damaged" in refusal(b"\xff\xd8\xff\xe0" + FOREIGN["html"], "a.jpg")


def test_a_pdf_with_a_password_is_told_apart_from_a_damaged_one(pdf):
    assert refusal(pdf(password="secret"), "a.pdf") == (
        "The file a.pdf asks for a password. Upload it without one."
    )  # fmt: skip


@pytest.mark.parametrize("side", [9_100, 20_000])
def test_a_small_file_that_is_a_huge_picture_is_refused(picture, side):
    bomb = picture("PNG", (side, side), "1")
    assert len(bomb) < 100_000
    assert "is damaged" in refusal(bomb, "a.png")


def test_a_small_package_that_unpacks_to_too_much_is_refused(package):
    hundred = bytes(100 * 1024**2)
    bomb = package(OFD_xml=b"<x/>", **{f"part{n}": hundred for n in range(6)})
    assert len(bomb) < 1024**2
    assert "is damaged" in refusal(bomb, "a.ofd")


@given(
    st.binary(max_size=300),
    st.sampled_from([b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b""]),
)
def test_whatever_is_uploaded_is_either_accepted_or_refused(data, beginning):
    for name in ("a.pdf", "a.jpg", "a.png", "a.ofd"):
        with contextlib.suppress(Refusal):
            inspect(beginning + data, name, LIMIT)

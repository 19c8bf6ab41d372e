"""Sealing writes one revision that other programs find good; what it does not understand it refuses."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfWriter

from jianguan.kernel.certificates import Algorithm, CertificateError, NullSeal, Trust, verify_pdf


def contents(pdf: bytes) -> bytes:
    return bytes.fromhex(re.search(rb"/Contents <([0-9a-f]+)>", pdf)[1].decode())


def test_the_base_is_untouched_and_one_revision_follows(page, sealed):
    assert sealed.startswith(page)
    assert sealed.count(b"%%EOF") == 2


def test_poppler_finds_the_signature_valid_and_the_total_document_signed(sealed, tmp_path: Path):
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    # without a home poppler uses no one's certificate store; the certificates are our own matter
    environment = os.environ | {"HOME": str(tmp_path)}
    command = ["pdfsig", "-nocert", "sealed.pdf"]
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert said.count("Signature #") == 1


def test_qpdf_finds_the_sealed_file_sound(sealed, tmp_path: Path):
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    checked = subprocess.run(["qpdf", "--check", tmp_path / "sealed.pdf"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_signature_is_pades_with_a_time_stamp_and_evidence(sealed, now):
    reader = PdfFileReader(io.BytesIO(sealed))
    [signature] = reader.embedded_signatures
    assert signature.docmdp_level.value == 1
    assert str(signature.field_name) == "Seal1"
    signer = cms.ContentInfo.load(contents(sealed))["content"]["signer_infos"][0]
    assert {each["type"].native for each in signer["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }
    token = signer["unsigned_attrs"][0]["values"][0]["content"]["encap_content_info"]["content"].parsed
    assert isinstance(token, tsp.TSTInfo)
    assert token["gen_time"].native == now
    assert len(reader.root["/DSS"]["/Certs"]) == 4
    assert len(reader.root["/DSS"]["/CRLs"]) == 2


def test_the_seal_is_stamped_where_the_template_says(sealed, template):
    [field] = PdfFileReader(io.BytesIO(sealed)).root["/AcroForm"]["/Fields"]
    left, bottom, right, top = (float(value) * 25.4 / 72 for value in field.get_object()["/Rect"])
    assert (left + right) / 2 == pytest.approx(template.seal.x, abs=0.1)
    assert 210 - (bottom + top) / 2 == pytest.approx(template.seal.y, abs=0.1)
    assert right - left == pytest.approx(42, abs=0.1)


def test_an_rsa_seal_is_good_as_well(authority, stamp_identity, sealed_otherwise, now):
    identity = authority.new_seal("某局", "章", at=now - timedelta(days=1), algorithm=Algorithm.RSA_2048)
    known = [authority.root, authority.issuing, identity, stamp_identity]
    trust = Trust.of(each.certificate for each in known)
    assert verify_pdf(sealed_otherwise(identity=identity), trust).intact


def test_without_a_seal_nothing_is_issued(page, template):
    with pytest.raises(CertificateError, match="No seal is configured"):
        NullSeal().seal(page, template.seal)


def test_a_seal_is_not_used_after_its_certificate_ended(sealed_otherwise, now):
    with pytest.raises(CertificateError, match="seal certificate is valid from"):
        sealed_otherwise(clock=lambda: now + timedelta(days=2000))


def test_a_seal_is_not_used_with_old_revocation_lists(sealed_otherwise, now):
    with pytest.raises(CertificateError, match="revocation lists are valid from"):
        sealed_otherwise(clock=lambda: now + timedelta(days=8))


def test_a_seal_is_not_used_without_revocation_lists(sealed_otherwise):
    with pytest.raises(CertificateError, match="no revocation list"):
        sealed_otherwise(revocation_lists=())


def test_a_time_stamp_larger_than_announced_is_refused(seal, sealed_otherwise):
    class Talkative:
        size = 100
        certificates = seal.stamper.certificates
        stamp = seal.stamper.stamp

    with pytest.raises(CertificateError, match="larger than announced"):
        sealed_otherwise(stamper=Talkative())


def test_a_sealed_file_is_not_sealed_again(sealed, seal, template):
    with pytest.raises(CertificateError, match="not a fresh page"):
        seal.seal(sealed, template.seal)


def test_a_file_with_a_compressed_table_is_refused(page, seal, template, tmp_path: Path):
    (tmp_path / "page.pdf").write_bytes(page)
    subprocess.run(["qpdf", "--object-streams=generate", "page.pdf", "small.pdf"], cwd=tmp_path, check=True)
    with pytest.raises(CertificateError, match="compressed cross-reference"):
        seal.seal((tmp_path / "small.pdf").read_bytes(), template.seal)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda pdf: b"", "not a complete PDF"),
        (lambda pdf: b"not a PDF at all", "not a complete PDF"),
        (lambda pdf: pdf[:-20], "not a complete PDF"),
        (lambda pdf: pdf.replace(b"trailer", b"trailed"), "trailer is missing"),
        (lambda pdf: pdf.replace(b"/Root ", b"/Roof "), "/Root is missing"),
        (lambda pdf: pdf.replace(b"/Type/Catalog/Pages 1 ", b"/Type/Catalog/Pages 7 "), "/Kids is missing"),
        (lambda pdf: pdf.replace(b"/Type/Catalog/Pages 1 ", b"/Type/Catalog/Pages 0 "), "object 0 is missing"),
        (lambda pdf: pdf.replace(b"\n0000000016 ", b"\n0000000017 "), "object 1 is not where the table says"),
        (lambda pdf: pdf.replace(b"/Root ", b"/Encrypt 1 0 R/Root "), "encrypted"),
        (lambda pdf: pdf.replace(b"/MediaBox[", b"/MediaBax["), "not a fresh page"),
    ],
)
def test_a_file_that_is_not_understood_is_refused(page, seal, template, damage, says):
    with pytest.raises(CertificateError, match=says):
        seal.seal(damage(page), template.seal)


def test_a_page_with_notes_is_refused(page, seal, template):
    writer = PdfWriter(clone_from=io.BytesIO(page))
    writer.add_uri(0, "https://example.cn", (0, 0, 10, 10))
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(CertificateError):
        seal.seal(out.getvalue(), template.seal)


def test_sealing_uses_what_was_prepared_once(seal):
    assert seal.signatory is seal.signatory
    assert dataclasses.replace(seal).signatory is not seal.signatory

"""A sealed OFD file is genuine, and every way of forging one is told by a sentence of its own."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from tests.kernel.ofd.conftest import ORGANISATION, der

from jianguan.kernel.certificates import CertificateError, Trust, seal_picture, seal_png
from jianguan.kernel.national import NationalIdentity, NationalTrust, PrivateKey, create_national_authority, new_key
from jianguan.kernel.national.authority import public_key_of, to_pem
from jianguan.kernel.national.keys import public_pem
from jianguan.kernel.national.seal import ElectronicSeal, SealImage, SealSignature, sign_with_seal
from jianguan.kernel.national.sm2 import sm3
from jianguan.kernel.ofd import LocalOfdSeal, OfdCheck, from_pdf, pack, shown_seal, unpack, verify_ofd
from jianguan.kernel.ofd.document import ATTACHED, SIGNATURES
from jianguan.kernel.ofd.sealing import LIST, SEAL, SIGNATURE, VALUE, signature_xml


def failure(data: bytes, trust: NationalTrust) -> tuple[OfdCheck, str]:
    report = verify_ofd(data, trust)
    assert not report.intact
    last = report.findings[-1]
    assert not last.passed
    assert all(finding.passed for finding in report.findings[:-1])
    return last.check, str(last.message)


def forged(seal: LocalOfdSeal, page: bytes, signature=None, **signed):
    """A package put together by hand: parts of what is signed replaced."""
    at = seal.clock()
    files = {**from_pdf(page), SIGNATURES: LIST, SEAL: signed.pop("shown", seal.electronic_seal)}
    text = signature or signature_xml(files, at, "91.00 147.00 42 42")
    asked = {"at": at, "digest": sm3(text), "location": f"/{SIGNATURE}"} | signed
    value = sign_with_seal(seal.signer, seal.electronic_seal, **asked)
    return pack({**files, SIGNATURE: text, VALUE: value})


def test_a_sealed_file_is_genuine_in_every_respect(sealed, trust, moment, permit):
    report = verify_ofd(sealed, trust)
    assert report.intact
    assert [finding.check for finding in report.findings] == list(OfdCheck)
    assert all(finding.passed for finding in report.findings)
    assert report.sealed_at == moment
    assert report.sealed_by == f"{ORGANISATION} 电子证照专用章"
    assert report.number == permit["number"]
    assert not report.time_stamped


def test_what_is_put_together_by_hand_in_the_same_way_is_genuine(seal, page, trust):
    assert verify_ofd(forged(seal, page), trust).intact


def test_the_package_opens_with_any_zip_reader(sealed):
    package = zipfile.ZipFile(io.BytesIO(sealed))
    assert package.testzip() is None
    assert package.namelist()[0] == "OFD.xml"
    assert {name: package.read(name) for name in package.namelist()} == unpack(sealed)


def test_the_seal_shown_is_the_one_that_was_made(sealed, electronic_seal, template):
    place, shown = shown_seal(sealed)
    assert shown.raw == electronic_seal
    assert shown.name == ORGANISATION
    x, y, width, height = map(float, place.split())
    assert (x + width / 2, y + height / 2) == (template.seal.x, template.seal.y)
    with pytest.raises(CertificateError, match="carries no seal"):
        shown_seal(pack({"OFD.xml": b"<OFD/>"}))


# --- the package


def test_bytes_after_the_end_are_found(sealed, trust):
    assert failure(sealed + b"\0", trust)[0] is OfdCheck.PACKAGE


def test_a_package_packed_by_another_program_is_refused(sealed, trust):
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in unpack(sealed).items():
            package.writestr(name, content)
    check, says = failure(again.getvalue(), trust)
    assert check is OfdCheck.PACKAGE
    assert "only bytes it can be made of" in says


def test_a_file_that_is_there_twice_is_found(sealed, trust):
    start = pack({ATTACHED: b"{}"})
    local = start[: start.index(b"PK\1\2")]
    assert "twice" in failure(local + sealed, trust)[1]


def test_a_package_without_a_seal_says_so(page, trust):
    assert failure(pack(from_pdf(page)), trust) == (OfdCheck.ONE_SIGNATURE, "The file carries no seal.")


@pytest.mark.parametrize("name", [SEAL, SIGNATURE, VALUE])
def test_a_part_of_the_seal_left_out_is_found(repacked, trust, name: str):
    assert failure(repacked({name: None}), trust)[0] is OfdCheck.ONE_SIGNATURE


def test_a_second_signature_is_found(repacked, trust):
    second = LIST.replace(b"</ofd:Signatures>", b'<ofd:Signature ID="s002" Type="Seal" BaseLoc="/x"/></ofd:Signatures>')
    assert failure(repacked({SIGNATURES: second}), trust)[0] is OfdCheck.ONE_SIGNATURE


def test_a_file_added_or_left_out_is_named(repacked, trust):
    added = failure(repacked({"Doc_0/Pages/Page_1/Content.xml": b"<x/>"}), trust)
    assert added[0] is OfdCheck.COVERAGE
    assert "Doc_0/Pages/Page_1/Content.xml" in added[1]
    missing = failure(repacked({ATTACHED: None}), trust)
    assert missing == (OfdCheck.COVERAGE, f"A file the seal covers is missing: {ATTACHED}.")


def test_changed_data_is_found_and_named(repacked, sealed, trust):
    data = unpack(sealed)[ATTACHED].replace("门诊".encode(), "住院".encode(), 1)
    assert failure(repacked({ATTACHED: data}), trust) == (
        OfdCheck.DIGEST, f"The content was changed after the file was sealed: {ATTACHED}.",
    )  # fmt: skip


# --- the signature


def test_the_signature_of_another_document_is_found(repacked, seal, page, template, permit, qr_for, now, trust):
    from jianguan.kernel.certificates import render

    data = permit | {"developer": "另一家公司"}
    other = unpack(seal.seal(render(template, data, qr=qr_for(data), issued_at=now), template.seal))
    assert failure(repacked({VALUE: other[VALUE]}), trust) == (
        OfdCheck.SIGNATURE, "The signature belongs to another document.",
    )  # fmt: skip
    assert failure(repacked({VALUE: other[VALUE], SIGNATURE: other[SIGNATURE]}), trust)[0] is OfdCheck.DIGEST


def test_a_signature_over_another_place_is_found(seal, page, trust):
    assert failure(forged(seal, page, location="/other.xml"), trust)[0] is OfdCheck.SIGNATURE


def test_a_signature_that_says_another_time_than_its_list_is_found(seal, page, trust):
    other = seal.clock() - timedelta(hours=1)
    assert failure(forged(seal, page, at=other), trust)[0] is OfdCheck.CANONICAL


def test_a_wrong_signature_is_found(seal, page, trust):
    class Stranger(PrivateKey):
        """Signs with a key of its own under the certificate of another."""

    wrong = replace(seal, signer=replace(seal.signer, key=Stranger(new_key().number)))
    assert failure(forged(wrong, page), trust) == (OfdCheck.SIGNATURE, "The signature is wrong.")


def test_a_signature_in_another_encoding_is_found(repacked, sealed, trust):
    value = unpack(sealed)[VALUE]
    width = value[1] & 0x7F
    longer = b"\x30" + bytes([0x81 + width, 0]) + value[2:]  # a length in one byte more than it needs
    assert failure(repacked({VALUE: longer}), trust)[0] is OfdCheck.CANONICAL
    assert failure(repacked({VALUE: value + b"\0"}), trust)[0] is OfdCheck.CANONICAL


# --- certificates and seals


def test_a_signer_or_maker_that_is_not_known_is_refused(sealed, national, maker, signer):
    assert "certificate that is not known" in failure(sealed, NationalTrust.of(der(national.root), der(maker), []))[1]
    assert "someone who is not known" in failure(sealed, NationalTrust.of(der(national.root), [], der(signer)))[1]


def test_a_certificate_of_another_root_is_not_known(sealed, national, maker, signer, now):
    other = create_national_authority("建管演示机构", at=now)
    assert NationalTrust.of(der(other.root), der(maker), der(signer)).signers == {}
    assert NationalTrust.of(der(maker), der(maker), der(signer)).signers == {}  # a maker is no root
    copied = NationalIdentity(other.root.key, national.root.certificate, national.root.certificate)
    fake = type(national)(copied).new_signer(ORGANISATION, "电子证照专用章", at=now)
    assert NationalTrust.of(der(national.root), [], der(fake)).signers == {}


@pytest.mark.parametrize(("days", "known"), [(-1, True), (1, False)])
def test_revocation_counts_from_its_moment(sealed, trust, signer, moment, days: int, known: bool):
    revoked = replace(trust, revoked={signer.certificate.dump(): moment - timedelta(days=days)})
    assert verify_ofd(sealed, revoked).intact is known
    if not known:
        assert failure(sealed, revoked)[0] is OfdCheck.CERTIFICATES


def test_a_maker_revoked_before_the_seal_was_made_is_found(sealed, trust, maker, moment):
    revoked = replace(trust, revoked={maker.certificate.dump(): moment - timedelta(days=11)})
    assert "maker" in failure(sealed, revoked)[1]


def test_a_certificate_not_in_force_is_found(national, maker, page, new_seal, moment, trust):
    early = national.new_signer(ORGANISATION, "电子证照专用章", at=moment + timedelta(days=1))
    seal = LocalOfdSeal(early, new_seal(signers=[early]), lambda: moment)
    known = replace(trust, signers=trust.signers | dict.fromkeys(der(early), early.certificate))
    assert failure(forged(seal, page), known)[0] is OfdCheck.CERTIFICATES


def test_a_seal_not_in_force_is_found_and_cannot_be_stamped(signer, page, template, new_seal, moment, trust):
    ended = LocalOfdSeal(
        signer, new_seal(valid=(moment - timedelta(days=9), moment - timedelta(days=1))), lambda: moment
    )
    assert "not in force" in failure(forged(ended, page), trust)[1]
    with pytest.raises(CertificateError, match="is valid from"):
        ended.seal(page, template.seal)


def test_another_seal_shown_than_was_stamped_is_found(seal, page, repacked, new_seal, trust):
    picture = seal_png(seal_picture("另一个局"), 42, resolution=100)
    other = new_seal(image=SealImage("png", picture, 42, 42))
    assert failure(repacked({SEAL: other}), trust)[0] is OfdCheck.DIGEST
    assert failure(forged(seal, page, shown=other), trust) == (
        OfdCheck.SEAL, "The seal shown is not the one that was stamped.",
    )  # fmt: skip


def test_a_seal_with_another_picture_is_found(seal, page, trust, electronic_seal):
    at = electronic_seal.index(b"IDAT") + 40
    changed = electronic_seal[:at] + bytes([electronic_seal[at] ^ 1]) + electronic_seal[at + 1 :]
    assert failure(forged(replace(seal, electronic_seal=changed), page), trust) == (
        OfdCheck.SEAL, "The electronic seal was changed after it was made.",
    )  # fmt: skip


def test_a_seal_stamped_by_someone_else_is_found(national, seal, page, now, trust):
    other = national.new_signer("某某市水务局", "公章", at=now - timedelta(days=5))
    known = replace(trust, signers=trust.signers | dict.fromkeys(der(other), other.certificate))
    assert failure(forged(replace(seal, signer=other), page), known) == (
        OfdCheck.SEAL, "Whoever signed may not use this seal.",
    )  # fmt: skip


# --- certificates and structures by themselves


def test_an_identity_survives_being_locked_away(signer, maker):
    stored = signer.dump("a-password-of-sixteen")
    again = NationalIdentity.load(stored, "a-password-of-sixteen")
    assert (again.key, again.certificate.dump()) == (signer.key, signer.certificate.dump())
    with pytest.raises(CertificateError, match="password is wrong"):
        NationalIdentity.load(stored, "another-password")
    mixed = replace(signer, certificate=maker.certificate).dump("a-password-of-sixteen")
    with pytest.raises(CertificateError, match="does not belong"):
        NationalIdentity.load(mixed, "a-password-of-sixteen")


def test_certificates_of_the_other_algorithms_are_left_out_on_either_side(national, signer):
    others = [x509.load_der_x509_certificate(each) for each in der(national.root, signer)]
    assert Trust.of(others).signatories == {}


def test_certificates_say_on_their_face_that_they_are_a_demonstration(national, maker, signer):
    for identity in (national.root, maker, signer):
        assert identity.certificate.subject.native["organizational_unit_name"] == "演示 Demonstration"
        assert public_key_of(identity.certificate) == identity.key.public


@pytest.mark.skipif(not shutil.which("openssl"), reason="no OpenSSL")
def test_openssl_verifies_the_certificates_and_the_seal(national, maker, signer, sealed, tmp_path: Path):
    for name, identity in {"root": national.root, "maker": maker, "signer": signer}.items():
        (tmp_path / name).write_bytes(to_pem(identity.certificate))
    (tmp_path / "key").write_bytes(public_pem(signer.key.public))

    def openssl(*arguments: str) -> bytes:
        return subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True).stdout

    distid = "distid:1234567812345678"
    for name in ("maker", "signer"):
        said = openssl("verify", "-attime", "1795248000", "-vfyopt", distid, "-CAfile", "root", name)
        assert said.strip().endswith(b"OK"), said
    found = SealSignature.load(unpack(sealed)[VALUE])
    (tmp_path / "signed").write_bytes(found.covered)
    (tmp_path / "signature").write_bytes(found.signature)
    said = openssl("dgst", "-sm3", "-verify", "key", "-sigopt", distid, "-signature", "signature", "signed")
    assert said.strip() == b"Verified OK"
    assert ElectronicSeal.load(found.seal.raw) == found.seal

"""Strict verification: a fresh file passes; whatever else it is given fails with a sentence, never with an exception."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from jianguan.kernel.certificates import Check, LocalTimeStamper, Trust, create_authority, render, verify_pdf
from jianguan.kernel.certificates.cms import DATA, P256_ORDER, TIME_STAMP_INFO, parse, signed_data

HOLE = re.compile(rb"/Contents <([0-9a-f]+)>")


def failed(data: bytes, trust: Trust) -> Check | None:
    """The check that failed; asserts that the report is of one piece."""
    report = verify_pdf(data, trust)
    *before, last = report.findings
    assert all(each.passed for each in before)
    assert report.intact == last.passed == (len(report.findings) == len(Check))
    assert str(last.message).endswith(".")
    return None if report.intact else last.check


def with_signature(pdf: bytes, signature: bytes) -> bytes:
    """The file with another signature in its hole."""
    found = HOLE.search(pdf)
    return pdf[: found.start(1)] + signature.hex().encode().ljust(len(found[1]), b"0") + pdf[found.end(1) :]


def signature_in(pdf: bytes) -> bytes:
    return bytes.fromhex(HOLE.search(pdf)[1].decode())


def twin(signature: bytes) -> bytes:
    """The other value for which the same ECDSA check holds."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, P256_ORDER - s)


def test_a_fresh_file_passes_every_check(sealed, trust, permit, now):
    report = verify_pdf(sealed, trust)
    assert report.intact
    assert [each.check for each in report.findings] == list(Check)
    assert report.sealed_at == now
    assert report.sealed_by == "某某市住房和城乡建设局 电子证照专用章"
    assert report.number == permit["number"]
    assert json.loads(report.data) == permit
    assert report.file_digest == hashlib.sha256(sealed).hexdigest()


def test_the_second_opinion_may_be_left_out(sealed, trust):
    report = verify_pdf(sealed, trust, second_opinion=False)
    assert report.intact
    assert Check.SECOND_OPINION not in [each.check for each in report.findings]


def test_an_unsealed_file_carries_no_seal(page, trust, permit):
    assert failed(page, trust) is Check.ONE_SIGNATURE
    assert verify_pdf(page, trust).number == permit["number"]


@pytest.mark.parametrize("more", [b"\n", b"\0", b" ", b"%%EOF\n", b"x" * 1000])
def test_bytes_added_at_the_end_are_found(sealed, trust, more: bytes):
    assert failed(sealed + more, trust) is Check.COVERAGE


def test_a_revision_added_after_the_seal_is_found(sealed, trust):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert failed(out.getvalue(), trust) is Check.COVERAGE


def test_a_second_signature_is_found(sealed, trust):
    again = sealed + sealed[sealed.index(b"/Type/Sig/") :]
    assert failed(again, trust) is Check.ONE_SIGNATURE


def test_a_signature_that_covers_part_of_the_file_is_found(sealed, trust):
    ranges = re.search(rb"/ByteRange\[0 (\d+) +(\d+) +(\d+) *\]", sealed)
    less = b"%-10d" % (int(ranges[3]) - 5)
    assert failed(sealed[: ranges.start(3)] + less + sealed[ranges.start(3) + 10 :], trust) is Check.COVERAGE


@pytest.mark.parametrize("change", [bytes.upper, lambda text: text[:-2] + b"  ", lambda text: text[:-2] + b"zz"])
def test_the_hole_holds_nothing_but_the_signature(sealed, trust, change):
    found = HOLE.search(sealed)
    assert failed(sealed[: found.start(1)] + change(found[1]) + sealed[found.end(1) :], trust) is Check.HOLE


def test_bytes_behind_the_signature_in_its_hole_are_found(sealed, trust):
    found = HOLE.search(sealed)
    assert failed(sealed[: found.end(1) - 2] + b"01" + sealed[found.end(1) :], trust) is Check.CANONICAL


def test_changed_content_is_found(sealed, trust):
    assert failed(sealed.replace(b"/Lang(zh-CN)", b"/Lang(en-CN)"), trust) is Check.DIGEST


def test_the_signature_of_another_certificate_is_found(template, permit, qr_for, seal, sealed, trust, now):
    other = permit | {"number": "330120260000010102"}
    another = seal.seal(render(template, other, qr=qr_for(permit), issued_at=now), template.seal)
    assert failed(another, trust) is None
    assert failed(with_signature(sealed, signature_in(another)), trust) is Check.DIGEST


def test_a_stripped_signature_is_found(sealed, trust):
    found = HOLE.search(sealed)
    assert failed(sealed[: found.start(1)] + sealed[found.end(1) :], trust) is Check.COVERAGE
    assert failed(with_signature(sealed, b""), trust) is Check.DIGEST


def test_a_seal_of_another_authority_is_not_known(trust, sealed_otherwise, now):
    other = create_authority("建管演示机构", at=now - timedelta(days=9))
    identity = other.new_seal("某某市住房和城乡建设局", "电子证照专用章", at=now - timedelta(days=9))
    forged = sealed_otherwise(identity=identity, revocation_lists=other.revocation_lists(at=now))
    assert failed(forged, trust) is Check.KNOWN_SEAL


def test_a_seal_of_the_same_authority_that_is_not_registered_is_not_known(authority, trust, sealed_otherwise, now):
    identity = authority.new_seal("某某市住房和城乡建设局", "电子证照专用章", at=now - timedelta(days=9))
    assert failed(sealed_otherwise(identity=identity), trust) is Check.KNOWN_SEAL


def test_a_time_stamper_does_not_seal(authority, stamp_identity, trust, sealed_otherwise):
    assert failed(sealed_otherwise(identity=stamp_identity), trust) is Check.KNOWN_SEAL


def test_a_time_stamp_of_an_unknown_authority_is_not_known(authority, trust, sealed_otherwise, now):
    stranger = authority.new_time_stamper("某某", at=now - timedelta(days=1))
    assert failed(sealed_otherwise(stamper=LocalTimeStamper(stranger)), trust) is Check.KNOWN_SEAL


def test_a_certificate_without_a_path_to_a_root_is_not_known(authority, seal_identity, stamp_identity, sealed):
    lonely = Trust.of([authority.issuing.certificate, seal_identity.certificate, stamp_identity.certificate])
    assert failed(sealed, lonely) is Check.KNOWN_SEAL


@pytest.mark.parametrize("days", [-25, 4000])
def test_a_certificate_not_in_force_when_stamped_is_found(stamp_identity, trust, sealed_otherwise, now, days: int):
    stamper = LocalTimeStamper(stamp_identity, clock=lambda: now + timedelta(days=days))
    assert failed(sealed_otherwise(stamper=stamper), trust) is Check.CERTIFICATES


def test_a_seal_revoked_before_is_found_in_the_file(authority, seal_identity, trust, sealed_otherwise, now):
    revoked = {seal_identity.certificate.serial_number: now - timedelta(days=2)}
    lists = authority.revocation_lists(at=now - timedelta(days=1), revoked=revoked)
    assert failed(sealed_otherwise(revocation_lists=lists), trust) is Check.REVOCATION


def test_an_authority_revoked_before_is_found(authority, trust, sealed_otherwise, now):
    revoked = {authority.issuing.certificate.serial_number: now - timedelta(days=2)}
    lists = authority.revocation_lists(at=now - timedelta(days=1), revoked=revoked)
    assert failed(sealed_otherwise(revocation_lists=lists), trust) is Check.REVOCATION


def test_a_seal_revoked_before_is_found_in_a_newer_list(authority, seal_identity, trust, sealed, now):
    revoked = {seal_identity.certificate.serial_number: now - timedelta(minutes=5)}
    newer = authority.revocation_lists(at=now + timedelta(days=90), revoked=revoked)
    assert failed(sealed, dataclasses.replace(trust, revocation_lists=newer)) is Check.REVOCATION


def test_a_seal_revoked_later_leaves_earlier_files_good(authority, seal_identity, trust, sealed, now):
    revoked = {seal_identity.certificate.serial_number: now + timedelta(days=80)}
    newer = authority.revocation_lists(at=now + timedelta(days=90), revoked=revoked)
    assert failed(sealed, dataclasses.replace(trust, revocation_lists=newer)) is None


def test_revocation_lists_must_have_been_in_force(authority, stamp_identity, trust, sealed_otherwise, now):
    late = sealed_otherwise(stamper=LocalTimeStamper(stamp_identity, clock=lambda: now + timedelta(days=30)))
    assert failed(late, trust) is Check.REVOCATION
    newer = authority.revocation_lists(at=now + timedelta(days=29))
    assert failed(late, dataclasses.replace(trust, revocation_lists=newer)) is Check.REVOCATION


def test_revocation_lists_must_be_signed_by_the_authority(trust, sealed_otherwise, now):
    strangers = create_authority("建管演示机构", at=now - timedelta(days=9)).revocation_lists(at=now)
    assert failed(sealed_otherwise(revocation_lists=strangers), trust) is Check.REVOCATION


def test_an_altered_time_is_found(sealed, trust, now):
    there = now.strftime("%Y%m%d%H%M%SZ").encode()
    raw = signature_in(sealed)
    assert raw.count(there) == 1
    later = (now + timedelta(days=1)).strftime("%Y%m%d%H%M%SZ").encode()
    assert failed(with_signature(sealed, raw.replace(there, later).rstrip(b"\0")), trust) is Check.CANONICAL


def test_the_time_stamp_of_another_signature_is_found(sealed, trust, seal):
    parts = parse(signature_in(sealed))
    token = seal.stamper.stamp(hashlib.sha256(b"another signature").digest())
    forged = signed_data(seal.signatory, DATA, parts.attributes, parts.signature, token=token)
    assert failed(with_signature(sealed, forged), trust) is Check.TIME_STAMP


def test_the_twin_of_the_signature_is_refused(sealed, trust, seal):
    parts = parse(signature_in(sealed))
    token = seal.stamper.stamp(hashlib.sha256(twin(parts.signature)).digest())
    forged = signed_data(seal.signatory, DATA, parts.attributes, twin(parts.signature), token=token)
    assert failed(with_signature(sealed, forged), trust) is Check.SIGNATURE


def test_the_twin_of_the_time_stamps_signature_is_refused(sealed, trust, seal):
    parts = parse(signature_in(sealed))
    stamp = parse(parts.token)
    signatory = seal.stamper.signatory
    token = signed_data(signatory, TIME_STAMP_INFO, stamp.attributes, twin(stamp.signature), content=stamp.content)
    forged = signed_data(seal.signatory, DATA, parts.attributes, parts.signature, token=token)
    assert failed(with_signature(sealed, forged), trust) is Check.TIME_STAMP


def test_a_removed_time_stamp_is_found(sealed, trust, seal):
    parts = parse(signature_in(sealed))
    forged = signed_data(seal.signatory, DATA, parts.attributes, parts.signature)
    assert failed(with_signature(sealed, forged), trust) is Check.KNOWN_SEAL


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"/ByteRange", b"/ByteRange[0 1 2 3]/Contents ", bytes(5000)])
def test_fragments_are_reported_not_raised(data: bytes, trust):
    assert failed(data, trust) in {Check.ONE_SIGNATURE, Check.COVERAGE}


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_hostile_bytes_are_reported_not_raised(trust, before: bytes, hole: bytes):
    start = len(before) + len(b"/ByteRange[0 0000000000 0000000000 0000000000]/Contents ")
    text = hole.hex().encode()
    ranges = b"/ByteRange[0 %010d %010d %010d]/Contents " % (start, start + len(text) + 2, 3)
    assert not verify_pdf(before + ranges + b"<" + text + b">end", trust).intact


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 10**6), junk=st.binary(min_size=1, max_size=50))
def test_overwritten_stretches_are_found(sealed, trust, position: int, junk: bytes):
    position %= len(sealed)
    changed = sealed[:position] + junk + sealed[position + len(junk) :]
    assert (changed == sealed) == verify_pdf(changed, trust).intact

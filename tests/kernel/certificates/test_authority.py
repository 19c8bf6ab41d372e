"""Keys are kept under a password; certificates say what they are for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jianguan.kernel.certificates import (
    Algorithm,
    Authority,
    CertificateError,
    Identity,
    create_authority,
    lock_key,
    new_key,
    unlock_key,
)


def usage_of(certificate: x509.Certificate) -> x509.KeyUsage:
    return certificate.extensions.get_extension_for_class(x509.KeyUsage).value


def test_an_identity_survives_being_kept(seal_identity: Identity):
    kept = seal_identity.dump("密码 password")
    assert b"ENCRYPTED PRIVATE KEY" in kept
    again = Identity.load(kept, "密码 password")
    assert (again.certificate, again.issuers) == (seal_identity.certificate, seal_identity.issuers)
    assert again.key.private_numbers() == seal_identity.key.private_numbers()


def test_an_authority_survives_being_kept(authority: Authority):
    again = Authority.load(authority.dump("password"), "password")
    assert again.root.certificate == authority.root.certificate
    assert again.issuing.issuers == (authority.root.certificate,)


def test_a_wrong_password_opens_nothing(seal_identity: Identity, authority: Authority):
    with pytest.raises(CertificateError, match="password is wrong"):
        Identity.load(seal_identity.dump("right"), "wrong")
    with pytest.raises(CertificateError, match="password is wrong"):
        Authority.load(authority.dump("right"), "wrong")


def test_a_file_with_one_identity_is_no_authority(seal_identity: Identity):
    with pytest.raises(CertificateError, match="root and an issuing"):
        Authority.load(seal_identity.dump("password"), "password")


def test_a_key_of_another_certificate_is_refused(seal_identity: Identity, stamp_identity: Identity):
    certificate = seal_identity.certificate.public_bytes(Encoding.PEM)
    mixed = lock_key(stamp_identity.key, "password") + certificate
    with pytest.raises(CertificateError, match="does not belong"):
        Identity.load(mixed, "password")


def test_a_proof_key_is_kept_the_same_way():
    key = Ed25519PrivateKey.generate()
    again = unlock_key(lock_key(key, "password"), "password")
    assert isinstance(again, Ed25519PrivateKey)
    assert again.private_bytes_raw() == key.private_bytes_raw()


def test_rsa_is_an_option():
    assert isinstance(new_key(Algorithm.RSA_2048), rsa.RSAPrivateKey)


def test_certificates_say_what_they_are_for(authority: Authority, seal_identity: Identity, stamp_identity: Identity):
    assert usage_of(authority.issuing.certificate).key_cert_sign
    assert usage_of(authority.issuing.certificate).crl_sign
    assert usage_of(seal_identity.certificate).content_commitment
    assert not usage_of(seal_identity.certificate).key_cert_sign
    purposes = stamp_identity.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert (list(purposes.value), purposes.critical) == ([ExtendedKeyUsageOID.TIME_STAMPING], True)


def test_every_certificate_says_it_is_for_demonstration(authority, seal_identity, stamp_identity):
    for each in (authority.root, authority.issuing, seal_identity, stamp_identity):
        [unit] = each.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        assert unit.value == "演示 Demonstration"


def test_a_certificate_leads_to_the_root(authority: Authority, seal_identity: Identity):
    assert seal_identity.issuers == (authority.issuing.certificate, authority.root.certificate)
    seal_identity.certificate.verify_directly_issued_by(authority.issuing.certificate)
    authority.issuing.certificate.verify_directly_issued_by(authority.root.certificate)


def test_a_revoked_seal_stands_in_the_issuers_list_only(authority: Authority, seal_identity: Identity, now):
    serial = seal_identity.certificate.serial_number
    lists = authority.revocation_lists(at=now, revoked={serial: now - timedelta(hours=1)})
    by_issuer, by_root = (x509.load_der_x509_crl(each) for each in lists)
    entry = by_issuer.get_revoked_certificate_by_serial_number(serial)
    assert entry is not None
    assert entry.revocation_date_utc == now - timedelta(hours=1)
    assert by_root.get_revoked_certificate_by_serial_number(serial) is None
    assert by_issuer.is_signature_valid(authority.issuing.key.public_key())


def test_two_authorities_do_not_share_keys(authority: Authority, now):
    other = create_authority("建管演示机构", at=now)
    assert other.root.certificate.public_key() != authority.root.certificate.public_key()

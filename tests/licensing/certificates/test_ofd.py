"""Certificates as PDF and OFD files: made together or not at all, both in the journal, both verified by anyone."""

from __future__ import annotations

import json
import shutil
import stat

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jianguan.config.commands.certificate import verify
from jianguan.kernel.certificates import CertificateError
from jianguan.kernel.ofd import unpack
from jianguan.licensing.certificates import actions, keys, national_keys, queries
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.key_files import path
from jianguan.licensing.certificates.models import Certificate, TrustedCertificate
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.models import Account
from jianguan.platform.documents import service as documents
from jianguan.platform.jobs.service import drain
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.models import Entry


@pytest.fixture(autouse=True)
def both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "ofd_kinds", ["safety_licence"])


@pytest.fixture
def issued(issue) -> Certificate:
    return issue()


def ofd(certificate: Certificate) -> bytes:
    return documents.content(certificate.ofd_sha256)


def test_both_files_are_made_and_the_journal_binds_both(issued):
    assert documents.content(issued.sha256).startswith(b"%PDF-")
    assert "OFD.xml" in unpack(ofd(issued))
    entry = Entry.objects.get(pk=issued.entry_id)
    said = journal.data_of(entry)
    assert (said["file"], said["ofd"]) == (issued.sha256, issued.ofd_sha256)
    assert certificates.agrees_with_journal(issued)


@pytest.mark.parametrize(("kinds", "made"), [([], False), (["another"], False), (["all"], True)])
def test_which_kinds_are_made_as_ofd_is_a_setting(issue, monkeypatch, kinds, made):
    monkeypatch.setattr(settings.ENVIRONMENT, "ofd_kinds", kinds)
    certificate = issue()
    assert bool(certificate.ofd_sha256) is made
    assert [file.extension for file in queries.files_of(certificate)] == ["pdf", "ofd"][: 1 + made]
    assert certificates.agrees_with_journal(certificate)


def test_the_file_is_verified_like_the_pdf_file(issued):
    found = certificates.by_file(ofd(issued))
    assert (found.verdict, found.certificate) == ("valid", issued)
    assert found.report.intact
    assert found.report.number == issued.number
    assert found.report.data == unpack(ofd(issued))["Doc_0/Attachs/certificate.json"]
    assert found.verdict == certificates.by_file(documents.content(issued.sha256)).verdict


def test_a_changed_file_is_not_genuine(issued):
    good = ofd(issued)
    for at in range(4, len(good), len(good) // 50):
        changed = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        assert certificates.by_file(changed).verdict == "tampered"


def test_a_good_file_the_register_does_not_have_is_unknown(issued):
    data = ofd(issued)
    Certificate.objects.filter(pk=issued.pk).update(ofd_sha256="")
    assert certificates.by_file(data).verdict == "unknown"


def test_a_register_that_names_another_ofd_file_is_found_out(issued, issue):
    other = issue()
    Certificate.objects.filter(pk=issued.pk).update(ofd_sha256=other.sha256)
    issued.refresh_from_db()
    assert not certificates.agrees_with_journal(issued)
    assert certificates.by_number(issued.number).verdict == "tampered"


def test_a_seal_revoked_before_is_not_good(issued):
    TrustedCertificate.objects.filter(purpose="national_seal").update(revoked_at=clock.now())
    assert certificates.by_file(ofd(issued)).verdict == "valid"
    TrustedCertificate.objects.filter(purpose="national_seal").update(revoked_at=issued.sealed_at.replace(year=2020))
    assert certificates.by_file(ofd(issued)).verdict == "tampered"


class CutOffError(Exception):
    """The worker is killed."""


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_cut_off_while_the_ofd_file_is_made_nothing_counts_and_nothing_doubles(ask, *, before: bool):
    certificate = ask()
    with pytest.MonkeyPatch.context() as patch:
        does = national_keys.seal_of

        def killed(issuer_id):
            if not before:
                does(issuer_id)
            raise CutOffError

        patch.setattr(actions.national_keys, "seal_of", killed)
        with pytest.raises(CutOffError):
            certificates.produce(certificate.id)
    certificate.refresh_from_db()
    assert (certificate.sha256, certificate.ofd_sha256, certificate.entry_id) == ("", "", None)
    drain()
    certificate.refresh_from_db()
    assert certificate.ofd_sha256
    assert Entry.objects.filter(kind="certificate.issued", subject_id=certificate.id).count() == 1


@pytest.fixture
def own_keys(world, settings, tmp_path):
    """The keys of the installation, for a test to spoil."""
    settings.KEYS_ROOT = shutil.copytree(settings.KEYS_ROOT, tmp_path / "keys")
    national_keys.seal_of.cache_clear()
    yield
    national_keys.seal_of.cache_clear()


def test_a_missing_seal_is_a_reason_and_init_makes_it(own_keys, ask):
    certificate = ask()
    name = f"national-seal-{certificate.issuer_id}"
    path(name, "esl").unlink()
    with pytest.raises(FileNotFoundError):
        certificates.produce(certificate.id)
    certificate.refresh_from_db()
    assert name in certificate.error
    certificates.prepare_authority()
    drain()
    certificate.refresh_from_db()
    assert certificates.by_file(ofd(certificate)).verdict == "valid"


def test_keys_are_made_once_encrypted_and_for_their_owner_only(world):
    issuer = accounts.authority_for("460105")
    names = ["national-authority", "national-maker", f"national-seal-{issuer.id}"]
    before = {name: path(name).read_bytes() for name in names}
    certificates.prepare_authority()
    certificates.prepare_seal(issuer)
    for name, content in before.items():
        assert path(name).read_bytes() == content
        assert content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
        assert stat.S_IMODE(path(name).stat().st_mode) == 0o600
    assert "演示 Demonstration" in str(national_keys.seal_of(issuer.id).signer.certificate.subject.native)


def test_both_families_of_certificates_are_published_and_kept_apart(world):
    text = certificates.trusted_pem()
    assert text.count("BEGIN CERTIFICATE") == TrustedCertificate.objects.count()
    assert len(national_keys.trust().signers) == TrustedCertificate.objects.filter(purpose="national_seal").count() > 0
    assert (
        len(keys.trust().signatories) == TrustedCertificate.objects.filter(purpose__in=["seal", "time_stamp"]).count()
    )


# --- pages


@pytest.fixture
def officer(world) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username="head"))
    return client


def test_officers_and_holders_download_both(officer, issued, world):
    answer = officer.get(f"/g/certs/{issued.number}/")
    assert "format=ofd" in answer.text
    assert issued.ofd_sha256 in answer.text
    sent = officer.get(f"/g/certs/{issued.number}/file/?format=ofd")
    assert sent.content == ofd(issued)
    assert sent["Content-Type"] == "application/ofd"
    assert f"{issued.number}-001.ofd" in sent["Content-Disposition"]
    assert officer.get(f"/g/certs/{issued.number}/file/").content == documents.content(issued.sha256)
    assert officer.get(f"/g/certs/{issued.number}/file/?format=doc").status_code == 404
    agent = Client()
    agent.force_login(Account.objects.get(username="agent"))
    Certificate.objects.filter(pk=issued.pk).update(holder_uscc=world.actor("agent").uscc)
    assert f"/e/certs/{issued.number}/file/?edition=1&amp;format=ofd" in agent.get("/e/certs/").text
    assert agent.get(f"/e/certs/{issued.number}/file/?format=ofd").content == ofd(issued)


def test_the_public_downloads_and_verifies_the_ofd_file(client, issued):
    journal.sequence()
    page = client.get(f"/notices/{issued.number}/")
    assert f"/notices/{issued.number}/file/?format=ofd" in page.text
    sent = client.get(f"/notices/{issued.number}/file/?format=ofd")
    data = sent.getvalue()
    assert (sent["Content-Type"], sent["ETag"]) == ("application/ofd", f'"{issued.ofd_sha256}"')
    answer = client.post("/verify/", {"file": SimpleUploadedFile("permit.ofd", data)})
    assert answer.context["verdict"] == "valid"
    assert [light.result for light in answer.context["lights"]] == ["passed", "passed", "passed"]
    changed = client.post("/verify/", {"file": SimpleUploadedFile("permit.ofd", data + b" ")})
    assert changed.context["verdict"] == "tampered"


def test_without_an_ofd_file_no_page_offers_one(officer, client, issue, monkeypatch):
    monkeypatch.setattr(settings.ENVIRONMENT, "ofd_kinds", [])
    certificate = issue()
    for answer in (officer.get(f"/g/certs/{certificate.number}/"), client.get(f"/notices/{certificate.number}/")):
        assert answer.status_code == 200
        assert "OFD" not in answer.text
    assert officer.get(f"/g/certs/{certificate.number}/file/?format=ofd").status_code == 404
    assert client.get(f"/notices/{certificate.number}/file/?format=ofd").status_code == 404


def test_the_command_line_verifies_the_ofd_file(issued, tmp_path):
    file = tmp_path / "permit.ofd"
    for data, status, verdict in ((ofd(issued), 0, "valid"), (ofd(issued)[:-1], 1, "tampered")):
        file.write_bytes(data)
        result = CliRunner().invoke(verify, [str(file), "--json"])
        assert (result.exit_code, json.loads(result.stdout)["verdict"]) == (status, verdict)


def test_any_other_archive_is_read_and_refused(client, world):
    with pytest.raises(CertificateError):
        certificates.by_file(b"GIF89a")
    assert certificates.by_file(b"PK\3\4 and so on").verdict == "tampered"

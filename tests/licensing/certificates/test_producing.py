"""Making certificates: cut off anywhere and begun again, nothing is made twice."""

from __future__ import annotations

from collections import Counter

import pytest

from jianguan.kernel.certificates import CertificateError
from jianguan.kernel.messages import message
from jianguan.licensing.certificates import actions
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate, Status
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.models import Blob
from jianguan.platform.jobs.service import drain
from jianguan.platform.journal.models import Entry


class CutOffError(Exception):
    """The worker is killed."""


POINTS = ["render", "write_qr", "keys.seal_of", "documents.store", "_take_the_place_of", "record", "Certificate.save"]


def cut(monkeypatch: pytest.MonkeyPatch, point: str, *, before: bool) -> None:
    """Let the worker be killed before or after a step."""
    *path, name = point.split(".")
    owner = actions
    for part in path:
        owner = getattr(owner, part)
    does = getattr(owner, name)

    def killed(*args: object, **options: object) -> object:
        if not before:
            does(*args, **options)
        raise CutOffError

    monkeypatch.setattr(owner, name, killed)


def facts() -> Counter[str]:
    return Counter(Entry.objects.filter(kind__startswith="certificate.").values_list("kind", flat=True))


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("point", POINTS)
def test_cut_off_at_any_point_nothing_counts_and_nothing_doubles(issue, ask, point: str, *, before: bool):
    first = issue()
    second = ask(number=first.number, replaces=first.id)
    earlier = facts()
    with pytest.MonkeyPatch.context() as patch:
        cut(patch, point, before=before)
        with pytest.raises(CutOffError):
            certificates.produce(second.id)
    second.refresh_from_db()
    assert (second.sha256, facts(), Certificate.objects.get(pk=first.pk).status) == ("", earlier, Status.VALID)
    assert certificates.produce(second.id)
    assert not certificates.produce(second.id)
    drain()
    second.refresh_from_db()
    assert facts() - earlier == {"certificate.issued": 1, "certificate.status_changed": 1}
    assert Blob.objects.filter(sha256=second.sha256).count() == 1


def test_why_it_cannot_be_made_is_kept_until_it_is_made(ask, monkeypatch):
    certificate = ask(data={"title": "证", "holder": "王😀"})
    for attempts in (1, 2):
        with pytest.raises(CertificateError):
            certificates.produce(certificate.id)
        certificate.refresh_from_db()
        assert ("U+1F600" in certificate.error, certificate.attempts) == (True, attempts)
    Certificate.objects.filter(pk=certificate.pk).update(data={**certificate.data, "holder": "王喆"})
    assert certificates.produce(certificate.id)
    certificate.refresh_from_db()
    assert certificate.error == ""


def test_a_template_that_is_not_there_is_a_reason(ask):
    certificate = ask(template="nothing")
    with pytest.raises(CertificateError, match="nothing"):
        certificates.produce(certificate.id)


def test_a_seal_that_refuses_is_a_reason(ask, monkeypatch):
    def refuse(*_: object) -> None:
        raise CertificateError(message("Not today."))

    certificate = ask()
    monkeypatch.setattr(actions.keys, "seal_of", refuse)
    with pytest.raises(CertificateError):
        certificates.produce(certificate.id)
    certificate.refresh_from_db()
    assert (certificate.error, certificate.sha256) == ("Not today.", "")


@pytest.mark.parametrize("template", ["licence", "decision"])
def test_every_generic_design_is_sealed_and_verifies(issue, template: str):
    certificate = issue(template=template)
    answer = certificates.by_file(documents.content(certificate.sha256))
    assert (answer.verdict, answer.certificate) == ("valid", certificate)

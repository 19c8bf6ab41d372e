"""Editions of a certificate: the next takes the place of the one before, and nothing printed is forgotten."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from jianguan.kernel.identifiers import e_certificate
from jianguan.licensing.certificates import queries, verifying
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate, Status
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict
from jianguan.platform.jobs.service import drain
from jianguan.platform.journal import service as journal


def fresh(certificate: Certificate) -> Certificate:
    return Certificate.objects.get(pk=certificate.pk)


def decide(actor: Actor, certificate: Certificate, status: Status) -> None:
    certificates.change_status(actor, certificates.ChangeStatus(uuid4(), certificate.id, status, "决定书 1 号"))


def test_the_first_edition_says_so_in_its_identifier(issue):
    certificate = issue()
    assert (certificate.edition, certificate.replaces, certificate.template) == (1, None, "licence")
    assert certificate.identifier.split(".")[-2] == "001"


def test_the_next_edition_keeps_the_number_and_takes_the_place_of_the_first(issue, ask):
    first = issue()
    second = ask(number=first.number, replaces=first.id)
    assert fresh(first).status == Status.VALID, "until the new one is sealed the old one holds"
    drain()
    first, second = fresh(first), fresh(second)
    assert (second.number, second.edition, second.replaces) == (first.number, 2, first)
    assert second.identifier == e_certificate.make(
        "11100000000013338W009", second.identifier.split(".")[6], first.number, 2
    )
    assert (first.status, second.status) == (Status.REPLACED, Status.VALID)
    assert first.status_since is not None
    assert [e.edition for e in certificates.editions(first.number)] == [2, 1]
    assert list(certificates.current().filter(number=first.number)) == [second]
    assert documents.content(first.sha256) != documents.content(second.sha256)


def test_the_code_of_an_old_edition_answers_what_replaced_it(issue):
    first = issue()
    second = issue(number=first.number, replaces=first.id)
    third = issue(number=first.number, replaces=second.id)
    answer = certificates.by_number(first.number, first.proof)
    assert (answer.verdict, answer.certificate, answer.newer) == ("ended", first, third)
    assert "003" in str(answer.says)
    assert certificates.by_file(documents.content(first.sha256)).newer == third
    assert certificates.by_number(first.number).certificate == third


def test_the_next_edition_may_have_a_new_number(issue):
    first = issue()
    second = issue(replaces=first.id)
    assert second.number != first.number
    answer = certificates.by_number(first.number, first.proof)
    assert (answer.verdict, answer.newer) == ("ended", second)
    assert second.number in str(answer.says)


def test_a_number_is_given_once_in_each_edition(issue, ask):
    first = issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(number=first.number, kind="other", type_code="11100000000013338W010")


def test_there_is_but_one_next_edition(issue, ask):
    first = issue()
    ask(number=first.number, replaces=first.id)
    with pytest.raises(Conflict, match="newer edition"):
        ask(number=first.number, replaces=first.id)


def test_what_is_not_issued_yet_or_has_ended_is_not_replaced(issue, ask, world):
    ended = issue()
    waiting = ask()
    with pytest.raises(Conflict, match="still being produced"):
        ask(replaces=waiting.id)
    decide(world.actor("approver"), ended, Status.REVOKED)
    with pytest.raises(Conflict, match="has ended"):
        ask(replaces=ended.id)


def test_a_decision_on_the_old_edition_holds_for_the_one_being_made(issue, ask, world):
    first = issue()
    second = ask(number=first.number, replaces=first.id)
    decide(world.actor("approver"), first, Status.REVOKED)
    drain()
    assert [fresh(c).status for c in (first, second)] == [Status.REVOKED, Status.REVOKED]
    assert fresh(second).status_reason == "决定书 1 号"
    assert certificates.by_number(first.number).verdict == verifying.ENDED


def test_a_suspended_certificate_stays_suspended_in_its_next_edition(issue, ask, world):
    first = issue()
    decide(world.actor("approver"), first, Status.SUSPENDED)
    second = ask(number=first.number, replaces=first.id)
    drain()
    assert [fresh(c).status for c in (first, second)] == [Status.REPLACED, Status.SUSPENDED]


def test_an_effect_ends_a_certificate_once(issue):
    certificate = issue()
    at = clock.now()
    with transaction.atomic():
        assert certificates.end(certificate.id, Status.CANCELLED, "注销 ZX-1", at)
        assert not certificates.end(certificate.id, Status.CANCELLED, "注销 ZX-1", at)
        assert not certificates.end(certificate.id, Status.REVOKED, "撤销", at)
    found = fresh(certificate)
    assert (found.status, found.status_reason, found.status_since) == (Status.CANCELLED, "注销 ZX-1", at)
    changes = [
        fact for fact in journal.about("certificate", certificate.id) if fact.kind == "certificate.status_changed"
    ]
    assert len(changes) == 1


def test_an_effect_ends_the_newest_edition(issue):
    first = issue()
    second = issue(number=first.number, replaces=first.id)
    with transaction.atomic():
        assert certificates.end(first.id, Status.CANCELLED, "注销", clock.now())
    assert [fresh(c).status for c in (first, second)] == [Status.REPLACED, Status.CANCELLED]
    assert queries.newest_after(first) == second


def test_an_effect_may_end_what_is_still_being_made(ask):
    certificate = ask()
    with transaction.atomic():
        assert certificates.end(certificate.id, Status.REVOKED, "撤销", clock.now())
    drain()
    assert fresh(certificate).status == Status.REVOKED
    assert certificates.by_number(certificate.number).verdict == verifying.ENDED


def test_a_number_in_chinese_has_an_identifier_a_file_and_a_code(issue, visit):
    certificate = issue(number="琼建消审字〔2026〕第0123号")
    assert e_certificate.parse(certificate.identifier).require() == certificate.identifier
    assert certificates.by_number(certificate.number, certificate.proof).verdict == verifying.VALID
    answer = visit("head").get(f"/g/certs/{certificate.number}/file/")
    assert answer.content.startswith(b"%PDF")
    assert "filename*=utf-8''" in answer["Content-Disposition"]

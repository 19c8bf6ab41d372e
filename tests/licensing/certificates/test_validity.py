"""Validity is told from the day: nothing has to run at midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from jianguan.licensing.certificates import queries, verifying
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate, Status
from jianguan.licensing.certificates.rules import EXPIRED, serial, state
from jianguan.platform import clock


@pytest.fixture
def today():
    return clock.today()


def standing(after: timedelta):
    return clock.standing_at(clock.now() + after)


def test_a_certificate_holds_through_its_last_day_and_not_the_next(issue, today):
    certificate = issue(valid_until=today + timedelta(days=3))
    assert certificate.data["valid_until"] == (today + timedelta(days=3)).isoformat()
    for days, verdict, stands in ((3, verifying.VALID, Status.VALID), (4, verifying.ENDED, EXPIRED)):
        with standing(timedelta(days=days)):
            assert certificates.by_number(certificate.number).verdict == verdict
            assert state(certificate, clock.today()) == stands
    assert Certificate.objects.get(pk=certificate.pk).status == Status.VALID


def test_the_last_day_is_one_of_beijing(issue):
    certificate = issue(valid_until=datetime(2030, 1, 1, tzinfo=UTC).date())
    with clock.standing_at(datetime(2030, 1, 1, 15, 59, tzinfo=UTC)):
        assert certificates.by_number(certificate.number).verdict == verifying.VALID
    with clock.standing_at(datetime(2030, 1, 1, 16, 1, tzinfo=UTC)):
        says = certificates.by_number(certificate.number).says
    assert "expired on 2030-01-01" in str(says)


def test_without_a_last_day_it_holds_without_limit(issue):
    certificate = issue()
    with standing(timedelta(days=9999)):
        assert certificates.by_number(certificate.number).verdict == verifying.VALID


def test_those_that_end_soon_are_listed_the_next_first(issue, today, world):
    def until(days: int) -> Certificate:
        return issue(valid_until=today + timedelta(days=days))

    late, soon, past, limitless, ended, renewed = until(20), until(5), until(-1), issue(), until(6), until(7)
    certificates.change_status(
        world.actor("approver"), certificates.ChangeStatus(uuid4(), ended.id, Status.REVOKED, "决定")
    )
    issue(number=renewed.number, replaces=renewed.id, valid_until=today + timedelta(days=900))
    mine = [late, soon, past, limitless, ended, renewed]
    listed = [c for c in certificates.ending(today + timedelta(days=21)) if c in mine]
    assert listed == [soon, late]
    assert [c for c in certificates.ending(today + timedelta(days=20)) if c in mine] == [soon]


def test_expired_and_valid_are_told_apart_in_the_ledger(issue, today, visit):
    past, holds = issue(valid_until=today - timedelta(days=1)), issue(valid_until=today)
    rows = Certificate.objects.filter(pk__in=[past.pk, holds.pk])
    assert list(queries.in_state(rows, EXPIRED)) == [past]
    assert list(queries.in_state(rows, Status.VALID)) == [holds]
    page = visit("head").get("/g/certs/", {"status": "expired"}).content.decode()
    assert past.number in page
    assert holds.number not in page
    assert "已过期" in page
    soon = visit("head").get("/g/certs/", {"ends": "30"}).content.decode()
    assert holds.number in soon
    assert past.number not in soon


@pytest.mark.parametrize(
    ("number", "expected"),
    [("AX4601000001", "AX4601000001"), ("琼建消审字〔2026〕第0123号", "20260123"), ("(琼)jz-1", "JZ1")],
)
def test_digits_and_letters_of_a_number_make_the_serial(number: str, expected: str):
    assert serial(number) == expected

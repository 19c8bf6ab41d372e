"""Batches: one confirmation of the seal for many certificates, then all of them, each once."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.licensing.certificates.conftest import REGION

from jianguan.kernel.certificates import CertificateError
from jianguan.licensing.certificates import queries
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate
from jianguan.licensing.certificates.receipts import receipts
from jianguan.platform.accounts import service as accounts
from jianguan.platform.errors import Conflict, Forbidden
from jianguan.platform.jobs.service import drain
from jianguan.platform.journal.models import Entry
from jianguan.platform.journal.service import sequence


@pytest.fixture
def batch(world):
    with transaction.atomic():
        return certificates.open_batch(world.actor("head"), accounts.authority_for(REGION))


@pytest.fixture
def filled(batch, ask):
    """A batch of three."""
    for _ in range(3):
        ask(batch=batch.id)
    return batch


def confirm(actor, batch, count: int = 3, command_id=None):
    return certificates.confirm_batch(actor, certificates.ConfirmBatch(command_id or uuid4(), batch.id, count))


def figures(batch) -> tuple[int, int, int, int]:
    found = certificates.progress(batch)
    return found.total, found.made, found.waiting, found.failed


def issued(batch) -> int:
    numbers = {str(pk) for pk in batch.certificates.values_list("id", flat=True)}
    return sum(str(e.subject_id) in numbers for e in Entry.objects.filter(kind="certificate.issued"))


def test_numbers_of_batches_count_on(world, batch):
    with transaction.atomic():
        following = certificates.open_batch(world.actor("head"), accounts.authority_for(REGION))
    assert re.fullmatch(r"ZZ\d{8}\d{4}", batch.number)
    assert int(following.number[2:]) == int(batch.number[2:]) + 1


def test_nothing_is_sealed_before_the_keeper_confirms(filled):
    drain()
    for certificate in filled.certificates.all():
        assert not certificates.produce(certificate.id)
    assert figures(filled) == (3, 0, 3, 0)


def test_once_confirmed_all_are_made_each_once(filled, keeper):
    command = uuid4()
    assert confirm(keeper, filled, command_id=command).count == 3
    assert confirm(keeper, filled, command_id=command).count == 3, "a second click is the same act"
    drain()
    assert (figures(filled), issued(filled)) == ((3, 3, 0, 0), 3)
    with pytest.raises(Conflict, match="already"):
        confirm(keeper, filled)
    assert Entry.objects.filter(kind="seal.batch_confirmed", subject_id=filled.id).count() == 1


def test_only_the_keeper_of_the_seal_confirms(filled, world):
    with pytest.raises(Forbidden):
        confirm(world.actor("head"), filled)


def test_what_was_not_shown_is_not_confirmed(filled, keeper, ask):
    ask(batch=filled.id)
    with pytest.raises(Conflict, match="4 certificates now"):
        confirm(keeper, filled, 3)
    drain()
    assert figures(filled) == (4, 0, 4, 0)


def test_an_empty_batch_is_not_confirmed(batch, keeper):
    with pytest.raises(Conflict):
        confirm(keeper, batch, 0)


def test_nothing_joins_a_confirmed_batch(filled, keeper, ask):
    confirm(keeper, filled)
    with pytest.raises(Conflict, match="closed"):
        ask(batch=filled.id)


def test_certificates_of_another_authority_do_not_join(batch, ask):
    other = accounts.authority_for("460200")
    with pytest.raises(Conflict, match="another authority"):
        ask(batch=batch.id, issuer_id=other.id)


def test_what_failed_is_listed_and_tried_again_without_doubling_the_rest(filled, keeper, ask):
    bad = ask(batch=filled.id, data={"title": "证", "holder": "王😀"})
    confirm(keeper, filled, 4)
    with pytest.raises(CertificateError):
        drain()
    for certificate in filled.certificates.exclude(pk=bad.pk):
        certificates.produce(certificate.id)
    assert figures(filled) == (4, 3, 0, 1)
    assert list(queries.failed(filled)) == [bad]
    bad.refresh_from_db()
    Certificate.objects.filter(pk=bad.pk).update(data={**bad.data, "holder": "王喆"})
    assert certificates.retry_batch(keeper, certificates.RetryBatch(uuid4(), filled.id)).count == 1
    assert certificates.retry_batch(keeper, certificates.RetryBatch(uuid4(), filled.id)).count == 0
    drain()
    assert (figures(filled), issued(filled)) == ((4, 4, 0, 0), 4)


def test_a_worker_killed_after_any_certificate_goes_on_where_it_was(filled, keeper):
    confirm(keeper, filled)
    for made, certificate in enumerate(filled.certificates.order_by("id"), start=1):
        assert certificates.produce(certificate.id)  # and then it dies, before its job is marked as done
        assert figures(filled) == (3, made, 3 - made, 0)
    drain()
    assert (figures(filled), issued(filled)) == ((3, 3, 0, 0), 3)


def test_the_keeper_confirms_on_the_page_and_sees_how_far_it_got(filled, keeper, visit):
    browser, address = visit("approver"), f"/g/cert-batches/{filled.number}/"
    page = browser.get(address).content.decode()
    assert f"{address}confirm/" in page
    assert "every 2s" not in page
    sent = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("command_id", "count")}
    assert browser.post(f"{address}confirm/", sent).status_code == 302
    page = browser.get(address).content.decode()
    assert "every 2s" in page
    assert re.search(r'<progress class="progress" max="3" value="0"', page)
    part = browser.get(address, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content.decode()
    assert part.lstrip().startswith('<div id="progress"')
    drain()
    page = browser.get(address).content.decode()
    assert "every 2s" not in page
    assert 'value="3"' in page
    assert filled.number in browser.get("/g/cert-batches/").content.decode()


def test_the_page_offers_the_seal_to_its_keeper_only(filled, visit):
    page = visit("head").get(f"/g/cert-batches/{filled.number}/").content.decode()
    assert "/confirm/" not in page
    answer = visit("head").post(f"/g/cert-batches/{filled.number}/confirm/", {"command_id": str(uuid4()), "count": "3"})
    assert answer.status_code == 403
    assert visit("agent").get(f"/g/cert-batches/{filled.number}/").status_code in (302, 403, 404)


def test_a_stale_page_confirms_nothing(filled, keeper, visit):
    answer = visit("approver").post(
        f"/g/cert-batches/{filled.number}/confirm/", {"command_id": str(uuid4()), "count": "x"}, follow=True
    )
    assert answer.status_code == 200
    assert figures(filled) == (3, 0, 3, 0)
    assert queries.Batch.objects.get(pk=filled.pk).confirmed_at is None


def test_failures_are_listed_with_their_reason_and_a_button(filled, keeper, visit):
    confirm(keeper, filled)
    filled.certificates.update(error="缺字 😀 (U+1F600)", attempts=2)
    address = f"/g/cert-batches/{filled.number}/"
    page = visit("approver").get(address).content.decode()
    assert page.count("U+1F600") == 3
    command = re.findall(r'name="command_id" value="([^"]+)"', page)[-1]
    assert visit("approver").post(f"{address}retry/", {"command_id": command}).status_code == 302
    drain()
    assert figures(filled) == (3, 3, 0, 0)


def test_the_pages_ask_the_same_however_many_there_are(filled, keeper, visit, ask, django_assert_max_num_queries):
    browser, address = visit("approver"), f"/g/cert-batches/{filled.number}/"
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for _ in range(8):
        ask(batch=filled.id)
    with django_assert_max_num_queries(len(few)):
        browser.get(address)


def test_one_failed_certificate_is_tried_alone(filled, keeper, visit):
    confirm(keeper, filled)
    filled.certificates.update(error="字体缺失", attempts=8)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # its tries are used up
    address, one = f"/g/cert-batches/{filled.number}/", filled.certificates.first()
    sent = {"command_id": str(uuid4()), "certificate": str(one.id)}
    assert visit("approver").post(f"{address}retry/", sent).status_code == 302
    drain()
    assert figures(filled) == (3, 1, 0, 2)
    assert visit("head").post(f"{address}retry/", sent | {"command_id": str(uuid4())}).status_code == 403


def test_every_certificate_shows_what_each_step_left(filled, keeper, visit):
    before = receipts(list(filled.certificates.all()))
    assert [(one.sealed_at, one.journalled_at, one.published_at) for one in before] == [(None, None, None)] * 3
    confirm(keeper, filled)
    drain()
    sealed = receipts(list(filled.certificates.all()))
    assert all(one.numbered_at <= one.sealed_at <= one.journalled_at for one in sealed)
    assert [one.position for one in sealed] == [None] * 3, "the sequencer has not run"
    sequence()
    published = receipts(list(filled.certificates.order_by("id")))
    assert len({one.position for one in published}) == 3
    assert all(one.published_at for one in published)
    assert "各环节回执" in visit("head").get(f"/g/cert-batches/{filled.number}/").text

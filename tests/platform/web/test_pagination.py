"""Pages of long lists, against a real PostgreSQL."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from uuid6 import uuid7

from jianguan.platform.notices.models import Notice
from jianguan.platform.web.pagination import Page, capped_count, paginate

pytestmark = pytest.mark.django_db
START = datetime(2025, 6, 11, 8, 0, 0, 123456, tzinfo=UTC)
ORDERS: dict[str, tuple[str | OrderBy, ...]] = {
    "unique": ("id",),
    "newest first": ("-id",),
    "equal keys": ("sent_at", "id"),
    "mixed directions": ("-sent_at", "template", "-id"),
    "nulls last": (F("read_at").asc(nulls_last=True), "-id"),
    "nulls last, descending": (F("read_at").desc(nulls_last=True), "sent_at", "id"),
    "nulls first": (F("read_at").asc(nulls_first=True), "id"),
    "two nullable columns": (F("account_id").desc(nulls_first=True), F("read_at").asc(nulls_last=True), "id"),
}
by_order = pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())


@pytest.fixture
def notices() -> QuerySet[Notice]:
    """47 messages: few distinct instants, many without a reading time or an account, one microsecond apart."""
    chance = random.Random(20250611)
    accounts = [None, uuid7(), uuid7()]
    Notice.objects.bulk_create(
        Notice(
            account_id=chance.choice(accounts),
            template=chance.choice("abc"),
            dedup_key=str(number),
            sent_at=START + timedelta(microseconds=chance.randrange(4)),
            read_at=chance.choice([None, None, START, START + timedelta(microseconds=1)]),
        )
        for number in range(47)
    )
    return Notice.objects.all()


def page(queryset: QuerySet, order: tuple, size: int = 10, **parameters: str) -> Page:
    return paginate(RequestFactory().get("/", parameters), queryset, *order, size=size)


def walk(queryset: QuerySet, order: tuple, size: int) -> list[Page]:
    pages = [page(queryset, order, size)]
    while pages[-1].after:
        pages.append(page(queryset, order, size, after=pages[-1].after))
    return pages


@by_order
def test_walking_forwards_meets_every_row_once_in_order(notices: QuerySet, order: tuple) -> None:
    for size in (1, 7, 10, 47, 100):
        rows = [row for one in walk(notices, order, size) for row in one.rows]
        assert rows == list(notices.order_by(*order))


@by_order
def test_walking_back_meets_the_same_pages(notices: QuerySet, order: tuple) -> None:
    pages = walk(notices, order, 10)
    assert (pages[0].before, pages[-1].after) == (None, None)
    for earlier, later in pairwise(pages):
        assert page(notices, order, before=later.before).rows == earlier.rows
        assert page(notices, order, after=earlier.after).rows == later.rows


def test_the_page_before_the_second_is_the_first_and_full(notices: QuerySet) -> None:
    second = page(notices, ("id",), after=page(notices, ("id",)).after)
    Notice.objects.filter(pk=notices.order_by("id")[0].pk).delete()
    back = page(notices, ("id",), before=second.before)
    assert list(back.rows) == list(notices.order_by("id")[:10])
    assert back.before is None


def test_rows_that_arrive_meanwhile_neither_repeat_nor_hide_others(notices: QuerySet) -> None:
    first = page(notices, ("-sent_at", "-id"))
    expected = list(notices.order_by("-sent_at", "-id"))
    Notice.objects.create(template="new", dedup_key="new", sent_at=START + timedelta(days=1))
    assert list(page(notices, ("-sent_at", "-id"), after=first.after).rows) == expected[10:20]


def test_a_row_with_a_relation_or_as_a_dictionary_pages_too(notices: QuerySet) -> None:
    rows = notices.values("id", "sent_at")
    first = page(rows, ("sent_at", "id"))
    assert list(page(rows, ("sent_at", "id"), after=first.after).rows) == list(rows.order_by("sent_at", "id")[10:20])


@pytest.mark.parametrize("tampered", ["", "x", "eyJhIjoxfQ:zzz", "::::"])
def test_a_tampered_cursor_shows_the_first_page(notices: QuerySet, tampered: str) -> None:
    assert page(notices, ("id",), after=tampered).rows == page(notices, ("id",)).rows


def test_a_changed_value_in_a_cursor_shows_the_first_page(notices: QuerySet) -> None:
    cursor = page(notices, ("id",)).after
    assert cursor
    assert page(notices, ("id",), after="A" + cursor[1:]).rows == page(notices, ("id",)).rows


def test_a_cursor_of_another_order_shows_the_first_page(notices: QuerySet) -> None:
    foreign = page(notices, ("sent_at", "id")).after
    assert foreign
    assert page(notices, ("-sent_at", "id"), after=foreign).rows == page(notices, ("-sent_at", "id")).rows


def test_a_page_is_one_query_without_counting(notices: QuerySet) -> None:
    cursor = page(notices, ("sent_at", "id")).after
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(notices, ("sent_at", "id"), after=cursor)
    assert len(queries) == 1
    assert "COUNT" not in queries[0]["sql"]
    assert "OFFSET" not in queries[0]["sql"]


def test_an_empty_list_is_one_empty_page() -> None:
    assert page(Notice.objects.all(), ("id",)) == Page([], 10)


def test_counting_stops_at_the_limit(notices: QuerySet) -> None:
    assert str(capped_count(notices)) == "47"
    assert str(capped_count(notices, 47)) == "47"
    for language, words in (("zh-hans", "超过 46"), ("en", "more than 46")):
        with override(language):
            assert str(capped_count(notices, 46)) == words


def test_a_column_with_nulls_must_say_where_they_stand(notices: QuerySet) -> None:
    with pytest.raises(AssertionError, match="say where nulls stand"):
        page(notices, ("read_at", "id"))

"""Canonical JSON: what it takes, what it makes of it, what it refuses."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.transparency.canonical import SALT_SIZE, canonical, digest, salted_digest

SHANGHAI = timezone(timedelta(hours=8))
SALT = bytes(range(SALT_SIZE))
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Colour(StrEnum):
    RED = "red"


class Grade(IntEnum):
    FIRST = 1


@given(DOCUMENTS)
def test_a_canonical_document_reads_back_the_same(document):
    assert json.loads(canonical(document)) == document


@given(st.dictionaries(st.text(), st.integers(0, 9)))
def test_the_order_of_keys_does_not_matter(document):
    assert canonical(dict(reversed(document.items()))) == canonical(document)


def test_keys_are_sorted_by_utf16_code_units():
    assert canonical({"\ufb33": 1, "😂": 2, "a": 3}) == '{"a":3,"😂":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (2**53 - 1, "9007199254740991"),
        (-(2**53) + 1, "-9007199254740991"),
        ("施工许可证\n", '"施工许可证\\n"'),
        ((1, [2, ()]), "[1,[2,[]]]"),
        ({}, "{}"),
        (Decimal("1200.50"), '"1200.50"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("-1E-7"), '"-0.0000001"'),
        (date(2026, 11, 20), '"2026-11-20"'),
        (datetime(2026, 11, 20, 16, tzinfo=SHANGHAI), '"2026-11-20T08:00:00.000000Z"'),
        (datetime(999, 1, 1, 0, 0, 0, 1, tzinfo=UTC), '"0999-01-01T00:00:00.000001Z"'),
        (UUID("0199E3A8-7C1E-7000-8000-000000000000"), '"0199e3a8-7c1e-7000-8000-000000000000"'),
        (Colour.RED, '"red"'),
        (Grade.FIRST, "1"),
    ],
)
def test_every_kind_of_value_has_one_text(value, text):
    assert canonical(value) == text.encode()


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.timezones()))
def test_one_instant_has_one_text_in_every_time_zone(instant):
    assert canonical(instant) == canonical(instant.astimezone(SHANGHAI))
    assert datetime.fromisoformat(json.loads(canonical(instant))) == instant.astimezone(UTC)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_a_decimal_loses_nothing(number):
    text = json.loads(canonical(number))
    assert Decimal(text).as_tuple() == number.as_tuple()
    assert "E" not in text


@pytest.mark.parametrize("value", [1.0, float("nan"), {1}, frozenset(), b"", bytearray(), object(), timedelta(1), 1j])
def test_what_has_no_place_in_a_document_is_refused_by_its_path(value):
    with pytest.raises(TypeError, match=r"^\$\['parties'\]\[1\]\['phone'\] is of type "):
        canonical({"parties": [{}, {"phone": value}]})


@pytest.mark.parametrize(
    "value",
    [
        2**53,
        -(2**53),
        Decimal("NaN"),
        Decimal("-Infinity"),
        Decimal("1E+999999999"),
        Decimal("1E-101"),
        datetime(2026, 11, 20),
        datetime(1, 1, 1, tzinfo=SHANGHAI),
        "\ud83d",
        {"\ud83d": 1},
    ],
)
def test_a_value_out_of_range_is_refused_by_its_path(value):
    with pytest.raises(ValueError, match=r"^\$\['sum'\]\[0\] "):
        canonical({"sum": (value,)})


@pytest.mark.parametrize("key", [1, None, b"a", ("a",), True])
def test_a_key_that_is_not_text_is_refused_by_its_path(key):
    with pytest.raises(TypeError, match=r"^\$\['a'\] has the key .* keys must be text"):
        canonical({"a": {"b": 1, key: 2}})


def test_a_document_without_bottom_is_refused():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested too deeply"):
        canonical(endless)


def test_the_digest_is_that_of_the_canonical_bytes():
    assert digest({"b": 1, "a": 2}) == sha256(b'{"a":2,"b":1}').digest()


def test_a_salted_digest_tells_nothing_without_its_salt():
    phone = {"phone": "13800000000"}
    assert salted_digest(phone, SALT) == sha256(SALT + b'{"phone":"13800000000"}').digest()
    assert len({salted_digest(phone, SALT), salted_digest(phone, SALT[::-1]), digest(phone)}) == 3


@pytest.mark.parametrize("salt", [b"", SALT[:-1], SALT + b"\0"])
def test_a_salt_of_another_length_is_refused(salt):
    with pytest.raises(ValueError, match="32 bytes"):
        salted_digest({}, salt)

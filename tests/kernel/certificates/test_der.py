"""Our few lines of DER say the same as asn1crypto."""

from __future__ import annotations

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.certificates import der
from jianguan.kernel.certificates.cms import parse


@given(st.integers(0, 2**200))
def test_integers_are_encoded_as_elsewhere(value: int):
    assert der.integer(value) == core.Integer(value).dump()


@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**130), max_size=6))
def test_object_identifiers_are_encoded_as_elsewhere(first: int, second: int, rest: list[int]):
    dotted = ".".join(map(str, (first, second, *rest)))
    assert der.oid(dotted) == core.ObjectIdentifier(dotted).dump()


@given(st.binary(max_size=70_000))
def test_octets_of_any_length_come_back(value: bytes):
    encoded = der.octets(value)
    assert encoded == core.OctetString(value).dump()
    assert der.read(encoded).content == value


@given(st.lists(st.binary(max_size=20)))
def test_the_elements_of_a_set_are_ordered(values: list[bytes]):
    children = der.read(der.set_of(*map(der.octets, values))).children()
    assert [each.raw for each in children] == sorted(map(der.octets, values))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_whole(data: bytes):
    try:
        element = der.read(data)
    except der.DerError:
        return
    assert 2 <= element.content_start <= element.end <= len(data)


@given(st.binary(max_size=200))
def test_what_is_not_signed_data_is_refused(data: bytes):
    with pytest.raises(der.DerError):
        parse(data)

"""Personal data: unreadable in the column, found by its fingerprint, lost with the key."""

from __future__ import annotations

import base64
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from jianguan.platform.accounts.models import Account
from jianguan.platform.privacy import cipher
from jianguan.platform.privacy.service import CannotDecryptError, blind_index, decrypt, encrypt, from_text, to_text

IDENTITY = "460000199001010128"


@pytest.fixture
def another_key(monkeypatch, settings):
    """Switches to the key of another installation, and back."""

    def switch(letter: bytes) -> None:
        cipher._key.cache_clear()
        key = SecretStr(base64.urlsafe_b64encode(letter * 32).decode())
        monkeypatch.setattr(settings, "ENVIRONMENT", SimpleNamespace(field_key=key))

    yield switch
    monkeypatch.undo()
    cipher._key.cache_clear()


@given(st.text())
def test_what_is_encrypted_comes_back(text):
    assert decrypt(encrypt(text)) == text
    assert decrypt(from_text(to_text(encrypt(text)))) == text


@given(st.text(min_size=4))
def test_the_same_text_never_looks_the_same_twice(text):
    first, second = encrypt(text), encrypt(text)
    assert first != second
    assert text.encode() not in first


@given(st.text(), st.text())
def test_fingerprints_are_equal_exactly_for_equal_texts(one, other):
    assert (blind_index(one) == blind_index(other)) is (one == other)


def test_a_fingerprint_is_no_bare_hash(another_key):
    here = blind_index(IDENTITY)
    another_key(b"a")
    elsewhere = blind_index(IDENTITY)
    another_key(b"b")
    assert len({here, elsewhere, blind_index(IDENTITY)}) == 3


def test_another_installations_key_opens_nothing(another_key):
    sealed = encrypt(IDENTITY)
    another_key(b"a")
    with pytest.raises(CannotDecryptError):
        decrypt(sealed)


def test_the_key_of_fingerprints_is_not_the_key_of_texts():
    assert cipher._key("blind-index") != cipher._key("personal-data")


@given(st.data())
def test_one_altered_bit_is_noticed(data):
    sealed = bytearray(encrypt(IDENTITY))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotDecryptError):
        decrypt(bytes(sealed))


@given(st.binary(max_size=60))
def test_what_was_never_encrypted_is_told_apart(data):
    with pytest.raises(CannotDecryptError):
        decrypt(data)


@pytest.mark.parametrize("kept", [0, 1, 5, 12, 13, 20])
def test_what_was_cut_off_is_noticed(kept):
    with pytest.raises(CannotDecryptError):
        decrypt(encrypt(IDENTITY)[:kept])


@pytest.mark.django_db
class TestColumns:
    @pytest.fixture
    def account(self, world):
        account = world.accounts["window"]
        account.phone = "13900001234"
        account.save(update_fields=["phone"])
        return account

    def stored(self, account: Account) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT phone FROM accounts_account WHERE id = %s", [account.id])
            value = cursor.fetchone()[0]
        return None if value is None else bytes(value)

    def test_the_column_holds_no_plain_text(self, account):
        assert b"13900001234" not in self.stored(account)
        assert decrypt(self.stored(account)) == "13900001234"

    def test_the_code_sees_plain_text_however_it_reads(self, account):
        assert Account.objects.get(pk=account.pk).phone == "13900001234"
        assert list(Account.objects.filter(pk=account.pk).values_list("phone", flat=True)) == ["13900001234"]
        account.refresh_from_db()
        assert account.phone == "13900001234"

    @pytest.mark.parametrize("write", ["update", "bulk_update", "save"])
    def test_every_way_of_writing_encrypts(self, account, write):
        account.phone = "13811112222"
        {
            "update": lambda: Account.objects.filter(pk=account.pk).update(phone="13811112222"),
            "bulk_update": lambda: Account.objects.bulk_update([account], ["phone"]),
            "save": account.save,
        }[write]()
        assert b"13811112222" not in self.stored(account)
        assert decrypt(self.stored(account)) == "13811112222"

    def test_nothing_stays_nothing(self, account):
        Account.objects.filter(pk=account.pk).update(phone=None)
        assert self.stored(account) is None
        assert Account.objects.get(pk=account.pk).phone is None

    def test_a_search_for_the_plain_text_finds_nothing(self, account):
        assert not Account.objects.filter(phone="13900001234").exists()

    def test_a_row_of_another_installation_is_not_shown_as_garbage(self, account, another_key):
        another_key(b"a")
        with pytest.raises(CannotDecryptError):
            Account.objects.get(pk=account.pk)

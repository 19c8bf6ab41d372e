"""Canonical JSON: one document, one sequence of bytes, one digest (RFC 8785, with the restrictions of this house).

What JSON has: `dict` with text keys, `list`, `tuple`, `str`, `bool`, `None`, and `int` of at most 2**53 - 1 either way,
which every reader of JSON keeps exactly. What becomes text, by one rule each:

    Decimal     plain notation, digits as given       "1200.50"
    datetime    aware, in UTC, to the microsecond     "2026-11-20T08:00:00.000000Z"
    date        ISO 8601                              "2026-11-20"
    UUID        lower case with hyphens               "0199e3a8-7c1e-7000-8000-000000000000"

Everything else is refused, above all `float`: a sum of money or a score that rounds has no digest to rely on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import rfc8785

SALT_SIZE = 32
"""Bytes of a salt: `secrets.token_bytes(SALT_SIZE)`."""

_MAX_INT = 2**53 - 1
_MAX_PLACES = 100


def canonical(value: Any) -> bytes:
    """The document as RFC 8785 writes it, in UTF-8.

    `TypeError` for what has no place in a document, `ValueError` for a value out of range. Both name the path inside the
    document, in the manner of RFC 9535: `$['parties'][0]['phone']`.
    """
    try:
        return rfc8785.dumps(_plain(value, "$"))
    except RecursionError as error:
        raise ValueError("The document is nested too deeply for canonical JSON.") from error


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical document."""
    return sha256(canonical(value)).digest()


def salted_digest(value: Any, salt: bytes) -> bytes:
    """SHA-256(salt ‖ canonical document): what a leaf holds in place of personal data (个人信息).

    A leaf is never deleted, personal data must be when the law demands it (《个人信息保护法》第四十七条). Names, telephone
    and identity numbers are so few that a bare digest can be undone by trying them all. A salt of 32 random bytes, kept
    beside the data and nowhere else, forbids that: as long as it exists, the leaf proves the data; once data and salt
    are erased, nobody can tell what the digest in the leaf was made of, and no proof in the tree is harmed.
    """
    if len(salt) != SALT_SIZE:
        raise ValueError(f"A salt has {SALT_SIZE} bytes.")
    return sha256(salt + canonical(value)).digest()


def _plain(value: Any, path: str) -> Any:
    """The same document made of what JSON has."""
    for kind, convert in _RULES:
        if isinstance(value, kind):
            return convert(value, path)
    raise TypeError(f"{path} is of type {type(value).__name__}, which canonical JSON does not take.")


def _object(value: dict[Any, Any], path: str) -> dict[str, Any]:
    if wrong := [key for key in value if not isinstance(key, str)]:
        raise TypeError(f"{path} has the key {wrong[0]!r}; keys must be text.")
    return {_text(key, path): _plain(item, f"{path}[{key!r}]") for key, item in value.items()}


def _array(value: list[Any] | tuple[Any, ...], path: str) -> list[Any]:
    return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]


def _text(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{path} holds half of a surrogate pair, which UTF-8 cannot write.") from error
    return value


def _integer(value: int, path: str) -> int:
    if abs(value) > _MAX_INT:
        raise ValueError(f"{path} is beyond 2**53 - 1, which JSON readers may round; write it as text.")
    return value


def _decimal(value: Decimal, path: str) -> str:
    if not value.is_finite():
        raise ValueError(f"{path} is {value}, not a number.")
    exponent = value.as_tuple().exponent
    # Without a limit, 1E+999999999 is nine letters that become a gigabyte.
    if abs(int(exponent)) > _MAX_PLACES:
        raise ValueError(f"{path} has more than {_MAX_PLACES} places.")
    return f"{value:f}"


def _instant(value: datetime, path: str) -> str:
    if value.utcoffset() is None:
        raise ValueError(f"{path} is a time without a time zone.")
    try:
        utc = value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{path} is outside the years 1 to 9999 in UTC.") from error
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _as_is(value: bool | None, _path: str) -> bool | None:
    return value


# In this order: bool is an int, and datetime is a date.
_RULES: tuple[tuple[type | tuple[type, ...], Callable[[Any, str], Any]], ...] = (
    (str, _text),
    ((bool, type(None)), _as_is),
    (int, _integer),
    (dict, _object),
    ((list, tuple), _array),
    (Decimal, _decimal),
    (datetime, _instant),
    (date, lambda value, _path: value.isoformat()),
    (UUID, lambda value, _path: str(value)),
)

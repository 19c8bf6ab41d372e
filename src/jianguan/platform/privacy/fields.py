"""Columns for sensitive personal data."""

from __future__ import annotations

from typing import Any

from django.db import models

from jianguan.platform.privacy import cipher


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]  # the stubs ask for parameters the class does not take
    """Text that is encrypted in the column; Python code sees plain text.

    It cannot be searched: look it up through a blind index kept beside it.
    """

    def from_db_value(self, value: bytes | memoryview | None, *_args: object) -> str | None:
        return None if value is None else cipher.decrypt(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = cipher.encrypt(value) if isinstance(value, str) else value
        return super().get_db_prep_value(sealed, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return value

"""Sensitive answers 敏感个人信息: encrypted where they are stored, masked where they are shown.

A record is sealed whole: every answer of a field with `x-sensitive` becomes ciphertext, also one that is wrong, for a
mistyped identity number is nearly one. Nothing else changes, so a sealed record keeps its shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any, Final

from jianguan.kernel.identifiers import mask_id, mask_phone
from jianguan.licensing.forms.form import Field, Form, Record, leaves
from jianguan.platform.privacy.service import decrypt, encrypt, from_text, to_text

_MASKS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType({"id_card": mask_id, "phone": mask_phone})


def seal(form: Form, record: Mapping[str, Any]) -> Record:
    """The record as it may be stored: sensitive answers are ciphertext."""
    return _changed(form, record, lambda _, answer: to_text(encrypt(answer)))


def open_record(form: Form, sealed: Mapping[str, Any]) -> Record:
    """The inverse of `seal`; `CannotDecryptError` where the field key is another one or the text was altered."""
    return _changed(form, sealed, lambda _, answer: decrypt(from_text(answer)))


def masked(form: Form, record: Mapping[str, Any]) -> Record:
    """The record as it may be shown: of sensitive answers only so much stays that one recognises them."""
    return _changed(form, record, mask)


def mask(field: Field, answer: str) -> str:
    """The answer as it may be shown."""
    return _MASKS[field.sensitive](answer) if field.sensitive else answer


def _changed(form: Form, record: Mapping[str, Any], change: Callable[[Field, str], str]) -> Record:
    made: Record = deepcopy(dict(record))
    for path, field, answer in leaves(form, record):
        if field.sensitive:
            holder: Any = made
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = change(field, answer)
    return made

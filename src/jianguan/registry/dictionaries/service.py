"""The door of dictionaries. They are small and change rarely, so each process keeps them in memory."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.db import transaction
from django.utils.translation import get_language

from jianguan.registry.dictionaries.models import Term

DATA = Path(__file__).parent / "data" / "dictionaries.yaml"


@functools.cache
def _all() -> dict[str, dict[str, Term]]:
    found: dict[str, dict[str, Term]] = {}
    for term in Term.objects.order_by("dictionary", "rank"):
        found.setdefault(term.dictionary, {})[term.code] = term
    return found


def terms(dictionary: str) -> list[Term]:
    """All items of a dictionary, in its own order."""
    return list(_all().get(dictionary, {}).values())


def codes(dictionary: str) -> list[str]:
    """All codes of a dictionary, in its own order."""
    return list(_all().get(dictionary, {}))


def options(dictionary: str) -> list[tuple[str, str]]:
    """Codes and names in the reader's language, for controls of forms and filters."""
    return [(code, name(dictionary, code)) for code in codes(dictionary)]


def name(dictionary: str, code: str, language: str | None = None) -> str:
    """Name of an item in the reader's language; an unknown (old) code stands for itself."""
    term = _all().get(dictionary, {}).get(code)
    if term is None:
        return code
    return term.name_en if (language or get_language()) == "en" else term.name


@dataclass(frozen=True, slots=True)
class About:
    """A dictionary itself: its name, where it comes from, and how sure that is (sourced, recalled, proposal)."""

    key: str
    zh: str
    en: str
    source: str
    confidence: str

    @property
    def name(self) -> str:
        return self.en if get_language() == "en" else self.zh


class Shipped:
    """The dictionaries as they come with the product, without a database: for pages about them and checking packs."""

    def __init__(self) -> None:
        document = yaml.safe_load(DATA.read_text())
        self._items: dict[str, list[list[str]]] = {k: d["items"] for k, d in document.items()}
        self.dictionaries = [About(key, d["zh"], d["en"], d["source"], d["confidence"]) for key, d in document.items()]

    def codes(self, dictionary: str) -> list[str]:
        """All codes of a dictionary, in its own order."""
        return [code for code, _, _ in self._items.get(dictionary, [])]

    def name(self, dictionary: str, code: str, language: str | None = None) -> str:
        """Name of an item."""
        found = next((item for item in self._items.get(dictionary, []) if item[0] == code), [code, code, code])
        return found[2] if (language or get_language()) == "en" else found[1]


@functools.cache
def shipped() -> Shipped:
    """The dictionaries as they come with the product."""
    return Shipped()


def load(path: Path = DATA) -> int:
    """Create or refresh the dictionaries of a file; returns how many items. Items are never removed."""
    rows = [
        Term(dictionary=key, code=code, name=zh, name_en=en, rank=rank, confidence=dictionary["confidence"])
        for key, dictionary in yaml.safe_load(path.read_text()).items()
        for rank, (code, zh, en) in enumerate(dictionary["items"])
    ]
    with transaction.atomic():
        Term.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["dictionary", "code"],
            update_fields=["name", "name_en", "rank", "confidence"],
        )
    _all.cache_clear()
    return len(rows)


__all__ = ["About", "Shipped", "Term", "codes", "load", "name", "options", "shipped", "terms"]

"""The packages on offer 一件事目录: definitions that come with the product, with the versions of their matters in force."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from jianguan.licensing.forms.service import FormError
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Pack, PackVersion
from jianguan.licensing.packages.definition import Definition, definitions
from jianguan.licensing.packages.rules import Saving, Span, saving
from jianguan.licensing.packages.union import Union, conflicts, unite
from jianguan.platform import clock
from jianguan.platform.errors import NotFound
from jianguan.platform.workdays import service as workdays

FOLDER = "packages"


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A package that can be applied for today, with the versions of its matters in force."""

    definition: Definition
    versions: Mapping[str, PackVersion]

    @property
    def packs(self) -> dict[str, Pack]:
        """The packs of its matters."""
        return packs_of(self.versions)

    def union(self, chosen: Sequence[str]) -> Union:
        """The one form for the matters that take part."""
        return union_of(self.definition, self.versions, chosen)

    def promise(self) -> Saving:
        """The promised time against the promised limits added up, if every matter takes part that can."""
        return promise(self.definition, self.packs, self.definition.chosen(self.definition.matters))


@functools.cache
def _shipped(folder: Path) -> tuple[Definition, ...]:
    return tuple(definitions(folder / FOLDER))


def offers() -> list[Offer]:
    """All packages on offer. One whose matters are not all published, or contradict each other by now, is not."""
    current = {version.matter: version for version in matters.all_current(clock.today())}
    return [offer for one in _shipped(settings.PACKS_ROOT) if (offer := _offer(one, current))]


def offer(key: str) -> Offer:
    """A package on offer.

    Raises:
        NotFound: there is none of this key.
    """
    found = next((one for one in offers() if one.definition.key == key), None)
    if found is None:
        raise NotFound
    return found


def _offer(definition: Definition, current: Mapping[str, PackVersion]) -> Offer | None:
    if not all(matter in current for matter in definition.matters):
        return None
    made = Offer(definition, {matter: current[matter] for matter in definition.matters})
    return made if _is_sound(made) else None


def _is_sound(made: Offer) -> bool:
    if _contradicts(made.definition, _names(made.versions)):
        return False
    try:
        made.union(made.definition.matters)
    except FormError:
        return False
    return True


Name = tuple[str, int, str]


def _names(versions: Mapping[str, PackVersion]) -> tuple[Name, ...]:
    return tuple((row.matter, row.version, row.digest) for row in versions.values())


def packs_of(versions: Mapping[str, PackVersion]) -> dict[str, Pack]:
    """The packs of pinned versions."""
    return {matter: matters.of_version(version) for matter, version in versions.items()}


def union_of(definition: Definition, versions: Mapping[str, PackVersion], chosen: Sequence[str]) -> Union:
    """The one form for these matters under these versions; made once, for versions never change."""
    return _united(_Key(definition), _names(versions), tuple(chosen))


class _Key:
    """A definition as a key of a cache: two that say the same are the same."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._text = repr(definition.document)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@functools.lru_cache(maxsize=128)
def _united(key: _Key, names: tuple[Name, ...], chosen: tuple[str, ...]) -> Union:
    return unite(key.definition, _read(names), chosen)


def _contradicts(definition: Definition, names: tuple[Name, ...]) -> bool:
    return _found_contradiction(_Key(definition), names)


@functools.lru_cache(maxsize=128)
def _found_contradiction(key: _Key, names: tuple[Name, ...]) -> bool:
    return any(True for _ in conflicts(key.definition, _read(names)))


def _read(names: tuple[Name, ...]) -> dict[str, Pack]:
    rows = {matter: PackVersion(matter=matter, version=version, digest=digest) for matter, version, digest in names}
    return packs_of(rows)


def promise(definition: Definition, packs: Mapping[str, Pack], chosen: Sequence[str]) -> Saving:
    """The promised limits of the matters that take part: one after the other, and at the same time.

    Counted from a Monday of an ordinary week, so that limits in calendar days do not depend on today.
    """
    spans = [Span(m, definition.after(m, chosen), packs[m].matter.promised.limit) for m in chosen]
    return saving(spans, ORDINARY, ORDINARY, workdays.calendar())


@dataclass(frozen=True, slots=True)
class Questions:
    """How many questions the one form asks, and how many the single forms would ask."""

    once: int
    single: int


def questions(offer: Offer, chosen: Sequence[str]) -> Questions:
    """What the one form saves those who fill it in."""
    single = sum(1 for matter in chosen for _ in offer.packs[matter].form.fields)
    return Questions(sum(1 for _ in offer.union(chosen).form.fields), single)


ORDINARY = date(2026, 3, 2)

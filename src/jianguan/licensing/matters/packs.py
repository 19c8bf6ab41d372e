"""Published packs as the rest of the room sees them."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from uuid import UUID

import yaml

from jianguan.licensing.matters.models import PackVersion
from jianguan.licensing.matters.pack import Matter, Pack
from jianguan.licensing.matters.reading import from_archive
from jianguan.platform import clock
from jianguan.platform.errors import NotFound

GROUPS = Path(__file__).parent / "data" / "groups.yaml"


def of_version(version: PackVersion) -> Pack:
    """The pack of a published version."""
    return _by_definition(version.matter, version.version, version.digest)


@functools.lru_cache(maxsize=512)
def _by_definition(matter: str, version: int, _digest: str) -> Pack:
    """Read once per process: a published version never changes (its digest is part of the key for tests' sake)."""
    return from_archive(bytes(PackVersion.objects.get(matter=matter, version=version).content))


def current(matter: str, day: date) -> PackVersion:
    """The version new cases of a matter begin under on a day.

    Raises:
        NotFound: the matter has no version in force.
    """
    rows = PackVersion.objects.defer("content").filter(matter=matter, effective_from__lte=day)
    newest = rows.order_by("-version").first()
    if newest is None:
        raise NotFound
    return newest


def pinned(version_id: UUID) -> PackVersion:
    """A version by its id, whether it is still in force or not."""
    return PackVersion.objects.defer("content").get(pk=version_id)


@functools.cache
def _groups() -> list[str]:
    return list(yaml.safe_load(GROUPS.read_text("utf-8")))


def in_order(matters: Iterable[Matter]) -> list[Matter]:
    """Matters in the order of building (`data/groups.yaml`), groups nobody ordered last."""
    places = {group: place for place, group in enumerate(_groups())}
    return sorted(matters, key=lambda matter: (places.get(matter.group, len(places)), matter.group, matter.key))


def all_current(day: date) -> list[PackVersion]:
    """The version in force of every matter, by matter."""
    rows = PackVersion.objects.defer("content").filter(effective_from__lte=day)
    newest: dict[str, PackVersion] = {row.matter: row for row in rows.order_by("matter", "version")}
    return list(newest.values())


def catalogue() -> list[Matter]:
    """The matters in force today 事项目录, in the order of building."""
    return in_order(of_version(version).matter for version in all_current(clock.today()))

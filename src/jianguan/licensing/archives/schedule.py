"""What the room knows as data: the stages of a box, what each should leave, and how long documents are kept."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from jianguan.kernel.tables import Localized

DATA = Path(__file__).parent / "data"
PROJECT, ENTERPRISE, PERSON = "project", "enterprise", "person"
MATERIAL, CERTIFICATE, NOTICE, PROMISE = "material", "certificate", "notice", "promise"


@dataclass(frozen=True, slots=True)
class Expected:
    """A document or record a finished stage should have left; any one of the sources is enough."""

    name: Localized
    certificates: frozenset[str]
    records: frozenset[str]
    materials: frozenset[str]
    confidence: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a box, the matters that belong to it, what finishes it and what it should leave."""

    key: str
    name: Localized
    groups: frozenset[str]
    matters: frozenset[str]
    finishing_matters: frozenset[str]
    finishing_records: frozenset[str]
    expects: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A retention period 保管期限; `years` where it ends by the calendar, `order` 0 for the longest."""

    key: str
    name: Localized
    years: int | None
    order: int


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a document is kept, and how sure we are of it."""

    period: Period
    confidence: str


@dataclass(frozen=True, slots=True)
class _Rule:
    what: str
    keys: frozenset[str]
    groups: frozenset[str]
    retention: Retention

    def fits(self, what: str, key: str, group: str) -> bool:
        return self.what == what and (not self.keys or key in self.keys) and (not self.groups or group in self.groups)


@functools.cache
def stages(box: str) -> tuple[Stage, ...]:
    """The stages of a kind of box, in order; the last takes what belongs to none."""
    return tuple(map(_stage, _document("stages.yaml")[box]))


def stage_of(box: str, matter: str, group: str) -> Stage:
    """The stage of a box a matter belongs to: by its name before its group."""
    found = stages(box)
    named = next((stage for stage in found if matter in stage.matters), None)
    return named or next((stage for stage in found if group in stage.groups), found[-1])


def retention_of(what: str, key: str, group: str) -> Retention:
    """How long a document is kept: `what` it is, its key in the matter, the group of the matter."""
    return next(rule.retention for rule in _rules() if rule.fits(what, key, group))


@functools.cache
def retention_source() -> Localized:
    """What the retention periods rest on."""
    return _text(_document("retention.yaml")["source"])


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    document = _document("retention.yaml")
    periods = {
        key: Period(key, _text(d), d.get("years"), order) for order, (key, d) in enumerate(document["periods"].items())
    }
    return tuple(
        _Rule(d["is"], _set(d, "keys"), _set(d, "groups"), Retention(periods[d["period"]], d["confidence"]))
        for d in document["rules"]
    )


def _stage(d: Mapping[str, Any]) -> Stage:
    finished, expects = d.get("finished_by", {}), d.get("expects", [])
    return Stage(
        d["key"], _text(d["name"]), _set(d, "groups"), _set(d, "matters"), _set(finished, "matters"),
        _set(finished, "records"), tuple(map(_expected, expects)),
    )  # fmt: skip


def _expected(d: Mapping[str, Any]) -> Expected:
    return Expected(
        _text(d), _set(d, "certificates"), _set(d, "records"), _set(d, "materials"), confidence=d["confidence"]
    )


def _set(d: Mapping[str, Sequence[str]], name: str) -> frozenset[str]:
    return frozenset(d.get(name, ()))


def _text(d: Mapping[str, str]) -> Localized:
    return Localized(d["zh"], d["en"])


def _document(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text("utf-8"))

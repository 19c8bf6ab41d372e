"""Putting a box together from the uses that were made of documents. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from jianguan.kernel.identifiers import mask_id, mask_phone
from jianguan.kernel.tables import Localized
from jianguan.licensing.archives.schedule import CERTIFICATE, Expected, Retention, Stage

_IDENTITY = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Use:
    """That a document was put into the box, and why.

    Attributes:
        what: `material`, `certificate`, `notice` or `promise`; key: which material of the matter, or which kind of certificate.
        number: of the case, or of the certificate itself.
        versions: in which submissions of the case it stands (of a certificate: its edition); `newest` is the last there is.
        closed_on: the day its case ended; None while it is open.
        address: id of the document or number of the certificate, by which it is downloaded.
    """

    what: str
    key: str
    name: Localized
    case_id: UUID
    number: str
    matter: str
    matter_name: Localized
    filename: str
    versions: tuple[int, ...]
    newest: int
    put_by: UUID | None
    put_at: datetime
    closed_on: date | None
    stage: Stage
    retention: Retention
    address: str

    @property
    def is_superseded(self) -> bool:
        """Whether a later submission or edition stands in its place."""
        return self.versions[-1] < self.newest


@dataclass(frozen=True, slots=True)
class Content:
    """What is known of a content without reading it."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Item:
    """A document of the box, there once whatever number of uses was made of it."""

    content: Content
    uses: tuple[Use, ...]

    @property
    def first(self) -> Use:
        """The use that put it into the box."""
        return self.uses[0]

    @property
    def stage(self) -> Stage:
        return self.first.stage

    @property
    def retention(self) -> Retention:
        """The longest of what its uses ask for."""
        return min((use.retention for use in self.uses), key=lambda retention: retention.period.order)

    @property
    def keep_until(self) -> date | None:
        """The last day it is kept; None where it is kept without a day, or a case it serves is still open."""
        years, closed = self.retention.period.years, [use.closed_on for use in self.uses]
        days = [day for day in closed if day]
        return _years_after(max(days), years) if years and len(days) == len(closed) else None


@dataclass(frozen=True, slots=True)
class Placed:
    """A document at a stage, with the uses made of it there."""

    item: Item
    uses: tuple[Use, ...]

    @property
    def lead(self) -> Use:
        """The use it is listed under at this stage."""
        return self.uses[0]

    @property
    def filed_at(self) -> Stage | None:
        """The stage at which it was filed, where that is another one."""
        return None if self.item.stage == self.lead.stage else self.item.stage


@dataclass(frozen=True, slots=True)
class Shelf:
    """A stage of the box with the documents used there, in the order they came, and what it should have left but did not.

    `finished`: whether it has come to its end, so that what is expected can be missing.
    """

    stage: Stage
    placed: tuple[Placed, ...]
    missing: tuple[Expected, ...]
    finished: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What shows that something expected is there, and that stages are finished: kinds and keys by source."""

    completed: Collection[str]
    records: Collection[str]


def gather(uses: Iterable[tuple[Content, Use]]) -> list[Item]:
    """Every content once, in the order it first came; uses that differ by version only become one."""
    found: dict[str, tuple[Content, list[Use]]] = {}
    for content, use in sorted(uses, key=lambda pair: (pair[1].put_at, pair[1].number, pair[1].versions)):
        found.setdefault(content.sha256, (content, []))[1].append(use)
    return [Item(content, tuple(_joined(made))) for content, made in found.values()]


def _joined(uses: Sequence[Use]) -> list[Use]:
    joined: dict[tuple[str, UUID, str, str], Use] = {}
    for use in uses:
        place = (use.what, use.case_id, use.key, use.address)
        earlier = joined.get(place)
        joined[place] = replace(earlier, versions=(*earlier.versions, *use.versions)) if earlier else use
    return list(joined.values())


def shelves(stages: Sequence[Stage], items: Sequence[Item], held: Held | None) -> list[Shelf]:
    """The documents by stage. Without `held` (the reader sees only part of the box) nothing is said to be missing."""
    there, made = _there(items), []
    for stage in stages:
        finished, missing = False, tuple[Expected, ...]()
        if held is not None and _is_finished(stage, held):
            finished = True
            missing = tuple(one for one in stage.expects if not _is_there(one, there, held))
        made.append(Shelf(stage, tuple(_placed(stage, items)), missing, finished))
    return made


def _placed(stage: Stage, items: Sequence[Item]) -> Iterator[Placed]:
    for item in items:
        if uses := tuple(use for use in item.uses if use.stage == stage):
            yield Placed(item, uses)


def _there(items: Sequence[Item]) -> Mapping[str, frozenset[str]]:
    uses = [use for item in items for use in item.uses if not use.is_superseded or use.what == CERTIFICATE]
    return {
        "certificates": frozenset(use.key for use in uses if use.what == CERTIFICATE),
        "materials": frozenset(f"{use.matter}/{use.key}" for use in uses if use.what != CERTIFICATE),
    }


def _is_finished(stage: Stage, held: Held) -> bool:
    return not (stage.finishing_matters.isdisjoint(held.completed) and stage.finishing_records.isdisjoint(held.records))


def _is_there(one: Expected, there: Mapping[str, frozenset[str]], held: Held) -> bool:
    return bool(
        one.certificates & there["certificates"]
        or one.materials & there["materials"]
        or not one.records.isdisjoint(held.records)
    )


def masked(filename: str) -> str:
    """A file name without the identity and telephone numbers people put into it."""
    hidden = _IDENTITY.sub(lambda found: mask_id(found[0]), filename)
    return _MOBILE.sub(lambda found: mask_phone(found[0]), hidden)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)

"""Applications for the same thing: one may be open at a time. Said while choosing and writing, refused when submitting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.kernel.transparency.canonical import digest
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pack import Matter, Pack
from jianguan.licensing.matters.statuses import Status
from jianguan.platform.accounts.service import Actor

PERMIT_WORKS = "permit_works"  # permits have a rule of their own: for the same works


def key_of(case: Case, pack: Pack, answers: Mapping[str, Any]) -> str:
    """What an application is about, and what tells it apart, as one key."""
    about = case.certificate_id or case.project_id or case.applicant_id
    apart = [str(answers.get(name) or "") for name in pack.matter.subject.told_apart_by]
    return digest([case.matter, str(about), *apart]).hex()


def for_works(pack: Pack) -> bool:
    """Whether the matter permits works."""
    return any(node.effect == PERMIT_WORKS for node in pack.net.nodes.values())


def warning(case: Case, pack: Pack, answers: Mapping[str, Any]) -> Message | None:
    """A sentence for an application still being written that could not be submitted beside another one."""
    if for_works(pack) or any(not answers.get(name) for name in pack.matter.subject.told_apart_by):
        return None
    same = Case.objects.filter(object_key=key_of(case, pack, answers), ended_at=None)
    other = same.exclude(pk=case.pk).exclude(status=Status.DRAFT).first()
    return still_open(other) if other else None


def still_open(other: Case) -> Message:
    """The sentence about the other application."""
    return message(
        "Application %(number)s for the same is still open. Wait for its result or withdraw it.", number=other.number
    )


def open_about(actor: Actor, matter: Matter, ids: Collection[UUID]) -> dict[UUID, Case]:
    """The newest open application of a matter by what it is about: projects, certificates, or the enterprise itself."""
    kind = matter.subject.kind
    name = {"project": "project_id", "certificate": "certificate_id"}.get(kind, "applicant_id")
    about = list(ids) if name != "applicant_id" else [actor.organisation_id]
    rows = Case.objects.filter(matter=matter.key, ended_at=None, **{f"{name}__in": about}).exclude(status=Status.DRAFT)
    return {getattr(case, name): case for case in rows.order_by("id")}

"""Applying in one go with answers and documents given elsewhere: a matter of a package."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import packs
from jianguan.licensing.matters.actions.drafting import OpenDraft, open_draft, save_draft
from jianguan.licensing.matters.actions.submitting import Submit, submit
from jianguan.licensing.matters.models import Case, PackVersion
from jianguan.licensing.matters.prefill import known_of
from jianguan.platform.accounts.service import Actor
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.service import Document


@dataclass(frozen=True, slots=True)
class Application:
    """Everything an application needs.

    Attributes:
        attempt: id of this one attempt; sending it again changes nothing.
        fill_in: fields whose answer the platform knows by now, though the applicant could not.
        uploads: (key of the material, document uploaded elsewhere).
    """

    attempt: UUID
    version: PackVersion
    project_id: UUID
    record: Mapping[str, Any]
    fill_in: Collection[str]
    uploads: Sequence[tuple[str, Document]]


def apply(actor: Actor, application: Application) -> Case:
    """Open, fill in and submit an application through the acts a person would do; the case it became.

    Raises:
        Refusal: whatever one of the acts refuses; nothing is kept then.
    """
    attempt, version = application.attempt, application.version
    pack = packs.of_version(version)
    with transaction.atomic():
        begin = OpenDraft(uuid5(attempt, "open"), version.matter, application.project_id, version_id=version.pk)
        case = Case.objects.with_pack().get(pk=open_draft(actor, begin).id)
        if case.submitted_at:
            return case
        known = known_of(case)
        begun = {key: answer for key, answer in forms.prefilled(pack.form, known).items() if key in application.fill_in}
        record = forms.settle(pack.form, {**begun, **application.record}, known)
        for slot, one in application.uploads:
            documents.attach(one.blob, one.filename, ("case", case.id), slot, one.uploaded_by)
        submit(
            actor, Submit(uuid5(attempt, "submit"), case.id, save_draft(actor, case.id, record, case.draft.revision))
        )
        case.refresh_from_db()
    return case

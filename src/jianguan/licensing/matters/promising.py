"""What a case has to do with promises 告知承诺: which one it rests on, and what is not asked for because of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import packs
from jianguan.licensing.matters.models import Case, Submission
from jianguan.licensing.matters.pack import MatterLimit, Pack
from jianguan.licensing.promises import service as promises
from jianguan.licensing.promises.service import Application, Promise
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor
from jianguan.platform.errors import Refusal

FILE = "file-"
NOT_ACCEPT = "not_accept"


def application_of(case: Case) -> Application:
    """What promises have to know of a case."""
    uscc = accounts.organisation(case.applicant_id).uscc or ""
    name = packs.of_version(case.pack).matter.name.to_json()
    return Application(
        case.id, case.number or "", case.title, case.matter, name, case.region, case.applicant_id, case.applicant_name, uscc
    )  # fmt: skip


def promise_of(case: Case, pack: Pack) -> Promise | None:
    """The promise that the newest submission of a case rests on."""
    if pack.matter.promise is None:
        return None
    newest = Submission.objects.filter(case=case).order_by("-version").values_list("version", flat=True).first()
    return promises.of_submission(case.id, newest) if newest else None


def limit_of(case: Case, pack: Pack) -> MatterLimit:
    """The time promised for a case."""
    matter = pack.matter
    shorter = matter.promised_by_promise is not None and promise_of(case, pack) is not None
    return matter.promised_to(by_promise=shorter)


def chosen(case: Case, pack: Pack) -> bool:
    """Whether an application being written is to be made by promise."""
    way = promises.way_of(case.id) if pack.matter.promise else None
    return way is not None and way.promised


def waived(case: Case, pack: Pack) -> frozenset[str]:
    """Documents that are not asked for, because what they prove is promised."""
    return pack.matter.promise.materials if pack.matter.promise and chosen(case, pack) else frozenset()


def refuse_unsound(case: Case, pack: Pack) -> None:
    """Hold a promise against its terms, before it is submitted.

    Raises:
        Refusal: something is not confirmed or signed. Conflict: the applicant may not promise.
    """
    if pack.matter.promise:
        promises.refuse_unsound(application_of(case), pack.matter.promise)


def sign(actor: Actor, case: Case, pack: Pack) -> None:
    """Sign the promise of the submission that was just kept, where it is made by promise."""
    matter = pack.matter
    if matter.promise is None:
        return
    version = Submission.objects.filter(case=case).latest("version").version
    promises.sign(actor, application_of(case), matter.promise, version, {"pack": pack.digest})


def open_check(case_id: UUID, approved_by: UUID | None) -> None:
    """Open the later check of a case that was decided in favour, if it rests on a promise; repeating it changes nothing."""
    case = Case.objects.with_pack().get(pk=case_id)
    pack = packs.of_version(case.pack)
    promise = promise_of(case, pack)
    if promise and pack.matter.promise and case.decided_on:
        promises.open_check(application_of(case), promise, pack.matter.promise.role, case.decided_on, approved_by)


def refuse_demanding(case: Case, pack: Pack, outcome: str, demanded: Mapping[str, str], opinion: str) -> None:
    """Nobody may ask for what was promised instead of being proved, nor decline an application for its lack.

    `demanded` are the texts of a correction with the input each is about.

    Raises:
        Refusal: a document that was promised is named.
    """
    if not demanded and outcome != NOT_ACCEPT:
        return
    promise = promise_of(case, pack)
    promised = [material for material in pack.matter.materials if promise and material.key in promise.materials]
    texts = [*demanded, opinion if outcome == NOT_ACCEPT else ""]
    for material in promised:
        if f"{FILE}{material.key}" in demanded.values() or any(material.name.zh in text for text in texts):
            says: Message = message(
                "“%(name)s” is promised: it may not be asked for, and its lack is no reason. It is checked after the decision.",
                name=material.name.zh,
            )
            raise Refusal(says, {"items" if demanded else "opinion": says})

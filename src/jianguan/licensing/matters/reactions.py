"""What this room does when facts arrive: finishing cases whose certificate is there, telling applicants."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from jianguan.kernel.messages import Message, message
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import actions, facts, promising
from jianguan.licensing.matters.models import Case
from jianguan.platform import clock
from jianguan.platform.accounts.service import Organisation
from jianguan.platform.journal.service import Fact, reaction
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

PERMIT = "construction_permit"


@reaction("matters.certificate_issued", [certificates.facts.ISSUED])
def finish_case(fact: Fact) -> None:
    """The certificate a case waited for is sealed."""
    actions.certificate_issued(UUID(fact.data["case"]), UUID(fact.data["token"]), fact.data["number"])


@reaction("matters.permit_ended", [certificates.facts.STATUS_CHANGED])
def end_permit(fact: Fact) -> None:
    """A permit that was revoked, cancelled or withdrawn allows nothing any more: works and people are free."""
    held = certificates.by_id(fact.subject_id)
    if held is None or held.kind != PERMIT or fact.data["status"] not in certificates.ENDS:
        return
    with transaction.atomic():
        projects.end_permit(held.number, clock.legal_day(fact.at), held.case_id)


@reaction("matters.promise_check", [facts.APPROVED, facts.COMPLETED])
def check_promise(fact: Fact) -> None:
    """What was decided in favour on a promise is checked afterwards."""
    with transaction.atomic():
        promising.open_check(fact.subject_id, fact.actor_id)


_SAYS = {
    facts.ACCEPTED.code: message("Your application %(number)s was accepted."),
    facts.NOT_ACCEPTED.code: message("Your application %(number)s was not accepted. Read the reason."),
    facts.CORRECTION_ASKED.code: message(
        "Your application %(number)s needs a correction. The legal clock stands still until you answer."
    ),
    facts.APPROVED.code: message("Your application %(number)s was approved; the certificate is being made."),
    facts.REFUSED.code: message("Your application %(number)s was refused. Read the reason and your remedies."),
    facts.COMPLETED.code: message("Your application %(number)s is completed; the result is there to be fetched."),
    facts.LAPSED.code: message("A time limit of your application %(number)s ran out."),
}

# the same, where the applicant has or had until a day to correct
_SAYS_BY = {
    facts.CORRECTION_ASKED.code: message(
        "Your application %(number)s needs a correction by %(day)s; without it the application counts as withdrawn. "
        "The legal clock stands still until you answer."
    ),
    facts.LAPSED.code: message(
        "Your application %(number)s was not corrected by %(day)s and counts as withdrawn. You may apply again."
    ),
}


@reaction("matters.tell_applicant", [k for k in vars(facts).values() if getattr(k, "code", "") in _SAYS])
def tell_applicant(fact: Fact) -> None:
    """A message to the applicant's enterprise about what happened in its case."""
    case = Case.objects.filter(pk=fact.subject_id).first()
    if case is None:
        return
    template = _SAYS_BY[fact.kind] if fact.data.get("reply_by") else _SAYS[fact.kind]
    says = Message(template.template, {"number": case.number or "", "day": fact.data.get("reply_by", "")})
    notices.send(Recipient(organisation_id=case.applicant_id), says, f"/e/cases/{case.id}/", f"case:{fact.id}")


@reaction("matters.tell_former_employer", [people.facts.EMPLOYER_CHANGED])
def tell_former_employer(fact: Fact) -> None:
    """A message to the enterprise that employed somebody until their certificate moved to another one."""
    former = Organisation.objects.filter(uscc=fact.data["former_employer"]).first()
    if former is None:
        return
    says = message(
        "Certificate %(number)s was changed: its holder is employed elsewhere now.", number=fact.data["number"]
    )
    notices.send(Recipient(organisation_id=former.id), says, "/e/people/", f"employer:{fact.id}")

"""What follows when facts arrive: telling applicants what became of their promise."""

from __future__ import annotations

from jianguan.kernel.messages import Message, message
from jianguan.licensing.promises import facts
from jianguan.licensing.promises.models import LaterCheck
from jianguan.platform.journal.service import Fact, reaction
from jianguan.platform.notices import service as notices
from jianguan.platform.notices.service import Recipient

_SAYS = {
    facts.OPENED.code: message("The promise of your application %(number)s will be checked until %(until)s."),
    facts.KEPT.code: message("The promise of your application %(number)s was checked and found kept."),
    facts.BROKEN.code: message(
        "The promise of your application %(number)s was found not kept. Mend it until %(until)s and report it."
    ),
    facts.MENDED.code: message("What was to be mended for your application %(number)s was found mended."),
    facts.ANNOUNCED.code: message(
        "For your application %(number)s a sanction for a false promise is announced. You may be heard until %(until)s."
    ),
    facts.SANCTIONED.code: message(
        "The decision on your application %(number)s was revoked for a false promise. Read the reason and your remedies."
    ),
    facts.SPARED.code: message("Your objection for application %(number)s was upheld; there is no sanction."),
}


@reaction("promises.tell_applicant", [k for k in vars(facts).values() if getattr(k, "code", "") in _SAYS])
def tell_applicant(fact: Fact) -> None:
    """A message to the applicant's enterprise at each step of a check."""
    check = LaterCheck.objects.filter(pk=fact.subject_id).first()
    if check is None:
        return
    until = fact.data.get("until") or fact.data.get("due") or ""
    says = Message(_SAYS[fact.kind].template, {"number": check.number, "until": until})
    notices.send(Recipient(organisation_id=check.applicant_id), says, f"/e/promises/{check.id}/", f"promise:{fact.id}")

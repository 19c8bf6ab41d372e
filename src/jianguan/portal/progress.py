"""How far an application is, for whoever knows its number and the applicant's credit code 进度查询."""

from __future__ import annotations

from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jianguan.kernel.messages import message
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import TONES, Case, Status
from jianguan.licensing.packages import service as packages
from jianguan.licensing.packages.service import Package
from jianguan.platform.web.service import Field
from jianguan.portal.visitors import guessed_wrong, question, refuse_guessing, typed

NO_SUCH_PAIR = message("No application fits this number together with this credit code.")
MEANS = MappingProxyType(
    {
        Status.ACCEPTANCE: gettext_lazy("The application arrived. The window examines whether it is complete."),
        Status.CORRECTION: gettext_lazy(
            "Something has to be corrected. What it is stands in the enterprise space; the legal clock stands still until "
            "the correction arrives."
        ),
        Status.REVIEW: gettext_lazy("The application was accepted and is being reviewed."),
        Status.EXAMINATION: gettext_lazy("The reviews are done; the section examines the result."),
        Status.APPROVAL: gettext_lazy("The application waits for the decision."),
        Status.ISSUING: gettext_lazy("The application was approved; the certificate is being made."),
        Status.COMPLETED: gettext_lazy("The application was approved and the certificate is issued."),
        Status.REFUSED: gettext_lazy(
            "The application was refused. The written decision with its reasons and remedies stands in the enterprise "
            "space."
        ),
        Status.NOT_ACCEPTED: gettext_lazy(
            "The application was not accepted. The written notice with its reasons stands in the enterprise space."
        ),
        Status.WITHDRAWN: gettext_lazy("The application was withdrawn, or lapsed because no correction arrived."),
    }
)


@question
@never_cache
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """The form and, for a pair that fits, where the case stands; a wrong pair never says which part was wrong."""
    number, uscc = typed(request.POST.get("number", "")), typed(request.POST.get("uscc", ""))
    case = package = None
    if request.method == "POST":
        refuse_guessing(request)
        case = matters.by_receipt(number, uscc)
        package = None if case else packages.by_receipt(number, uscc)
        if case is None and package is None:
            guessed_wrong(request)
    missed = request.method == "POST" and case is None and package is None
    context = {
        "fields": [
            Field("number", _("Case number"), number, span=6, required=True, hint=_("as on the receipt")),
            Field("uscc", _("Unified social credit code of the applicant"), uscc, span=6, required=True),
        ],
        "mistake": NO_SUCH_PAIR if missed else None,
        **(_told(case) if case else {}),
        **(_told_of(package) if package else {}),
    }
    return render(request, "portal/progress.html", context, status=422 if missed else 200)


def _told_of(package: Package) -> dict[str, object]:
    """A package: every matter of it, and the time it saves."""
    overview = packages.overview(package, None)
    return {"package": package, "overview": overview, "picture": packages.draw(overview)}


def _told(case: Case) -> dict[str, object]:
    status = Status(case.status)
    certificate = certificates.of_case(case.id)
    return {
        "case": case,
        "matter": matters.of_version(case.pack).matter,
        "status": status.label,
        "tone": TONES[status],
        "means": MEANS[status],
        "steps": matters.steps_of(case, matters.log_of(case)),
        "deadline": matters.deadline(case),
        "certificate": certificate if certificate and certificate.sha256 else None,
    }

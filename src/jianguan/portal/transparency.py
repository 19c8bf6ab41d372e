"""The transparency log for people: what it is, the newest signed head, an entry and its proof, how to check."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jianguan.licensing.certificates import service as certificates
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.service import InclusionProof
from jianguan.platform.web.service import paginate, render_either
from jianguan.portal.verification import holds
from jianguan.portal.visitors import typed

# Entries whose text is public. Of all others the log shows the hash: they may speak of people.
PUBLISHED = (certificates.facts.ISSUED,)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that was looked up."""

    id: UUID
    inclusion: InclusionProof | None
    text: str | None

    @property
    def good(self) -> bool:
        """Whether the proof was checked and is right."""
        return self.inclusion is not None and holds(self.inclusion)


def log(request: HttpRequest) -> HttpResponse:
    """The page of the log."""
    wanted = typed(request.GET.get("entry", ""))
    context = {
        "head": journal.head(),
        "rows": paginate(request, journal.all_heads(), "-size"),
        "wanted": wanted,
        "entry": _entry(wanted),
        "key": str(journal.verifier_key()),
        "address": settings.ENVIRONMENT.base_url,
    }
    return render_either(request, "portal/log.html", "portal/_heads.html", context)


def _entry(wanted: str) -> Entry | None:
    """The entry with this id, or that of the issue of the certificate with this number."""
    try:
        entry_id: UUID | None = UUID(wanted)
    except ValueError:
        issued = certificates.editions(wanted) if wanted else []
        entry_id = issued[0].entry_id if issued else None
    if entry_id is None:
        return None
    inclusion, text = journal.inclusion(entry_id), journal.text(entry_id, PUBLISHED)
    return Entry(entry_id, inclusion, text) if inclusion or text else None

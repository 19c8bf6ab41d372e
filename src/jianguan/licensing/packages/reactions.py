"""What this room does when cases of packages are decided."""

from __future__ import annotations

from jianguan.licensing.matters import service as matters
from jianguan.licensing.packages import actions
from jianguan.licensing.packages.models import Member
from jianguan.platform.journal.service import Fact, reaction

_DECISIVE = ("APPROVED", "COMPLETED", "REFUSED", "NOT_ACCEPTED", "WITHDRAWN", "LAPSED")


@reaction("packages.follow", [getattr(matters.facts, name) for name in _DECISIVE])
def follow(fact: Fact) -> None:
    """A case was decided: apply for the matters that waited for it, or drop them."""
    for package_id in Member.objects.filter(case=fact.subject_id).values_list("package_id", flat=True):
        actions.follow(package_id)

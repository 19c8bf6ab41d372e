"""What an applicant may do against a decision, as data: objection 异议, reconsideration 行政复议, litigation 行政诉讼."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.utils.translation import gettext

from jianguan.kernel.clock import Limit, Unit
from jianguan.kernel.tables import Localized
from jianguan.platform.web.service import words

_FILE = Path(__file__).parent / "data" / "remedies.yaml"


@dataclass(frozen=True, slots=True)
class Remedies:
    """The periods, and how sure we are of that of the objection and of the other two."""

    objection: Limit
    objection_confidence: str
    reconsideration_days: int
    reconsideration_basis: Localized
    litigation_months: int
    litigation_basis: Localized
    confidence: str

    @property
    def sentence(self) -> str:
        """What the law offers besides an objection, in the reader's language."""
        said = gettext(
            "You may apply for administrative reconsideration within %(days)s days of this decision (%(first)s), or go to "
            "court within %(months)s months (%(second)s)."
        )
        first, second = words(self.reconsideration_basis), words(self.litigation_basis)
        return said % {
            "days": self.reconsideration_days, "months": self.litigation_months, "first": first, "second": second,
        }  # fmt: skip


@functools.cache
def remedies() -> Remedies:
    """The remedies of the installation."""
    document = yaml.safe_load(_FILE.read_text("utf-8"))
    own, higher, court = document["objection"], document["reconsideration"], document["litigation"]
    return Remedies(
        Limit(own["days"], Unit.WORKING), own["confidence"], higher["days"], Localized(**higher["basis"]),
        court["months"], Localized(**court["basis"]), higher["confidence"],
    )  # fmt: skip

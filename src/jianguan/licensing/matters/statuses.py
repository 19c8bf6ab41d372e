"""States of a case: word and colour in one table, the same on every page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy


class Status(models.TextChoices):
    """Where a case stands, in one word."""

    DRAFT = "draft", gettext_lazy("Draft")
    ACCEPTANCE = "acceptance", gettext_lazy("Awaiting acceptance")
    CORRECTION = "correction", gettext_lazy("Awaiting correction")
    REVIEW = "review", gettext_lazy("Under review")
    EXAMINATION = "examination", gettext_lazy("Awaiting examination")
    APPROVAL = "approval", gettext_lazy("Awaiting approval")
    ISSUING = "issuing", gettext_lazy("Certificate being made")
    COMPLETED = "completed", gettext_lazy("Completed")
    REFUSED = "refused", gettext_lazy("Refused")
    NOT_ACCEPTED = "not_accepted", gettext_lazy("Not accepted")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


TONES = {
    Status.DRAFT: "neutral",
    Status.ACCEPTANCE: "blue",
    Status.CORRECTION: "orange",
    Status.REVIEW: "teal",
    Status.EXAMINATION: "teal",
    Status.APPROVAL: "purple",
    Status.ISSUING: "purple",
    Status.COMPLETED: "green",
    Status.REFUSED: "red",
    Status.NOT_ACCEPTED: "red",
    Status.WITHDRAWN: "neutral",
}

ENDED = frozenset({Status.COMPLETED, Status.REFUSED, Status.NOT_ACCEPTED, Status.WITHDRAWN})

# Stages of a process that are states of the case; a stage a pack invents shows as "under review".
OF_STAGE = {
    "acceptance": Status.ACCEPTANCE,
    "review": Status.REVIEW,
    "examination": Status.EXAMINATION,
    "approval": Status.APPROVAL,
    "issuing": Status.ISSUING,
}

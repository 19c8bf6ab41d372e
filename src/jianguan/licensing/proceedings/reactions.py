"""What follows from facts of matters."""

from __future__ import annotations

from jianguan.licensing.matters import facts as cases
from jianguan.licensing.proceedings import actions
from jianguan.platform.journal.service import Fact, reaction


@reaction("proceedings.end_with_case", [cases.WITHDRAWN, cases.LAPSED])
def end_with_case(fact: Fact) -> None:
    """A case that was withdrawn, or counts as withdrawn, needs no hearing any more."""
    actions.end_with_case(fact.subject_id)

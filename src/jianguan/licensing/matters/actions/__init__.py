"""All writes of this room."""

from jianguan.licensing.matters.actions.applying import Application, apply
from jianguan.licensing.matters.actions.correcting import FILE, MARKS, in_step, keep_replies, remind_of_corrections
from jianguan.licensing.matters.actions.drafting import (
    EDITABLE,
    OpenDraft,
    attach,
    choose_way,
    detach,
    open_draft,
    save_draft,
)
from jianguan.licensing.matters.actions.handling import (
    FinishStep,
    Withdraw,
    certificate_issued,
    finish_step,
    fire_timer,
    keep_decision,
    withdraw,
)
from jianguan.licensing.matters.actions.migrating import CasesMoved, MoveCases, move_cases, route_of
from jianguan.licensing.matters.actions.proposing import (
    MAY_PROPOSE,
    MAY_PUBLISH,
    OPEN,
    Decide,
    Propose,
    Proposed,
    approve,
    decline,
    propose,
    withdraw_proposal,
)
from jianguan.licensing.matters.actions.publishing import publish
from jianguan.licensing.matters.actions.submitting import Submit, submit

__all__ = [
    "EDITABLE", "FILE", "MARKS", "MAY_PROPOSE", "MAY_PUBLISH", "OPEN", "Application", "CasesMoved", "Decide", "FinishStep", "MoveCases", "OpenDraft", "Propose", "Proposed",
    "Submit", "Withdraw", "apply", "approve", "attach", "certificate_issued", "choose_way", "decline", "detach", "finish_step", "fire_timer", "in_step",
    "keep_decision", "keep_replies", "move_cases", "open_draft", "propose", "publish", "remind_of_corrections", "route_of", "save_draft", "submit", "withdraw",
    "withdraw_proposal",
]  # fmt: skip

"""All writes of this room."""

from jianguan.licensing.matters.actions.drafting import EDITABLE, OpenDraft, attach, detach, open_draft, save_draft
from jianguan.licensing.matters.actions.handling import (
    FinishStep,
    Withdraw,
    certificate_issued,
    finish_step,
    fire_timer,
    keep_decision,
    withdraw,
)
from jianguan.licensing.matters.actions.publishing import publish
from jianguan.licensing.matters.actions.submitting import Submit, submit

__all__ = [
    "EDITABLE", "FinishStep", "OpenDraft", "Submit", "Withdraw", "attach", "certificate_issued", "detach", "finish_step", "fire_timer",
    "keep_decision", "open_draft", "publish", "save_draft", "submit", "withdraw",
]  # fmt: skip

"""The door of matters: the catalogue, applying, handling, and what became of cases."""

from jianguan.licensing.matters.actions import (
    FinishStep,
    OpenDraft,
    Submit,
    Withdraw,
    attach,
    finish_step,
    fire_timer,
    open_draft,
    publish,
    save_draft,
    submit,
    withdraw,
)
from jianguan.licensing.matters.models import Case, PackVersion
from jianguan.licensing.matters.packs import all_current, current, of_version
from jianguan.licensing.matters.progress import clocks_of, deadline, log_of, picture_of, steps_of
from jianguan.licensing.matters.queries import assignees, by_number, by_receipt, explain, inbox, open_step, visible_to
from jianguan.licensing.matters.reading import PackError, from_directory
from jianguan.licensing.matters.statuses import TONES, Status

__all__ = [
    "TONES", "Case", "FinishStep", "OpenDraft", "PackError", "PackVersion", "Status", "Submit", "Withdraw", "all_current",
    "assignees", "attach", "by_number", "by_receipt", "clocks_of", "current", "deadline", "explain", "finish_step", "fire_timer",
    "from_directory", "inbox", "log_of", "of_version", "open_draft", "open_step", "picture_of", "publish", "save_draft", "steps_of",
    "submit", "visible_to", "withdraw",
]  # fmt: skip

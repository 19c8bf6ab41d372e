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
from jianguan.licensing.matters.lines import line_standing, line_steps
from jianguan.licensing.matters.models import Case, PackVersion
from jianguan.licensing.matters.pack import Matter, Pack
from jianguan.licensing.matters.packs import all_current, catalogue, current, in_order, of_version
from jianguan.licensing.matters.progress import (
    Deadline,
    clocks_of,
    deadline,
    log_of,
    node_name,
    picture_of,
    steps_of,
    steps_of_pack,
)
from jianguan.licensing.matters.queries import (
    COUNTED,
    InboxFigures,
    assignees,
    by_number,
    by_receipt,
    done_by,
    explain,
    figures,
    inbox,
    matching,
    of_applicant,
    of_items,
    open_step,
    overdue,
    search,
    visible_to,
)
from jianguan.licensing.matters.reading import PackError, from_directory
from jianguan.licensing.matters.statuses import TONES, Status

__all__ = [
    "COUNTED", "TONES", "Case", "Deadline", "FinishStep", "InboxFigures", "Matter", "OpenDraft", "Pack", "PackError",
    "PackVersion", "Status", "Submit", "Withdraw", "all_current", "assignees", "attach", "by_number", "by_receipt",
    "catalogue", "clocks_of", "current", "deadline", "done_by", "explain", "figures", "finish_step", "fire_timer",
    "from_directory", "in_order", "inbox", "line_standing", "line_steps", "log_of", "matching", "node_name", "of_applicant", "of_items", "of_version", "open_draft",
    "open_step", "overdue", "picture_of", "publish", "save_draft", "search", "steps_of", "steps_of_pack", "submit",
    "visible_to", "withdraw",
]  # fmt: skip

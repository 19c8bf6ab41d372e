"""The door of matters: the catalogue, applying, handling, and what became of cases."""

from jianguan.licensing.matters import facts
from jianguan.licensing.matters.actions import (
    Application,
    FinishStep,
    OpenDraft,
    Submit,
    Withdraw,
    apply,
    attach,
    choose_way,
    finish_step,
    fire_timer,
    keep_replies,
    open_draft,
    publish,
    remind_of_corrections,
    save_draft,
    submit,
    withdraw,
)
from jianguan.licensing.matters.companions import Beside, Companion, accompany
from jianguan.licensing.matters.competence import acting_for, demand_competence, held_by
from jianguan.licensing.matters.lines import line_standing, line_steps
from jianguan.licensing.matters.models import Case, Cases, PackVersion
from jianguan.licensing.matters.naming import named as certificate_named
from jianguan.licensing.matters.pack import Material, Matter, Pack
from jianguan.licensing.matters.packs import all_current, catalogue, current, in_order, of_version
from jianguan.licensing.matters.prefill import known_of, look_up
from jianguan.licensing.matters.progress import (
    Deadline,
    clocks_of,
    days_between,
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
    held,
    held_by_others,
    inbox,
    matching,
    of_applicant,
    of_items,
    of_office,
    open_step,
    overdue,
    search,
    steps_for,
    under_way,
    visible_to,
)
from jianguan.licensing.matters.reading import PackError, from_directory
from jianguan.licensing.matters.remedies import Remedies, remedies
from jianguan.licensing.matters.statuses import TONES, Status
from jianguan.licensing.matters.stopping import locked, run_clock, stop_clock

__all__ = [
    "COUNTED",
    "TONES",
    "Application",
    "Beside",
    "Case",
    "Cases",
    "Companion",
    "Deadline",
    "FinishStep",
    "InboxFigures",
    "Material",
    "Matter",
    "OpenDraft",
    "Pack",
    "PackError",
    "PackVersion",
    "Remedies",
    "Status",
    "Submit",
    "Withdraw",
    "accompany",
    "acting_for",
    "all_current",
    "apply",
    "assignees",
    "attach",
    "by_number",
    "by_receipt",
    "catalogue",
    "certificate_named",
    "choose_way",
    "clocks_of",
    "current",
    "days_between",
    "deadline",
    "demand_competence",
    "done_by",
    "explain",
    "facts",
    "figures",
    "finish_step",
    "fire_timer",
    "from_directory",
    "held",
    "held_by",
    "held_by_others",
    "in_order",
    "inbox",
    "keep_replies",
    "known_of",
    "line_standing",
    "line_steps",
    "locked",
    "log_of",
    "look_up",
    "matching",
    "node_name",
    "of_applicant",
    "of_items",
    "of_office",
    "of_version",
    "open_draft",
    "open_step",
    "overdue",
    "picture_of",
    "publish",
    "remedies",
    "remind_of_corrections",
    "run_clock",
    "save_draft",
    "search",
    "steps_for",
    "steps_of",
    "steps_of_pack",
    "stop_clock",
    "submit",
    "under_way",
    "visible_to",
    "withdraw",
]  # fmt: skip

# For those who write matters: the files of packs, what the gate says of them, how scenarios go, proposing.
from jianguan.licensing.matters.actions import MAY_PROPOSE, Propose, propose
from jianguan.licensing.matters.archives import NAMES as FILE_NAMES
from jianguan.licensing.matters.archives import make_archive, open_archive
from jianguan.licensing.matters.contents import Speech
from jianguan.licensing.matters.differences import Difference, differences
from jianguan.licensing.matters.effects import EFFECTS
from jianguan.licensing.matters.examining import Examined, examine
from jianguan.licensing.matters.gate import FORM, MATTER, PROCESS, soundness
from jianguan.licensing.matters.models import ProposalState
from jianguan.licensing.matters.pack import digest_of
from jianguan.licensing.matters.queries import is_open_proposal as may_be_corrected
from jianguan.licensing.matters.reading import Problem
from jianguan.licensing.matters.scenarios import Miss, Played, play

__all__ += [
    "EFFECTS",
    "FILE_NAMES",
    "FORM",
    "MATTER",
    "MAY_PROPOSE",
    "PROCESS",
    "Difference",
    "Examined",
    "Miss",
    "Played",
    "Problem",
    "ProposalState",
    "Propose",
    "Speech",
    "differences",
    "digest_of",
    "examine",
    "make_archive",
    "may_be_corrected",
    "open_archive",
    "play",
    "propose",
    "soundness",
]  # fmt: skip

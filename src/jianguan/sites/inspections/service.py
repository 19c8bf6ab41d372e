"""The door of inspections: their standards, acts, what they found, and the draws."""

from jianguan.sites.inspections import facts
from jianguan.sites.inspections.checklists import STANDARDS, standard
from jianguan.sites.inspections.correcting import (
    DecideCorrection,
    RequestCorrection,
    decide_correction,
    request_correction,
)
from jianguan.sites.inspections.inspecting import (
    AddSheet,
    Begin,
    RemoveSheet,
    SaveCover,
    SaveSheet,
    Submit,
    add_sheet,
    begin,
    remove_sheet,
    save_cover,
    save_sheet,
    submit,
)
from jianguan.sites.inspections.models import Draw, Inspection, PlanLine, Sheet
from jianguan.sites.inspections.planning import (
    EndRecusal,
    HoldDraw,
    Plan,
    Recuse,
    SealDraw,
    SetQuota,
    end_recusal,
    hold_draw,
    plan,
    recuse,
    seal_draw,
    set_quota,
)
from jianguan.sites.inspections.queries import Finding, explain, findings, visible_to
from jianguan.sites.inspections.rules import verify_draw

__all__ = [
    "STANDARDS", "AddSheet", "Begin", "DecideCorrection", "Draw", "EndRecusal", "Finding", "HoldDraw", "Inspection", "Plan", "PlanLine",
    "Recuse", "RemoveSheet", "RequestCorrection", "SaveCover", "SaveSheet", "SealDraw", "SetQuota", "Sheet", "Submit",
    "add_sheet", "begin", "decide_correction", "end_recusal", "explain", "facts", "findings", "hold_draw", "plan", "recuse",
    "remove_sheet", "request_correction", "save_cover", "save_sheet", "seal_draw", "set_quota", "standard", "submit",
    "verify_draw", "visible_to",
]  # fmt: skip

"""The door of promises: choosing and signing them, opening their checks, who may not promise."""

from jianguan.licensing.promises import facts
from jianguan.licensing.promises.actions import (
    Application,
    Decide,
    EnterResult,
    Say,
    decide,
    enter_result,
    keep_way,
    open_check,
    refuse_unsound,
    reply,
    report_mended,
    sign,
)
from jianguan.licensing.promises.models import Bar, LaterCheck, Promise, State, Way
from jianguan.licensing.promises.queries import (
    barred,
    barred_now,
    by_id,
    check_of,
    figures,
    of_cases,
    of_submission,
    says_barred,
    visible_to,
    way_of,
)
from jianguan.licensing.promises.rules import HOW, TONES, Item, Terms, lacking, last_day

__all__ = [
    "HOW", "TONES", "Application", "Bar", "Decide", "EnterResult", "Item", "LaterCheck", "Promise", "Say", "State", "Terms", "Way",
    "barred", "barred_now", "by_id", "check_of", "decide", "enter_result", "facts", "figures", "keep_way", "lacking", "last_day",
    "of_cases", "of_submission", "open_check", "refuse_unsound", "reply", "report_mended", "says_barred", "sign", "visible_to", "way_of",
]  # fmt: skip

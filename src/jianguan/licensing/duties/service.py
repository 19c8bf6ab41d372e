"""The door of duties: who holds a step, who keeps out of a case, who is reminded."""

from jianguan.licensing.duties.actions import (
    Assign,
    Claim,
    GiveBack,
    PassOn,
    Return,
    TakeAway,
    Urge,
    assign,
    claim,
    give_back,
    pass_on,
    return_step,
    take_away,
    urge,
)
from jianguan.licensing.duties.queries import holders, lateness
from jianguan.licensing.duties.recusing import (
    AnswerRecusal,
    AskRecusal,
    LiftRecusal,
    Recuse,
    answer_recusal,
    ask_recusal,
    lift_recusal,
    recuse,
)
from jianguan.licensing.duties.reminders import remind

__all__ = [
    "AnswerRecusal", "AskRecusal", "Assign", "Claim", "GiveBack", "LiftRecusal", "PassOn", "Recuse", "Return", "TakeAway",
    "Urge", "answer_recusal", "ask_recusal", "assign", "claim", "give_back", "holders", "lateness", "lift_recusal",
    "pass_on", "recuse", "remind", "return_step", "take_away", "urge",
]  # fmt: skip

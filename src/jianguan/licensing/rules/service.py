"""The door of rules: evaluate decision tables for a case, and show why."""

from jianguan.licensing.rules import applicants, approvals, builders, credit, key_people  # noqa: F401 - importing declares the facts
from jianguan.licensing.rules.checking import (
    FAILED,
    HINT,
    PASSED,
    RESULT,
    Asked,
    Occasion,
    answers_of,
    ask,
    by_promise,
    keep,
    last_round,
    outputs_of,
    sentence,
    standing_failures,
    try_out,
)
from jianguan.licensing.rules.credit import know_grades
from jianguan.licensing.rules.deriving import DAYS, OPERATIONS, PAIR, Derivation
from jianguan.licensing.rules.deriving import read as read_derivation
from jianguan.licensing.rules.finding import Application, Fact, Finding, declared
from jianguan.licensing.rules.models import Check, Override

__all__ = [
    "DAYS", "FAILED", "HINT", "OPERATIONS", "PAIR", "PASSED", "RESULT", "Application", "Asked", "Check", "Derivation", "Fact", "Finding",
    "Occasion", "Override", "answers_of", "ask", "by_promise", "declared", "keep", "know_grades", "last_round", "outputs_of", "read_derivation", "sentence",
    "standing_failures", "try_out",
]  # fmt: skip

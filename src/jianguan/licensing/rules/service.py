"""The door of rules: evaluate decision tables for a case, and show why."""

from jianguan.licensing.rules import applicants, approvals, builders, key_people  # noqa: F401 - importing declares the facts
from jianguan.licensing.rules.checking import (
    FAILED,
    HINT,
    PASSED,
    RESULT,
    Asked,
    Occasion,
    ask,
    keep,
    last_round,
    outputs_of,
    sentence,
    standing_failures,
    try_out,
)
from jianguan.licensing.rules.finding import Application, Fact, Finding, declared
from jianguan.licensing.rules.models import Check, Override

__all__ = [
    "FAILED", "HINT", "PASSED", "RESULT", "Application", "Asked", "Check", "Fact", "Finding", "Occasion", "Override", "ask", "declared",
    "keep", "last_round", "outputs_of", "sentence", "standing_failures", "try_out",
]  # fmt: skip

"""Evaluating the decision tables of a matter for a case, and keeping every evaluation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max

from jianguan.kernel.messages import Message
from jianguan.kernel.tables import Evaluation, Input, Table
from jianguan.licensing.rules.finding import Application, Fact, Finding, declared
from jianguan.licensing.rules.models import Check

PASSED, HINT, FAILED = "passed", "hint", "failed"
RESULT = "result"


@dataclass(frozen=True, slots=True)
class Occasion:
    """For which case, at which node, and when tables are evaluated."""

    case_id: UUID
    node: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A table as evaluated: the result and the findings it rests on."""

    table: Table
    evaluation: Evaluation
    findings: Mapping[str, Finding]

    @property
    def result(self) -> str:
        """passed, hint or failed; empty where the table is no check but sets variables."""
        return str(self.evaluation.outputs[0].get(RESULT, "")) if self.evaluation.outputs else ""


def ask(tables: Sequence[Table], application: Application, variables: Mapping[str, object]) -> list[Asked]:
    """Evaluate tables; a fact needed by several is worked out once.

    Raises:
        EvaluationError: an input is missing or of the wrong kind, or no row applies; the pack is then unsound.
    """
    found: dict[str, Finding] = {}
    return [_ask(table, application, variables, found) for table in tables]


def try_out(
    tables: Sequence[Table], application: Application, missing: Collection[str]
) -> tuple[list[Asked], list[Table]]:
    """What tables say of an application still being written, and those that rest on answers still missing."""
    found: dict[str, Finding] = {}
    waiting = [table for table in tables if not _answers(table).isdisjoint(missing)]
    return [_ask(table, application, {}, found) for table in tables if table not in waiting], waiting


def _answers(table: Table) -> set[str]:
    """The answers of the form that a table rests on, by itself and through facts."""
    facts = declared()
    return {
        key for column in table.inputs for key in (facts[column.key].answers if column.key in facts else [column.key])
    }


def _ask(table: Table, application: Application, variables: Mapping[str, object], found: dict[str, Finding]) -> Asked:
    for column in table.inputs:
        if column.key not in found:
            found[column.key] = _find(column, application, variables)
    findings = {column.key: found[column.key] for column in table.inputs}
    return Asked(table, table.evaluate({key: f.value for key, f in findings.items()}), findings)


def _find(column: Input, application: Application, variables: Mapping[str, object]) -> Finding:
    """An input's value: a variable of the process, else a fact, else an answer of the form."""
    if column.key in variables:
        return Finding(variables[column.key])  # type: ignore[arg-type]  # the table checks the kind
    fact: Fact | None = declared().get(column.key)
    if fact:
        return fact.find(application)
    return Finding(_answer(column, application.record.get(column.key)))


def _answer(column: Input, value: Any) -> Any:
    """A form's answer as the kind the table wants. A question that was not asked is no, zero, or no text."""
    match column.kind:
        case "boolean":
            return bool(value)
        case "number":
            return Decimal(str(value or 0))
        case "date":
            return date.fromisoformat(value) if value else date.min
        case _:
            return str(value or "")


def outputs_of(asked: Sequence[Asked]) -> dict[str, object]:
    """What goes into the variables of the process: counts of checks, and outputs of tables that are no checks."""
    results = [one.result for one in asked]
    variables: dict[str, object] = {"checks_failed": results.count(FAILED), "checks_hinted": results.count(HINT)}
    for one in asked:
        if not one.result:
            variables |= {
                key: value for row in one.evaluation.outputs for key, value in row.items() if value is not None
            }
    return variables


def keep(asked: Sequence[Asked], occasion: Occasion) -> list[Check]:
    """Store evaluations, in the transaction of the act that asked."""
    last = Check.objects.filter(case_id=occasion.case_id).aggregate(last=Max("round"))["last"] or 0
    rows = [
        Check(
            case_id=occasion.case_id,
            occasion=occasion.node,
            round=last + 1,
            table=one.table.key,
            result=one.result,
            evaluation=one.evaluation.to_json(),
            evidence={key: _sentence(f.evidence) for key, f in one.findings.items() if f.evidence},
            at=occasion.at,
        )
        for one in asked
    ]
    return Check.objects.bulk_create(rows)


def _sentence(says: Message) -> dict[str, Any]:
    return {"template": says.template, "params": {name: str(value) for name, value in says.params.items()}}


def sentence(document: Mapping[str, Any]) -> Message:
    """A kept sentence, to be put into the reader's language."""
    return Message(document["template"], document["params"])


def standing_failures(case_id: UUID) -> list[Check]:
    """Failed checks of the last asking that no officer has overridden."""
    last = Check.objects.filter(case_id=case_id).aggregate(last=Max("round"))["last"]
    return list(Check.objects.filter(case_id=case_id, round=last, result=FAILED, overrides=None).order_by("id"))


def last_round(case_id: UUID) -> list[Check]:
    """The checks of the last asking, with what officers found otherwise."""
    last = Check.objects.filter(case_id=case_id).aggregate(last=Max("round"))["last"]
    return list(Check.objects.filter(case_id=case_id, round=last).prefetch_related("overrides").order_by("id"))

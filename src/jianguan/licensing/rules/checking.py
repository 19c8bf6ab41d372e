"""Evaluating the decision tables of a matter for a case, and keeping every evaluation."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from uuid6 import uuid7

from jianguan.kernel.messages import Message
from jianguan.kernel.tables import Evaluation, Input, Localized, Table
from jianguan.licensing.rules import deriving
from jianguan.licensing.rules.finding import Application, Fact, Finding, declared
from jianguan.licensing.rules.models import Check
from jianguan.platform.database.writing import Writing

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
    waiting = [table for table in tables if not answers_of(table, application.derive).isdisjoint(missing)]
    return [_ask(table, application, {}, found) for table in tables if table not in waiting], waiting


def answers_of(table: Table, derive: Mapping[str, deriving.Derivation]) -> set[str]:
    """The answers of the form that a table rests on, by itself, through facts and through derived values."""
    return {key for column in table.inputs for key in _answers(column.key, derive)}


def _answers(key: str, derive: Mapping[str, deriving.Derivation]) -> Iterator[str]:
    if key in declared():
        yield from declared()[key].answers
    elif key in derive:
        yield from deriving.resting_on(key, derive)
    else:
        yield key


def _ask(table: Table, application: Application, variables: Mapping[str, object], found: dict[str, Finding]) -> Asked:
    for column in table.inputs:
        if column.key not in found:
            found[column.key] = _find(column, application, variables)
    findings = {column.key: found[column.key] for column in table.inputs}
    return Asked(table, table.evaluate({key: f.value for key, f in findings.items()}), findings)


def _find(column: Input, application: Application, variables: Mapping[str, object]) -> Finding:
    """An input's value: a variable of the process, else a fact, a derived value, or an answer of the form."""
    if column.key in variables:
        return Finding(variables[column.key])  # type: ignore[arg-type]  # the table checks the kind
    fact: Fact | None = declared().get(column.key)
    if fact:
        return fact.find(application)
    if column.key in application.derive:
        return Finding(*application.derived(column.key))
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


def by_promise(asked: Sequence[Asked], promised: Collection[str]) -> list[Asked]:
    """The same, where the applicant promises some checks: what they find is a remark then, to be checked after the decision."""
    return [_promised(one) if one.table.key in promised and one.result in (HINT, FAILED) else one for one in asked]


def _promised(one: Asked) -> Asked:
    outputs, found = one.evaluation.outputs[0], one.evaluation.outputs[0].get("say")
    zh, en = (found.zh, found.en) if isinstance(found, Localized) else ("", "")
    say = Localized(
        f"申请人已书面承诺，作出决定后核查。系统核查：{zh}",
        f"By promise, to be checked after the decision. Found: {en}",
    )
    return replace(one, evaluation=replace(one.evaluation, outputs=({**outputs, RESULT: HINT, "say": say},)))


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


def keep(asked: Sequence[Asked], occasion: Occasion) -> None:
    """Store evaluations, in the transaction of the act that asked."""
    writing = Writing()
    last = Check.objects.filter(case_id=occasion.case_id).aggregate(last=Max("round"))["last"] or 0
    writing.insert(
        'rules_check (id, case_id, occasion, round, "table", result, evaluation, evidence, at)',
        [
            (
                uuid7(), occasion.case_id, occasion.node, last + 1, one.table.key, one.result,
                json.dumps(one.evaluation.to_json(), ensure_ascii=False),
                json.dumps({key: _sentence(f.evidence) for key, f in one.findings.items() if f.evidence}, ensure_ascii=False),
                occasion.at,
            )
            for one in asked
        ],
    )  # fmt: skip
    writing.carry_out()


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

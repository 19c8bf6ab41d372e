"""Derived values: inputs of tables that follow from the answers alone, declared in `matter.yaml` under `derive`.

    bids_open: {count: bids, where: {state: [open, late]}}        rows of a group, or those among them where a column says so
    all_trained: {all: staff, where: {trained: true}}             whether every row is so; `any`: whether some row is
    area_total: {sum: charges.area}                               `sum`, `minimum`, `maximum` of a column, also with `where`
    floor_area: {sum: [area_above, area_below]}                   of answers
    above_estimate: {difference: [contract_price, estimate]}      the first less the second
    deviation: {percent: [above_estimate, estimate]}              the first in per cent of the second; of nothing it is 0
    days_to_start: {days: [today, start]}                         days from one to the other; also `months` and `years`
    within_budget: {at_most: [contract_price, budget]}            first ≤ second; `less`: <, `same`: =

An operand is an answer, a value derived further up, `today` or `received`: the day on which the application was received.
Of months and years the part that is begun counts by its days, so that `> 1` is any day after the first month, and `>= 3` is
three whole months. What was not asked or answered counts as 0; between days it derives 0, in a comparison no.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jianguan.kernel.messages import Message, message

Row = Mapping[str, Any]
Value = bool | Decimal | date | str
Sentence = tuple[Value, Message]

ROWS, COLUMN, PAIR = "rows", "column", "pair"
DAYS = frozenset({"today", "received"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a value is derived.

    Attributes:
        operation: key of `OPERATIONS`.
        operands: answers, derived values and days; for rows the group, or the group and its column.
        over_rows: whether the operands name a group (and a column of it).
        where: what columns must say for a row to count, each one of these.
    """

    operation: str
    operands: tuple[str, ...]
    over_rows: bool
    where: Mapping[str, tuple[str | bool, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be derived: the kind of its value, what it takes, how it is worked out of scalars or rows.

    `takes` says which kinds the operands, or the column, may have.
    """

    kind: str
    shape: str
    takes: frozenset[str]
    work_out: Callable[[Any], Sentence]


def read(document: Mapping[str, Any]) -> Derivation:
    """A derivation as `matter.yaml` says it; its shape has been checked."""
    operation = next(key for key in document if key != "where")
    named, shape = document[operation], OPERATIONS[operation].shape
    where = {key: tuple(said) if isinstance(said, list) else (said,) for key, said in document.get("where", {}).items()}
    if isinstance(named, list):
        return Derivation(operation, tuple(named), over_rows=False)
    return Derivation(operation, tuple(named.split(".")), over_rows=shape in (ROWS, COLUMN), where=where)


def derive(derivation: Derivation, record: Mapping[str, Any], operand: Callable[[str], Value | None]) -> Sentence:
    """The value and what it rests on; `operand` tells answers, earlier values and days by name."""
    work_out = OPERATIONS[derivation.operation].work_out
    if not derivation.over_rows:
        return work_out([operand(name) for name in derivation.operands])
    every: Sequence[Row] = record.get(derivation.operands[0]) or []
    counting = [row for row in every if _counts(row, derivation.where)]
    if OPERATIONS[derivation.operation].shape == ROWS:
        return work_out((len(counting), len(every)))
    return work_out([scalar(row.get(derivation.operands[1])) for row in counting])


def _counts(row: Row, where: Mapping[str, tuple[str | bool, ...]]) -> bool:
    return all(
        row.get(column, False if True in said or False in said else "") in said for column, said in where.items()
    )


def scalar(answer: Any) -> Value | None:
    """An answer as what it is: yes or no, a day, a number, a text; None where it was not given."""
    if answer is None or isinstance(answer, bool | Decimal | date):
        return answer
    text = str(answer)
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    try:
        return Decimal(text)
    except ArithmeticError:
        return text or None


def resting_on(name: str, derivations: Mapping[str, Derivation]) -> Iterator[str]:
    """The answers of the form a derived value rests on."""
    derivation = derivations[name]
    named = derivation.operands[:1] if derivation.over_rows else derivation.operands
    for operand in named:
        if operand in derivations:
            yield from resting_on(operand, derivations)
        elif operand not in DAYS:
            yield operand


def plain(value: Value) -> str:
    """A value as answers are written."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


# --- rows


def _count(counted: tuple[int, int]) -> Sentence:
    number, total = counted
    return Decimal(number), message("%(count)s of %(total)s entries.", count=number, total=total)


def _any(counted: tuple[int, int]) -> Sentence:
    return counted[0] > 0, _count(counted)[1]


def _all(counted: tuple[int, int]) -> Sentence:
    return counted[0] == counted[1], _count(counted)[1]


def _over(reduce: Callable[[list[Any]], Any]) -> Callable[[list[Value | None]], Sentence]:
    def work_out(values: list[Value | None]) -> Sentence:
        given = [value for value in values if isinstance(value, Decimal)]
        found = Decimal(reduce(given)) if given else Decimal()
        return found, message("%(value)s, from %(count)s entries.", value=_shown(found), count=len(given))

    return work_out


# --- answers


def _numbers(values: Sequence[Value | None]) -> list[Decimal]:
    return [value if isinstance(value, Decimal) else Decimal() for value in values]


def _difference(values: list[Value | None]) -> Sentence:
    first, second = _numbers(values)
    found = first - second
    says = message(
        "%(first)s − %(second)s = %(value)s.", first=_shown(first), second=_shown(second), value=_shown(found)
    )
    return found, says


def _percent(values: list[Value | None]) -> Sentence:
    first, second = _numbers(values)
    found = (first * 100 / second).quantize(_PLACES) if second else Decimal()
    says = message(
        "%(first)s is %(value)s%% of %(second)s.", first=_shown(first), second=_shown(second), value=_shown(found)
    )
    return found, says


def _between(count: Callable[[date, date], tuple[Decimal, Message]]) -> Callable[[list[Value | None]], Sentence]:
    def work_out(values: list[Value | None]) -> Sentence:
        first, second = values
        if not isinstance(first, date) or not isinstance(second, date):
            return Decimal(), message("The days are not both given.")
        if second < first:
            return -count(second, first)[0], message("%(second)s is before %(first)s.", first=first, second=second)
        return count(first, second)

    return work_out


def _days(first: date, second: date) -> tuple[Decimal, Message]:
    days = (second - first).days
    says = message("From %(first)s to %(second)s: %(days)s days.", first=first, second=second, days=days)
    return Decimal(days), says


def _months(first: date, second: date) -> tuple[Decimal, Message]:
    months = (second.year - first.year) * 12 + second.month - first.month
    months -= _later(first, months) > second
    days = (second - _later(first, months)).days
    says = message(
        "From %(first)s to %(second)s: %(months)s months and %(days)s days.",
        first=first,
        second=second,
        months=months,
        days=days,
    )
    return months + (Decimal(days) / 31).quantize(_PLACES), says


def _years(first: date, second: date) -> tuple[Decimal, Message]:
    years = second.year - first.year
    years -= _later(first, 12 * years) > second
    days = (second - _later(first, 12 * years)).days
    says = message(
        "From %(first)s to %(second)s: %(years)s years and %(days)s days.",
        first=first,
        second=second,
        years=years,
        days=days,
    )
    return years + (Decimal(days) / 366).quantize(_PLACES), says


def _later(day: date, months: int) -> date:
    """So many months later; the last day of the month where it has no such day (《民法典》第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _compare(holds: Callable[[Any, Any], bool]) -> Callable[[list[Value | None]], Sentence]:
    def work_out(values: list[Value | None]) -> Sentence:
        first, second = values
        comparable = first is not None and type(first) is type(second)
        says = message("%(first)s and %(second)s.", first=_shown(first), second=_shown(second))
        return comparable and holds(first, second), says

    return work_out


def _shown(value: Value | None) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}" if value else "0"
    return "—" if value is None else str(value)


_NUMBER, _DATE = frozenset({"number"}), frozenset({"date"})
OPERATIONS: Mapping[str, Operation] = {
    "count": Operation("number", ROWS, frozenset(), _count),
    "any": Operation("boolean", ROWS, frozenset(), _any),
    "all": Operation("boolean", ROWS, frozenset(), _all),
    "sum": Operation("number", COLUMN, _NUMBER, _over(sum)),
    "minimum": Operation("number", COLUMN, _NUMBER, _over(min)),
    "maximum": Operation("number", COLUMN, _NUMBER, _over(max)),
    "difference": Operation("number", PAIR, _NUMBER, _difference),
    "percent": Operation("number", PAIR, _NUMBER, _percent),
    "days": Operation("number", PAIR, _DATE, _between(_days)),
    "months": Operation("number", PAIR, _DATE, _between(_months)),
    "years": Operation("number", PAIR, _DATE, _between(_years)),
    "at_most": Operation("boolean", PAIR, _NUMBER | _DATE, _compare(lambda a, b: bool(a <= b))),
    "less": Operation("boolean", PAIR, _NUMBER | _DATE, _compare(lambda a, b: bool(a < b))),
    "same": Operation("boolean", PAIR, _NUMBER | _DATE | {"text"}, _compare(lambda a, b: bool(a == b))),
}

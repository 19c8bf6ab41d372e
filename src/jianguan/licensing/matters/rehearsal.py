"""Rehearsing a pack on past cases: what its tables would have said beside those in force. Nothing is stored.

Both are asked with the facts of today, so that only the difference between the tables shows. Tables that are the same in
both versions are not asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection, transaction

from jianguan.kernel.messages import Message
from jianguan.kernel.process import Kind
from jianguan.kernel.tables import EvaluationError, Localized, Table
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import moving, packs
from jianguan.licensing.matters.models import Case, Submission
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.rules import service as rules

MOST = 200
Side = tuple[Mapping[str, rules.Derivation], list[Table]]  # what a version derives, and its tables


@dataclass(frozen=True, slots=True)
class Differing:
    """A check that comes out differently for a case; a result is empty where that version does not ask."""

    case: Case
    table: Localized
    before: str | Message
    after: str | Message


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a pack came out on past cases.

    Attributes:
        asked: how many submissions were gone through.
        tables: the tables that were asked, because they differ.
        differing: checks that come out differently.
    """

    asked: int
    tables: tuple[Localized, ...]
    differing: tuple[Differing, ...]

    @property
    def cases(self) -> int:
        """How many cases are affected."""
        return len({one.case.id for one in self.differing})


def rehearse(old: Pack, new: Pack, count: int) -> Rehearsal:
    """Ask both packs about the newest submissions of the matter, the newest of each case, at most `MOST`."""
    names = {table.key: table.name for pack in (old, new) for table in _asked(pack)}
    before, after = ({t.key: t for t in _asked(pack)} for pack in (old, new))
    keys = [key for key in names if _differ(before.get(key), old, after.get(key), new)]
    sides = [
        (pack.matter.derive, [tables[key] for key in keys if key in tables])
        for pack, tables in ((old, before), (new, after))
    ]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")  # facts only read; PostgreSQL sees to it
        submissions = _newest(new.matter.key, min(count, MOST)) if keys else []
        found = [one for submission in submissions for one in _compare(submission, sides, keys, names)]
    return Rehearsal(len(submissions), tuple(names[key] for key in keys), tuple(found))


def _asked(pack: Pack) -> list[Table]:
    """The tables that some check of the process asks, each once."""
    nodes = [node for node in pack.net.nodes.values() if node.kind is Kind.RULE]
    return [pack.tables[key] for key in dict.fromkeys(key for node in nodes for key in node.tables)]


def _differ(before: Table | None, old: Pack, after: Table | None, new: Pack) -> bool:
    """Whether a table, or what is derived for it, is not the same in both."""
    if before is None or after is None or before.digest != after.digest:
        return True
    if old.matter.derive == new.matter.derive:
        return False
    return any(column.key in old.matter.derive for column in before.inputs)


def _newest(matter: str, count: int) -> Sequence[Submission]:
    newest = Submission.objects.filter(case__matter=matter).order_by("case_id", "-version").distinct("case_id")
    rows = Submission.objects.filter(pk__in=newest.values("pk")).order_by("-submitted_at", "-id")
    return list(rows.select_related("case", "case__pack").defer("case__pack__content")[:count])


def _compare(
    submission: Submission, sides: Sequence[Side], keys: Sequence[str], names: Mapping[str, Localized]
) -> list[Differing]:
    case = submission.case
    record = forms.open_record(packs.of_version(case.pack).form, submission.record)
    application = moving.application_of(case, record)
    before, after = (_results(tables, replace(application, derive=derive)) for derive, tables in sides)
    return [
        Differing(case, names[key], before.get(key, ""), after.get(key, ""))
        for key in keys
        if before.get(key, "") != after.get(key, "")
    ]


def _results(tables: list[Table], application: rules.Application) -> dict[str, str | Message]:
    """What tables say, by key; where one cannot be asked, why."""
    try:
        return {one.table.key: _result(one) for one in rules.ask(tables, application, {})}
    except EvaluationError:
        return {table.key: _single(table, application) for table in tables}


def _single(table: Table, application: rules.Application) -> str | Message:
    try:
        return _result(rules.ask([table], application, {})[0])
    except EvaluationError as error:
        return error.message


def _result(asked: rules.Asked) -> str:
    """passed, hint or failed; of tables that are no checks, what they give."""
    given = asked.evaluation.outputs
    return asked.result or "; ".join(f"{key}: {value}" for row in given for key, value in row.items())

"""The rows of a table, and what an evaluation of them found and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jianguan.kernel.expressions.values import Scalar
from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables.cells import Cell, Test
from jianguan.kernel.tables.columns import Input, Outputs, outputs_text, outputs_to_json


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: a cell per input, what comes out, the clause it comes from, and a note for the reader."""

    id: str
    cells: tuple[Cell, ...]
    then: Outputs
    clause: str = ""
    note: str = ""
    _conditions: tuple[tuple[int, Test], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        conditions = tuple((column, cell.test) for column, cell in enumerate(self.cells) if cell.test)
        object.__setattr__(self, "_conditions", conditions)

    def failures(self, values: Sequence[Scalar]) -> list[int]:
        """The columns that do not hold, two at most: none means that the row fires, one that it nearly does."""
        failed: list[int] = []
        for column, test in self._conditions:
            if not test(values[column]):
                failed.append(column)
                if len(failed) == 2:
                    break
        return failed

    def to_json(self) -> dict[str, Any]:
        """As it stands in a table file."""
        texts = {key: text for key, text in (("clause", self.clause), ("note", self.note)) if text}
        return {
            "id": self.id,
            "when": [cell.text for cell in self.cells],
            "then": outputs_to_json(self.then),
            **texts,
        }


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A row that failed on exactly one condition: what `input` would have to be, and what it was."""

    row: Row
    input: Input
    needs: str
    got: str

    def to_json(self) -> dict[str, Any]:
        """For storage."""
        would = outputs_to_json(self.row.then)
        return {"row": self.row.id, "input": self.input.key, "needs": self.needs, "got": self.got, "would": would}

    def explain(self, language: str) -> Message:
        """Why the row did not apply, in one sentence."""
        return message(
            "Row %(row)s did not apply: %(input)s is %(got)s and would have to be %(needs)s. It gives %(outputs)s.",
            row=self.row.id,
            input=self.input.name.text(language),
            got=self.got,
            needs=self.needs,
            outputs=outputs_text(self.row.then, language),
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One use of a table, complete enough to be stored as the reason of a decision.

    `outputs` holds one mapping for the hit policies unique, first and any, and one per fired row for collect and
    rule_order. `fired` are the rows that applied (none where the default was used); under `first` the near misses are
    the rows above the one that fired, because only they would have changed the outcome.
    """

    table: str
    digest: str
    inputs: Mapping[str, str]
    outputs: tuple[Outputs, ...]
    fired: tuple[Row, ...]
    near_misses: tuple[NearMiss, ...]

    @property
    def defaulted(self) -> bool:
        """Whether no row applied, so that the table's default is the outcome."""
        return not self.fired

    def to_json(self) -> dict[str, Any]:
        """For storage: texts, true, false, null, lists and objects only."""
        return {
            "table": self.table,
            "digest": self.digest,
            "inputs": dict(self.inputs),
            "outputs": [outputs_to_json(outputs) for outputs in self.outputs],
            "fired": [{"row": row.id, "clause": row.clause} for row in self.fired],
            "defaulted": self.defaulted,
            "near_misses": [miss.to_json() for miss in self.near_misses],
        }

    def explain(self, language: str = "zh") -> list[Message]:
        """What applied and what nearly did, a sentence each; names and localized outputs in `language`."""
        if self.defaulted:
            texts = [outputs_text(outputs, language) for outputs in self.outputs]
            outcome = message("No row applied, the default of the table holds: %(outputs)s.", outputs="; ".join(texts))
            return [outcome, *(miss.explain(language) for miss in self.near_misses)]
        return [
            *(_applied(row, language) for row in self.fired),
            *(miss.explain(language) for miss in self.near_misses),
        ]


def _applied(row: Row, language: str) -> Message:
    outputs = outputs_text(row.then, language)
    if row.clause:
        return message("Row %(row)s applies (%(clause)s): %(outputs)s.", row=row.id, clause=row.clause, outputs=outputs)
    return message("Row %(row)s applies: %(outputs)s.", row=row.id, outputs=outputs)

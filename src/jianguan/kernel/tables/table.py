"""Decision tables: rows of conditions with an outcome each, evaluated with the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from jianguan.kernel.expressions.values import plain
from jianguan.kernel.messages import message
from jianguan.kernel.tables.columns import Input, Localized, Output, Outputs, outputs_to_json
from jianguan.kernel.tables.errors import EvaluationError
from jianguan.kernel.tables.evaluation import Evaluation, NearMiss, Row

Hit = Literal["unique", "first", "any", "collect", "rule_order"]
COLLECTING: Final[frozenset[Hit]] = frozenset({"collect", "rule_order"})
"""Several rows may fire, each with its own outputs."""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table, read and checked by `document.from_json`.

    `default` are the outputs where no row applies: None if that is an error, empty if nothing comes out (possible
    only where several rows may fire). `digest` is the SHA-256 of the canonical JSON of the table.
    """

    key: str
    name: Localized
    hit: Hit
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    default: tuple[Outputs, ...] | None = None
    basis: str = ""
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        canonical = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        object.__setattr__(self, "digest", hashlib.sha256(canonical.encode()).hexdigest())

    def evaluate(self, inputs: Mapping[str, object]) -> Evaluation:
        """Apply the table to `inputs`; entries that are no input of the table are ignored.

        Raises `EvaluationError` if an input is missing or of the wrong kind, if no row applies and there is no
        default, if two rows of a `unique` table apply, and if rows of an `any` table disagree.
        """
        values = [column.accept(inputs) for column in self.inputs]
        texts = [plain(value) for value in values]
        fired: list[Row] = []
        near: list[NearMiss] = []
        for row in self.rows:
            failures = row.failures(values)
            if not failures:
                fired.append(row)
                if self.hit == "first":
                    break
            elif len(failures) == 1:
                column = failures[0]
                near.append(NearMiss(row, self.inputs[column], row.cells[column].text, texts[column]))
        return Evaluation(
            table=self.key,
            digest=self.digest,
            inputs=MappingProxyType(dict(zip((column.key for column in self.inputs), texts, strict=True))),
            outputs=self._outcome(fired),
            fired=tuple(fired),
            near_misses=tuple(near),
        )

    def _outcome(self, fired: Sequence[Row]) -> tuple[Outputs, ...]:
        if not fired:
            if self.default is None:
                raise EvaluationError(message("no row of table %(table)s applies.", table=self.key))
            return self.default
        if self.hit in COLLECTING:
            return tuple(row.then for row in fired)
        if len(fired) > 1:
            self._require_agreement(fired)
        return (fired[0].then,)

    def _require_agreement(self, fired: Sequence[Row]) -> None:
        rows = ", ".join(row.id for row in fired)
        if self.hit == "unique":
            raise EvaluationError(message("rows %(rows)s of table %(table)s all apply.", rows=rows, table=self.key))
        if any(row.then != fired[0].then for row in fired):
            raise EvaluationError(message("rows %(rows)s of table %(table)s disagree.", rows=rows, table=self.key))

    def to_json(self) -> dict[str, Any]:
        """The table file in its normal form: `then` as mappings, numbers as text, nothing empty."""
        document: dict[str, Any] = {"key": self.key, "name": self.name.to_json(), "hit": self.hit}
        if self.basis:
            document["basis"] = self.basis
        document["inputs"] = [column.to_json() for column in self.inputs]
        document["outputs"] = [column.to_json() for column in self.outputs]
        if self.default is not None:
            document["default"] = outputs_to_json(self.default[0]) if self.default else []
        document["rows"] = [row.to_json() for row in self.rows]
        return document

"""Decision tables evaluated a second, with the reasons (rows that fired, rows that nearly did)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from jianguan.config.bench.ground import Ground
from jianguan.config.bench.measuring import in_turn, rate
from jianguan.config.bench.report import Figure, Report
from jianguan.config.packs_folder import shipped_packs
from jianguan.kernel.tables import Input, Table, load

FIRST = {"boolean": True, "number": Decimal(1), "date": date(2026, 11, 20)}


def measure(ground: Ground) -> Report:
    """Evaluate every table of the construction permit."""
    folder = shipped_packs() / "construction_permit" / "1" / "rules"
    tables = [load(path.read_bytes()) for path in sorted(folder.glob("*.table.json"))]
    asked = [(table, {column.key: _value(column) for column in table.inputs}) for table in tables]
    count = ground.size(300, 3)
    taken = in_turn(ground.size(7, 1), {"all": lambda: len(tables) * rate(lambda: _evaluate(asked), count)})
    return Report("rules", [Figure(f"evaluations of {len(tables)} tables, one process", taken.median("all"), "1/s")])


def _evaluate(asked: list[tuple[Table, dict[str, object]]]) -> None:
    for table, inputs in asked:
        table.evaluate(inputs)


def _value(column: Input) -> object:
    return FIRST.get(column.kind) or (column.values[0] if column.values else "text")

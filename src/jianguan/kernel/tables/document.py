"""Reading table files: every refusal says where in the file, what is wrong and what is expected."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NoReturn, cast

from jianguan.kernel.expressions.reader import ExpressionError
from jianguan.kernel.expressions.values import DIGITS
from jianguan.kernel.messages import message
from jianguan.kernel.tables import schema
from jianguan.kernel.tables.cells import Cell, parse_cell
from jianguan.kernel.tables.columns import Input, Localized, Output, Outputs
from jianguan.kernel.tables.errors import TableError
from jianguan.kernel.tables.evaluation import Row
from jianguan.kernel.tables.table import COLLECTING, Table

LIMIT: Final = 2_000_000
"""The longest table file, in bytes or characters."""


def load(text: str | bytes) -> Table:
    """The table in the text of a `*.table.json` file; raises `TableError`."""
    if len(text) > LIMIT:
        raise TableError(message("the file is longer than %(limit)s characters.", limit=LIMIT))
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant)
    except RecursionError:
        raise TableError(message("the file is nested too deeply.")) from None
    except UnicodeDecodeError:
        raise TableError(message("the file is not UTF-8 text.")) from None
    except json.JSONDecodeError as error:
        problem = message("line %(line)s, column %(column)s is not JSON.", line=error.lineno, column=error.colno)
        raise TableError(problem) from None
    return from_json(document)


def from_json(document: object) -> Table:
    """The table that a parsed file describes; raises `TableError`."""
    schema.check(document)
    file = cast("dict[str, Any]", document)
    for place, name in (("inputs", "key"), ("outputs", "key"), ("rows", "id")):
        _require_unique((entry[name] for entry in file[place]), place)
    inputs = tuple(_input(column, f"inputs[{n}]") for n, column in enumerate(file["inputs"]))
    outputs = tuple(_output(column, f"outputs[{n}]") for n, column in enumerate(file["outputs"]))
    return Table(
        key=file["key"],
        name=Localized(**file["name"]),
        hit=file["hit"],
        inputs=inputs,
        outputs=outputs,
        rows=tuple(_row(row, inputs, outputs, f"rows[{n}]") for n, row in enumerate(file["rows"])),
        default=_default(file, outputs),
        basis=file.get("basis", "").strip(),
    )


def faults(document: object) -> list[TableError]:
    """Everything that `from_json` would refuse in a parsed table file, cell by cell; empty where it would not."""
    whole = _attempted(lambda: from_json(document))
    if not whole:
        return []
    if _attempted(lambda: schema.check(document)):
        return whole
    file = cast("dict[str, Any]", document)
    columns = _columns(file)
    found = [error for read in (*columns.values(), *_cells(file, columns)) for error in _attempted(read)]
    return found or whole


Readings = dict[tuple[str, int], Callable[[], Any]]


def _columns(file: Mapping[str, Any]) -> Readings:
    kinds = (("inputs", _input), ("outputs", _output))
    return {
        (kind, n): partial(read, entry, f"{kind}[{n}]") for kind, read in kinds for n, entry in enumerate(file[kind])
    }


def _cells(file: Mapping[str, Any], columns: Readings) -> Iterator[Callable[[], object]]:
    """The cells of columns that can be read, each by itself."""
    sound = {place: read() for place, read in columns.items() if not _attempted(read)}
    inputs = {n: column for (kind, n), column in sound.items() if kind == "inputs"}
    outputs = [column for (kind, _), column in sound.items() if kind == "outputs"]
    for n, row in enumerate(file["rows"]):
        cells = [(m, text) for m, text in enumerate(row["when"]) if m in inputs]
        yield from (partial(_cell, text, inputs[m], f"rows[{n}].when[{m}]") for m, text in cells)
        then = row["then"] if isinstance(row["then"], dict) else {}
        given = [column for column in outputs if column.key in then]
        yield from (partial(column.read, then[column.key], f"rows[{n}].then.{column.key}") for column in given)


def _attempted(read: Callable[[], object]) -> list[TableError]:
    """What a reading is refused with."""
    try:
        read()
    except TableError as error:
        return [error]
    return []


def _input(column: Mapping[str, Any], place: str) -> Input:
    return Input(column["key"], column["type"], Localized(**column["name"]), _values(column, place))


def _output(column: Mapping[str, Any], place: str) -> Output:
    name = Localized(**column["name"]) if "name" in column else None
    return Output(column["key"], column["type"], name, _values(column, place))


def _values(column: Mapping[str, Any], place: str) -> tuple[str, ...]:
    if "values" in column and column["type"] != "text":
        raise TableError(message("only text has a closed list of values."), f"{place}.values")
    return tuple(column.get("values", ()))


def _row(row: Mapping[str, Any], inputs: Sequence[Input], outputs: Sequence[Output], place: str) -> Row:
    if len(row["when"]) != len(inputs):
        problem = message("%(cells)s cells for %(inputs)s inputs.", cells=len(row["when"]), inputs=len(inputs))
        raise TableError(problem, f"{place}.when")
    cells = enumerate(zip(row["when"], inputs, strict=True))
    return Row(
        id=row["id"],
        cells=tuple(_cell(text, column, f"{place}.when[{n}]") for n, (text, column) in cells),
        then=_outputs(row["then"], outputs, f"{place}.then"),
        clause=row.get("clause", "").strip(),
        note=row.get("note", "").strip(),
    )


def _cell(text: str, column: Input, place: str) -> Cell:
    try:
        return parse_cell(text, column.kind, column.values)
    except ExpressionError as error:
        raise TableError(error.message, place) from None


def _outputs(then: dict[str, Any] | list[Any], outputs: Sequence[Output], place: str) -> Outputs:
    keys = [column.key for column in outputs]
    if isinstance(then, list):
        if len(then) != len(keys):
            problem = message("%(values)s values for %(outputs)s outputs.", values=len(then), outputs=len(keys))
            raise TableError(problem, place)
        then = dict(zip(keys, then, strict=True))
    if missing := [key for key in keys if key not in then]:
        problem = message("%(outputs)s must be given; null stands for nothing.", outputs=", ".join(missing))
        raise TableError(problem, place)
    if unknown := [key for key in then if key not in keys]:
        raise TableError(message("%(outputs)s is not an output of the table.", outputs=", ".join(unknown)), place)
    return MappingProxyType({column.key: column.read(then[column.key], f"{place}.{column.key}") for column in outputs})


def _default(file: Mapping[str, Any], outputs: Sequence[Output]) -> tuple[Outputs, ...] | None:
    if "default" not in file:
        return None
    if file["default"] == [] and file["hit"] in COLLECTING:
        return ()
    return (_outputs(file["default"], outputs, "default"),)


def _require_unique(keys: Iterable[str], place: str = "") -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise TableError(message("“%(key)s” occurs twice.", key=key), place)
        seen.add(key)


def _object(entries: list[tuple[str, object]]) -> dict[str, object]:
    _require_unique(key for key, _ in entries)
    return dict(entries)


def _integer(digits: str) -> int:
    if len(digits) > DIGITS + 1:
        raise TableError(message("a number has at most %(digits)s digits.", digits=DIGITS))
    return int(digits)


def _constant(word: str) -> NoReturn:
    raise TableError(message("%(word)s is not a number.", word=word))

"""A decision table as a grid of inputs: from its JSON to what a page shows, and back from what was typed.

Whatever is typed is kept, faults and all; they are shown at their cells. The document written here is a table file in
its usual form, so that the file can be changed as text just as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jianguan.kernel.messages import Message
from jianguan.kernel.tables import Localized, Table, faults, from_json, gate

HITS = ("unique", "first", "any", "collect", "rule_order")
INPUT_TYPES = ("boolean", "number", "date", "text")
OUTPUT_TYPES = (*INPUT_TYPES, "localized")
TEXTS = ("clause", "note")
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """An input of the grid: `kind` is text, boolean, choice (of `options`) or localized, whose value is a pair."""

    name: str
    kind: str
    value: str
    label: str
    value_en: str = ""
    options: Sequence[str] = ()
    fault: Message | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with its cells, what is wrong with it as a whole, and where it collides with others."""

    number: int
    id: Cell
    when: Sequence[Cell]
    then: Sequence[Cell]
    clause: str
    note: str
    faults: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Column:
    """An input or output of the table."""

    name: str
    number: int
    key: str
    type: str
    zh: str
    en: str
    values: str
    fault: Message | None

    @property
    def title(self) -> Localized:
        """What heads the column."""
        return Localized(self.zh or self.key, self.en or self.key)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as the page shows it; `table` where it is one."""

    document: Document
    inputs: Sequence[Column]
    outputs: Sequence[Column]
    rows: Sequence[GridRow]
    default: Sequence[Cell]
    faults: Sequence[Message]
    table: Table | None

    @property
    def span(self) -> int:
        """Columns of the page between the number of a row and its last one."""
        return len(self.inputs) + len(self.outputs) + 2


def parsed(text: str) -> Document | None:
    """The table in a file as far as a grid can show it; None where only the text can be changed."""
    try:
        document = json.loads(text)
        lists = [document[key] for key in ("inputs", "outputs", "rows")]
        names = [*document["inputs"], *document["outputs"], *document["rows"], document["name"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    whole = all(isinstance(one, list) for one in lists) and all(isinstance(one, dict) for one in names)
    return document if whole and all(_is_row(row) for row in document["rows"]) else None


def _is_row(row: Mapping[str, Any]) -> bool:
    when, then = row.get("when"), row.get("then")
    return isinstance(when, list) and all(isinstance(cell, str) for cell in when) and isinstance(then, dict)


def written(document: Document) -> str:
    """The text of a table file."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


# --- to the page


def grid(document: Document, row_label: str) -> Grid:
    """What the page shows of a table; `row_label` names a cell for those who hear it: `%(row)s %(column)s`."""
    found = {error.place: error.problem for error in faults(document)}
    table = None if found else from_json(document)
    told = _collisions(table) if table else {}
    inputs = [_column("in", n, one, _below(found, f"inputs[{n}]")) for n, one in enumerate(document["inputs"])]
    outputs = [_column("out", n, one, _below(found, f"outputs[{n}]")) for n, one in enumerate(document["outputs"])]
    rows = [
        _row(n, row, document, found, told.get(str(row.get("id")), []), row_label)
        for n, row in enumerate(document["rows"])
    ]
    default = document.get("default")
    cells = _then(
        "default",
        default if isinstance(default, dict) else {},
        document,
        found,
        "default",
        row_label % {"row": "*", "column": "%s"},
    )
    rest = [says for place, says in found.items() if not place.startswith(("rows[", "inputs[", "outputs[", "default"))]
    return Grid(document, inputs, outputs, rows, cells, [*rest, *told.get("", [])], table)


def _column(side: str, n: int, entry: Mapping[str, Any], fault: Message | None) -> Column:
    name = entry.get("name") or {}
    values = ", ".join(map(str, entry.get("values", ())))
    return Column(
        f"{side}-{n}", n, str(entry.get("key", "")), str(entry.get("type", "text")), str(name.get("zh", "")),
        str(name.get("en", "")), values, fault,
    )  # fmt: skip


def _row(
    n: int,
    row: Mapping[str, Any],
    document: Document,
    found: Mapping[str, Message],
    told: Sequence[Message],
    label: str,
) -> GridRow:
    place, row_id = f"rows[{n}]", str(row.get("id", ""))
    words = label % {"row": row_id or n + 1, "column": "%s"}
    when = [
        Cell(
            f"row-{n}-when-{m}",
            "text",
            text,
            words % _head(document["inputs"], m),
            fault=found.get(f"{place}.when[{m}]"),
        )
        for m, text in enumerate(row["when"])
    ]
    then = _then(f"row-{n}-then", row["then"], document, found, f"{place}.then", words)
    shown = [cell.fault for cell in (*when, *then)]
    own = [says for at, says in found.items() if at.startswith(place) and says not in shown and at != f"{place}.id"]
    key = Cell(f"row-{n}-id", "text", row_id, words % "id", fault=found.get(f"{place}.id"))
    return GridRow(n, key, when, then, str(row.get("clause", "")), str(row.get("note", "")), [*own, *told])


def _head(columns: Sequence[Mapping[str, Any]], n: int) -> str:
    return str(columns[n].get("key", n)) if n < len(columns) else str(n)


def _then(
    name: str, then: Mapping[str, Any], document: Document, found: Mapping[str, Message], place: str, words: str
) -> list[Cell]:
    cells = []
    for n, column in enumerate(document["outputs"]):
        key = str(column.get("key", ""))
        value, kind = then.get(key), column.get("type")
        fault, label = found.get(f"{place}.{key}"), words % key
        if kind == "localized":
            pair = value if isinstance(value, dict) else {}
            cells.append(
                Cell(f"{name}-{n}", "localized", str(pair.get("zh", "")), label, str(pair.get("en", "")), fault=fault)
            )
        elif kind == "boolean":
            cells.append(
                Cell(
                    f"{name}-{n}",
                    "choice",
                    "" if value is None else str(value).lower(),
                    label,
                    options=("true", "false"),
                    fault=fault,
                )
            )
        else:
            options = tuple(map(str, column.get("values", ())))
            cells.append(
                Cell(
                    f"{name}-{n}",
                    "choice" if options else "text",
                    "" if value is None else str(value),
                    label,
                    options=options,
                    fault=fault,
                )
            )
    return cells


def _below(found: Mapping[str, Message], place: str) -> Message | None:
    return next((says for at, says in found.items() if at == place or at.startswith((f"{place}.", f"{place}["))), None)


def _collisions(table: Table) -> dict[str, list[Message]]:
    """What the gate finds in a table that can be read, by the id of the row; of the whole under the empty one."""
    told: dict[str, list[Message]] = {}
    for problem in gate(table):
        params = problem.message.params
        rows = str(params.get("rows", params.get("row", ""))).split() or [""]
        for row in rows:
            told.setdefault(row, []).append(problem.message)
    return told


# --- back from the page


def typed(document: Document, given: Mapping[str, str]) -> Document:
    """The table as it was typed over the one the page was drawn from, with what the button asked for."""
    inputs = list(_columns(document["inputs"], "in", given))
    outputs = list(_columns(document["outputs"], "out", given))
    made: Document = {
        **document,
        "name": {"zh": given.get("name-zh", ""), "en": given.get("name-en", "")},
        "hit": given.get("hit", document.get("hit")),
        "inputs": [column for _, column in inputs],
        "outputs": [column for _, column in outputs],
    }
    basis = given.get("basis", "").strip()
    made = {**made, "basis": basis} if basis else {key: value for key, value in made.items() if key != "basis"}
    made["rows"] = [
        _typed_row(n, row, inputs, outputs, given)
        for n, row in enumerate(document["rows"])
        if f"row-{n}-remove" not in given
    ]
    made.pop("default", None)
    if "default-on" in given:
        made["default"] = {column.get("key", ""): _value(f"default-{n}", column, given) for n, column in outputs}
    elif document.get("default") == []:
        made["default"] = []
    return _operated(made, given.get("_op", ""))


def _columns(
    entries: Sequence[Mapping[str, Any]], side: str, given: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The columns that stay, each with the number it had."""
    for n, entry in enumerate(entries):
        name = f"{side}-{n}"
        if f"{name}-remove" in given:
            continue
        column: dict[str, Any] = {
            "key": given.get(f"{name}-key", "").strip(),
            "type": given.get(f"{name}-type", "text"),
        }
        words = {language: given.get(f"{name}-{language}", "").strip() for language in ("zh", "en")}
        if side == "in" or any(words.values()):
            column["name"] = words
        values = [one.strip() for one in given.get(f"{name}-values", "").replace("，", ",").split(",") if one.strip()]
        if values:
            column["values"] = values
        yield n, {**{key: value for key, value in entry.items() if key not in _COLUMN}, **column}


_COLUMN = frozenset({"key", "type", "name", "values"})


def _typed_row(
    n: int,
    row: Mapping[str, Any],
    inputs: Sequence[tuple[int, Mapping[str, Any]]],
    outputs: Sequence[tuple[int, Mapping[str, Any]]],
    given: Mapping[str, str],
) -> dict[str, Any]:
    texts = {key: given.get(f"row-{n}-{key}", "").strip() for key in TEXTS}
    return {
        **{key: value for key, value in row.items() if key not in TEXTS},
        "id": given.get(f"row-{n}-id", "").strip(),
        "when": [given.get(f"row-{n}-when-{m}", "").strip() or "-" for m, _ in inputs],
        "then": {str(column.get("key", "")): _value(f"row-{n}-then-{m}", column, given) for m, column in outputs},
        **{key: text for key, text in texts.items() if text},
    }


def _value(name: str, column: Mapping[str, Any], given: Mapping[str, str]) -> Any:
    text = given.get(name, "").strip()
    if column["type"] == "localized":
        english = given.get(f"{name}-en", "").strip()
        return {"zh": text, "en": english} if text or english else None
    if column["type"] == "boolean":
        return {"true": True, "false": False}.get(text)
    return text or None


def _operated(document: Document, operation: str) -> Document:
    """With a row or column more, or a row moved: `add:row`, `add:in`, `add:out`, `up:3`."""
    match operation.split(":"):
        case ["add", "row"]:
            taken = {row["id"] for row in document["rows"]}
            free = next(name for n in range(1, 1000) if (name := f"row_{n}") not in taken)
            then = {str(column.get("key", "")): None for column in document["outputs"]}
            document["rows"].append({"id": free, "when": ["-"] * len(document["inputs"]), "then": then})
        case ["add", "in"]:
            document["inputs"].append({"key": "", "type": "boolean", "name": {"zh": "", "en": ""}})
            for row in document["rows"]:
                row["when"].append("-")
        case ["add", "out"]:
            document["outputs"].append({"key": "", "type": "text"})
        case ["up", number] if number.isdecimal() and 0 < int(number) < len(document["rows"]):
            rows, n = document["rows"], int(number)
            rows[n - 1], rows[n] = rows[n], rows[n - 1]
    return document


def empty(key: str, outputs: Sequence[Mapping[str, Any]]) -> Document:
    """A new table that can be filled in."""
    return {
        "key": key, "name": {"zh": key, "en": key}, "hit": "first",
        "inputs": [{"key": "", "type": "boolean", "name": {"zh": "", "en": ""}}], "outputs": list(outputs),
        "rows": [{"id": "row_1", "when": ["-"], "then": {str(one["key"]): None for one in outputs}}],
    }  # fmt: skip


CHECK_OUTPUTS = (
    {"key": "result", "type": "text", "values": ["passed", "hint", "failed"]},
    {"key": "say", "type": "localized"},
)

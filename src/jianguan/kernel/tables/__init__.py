"""Decision tables: data in, an outcome with its reasons out; published only when nothing is open or contradictory.

A table is a JSON file `<key>.table.json`, checked against `table.schema.json`:

    key        name of the table: ASCII letters, digits, _ and -
    name       {"zh": …, "en": …}
    hit        unique      at most one row may apply; two are an error
               first       the first row that applies
               any         several may apply, but they must agree
               collect     all rows that apply
               rule_order  the same; it says that their order matters
    basis      optional: the clause that the whole table rests on
    inputs     [{"key", "type": boolean|number|date|text, "name": {"zh", "en"}, "values": closed list, for text}]
    outputs    [{"key", "type": boolean|number|date|text|localized, "name": optional, "values": closed list, for text}]
    default    optional: the outputs where no row applies; without it that is an error. For collect and rule_order also
               [], which is: nothing comes out
    rows       [{"id", "when": a cell per input, "then": outputs, "clause": optional, "note": optional}]

Keys of inputs and outputs are ASCII letters, digits and _, and no reserved word of the condition grammar. A cell is text
in the grammar of `cells`. `then` and `default` are mappings that name every output, or lists in the order of `outputs`.
In them a number is a JSON integer or, so that nothing is rounded, text (`"0.5"`); a date is text (`"2026-01-31"`); a
localized text is {"zh": …, "en": …}; null says that there is none. Numbers have at most 34 digits on each side of the
point.

What is read is brought into one normal form (`Table.to_json`), whose SHA-256 is the table's digest.
"""

from jianguan.kernel.tables import dmn
from jianguan.kernel.tables.analysis import Analysis, Gap, Overlap, analyse
from jianguan.kernel.tables.columns import Input, Localized, Output
from jianguan.kernel.tables.document import faults, from_json, load
from jianguan.kernel.tables.errors import DmnError, EvaluationError, TableError
from jianguan.kernel.tables.evaluation import Evaluation, NearMiss, Row
from jianguan.kernel.tables.gate import Problem, gate
from jianguan.kernel.tables.table import Table

__all__ = [
    "Analysis",
    "DmnError",
    "Evaluation",
    "EvaluationError",
    "Gap",
    "Input",
    "Localized",
    "NearMiss",
    "Output",
    "Overlap",
    "Problem",
    "Row",
    "Table",
    "TableError",
    "analyse",
    "dmn",
    "faults",
    "from_json",
    "gate",
    "load",
]

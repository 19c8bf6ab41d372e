"""The words of DMN, and ours beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jianguan.kernel.tables.columns import OutputKind
from jianguan.kernel.tables.table import Hit

MODEL: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DMNDI: Final = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC: Final = "http://www.omg.org/spec/DMN/20180521/DC/"
OURS: Final = "urn:jianguan:tables"

MODELS: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        MODEL,
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
"""The namespaces of DMN 1.1 to 1.5, between which decision tables did not change."""

HIT_POLICIES: Final[Mapping[Hit, str]] = {
    "unique": "UNIQUE",
    "first": "FIRST",
    "any": "ANY",
    "collect": "COLLECT",
    "rule_order": "RULE ORDER",
}
TYPES: Final[Mapping[OutputKind, str]] = {
    "boolean": "boolean",
    "number": "number",
    "date": "date",
    "text": "string",
    "localized": "context",
}
ENGLISH: Final = f"{{{OURS}}}en"
UNMATCHED: Final = f"{{{OURS}}}unmatched"
REFUSED: Final = "refused"
ROW: Final = "row."
NOTE: Final = "note"

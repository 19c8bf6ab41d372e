"""Classing of dangerous works 危大工程: from measures and facts to the class, with the entry and the threshold that gave it.

    catalogue = read_catalogue(path.read_bytes())
    found = classify(catalogue, Works("foundation_pit", measures={"excavation_depth": Decimal("5.0")}))
    found.level, found.matches

"At least" includes the number itself, and design values are compared.
"""

from jianguan.kernel.dangerous_works.catalogue import (
    Catalogue,
    CatalogueError,
    Condition,
    Entry,
    KindOfWorks,
    Level,
    Measure,
)
from jianguan.kernel.dangerous_works.classifying import Classified, Match, Works, WorksError, classify
from jianguan.kernel.dangerous_works.reading import read_catalogue, read_works

__all__ = [
    "Catalogue", "CatalogueError", "Classified", "Condition", "Entry", "KindOfWorks", "Level", "Match", "Measure", "Works",
    "WorksError", "classify", "read_catalogue", "read_works",
]  # fmt: skip

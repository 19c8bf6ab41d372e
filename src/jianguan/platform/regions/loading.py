"""Loading the table of places from the data that comes with the product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from jianguan.platform.regions import queries
from jianguan.platform.regions.models import Region, RegionKind

DATA = Path(__file__).parent / "data" / "regions.yaml"


def load(path: Path = DATA) -> int:
    """Create or refresh all places of the file; returns how many. Places are never removed, only ended."""
    document = yaml.safe_load(path.read_text())
    rows: list[Region] = []
    for province in document["provinces"]:
        _collect(province, None, document["confidence"], rows)
    with transaction.atomic():
        Region.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["code"],
            update_fields=["name", "name_en", "kind", "parent", "valid_from", "valid_to", "replaced_by", "confidence"],
        )  # fmt: skip
    queries.forget()
    return len(rows)


def _collect(item: dict[str, Any], parent: str | None, confidence: str, rows: list[Region]) -> None:
    """One place and those below it, parents before children so that keys hold."""
    region = Region(code=item["code"], name=item["zh"], name_en=item["en"], parent_id=parent)
    region.kind = item.get("kind", RegionKind.DIVISION)
    region.valid_from, region.valid_to, region.replaced_by_id = (
        item.get("from"),
        item.get("to"),
        item.get("replaced_by"),
    )
    region.confidence = item.get("confidence", confidence)
    rows.append(region)
    for part in item.get("parts", []):
        _collect(part, item["code"], confidence, rows)

"""Loading roles from their data file."""

from __future__ import annotations

from pathlib import Path

import yaml

from jianguan.platform.accounts.models import Role


def load(path: Path) -> int:
    """Create or refresh the roles of a file; returns how many. Roles are never removed, since grants refer to them."""
    rows = [
        Role(code=code, name=role["zh"], name_en=role["en"], permissions=role["permissions"])
        for code, role in yaml.safe_load(path.read_text()).items()
    ]
    Role.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["name", "name_en", "permissions"]
    )
    return len(rows)

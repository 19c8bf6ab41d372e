from __future__ import annotations

from tests.databases import at_once, own_database  # noqa: F401 - fixtures of this folder

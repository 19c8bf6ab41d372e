"""Built scripts, styles and pictures: `frontend/`, by `make frontend`."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from django.templatetags.static import static

BUILT = Path(__file__).parent / "static/jianguan"


@functools.cache
def manifest() -> dict[str, Any]:
    """What the build recorded of itself: icons, hashes of its sources and outputs."""
    record: dict[str, Any] = json.loads((BUILT / "build.json").read_text())
    return record


@functools.cache
def asset_url(name: str) -> str:
    """Address of a built file; its hash is part of it, so that browsers take a new build at once."""
    return f"{static('jianguan/' + name)}?v={manifest()['outputs'][name][:12]}"

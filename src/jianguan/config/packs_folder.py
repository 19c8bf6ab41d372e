"""Where the packs that come with the product are: in a checkout, or inside the installed package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jianguan

PACKAGE = Path(jianguan.__file__).parent


def shipped_packs() -> Path:
    """The folder of packs."""
    installed = PACKAGE / "packs"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "packs"


def pack_folders(root: Path) -> Iterator[Path]:
    """Folders of single pack versions below a folder, such as `<matter>/<version>`, or the folder itself if it is one."""
    if (root / "matter.yaml").exists():
        yield root
        return
    found = [path.parent for depth in ("*", "*/*") for path in root.glob(f"{depth}/matter.yaml")]
    yield from sorted(path for path in found if path.name.isdigit())

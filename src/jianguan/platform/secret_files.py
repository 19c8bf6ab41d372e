"""Files that hold secrets: made once, whole, for their owner alone."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def create(path: Path, content: bytes) -> bool:
    """Make a file, and its directory, unless it is there already; returns whether it was made.

    It never stands there half written, and of two processes starting at once one makes it for both.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # replaces nothing
            return True
    finally:
        Path(fresh).unlink()
    return False

"""Documents and disk: is there room, can we write, is what we stored still what it was."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from jianguan.config.doctor.finding import Finding, fault, ok, warning
from jianguan.platform.documents import service as documents
from jianguan.platform.documents.service import Blob

SAMPLE = 20  # of the newest contents, and as many by chance
GIGABYTE = 1024**3
LITTLE, TOO_LITTLE = 5 * GIGABYTE, GIGABYTE


def store() -> Iterator[Finding]:
    """The store of documents can be written to."""
    root = Path(settings.DOCUMENTS_ROOT)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=root, prefix=".doctor-") as file:
            file.write(b"1")
    except OSError as error:
        yield fault(
            f"Documents cannot be written to {root}: {error.strerror}.",
            f"Give it to the user of the processes: chown -R … {root}",
        )
    else:
        yield ok(f"Documents can be written to {root}.")


def contents() -> Iterator[Finding]:
    """A sample of stored documents is there and unchanged."""
    somewhere = Blob.objects.filter(sha256__gte=secrets.token_hex(32)).order_by("sha256")[:SAMPLE]
    sample = {blob.sha256 for blob in (*Blob.objects.order_by("-stored_at")[:SAMPLE], *somewhere)}
    wrong = 0
    for sha256 in sorted(sample):
        try:
            found = hashlib.sha256(documents.content(sha256)).hexdigest()
        except OSError:
            found = "missing"
        if found != sha256:
            wrong += 1
            yield fault(
                f"The document {sha256[:16]}… is {'missing' if found == 'missing' else 'damaged'}.",
                "Restore it from the backup of var/documents: its name is its content's hash.",
            )
    if not wrong:
        yield ok(f"{len(sample)} stored documents looked at: all there, all unchanged.")


def disk() -> Iterator[Finding]:
    """There is room for documents and for the database."""
    var = Path(settings.ENVIRONMENT.var)
    free = shutil.disk_usage(var if var.exists() else Path.cwd()).free
    says = f"{free / GIGABYTE:.1f} GB are free on the disk of {var}."
    remedy = "Free space, or move var to a larger disk."
    if free < TOO_LITTLE:
        yield fault(says, remedy)
    elif free < LITTLE:
        yield warning(says, remedy)
    else:
        yield ok(says)


CHECKS = {"store": store, "documents": contents, "disk": disk}

"""What goes into an exported package: every document once, the catalogue twice, and the proofs of the journal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from jianguan import __version__
from jianguan.kernel.identifiers import mask_name
from jianguan.kernel.messages import message
from jianguan.licensing.archives import schedule
from jianguan.licensing.archives.bag import Bag, PayloadFile, pack
from jianguan.licensing.archives.queries import Box, Catalogue
from jianguan.licensing.archives.rules import Item, Use
from jianguan.licensing.archives.schedule import PERSON
from jianguan.licensing.archives.verifying import CATALOGUE, PROOFS
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.service import Entry, Fact
from jianguan.platform.web.service import words

FORMAT = 1
FOR_APPLICANTS = frozenset({"correct", "deny"})  # outcomes whose words the applicant reads on the page of the case
EXTENSIONS = {
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "application/ofd": ".ofd",
    "application/json": ".json",
}  # fmt: skip
COLUMNS = (
    gettext_noop("Stage of the box"), gettext_noop("Document"), gettext_noop("File name"), gettext_noop("Case or certificate number"),
    gettext_noop("Matter"), gettext_noop("Versions"), gettext_noop("Filed by"), gettext_noop("Unit of the person"),
    gettext_noop("Filed at"), gettext_noop("Retention period"), gettext_noop("Keep until"), "SHA-256",
    gettext_noop("Size in bytes"), gettext_noop("Place in the package"),
)  # fmt: skip


def package(catalogue: Catalogue, issuer: str, *, inside: bool) -> Bag:
    """The package of a box as one reader sees it; no document is read yet.

    `inside`: for an authority, whose people read each other's opinions; others get no entry with words said in office.

    Raises:
        Conflict: an entry has no place in the log yet, so that nothing could be proved with it.
    """
    at, box = clock.now(), catalogue.box
    people = _people(catalogue)
    payload = [
        *(_document(item, catalogue.notices) for item in catalogue.items),
        PayloadFile.of("data/catalogue.csv", _table(catalogue, people)),
        PayloadFile.of(CATALOGUE, _json(_catalogue(catalogue, people))),
        *(
            PayloadFile.of(f"{PROOFS}{entry.id}.json", _json(_proof(entry)))
            for entry in _entries(catalogue, inside=inside)
        ),
    ]
    info = {
        "Source-Organization": issuer,
        "Bag-Software-Agent": f"jianguan {__version__}",
        "External-Identifier": f"{box.kind}:{box.code or box.id}",
        "External-Description": _name(box),
    }
    return pack(f"archive-{box.kind}-{box.code or box.id}-{clock.legal_day(at):%Y%m%d}", payload, info, at)


def path_of(item: Item) -> str:
    """Where a document stands in a package."""
    return f"data/documents/{item.content.sha256}{EXTENSIONS.get(item.content.media_type, '')}"


def _document(item: Item, notices: Mapping[str, bytes]) -> PayloadFile:
    content = item.content
    if content.sha256 in notices:
        return PayloadFile.of(path_of(item), notices[content.sha256])
    return PayloadFile(path_of(item), content.sha256, content.size, partial(_read, content.sha256))


def _read(sha256: str) -> Iterator[bytes]:
    yield documents.content(sha256)


def _people(catalogue: Catalogue) -> Mapping[UUID | None, tuple[str, str]]:
    """Name, masked, and unit of those who filed."""
    ids = {use.put_by for item in catalogue.items for use in item.uses if use.put_by}
    return {account: (mask_name(name), unit) for account, (name, unit) in accounts.names(ids).items()}


def _name(box: Box) -> str:
    return mask_name(box.name) if box.kind == PERSON else box.name


def _catalogue(catalogue: Catalogue, people: Mapping[UUID | None, tuple[str, str]]) -> dict[str, Any]:
    box = catalogue.box
    return {
        "format": FORMAT,
        "log": str(journal.verifier_key()),
        "box": {"kind": box.kind, "id": str(box.id), "code": box.code, "name": _name(box)},
        "whole": catalogue.whole,
        "retention_source": schedule.retention_source().to_json(),
        "stages": [
            {
                "key": shelf.stage.key, **shelf.stage.name.to_json(), "finished": shelf.finished,
                "missing": [one.name.to_json() for one in shelf.missing],
            }
            for shelf in catalogue.shelves
        ],
        "documents": [_listed(item, people) for item in catalogue.items],
    }  # fmt: skip


def _listed(item: Item, people: Mapping[UUID | None, tuple[str, str]]) -> dict[str, Any]:
    content, retention = item.content, item.retention
    return {
        "sha256": content.sha256, "size": content.size, "media_type": content.media_type, "path": path_of(item),
        "what": item.first.what, "stage": item.stage.key,
        "retention": {
            "period": retention.period.key, "confidence": retention.confidence,
            "until": item.keep_until.isoformat() if item.keep_until else None,
        },
        "uses": [_used(use, people) for use in item.uses],
    }  # fmt: skip


def _used(use: Use, people: Mapping[UUID | None, tuple[str, str]]) -> dict[str, Any]:
    by, unit = people.get(use.put_by, ("", ""))
    return {
        "what": use.what, "key": use.key, "name": use.name.to_json(), "number": use.number, "case": str(use.case_id),
        "matter": use.matter, "filename": use.filename, "versions": list(use.versions), "newest": use.newest,
        "by": by, "unit": unit, "at": use.put_at.isoformat(),
    }  # fmt: skip


def _table(catalogue: Catalogue, people: Mapping[UUID | None, tuple[str, str]]) -> bytes:
    """The catalogue as a table: a line for each use, in the reader's language, as spreadsheets read it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([gettext(column) for column in COLUMNS])
    for item in catalogue.items:
        writer.writerows([_harmless(cell) for cell in _row(item, use, people)] for use in item.uses)
    return text.getvalue().encode("utf-8-sig")


def _row(item: Item, use: Use, people: Mapping[UUID | None, tuple[str, str]]) -> Iterable[str]:
    return (
        words(use.stage.name), words(use.name), use.filename, use.number, words(use.matter_name),
        " ".join(map(str, use.versions)), *people.get(use.put_by, ("", "")),
        use.put_at.astimezone(clock.LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S"), words(item.retention.period.name),
        item.keep_until.isoformat() if item.keep_until else "", item.content.sha256, str(item.content.size), path_of(item),
    )  # fmt: skip


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _entries(catalogue: Catalogue, *, inside: bool) -> Iterator[Entry]:
    for subject in catalogue.subjects:
        entries = list(journal.about(*subject))
        for entry, fact in zip(entries, journal.facts(entries), strict=True):
            if inside or not _is_said_in_office(fact):
                yield entry


def _is_said_in_office(fact: Fact) -> bool:
    """Whether it holds words among officers; those of a notice or a refusal are for the applicant too."""
    spoken = fact.data.get("opinion") or fact.data.get("assignees")
    return bool(spoken) and fact.data.get("outcome") not in FOR_APPLICANTS


def _proof(entry: Entry) -> dict[str, Any]:
    """An entry as it was hashed, with what shows that it stands in the log."""
    found = journal.inclusion(entry.id)
    if found is None:
        raise Conflict(message("The newest acts are just being entered into the log. Try again in a few seconds."))
    return {
        "entry": bytes(entry.body).decode(),
        "position": found.position,
        "hashes": [value.hex() for value in found.hashes],
        "checkpoint": found.head.checkpoint,
    }


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()

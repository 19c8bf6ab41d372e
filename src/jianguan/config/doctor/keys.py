"""Keys: of the journal, of seals, of time stamps, of QR codes. Without them nothing can be issued or proven."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from jianguan.config.doctor.finding import Finding, fault, ok, warning
from jianguan.kernel.national import NationalIdentity
from jianguan.kernel.transparency.checkpoint import CheckpointError, verify
from jianguan.platform import clock
from jianguan.platform.accounts.service import Organisation, OrganisationKind
from jianguan.platform.journal import service as journal

RESTORE = "Restore var/keys from the backup. Do not let a new one be made: what was signed before could not be checked."
MADE_BY_INIT = "Restore var/keys from the backup; where there was none yet, run: jianguan init"
SOON = timedelta(days=60)
PARTS = {"authority": "authority of seals", "time-stamp": "key of time stamps", "proof": "key of QR codes"}


def journal_key() -> Iterator[Finding]:
    """The key of the journal is there, and it is the one that signed the newest tree head."""
    path, head = _path("journal"), journal.head()
    if not path.exists():
        if head is None:
            yield warning("The journal has no key yet; it is made with the first entry.", "Run: jianguan sequencer")
        else:
            yield fault("The key of the journal is missing.", f"Stop the sequencer. {RESTORE}")
        return
    if head is None:
        yield ok("The key of the journal is there; nothing is signed yet.")
        return
    try:
        verify(head.checkpoint, journal.verifier_key())
    except CheckpointError as error:
        yield fault(
            f"The key of the journal did not sign its newest tree head: {error.sentence}",
            f"Stop the sequencer. {RESTORE}",
        )
    else:
        yield ok(f"The key of the journal signed the newest tree head ({head.size:,} entries).")


def seals() -> Iterator[Finding]:
    """Every authority has its seal; certificates are in force, and files open with the password."""
    wanted = {_path(name): says for name, says in PARTS.items()}
    for authority in Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, is_active=True):
        wanted[_path(f"seal-{authority.id}")] = f"seal of {authority.name}"
    findings = [finding for path, says in wanted.items() for finding in _file(path, says)]
    yield from findings
    if not findings:
        yield ok(f"{len(wanted)} keys of seals, time stamps and QR codes, all in force and readable.")


def national_seals() -> Iterator[Finding]:
    """Where certificates are made as OFD files, every authority has its SM2 seal, in force and readable."""
    if not settings.ENVIRONMENT.ofd_kinds:
        yield ok("No certificates are made as OFD files (JIANGUAN_OFD_KINDS).")
        return
    wanted = {"national-authority": "SM2 root", "national-maker": "maker of seals"}
    for authority in Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, is_active=True):
        wanted[f"national-seal-{authority.id}"] = f"SM2 seal of {authority.name}"
        if not (esl := _path(f"national-seal-{authority.id}").with_suffix(".esl")).exists():
            yield fault(f"The electronic seal of {authority.name} is missing ({esl.name}).", MADE_BY_INIT)
    findings = [finding for name, says in wanted.items() for finding in _national(_path(name), says)]
    yield from findings
    if not findings:
        yield ok(f"{len(wanted)} SM2 keys of OFD seals, all in force and readable.")


def _national(path: Path, says: str) -> Iterator[Finding]:
    if not path.exists():
        yield fault(f"The {says} is missing ({path.name}): OFD files cannot be made.", MADE_BY_INIT)
        return
    yield from _mode(path)
    try:
        NationalIdentity.load(path.read_bytes(), settings.ENVIRONMENT.key_password.get_secret_value())
    except ValueError as error:
        yield fault(
            f"The {says} does not open: {error}", "Set JIANGUAN_KEY_PASSWORD to the password it was locked with."
        )
    else:
        yield from _in_force(path.read_bytes(), says)


def _mode(path: Path) -> Iterator[Finding]:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield fault(f"Others than its owner may read {path}.", f"chmod 600 {path}")


def _file(path: Path, says: str) -> Iterator[Finding]:
    if not path.exists():
        yield fault(f"The {says} is missing ({path.name}): certificates cannot be made.", RESTORE)
        return
    yield from _mode(path)
    pem = path.read_bytes()
    try:
        load_pem_private_key(pem, settings.ENVIRONMENT.key_password.get_secret_value().encode())
    except ValueError as error:
        yield fault(
            f"The {says} does not open: {error}", "Set JIANGUAN_KEY_PASSWORD to the password it was locked with."
        )
    yield from _in_force(pem, says)


def _in_force(pem: bytes, says: str) -> Iterator[Finding]:
    if b"BEGIN CERTIFICATE" not in pem:
        return
    end = min(each.not_valid_after_utc for each in x509.load_pem_x509_certificates(pem))
    remedy = "Have a new certificate issued in time; keep the old one for checking what it signed."
    if end < clock.now():
        yield fault(f"The certificate of the {says} ended on {end:%Y-%m-%d}.", remedy)
    elif end < clock.now() + SOON:
        yield warning(f"The certificate of the {says} ends on {end:%Y-%m-%d}.", remedy)


def _path(name: str) -> Path:
    return Path(settings.KEYS_ROOT) / f"{name}.pem"


CHECKS = {"journal key": journal_key, "seals": seals, "OFD seals": national_seals}

"""Reading certificates. Those issued are public; that is what they are for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jianguan.licensing.certificates.models import EXPIRED, Batch, Certificate, Status
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, within


def issued() -> QuerySet[Certificate]:
    """Certificates that are sealed, newest first."""
    return Certificate.objects.exclude(sha256="").order_by("-id")


def current() -> QuerySet[Certificate]:
    """Issued certificates without the editions that a newer issued one replaces, newest first."""
    return issued().exclude(Exists(issued().filter(replaces=OuterRef("pk")).order_by()))


def ending(before: date) -> QuerySet[Certificate]:
    """Current certificates whose validity ends from today on and before a day, the next to end first."""
    rows = current().filter(status=Status.VALID, valid_until__gte=clock.today(), valid_until__lt=before)
    return rows.order_by("valid_until", "id")


def in_state(rows: QuerySet[Certificate], state: str) -> QuerySet[Certificate]:
    """Those that stand so today: a status, or `EXPIRED`."""
    past = Q(status=Status.VALID, valid_until__lt=clock.today())
    if state == EXPIRED:
        return rows.filter(past)
    return rows.filter(status=state).exclude(past) if state == Status.VALID else rows.filter(status=state)


def newest_after(certificate: Certificate) -> Certificate | None:
    """The edition that stands in the place of one today; None where nothing replaced it."""
    newest, following = None, issued().filter(replaces=certificate).first()
    while following is not None:
        newest, following = following, issued().filter(replaces=following).first()
    return newest


def visible_to(actor: Actor) -> QuerySet[Certificate]:
    """The ledger of a person: certificates of their jurisdictions, or those for their enterprise."""
    seen = within(actor.prefixes("certificate.read"))
    if actor.uscc:
        seen |= Q(holder_uscc=actor.uscc) | Q(also_held_by__contains=[actor.uscc])
    return Certificate.objects.filter(seen).order_by("-id")


def matching(rows: QuerySet[Certificate], text: str) -> QuerySet[Certificate]:
    """Those whose number, holder or works fit what was typed."""
    typed = text.strip()
    if not typed:
        return rows
    numbered = Q(number=typed) | Q(national_number=typed) | Q(identifier=typed)
    return rows.filter(numbered | Q(subject_name__icontains=typed) | Q(holder_name__icontains=typed))


def in_place(rows: QuerySet[Certificate], prefix: str) -> QuerySet[Certificate]:
    """Those of a jurisdiction."""
    return rows.filter(within([prefix])) if prefix else rows


def kinds() -> list[tuple[str, str, str]]:
    """The kinds that were issued: code, Chinese and English name. Leaps from one to the next along the index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE found AS ("
            "(SELECT kind, name, name_en FROM certificates_certificate WHERE sha256 <> '' ORDER BY kind LIMIT 1) "
            "UNION ALL SELECT following.* FROM found, LATERAL (SELECT kind, name, name_en FROM certificates_certificate "
            "WHERE sha256 <> '' AND kind > found.kind ORDER BY kind LIMIT 1) following) SELECT * FROM found"
        )
        return [(kind, zh, en) for kind, zh, en in cursor.fetchall()]


def numbered(rows: QuerySet[Certificate], number: str) -> list[Certificate]:
    """The editions of a certificate among some rows, by provincial or national number, newest first."""
    return list(rows.filter(Q(number=number) | Q(national_number=number)).order_by("-edition", "-id"))


def editions(number: str) -> list[Certificate]:
    """All issued editions of a certificate by its provincial or national number or its identifier, newest first."""
    rows = issued().filter(Q(number=number) | Q(national_number=number) | Q(identifier=number))
    return list(rows.order_by("-edition", "-id"))


def of_file(sha256: str) -> Certificate | None:
    """The certificate a file is, PDF or OFD, by its hash."""
    return issued().filter(Q(sha256=sha256) | Q(ofd_sha256=sha256)).first()


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One of the files a certificate is: its hash, media type, and how its name ends."""

    sha256: str
    media_type: str
    extension: str


def files_of(certificate: Certificate) -> list[SealedFile]:
    """The sealed files of a certificate: PDF, and OFD where it was made; none before it is sealed."""
    files = [
        SealedFile(certificate.sha256, "application/pdf", "pdf"),
        SealedFile(certificate.ofd_sha256, "application/ofd", "ofd"),
    ]
    return [file for file in files if file.sha256]


def file_of(certificate: Certificate, extension: str) -> SealedFile | None:
    """The file of a certificate in one format."""
    return next((file for file in files_of(certificate) if file.extension == extension), None)


def of_case(case_id: UUID) -> Certificate | None:
    """The certificate a case led to."""
    return Certificate.objects.filter(case_id=case_id).order_by("-edition").first()


def by_id(certificate_id: UUID) -> Certificate | None:
    """One certificate."""
    return Certificate.objects.filter(pk=certificate_id).first()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch got: all its certificates, those made, and those that could not be made."""

    total: int
    made: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.total - self.made - self.failed


MADE = Q(certificates__sha256__gt="")
FAILED = Q(certificates__sha256="") & Q(certificates__error__gt="")


def progress(batch: Batch) -> Progress:
    """The figures of a batch, by one query."""
    figures = {"total": Count("certificates"), "made": Count("certificates", filter=MADE)}
    figures["failed"] = Count("certificates", filter=FAILED)
    return Progress(**Batch.objects.filter(pk=batch.pk).aggregate(**figures))


def counted(rows: QuerySet[Batch]) -> QuerySet[Batch]:
    """Batches with how many certificates they have (`total`) and how many of them are made (`made`)."""
    return rows.annotate(total=Count("certificates"), made=Count("certificates", filter=MADE))


def failed(batch: Batch) -> QuerySet[Certificate]:
    """The certificates of a batch that could not be made, oldest first."""
    return batch.certificates.filter(sha256="").exclude(error="").order_by("id")


def batches(actor: Actor) -> QuerySet[Batch]:
    """The batches of a person's jurisdictions, newest first."""
    return Batch.objects.filter(within(actor.prefixes("certificate.read"))).order_by("-id")


def batch_numbered(actor: Actor, number: str) -> Batch | None:
    """A batch a person may see."""
    return batches(actor).filter(number=number).first()

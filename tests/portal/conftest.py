"""A permit of the demonstration, and the people of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from uuid6 import uuid7

from jianguan.kernel.certificates import Link, content_digest, issue_proof
from jianguan.kernel.identifiers import e_certificate
from jianguan.licensing.certificates import keys
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate
from jianguan.platform.documents import service as documents
from jianguan.platform.journal import service as journal
from tests.licensing.conftest import Road
from tests.licensing.conftest import road as road  # noqa: PLC0414 - a fixture of this folder


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No test inherits another's wrong guesses."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def application(road: Callable[..., Road]) -> Road:
    """An application that led to a permit."""
    return road().to_certificate()


@pytest.fixture
def permit(application: Road) -> Certificate:
    """The sealed permit of that application."""
    found = certificates.of_case(application.case_id)
    assert found
    assert found.sha256
    return found


@pytest.fixture
def sealed(permit: Certificate) -> bytes:
    """The sealed file."""
    return documents.content(permit.sha256)


def qr_text(permit: Certificate) -> str:
    """What the QR code on a permit says."""
    return str(Link("testserver", permit.number, permit.proof))


def new_edition(old: Certificate) -> Certificate:
    """A second edition of a permit, sealed and in the log, with a changed price."""
    day, (type_code, issuer) = old.issued_on + dt.timedelta(days=1), old.identifier.split(".")[5:7]
    identifier = e_certificate.make(type_code, issuer, old.number, 2)
    data = {**old.data, "price": "30,000.00 万元", "identifier": identifier, "issued_on": day.isoformat()}
    digest = content_digest(data)
    proof = issue_proof(keys.proof_key(), number=old.number, kind=1, edition=2, issued_on=day, content_digest=digest)
    new = Certificate.objects.get(pk=old.pk)
    new.pk, new.edition, new.replaces, new.data = uuid7(), 2, old, data
    new.identifier = identifier
    new.content_digest, new.proof, new.issued_on, new.sha256, new.entry_id = digest.hex(), proof, day, "", None
    new.save(force_insert=True)
    certificates.produce(new.pk)
    journal.sequence()
    return Certificate.objects.get(pk=new.pk)


def others(permit: Certificate, count: int) -> None:
    """More rows of the register, like this one, for lists."""
    for serial in range(count):
        copy = Certificate.objects.get(pk=permit.pk)
        copy.pk, copy.number, copy.identifier = uuid7(), f"{permit.number[:-4]}{serial:04d}", f"copy {serial}"
        copy.sha256 = f"{serial:064x}"
        copy.save(force_insert=True)


@pytest.fixture
def ask(client: Client) -> Callable[..., Any]:
    """Posts something to be verified; the answer's `context` says what the page shows."""
    return lambda **asked: client.post("/verify/", asked)

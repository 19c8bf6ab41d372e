"""Certificates without a case around them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from uuid6 import uuid7

from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.models import Role
from jianguan.platform.jobs.service import drain

REGION = "460105"
_serials = itertools.count(1)


@pytest.fixture
def ask(world: Any) -> Callable[..., Certificate]:
    """Requests a safety production licence; keyword arguments change the request."""

    def make(**changes: Any) -> Certificate:
        issuer = accounts.authority_for(REGION)
        number = f"AX4601{next(_serials):06d}"
        asked = {
            "kind": "safety_licence", "template": "licence", "type_code": "11100000000013338W009", "name": "安全生产许可证",
            "name_en": "Safety production licence", "number": number, "national_number": "", "holder_name": "某某建工有限公司",
            "holder_uscc": "91460000MA5T000000", "subject_name": "建筑施工", "project_id": None, "case_id": uuid7(),
            "token_id": uuid7(), "region": REGION, "issuer_id": issuer.id, "issuer_name": issuer.name,
            "issuer_uscc": issuer.uscc or "", "issued_on": date(2026, 11, 20),
            "data": {"title": "安全生产许可证", "holder": "某某建工有限公司", "rows": [["许可范围", "建筑施工"]]},
        }  # fmt: skip
        with transaction.atomic():
            return certificates.request(certificates.Request(**{**asked, **changes}))

    return make


@pytest.fixture
def issue(ask: Callable[..., Certificate]) -> Callable[..., Certificate]:
    """The same, sealed."""

    def make(**changes: Any) -> Certificate:
        found = ask(**changes)
        drain()
        return Certificate.objects.get(pk=found.pk)

    return make


@pytest.fixture
def keeper(world: Any) -> Any:
    """Someone who keeps the seal of the authority."""
    role = Role.objects.get(code="approver")
    role.permissions = sorted({*role.permissions, "certificate.seal"})
    role.save()
    return world.actor("approver")

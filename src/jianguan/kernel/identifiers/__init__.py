"""Numbers of bodies, people, projects and certificates: reading, checking, making and masking them.

Every reader takes any text and gives a `Verdict`; makers give text or raise `NumberError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jianguan.kernel.identifiers import (
    certificates,
    e_certificate,
    filings,
    id_card,
    org_code,
    permit,
    project,
    uscc,
)
from jianguan.kernel.identifiers.masks import mask_id, mask_name, mask_phone
from jianguan.kernel.identifiers.verdict import NumberError, Verdict

__all__ = [
    "KINDS",
    "NumberError",
    "UnknownKind",
    "Verdict",
    "check",
    "e_certificate",
    "mask_id",
    "mask_name",
    "mask_phone",
    "permit",
    "project",
]

KINDS: Mapping[str, Callable[[str], Verdict]] = MappingProxyType(
    {
        "uscc": uscc.parse,
        "org_code": org_code.parse,
        "id_card": id_card.parse,
        "project": project.parse,
        "node_record": project.parse_record,
        "works": project.parse_works,
        "investment_project": project.parse_investment,
        "permit": permit.parse,
        "drawing_review": filings.DRAWING_REVIEW.parse,
        "completion_filing": filings.COMPLETION_FILING.parse,
        "safety_licence": certificates.SAFETY_LICENCE.parse,
        "qualification": certificates.QUALIFICATION.parse,
        "builder": certificates.BUILDER.parse,
        "safety_officer": certificates.SAFETY_OFFICER.parse,
        "special_worker": certificates.SPECIAL_WORKER.parse,
        "e_certificate": e_certificate.parse,
    }
)


class UnknownKind(LookupError):  # noqa: N818 - reads as what it is
    """There is no number of this kind; the sentence lists those there are."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no number of kind {kind!r}; known are {', '.join(KINDS)}.")


def check(kind: str, value: str) -> Verdict:
    """Read `value` as a number of `kind`, one of `KINDS`; raises `UnknownKind`."""
    if kind not in KINDS:
        raise UnknownKind(kind)
    return KINDS[kind](value)

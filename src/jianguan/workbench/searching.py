"""The search box of officers: one text, all the libraries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from jianguan.kernel.identifiers import mask_id
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import service as matters
from jianguan.platform.accounts.service import Actor
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Group:
    """What one library found: (words, second line, address) each, and where the whole list is."""

    title: str
    lines: Sequence[tuple[str, str, str]]
    more: str


def direct(actor: Actor, text: str) -> str | None:
    """The page of the one thing a number belongs to, if the reader may open it."""
    case = matters.visible_to(actor).filter(number=text.upper()).first() if text else None
    return reverse("case", args=[case.pk]) if case else None


def everywhere(actor: Actor, text: str) -> list[Group]:
    """What every library the reader may see has under the text; libraries that found nothing are left out."""
    if not text:
        return []
    groups = [_cases(actor, text), _projects(actor, text)]
    if actor.may("registry.read"):
        groups += [_enterprises(text), _people(text)]
    groups.append(_certificates(actor, text))
    return [group for group in groups if group.lines]


def _cases(actor: Actor, text: str) -> Group:
    found = matters.search(matters.visible_to(actor), text).order_by("-id")[:SHOWN]
    lines = [(case.title, f"{case.number} · {case.get_status_display()}", _at("case", case.pk)) for case in found]
    return Group(gettext("Cases"), lines, _list("work", text, list="open"))


def _projects(actor: Actor, text: str) -> Group:
    found = projects.matching(projects.visible_to(actor), text)[:SHOWN]
    lines = [(one.name, f"{one.code} · {one.owner_name}", _at("project", one.code)) for one in found]
    return Group(gettext("Projects"), lines, _list("projects", text))


def _enterprises(text: str) -> Group:
    lines = [(one.name, one.uscc, _at("enterprise", one.uscc)) for one in enterprises.found_by(text)[:SHOWN]]
    return Group(gettext("Enterprises"), lines, _list("enterprises", text))


def _people(text: str) -> Group:
    lines = [(one.name, mask_id(one.identity_number), _at("person", one.pk)) for one in people.found_by(text)[:SHOWN]]
    return Group(gettext("People"), lines, _list("people", text))


def _certificates(actor: Actor, text: str) -> Group:
    found = certificates.matching(certificates.visible_to(actor), text)[:SHOWN]
    lines = [(one.subject_name, f"{one.name} · {one.number}", _at("certificate", one.number)) for one in found]
    return Group(gettext("Certificates"), lines, _list("certificates", text))


def _at(name: str, key: object) -> str:
    return reverse(name, args=[key])


def _list(name: str, text: str, **more: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': text, **more})}"

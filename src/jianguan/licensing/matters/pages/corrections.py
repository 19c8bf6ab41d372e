"""Correction notices as people read them: item by item with reply, change and mark; and the notice to be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import packs, queries
from jianguan.licensing.matters.actions import FILE, in_step
from jianguan.licensing.matters.models import Case, CorrectionNotice, Submission
from jianguan.licensing.matters.pack import Pack
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, signed_in
from jianguan.platform.errors import NotFound
from jianguan.platform.web.service import words

Subjects = tuple[str, Sequence[tuple[str, str]]]  # words of a group, and its inputs with their words


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item of a notice; `index` counts from 0. `changes` are (title, before, after) of what it is about."""

    index: int
    text: str
    about: str
    reply: str
    mark: str
    changes: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice with its items."""

    notice: CorrectionNotice
    items: Sequence[ShownItem]


def subjects(pack: Pack) -> list[Subjects]:
    """What an item of a correction may be about: the documents, and the questions of the form."""
    documents = [(FILE + material.key, words(material.name)) for material in pack.matter.materials]
    questions = [(section.title, section.fields) for section in pack.form.sections]
    return [
        (gettext("Documents"), documents),
        *((str(title), [(field.key, str(field.title)) for field in fields]) for title, fields in questions),
    ]


def shown_notices(case: Case, pack: Pack, submissions: Sequence[Submission], known: forms.Known) -> list[ShownNotice]:
    """The notices of a case, newest first, with what each correction changed."""
    by_version = {submission.version: submission for submission in submissions}
    names, found = _names(pack), []
    for notice in CorrectionNotice.objects.filter(case=case).order_by("-issued_at"):
        pair = [by_version.get(version) for version in _versions(notice)]
        changed = _changes(pack, pair[0], pair[1], known) if all(pair) else {}
        found.append(ShownNotice(notice, _items(notice, names, changed)))
    return found


def _names(pack: Pack) -> dict[str, str]:
    return {name: title for _, inputs in subjects(pack) for name, title in inputs}


def _versions(notice: CorrectionNotice) -> tuple[int, int]:
    answered = notice.answered_version or 0
    return answered - 1, answered


def _items(
    notice: CorrectionNotice, names: Mapping[str, str], changed: Mapping[str, Sequence[tuple[str, str, str]]]
) -> list[ShownItem]:
    rows = zip(
        notice.items, *(in_step(notice, values) for values in (notice.about, notice.replies, notice.marks)), strict=True
    )
    return [
        ShownItem(index, text, names.get(about, ""), reply, mark, changed.get(about, ()))
        for index, (text, about, reply, mark) in enumerate(rows)
    ]


def _changes(pack: Pack, before: Any, after: Any, known: forms.Known) -> dict[str, list[tuple[str, str, str]]]:
    """What the newer of two submissions changed, by the input an item can be about."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    was, now = (forms.open_record(pack.form, submission.record) for submission in (before, after))
    for change in forms.changes(pack.form, was, now, known):
        found.setdefault(change.name.split("-")[0], []).append((change.title, change.before, change.after))
    for material in pack.matter.materials:
        old, new = (_files(submission, material.key) for submission in (before, after))
        if old != new:
            said = gettext(", ").join
            found[FILE + material.key] = [(words(material.name), said(old.values()), said(new.values()))]
    return found


def _files(submission: Submission, slot: str) -> dict[str, str]:
    return {one["id"]: one["name"] for one in submission.documents if one["slot"] == slot}


def to_mark(notices: Sequence[ShownNotice]) -> Sequence[ShownItem]:
    """Items of the newest notice, once it is answered and until an officer marked them."""
    newest = notices[0] if notices else None
    waiting = newest and newest.notice.answered_at and not newest.notice.marked_at
    return newest.items if newest and waiting else ()


@signed_in
@require_GET
def notice(request: HttpRequest, actor: Actor, case_id: UUID, number: str) -> HttpResponse:
    """The notice to be printed 补正告知书."""
    case = queries.visible_to(actor).with_pack().filter(pk=case_id).first()
    found = CorrectionNotice.objects.filter(case=case, number=number).first() if case else None
    if case is None or found is None:
        raise NotFound
    pack = packs.of_version(case.pack)
    context = {
        "case": case,
        "matter": pack.matter,
        "notice": found,
        "items": _items(found, _names(pack), {}),
        "authority": accounts.authority_for(case.region),
        "back": "own-case" if actor.is_enterprise else "case",
    }
    return render(request, "matters/correction.html", context)

"""Pages of the tree of works: as it is on a day, how it came to be, and the acts on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.messages import Message, message
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, for_officers, signed_in
from jianguan.platform.errors import NotFound
from jianguan.platform.web.service import entry
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.projects import actions, pages, queries, regrouping
from jianguan.registry.projects.models import Project, Succession, Works
from jianguan.registry.projects.regrouping import MOST_PARTS, ChangeSection, ChangeWorks, MergeWorks, Part, SplitWorks
from jianguan.registry.projects.rules import Regrouping

_SAID = ("name", "area_above", "area_below", "length", "floors_above", "floors_below")  # of a part
_UNITS = {"area_above": "㎡", "area_below": "㎡", "length": "m"}  # of what parts must add up to


@signed_in
def tree(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The works of a project on a day (`on`, else today), their splits and merges, and what was changed."""
    found = pages.opened(actor, code)
    day, wrong = _day(request.GET.get("on", ""))
    grown = queries.tree_on(found, day)
    today = day == clock.today()
    standing = {branch.works.id for branch in grown.branches}
    who = accounts.names({act.actor_id for act in grown.regroupings} | {one.actor_id for one in grown.changes})
    context = {
        "project": found,
        "grown": grown,
        "day": day,
        "today": today,
        "wrong": wrong,
        "branches": grown.branches,
        "regroupings": [
            (act, *who[act.actor_id], today and _undoing(code, act, standing)) for act in grown.regroupings
        ],
        "changes": [(one, *who[one.actor_id], _differences(one.before, one.after)) for one in grown.changes],
        "officer": not actor.is_enterprise,
        "face": pages.face(actor),
        "may_regroup": today and regrouping.may_regroup(actor, found),
        "may_write": today and actions.may_write(actor, found),
        "crumbs": [*pages.crumbs(actor, found), (_("Tree of works"), "")],
    }
    return render(request, "projects/tree.html", context)


def _day(typed: str) -> tuple[date, Message | None]:
    """The day that was asked for, or today with what is wrong with it."""
    today = clock.today()
    if not typed:
        return today, None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today, message("Enter a day of the calendar, such as 2026-03-01.")
    if day > today:
        return today, message("That day has not come yet; this is the tree of today.")
    return day, None


def _undoing(code: str, act: Regrouping, standing: set[UUID]) -> str:
    """Where a split or merge is undone by a later act; empty where what it made has itself become something else."""
    if any(one.id not in standing for one in act.new):
        return ""
    like = [("like", one.code) for one in act.old]
    if act.kind == Succession.MERGE:
        return f"{reverse('works-split', args=[code, act.new[0].code])}?{urlencode(like)}"
    return f"{reverse('works-merge', args=[code])}?{urlencode([*like, *(('works', one.code) for one in act.new)])}"


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[Any, str, str]]:
    """(what, before, after) of a change, in words."""
    labels: dict[str, Any] = {name: field.label for name, field in ChangingWorks.base_fields.items()}
    labels["works"] = _("Single works of the section")
    return [(labels[name], _in_words(name, before[name]), _in_words(name, after[name])) for name in before]


def _in_words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if name == "structure":
        return dictionaries.name("structure", value)
    return "、".join(value) if isinstance(value, list) else str(value)


# --- splitting


def _part(name: Any) -> dict[str, Any]:
    return {
        "name": entry.text(name, span=12),
        "area_above": entry.number(_("Area above ground"), unit="㎡", required=False),
        "area_below": entry.number(_("Area below ground"), unit="㎡", required=False),
        "length": entry.number(_("Length of the works"), unit="m", required=False),
        "floors_above": entry.count(_("Floors above ground"), required=False),
        "floors_below": entry.count(_("Floors below ground"), required=False),
    }


def _why(hint: Any = "", *, required: bool = True) -> Any:
    return entry.words(_("Reason"), required=required, hint=hint, limit=500)


class Splitting(entry.Form):
    """What is asked of the parts of works: a row of fields for each."""

    def __init__(self, data: QueryDict | None, parts: int, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.parts = parts
        for n in range(1, parts + 1):
            fields = _part(gettext("Name of part %(n)s") % {"n": n})
            self.fields |= {f"part_{n}_{name}": field for name, field in fields.items()}
        self.fields["reason"] = _why(
            _("Needed where areas or length of the parts differ from the whole by more than 1%."), required=False
        )

    @property
    def full(self) -> bool:
        """Whether no part can be added."""
        return self.parts >= MOST_PARTS


@for_officers
def split(request: HttpRequest, actor: Actor, code: str, works: str) -> HttpResponse:
    """Split works into several. `like` names works the parts are to be like: that undoes a merge."""
    found = _regroupable(actor, code)
    old = _standing(found, works)
    like = _coded(found, request.GET.getlist("like"))
    form = _split_form(request, like)

    def act(given: dict[str, Any]) -> entry.Done:
        said = tuple(Part(*(given[f"part_{n}_{name}"] for name in _SAID)) for n in range(1, form.parts + 1))
        done = regrouping.split_works(actor, SplitWorks(given["command_id"], old.id, said, given["reason"]))
        return _done(code, message("%(code)s was split into %(codes)s.", code=old.code, codes="、".join(done.codes)))

    sheet = entry.Sheet(_("Split single works"), _crumbs(actor, found), _("Split"), _split_note(old), _terms(old))
    return entry.enter(request, form, act, sheet, "projects/split.html")


def _split_form(request: HttpRequest, like: Sequence[Works]) -> Splitting:
    if request.method != "POST":
        initial = {f"part_{n}_{name}": getattr(one, name) for n, one in enumerate(like, 1) for name in _SAID}
        return Splitting(None, max(2, len(like)), initial)
    typed = request.POST.get("parts", "")
    parts = min(max(int(typed), 2), MOST_PARTS) if typed in map(str, range(MOST_PARTS + 1)) else 2
    if request.POST.get("_op") == "more":
        return Splitting(None, min(parts + 1, MOST_PARTS), request.POST.dict())
    return Splitting(request.POST, parts, {})


def _split_note(old: Works) -> Message:
    if number := old.permit:  # type: ignore[attr-defined]  # annotated by standing_works
        return message(
            "These works are under permit %(number)s. All parts will be under it; what the permit says is not rewritten.",
            number=number,
        )
    return message("These works end today and stay in the history; the parts stand in their sections from today.")


# --- merging


class Merging(entry.Form):
    """What is asked of works that several are merged into."""

    works_ids = entry.several(_("Single works to merge"))
    name = entry.text(_("Name of the merged works"), span=12)
    area_above, area_below, length, floors_above, floors_below = list(_part("").values())[1:]
    reason = _why(_("Needed where areas or length differ from the sum by more than 1%."), required=False)


@for_officers
def merge(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Merge works into one; `works` names those to begin with, `like` works it is to be like: that undoes a split."""
    found = _regroupable(actor, code)
    chosen = _coded(found, request.GET.getlist("works"))
    like = _coded(found, request.GET.getlist("like"))
    initial = {"works_ids": [str(one.id) for one in chosen], **_sums(chosen)}
    if like:
        initial |= {name: getattr(like[0], name) for name in _SAID}
    form = Merging(entry.sent(request), initial=initial, works_ids=pages.works_options(found))

    def act(given: dict[str, Any]) -> entry.Done:
        into = Part(*(given[name] for name in _SAID))
        works_ids = tuple(UUID(works_id) for works_id in given["works_ids"])
        command = MergeWorks(given["command_id"], found.id, works_ids, into, given["reason"])
        done = regrouping.merge_works(actor, command)
        return _done(code, message("The works were merged into %(code)s.", code=done.codes[0]))

    note = _("The works end today and keep their permits, which hold for the merged works through the history.")
    return entry.enter(
        request, form, act, entry.Sheet(_("Merge single works"), _crumbs(actor, found), _("Merge"), note)
    )


def _sums(works: Sequence[Works]) -> dict[str, Any]:
    known = {name: [value for one in works if (value := getattr(one, name)) is not None] for name in _UNITS}
    return {name: sum(values, Decimal()) for name, values in known.items() if values}


# --- changing


class ChangingWorks(pages.Adding):
    """What may be said otherwise of works."""

    reason = _why(_("It stays in the history."))


@for_officers
def change_works(request: HttpRequest, actor: Actor, code: str, works: str) -> HttpResponse:
    """Say something else of works from today on."""
    found = _regroupable(actor, code)
    old = _standing(found, works)
    form = ChangingWorks(entry.sent(request), initial={name: getattr(old, name) for name in pages.Adding.base_fields})

    def act(given: dict[str, Any]) -> entry.Done:
        done = regrouping.change_works(actor, ChangeWorks(works_id=old.id, **given))
        return _done(code, message("%(code)s was changed.", code=done.code))

    note = message(
        "The code stays. A permit that names these works keeps its words; changing it is a matter of its own."
    )
    sheet = entry.Sheet(
        _("Change single works"),
        _crumbs(actor, found),
        pgettext_lazy("act", "Change"),
        note,
        [(_("Code of the works"), old.code)],
    )
    return entry.enter(request, form, act, sheet)


class ChangingSection(pages.Forming):
    """What may be said otherwise of a section."""

    reason = _why(_("It stays in the history."))


@for_officers
def change_section(request: HttpRequest, actor: Actor, code: str, section: str) -> HttpResponse:
    """Give a section another name or other works from today on."""
    found = _regroupable(actor, code)
    old = queries.section_coded(found.id, section)
    if old is None:
        raise NotFound
    held = [str(item.works_id) for item in old.items.all() if item.valid_until is None]
    initial = {"name": old.name, "works_ids": held}
    form = ChangingSection(entry.sent(request), initial=initial, works_ids=pages.works_options(found))

    def act(given: dict[str, Any]) -> entry.Done:
        works_ids = tuple(UUID(works_id) for works_id in given.pop("works_ids"))
        done = regrouping.change_section(actor, ChangeSection(section_id=old.id, works_ids=works_ids, **given))
        return _done(code, message("%(code)s was changed.", code=done.code))

    sheet = entry.Sheet(
        _("Change a section"),
        _crumbs(actor, found),
        pgettext_lazy("act", "Change"),
        "",
        [(_("Code of the section"), old.code)],
    )
    return entry.enter(request, form, act, sheet)


# --- common


def _regroupable(actor: Actor, code: str) -> Project:
    found = pages.opened(actor, code)
    regrouping.demand_regrouping(actor, found)
    return found


def _standing(found: Project, works: str) -> Works:
    one = queries.standing_works(found.id).filter(code=works).first()
    if one is None:
        raise NotFound
    return one


def _coded(found: Project, codes: Iterable[str]) -> list[Works]:
    wanted = set(codes)
    return [one for one in queries.works_of(found.id) if one.code in wanted] if wanted else []


def _terms(old: Works) -> list[tuple[Any, Any]]:
    shown = {name: field.label for name, field in pages.Adding.base_fields.items() if name in _UNITS}
    known = [
        (label, f"{value:,} {_UNITS[name]}")
        for name, label in shown.items()
        if (value := getattr(old, name)) is not None
    ]
    return [(_("Name of the single works"), old.name), (_("Code of the works"), old.code), *known]


def _done(code: str, says: Message) -> entry.Done:
    return entry.Done(reverse("works-tree", args=[code]), says)


def _crumbs(actor: Actor, found: Project) -> list[tuple[Any, str]]:
    return [*pages.crumbs(actor, found), (_("Tree of works"), reverse("works-tree", args=[found.code]))]

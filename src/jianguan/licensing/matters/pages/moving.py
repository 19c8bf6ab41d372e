"""Moving the open cases of a matter to another version: choose, look at the dry run, act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import actions, migrating, packs
from jianguan.licensing.matters.contents import node_words
from jianguan.licensing.matters.migrating import DryRun, Route
from jianguan.licensing.matters.models import PackVersion
from jianguan.licensing.matters.progress import node_name
from jianguan.licensing.matters.statuses import ENDED, TONES, Status
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, demand, for_officers
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Forbidden, NotFound, Refusal
from jianguan.platform.web.service import posted_id, toast, words

AS = "as-"  # inputs that say what a step is called in the new version


@dataclass(frozen=True, slots=True)
class Choice:
    """A step of the old version that the new one does not have, and what it may be called there."""

    name: str
    title: str
    value: str
    options: list[tuple[str, str]]


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, actor: Actor, matter: str) -> HttpResponse:
    """Choose two versions, see what would become of every case, then move those that can be moved."""
    demand(actor, actions.MAY_PUBLISH)
    versions = list(_versions(matter))
    if not versions:
        raise NotFound
    if request.method != "POST":
        return _page(request, actor, matter, versions, request.GET)
    given = request.POST
    command = actions.MoveCases(
        posted_id(given.get("command_id")), matter, _number(given.get("from")), _number(given.get("to")),
        tuple(_names(given).items()), given.get("seen", ""), _after(given),
    )  # fmt: skip
    try:
        done = actions.move_cases(actor, command)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, actor, matter, versions, given, refusal)
    says = message("%(moved)s cases were moved, %(stayed)s stay where they are.", moved=done.moved, stayed=done.stayed)
    return toast(request, redirect("conf-matter", matter), says)


def _versions(matter: str) -> Iterable[PackVersion]:
    """Versions in force or once in force, newest first, with the number of their open cases."""
    is_open = ~Q(cases__status__in=[*ENDED, Status.DRAFT])
    rows = PackVersion.objects.defer("content").filter(matter=matter, effective_from__lte=clock.today())
    drafts = Q(cases__status=Status.DRAFT)
    counted = rows.annotate(open=Count("cases", filter=is_open), drafts=Count("cases", filter=drafts))
    return counted.order_by("-version")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0


def _after(given: QueryDict) -> UUID | None:
    """The case after which a dry run begins."""
    text = str(given.get("after", ""))
    return posted_id(text) if text else None


def _names(given: QueryDict) -> dict[str, str]:
    """What steps are called in the new version, as far as that was said."""
    said = {name.removeprefix(AS): str(value) for name, value in given.items() if name.startswith(AS)}
    return {name: value for name, value in sorted(said.items()) if value}


def _page(
    request: HttpRequest,
    actor: Actor,
    matter: str,
    versions: list[PackVersion],
    given: QueryDict,
    refusal: Refusal | None = None,
) -> HttpResponse:
    source, target = _number(given.get("from")), _number(given.get("to"))
    if not source and len(versions) > 1:
        source, target = versions[1].version, versions[0].version
    name = words(packs.of_version(versions[0]).matter.name)
    context: dict[str, Any] = {
        "matter": matter,
        "name": name,
        "versions": versions,
        "source": source,
        "target": target,
        "fault": refusal.says if refusal else None,
        "command_id": new_command_id(),
        "at_once": migrating.AT_ONCE,
        "crumbs": [
            (gettext("Matters"), reverse("conf-matters")),
            (name, reverse("conf-matter", args=[matter])),
            (gettext("Move open cases"), ""),
        ],
    }
    if given.get("from") and given.get("to"):
        context |= _tried(actor, matter, source, target, given, refusal)
    status = refusal.status if refusal else (context["fault"] and Refusal.status) or 200
    return render(request, "matters/conf/move.html", context, status=status)


def _tried(
    actor: Actor, matter: str, source: int, target: int, given: QueryDict, refusal: Refusal | None
) -> dict[str, Any]:
    """The dry run, or why there is none."""
    names, after = _names(given), _after(given)
    try:
        route = actions.route_of(matter, source, target, names)
    except NotFound:
        raise
    except Refusal as why:
        return {"fault": (refusal or why).says}
    found = migrating.dry_run(route, migrating.open_cases(actor, route.source, after))
    return {
        "run": found,
        "after": after or "",
        "names": [(AS + old, new) for old, new in names.items()],
        "choices": _choices(route, found),
        "lines": [
            (
                plan,
                TONES[Status(plan.case.status)],
                [node_name(route.old, node) for node in plan.plan.moved],
                [_named(route, says) for says in plan.reasons],
                [_named(route, says) for says in plan.notices],
            )
            for plan in found.plans
        ],
    }


def _choices(route: Route, found: DryRun) -> list[Choice]:
    language = "en" if get_language() == "en" else "zh"
    choices = []
    for old in found.unnamed:
        node = route.old.net.nodes[old]
        alike = [
            one for one in route.new.net.nodes.values() if one.kind is node.kind and one.id not in route.old.net.nodes
        ]
        options = [(one.id, node_words(one).text(language)) for one in alike]
        choices.append(Choice(AS + old, node_words(node).text(language), route.names.get(old, ""), options))
    return choices


def _named(route: Route, says: Message) -> Message:
    """A sentence with the names of steps instead of their ids."""
    params = {key: _step(route, value) if isinstance(value, str) else value for key, value in says.params.items()}
    return Message(says.template, params)


def _step(route: Route, text: str) -> str:
    for pack in (route.new, route.old):
        if text in pack.net.nodes:
            return node_name(pack, text) or text
    return text

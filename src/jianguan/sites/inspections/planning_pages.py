"""Pages of plans, patrols and double-random draws; the draws are public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from jianguan.kernel.messages import message
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, for_officers
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Forbidden, NotFound
from jianguan.platform.web.service import entry, paginate, place_options, posted_id, toast, words
from jianguan.sites.inspections import planning, published, queries, rules
from jianguan.sites.inspections.models import Draw, Kind, Recusal
from jianguan.sites.inspections.pages import inspects
from jianguan.sites.oversight import service as oversight
from jianguan.sites.oversight.service import SupervisionFile

LATEST = 10


@for_officers
@require_GET
def plans(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Plans against what was held, patrols of this week, draws."""
    if not inspects(actor):
        raise Forbidden(message("You have no permission for this."))
    context = {
        "rows": paginate(request, queries.plan_lines(actor), "-id"),
        "patrols": queries.patrols(actor, clock.today()),
        "week": rules.week_of(clock.today()),
        "draws": queries.draws_of(actor).order_by("-id")[:LATEST],
        "plans": actor.may("inspection.plan"),
        "command_id": new_command_id(),
    }
    return render(request, "inspections/plans.html", context)


class Planning(entry.Form):
    """What is asked of a line of a plan."""

    title = entry.text(_("Title"), span=8, hint=_("Such as “routine inspections, November” or the name of a campaign."))
    kind = entry.choice(_("Kind"), [one for one in Kind.choices if one[0] != Kind.DOUBLE_RANDOM])
    region = entry.choice(_("Place"))
    first_day = entry.day(_("First day"))
    last_day = entry.day(_("Last day"))
    wanted = entry.count(_("Inspections planned"))


@for_officers
def plan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a line of the plan."""
    _demand_planner(actor)
    file = _planned(actor, posted_id(request.GET["file"])) if request.GET.get("file") else None

    def act(given: dict[str, Any]) -> entry.Done:
        planning.plan(actor, planning.Plan(file_id=file.id if file else None, **given))
        return entry.Done(reverse("plans"), message("The line was added to the plan."))

    places = [one for one in _places(actor) if file is None or one[0] == file.region]
    form = Planning(entry.sent(request), region=places if file else entry.to_choose(places))
    terms = _terms(file) if file else None
    return entry.enter(request, form, act, entry.Sheet(_("New line of the plan"), _crumbs(), _("Add"), terms=terms))


class Drawing(entry.Form):
    """What is asked of a draw."""

    title = entry.text(_("Title"), span=8)
    region = entry.choice(_("Place"))
    checklist = entry.choice(_("Checklist"))
    first_day = entry.day(_("First day"))
    last_day = entry.day(_("Last day"))
    wanted = entry.count(_("Works to be drawn"))
    exclude_bound = entry.choice(
        _("Supervisors of the works themselves"),
        [("yes", _("Are not drawn for them")), ("no", _("May be drawn too"))],
        span=8,
        open_=True,
    )
    inspectors = entry.several(_("List of inspectors"))


@for_officers
def seal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Freeze the lists of a draw and seal its seed."""
    _demand_planner(actor)
    places = _places(actor)
    place = request.POST.get("region") or actor.region
    able = planning.able_in(place)

    def act(given: dict[str, Any]) -> entry.Done:
        given["inspectors"] = tuple(UUID(one) for one in given["inspectors"])
        given["exclude_bound"] = given["exclude_bound"] == "yes"
        done = planning.seal_draw(actor, planning.SealDraw(**given))
        return entry.Done(reverse("draw", args=[done.id]), message("Sealed: lists and seed can no longer be changed."))

    form = Drawing(
        entry.sent(request),
        initial={
            "region": actor.region,
            "first_day": clock.today(),
            "exclude_bound": "yes",
            "inspectors": [str(one) for one in able],
        },
        region=entry.to_choose(places),
        checklist=[(key, words(scheme.name)) for key, scheme in queries.checklists()],
        inspectors=[(str(one.id), f"{one.name} · {one.organisation.name}") for one in able.values()],
    )
    note = _(
        "All open supervision files of the place are on the list of works, weighted by risk. What you seal goes into the public "
        "journal as one number; after that the seed is opened and anyone can repeat the draw."
    )
    return entry.enter(request, form, act, entry.Sheet(_("New draw"), _crumbs(), _("Seal the draw"), note))


@for_officers
@require_POST
def hold(request: HttpRequest, actor: Actor, draw_id: UUID) -> HttpResponse:
    """Open the seed and draw."""
    planning.hold_draw(actor, planning.HoldDraw(posted_id(request.POST.get("command_id")), draw_id))
    return toast(request, redirect("draw", draw_id), message("Drawn and published; the inspections are in the plan."))


class Patrolling(entry.Form):
    """What is asked of a quota."""

    per_week = entry.count(_("Patrols a week"), unit=_("times"))


@for_officers
def quota(request: HttpRequest, actor: Actor, file_id: UUID) -> HttpResponse:
    """Say how many patrols a file gets each week."""
    file = _planned(actor, file_id)

    def act(given: dict[str, Any]) -> entry.Done:
        planning.set_quota(actor, planning.SetQuota(file_id=file.id, **given))
        return entry.Done(reverse("plans"), message("The weekly patrols were set."))

    held = getattr(file, "patrol_quota", None)
    form = Patrolling(entry.sent(request), initial={"per_week": held.per_week if held else 3})
    note = _("0 takes the quota away. Three a week are usual where a service team is bound.")
    return entry.enter(request, form, act, entry.Sheet(_("Weekly patrols"), _crumbs(), _("Set"), note, _terms(file)))


class Recusing(entry.Form):
    """What is asked when somebody is recused."""

    account_id = entry.choice(_("Inspector"), span=6)
    reason = entry.words(_("Reason"), limit=500)


@for_officers
def recuse(request: HttpRequest, actor: Actor, file_id: UUID) -> HttpResponse:
    """Enter that somebody does not inspect a site."""
    file = _planned(actor, file_id)

    def act(given: dict[str, Any]) -> entry.Done:
        given["account_id"] = UUID(given["account_id"])
        planning.recuse(actor, planning.Recuse(file_id=file.id, **given))
        return entry.Done(request.path, message("The recusal was entered."))

    able = queries.eligible(file).values()
    options = [(str(one.id), f"{one.name} · {one.organisation.name}") for one in able]
    form = Recusing(entry.sent(request), account_id=entry.to_choose(options))
    terms = [*_terms(file), *((_("Recused already"), _ending(one)) for one in queries.recusals(file))]
    return entry.enter(request, form, act, entry.Sheet(_("Recusal"), _crumbs(), _("Enter the recusal"), terms=terms))


def _ending(row: Recusal) -> SafeString:
    """Who is recused and why, with the way to end it."""
    address = reverse("inspection-recusal-end", args=[row.id])
    return format_html('{}：{} · <a href="{}">{}</a>', row.name, row.reason, address, gettext("End the recusal"))


class Ending(entry.Form):
    """Ending a recusal asks nothing but whether it is meant."""


@for_officers
def end_recusal(request: HttpRequest, actor: Actor, recusal_id: UUID) -> HttpResponse:
    """End a recusal."""
    row = Recusal.objects.select_related("file").filter(pk=recusal_id).first()
    if row is None:
        raise NotFound
    file = _planned(actor, row.file_id)
    back = reverse("inspection-recusal", args=[file.id])

    def act(given: dict[str, Any]) -> entry.Done:
        planning.end_recusal(actor, planning.EndRecusal(given["command_id"], row.id))
        return entry.Done(back, message("The recusal was ended."))

    terms = [*_terms(file), (_("Inspector"), row.name), (_("Reason"), row.reason)]
    sheet = entry.Sheet(_("End the recusal"), [*_crumbs(), (_("Recusal"), back)], _("End the recusal"), terms=terms)
    return entry.enter(request, Ending(entry.sent(request)), act, sheet)


@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """All draws, for everyone."""
    return render(request, "inspections/draws.html", {"rows": paginate(request, queries.draws(), "-id")})


@require_GET
def draw(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """A draw, for everyone: commitment, and once it is held lists, seed and result."""
    found = _draw(draw_id)
    actor = accounts.actor_of(request)
    context: dict[str, Any] = {
        "draw": found,
        "may_hold": found.held_at is None and actor is not None and actor.may("inspection.plan", found.region),
        "command_id": new_command_id(),
    }
    if found.held_at:
        files = {one["id"]: one for one in found.frozen["files"]}
        people = {one["id"]: one for one in found.frozen["inspectors"]}
        submitted = {key: row for key, row in queries.results_of(found).items() if row.submitted_at}
        context |= {
            "chosen": [
                (files[one["file"]], [people[who] for who in one["inspectors"]], submitted.get(one["file"])) for one in found.chosen or ()
            ],
            "excluded": [
                (people[one["inspector"]]["name"], files[one["file"]]["name"], one["reason"])
                for one in found.frozen["excluded"] if one["inspector"] in people and one["file"] in files
            ],
        }  # fmt: skip
    return render(request, "inspections/draw.html", context)


@require_GET
def document(_request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The published document of a draw, to be checked offline."""
    found = _draw(draw_id)
    answer = JsonResponse(published.document(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="draw-{found.id}.json"'
    return answer


def _draw(draw_id: UUID) -> Draw:
    found = queries.draws().filter(pk=draw_id).first()
    if found is None:
        raise NotFound
    return found


def _demand_planner(actor: Actor) -> None:
    if not actor.may("inspection.plan"):
        raise Forbidden(message("You do not plan inspections."))


def _planned(actor: Actor, file_id: UUID) -> SupervisionFile:
    file = oversight.visible_to(actor).filter(pk=file_id).first()
    if file is None:
        raise NotFound
    if not actor.may("inspection.plan", file.region):
        raise Forbidden(message("You do not plan inspections at this place."))
    return file


def _places(actor: Actor) -> list[tuple[str, Any]]:
    return list(place_options(actor.prefixes("inspection.plan")))


def _terms(file: SupervisionFile) -> list[tuple[Any, Any]]:
    return [(_("Works"), file.works_name), (_("Permit"), file.permit_number)]


def _crumbs() -> list[tuple[Any, str]]:
    return [(_("Plans and draws"), reverse("plans"))]

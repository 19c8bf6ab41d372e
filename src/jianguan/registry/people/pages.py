"""Pages of the library of people 人员库. Identity numbers are masked; one is shown in full once, for a stated reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jianguan.kernel.identifiers import check
from jianguan.kernel.messages import message
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, demand, for_enterprises, for_officers
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import NotFound, Refusal, Stale
from jianguan.platform.journal import service as journal
from jianguan.platform.web.service import (
    Filter,
    capped_count,
    entry,
    history,
    paginate,
    place_filter,
    place_options,
    place_prefix,
    posted_id,
    render_either,
)
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import actions, queries
from jianguan.registry.people.models import Person
from jianguan.registry.projects import service as projects

_LIBRARY = _("Library of people")
_CATEGORIES = [(code, code) for code in ("A", "B", "C1", "C2", "C3")]


@for_officers
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The library, searched by name or certificate number."""
    demand(actor, "registry.read")
    place, employer = request.GET.get("region", ""), request.GET.get("employer", "")
    more = [place_filter(place, [""], elsewhere=True), Filter("employer", _("Credit code of the employer"), employer)]
    return _list(request, actor, more, place_prefix(place), employer)


class Finding(entry.Form):
    """What finds one person for sure."""

    identity_type = entry.choice(_("Kind of document"), lambda: dictionaries.options("identity_document"))
    identity_number = entry.text(_("Number of the document"), limit=40)


@for_officers
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find a person by the whole number; it is posted, so that it stands in no address and no log."""
    demand(actor, "registry.read")

    def act(given: dict[str, Any]) -> entry.Done:
        kind, number = given["identity_type"], given["identity_number"].strip().upper()
        found = queries.by_identity(check("id_card", number).normal or number, kind)
        if found is None:
            says = message("Nobody with this number is in the library. Compare it with the document.")
            raise Refusal(says, {"identity_number": says})
        return entry.Done(_address(found), message("Found: %(name)s.", name=found.name))

    sheet = entry.Sheet(_("Find by identity number"), [(_LIBRARY, reverse("people"))], _("Find"))
    return entry.enter(request, Finding(entry.sent(request)), act, sheet)


@for_enterprises
def own_people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """People whom one's own enterprise employs."""
    return _list(request, actor, [])


def _list(request: HttpRequest, actor: Actor, more: list[Filter], prefix: str = "", employer: str = "") -> HttpResponse:
    text = request.GET.get("q", "")
    found = queries.matching(queries.visible_to(actor), text, prefix)
    if employer.strip():
        found = found.filter(employer_uscc=check("uscc", employer).normal or employer)
    rows = paginate(request, queries.with_papers(found), "sort_key", "id")
    posts = projects.posts_now([person.id for person in rows.rows])
    names = enterprises.names([person.employer_uscc for person in rows.rows])
    context = {
        "rows": rows,
        "people": [(p, names.get(p.employer_uscc, p.employer_uscc), posts.get(p.id, [])) for p in rows.rows],
        "count": capped_count(found),
        "filters": [Filter("q", _("Name or certificate number"), text), *more],
        "part": "people/_rows.html",
        "officer": not actor.is_enterprise,
        "may_write": actor.may("registry.write"),
    }
    return render_either(request, "people/list.html", "people/_rows.html", context)


@for_officers
def person(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """The record of one person 人员档案, with the projects they are locked to."""
    return _record(request, actor, _found(actor, person_id))


@for_enterprises
def own_person(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """The record of a person whom one's own enterprise employs."""
    return _record(request, actor, _found(actor, person_id))


@for_officers
@require_POST
@never_cache
def unmask(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Show the identity number in full on this one answer; who asked and why stands in the journal."""
    found = _found(actor, person_id)
    command = actions.UnmaskIdentity(
        posted_id(request.POST.get("command_id")), found.id, request.POST.get("reason", "")
    )
    try:
        done = actions.unmask_identity(actor, command)
    except Refusal as refusal:
        if not refusal.fields:
            raise
        return _record(request, actor, found, fault=refusal)
    if not done.fresh:
        raise Stale(message("The number was shown already. Give the reason again to see it again."))
    return _record(request, actor, found, shown=found.identity_number)


def _record(
    request: HttpRequest, actor: Actor, found: Person, *, shown: str = "", fault: Refusal | None = None
) -> HttpResponse:
    posts, today = list(projects.posts_of(found.id)), clock.legal_day(actor.at)
    names = enterprises.names(_usccs(found))
    context = {
        "person": found,
        "former_names": found.former_names.order_by("-until", "-id"),
        "employer": names.get(found.employer_uscc, found.employer_uscc),
        "registrations": _with_names(found.registrations.all(), names),
        "certificates": _with_names(found.post_certificates.all(), names),
        "held": [post for post in posts if post.valid_until is None or post.valid_until > today],
        "former": [post for post in posts if post.valid_until is not None and post.valid_until <= today],
        "openable": projects.openable(actor, [post.project_id for post in posts]),
        "events": [] if actor.is_enterprise else history(journal.about("person", found.id)),
        "officer": not actor.is_enterprise,
        "may_write": actor.may("registry.write", found.region),
        "may_unmask": actor.may("person.unmask", found.region),
        "shown": shown,
        "fault": fault,
        "command_id": new_command_id(),
    }
    return render(request, "people/person.html", context, status=fault.status if fault else 200)


def _with_names(papers: Iterable[Any], names: Mapping[str, str]) -> list[tuple[Any, str]]:
    """Papers with the name of the enterprise they were issued for."""
    return [(paper, names.get(paper.enterprise_uscc, paper.enterprise_uscc)) for paper in papers]


def _found(actor: Actor, person_id: UUID) -> Person:
    found = queries.with_papers(queries.visible_to(actor)).filter(pk=person_id).first()
    if found is None:
        raise NotFound
    return found


# --- entering facts


class Registering(entry.Form):
    """What is asked of a new person."""

    name = entry.text(pgettext_lazy("person", "Name"))
    identity_type = entry.choice(_("Kind of document"), lambda: dictionaries.options("identity_document"))
    identity_number = entry.text(
        _("Number of the document"),
        hint=_("An identity number has 18 characters; the day of birth and the last one are checked."),
    )
    phone = entry.text(_("Mobile phone"), required=False, limit=20)
    region = entry.choice(_("Place"))
    employer_uscc = entry.text(_("Credit code of the employer"), required=False)


@for_officers
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a person into the library."""
    demand(actor, "registry.write")

    def act(given: dict[str, Any]) -> entry.Done:
        done = actions.register_person(actor, actions.RegisterPerson(**given))
        return entry.Done(reverse("person", args=[done.id]), message("%(name)s was registered.", name=given["name"]))

    form = Registering(
        entry.sent(request), region=entry.to_choose(place_options(actor.prefixes("registry.write"), elsewhere=True))
    )
    sheet = entry.Sheet(
        _("Register a person"), [(_LIBRARY, reverse("people"))], _("Register"),
        _("Number and phone are stored encrypted and shown masked."),
    )  # fmt: skip
    return entry.enter(request, form, act, sheet)


class Licensing(entry.Form):
    """What stands on a registration certificate."""

    type = entry.choice(_("Registration"), lambda: entry.to_choose(dictionaries.options("registration_type")))
    number = entry.text(_("Certificate number"))
    professions = entry.text(_("Professions"), required=False, hint=_("Several are separated by commas."))
    enterprise_uscc = entry.text(_("Credit code of the enterprise"))
    issued_on = entry.day(_("Issued on"))
    valid_until = entry.day(_("Valid until"), required=False)


@for_officers
def record_registration(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Record a professional registration that was issued elsewhere or before."""
    found = _writable(actor, person_id)

    def act(given: dict[str, Any]) -> entry.Done:
        professions = given["professions"].replace("，", ",").replace("、", ",").split(",")
        given["professions"] = tuple(word.strip() for word in professions if word.strip())
        actions.record_registration(actor, actions.RecordRegistration(person_id=found.id, **given))
        return entry.Done(_address(found), message("The registration was recorded."))

    form = Licensing(entry.sent(request), initial={"enterprise_uscc": found.employer_uscc})
    return entry.enter(request, form, act, entry.Sheet(_("Record a registration"), _crumbs(found), _("Record")))


class Certifying(entry.Form):
    """What stands on a post certificate."""

    category = entry.choice(_("Category"), entry.to_choose(_CATEGORIES))
    number = entry.text(_("Certificate number"), hint=_("Like 琼建安C3(2024)0000001."))
    enterprise_uscc = entry.text(_("Credit code of the enterprise"))
    issued_on = entry.day(_("Issued on"))
    valid_until = entry.day(_("Valid until"))


@for_officers
def record_certificate(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Record a safety assessment certificate that was issued elsewhere or before."""
    found = _writable(actor, person_id)

    def act(given: dict[str, Any]) -> entry.Done:
        actions.record_post_certificate(actor, actions.RecordPostCertificate(person_id=found.id, **given))
        return entry.Done(_address(found), message("The certificate was recorded."))

    form = Certifying(entry.sent(request), initial={"enterprise_uscc": found.employer_uscc})
    return entry.enter(request, form, act, entry.Sheet(_("Record a post certificate"), _crumbs(found), _("Record")))


def _writable(actor: Actor, person_id: UUID) -> Person:
    demand(actor, "registry.write")
    return _found(actor, person_id)


def _usccs(found: Person) -> list[str]:
    papers: list[Any] = [*found.registrations.all(), *found.post_certificates.all()]
    return [found.employer_uscc, *(paper.enterprise_uscc for paper in papers)]


def _address(found: Person) -> str:
    return reverse("person", args=[found.id])


def _crumbs(found: Person) -> list[tuple[Any, str]]:
    return [(_LIBRARY, reverse("people")), (found.name, _address(found))]

"""Pages of who handles what: taking and passing on steps, one or many at once; recusals; reminders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jianguan.kernel.messages import Message, message
from jianguan.licensing.duties import actions, queries, recusing, settings
from jianguan.licensing.duties.actions import Result
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import WorkItem
from jianguan.platform.accounts.service import HEADING, Account, Actor, for_enterprises, for_officers
from jianguan.platform.errors import Forbidden, NotFound, Refusal
from jianguan.platform.web.service import entry, posted_id, toast, words

AT_ONCE = 50


# --- at once, without a form


@for_officers
@require_POST
def claim(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the step of the button, or those that are ticked."""
    command_id = posted_id(request.POST.get("command_id"))
    results = actions.each(
        _chosen(request), lambda one: actions.claim(actor, actions.Claim(uuid5(command_id, str(one)), one))
    )
    return _told(request, results, message("Taken: %(count)s.", count=_done(results)))


@for_officers
@require_POST
def give_back(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give the step of the button back to all, or those that are ticked."""
    command_id = posted_id(request.POST.get("command_id"))
    results = actions.each(
        _chosen(request), lambda one: actions.give_back(actor, actions.GiveBack(uuid5(command_id, str(one)), one))
    )
    return _told(request, results, message("Given back to all: %(count)s.", count=_done(results)))


def _chosen(request: HttpRequest) -> list[UUID]:
    """The step of the button that was pressed, or all that are ticked."""
    only = request.POST.get("only")
    return [posted_id(one) for one in ([only] if only else request.POST.getlist("item")[:AT_ONCE])]


def _done(results: Iterable[Result]) -> int:
    return sum(one.refused is None for one in results)


def _told(request: HttpRequest, results: Sequence[Result], says: Message) -> HttpResponse:
    """Back to where it was asked for, with what became of it."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("work")
    refused = [one.refused for one in results if one.refused]
    if not results:
        return toast(request, redirect(back), message("Tick the steps first."), "red")
    if not refused:
        return toast(request, redirect(back), says)
    if len(results) == 1:
        return toast(request, redirect(back), refused[0], "red")
    both = message("%(done)s Not done: %(count)s. %(why)s", done=says, count=len(refused), why=refused[0])
    return toast(request, redirect(back), both, "red")


# --- with a form


class Giving(entry.Form):
    """What is asked when steps are given to somebody."""

    to = entry.choice(_("To whom"), span=6)
    reason = entry.words(_("Why"), limit=500)


class Assigning(Giving):
    """The same of a head, who need not say why."""

    reason = entry.words(_("Words"), required=False, limit=500)


class Saying(entry.Form):
    """What is asked where words suffice."""

    reason = entry.words(_("Why"), limit=500)


class Urging(entry.Form):
    """What a head says who reminds."""

    words = entry.words(_("Words"), limit=500)


@for_officers
def pass_on(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Pass steps on to a colleague; ticked in a list they come as a form and go on as an address."""
    if request.method == "POST" and "choose" in request.POST:
        query = urlencode([("item", one) for one in _chosen(request)])
        return redirect(f"{reverse('duty-pass')}?{query}" if query else reverse("work"))

    def act(given: dict[str, Any], one: UUID, command_id: UUID) -> object:
        return actions.pass_on(actor, actions.PassOn(command_id, one, posted_id(given["to"]), given["reason"]))

    return _give(request, actor, Giving, act, (_("Pass on"), _("Pass on"), message("The step was passed on.")))


@for_officers
def assign(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give steps to a person, as head."""
    _demand_heading(actor)

    def act(given: dict[str, Any], one: UUID, command_id: UUID) -> object:
        return actions.assign(actor, actions.Assign(command_id, one, posted_id(given["to"]), given["reason"]))

    return _give(request, actor, Assigning, act, (_("Assign"), _("Assign"), message("The step was assigned.")))


Act = Callable[[dict[str, Any], UUID, UUID], object]
Words = tuple[Any, Any, Message]  # heading, button, what is said when it is done


def _give(request: HttpRequest, actor: Actor, form: type[entry.Form], act: Act, said: Words) -> HttpResponse:
    items = _items(request, actor)
    out = process.recused(items[0].instance_id) if len(items) == 1 else frozenset()
    holder = items[0].holder_id if len(items) == 1 else None
    people = queries.handlers(items, {holder, *out} - {None} | ({actor.id} if form is Giving else set()))  # type: ignore[arg-type]
    return _enter(request, items, form(entry.sent(request), to=entry.to_choose(map(_named, people))), act, said)


@for_officers
def return_step(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Return a step to the colleague who passed it on."""

    def act(given: dict[str, Any], one: UUID, command_id: UUID) -> object:
        return actions.return_step(actor, actions.Return(command_id, one, given["reason"]))

    said = (_("Return to the colleague"), _("Return"), message("The step was returned."))
    return _enter(request, _items(request, actor), Saying(entry.sent(request)), act, said)


@for_officers
def take_away(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a step from its holder, as head."""
    _demand_heading(actor)

    def act(given: dict[str, Any], one: UUID, command_id: UUID) -> object:
        return actions.take_away(actor, actions.TakeAway(command_id, one, given["reason"]))

    said = (_("Take away"), _("Take away"), message("The step waits for all again."))
    return _enter(request, _items(request, actor), Saying(entry.sent(request)), act, said)


@for_officers
def urge(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Remind whoever has to finish a step, as head."""
    _demand_heading(actor)

    def act(given: dict[str, Any], one: UUID, command_id: UUID) -> object:
        return actions.urge(actor, actions.Urge(command_id, one, given["words"]))

    said = (_("Remind"), _("Send the reminder"), message("The reminder was sent."))
    return _enter(request, _items(request, actor), Urging(entry.sent(request)), act, said)


def _demand_heading(actor: Actor) -> None:
    if not actor.may(HEADING):
        raise Forbidden(message("This is for the head of the place."))


def _items(request: HttpRequest, actor: Actor) -> list[WorkItem]:
    items = queries.open_items(actor, [posted_id(one) for one in request.GET.getlist("item")[:AT_ONCE]])
    if not items:
        raise NotFound(message("This step is no longer open, or you have no access to it."))
    return items


def _enter(request: HttpRequest, items: Sequence[WorkItem], form: entry.Form, act: Act, said: Words) -> HttpResponse:
    """A form about one step or several; of several, those that are refused stay as they are and are counted."""
    cases = matters.of_items(list(items))
    only = cases[items[0].instance_id] if len(items) == 1 else None
    back = _case_page(only) if only else reverse("work")

    def carry_out(given: dict[str, Any]) -> entry.Done:
        if only:
            act(given, items[0].id, given["command_id"])
            return entry.Done(back, said[2])
        ids = [item.id for item in items]
        results = actions.each(ids, lambda one: act(given, one, uuid5(given["command_id"], str(one))))
        refused = [one.refused for one in results if one.refused]
        if len(refused) == len(results):
            raise Refusal(refused[0], {"to": refused[0]})
        if refused:
            names = {"done": _done(results), "count": len(refused), "why": refused[0]}
            return entry.Done(back, message("Done: %(done)s. Not done: %(count)s. %(why)s", **names))
        return entry.Done(back, said[2])

    terms: Any = [(cases[item.instance_id].number, _about(item, cases[item.instance_id])) for item in items]
    crumbs: Any = [(gettext("Work to do"), reverse("work"))] + ([(only.number or "", back)] if only else [])
    return entry.enter(request, form, carry_out, entry.Sheet(said[0], crumbs, said[1], terms=terms))


def _about(item: WorkItem, case: Case) -> str:
    return f"{case.title} · {matters.node_name(matters.of_version(case.pack), item.node)}"


def _named(account: Account) -> tuple[str, str]:
    return str(account.pk), " · ".join(
        part for part in (account.name, account.position, account.organisation.name) if part
    )


def _case_page(case: Case) -> str:
    return f"{reverse('case', args=[case.id])}#duties"


# --- recusal


class Recusing(entry.Form):
    """What is asked when somebody keeps out."""

    account = entry.choice(_("Person keeping out"), span=6)
    reason = entry.choice(_("Ground for the recusal"), span=12, open_=True)
    words = entry.words(_("Words"), required=False, limit=500)


class Asking(entry.Form):
    """What an applicant is asked."""

    named = entry.text(_("Who is meant"), span=12, hint=_("By name, post, or what they did in the case."))
    reason = entry.choice(_("Ground for the recusal"), span=12, open_=True)
    words = entry.words(_("Facts it rests on"), limit=500)


class Answering(entry.Form):
    """What a head is asked who decides."""

    account = entry.choice(_("Who keeps out"), required=False, span=6)
    answer = entry.words(_("Answer to the applicant"), limit=500)


class Lifting(entry.Form):
    """What a head is asked who lifts a recusal."""

    answer = entry.words(_("Why"), limit=500)


@for_officers
def recuse(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Declare that one keeps out of a case; a head may order it of others."""
    case = matters.visible_to(actor).with_pack().filter(pk=case_id).first()
    if case is None:
        raise NotFound
    people = [(str(actor.id), gettext("%(name)s (myself)") % {"name": actor.name})]
    if actor.may(HEADING, case.region):
        people += map(_named, queries.officers_of(case, actor))

    def act(given: dict[str, Any]) -> entry.Done:
        command = recusing.Recuse(
            given["command_id"], case.id, posted_id(given["account"]), given["reason"], given["words"]
        )
        recusing.recuse(actor, command)
        return entry.Done(
            _case_page(case), message("The recusal is in force. What the person held waits for all again.")
        )

    form = Recusing(entry.sent(request), initial={"account": str(actor.id)}, account=people, reason=_reasons())
    sheet = entry.Sheet(_("Recusal"), _crumbs(case), _("Put the recusal in force"), _basis(), _terms(case))
    return entry.enter(request, form, act, sheet)


@for_enterprises
def ask(request: HttpRequest, actor: Actor, case_id: UUID) -> HttpResponse:
    """Ask that somebody keep out of one's case."""
    case = matters.of_applicant(actor).filter(pk=case_id).exclude(submitted_at=None).first()
    if case is None:
        raise NotFound
    page = reverse("own-case", args=[case.id])

    def act(given: dict[str, Any]) -> entry.Done:
        command = recusing.AskRecusal(given["command_id"], case.id, given["named"], given["reason"], given["words"])
        recusing.ask_recusal(actor, command)
        return entry.Done(page, message("Your request was sent. The head of the department decides and tells you."))

    form = Asking(entry.sent(request), reason=_reasons())
    crumbs: Any = [(gettext("My cases"), reverse("own-cases")), (case.number or "", page)]
    sheet = entry.Sheet(_("Ask for a recusal"), crumbs, _("Send the request"), _basis(), _terms(case))
    return entry.enter(request, form, act, sheet)


@for_officers
def answer(request: HttpRequest, actor: Actor, recusal_id: UUID) -> HttpResponse:
    """Decide on an applicant's request: name who keeps out, or decline."""
    asked, case = _recusal(actor, recusal_id)

    def act(given: dict[str, Any]) -> entry.Done:
        account = posted_id(given["account"]) if given["account"] else None
        recusing.answer_recusal(
            actor, recusing.AnswerRecusal(given["command_id"], asked.id, account, given["answer"])
        )  # fmt: skip
        return entry.Done(_case_page(case), message("The decision was recorded; the applicant is told."))

    nobody = [("", _("Nobody: decline the request"))]
    form = Answering(entry.sent(request), account=[*nobody, *map(_named, queries.officers_of(case, actor))])
    terms = [*_terms(case), (_("Who is meant"), asked.named), (_("Facts it rests on"), asked.words)]
    sheet = entry.Sheet(_("Decide on a recusal"), _crumbs(case), _("Record the decision"), _basis(), terms)
    return entry.enter(request, form, act, sheet)


@for_officers
def lift(request: HttpRequest, actor: Actor, recusal_id: UUID) -> HttpResponse:
    """Let a person act in a case again."""
    standing, case = _recusal(actor, recusal_id)

    def act(given: dict[str, Any]) -> entry.Done:
        recusing.lift_recusal(actor, recusing.LiftRecusal(given["command_id"], standing.id, given["answer"]))
        return entry.Done(_case_page(case), message("The recusal was lifted."))

    sheet = entry.Sheet(_("Lift a recusal"), _crumbs(case), _("Lift it now"), terms=_terms(case))
    return entry.enter(request, Lifting(entry.sent(request)), act, sheet)


def _recusal(actor: Actor, recusal_id: UUID) -> tuple[process.Recusal, Case]:
    """A recusal of a case at a place whose work the actor heads."""
    found = process.Recusal.objects.filter(pk=recusal_id).first()
    case = matters.visible_to(actor).with_pack().filter(pk=found.instance_id).first() if found else None
    if found is None or case is None:
        raise NotFound
    actions.demand_heading(actor, case)
    return found, case


def _reasons() -> list[tuple[str, str]]:
    return [(code, words(name)) for code, name in settings.recusal().reasons.items()]


def _basis() -> str:
    return words(settings.recusal().source)


def _terms(case: Case) -> list[tuple[Any, Any]]:
    return [(_("Case"), case.number), (_("Application"), case.title)]


def _crumbs(case: Case) -> list[tuple[Any, str]]:
    return [(gettext("Work to do"), reverse("work")), (case.number or "", _case_page(case))]

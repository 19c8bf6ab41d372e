"""Leave and substitutes: what is lent, to whom, until when; and what the record says."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from jianguan.licensing.duties import service as duties
from jianguan.licensing.matters import queries
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.models import Act
from jianguan.licensing.process.models import WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.models import Absence
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, Refusal
from jianguan.platform.journal import service as journal


def leave(actor, of, substitute, days=3, first=None):
    first = first or clock.today()
    command = accounts.EnterAbsence(
        new_command_id(), of.id, substitute.id, first, first + timedelta(days=days - 1), "年休假"
    )
    return accounts.enter_absence(actor, command)


def accept(actor, item_id):
    return matters.finish_step(actor, matters.FinishStep(new_command_id(), item_id, "accept", "同意受理。"))


@pytest.fixture
def clerk(colleague):
    """A colleague of the same bureau who has no role at the window."""
    return colleague("clerk", "冯某", "credit_reviewer")


def test_a_substitute_acts_on_behalf_of_the_absent_under_their_own_name(world, road, clerk):
    application, window = road(), world.actor("window")
    item = application.item("acceptance")
    with pytest.raises(Forbidden):
        accept(clerk, item)
    leave(window, window, clerk)
    clerk = world.actor("clerk")
    assert [one.id for one in queries.inbox(clerk)] == [item]
    accept(clerk, item)
    act = Act.objects.get(case=application.case_id, node="acceptance")
    assert (act.actor_id, act.details["on_behalf_of"]) == (clerk.id, str(window.id))
    said = next(journal.data_of(f) for f in journal.about("case", application.case_id) if f.kind == "case.accepted")
    assert said["on_behalf_of"] == str(window.id)


def test_a_substitute_finishes_what_the_absent_holds_and_nobody_else_does(world, road, clerk, colleague):
    application, window, li = road(), world.actor("window"), colleague("li", "李某")
    item = application.item("acceptance")
    duties.claim(window, duties.Claim(new_command_id(), item))
    leave(window, window, clerk)
    with pytest.raises(Forbidden, match="holds this step"):
        accept(li, item)
    accept(world.actor("clerk"), item)


def test_who_has_the_role_too_acts_for_the_absent_only_where_the_absent_holds_it(world, road, colleague):
    li, window = colleague("li", "李某"), world.actor("window")
    first, second = road(), road(project="p06", price=15200)
    duties.claim(window, duties.Claim(new_command_id(), first.item("acceptance")))
    leave(window, window, li)
    li = world.actor("li")
    accept(li, first.item("acceptance"))
    accept(li, second.item("acceptance"))
    details = [Act.objects.get(case=one.case_id, node="acceptance").details for one in (first, second)]
    assert ["on_behalf_of" in one for one in details] == [True, False]


def test_the_rights_end_with_the_last_day(world, clerk):
    window = world.actor("window")
    leave(window, window, clerk, days=2)
    end = datetime.combine(clock.today() + timedelta(days=2), time(), clock.LEGAL_ZONE)
    for instant, lent in ((end - timedelta(seconds=1), True), (end, False)):
        with clock.standing_at(instant):
            assert world.actor("clerk").has_role("window_clerk", "460105") is lent


def test_the_rights_begin_with_the_first_day(world, clerk):
    window = world.actor("window")
    leave(window, window, clerk, first=clock.today() + timedelta(days=1))
    assert not world.actor("clerk").has_role("window_clerk", "460105")


def test_they_end_at_once_where_the_leave_is_ended(world, clerk):
    window = world.actor("window")
    done = leave(window, window, clerk)
    absence = Absence.objects.get(pk=done.id)
    with pytest.raises(Forbidden):
        accounts.end_absence(clerk, accounts.EndAbsence(new_command_id(), absence.id))
    accounts.end_absence(window, accounts.EndAbsence(new_command_id(), absence.id))
    assert not world.actor("clerk").has_role("window_clerk", "460105")
    with pytest.raises(Conflict):
        accounts.end_absence(window, accounts.EndAbsence(new_command_id(), absence.id))


def test_a_substitute_of_a_substitute_gets_nothing(world, clerk, colleague):
    window, third = world.actor("window"), colleague("third", "三某", "cost_reviewer")
    leave(window, window, clerk)
    leave(clerk, clerk, third)
    actor = world.actor("third")
    assert actor.has_role("credit_reviewer", "460105")
    assert not actor.has_role("window_clerk", "460105")


@pytest.mark.parametrize(
    "role", ["system_admin", "security_admin", "audit_admin", "administrator", "seal_keeper", "registrar"]
)
def test_administration_and_the_seal_are_never_lent(world, clerk, colleague, role):
    admin = colleague("boss", "某", role)
    leave(admin, admin, clerk)
    assert not world.actor("clerk").has_role(role, "460105")


def test_directing_others_is_not_lent(world, clerk):
    head = world.actor("head")
    leave(head, head, clerk)
    actor = world.actor("clerk")
    assert actor.has_role("section_head", "460105")
    assert not actor.may("work.direct")


def test_separation_counts_who_acted_and_for_whom(world, road, colleague):
    """The window clerk accepted; as substitute of the approver they still may not approve. Nor may anyone for them."""
    application = road().to_approval()
    approver, window = world.actor("approver"), world.actor("window")
    item = application.item("approval")
    leave(approver, approver, window)
    approve = matters.FinishStep(new_command_id(), item, "approve", "同意。")
    with pytest.raises(Forbidden, match="You handled an earlier step"):
        matters.finish_step(world.actor("window"), approve)
    accounts.grant_at_installation(accounts.Account.objects.get(username="window"), "approver", "4601")
    clerk = colleague("clerk", "冯某", "credit_reviewer")
    Absence.objects.all().delete()
    leave(window, window, clerk)
    with pytest.raises(Forbidden, match="王芳, for whom you stand in"):
        matters.finish_step(world.actor("clerk"), approve)


def test_leave_is_entered_by_the_person_or_the_head_only(world, clerk, colleague):
    window = world.actor("window")
    with pytest.raises(Forbidden):
        leave(clerk, window, clerk)
    leave(world.actor("head"), window, clerk)
    sanya = colleague("sanya", "三亚科长", "section_head", "4602", "sanya")
    with pytest.raises(Forbidden):
        leave(sanya, clerk, window)


@pytest.mark.parametrize(
    ("of", "substitute", "days", "begins", "field"),
    [("window", "window", 3, 0, "substitute"), ("window", "quality", 3, 0, "substitute"), ("window", "clerk", 0, 0, "last_day"),
     ("window", "clerk", 1, -2, "last_day"), ("window", "head", 3, 0, "substitute")],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(world, clerk, of, substitute, days, begins, field):
    head = world.actor("head")
    leave(head, head, clerk)  # the head is away these days
    with pytest.raises(Refusal) as refused:
        leave(world.actor(of), world.actor(of), world.actor(substitute), days, clock.today() + timedelta(days=begins))
    assert set(refused.value.fields) == {field}


def test_one_is_away_once_at_a_time(world, clerk, colleague):
    window = world.actor("window")
    leave(window, window, clerk)
    with pytest.raises(Refusal) as refused:
        leave(window, window, colleague("li", "李某"))
    assert set(refused.value.fields) == {"first_day"}


def test_nothing_is_passed_on_to_who_is_away(world, road, clerk, colleague):
    application, li = road(), colleague("li", "李某")
    leave(li, li, clerk)
    with pytest.raises(Refusal, match="on leave; 冯某 stands in"):
        duties.pass_on(
            world.actor("window"), duties.PassOn(new_command_id(), application.item("acceptance"), li.id, "请代办。")
        )
    duties.pass_on(
        world.actor("window"), duties.PassOn(new_command_id(), application.item("acceptance"), clerk.id, "请代办。")
    )
    assert WorkItem.objects.get(pk=application.item("acceptance")).holder_id == clerk.id


def test_reading_an_actor_takes_one_query_more_or_less_leave(world, clerk, django_assert_num_queries):
    account = accounts.Account.objects.select_related("organisation").get(username="clerk")
    with django_assert_num_queries(1):
        accounts.actor(account)
    for username in ("window", "tender", "market"):
        leave(world.actor(username), world.actor(username), clerk)
    with django_assert_num_queries(1):
        assert len(accounts.actor(account).absent_colleagues) == 3

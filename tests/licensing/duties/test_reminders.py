"""Telling people what is due: once a working day, the right people, from the due day of the legal clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jianguan.licensing.duties import reminders
from jianguan.licensing.duties import service as duties
from jianguan.licensing.duties.settings import Reminders
from jianguan.licensing.matters.models import Case
from jianguan.licensing.process.models import WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.notices.models import Notice
from jianguan.platform.workdays import service as workdays

CONFIGURED = Reminders(from_hour=8, soon_days=2, escalate_after_days=3)


@pytest.fixture
def monday():
    """The next Monday that is a working day."""
    day = clock.today() + timedelta(days=1)
    while day.weekday() or not workdays.calendar().is_working(day):
        day += timedelta(days=1)
    return day


@pytest.fixture
def due(road):
    """An application whose step at acceptance is due on a day."""

    def made(day, project="p05", price=24650):
        application = road(project=project, price=price)
        WorkItem.objects.filter(instance=application.case_id, state="open").update(due_on=day)
        Case.objects.filter(pk=application.case_id).update(due_on=day)
        return application

    return made


def at(day, hour=9):
    return clock.standing_at(datetime.combine(day, datetime.min.time(), clock.LEGAL_ZONE) + timedelta(hours=hour))


def digest(world, username):
    return Notice.objects.filter(account_id=world.accounts[username].id, dedup_key__startswith="due:")


def test_everyone_who_may_finish_it_is_told_in_one_message(world, due, colleague, monday):
    li = colleague("li", "李某")
    due(monday)
    due(monday - timedelta(days=3), "p06", 15200)
    due(workdays.calendar().add(monday, 2), "p07", 5600)
    with at(monday):
        duties.remind()
    for account in (world.accounts["window"].id, li.id):
        (notice,) = Notice.objects.filter(account_id=account)
        assert notice.params == {"overdue": "1", "today": "1", "soon": "1", "days": "2"}
    assert not digest(world, "quality").exists()


def test_nobody_is_told_twice_a_day_and_again_the_next(world, due, monday):
    due(monday)
    for hour in (9, 10, 15):
        with at(monday, hour):
            duties.remind()
    assert digest(world, "window").count() == 1
    with at(monday):
        reminders.tell(monday, CONFIGURED)  # even if the row of the day were lost
    assert digest(world, "window").count() == 1
    with at(monday + timedelta(days=1)):
        duties.remind()
    assert digest(world, "window").count() == 2


def test_nobody_is_told_at_night_or_on_a_day_off(world, due, monday):
    due(monday - timedelta(days=1))
    with at(monday, 7):
        assert duties.remind() == 0
    with at(monday - timedelta(days=1), 10):  # a Sunday
        assert duties.remind() == 0
    assert not Notice.objects.filter(dedup_key__startswith="due:").exists()


def test_only_the_holder_is_told_of_what_is_held_and_the_substitute_with_them(world, due, colleague, monday):
    li, clerk = colleague("li", "李某"), colleague("clerk", "某", "credit_reviewer")
    application = due(monday)
    duties.claim(li, duties.Claim(new_command_id(), application.item("acceptance")))
    with at(monday):
        accounts.enter_absence(li, accounts.EnterAbsence(new_command_id(), li.id, clerk.id, monday, monday))
        reminders.tell(monday, CONFIGURED)
    told = set(Notice.objects.filter(dedup_key__startswith="due:").values_list("account_id", flat=True))
    assert told == {li.id, clerk.id}


def test_who_keeps_out_is_not_told(world, due, colleague, monday):
    li = colleague("li", "李某")
    application = due(monday)
    duties.recuse(li, duties.Recuse(new_command_id(), application.case_id, li.id, "kinship"))
    with at(monday):
        duties.remind()
    assert digest(world, "window").exists()
    assert not Notice.objects.filter(account_id=li.id, dedup_key__startswith="due:").exists()


def test_what_is_not_due_yet_or_stands_still_is_not_told(world, due, monday):
    due(workdays.calendar().add(monday, 3))
    due(None, "p06", 15200)
    with at(monday):
        assert duties.remind() == 0


@pytest.mark.parametrize(("late_by", "escalated"), [(2, False), (3, True), (6, True)])
def test_the_head_is_told_of_what_is_long_overdue(world, due, monday, late_by, escalated):
    day = monday
    for _ in range(late_by):
        day -= timedelta(days=1)
        while not workdays.calendar().is_working(day):
            day -= timedelta(days=1)
    application = due(day)
    with at(monday):
        duties.remind()
    found = Notice.objects.filter(account_id=world.accounts["head"].id, dedup_key__startswith="overdue:")
    assert found.exists() is escalated
    if escalated:
        assert application.case.number in found.get().params["numbers"]


def test_reading_takes_as_many_queries_for_many_as_for_one(world, due, monday):
    def reads():
        with CaptureQueriesContext(connection) as captured, at(monday):
            reminders.tell(monday, CONFIGURED)
        return sum("notices_notice" not in query["sql"] and "SAVEPOINT" not in query["sql"] for query in captured)

    due(monday)
    one = reads()
    due(monday, "p06", 15200)
    due(monday - timedelta(days=9), "p07", 5600)
    assert reads() <= one + 1  # the numbers for heads


def test_a_reminder_by_hand_reaches_all_who_may_finish_it(world, due, colleague, monday):
    li = colleague("li", "李某")
    application = due(monday)
    command = duties.Urge(new_command_id(), application.item("acceptance"), "请抓紧。")
    duties.urge(world.actor("head"), command)
    duties.urge(world.actor("head"), command)
    for account in (world.accounts["window"].id, li.id):
        assert Notice.objects.filter(account_id=account, params__reason="请抓紧。").count() == 1

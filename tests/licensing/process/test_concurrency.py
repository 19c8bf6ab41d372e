"""Several connections at one case: nothing happens twice, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from tests.licensing.conftest import ROW, Road

from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.models import Act, Case
from jianguan.licensing.process.models import LogLine, Token, WorkItem
from jianguan.licensing.process.service import due_timers
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Refusal


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in threads with connections of their own; returns their answers or the refusals they met."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def commit(committed_world: Any) -> Callable[[str], Road]:
    """Makes a committed application for a project."""
    taken: list[Road] = []

    def make(project: str) -> Road:
        for case in Case.objects.filter(project_id=committed_world.projects[project], ended_at=None).exclude(
            status="draft"
        ):
            agent = next(
                a for a in ("agent", "agent2") if committed_world.actor(a).organisation_id == case.applicant_id
            )
            matters.withdraw(committed_world.actor(agent), matters.Withdraw(new_command_id(), case.id, "下一个测试。"))
        taken.append(Road(committed_world, {**ROW, "project": project}))
        return taken[-1]

    return make


def test_a_double_click_from_four_connections_is_one_act(commit):
    application = commit("p07")
    command = matters.FinishStep(new_command_id(), application.item("acceptance"), "accept", "同意受理。")
    actor = application.world.actor("window")
    answers = at_once(*[lambda: matters.finish_step(actor, command)] * 4)
    assert all(answer == answers[0] for answer in answers)
    assert not isinstance(answers[0], Refusal)
    assert Act.objects.filter(case=application.case, node="acceptance").count() == 1


def test_of_two_officers_one_finishes_the_step_and_the_other_is_told(commit):
    application = commit("p07")
    item, actor = application.item("acceptance"), application.world.actor("window")
    calls = [
        lambda outcome=outcome, words=words: matters.finish_step(
            actor, matters.FinishStep(new_command_id(), item, outcome, "意见。", **words)
        )
        for outcome, words in (("accept", {}), ("correct", {"items": ("补签章。",)}))
    ]
    refused = [answer for answer in at_once(*calls) if isinstance(answer, Refusal)]
    assert [str(refusal) for refusal in refused] == [
        str(refusal) for refusal in refused if "already finished" in str(refusal)
    ]
    assert len(refused) == 1
    assert Act.objects.filter(case=application.case, node="acceptance").count() == 1


@pytest.mark.parametrize("_round", range(6))
def test_three_reviewers_at_once_join_once(commit, _round):
    application = commit("p07").through("acceptance")
    reviewers = {"quality_review": "quality", "safety_review": "safety", "market_review": "market"}
    calls = [
        lambda step=step, name=name: matters.finish_step(
            application.world.actor(name),
            matters.FinishStep(new_command_id(), application.item(step), "pass", "同意。"),
        )
        for step, name in reviewers.items()
    ]
    assert not [answer for answer in at_once(*calls) if isinstance(answer, Refusal)]
    assert list(WorkItem.objects.filter(instance=application.case_id, state="open").values_list("node", flat=True)) == [
        "examination"
    ]
    assert Token.objects.filter(instance=application.case_id).count() == 1
    assert LogLine.objects.filter(instance=application.case_id, event="joined").count() == 1


def test_a_timer_and_the_act_it_races_with_do_not_both_happen(commit):
    application = commit("p07")
    application.finish("acceptance", "window", "correct", items=("补签章。",))
    case = application.case
    with clock.standing_at(clock.now().replace(year=clock.now().year + 1)):
        ((instance_id, timer_id),) = [due for due in due_timers(clock.now(), 1000) if due[0] == case.id]
    agent = application.world.actor("agent2")
    submit = matters.Submit(new_command_id(), case.id, case.draft.revision)
    at_once(lambda: matters.fire_timer(instance_id, timer_id), lambda: matters.submit(agent, submit))
    status = application.case.status
    assert status in ("withdrawn", "acceptance")
    assert WorkItem.objects.filter(instance=case.id, state="open").count() == (status == "acceptance")


KILLED = """
    import os, sys
    import django
    django.setup()
    from uuid import UUID
    from jianguan.licensing.matters import service as matters
    from jianguan.platform.accounts import service as accounts
    from jianguan.platform.journal import writing
    from jianguan.licensing.matters.actions import handling

    handling.record = lambda *a, **k: os.kill(os.getpid(), 9)   # dies after all rows are written, before the end
    item, command = map(UUID, sys.argv[1:])
    matters.finish_step(accounts.actor_by_username("window"), matters.FinishStep(command, item, "accept", "同意受理。"))
"""


def test_a_process_killed_in_the_middle_leaves_nothing_half_done(commit):
    application = commit("p07")
    item, command_id = application.item("acceptance"), new_command_id()
    database = connections["default"].settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/jianguan?", f"/{database}?")
    program = [sys.executable, "-c", textwrap.dedent(KILLED), str(item), str(command_id)]
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "jianguan.config.settings"}
    killed = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=120)
    assert killed.returncode == -9, killed.stderr
    assert application.item("acceptance") == item
    assert not Act.objects.filter(case=application.case, node="acceptance").exists()
    command = matters.FinishStep(UUID(str(command_id)), item, "accept", "同意受理。")
    matters.finish_step(application.world.actor("window"), command)
    assert application.case.status == "review"

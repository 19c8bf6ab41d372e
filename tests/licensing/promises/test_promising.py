"""Applying by promise: what is not asked for, what is signed, and what officers may not ask."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from tests.licensing.promises.conftest import Promised

from jianguan.config.packs_folder import shipped_packs
from jianguan.kernel.tables import load
from jianguan.kernel.transparency.canonical import digest
from jianguan.licensing.matters import service as matters
from jianguan.licensing.promises import service as promises
from jianguan.licensing.promises.models import Promise, Way
from jianguan.licensing.rules import service as rules
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Refusal
from jianguan.platform.journal import service as journal
from jianguan.platform.workdays import service as workdays


def test_promised_documents_are_not_asked_for(promised):
    case = promised().case
    slots = {one["slot"] for one in case.submissions.get().documents}
    assert slots == {"plan"}
    assert case.number


def test_without_a_promise_they_are(promised, world):
    case = promised(promise=None).case
    assert {one["slot"] for one in case.submissions.get().documents} >= {"plan", "drawing"}
    assert promises.of_submission(case.id, 1) is None


def test_the_text_is_signed_word_for_word(promised):
    case = promised().case
    promise = Promise.objects.get(case_id=case.id)
    assert promise.digest == digest(promise.text).hex()
    assert promise.text["pack"] == case.pack.digest
    assert [one["key"] for one in promise.text["items"]] == ["water", "outlet"]
    assert (promise.signer, promise.text["uscc"][:2]) == ("何大川", "91")
    (entry,) = journal.about("case", case.id).filter(kind="promise.signed")
    (fact,) = journal.facts([entry])
    assert fact.documents == (promise.digest,)
    assert "何大川" not in json.dumps(fact.data, ensure_ascii=False)


@pytest.mark.parametrize("confirmed", [(), ("water",)])
def test_every_condition_is_confirmed_by_name(promised, world, confirmed):
    with pytest.raises(Refusal) as refused:
        submit_again(promised, world, confirmed=confirmed, signer="何大川")
    missing = {"water", "outlet"} - set(confirmed)
    assert set(refused.value.fields) == {f"promise-item-{key}" for key in missing}


def test_a_promise_is_signed(promised, world):
    with pytest.raises(Refusal) as refused:
        submit_again(promised, world, confirmed=("water", "outlet"), signer=" ")
    assert set(refused.value.fields) == {"promise-signer"}


def submit_again(promised, world, **way):
    """Answer a correction with another promise."""
    application: Promised = promised()
    application.finish("acceptance", "window", "correct", items=("排水方案缺少水量计算。",))
    agent, case = world.actor("agent2"), application.case
    matters.choose_way(agent, case.id, promised=way.pop("by_promise", True), **way)
    matters.submit(agent, matters.Submit(new_command_id(), case.id, case.draft.revision))
    return application


def test_a_correction_is_promised_anew(promised, world):
    case = submit_again(promised, world, confirmed=("water", "outlet"), signer="林晓").case
    assert [(one.version, one.signer) for one in promises.of_cases([case.id])] == [(1, "何大川"), (2, "林晓")]


def test_who_goes_back_to_documents_owes_them(promised, world):
    with pytest.raises(Refusal) as refused:
        submit_again(promised, world, by_promise=False)
    assert "file-drawing" in refused.value.fields


def test_the_shorter_time_is_promised(promised):
    shorter, whole = promised(), promised(promise=None, project="p10")
    for application, days in ((shorter, 2), (whole, 5)):
        application.finish("acceptance", "window", "accept")
        case = application.case
        assert case.due_on == workdays.calendar().add(case.accepted_on, days)
        assert matters.clocks_of(case)[-1].derivation.due.day == case.due_on


def test_checks_that_are_promised_are_remarks(promised):
    answers = {"settling": False, "into_storm_drain": True, "water_tested": False}
    case = promised(answers=answers).case
    checks = {one.table: one for one in rules.last_round(case.id)}
    assert checks["pretreatment"].result == rules.HINT
    assert "已书面承诺" in checks["pretreatment"].evaluation["outputs"][0]["say"]["zh"]
    assert "承诺" not in checks["separation"].evaluation["outputs"][0]["say"]["zh"], "only what the pack names"


def table(result: str) -> bytes:
    document = json.loads((shipped_packs() / "drainage_permit/1/rules/separation.table.json").read_text())
    document["rows"][1]["then"]["result"] = result
    return json.dumps(document).encode()


@pytest.mark.parametrize(("found", "then"), [("failed", "hint"), ("hint", "hint"), ("passed", "passed")])
def test_a_failed_check_stands_in_the_way_no_more_once_it_is_promised(found, then):
    application = rules.Application({"separate_sewers": True, "into_storm_drain": True}, None, workdays.known_until())
    asked = rules.ask([load(table(found))], application, {"unused": Decimal()})
    assert [one.result for one in rules.by_promise(asked, ["separation"])] == [then]
    assert [one.result for one in rules.by_promise(asked, ["another"])] == [found]


@pytest.mark.parametrize(
    "words", [{"items": ("请补充排水管网和接驳口平面图。",)}, {"items": ("请补充。",), "about": ("file-drawing",)}]
)
def test_nobody_asks_for_what_was_promised(promised, words):
    application = promised()
    with pytest.raises(Refusal, match="promised"):
        application.finish("acceptance", "window", "correct", **words)


def test_its_lack_is_no_reason_to_decline(promised):
    application, clause = promised(), "《行政许可法》第三十二条（不属于本机关职权范围）"
    with pytest.raises(Refusal, match="promised"):
        application.finish(
            "acceptance", "window", "not_accept", opinion="未提交排水管网和接驳口平面图。", clause=clause
        )
    application.finish("acceptance", "window", "not_accept", opinion="不属于本机关职权范围。", clause=clause)
    assert application.case.status == "not_accepted"


def test_nothing_may_be_promised_where_the_pack_says_nothing(promised, world):
    case = promised(matter="road_occupation", promise=None).case
    with pytest.raises(Conflict):  # it is submitted
        matters.choose_way(world.actor("agent2"), case.id, promised=True)
    assert not Way.objects.filter(case_id=case.id).exists()

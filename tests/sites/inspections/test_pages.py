"""Pages of inspections as people use them, without script."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.sites.inspections.conftest import file_of, lost
from tests.sites.inspections.test_draws import files, hold, seal  # noqa: F401 - a fixture

from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.sites.inspections.models import Correction, Inspection, PlanLine, Recusal, State


def ids():
    return {"command_id": str(new_command_id())}


def test_a_supervisor_fills_in_an_inspection_from_beginning_to_end(visit, world, desk):
    browser = visit("supervisor3")
    address = f"/g/inspections/new/?file={desk.file.id}"
    page = browser.get(address).content.decode()
    assert page.count("checked") >= 2  # the bound supervisors
    people = [str(world.accounts[name].id) for name in ("supervisor1", "supervisor3")]
    form = {"kind": "routine", "checklist": "quality", "planned_on": clock.today().isoformat(), "inspectors": people}
    answer = browser.post(address, form | ids())
    made = Inspection.objects.get(file=desk.file)
    assert answer["Location"] == f"/g/inspections/{made.id}/"
    for table in ("ZL.1", "ZL.2", "ZL.3"):
        answer = browser.post(f"/g/inspections/{made.id}/sheets/", {"table": table, "label": ""} | ids())
        sheet = (
            {"revision": "1", "_op": "rest", "d-key_people_present-0": "1"}
            if table == "ZL.1"
            else {"revision": "1", "_op": "rest"}
        )
        assert browser.post(answer["Location"], sheet | ids()).status_code == 302
    browser.post(f"/g/inspections/{made.id}/", {"revision": "1", "held_on": clock.today().isoformat()} | ids())
    page = browser.get(f"/g/inspections/{made.id}/").content.decode()
    assert "94.00" in page  # 80 of 30, 100 of 70
    answer = browser.post(f"/g/inspections/{made.id}/submit/", ids())
    assert answer["Location"] == f"/inspections/{made.id}/result/"
    assert "项目经理未到岗" in browser.get(answer["Location"]).content.decode()


def test_fewer_than_two_inspectors_lose_nothing_that_was_typed(visit, world, desk):
    address = f"/g/inspections/new/?file={desk.file.id}"
    form = {
        "kind": "special",
        "checklist": "jgj59",
        "planned_on": "2026-11-30",
        "inspectors": [str(world.accounts["supervisor3"].id)],
    }
    answer = visit("supervisor3").post(address, form | ids())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "检查人员不得少于两名" in page
    assert 'value="2026-11-30"' in page


def test_works_of_others_cannot_be_inspected_and_it_is_said_why(visit, desk):
    answer = visit("supervisor2").get(f"/g/inspections/new/?file={desk.file.id}")
    assert answer.status_code == 403
    assert "您不是该项目的监督人员" in answer.content.decode()


def test_a_wrong_score_stands_at_its_item_with_all_that_was_typed(visit, desk):
    desk.begin()
    sheet = desk.sheet("B.1")
    address = f"/g/inspections/{desk.id}/sheets/{sheet.id}/"
    form = {
        "revision": "1", "s-responsibility_system": "seen", "o-responsibility_system": "未签责任书。", "op-responsibility_system": "99",
        "s-safety_signs": "absent", "why-safety_signs": "尚未进场。",
    }  # fmt: skip
    answer = visit("supervisor3").post(address, form | ids())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "本项应得 10 分" in page
    assert all(f'value="{typed}"' in page for typed in ("未签责任书。", "99", "尚未进场。"))
    assert '#f-op-responsibility_system"' in page


def test_the_second_window_keeps_what_it_typed_and_sees_what_differs(visit, desk):
    desk.begin()
    sheet = desk.sheet("B.1")
    address = f"/g/inspections/{desk.id}/sheets/{sheet.id}/"
    desk.save(
        sheet,
        {"responsibility_system": lost("3"), "safety_signs": {"state": "seen", "deductions": [{"key": "1"}]}},
        rest=False,
    )
    typed = {
        "revision": "1",
        "o-responsibility_system": "现场发现问题。",
        "op-responsibility_system": "5",
        "d-safety_signs-1": "1",
        "s-safety_signs": "seen",
    }
    answer = visit("supervisor1").post(address, typed | ids())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="5"' in page
    assert page.count("与已保存内容不同") == 2  # the mark of one item, and the sentence
    assert 'name="revision" value="2"' in page
    assert visit("supervisor1").post(address, typed | {"revision": "2"} | ids()).status_code == 302
    sheet.refresh_from_db()
    assert sheet.entries["responsibility_system"]["lost"] == "5"


def test_a_correction_goes_through_two_desks(visit, desk):
    desk.begin()
    desk.fill()
    desk.submit()
    visit("supervisor3").post(f"/g/inspections/{desk.id}/correction/", {"reason": "漏填塔吊。"} | ids())
    address = f"/g/inspections/corrections/{Correction.objects.get().id}/"
    assert visit("station").get(address).status_code == 403
    for username in ("station2", "station"):
        assert address in visit(username).get("/g/inspections/?scope=corrections").content.decode()
        assert visit(username).post(address, {"agreed": "yes", "words": "同意。"} | ids()).status_code == 302
    assert desk.inspection.state == State.CORRECTING
    desk.submit()
    page = visit("station").get(f"/inspections/{desk.id}/result/").content.decode()
    assert "?edition=1" in page
    assert "漏填塔吊。" in page


def test_an_enterprise_reads_submitted_inspections_of_its_projects_only(visit, desk):
    from tests.sites.inspections.test_inspecting import owner_of

    owner = next(name for name in ("agent", "agent2") if desk.world.actor(name).uscc == owner_of(desk))
    other = {"agent": "agent2", "agent2": "agent"}[owner]
    desk.begin()
    assert visit(owner).get(f"/inspections/{desk.id}/result/").status_code == 404
    desk.fill()
    desk.submit()
    assert desk.inspection.number in visit(owner).get("/e/inspections/").content.decode()
    assert visit(owner).get(f"/inspections/{desk.id}/result/").status_code == 200
    assert visit(other).get(f"/inspections/{desk.id}/result/").status_code == 404


def test_the_public_sees_a_draw_but_the_seed_only_when_it_was_held(client, visit, world, files):  # noqa: F811
    draw = seal(world)
    page = client.get(f"/draws/{draw.id}/").content.decode()
    assert draw.commitment in page
    assert draw.seed not in page
    assert "seed" not in client.get(f"/draws/{draw.id}/draw.json").json()
    assert visit("supervisor1").post(f"/g/plans/draws/{draw.id}/hold/", ids()).status_code == 403
    assert visit("station2").post(f"/g/plans/draws/{draw.id}/hold/", ids()).status_code == 302
    page = client.get(f"/draws/{draw.id}/").content.decode()
    assert draw.seed in page
    assert draw.title in client.get("/draws/").content.decode()


def test_a_draw_is_sealed_on_its_page(visit, world, files):  # noqa: F811
    browser = visit("station2")
    people = re.findall(r'name="inspectors" value="([^"]+)"', browser.get("/g/plans/draws/new/").content.decode())
    form = {
        "title": "双随机检查", "region": "460100", "checklist": "jgj59", "first_day": clock.today().isoformat(),
        "last_day": (clock.today() + timedelta(days=9)).isoformat(), "wanted": "2", "exclude_bound": "yes", "inspectors": people,
    }  # fmt: skip
    assert browser.post("/g/plans/draws/new/", form | {"wanted": "400"} | ids()).status_code == 422
    answer = browser.post("/g/plans/draws/new/", form | ids())
    assert answer["Location"].startswith("/draws/")
    assert "公开种子并抽取" in browser.get(answer["Location"]).content.decode()


def test_planning_pages_answer(visit, desk):
    browser = visit("station2")
    form = {
        "title": "春季专项",
        "kind": "special",
        "region": "460100",
        "first_day": "2026-11-01",
        "last_day": "2026-11-30",
        "wanted": "3",
    }
    assert browser.post("/g/plans/new/", form | ids()).status_code == 302
    assert browser.post("/g/plans/new/", form | {"last_day": "2026-10-01"} | ids()).status_code == 422
    assert browser.post(f"/g/supervision/{desk.file.id}/patrols/", {"per_week": "3"} | ids()).status_code == 302
    who = str(desk.world.accounts["supervisor4"].id)
    assert (
        browser.post(
            f"/g/supervision/{desk.file.id}/recusals/", {"account_id": who, "reason": "亲属。"} | ids()
        ).status_code
        == 302
    )
    page = browser.get("/g/plans/").content.decode()
    assert "春季专项" in page
    assert desk.file.works_name in page
    assert visit("window").get("/g/plans/").status_code == 403


def test_lists_take_the_same_queries_however_long_they_are(
    visit, world, desk, django_assert_max_num_queries, django_assert_num_queries
):
    browser = visit("station")
    desk.begin()
    browser.get("/g/inspections/")
    with django_assert_max_num_queries(30) as first:
        browser.get("/g/inspections/")
    desk.file = file_of(world, "p04", "460100202611200102")
    for _ in range(4):
        desk.begin()
    with django_assert_num_queries(len(first.captured_queries)):
        browser.get("/g/inspections/")
    filtered = browser.get("/g/inspections/?kind=patrol&q=没有").content.decode()
    assert "没有符合条件的检查" in filtered


def test_a_recusal_is_ended_on_its_page(visit, desk):
    browser, who = visit("station2"), desk.world.accounts["supervisor4"].id
    address = f"/g/supervision/{desk.file.id}/recusals/"
    browser.post(address, {"account_id": str(who), "reason": "亲属。"} | ids())
    ending = re.search(r"/g/inspections/recusals/[^/]+/end/", browser.get(address).content.decode())[0]
    assert browser.post(ending, ids()).status_code == 302
    assert not Recusal.objects.filter(ended_at=None).exists()


def test_a_line_of_the_plan_may_be_for_one_site(visit, desk):
    form = {
        "title": "复工检查",
        "kind": "special",
        "region": desk.file.region,
        "first_day": "2026-11-01",
        "last_day": "2026-11-30",
        "wanted": "1",
    }
    assert visit("station").post(f"/g/plans/new/?file={desk.file.id}", form | ids()).status_code == 302
    assert PlanLine.objects.get().file == desk.file
    assert "复工检查" in visit("supervisor1").get("/g/plans/").content.decode()
    assert "复工检查" not in visit("supervisor2").get("/g/plans/").content.decode()

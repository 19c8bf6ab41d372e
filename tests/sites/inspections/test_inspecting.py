"""An inspection from its beginning to its correction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.sites.inspections.conftest import absent, lost

from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal import service as journal
from jianguan.registry.projects.service import StageRecord
from jianguan.sites.inspections import queries
from jianguan.sites.inspections import service as inspections
from jianguan.sites.inspections.models import ClauseCheck, Edition, Sheet, State


def test_a_full_inspection_has_its_result_at_once(desk):
    desk.begin()
    desk.fill(B_1={"responsibility_system": lost("3")})
    made = desk.submit()
    # 安全管理 97 of weight 10, 文明施工 100 of 15, 高处作业 and 施工用电 100 of 10: 44.7 / 45
    assert (str(made.total), made.grade, made.zeros) == ("99.33", "excellent", 0)
    assert made.state == State.SUBMITTED


def test_a_guarantee_item_without_points_makes_the_whole_unqualified(desk):
    desk.begin()
    desk.fill(B_1={"responsibility_system": lost("10")})
    made = desk.submit()
    assert (made.grade, made.zeros) == ("unqualified", 1)
    zeros = made.editions.get().content["result"]["categories"][0]["sheets"][0]["zeros"]
    assert [one["clause"] for one in zeros] == ["4.0.3-3"]


def test_an_absent_item_is_left_out_of_both_sums_and_zero_points_are_not(desk):
    desk.begin()
    desk.fill(B_2={"community_service": absent()})
    result = desk.submit().editions.get().content["result"]
    sheet = result["categories"][1]["sheets"][0]
    assert (sheet["earned"], sheet["possible"], sheet["score"]) == ("90", "90", "100.00")


def test_two_scaffolds_are_two_sheets_and_the_category_takes_their_mean(desk):
    desk.begin()
    desk.fill()
    desk.save(desk.sheet("B.3", "1号楼"))
    desk.save(desk.sheet("B.3", "2号楼"), {"plan": lost("5")})
    with pytest.raises(Refusal, match="sheet of this table"):
        desk.sheet("B.3", "2号楼")
    assert "scaffold" not in desk.inspection.absent
    line = desk.submit().editions.get().content["result"]["categories"][2]
    assert line["mean"] == "97.50"


@pytest.mark.parametrize(
    ("entries", "field", "says"),
    [
        ({"responsibility_system": lost("11")}, "op-responsibility_system", "10 points"),
        ({"responsibility_system": lost("-1")}, "op-responsibility_system", "10 points"),
        ({"responsibility_system": lost("3", "")}, "o-responsibility_system", "what was found"),
        ({"responsibility_system": absent("")}, "why-responsibility_system", "why it is absent"),
        ({"responsibility_system": {**absent(), "deductions": [{"key": "0"}]}}, "s-responsibility_system", "loses no points"),
        ({"responsibility_system": {"state": "seen", "deductions": [{"key": "6", "points": "9"}]}}, "p-responsibility_system-6", "Between 2 and 5"),
        ({"responsibility_system": {"state": "seen", "deductions": [{"key": "99"}]}}, "s-responsibility_system", "does not belong"),
        ({"no_such_item": lost("1")}, "no_such_item", "no item"),
    ],
)  # fmt: skip
def test_wrong_entries_are_refused_at_their_field(desk, entries, field, says):
    desk.begin()
    sheet = desk.sheet("B.1")
    with pytest.raises(Refusal) as refused:
        desk.save(sheet, entries)
    assert says in str(refused.value.fields[field])
    sheet.refresh_from_db()
    assert (sheet.entries, sheet.revision) == ({}, 1)


def test_a_table_without_guarantee_items_is_refused(desk):
    desk.begin()
    sheet = desk.sheet("B.1")
    guarantee = [item.key for item in inspections.standard("jgj59").tables["B.1"].items.values() if item.guarantee]
    with pytest.raises(Refusal) as refused:
        desk.save(sheet, {key: absent() for key in guarantee})
    assert "guarantee items" in str(next(iter(refused.value.fields.values())))


def test_usual_deductions_count_by_their_number_and_never_take_more_than_the_item_has(desk):
    desk.begin()
    sheet = desk.sheet("B.1")
    desk.save(sheet, {
        "certificates_on_post": {"state": "seen", "deductions": [{"key": "0", "count": "3"}]},  # 5 points each
        "safety_education": {"state": "seen", "deductions": [{"key": "4", "count": "2"}]},
    })  # fmt: skip
    assert (sheet.entries["certificates_on_post"]["lost"], sheet.entries["safety_education"]["lost"]) == ("10", "4")


def test_two_windows_never_overwrite_each_other(desk):
    desk.begin()
    sheet = desk.sheet("B.1")
    desk.save(sheet, {"responsibility_system": lost("3")}, revision=1)
    with pytest.raises(Stale, match="nothing was overwritten"):
        desk.save(sheet, {"responsibility_system": lost("5")}, username="supervisor1", revision=1)
    sheet.refresh_from_db()
    assert sheet.entries["responsibility_system"]["lost"] == "3"
    with pytest.raises(Stale):
        inspections.save_cover(
            desk.world.actor("supervisor1"), inspections.SaveCover(new_command_id(), desk.id, 7, clock.today())
        )


def test_different_sheets_are_saved_beside_each_other(desk):
    desk.begin()
    first, second = desk.sheet("B.1"), desk.sheet("B.2")
    desk.save(first, username="supervisor1")
    desk.save(second, username="supervisor3")
    assert Sheet.objects.filter(inspection=desk.id, revision=2).count() == 2


def test_fewer_than_two_inspectors_are_refused(desk):
    with pytest.raises(Refusal, match="at least two"):
        desk.begin(inspectors=("supervisor3",))
    with pytest.raises(Refusal, match="at least two"):
        desk.begin(inspectors=("supervisor3", "supervisor3"))


def test_who_is_not_bound_begins_no_inspection_and_is_told_why(desk):
    with pytest.raises(Forbidden, match="not bound"):
        desk.begin("supervisor2")
    with pytest.raises(NotFound):
        desk.begin("agent")


def test_the_recused_and_people_of_other_offices_do_not_inspect(desk):
    station, who = desk.world.actor("station2"), desk.world.accounts["supervisor4"].id
    inspections.recuse(station, inspections.Recuse(new_command_id(), desk.file.id, who, "配偶在该项目任职。"))
    for inspectors in (("supervisor3", "supervisor4"), ("supervisor3", "window")):
        with pytest.raises(Refusal, match="not recused"):
            desk.begin(inspectors=inspectors)


def test_only_its_inspectors_fill_it_in(desk):
    desk.begin()
    with pytest.raises(Forbidden, match="Only the inspectors"):
        desk.sheet("B.1", username="station")
    with pytest.raises(NotFound):
        desk.sheet("B.1", username="supervisor2")


def test_nothing_is_submitted_before_everything_is_said(desk):
    desk.begin()
    with pytest.raises(Refusal, match="which day"):
        desk.submit()
    sheet = desk.sheet("B.1")
    desk.save(sheet, {"responsibility_system": lost("3")}, rest=False)
    desk.cover()
    with pytest.raises(Refusal, match="9 items"):
        desk.submit()
    desk.save(sheet, dict(sheet.entries))
    with pytest.raises(Refusal, match="文明施工"):
        desk.submit()


def test_an_inspection_is_not_held_tomorrow_and_a_category_with_sheets_is_not_absent(desk):
    desk.begin()
    desk.sheet("B.1")
    with pytest.raises(Refusal) as refused:
        desk.cover(held_on=clock.today() + timedelta(days=1), absent={"safety_management": "无"})
    assert set(refused.value.fields) == {"held_on", "absent-safety_management"}


def test_clauses_of_the_drawing_review_stand_on_top_until_they_are_answered(desk):
    said = {"clause": "GB 55037-2022 第4.1.2条", "part": "地下一层", "closing": "redrawn"}
    taken_back = {"clause": "GB 50016-2014 第6.1.1条", "closing": "explained"}
    StageRecord.objects.create(
        project_id=desk.file.project_id, kind="drawing_review", number="SGT1", recorded_on=clock.today(), source="case",
        data={"violations": 2, "violation_items": [said, taken_back]},
    )  # fmt: skip
    desk.begin()
    desk.fill()
    (clause,) = ClauseCheck.objects.filter(inspection=desk.id)
    assert clause.said == said
    with pytest.raises(Refusal, match="drawing review"):
        desk.submit()
    with pytest.raises(Refusal) as refused:
        desk.cover(clauses={str(clause.id): ("violated", "")})
    assert f"words-{clause.id}" in refused.value.fields
    desk.cover(clauses={str(clause.id): ("violated", "疏散门仍未按图安装。")})
    made = desk.submit()
    assert [one.id for one in queries.findings(made)] == [clause.id]


def test_a_submitted_inspection_is_locked_and_its_edition_never_changes(desk):
    desk.begin()
    desk.fill()
    desk.submit()
    with pytest.raises(Conflict, match="locked"):
        desk.save(Sheet.objects.filter(inspection=desk.id).first())
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(inspection=desk.id).update(reason="x")
    kinds = [fact.kind for fact in journal.facts(journal.about("inspection", desk.id))]
    assert kinds == ["inspections.begun", "inspections.submitted"]


def request(desk, username="supervisor3"):
    command = inspections.RequestCorrection(new_command_id(), desk.id, "2号楼脚手架漏填。")
    return inspections.request_correction(desk.world.actor(username), command).id


def decide(desk, correction, username, *, agreed=True):
    command = inspections.DecideCorrection(new_command_id(), correction, agreed=agreed, words="同意更正。")
    inspections.decide_correction(desk.world.actor(username), command)


def test_a_correction_needs_deputy_and_head_and_leaves_both_versions(desk):
    desk.begin()
    desk.fill()
    first = {one.id for one in queries.findings(desk.submit())}
    correction = request(desk)
    with pytest.raises(Conflict, match="under way"):
        request(desk, "supervisor1")
    for too_early in ("station", "supervisor1"):
        with pytest.raises(Forbidden):
            decide(desk, correction, too_early)
    decide(desk, correction, "station2")
    with pytest.raises(Forbidden):
        decide(desk, correction, "station2")
    assert desk.inspection.state == State.SUBMITTED
    decide(desk, correction, "station")
    assert desk.inspection.state == State.CORRECTING
    sheet = Sheet.objects.get(inspection=desk.id, table="B.1")
    desk.save(sheet, {"responsibility_system": lost("5")})
    made = desk.submit()
    old, new = made.editions.order_by("number")
    assert old.sha256 != new.sha256
    assert new.reason == "2号楼脚手架漏填。"
    assert (old.content["result"]["total"], new.content["result"]["total"]) == ("100.00", "98.89")
    (found,) = queries.findings(made)
    assert found.id not in first
    assert request(desk)  # a further one may follow


def test_a_refused_correction_leaves_it_locked(desk):
    desk.begin()
    desk.fill()
    desk.submit()
    correction = request(desk)
    decide(desk, correction, "station2", agreed=False)
    with pytest.raises(Conflict, match="decided already"):
        decide(desk, correction, "station")
    assert desk.inspection.state == State.SUBMITTED


def test_findings_keep_their_ids_when_a_sheet_is_saved_again(desk):
    desk.begin()
    sheet = desk.sheet("B.1")
    desk.save(sheet, {"responsibility_system": lost("3")})
    (before,) = queries.findings(desk.inspection)
    desk.save(sheet, {"responsibility_system": lost("4"), "safety_signs": lost("2")})
    assert before.id in {one.id for one in queries.findings(desk.inspection)}


def test_everyone_sees_what_is_theirs(desk):
    desk.begin()
    owner = next(name for name in ("agent", "agent2") if desk.world.actor(name).uscc == owner_of(desk))

    def seen(username):
        return queries.visible_to(desk.world.actor(username)).filter(pk=desk.id).exists()

    assert {name for name in ("supervisor1", "supervisor2", "station", "admin", "window", owner) if seen(name)} == {
        "supervisor1", "station", "admin",
    }  # fmt: skip
    desk.fill()
    desk.submit()
    assert seen(owner)
    assert queries.explain(desk.world.actor("supervisor1"), desk.inspection).allowed
    assert not queries.explain(desk.world.actor("window"), desk.inspection).allowed


def owner_of(desk):
    from jianguan.registry.projects import service as projects

    return projects.by_id(desk.file.project_id).owner_uscc


def test_a_handed_over_file_takes_the_inspections_with_it(desk):
    from jianguan.sites.oversight import service as oversight

    desk.begin(inspectors=("supervisor3", "supervisor4"))
    assignment = desk.file.assignments.get(speciality="quality", valid_until=None)
    oversight.change_supervisor(
        desk.world.actor("station"),
        oversight.ChangeSupervisor(new_command_id(), assignment.id, desk.world.accounts["supervisor2"].id, "调岗。"),
    )
    assert queries.visible_to(desk.world.actor("supervisor2")).filter(pk=desk.id).exists()
    assert not queries.visible_to(desk.world.actor("supervisor1")).filter(pk=desk.id).exists()

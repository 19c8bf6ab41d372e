"""Packages of matters: one form, cases of their own, what follows from results, and the time they save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from tests.licensing.packages.conftest import PERMIT, ROWS

from jianguan.config.demonstration import cases, timeline
from jianguan.config.demonstration import packages as made_up
from jianguan.kernel.transparency.canonical import digest
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Case
from jianguan.licensing.packages import actions, catalogue, queries
from jianguan.licensing.packages.desk import desk_of
from jianguan.licensing.packages.models import Package, Standing
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.documents import service as documents
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal import service as journal
from jianguan.platform.notices.models import Notice


@pytest.fixture
def draft(world: Any) -> Package:
    """A package filled in completely, not submitted."""
    actor = world.actor("agent2")
    opened = actions.open_package(
        actor, actions.OpenPackage(new_command_id(), "construction_stage", world.projects["p05"])
    )
    package_id = UUID(opened.id)
    desk = desk_of(Package.objects.get(pk=package_id))
    actions.save_draft(actor, package_id, made_up.answers(world, PERMIT, desk, cases.answers), (), 0)
    for slot in desk_of(Package.objects.get(pk=package_id)).slots():
        if not slot.satisfied:
            actions.attach(actor, package_id, slot.key, "纸.pdf", timeline.paper())
    return Package.objects.get(pk=package_id)


def submit(world: Any, package: Package, command_id: UUID | None = None) -> actions.Submitted:
    command = actions.SubmitPackage(command_id or new_command_id(), package.id, package.revision)
    return actions.submit(world.actor("agent2"), command)


# --- one form


@pytest.mark.parametrize("key", sorted(ROWS))
def test_the_one_form_of_every_shipped_package_is_filled_in_and_submitted(handled, key: str) -> None:
    done = handled(key, matters=catalogue.offer(key).definition.matters)
    begun = [member for member in done.members.values() if member.case]
    assert done.package.number.startswith("YJS")
    assert len(begun) >= 3
    for member in begun:
        assert member.case.number.startswith(matters.of_version(member.pack).matter.number_prefix)
        assert (member.case.pack_id, member.case.status) == (member.pack_id, matters.Status.ACCEPTANCE)


@pytest.mark.parametrize("key", sorted(ROWS))
def test_every_question_is_asked_once(world, key: str) -> None:
    offer = catalogue.offer(key)
    chosen = offer.definition.chosen(offer.definition.matters)
    keys = [field.key for field in offer.union(chosen).form.fields]
    assert len(keys) == len(set(keys))
    asked = catalogue.questions(offer, chosen)
    assert asked.once < asked.single * 2 / 3


def test_the_same_answer_and_the_same_paper_reach_every_case(handled) -> None:
    done = handled()
    records = {}
    for matter in ("construction_permit", "quality_supervision", "safety_supervision"):
        case = done.case(matter)
        newest = case.submissions.latest("version")
        records[matter] = forms.open_record(matters.of_version(case.pack).form, newest.record)
    assert len({record["works_name"] for record in records.values()}) == 1
    papers = {
        matter: {one["sha256"] for one in done.case(matter).submissions.latest("version").documents if one["slot"] == "authorisations"}
        for matter in ("construction_permit", "quality_supervision")
    }  # fmt: skip
    assert papers["construction_permit"] == papers["quality_supervision"] != set()


def test_each_matter_keeps_its_own_dates_where_the_definition_says_so(world) -> None:
    offer = catalogue.offer("construction_stage")
    union = offer.union(offer.definition.chosen(["drainage_permit"]))
    keys = {field.key for field in union.form.fields}
    assert {"start", "drainage_start"} <= keys
    assert "road_start" not in keys


def test_a_field_says_which_matters_it_is_for(world) -> None:
    offer = catalogue.offer("construction_stage")
    form = offer.union(offer.definition.chosen(())).form
    assert [tag.zh for tag in form.field("project_name").serves] == ["全部事项"]
    assert [tag.zh for tag in form.field("site_ready").serves] == ["施工许可"]


# --- all or nothing


def test_a_draft_that_is_not_complete_names_every_mistake_once(world, draft) -> None:
    desk = desk_of(draft)
    answers = {key: answer for key, answer in desk.record.items() if key not in {"works_name", "start"}}
    actions.save_draft(world.actor("agent2"), draft.id, answers, (), draft.revision)
    draft.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        submit(world, draft)
    assert {"works_name", "start"} <= set(refused.value.fields)
    assert not Case.objects.filter(project_id=draft.project_id).exists()


def test_one_matter_that_is_refused_keeps_all_from_being_applied_for(world, draft, handled) -> None:
    first = submit(world, draft)
    assert Case.objects.filter(project_id=draft.project_id).count() == 3
    with pytest.raises(Conflict, match=r"^(施工许可|Construction permit)[：:]") as refused:
        handled()
    assert "20" in str(refused.value.says)
    assert Case.objects.filter(project_id=draft.project_id).count() == 3
    assert Package.objects.exclude(number=None).get().number == first.number


def test_a_package_is_submitted_once_however_often_the_button_is_pressed(world, draft) -> None:
    command_id = new_command_id()
    assert submit(world, draft, command_id) == submit(world, draft, command_id)
    with pytest.raises(Conflict):
        submit(world, draft)
    assert Case.objects.filter(project_id=draft.project_id).count() == 3
    assert [entry.kind for entry in journal.about("package", draft.id)] == ["package.submitted"]


def test_a_single_matter_is_no_package(handled) -> None:
    with pytest.raises(Refusal, match="two matters"):
        handled("design_stage")


def test_a_draft_changed_in_another_window_is_not_submitted(world, draft) -> None:
    stale = draft.revision
    actions.save_draft(world.actor("agent2"), draft.id, desk_of(draft).record, (), stale)
    with pytest.raises(Stale):
        submit(world, draft)
    with pytest.raises(Stale):
        actions.save_draft(world.actor("agent2"), draft.id, {}, (), stale)


def test_answers_of_a_matter_that_is_left_out_and_taken_in_again_are_still_there(world, draft) -> None:
    actor = world.actor("agent2")
    revision = actions.save_draft(actor, draft.id, desk_of(draft).record, ["drainage_permit"], draft.revision)
    record = {**desk_of(Package.objects.get(pk=draft.pk)).record, "discharge": "120"}
    revision = actions.save_draft(actor, draft.id, record, (), revision)
    without = desk_of(Package.objects.get(pk=draft.pk))
    assert "drainage_permit" not in without.chosen
    actions.save_draft(actor, draft.id, without.record, ["drainage_permit"], revision)
    assert desk_of(Package.objects.get(pk=draft.pk)).record["discharge"] == "120"


@pytest.mark.parametrize(("username", "error"), [("agent", NotFound), ("window", NotFound)])
def test_nobody_else_touches_a_draft(world, draft, username: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.save_draft(world.actor(username), draft.id, {}, (), draft.revision)


def test_only_a_project_of_ones_own_can_be_chosen(world) -> None:
    command = actions.OpenPackage(new_command_id(), "construction_stage", world.projects["p01"])
    with pytest.raises(Forbidden):
        actions.open_package(world.actor("agent2"), command)


# --- what follows


def test_what_waits_is_applied_for_when_everything_it_waits_for_is_decided_in_favour(handled) -> None:
    done = handled("completion_stage")
    assert done.members["completion_filing"].standing == Standing.WAITING
    done.complete("fire_acceptance", "archive_handover")
    assert done.members["completion_filing"].case is None
    done.complete("joint_acceptance")
    filing = done.members["completion_filing"]
    assert (filing.standing, filing.case.status) == (Standing.APPLIED, matters.Status.ACCEPTANCE)
    record = forms.open_record(matters.of_version(filing.pack).form, filing.case.submissions.get().record)
    assert record["archives_number"]
    assert documents.of_subject("case", filing.case.id).exists()
    assert Notice.objects.filter(dedup_key__startswith=f"package:{filing.id}").count() == 1
    actions.follow(done.id)
    assert Case.objects.filter(matter="completion_filing").count() == 1


def test_what_waits_for_a_result_that_cannot_come_is_dropped_with_a_sentence(handled) -> None:
    done = handled("construction_stage", matters=["construction_waste"]).refuse("construction_permit")
    waste = done.members["construction_waste"]
    assert (waste.standing, waste.because) == (Standing.CANCELLED, "construction_permit")
    assert waste.case is None
    assert "package.dropped" in [entry.kind for entry in journal.about("package", done.id)]
    assert done.package.ended_at is None


def test_a_package_ends_with_its_last_decision_and_tells_what_it_took(handled) -> None:
    done = handled("design_stage", matters=["fire_design_review"]).complete("drawing_review", "fire_design_review")
    package = done.package
    assert package.ended_at is not None
    assert (package.serial_days, package.parallel_days) == (0, 0)
    measured = queries.statistics()["design_stage"]
    assert (measured.count, measured.saved) == (1, 0)


def test_a_package_with_a_withdrawn_matter_ends_but_is_not_measured(handled, world) -> None:
    done = handled("design_stage", matters=["fire_design_review"]).complete("drawing_review")
    withdrawn = matters.Withdraw(new_command_id(), done.case("fire_design_review").id, "设计调整。")
    matters.withdraw(world.actor("agent2"), withdrawn)
    timeline.settle()
    assert done.package.ended_at is not None
    assert done.package.serial_days is None


def test_what_cannot_be_applied_for_when_its_turn_comes_is_held_and_can_be_sent_again(handled, world, blocked) -> None:
    done = handled("completion_stage")
    obstacle = blocked(done, "completion_filing")
    done.complete("fire_acceptance", "joint_acceptance", "archive_handover")
    held = done.members["completion_filing"]
    assert held.standing == Standing.HELD
    assert obstacle.number in held.held_by["zh"]
    actor, again = world.actor("agent2"), actions.ApplyAgain(new_command_id(), done.id, "completion_filing")
    with pytest.raises(Conflict):
        actions.apply_again(actor, again)
    Case.objects.filter(pk=obstacle.pk).update(object_key="", ended_at=done.package.created_at, status="withdrawn")
    actions.apply_again(actor, again)
    assert done.members["completion_filing"].case.number
    with pytest.raises(NotFound):
        actions.apply_again(actor, actions.ApplyAgain(new_command_id(), done.id, "completion_filing"))


@pytest.fixture
def blocked(world: Any) -> Callable[[Any, str], Case]:
    """Makes an open case for the same as a waiting matter of a package, applied for by somebody of the same enterprise."""

    def block(done: Any, matter: str) -> Case:
        member, package, desk = done.members[matter], done.package, desk_of(done.package)
        apart = [str(desk.record.get(name) or "") for name in desk.matter(member).subject.told_apart_by]
        return Case.objects.create(
            pack=member.pack, matter=matter, region=package.region, applicant_id=package.applicant_id,
            applicant_name=package.applicant_name, created_by=world.actor("agent2").id, title=package.title,
            project_id=package.project_id, number="JGB1", status="review", created_at=package.created_at,
            submitted_at=package.created_at, object_key=digest([matter, str(package.project_id), *apart]).hex(),
        )  # fmt: skip

    return block


# --- who sees it


def test_a_package_is_seen_by_those_who_may_open_one_of_its_cases(handled, world) -> None:
    done = handled()
    for username in ("head", "window", "agent2"):
        assert queries.visible_to(world.actor(username)).filter(pk=done.id).exists()
    for username in ("agent", "system"):
        assert not queries.visible_to(world.actor(username)).filter(pk=done.id).exists()


def test_the_public_finds_a_package_by_its_number_and_the_credit_code_only(handled, world) -> None:
    done = handled()
    uscc = world.actor("agent2").uscc
    assert queries.by_receipt(done.package.number.lower(), uscc) == done.package
    assert queries.by_receipt(done.package.number, world.actor("agent").uscc) is None
    assert queries.by_receipt(done.package.number, "") is None

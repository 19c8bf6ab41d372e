"""What decided changes do to the libraries: permits, suspensions, completion, enterprises, people who change the employer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from jianguan.config.demonstration import further, timeline
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import naming, packs
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.models import Case
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Forbidden, Refusal
from jianguan.platform.journal import service as journal
from jianguan.platform.notices.models import Notice
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

pytestmark = pytest.mark.django_db
Apply = Callable[..., Case]


@pytest.fixture
def apply(world: Any) -> Apply:
    """Applies for a matter and lets everybody finish their step in favour of the applicant."""

    def done(matter: str, by: str, answers: Mapping[str, Any] | None = None, **row: Any) -> Case:
        for _, act in further.road(world, {"matter": matter, "by": by, "ago": 0, "answers": answers or {}, **row}):
            act()
            timeline.settle()
        case = Case.objects.filter(matter=matter).latest("id")
        assert case.status == "completed"
        return case

    return done


def ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


def permit_of(case: Case) -> projects.PermittedWorks:
    found = projects.permit_numbered(certificates.of_case(case.id).number)
    assert found is not None
    return found


PERMIT = {"certificate": "construction_permit", "by": "agent2"}


# --- permits


def test_a_changed_permit_says_something_else_from_today_and_keeps_what_it_said(world, road, apply):
    case = road().to_certificate().case
    before = permit_of(case)
    works = list(projects.works_of(case.project_id))
    units = [
        {"role": one.role, "uscc": one.enterprise_uscc, "name": one.enterprise_name}
        for one in before.participations.all()
    ]
    replaced = next(unit for unit in units if unit["role"] == "007")
    replaced |= {"uscc": world.enterprises["supervision_2"], "name": "琼海示例建设监理有限公司"}
    chief = people.by_identity(world.people["chief_2"]["identity"])
    assert projects.posts_now([chief.id])
    answers = {
        "works_name": "西海岸保障性租赁住房项目（一期）", "contract_price": "25000.5", "start": before.planned_start.isoformat(),
        "finish": (before.planned_finish + timedelta(days=30)).isoformat(), "parties_replaced": False,
        "permitted_works": [str(one.id) for one in works], "units": [{**unit, "leader_name": "林知远"} for unit in units],
    }  # fmt: skip
    apply("permit_change", answers=answers, **PERMIT)
    after = permit_of(case)
    assert (after.name, str(after.contract_price)) == ("西海岸保障性租赁住房项目（一期）", "25000.5000")
    assert after.planned_finish == before.planned_finish + timedelta(days=30)
    (former,) = after.former_terms.all()
    assert (former.name, former.contract_price, former.until) == (before.name, before.contract_price, clock.today())
    supervisors = after.participations.filter(role="007").order_by("id")
    assert [(one.enterprise_uscc, one.valid_until) for one in supervisors] == [
        (world.enterprises["supervision_1"], clock.today()), (world.enterprises["supervision_2"], None),
    ]  # fmt: skip
    assert not projects.posts_now([chief.id])  # the unit that left had sent her
    assert "project.permit_changed" in [entry.kind for entry in journal.about("project", case.project_id)]


def test_works_that_leave_a_permit_are_free_for_another_one(road, apply):
    case = road().to_certificate().case
    permitted = permit_of(case)
    kept, *gone = [item.works_id for item in permitted.items.all()]
    assert gone
    apply("permit_change", answers={"parties_replaced": False, "permitted_works": [str(kept)]}, **PERMIT)
    assert projects.under_permit([kept]) is not None
    assert projects.under_permit(gone) is None


def test_a_suspension_stands_on_the_pages_until_it_is_resumed(visit, road, apply):
    case = road().to_certificate().case
    code = projects.by_id(case.project_id).code
    apply("permit_suspend", answers={"suspended_on": ago(5), "expected_resume_on": ago(-30)}, **PERMIT)
    permitted = permit_of(case)
    assert permitted.suspended_since == clock.today() - timedelta(days=5)
    assert projects.by_id(case.project_id).stage == "7"
    for client, address in ((visit("head"), f"/g/projects/{code}/"), (Client(), f"/pub/project/{code}/")):
        assert "起中止施工" in client.get(address).content.decode()
    apply(
        "permit_resume", answers={"suspended_on": ago(5), "resume_on": ago(0), "suspended_over_year": False}, **PERMIT
    )
    permitted = permit_of(case)
    assert permitted.suspended_since is None
    (suspension,) = permitted.suspensions.all()
    assert (suspension.suspended_on, suspension.resumed_on) == (date.fromisoformat(ago(5)), clock.today())
    assert projects.by_id(case.project_id).stage == "6"
    kinds = [entry.kind for entry in journal.about("project", case.project_id)]
    assert {"project.works_suspended", "project.works_resumed"} <= set(kinds)


def test_what_is_suspended_already_is_not_suspended_again(road, apply, world):
    road().to_certificate()
    answers = {"suspended_on": ago(5), "expected_resume_on": ago(-30)}
    apply("permit_suspend", answers=answers, **PERMIT)
    with pytest.raises(Refusal, match="suspended since"):
        apply("permit_suspend", answers=answers, **PERMIT)


def test_a_suspension_nobody_reported_is_entered_when_it_ends(road, apply):
    case = road().to_certificate().case
    apply(
        "permit_resume", answers={"suspended_on": ago(9), "resume_on": ago(1), "suspended_over_year": False}, **PERMIT
    )
    (suspension,) = permit_of(case).suspensions.all()
    assert (suspension.suspended_on.isoformat(), suspension.resumed_on.isoformat()) == (ago(9), ago(1))


# --- completion


COMPLETED = {"actual_start": ago(300), "actual_finish": ago(10), "accepted_on": ago(3)}


def test_completion_frees_the_people_and_counts_in_the_track_record(world, visit, road, apply):
    case = road().to_certificate().case
    manager = people.by_identity(world.people["manager_1"]["identity"])
    works = [works.id for works in projects.works_of(case.project_id)]
    assert projects.posts_now([manager.id])
    apply("completion_filing", "agent2", COMPLETED, project="p05")
    permitted = permit_of(case)
    assert permitted.completed_on == clock.today() - timedelta(days=3)
    assert not projects.posts_now([manager.id])
    assert projects.under_permit(works) is None
    assert projects.by_id(case.project_id).stage == "9"
    builder = world.enterprises["builder_1"]
    record = [row for row in projects.track_record(builder) if row.permitted_works_id == permitted.id]
    assert {row.completed_on for row in record} == {permitted.completed_on}
    assert [post.permitted_works_id for post in projects.built_by(manager.id)] == [permitted.id]
    done = permitted.completed_on.isoformat()
    for address in (
        f"/pub/ent/{builder}/",
        f"/pub/person/{manager.id}/",
        f"/pub/project/{projects.by_id(case.project_id).code}/",
    ):
        page = Client().get(address).content.decode()
        assert permitted.name in page
        assert done in page


def test_a_part_of_the_works_completed_leaves_the_people_to_the_rest(world, road, apply):
    case = road().to_certificate().case
    first, *rest = [item.works_id for item in permit_of(case).items.all()]
    apply("completion_filing", "agent2", {**COMPLETED, "works_ids": [str(first)]}, project="p05")
    permitted = permit_of(case)
    assert permitted.completed_on is None
    assert projects.under_permit([first]) is None
    assert projects.under_permit(rest) is not None
    assert projects.posts_now([people.by_identity(world.people["manager_1"]["identity"]).id])


# --- enterprises


def test_a_changed_qualification_tells_the_library_who_the_enterprise_is_now(world, apply):
    builder = world.enterprises["builder_1"]
    before = enterprises.by_uscc(builder)
    apply("construction_qualification", "builder")
    answers = {
        "enterprise_name": "海南示例建工集团有限公司", "enterprise_address": "海口市秀英区长滨路1号", "legal_representative": "陈立",
        "registered_capital": "40000", "grade": "01", "restructured": False,
    }  # fmt: skip
    case = apply("construction_qualification_change", "builder", answers, certificate="construction_qualification")
    after = enterprises.by_uscc(builder)
    assert (after.name, after.legal_representative, int(after.registered_capital)) == (
        "海南示例建工集团有限公司",
        "陈立",
        40000,
    )
    papers = enterprises.papers(after)
    assert [row.name for row in papers.former_names] == [before.name]
    assert {(row.particular, row.until) for row in papers.former_particulars} >= {
        ("legal_representative", clock.today())
    }
    first, second = certificates.editions(certificates.of_case(case.id).number)[::-1]
    assert (first.edition, second.edition, second.holder_name) == (1, 2, after.name)
    kinds = [entry.kind for entry in journal.about("enterprise", after.id)]
    assert {"enterprise.renamed", "enterprise.changed"} <= set(kinds)


def test_a_change_that_changes_nothing_leaves_no_trace(world, apply):
    apply("safety_production_licence", "builder")
    before = enterprises.by_uscc(world.enterprises["builder_1"])
    unchanged = {
        "enterprise_name": before.name,
        "enterprise_address": before.address or "海口市",
        "restructured": False,
    }
    apply("safety_licence_change", "builder", unchanged, certificate="safety_production_licence")
    papers = enterprises.papers(enterprises.by_uscc(before.uscc))
    assert (papers.former_names, papers.former_particulars) == ([], [])


# --- people who change the employer


KIND = "builder_registration"
MOVED = {"change_item": "employer", "consented": True, "released": True, "released_on": ago(2)}


@pytest.fixture
def registered(apply: Apply) -> certificates.Certificate:
    """A builder whose registration was issued through another enterprise."""
    case = apply("builder_initial", "builder2", person="rare")
    return certificates.of_case(case.id)


def test_who_changes_the_employer_brings_the_certificate_and_its_number_along(world, apply, registered):
    person = people.by_identity(world.people["rare"]["identity"])
    former, employer = world.enterprises["builder_2"], world.enterprises["builder_1"]
    assert person.employer_uscc == former
    case = apply("builder_change", "builder", MOVED, certificate=KIND, named="rare")
    second, first = certificates.editions(registered.number)
    assert (first.pk, second.edition, second.number) == (registered.pk, 2, registered.number)
    assert (first.status, second.status) == (certificates.Status.REPLACED, certificates.Status.VALID)
    assert (second.holder_uscc, second.valid_until) == (employer, registered.valid_until)
    assert dict(second.data["rows"])["资格证书编号"] == dict(first.data["rows"])["资格证书编号"]
    person.refresh_from_db()
    assert person.employer_uscc == employer
    held = people.registrations_on(person.id, clock.today())
    assert [(row.number, row.enterprise_uscc, row.valid_until) for row in held] == [
        (registered.national_number, employer, registered.valid_until)
    ]
    assert "person.employer_changed" in [entry.kind for entry in journal.about("person", person.id)]
    told = Notice.objects.filter(organisation_id=world.actor("builder2").organisation_id)
    assert [one.params["number"] for one in told if "employed elsewhere" in one.template] == [
        registered.national_number
    ]
    assert case.certificate_id == registered.pk


@pytest.mark.parametrize("wrong", ["number", "name", "identity"])
def test_a_certificate_is_found_only_where_everything_fits(world, registered, wrong):
    person = world.people["rare"]
    said = {"number": registered.number, "name": person["name"], "identity": person["identity"]}
    said[wrong] = {"number": "EJB46202600099", "name": "王某", "identity": world.people["manager_1"]["identity"]}[wrong]
    with pytest.raises(Refusal, match="no certificate in force") as refused:
        naming.named(world.actor("builder"), {KIND}, **said)
    assert person["name"] not in str(refused.value.says)


def test_who_guesses_is_refused_for_a_while(world, registered):
    cache.clear()
    person, actor = world.people["rare"], world.actor("builder")
    for _ in range(naming.MISSES):
        with pytest.raises(Refusal):
            naming.named(actor, {KIND}, registered.number, person["name"], world.people["manager_1"]["identity"])
    with pytest.raises(naming.TooMany):
        naming.named(actor, {KIND}, registered.number, person["name"], person["identity"])
    assert naming.named(world.actor("agent"), {KIND}, registered.number, person["name"], person["identity"])
    cache.clear()


def test_a_proof_is_good_for_one_enterprise_and_for_matters_that_allow_it(world, registered):
    cache.clear()
    person = world.people["rare"]
    found, proof = naming.named(world.actor("builder"), {KIND}, registered.number, person["name"], person["identity"])
    assert naming.proven(world.actor("agent"), found.pk, proof) is None
    assert naming.proven(world.actor("builder"), found.pk, proof + "x") is None
    command = matters.OpenDraft(new_command_id(), "builder_renewal", certificate_id=found.pk, proof=proof)
    with pytest.raises(Forbidden):
        matters.open_draft(world.actor("builder"), command)


def test_the_page_shows_nothing_of_the_certificate_until_it_is_matched(visit, world, registered):
    cache.clear()
    client, person = visit("builder"), world.people["rare"]
    address, command = "/e/matters/builder_change/", str(new_command_id())
    assert registered.number not in client.get(address).content.decode()
    posted = {
        "command_id": command,
        "number": registered.number,
        "holder": person["name"],
        "identity": "460105199401110019",
    }
    page = client.post(address, posted)
    assert page.status_code == 422
    assert "没有" in page.content.decode()
    answer = client.post(address, {**posted, "identity": person["identity"]})
    assert answer.status_code == 302
    draft = client.get(answer.url).content.decode()
    assert registered.number in draft
    assert person["name"] in draft
    assert client.post(address, {**posted, "identity": person["identity"]}).url == answer.url  # a second click


def test_a_person_with_another_name_has_it_in_the_library(world, apply, registered):
    person = people.by_identity(world.people["rare"]["identity"])
    answers = {"change_item": "person", "person_name": "王海洋", "identity": world.people["rare"]["identity"]}
    apply("builder_change", "builder2", answers, certificate=KIND)
    person.refresh_from_db()
    assert (person.name, [one.name for one in person.former_names.all()]) == ("王海洋", [world.people["rare"]["name"]])
    assert certificates.editions(registered.number)[0].holder_name == "王海洋"


def test_a_locked_person_does_not_change_the_employer_unnoticed(world, road, registered):
    pack = packs.of_version(packs.current("builder_change", clock.today()))
    locked = next(row for row in pack.tables["post"].rows if row.id == "locked")
    assert locked.then["result"] == "failed"


# --- certificates that take from answers, and what is open already


def test_an_award_notice_stands_in_the_wallet_of_the_winner_as_well(world, apply):
    winner = {"winner_uscc": world.enterprises["builder_1"], "winner_name": "海南示例建工有限公司"}
    case = apply("award_notice", "agent", winner, project="p11")
    issued = certificates.of_case(case.id)
    for username, sees in (("agent", True), ("builder", True), ("builder2", False)):
        held = certificates.visible_to(world.actor(username)).filter(pk=issued.pk)
        assert held.exists() == sees, username


def test_a_certificate_ends_on_the_day_that_was_answered(apply):
    finish = ago(-20)
    case = apply("drainage_permit", "agent", {"start": ago(-1), "finish": finish}, project="p11")
    assert certificates.of_case(case.id).valid_until.isoformat() == finish


def test_an_extended_permit_says_what_it_said_and_nobody_was_asked(road, apply):
    first = certificates.of_case(road().to_certificate().case.id)
    second = certificates.of_case(apply("permit_extend", **PERMIT).id)
    same = ("address", "scale", "duration", "price", "builders", "single_works")
    assert {name: second.data[name] for name in same} == {name: first.data[name] for name in same}


def test_who_chooses_sees_what_is_open_already(visit, world, road, registered):
    cache.clear()
    road().to_certificate()
    rows = further.road(world, {"matter": "permit_suspend", "ago": 0, "answers": {"suspended_on": ago(5)}, **PERMIT})
    next(rows)[1]()
    timeline.settle()
    number = Case.objects.get(matter="permit_suspend").number
    client = visit("agent2")
    page = client.get("/e/matters/permit_suspend/").content.decode()
    assert number in page
    assert 'name="certificate_id"' not in page
    held = certificates.current().get(kind="construction_permit")
    command = matters.OpenDraft(new_command_id(), "permit_suspend", certificate_id=held.pk)
    draft = matters.open_draft(world.actor("agent2"), command)
    assert (
        number in client.get(f"/e/apply/{draft.id}/").content.decode()
    )  # said while writing, not only when submitting


def test_a_grade_of_credit_is_told_by_whoever_knows_it(monkeypatch):
    from jianguan.licensing.rules import credit
    from jianguan.licensing.rules import service as rules

    application = rules.Application({}, None, clock.today(), lambda: "91460106MA46TE057P")
    find = rules.declared()["credit_grade"].find
    assert find(application).value == "none"
    monkeypatch.setattr(credit, "_grade_of", credit._grade_of)
    rules.know_grades(lambda uscc, _day: "A" if uscc else "none")
    assert find(application).value == "A"

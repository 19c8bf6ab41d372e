"""What a permit does to the libraries: it fills them, and frees them when it ends."""

from __future__ import annotations

from datetime import date

import pytest
from tests.licensing.conftest import ROW

from jianguan.config.demonstration import cases, timeline
from jianguan.config.demonstration.numbers import ENTERPRISE, identity, uscc
from jianguan.licensing.certificates import service as certificates
from jianguan.platform.commands.service import new_command_id
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects

pytestmark = pytest.mark.django_db
UNKNOWN, IDENTITY = uscc(ENTERPRISE, "460105", 77), identity(date(1991, 5, 6), 977)


def test_units_and_people_a_permit_names_enter_the_libraries(world, road):
    answers = cases.answers(world, ROW)
    unit = {**answers["units"][0], "role": "001", "uscc": UNKNOWN, "name": "海南未知专业分包有限公司"}
    person = {**answers["staff"][0], "post": "1018", "name": "王未知", "identity": IDENTITY, "uscc": UNKNOWN}
    row = {"units": [*answers["units"], unit], "staff": [*answers["staff"], person]}
    case = road(answers=row).to_certificate().case
    found = enterprises.by_uscc(UNKNOWN)
    assert (found.name, found.data_level) == ("海南未知专业分包有限公司", "C")
    named = people.by_identity(IDENTITY)
    assert (named.name, named.employer_uscc) == ("王未知", UNKNOWN)
    assert [post.project_id for post in projects.posts_now([named.id])[named.id]] == [case.project_id]


def test_a_permit_that_is_revoked_frees_its_works_and_its_people(world, road):
    case = road().to_certificate().case
    works = [works.id for works in projects.works_of(case.project_id)]
    manager = people.by_identity(world.people["manager_1"]["identity"])
    assert projects.under_permit(works) is not None
    assert projects.posts_now([manager.id])
    permit = certificates.of_case(case.id)
    command = certificates.ChangeStatus(new_command_id(), permit.id, certificates.Status.REVOKED, "依法撤销")
    certificates.change_status(world.actor("approver"), command)
    timeline.settle()
    assert projects.under_permit(works) is None
    assert not projects.posts_now([manager.id])


def test_a_permit_that_is_only_suspended_still_holds_them(world, road):
    case = road().to_certificate().case
    permit = certificates.of_case(case.id)
    command = certificates.ChangeStatus(new_command_id(), permit.id, certificates.Status.SUSPENDED, "暂扣")
    certificates.change_status(world.actor("approver"), command)
    timeline.settle()
    assert projects.under_permit([works.id for works in projects.works_of(case.project_id)]) is not None


def test_the_line_of_a_project_shows_what_was_done(visit, road):
    case = road().to_certificate().case
    code = projects.by_id(case.project_id).code
    for username, address in (("head", "g"), ("agent2", "e")):
        page = visit(username).get(f"/{address}/projects/{code}/line/")
        assert page.status_code == 200
        states = {one.link.key: one.state for _, _, links in page.context["lines"][:1] for one in links}
        assert states == {
            "contract": "done", "drawings": "done", "supervision": "done", "permit": "done", "completion": "todo",
        }  # fmt: skip
    assert visit("agent").get(f"/e/projects/{code}/line/").status_code == 404

"""What the public finds in the libraries, and what it never does."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jianguan.licensing.certificates.models import Certificate
from jianguan.registry.projects import service as projects

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"t": "ent", "q": "建工"}, "海南示例建工有限公司"),
        ({"t": "ent"}, "海口示例工程检测有限公司"),
        ({"t": "ent", "region": "430000"}, "长沙示例建设集团有限公司"),
        ({"t": "person", "q": "马国"}, "马国庆"),
        ({"t": "nonsense", "q": "建工"}, "海南示例建工有限公司"),
    ],
)
def test_what_is_there_is_found(client: Client, world, asked: dict[str, str], found: str):
    assert found in client.get("/search/", asked).text


def test_numbers_find_what_they_stand_for(client: Client, world, permit: Certificate):
    uscc, manager = world.enterprises["builder_1"], world.people["manager_1"]
    project = projects.by_id(permit.project_id)
    assert f"/pub/ent/{uscc}/" in client.get("/search/", {"q": uscc}).text
    assert f"/pub/person/{manager['id']}/" in client.get("/search/", {"t": "person", "q": manager["certificate"]}).text
    for number in (project.code, permit.number, permit.national_number):
        assert f"/pub/project/{project.code}/" in client.get("/search/", {"t": "project", "q": number}).text


def test_an_identity_number_finds_nobody(client: Client, world):
    for person in world.people.values():
        assert "/pub/person/" not in client.get("/search/", {"t": "person", "q": person["identity"]}).text


def test_people_are_not_listed(client: Client, world):
    text = client.get("/search/", {"t": "person"}).text
    assert "/pub/person/" not in text
    assert "您要查找谁" in text


def test_a_project_is_public_once_it_has_a_permit(client: Client, world, permit: Certificate):
    code = projects.by_id(permit.project_id).code
    before = projects.by_id(world.projects["p11"]).code
    assert code in client.get("/search/", {"t": "project"}).text
    assert before not in client.get("/search/", {"t": "project"}).text
    assert client.get(f"/pub/project/{code}/").status_code == 200
    assert client.get(f"/pub/project/{before}/").status_code == 404


def test_an_enterprise_shows_what_it_may_do_and_did(client: Client, world, permit: Certificate):
    builder = client.get(f"/pub/ent/{world.enterprises['builder_1']}/").text
    for words in ("建筑工程施工总承包", "一级", "JZ安许证字", permit.subject_name, "施工总承包单位"):
        assert words in builder
    assert permit.number in client.get(f"/pub/ent/{permit.holder_uscc}/").text


def test_a_person_shows_registrations_certificates_and_posts(client: Client, world, permit: Certificate):
    text = client.get(f"/pub/person/{world.people['manager_1']['id']}/").text
    for words in ("注册建造师（一级）", world.people["manager_1"]["certificate"], "项目经理", "海南示例建工有限公司"):
        assert words in text
    assert projects.by_id(permit.project_id).code in text


def test_a_project_shows_its_tree(client: Client, world, permit: Certificate):
    project = projects.by_id(permit.project_id)
    text = client.get(f"/pub/project/{project.code}/").text
    for works in projects.works_of(project.id):
        assert works.code in text
    for words in ("施工一标段", permit.number, permit.national_number, "监理单位", "马国庆"):
        assert words in text
    assert re.search(r"ZJ\d{6}", text)


@pytest.mark.parametrize(
    "address",
    [
        "/pub/ent/91460000MA0000000X/",
        "/pub/person/01a1fa30-b17e-71bb-8958-ee69fb40180f/",
        "/pub/project/1/",
        "/pub/ent/%00/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, world, address: str):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["ent", "person"])
def test_a_long_answer_costs_what_a_short_one_does(client: Client, world, kind: str):
    short = {"ent": "长沙示例", "person": "马国庆"}[kind]
    long = {"ent": "示例", "person": "国"}[kind]
    assert queries(client, f"/search/?t={kind}&q={short}") == queries(client, f"/search/?t={kind}&q={long}")


def test_the_page_of_a_project_costs_the_same_however_large_it_is(client: Client, world, road, permit: Certificate):
    other = road(project="p10", price=2560, builder="builder_2", manager="manager_3").to_certificate()
    codes = [projects.by_id(case_project).code for case_project in (permit.project_id, other.case.project_id)]
    counts = {queries(client, f"/pub/project/{code}/") for code in codes}
    assert len({len(projects.works_of(permit.project_id)), len(projects.works_of(other.case.project_id))}) == 2
    assert len(counts) == 1

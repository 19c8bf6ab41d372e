"""Works that are changed, split and merged: what stands on which day, under which permit, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from jianguan.platform import clock
from jianguan.platform.errors import Conflict, Forbidden, Refusal
from jianguan.platform.journal import service as journal
from jianguan.registry.projects import actions, queries, regrouping
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.models import PermittedWorks, Succession, Works
from jianguan.registry.projects.regrouping import ChangeSection, ChangeWorks, MergeWorks, Part, SplitWorks
from jianguan.registry.projects.rules import sums_differ

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(world):
    return world.actor("registrar")


@pytest.fixture
def project(world):
    return queries.by_id(world.projects["p05"])


def standing(project, day: date | None = None) -> dict[str, str]:
    grown = queries.tree_on(project, day or clock.today())
    return {branch.works.code[-3:]: branch.works.name for branch in grown.branches}


def add(actor, project, name: str = "3#楼", above: str = "1000", **more) -> UUID:
    command = actions.AddWorks(uuid4(), project.id, name, area_above=Decimal(above), **more)
    return UUID(actions.add_works(actor, command).id)


def parts(*areas: str) -> tuple[Part, ...]:
    return tuple(Part(f"分部{n}", area_above=Decimal(area)) for n, area in enumerate(areas, 1))


def split(actor, works_id: UUID, *areas: str, reason: str = "") -> list[Works]:
    done = regrouping.split_works(actor, SplitWorks(uuid4(), works_id, parts(*areas), reason))
    return list(Works.objects.filter(code__in=done.codes).order_by("code"))


def merge(actor, project, works_ids, area: str, reason: str = "") -> Works:
    into = Part("合并后", area_above=Decimal(area))
    done = regrouping.merge_works(actor, MergeWorks(uuid4(), project.id, tuple(works_ids), into, reason))
    return Works.objects.get(code=done.codes[0])


def permit(project, *works_ids: UUID) -> PermittedWorks:
    number = f"46010020261120{PermittedWorks.objects.count() + 51:04d}"
    command = actions.PermitWorks(
        project.id, None, works_ids, "许可工程", number, number + "N", Decimal(100), clock.today(), clock.today(),
        clock.today(), [], uuid4(),
    )  # fmt: skip
    with transaction.atomic():
        return actions.permit_works(command)


def on_day(days: int):
    return clock.standing_at(datetime.now(UTC) + timedelta(days=days))


def test_a_split_ends_the_old_and_the_parts_stand_in_its_sections(registrar, project):
    old = queries.works_of(project.id)[0]
    whole = old.area_above
    with on_day(10):
        yesterday, today = clock.today() - timedelta(days=1), clock.today()
        command = SplitWorks(
            uuid4(), old.id, (
                Part("东段", whole / 2, old.area_below, old.length), Part("西段", whole / 2, Decimal(0), Decimal(0)),
            ),
        )  # fmt: skip
        codes = regrouping.split_works(registrar, command).codes
        assert old.code not in [b.works.code for b in queries.tree_on(project, today).branches]
        assert old.code in [b.works.code for b in queries.tree_on(project, yesterday).branches]
        grown = queries.tree_on(project, today)
        made = [b for b in grown.branches if b.works.code in codes]
        assert [b.works.structure for b in made] == [old.structure] * 2
        assert all(len(b.sections) == 1 for b in made)
        assert {w.code: [one.code for one in became] for w, became in grown.ended} == {old.code: codes}
        assert {w.code for b in made for w in b.came_from} == {old.code}


def test_nothing_happens_twice(registrar, project):
    command = SplitWorks(uuid4(), add(registrar, project), parts("500", "500"))
    assert regrouping.split_works(registrar, command) == regrouping.split_works(registrar, command)
    assert Succession.objects.filter(act_id=command.command_id).count() == 2


def test_a_split_of_a_split_goes_on_from_the_part(registrar, project):
    first = add(registrar, project)
    east, west = split(registrar, first, "600", "400")
    again = split(registrar, east.id, "300", "300")
    assert again[0].ancestors == sorted([first, east.id])
    assert east.code[-3:] not in standing(project)
    assert west.code[-3:] in standing(project)
    with pytest.raises(Conflict, match="was split or merged"):
        split(registrar, first, "500", "500")


@pytest.mark.parametrize(
    ("areas", "fits"),
    [(("500", "500"), True), (("500", "509"), True), (("500", "511"), False), (("500", "480"), False)],
)
def test_areas_add_up_or_a_reason_is_given(registrar, project, areas, fits):
    works_id = add(registrar, project)
    if not fits:
        with pytest.raises(Refusal) as refused:
            split(registrar, works_id, *areas)
        assert "reason" in refused.value.fields
    assert len(split(registrar, works_id, *areas, reason="" if fits else "竣工测绘面积与设计面积不一致")) == 2


def test_what_was_unknown_is_not_compared():
    assert not sums_differ([Part("甲")], [Part("乙", area_above=Decimal(5))])
    assert sums_differ([Part("甲", length=Decimal(5))], [Part("乙"), Part("丙")])


def test_bad_input_is_refused_with_a_sentence(registrar, project):
    works_id = add(registrar, project)
    with pytest.raises(Refusal, match="at least 2"):
        split(registrar, works_id, "1000")
    with pytest.raises(Refusal) as unnamed:
        regrouping.split_works(registrar, SplitWorks(uuid4(), works_id, (Part("甲"), Part(" ")), "x"))
    assert list(unnamed.value.fields) == ["part_2_name"]
    with pytest.raises(Refusal, match="at least two"):
        merge(registrar, project, [works_id, works_id], "1000")


def test_works_of_two_projects_are_not_merged(world, registrar, project):
    other = queries.by_id(world.projects["p06"])
    with pytest.raises(Refusal, match="one and the same project"):
        merge(registrar, project, [add(registrar, project), add(registrar, other)], "2000")


@pytest.mark.parametrize("username", ["window", "approver"])
def test_only_who_keeps_the_libraries_splits(world, registrar, project, username):
    with pytest.raises(Forbidden):
        split(world.actor(username), add(registrar, project), "500", "500")


def test_the_owner_reads_but_does_not_split(world, registrar, project):
    with pytest.raises(Forbidden):
        split(world.actor("agent2"), add(registrar, project), "500", "500")


def test_parts_of_permitted_works_are_under_its_permit(registrar, project):
    works_id = add(registrar, project)
    issued = permit(project, works_id)
    made = split(registrar, works_id, "500", "500")
    branches = {b.works.id: b for b in queries.tree_on(project, clock.today()).branches}
    assert [p.permitted_works_id for one in made for p in branches[one.id].permits] == [issued.id] * 2
    assert actions.under_permit([made[1].id])
    with transaction.atomic():
        projects.end_permit(issued.permit_number, clock.today(), uuid4())
    assert actions.under_permit([made[1].id]) is None


def test_permits_of_merged_works_stay_with_them_and_hold_for_the_new(registrar, project):
    old = [add(registrar, project) for _ in range(2)]
    issued = [permit(project, one) for one in old]
    new = merge(registrar, project, old, "2000")
    branch = next(b for b in queries.tree_on(project, clock.today()).branches if b.works.id == new.id)
    assert branch.permits == []
    assert {item.permitted_works_id for item in branch.through} == {one.id for one in issued}
    assert queries.standing_works(project.id).get(pk=new.id).permit in {one.permit_number for one in issued}
    assert set(issued[0].items.values_list("works", flat=True)) == {old[0]}
    with pytest.raises(Conflict, match="already has the construction permit"):
        permit(project, new.id)
    for one in issued:
        with transaction.atomic():
            projects.end_permit(one.permit_number, clock.today(), uuid4())
    assert permit(project, new.id)


def test_works_that_ended_get_no_permit_and_no_section(registrar, project):
    works_id = add(registrar, project)
    split(registrar, works_id, "500", "500")
    with pytest.raises(Conflict, match="was split or merged"):
        permit(project, works_id)
    with pytest.raises(Refusal):
        actions.form_section(registrar, actions.FormSection(uuid4(), project.id, "二标段", (works_id,)))


def test_a_merge_is_undone_by_a_later_split(registrar, project):
    old = [add(registrar, project, name) for name in ("甲", "乙")]
    with on_day(3):
        merged = merge(registrar, project, old, "2000")
    with on_day(5):
        made = split(registrar, merged.id, "1000", "1000", reason="合并有误，恢复为两个单体")
        grown = queries.tree_on(project, clock.today())
        assert [act.kind for act in grown.regroupings] == ["split", "merge"]
        assert merged.code[-3:] in standing(project, clock.today() - timedelta(days=1))
        assert {one.code[-3:] for one in made} <= standing(project).keys()
        assert set(old) <= {one.id for one, _ in grown.ended}


def test_a_past_day_shows_what_the_library_said_then(registrar, project):
    works_id = add(registrar, project, "旧名")
    code = Works.objects.get(pk=works_id).code
    for days, name, area in ((5, "中名", "1000"), (9, "新名", "1200")):
        with on_day(days):
            command = ChangeWorks(uuid4(), works_id, "设计变更", name, area_above=Decimal(area))
            regrouping.change_works(registrar, command)
    with on_day(20):
        today = clock.today()
        said = {back: standing(project, today - timedelta(days=back))[code[-3:]] for back in (0, 11, 12, 15, 16)}
        assert said == {0: "新名", 11: "新名", 12: "中名", 15: "中名", 16: "旧名"}
        assert [change.after for change in queries.tree_on(project, today).changes] == [
            {"name": "新名", "area_above": "1200"}, {"name": "中名"},
        ]  # fmt: skip


def test_a_change_needs_a_reason_and_a_difference(registrar, project):
    works_id = add(registrar, project, "旧名")
    for reason, name, field in (("", "新名", "reason"), ("更正", "旧名", "name"), ("更正", " ", "name")):
        with pytest.raises(Refusal) as refused:
            regrouping.change_works(
                registrar, ChangeWorks(uuid4(), works_id, reason, name, area_above=Decimal("1000.00"))
            )
        assert field in refused.value.fields


def test_a_section_keeps_its_history_when_works_leave_it(registrar, project):
    first, second = add(registrar, project), add(registrar, project)
    section_id = UUID(actions.form_section(registrar, actions.FormSection(uuid4(), project.id, "二标段", (first,))).id)
    with on_day(4):
        regrouping.change_section(
            registrar, ChangeSection(uuid4(), section_id, "调整标段", "二标段（调整）", (second,))
        )
        now = {
            b.works.id: [h.held.section.name for h in b.sections]
            for b in queries.tree_on(project, clock.today()).branches
        }
        before = queries.tree_on(project, clock.today() - timedelta(days=1)).branches
        then = {b.works.id: [h.held.section.name for h in b.sections] for b in before}
    assert (now[first], now[second]) == ([], ["二标段（调整）"])
    assert (then[first], then[second]) == (["二标段"], [])


def test_the_history_of_splits_cannot_be_rewritten(registrar, project):
    split(registrar, add(registrar, project), "500", "500")
    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.update(reason="别的")


def test_every_act_is_in_the_journal(registrar, project):
    made = split(registrar, add(registrar, project), "500", "500")
    merge(registrar, project, [one.id for one in made], "1000")
    kinds = list(journal.about("project", project.id).order_by("-id").values_list("kind", flat=True)[:3])
    assert kinds == ["project.works_merged", "project.works_split", "project.works_added"]


def test_the_page_shows_a_past_day_and_splits(visit, registrar, project):
    works_id = add(registrar, project, "待分解楼")
    works = Works.objects.get(pk=works_id)
    client, address = visit("registrar"), f"/g/projects/{project.code}/works/"
    assert "待分解楼" in client.get(address).text
    assert client.get(f"{address}{works.code}/split/").status_code == 200
    sent = {
        "command_id": str(uuid4()), "parts": "2", "part_1_name": "东楼", "part_1_area_above": "400",
        "part_2_name": "西楼", "part_2_area_above": "500",
    }  # fmt: skip
    more = client.post(f"{address}{works.code}/split/", sent | {"_op": "more"})
    assert 'name="part_3_name"' in more.text
    assert "东楼" in more.text
    refused = client.post(f"{address}{works.code}/split/", sent)
    assert refused.status_code == 422
    assert "东楼" in refused.text
    done = client.post(f"{address}{works.code}/split/", sent | {"reason": "测绘差异"})
    assert done.status_code == 302
    text = client.get(address).text
    assert "东楼" in text
    assert "测绘差异" in text
    with on_day(9):
        assert "东楼" in visit("registrar").get(address).text
        yesterday = clock.today() - timedelta(days=30)
        assert "东楼" not in visit("registrar").get(f"{address}?on={yesterday}").text
    assert client.get(f"{address}?on=nonsense").status_code == 200


def test_readers_see_the_tree_without_its_tools(visit, registrar, project):
    add(registrar, project, "待分解楼")
    text = visit("agent2").get(f"/e/projects/{project.code}/works/").text
    assert "待分解楼" in text
    assert "/split/" not in text


def test_queries_do_not_grow_with_the_tree(visit, registrar, project, django_assert_max_num_queries):
    for _ in range(3):
        made = split(registrar, add(registrar, project), "500", "500")
        merge(registrar, project, [one.id for one in made], "1000")
    client = visit("registrar")
    client.get("/g/projects/")
    with django_assert_max_num_queries(30):
        client.get(f"/g/projects/{project.code}/works/")

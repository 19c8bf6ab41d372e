"""Plans and double-random draws."""

from __future__ import annotations

import copy
import json
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.sites.inspections.conftest import file_of

from jianguan.config.cli import main as cli
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, Refusal
from jianguan.platform.journal import service as journal
from jianguan.sites.inspections import published, queries, rules
from jianguan.sites.inspections import service as inspections
from jianguan.sites.inspections.models import Draw, Inspection


def frozen(files=6, inspectors=4, wanted=2, weights=None, excluded=()):
    return {
        "wanted": wanted, "excluded": list(excluded),
        "files": [{"id": f"f{n}", "name": f"工程{n}", "weight": (weights or {}).get(n, 1)} for n in range(files)],
        "inspectors": [{"id": f"i{n}"} for n in range(inspectors)],
    }  # fmt: skip


@given(st.text("0123456789abcdef", min_size=1, max_size=64), st.integers(1, 6))
def test_a_draw_is_the_same_for_everyone_and_takes_nothing_twice(seed, wanted):
    lists = frozen(wanted=wanted)
    chosen = rules.draw(lists, seed)
    assert chosen == rules.draw(json.loads(json.dumps(lists)), seed)
    assert len({one["file"] for one in chosen}) == wanted
    assert all(len(set(one["inspectors"])) == 2 for one in chosen)


@given(st.text("0123456789abcdef", min_size=1, max_size=64))
def test_the_excluded_are_never_drawn(seed):
    excluded = [{"inspector": "i0", "file": f"f{n}"} for n in range(6)]
    chosen = rules.draw(frozen(wanted=6, excluded=excluded), seed)
    assert not any("i0" in one["inspectors"] for one in chosen)


def test_weights_are_chances():
    drawn = Counter(rules.draw(frozen(3, wanted=1, weights={2: 4}), f"{n}")[0]["file"] for n in range(3000))
    assert 1900 < drawn["f2"] < 2100  # four of six
    assert 400 < drawn["f0"] < 600


def test_the_algorithm_stands():
    """Whoever wrote a checker of their own relies on this."""
    chosen = rules.draw(frozen(), "00" * 32)
    assert chosen == [
        {"file": "f0", "inspectors": ["i0", "i2"]},
        {"file": "f1", "inspectors": ["i2", "i3"]},
    ]


def test_a_changed_list_seed_or_result_is_found():
    lists, seed = frozen(), "ab" * 32
    document = {
        "draw": lists,
        "seed": seed,
        "commitment": rules.commitment(lists, seed),
        "chosen": rules.draw(lists, seed),
    }
    assert rules.verify_draw(document) == []
    for change in (
        lambda d: d["draw"]["files"].pop(), lambda d: d.update(seed="ac" * 32), lambda d: d["chosen"].reverse(),
        lambda d: d["draw"]["files"][0].update(weight=9), lambda d: d.update(commitment="0" * 64),
    ):  # fmt: skip
        altered = copy.deepcopy(document)
        change(altered)
        assert rules.verify_draw(altered)
    with pytest.raises(ValueError, match="no published draw"):
        rules.verify_draw({"draw": {}})


@pytest.fixture
def files(world):
    return [file_of(world, project, f"46010020261120020{n}") for n, project in enumerate(("p03", "p04", "p05"))]


def seal(world, username="station2", **changes):
    people = tuple(world.accounts[f"supervisor{n}"].id for n in (1, 2, 3, 4))
    given = {
        "region": "460100", "title": "2026年第四季度双随机检查", "checklist": "jgj59", "first_day": clock.today(),
        "last_day": clock.today() + timedelta(days=20), "wanted": 2, "inspectors": people, **changes,
    }  # fmt: skip
    done = inspections.seal_draw(world.actor(username), inspections.SealDraw(new_command_id(), **given))
    return Draw.objects.get(pk=done.id)


def hold(world, draw, username="station2"):
    inspections.hold_draw(world.actor(username), inspections.HoldDraw(new_command_id(), draw.id))
    draw.refresh_from_db()
    return draw


def test_a_draw_is_sealed_in_the_journal_before_it_is_held(world, files):
    draw = seal(world)
    (sealed,) = journal.facts(journal.about("draw", draw.id))
    assert sealed.data["commitment"] == draw.commitment
    assert draw.seed not in json.dumps(sealed.data)
    assert draw.chosen is None
    hold(world, draw)
    held = [fact for fact in journal.facts(journal.about("draw", draw.id)) if fact.kind == "inspections.draw_held"]
    assert held[0].data["seed"] == draw.seed
    assert rules.verify_draw(published.document(draw)) == []


def test_drawn_inspections_are_in_the_plan_with_people_who_are_not_bound_there(world, files):
    draw = hold(world, seal(world))
    rows = list(Inspection.objects.filter(plan_line=draw.plan_line))
    assert {str(row.file_id) for row in rows} == {one["file"] for one in draw.chosen}
    bound = {world.accounts["supervisor1"].id, world.accounts["supervisor3"].id}
    for row in rows:
        assert not bound & set(row.inspectors.values_list("account_id", flat=True))
    drawn = world.actor("supervisor2")
    assert queries.visible_to(drawn).filter(pk__in=[row.pk for row in rows]).count() == 2


def test_only_one_sealed_draw_of_a_place_waits(world, files):
    draw = seal(world)
    with pytest.raises(Conflict, match="sealed already"):
        seal(world)
    hold(world, draw)
    with pytest.raises(Conflict, match="held already"):
        hold(world, draw)
    seal(world)


def test_what_cannot_be_drawn_is_refused_before_it_is_sealed(world, files):
    with pytest.raises(Refusal) as refused:
        seal(world, wanted=400)
    assert "wanted" in refused.value.fields
    with pytest.raises(Refusal) as refused:
        seal(world, inspectors=tuple(world.accounts[name].id for name in ("supervisor1", "supervisor2")))
    assert "fewer than two" in str(refused.value.fields["inspectors"])
    with pytest.raises(Forbidden):
        seal(world, "supervisor1")
    assert not Draw.objects.exists()


def test_the_recused_are_on_the_frozen_list_of_exclusions(world, files):
    who = world.accounts["supervisor2"].id
    inspections.recuse(
        world.actor("station"), inspections.Recuse(new_command_id(), files[0].id, who, "亲属在该项目任职。")
    )
    draw = seal(world, exclude_bound=False)
    assert draw.frozen["excluded"] == [{"inspector": str(who), "file": str(files[0].id), "reason": "recused"}]


def test_an_unqualified_site_has_three_times_the_chance(world, files, desk):
    desk.file = files[0]
    desk.begin()
    desk.fill(B_1={"responsibility_system": {"state": "seen", "deductions": [{"key": "0"}]}})
    desk.submit()
    listed = {one["id"]: (one["risk"], one["weight"]) for one in queries.list_of_files("4601")}
    assert listed[str(files[0].id)] == ("unqualified", 3)
    assert listed[str(files[1].id)] == ("unseen", 2)


def test_a_published_draw_is_checked_offline(world, files, tmp_path):
    document = published.document(hold(world, seal(world)))
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(document))
    bad.write_text(json.dumps(document | {"seed": "00" * 32}))
    runner = CliRunner()
    assert runner.invoke(cli, ["inspections", "verify-draw", str(good)]).exit_code == 0
    answered = runner.invoke(cli, ["inspections", "verify-draw", str(bad), "--json"])
    assert answered.exit_code == 1
    assert len(json.loads(answered.output)["findings"]) == 2
    bad.write_text("[]")
    assert runner.invoke(cli, ["inspections", "verify-draw", str(bad)]).exit_code == 2


def test_plans_count_what_was_held(world, file, desk):
    command = inspections.Plan(
        new_command_id(), "460100", "十一月例行检查", "routine", clock.today(), clock.today() + timedelta(days=9), 4
    )
    line = UUID(inspections.plan(world.actor("station2"), command).id)
    assert queries.plan_lines(world.actor("supervisor3")).filter(pk=line).exists()
    assert not queries.plan_lines(world.actor("counter")).filter(pk=line).exists()
    desk.begin(plan_line_id=line)
    desk.fill()
    assert queries.plan_lines(world.actor("station")).get(pk=line).held == 0
    desk.submit()
    assert queries.plan_lines(world.actor("station")).get(pk=line).held == 1
    with pytest.raises(Refusal, match="line of the plan"):
        desk.begin(kind="special", plan_line_id=line)


def test_patrols_of_the_week_stand_against_the_quota(world, file, desk):
    station = world.actor("station2")
    inspections.set_quota(station, inspections.SetQuota(new_command_id(), file.id, 3))
    desk.begin(kind="patrol")
    desk.fill()
    desk.submit()
    (line,) = queries.patrols(station, clock.today())
    assert (line.held, line.short) == (1, 2)
    assert queries.patrols(world.actor("supervisor2"), clock.today()) == []
    inspections.set_quota(station, inspections.SetQuota(new_command_id(), file.id, 0))
    assert queries.patrols(station, clock.today()) == []

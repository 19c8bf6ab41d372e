"""Moving an open case to another version: planned, refused with reasons, and proved by the explorer."""

from __future__ import annotations

import pytest
from tests.kernel.process.drawing import Case, both, boundary, end, flows, net, several, start, sub, user

from jianguan.kernel.process import (
    Marking,
    Net,
    NothingChangedError,
    Plan,
    Status,
    Trouble,
    explore,
    plan_migration,
    read_net,
)

BRANCHES = ("quality", "safety")


def sections(*names: str, more: str = "", **tasks: str) -> Net:
    """Parallel review by these sections, then a decision."""
    return net(
        start(), user("accept"), both("fork"), both("join"), *(tasks.get(name) or user(name, "pass") for name in names),
        user("decide", "yes no"), end(), more,
        flows("begin -> accept -> fork", *(f"fork -> {name} -> join" for name in names), "join -> decide -> end"),
    )  # fmt: skip


OLD = sections(*BRANCHES)


def at_review(drawn: Net = OLD) -> Case:
    case = Case(drawn)
    case.begin()
    case.complete("accept")
    return case


def reasons(plan: Plan) -> list[tuple[str, str]]:
    return [(remark.node, str(remark.message)) for remark in plan.refusals]


def test_a_case_moves_with_its_ids_and_goes_on_in_the_new_version() -> None:
    case = at_review()
    new = sections(*BRANCHES, quality=user("quality", "pass", jg_role="chief"))
    plan = plan_migration(OLD, new, case.marking)
    assert plan.possible
    assert plan.moved == {"quality": "quality", "safety": "safety"}
    assert [item.role for item in plan.marking.items] == ["chief", "clerk"]
    assert {token.id for token in plan.marking.tokens} == {token.id for token in case.marking.tokens}
    assert [str(notice.message) for notice in plan.notices] == ["“quality” goes from clerk to chief."]
    case.net, case.marking = new, plan.marking
    case.complete("quality", "pass")
    case.complete("safety", "pass")
    assert case.open() == ["decide"]


def test_the_plan_touches_nothing() -> None:
    case = at_review()
    before = case.marking
    plan_migration(OLD, sections(*BRANCHES, more=user("later")), case.marking)
    assert case.marking is before


def test_a_node_with_another_id_is_found_by_the_map() -> None:
    case = at_review()
    new = sections("building", "safety")
    assert reasons(plan_migration(OLD, new, case.marking)) == [
        ("quality", "“quality” does not exist in the new version."),
        ("quality", "“quality” does not exist in the new version."),
    ]
    plan = plan_migration(OLD, new, case.marking, {"quality": "building"})
    assert plan.refusals == ()
    assert sorted(token.node for token in plan.marking.tokens) == ["building", "safety"]
    assert {item.node for item in plan.marking.items} == {"building", "safety"}


def test_a_token_at_a_join_moves_with_the_flow_it_came_by() -> None:
    case = at_review()
    case.complete("quality", "pass")
    new = sections("building", "safety")
    assert ("join", "“join” has no flow “quality__join” any more, by which the case waits.") in reasons(
        plan_migration(OLD, new, case.marking)
    )
    plan = plan_migration(OLD, new, case.marking, {"quality__join": "building__join", "quality": "building"})
    assert plan.possible
    case.net, case.marking = new, plan.marking
    case.complete("safety", "pass")
    assert case.open() == ["decide"]


def test_nothing_changed_is_an_error() -> None:
    case = at_review()
    with pytest.raises(NothingChangedError, match="same process"):
        plan_migration(OLD, sections(*BRANCHES), case.marking)
    with pytest.raises(NothingChangedError, match="has ended"):
        plan_migration(OLD, sections("safety", "quality"), Marking())


def test_a_drawing_that_was_only_moved_is_no_other_version(permit: Net, permit_file: bytes) -> None:
    case = Case(permit)
    case.begin()
    moved = read_net(
        b"\n".join([permit_file.replace(b'x="220"', b'x="221"')]).replace(b"<bpmn:process", b"\n\n<bpmn:process")
    )
    with pytest.raises(NothingChangedError):
        plan_migration(permit, moved, case.marking)


def test_a_map_that_names_what_does_not_exist_is_refused() -> None:
    plan = plan_migration(
        OLD, sections("safety", "quality"), at_review().marking, {"quality": "nowhere", "ghost": "decide"}
    )
    assert ("nowhere", "“quality” → “nowhere”: one of them does not exist.") in reasons(plan)
    assert ("decide", "“ghost” → “decide”: one of them does not exist.") in reasons(plan)


def test_a_node_of_another_kind_or_level_is_refused() -> None:
    case = at_review()
    inside = sub("part", start("i"), user("quality", "pass"), end("o"), flows("i -> quality -> o"))
    new = net(
        start(),
        user("accept"),
        inside,
        user("safety", "pass"),
        end(),
        flows("begin -> accept -> part -> safety -> end"),
    )
    assert ("quality", "“quality” lies in another sub-process than “quality”.") in reasons(
        plan_migration(OLD, new, case.marking)
    )
    assert ("quality", "“end” is not the same kind of element as “quality”.") in reasons(
        plan_migration(OLD, new, case.marking, {"quality": "end"})
    )


def test_one_person_does_not_become_several() -> None:
    new = sections(*BRANCHES, quality=several("quality", "pass"))
    assert ("quality", "“quality” is for one person in one version and for several in the other.") in reasons(
        plan_migration(OLD, new, at_review().marking)
    )


def test_a_timer_moves_with_its_host_or_is_refused() -> None:
    old = sections(*BRANCHES, more=boundary("late", "quality") + end("over") + flows("late -> over"))
    case = at_review(old)
    there = sections(*BRANCHES, more=boundary("late", "quality", "P9D") + end("over") + flows("late -> over"))
    plan = plan_migration(old, there, case.marking)
    assert plan.possible
    assert plan.marking.timers == case.marking.timers  # its due date is not touched
    elsewhere = sections(*BRANCHES, more=boundary("late", "safety") + end("over") + flows("late -> over"))
    assert ("late", "“late” is no timer of “quality” in the new version.") in reasons(
        plan_migration(old, elsewhere, case.marking)
    )
    assert ("late", "“late” does not exist in the new version.") in reasons(plan_migration(old, OLD, case.marking))


def test_a_timer_that_is_new_is_told_and_not_armed() -> None:
    new = sections(*BRANCHES, more=boundary("late", "quality") + end("over") + flows("late -> over"))
    plan = plan_migration(OLD, new, at_review().marking)
    assert plan.marking.timers == ()
    assert [str(notice.message) for notice in plan.notices] == [
        "The timer “late” is new; it is not armed for this case."
    ]


def test_a_section_that_gained_a_branch_is_reported_to_cases_inside_it_only() -> None:
    new = sections(*BRANCHES, "fire")
    inside = plan_migration(OLD, new, at_review().marking)
    assert not inside.possible
    assert [str(remark.message) for remark in inside.gained] == [
        "“join” now waits for “fire__join” too, a branch that was not started."
    ]
    before = Case(OLD)
    before.begin()
    assert plan_migration(OLD, new, before.marking).possible
    after = at_review()
    after.complete("quality", "pass")
    after.complete("safety", "pass")
    assert plan_migration(OLD, new, after.marking).possible


def test_the_explorer_proves_what_the_plan_says() -> None:
    new = sections(*BRANCHES, "fire")
    case = at_review()
    moved = plan_migration(OLD, new, case.marking).marking
    found = explore(new, marking=moved, variables=case.variables)
    assert [finding.trouble for finding in found.findings] == [Trouble.STUCK]
    good = sections("safety", "quality")
    moved = plan_migration(OLD, good, case.marking).marking
    assert explore(good, marking=moved, variables=case.variables).sound


def test_a_moved_case_can_still_be_cancelled() -> None:
    case = at_review()
    new = sections("safety", "quality")
    case.marking, case.net = plan_migration(OLD, new, case.marking).marking, new
    assert case.cancel().status is Status.CANCELLED

"""Every reachable marking: what is unsound is found and named, with the shortest path to it."""

from __future__ import annotations

import pytest
from tests.kernel.process.drawing import (
    both,
    boundary,
    call,
    end,
    flows,
    net,
    rule,
    service,
    several,
    start,
    sub,
    terminate,
    user,
    wait,
    xor,
)

from jianguan.kernel.process import Domain, Exploration, Net, Trouble, explore


def troubles(found: Exploration) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(finding.trouble), finding.concerned) for finding in found.findings]


def path(found: Exploration, trouble: Trouble) -> list[str]:
    return next([str(step) for step in finding.path] for finding in found.findings if finding.trouble is trouble)


# ---------------------------------------------------------------------- sound


def test_the_permit_is_sound_and_its_states_are_few(permit: Net) -> None:
    found = explore(permit)
    assert found.sound
    assert found.ends == {"not_accepted", "withdrawn", "refused", "issued"}
    assert len(found.markings) == 17
    assert found.states < 500


def test_every_kind_of_node_can_be_explored() -> None:
    drawn = net(
        start(), rule("r"), service("s"), service("w", wait=True), call("c", "other"), wait("t"), several("m", "pass fail"),
        both("f"), both("j"), user("a"), sub("sub", start("i"), user("b"), terminate("o"), flows("i -> b -> o")), end(),
        boundary("late", "sub"), xor("merge"),
        flows("begin -> r -> s -> w -> c -> t -> m -> f", "f -> a -> j", "f -> sub -> merge -> j", "j -> end", "late -> merge"),
    )  # fmt: skip
    assert explore(drawn).sound


def test_the_side_path_of_a_non_interrupting_timer_may_end_by_itself() -> None:
    drawn = net(
        start(), user("a"), boundary("t", "a", interrupting=False), service("remind"), end("reminded"), end(),
        flows("begin -> a -> end", "t -> remind -> reminded"),
    )  # fmt: skip
    assert explore(drawn).sound


def test_two_reminders_with_work_of_their_own_do_not_pile_up_without_a_loop() -> None:
    asides = [
        boundary(f"t{n}", "a", f"P{n}D", interrupting=False) + user(f"urge{n}") + end(f"urged{n}") for n in (1, 2, 3)
    ]
    lines = [f"t{n} -> urge{n} -> urged{n}" for n in (1, 2, 3)]
    assert explore(net(start(), user("a"), *asides, end(), flows("begin -> a -> end", *lines))).sound


# ---------------------------------------------------------------------- unsound


def test_a_choice_that_meets_in_a_join_gets_stuck_and_the_missing_flow_is_named() -> None:
    drawn = net(
        start(), user("a", "x y"), xor("g", "g__c"), user("b"), user("c"), both("j"), end(),
        flows("begin -> a -> g", 'g -> b if a = "x"', "b -> j", "g -> c -> j", "j -> end"),
    )  # fmt: skip
    found = explore(drawn)
    stuck = [str(finding.message) for finding in found.findings if finding.trouble is Trouble.STUCK]
    assert stuck == [
        "The case gets stuck: “j” waits for “c__j”, by which nothing comes any more.",
        "The case gets stuck: “j” waits for “b__j”, by which nothing comes any more.",
    ]
    assert path(found, Trouble.STUCK) == ["start begin", "complete a → x", "complete b → done"]
    assert ("dead_node", ("end",)) in troubles(found)


def test_a_circle_without_exit_is_a_livelock() -> None:
    drawn = net(
        start(), user("a", "x y"), xor("g", "g__end"), user("b"), user("c"), end(),
        flows("begin -> a -> g", 'g -> b if a = "x"', "b -> c -> b", "g -> end"),
    )  # fmt: skip
    found = explore(drawn)
    assert troubles(found) == [("livelock", ("b", "c"))]
    assert path(found, Trouble.LIVELOCK) == ["start begin", "complete a → x"]


def test_tokens_that_pile_up_are_found_with_the_path_on_which_they_grow() -> None:
    drawn = net(
        start(), xor("m"), user("a", "more done"), xor("g", "g__end"), both("f"), user("extra"), end(),
        flows("begin -> m -> a -> g", 'g -> f if a = "more"', "f -> m", "f -> extra -> end", "g -> end"),
    )  # fmt: skip
    found = explore(drawn)
    assert not found.complete
    assert ("unbounded", ("extra",)) in troubles(found)
    assert path(found, Trouble.UNBOUNDED) == ["start begin", "complete a → more", "complete a → more"]


def test_reminders_with_work_of_their_own_pile_up_in_a_loop() -> None:
    drawn = net(
        start(), xor("m"), user("a", "again done"), boundary("t", "a", interrupting=False), user("urge"), end("urged"),
        xor("g", "g__end"), end(), flows("begin -> m -> a -> g", 'g -> m if a = "again"', "g -> end", "t -> urge -> urged"),
    )  # fmt: skip
    assert troubles(explore(drawn)) == [("unbounded", ("urge",))]


def test_a_fork_that_meets_in_an_exclusive_gateway_runs_twice() -> None:
    drawn = net(
        start(), both("f"), user("a"), user("b"), xor("m"), user("c"), end(),
        flows("begin -> f", "f -> a -> m", "f -> b -> m", "m -> c -> end"),
    )  # fmt: skip
    found = troubles(explore(drawn))
    assert ("doubled", ("c",)) in found
    assert "leftover" in {trouble for trouble, _ in found}


def test_an_end_that_is_reached_too_early_leaves_tokens_over() -> None:
    drawn = net(
        start(),
        both("f"),
        user("a"),
        user("b"),
        end("early"),
        end(),
        flows("begin -> f", "f -> a -> early", "f -> b -> end"),
    )
    found = explore(drawn)
    assert troubles(found) == [("leftover", ("b",)), ("leftover", ("a",))]
    assert path(found, Trouble.LEFTOVER) == ["start begin", "complete a → done"]


def test_automatic_branches_that_end_twice_are_left_over_too() -> None:
    drawn = net(
        start(), both("f"), service("a"), service("b"), xor("m"), end(),
        flows("begin -> f", "f -> a -> m", "f -> b -> m", "m -> end"),
    )  # fmt: skip
    assert troubles(explore(drawn)) == [("leftover", ("end",))]


def test_a_subprocess_may_end_in_several_branches() -> None:
    inside = (
        start("i"),
        both("f"),
        user("a"),
        user("b"),
        end("o1"),
        end("o2"),
        flows("i -> f", "f -> a -> o1", "f -> b -> o2"),
    )
    assert explore(net(start(), sub("s", *inside), end(), flows("begin -> s -> end"))).sound


def test_a_way_that_no_value_opens_is_dead() -> None:
    drawn = net(
        start(), user("a", "x y"), xor("g", "g__end"), user("b"), end(),
        flows("begin -> a -> g", 'g -> b if a = "x" and a = "y"', "b -> end", "g -> end"),
    )  # fmt: skip
    assert troubles(explore(drawn)) == [("dead_node", ("b",)), ("dead_flow", ("g__b",))]


def test_an_automatic_circle_is_a_fault_with_its_path() -> None:
    drawn = net(start(), user("a"), service("s"), service("t"), end(), flows("begin -> a -> s -> t -> s"))
    found = explore(drawn)
    assert troubles(found) == [("fault", ("s",))] or troubles(found) == [("fault", ("t",))]
    assert path(found, Trouble.FAULT) == ["start begin", "complete a → done"]


def test_a_variable_asked_for_before_it_is_set_is_a_fault() -> None:
    drawn = net(
        start(), user("a", "x y"), xor("g", "g__b"), user("b", "p q"), end(),
        flows("begin -> a -> g", 'g -> end if b = "p"', "g -> b -> end"),
    )  # fmt: skip
    found = explore(drawn)
    assert [trouble for trouble, _ in troubles(found)] == ["fault"]
    assert "“b” has no value" in str(found.findings[0].message)


def test_two_starts_are_a_fault() -> None:
    assert troubles(explore(net(start(), start("b2"), end(), flows("begin -> end", "b2 -> end"))))[0][0] == "fault"


# ---------------------------------------------------------------------- data


def decided(condition: str, other: str) -> Net:
    return net(
        start(), rule("check", "table"), xor("g", "g__e3"), end("e1"), end("e2"), end("e3"),
        flows("begin -> check -> g", f"g -> e1 if {condition}", f"g -> e2 if {other}", "g -> e3"),
    )  # fmt: skip


def test_the_result_of_a_table_ranges_over_its_declared_values() -> None:
    declared = {"risk": Domain(("low", "high"), frozenset({"table"}))}
    found = explore(decided('risk = "low"', 'risk = "high"'), declared)
    assert (found.ends, troubles(found)) == ({"e1", "e2"}, [("dead_flow", ("g__e3",)), ("dead_node", ("e3",))][::-1])


def test_a_number_ranges_over_the_bounds_and_the_gaps_between_them() -> None:
    assert explore(decided("area > 500", "area >= 500")).ends == {"e1", "e2", "e3"}
    assert explore(decided("area > 500", "area > 600")).ends == {"e1", "e3"}
    assert explore(decided('due < date("2026-01-01")', 'due = date("2026-01-01")')).ends == {"e1", "e2", "e3"}


def test_a_text_ranges_over_what_is_named_and_something_else() -> None:
    assert explore(decided('kind = "road"', 'kind = "house"')).ends == {"e1", "e2", "e3"}


def test_a_condition_of_which_nothing_is_known_is_taken_both_ways() -> None:
    assert explore(decided("x = y", "y = x")).ends == {"e1", "e2", "e3"}


def test_what_a_case_has_from_the_start_stays_what_it_was() -> None:
    drawn = net(
        start(), xor("g", "g__a"), user("a"), user("b"), xor("h", "h__end"), user("c"), end(),
        flows("begin -> g", "g -> b if urgent", "b -> h", "g -> a -> end", "h -> c if not(urgent)", "c -> end", "h -> end"),
    )  # fmt: skip
    assert troubles(explore(drawn)) == [("dead_node", ("c",)), ("dead_flow", ("h__c",))]


def test_the_values_assumed_stand_on_the_path() -> None:
    drawn = net(
        start(), xor("g", "g__end"), both("f"), both("j"), end(),
        flows("begin -> g", "g -> f if area > 500", "f -> j", "j -> end", "g -> end"),
    )  # fmt: skip
    drawn_stuck = net(
        start(), xor("g", "g__j"), user("a"), user("b"), both("f"), both("j"), end(),
        flows("begin -> g", "g -> f if area > 500", "f -> a -> j", "f -> b -> j", "g -> j", "j -> end"),
    )  # fmt: skip
    assert explore(drawn).sound
    assert path(explore(drawn_stuck), Trouble.STUCK) == ["start begin (area = 499)"]


@pytest.mark.parametrize(("condition", "sound"), [("r_fail > 0", True), ("r_pass > 1", True), ("r_pass > 9", False)])
def test_lists_of_several_lengths_are_tried(condition: str, sound: bool) -> None:
    drawn = net(
        start(), several("r", "pass fail"), xor("g", "g__e2"), end(), end("e2"),
        flows("begin -> r -> g", f"g -> end if {condition}", "g -> e2"),
    )  # fmt: skip
    assert explore(drawn).sound is sound  # the list has at most four elements


def test_a_list_from_a_table_is_chosen_at_the_table() -> None:
    declared = {"sections": Domain((("a",), ("a", "b")), frozenset({"table"}))}
    drawn = net(start(), rule("check", "table"), several("r", "pass"), end(), flows("begin -> check -> r -> end"))
    found = explore(drawn, declared)
    assert found.sound
    assert found.states == 3  # two open, one open, done


# ---------------------------------------------------------------------- limits and cases


def test_an_exploration_that_meets_its_limit_says_so(permit: Net) -> None:
    found = explore(permit, max_states=5)
    assert not found.complete
    assert not found.sound
    assert not any(finding.trouble is Trouble.DEAD_NODE for finding in found.findings)


def test_exploring_twice_gives_the_same(permit: Net) -> None:
    assert explore(permit) == explore(permit)

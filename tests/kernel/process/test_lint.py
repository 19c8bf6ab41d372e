"""What is wrong with a drawing, found without running it."""

from __future__ import annotations

import pytest
from tests.kernel.process.drawing import (
    both,
    boundary,
    call,
    element,
    end,
    flows,
    net,
    rule,
    service,
    several,
    start,
    sub,
    user,
    wait,
    xor,
)

from jianguan.kernel.process import Domain, Net, Severity, lint, read_net


def said(drawn: Net, severity: Severity = Severity.ERROR, **declared: Domain) -> list[str]:
    return [str(problem.message) for problem in lint(drawn, declared) if problem.severity is severity]


def line(*between: str) -> Net:
    """One element of each text between start and end, its id being `x`, `y`, …."""
    return net(start(), *between, end(), flows("begin -> x -> end"))


def test_the_permit_has_no_problem(permit: Net) -> None:
    assert lint(permit, {}) == []


# ---------------------------------------------------------------------- structure


def test_a_choice_needs_a_condition_on_every_flow_but_the_default() -> None:
    drawn = net(
        start(),
        user("a", "x y"),
        xor("g"),
        end(),
        end("e2"),
        flows("begin -> a -> g", 'g -> end if a = "x"', "g -> e2"),
    )
    assert said(drawn) == [
        "The choice “g” needs a default flow.",
        "The flow “g__e2” out of “g” needs a condition.",
    ]


def test_the_default_has_no_condition() -> None:
    drawn = net(
        start(), user("a", "x y"), xor("g", "g__e2"), end(), end("e2"),
        flows("begin -> a -> g", 'g -> end if a = "x"', 'g -> e2 if a = "y"'),
    )  # fmt: skip
    assert said(drawn) == ["The default flow “g__e2” must have no condition."]


def test_the_only_way_out_has_no_condition() -> None:
    drawn = net(start(), user("a", "x y"), xor("g"), end(), flows("begin -> a -> g", 'g -> end if a = "x"'))
    assert said(drawn) == ["The only flow out of “g” must have no condition."]


@pytest.mark.parametrize("gateway", [both("g"), xor("g", "g__a")])
def test_a_gateway_that_joins_and_forks_at_once_is_refused(gateway: str) -> None:
    condition = ' if a = "done"' if gateway.startswith("<exclusive") else ""
    drawn = net(
        start(),
        gateway,
        user("a"),
        user("b"),
        end(),
        flows("begin -> g", f"g -> b{condition}", "g -> a -> g", "b -> end"),
    )
    assert "“g” joins and forks at once: draw two gateways." in said(drawn)


def test_an_activity_with_two_outgoing_flows_is_refused_and_two_incoming_are_not() -> None:
    drawn = net(start(), user("a"), user("b"), user("c"), end(), flows("begin -> a -> b -> c -> end", "a -> c"))
    assert said(drawn) == [
        "2 flows lead out of “a”: draw the fork as a parallel gateway, the choice as an exclusive one."
    ]


def test_dead_ends_and_what_cannot_be_reached_are_found() -> None:
    drawn = net(start(), user("a"), user("b"), user("c"), end(), flows("begin -> a", "b -> end", "c -> b"))
    assert said(drawn) == [
        "No flow leads out of “a”: a dead end.",
        "“b” cannot be reached from the start.",
        "“c” cannot be reached from the start.",
        "“end” cannot be reached from the start.",
    ]


def test_every_scope_has_one_start_and_an_end() -> None:
    inside = sub("s", start("i1"), start("i2"), user("a"), flows("i1 -> a", "i2 -> a", "a -> a"))
    drawn = net(start(), start("again"), inside, flows("begin -> s", "again -> s", "s -> s"))
    assert [
        (problem.id, str(problem.message)) for problem in lint(drawn, {}) if "needed here" in str(problem.message)
    ] == [
        ("p", "Exactly one start event is needed here, not 2."),
        ("p", "At least one end event is needed here."),
        ("s", "Exactly one start event is needed here, not 2."),
        ("s", "At least one end event is needed here."),
    ]


def test_events_need_a_timer_that_can_fire() -> None:
    drawn = net(
        start(), user("a"), rule("r"), element("boundaryEvent", "no_timer", attachedToRef="a"), boundary("vain", "r"), end(),
        element("intermediateCatchEvent", "w"), flows("begin -> a -> r -> w -> end", "no_timer -> end", "vain -> end"),
    )  # fmt: skip
    assert said(drawn) == [
        "“no_timer” needs a timer with a duration.",
        "“vain” can never fire: no case ever stays at “r”.",
        "“w” needs a timer with a duration.",
    ]


def test_only_where_a_case_stays_the_clock_can_stop() -> None:
    drawn = line(element("serviceTask", "x", jg_effect="e", jg_stops="survey"))
    assert said(drawn) == ["“x” cannot stop the clock: no case ever stays there."]
    assert said(line(element("serviceTask", "x", jg_effect="e", jg_wait="true", jg_stops="survey"))) == []


# ---------------------------------------------------------------------- tasks


@pytest.mark.parametrize(
    ("task", "sentences"),
    [
        (element("task", "x"), ["needs a role", "needs outcomes"]),
        (element("userTask", "x", jg_role="clerk"), ["needs outcomes"]),
        (element("userTask", "x", jg_outcomes="ok"), ["needs a role"]),
        (element("userTask", "x", "<multiInstanceLoopCharacteristics/>", jg_role="r", jg_outcomes="ok"), ["the list it runs over"]),
        (element("serviceTask", "x"), ["needs an effect"]),
        (element("businessRuleTask", "x"), ["needs decision tables"]),
        (element("callActivity", "x"), ["needs a calledElement"]),
        (user("x", jg_separate_from="x"), ["names “x”, which is no other user task"]),
        (user("x", jg_separate_from="nobody begin"), ["names “nobody”", "names “begin”"]),
        (several("x", "pass", jg_role_from_element="true"), []),
        (call("x", "other"), []),
        (service("x"), []),
        (wait("x"), []),
    ],
)  # fmt: skip
def test_a_task_needs_what_makes_it_work(task: str, sentences: list[str]) -> None:
    found = said(line(task), sections=Domain())
    assert len(found) == len(sentences)
    for sentence, expected in zip(found, sentences, strict=True):
        assert expected in sentence


def test_two_tasks_do_not_share_their_counters() -> None:
    drawn = net(
        start(),
        several("a", "ok", jg_tally="t"),
        several("b", "ok", jg_tally="t"),
        end(),
        flows("begin -> a -> b -> end"),
    )
    assert len(said(drawn, sections=Domain())) == 2


def test_outcomes_that_are_counted_nowhere_are_a_warning() -> None:
    loop = "<multiInstanceLoopCharacteristics/>"
    task = element("userTask", "x", loop, jg_role="r", jg_outcomes="pass fail", jg_collection="sections")
    assert any("are lost" in sentence for sentence in said(line(task), Severity.WARNING, sections=Domain()))


# ---------------------------------------------------------------------- variables


def choice(condition: str) -> Net:
    return net(
        start(), user("a", "yes no"), xor("g", "g__no"), end("one"), end("no"),
        flows("begin -> a -> g", f"g -> one if {condition}", "g -> no"),
    )  # fmt: skip


def test_a_condition_about_a_variable_that_nothing_sets_is_refused() -> None:
    assert said(choice("area > 500")) == ["“g” asks for “area”, which nothing sets."]
    assert said(choice("area > 500"), area=Domain()) == []


def test_a_condition_about_an_outcome_that_does_not_exist_is_refused() -> None:
    assert said(choice('a = "yse"')) == ["“g” asks whether “a” is “yse”; it is always one of yes, no."]
    assert said(choice('level in ["A", "D"]'), level=Domain(("A", "B", "C"))) == [
        "“g” asks whether “level” is “D”; it is always one of A, B, C."
    ]
    assert said(choice("a = 3")) == ["“g” asks whether “a” is “3”; it is always one of yes, no."]
    assert len(said(choice("a"))) == 2  # true and false are no outcomes
    assert said(choice('a = null or a = "yes"')) == []
    assert said(choice('a != "no" and level = "A"'), level=Domain(("A", "B"))) == []


def test_two_conditions_that_can_hold_at_once_are_a_warning_with_an_example() -> None:
    drawn = net(
        start(), user("a", "yes no"), user("b", "yes no"), xor("g", "g__e3"), end(), end("e2"), end("e3"),
        flows("begin -> a -> b -> g", 'g -> end if a = "yes"', 'g -> e2 if b = "yes"', "g -> e3"),
    )  # fmt: skip
    warnings = said(drawn, Severity.WARNING)
    assert "“g__end” and “g__e2” out of “g” are both open when a = yes, b = yes; the first is taken." in warnings


def test_counters_need_no_declaration() -> None:
    drawn = net(
        start(), several("r", "pass fail", until="r_fail > 0"), xor("g", "g__e2"), end(), end("e2"),
        flows("begin -> r -> g", "g -> end if r_pass > 2", "g -> e2"),
    )  # fmt: skip
    assert said(drawn, sections=Domain()) == []


# ---------------------------------------------------------------------- order and place


def test_problems_come_in_the_order_of_the_file_with_element_id_and_line(permit_file: bytes) -> None:
    broken = permit_file.replace(b' jg:tables="permit_check"', b"").replace(b' jg:role="leader"', b"")
    problems = lint(read_net(broken), {})
    assert [(problem.element, problem.id) for problem in problems] == [
        ("businessRuleTask", "check"),
        ("businessRuleTask", "recheck"),
        ("userTask", "approve"),
    ]
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert min(problem.line for problem in problems) > 10


def test_what_has_no_place_in_the_drawing_is_a_warning() -> None:
    assert any("no place in the drawing" in sentence for sentence in said(line(user("x")), Severity.WARNING))

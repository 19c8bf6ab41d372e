"""Where a case stands, as an applicant is told: the main steps done, now and next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.kernel.process.drawing import (
    Case,
    both,
    boundary,
    call,
    end,
    flows,
    net,
    service,
    several,
    start,
    sub,
    user,
    wait,
    xor,
)

from jianguan.kernel.process import Dated, Net, steps
from jianguan.kernel.process.progress import progress

MORNING = datetime(2025, 6, 4, 1, 12, tzinfo=UTC)
REVIEWS = ("quality_review", "safety_review", "market_review")


def log(case: Case) -> list[Dated]:
    """The log of a case whose acts came one hour after the other."""
    return [
        Dated(MORNING + timedelta(hours=hour), line) for hour, delta in enumerate(case.deltas) for line in delta.log
    ]


def played(drawn: Net, *acts: tuple[str, str], **variables: object) -> Case:
    case = Case(drawn, **variables)
    case.begin()
    for node, outcome in acts:
        case.complete(node, outcome)
    return case


def told(case: Case) -> str:
    """The steps in short: D done, N now, S stopped, . next."""
    return "".join(
        {"done": "D", "now": "N", "stopped": "S", "next": "."}[step.state] for step in steps(case.net, log(case))
    )


PASSED = tuple((review, "pass") for review in REVIEWS)


def test_the_steps_of_a_case_not_yet_begun_are_all_next(permit: Net) -> None:
    assert [(step.name, step.name_en, step.state) for step in steps(permit, [])] == [
        ("申请", "Application", "next"),
        ("受理", "Acceptance", "next"),
        ("业务审查", "Review", "next"),
        ("科室审核", "Section review", "next"),
        ("批准", "Approval", "next"),
        ("制证", "Certificate", "next"),
    ]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ((), "DN...."),
        ((("accept", "accept"),), "DDN..."),
        ((("accept", "accept"), PASSED[0]), "DDN..."),
        ((("accept", "accept"), *PASSED), "DDDN.."),
        ((("accept", "correct"),), "S....."),
        ((("accept", "accept"), *PASSED[:2], ("market_review", "correct")), "S....."),
        ((("accept", "accept"), *PASSED[:2], ("market_review", "correct"), ("correct", "resubmit")), "DN...."),
        ((("accept", "accept"), *PASSED, ("section_review", "agree")), "DDDDN."),
        ((("accept", "accept"), *PASSED, ("section_review", "agree"), ("approve", "return")), "DDDN.."),
        ((("accept", "accept"), *PASSED, ("section_review", "agree"), ("approve", "approve")), "DDDDDN"),
    ],
)
def test_the_steps_follow_the_case_forward_and_back(
    permit: Net, acts: tuple[tuple[str, str], ...], expected: str
) -> None:
    assert told(played(permit, *acts)) == expected


def test_parallel_reviews_are_one_step_and_done_with_the_last(permit: Net) -> None:
    case = played(permit, ("accept", "accept"), *PASSED)
    review = steps(permit, log(case))[2]
    assert review.nodes == REVIEWS
    assert review.at == MORNING + timedelta(hours=4)


def test_a_finished_case_has_no_step_now(permit: Net) -> None:
    case = played(permit, ("accept", "accept"), *PASSED, ("section_review", "agree"), ("approve", "approve"))
    case.signal("issue")
    assert told(case) == "DDDDDD"
    assert told(played(permit, ("accept", "not_accept"))) == "DD...."


def test_a_cancelled_or_interrupted_step_is_no_longer_now(permit: Net) -> None:
    case = played(permit, ("accept", "accept"))
    case.cancel()
    assert told(case) == "DD...."
    case = played(permit, ("accept", "correct"))
    case.fire("correction_over")
    assert told(case) == "DD...."


def test_a_step_done_beside_the_one_that_is_now_stays_done() -> None:
    drawn = net(
        start(), both("f"), both("j"), user("a", jg_stage="a"), user("b", jg_stage="b"), service("x"), service("y"),
        user("c", jg_stage="c"), end(),
        flows("begin -> f", "f -> a -> b -> j", "f -> x -> y -> c -> j", "j -> end"),
    )  # fmt: skip
    assert [step.stage for step in steps(drawn, [])] == ["a", "b", "c"]
    assert told(played(drawn)) == "N.N"
    assert told(played(drawn, ("c", "done"))) == "N.D"
    case = played(drawn, ("c", "done"), ("a", "done"))
    assert told(case) == "DND"
    assert progress(drawn, log(case)).nodes["c"].state == "done"


def test_without_stages_every_user_task_is_a_step() -> None:
    drawn = net(start(), user("a"), service("s"), user("b"), end(), flows("begin -> a -> s -> b -> end"))
    assert [(step.stage, step.name, step.state) for step in steps(drawn, log(played(drawn)))] == [
        ("a", "a", "now"),
        ("b", "b", "next"),
    ]


def test_a_task_of_several_people_is_now_until_the_last(permit: Net) -> None:
    drawn = net(start(), several("r", "pass", jg_stage="review"), end(), flows("begin -> r -> end"))
    case = played(drawn, ("r", "pass"), sections=["a", "b"])
    assert told(case) == "N"
    case.complete("r", "pass")
    assert told(case) == "D"


def test_every_kind_of_rest_is_now_until_it_is_left() -> None:
    drawn = net(
        start(), sub("s", start("i"), user("u"), end("o"), flows("i -> u -> o")), service("w", wait=True), call("c", "x"), wait("t"),
        boundary("late", "s"), end("over"), end(), flows("begin -> s -> w -> c -> t -> end", "late -> over"),
    )  # fmt: skip
    case = played(drawn)
    acts = [lambda: case.complete("u"), lambda: case.signal("w"), lambda: case.child_ended("c"), lambda: case.fire("t")]
    for node, act in zip(["s", "w", "c", "t"], acts, strict=True):
        assert progress(drawn, log(case)).nodes[node].state == "now"
        act()
        assert progress(drawn, log(case)).nodes[node].state == "done"


def test_the_way_taken_is_known_through_gateways_that_leave_no_line(permit: Net) -> None:
    case = played(permit, ("accept", "accept"))
    assert progress(permit, log(case)).flows == {
        "apply_to_check", "check_to_accept", "accept_to_accepted", "accepted_to_sections",
        "sections_to_quality_review", "sections_to_safety_review", "sections_to_market_review",
    }  # fmt: skip
    drawn = net(
        start(),
        xor("m"),
        user("a", "x y"),
        xor("g", "g__end"),
        end(),
        flows("begin -> m -> a -> g", 'g -> m if a = "x"', "g -> end"),
    )
    assert progress(drawn, log(played(drawn, ("a", "x")))).flows == {"begin__m", "m__a", "g__m"}

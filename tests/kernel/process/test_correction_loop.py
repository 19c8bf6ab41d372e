"""The permanent gate: three reviewers inside a correction loop, in every order, in every shape of the join."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations, product

import pytest
from tests.kernel.process.drawing import (
    Case,
    both,
    boundary,
    end,
    flows,
    net,
    service,
    several,
    start,
    sub,
    user,
    xor,
)

from jianguan.kernel.process import Net, Status

REVIEWERS = ("quality", "safety", "market")
ORDERS = list(product(permutations(REVIEWERS), repeat=2))
ANY_CORRECT = " or ".join(f'{reviewer} = "correct"' for reviewer in REVIEWERS)
FORKED = (both("fork"), both("join"), *(user(reviewer, "pass correct") for reviewer in REVIEWERS))
BRANCHES = tuple(f"fork -> {reviewer} -> join" for reviewer in REVIEWERS)


def around(section: tuple[str, ...], *, condition: str = ANY_CORRECT) -> Net:
    """The loop: section, decision, correction by the applicant, section again."""
    return net(
        start(),
        user("correct", "resubmit"),
        xor("result", "result__end"),
        end(),
        *section,
        flows(f"result -> correct if {condition}", "result -> end"),
    )


def parallel_gateway() -> Net:
    again = flows("begin -> again -> fork", *BRANCHES, "join -> result", "correct -> again")
    return around((*FORKED, xor("again"), again))


def parallel_gateway_in_subprocess() -> Net:
    inside = (start("in"), end("out"), *FORKED, flows("in -> fork", *BRANCHES, "join -> out"))
    return around((sub("review", *inside), flows("begin -> review -> result", "correct -> review")))


def ends_in_subprocess() -> Net:
    tasks = (user(reviewer, "pass correct") for reviewer in REVIEWERS)
    ends = (end(f"end_{reviewer}") for reviewer in REVIEWERS)
    branches = (f"fork -> {reviewer} -> end_{reviewer}" for reviewer in REVIEWERS)
    inside = (start("in"), both("fork"), *tasks, *ends, flows("in -> fork", *branches))
    return around((sub("review", *inside), flows("begin -> review -> result", "correct -> review")))


def multi_instance() -> Net:
    section = (several("review", "pass correct"), flows("begin -> review -> result", "correct -> review"))
    return around(section, condition="review_correct > 0")


def multi_instance_in_subprocess() -> Net:
    inside = (start("in"), several("review", "pass correct"), end("out"), flows("in -> review -> out"))
    section = (
        sub("sections_review", *inside),
        flows("begin -> sections_review -> result", "correct -> sections_review"),
    )
    return around(section, condition="review_correct > 0")


def boundary_timers() -> Net:
    """Each reviewer is reminded, and the whole review has an interrupting limit that is never reached."""
    reminders = [boundary(f"late_{reviewer}", reviewer, interrupting=False) for reviewer in REVIEWERS]
    notices = [service(f"remind_{reviewer}") + end(f"reminded_{reviewer}") for reviewer in REVIEWERS]
    asides = [f"late_{r} -> remind_{r} -> reminded_{r}" for r in REVIEWERS]
    inside = (
        start("in"),
        end("out"),
        *FORKED,
        *reminders,
        *notices,
        flows("in -> fork", *BRANCHES, "join -> out", *asides),
    )
    return around(
        (
            sub("review", *inside),
            boundary("over", "review"),
            boundary("correction_over", "correct"),
            end("expired"),
            end("withdrawn"),
            flows("begin -> review -> result", "correct -> review", "over -> expired", "correction_over -> withdrawn"),
        )
    )


SHAPES = (
    parallel_gateway,
    parallel_gateway_in_subprocess,
    ends_in_subprocess,
    multi_instance,
    multi_instance_in_subprocess,
    boundary_timers,
)


def waiting(case: Case) -> list[str]:
    """Who has still to review: the open tasks, or the elements of the multi-instance task."""
    return sorted(item.element or item.node for item in case.marking.items)


def review(case: Case, reviewer: str, outcome: str) -> None:
    if any(item.element for item in case.marking.items):
        case.complete("review", outcome, element=reviewer)
    else:
        case.complete(reviewer, outcome)


def review_round(case: Case, order: tuple[str, ...], complaint: str | None) -> None:
    """All review in this order; nothing behind the join may start before the last one."""
    assert waiting(case) == sorted(order)
    for number, reviewer in enumerate(order, 1):
        for timer in [timer for timer in case.armed() if timer == f"late_{reviewer}"]:
            case.fire(timer)
        review(case, reviewer, "correct" if reviewer == complaint else "pass")
        if number < len(order):
            assert waiting(case) == sorted(order[number:])


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("complaint", [0, 1, 2], ids=["first_complains", "second_complains", "third_complains"])
def test_the_join_waits_for_all_three_in_each_of_36_orders(shape: Callable[[], Net], complaint: int) -> None:
    drawn = shape()
    for first, second in ORDERS:
        case = Case(drawn, sections=REVIEWERS)
        case.begin()
        review_round(case, first, first[complaint])
        assert case.open() == ["correct"], (first, second)
        case.complete("correct", "resubmit")
        review_round(case, second, None)
        assert case.status is Status.DONE, (first, second)
        assert case.end == "end"
        assert case.marking.tokens == case.marking.items == case.marking.timers == ()


def test_the_number_of_orders_is_36() -> None:
    assert len(set(ORDERS)) == 36

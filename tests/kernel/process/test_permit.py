"""A construction permit from application to certificate; and faults put into it, each of which must be found and named."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from tests.kernel.process.drawing import Case

from jianguan.kernel.process import (
    ActRefusedError,
    Domain,
    Exploration,
    Net,
    NetError,
    Severity,
    Status,
    Trouble,
    explore,
    lint,
    read_net,
)

REVIEWS = ("quality_review", "safety_review", "market_review")
DECLARED = {"material": Domain(("complete", "missing"), frozenset({"permit_check"}))}


def applied(permit: Net) -> Case:
    case = Case(permit, {"check": {"material": "complete"}, "recheck": {"material": "complete"}})
    case.begin()
    return case


def reviewed(case: Case, **outcomes: str) -> None:
    for review in REVIEWS:
        case.complete(review, outcomes.get(review, "pass"))


# ---------------------------------------------------------------------- the course of a case


def test_a_permit_is_issued(permit: Net) -> None:
    case = applied(permit)
    case.complete("accept", "accept")
    assert case.open() == sorted(REVIEWS)
    reviewed(case)
    case.complete("section_review", "agree")
    delta = case.complete("approve", "approve")
    assert [effect.code for effect in delta.effects] == ["issue_certificate"]
    assert case.status is Status.ACTIVE
    case.signal("issue", certificate="430103202506040101")
    assert (case.status, case.end) == (Status.DONE, "issued")


@pytest.mark.parametrize("order", list(permutations(REVIEWS)))
def test_one_complaint_sends_all_back_and_stops_the_clock(permit: Net, order: tuple[str, ...]) -> None:
    case = applied(permit)
    case.complete("accept", "accept")
    case.complete(order[0], "correct")
    case.complete(order[1], "pass")
    delta = case.complete(order[2], "pass")
    assert (case.open(), delta.stops_begun) == (["correct"], ("correction",))
    delta = case.complete("correct", "resubmit")
    assert (case.open(), delta.stops_ended) == (["accept"], ("correction",))
    case.complete("accept", "accept")
    reviewed(case)
    assert case.open() == ["section_review"]


def test_refusal_goes_before_correction(permit: Net) -> None:
    case = applied(permit)
    case.complete("accept", "accept")
    reviewed(case, quality_review="correct", market_review="refuse")
    assert case.end == "refused"
    assert [effect.code for effect in case.deltas[-1].effects] == ["refusal_notice"]


def test_an_approval_that_is_returned_comes_back_by_the_section(permit: Net) -> None:
    case = applied(permit)
    case.complete("accept", "accept")
    reviewed(case)
    case.complete("section_review", "agree")
    case.complete("approve", "return")
    assert case.open() == ["section_review"]
    case.complete("section_review", "return")
    assert case.open() == ["correct"]


def test_what_is_not_corrected_in_time_is_withdrawn(permit: Net) -> None:
    case = applied(permit)
    case.complete("accept", "correct")
    assert case.armed() == ["correction_over"]
    delta = case.fire("correction_over")
    assert (delta.status, delta.end, delta.stops_ended) == (Status.DONE, "withdrawn", ("correction",))
    assert [item.node for item in delta.items_withdrawn] == ["correct"]


def test_a_slow_review_is_urged_without_being_disturbed(permit: Net) -> None:
    case = applied(permit)
    case.complete("accept", "accept")
    delta = case.fire("review_slow")
    assert [effect.code for effect in delta.effects] == ["remind_section"]
    assert case.open() == sorted(REVIEWS)


def test_what_is_not_accepted_is_over(permit: Net) -> None:
    case = applied(permit)
    case.complete("accept", "not_accept")
    assert case.end == "not_accepted"
    with pytest.raises(ActRefusedError):
        case.cancel()


# ---------------------------------------------------------------------- faults


def damaged(permit_file: bytes, old: str, new: str) -> Net:
    text = permit_file.decode()
    assert text.count(old) == 1, old
    return read_net(text.replace(old, new).encode())


def errors(net: Net) -> list[str]:
    return [str(problem.message) for problem in lint(net, DECLARED) if problem.severity is Severity.ERROR]


def found(net: Net, trouble: Trouble) -> list[tuple[str, ...]]:
    return [finding.concerned for finding in explore(net, DECLARED).findings if finding.trouble is trouble]


def sentences(exploration: Exploration) -> list[str]:
    return [str(finding.message) for finding in exploration.findings]


def test_a_default_that_was_removed_is_named(permit_file: bytes) -> None:
    net = damaged(permit_file, ' default="review_correct"', "")
    assert errors(net) == [
        "The choice “review_result” needs a default flow.",
        "The flow “review_correct” out of “review_result” needs a condition.",
    ]


def test_a_wrong_outcome_in_a_condition_is_named_and_its_way_is_dead(permit_file: bytes) -> None:
    net = damaged(permit_file, 'approve = "approve"', 'approve = "aprove"')
    assert errors(net) == [
        "“approved” asks whether “approve” is “aprove”; it is always one of approve, return, refuse."
    ]
    assert ("approved_to_issue",) in found(net, Trouble.DEAD_FLOW)
    assert found(net, Trouble.DEAD_NODE) == [("issue",), ("issued",)]


def test_a_variable_nobody_sets_is_named(permit_file: bytes) -> None:
    net = damaged(permit_file, 'section_review = "agree"', 'section_reviewed = "agree"')
    assert errors(net) == ["“section_result” asks for “section_reviewed”, which nothing sets."]


def test_a_join_with_a_missing_branch_gets_stuck_and_the_branch_is_named(permit_file: bytes) -> None:
    text = permit_file.decode()
    text = re.sub(r'\n.*id="sections_to_market_review".*', "", text)
    text = re.sub(r'\n.*bpmnElement="sections_to_market_review".*', "", text)
    net = read_net(text.encode())
    assert "“market_review” cannot be reached from the start." in errors(net)
    (stuck,) = (f for f in explore(net, DECLARED).findings if f.trouble is Trouble.STUCK)
    assert str(stuck.message) == (
        "The case gets stuck: “reviewed” waits for “market_review_to_reviewed”, by which nothing comes any more."
    )
    assert [str(step) for step in stuck.path] == [
        "start apply",
        "complete accept → accept",
        "complete quality_review → pass",
        "complete safety_review → pass",
    ]


def test_a_join_drawn_as_a_merge_lets_the_section_begin_three_times(permit_file: bytes) -> None:
    text = permit_file.decode().replace('parallelGateway id="reviewed"', 'exclusiveGateway id="reviewed"')
    net = read_net(text.encode())
    first = explore(net, DECLARED, max_states=2000).findings[0]
    assert first.trouble is Trouble.FAULT  # the result is asked for before all have reviewed
    assert "“safety_review” has no value" in str(first.message) or "“market_review” has no value" in str(first.message)


def test_a_dead_branch_is_named(permit_file: bytes) -> None:
    net = damaged(permit_file, 'accept = "not_accept"', 'accept = "not_accept" and accept = "accept"')
    assert found(net, Trouble.DEAD_NODE) == [("not_accepted",)]
    assert found(net, Trouble.DEAD_FLOW) == [("accepted_to_not_accepted",)]


def test_a_branch_into_nowhere_is_named(permit_file: bytes) -> None:
    net = damaged(permit_file, 'sourceRef="refusal" targetRef="refused"', 'sourceRef="refusal" targetRef="refusal"')
    assert "“refused” cannot be reached from the start." in errors(net)
    assert found(net, Trouble.FAULT) == [("refusal",)]


def test_a_correction_that_never_comes_back_is_a_livelock(permit_file: bytes) -> None:
    text = permit_file.decode().replace(
        'sourceRef="correct" targetRef="check"', 'sourceRef="correct" targetRef="correct"'
    )
    text = re.sub(
        r"\n.*(id|bpmnElement|attachedToRef)=\"(correction_over|correction_over_to_withdrawn|withdrawn)\".*", "", text
    )
    net = read_net(text.encode())
    assert found(net, Trouble.LIVELOCK) == [("correct",)]


def test_a_task_without_role_is_named(permit_file: bytes) -> None:
    assert errors(damaged(permit_file, ' jg:role="leader"', "")) == ["The task “approve” needs a role (jg:role)."]


def test_separation_from_someone_unknown_is_named(permit_file: bytes) -> None:
    net = damaged(permit_file, 'jg:separate-from="accept section_review"', 'jg:separate-from="accepted section_review"')
    assert errors(net) == ["jg:separate-from of “approve” names “accepted”, which is no other user task."]


def test_an_id_used_twice_is_named(permit_file: bytes) -> None:
    with pytest.raises(NetError, match=r"<endEvent id='approve'>.*Every element needs an id of its own"):
        damaged(permit_file, '<bpmn:endEvent id="issued"', '<bpmn:endEvent id="approve"')

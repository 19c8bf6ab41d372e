"""One act on one case: what moves, what is refused, and that a failure changes nothing."""

from __future__ import annotations

from copy import deepcopy
from uuid import UUID, uuid4

import pytest
from tests.kernel.process.drawing import (
    Case,
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

from jianguan.kernel.process import (
    ActRefusedError,
    Delta,
    Effect,
    Event,
    Item,
    ItemState,
    Marking,
    Net,
    ProcessFaultError,
    Status,
    Token,
    Transition,
)

LINE = net(start(), user("accept", "accept refuse"), end(), flows("begin -> accept -> end"))


def begun(drawn: Net, **variables: object) -> Case:
    case = Case(drawn, **variables)
    case.begin()
    return case


# ---------------------------------------------------------------------- people


def test_a_case_starts_with_an_open_work_item_of_the_role() -> None:
    case = Case(LINE)
    delta = case.begin()
    (token,), (item,) = delta.tokens_added, delta.items_opened
    assert item == Item(item.id, token.id, "accept", "clerk")
    assert [(line.node, line.kind) for line in delta.log] == [("begin", Event.STARTED), ("accept", Event.ENTERED)]
    assert delta.status is Status.ACTIVE


def test_finishing_the_last_item_ends_the_case_at_the_end_event() -> None:
    case = begun(LINE)
    delta = case.complete("accept", "refuse")
    assert delta.variables == {"accept": "refuse"}
    assert (delta.status, delta.end) == (Status.DONE, "end")
    assert [item.state for item in delta.items_done] == [ItemState.DONE]
    assert case.marking == Marking()


def test_the_outcome_goes_into_the_variable_that_the_task_names() -> None:
    drawn = net(start(), user("a", "yes no", jg_variable="decision"), end(), flows("begin -> a -> end"))
    assert begun(drawn).complete("a", "no", remark="late").variables == {"decision": "no", "remark": "late"}


def test_an_outcome_that_is_not_declared_is_refused_with_those_that_are() -> None:
    case = begun(LINE)
    with pytest.raises(
        ActRefusedError, match="“maybe” is not an outcome of “accept”; expected is one of accept, refuse"
    ):
        case.complete("accept", "maybe")
    with pytest.raises(ActRefusedError, match="expected is one of"):
        case.complete("accept", None)


def test_an_item_can_be_finished_once() -> None:
    case = begun(LINE)
    item = case.item("accept")
    case.complete("accept", "accept")
    with pytest.raises(ActRefusedError, match="no longer open"):
        Transition(LINE, case.marking, case.variables, case).complete(item.id, "accept")


def test_a_case_can_be_started_once() -> None:
    with pytest.raises(ActRefusedError, match="started already"):
        begun(LINE).begin()


def test_a_task_with_two_incoming_flows_is_started_by_each_token() -> None:
    drawn = net(
        start(), both("fork"), user("a"), user("b"), user("c"), end(),
        flows("begin -> fork", "fork -> a -> c", "fork -> b -> c", "c -> end"),
    )  # fmt: skip
    case = begun(drawn)
    case.complete("a")
    assert case.open() == ["b", "c"]
    case.complete("b")
    assert case.open() == ["c", "c"]


# ---------------------------------------------------------------------- choices


CHOICE = net(
    start(), user("a", "yes no"), xor("g", "g__no"), end("yes"), end("no"), end("big"),
    flows("begin -> a -> g", 'g -> yes if a = "yes"', "g -> big if area > 500", "g -> no"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "area", "way"), [("yes", 1, "yes"), ("yes", 900, "yes"), ("no", 900, "big"), ("no", 1, "no")]
)
def test_the_first_open_flow_of_the_file_is_taken_and_else_the_default(outcome: str, area: int, way: str) -> None:
    case = begun(CHOICE, area=area)
    delta = case.complete("a", outcome)
    assert delta.end == way
    assert [line.data["flow"] for line in delta.log if line.kind is Event.CHOSE] == [f"g__{way}"]


def test_a_missing_variable_in_a_condition_is_a_fault_that_names_it() -> None:
    with pytest.raises(
        ProcessFaultError, match=r"“g” cannot decide “area > 500”: At character 1: “area” has no value"
    ) as e:
        begun(CHOICE).complete("a", "no")
    assert e.value.node == "g"


def test_no_way_out_without_a_default_is_a_fault() -> None:
    drawn = net(start(), xor("g"), end("a"), end("b"), flows("begin -> g", "g -> a if x = 1", "g -> b if x = 2"))
    with pytest.raises(ProcessFaultError, match="No way out of “g” is open"):
        begun(drawn, x=3)
    assert begun(drawn, x=2).end == "b"


def test_automatic_nodes_in_a_circle_are_cut() -> None:
    drawn = net(start(), service("a"), service("b"), flows("begin -> a -> b -> a"))
    with pytest.raises(ProcessFaultError, match=r"run in a circle through “[ab]”; cut after 1000 steps"):
        begun(drawn)


# ---------------------------------------------------------------------- parallel branches


def test_a_branch_straight_to_an_end_does_not_end_the_case_before_its_sister_has_started() -> None:
    drawn = net(
        start(), both("fork"), user("a"), end("short"), end(), flows("begin -> fork -> short", "fork -> a -> end")
    )
    case = begun(drawn)
    assert case.open() == ["a"]
    assert case.complete("a").end == "end"


def test_two_tokens_by_the_same_flow_do_not_make_a_join() -> None:
    drawn = net(
        start(), both("fork"), both("again"), user("a"), user("b"), user("c"), both("join"), end(),
        flows("begin -> fork", "fork -> a -> join", "fork -> b -> join", "fork -> c -> a", "join -> end"),
    )  # fmt: skip
    case = begun(drawn)
    case.complete("a")
    case.complete("c")
    case.complete("a")
    assert case.at() == ["b", "join", "join"]
    case.complete("b")
    assert case.at() == ["join"]  # one token per incoming flow was consumed, not all that waited


def test_a_join_counts_only_tokens_of_its_own_scope() -> None:
    inside = (
        start("in"), both("f"), user("a"), user("b"), both("j"), end("out"),
        flows("in -> f", "f -> a -> j", "f -> b -> j", "j -> out"),
    )  # fmt: skip
    drawn = net(
        start(), both("fork"), service("x"), service("y"), sub("s", *inside), end(),
        flows("begin -> fork", "fork -> x -> s", "fork -> y -> s", "s -> end"),
    )  # fmt: skip
    case = begun(drawn)
    first, second = sorted({token.scope for token in case.marking.tokens if token.scope}, key=str)
    in_scope = {(token.scope, token.node): token.id for token in case.marking.tokens}

    def complete(scope: object, node: str) -> None:
        item = next(item for item in case.marking.items if item.token == in_scope[scope, node])
        case._keep(Transition(drawn, case.marking, case.variables, case).complete(item.id, "done"))

    complete(first, "a")
    complete(second, "b")
    assert case.at() == ["a", "b", "j", "j", "s", "s"]  # two instances, each with half a join
    complete(first, "b")
    assert case.at() == ["a", "j", "s"]
    complete(second, "a")
    assert case.status is Status.DONE


# ---------------------------------------------------------------------- sub-processes


SECTION = sub(
    "section",
    start("in"), both("f"), user("a"), user("b", "go stop"), xor("g", "g__out"), end("out_a"), end("out"), terminate("cut"),
    flows("in -> f", "f -> a -> out_a", "f -> b -> g", "g -> out", 'g -> cut if b = "stop"'),
)  # fmt: skip
HOST = net(
    start(), both("fork"), SECTION, user("beside"), both("join"), user("after"), end(),
    flows("begin -> fork", "fork -> section -> join", "fork -> beside -> join", "join -> after -> end"),
)  # fmt: skip


def test_a_subprocess_is_left_when_nothing_in_it_is_alive() -> None:
    case = begun(HOST)
    case.complete("a")
    assert case.at() == ["b", "beside", "section"]
    case.complete("b", "go")
    assert case.at() == ["beside", "join"]


def test_a_terminate_end_ends_its_own_scope_only() -> None:
    case = begun(HOST)
    delta = case.complete("b", "stop")
    assert [item.node for item in delta.items_withdrawn] == ["a"]
    assert case.at() == ["beside", "join"]
    assert [(line.node, line.kind) for line in delta.log][-3:] == [
        ("cut", Event.TERMINATED),
        ("a", Event.WITHDRAWN),
        ("section", Event.LEFT),
    ]


@pytest.mark.parametrize("order", [("fork -> stop", "fork -> a"), ("fork -> a", "fork -> stop")])
def test_a_terminate_end_also_ends_sister_branches_that_have_not_started_yet(order: tuple[str, str]) -> None:
    drawn = net(
        start(), both("fork"), terminate(), user("a"), end(), boundary("late", "a"), end("over"), sub("s", start("i"), user("x"), end("o"), flows("i -> x -> o")),
        flows("begin -> fork", *order, "fork -> s -> end", "a -> end", "late -> over"),
    )  # fmt: skip
    case = begun(drawn)
    (delta,) = case.deltas
    assert (delta.status, delta.end) == (Status.DONE, "stop")
    assert delta.tokens_added == delta.items_opened == delta.timers_armed == ()
    assert case.marking == Marking()


def test_an_empty_subprocess_is_passed_at_once() -> None:
    drawn = net(start(), sub("s", start("in"), end("out"), flows("in -> out")), end(), flows("begin -> s -> end"))
    assert begun(drawn).end == "end"


def test_nested_scopes_close_from_inside_out() -> None:
    inner = sub("inner", start("i2"), user("a"), end("o2"), flows("i2 -> a -> o2"))
    outer = sub("outer", start("i1"), inner, end("o1"), flows("i1 -> inner -> o1"))
    case = begun(net(start(), outer, end(), flows("begin -> outer -> end")))
    assert case.at() == ["a", "inner", "outer"]
    left = [line.node for line in case.complete("a").log if line.kind is Event.LEFT]
    assert left == ["inner", "outer"]
    assert case.end == "end"


# ---------------------------------------------------------------------- timers


TIMED = net(
    start(), sub("s", start("in"), user("a"), end("out"), flows("in -> a -> out"), boundary("nudge", "a", interrupting=False),
        service("remind", "remind"), end("reminded"), flows("nudge -> remind -> reminded")),
    boundary("over", "s", "P20WD"), user("next"), user("expired"), end(),
    flows("begin -> s -> next -> end", "over -> expired -> end"),
)  # fmt: skip


def test_timers_are_armed_with_their_host_and_carry_their_limit() -> None:
    delta = begun(TIMED).deltas[0]
    assert [(timer.node, timer.limit.days, str(timer.limit.unit)) for timer in delta.timers_armed] == [
        ("over", 20, "working"),
        ("nudge", 5, "calendar"),
    ]


def test_an_interrupting_timer_takes_its_host_away_with_the_whole_scope() -> None:
    case = begun(TIMED)
    delta = case.fire("over")
    assert case.open() == ["expired"]
    assert case.armed() == []
    assert [timer.node for timer in delta.timers_fired] == ["over"]
    assert [timer.node for timer in delta.timers_disarmed] == ["nudge"]
    assert [item.node for item in delta.items_withdrawn] == ["a"]


def test_a_non_interrupting_timer_leaves_its_host_and_fires_once() -> None:
    case = begun(TIMED)
    delta = case.fire("nudge")
    assert delta.effects == (Effect("remind", "remind"),)
    assert case.open() == ["a"]
    assert case.armed() == ["over"]
    case.complete("a")
    assert case.open() == ["next"]


def test_completion_before_the_timer_disarms_it_and_its_firing_does_nothing() -> None:
    case = begun(TIMED)
    timer = next(timer for timer in case.marking.timers if timer.node == "over")
    assert timer in case.complete("a").timers_disarmed
    assert Transition(TIMED, case.marking, case.variables, case).fire(timer.id) == Delta()
    late = Marking(case.marking.tokens, case.marking.items, (timer,))  # the row was read before the completion
    assert Transition(TIMED, late, case.variables, case).fire(timer.id) == Delta()


def test_the_timer_before_the_completion_withdraws_the_item_and_its_completion_is_refused() -> None:
    case = begun(TIMED)
    item = case.item("a")
    case.fire("over")
    with pytest.raises(ActRefusedError, match="no longer open"):
        Transition(TIMED, case.marking, case.variables, case).complete(item.id, "done")


def test_a_timer_of_its_own_holds_the_case_until_it_fires() -> None:
    case = begun(net(start(), wait("publicity", "P10WD"), end(), flows("begin -> publicity -> end")))
    assert case.armed() == ["publicity"]
    assert case.fire("publicity").end == "end"


# ---------------------------------------------------------------------- automatic nodes


def test_a_rule_task_sets_what_the_tables_decide() -> None:
    drawn = net(
        start(), rule("check"), xor("g", "g__bad"), end("good"), end("bad"),
        flows("begin -> check -> g", "g -> good if passed", "g -> bad"),
    )  # fmt: skip
    case = Case(drawn, {"check": {"passed": True}})
    delta = case.begin()
    assert delta.end == "good"
    assert delta.variables == {"passed": True}
    assert next(line.data for line in delta.log if line.kind is Event.DECIDED) == {"passed": True}


def test_all_variables_of_a_new_case_are_new() -> None:
    case = Case(net(start(), rule("check"), end(), flows("begin -> check -> end")), {"check": {"x": 2}}, x=1, y=1)
    assert case.begin().variables == {"x": 2, "y": 1}


def test_true_and_one_are_different_values() -> None:
    assert begun(LINE, x=1, y=2).complete("accept", "accept", x=True, y=2).variables == {"x": True, "accept": "accept"}


def test_a_service_task_asks_for_its_effect_and_goes_on() -> None:
    case = Case(net(start(), service("a", "notice"), end(), flows("begin -> a -> end")), {"a": {"sent": True}})
    delta = case.begin()
    assert delta.effects == (Effect("notice", "a"),)
    assert (delta.variables, delta.end) == ({"sent": True}, "end")


WAITING = net(
    start(), service("issue", "certificate", wait=True), boundary("slow", "issue"), end(), end("late"),
    flows("begin -> issue -> end", "slow -> late"),
)  # fmt: skip


def test_a_waiting_service_task_goes_on_with_the_answer() -> None:
    case = begun(WAITING)
    (effect,) = case.deltas[0].effects
    assert effect.token == case.token("issue")
    delta = case.signal("issue", number="A1")
    assert (delta.variables, delta.end, delta.abandoned) == ({"number": "A1"}, "end", ())


def test_an_answer_that_comes_too_late_is_refused() -> None:
    case = begun(WAITING)
    token = case.token("issue")
    delta = case.fire("slow")
    assert [gone.id for gone in delta.abandoned] == [token]
    with pytest.raises(ActRefusedError, match="Nothing waits"):
        Transition(WAITING, case.marking, {}, case).signal(token)


CALLING = net(
    start(),
    call("survey", "fire_survey"),
    boundary("slow", "survey"),
    end(),
    end("late"),
    flows("begin -> survey -> end", "slow -> late"),
)


def test_a_call_activity_waits_for_its_child_and_takes_its_results() -> None:
    case = begun(CALLING)
    (called,) = case.deltas[0].calls
    assert (called.node, called.process, called.token) == ("survey", "fire_survey", case.token("survey"))
    delta = case.child_ended("survey", surveyed="pass")
    assert (delta.variables, delta.end) == ({"surveyed": "pass"}, "end")


def test_a_child_whose_caller_is_interrupted_is_abandoned() -> None:
    case = begun(CALLING)
    assert [token.node for token in case.fire("slow").abandoned] == ["survey"]


def test_what_is_started_and_ended_in_one_act_asks_nothing_of_anyone() -> None:
    drawn = net(
        start(), both("fork"), service("issue", wait=True), service("tell"), call("survey", "x"), terminate(), end(),
        flows("begin -> fork", "fork -> tell -> issue -> end", "fork -> survey -> end", "fork -> stop"),
    )  # fmt: skip
    (delta,) = begun(drawn).deltas
    assert [effect.node for effect in delta.effects] == ["tell"]
    assert delta.calls == delta.abandoned == ()


def test_a_signal_is_no_answer_to_a_call() -> None:
    with pytest.raises(ActRefusedError, match="Nothing waits"):
        begun(CALLING).signal("survey")


# ---------------------------------------------------------------------- several people


def test_parallel_instances_are_all_open_and_the_last_one_leaves() -> None:
    drawn = net(start(), several("r", "pass correct"), end(), flows("begin -> r -> end"))
    case = begun(drawn, sections=["fire", "water"])
    assert [(item.element, item.state) for item in case.marking.items] == [("fire", "open"), ("water", "open")]
    case.complete("r", "correct", element="water")
    assert (case.variables["r_pass"], case.variables["r_correct"]) == (0, 1)
    delta = case.complete("r", "pass", element="fire")
    assert delta.end == "end"
    assert delta.variables == {"r_pass": 1}


def test_instances_in_sequence_open_one_after_the_other() -> None:
    drawn = net(
        start(), several("r", "pass", sequential=True, jg_role_from_element="true"), end(), flows("begin -> r -> end")
    )
    case = begun(drawn, sections=("fire", "water", "power"))
    seen = []
    while case.status is Status.ACTIVE:
        (item,) = (item for item in case.marking.items if item.state is ItemState.OPEN)
        seen.append((item.element, item.role))
        delta = case.complete("r", "pass")
        assert len(delta.items_activated) == (0 if case.status is Status.DONE else 1)
    assert seen == [("fire", "fire"), ("water", "water"), ("power", "power")]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_completion_condition_withdraws_what_is_left(sequential: bool) -> None:
    drawn = net(
        start(),
        several("r", "agree refuse", sequential=sequential, until="r_refuse > 0"),
        end(),
        flows("begin -> r -> end"),
    )
    case = begun(drawn, sections=["a", "b", "c"])
    case.complete("r", "agree")
    delta = case.complete("r", "refuse")
    assert [item.element for item in delta.items_withdrawn] == ["c"]
    assert delta.end == "end"


def test_the_counters_start_again_in_the_next_round() -> None:
    drawn = net(
        start(), several("r", "pass correct"), xor("g", "g__end"), end(),
        flows("begin -> r -> g", "g -> r if r_correct > 0", "g -> end"),
    )  # fmt: skip
    case = begun(drawn, sections=["a"])
    case.complete("r", "correct")
    assert (case.open(), case.variables["r_correct"]) == (["r"], 0)
    assert case.complete("r", "pass").end == "end"


def test_a_list_without_elements_is_passed_at_once() -> None:
    drawn = net(start(), several("r", "pass"), end(), flows("begin -> r -> end"))
    case = begun(drawn, sections=[])
    assert (case.end, case.deltas[0].items_opened) == ("end", ())


@pytest.mark.parametrize("value", ["fire", None, [1, 2], 3])
def test_something_that_is_no_list_of_texts_is_a_fault(value: object) -> None:
    drawn = net(start(), several("r", "pass"), end(), flows("begin -> r -> end"))
    with pytest.raises(ProcessFaultError, match="“r” needs a list of texts in “sections”"):
        begun(drawn, sections=value)


# ---------------------------------------------------------------------- the clock


STOPPING = net(
    start(), user("a", "correct pass"), xor("g", "g__end"), user("fix", jg_stops="correction"), end(),
    flows("begin -> a -> g", 'g -> fix if a = "correct"', "fix -> a", "g -> end"),
)  # fmt: skip


def test_the_clock_stops_while_a_token_is_at_a_node_that_stops_it() -> None:
    case = begun(STOPPING)
    assert case.complete("a", "correct").stops_begun == ("correction",)
    delta = case.complete("fix")
    assert (delta.stops_begun, delta.stops_ended) == ((), ("correction",))


# ---------------------------------------------------------------------- cancelling


def test_cancelling_at_any_point_leaves_nothing() -> None:
    acts = [lambda case: None, lambda case: case.fire("nudge"), lambda case: case.complete("a")]
    case = begun(TIMED)
    for act in acts:
        act(case)
        copy = deepcopy({"marking": case.marking, "variables": case.variables})
        delta = Transition(TIMED, case.marking, case.variables, case).cancel("by the applicant")
        assert delta.apply(case.marking) == Marking()
        assert (delta.status, delta.end) == (Status.CANCELLED, None)
        assert delta.log[0].data == {"reason": "by the applicant"}
        assert copy == {"marking": case.marking, "variables": case.variables}
    case.complete("next")
    with pytest.raises(ActRefusedError, match="ended already"):
        case.cancel()


def test_cancelling_abandons_children_and_requests() -> None:
    assert [token.node for token in begun(CALLING).cancel().abandoned] == ["survey"]
    assert [token.node for token in begun(WAITING).cancel().abandoned] == ["issue"]


# ---------------------------------------------------------------------- purity


def test_ids_are_whatever_the_port_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Case, "new_id", lambda _: uuid4())
    case = begun(HOST)
    assert all(isinstance(part.id, UUID) for part in (*case.marking.tokens, *case.marking.items))
    case.complete("b", "stop")
    case.complete("beside")
    assert case.complete("after").end == "end"


def test_a_failed_transition_leaves_its_inputs_untouched() -> None:
    case = begun(CHOICE)
    before = deepcopy((case.marking, case.variables))
    with pytest.raises(ProcessFaultError):
        case.complete("a", "no", remark="x")
    assert (case.marking, case.variables) == before
    case.variables["area"] = 900
    assert case.complete("a", "no").end == "big"


def test_equal_inputs_give_equal_results() -> None:
    deltas = []
    for _ in range(2):
        case = begun(HOST)
        case.complete("b", "stop")
        deltas.append(case.deltas)
    assert deltas[0] == deltas[1]


def test_what_is_made_and_unmade_in_one_act_does_not_appear() -> None:
    inside = (start("in"), end("out"), flows("in -> out"))
    drawn = net(
        start(),
        user("a"),
        sub("s", *inside),
        boundary("t", "s"),
        end(),
        end("e"),
        flows("begin -> a -> s -> end", "t -> e"),
    )
    delta = begun(drawn).complete("a")
    assert delta.tokens_added == delta.timers_armed == delta.timers_disarmed == ()
    assert [token.node for token in delta.tokens_removed] == ["a"]


def test_tokens_of_a_subprocess_name_it_as_their_scope() -> None:
    case = begun(HOST)
    scope = next(token for token in case.marking.tokens if token.node == "section")
    assert [token for token in case.marking.tokens if token.node == "a"] == [Token(case.token("a"), "a", scope.id)]

"""BPMN files: what is read, what is passed over, what is refused by name."""

from __future__ import annotations

import pytest
from tests.kernel.process.drawing import (
    HEAD,
    TAIL,
    boundary,
    document,
    element,
    end,
    flows,
    net,
    several,
    start,
    sub,
    user,
    xor,
)

from jianguan.kernel.clock import Limit, Unit
from jianguan.kernel.process import Kind, Net, NetError, read_net
from jianguan.kernel.process.net import Bounds, Stage


def problems(*elements: str) -> list[tuple[str, str, str]]:
    """Element, id and sentence of each problem."""
    with pytest.raises(NetError) as error:
        read_net(document(*elements))
    return [(problem.element, problem.id, str(problem.message)) for problem in error.value.problems]


def refused(*elements: str) -> set[str]:
    return {name for name, _, _ in problems(*elements)}


# ---------------------------------------------------------------------- what is read


def test_the_permit_is_read_with_everything_that_belongs_to_it(permit: Net) -> None:
    assert (permit.id, permit.name, permit.name_en) == ("permit", "建筑工程施工许可", "Construction permit")
    accept = permit.nodes["accept"]
    assert (accept.kind, accept.role, accept.stage, accept.variable) == (Kind.USER, "window", "acceptance", "accept")
    assert accept.outcomes == ("accept", "correct", "not_accept")
    assert (accept.incoming, accept.outgoing) == (("check_to_accept",), ("accept_to_accepted",))
    correct = permit.nodes["correct"]
    assert (correct.stops, correct.boundaries) == ("correction", ("correction_over",))
    over = permit.nodes["correction_over"]
    assert (over.host, over.interrupting, over.timer) == ("correct", True, Limit(30, Unit.CALENDAR))
    assert permit.nodes["review_slow"].interrupting is False
    assert (permit.nodes["issue"].effect, permit.nodes["issue"].waits) == ("issue_certificate", True)
    assert permit.nodes["check"].tables == ("permit_check",)
    assert permit.stages[0] == Stage("apply", "申请", "Application")
    assert permit.starts == {None: ("apply",)}


def test_nodes_and_flows_keep_their_line_and_their_place_in_the_drawing(permit: Net, permit_file: bytes) -> None:
    lines = permit_file.decode().splitlines()
    for node in permit.nodes.values():
        assert f'id="{node.id}"' in lines[node.line - 1]
        assert node.bounds
    for flow in permit.flows.values():
        assert f'id="{flow.id}"' in lines[flow.line - 1]
        assert len(flow.waypoints) > 1
    assert permit.nodes["accept"].bounds == Bounds(220, 147, 116, 46)
    assert permit.nodes["issued"].label


def test_separation_holds_in_both_directions(permit: Net) -> None:
    assert permit.separated("approve") == {"accept", "section_review"}
    assert "approve" in permit.separated("accept")


def test_a_multi_instance_task_is_read_with_its_list_counters_and_condition() -> None:
    task = several("r", "pass correct", sequential=True, until="r_correct > 0", jg_role_from_element="true")
    node = net(start(), task, end(), flows("begin -> r -> end")).nodes["r"]
    assert node.multi
    assert (node.multi.collection, node.multi.sequential, node.multi.tally) == ("sections", True, "r")
    assert str(node.multi.completion) == "r_correct > 0"
    assert node.multi.role_from_element
    assert node.tallies() == {"pass": "r_pass", "correct": "r_correct"}


def test_what_has_no_part_in_the_execution_is_passed_over() -> None:
    drawn = net(
        '<documentation>why</documentation><laneSet id="ls"><lane id="l"><flowNodeRef>a</flowNodeRef></lane></laneSet>',
        start(),
        element("manualTask", "a", "<documentation>why</documentation><ioSpecification><inputSet/></ioSpecification>"),
        end(),
        '<dataObject id="d"/><dataObjectReference id="dr" dataObjectRef="d"/>'
        '<textAnnotation id="n"><text>note</text></textAnnotation><association id="x" sourceRef="n" targetRef="a"/><!-- c -->',
        flows("begin -> a -> end"),
    )
    assert list(drawn.nodes) == ["begin", "a", "end"]


def test_a_plain_task_is_a_user_task_without_role() -> None:
    node = net(start(), element("task", "a"), end(), flows("begin -> a -> end")).nodes["a"]
    assert (node.kind, node.role, node.element) == (Kind.USER, None, "task")


# ---------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "name",
    [
        "inclusiveGateway", "complexGateway", "eventBasedGateway", "sendTask", "receiveTask", "scriptTask", "transaction",
        "adHocSubProcess", "intermediateThrowEvent", "event", "property", "somethingElse",
    ],
)  # fmt: skip
def test_an_element_outside_version_1_is_refused_by_name_id_and_line(name: str) -> None:
    data = document(start(), f"\n\n<{name} id='x'/>", end(), flows("begin -> end"))
    with pytest.raises(NetError) as error:
        read_net(data)
    (problem,) = error.value.problems
    assert (problem.element, problem.id, problem.line) == (name, "x", 3)
    assert str(problem.message) == f"<{name}> is not an element of version 1."


@pytest.mark.parametrize(
    ("tag", "part"),
    [
        ("startEvent", "messageEventDefinition"),
        ("startEvent", "timerEventDefinition"),
        ("endEvent", "errorEventDefinition"),
        ("intermediateCatchEvent", "signalEventDefinition"),
        ("userTask", "standardLoopCharacteristics"),
        ("userTask", "potentialOwner"),
        ("userTask", "dataInputAssociation"),
        ("serviceTask", "multiInstanceLoopCharacteristics"),
        ("subProcess", "multiInstanceLoopCharacteristics"),
    ],
)
def test_a_part_that_would_change_the_execution_is_refused_with_the_id_of_its_owner(tag: str, part: str) -> None:
    found = problems(start(), element(tag, "x", f"<{part}/>"), end(), flows("begin -> end"))
    assert [(name, owner) for name, owner, _ in found] == [(part, "x")]


@pytest.mark.parametrize(
    ("tag", "attribute"),
    [
        ("userTask", 'isForCompensation="true"'),
        ("userTask", 'startQuantity="2"'),
        ("subProcess", 'triggeredByEvent="true"'),
    ],
)
def test_a_standard_attribute_that_would_change_the_execution_is_refused(tag: str, attribute: str) -> None:
    (problem,) = problems(f'<{tag} id="x" {attribute}/>')
    assert problem[:2] == (tag, "x")
    assert "is not possible here" in problem[2]


def test_conditions_and_defaults_belong_to_exclusive_gateways() -> None:
    assert problems(user("a"), user("b"), flows('a -> b if x = "y"')) == [
        ("sequenceFlow", "a__b", "Only a flow out of an exclusive gateway has a condition.")
    ]
    assert "Only an exclusive gateway has a default flow." in problems(element("userTask", "a", default="f"))[0][2]
    assert "does not leave this gateway" in problems(xor("g", "nowhere"))[0][2]


def test_a_second_process_is_refused() -> None:
    data = document(start(), end(), flows("begin -> end")).replace(
        TAIL.encode(), b"</process><process id='q'/><collaboration id='c'><participant id='i' processRef='p'/>"
        b"<messageFlow id='m'/></collaboration></definitions>"
    )  # fmt: skip
    with pytest.raises(NetError) as error:
        read_net(data)
    assert {(problem.element, problem.id) for problem in error.value.problems} == {
        ("process", "q"),
        ("messageFlow", "m"),
    }


def test_a_file_without_a_process_is_refused() -> None:
    with pytest.raises(NetError, match="holds no process"):
        read_net(HEAD.partition("<process")[0].encode() + b"</definitions>")


def test_all_problems_are_found_at_once_in_the_order_of_the_file() -> None:
    found = problems(
        '\n<scriptTask id="s"/>',
        '\n<userTask id="a" jg:outcome="x"/>',
        f"\n{xor('g', 'nowhere')}",
        f"\n{flows('a -> s', 'g -> a if 1 +')}",
        '\n<userTask id="a"/>',
    )
    assert [(name, owner) for name, owner, _ in found] == [
        ("scriptTask", "s"),
        ("userTask", "a"),
        ("exclusiveGateway", "g"),
        ("conditionExpression", "g__a"),
        ("userTask", "a"),
    ]


def test_a_flow_must_stay_within_its_scope() -> None:
    found = problems(
        start(), user("a"), sub("s", start("i"), end("o"), flows("i -> o")), flows("a -> o", "a -> nowhere")
    )
    assert [sentence for _, _, sentence in found] == [
        "The flow must not cross the border of a sub-process.",
        "The flow must lead from one element to another.",
    ]


def test_nothing_flows_into_a_start_or_out_of_an_end() -> None:
    assert len(problems(start(), end(), flows("end -> begin"))) == 1


def test_a_boundary_event_needs_a_host_of_its_level() -> None:
    inside = sub("s", start("i"), user("a"), end("o"), flows("i -> a -> o"))
    for host in ("a", "nobody", "begin"):
        assert refused(start(), inside, boundary("t", host)) == {"boundaryEvent"}


@pytest.mark.parametrize("limit", ["5 days", "P5", "PT5H", "P-5D", "R3/P5D", ""])
def test_a_timer_needs_a_duration_in_days(limit: str) -> None:
    (problem,) = problems(start(), user("a"), boundary("t", "a", limit))
    assert problem[:2] == ("timeDuration", "t")
    assert "P5WD for 5 working days" in problem[2]


def test_dates_and_cycles_are_no_timers() -> None:
    for name in ("timeDate", "timeCycle"):
        timer = f"<timerEventDefinition><{name}>x</{name}></timerEventDefinition>"
        assert refused(element("intermediateCatchEvent", "w", timer)) == {name}


# ---------------------------------------------------------------------- our own attributes


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        ('<userTask id="a" jg:rol="x"/>', "<userTask> has no attribute jg:rol."),
        ('<exclusiveGateway id="a" jg:role="x"/>', "<exclusiveGateway> has no attribute jg:role."),
        ('<textAnnotation id="a" jg:role="x"/>', "<textAnnotation> has no attribute jg:role."),
        ('<userTask id="a" jg:role="Big Boss"/>', "jg:role: “Big Boss” is not a code"),
        ('<userTask id="a" jg:outcomes="yes,no"/>', "jg:outcomes: “yes,no” cannot be the name of a variable"),
        ('<userTask id="a" jg:outcomes="yes yes"/>', "each once"),
        ('<userTask id="a" jg:outcomes=""/>', "one or more codes"),
        ('<userTask id="a" jg:variable="not"/>', "“not” cannot be the name of a variable"),
        ('<userTask id="a" jg:separate-from="1a"/>', "is not the id of an element"),
        ('<serviceTask id="a" jg:wait="yes"/>', "“yes” must be true or false"),
        ('<userTask id="a" jg:tally="t"/>', "need a multi-instance task"),
        ('<userTask id="a-b" jg:outcomes="yes"/>', "The id names the variable of the outcome"),
        ('<userTask id="a" jg:stage="nowhere"/>', "The stage “nowhere” is not declared"),
        (
            '<userTask id="a"><extensionElements><jg:role/></extensionElements></userTask>',
            "There is no element jg:role.",
        ),
    ],
)
def test_an_own_attribute_that_does_not_fit_is_refused(xml: str, sentence: str) -> None:
    stages = '<extensionElements><jg:stage code="apply" name="申请"/></extensionElements>'
    found = problems(stages, xml)
    assert len(found) == 1
    assert sentence in found[0][2]


def test_a_multi_instance_task_has_no_outcome_variable() -> None:
    assert "jg:tally" in problems(several("r", "pass", jg_variable="x"))[0][2]


def test_a_stage_needs_a_code_of_its_own_and_a_name() -> None:
    stages = '<jg:stage code="a" name="一"/><jg:stage code="a" name="二"/><jg:stage code="b"/>'
    assert len(problems(f"<extensionElements>{stages}</extensionElements>")) == 2

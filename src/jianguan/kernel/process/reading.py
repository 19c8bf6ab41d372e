"""BPMN 2.0 XML → `Net`. Only what version 1 can run is read; anything else is refused by name, never guessed.

All problems of a file are found in one reading. What has no part in the execution (lanes, annotations, documentation, data
object references, the drawing) is passed over; what would change the execution and is not known is refused, be it an
element, an attribute such as `isForCompensation`, or an attribute in our own namespace that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from jianguan.kernel.clock import Limit, parse_limit
from jianguan.kernel.expressions import Condition, ExpressionError, parse
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process.attributes import (
    MULTI,
    AttributeProblemError,
    find_strangers,
    read_own,
    read_stages,
    variable,
)
from jianguan.kernel.process.diagram import Drawing, read_drawing
from jianguan.kernel.process.document import BPMN, line_of, open_document, split_tag
from jianguan.kernel.process.net import ACTIVITIES, Flow, Kind, MultiInstance, Net, Node, assemble
from jianguan.kernel.process.problems import NetError, Problem

MAX_DEPTH = 10
"""Sub-processes inside each other."""

_KINDS = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "task": Kind.USER,
    "manualTask": Kind.USER,
    "userTask": Kind.USER,
    "serviceTask": Kind.SERVICE,
    "businessRuleTask": Kind.RULE,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "subProcess": Kind.SUBPROCESS,
    "callActivity": Kind.CALL,
    "intermediateCatchEvent": Kind.CATCH,
    "boundaryEvent": Kind.BOUNDARY,
}
_SILENT = frozenset({"documentation", "extensionElements", "auditing", "monitoring"})
_SILENT_IN_NODE = _SILENT | {"incoming", "outgoing"}
_SILENT_IN_SCOPE = _SILENT_IN_NODE | {
    "laneSet",
    "textAnnotation",
    "association",
    "group",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
}
_DECLARATIONS = _SILENT | {
    "category",
    "dataStore",
    "endPoint",
    "error",
    "escalation",
    "extension",
    "import",
    "interface",
    "itemDefinition",
    "message",
    "relationship",
    "resource",
    "signal",
}
_PARTS = {
    "userTask": {"multiInstanceLoopCharacteristics"},
    "endEvent": {"terminateEventDefinition"},
    "intermediateCatchEvent": {"timerEventDefinition"},
    "boundaryEvent": {"timerEventDefinition"},
}
"""The parts that a node may have and that change what it does."""

_NEUTRAL = {
    "isForCompensation": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "triggeredByEvent": "false",
    "behavior": "All",
}
"""Standard attributes that may stand there only with the value that changes nothing."""


@dataclass(slots=True)
class _Draft:
    """What has been read so far; it grows while the file is walked, hence not frozen."""

    drawing: Drawing
    problems: list[Problem]
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def refuse(self, element: etree._Element, problem: Message, *, within: etree._Element | None = None) -> None:
        """Note a problem of `element`; a part without an id is reported with the id of the element it is `within`."""
        own_id = element.get("id") or (within.get("id") if within is not None else None) or ""
        self.refused.add(element.get("id", ""))
        self.problems.append(Problem(split_tag(element)[1], own_id, line_of(element), problem))


def read_net(data: bytes) -> Net:
    """The process in a BPMN file; `NetError` with all problems if it is not one that can be run."""
    root = open_document(data)
    draft = _Draft(read_drawing(root), list(find_strangers(root)))
    processes = list(_processes(root, draft))
    for process in processes[1:]:
        draft.refuse(
            process, message("A file holds one process; a second pool with a process of its own is not possible.")
        )
    for process in processes:
        _read_scope(process, None, draft)
    if not processes:
        draft.refuse(root, message("The file holds no process."))
        raise NetError(draft.problems)
    stages = read_stages(processes[0], draft.problems)
    own = read_own(processes[0], draft.problems)
    draft.problems.extend(_loose_ends(draft, {stage.code for stage in stages}))
    if draft.problems:
        raise NetError(draft.problems)
    return assemble(
        draft.nodes.values(),
        draft.flows.values(),
        id=processes[0].get("id", ""),
        name=processes[0].get("name", ""),
        name_en=own.get("name_en", ""),
        stages=stages,
    )


def _processes(root: etree._Element, draft: _Draft) -> Iterator[etree._Element]:
    for element in root:
        space, tag = split_tag(element)
        if space == BPMN and tag == "process":
            yield element
        elif space == BPMN and tag == "collaboration":
            _read_parts(element, _SILENT_IN_SCOPE | {"participant"}, draft)
        elif space == BPMN and tag not in _DECLARATIONS:
            _refuse_unknown(element, draft)


def _read_scope(scope: etree._Element, scope_id: str | None, draft: _Draft, depth: int = 0) -> None:
    """Read the nodes and flows inside a process or sub-process."""
    if depth > MAX_DEPTH:
        draft.refuse(scope, message("Sub-processes stand more than %(depth)s deep in each other.", depth=MAX_DEPTH))
        return
    for element in scope:
        space, tag = split_tag(element)
        if not space or (space == BPMN and tag in _SILENT_IN_SCOPE) or _is_empty_data(element):
            continue
        if space == BPMN and tag in _KINDS:
            _read_node(element, scope_id, draft)
            if tag == "subProcess":
                _read_scope(element, element.get("id", ""), draft, depth + 1)
        elif space == BPMN and tag == "sequenceFlow":
            _read_flow(element, draft)
        else:
            _refuse_unknown(element, draft, within=scope)


def _read_parts(
    element: etree._Element, allowed: Iterable[str], draft: _Draft, *, within: etree._Element | None = None
) -> dict[str, etree._Element]:
    """The parts of an element by name; those not allowed are refused."""
    parts = {}
    for part in element:
        space, tag = split_tag(part)
        if space == BPMN and tag in allowed:
            parts[tag] = part
        elif space and not _is_empty_data(part):
            _refuse_unknown(part, draft, within=element if within is None else within)
    return parts


def _refuse_unknown(element: etree._Element, draft: _Draft, *, within: etree._Element | None = None) -> None:
    tag = split_tag(element)[1]
    draft.refuse(element, message("<%(tag)s> is not an element of version 1.", tag=tag), within=within)


def _is_empty_data(element: etree._Element) -> bool:
    """Whether this is an `<ioSpecification>` as some editors write it always: without any data."""
    if split_tag(element)[1] != "ioSpecification":
        return False
    return not any(split_tag(part)[1] in {"dataInput", "dataOutput"} for part in element)


def _read_node(element: etree._Element, scope: str | None, draft: _Draft) -> None:
    tag = split_tag(element)[1]
    kind = _KINDS[tag]
    node_id = element.get("id", "")
    for name, neutral in _NEUTRAL.items():
        if element.get(name, neutral) != neutral:
            draft.refuse(element, message("“%(name)s” is not possible here.", name=name))
    if element.get("default") and kind is not Kind.EXCLUSIVE:
        draft.refuse(element, message("Only an exclusive gateway has a default flow."))
    parts: dict[str, etree._Element] = {}
    if kind is not Kind.SUBPROCESS:
        parts = _read_parts(element, _SILENT_IN_NODE | _PARTS.get(tag, set()), draft)
    fields = read_own(element, draft.problems)
    fields |= _read_task(element, kind, fields, parts, draft)
    if "terminateEventDefinition" in parts:
        kind = Kind.TERMINATE
    node = Node(
        id=node_id,
        kind=kind,
        name=element.get("name", ""),
        scope=scope,
        element=tag,
        line=line_of(element),
        bounds=draft.drawing.shapes.get(node_id),
        label=draft.drawing.labels.get(node_id),
        called=element.get("calledElement") if kind is Kind.CALL else None,
        default=element.get("default"),
        timer=_read_timer(parts.get("timerEventDefinition"), element, draft),
        host=element.get("attachedToRef") if kind is Kind.BOUNDARY else None,
        interrupting=element.get("cancelActivity", "true") in {"true", "1"},
        **fields,
    )
    if not node_id or node_id in draft.nodes or node_id in draft.flows:
        draft.refuse(element, message("Every element needs an id of its own."))
    draft.nodes[node_id] = node


def _read_task(
    element: etree._Element, kind: Kind, own: dict[str, Any], parts: dict[str, etree._Element], draft: _Draft
) -> dict[str, Any]:
    """The fields of a user task that follow from each other: its instances and its outcome variable."""
    several = {name: own.pop(name) for name in MULTI if name in own}
    loop = parts.get("multiInstanceLoopCharacteristics")
    if loop is not None:
        if "variable" in own:
            draft.refuse(
                element, message("A multi-instance task counts its outcomes with jg:tally; it has no jg:variable.")
            )
        return {"multi": _read_multi(loop, element, several, draft)}
    if several:
        draft.refuse(element, message("jg:collection, jg:tally and jg:role-from-element need a multi-instance task."))
    if kind is not Kind.USER or not own.get("outcomes") or "variable" in own:
        return {}
    try:
        return {"variable": variable(element.get("id", ""))}
    except AttributeProblemError as error:
        draft.refuse(element, message("The id names the variable of the outcome: %(problem)s", problem=error.message))
        return {}


def _read_multi(loop: etree._Element, task: etree._Element, several: dict[str, Any], draft: _Draft) -> MultiInstance:
    parts = _read_parts(loop, _SILENT | {"completionCondition"}, draft, within=task)
    if loop.get("behavior", "All") != "All":
        draft.refuse(loop, message("“%(name)s” is not possible here.", name="behavior"), within=task)
    condition = _read_condition(parts.get("completionCondition"), task, draft)
    sequential = loop.get("isSequential", "false") in {"true", "1"}
    return MultiInstance(several.pop("collection", None), sequential, condition, **several)


def _read_timer(definition: etree._Element | None, event: etree._Element, draft: _Draft) -> Limit | None:
    if definition is None:
        return None
    duration = _read_parts(definition, _SILENT | {"timeDuration"}, draft, within=event).get("timeDuration")
    if duration is None:
        return None
    try:
        return parse_limit((duration.text or "").strip())
    except ValueError as error:
        draft.refuse(duration, error.args[0], within=event)
        return None


def _read_flow(element: etree._Element, draft: _Draft) -> None:
    flow_id = element.get("id", "")
    parts = _read_parts(element, _SILENT | {"conditionExpression"}, draft)
    flow = Flow(
        id=flow_id,
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        condition=_read_condition(parts.get("conditionExpression"), element, draft),
        name=element.get("name", ""),
        line=line_of(element),
        waypoints=draft.drawing.edges.get(flow_id, ()),
        label=draft.drawing.labels.get(flow_id),
        **read_own(element, draft.problems),
    )
    if not flow_id or flow_id in draft.nodes or flow_id in draft.flows:
        draft.refuse(element, message("Every element needs an id of its own."))
    draft.flows[flow_id] = flow


def _read_condition(expression: etree._Element | None, owner: etree._Element, draft: _Draft) -> Condition | None:
    text = (expression.text or "").strip() if expression is not None else ""
    if expression is None or not text:
        return None
    try:
        return parse(text)
    except ExpressionError as error:
        problem = message("The condition “%(text)s” cannot be read. %(problem)s", text=text, problem=error.message)
        draft.refuse(expression, problem, within=owner)
        return None


def _loose_ends(draft: _Draft, stages: set[str]) -> Iterator[Problem]:
    """What can be judged only when all elements are known."""
    for flow in draft.flows.values():
        for problem in _flow_problems(flow, draft):
            yield Problem("sequenceFlow", flow.id, flow.line, problem)
    for node in draft.nodes.values():
        for problem in _node_problems(node, draft, stages):
            yield Problem(node.element, node.id, node.line, problem)


def _flow_problems(flow: Flow, draft: _Draft) -> Iterator[Message]:
    if flow.source in draft.refused or flow.target in draft.refused:
        return
    source, target = draft.nodes.get(flow.source), draft.nodes.get(flow.target)
    if source is None or target is None:
        yield message("The flow must lead from one element to another.")
        return
    if source.scope != target.scope:
        yield message("The flow must not cross the border of a sub-process.")
    if target.kind in {Kind.START, Kind.BOUNDARY} or source.kind in {Kind.END, Kind.TERMINATE}:
        yield message("A flow leads neither into a start or boundary event nor out of an end event.")
    if flow.condition is not None and source.kind is not Kind.EXCLUSIVE:
        yield message("Only a flow out of an exclusive gateway has a condition.")


def _node_problems(node: Node, draft: _Draft, stages: set[str]) -> Iterator[Message]:
    if node.default and (node.default not in draft.flows or draft.flows[node.default].source != node.id):
        yield message("The default flow “%(flow)s” does not leave this gateway.", flow=node.default)
    if stages and node.stage and node.stage not in stages:
        yield message("The stage “%(stage)s” is not declared by a jg:stage.", stage=node.stage)
    if node.kind is not Kind.BOUNDARY or node.host in draft.refused:
        return
    host = draft.nodes.get(node.host or "")
    if host is None or host.kind not in ACTIVITIES or host.scope != node.scope:
        yield message("A boundary event must be attached to a task or sub-process of its own level.")

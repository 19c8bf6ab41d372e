"""A short hand for BPMN files in tests: elements as text, flows as `a -> b`, and a case played on the result."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count, pairwise

from jianguan.kernel.process.marking import Delta, Item, ItemState, Marking, Status
from jianguan.kernel.process.net import Net, Node
from jianguan.kernel.process.reading import read_net
from jianguan.kernel.process.transition import Transition

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:jg="urn:jianguan:process:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t"><process id="p" name="P">'
)
TAIL = "</process></definitions>"


def element(tag: str, name: str, inner: str = "", /, **attributes: str) -> str:
    """One element; `jg_separate_from` is written `jg:separate-from`."""
    own = {key[3:].replace("_", "-"): value for key, value in attributes.items() if key.startswith("jg_")}
    rest = {key: value for key, value in attributes.items() if not key.startswith("jg_")}
    text = "".join(f' {key}="{value}"' for key, value in rest.items())
    text += "".join(f' jg:{key}="{value}"' for key, value in own.items())
    return f'<{tag} id="{name}"{text}>{inner}</{tag}>'


def start(name: str = "begin") -> str:
    return element("startEvent", name)


def end(name: str = "end") -> str:
    return element("endEvent", name)


def terminate(name: str = "stop") -> str:
    return element("endEvent", name, "<terminateEventDefinition/>")


def user(name: str, outcomes: str = "done", /, **attributes: str) -> str:
    return element("userTask", name, name=name, **{"jg_role": "clerk", "jg_outcomes": outcomes, **attributes})


def several(
    name: str, outcomes: str, /, *, collection: str = "sections", sequential: bool = False, until: str = "", **own: str
) -> str:
    condition = f"<completionCondition>{_escaped(until)}</completionCondition>" if until else ""
    loop = f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{condition}</multiInstanceLoopCharacteristics>'
    attributes = {"jg_role": "clerk", "jg_outcomes": outcomes, "jg_collection": collection, "jg_tally": name, **own}
    return element("userTask", name, loop, **attributes)


def service(name: str, effect: str = "act", *, wait: bool = False) -> str:
    return element("serviceTask", name, name=name, jg_effect=effect, jg_wait=str(wait).lower())


def rule(name: str, tables: str = "table") -> str:
    return element("businessRuleTask", name, name=name, jg_tables=tables)


def xor(name: str, default: str = "") -> str:
    return element("exclusiveGateway", name, **({"default": default} if default else {}))


def both(name: str) -> str:
    return element("parallelGateway", name)


def sub(name: str, *inner: str) -> str:
    return element("subProcess", name, "".join(inner))


def call(name: str, process: str) -> str:
    return element("callActivity", name, calledElement=process)


def wait(name: str, limit: str = "P5D") -> str:
    return element("intermediateCatchEvent", name, _timer(limit))


def boundary(name: str, host: str, limit: str = "P5D", *, interrupting: bool = True) -> str:
    return element("boundaryEvent", name, _timer(limit), attachedToRef=host, cancelActivity=str(interrupting).lower())


def flows(*lines: str) -> str:
    """`a -> b -> c` and, with a condition, `a -> b if x = "y"`; the id of a flow is `a__b`."""
    found = []
    for line in lines:
        way, _, condition = line.partition(" if ")
        nodes = way.split(" -> ")
        for source, target in pairwise(nodes):
            inner = f"<conditionExpression>{_escaped(condition)}</conditionExpression>" if condition else ""
            found.append(element("sequenceFlow", f"{source}__{target}", inner, sourceRef=source, targetRef=target))
    return "".join(found)


def document(*elements: str) -> bytes:
    return (HEAD + "".join(elements) + TAIL).encode()


def net(*elements: str) -> Net:
    return read_net(document(*elements))


def _timer(limit: str) -> str:
    return f"<timerEventDefinition><timeDuration>{limit}</timeDuration></timerEventDefinition>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


class Case:
    """A case kept in memory and played act by act; ids are counted, decisions come from a dictionary."""

    def __init__(
        self, net: Net, decisions: Mapping[str, Mapping[str, object]] | None = None, **variables: object
    ) -> None:
        self.net = net
        self.decisions = dict(decisions or {})
        self.variables = dict(variables)
        self.marking = Marking()
        self.status = Status.ACTIVE
        self.end: str | None = None
        self.deltas: list[Delta] = []
        self._ids = count(1)

    # ports
    def new_id(self) -> str:
        return f"id{next(self._ids):04d}"

    def decide(self, node: Node, _variables: Mapping[str, object]) -> Mapping[str, object]:
        return self.decisions.get(node.id, {})

    serve = decide

    # acts
    def begin(self) -> Delta:
        return self._keep(self._step().start())

    def complete(self, node: str, outcome: str | None = "done", element: str | None = None, **outputs: object) -> Delta:
        return self._keep(self._step().complete(self.item(node, element).id, outcome, outputs))

    def fire(self, node: str) -> Delta:
        timer = next(timer for timer in self.marking.timers if timer.node == node)
        return self._keep(self._step().fire(timer.id))

    def signal(self, node: str, **outputs: object) -> Delta:
        return self._keep(self._step().signal(self.token(node), outputs))

    def child_ended(self, node: str, **outputs: object) -> Delta:
        return self._keep(self._step().child_ended(self.token(node), outputs))

    def cancel(self, reason: str = "withdrawn") -> Delta:
        return self._keep(self._step().cancel(reason))

    # looking
    def item(self, node: str, element: str | None = None) -> Item:
        found = [
            i
            for i in self.marking.items
            if i.node == node and i.state is ItemState.OPEN and element in {None, i.element}
        ]
        assert found, f"{node} is not open; open are {self.open()}"
        return found[0]

    def token(self, node: str) -> str:
        return next(str(token.id) for token in self.marking.tokens if token.node == node)

    def open(self) -> list[str]:
        """The nodes with open items, one per item, in alphabetical order."""
        return sorted(item.node for item in self.marking.items if item.state is ItemState.OPEN)

    def at(self) -> list[str]:
        """The nodes with tokens, one per token."""
        return sorted(token.node for token in self.marking.tokens)

    def armed(self) -> list[str]:
        return sorted(timer.node for timer in self.marking.timers)

    def _step(self) -> Transition:
        return Transition(self.net, self.marking, self.variables, self)

    def _keep(self, delta: Delta) -> Delta:
        self.marking = delta.apply(self.marking)
        self.variables |= delta.variables
        self.status, self.end = delta.status, delta.end
        self.deltas.append(delta)
        return delta

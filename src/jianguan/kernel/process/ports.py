"""What a transition needs from outside, and the ways it can fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from jianguan.kernel.expressions import Condition, ExpressionError
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process.marking import Id
from jianguan.kernel.process.net import Node


class TransitionError(ValueError):
    """No transition: `message` says why, `node` where. Nothing has changed."""

    def __init__(self, problem: Message, node: str | None = None) -> None:
        self.message = problem
        self.node = node
        super().__init__(problem)

    def __str__(self) -> str:
        return self.message.render()


class ActRefusedError(TransitionError):
    """The act does not fit where the case stands, as when two people finish the same item; the case is sound."""


class ProcessFaultError(TransitionError):
    """The definition or the data of the case is wrong; someone has to repair it before the case goes on."""


class Ports(Protocol):
    """What a transition needs from outside; nothing here may do input or output that cannot be rolled back."""

    def new_id(self) -> Id:
        """An id never used before; later ids sort after earlier ones where order matters to the store."""
        ...

    def decide(self, node: Node, variables: Mapping[str, object]) -> Mapping[str, object]:
        """The outputs of the decision tables of a business-rule task."""
        ...

    def serve(self, node: Node, variables: Mapping[str, object]) -> Mapping[str, object]:
        """The outputs of a service task that does not wait."""
        ...


Judge = Callable[[Node, Condition | None, Mapping[str, object]], bool]
"""Decides a condition that is asked for at a node (None: a flow that should have a condition and has none)."""


def strict(node: Node, condition: Condition | None, variables: Mapping[str, object]) -> bool:
    """The judge of real cases: every value must be there, and nothing is guessed."""
    if condition is None:
        raise ProcessFaultError(message("“%(node)s” has a way out without a condition.", node=node.id), node.id)
    try:
        return condition.evaluate(variables)
    except ExpressionError as error:
        problem = message(
            "“%(node)s” cannot decide “%(condition)s”: %(problem)s",
            node=node.id,
            condition=condition,
            problem=error.message,
        )
        raise ProcessFaultError(problem, node.id) from error

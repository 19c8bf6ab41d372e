"""What the exploration of a net found out, in the words of its author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jianguan.kernel.messages import Message
from jianguan.kernel.process.canonical import Canonical
from jianguan.kernel.process.marking import NOTHING


class Trouble(StrEnum):
    """The ways in which a process can be unsound."""

    STUCK = "stuck"
    LIVELOCK = "livelock"
    UNBOUNDED = "unbounded"
    DOUBLED = "doubled"
    LEFTOVER = "leftover"
    FAULT = "fault"
    DEAD_NODE = "dead_node"
    DEAD_FLOW = "dead_flow"


class Act(StrEnum):
    """What moves a case on."""

    START = "start"
    COMPLETE = "complete"
    FIRE = "fire"
    SIGNAL = "signal"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class PathStep:
    """One act on a path: at which node, with which outcome, and which values were assumed for it."""

    act: Act
    node: str
    outcome: str | None = None
    assumed: Mapping[str, object] = field(default_factory=lambda: NOTHING)

    def __str__(self) -> str:
        outcome = f" → {self.outcome}" if self.outcome else ""
        assumed = ", ".join(f"{name} = {value}" for name, value in self.assumed.items())
        return f"{self.act} {self.node}{outcome}{f' ({assumed})' if assumed else ''}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One trouble: the nodes (or flows) concerned and the shortest path that leads to it, from the start."""

    trouble: Trouble
    concerned: tuple[str, ...]
    message: Message
    path: tuple[PathStep, ...] = ()

    def __str__(self) -> str:
        path = "; ".join(map(str, self.path))
        return f"{self.message} [{path}]" if path else str(self.message)


@dataclass(frozen=True, slots=True)
class Exploration:
    """The result: a net is sound if everything was seen and nothing was found.

    `states` counts markings with the values that matter, `markings` are the markings alone. `ends` are the end events at
    which a case can finish.
    """

    states: int
    markings: frozenset[Canonical]
    ends: frozenset[str]
    findings: tuple[Finding, ...]
    complete: bool

    @property
    def sound(self) -> bool:
        """Whether every case can always finish, whatever people do and however timers fire."""
        return self.complete and not self.findings

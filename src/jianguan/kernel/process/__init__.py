"""Processes 办理流程: BPMN files read, checked and explored before publication, and run one transition at a time.

Everything is computed in memory: the caller loads a `Marking`, makes a `Transition`, and stores the `Delta`.
"""

from jianguan.kernel.process.attributes import own_attributes
from jianguan.kernel.process.dataflow import Domain
from jianguan.kernel.process.exploration import Exploration, Finding, Trouble
from jianguan.kernel.process.explorer import explore
from jianguan.kernel.process.lint import lint
from jianguan.kernel.process.marking import (
    Call,
    Delta,
    Effect,
    Event,
    Item,
    ItemState,
    LogLine,
    Marking,
    Status,
    Timer,
    Token,
)
from jianguan.kernel.process.migration import NothingChangedError, Plan, plan_migration
from jianguan.kernel.process.net import Kind, Net, Node
from jianguan.kernel.process.picture import Wording, draw
from jianguan.kernel.process.ports import ActRefusedError, Ports, ProcessFaultError, TransitionError
from jianguan.kernel.process.problems import NetError, Problem, Severity
from jianguan.kernel.process.progress import Dated, Step, steps
from jianguan.kernel.process.reading import read_net
from jianguan.kernel.process.transition import Transition

__all__ = [
    "ActRefusedError",
    "Call",
    "Dated",
    "Delta",
    "Domain",
    "Effect",
    "Event",
    "Exploration",
    "Finding",
    "Item",
    "ItemState",
    "Kind",
    "LogLine",
    "Marking",
    "Net",
    "NetError",
    "Node",
    "NothingChangedError",
    "Plan",
    "Ports",
    "Problem",
    "ProcessFaultError",
    "Severity",
    "Status",
    "Step",
    "Timer",
    "Token",
    "Transition",
    "TransitionError",
    "Trouble",
    "Wording",
    "draw",
    "explore",
    "lint",
    "own_attributes",
    "plan_migration",
    "read_net",
    "steps",
]

"""The graph of states that an exploration walks through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jianguan.kernel.messages import Message
from jianguan.kernel.process.canonical import Canonical, Place, canonical, places
from jianguan.kernel.process.exploration import PathStep
from jianguan.kernel.process.marking import Marking


@dataclass(frozen=True, slots=True)
class State:
    """A marking with the values that still matter, and how it was first reached.

    `covers` is the nearest earlier state on that path that has the same values and a part of these tokens.
    """

    marking: Marking
    variables: Mapping[str, object]
    shape: Canonical
    crowd: Counter[Place]
    parent: int | None = None
    step: PathStep | None = None
    covers: int | None = None

    @property
    def done(self) -> bool:
        """Whether the case has ended."""
        return not self.marking.tokens

    @classmethod
    def nowhere(cls) -> State:
        """The state before the start."""
        return cls(Marking(), {}, (), Counter())


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something wrong with one step: the state it starts from, the step, the nodes concerned and the sentence."""

    state: int | None
    step: PathStep
    concerned: tuple[str, ...]
    message: Message


@dataclass(slots=True)
class Graph:
    """All states found so far, the ways between them, and what was seen on the way; it grows, hence not frozen.

    `cut` are the states that are not followed further, because tokens pile up or there are too many states.
    """

    states: list[State] = field(default_factory=list)
    ways: list[list[int]] = field(default_factory=list)
    flows: set[str] = field(default_factory=set)
    fired: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    faults: list[Mishap] = field(default_factory=list)
    leftovers: list[Mishap] = field(default_factory=list)
    cut: set[int] = field(default_factory=set)
    _index: dict[object, int] = field(default_factory=dict)

    def add(self, marking: Marking, variables: Mapping[str, object], parent: int | None, step: PathStep | None) -> None:
        """Note that `step` leads from `parent` to this state."""
        shape = canonical(marking)
        key = (shape, frozenset(variables.items()))
        number = self._index.setdefault(key, len(self.states))
        if parent is not None:
            self.ways[parent].append(number)
        if number == len(self.states):
            crowd = places(marking)
            covers = self._covered(crowd, variables, parent)
            self.states.append(State(marking, variables, shape, crowd, parent, step, covers))
            self.ways.append([])

    def piles_up(self, number: int) -> bool:
        """Whether tokens have grown twice on the way here: once could be undone by what takes tokens away."""
        covered = self.states[number].covers
        return covered is not None and self.states[covered].covers is not None

    def path(self, number: int | None, last: PathStep | None = None) -> tuple[PathStep, ...]:
        """The steps that lead to a state, and `last` after them."""
        steps = [state.step for state in self._back(number) if state.step]
        return (*reversed(steps), *([last] if last else ()))

    def _back(self, number: int | None) -> Iterator[State]:
        while number is not None:
            yield self.states[number]
            number = self.states[number].parent

    def _covered(self, crowd: Counter[Place], variables: Mapping[str, object], parent: int | None) -> int | None:
        total, number = crowd.total(), parent
        while number is not None:
            earlier = self.states[number]
            if len(earlier.marking.tokens) < total and earlier.variables == variables and earlier.crowd <= crowd:
                return number
            number = earlier.parent
        return None

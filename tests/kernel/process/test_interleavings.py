"""Random processes, played in random orders: against an algebra that knows no tokens, and against the explorer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.kernel.process.blocks import (
    Block,
    Both,
    Chain,
    Choice,
    Label,
    Loop,
    Nothing,
    Part,
    Pen,
    Race,
    Several,
    State,
    Task,
    drawn,
    named,
)
from tests.kernel.process.drawing import Case, both, service, user, xor

from jianguan.kernel.process import Domain, ItemState, Marking, Net, Status, Transition, Trouble, explore
from jianguan.kernel.process.canonical import Canonical, canonical

SECTIONS = ("fire", "water", "power")
DECLARED = {"sections": Domain((SECTIONS,))}
LONGEST = 40
ENOUGH = 1000
DEAD = {Trouble.DEAD_NODE, Trouble.DEAD_FLOW}


def pair(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[tuple[Block, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


LEAVES = st.sampled_from([Task(), Task(), Nothing(), Several(sequential=True), Several(sequential=False)])
GENTLE = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        pair(inner).map(Chain),
        pair(inner).map(Both),
        st.builds(Choice, inner, inner),
        st.builds(Loop, inner),
        st.builds(Part, inner),
    ),
    max_leaves=6,
)
"""Blocks in which trouble somewhere is trouble of the whole: nothing is cut off by a timer or a race."""

BLOCKS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        pair(inner).map(Chain),
        pair(inner).map(Both),
        pair(inner).map(Race),
        st.builds(Choice, inner, inner),
        st.builds(Loop, inner),
        st.builds(Part, inner, st.none() | inner, st.booleans()),
    ),
    max_leaves=7,
)


def labels(case: Case) -> list[Label]:
    """Everything that can be done now, as the algebra calls it."""
    items = [item for item in case.marking.items if item.state is ItemState.OPEN]
    found = [("complete", item.node, outcome) for item in items for outcome in case.net.nodes[item.node].outcomes]
    return found + [("fire", timer.node) for timer in case.marking.timers]


def act(case: Case, label: Label) -> None:
    if label[0] == "fire":
        case.fire(label[1])
    else:
        case.complete(label[1], label[2])


@settings(deadline=None, max_examples=200)
@given(block=BLOCKS, seed=st.integers(0, 2**32))
def test_the_engine_offers_exactly_what_the_algebra_of_blocks_allows(block: Block, seed: int) -> None:
    block = named(block)
    case, state, chance = Case(drawn(block), sections=SECTIONS), block.begin(), Random(seed)
    case.begin()
    for _ in range(LONGEST):
        allowed: dict[Label, State | None] = {}
        counted: Counter[Label] = Counter()
        for label, after in state.moves() if state else ():
            counted[label] += 1
            allowed[label] = after
        assert Counter(labels(case)) == counted
        assert (case.status is Status.DONE) == (state is None)
        if state is None:
            break
        label = chance.choice(sorted(allowed))
        act(case, label)
        state = allowed[label]


@settings(deadline=None, max_examples=100)
@given(block=BLOCKS, seed=st.integers(0, 2**32))
def test_every_marking_reached_by_chance_is_one_the_explorer_has_seen(block: Block, seed: int) -> None:
    net = drawn(named(block))
    found = explore(net, DECLARED)
    assert found.complete
    assert {finding.trouble for finding in found.findings} <= DEAD  # an automatic branch wins every race
    case, chance = Case(net, sections=SECTIONS), Random(seed)
    case.begin()
    for _ in range(LONGEST):
        assert canonical(case.marking) in found.markings
        if case.status is Status.DONE:
            break
        act(case, chance.choice(sorted(labels(case))))


def every_marking(net: Net) -> set[Canonical]:
    """All markings, by doing everything everywhere; slow, with all variables, and without forgetting anything."""
    case = Case(net, sections=SECTIONS)
    case.begin()
    seen: dict[object, None] = {}
    todo: list[tuple[Marking, dict[str, object]]] = [(case.marking, case.variables)]
    while todo:
        marking, variables = todo.pop()
        key = (canonical(marking), frozenset(variables.items()))
        if key in seen:
            continue
        seen[key] = None
        for item in (item for item in marking.items if item.state is ItemState.OPEN):
            for outcome in net.nodes[item.node].outcomes:
                delta = Transition(net, marking, variables, case).complete(item.id, outcome)
                todo.append((delta.apply(marking), {**variables, **delta.variables}))
        for timer in marking.timers:
            delta = Transition(net, marking, variables, case).fire(timer.id)
            todo.append((delta.apply(marking), {**variables, **delta.variables}))
    return {shape for shape, _ in seen}  # type: ignore[misc]


@settings(deadline=None, max_examples=30)
@given(
    block=st.recursive(
        LEAVES, lambda i: st.one_of(pair(i).map(Both), st.builds(Loop, i), st.builds(Part, i, i)), max_leaves=3
    )
)
def test_the_explorer_sees_all_markings_and_no_other(block: Block) -> None:
    net = drawn(named(block))
    assert explore(net, DECLARED).markings == every_marking(net)


@settings(deadline=None, max_examples=100)
@given(block=BLOCKS, seed=st.integers(0, 2**32), length=st.integers(0, LONGEST))
def test_cancelling_a_random_case_at_a_random_point_leaves_nothing(block: Block, seed: int, length: int) -> None:
    case, chance = Case(drawn(named(block)), sections=SECTIONS), Random(seed)
    case.begin()
    for _ in range(length):
        if case.status is Status.DONE:
            return
        act(case, chance.choice(sorted(labels(case))))
    if case.status is Status.ACTIVE:
        case.cancel()
        assert case.marking == Marking()


# ---------------------------------------------------------------------- unsound processes


class Fault(Block):
    """A piece that is drawn wrong; it stands where a block could stand."""

    def draw(self, pen: Pen) -> tuple[str, str]:
        raise NotImplementedError


class ChoiceIntoJoin(Fault):
    def draw(self, pen: Pen) -> tuple[str, str]:
        pen.add(
            user("bad", "x y"), xor("bad_split", "bad_split__bad_b"), user("bad_a"), user("bad_b"), both("bad_join")
        )
        pen.link("bad", "bad_split", "bad_b", "bad_join")
        pen.link("bad_split", "bad_a", condition='bad = "x"')
        pen.link("bad_a", "bad_join")
        return "bad", "bad_join"


class ForkIntoMerge(Fault):
    def draw(self, pen: Pen) -> tuple[str, str]:
        pen.add(both("bad_fork"), user("bad_a"), user("bad_b"), xor("bad_merge"), user("bad"))
        pen.link("bad_fork", "bad_a", "bad_merge", "bad")
        pen.link("bad_fork", "bad_b", "bad_merge")
        return "bad_fork", "bad"


class NoWayOut(Fault):
    def draw(self, pen: Pen) -> tuple[str, str]:
        pen.add(
            user("bad", "x y"),
            xor("bad_split", "bad_split__bad_out"),
            user("bad_a"),
            xor("bad_merge"),
            service("bad_out"),
        )
        pen.link("bad", "bad_split", "bad_out")
        pen.link("bad_split", "bad_merge", condition='bad = "x"')
        pen.link("bad_merge", "bad_a", "bad_merge")
        return "bad", "bad_out"


class GrowingLoop(Fault):
    def draw(self, pen: Pen) -> tuple[str, str]:
        pen.add(
            xor("bad_again"),
            user("bad", "x y"),
            xor("bad_split", "bad_split__bad_out"),
            both("bad_fork"),
            service("bad_out"),
        )
        pen.add(user("bad_a"), xor("bad_merge"))
        pen.link("bad_again", "bad", "bad_split")
        pen.link("bad_split", "bad_fork", condition='bad = "x"')
        pen.link("bad_fork", "bad_again")
        pen.link("bad_fork", "bad_a", "bad_merge")
        pen.link("bad_split", "bad_out", "bad_merge")
        return "bad_again", "bad_merge"


class NeverOpen(Fault):
    def draw(self, pen: Pen) -> tuple[str, str]:
        pen.add(user("bad", "x y"), xor("bad_split", "bad_split__bad_merge"), user("bad_a"), xor("bad_merge"))
        pen.link("bad", "bad_split", "bad_merge")
        pen.link("bad_split", "bad_a", condition='bad = "x" and bad = "y"')
        pen.link("bad_a", "bad_merge")
        return "bad", "bad_merge"


EXPECTED = [
    (ChoiceIntoJoin(), {Trouble.STUCK}),
    (ForkIntoMerge(), {Trouble.DOUBLED, Trouble.UNBOUNDED}),  # without limit inside a loop
    (NoWayOut(), {Trouble.LIVELOCK}),
    (GrowingLoop(), {Trouble.UNBOUNDED}),
    (NeverOpen(), {Trouble.DEAD_NODE}),
]


def with_fault(block: Block, fault: Fault, chance: Random) -> Block:
    """The same process with the fault behind one of its parts, at any depth."""
    inner = [key for key in ("left", "right", "body") if isinstance(getattr(block, key, None), Block)]
    if chance.random() < 0.3 or not (inner or isinstance(block, Chain | Both)):
        return Chain((block, fault))
    if isinstance(block, Chain | Both):
        number = chance.randrange(len(block.parts))
        changed = with_fault(block.parts[number], fault, chance)
        return replace(block, parts=(*block.parts[:number], changed, *block.parts[number + 1 :]))
    key = chance.choice(inner)
    return replace(block, **{key: with_fault(getattr(block, key), fault, chance)})


@pytest.mark.parametrize(("fault", "troubles"), EXPECTED, ids=[type(fault).__name__ for fault, _ in EXPECTED])
@settings(deadline=None, max_examples=30)
@given(block=GENTLE, seed=st.integers(0, 2**32))
def test_a_fault_drawn_into_a_sound_process_is_found_and_named(
    fault: Fault, troubles: set[Trouble], block: Block, seed: int
) -> None:
    assert explore(drawn(named(block)), DECLARED).sound
    found = explore(drawn(with_fault(named(block), fault, Random(seed))), DECLARED, max_states=ENOUGH)
    assume(found.states < ENOUGH)  # else not all was seen, and the exploration says so
    concerned = {node for finding in found.findings if finding.trouble in troubles for node in finding.concerned}
    assert any(node.startswith("bad") for node in concerned), [str(finding) for finding in found.findings]

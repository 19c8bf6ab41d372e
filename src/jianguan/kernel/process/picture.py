"""A case as a drawing: SVG as text, from the coordinates in the file, without script and without inline styles.

The look comes from the style sheet: `.flow` on the drawing, `.fn` on a node with `done`, `now` or `next` (`now stopped`
while it stops the clock, `loop` if it can), `.fe` on lines (`done` where the case has come along), `.fa` on filled marks,
`.s` on small text. For those who do not see it, it holds the list of main steps in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import dist, sqrt
from typing import Literal, Protocol
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from jianguan.kernel.messages import message
from jianguan.kernel.process.net import ACTIVITIES, ENDS, GATEWAYS, Bounds, Flow, Kind, Net, Node
from jianguan.kernel.process.progress import Dated, Standing, State, Step, progress

_STATES = {
    State.DONE: message("done"),
    State.NOW: message("in progress"),
    State.STOPPED: message("clock stopped"),
    State.NEXT: message("not yet"),
}
_CLASSES = {State.DONE: "done", State.NOW: "now", State.STOPPED: "now stopped", State.NEXT: "next"}
_CHINA = ZoneInfo("Asia/Shanghai")
_MARGIN = 8.0
_LINE = 16.0
_LETTER = 13.0
_BEND = 6.0
_FIRST_WIDE = "\u2e80"
_PARTS = re.compile(rf"\s*(?:[{_FIRST_WIDE}-\U0003ffff]|[^\s{_FIRST_WIDE}-\U0003ffff]+)")
"""A Chinese character, or a word of another script, with the space before it."""


def short_time(at: datetime) -> str:
    """Day and minute in China: `06-04 09:12`."""
    return at.astimezone(_CHINA).strftime("%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Wording:
    """How texts are written: the language of names, the translation of our own words, the form of instants."""

    language: Literal["zh", "en"] = "zh"
    translate: Callable[[str], str] = str
    when: Callable[[datetime], str] = short_time

    def name(self, named: _Named) -> str:
        """The name in this language, or in the other if there is none."""
        return (named.name_en or named.name) if self.language == "en" else (named.name or named.name_en)

    def below(self, standing: Standing | Step) -> str:
        """What stands under a name: when it was done, or how far it is."""
        if standing.state is State.DONE and standing.at:
            return self.when(standing.at)
        return "—" if standing.state is State.NEXT else _STATES[standing.state].render(self.translate)


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def name_en(self) -> str: ...


def draw(
    net: Net, log: Sequence[Dated], wording: Wording | None = None, *, faulty: Collection[str] = frozenset()
) -> str:
    """The `<svg>` of a case with this log, to stand in a page; empty if the file has no coordinates.

    Nodes and flows of `faulty` (by id) are marked. Ids in it begin with `flow-` and the id of the process, so that two processes can be drawn on one page.
    """
    wording = wording or Wording()
    now = progress(net, log)
    shapes = [node for node in net.nodes.values() if node.bounds]
    if not shapes:
        return ""
    key = f"flow-{''.join(letter if letter.isalnum() else '-' for letter in net.id)}"
    flows = sorted(net.flows.values(), key=lambda flow: flow.id in now.flows)  # the way taken lies on top
    bad = dict.fromkeys(faulty, " bad")
    taken = dict.fromkeys(now.flows, " done")
    lines = [_draw_flow(flow, f"{key}-arrow", taken.get(flow.id, "") + bad.get(flow.id, ""), wording) for flow in flows]
    nodes = [
        _draw_node(node, now.nodes[node.id], bad.get(node.id, ""), wording) for node in _outermost_first(net, shapes)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="{_view(net)}" role="img"'
        f' aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">{escape(wording.name(net))}</title>'
        f'<desc id="{key}-desc">{escape(describe(now.steps, wording))}</desc>'
        f'<defs><marker id="{key}-arrow" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
        f'<path class="fa" d="M0 0L7 4L0 8z"/></marker></defs>{"".join(lines)}{"".join(nodes)}</svg>'
    )


def describe(steps: Iterable[Step], wording: Wording) -> str:
    """The main steps in words, one per line."""
    lines = []
    for number, step in enumerate(steps, 1):
        state = _STATES[step.state].render(wording.translate)
        since = f" {wording.when(step.at)}" if step.at else ""
        lines.append(f"{number}. {wording.name(step)}: {state}{since}")
    return "\n".join(lines)


# ---------------------------------------------------------------------- nodes


def _draw_node(node: Node, standing: Standing, marks: str, wording: Wording) -> str:
    assert node.bounds
    loop = " loop" if node.stops or (node.kind is Kind.BOUNDARY and not node.interrupting) else ""
    drawn = "".join(_shape(node, node.bounds)) + "".join(_caption(node, node.bounds, standing, wording))
    return f'<g class="fn {_CLASSES[standing.state]}{loop}{marks}">{drawn}</g>'


def _shape(node: Node, at: Bounds) -> Iterator[str]:
    """Boxes for tasks, diamonds for gateways, circles for events; all of them are `rect`, so one style fits all."""
    x, y = at.x + at.width / 2, at.y + at.height / 2
    if node.kind in ACTIVITIES:
        yield _rect(at, 5)
    elif node.kind in GATEWAYS:
        side = at.width / sqrt(2)
        yield _rect(Bounds(x - side / 2, y - side / 2, side, side), 2, f' transform="rotate(45 {_n(x)} {_n(y)})"')
        arm = at.width / 5
        if node.kind is Kind.PARALLEL:
            yield _path(f"M{_n(x - arm)} {_n(y)}H{_n(x + arm)}M{_n(x)} {_n(y - arm)}V{_n(y + arm)}")
    else:
        yield _rect(at, at.width / 2)
        if node.kind in ENDS:
            yield f'<circle class="fa" cx="{_n(x)}" cy="{_n(y)}" r="{_n(at.width / 4)}"/>'
        if node.timer:
            yield _path(f"M{_n(x)} {_n(y - at.width / 4)}V{_n(y)}H{_n(x + at.width / 5)}")


def _caption(node: Node, at: Bounds, standing: Standing, wording: Wording) -> Iterator[str]:
    name = wording.name(node)
    if node.kind not in ACTIVITIES:
        if name and node.label:
            yield _text(node.label.x + node.label.width / 2, node.label.y + 12, name, small=True)
        return
    below = wording.below(standing) if node.stage or standing.state is not State.NEXT else ""
    lines = _wrapped(name, at.width - 10)
    count = len(lines) + bool(below)
    pitch = min(_LINE, (at.height - 2) / count) if count else _LINE
    top = at.y + 4 if node.kind is Kind.SUBPROCESS else at.y + (at.height - pitch * count) / 2
    x = at.x + at.width / 2
    for number, line in enumerate(lines):
        yield _text(x, top + pitch * number + 12, line)
    if below:
        yield _text(x, top + pitch * len(lines) + 12, below, small=True)


def _wrapped(name: str, width: float) -> list[str]:
    """A name in lines that fit: Chinese breaks anywhere, other scripts between words."""
    lines: list[str] = []
    for part in _PARTS.findall(name.strip()):
        if lines and _width(lines[-1] + part) <= width:
            lines[-1] += part
        else:
            lines.append(part.lstrip())
    return lines


def _width(text: str) -> float:
    return sum(_LETTER if letter >= _FIRST_WIDE else _LETTER * 0.54 for letter in text)


def _outermost_first(net: Net, nodes: Iterable[Node]) -> list[Node]:
    """Sub-processes before what they hold, boundary events after their hosts: later shapes lie on top."""

    def depth(node: Node) -> tuple[int, bool]:
        level, scope = 0, node.scope
        while scope:
            level, scope = level + 1, net.nodes[scope].scope
        return level, node.kind is Kind.BOUNDARY

    return sorted(nodes, key=depth)


# ---------------------------------------------------------------------- flows


def _draw_flow(flow: Flow, arrow: str, marks: str, wording: Wording) -> str:
    if not flow.waypoints:
        return ""
    line = f'<path class="fe{marks}" d="{_way(flow.waypoints)}" marker-end="url(#{arrow})"/>'
    name = wording.name(flow)
    if name and flow.label:
        line += _text(flow.label.x + flow.label.width / 2, flow.label.y + 11, name, small=True)
    return line


def _way(points: Sequence[tuple[float, float]]) -> str:
    """A line through all points, its corners a little rounded."""
    way = f"M{_point(points[0])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        way += f"L{_point(_towards(corner, before))}Q{_point(corner)} {_point(_towards(corner, after))}"
    return f"{way}L{_point(points[-1])}"


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The point of the line from `corner` to `other` at which the rounding begins, at most half way."""
    length = dist(corner, other)
    part = min(_BEND / length, 0.5) if length else 0.0
    return corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part


# ---------------------------------------------------------------------- marks


def _view(net: Net) -> str:
    """The part of the plane that holds everything drawn."""
    boxes = [box for node in net.nodes.values() for box in (node.bounds, node.label) if box]
    boxes += [flow.label for flow in net.flows.values() if flow.label]
    corners = [(b.x, b.y) for b in boxes] + [(b.x + b.width, b.y + b.height) for b in boxes]
    corners += [point for flow in net.flows.values() for point in flow.waypoints]
    left, top = min(x for x, _ in corners) - _MARGIN, min(y for _, y in corners) - _MARGIN
    width, height = max(x for x, _ in corners) + _MARGIN - left, max(y for _, y in corners) + _MARGIN - top
    return f"{_n(left)} {_n(top)} {_n(width)} {_n(height)}"


def _rect(at: Bounds, radius: float, more: str = "") -> str:
    return (
        f'<rect x="{_n(at.x)}" y="{_n(at.y)}" width="{_n(at.width)}" height="{_n(at.height)}" rx="{_n(radius)}"{more}/>'
    )


def _path(way: str) -> str:
    return f'<path class="fe" d="{way}"/>'


def _text(x: float, y: float, text: str, *, small: bool = False) -> str:
    small_class = ' class="s"' if small else ""
    return f'<text{small_class} x="{_n(x)}" y="{_n(y)}">{escape(text)}</text>'


def _point(point: tuple[float, float]) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(number: float) -> str:
    """A coordinate to a tenth, without a useless zero."""
    return f"{number:.1f}".removesuffix(".0")

"""The drawing in a BPMN file: where shapes, flows and their labels stand."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from lxml import etree

from jianguan.kernel.process.document import split_tag
from jianguan.kernel.process.net import Bounds

_FAR = 1_000_000
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"

Waypoints = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Coordinates by the id of the element they belong to; what has none, or senseless ones, is not in it."""

    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, Waypoints] = field(default_factory=dict)
    labels: dict[str, Bounds] = field(default_factory=dict)


def read_drawing(root: etree._Element) -> Drawing:
    """All coordinates of the file."""
    drawing = Drawing()
    for shape in root.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge"):
        owner = shape.get("bpmnElement", "")
        bounds = _bounds(shape.find(_DC))
        label = _bounds(shape.find(f"{{{_DI}}}BPMNLabel/{_DC}"))
        points = tuple(_point(point) for point in shape.iterfind(_WAYPOINT))
        if bounds:
            drawing.shapes[owner] = bounds
        if label:
            drawing.labels[owner] = label
        if split_tag(shape)[1] == "BPMNEdge" and len(points) > 1:
            drawing.edges[owner] = tuple(point for point in points if point)
    return drawing


def _point(element: etree._Element) -> tuple[float, float] | None:
    x, y = _number(element, "x"), _number(element, "y")
    return None if x is None or y is None else (x, y)


def _bounds(element: etree._Element | None) -> Bounds | None:
    if element is None:
        return None
    x, y, width, height = (_number(element, name) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None or width < 0 or height < 0:
        return None
    return Bounds(x, y, width, height)


def _number(element: etree._Element, name: str) -> float | None:
    try:
        number = float(element.get(name, ""))
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < _FAR else None

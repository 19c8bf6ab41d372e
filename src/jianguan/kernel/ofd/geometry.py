"""Matrices and boxes on a page, in millimetres, and how OFD writes them (ST_Box, ST_Array)."""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot

MM = 25.4 / 72  # of a point
Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


def product(one: Matrix, other: Matrix) -> Matrix:
    """First `one`, then `other`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def place(x: float, y: float, matrix: Matrix) -> Point:
    """Where a point goes."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def scale_of(matrix: Matrix) -> float:
    """How much longer lengths become; our renderer stretches both ways alike."""
    return hypot(matrix[0], matrix[1])


def around(points: Iterable[Point], margin: float = 0) -> Box:
    """The box of points, outwards to hundredths of a millimetre so that rounding cuts nothing off."""
    xs, ys = zip(*points, strict=True)
    margin += 0.006
    return (
        round(min(xs) - margin, 2), round(min(ys) - margin, 2), round(max(xs) + margin, 2), round(max(ys) + margin, 2),
    )  # fmt: skip


def intersection(one: Box, other: Box) -> Box | None:
    """What two boxes share; None where that is nothing."""
    left, top, right, bottom = (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )
    return (left, top, right, bottom) if left < right and top < bottom else None


def boundary(box: Box) -> str:
    """A box as OFD writes it: corner, width, height."""
    left, top, right, bottom = box
    return array((left, top, right - left, bottom - top))


def array(values: Iterable[float], digits: int = 3) -> str:
    """Numbers as OFD writes them."""
    return " ".join(decimal(value, digits) for value in values)


def decimal(value: float, digits: int = 3) -> str:
    """A number without needless digits; lengths are exact to a thousandth of a millimetre."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

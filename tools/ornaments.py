"""Draw the certificate backgrounds as SVG: the meander border (回纹) and the guilloche rosette.

    python tools/ornaments.py

The colours in the files (`#010101` strong, `#020202` soft) are replaced by the template that uses them.
"""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path

ASSETS = Path(__file__).parents[1] / "src/jianguan/kernel/certificates/assets"
STRONG, SOFT = "#010101", "#020202"
Point = tuple[float, float]

# One key of the meander in a cell of 8 by 8, standing on the base line it grows from.
KEY: list[Point] = [(0, 8), (0, 0), (6.2, 0), (6.2, 6), (2, 6), (2, 2.2), (4.1, 2.2), (4.1, 4.1)]
CELL = 5.6  # mm, before it is fitted to the side


def path(points: list[Point], *, closed: bool = False) -> str:
    """An SVG path through `points`."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + ("Z" if closed else "")


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as a closed path."""
    return path([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], closed=True)


def side(length: float, band: float, turn: int, size: Point) -> str:
    """The keys of one side, mirrored at its middle; `turn` counts quarter turns from the top side."""
    count = round(length / CELL / 2)
    step, unit = length / (2 * count), band / 8
    runs = []
    for i in range(count):
        keys = [(i * step + x * step / 8 * 0.97, y * unit) for x, y in KEY]
        runs += [keys, [(length - x, y) for x, y in keys]]
    runs.append([(0, band), (length, band)])
    middle, reach = length / 2, band / 6
    runs.append([(middle - reach, band / 2), (middle, band / 2 - reach), (middle + reach, band / 2)])
    runs.append([(middle - reach, band / 2), (middle, band / 2 + reach), (middle + reach, band / 2)])
    width, height = size
    placed = {
        0: lambda x, y: (band * 1.5 + x, y),
        1: lambda x, y: (width - y, band * 1.5 + x),
        2: lambda x, y: (band * 1.5 + x, height - y),
        3: lambda x, y: (y, band * 1.5 + x),
    }[turn]
    return "".join(path([placed(x, y) for x, y in run]) for run in runs)


def corner(x: float, y: float, band: float) -> str:
    """The sign 回: a square within a square."""
    edge = band * 1.25
    return "".join(rectangle(x + inset, y + inset, edge - 2 * inset, edge - 2 * inset) for inset in (0, 1.25, 2.5))


def meander(width: float, height: float, band: float = 4.6) -> str:
    """A border of `width` by `height` mm."""
    gap = 1.5
    inner = (width - 2 * gap, height - 2 * gap)
    keys = "".join(side(inner[turn % 2] - 3 * band, band, turn, inner) for turn in range(4))
    edge = band * 1.25
    corners = "".join(corner(x, y, band) for x in (0, inner[0] - edge) for y in (0, inner[1] - edge))
    frame = gap + band + 1.7
    lines = rectangle(0.4, 0.4, width - 0.8, height - 0.8)
    thin = rectangle(frame, frame, width - 2 * frame, height - 2 * frame)
    hair = rectangle(frame + 1, frame + 1, width - 2 * frame - 2, height - 2 * frame - 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}mm" '
        f'height="{height:g}mm"><g fill="none" stroke="{STRONG}" stroke-linecap="square">'
        f'<path stroke-width=".8" d="{lines}"/><path stroke-width=".35" d="{thin}"/>'
        f'<path transform="translate({gap} {gap})" stroke-width=".62" d="{keys}{corners}"/></g>'
        f'<path fill="none" stroke="{SOFT}" stroke-width=".22" d="{hair}"/></svg>\n'
    )


def wave(turn: float, phase: float) -> Point:
    """A point of one closed line of the rosette around (2000, 2000): two harmonics that turn against each other."""
    radius = 1108 + 532 * cos(8 * turn + phase) + 310 * cos(16 * turn - phase)
    return 2000 + radius * cos(turn), 2000 + radius * sin(turn)


def curve(phase: float, points: int = 96) -> str:
    """That line as Bézier curves with the wave's own tangents, in whole relative steps: a third of the length."""
    turn = 2 * pi / points
    ends = [tuple(map(round, wave(i * turn, phase))) for i in range(points + 1)]
    near = 1e-4
    slopes = []
    for i in range(points + 1):
        (ax, ay), (bx, by) = wave(i * turn - near, phase), wave(i * turn + near, phase)
        slopes.append(((bx - ax) / (2 * near) * turn / 3, (by - ay) / (2 * near) * turn / 3))
    steps = []
    for (start, end), (leaving, arriving) in zip(pairwise(ends), pairwise(slopes), strict=True):
        dx, dy = end[0] - start[0], end[1] - start[1]
        steps += [round(leaving[0]), round(leaving[1]), round(dx - arriving[0]), round(dy - arriving[1]), dx, dy]
    return f"M{ends[0][0]} {ends[0][1]}c{' '.join(map(str, steps))}z".replace(" -", "-")


def guilloche(lines: int = 18) -> str:
    """The rosette in a square of 4000 by 4000."""
    curves = "".join(curve(2 * pi * k / lines) for k in range(lines))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4000 4000" width="1000" height="1000">'
        f'<path fill="none" stroke="{SOFT}" stroke-width="5" d="{curves}"/></svg>\n'
    )


def main() -> None:
    """Write the three files."""
    pictures = {"landscape": meander(277, 190), "portrait": meander(190, 277)}
    for name, svg in pictures.items():
        (ASSETS / f"meander-{name}.svg").write_text(svg, "utf-8")
    (ASSETS / "guilloche.svg").write_text(guilloche(), "utf-8")


if __name__ == "__main__":
    main()

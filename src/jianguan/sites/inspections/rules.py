"""The double-random draw 双随机: from frozen lists and a seed to sites and pairs of inspectors; anyone can do it again.

Random numbers are SHA-256 of seed, purpose and a counter, in the order of drawing:

1. A number below `bound` is the first of SHA-256("seed/purpose/0"), "seed/purpose/1", … that, read as a big-endian
   integer, lies below the greatest multiple of `bound` under 2²⁵⁶; it is taken modulo `bound`.
2. Files, in the order of the list: a number below the sum of the weights that are left (purpose "file/<position>") falls
   on one of them, which is taken out; until as many as wanted are drawn.
3. Inspectors of a file, in the order of the list without those excluded from it: two, each by a number below how many
   are left (purpose "inspector/<file>/<position>").

The commitment is SHA-256 of the canonical JSON (RFC 8785) of {"draw": lists and rules, "seed": seed}.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from jianguan.kernel.messages import Message, message
from jianguan.kernel.transparency.canonical import canonical

Frozen = Mapping[str, Any]
Chosen = list[dict[str, Any]]
PAIR = 2
_SPACE = 2**256


def commitment(frozen: Frozen, seed: str) -> str:
    """What is published before the draw: it binds to lists, rules and seed without telling the seed."""
    return hashlib.sha256(canonical({"draw": frozen, "seed": seed})).hexdigest()


def draw(frozen: Frozen, seed: str) -> Chosen:
    """The files drawn, in the order of drawing, each with its two inspectors.

    Args:
        frozen: `files` (id, weight), `inspectors` (id), `excluded` (inspector, file) and the number `wanted`.

    Raises:
        ValueError: more files are wanted than there are, or a file has fewer than two inspectors.
    """
    left = [(one["id"], int(one["weight"])) for one in frozen["files"]]
    excluded = {(one["inspector"], one["file"]) for one in frozen["excluded"]}
    if not 0 < frozen["wanted"] <= len(left):
        raise ValueError("more is wanted than the list holds")
    chosen: Chosen = []
    for position in range(frozen["wanted"]):
        hit = _below(seed, f"file/{position}", sum(weight for _, weight in left))
        index = _fallen_on([weight for _, weight in left], hit)
        file, _ = left.pop(index)
        able = [one["id"] for one in frozen["inspectors"] if (one["id"], file) not in excluded]
        chosen.append({"file": file, "inspectors": _pair(seed, file, able)})
    return chosen


def _fallen_on(weights: Sequence[int], number: int) -> int:
    for index, weight in enumerate(weights):
        if number < weight:
            return index
        number -= weight
    raise AssertionError("the number is below the sum of the weights")


def _pair(seed: str, file: str, able: list[str]) -> list[str]:
    if len(able) < PAIR:
        raise ValueError("a file has fewer than two inspectors")
    return [able.pop(_below(seed, f"inspector/{file}/{position}", len(able))) for position in range(PAIR)]


def _below(seed: str, purpose: str, bound: int) -> int:
    limit, counter = _SPACE - _SPACE % bound, 0
    while True:
        digest = hashlib.sha256(f"{seed}/{purpose}/{counter}".encode()).digest()
        number = int.from_bytes(digest)
        if number < limit:
            return number % bound
        counter += 1


def too_few(frozen: Frozen) -> str | None:
    """The first file of the list that would be left with fewer than two inspectors; None if there is none."""
    excluded = {(one["inspector"], one["file"]) for one in frozen["excluded"]}
    for file in frozen["files"]:
        able = sum((one["id"], file["id"]) not in excluded for one in frozen["inspectors"])
        if able < PAIR:
            return str(file["name"])
    return None


def verify_draw(document: Mapping[str, Any]) -> list[Message]:
    """What is wrong with a published draw: {"draw", "seed", "commitment", "chosen"}; nothing where it is sound.

    Raises:
        ValueError: it is no such document.
    """
    try:
        frozen, seed, committed, chosen = (document[key] for key in ("draw", "seed", "commitment", "chosen"))
        wrong = []
        if commitment(frozen, seed) != committed:
            wrong.append(message("Lists, rules and seed are not those that were sealed before the draw."))
        if draw(frozen, seed) != chosen:
            wrong.append(message("The draw, done again, comes to another result."))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no published draw: {error!r}") from error
    return wrong


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)

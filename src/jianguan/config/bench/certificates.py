"""Certificates a second: whole, beside rendering alone and sealing alone."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from jianguan.config.bench import paper
from jianguan.config.bench.ground import Ground
from jianguan.config.bench.measuring import in_turn, rate
from jianguan.config.bench.report import Report

RENDERED, SEALED, BOTH = "rendering alone", "sealing alone", "rendering and sealing alone"
TWO_FORMATS = "rendering and sealing alone, PDF and OFD"
ONE, TWO = "whole, 1 process", "whole, 2 processes"
UNIT = "certificates/s"


def measure(ground: Ground) -> Report:
    """Make certificates in every way, in turn."""
    crew, model_id, count = ground.crew, paper.example(ground), ground.size(40, 2)

    def whole(workers: int) -> float:
        shares = [(paper.requested(model_id, count),) for _ in range(workers)]
        done = crew.run(paper.produce, *shares)
        return float(sum(done.answers) / done.seconds)

    for work in (_render, _seal, _both, _two_formats):
        crew.run(work, (model_id, 2))  # the compiler reads fonts and templates once in each process
    crew.run(paper.produce, *((paper.requested(model_id, 2),) for _ in range(2)))
    alone = {RENDERED: _render, SEALED: _seal, BOTH: _both, TWO_FORMATS: _two_formats}
    things = {
        name: partial(lambda work: crew.run(work, (model_id, count)).answers[0], work) for name, work in alone.items()
    }
    taken = in_turn(ground.size(7, 1), {**things, ONE: lambda: whole(1), TWO: lambda: whole(2)})
    compared = {TWO_FORMATS: BOTH, ONE: BOTH, TWO: ONE}
    said = (
        "Whole: row locked, QR code and token, rendered, sealed with time stamp, stored (fsync, rename), journal entry, "
        "committed. Alone: the same page and seal, nothing written. OFD is a second profile (SM2 in plain Python): the target "
        "of certificates a second is that of PDF."
    )
    return Report("certificates", [taken.figure(name, UNIT, compared.get(name, "")) for name in taken.values], [said])


def _render(model_id: UUID, count: int) -> float:
    return rate(paper.press(model_id).render, count)


def _seal(model_id: UUID, count: int) -> float:
    press = paper.press(model_id)
    page = press.render()
    return rate(lambda: press.seal.seal(page, press.template.seal), count * 10)


def _both(model_id: UUID, count: int) -> float:
    press = paper.press(model_id)
    return rate(lambda: press.seal.seal(press.render(), press.template.seal), count)


def _two_formats(model_id: UUID, count: int) -> float:
    press = paper.press(model_id)

    def make() -> None:
        page = press.render()
        press.seal.seal(page, press.template.seal)
        press.ofd_seal.seal(page, press.template.seal)

    return rate(make, count)

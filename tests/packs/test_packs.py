"""The packs of the product: each is sound, each is honest."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from jianguan.config.packs_folder import pack_folders, shipped_packs
from jianguan.licensing.matters import reading, scenarios
from jianguan.licensing.matters.gate import gate
from jianguan.licensing.matters.pack import Pack
from jianguan.platform.workdays import service as workdays

from .mutants import Files, mutants

FOLDERS = list(pack_folders(shipped_packs()))
SAMPLE = 16  # mutants of each pack; which ones is drawn from its digest, so that a change of the pack draws others
by_pack = pytest.mark.parametrize("folder", FOLDERS, ids=[folder.parent.name for folder in FOLDERS])


@by_pack
def test_a_pack_passes_the_gate_and_its_scenarios(folder: Path) -> None:
    pack = reading.from_directory(folder)
    assert [str(problem) for problem in gate(pack)] == []
    assert scenarios.count(pack) >= 6
    assert pack.definition == f"{folder.parent.name}/{folder.name}"


def test_matters_are_told_apart() -> None:
    packs = [reading.from_directory(folder) for folder in FOLDERS]
    prefixes = [pack.matter.number_prefix for pack in packs]
    assert sorted({prefix for prefix in prefixes if prefixes.count(prefix) > 1}) == []


def test_scenarios_notice_when_a_pack_is_changed(capsys: pytest.CaptureFixture[str]) -> None:
    """Mutation honesty: a changed limit, cell, effect or flow makes a scenario fail, in nine cases of ten."""
    killed, lived = 0, []
    for folder in FOLDERS:
        pack = reading.from_directory(folder)
        every = list(mutants(pack))
        for what, files in random.Random(pack.digest).sample(every, min(SAMPLE, len(every))):
            if noticed(files):
                killed += 1
            else:
                lived.append(f"{pack.definition}: {what}")
    share = killed / (killed + len(lived))
    with capsys.disabled():
        print(f"\nmutants of {len(FOLDERS)} packs: {killed} of {killed + len(lived)} noticed, {share:.1%}")  # noqa: T201 - the share is told
    assert share >= 0.9, "\n".join(lived)


def noticed(files: Files) -> bool:
    """Whether a scenario fails, or the pack cannot even be read."""
    try:
        pack: Pack = reading.from_files(files)
    except reading.PackError:
        return True
    return next(scenarios.failures(pack, workdays.shipped()), None) is not None

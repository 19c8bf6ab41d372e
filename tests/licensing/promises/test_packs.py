"""What a pack may let be promised: read, held by the gate, and noticed by scenarios."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from tests.packs import mutants as wrong

from jianguan.config.packs_folder import shipped_packs
from jianguan.licensing.matters import reading, scenarios
from jianguan.licensing.matters.gate import soundness
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.reading import PackError
from jianguan.platform.workdays import service as workdays

PROMISING = sorted(path.parents[2].name for path in shipped_packs().glob("*/1/tests/promise.yaml"))


def pack_of(matter: str) -> Pack:
    return reading.from_directory(shipped_packs() / matter / "1")


def changed(change: Callable[[dict[str, Any]], object]) -> Pack:
    pack = pack_of("drainage_permit")
    matter = yaml.safe_load(pack.files["matter.yaml"])
    change(matter["promise"])
    return reading.from_files({**pack.files, "matter.yaml": yaml.safe_dump(matter, allow_unicode=True).encode()})


def test_four_matters_or_more_may_be_promised():
    assert len(PROMISING) >= 4
    assert all(pack_of(matter).matter.promise for matter in PROMISING)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: p["items"][0].update(materials=["plan", "nothing"]), "no upload called nothing"),
        (lambda p: p["items"][0].update(checks=["nothing"]), "no check called nothing|makes a check called nothing"),
        (lambda p: p["items"][1].update(checks=["quality"]), "only once"),
        (lambda p: p["items"].append({**p["items"][0], "materials": [], "checks": []}), "only once"),
        (lambda p: p["limit"].update(duration="P6WD"), "same days"),
        (lambda p: p["limit"].update(duration="P2D"), "same days"),
    ],
)
def test_the_gate_says_what_is_wrong(change, says):
    found = [str(problem) for problem in soundness(changed(change))]
    assert any("promise/" in one for one in found)
    assert any(part in one for one in found for part in says.split("|"))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.pop("bar"),
        lambda p: p.update(bar="P1WD"),
        lambda p: p["check"].update(how="somehow"),
        lambda p: p.update(items=[]),
        lambda p: p["items"][0].update(unknown=1),
    ],
)
def test_what_is_no_promise_is_not_read(change):
    with pytest.raises(PackError, match="promise"):
        changed(change)


@pytest.mark.parametrize("matter", PROMISING)
def test_scenarios_notice_every_change_of_a_promise(matter):
    pack = pack_of(matter)
    lived = []
    for what, files in wrong._promises(pack):
        try:
            mutant = reading.from_files(files)
        except PackError:
            continue
        if next(scenarios.failures(mutant, workdays.shipped()), None) is None:
            lived.append(what)
    assert lived == []


def test_a_scenario_promises_all_or_nothing():
    pack = pack_of("drainage_permit")
    half = pack.files["tests/promise.yaml"].replace(b"promise: [water, outlet]", b"promise: [water]", 1)
    found = list(scenarios.failures(reading.from_files({**pack.files, "tests/promise.yaml": half}), workdays.shipped()))
    assert "outlet, water" in str(found[0])

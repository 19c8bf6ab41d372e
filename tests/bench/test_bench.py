"""The benches work: every one of them runs, in a small size, and says what its contract promises. Speeds are no tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jianguan.config.bench.measuring import Rounds, in_turn
from jianguan.config.bench.report import Figure, Limit, Report
from jianguan.config.commands.bench import BENCHES


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """`jianguan bench --quick --json`, as a person would run it beside an installation of theirs."""
    scratch = tmp_path_factory.mktemp("bench")
    environment = {**os.environ, "TMPDIR": str(scratch), "DATABASE_URL": "postgresql:///theirs?host=/nowhere"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    line = [sys.executable, "-W", "error", "-m", "jianguan", "bench", "--quick", "--json"]
    return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=300), scratch


@pytest.fixture(scope="module")
def document(run: tuple[subprocess.CompletedProcess[str], Path]) -> dict[str, Any]:
    assert run[0].returncode == 0, run[0].stderr
    return json.loads(run[0].stdout)


def test_a_run_says_on_which_machine_and_how(document):
    assert document["quick"] is True
    assert document["machine"].keys() == {"cores", "processor", "system", "python", "load"}
    assert [bench["bench"] for bench in document["benches"]] == list(BENCHES)


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_has_figures_that_can_be(document, name):
    (bench,) = (bench for bench in document["benches"] if bench["bench"] == name)
    names = [figure["figure"] for figure in bench["figures"]]
    assert names
    assert len(set(names)) == len(names)
    for figure in bench["figures"]:
        assert figure.keys() == {"figure", "value", "unit", "compared_with", "ratio", "limit", "holds"}
        assert figure["value"] > 0 or figure["unit"] == "lists", figure
        assert (figure["ratio"] is None) is (figure["compared_with"] is None), figure
        assert figure["ratio"] is None or figure["ratio"] > 0, figure


def figures_of(document: dict[str, Any], name: str) -> dict[str, Any]:
    (bench,) = (bench for bench in document["benches"] if bench["bench"] == name)
    return {figure["figure"]: figure for figure in bench["figures"]}


def test_the_real_actions_are_measured_beside_spiffworkflow(document):
    figures = figures_of(document, "transitions")
    for thing in ("real actions", "engine with rows"):
        for workers in ("1 process", "2 processes"):
            assert figures[f"{thing}, {workers}"]["compared_with"] == f"SpiffWorkflow, stored, {workers}"


def test_officers_are_measured_beside_the_administrator(document):
    figures = figures_of(document, "inbox")
    assert figures["first page, officer, six grants"]["compared_with"] == "first page, administrator"


def test_a_run_leaves_nothing_behind(run):
    assert list(run[1].iterdir()) == []


def test_things_are_measured_in_turn_and_in_both_orders():
    told: list[str] = []

    def thing(name: str, value: float) -> Any:
        return lambda: told.append(name) or value

    taken = in_turn(3, {"a": thing("a", 6.0), "b": thing("b", 2.0)})
    assert "".join(told) == "abbaab"
    assert (taken.median("a"), taken.ratio("a", "b")) == (6.0, 3.0)


def test_a_ratio_is_taken_within_rounds():
    noisy = Rounds({"a": [10, 100, 12], "b": [5, 50, 4]})
    assert noisy.ratio("a", "b") == 2


@pytest.mark.parametrize(
    ("limit", "ratio", "holds"),
    [
        (Limit("at most", 1.2), 1.2, True),
        (Limit("at most", 1.2), 1.21, False),
        (Limit("at least", 2), 2.5, True),
        (Limit("at least", 2), 1.9, False),
        (None, 9.9, None),
    ],
)
def test_a_limit_holds_or_is_missed(limit, ratio, holds):
    figure = Figure("thing", 3.0, "ms", "other", ratio, limit)
    assert figure.holds is holds
    assert Report("x", [figure]).holds is (holds is not False)


def test_a_report_is_a_table_that_says_what_was_missed():
    report = Report("lists", [Figure("page", 3.14159, "ms", "other", 1.5, Limit("at most", 1.2))], ["A remark."])
    lines = str(report).splitlines()
    assert lines[0] == "## lists"
    assert [cell.strip() for cell in lines[4].split("|")[1:-1]] == [
        "page",
        "3.14",
        "ms",
        "other",
        "1.50",
        "at most 1.2",
        "MISSED",
    ]
    assert "A remark." in lines

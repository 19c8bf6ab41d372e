"""Definitions of packages: what the gate lets pass, and what it refuses with its file and line."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from jianguan.config.cli import main
from jianguan.config.packs_folder import pack_folders, shipped_packs
from jianguan.licensing.matters.service import Pack, from_directory
from jianguan.licensing.packages.service import gate

SHIPPED = sorted((shipped_packs() / "packages").glob("*.yaml"))
DESIGN = (shipped_packs() / "packages" / "design_stage.yaml").read_text(encoding="utf-8")


@functools.cache
def pack_of(matter: str) -> Pack | None:
    folder = shipped_packs() / matter / "1"
    return from_directory(folder) if folder.is_dir() else None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_packages_of_the_product_are_sound(path: Path) -> None:
    assert gate(path, pack_of) == []


def test_packages_are_no_packs() -> None:
    assert not [folder for folder in pack_folders(shipped_packs()) if "packages" in folder.parts[-2:]]


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[str], list[str]]:
    """What the gate says of a definition with this text."""

    def judge(text: str) -> list[str]:
        file = tmp_path / "design_stage.yaml"
        file.write_text(text, encoding="utf-8")
        return [str(problem) for problem in gate(file, pack_of)]

    return judge


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize(
    ("before", "after", "place", "says"),
    [
        ("{matter: drawing_review}", "{matter: drawing_revue}", "drawing_revue", "no matter called drawing_revue"),
        ("{matter: drawing_review}", "{matter: crane_filing}", "crane_filing", "crane_filing is not about a project"),
        ("key: design_stage", "key: other", "key: other", "The file of this package is called other.yaml"),
        ("    optional: true\n    when: {zh: 新建", "    after: [nothing]\n    when: {zh: 新建", "after: [nothing]", "no matter nothing"),
        ("    optional: true\n    when: {zh: 新建", "    optional: yess\n    when: {zh: 新建", "yess", "True was expected"),
        ("  civil_defense_review.works_ids: works_ids\n", "  civil_defense_review.residential: residential\n", "matter: civil_defense_review", "works_ids is not the same question"),
        ("  civil_defense_review.works_ids: works_ids\n", "  civil_defense_review.works_ids: works_name\n", "works_ids: works_name", "type differs"),
        ("  civil_defense_review.works_ids: works_ids\n", "  civil_defense_review.works_ids: works_ids\n  drawing_review.nothing: x\n", "nothing: x", "has no field nothing"),
        ("  fire_design_review.planning: planning\n", "  fire_design_review.planning: survey\n", "planning: survey", "say under materials"),
        ("subject: project", "subject: [", "", "This is not YAML"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(judged, before: str, after: str, place: str, says: str) -> None:
    text = DESIGN.replace(before, after, 1)
    assert text != DESIGN
    (problem, *_) = [one for one in judged(text) if says in one] or [f"not told: {judged(text)}"]
    assert says in problem
    if place:
        assert problem.startswith(f"design_stage.yaml:{line_of(text, place)}: ")


def test_matters_that_wait_for_each_other_are_a_fault(judged) -> None:
    text = DESIGN.replace("{matter: drawing_review}", "{matter: drawing_review, after: [fire_design_review]}").replace(
        "  - matter: fire_design_review\n", "  - matter: fire_design_review\n    after: [drawing_review]\n"
    )
    assert any("wait for each other" in one for one in judged(text))


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    for matter in ("drawing_review", "fire_design_review", "civil_defense_review", "stencils"):
        shutil.copytree(shipped_packs() / matter, tmp_path / matter)
    (tmp_path / "packages").mkdir()
    file = tmp_path / "packages" / "design_stage.yaml"
    file.write_text(DESIGN, encoding="utf-8")
    assert CliRunner().invoke(main, ["packages", "check", str(tmp_path)]).exit_code == 0
    file.write_text(
        DESIGN.replace(
            "  civil_defense_review.works_ids: works_ids\n", "  civil_defense_review.residential: residential\n"
        ),
        encoding="utf-8",
    )
    result = CliRunner().invoke(main, ["packages", "check", str(tmp_path), "--json"])
    assert result.exit_code == 1
    (package,) = json.loads(result.stdout)
    assert not package["sound"]
    assert (package["problems"][0]["file"], package["problems"][0]["line"] > 1) == ("design_stage.yaml", True)

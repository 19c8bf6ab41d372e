"""The committed scripts, styles and icons belong to the committed sources, and to the browsers we promise."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jianguan.platform.web import assets

PACKAGE = Path(assets.__file__).parents[2]
FRONTEND = PACKAGE.parents[1] / "frontend"
REBUILD = "run make frontend"
TOO_NEW = r"light-dark\(|color-mix\(|oklch\(|:has\(|@property|@layer|@container"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))


def hashes(root: Path, files: list[Path]) -> dict[str, str]:
    return {str(f.relative_to(root)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.is_file()}


def icons_in_use() -> Iterator[str]:
    for file in [*PACKAGE.rglob("*.py"), *TEMPLATES]:
        yield from re.findall(assets.manifest()["icon_pattern"], file.read_text())
    for file in [*FRONTEND.parent.glob("packs/**/matter.yaml"), *FRONTEND.parent.glob("packs/packages/*.yaml")]:
        yield from re.findall(assets.manifest()["matter_pattern"], file.read_text(), re.MULTILINE)


def test_the_build_was_made_from_these_sources() -> None:
    files = [FRONTEND / name for name in ("build.mjs", "package.json", "package-lock.json")]
    assert assets.manifest()["sources"] == hashes(FRONTEND, [*files, *FRONTEND.glob("src/**/*")]), REBUILD


def test_nobody_changed_the_built_files() -> None:
    built = [file for file in assets.BUILT.iterdir() if file.name != "build.json"]
    assert assets.manifest()["outputs"] == hashes(assets.BUILT, built), REBUILD


def test_the_sprite_has_exactly_the_icons_in_use() -> None:
    assert assets.manifest()["icons"] == sorted(set(icons_in_use())), REBUILD
    sprite = (assets.BUILT / "icons.svg").read_text()
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == assets.manifest()["icons"]


def test_the_lock_file_names_no_download_addresses() -> None:
    lock = (FRONTEND / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "http" not in re.sub(r'"(url|funding)": "[^"]*"', "", lock)


@pytest.mark.parametrize("name", ["app.css", "noscript.css", "modeler.css"])
def test_styles_keep_to_what_old_browsers_know(name: str) -> None:
    assert not re.findall(TOO_NEW, (assets.BUILT / name).read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_carry_no_styles_or_scripts_of_their_own(template: Path) -> None:
    html = template.read_text()
    assert not re.findall(r"\sstyle=|\son[a-z]+=|<style|hx-on|javascript:|=.js:|<script(?![^>]*\ssrc=)", html)

"""Every character a person's name may be written with has a picture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from jianguan.kernel.certificates import MissingGlyph, typefaces

LEVEL_3 = [
    (0x3400, 0x4DB5),
    (0x4E00, 0x9FEF),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
]


def test_every_ideograph_of_gb_18030_level_3_is_covered():
    needed = {point for first, last in LEVEL_3 for point in range(first, last + 1)}
    assert len(needed) == 87_875
    assert needed <= typefaces.common_coverage() | typefaces.rare_coverage()


def test_the_kai_face_has_every_standard_character():
    table = (typefaces.FOLDER / "standard_characters.txt").read_text("utf-8").splitlines()
    assert [len(level) for level in table] == [3500, 3000, 1605]
    assert {ord(character) for level in table for character in level} <= typefaces.coverage(typefaces.KAI)


def test_the_kai_face_does_not_carry_a_reserved_name():
    with TTFont(typefaces.KAI) as font:
        names = {str(record) for record in font["name"].names if record.nameID in {1, 3, 4, 6}}
    assert names == {"Jianguan Kai", "Jianguan Kai 1", "JianguanKai"}


def test_ordinary_text_does_not_need_the_large_typeface():
    assert not typefaces.needs_rare("某某市 A-07 地块，128,650.42 ㎡\n王喆堃")


@pytest.mark.parametrize("character", ["\U00020021", "\U0002b82f", "\U0002ebe0"])
def test_a_rare_ideograph_needs_the_large_typeface(character: str):
    assert typefaces.needs_rare("王" + character)


@pytest.mark.parametrize("character", ["\U0002ce7c", "\U0002b5af", "\U00030ede"])
def test_rarer_names_of_the_standard_and_later_are_in_the_small_ones(character: str):
    assert not typefaces.needs_rare("王" + character)


@pytest.mark.parametrize("character", ["😀", "\u200b", "\t", "\ue000"])
def test_what_cannot_be_shown_is_named(character: str):
    with pytest.raises(MissingGlyph, match=f"U\\+{ord(character):04X}") as refused:
        typefaces.needs_rare("王" + character + "某")
    assert refused.value.characters == character


def test_the_large_typeface_is_unpacked_whole_by_two_processes_at_once(tmp_path: Path):
    code = "from jianguan.kernel.certificates.typefaces import *; print(rare_typeface(), len(rare_coverage()))"
    environment = {"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    processes = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True) for _ in "12"
    ]
    answers = {process.communicate()[0] for process in processes}
    [answer] = answers
    path, count = answer.split()
    assert int(count) == 60_104
    assert [each.name for each in Path(path).parent.iterdir()] == ["JianguanRare.ttf"]


def test_without_a_cache_folder_the_large_typeface_is_unpacked_privately(tmp_path: Path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    unpacked = typefaces.rare_typeface.__wrapped__()
    assert unpacked.is_relative_to(tmp_path)
    assert unpacked.stat().st_size > 30_000_000

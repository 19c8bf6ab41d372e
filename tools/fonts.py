"""Cut the two certificate fonts from their sources, byte for byte the same on every run.

    python tools/fonts.py LXGWWenKai-Regular.ttf HanaMinB.ttf

The sources are LXGW WenKai 1.250 (SIL OFL 1.1; "LXGW" and "霞鹜" are reserved names, so the cut carries another)
and HanaMinB of 2017-09-04 (Hanazono Font License). See the licences beside the fonts.
"""

from __future__ import annotations

import argparse
import io
import lzma
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import serif_path

FONTS = Path(__file__).parents[1] / "src/jianguan/kernel/certificates/fonts"
STANDARD = FONTS / "standard_characters.txt"
# Latin, punctuation, currency, letterlike and enclosed signs, squared units, full-width forms.
SYMBOLS = [
    *((0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2026), (0x2030, 0x205E), (0x2070, 0x20BF), (0x2100, 0x21FF)),
    *((0x2460, 0x24FE), (0x3000, 0x301F), (0x3200, 0x33FF), (0xFF00, 0xFFEE)),
]
# Ideographs later than level 3 (extensions G and H, small additions): Kai keeps those its source has.
LATER = [
    (0x4DB6, 0x4DBF),
    (0x9FF0, 0x9FFF),
    (0x2A6D7, 0x2A6DF),
    (0x2B735, 0x2B739),
    (0x2EBF0, 0x2EE5D),
    (0x30000, 0x323AF),
]
# Every CJK unified ideograph GB 18030-2022 level 3 demands: URO, extensions A to F (87,875 characters).
IDEOGRAPHS = [
    (0x3400, 0x4DB5),
    (0x4E00, 0x9FEF),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
]


def gb_2312() -> set[int]:
    """Every character of GB 2312-1980."""
    pairs = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(character) for pair in pairs for character in pair.decode("gb2312", "ignore")}


def within(ranges: list[tuple[int, int]]) -> set[int]:
    """The code points of inclusive ranges."""
    return {point for first, last in ranges for point in range(first, last + 1)}


def cut(source: Path, points: set[int], family: str) -> bytes:
    """The font of `source` with only the characters `points`, no hints, no layout tables, under the name `family`."""
    options = Options()
    options.hinting, options.layout_features, options.notdef_outline = False, [], True
    options.name_IDs, options.name_languages = [0, 13, 14], [0x409]
    options.drop_tables += ["BASE", "GDEF", "FFTM", "gasp", "vhea", "vmtx"]
    options.glyph_names = options.recalc_timestamp = False
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    names = {1: family, 2: "Regular", 3: f"{family} 1", 4: family, 5: "Version 1", 6: family.replace(" ", "")}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def coverage(font: bytes | Path) -> set[int]:
    """The characters a font shows."""
    return set(TTFont(io.BytesIO(font) if isinstance(font, bytes) else font, lazy=True).getBestCmap())


def main() -> None:
    """Write both fonts and print what they hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kai", type=Path, help="LXGWWenKai-Regular.ttf")
    parser.add_argument("rare", type=Path, help="HanaMinB.ttf")
    arguments = parser.parse_args()

    standard = {ord(character) for character in STANDARD.read_text("utf-8").replace("\n", "")}
    kai = cut(arguments.kai, standard | gb_2312() | within(SYMBOLS) | within(LATER), "Jianguan Kai")
    (FONTS / "JianguanKai.ttf").write_bytes(kai)
    noto = coverage(serif_path())
    rare = cut(arguments.rare, within(IDEOGRAPHS) - noto, "Jianguan Rare")
    packed = lzma.compress(rare, preset=9 | lzma.PRESET_EXTREME)
    (FONTS / "JianguanRare.ttf.xz").write_bytes(packed)

    print(f"JianguanKai.ttf      {len(kai):>10,} bytes, {len(coverage(kai)):>6,} characters")
    print(
        f"JianguanRare.ttf.xz  {len(packed):>10,} bytes, {len(coverage(rare)):>6,} characters ({len(rare):,} unpacked)"
    )
    print(f"of 8,105 standard characters in Kai: {len(standard & coverage(kai)):,}")
    covered = within(IDEOGRAPHS) & (noto | coverage(rare))
    print(f"of {len(within(IDEOGRAPHS)):,} ideographs in Noto and Rare together: {len(covered):,}")


if __name__ == "__main__":
    main()

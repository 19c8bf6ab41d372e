"""The round seal is drawn from outlines, once per seal."""

from __future__ import annotations

import zlib

import pytest

from jianguan.kernel.certificates import MissingGlyph, seal_picture


def test_a_seal_is_drawn_as_svg_and_as_pdf_content_without_fonts():
    picture = seal_picture("某某市住房和城乡建设局", number="3301000000001")
    assert picture.svg.startswith("<svg ")
    assert "<text" not in picture.svg
    content = zlib.decompress(picture.pdf).decode()
    assert content.startswith("q /G gs 0.843 0 0.059 rg")
    assert content.endswith(" B Q")
    assert "Tf" not in content.split()


def test_the_same_seal_is_drawn_once():
    assert seal_picture("某某市城建局", "施工许可专用章", "1") is seal_picture("某某市城建局", "施工许可专用章", "1")


@pytest.mark.parametrize("organisation", ["局", "某" * 12, "某" * 32])
def test_any_length_of_name_stays_inside_the_ring(organisation: str):
    numbers = [float(part) for part in zlib.decompress(seal_picture(organisation).pdf).split() if part[:1].isdigit()]
    assert max(numbers) < 1000


def test_a_character_that_cannot_be_drawn_is_refused():
    with pytest.raises(MissingGlyph) as refused:
        seal_picture("某某😀局")
    assert refused.value.characters == "😀"

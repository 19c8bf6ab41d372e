"""The round seal is drawn from outlines, once per seal."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from jianguan.kernel.certificates import MissingGlyph, seal_picture, seal_png


def test_a_seal_is_drawn_as_svg_and_as_pdf_content_without_fonts():
    picture = seal_picture("某某市住房和城乡建设局", number="3301000000001")
    assert picture.svg.startswith("<svg ")
    assert "<text" not in picture.svg
    content = zlib.decompress(picture.pdf).decode()
    assert content.startswith("q /G gs 0.843 0 0.059 rg")
    assert content.endswith(" B Q")
    assert "Tf" not in content.split()


def test_a_seal_by_itself_is_one_colour_on_no_ground():
    png = seal_png(seal_picture("某某市住房和城乡建设局"), 42, resolution=300)
    assert seal_png(seal_picture("某某市住房和城乡建设局"), 42, resolution=300) == png
    with Image.open(io.BytesIO(png)) as image:
        assert abs(image.width - 42 / 25.4 * 300) < 1.5
        dots = image.convert("RGBA")
    shown = {dot[:3] for dot in dots.get_flattened_data() if dot[3]}
    assert shown == {(215, 0, 15)}
    assert dots.getpixel((0, 0))[3] == 0
    assert dots.getpixel((dots.width // 2, dots.height // 2))[3] == round(0.92 * 255)


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

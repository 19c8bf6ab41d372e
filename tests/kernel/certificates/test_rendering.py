"""A certificate's page: the same bytes for the same data, nothing missing, nothing colliding."""

from __future__ import annotations

import io
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from jianguan.kernel.certificates import (
    CertificateError,
    MissingGlyph,
    Paper,
    SealPlace,
    Template,
    canonical,
    content_digest,
    photograph,
    render,
    render_picture,
    seal_picture,
    write_qr,
)

QR = write_qr("HTTPS://JIANGUAN.EXAMPLE/V/1#A")


def text_of(pdf: bytes, page: int = 0) -> str:
    return "".join(PdfReader(io.BytesIO(pdf)).pages[page].extract_text().split())


def test_the_same_data_gives_the_same_bytes(template, permit, now):
    assert render(template, permit, qr=QR, issued_at=now) == render(template, permit, qr=QR, issued_at=now)


def test_the_order_of_the_data_does_not_matter(template, permit, now):
    turned = dict(reversed(permit.items()))
    assert content_digest(turned) == content_digest(permit)
    assert render(template, turned, qr=QR, issued_at=now) == render(template, permit, qr=QR, issued_at=now)


def test_other_data_gives_other_bytes(template, permit, now):
    other = permit | {"price": "68,532.18 万元"}
    assert render(template, other, qr=QR, issued_at=now) != render(template, permit, qr=QR, issued_at=now)


def test_the_page_is_a_sound_pdf_a(page, tmp_path: Path):
    (tmp_path / "page.pdf").write_bytes(page)
    checked = subprocess.run(["qpdf", "--check", tmp_path / "page.pdf"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in page


def test_the_data_is_attached_in_canonical_form(page, permit):
    [attached] = PdfReader(io.BytesIO(page)).attachments["certificate.json"]
    assert attached == canonical(permit)
    assert json.loads(attached) == permit


def test_the_page_shows_the_data_and_its_digest(page, permit):
    shown = text_of(page)
    for key in ("number", "developer", "authority", "identifier"):
        assert permit[key] in shown
    assert "二〇二六年十一月二十日" in shown
    assert content_digest(permit).hex() in shown


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-01-10", "二〇二六年一月十日"),
        ("2030-10-31", "二〇三〇年十月三十一日"),
        ("2026-12-20", "二〇二六年十二月二十日"),
    ],
)
def test_the_day_of_issue_is_written_in_words(template, permit, now, day: str, words: str):
    assert words in text_of(render(template, permit | {"issued_on": day}, qr=QR, issued_at=now))


def test_a_demonstration_says_so(page):
    assert "演示证书，不具法律效力·Demonstrationonly" in text_of(page)


def test_a_real_certificate_does_not_say_it_is_a_demonstration(template, permit, now):
    del permit["demonstration"]
    assert "Demonstration" not in text_of(render(template, permit, qr=QR, issued_at=now))


def test_only_the_packages_own_fonts_are_used(page):
    fonts = {str(font["/BaseFont"]) for font in PdfReader(io.BytesIO(page)).pages[0]["/Resources"]["/Font"].values()}
    assert {name.partition("+")[2].partition("-")[0] for name in fonts} <= {"JianguanKai", "NotoSerifSC", "NotoSansSC"}


@pytest.mark.parametrize("character", ["\U0002ce7c", "\U0002b5af", "\U00030ede", "\U00020021", "\U0002ebe0"])
def test_a_name_with_a_rare_character_is_shown(template, permit, now, character: str):
    permit["builders"] = [{"name": "某某公司", "person": "王" + character}]
    assert "王" + character in text_of(render(template, permit, qr=QR, issued_at=now))


def test_a_name_that_cannot_be_shown_is_refused(template, permit, now):
    permit["builders"] = [{"name": "某某公司", "person": "王😀"}]
    with pytest.raises(MissingGlyph) as refused:
        render(template, permit, qr=QR, issued_at=now)
    assert refused.value.characters == "😀"
    assert "😀 (U+1F600)" in str(refused.value.says)


def test_a_character_of_the_template_itself_that_cannot_be_shown_is_refused(permit, now):
    template = Template("odd", '#import "/templates/certificate.typ": *\n#certificate("X", [😀])')
    with pytest.raises(MissingGlyph) as refused:
        render(template, permit, qr=QR, issued_at=now)
    assert refused.value.characters == "😀"


def test_data_that_does_not_fit_the_template_is_refused_with_the_missing_key(template, permit, now):
    del permit["developer"]
    with pytest.raises(CertificateError, match="developer"):
        render(template, permit, qr=QR, issued_at=now)


def test_data_that_is_not_json_is_refused(template, permit, now):
    with pytest.raises(CertificateError, match="plain JSON"):
        render(template, permit | {"issued_on": now}, qr=QR, issued_at=now)


def test_few_single_works_stand_on_the_face(template, permit, now):
    permit["single_works"] = [{"name": "1 号楼"}, {"name": "2 号楼"}]
    pdf = render(template, permit, qr=QR, issued_at=now)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert "1号楼、2号楼" in text_of(pdf)


def test_many_single_works_are_listed_on_further_pages(template, permit, now):
    permit["single_works"] = [{"name": f"{n} 号楼", "area": f"{n}.50", "floors": "18/2"} for n in range(1, 61)]
    pdf = render(template, permit, qr=QR, issued_at=now)
    assert "共60个，见附件" in text_of(pdf)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 4
    assert "单体明细" in text_of(pdf, 1)
    assert "60号楼60.5018/2" in text_of(pdf, 3)
    assert all("序号单体工程名称" in text_of(pdf, number) for number in (1, 2, 3))


def test_long_values_shrink_and_the_longest_flow_to_the_annex(template, permit, now):
    firms = [{"name": f"某某建设集团第{n}工程有限责任公司（联合体成员）", "person": "欧阳某某"} for n in range(1, 19)]
    permit |= {
        "project": "某" * 120,
        "address": "某" * 90,
        "scale": "总" * 150,
        "builders": firms,
        "remarks": "注" * 120,
    }
    pdf = render(template, permit, qr=QR, issued_at=now)
    assert "施工单位见附件" in text_of(pdf)
    assert permit["project"] in text_of(pdf)
    assert all(firm["name"] in text_of(pdf, 1) for firm in firms)


def test_a3_is_the_same_page_enlarged(permit, now):
    large = Template.built_in("construction_permit", Paper.A3)
    box = PdfReader(io.BytesIO(render(large, permit, qr=QR, issued_at=now))).pages[0].mediabox
    assert [round(float(value) * 25.4 / 72) for value in (box.width, box.height)] == [420, 297]
    assert large.seal.x == pytest.approx(Template.built_in("construction_permit").seal.x * 2**0.5)


PORTRAIT = """
#import "/templates/certificate.typ": *
#certificate("二级建造师注册证书", colours: blue, {
  place(top + center, dy: 6mm, block(width: 150mm, title-block("二级建造师注册证书", none, blue, 150mm, translation: [Associate Constructor])))
  place(top + left, dy: 68mm, face-lines((("姓名", data.holder), ("注册编号", data.number), ("聘用企业", data.employer)), 108mm, blue))
  place(top + right, dy: 70mm, photo(blue))
  place(bottom + left, qr-code())
  place(bottom + right, dy: -10mm, issuer(92mm, date: date-in-digits(data.issued_on)))
})
"""


def test_another_kind_of_certificate_takes_few_lines(now):
    portrait = Template("constructor", PORTRAIT, landscape=False, seal=SealPlace(150, 250))
    data = {
        "number": "浙 2332026",
        "authority": "某某省住房和城乡建设厅",
        "issued_on": "2026-01-02",
        "holder": "王喆堃",
        "employer": "某" * 40,
    }
    jpeg = io.BytesIO()
    Image.new("RGB", (66, 90), "navy").save(jpeg, "JPEG")
    photo = {"photo": photograph(jpeg.getvalue())}
    pdf = render(portrait, data, qr=QR, issued_at=now, pictures=photo)
    assert "王喆堃" in text_of(pdf)
    assert "2026年01月02日" in text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1


def test_what_is_not_a_photograph_is_refused():
    with pytest.raises(CertificateError, match="PNG or JPEG"):
        photograph(b"GIF89a")


def test_a_code_longer_than_its_line_stays_in_the_table(template, permit, now):
    pdf = render(template, permit | {"remarks": "A" * 200}, qr=QR, issued_at=now)
    assert "A" * 200 in text_of(pdf).replace("\u200b", "")


def test_more_rows_than_the_page_holds_are_refused(template, permit, now):
    with pytest.raises(CertificateError, match="too many rows"):
        render(template, permit | {"notes": ["某" * 3000]}, qr=QR, issued_at=now)


def test_a_preview_shows_the_seal_where_it_will_be_stamped(template, permit):
    seal = seal_picture("某某市住房和城乡建设局")
    plain, stamped = (
        Image.open(io.BytesIO(render_picture(template, permit, qr=QR, seal=each))).convert("RGB")
        for each in (None, seal)
    )
    place = tuple(round(value * 96 / 25.4) for value in (template.seal.x, template.seal.y))
    assert plain.size == (1123, 794)
    red, green, _ = stamped.getpixel(place)
    assert (red > 180, green < 80) == (True, True)
    assert plain.getpixel(place) != stamped.getpixel(place)


def test_a_page_that_is_not_there_is_refused(template, permit):
    with pytest.raises(CertificateError, match="has 1 pages, not 2"):
        render_picture(template, permit, qr=QR, page=2)


def test_threads_may_render_at_once(template, permit, now):
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(lambda _: render(template, permit, qr=QR, issued_at=now), range(8))
    assert len(set(made)) == 1

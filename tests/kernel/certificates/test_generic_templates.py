"""The two designs for everything that is no construction permit: licences and decisions."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from jianguan.kernel.certificates import (
    BUILT_IN,
    CertificateError,
    MissingGlyph,
    Template,
    canonical,
    content_digest,
    render,
    render_picture,
    seal_picture,
    verify_pdf,
    write_qr,
)

QR = write_qr("HTTPS://JIANGUAN.EXAMPLE/V/1#" + "A" * 151)
BOTH = pytest.mark.parametrize("name", ["licence", "decision"])
DATA: dict[str, Any] = {
    "number": "鄂建消审字〔2026〕第0123号",
    "identifier": "1.2.156.3005.2.11100000000013338W009.1146010000817TE53Q.460105202604150101.001.5",
    "demonstration": True,
    "authority": "某某市住房和城乡建设局",
    "issued_on": "2026-11-20",
    "title": "特殊建设工程消防设计审查意见书",
    "holder": "某某市城市建设投资集团有限公司",
    "rows": [["工程名称", "某某市第1号地块迁建工程"], ["项目负责人", "王㛃𬭊"], ["备注", ""]],
    "statement": ["经审查，该工程消防设计文件符合国家工程建设消防技术标准。", "特此意见。"],
    "notes": ["未经审查不得擅自修改。", "如不服本决定，可以申请行政复议。"],
}
WORKS = {"title": "单体工程", "columns": ["序号", "名称"], "rows": [["1", "门诊楼"], ["2", "住院楼"]]}


def made(name: str, now: Any, **changes: Any) -> bytes:
    return render(Template.built_in(name), DATA | changes, qr=QR, issued_at=now)


def pages(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()).replace("\u200b", "") for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    return "".join(text.split())


@BOTH
def test_the_same_data_gives_the_same_bytes(name: str, now):
    turned = dict(reversed(DATA.items()))
    again = render(Template.built_in(name), turned, qr=QR, issued_at=now)
    assert made(name, now) == again
    assert made(name, now, holder="某某公司") != again


@BOTH
def test_the_page_is_pdf_a_with_the_data_attached(name: str, now):
    pdf = made(name, now)
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in pdf
    [attached] = PdfReader(io.BytesIO(pdf)).attachments["certificate.json"]
    assert attached == canonical(DATA)
    assert json.loads(attached) == DATA


@BOTH
def test_the_page_shows_what_was_given_and_its_digest(name: str, now):
    [shown] = pages(made(name, now, valid_until="2029-11-19"))
    said = [DATA["title"], DATA["number"], DATA["holder"], DATA["authority"], DATA["identifier"], *DATA["statement"], *DATA["notes"]]  # fmt: skip
    for text in [*said, "王㛃𬭊", "有效期至2029年11月19日", "演示证书，不具法律效力", "—"]:
        assert squeezed(text) in shown
    assert content_digest(DATA | {"valid_until": "2029-11-19"}).hex() in shown


@BOTH
def test_what_may_be_missing_may_be_missing(name: str, now):
    least = {key: DATA[key] for key in ("number", "authority", "issued_on", "title", "holder")}
    [shown] = pages(render(Template.built_in(name), least, qr=QR, issued_at=now))
    assert "注意事项" not in shown
    assert "Demonstration" not in shown


@BOTH
def test_the_holder_may_not_be_missing(name: str, now):
    with pytest.raises(CertificateError, match="holder"):
        render(Template.built_in(name), {k: v for k, v in DATA.items() if k != "holder"}, qr=QR, issued_at=now)


@BOTH
def test_a_character_that_cannot_be_shown_is_refused(name: str, now):
    with pytest.raises(MissingGlyph) as refused:
        made(name, now, rows=[["姓名", "王😀"]])
    assert refused.value.characters == "😀"


def test_few_items_of_a_decision_stand_on_its_face(now):
    [shown] = pages(made("decision", now, items=WORKS))
    assert "1门诊楼2住院楼" in shown


@BOTH
def test_many_items_run_over_pages_with_their_head_and_number(name: str, now):
    rows = [[str(n), f"第{n}号楼"] for n in range(1, 121)]
    face, *annex = pages(made(name, now, items=WORKS | {"rows": rows}))
    assert "单体工程共120项，见附件" in face
    assert len(annex) > 2
    assert all("序号名称" in page for page in annex)
    assert f"第{len(annex)}页，共{len(annex)}页" in annex[-1]
    assert all(f"第{n}号楼" in "".join(annex) for n in range(1, 121))


@BOTH
def test_nothing_that_is_long_is_lost(name: str, now):
    long = {
        "title": "证" * 60, "holder": "某" * 120, "rows": [["事实", "事" * 1500], ["代码", "A" * 180], ["姓名", "王㛃𬭊"]],
        "statement": ["根" * 1800, "据" * 300, "特此决定。"], "notes": ["注" * 200] * 15,
    }  # fmt: skip
    face, *annex = pages(made(name, now, **long))
    assert "续见附件" in face
    assert "事实见附件" in face
    assert "王㛃𬭊" in face
    everything = face + "".join(annex)
    counts = {"某": 120, "事": 1500, "根": 1800, "据": 300, "注": 200 * 15}
    assert [letter for letter, least in counts.items() if everything.count(letter) < least] == []
    assert "特此决定。" in "".join(annex)


@BOTH
def test_rows_no_page_can_hold_are_listed_in_the_annex(name: str, now):
    face, *annex = pages(made(name, now, rows=[[f"第{n}项", f"内容{n}"] for n in range(80)]))
    assert "登记内容见附件" in face
    assert all("项目内容" in page for page in annex)
    assert "第79项内容79" in annex[-1]


@BOTH
def test_the_last_line_of_a_full_page_keeps_clear_of_the_foot(name: str, now):
    """Between the text and the code is white paper, whatever the length."""
    template = Template.built_in(name)
    for length in (300, 500, 800, 1600):
        data = DATA | {"statement": ["国" * length], "rows": [], "notes": []}
        picture = Image.open(io.BytesIO(render_picture(template, data, qr=QR))).convert("L")
        y = {"licence": 148, "decision": 222}[name]
        strip = picture.crop(tuple(round(mm * 96 / 25.4) for mm in (26, y - 1, 50, y)))
        assert strip.getextrema()[0] > 150


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_design_knows_how_its_page_lies(name: str):
    template = Template.built_in(name)
    assert (template.landscape, template.seal) == (BUILT_IN[name].landscape, BUILT_IN[name].seal)


def test_a_design_that_is_not_there_is_refused():
    with pytest.raises(CertificateError, match="escape"):
        Template.built_in("../escape")


@BOTH
def test_the_seal_lies_over_the_date_and_verifies(name: str, now, seal, trust):
    template = Template.built_in(name)
    report = verify_pdf(seal.seal(made(name, now), template.seal), trust)
    assert report.intact
    preview = render_picture(template, DATA, qr=QR, seal=seal_picture(DATA["authority"]))
    picture = Image.open(io.BytesIO(preview)).convert("RGB")
    assert picture.size == ((1123, 794) if template.landscape else (794, 1123))
    red, green, _ = picture.getpixel((round(template.seal.x * 96 / 25.4), round(template.seal.y * 96 / 25.4)))
    assert (red > 180, green < 80) == (True, True)


@BOTH
def test_the_number_of_the_document_is_printed_and_that_of_the_register_stands_at_the_foot(name: str, now):
    [shown] = pages(made(name, now, number="FX460100202600001", document="琼建消审字〔2026〕第0123号"))
    assert "编号琼建消审字〔2026〕第0123号" in shown
    assert "登记编号FX460100202600001" in shown

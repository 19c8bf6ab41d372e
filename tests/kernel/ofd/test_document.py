"""The OFD page beside the PDF page it was made of: the same picture, the same words, the elements of the standard."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image, ImageChops
from pypdf import PdfReader
from tests.kernel.certificates.test_generic_templates import DATA, QR, WORKS
from tests.kernel.ofd.reader import NS, Reader

from jianguan.kernel.certificates import (
    CertificateError,
    Template,
    canonical,
    content_digest,
    render,
    render_picture,
)
from jianguan.kernel.ofd import from_pdf, pack, shown_seal
from jianguan.kernel.ofd.content_stream import PATH, operations
from jianguan.kernel.ofd.drawing import rectangle
from jianguan.kernel.ofd.geometry import IDENTITY

FINE = 300  # dots per inch
LONG: dict[str, Any] = DATA | {
    "holder": "某某 (fi) ffi flow A-07 (B)((\\ 𠮷野家有限公司",
    "items": {**WORKS, "rows": [[str(number), "门诊楼 office"] for number in range(80)]},
}


def strangeness(one: Image.Image, other: Image.Image) -> float:
    """The share of dots of a third of a millimetre whose grey differs by more than a quarter of the scale."""
    melted = [
        each.convert("L").resize((each.width // 4, each.height // 4), Image.Resampling.BOX) for each in (one, other)
    ]
    histogram = ImageChops.difference(*melted).histogram()
    return sum(histogram[64:]) / sum(histogram)


def of(name: str, data: dict[str, Any], now: Any) -> bytes:
    return render(Template.built_in(name), data, qr=QR, issued_at=now)


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")


def test_the_sealed_page_looks_like_the_pdf_page(sealed, permit, template, qr_for, picture, seal, now):
    """The tolerance is 0.1 mm: the same picture moved by as little as that is told apart."""
    qr = qr_for(permit)
    made = seal.seal(render(template, permit, qr=qr, issued_at=now), template.seal)
    place, stamped = shown_seal(made)
    drawn = Reader(made).picture(0, FINE, (place, stamped.image.data))
    png = render_picture(template, permit, qr=qr, seal=picture, resolution=FINE)
    expected = Image.open(io.BytesIO(png)).convert("RGB")
    assert drawn.size == expected.size
    assert strangeness(drawn, expected) < 0.0005
    moved = round(0.1 / 25.4 * FINE)
    for across, down in [(moved, 0), (0, moved)]:
        assert strangeness(ImageChops.offset(drawn, across, down), expected) > 0.005


@pytest.mark.parametrize(("name", "data"), [("licence", DATA), ("decision", LONG)], ids=["licence", "long decision"])
def test_every_design_looks_as_poppler_draws_its_pdf_file(name: str, data: dict[str, Any], now, tmp_path: Path):
    pdf = of(name, data, now)
    (tmp_path / "page.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(FINE), "-png", "page.pdf", "page"], cwd=tmp_path, check=True)
    expected = [Image.open(each) for each in sorted(tmp_path.glob("page-*.png"))]
    reader = Reader(pack(from_pdf(pdf)))
    assert len(reader.pages()) == len(expected) == len(PdfReader(io.BytesIO(pdf)).pages)
    for number, page in enumerate(expected):
        drawn = reader.picture(number, FINE)
        assert strangeness(drawn, page.crop((0, 0, *drawn.size))) < 0.01


@pytest.mark.parametrize(("name", "data"), [("licence", DATA), ("decision", LONG)], ids=["licence", "long decision"])
def test_the_text_can_be_searched_and_is_that_of_the_pdf_file(name: str, data: dict[str, Any], now):
    pdf = of(name, data, now)
    found = squeezed(Reader(pack(from_pdf(pdf))).text())
    expected = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert sorted(found) == sorted(expected)
    for text in (data["holder"], data["number"], data["authority"], *data["statement"], content_digest(data).hex()):
        assert squeezed(text) in found


def test_the_same_page_gives_the_same_bytes(now):
    one, other = (pack(from_pdf(of("licence", DATA, now))) for _ in range(2))
    assert one == other
    assert pack(from_pdf(of("licence", DATA | {"holder": "某某公司"}, now))) != one


def test_the_data_is_attached_as_it_is_to_the_pdf_file(sealed, permit):
    reader = Reader(sealed)
    [attachment] = reader.xml("Doc_0/Attachs/Attachments.xml").findall("ofd:Attachment", NS)
    assert attachment.get("Name") == "certificate.json"
    content = reader.package.read(attachment.findtext("ofd:FileLoc", namespaces=NS).lstrip("/"))
    assert content == canonical(permit)
    assert json.loads(content) == permit
    assert float(attachment.get("Size")) == pytest.approx(len(content) / 1024, abs=0.001)


def test_the_typefaces_are_whole_opentype_files_that_know_their_characters(sealed):
    reader = Reader(sealed)
    assert len(reader.fonts) == 3
    for font in reader.fonts.values():
        assert {"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post"} <= set(font.keys())
        assert font["maxp"].numGlyphs == len(font.getGlyphOrder())
        if "CFF " in font:
            assert len(font["CFF "].cff[0].CharStrings) == font["maxp"].numGlyphs
        again = io.BytesIO()
        font.save(again)
        assert TTFont(again).getBestCmap() == font.getBestCmap()
    for page in reader.pages():
        for text in page.iterfind(".//ofd:TextObject", NS):
            cmap = reader.fonts[text.get("Font")].getBestCmap()
            assert set(map(ord, text.findtext("ofd:TextCode", namespaces=NS))) - {0x200B} <= set(cmap)


CHILDREN = {  # GB/T 33190-2016, annex A: elements in the order of their types; those before ? may be left out
    "OFD": ["DocBody"],
    "DocBody": ["DocInfo", "DocRoot", "Versions?", "Signatures?"],
    "DocInfo": ["DocID", "Title?", "Author?", "Subject?", "Abstract?", "CreationDate?", "ModDate?", "DocUsage?", "Cover?", "Keywords?", "Creator?", "CreatorVersion?", "CustomDatas?"],
    "Document": ["CommonData", "Pages", "Outlines?", "Permissions?", "Actions?", "VPreferences?", "Bookmarks?", "Annotations?", "CustomTags?", "Attachments?", "Extensions?"],
    "CommonData": ["MaxUnitID", "PageArea", "PublicRes?", "DocumentRes?", "TemplatePage?", "DefaultCS?"],
    "PageArea": ["PhysicalBox", "ApplicationBox?", "ContentBox?", "BleedBox?"],
    "Area": ["PhysicalBox", "ApplicationBox?", "ContentBox?", "BleedBox?"],
    "Pages": ["Page"],
    "Page": ["Template?", "PageRes?", "Area?", "Content?", "Actions?"],
    "Content": ["Layer"],
    "PathObject": ["Actions?", "Clips?", "StrokeColor?", "FillColor?", "AbbreviatedData"],
    "TextObject": ["Actions?", "Clips?", "FillColor?", "StrokeColor?", "CGTransform?", "TextCode"],
    "CGTransform": ["Glyphs?"],
    "Res": ["ColorSpaces?", "DrawParams?", "Fonts?", "MultiMedias?", "CompositeGraphicUnits?"],
    "Font": ["FontFile?"],
    "Attachments": ["Attachment"],
    "Attachment": ["FileLoc"],
    "Signatures": ["MaxSignId?", "Signature"],
    "Signature": ["SignedInfo", "SignedValue"],
    "SignedInfo": ["Provider", "SignatureMethod?", "SignatureDateTime?", "References", "StampAnnot?", "Seal?"],
    "References": ["Reference"],
    "Reference": ["CheckValue"],
    "Seal": ["BaseLoc"],
}  # fmt: skip
ATTRIBUTES = {  # those that are required
    "OFD": {"Version", "DocType"}, "PathObject": {"ID", "Boundary"}, "TextObject": {"ID", "Boundary", "Font", "Size"},
    "Layer": {"ID"}, "Font": {"ID", "FontName"}, "Reference": {"FileRef"}, "StampAnnot": {"ID", "PageRef", "Boundary"},
    "Provider": {"ProviderName"}, "Attachment": {"ID", "Name"}, "CGTransform": {"CodePosition"},
}  # fmt: skip


def test_every_element_stands_where_the_schema_of_the_standard_has_it(sealed):
    seen = set()
    package = zipfile.ZipFile(io.BytesIO(sealed))
    for name in package.namelist():
        if not name.endswith(".xml"):
            continue
        for element in etree.fromstring(package.read(name)).iter():
            assert etree.QName(element).namespace == "http://www.ofdspec.org/2016"
            kind = etree.QName(element).localname
            seen.add(kind)
            there = [etree.QName(child).localname for child in element]
            if kind in CHILDREN and there:  # without: a place in the package by the same name
                order = [each.rstrip("?") for each in CHILDREN[kind]]
                assert [order.index(each) for each in there] == sorted(order.index(each) for each in there)
                assert {each for each in CHILDREN[kind] if not each.endswith("?")} <= set(there)
            assert ATTRIBUTES.get(kind, set()) <= set(element.keys()), kind
    assert set(CHILDREN) <= seen


def test_ids_are_given_once_and_references_lead_somewhere(sealed):
    reader = Reader(sealed)
    [page] = reader.pages()
    resources = reader.xml("Doc_0/PublicRes.xml")
    ids = [int(each.get("ID")) for root in (page, resources) for each in root.iter() if each.get("ID")]
    ids += [int(each.get("ID")) for each in reader.document.iterfind("ofd:Pages/ofd:Page", NS)]
    assert len(ids) == len(set(ids))
    assert max(ids) <= int(reader.document.findtext("ofd:CommonData/ofd:MaxUnitID", namespaces=NS))
    names = set(reader.package.namelist())
    for name in names:
        if name.endswith(".xml"):
            root = reader.xml(name)
            located = [each.text for kind in ("DocRoot", "Signatures", "PublicRes", "Attachments", "FileLoc", "SignedValue") for each in root.iterfind(f".//ofd:{kind}", NS)]  # fmt: skip
            assert {each.lstrip("/") for each in located if each} <= names


def test_what_is_not_understood_is_refused_and_not_left_out():
    with pytest.raises(CertificateError, match="read to the end"):
        list(operations(b"q 1 0 0 1 0 0 cm \xff\xff"))
    with pytest.raises(CertificateError, match="clipped to a shape"):
        rectangle(b"0 0 m 5 5 l 3 9 l h ", IDENTITY)


def test_strings_and_paths_of_a_content_stream_are_read():
    found = list(operations(rb"q 0 0 m -1.5 .5 l h S [(\000\(a(b)\\)-80(c)]TJ <</A[1 2]>>BDC /f0 8 Tf<0a0B>Tj"))
    assert found == [
        (b"q", []), (PATH, [b"0 0 m -1.5 .5 l h "]), (b"S", []), (b"TJ", [[b"\0(a(b)\\", -80.0, b"c"]]),
        (b"BDC", [b"/A", [1.0, 2.0]]), (b"Tf", [b"/f0", 8.0]), (b"Tj", [b"\x0a\x0b"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (b"/Identity-H", b"/Identity-V", "font of an unknown kind"),
        (b"/MediaBox[", b"/MediaBix[", "no size of its own"),
        (b"/CreationDate(D:", b"/CreationDate(X:", "not one of ours"),
        (b"(certificate.json)", b"(certificate.xxxx)", "no machine-readable data"),
    ],
)
def test_a_page_that_is_not_ours_is_refused(page, was: bytes, becomes: bytes, says: str):
    with pytest.raises(CertificateError, match=says):
        from_pdf(page.replace(was, becomes))


def test_a_page_with_an_unknown_operator_is_refused(page, monkeypatch):
    from jianguan.kernel.ofd import drawing

    monkeypatch.delitem(drawing.PAINTING, b"S")
    with pytest.raises(CertificateError, match="it uses S"):
        from_pdf(page)

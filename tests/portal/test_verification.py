"""Verification by anyone, and everything that must not pass it."""

from __future__ import annotations

import io
import os
import random
import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from jianguan.kernel.certificates import issue_proof, write_qr
from jianguan.licensing.certificates import keys
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.certificates.models import Certificate
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.journal import service as journal
from jianguan.portal import verification
from jianguan.portal.visitors import one_at_a_time
from tests.portal.conftest import new_edition, qr_text

pytestmark = pytest.mark.django_db


def upload(data: bytes, name: str = "permit.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def results(answer) -> list[str]:
    """The three lights: register, seal, status."""
    return [light.result for light in answer.context["lights"]]


def picture(text: str, scale: int = 6) -> bytes:
    """The QR code as a photograph would show it: PNG with a margin."""
    code = write_qr(text)
    side = (code.modules + 8) * scale
    image = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(image)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h", code.svg):
        left, top = (int(x) + 4) * scale, (int(y) + 4) * scale
        draw.rectangle((left, top, left + int(width) * scale - 1, top + int(height) * scale - 1), fill=0)
    png = io.BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


# --- what is genuine


def test_the_file_the_portal_delivers_is_valid_in_all_three_lights(client: Client, ask, permit: Certificate):
    delivered = client.get(f"/notices/{permit.number}/file/").getvalue()
    answer = ask(file=upload(delivered))
    assert answer.status_code == 200
    assert answer.context["verdict"] == "valid"
    assert results(answer) == ["passed", "passed", "passed"]
    assert all(finding.result == "passed" for finding in answer.context["findings"])
    assert permit.sha256 in answer.text
    assert permit.subject_name in answer.text


def test_an_independent_reader_finds_the_delivered_file_valid(client: Client, permit: Certificate, tmp_path: Path):
    (tmp_path / "permit.pdf").write_bytes(client.get(f"/notices/{permit.number}/file/").getvalue())
    environment = os.environ | {"HOME": str(tmp_path)}  # no one's certificate store
    said = subprocess.run(
        ["pdfsig", "-nocert", "permit.pdf"], cwd=tmp_path, env=environment, capture_output=True, text=True
    ).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


@pytest.mark.parametrize("number", ["number", "national_number", "identifier"])
def test_every_number_of_a_permit_finds_it(client: Client, ask, permit: Certificate, number: str):
    asked = getattr(permit, number)
    assert ask(text=asked).context["verdict"] == "valid"
    assert client.get(f"/v/{asked}/").context["verdict"] == "valid"


def test_a_number_alone_says_what_was_not_examined(client: Client, permit: Certificate):
    answer = client.get(f"/V/{permit.number}")
    assert results(answer) == ["passed", "waiting", "passed"]
    assert 'name="code"' in answer.text


def test_the_code_on_the_paper_is_checked_where_it_is_sent_along(client: Client, permit: Certificate):
    answer = client.post(f"/v/{permit.number}/", {"code": permit.proof})
    assert answer.context["verdict"] == "valid"
    assert answer.context["found"].proof.edition == 1
    assert 'name="code"' not in answer.text
    assert client.post(f"/v/{permit.number}/", {"code": qr_text(permit)}).context["found"].proof


def test_the_text_of_a_code_can_be_pasted(ask, permit: Certificate):
    answer = ask(text=f" {qr_text(permit)}\r\n")
    assert answer.context["verdict"] == "valid"
    assert answer.context["found"].proof


def test_a_picture_of_the_code_is_read(ask, permit: Certificate):
    answer = ask(file=upload(picture(qr_text(permit)), "photo.png"))
    assert answer.context["verdict"] == "valid"
    assert answer.context["found"].proof


# --- what was altered


def places(data: bytes, count: int) -> list[int]:
    """Positions over the whole file: header, signature, trailer, its last bytes, and everything between."""
    signature = data.find(b"/Contents <") + len(b"/Contents <")
    closed = data.find(b">", signature)
    chosen = random.Random(20261120)
    named = [*range(12), *range(len(data) - 40, len(data)), data.rfind(b"trailer"), data.rfind(b"startxref") + 12]
    named += [data.find(b"/ByteRange") + 13, signature - 1, signature, closed - 1, closed]
    named += chosen.sample(range(signature, closed), 60)
    return sorted({*named, *chosen.sample(range(len(data)), count)} - {-1})


def test_one_flipped_byte_anywhere_is_detected(ask, permit: Certificate, sealed: bytes):
    tried, chosen = places(sealed, 150), random.Random(1)
    passed = []
    for place in tried:
        altered = bytearray(sealed)
        altered[place] ^= chosen.randrange(1, 256)
        answer = ask(file=upload(bytes(altered)))
        refused = answer.status_code == 422  # the beginning of the file is no longer that of a PDF
        if not refused and (answer.status_code, answer.context["verdict"]) != (200, "tampered"):
            passed.append(place)
    assert len(tried) >= 200
    assert passed == []


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: data + b"\0",
        lambda data: data + data,
        lambda data: data[:-1],
        lambda data: data.replace(b"/Contents <", b"/Contents  <", 1),
    ],
)
def test_what_was_added_or_removed_is_detected(ask, sealed: bytes, change):
    answer = ask(file=upload(change(sealed)))
    assert answer.context["verdict"] == "tampered"
    assert results(answer)[:2] == ["failed", "failed"]


def test_the_page_without_its_seal_is_not_genuine(ask, sealed: bytes):
    page = sealed[: sealed.index(b"%%EOF") + len(b"%%EOF\n")]
    assert ask(file=upload(page)).context["verdict"] == "tampered"


def test_a_good_seal_on_a_file_the_register_does_not_have_is_no_certificate(ask, permit: Certificate, sealed: bytes):
    Certificate.objects.filter(pk=permit.pk).update(sha256="0" * 64)
    answer = ask(file=upload(sealed))
    assert answer.context["verdict"] == "unknown"
    assert results(answer) == ["failed", "passed", "waiting"]


# --- what is no longer valid


def test_a_revoked_certificate_is_genuine_and_not_valid(world, client: Client, ask, permit: Certificate, sealed: bytes):
    command = certificates.ChangeStatus(new_command_id(), permit.id, "03", "依据撤销决定书〔2026〕1号")
    certificates.change_status(world.actor("approver"), command)
    answer = ask(file=upload(sealed))
    assert answer.context["verdict"] == "ended"
    assert results(answer) == ["passed", "passed", "failed"]
    assert client.get(f"/v/{permit.number}/").context["verdict"] == "ended"


def test_a_replaced_edition_leads_to_the_newest(client: Client, ask, permit: Certificate, sealed: bytes):
    newer = new_edition(permit)
    answer = ask(file=upload(sealed))
    assert answer.context["verdict"] == "ended"
    assert results(answer) == ["passed", "passed", "failed"]
    assert answer.context["found"].newer == newer
    assert f'href="/v/{permit.number}/"' in answer.text
    assert client.get(f"/v/{permit.number}/").context["verdict"] == "valid"  # by number, the newest edition answers
    assert client.post(f"/v/{permit.number}/", {"code": permit.proof}).context["verdict"] == "ended"
    assert client.post(f"/v/{permit.number}/", {"code": newer.proof}).context["verdict"] == "valid"


def test_a_certificate_past_its_last_day_is_no_longer_valid(client: Client, permit: Certificate):
    asked = certificates.Request(
        kind="safety_licence", template="licence", type_code="11100000000013338W009", name="安全生产许可证", name_en="Licence",
        number="AX4601000001", national_number="", holder_name="某企业", holder_uscc="", subject_name="建筑施工", project_id=None,
        case_id=permit.case_id, token_id=permit.token_id, region=permit.region, issuer_id=permit.issuer_id,
        issuer_name=permit.issuer_name, issuer_uscc=permit.identifier.split(".")[6], issued_on=date(2020, 1, 2),
        valid_until=date(2023, 1, 1), data={"title": "安全生产许可证", "holder": "某企业"},
    )  # fmt: skip
    held = certificates.request(asked)
    certificates.produce(held.id)
    journal.sequence()
    answer = client.get(f"/v/{held.number}/")
    assert answer.context["verdict"] == "ended"
    assert results(answer)[2] == "failed"


# --- what is not ours


@pytest.mark.parametrize("number", ["460105202610200199", "浙 2332026/01", "' OR 1=1 --", "<script>"])
def test_an_unknown_number_is_unknown(client: Client, ask, permit: Certificate, number: str):
    for answer in (ask(text=number), client.get(f"/v/{number}/")):
        assert answer.context["verdict"] == "unknown"
        assert results(answer) == ["failed", "waiting", "waiting"]
        assert "<script>" not in answer.text.partition("<main")[2]


def test_the_code_of_another_certificate_is_not_accepted(client: Client, ask, road, permit: Certificate):
    other = certificates.of_case(road(project="p06", price=15200).to_certificate().case_id)
    answer = client.post(f"/v/{permit.number}/", {"code": other.proof})
    assert answer.context["verdict"] == "tampered"
    assert results(answer)[0] == "failed"
    mixed = qr_text(other).replace(other.number, permit.number)
    assert ask(text=mixed).context["verdict"] == "tampered"


@pytest.mark.parametrize("code", ["A", "AAAA" * 40, "<b>", "0" * 151])
def test_a_damaged_code_is_not_accepted(client: Client, permit: Certificate, code: str):
    assert client.post(f"/v/{permit.number}/", {"code": code}).context["verdict"] == "tampered"


def test_a_code_signed_for_content_that_was_never_registered_is_not_accepted(client: Client, permit: Certificate):
    forged = issue_proof(
        keys.proof_key(), number=permit.number, kind=1, edition=1, issued_on=permit.issued_on, content_digest=b"x" * 32
    )
    answer = client.post(f"/v/{permit.number}/", {"code": forged})
    assert answer.context["verdict"] == "tampered"
    assert results(answer)[0] == "failed"


# --- what cannot be examined


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (os.urandom(5000), "permit.pdf"),
        (b"<!doctype html><html><script>alert(1)</script></html>", "permit.pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "code.png"),
        (picture("https://example.cn/other"), "code.png"),
        (b"", "permit.pdf"),
    ],
)
def test_junk_is_refused_with_a_sentence(ask, data: bytes, name: str):
    answer = ask(file=upload(data, name))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_nothing_asked_is_said(ask):
    assert ask().status_code == 422


def test_a_file_too_large_is_refused(ask, db):
    answer = ask(file=upload(b"%PDF-1.7" + bytes(verification.LARGEST)))
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_one_heavy_question_at_a_time(ask, sealed: bytes, monkeypatch):
    monkeypatch.setattr("jianguan.portal.visitors.PATIENCE", 0.01)
    with one_at_a_time():
        assert ask(file=upload(sealed)).status_code == 429
    assert ask(file=upload(sealed)).context["verdict"] == "valid"


# --- what the third light rests on


def test_a_wrong_proof_of_the_log_does_not_pass(client: Client, permit: Certificate, monkeypatch):
    inclusion = journal.inclusion(permit.entry_id)
    assert verification.holds(inclusion)
    assert not verification.holds(replace(inclusion, leaf=bytes(32)))
    assert not verification.holds(replace(inclusion, position=inclusion.position + 1))
    inclusion.head.checkpoint = inclusion.head.checkpoint.replace("\n", "\nx", 1)
    assert not verification.holds(inclusion)
    monkeypatch.setattr(journal, "inclusion", lambda _entry: replace(inclusion, leaf=bytes(32)))
    assert results(client.get(f"/v/{permit.number}/"))[2] == "failed"


def test_a_certificate_that_waits_for_its_place_says_so(client: Client, permit: Certificate, monkeypatch):
    monkeypatch.setattr(journal, "inclusion", lambda _entry: None)
    assert results(client.get(f"/v/{permit.number}/"))[2] == "remark"


# --- the register altered behind the application's back


def alter(permit: Certificate, **columns: object) -> None:
    """Change the row as somebody with the database's password would."""
    Certificate.objects.filter(pk=permit.pk).update(**columns)


def test_a_revocation_undone_in_the_database_is_detected(world, client: Client, permit: Certificate):
    command = certificates.ChangeStatus(new_command_id(), permit.id, "03", "测试撤销")
    certificates.change_status(world.actor("approver"), command)
    assert client.get(f"/v/{permit.number}/").context["verdict"] == "ended"
    alter(permit, status="01")
    answer = client.get(f"/v/{permit.number}/")
    assert answer.context["verdict"] == "tampered"
    assert "登记库记载与存证日志不一致" in answer.text


FORGED = {
    "number": "460105202610209901",
    "sha256": "0" * 64,
    "content_digest": "0" * 64,
    "entry_id": UUID(int=7),
    "valid_until": date(2099, 12, 31),
    "issued_on": date(2020, 1, 1),
    "issuer_name": "另一机关",
    "holder_name": "另一企业",
}


@pytest.mark.parametrize("column", [*FORGED, "data"])
def test_a_row_of_the_register_that_was_altered_is_detected(permit: Certificate, column: str):
    alter(permit, **{column: FORGED.get(column, permit.data | {"price": "1.00 万元"})})
    permit.refresh_from_db()
    assert certificates.by_number(permit.number).verdict == "tampered"


def test_a_row_that_points_at_the_entry_of_another_certificate_is_detected(road, permit: Certificate):
    other = certificates.of_case(road(project="p06", price=15200).to_certificate().case_id)
    alter(permit, entry_id=other.entry_id)
    assert certificates.by_number(permit.number).verdict == "tampered"


def test_a_register_that_agrees_with_the_journal_is_believed(permit: Certificate):
    assert certificates.by_number(permit.number).verdict == "valid"


def test_whoever_checks_offline_finds_the_keys(client: Client, permit: Certificate):
    keys_told = client.get("/verify/keys.json").json()["keys"]
    assert [one["id"] for one in keys_told] == [name.hex() for name in certificates.proof_keys()]
    pem = client.get("/verify/certificates.pem").text
    assert pem.count("BEGIN CERTIFICATE") >= 3  # authority, seal, time stamps

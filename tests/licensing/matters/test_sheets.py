"""Sheets of a case to be printed: what stands on them, and who may print which."""

from __future__ import annotations

import pytest
from tests.licensing.conftest import CLAUSE

pytestmark = pytest.mark.django_db


def sheet(client, road, kind: str):
    return client.get(f"/cases/{road.case_id}/print/{kind}/")


def test_the_handling_sheet_tells_every_step_with_its_words(visit, road):
    made = road().through("acceptance", "quality_review")
    text = sheet(visit("window"), made, "handling").text
    assert text.index("窗口受理") < text.index("质量监督审查")
    assert "申请材料齐全" in text
    assert made.case.number in text


def test_what_officers_wrote_is_not_printed_by_applicants(visit, road):
    made = road()
    assert sheet(visit("agent2"), made, "handling").status_code == 404
    assert sheet(visit("agent"), made, "received").status_code == 404, "the case is of another enterprise"
    assert "申请材料收件凭证" in sheet(visit("agent2"), made, "received").text


def test_there_is_no_notice_before_the_decision(visit, road):
    made = road().to_approval()
    assert sheet(visit("approver"), made, "decision").status_code == 404
    made.finish("approval", "approver", "deny", opinion="建设资金未落实。", clause=CLAUSE)
    text = sheet(visit("agent2"), made, "decision").text
    assert "不予许可" in text
    assert "建设资金未落实。" in text
    assert CLAUSE in text
    assert "print/decision/" in visit("approver").get(f"/g/cases/{made.case_id}/").text


def test_an_unknown_sheet_is_not_found(visit, road):
    assert sheet(visit("window"), road(), "nonsense").status_code == 404

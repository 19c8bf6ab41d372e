"""A clause may be for some outcomes only; whoever decides is offered those that fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianguan.licensing.matters import gate, reading

PERMIT = Path(__file__).parents[3] / "packs" / "construction_permit" / "1"
NOT_COMPETENT = "不属于本机关职权范围"


def complaints(old: str, new: str) -> str:
    files = dict(reading.from_directory(PERMIT).files)
    text = files["matter.yaml"].decode()
    assert old in text
    pack = reading.from_files(files | {"matter.yaml": text.replace(old, new).encode()})
    return " ".join(str(problem.says) for problem in gate.clauses(pack.matter))


def test_the_shipped_permit_names_outcomes_that_need_a_clause():
    assert complaints("clauses:", "clauses:") == ""


def test_a_clause_for_what_needs_none_is_found():
    assert "accept" in complaints("for: [not_accept]", "for: [accept]")


def test_an_outcome_left_without_a_clause_is_found():
    files = dict(reading.from_directory(PERMIT).files)
    text = files["matter.yaml"].decode()
    start = text.index("clauses:")
    only = (
        text[:start]
        + f"clauses:\n  - {{zh: {NOT_COMPETENT}, en: x, for: [not_accept]}}\n"
        + text[text.index("certificate:", start) :]
    )
    pack = reading.from_files(files | {"matter.yaml": only.encode()})
    assert {"deny", "refuse"} <= {
        word for problem in gate.clauses(pack.matter) for word in str(problem.says).strip(".").split()
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("username", "offered"), [("window", True), ("approver", False)])
def test_a_panel_offers_what_fits_its_outcomes(visit, road, username, offered):
    made = road() if offered else road().to_approval()
    page = visit(username).get(f"/g/cases/{made.case_id}/").text
    assert (NOT_COMPETENT in page) is offered
    assert "第四条第一款第（五）项" in page

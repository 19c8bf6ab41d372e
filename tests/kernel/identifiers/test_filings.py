from __future__ import annotations

import pytest

from jianguan.kernel.identifiers import check


def test_a_drawing_review_number_of_hainan_is_taken_apart():
    verdict = check("drawing_review", "琼z-001234—1-2026")
    assert (verdict.normal, verdict.warnings) == ("琼Z-001234-1-2026", ())
    assert verdict.parts == {"institution": "琼Z", "project": "001234", "year": "2026"}


def test_an_institution_number_may_have_dashes_itself():
    assert check("drawing_review", "琼审[2020]-05-001234-1-2026").parts["institution"] == "琼审[2020]-05"


def test_a_completion_filing_number_of_twenty_digits_is_taken_apart():
    verdict = check("completion_filing", "370800-01-20241101-0001")
    assert (verdict.normal, verdict.warnings) == ("37080001202411010001", ())
    assert verdict.parts == {"region": "370800", "category": "01", "date": "20241101", "serial": "0001"}


@pytest.mark.parametrize(
    ("kind", "number"),
    [("drawing_review", "1301012106180001-TX-004"), ("completion_filing", "3101151211210104-JX-001")],
)
def test_the_national_record_number_is_read_too(kind, number):
    verdict = check(kind, number)
    assert (verdict.normal, verdict.warnings) == (number, ())
    assert verdict.parts["project"] == number[:16]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("drawing_review", "2019J13010012478"),
        ("drawing_review", "2019k13010010687"),
        ("drawing_review", "D19-042"),
        ("completion_filing", "37080001202413010001"),
        ("completion_filing", "370800120241111118"),
        ("completion_filing", "海建竣备2024-015"),
    ],
)
def test_numbers_of_other_places_are_accepted_with_a_warning(kind, number):
    verdict = check(kind, number)
    assert verdict.normal == number.upper()
    assert len(verdict.warnings) == 1


@pytest.mark.parametrize("kind", ["drawing_review", "completion_filing"])
@pytest.mark.parametrize("number", ["", "无", "见附件", "1" * 50, "2024?015"])
def test_what_cannot_be_a_number_is_refused_with_an_example(kind, number):
    assert "like" in str(check(kind, number).problems[0])

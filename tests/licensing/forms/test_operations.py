"""The buttons of a form."""

from __future__ import annotations

from typing import Any

import pytest

from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.service import Form, Outcome
from jianguan.platform.errors import Refusal

USCC = "91460100MA5TE5T156"


def look_up(library: str, number: str) -> dict[str, Any] | None:
    assert library == "enterprise"
    return {"name": "示例建工", "capital": None} if number == USCC else None


def press(form: Form, record: dict[str, Any], button: str | None) -> Outcome:
    return forms.carry_out(form, record, forms.operation(form, button), look_up)


def test_add_gives_one_more_row_and_the_focus_in_it(small: Form) -> None:
    outcome = press(small, {"people": [{"post": "a"}]}, "add:people")
    assert outcome.record == {"people": [{"post": "a"}, {}]}
    assert outcome.focus == "people-1-post"
    assert press(small, {}, "add:people").record == {"people": [{}]}


def test_add_stops_at_the_limit_and_says_so(small: Form) -> None:
    full = {"people": [{"post": "a"}] * 3}
    outcome = press(small, full, "add:people")
    assert outcome.record == full
    assert "at most 3" in str(outcome.remarks["people"])


def test_delete_takes_away_the_row_and_no_other(small: Form) -> None:
    rows = [{"person": "甲"}, {"person": "乙"}, {"person": "丙"}]
    assert press(small, {"people": rows}, "del:people:1").record == {"people": [rows[0], rows[2]]}
    assert press(small, {"people": rows}, "del:people:9").record == {"people": rows}


def test_fill_fetches_what_the_library_knows(small: Form) -> None:
    outcome = press(small, {"code": USCC, "note": "旧"}, "fill:code")
    assert outcome.record == {"code": USCC, "note": "示例建工"}
    assert outcome.remarks == {}
    outcome = press(small, {"people": [{}, {"unit": USCC}]}, "fill:people:1:unit")
    assert outcome.record == {"people": [{}, {"unit": USCC, "unit_name": "示例建工"}]}
    assert outcome.focus == "people-1-unit"


@pytest.mark.parametrize("number", [None, "", "wrong", "91430100MA4QTE5T3Q"])
def test_fill_says_when_the_library_knows_nothing(small: Form, number: str | None) -> None:
    outcome = press(small, {"code": number, "note": "旧"}, "fill:code")
    assert outcome.record["note"] == "旧"
    assert list(outcome.remarks) == ["code"]
    outcome = press(small, {"people": [{"unit": number}]}, "fill:people:0:unit")
    assert list(outcome.remarks) == ["people-0-unit"]


def test_fill_of_a_row_that_is_not_there_changes_nothing(small: Form) -> None:
    assert press(small, {"people": []}, "fill:people:0:unit") == Outcome({"people": []})


@pytest.mark.parametrize(
    ("button", "verb"), [("save", "save"), ("check", "check"), ("submit", "submit"), (None, "save")]
)
def test_the_buttons_of_the_page_leave_out_blank_rows(small: Form, button: str | None, verb: str) -> None:
    assert forms.operation(small, button).verb == verb
    assert press(small, {"name": "甲", "people": [{}, {"post": "a"}]}, button).record["people"] == [{"post": "a"}]


@pytest.mark.parametrize(
    "forged",
    ["approve", "add", "add:", "add:name", "add:people:0", "del:people", "del:people:-1", "del:people:9999", "del:people:x",
     "del:people:²", "del:name:0", "fill:name", "fill:people:0:post", "fill:people:0", "fill:people:x:unit", "save:x", ":",
     "fill:people:0:unit:x", "x" * 100_000],
)  # fmt: skip
def test_a_button_that_is_not_on_the_page_is_refused(small: Form, forged: str) -> None:
    with pytest.raises(Refusal, match="does not belong"):
        forms.operation(small, forged)

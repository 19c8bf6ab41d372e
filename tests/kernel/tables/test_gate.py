from __future__ import annotations

import pytest

from jianguan.kernel.tables import from_json, gate

OFFERED = {"committed": "boolean", "area": "number", "applied_on": "date", "stage": "text"}
LATE = 'applied_on >= date("2021-03-30")'


def findings(document, **available):
    return [(problem.severity, str(problem.message)) for problem in gate(from_json(document), **available)]


@pytest.fixture
def sound(funding):
    assert findings(funding, available=OFFERED) == []
    return funding


def test_a_sound_table_passes(sound):
    assert findings(sound) == []


def test_an_overlap_under_unique_is_an_error_that_shows_where(sound):
    sound["rows"][0]["when"][1] = "<= 300"
    assert findings(sound) == [
        ("error", f"Rows small committed overlap: committed true; area 300; {LATE}."),
        ("error", f'Rows small missing overlap: committed false; area 300; {LATE}; stage "foundation", "structure".'),
    ]


def test_an_overlap_under_first_is_none(sound):
    sound["rows"][0]["when"][1] = "<= 300"
    sound["hit"] = "first"
    assert findings(sound) == []


def test_rows_of_an_any_table_that_disagree_are_an_error(sound):
    sound["hit"] = "any"
    sound["rows"][0]["when"][1] = "<= 300"
    sound["rows"][0]["then"] = sound["rows"][1]["then"]
    assert findings(sound) == [
        ("error", f'Rows small missing disagree: committed false; area 300; {LATE}; stage "foundation", "structure".')
    ]


def test_a_gap_without_a_default_is_an_error_written_as_a_row(sound):
    del sound["default"]
    gap = "No row applies and there is no default"
    assert findings(sound) == [
        ("error", f'{gap}: area >= 300; applied_on < date("2021-03-30").'),
        ("error", f'{gap}: committed false; area >= 300; {LATE}; stage "fitting".'),
    ]


def test_a_row_that_can_never_apply_is_an_error(sound):
    sound["hit"] = "first"
    sound["rows"][0]["when"] = ["-", "-", "-", "-"]
    assert [message for _, message in findings(sound)] == [
        "Row committed can never apply.",
        "Row missing can never apply.",
    ]


def test_rows_that_collide_everywhere_are_said_so(sound):
    sound["rows"] = [{**sound["rows"][0], "id": f"r{n}", "when": ["-"] * 4} for n in range(2)]
    assert findings(sound)[0] == ("error", "Rows r0 r1 overlap: whatever the inputs are.")


def test_inputs_that_nobody_offers_or_of_another_kind_are_errors(sound):
    offered = {"committed": "text", "applied_on": "date", "stage": "text"}
    assert findings(sound, available=offered) == [
        ("error", "The input committed must be true or false, but text is offered."),
        ("error", "The input area is not offered by anything."),
    ]


def test_an_input_that_no_row_asks_about_and_open_text_are_warnings(sound):
    for row in sound["rows"]:
        row["when"][3] = "-"
    del sound["inputs"][3]["values"]
    assert findings(sound) == [
        ("warning", "The input stage is asked for, but no row depends on it."),
        ("warning", "The input stage is text without a closed list of values."),
    ]


def test_a_row_without_a_clause_is_a_warning_unless_the_table_has_a_basis(sound):
    del sound["basis"]
    assert findings(sound) == [("warning", "Row missing names no clause, and the table has no basis.")]


def test_a_check_that_could_not_be_completed_is_an_error(sound):
    sound["rows"] = [{**sound["rows"][0], "id": f"r{n}"} for n in range(20)]
    assert ("error", "The check is not complete: correct what it found, or split the table.") in findings(sound)

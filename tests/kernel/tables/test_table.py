from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from jianguan.kernel.tables import EvaluationError, Localized, from_json

INPUTS = {"committed": True, "area": Decimal("300.50"), "applied_on": date(2026, 1, 31), "stage": "structure"}


@pytest.fixture
def table(funding):
    return from_json(funding)


def hits(hit, *rows, **more):
    """A table with one number as input, one as output."""
    name = {"zh": "数", "en": "Number"}
    return from_json(
        {
            "key": "hits",
            "name": name,
            "hit": hit,
            "inputs": [{"key": "n", "type": "number", "name": name}],
            "outputs": [{"key": "out", "type": "number"}],
            "rows": [{"id": f"r{n}", "when": [cell], "then": [then]} for n, (cell, then) in enumerate(rows)],
            **more,
        }
    )


def outcome(table, n):
    return [dict(outputs)["out"] for outputs in table.evaluate({"n": n}).outputs]


def test_the_row_that_applies_gives_its_outputs_and_its_clause(table):
    evaluation = table.evaluate(INPUTS)
    (outputs,) = evaluation.outputs
    assert outputs == {"result": "passed", "share": Decimal("0.5"), "say": Localized("已承诺", "Committed")}
    assert [(row.id, row.clause) for row in evaluation.fired] == [("committed", "第四条第（五）项")]
    assert not evaluation.defaulted
    assert (evaluation.table, evaluation.digest) == ("funding", table.digest)


def test_inputs_that_the_table_does_not_know_are_ignored(table):
    assert table.evaluate({**INPUTS, "other": object()}) == table.evaluate(INPUTS)


def test_a_row_that_failed_on_one_condition_only_says_what_it_needs(table):
    misses = table.evaluate(INPUTS).near_misses
    assert [(miss.row.id, miss.input.key, miss.needs, miss.got) for miss in misses] == [
        ("small", "area", "< 300", "300.5"),
        ("missing", "committed", "false", "true"),
    ]
    far = table.evaluate({**INPUTS, "stage": "fitting"}).near_misses
    assert [miss.row.id for miss in far] == ["small"]


def test_an_evaluation_is_stored_as_plain_json(table):
    stored = table.evaluate(INPUTS).to_json()
    assert json.loads(json.dumps(stored)) == {
        "table": "funding",
        "digest": table.digest,
        "inputs": {"committed": "true", "area": "300.5", "applied_on": "2026-01-31", "stage": "structure"},
        "outputs": [{"result": "passed", "share": "0.5", "say": {"zh": "已承诺", "en": "Committed"}}],
        "fired": [{"row": "committed", "clause": "第四条第（五）项"}],
        "defaulted": False,
        "near_misses": [
            {
                "row": "small",
                "input": "area",
                "needs": "< 300",
                "got": "300.5",
                "would": {"result": "exempt", "share": None, "say": None},
            },
            {
                "row": "missing",
                "input": "committed",
                "needs": "false",
                "got": "true",
                "would": {"result": "failed", "share": "1", "say": {"zh": "缺少承诺书", "en": "No commitment"}},
            },
        ],
    }


def test_an_evaluation_explains_itself_in_the_language_of_the_reader(table):
    assert [str(sentence) for sentence in table.evaluate(INPUTS).explain()] == [
        "Row committed applies (第四条第（五）项): result: passed, share: 0.5, say: 已承诺.",
        "Row small did not apply: 建筑面积 is 300.5 and would have to be < 300. It gives result: exempt.",
        (
            "Row missing did not apply: 资金承诺书 is true and would have to be false. "
            "It gives result: failed, share: 1, say: 缺少承诺书."
        ),
    ]
    english = [str(sentence) for sentence in table.evaluate({**INPUTS, "committed": False}).explain("en")]
    assert english[0] == "Row missing applies: result: failed, share: 1, say: No commitment."
    assert english[2].startswith("Row committed did not apply: Commitment of funds is false and would have to be true.")


def test_where_no_row_applies_the_default_holds_and_is_marked(table):
    evaluation = table.evaluate({**INPUTS, "applied_on": date(2020, 1, 1)})
    assert evaluation.defaulted
    assert evaluation.outputs[0]["result"] == "failed"
    assert evaluation.to_json()["defaulted"] is True
    assert str(evaluation.explain()[0]) == (
        "No row applied, the default of the table holds: result: failed, say: 按旧规定审查."
    )


def test_where_no_row_applies_and_there_is_no_default_there_is_no_answer(funding):
    del funding["default"]
    with pytest.raises(EvaluationError, match="no row of table funding applies"):
        from_json(funding).evaluate({**INPUTS, "applied_on": date(2020, 1, 1)})


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("committed", None, "committed: true or false is expected, not null."),
        ("committed", "true", "committed: true or false is expected, not text."),
        ("committed", 1, "committed: true or false is expected, not a number."),
        ("area", True, "area: a number is expected, not true or false."),
        ("area", "300", "area: a number is expected, not text."),
        ("area", 300.5, "area: a number is expected, not a value of type float."),
        ("area", Decimal("NaN"), "area: a number is expected, not one that is not finite or has more than 34 digits."),
        ("area", Decimal("-Infinity"), "area: a number is expected, not one that is not finite"),
        ("area", Decimal("1e34"), "area: a number is expected, not one that is not finite"),
        ("area", Decimal("1e-35"), "area: a number is expected, not one that is not finite"),
        ("area", -(10**34), "area: a number is expected, not one that is not finite"),
        ("applied_on", "2026-01-31", "applied_on: a date is expected, not text."),
        ("applied_on", datetime(2026, 1, 31), "applied_on: a date is expected, not a value of type datetime."),
        ("stage", "roof", 'stage: one of "foundation", "structure", "fitting" is expected, not “roof”.'),
        ("stage", 1, 'stage: one of "foundation", "structure", "fitting" is expected, not a number.'),
        ("stage", ["structure"], 'stage: one of "foundation", "structure", "fitting" is expected, not a list.'),
    ],
)
def test_an_input_of_the_wrong_kind_is_an_error_that_names_it(table, key, value, problem):
    with pytest.raises(EvaluationError) as refusal:
        table.evaluate({**INPUTS, key: value})
    assert str(refusal.value).startswith(problem)
    assert refusal.value.place == key


def test_a_missing_input_is_an_error_that_names_it(table):
    with pytest.raises(EvaluationError, match=r"^area: a number is expected, not nothing\.$"):
        table.evaluate({key: value for key, value in INPUTS.items() if key != "area"})


def test_numbers_may_be_whole_or_decimal(table):
    assert table.evaluate({**INPUTS, "area": 300}).fired[0].id == "committed"
    assert table.evaluate({**INPUTS, "area": Decimal("299.99")}).fired[0].id == "small"


def test_unique_refuses_two_rows_that_apply():
    table = hits("unique", ("<= 5", 1), (">= 5", 1))
    assert outcome(table, 4) == [1]
    with pytest.raises(EvaluationError, match="rows r0, r1 of table hits all apply"):
        table.evaluate({"n": 5})


def test_first_takes_the_upper_row_and_rows_below_are_no_near_misses():
    table = hits("first", ("> 9", 0), ("<= 5", 1), (">= 5", 2), ("> 6", 3))
    evaluation = table.evaluate({"n": 5})
    assert outcome(table, 5) == [1]
    assert [row.id for row in evaluation.fired] == ["r1"]
    assert [miss.row.id for miss in evaluation.near_misses] == ["r0"]


def test_any_lets_rows_overlap_while_they_agree():
    table = hits("any", ("<= 5", 1), ("[3..5]", "1.0"), (">= 5", 2))
    assert outcome(table, 4) == [1]
    assert [row.id for row in table.evaluate({"n": 4}).fired] == ["r0", "r1"]
    with pytest.raises(EvaluationError, match="rows r0, r1, r2 of table hits disagree"):
        table.evaluate({"n": 5})


@pytest.mark.parametrize("hit", ["collect", "rule_order"])
def test_collecting_tables_give_the_outputs_of_all_rows_that_apply_in_their_order(hit):
    table = hits(hit, (">= 5", 3), ("<= 5", 1), ("9", 2), ("-", 1), default=[])
    assert outcome(table, 5) == [3, 1, 1]
    assert outcome(table, 9) == [3, 2, 1]


def test_a_collecting_table_may_declare_that_nothing_comes_out():
    rows = [("> 5", 1)]
    assert outcome(hits("collect", *rows, default=[]), 1) == []
    assert outcome(hits("collect", *rows, default=[7]), 1) == [7]
    with pytest.raises(EvaluationError, match="no row of table hits applies"):
        hits("collect", *rows).evaluate({"n": 1})


def test_tables_and_evaluations_cannot_be_changed(table):
    evaluation = table.evaluate(INPUTS)
    for change in (
        lambda: setattr(evaluation, "fired", ()),
        lambda: evaluation.outputs[0].__setitem__("result", "failed"),
        lambda: evaluation.inputs.__setitem__("area", "1"),
        lambda: table.rows[0].then.__setitem__("result", "failed"),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change()

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianguan.kernel.tables import Localized, TableError, faults, from_json, load

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["-", "r1", "text"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def places(document, path=()):
    """Every path in a document."""
    yield path
    entries = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for step, inner in entries:
        yield from places(inner, (*path, step))


def changed(document, path, value):
    """The document with another value at a path, or without what is there for KeyError."""
    copy = json.loads(json.dumps(document))
    *way, last = path
    place = copy
    for step in way:
        place = place[step]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return copy


def test_a_file_becomes_a_table(funding):
    table = load(json.dumps(funding, ensure_ascii=False).encode())
    assert table == from_json(funding)
    assert table.name == Localized("建设资金落实", "Funding in place")
    assert table.rows[1].then == {"result": "passed", "share": Decimal("0.5"), "say": Localized("已承诺", "Committed")}
    assert table.rows[0].then == {"result": "exempt", "share": None, "say": None}


def test_the_normal_form_reads_back_to_the_same_table(funding):
    table = from_json(funding)
    assert from_json(table.to_json()) == table
    assert table.to_json()["rows"][0]["then"] == {"result": "exempt", "share": None, "say": None}


def test_every_faulty_cell_is_told_at_once(funding):
    broken = changed(changed(funding, ("rows", 0, "when", 0), "maybe"), ("rows", 2, "then", "share"), "much")
    assert [error.place for error in faults(broken)] == ["rows[0].when[0]", "rows[2].then.share"]
    assert faults(funding) == []
    assert [error.place for error in faults(changed(funding, ("inputs", 0, "type"), "bool"))] == ["inputs[0].type"]


@settings(max_examples=100)
@given(data=st.data())
def test_faults_are_told_where_and_only_where_reading_refuses(data, documents):
    document = data.draw(documents)
    path = data.draw(st.sampled_from([path for path in places(document) if path]))
    broken = changed(document, path, data.draw(JSON | st.just(KeyError)))
    found = faults(broken)
    try:
        from_json(broken)
    except TableError:
        assert found
    else:
        assert found == []


@settings(max_examples=50)
@given(data=st.data())
def test_every_table_reads_back_from_its_normal_form(data, documents):
    table = from_json(data.draw(documents))
    again = from_json(json.loads(json.dumps(table.to_json())))
    assert again == table
    assert again.digest == table.digest


def test_the_digest_depends_on_the_content_and_not_on_how_it_is_written(funding):
    digest = from_json(funding).digest
    assert len(digest) == 64
    assert from_json(dict(reversed(funding.items()))).digest == digest
    assert from_json(changed(funding, ("rows", 2, "then", "share"), "1.0")).digest == digest
    assert from_json(changed(funding, ("rows", 1, "note"), " 2021 年修改\n")).digest == digest
    for path, value in [
        (("rows", 0, "when", 1), "< 301"),
        (("rows", 1, "clause"), "第五条"),
        (("name", "en"), "Funds"),
        (("default",), KeyError),
    ]:
        assert from_json(changed(funding, path, value)).digest != digest


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("hit",), KeyError, "hit must be given"),
        (("hit",), "unqiue", "hit: one of unique, first, any, collect, rule_order is expected"),
        (("colour",), 1, "colour is not known here, only $schema, key, name"),
        (("name",), "资金", "name: an object is expected"),
        (("name", "en"), KeyError, "name: en must be given"),
        (("name", "zh"), "", "name.zh: the text is empty"),
        (("name", "zh"), "x" * 201, "name.zh: at most 200 characters are possible"),
        (("name", "zh"), "a\tb", "name.zh: the text holds a control character"),
        (("key",), "../funding", "key: a name of ASCII letters, digits and _ is expected"),
        (("inputs",), [], "inputs: at least one entry is expected"),
        (("inputs", 0, "type"), "bool", "inputs[0].type: one of boolean, number, date, text is expected"),
        (("inputs", 1, "key"), "date", "inputs[1].key: a name of ASCII letters, digits and _ is expected"),
        (("inputs", 1, "key"), "面积", "inputs[1].key: a name of ASCII letters, digits and _ is expected"),
        (("inputs", 1, "key"), "stage", "inputs: “stage” occurs twice"),
        (("inputs", 1, "values"), ["1"], "inputs[1].values: only text has a closed list of values"),
        (("inputs", 3, "values"), ["a", "a"], "inputs[3].values: an entry occurs twice"),
        (("rows", 1, "id"), "small", "rows: “small” occurs twice"),
        (("rows", 1, "when"), ["true"], "rows[1].when: 1 cells for 4 inputs"),
        (("rows", 1, "when", 0), 1, "rows[1].when[0]: text is expected"),
        (
            ("rows", 1, "when", 1),
            ">= 3oo",
            "rows[1].when[1]: At character 5: the end of the text is expected, not “oo”",
        ),
        (
            ("rows", 2, "when", 3),
            '"roof"',
            'rows[2].when[3]: At character 1: "roof" is not one of foundation, structure',
        ),
        (("rows", 1, "then"), "passed", "rows[1].then: an object or a list is expected"),
        (("rows", 1, "then"), ["passed"], "rows[1].then: 1 values for 3 outputs"),
        (("rows", 1, "then", "say"), KeyError, "rows[1].then: say must be given; null stands for nothing"),
        (("rows", 1, "then", "resutl"), "x", "rows[1].then: resutl is not an output of the table"),
        (("rows", 1, "then", "result"), "Passed", "rows[1].then.result: Passed is not one of passed, failed, exempt"),
        (("rows", 1, "then", "result"), True, "rows[1].then.result: text of at most 2000 characters is expected"),
        (
            ("rows", 1, "then", "share"),
            0.5,
            "rows[1].then.share: a whole number, or a decimal number in quotation marks",
        ),
        (("rows", 1, "then", "share"), True, "rows[1].then.share: a whole number"),
        (("rows", 1, "then", "share"), "1e5", "rows[1].then.share: a whole number"),
        (
            ("rows", 1, "then", "say"),
            "好",
            "rows[1].then.say: text in “zh” and “en” of at most 2000 characters each is expected",
        ),
        (
            ("rows", 1, "then", "say"),
            {"zh": "好"},
            "rows[1].then.say: text in “zh” and “en” of at most 2000 characters each is expected",
        ),
        (("rows", 1, "then", "say", "zh"), "x" * 2001, "rows[1].then.say: text in “zh” and “en” of at most 2000"),
        (("rows", 1, "then", "say", "zh"), "\x00", "rows[1].then.say.zh: the text holds a control character"),
        (("default",), [], "default: 0 values for 3 outputs"),
        (("default", "result"), "none", "default.result: none is not one of"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place(funding, path, value, problem):
    with pytest.raises(TableError) as refusal:
        from_json(changed(funding, path, value))
    assert str(refusal.value).startswith(problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1, column 1 is not JSON"),
        ('{"key": "a",\n}', "line 2, column 1 is not JSON"),
        ('{"key": "a", "key": "b"}', "“key” occurs twice"),
        ('{"key": NaN}', "NaN is not a number"),
        ('{"key": ' + "9" * 5000 + "}", "a number has at most 34 digits"),
        ("[" * 100_000, "the file is nested too deeply"),
        ("[" * 50 + "]" * 50, "[0][0][0][0][0][0][0][0][0][0][0]: the file is nested too deeply"),
        (b"\xff\xfe\xfd", "the file is not UTF-8 text"),
        (" " * 2_000_001, "the file is longer than 2000000 characters"),
        ("[]", "an object is expected"),
    ],
)
def test_a_text_that_is_no_table_file_is_refused(text, problem):
    with pytest.raises(TableError) as refusal:
        load(text)
    assert str(refusal.value).startswith(problem)


@settings(max_examples=300)
@given(data=st.data())
def test_any_change_to_a_file_gives_a_table_or_a_table_error(data, documents):
    document = data.draw(documents)
    path = data.draw(st.sampled_from([path for path in places(document) if path]))
    value = data.draw(JSON | st.just(KeyError))
    try:
        from_json(changed(document, path, value))
    except TableError as error:
        message = str(error)
    else:
        message = "accepted"
    assert message


@settings(deadline=None)
@given(JSON)
def test_any_json_is_a_table_error(value):
    with pytest.raises(TableError):
        from_json(value)

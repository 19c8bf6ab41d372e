from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jianguan.kernel.tables import DmnError, dmn, from_json

MODEL = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"

FOREIGN = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:x" xmlns:v="urn:vendor">
  <extensionElements><v:anything/></extensionElements>
  <itemDefinition name="tRisk"><typeRef>string</typeRef><allowedValues><text>"low", "high"</text></allowedValues></itemDefinition>
  <itemDefinition name="tGrades" isCollection="true"><typeRef>string</typeRef></itemDefinition>
  <inputData id="i" name="Risk Category"/>
  <decision id="approval" name="Approval Status">
    <description> Why </description>
    <variable name="Approval Status" typeRef="string"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression typeRef="tRisk"><text> Risk Category </text></inputExpression></input>
      <output/>
      <annotation name="Remark"/>
      <rule><inputEntry><text>"low"</text></inputEntry><outputEntry><text>"Approved"</text></outputEntry>
        <annotationEntry><text>a remark</text></annotationEntry></rule>
      <rule id="other"><description>clause 5</description><inputEntry><text/></inputEntry><outputEntry><text/></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def foreign(old="", new=""):
    assert old in FOREIGN
    return FOREIGN.replace(old, new).encode()


@settings(max_examples=100)
@given(data=st.data())
def test_a_table_survives_the_way_through_dmn(data, documents):
    table = from_json(data.draw(documents))
    (again,) = dmn.read(dmn.write(table))
    assert again.to_json() == table.to_json()
    assert again.digest == table.digest


def test_clauses_stand_where_dmn_js_shows_them_and_names_in_both_languages(funding):
    root = etree.fromstring(dmn.write(from_json(funding)))
    rules = list(root.iter(f"{MODEL}rule"))
    assert [rule.get("id") for rule in rules] == ["row.small", "row.committed", "row.missing"]
    assert [rule.findtext(f"{MODEL}description") for rule in rules] == ["第二条", "第四条第（五）项", None]
    assert rules[1].findtext(f"{MODEL}annotationEntry/{MODEL}text") == "2021 年修改"
    decision = root.find(f"{MODEL}decision")
    assert (decision.get("name"), decision.get("{urn:jianguan:tables}en")) == ("建设资金落实", "Funding in place")


def test_every_element_that_an_editor_shows_has_an_id_of_its_own_and_a_place_in_the_drawing(funding):
    root = etree.fromstring(dmn.write(from_json(funding)))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    shown = ["input", "inputExpression", "output", "rule", "inputEntry", "outputEntry", "decisionTable"]
    assert [element.tag for tag in shown for element in root.iter(MODEL + tag) if not element.get("id")] == []
    (shape,) = root.iter("{https://www.omg.org/spec/DMN/20191111/DMNDI/}DMNShape")
    assert shape.get("dmnElementRef") == "funding"


def test_a_foreign_file_is_read_with_keys_made_from_its_names():
    (table,) = dmn.read(foreign())
    assert table.to_json() == {
        "key": "approval",
        "name": {"zh": "Approval Status", "en": "Approval Status"},
        "hit": "unique",
        "basis": "Why",
        "inputs": [
            {
                "key": "Risk_Category",
                "type": "text",
                "name": {"zh": "Risk Category", "en": "Risk Category"},
                "values": ["low", "high"],
            }
        ],
        "outputs": [
            {
                "key": "Approval_Status",
                "type": "text",
                "name": {"zh": "Approval Status", "en": "Approval Status"},
            }
        ],
        "rows": [
            {"id": "r1", "when": ['"low"'], "then": {"Approval_Status": "Approved"}, "note": "a remark"},
            {"id": "other", "when": ["-"], "then": {"Approval_Status": None}, "clause": "clause 5"},
        ],
    }


def test_a_foreign_collecting_table_gives_nothing_where_no_row_applies_as_dmn_has_it():
    collecting = foreign('"UNIQUE"', '"COLLECT"')
    assert dmn.read(collecting)[0].default == ()
    assert (
        dmn.read(collecting.replace(b'"Approval Status" typeRef="string"', b'"x" typeRef="tGrades"'))[0].hit
        == "collect"
    )


def test_a_file_of_several_decisions_gives_several_tables():
    start, end = FOREIGN.index("  <decision "), FOREIGN.index("</definitions>")
    twice = FOREIGN[:end] + FOREIGN[start:end].replace('"approval"', '"second"') + FOREIGN[end:]
    assert [table.key for table in dmn.read(twice.encode())] == ["approval", "second"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"UNIQUE"', '"PRIORITY"', "decision approval: the hit policy PRIORITY cannot be expressed"),
        ('"UNIQUE"', '"COLLECT" aggregation="SUM"', "decision approval: the aggregation SUM cannot be expressed"),
        ("<decisionTable", '<decisionTable expressionLanguage="groovy"', "the language “groovy” is not FEEL"),
        ("<requiredInput", "<requiredDecision", "“requiredDecision” cannot be expressed here"),
        ("<inputData", "<businessKnowledgeModel", "businessKnowledgeModel i: “businessKnowledgeModel” cannot be"),
        ("<inputData", "<import", "“import” cannot be expressed here"),
        ("<description> Why </description>", "<v:logic/>", "“logic” cannot be expressed here"),
        ("<description> Why </description>", "stray", "text stands where only elements may stand"),
        (
            "<text> Risk Category </text>",
            "<text>risk.category</text>",
            "the input expression “risk.category” is not a name",
        ),
        (
            "<text> Risk Category </text>",
            "<text>风险</text>",
            "decision approval, inputs[0].key: a name of ASCII letters",
        ),
        ("<text> Risk Category </text>", "<text>a<b/>c</text>", "elements stand where only text may stand"),
        ("<text> Risk Category </text>", "<text>a</text><text>b</text>", "the element occurs more than once"),
        ('typeRef="tRisk"', "", "the type “” cannot be expressed"),
        ('typeRef="tRisk"', 'typeRef="time"', "the type “time” cannot be expressed"),
        ('typeRef="tRisk"', 'typeRef="tGrades"', "the type “tGrades” cannot be expressed"),
        (
            "<typeRef>string</typeRef><allowedValues>",
            "<typeRef>tRisk</typeRef><allowedValues>",
            "the type “tRisk” cannot",
        ),
        (
            "<typeRef>string</typeRef><allowedValues>",
            "<typeRef>number</typeRef><allowedValues>",
            "itemDefinition tRisk: allowed",
        ),
        ('"low", "high"', '"low" and "high"', "itemDefinition tRisk: At character 7: the end of the text is expected"),
        ('"low", "high"', '"low", 1', "itemDefinition tRisk: a list of quoted texts is expected"),
        ("<typeRef>string</typeRef><allowedValues>", "<itemComponent/><allowedValues>", "“itemComponent” cannot be"),
        ('<text>"low"</text>', '<text>= "low"</text>', "decision approval, rows[0].when[0]: At character 1"),
        ('<text>"low"</text>', '<text>"mid"</text>', 'rows[0].when[0]: At character 1: "mid" is not one of low, high'),
        ('<text>"low"</text>', "<text>starts with(?, 1)</text>", "rows[0].when[0]: At character 1"),
        ('<text>"Approved"</text>', "<text>1</text>", "At character 1: a number is not what the output gives"),
        ('<text>"Approved"</text>', '<text>"a" + "b"</text>', "At character 5: the character “+” has no meaning here"),
        ('<text>"Approved"</text>', "<text>Risk</text>", "At character 1: a value is expected, not “Risk”"),
        ("<outputEntry><text/></outputEntry>", "", "rule other: the rule does not have one entry for each output"),
        ("<inputEntry><text/></inputEntry>", "", "decision approval, rows[1].when: 0 cells for 1 inputs"),
        ('id="approval"', "", "key: a name of ASCII letters, digits and _ is expected"),
        ("MODEL/", "OTHER/", "definitions d: the file is not DMN 1.1 to 1.5"),
        ('<?xml version="1.0"?>', "<!DOCTYPE x>", "a document type is declared"),
        ('<?xml version="1.0"?>', '<!DOCTYPE x [<!ENTITY a "b">]>', "a document type is declared"),
        ("</definitions>", "", "the file is not XML"),
    ],
)
def test_what_a_table_cannot_express_is_refused_by_its_name(old, new, problem):
    with pytest.raises(DmnError) as refusal:
        dmn.read(foreign(old, new))
    assert problem in str(refusal.value)


def test_a_decision_without_a_table_is_refused():
    start, end = FOREIGN.index("    <decisionTable"), FOREIGN.index("  </decision>")
    with pytest.raises(DmnError, match="decision approval: the decision holds no decision table"):
        dmn.read((FOREIGN[:start] + FOREIGN[end:]).encode())
    literal = "<literalExpression><text>1</text></literalExpression>"
    with pytest.raises(DmnError, match="decision approval: “literalExpression” cannot be expressed here"):
        dmn.read((FOREIGN[:start] + literal + FOREIGN[end:]).encode())


def test_entities_do_not_grow():
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    with pytest.raises(DmnError):
        dmn.read(f"{bomb}]><d>&j;</d>".encode())


@settings(max_examples=300)
@given(st.data())
def test_any_damage_to_a_file_gives_tables_or_a_dmn_error(data):
    start = data.draw(st.integers(0, len(FOREIGN)))
    end = start + data.draw(st.integers(0, 40))
    scrap = data.draw(
        st.text(max_size=5) | st.sampled_from(["<text>", "</text>", "<rule/>", "<output/>", '"', "&x;", "<!--"])
    )
    try:
        tables = dmn.read((FOREIGN[:start] + scrap + FOREIGN[end:]).encode("utf-8", "surrogatepass"))
    except DmnError:
        return
    assert all(table.rows for table in tables)

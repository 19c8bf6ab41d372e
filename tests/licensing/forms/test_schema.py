"""From form files to forms, and what keeps a file from being one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, override
from jsonschema import Draft202012Validator

from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.defects import META
from jianguan.licensing.forms.service import Form, FormError
from jianguan.registry.dictionaries import service as dictionaries

Compile = Callable[[Any], Form]


def test_the_meta_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(META)


def test_a_form_has_its_sections_and_fields_in_order(small: Form) -> None:
    assert [section.key for section in small.sections] == ["one", "two"]
    assert [field.key for field in small.fields][:3] == ["name", "code", "kind"]
    people = small.field("people")
    assert people is not None
    assert [column.key for column in people.columns][:2] == ["post", "person"]


def test_texts_are_in_the_language_of_the_reader(small: Form) -> None:
    with override("zh-hans"):
        assert str(small.title) == "小表"
    with override("en"):
        assert str(small.title) == "Small form"


def test_a_condition_carries_the_conditions_it_depends_on(small: Form) -> None:
    why = small.field("why")
    assert why is not None
    assert [condition.field for condition in why.show] == ["kind", "sure"]


def test_the_digest_belongs_to_the_content(file: dict[str, Any], compiled: Compile, small: Form) -> None:
    assert compiled(dict(reversed(file.items()))).digest == small.digest
    file["title"] = "另一张表"
    assert compiled(file).digest != small.digest


def test_every_json_schema_validator_understands_the_schema(small: Form, answers: dict[str, Any]) -> None:
    validator = Draft202012Validator(dict(small.schema))
    assert validator.is_valid(answers)
    assert not validator.is_valid({**answers, "kind": "b"})  # then `sure` is asked
    assert not validator.is_valid({**answers, "sure": True})  # and here it is not
    assert not validator.is_valid({**answers, "kind": "c"})


def test_options_come_from_the_dictionary_in_both_languages(permit: Form) -> None:
    award_way = permit.field("award_way")
    assert award_way is not None
    assert [option.code for option in award_way.options] == dictionaries.shipped().codes("tender_type")
    assert award_way.options[0].name.zh == "公开招标"
    assert award_way.options[0].name.en == "Open tender"


@pytest.mark.django_db
def test_the_library_of_dictionaries_serves_as_well(file: dict[str, Any]) -> None:
    dictionaries.load()
    file["properties"]["kind"] = {**file["properties"]["kind"], "x-dictionary": "permit_category"}
    del file["properties"]["kind"]["x-options"]
    file["properties"]["sure"]["x-show"] = {"kind": "02"}
    kind = forms.compile_form(file, dictionaries).field("kind")
    assert kind is not None
    assert str(kind.options[0]) == "房屋建筑工程"


def spoil(file: Any, path: str, value: Any) -> None:
    *way, last = (int(step) if step.isdigit() else step for step in path.split("/"))
    for step in way:
        file = file[step]
    if value is None:
        del file[last]
    else:
        file[last] = value


@pytest.mark.parametrize(
    ("path", "value", "place", "says"),
    [
        ("title", None, "", "缺少 title。"),
        ("properties/name/x-title-en", None, "properties.name", "缺少 x-title-en。"),
        ("properties/name/x-colour", "red", "properties.name", "此处没有 x-colour。"),
        ("properties/name/x-widget", "slider", "properties.name.x-widget", "此处应为 text, textarea,"),
        ("properties/name/x-prefill", None, "properties.name", "缺少 x-prefill。"),
        ("properties/name/x-decimals", 2, "properties.name.x-widget", '此处应为 "number"。'),
        ("properties/size/x-decimals", None, "properties.size", "缺少 x-decimals。"),
        ("properties/size/type", "number", "properties.size.type", "此处应为 string, boolean, array 之一。"),
        ("properties/size/x-minimum", 0.5, "", "文件含有不属于 JSON 表单的内容：$['properties']['size']['x-minimum']"),
        ("properties/size/x-span", 5, "properties.size.x-span", "此处应为 4, 6, 8, 12 之一。"),
        ("properties/note/x-hint", "小心", "properties.note.x-hint", "此处的类型应为 object。"),
        ("properties/note/x-hint", {"zh": "小心"}, "properties.note.x-hint", "缺少 en。"),
        ("properties/people/maxItems", None, "properties.people", "缺少 maxItems。"),
        ("x-sections/0/fields/0", "Name", "x-sections.0.fields.0", "Name 的写法不符合此处的要求。"),
        ("x-sections/0/fields/0", "nobody", "x-sections.0.fields", "没有字段 nobody。"),
        ("x-sections/0/fields/0", "code", "x-sections.0.fields", "字段 code 放了两次。"),
        ("x-sections/1/fields/5", "why", "properties.note", "字段不在任何一节中。"),
        ("x-sections/1/key", "one", "x-sections.1.key", "已有名为 one 的一节。"),
        ("properties/sure/x-show", {"nobody": "b"}, "properties.sure", "没有字段 nobody。"),
        ("properties/sure/x-show", {"kind": "z"}, "properties.sure", "z 不是 kind 的选项。"),
        ("properties/sure/x-show", {"size": "1"}, "properties.sure", "x-show 应指向单选字段，size 不是。"),
        ("properties/kind/x-show", {"sure": True}, "properties.kind", "字段的显示条件循环依赖。"),
        ("properties/sure/x-show", {"sure": True}, "properties.sure", "字段的显示条件循环依赖。"),
        ("properties/kind/x-options", None, "properties.kind", "x-dictionary 与 x-options 须且只能有一个。"),
        ("properties/tags/x-dictionary", "green_level", "properties.tags", "x-dictionary 与 x-options 须且只能有一个。"),
        ("properties/last/x-after", "size", "properties.last", "x-after 应指向日期字段，size 不是。"),
        ("properties/code/x-format", "isbn", "properties.code", "没有名为 isbn 的号码种类。"),
        ("properties/code/x-fill/to", {"nobody": "name"}, "properties.code", "没有字段 nobody。"),
        ("properties/people/x-row", ["post"], "properties.people", "x-row 应将行内的每个字段列出一次。"),
        ("properties/people/default", [{"post": "z"}], "properties.people", "z 不是 post 的选项。"),
        ("properties/people/items/properties/other/x-show", {"kind": "a"}, "properties.people.items.properties.other",
         "没有字段 kind。"),
    ],
)  # fmt: skip
def test_a_spoilt_file_is_refused_with_place_and_sentence(
    file: dict[str, Any], compiled: Compile, path: str, value: Any, place: str, says: str
) -> None:
    spoil(file, path, value)
    with pytest.raises(FormError) as refusal, override("zh-hans"):
        compiled(file)
    with override("zh-hans"):
        found = [(defect.place, defect.says.render(gettext)) for defect in refusal.value.defects]
    assert any(at == place and said.startswith(says) for at, said in found), found


@pytest.mark.parametrize(("pattern", "says"), [("[", "写法要求无法读取："), ("^[0-9]+$", "示例不符合写法要求。")])
def test_a_pattern_is_tried_on_its_example(file: dict[str, Any], compiled: Compile, pattern: str, says: str) -> None:
    name = file["properties"]["name"]
    name |= {"pattern": pattern, "examples": ["甲"], "x-message": {"zh": "应为数字。", "en": "Digits are expected."}}
    with pytest.raises(FormError) as refusal:
        compiled(file)
    with override("zh-hans"):
        assert refusal.value.defects[0].says.render(gettext).startswith(says)


def test_an_unknown_dictionary_is_refused(file: dict[str, Any], compiled: Compile) -> None:
    file["properties"]["kind"]["x-dictionary"] = "moods"
    del file["properties"]["kind"]["x-options"]
    with pytest.raises(FormError, match="There is no dictionary moods"):
        compiled(file)


@pytest.mark.parametrize("nonsense", [None, [], "form", 1, {"properties": []}])
def test_whatever_is_no_form_is_refused(compiled: Compile, nonsense: Any) -> None:
    with pytest.raises(FormError):
        compiled(nonsense)


def test_an_entry_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.schema.json"
    path.write_text('{"title": "甲", "title": "乙"}')
    with pytest.raises(FormError, match="an entry stands twice"):
        forms.read_file(path)
    path.write_text("[" * 100_000)
    with pytest.raises(FormError, match="This is no JSON"):
        forms.read_file(path)
    path.write_text(json.dumps({"title": "甲"}))
    assert forms.read_file(path) == {"title": "甲"}

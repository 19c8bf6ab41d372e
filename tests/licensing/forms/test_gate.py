"""What stands between a form and its publication."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, override

from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import reading
from jianguan.licensing.matters.prefill import LIBRARIES, paths
from jianguan.registry.dictionaries.service import shipped

PACKS = Path(__file__).parents[3] / "packs"
FORMS = sorted(PACKS.glob("*/*/form.schema.json"))


PATHS = paths()


def told(file: Any, known: set[str] | frozenset[str] = PATHS) -> list[tuple[str, str]]:
    with override("zh-hans"):
        return [(d.place, d.says.render(gettext)) for d in forms.gate(file, shipped(), known, LIBRARIES)]


def test_there_are_forms() -> None:
    assert FORMS


@pytest.mark.parametrize("path", FORMS, ids=lambda path: "-".join(path.parts[-3:-1]))
def test_every_form_of_the_product_passes(path: Path, tmp_path: Path) -> None:
    whole = tmp_path / "form.schema.json"
    whole.write_bytes(reading.from_directory(path.parent).files[whole.name])  # with the parts it includes
    assert told(forms.read_file(whole)) == []


def test_the_small_form_passes(file: dict[str, Any]) -> None:
    assert told(file) == []


def test_a_file_that_is_no_form_does_not_pass(file: dict[str, Any]) -> None:
    del file["properties"]["size"]["x-decimals"]
    assert told(file) == [("properties.size", "缺少 x-decimals。")]


def test_a_path_the_platform_cannot_fill_does_not_pass(file: dict[str, Any]) -> None:
    assert told(file, {"project.code"}) == [("properties.name.x-prefill", "平台无法带出 project.name。")]


def test_a_library_that_cannot_be_asked_does_not_pass(file: dict[str, Any]) -> None:
    file["properties"]["code"]["x-fill"]["from"] = "weather"
    file["properties"]["people"]["items"]["properties"]["unit"]["x-fill"]["from"] = "weather"
    assert told(file) == [
        ("properties.code.x-fill", "没有可查询的库 weather。"),
        ("properties.people.items.properties.unit.x-fill", "没有可查询的库 weather。"),
    ]


@pytest.mark.parametrize(
    ("chinese", "english", "says"),
    [
        ("名称", "名称", "英文文字“名称”不是英文。"),
        ("Name", "Name", "“Name”的中文和英文相同。"),
        ("名称(全称)", "Name", "“名称(全称)”含有半角标点，中文应使用，。：；（）。"),
        ("请填写,谢谢", "Name", "“请填写,谢谢”含有半角标点，中文应使用，。：；（）。"),
    ],
)
def test_untranslated_and_half_width_texts_do_not_pass(
    file: dict[str, Any], chinese: str, english: str, says: str
) -> None:
    file["properties"]["name"] |= {"title": chinese, "x-title-en": english}
    assert told(file) == [("properties.name.title", says)]
    file["properties"]["name"] |= {"title": "名称", "x-title-en": "Name", "x-hint": {"zh": chinese, "en": english}}
    assert told(file) == [("properties.name.x-hint", says)]


def test_units_may_be_the_same_in_both_languages(file: dict[str, Any]) -> None:
    file["properties"]["size"]["x-unit"] = {"zh": "㎡", "en": "㎡"}
    assert told(file) == []


def test_a_question_no_answer_can_satisfy_does_not_pass(file: dict[str, Any]) -> None:
    file["properties"]["size"] |= {"x-minimum": 10, "x-maximum": 5}
    assert told(file) == [("size", "此处没有能通过的回答：不得小于 10。")]


def test_dead_ends_behind_an_answer_are_found(file: dict[str, Any]) -> None:
    file["properties"]["why"] |= {"minLength": 20, "maxLength": 10}
    assert told(file) == [("why", "此处没有能通过的回答：不超过 10 字。")]

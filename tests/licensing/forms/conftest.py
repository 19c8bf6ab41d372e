"""A small form with one field of every kind, the permit form of the product, and a browser that fills them in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import override
from lxml import html

from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.service import Form, Known, Option, Text
from jianguan.registry.dictionaries.service import shipped

PACKS = Path(__file__).parents[3] / "packs"
PERMIT = PACKS / "construction_permit/1/form.schema.json"

USCC, OTHER_USCC = "91460100MA5TE5T156", "91430100MA4QTE5T3Q"
IDENTITY, PHONE = "460000199003075232", "13800000000"


def question(title: str, english: str, widget: str, **hints: Any) -> dict[str, Any]:
    kinds = {"yes-no": "boolean", "checks": "array", "works": "array", "rows": "array"}
    made = {"title": title, "x-title-en": english, "type": kinds.get(widget, "string"), "x-widget": widget}
    made |= {"items": {"type": "string"}} if widget in {"checks", "works"} else {}
    made |= {"format": "date"} if widget == "date" else {}
    return made | hints


def options(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "zh": f"选项{code}", "en": f"Option {code}"} for code in codes]


SMALL: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "小表",
    "x-title-en": "Small form",
    "type": "object",
    "x-sections": [
        {"key": "one", "title": {"zh": "甲", "en": "One"}, "fields": ["name", "code", "kind", "tags", "size"]},
        {"key": "two", "title": {"zh": "乙", "en": "Two"}, "fields": ["first", "last", "sure", "why", "people", "note"]},
    ],
    "properties": {
        "name": question("名称", "Name", "text", **{"x-prefill": "project.name", "x-lock": True}),
        "code": question("代码", "Code", "uscc", **{"x-fill": {"from": "enterprise", "to": {"note": "name"}}}),
        "kind": question("种类", "Kind", "choice-radio", **{"x-options": options("a", "b")}),
        "tags": question("标签", "Tags", "checks", **{"x-options": options("x", "y"), "x-required": False}),
        "size": question("面积", "Size", "number", **{"x-decimals": 2, "x-minimum": 0, "x-maximum": "5000.5"}),
        "first": question("开工", "Start", "date"),
        "last": question("竣工", "Finish", "date", **{"x-after": "first"}),
        "sure": question("是否确定", "Sure", "yes-no", **{"x-show": {"kind": "b"}}),
        "why": question("原因", "Why", "textarea", **{"x-show": {"sure": False}, "minLength": 3}),
        "people": question(
            "人员",
            "People",
            "rows",
            **{
                "minItems": 1,
                "maxItems": 3,
                "allOf": [{"contains": {"required": ["post"], "properties": {"post": {"enum": ["a"]}}}}],
                "x-min-message": {"zh": "请填写甲岗人员。", "en": "Please enter somebody for post a."},
                "x-row": ["post", "person", "identity", "phone", "unit", "unit_name", "other"],
            },
            items={
                "type": "object",
                "properties": {
                    "post": question("岗位", "Post", "choice-select", **{"x-options": options("a", "b")}),
                    "person": question("姓名", "Person", "text", maxLength=20),
                    "identity": question("证件号码", "Identity", "id-card", **{"x-sensitive": "id_card"}),
                    "phone": question("电话", "Phone", "phone", **{"x-sensitive": "phone"}),
                    "unit": question(
                        "单位代码", "Unit", "uscc",
                        **{"x-required": False, "x-fill": {"from": "enterprise", "to": {"unit_name": "name"}}},
                    ),
                    "unit_name": question("单位", "Unit name", "text", **{"x-required": False}),
                    "other": question("说明", "Other", "text", **{"x-show": {"post": "b"}}),
                },
            },
        ),
        "note": question("备注", "Note", "textarea", **{"x-required": False}),
    },
}  # fmt: skip


@pytest.fixture
def file() -> dict[str, Any]:
    """The file of the small form, to be spoilt."""
    return deepcopy(SMALL)


@pytest.fixture
def compiled() -> Callable[[Mapping[str, Any]], Form]:
    return lambda file: forms.compile_form(file, shipped())


@pytest.fixture(scope="session")
def small() -> Form:
    return forms.compile_form(SMALL, shipped())


@pytest.fixture(scope="session")
def permit() -> Form:
    return forms.compile_form(forms.read_file(PERMIT), shipped())


@pytest.fixture
def known() -> Known:
    """What the libraries know of the project of the permit."""
    return Known(
        {
            "project": {
                "code": "4601052604150103",
                "investment_code": "2509-320193-89-01-544060",
                "name": "滨江新城二期",
                "nature": "001",
                "region": "460105",
                "address": "滨江大道 1 号",
                "owner_uscc": OTHER_USCC,
                "owner_name": "浏阳河置业有限公司",
            },
            "record": {"land": {"number": "琼（2026）0001号"}},
        },
        {
            "works": [Option("w-1", "1# 楼"), Option("w-2", "2# 楼")],
            "region": [Option("460105", Text("秀英区", "Xiuying"))],
        },
    )


@pytest.fixture
def answers() -> dict[str, Any]:
    """A record that answers the small form."""
    person = {"post": "a", "person": "张三", "identity": IDENTITY, "phone": PHONE}
    return {
        "name": "某工程", "code": USCC, "kind": "a", "size": "12.5", "first": "2026-01-01", "last": "2026-02-01",
        "people": [person],
    }  # fmt: skip


@pytest.fixture
def posted() -> Callable[..., QueryDict]:
    """What a browser would post: lists become several values of a name."""

    def make(fields: Mapping[str, str | list[str]]) -> QueryDict:
        query = QueryDict(mutable=True)
        for name, value in fields.items():
            query.setlist(name, value if isinstance(value, list) else [value])
        return query

    return make


@pytest.fixture
def render() -> Callable[..., html.HtmlElement]:
    """The form as a page, in a language, with the real templates."""

    def make(form: Form, record: Mapping[str, Any], *drawing: Any, language: str = "zh-hans") -> html.HtmlElement:
        with override(language):
            drawn = {"form": forms.draw(form, record, *drawing)}
            page = render_to_string("forms/summary.html", drawn) + render_to_string("forms/form.html", drawn)
        return html.fromstring(f"<form>{page}</form>")

    return make


@pytest.fixture
def post_back() -> Callable[[html.HtmlElement], QueryDict]:
    """Everything a page without script posts when it is sent as it is."""

    def post(page: html.HtmlElement) -> QueryDict:
        query = QueryDict(mutable=True)
        for name, value in page.form_values() if page.tag == "form" else page.xpath("//form")[0].form_values():
            query.appendlist(name, value)
        return query

    return post


def as_text(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)

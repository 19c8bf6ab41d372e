"""Tags and filters of the templates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.translation import override

from jianguan.platform import clock


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_an_icon_is_decoration_from_the_sprite() -> None:
    html = render('{% icon "bell" "lg" %}')
    assert html.startswith('<svg class="ico lg" aria-hidden="true"><use href="/static/jianguan/icons.svg?v=')
    assert html.endswith('#bell"/></svg>')


def test_an_asset_carries_the_hash_of_its_content() -> None:
    address, _, version = render("{% asset 'app.css' %}").partition("?v=")
    assert address == "/static/jianguan/app.css"
    assert len(version) == 12


def test_a_tag_escapes_its_words() -> None:
    assert render("{% tag words 'green' %}", words="<b>") == '<span class="st st-green">&lt;b&gt;</span>'


@pytest.mark.parametrize(
    ("level", "days", "zh", "en"),
    [
        ("overdue", 2, "超期 2 天", "2 days overdue"),
        ("overdue", 1, "超期 1 天", "1 day overdue"),
        ("today", 0, "今日到期", "due today"),
        ("soon", 1, "剩 1 天", "1 day left"),
        ("ok", 6, "剩 6 天", "6 days left"),
        ("stopped", 3, "计时中止", "clock stopped"),
        ("none", 0, "无时限", "no time limit"),
    ],
)
def test_a_lamp_is_shape_and_word(level: str, days: int, zh: str, en: str) -> None:
    deadline = SimpleNamespace(level=level, days=days, working=False)
    for language, words in (("zh-hans", zh), ("en", en)):
        with override(language):
            assert render("{% lamp d %}", d=deadline) == f'<span class="lamp lamp-{level}">{words}</span>'


@pytest.mark.parametrize(
    ("level", "days", "zh", "en"),
    [
        ("overdue", 2, "超期 2 个工作日", "2 working days overdue"),
        ("soon", 1, "剩 1 个工作日", "1 working day left"),
        ("ok", 3, "剩 3 个工作日", "3 working days left"),
    ],
)
def test_a_limit_in_working_days_is_told_in_working_days(level: str, days: int, zh: str, en: str) -> None:
    deadline = SimpleNamespace(level=level, days=days, working=True)
    for language, words in (("zh-hans", zh), ("en", en)):
        with override(language):
            assert words in render("{% lamp d %}", d=deadline)


def test_money_and_areas_are_written_out() -> None:
    with override("zh-hans"):
        assert render("{{ v|wan }}", v=42_386_550_000) == "42,386.55 万元"
        assert render("{{ v|wan }}", v=0) == "0.00 万元"
        assert render("{{ v|area }}", v=Decimal("98640.52")) == "98,640.52 ㎡"
        assert render("{{ v|thousands }}", v=78371) == "78,371"
    with override("en"):
        assert render("{{ v|wan }}", v=42_386_550_000) == "CNY 42,386.55 × 10,000"


@pytest.mark.parametrize("name", ["wan", "area", "thousands", "moment", "moment_in_full", "day"])
def test_what_is_not_known_is_a_dash(name: str) -> None:
    assert render(f"{{{{ v|{name} }}}}", v=None) == "—"


def test_instants_are_shown_in_beijing_time() -> None:
    late = datetime(2025, 6, 10, 16, 31, 18, tzinfo=UTC)
    with clock.standing_at(datetime(2025, 7, 1, tzinfo=UTC)):
        assert render("{{ v|moment }}", v=late) == "06-11 00:31"
    with clock.standing_at(datetime(2026, 7, 1, tzinfo=UTC)):
        assert render("{{ v|moment }}", v=late) == "2025-06-11 00:31"
    assert render("{{ v|moment_in_full }}", v=late) == "2025-06-11 00:31:18"
    assert render("{{ v|day }}", v=late) == "2025-06-11"
    assert render("{{ v|day }}", v=date(2025, 6, 11)) == "2025-06-11"


def test_a_day_in_words_names_the_weekday() -> None:
    with override("zh-hans"):
        assert render("{{ v|day_in_words }}", v=date(2025, 6, 11)) == "2025 年 6 月 11 日 星期三"
    with override("en"):
        assert render("{{ v|day_in_words }}", v=date(2025, 6, 11)) == "Wednesday, 11 June 2025"


def test_numbers_of_people_are_masked() -> None:
    assert render("{{ v|mask_phone }}", v="13812340000") == "138****0000"
    assert render("{{ v|mask_id }}", v="430102199003075219") == "430102********5219"
    assert render("{{ v|mask_name }}", v="张三丰") == "张**"

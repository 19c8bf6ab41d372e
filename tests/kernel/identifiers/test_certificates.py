from __future__ import annotations

import pytest

from jianguan.kernel.identifiers import check

SOUND = [
    (
        "safety_licence",
        "（鄂）JZ安许证字【2005】000115",
        "(鄂)JZ安许证字[2005]000115",
        {"province": "鄂", "year": "2005", "serial": "000115"},
    ),
    (
        "safety_licence",
        "（琼）JZ安许证字〔2020〕000001",
        "(琼)JZ安许证字[2020]000001",
        {"province": "琼", "year": "2020", "serial": "000001"},
    ),
    (
        "safety_licence",
        "[琼] jz安许证字（2020）000001-01",
        "(琼)JZ安许证字[2020]000001-01",
        {"province": "琼", "year": "2020", "serial": "000001", "copy": "01"},
    ),
    (
        "builder",
        "琼246202100001",
        "琼246202100001",
        {
            "province": "琼",
            "grade": "2",
            "region": "46",
            "qualified": "20",
            "registered": "21",
            "serial": "00001",
        },
    ),
    (
        "safety_officer",
        "京建安C1(2015)0000001",
        "京建安C1(2015)0000001",
        {"province": "京", "category": "C1", "year": "2015", "serial": "0000001"},
    ),
    (
        "safety_officer",
        "琼建安b〔2026〕0000001",
        "琼建安B(2026)0000001",
        {"province": "琼", "category": "B", "year": "2026", "serial": "0000001"},
    ),
    (
        "special_worker",
        "晋A012008000001",
        "晋A012008000001",
        {"province": "晋", "city": "A", "trade": "01", "year": "2008", "serial": "000001"},
    ),
    (
        "special_worker",
        "琼a03 2026 000001",
        "琼A032026000001",
        {"province": "琼", "city": "A", "trade": "03", "year": "2026", "serial": "000001"},
    ),
    (
        "qualification",
        "D151101420",
        "D151101420",
        {"type": "D", "level": "1", "region": "51", "serial": "10142", "check": "0"},
    ),
    (
        "qualification",
        "D246000017－2／1",
        "D246000017-2/1",
        {"type": "D", "level": "2", "region": "46", "serial": "00001", "check": "7", "copy": "2/1"},
    ),
    (
        "qualification",
        "aw131000017",
        "AW131000017",
        {"type": "A", "foreign": "W", "level": "1", "region": "31", "serial": "00001", "check": "7"},
    ),
]


@pytest.mark.parametrize(("kind", "typed", "normal", "parts"), SOUND)
def test_samples_are_normalised_and_taken_apart(kind, typed, normal, parts):
    verdict = check(kind, typed)
    assert (verdict.normal, verdict.warnings) == (normal, ())
    assert verdict.parts == parts


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("safety_licence", "(囧)JZ安许证字[2020]000001", "囧 is not the short name"),
        ("safety_licence", "(琼)JZ安许证字[2020]000001延", "accepted unchecked"),
        ("builder", "琼290202100001", "90 is not the code"),
        ("builder", "琼1462020202100001", "accepted unchecked"),
        ("safety_officer", "京建安C(2010)0000001", "accepted unchecked"),
        ("safety_officer", "囧建安A(2010)0000001", "囧 is not the short name"),
        ("special_worker", "琼A552026000001", "55 is not a known trade"),
        ("special_worker", "2430599", "accepted unchecked"),
        ("qualification", "D290000017", "90 is not the code"),
        ("qualification", "GA4601234567", "accepted unchecked"),
    ],
)
def test_a_number_that_differs_from_a_soft_rule_is_accepted_with_a_warning(kind, number, said):
    verdict = check(kind, number)
    assert verdict.valid
    assert [said in str(warning) for warning in verdict.warnings] == [True]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("safety_licence", "D151101420"),
        ("safety_licence", "安许证字"),
        ("builder", "121500249"),
        ("builder", "S174101880"),
        ("builder", "S2182100484"),
        ("builder", "琼346202100001"),
        ("safety_officer", "琼B20260000001"),
        ("special_worker", "琼A"),
        ("special_worker", "京建安C1(2015)0000001"),
        ("qualification", "246000017"),
        ("qualification", "D" + "1" * 60),
    ],
)
def test_what_cannot_be_such_a_number_is_refused_with_an_example(kind, number):
    verdict = check(kind, number)
    assert (verdict.valid, verdict.parts) == (False, {})
    assert "like" in str(verdict.problems[0])

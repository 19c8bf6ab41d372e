"""Classes of dangerous works: the examples of the reference, thresholds at both sides, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jianguan.kernel.dangerous_works import (
    CatalogueError,
    Level,
    Works,
    WorksError,
    classify,
    read_catalogue,
    read_works,
)
from jianguan.sites.dangerous_works.catalogues import NATIONAL
from jianguan.sites.dangerous_works.service import national

CATALOGUE = national()
THRESHOLDS = [
    pytest.param(kind, level, entry, condition, id=f"{entry.key} {condition.name}")
    for kind in CATALOGUE.kinds.values()
    for level, entries in kind.entries.items()
    for entry in entries
    for condition in entry.any
]


def works(kind: str, *facts: str, **measures: str) -> Works:
    return Works(kind, {name: Decimal(value) for name, value in measures.items()}, facts)


def level(kind: str, *facts: str, **measures: str) -> Level:
    return classify(CATALOGUE, works(kind, *facts, **measures)).level


def test_the_catalogue_has_22_and_19_entries():
    counts = {each: sum(len(kind.entries[each]) for kind in CATALOGUE.kinds.values()) for each in CATALOGUE.levels}
    assert counts == {Level.DANGEROUS: 22, Level.OVER_SCALE: 19}


def test_the_examples_of_the_reference():
    assert level("formwork", support_height="7.9", support_span="18", total_load="12", line_load="9") == "over_scale"
    assert (
        level("formwork", support_height="3", support_span="16", total_load="9.766", line_load="8.552") == "dangerous"
    )
    assert level("foundation_pit", excavation_depth="5.0") == "over_scale"
    assert level("foundation_pit", "complex_surroundings", excavation_depth="4.99") == "dangerous"
    assert level("scaffold", "cantilever", section_height="19.8") == "dangerous"
    assert level("lifting", "machine_erection", rated_capacity="80", erected_height="120") == "dangerous"


@pytest.mark.parametrize(("kind", "of", "entry", "condition"), THRESHOLDS)
def test_every_threshold_holds_at_its_number_and_not_below(kind, of, entry, condition):
    if condition.at_least is None:
        found = classify(CATALOGUE, works(kind.key, condition.name))
    else:
        found = classify(CATALOGUE, works(kind.key, **{condition.name: str(condition.at_least)}))
        below = classify(CATALOGUE, works(kind.key, **{condition.name: str(condition.at_least - Decimal("0.001"))}))
        assert entry.key not in [match.entry.key for match in below.matches]
    assert (of, entry.key) in [(match.level, match.entry.key) for match in found.matches]


def test_the_class_comes_with_its_clause_and_the_worse_class_first():
    found = classify(CATALOGUE, works("foundation_pit", excavation_depth="12.5"))
    assert [match.entry.key for match in found.matches] == ["C1.1", "D1.1"]
    assert found.matches[0].clause.zh == "建办质〔2018〕31号附件二"
    assert "12.5" in str(found.matches[0].says)
    assert found.to_json()["class"] == "over_scale"


def test_works_that_meet_nothing_are_not_dangerous():
    found = classify(CATALOGUE, works("scaffold", ground_height="23.9"))
    assert (found.level, found.matches) == (Level.NONE, ())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (works("x"), "no kind of works"),
        (works("formwork"), "at least one"),
        (works("formwork", excavation_depth="3"), "is not asked"),
        (works("formwork", "cantilever"), "is not asked"),
        (works("formwork", support_height="-1"), "not negative"),
        (works("formwork", support_height="NaN"), "not negative"),
    ],
)
def test_works_that_do_not_fit_are_refused_with_a_sentence(wrong, says):
    with pytest.raises(WorksError, match=says):
        classify(CATALOGUE, wrong)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("{", "not JSON"),
        ("[]", "list of “works”"),
        ('{"works": []}', "list of “works”"),
        ('{"works": [{"measures": {}}]}', r"works\[1\]"),
        ('{"works": [{"kind": "formwork", "size": 3}]}', "“size” is not known"),
        ('{"works": [{"kind": "formwork", "measures": {"support_height": "8 m"}}]}', "a number is expected"),
        ('{"works": [{"kind": "formwork", "facts": "cantilever"}]}', "a list of names"),
    ],
)
def test_files_that_name_no_works_are_refused_with_the_place(document, says):
    with pytest.raises(WorksError, match=says):
        read_works(document.encode())


def test_works_are_read_with_exact_numbers():
    (read,) = read_works(
        '{"works": [{"kind": "formwork", "name": "A 区", "measures": {"support_height": 7.999}}]}'.encode()
    )
    assert (read.name, read.measures["support_height"]) == ("A 区", Decimal("7.999"))


def test_an_entry_that_asks_what_its_kind_does_not_is_refused():
    with pytest.raises(CatalogueError, match="depth"):
        read_catalogue(NATIONAL.read_bytes().replace(b"measure: excavation_depth", b"measure: depth", 1))

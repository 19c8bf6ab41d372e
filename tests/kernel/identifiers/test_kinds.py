from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers import KINDS, NumberError, UnknownKind, check

PIECES = st.sampled_from(
    [
        "1",
        "20240101",
        "460105",
        "X",
        "琼",
        "建安",
        "JZ安许证字",
        "-",
        "(",
        "]",
        "〔",
        "－",
        "９",
        " ",
        "SX",
        "W",
        ".",
        "1.2",
    ]
)
TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=12).map("".join) | st.text("0123456789-Xx", max_size=30)


def test_every_promised_kind_is_there():
    assert set(KINDS) == {
        "uscc",
        "org_code",
        "id_card",
        "project",
        "node_record",
        "works",
        "investment_project",
        "permit",
        "drawing_review",
        "completion_filing",
        "safety_licence",
        "qualification",
        "builder",
        "safety_officer",
        "special_worker",
        "e_certificate",
    }


def test_an_unknown_kind_lists_the_known_ones():
    with pytest.raises(UnknownKind, match="'passport'; known are uscc, org_code") as refusal:
        check("passport", "E1")
    assert not isinstance(refusal.value, KeyError)


@pytest.mark.parametrize("kind", KINDS)
@given(text=TEXTS)
def test_any_text_gets_a_verdict_and_the_normal_form_stays_as_it_is(kind, text):
    verdict = check(kind, text)
    assert (verdict.kind, verdict.given) == (kind, text)
    assert verdict.valid == (not verdict.problems)
    assert all(str(sentence) for sentence in verdict.problems + verdict.warnings)
    if verdict.normal is not None:
        again = check(kind, verdict.normal)
        assert (again.normal, again.parts, again.warnings) == (verdict.normal, verdict.parts, verdict.warnings)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["9" * 1_000_000, "琼" * 100_000 + "1", "-" * 100_000, "\ud800", "1\x00", "١" * 18])
def test_very_long_and_strange_text_is_refused(kind, text):
    assert not check(kind, text).valid


def test_a_verdict_hands_over_the_normal_form_or_raises_the_sentence():
    assert check("org_code", "00612224-4").require() == "006122244"
    with pytest.raises(NumberError, match="organisation code"):
        check("org_code", "?").require()

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers import check, check_digits

PUBLIC = [
    "91130108601248693C",
    "11430000006122244L",
    "11220000013544541J",
    "11370800MB28559184",
    "11110000000021135M",
    "11100000000013338W",
    "11330105002500287C",
    "11420503087246977F",
    "11100000MB0341032Y",
    "11100000MB03271699",
]
SYNTHETIC = ["91460100MA5TE5T156", "91420500MA4HTE5T5D", "91430100MA4QTE5T3Q", "1146010000817TE53Q"]


@st.composite
def codes(draw):
    character = st.sampled_from(check_digits.USCC_ALPHABET)
    head = draw(st.text(character, min_size=2, max_size=2))
    region = f"{draw(st.integers(0, 999_999)):06}"
    body = head + region + draw(st.text(character, min_size=9, max_size=9))
    return body + check_digits.mod31(body)


@pytest.mark.parametrize("code", PUBLIC + SYNTHETIC)
def test_public_and_synthetic_codes_are_valid_without_warning(code):
    verdict = check("uscc", code)
    assert (verdict.valid, verdict.normal, verdict.warnings) == (True, code, ())


def test_a_code_is_taken_apart():
    assert check("uscc", "11430000006122244L").parts == {
        "authority": "1",
        "category": "1",
        "region": "430000",
        "subject": "006122244",
        "check": "L",
    }


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("11430000006122244M", "last character"),
        ("114300000061222440", "last character"),
        ("91460100MA5TESTI1X", "This one contains SI."),
        ("11430000006122244", "This one has 17 characters."),
        ("1143A000006122244L", "wrong place"),
        ("13221006-9", "old organisation code"),
        ("", "This one has 0 characters."),
    ],
)
def test_a_wrong_code_is_refused_with_the_reason(code, said):
    verdict = check("uscc", code)
    assert (verdict.valid, verdict.normal) == (False, None)
    assert said in str(verdict.problems[0])


@pytest.mark.parametrize("typed", ["11430000006122244l", " 1143 0000 0061 2224 4L ", "１１４３０００0006122244Ｌ"])
def test_case_width_and_spaces_do_not_matter(typed):
    assert check("uscc", typed).normal == "11430000006122244L"


def test_a_wrong_organisation_code_inside_only_warns():
    body = "11430000006122245"
    verdict = check("uscc", body + check_digits.mod31(body))
    assert verdict.valid
    assert "In the part 006122245" in str(verdict.warnings[0])


@given(codes(), st.data())
def test_every_single_wrong_character_is_caught(code, data):
    assert check("uscc", code).valid
    position = data.draw(st.integers(0, 17))
    wrong = data.draw(st.sampled_from(check_digits.ALPHANUMERIC.replace(code[position], "")))
    assert not check("uscc", code[:position] + wrong + code[position + 1 :]).valid


def test_an_organisation_code_is_stored_without_its_dash():
    assert check("org_code", "00612224-4").normal == "006122244"
    assert check("org_code", "13221006-9").normal == "132210069"


@pytest.mark.parametrize("code", ["00612224-5", "00612224", "0061222A4A"])
def test_a_wrong_organisation_code_is_refused(code):
    assert not check("org_code", code).valid

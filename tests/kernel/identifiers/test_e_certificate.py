from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianguan.kernel.identifiers import NumberError, check, check_digits, e_certificate

ROOT = "1.2.156.3005.2."
VERIFIED = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S",
    "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
    "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
]
SYNTHETIC = [
    "1.2.156.3005.2.11100000000013338W009.1146010000817TE53Q.460105202604150101.001.5",
    "1.2.156.3005.2.11100000000013338W009.1146010000817TE53Q.460105202604150101.002.3",
    "1.2.156.3005.2.11100000000013338W011.1146010000817TE53Q.20260000001.001.Q",
]
DOUBT = "last character does not agree"


@pytest.mark.parametrize("identifier", VERIFIED + SYNTHETIC)
def test_the_samples_are_valid_and_are_made_again_from_their_parts(identifier):
    verdict = check("e_certificate", identifier)
    assert (verdict.normal, verdict.warnings) == (identifier, ())
    parts = verdict.parts
    made = e_certificate.make(parts["definer"] + parts["type"], parts["issuer"], parts["serial"], int(parts["version"]))
    assert made == identifier


def test_an_identifier_is_taken_apart():
    assert check("e_certificate", VERIFIED[0]).parts == {
        "definer": "11100000000013338W",
        "type": "011",
        "issuer": "11430000006122244L",
        "serial": "20230000403",
        "version": "001",
        "check": "U",
    }


def test_a_foreign_identifier_with_another_check_is_marked_not_refused():
    sample = "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M"
    verdict = check("e_certificate", sample)
    assert verdict.normal == sample
    assert DOUBT in str(verdict.warnings[0])
    assert not check("e_certificate", sample[:-1] + "D").warnings


def test_a_wrong_issuing_authority_is_marked_not_refused():
    verdict = check("e_certificate", VERIFIED[0].replace("244L.", "244M."))
    assert verdict.valid
    assert any("In the part 11430000006122244M" in str(warning) for warning in verdict.warnings)


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "1.2.156.3005.3.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W01.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.1.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001",
    ],
)
def test_what_has_not_the_six_parts_is_refused(identifier):
    assert "six parts" in str(check("e_certificate", identifier).problems[0])


def test_full_width_letters_and_stops_are_read():
    assert check("e_certificate", VERIFIED[0].replace(".", "．").replace("W", "ｗ")).normal == VERIFIED[0]


@given(
    st.sampled_from(["011", "032", "087"]),
    st.text(check_digits.ALPHANUMERIC, min_size=1, max_size=32),
    st.integers(1, 999),
    st.data(),
)
def test_a_made_identifier_is_read_back_and_every_single_wrong_character_is_noticed(kind, serial, version, data):
    made = e_certificate.make("11100000000013338W" + kind, "11430000006122244L", serial, version)
    verdict = check("e_certificate", made)
    assert not verdict.warnings
    assert (verdict.parts["serial"], int(verdict.parts["version"])) == (serial, version)
    places = [place for place in range(len(ROOT), len(made)) if made[place] != "."]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from(check_digits.ALPHANUMERIC.replace(made[place], "")))
    changed = check("e_certificate", made[:place] + wrong + made[place + 1 :])
    assert not changed.valid or DOUBT in str(changed.warnings[0])


@pytest.mark.parametrize(
    ("type_code", "issuer", "serial", "version"),
    [
        ("11100000000013338W011", "11430000006122244L", "1", 1000),
        ("11100000000013338W011", "11430000006122244L", "1", 0),
        ("11100000000013338W011", "11430000006122244M", "1", 1),
        ("11100000000013338X011", "11430000006122244L", "1", 1),
        ("11100000000013338W01", "11430000006122244L", "1", 1),
        ("11100000000013338W011", "11430000006122244L", "", 1),
        ("11100000000013338W011", "11430000006122244L", "1.2", 1),
        ("11100000000013338W011", "11430000006122244L", "琼1", 1),
    ],
)
def test_an_identifier_is_not_made_from_what_does_not_fit(type_code, issuer, serial, version):
    with pytest.raises(NumberError):
        e_certificate.make(type_code, issuer, serial, version)

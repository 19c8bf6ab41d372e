"""The input and output pairs of the author of RFC 8785."""

from __future__ import annotations

import json

import pytest

from jianguan.kernel.transparency.canonical import canonical

pytestmark = pytest.mark.conformance

REFUSED = {
    "structures.json": r"\$\['1'\]\['\\n'\] is of type float",
    "values.json": r"\$\['numbers'\]\[0\] is of type float",
}
"""Fractions are Decimal here and become text; a float is refused, even 56.0."""


def test_every_document_without_a_float_gets_the_published_bytes(conformance):
    folder = conformance / "json-canonicalization/testdata"
    admitted = [file for file in sorted((folder / "input").iterdir()) if file.name not in REFUSED]
    assert [file.name for file in admitted] == ["arrays.json", "french.json", "unicode.json", "weird.json"]
    for file in admitted:
        ours = canonical(json.loads(file.read_bytes()))
        assert ours == (folder / "output" / file.name).read_bytes()
        assert ours == bytes.fromhex((folder / "outhex" / file.name).with_suffix(".txt").read_text())


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_with_a_float_is_refused_where_the_float_is(conformance, name):
    document = json.loads((conformance / "json-canonicalization/testdata/input" / name).read_bytes())
    with pytest.raises(TypeError, match=REFUSED[name]):
        canonical(document)


def test_without_its_float_the_structure_gets_the_published_bytes(conformance):
    folder = conformance / "json-canonicalization/testdata"
    document = json.loads((folder / "input/structures.json").read_bytes(), parse_float=lambda text: int(float(text)))
    assert canonical(document) == (folder / "output/structures.json").read_bytes()

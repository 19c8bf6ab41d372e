"""Proofs of transparency-dev/merkle: the happy paths verify, and everything damaged fails."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest

from jianguan.kernel.transparency.merkle import verify_consistency, verify_inclusion

pytestmark = pytest.mark.conformance


def published(folder):
    """Each case by its file, with its hashes decoded; all 98, of which 6 must verify."""
    cases = {str(file): json.loads(file.read_text()) for file in sorted(folder.rglob("*.json"))}
    for case in cases.values():
        for name in {"root", "root1", "root2", "leafHash"} & case.keys():
            case[name] = b64decode(case[name])
        case["proof"] = [b64decode(element) for element in case["proof"] or []]
    assert (len(cases), sum(not case["wantErr"] for case in cases.values())) == (98, 6)
    return cases.items()


def test_inclusion_proofs_have_the_published_outcome(conformance):
    assert [
        file
        for file, case in published(conformance / "merkle/testdata/inclusion")
        if verify_inclusion(case["leafHash"], case["leafIdx"], case["treeSize"], case["proof"], case["root"])
        == case["wantErr"]
    ] == []


def test_consistency_proofs_have_the_published_outcome(conformance):
    assert [
        file
        for file, case in published(conformance / "merkle/testdata/consistency")
        if verify_consistency(case["size1"], case["size2"], case["root1"], case["root2"], case["proof"])
        == case["wantErr"]
    ] == []

"""`jianguan archive verify`: exit status 0 good, 1 altered, 2 wrong use; JSON is one document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jianguan.config.cli import main
from jianguan.platform.journal import service as journal


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["archive", "verify", *map(str, arguments)])


@pytest.fixture
def altered(package: Path) -> Path:
    raw = bytearray(package.read_bytes())
    raw[raw.index(b"%PDF") + 20] ^= 1
    package.write_bytes(bytes(raw))
    return package


def test_a_good_package_ends_with_0(package):
    result = run(package, "--key", str(journal.verifier_key()), "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (document["good"], document["findings"], document["key_given"]) == (True, [], True)
    assert document["documents"] == 4


def test_without_a_key_it_is_said_where_the_key_came_from(package):
    result = run(package)
    assert result.exit_code == 0
    assert result.stdout.startswith("good: ")
    assert "taken from the package" in result.stdout


def test_an_altered_package_ends_with_1_and_names_the_file(altered):
    result = run(altered, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [finding["file"][:15] for finding in document["findings"]] == ["data/documents/"] * len(document["findings"])
    assert run(altered).stdout.startswith("bad: ")


def test_what_is_no_package_ends_with_1(tmp_path):
    (tmp_path / "junk.zip").write_bytes(bytes(range(256)))
    assert run(tmp_path / "junk.zip").exit_code == 1


def test_wrong_use_ends_with_2(tmp_path, package):
    assert run(tmp_path / "nowhere.zip").exit_code == 2
    assert run(tmp_path).exit_code == 2
    assert run().exit_code == 2
    result = run(package, "--key", "nonsense", "--json")
    assert result.exit_code == 2
    assert "error" in json.loads(result.stdout)

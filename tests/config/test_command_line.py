"""The contract of `jianguan`: exit status 0 good, 1 the thing checked is bad, 2 wrong use, 3 some rows were bad.

With `--json` standard output is one JSON document and nothing else, whatever happens; messages go to standard error.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import connection
from tests.licensing.conftest import ROW, Road

from jianguan.config.cli import COMMANDS, main
from jianguan.config.commands import codes
from jianguan.config.packs_folder import shipped_packs
from jianguan.licensing.certificates import service as certificates
from jianguan.platform.database.embedded import open_cluster
from jianguan.platform.documents import service as documents
from jianguan.sites.inspections.service import standard

GOOD, BAD, WRONG_USE, SOME_BAD = range(4)
TABLE = str(shipped_packs() / "construction_permit" / "1" / "rules" / "safety_officers.table.json")
JUNK = bytes(range(256)) * 4


def sheets() -> bytes:
    """An inspection of a single table without deductions."""
    scheme = standard("jgj59")
    whole = {key: float(item.points) for key, item in scheme.tables["B.1"].items.items()}
    absent = {category.key: "not there yet" for category in scheme.categories[1:]}
    return json.dumps({"sheets": [{"table": "B.1", "scores": whole}], "absent": absent}).encode()


@pytest.fixture(autouse=True)
def somewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Every command runs in a folder with files of every kind."""
    files: dict[str, bytes] = {
        "input.json": b'{"floor_area": 32000.5, "safety_officers": 2}',
        "works.json": b'{"works": [{"kind": "foundation_pit", "measures": {"excavation_depth": 5.0}}]}',
        "sheets.json": sheets(),
        "text.json": b'{"floor_area": "large", "safety_officers": 2}',
        "empty.json": b"{}",
        "cut.json": b'{"floor_area": 32000',
        "list.json": b"[1, 2]",
        "nan.json": b'{"floor_area": NaN, "safety_officers": 2}',
        "deep.json": b"[" * 200_000,
        "nothing": b"",
        "junk": JUNK,
        "junk.pdf": b"%PDF-1.7\n" + JUNK,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "jianguan.config.settings")
    return tmp_path


def run(*line: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, line, input=given)


def document(result: Result) -> Any:
    """The one JSON document on standard output."""
    return json.loads(result.stdout)


def test_every_command_says_what_it_is_for():
    listed = run("--help")
    assert listed.exit_code == GOOD
    for name in COMMANDS:
        assert f"  {name} " in listed.stdout
        helped = run(name, "--help")
        assert (helped.exit_code, helped.stderr) == (GOOD, "")
    assert run("--version").stdout.startswith("jianguan, version ")


# --- good and bad

CHECKED = {
    "a credit code": (GOOD, "codes", "check", "uscc", "91350100M000100Y43"),
    "an identity number": (GOOD, "codes", "check", "id_card", "460000199003075232"),
    "a permit": (GOOD, "codes", "check", "permit", "460105202604150101"),
    "a project": (GOOD, "codes", "check", "project", "3306021608300101"),
    "an e-certificate": (
        GOOD, "codes", "check", "e_certificate",
        "1.2.156.3005.2.11100000000013338W009.1146010000817TE53Q.460105202604150101.001.5",
    ),
    "a credit code with a wrong check character": (BAD, "codes", "check", "uscc", "91350100M000100Y44"),
    "an identity number with a wrong check digit": (BAD, "codes", "check", "id_card", "460000199003075233"),
    "a permit of a day that does not exist": (BAD, "codes", "check", "permit", "460105202602300101"),
    "a project number too short": (BAD, "codes", "check", "project", "330602160830010"),
    "an e-certificate without its parts": (BAD, "codes", "check", "e_certificate", "1.2.156.3005.2"),
    "an empty value": (BAD, "codes", "check", "uscc", ""),
    "several values": (GOOD, "codes", "check", "uscc", "91350100M000100Y43", "91460100MA5TE5T156"),
    "several bad values": (BAD, "codes", "check", "uscc", "91350100M000100Y44", "x"),
    "some bad values": (SOME_BAD, "codes", "check", "uscc", "91350100M000100Y43", "x", "91460100MA5TE5T156"),
    "a due date": (GOOD, "clock", "due", "--start", "2026-09-18", "--days", "7"),
    "a due date after a stop": (
        GOOD, "clock", "due", "--start", "2026-09-18", "--days", "7", "--stop", "2026-09-26:2026-10-15",
    ),
    "a stopped clock": (GOOD, "clock", "due", "--start", "2026-09-18", "--days", "7", "--stop", "2026-09-21:"),
    "a stopped clock beyond the calendar": (
        GOOD, "clock", "due", "--start", "2035-01-01", "--days", "7", "--stop", "2035-01-02:",
    ),
    "works over a certain scale": (GOOD, "classify-works", "works.json"),
    "works of no kind": (BAD, "classify-works", "input.json"),
    "works that are junk": (BAD, "classify-works", "junk"),
    "an inspection": (GOOD, "score", "jgj59", "sheets.json"),
    "an inspection of no sheets": (BAD, "score", "jgj59", "empty.json"),
    "an inspection that is cut": (BAD, "score", "jgj59", "cut.json"),
    "a table": (GOOD, "rules", "evaluate", TABLE, "input.json"),
    "a table asked about nothing": (BAD, "rules", "evaluate", TABLE, "empty.json"),
    "a table asked about the wrong things": (BAD, "rules", "evaluate", TABLE, "text.json"),
    "a table that is none": (BAD, "rules", "evaluate", "empty.json", "input.json"),
    "a table that is cut": (BAD, "rules", "evaluate", "cut.json", "input.json"),
    "a table that is junk": (BAD, "rules", "evaluate", "junk", "input.json"),
    "a table nested without end": (BAD, "rules", "evaluate", "deep.json", "input.json"),
    "the packs": (GOOD, "packs", "list"),
}  # fmt: skip


@pytest.mark.parametrize("line", CHECKED.values(), ids=CHECKED.keys())
def test_a_command_answers_in_words_and_as_a_document(line):
    status, *arguments = line
    words, asked = run(*arguments), run(*arguments, "--json")
    assert (words.exit_code, words.stderr) == (status, "")
    assert words.stdout.strip()
    assert (asked.exit_code, asked.stderr) == (status, "")
    assert document(asked)


def test_the_words_say_good_or_bad():
    assert run("codes", "check", "uscc", "91350100M000100Y43").stdout.startswith("good: 91350100M000100Y43\n")
    assert run("codes", "check", "uscc", "91350100M000100Y44").stdout.startswith("bad: 91350100M000100Y44\n")


def test_one_value_gets_a_verdict_and_several_get_a_list():
    one = document(run("codes", "check", "permit", "460105202604150101", "--json"))
    assert one == {
        "kind": "permit",
        "given": "460105202604150101",
        "valid": True,
        "normal": "460105202604150101",
        "problems": [],
        "warnings": [],
        "parts": {"region": "460105", "date": "20260415", "serial": "01", "category": "01"},
    }
    several = document(run("codes", "check", "permit", "460105202604150101", "x", "--json"))
    assert several[0] == one
    assert (several[1]["valid"], bool(several[1]["problems"])) == (False, True)


@pytest.mark.parametrize(
    ("given", "status", "count"),
    [
        ("91350100M000100Y43\n91460100MA5TE5T156\n", GOOD, 2),
        ("\ufeff91350100M000100Y43\r\n\r\n  91350100M000100Y44  \r\n", SOME_BAD, 2),
        ("91350100M000100Y43", GOOD, 1),
        ("x\ny\nz", BAD, 3),
    ],
)
def test_standard_input_is_checked_line_by_line(given, status, count):
    result = run("codes", "check", "uscc", "-", "--json", given=given.encode())
    assert (result.exit_code, len(document(result))) == (status, count)


@pytest.mark.parametrize(
    ("stops", "due"),
    [
        ((), "2025-10-24"),
        (("2025-09-26:2025-10-15",), "2025-11-06"),
        (("2025-09-26:2025-10-15", "2025-10-17:2025-10-24"), "2025-11-13"),
        (("2025-09-26:",), None),
    ],
)
def test_the_due_date_is_that_of_the_legal_clock(stops, due):
    line = ["clock", "due", "--start", "2025-09-22", "--days", "20", "--json"]
    for stop in stops:
        line += ["--stop", stop]
    found = document(run(*line))
    assert (found["due"], found["stopped"], len(found["stops"])) == (due, due is None, len(stops))
    counted = [day["number"] for day in found["explanation"] if day["number"]]
    assert counted == list(range(1, 21 if due else 5))


def test_a_table_says_which_row_applied():
    assert "medium" in run("rules", "evaluate", TABLE, "input.json", "--json").stdout


# --- packs


@pytest.fixture
def pack(somewhere: Path) -> Path:
    return Path(shutil.copytree(shipped_packs() / "construction_permit" / "1", somewhere / "construction_permit" / "1"))


def test_the_packs_of_the_product_are_sound():
    report = document(result := run("packs", "check", "--json"))
    assert result.exit_code == GOOD
    assert {(pack["sound"], pack["problems"] == []) for pack in report} == {(True, True)}
    assert all(pack["scenarios"] for pack in report)


def write(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda pack: (pack / name).write_bytes(content)


def replace(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(pack: Path) -> None:
        text = (pack / name).read_text()
        assert old in text
        (pack / name).write_text(text.replace(old, new))

    return change


def remove(name: str) -> Callable[[Path], object]:
    return lambda pack: (pack / name).unlink()


FAULTS = {
    "junk for a matter": ("matter.yaml", write("matter.yaml", JUNK)),
    "a matter without anything": ("matter.yaml", write("matter.yaml", b"{}")),
    "no form": ("form.schema.json", remove("form.schema.json")),
    "junk for a form": ("form.schema.json", write("form.schema.json", JUNK)),
    "no process": ("process.bpmn", remove("process.bpmn")),
    "junk for a process": ("process.bpmn", write("process.bpmn", JUNK)),
    "an effect nobody knows": ("process.bpmn", replace("process.bpmn", "issue_certificate", "issue_everything")),
    "junk for a table": ("rules/funds.table.json", write("rules/funds.table.json", JUNK)),
    "a table that is gone": ("process.bpmn", remove("rules/funds.table.json")),
    "junk for a scenario": ("tests/road.yaml", write("tests/road.yaml", JUNK)),
    "a scenario that is none": ("tests/road.yaml", write("tests/road.yaml", b"- accepted")),
    "a scenario without a day": ("tests/road.yaml", write("tests/road.yaml", b"- {name: accepted}")),
    "a scenario that does not go so": ("tests/road.yaml", replace("tests/road.yaml", "end: issued", "end: refused")),
    "scenarios that rest on libraries": ("tests/conditions.yaml", remove("tests/given.yaml")),
}  # fmt: skip


@pytest.mark.parametrize(("file", "spoil"), FAULTS.values(), ids=FAULTS.keys())
def test_an_unsound_pack_is_named_with_the_file_of_its_fault(pack, file, spoil):
    spoil(pack)
    result = run("packs", "check", ".", "--json")
    (report,) = document(result)
    assert (result.exit_code, report["pack"], report["sound"]) == (BAD, "construction_permit/1", False)
    assert file in {problem["file"] for problem in report["problems"] if problem["error"]}, report
    assert all(problem["says"] for problem in report["problems"])
    assert run("packs", "check", ".").stdout.startswith("bad: construction_permit/1")


# --- wrong use

DUE = ("clock", "due", "--start", "2026-09-18", "--days", "7")
WRONG = {
    "an unknown command": ("nothing",),
    "an unknown option": ("packs", "list", "--pretty"),
    "an unknown kind": ("codes", "check", "passport", "x"),
    "no value": ("codes", "check", "uscc"),
    "a day that does not exist": ("clock", "due", "--start", "2026-02-30", "--days", "7"),
    "a day in words": ("clock", "due", "--start", "tomorrow", "--days", "7"),
    "no day": ("clock", "due", "--days", "7"),
    "days below zero": ("clock", "due", "--start", "2026-09-18", "--days", "-1"),
    "days in words": ("clock", "due", "--start", "2026-09-18", "--days", "ten"),
    "days beyond all calendars": ("clock", "due", "--start", "9999-12-01", "--days", "9999"),
    "a stop that ends before it begins": (*DUE, "--stop", "2026-10-15:2026-09-26"),
    "a stop on a day that does not exist": (*DUE, "--stop", "2026-09-26:2026-09-31"),
    "a stop that is one day": (*DUE, "--stop", "2026-09-26"),
    "a stop of nothing": (*DUE, "--stop", ":"),
    "an unknown table": ("rules", "evaluate", "missing.table.json", "input.json"),
    "a folder for a table": ("rules", "evaluate", "folder", "input.json"),
    "no input": ("rules", "evaluate", TABLE),
    "a missing input": ("rules", "evaluate", TABLE, "missing.json"),
    "a folder for an input": ("rules", "evaluate", TABLE, "folder"),
    "an input that is cut": ("rules", "evaluate", TABLE, "cut.json"),
    "an input that is empty": ("rules", "evaluate", TABLE, "nothing"),
    "an input that is junk": ("rules", "evaluate", TABLE, "junk"),
    "an input that is a list": ("rules", "evaluate", TABLE, "list.json"),
    "an input nested without end": ("rules", "evaluate", TABLE, "deep.json"),
    "an input that is no number": ("rules", "evaluate", TABLE, "nan.json"),
    "a missing folder of packs": ("packs", "check", "missing"),
    "a file for a folder of packs": ("packs", "check", "junk"),
    "a folder without packs": ("packs", "check", "folder"),
    "a missing certificate": ("certificate", "verify", "missing.pdf"),
    "a folder for a certificate": ("certificate", "verify", "folder"),
    "no certificate": ("certificate", "verify"),
    "an unknown bench": ("bench", "nothing"),
}  # fmt: skip


@pytest.mark.parametrize("line", WRONG.values(), ids=WRONG.keys())
def test_wrong_use_is_explained(line):
    words, asked = run(*line), run(*line, "--json")
    assert (words.exit_code, words.stdout) == (WRONG_USE, "")
    assert asked.exit_code == WRONG_USE
    assert document(asked).keys() == {"error"}
    for result in (words, asked):
        assert document(asked)["error"].splitlines()[0] in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "line",
    [
        ("serve", "--port", "0"),
        ("serve", "--workers", "none"),
        ("worker", "--concurrency", "0"),
        ("sequencer", "--fast"),
        ("demo", "--port", "70000"),
        ("init", "--base-url", "nowhere"),
        ("init", "--base-url", "https://permits.example.gov.cn/path"),
        ("init", "--mode", "test"),
        ("db", "sideways"),
        ("doctor", "everything"),
    ],
    ids=" ".join,
)
def test_wrong_use_of_what_changes_an_installation_leaves_nothing_behind(line, monkeypatch, somewhere):
    monkeypatch.setenv("JIANGUAN_VAR", str(somewhere / "var"))
    monkeypatch.delenv("JIANGUAN_SECRET_KEY")
    result = run(*line)
    assert (result.exit_code, result.stdout) == (WRONG_USE, "")
    assert "Error: " in result.stderr
    assert not (somewhere / "var").exists()


@pytest.mark.parametrize("given", [b"", b"\n \n", JUNK])
def test_nothing_or_junk_on_standard_input_is_wrong_use(given):
    result = run("codes", "check", "uscc", "-", "--json", given=given)
    assert (result.exit_code, document(result).keys()) == (WRONG_USE, {"error"})
    assert "Traceback" not in result.stderr


def test_a_mistake_of_ours_is_not_taken_for_a_bad_value(monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(codes, "check", broken)
    result = run("codes", "check", "uscc", "x", "--json")
    assert (result.exit_code, document(result)) == (
        WRONG_USE,
        {"error": "This should not have happened: ZeroDivisionError: by accident"},
    )
    assert "Traceback" in result.stderr


# --- certificates and the journal


@pytest.fixture
def sealed(world: Any, somewhere: Path) -> Path:
    """The file of a permit."""
    permit = certificates.of_case(Road(world, ROW).to_certificate().case_id)
    assert permit
    path = somewhere / "permit.pdf"
    path.write_bytes(documents.content(permit.sha256))
    return path


def test_a_certificate_is_good_until_a_byte_of_it_is_changed(sealed):
    good = run("certificate", "verify", str(sealed), "--json")
    assert good.exit_code == GOOD
    found = document(good)
    assert (found["verdict"], found["registered"]) == ("valid", True)
    assert all(finding["passed"] for finding in found["seal"])
    assert run("certificate", "verify", str(sealed)).stdout.startswith("good: ")

    content = bytearray(sealed.read_bytes())
    content[len(content) // 2] ^= 1
    sealed.write_bytes(content)
    bad = run("certificate", "verify", str(sealed), "--json")
    assert (bad.exit_code, document(bad)["verdict"]) == (BAD, "tampered")
    assert run("certificate", "verify", str(sealed)).stdout.startswith("bad: ")


@pytest.mark.parametrize("name", ["junk", "junk.pdf", "nothing", "input.json"])
def test_what_is_no_certificate_is_bad(world, name):
    result = run("certificate", "verify", name, "--json")
    assert result.exit_code == BAD
    assert document(result)["says"]
    assert run("certificate", "verify", name).stdout.startswith("bad: ")


def test_the_journal_is_good_until_a_row_is_changed(world):
    Road(world, ROW)
    good = run("journal", "verify", "--json")
    assert (good.exit_code, document(good)["sound"]) == (GOOD, True)
    assert run("journal", "verify").stdout.startswith("good: ")

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM journal_entry ORDER BY id DESC LIMIT 1")
        (entry,) = cursor.fetchone()
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_entry SET kind = 'case.forgotten' WHERE id = %s", [entry])
    bad = run("journal", "verify", "--json")
    found = document(bad)
    assert (bad.exit_code, found["sound"], found["entry"]) == (BAD, False, str(entry))
    assert found["fault"]
    assert run("journal", "verify").stdout.startswith("bad after ")


def test_a_journal_without_its_key_cannot_be_judged_and_gets_no_new_one(world, settings, tmp_path):
    Road(world, ROW)
    settings.KEYS_ROOT = tmp_path / "keys"
    result = run("journal", "verify", "--json")
    assert (result.exit_code, document(result).keys()) == (WRONG_USE, {"error"})
    assert not settings.KEYS_ROOT.exists()


def test_reactions_are_good_unless_one_stands_still(world, monkeypatch):
    from jianguan.platform.notices import service as notices

    def refuse(*_: object, **__: object) -> None:
        raise ValueError("the printer is on fire")

    assert run("journal", "reactions", "--json").exit_code == GOOD
    monkeypatch.setattr(notices, "send", refuse)
    Road(world, ROW).through("acceptance")
    bad = run("journal", "reactions", "--json")
    assert bad.exit_code == BAD
    assert any("the printer is on fire" in reaction["error"] for reaction in document(bad))


# --- as a process of its own, where nothing or something else is installed


def start(*line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `jianguan` without the settings of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JIANGUAN_", "D"))}
    program = [sys.executable, "-W", "error", "-m", "jianguan", *line]
    return subprocess.run(program, env={**kept, **environment}, capture_output=True, timeout=300)


@pytest.mark.parametrize(
    "line", [("certificate", "verify", "junk.pdf"), ("journal", "verify"), ("journal", "reactions")], ids=" ".join
)
def test_where_nothing_is_installed_there_is_nothing_to_check_with(line, somewhere):
    done = start(*line, "--json")
    assert done.returncode == WRONG_USE
    assert "jianguan init" in json.loads(done.stdout)["error"]
    assert b"jianguan init" in done.stderr
    assert not (somewhere / "var").exists()


@pytest.mark.parametrize("line", [("serve",), ("worker",), ("sequencer",)], ids=" ".join)
def test_where_nothing_is_installed_nothing_starts(line):
    done = start(*line)
    assert (done.returncode, done.stdout) == (WRONG_USE, b"")
    assert b"jianguan init" in done.stderr


def test_where_nothing_is_installed_files_can_be_checked(somewhere):
    done = start("packs", "check", "--json")
    assert (done.returncode, done.stderr) == (GOOD, b"")
    assert json.loads(done.stdout)
    assert not (somewhere / "var").exists()


def test_any_text_is_answered_on_any_terminal():
    done = start("codes", "check", "uscc", os.fsdecode(b"\xff\xe6\xb5\xb7"), "--json", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (BAD, b"")
    assert json.loads(done.stdout)["valid"] is False


def test_a_demonstration_says_that_its_port_is_taken(loopback, somewhere):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = start("demo", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout) == (WRONG_USE, b"")
    assert b"Choose another port" in done.stderr
    assert not (somewhere / "var").exists()


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database with nothing in it."""
    server, name = os.environ["DATABASE_URL"], f"empty_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_init_prepares_an_installation_once(empty_database, somewhere):
    installed = {"DATABASE_URL": empty_database, "JIANGUAN_VAR": str(somewhere / "var")}
    first = start("init", "--base-url", "https://permits.example.gov.cn", **installed)
    assert first.returncode == GOOD, first.stderr
    settings_file = somewhere / "var" / "environment"
    written = settings_file.read_bytes()
    assert b"JIANGUAN_BASE_URL=https://permits.example.gov.cn\n" in written
    assert settings_file.stat().st_mode & 0o077 == 0

    again = start("init", **installed)
    assert (again.returncode, settings_file.read_bytes()) == (GOOD, written)
    verified = start("journal", "verify", "--json", **installed)
    assert (verified.returncode, json.loads(verified.stdout)["sound"]) == (GOOD, True)

    refused = start("demo", "--port", "21999", **installed)
    assert (refused.returncode, refused.stdout) == (WRONG_USE, b"")
    assert b"real installation" in refused.stderr


def test_a_database_that_is_not_prepared_or_does_not_answer_is_said_to_be_so(empty_database, somewhere):
    secrets = {name: value for name, value in os.environ.items() if name.startswith("JIANGUAN_")}
    for address, says in ((empty_database, "jianguan init"), (f"postgresql:///x?host={somewhere}", "not answer")):
        done = start("journal", "verify", "--json", **secrets, DATABASE_URL=address)
        assert done.returncode == WRONG_USE
        assert says in json.loads(done.stdout)["error"]


def test_with_wrong_settings_no_database_is_started(somewhere):
    secrets = {name: value for name, value in os.environ.items() if name.startswith("JIANGUAN_")}
    wrong = {"JIANGUAN_BASE_URL": "nowhere", "JIANGUAN_VAR": str(somewhere / "var")}
    cluster = open_cluster(somewhere / "var" / "db")
    try:
        done = start("journal", "verify", "--json", **secrets | wrong)
        assert done.returncode == WRONG_USE
        assert "JIANGUAN_BASE_URL: must be" in json.loads(done.stdout)["error"]
        assert not cluster.is_running()
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home, ignore_errors=True)

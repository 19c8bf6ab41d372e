"""The doctor: silent about what is well, and every fault made on purpose is found, with its remedy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from pydantic import SecretStr
from tests.licensing.conftest import ROW, Road
from uuid6 import uuid7

from jianguan.config.commands.doctor import doctor, examine
from jianguan.config.demonstration import cases, further, timeline
from jianguan.config.doctor import content, files, keys, schema, setup, work
from jianguan.config.doctor.finding import Finding, Level, run
from jianguan.config.packs_folder import shipped_packs
from jianguan.kernel.transparency.checkpoint import Signer
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters.models import Case
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.accounts.service import Organisation
from jianguan.platform.documents import service as documents
from jianguan.platform.journal import service as journal
from jianguan.platform.notices import service as notices
from jianguan.platform.workdays import service as workdays
from jianguan.registry.dictionaries import service as dictionaries

OK, WARNING, FAULT = Level


def of(check: Any) -> list[Finding]:
    return list(run({"it": check}))


def level_of(check: Any) -> Level:
    """The worst a check finds."""
    return max((finding.level for finding in of(check)), key=list(Level).index)


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Change a setting of the installation for a test."""
    from django.conf import settings

    return lambda **changes: [monkeypatch.setattr(settings.ENVIRONMENT, name, value) for name, value in changes.items()]


# --- a sound installation


def test_a_demonstration_is_healthy(world):
    Road(world, ROW).through("acceptance", "quality_review")
    findings = list(examine())
    assert [finding for finding in findings if finding.level is FAULT] == []
    assert {"journal key", "seals", "reactions", "due dates", "documents"} <= {
        f.check for f in findings if f.level is OK
    }
    assert all(bool(finding.remedy) is (finding.level is not OK) for finding in findings)


def test_the_command_answers_with_one_document(world):
    result = CliRunner().invoke(doctor, ["--json"])
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert document.keys() == {"healthy", "faults", "warnings", "findings"}
    assert (document["healthy"], document["faults"]) == (True, 0)
    assert all(finding.keys() == {"check", "level", "says", "remedy"} for finding in document["findings"])


def test_the_command_names_faults_with_their_remedy_and_fails(world, monkeypatch):
    monkeypatch.setattr(finders, "find", lambda _name: None)
    result = CliRunner().invoke(doctor)
    assert result.exit_code == 1
    assert "FAULT   pages: Built files are missing" in result.stdout
    assert "make frontend" in result.stdout


def test_a_check_that_fails_itself_is_a_fault_and_stops_no_other():
    def broken() -> Iterator[Finding]:
        raise OSError("no such thing")

    found = list(run({"broken": broken, "clocks": lambda: iter([Finding(OK, "fine")])}))
    assert [(finding.check, finding.level) for finding in found] == [("broken", FAULT), ("clocks", OK)]
    assert "OSError: no such thing" in found[0].says


# --- settings and database


def test_settings_that_are_missing_or_wrong_are_named(monkeypatch):
    monkeypatch.delenv("JIANGUAN_FIELD_KEY")
    monkeypatch.setenv("JIANGUAN_BASE_URL", "nowhere")
    says = [finding.says for finding in of(setup.settings) if finding.level is FAULT]
    assert any(line.startswith("JIANGUAN_FIELD_KEY: is not set") for line in says)
    assert any(line.startswith("JIANGUAN_BASE_URL: ") for line in says)


def test_where_nothing_is_installed_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("JIANGUAN_VAR", str(tmp_path))
    monkeypatch.delenv("JIANGUAN_SECRET_KEY")
    (finding,) = of(setup.settings)
    assert (finding.level, finding.remedy) == (FAULT, "Run: jianguan init")


@pytest.mark.parametrize(
    ("mode", "address", "count"),
    [
        ("production", "https://permits.example.gov.cn", 0),
        ("production", "http://permits.example.gov.cn", 1),
        ("production", "http://localhost:8000", 2),
        ("demo", "http://localhost:8000", 1),
    ],
)
def test_settings_that_are_not_safe_for_their_mode_are_warned_of(monkeypatch, mode, address, count):
    monkeypatch.setenv("JIANGUAN_MODE", mode)
    monkeypatch.setenv("JIANGUAN_BASE_URL", address)
    found = of(setup.settings)
    assert [finding.level for finding in found] == [OK, *[WARNING] * count]


def test_a_file_of_secrets_that_others_may_read_is_a_fault(monkeypatch, tmp_path):
    monkeypatch.setenv("JIANGUAN_VAR", str(tmp_path))
    (tmp_path / "environment").write_text("")
    (tmp_path / "environment").chmod(0o640)
    assert level_of(setup.settings) is FAULT
    (tmp_path / "environment").chmod(0o600)
    assert level_of(setup.settings) is WARNING


def test_a_database_that_does_not_answer_is_a_fault(monkeypatch, tmp_path):
    assert level_of(setup.database) is OK
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///x?host={tmp_path}")
    (finding,) = of(setup.database)
    assert finding.level is FAULT
    assert "does not answer" in finding.says


def test_a_migration_that_is_missing_is_a_fault_and_the_rest_is_not_looked_at(world):
    sql("DELETE FROM django_migrations WHERE app = 'journal' AND name = '0002_append_only'")
    (finding,) = examine()
    assert (finding.check, finding.level) == ("migrations", FAULT)
    assert "journal.0002_append_only" in finding.says


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER refuse_change ON journal_entry",
        "DROP TRIGGER refuse_truncate ON matters_act",
        "ALTER TABLE rules_check DISABLE TRIGGER refuse_change",
    ],
)
def test_a_trigger_that_is_gone_is_a_fault_and_the_remedy_mends_it(world, damage):
    assert level_of(schema.append_only) is OK
    sql(damage)
    fault, compare = of(schema.append_only)
    assert {fault.level, compare.level} == {FAULT}
    sql(fault.remedy)
    assert level_of(schema.append_only) is OK


def test_a_trigger_that_does_nothing_any_more_is_a_fault(world):
    sql("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    assert level_of(schema.append_only) is FAULT


def test_a_role_that_could_rewrite_the_journal_is_warned_of_and_the_remedy_separates_roles(world):
    (finding,) = of(schema.rights)
    assert finding.level is WARNING
    name = f"app_{uuid7().hex}"
    statements = finding.remedy.split("\n", 1)[1].replace("jianguan_app", name)
    sql(statements)
    sql(f"SET LOCAL ROLE {name}")
    assert level_of(schema.rights) is OK
    sql("RESET ROLE")
    sql(f"GRANT DELETE ON journal_entry TO {name}")
    sql(f"SET LOCAL ROLE {name}")
    assert level_of(schema.rights) is WARNING


@pytest.mark.parametrize(("seconds", "level"), [(0, OK), (10, WARNING), (120, FAULT)])
def test_clocks_that_differ_are_found(world, seconds, level):
    with clock.standing_at(clock.now() + timedelta(seconds=seconds)):
        assert level_of(schema.clocks) is level


# --- what every installation needs


def test_a_province_without_places_is_a_fault(world, environment):
    environment(province="99")
    assert level_of(content.places) is FAULT


def test_a_dictionary_without_its_items_is_a_fault(world, monkeypatch):
    monkeypatch.setattr(dictionaries, "codes", lambda _key: [])
    assert level_of(content.terms) is FAULT


def test_roles_that_are_missing_or_changed_are_found(world, monkeypatch, tmp_path):
    (tmp_path / "roles.yaml").write_text(content.ROLES.read_text() + "new:\n  {zh: 新, en: New, permissions: []}\n")
    monkeypatch.setattr(content, "ROLES", tmp_path / "roles.yaml")
    assert [finding.says for finding in of(content.roles)] == ["Roles are missing: new."]
    sql("UPDATE accounts_role SET permissions = '[]' WHERE code = 'agent'")
    assert [finding.level for finding in of(content.roles)] == [FAULT, WARNING]


def test_packs_that_differ_or_are_not_published_are_found(world, environment, tmp_path):
    pack = tmp_path / "construction_permit" / "1"
    shutil.copytree(shipped_packs() / "construction_permit" / "1", pack)
    environment(packs=tmp_path)
    assert level_of(content.packs) is OK
    (pack / "tests" / "further.yaml").write_text("[]\n")
    shutil.copytree(pack, pack.with_name("9"))
    matter = (pack / "matter.yaml").read_text()
    (pack.with_name("9") / "matter.yaml").write_text(matter.replace("version: 1", "version: 9"))
    says = [finding.says for finding in of(content.packs)]
    assert says[0].startswith("The files of construction_permit/1 differ")
    assert says[1].startswith("construction_permit/9 is not published")


def test_a_calendar_that_ends_is_warned_of_and_one_that_has_ended_is_a_fault(world):
    until = workdays.known_until()
    for day, level in (((until.year - 1, 6), OK), ((until.year, 6), WARNING), ((until.year + 1, 2), FAULT)):
        with clock.standing_at(clock.now().replace(year=day[0], month=day[1], day=1)):
            assert level_of(content.calendar) is level


def test_error_pages_that_show_everything_are_a_fault(world, settings):
    assert level_of(content.pages) is OK
    settings.DEBUG = True
    assert level_of(content.pages) is FAULT


# --- keys


@pytest.fixture
def own_keys(world: Any, settings: Any, tmp_path: Path) -> Path:
    """The keys of the installation, for a test to spoil."""
    settings.KEYS_ROOT = shutil.copytree(settings.KEYS_ROOT, tmp_path / "keys")
    return tmp_path / "keys"


def test_a_journal_without_its_key_is_a_fault(own_keys):
    assert level_of(keys.journal_key) is OK
    (own_keys / "journal.pem").unlink()
    (finding,) = of(keys.journal_key)
    assert (finding.level, finding.remedy.split(".")[0]) == (FAULT, "Stop the sequencer")
    assert not (own_keys / "journal.pem").exists(), "looking must not make a new key"


def test_a_journal_key_that_signed_nothing_here_is_a_fault(own_keys, monkeypatch, settings):
    other = Signer(settings.ENVIRONMENT.journal_origin, Ed25519PrivateKey.generate())
    monkeypatch.setattr(journal, "verifier_key", lambda: other.verifier_key)
    assert level_of(keys.journal_key) is FAULT


@pytest.mark.parametrize("name", ["authority", "time-stamp", "proof", "seal"])
def test_a_key_of_certificates_that_is_missing_is_a_fault(own_keys, name):
    assert level_of(keys.seals) is OK
    haikou = Organisation.objects.get(name__startswith="海口市", kind="authority")
    (own_keys / f"{f'seal-{haikou.id}' if name == 'seal' else name}.pem").unlink()
    assert level_of(keys.seals) is FAULT


def test_keys_of_ofd_seals_are_looked_at_where_ofd_files_are_made(own_keys, environment):
    seal = own_keys / f"national-seal-{Organisation.objects.filter(kind='authority').earliest('id').id}.esl"
    key = own_keys / "national-maker.pem"
    assert "No certificates are made as OFD" in of(keys.national_seals)[0].says
    environment(ofd_kinds=["all"])
    assert level_of(keys.national_seals) is OK
    seal.unlink()
    assert level_of(keys.national_seals) is FAULT
    seal.touch()
    key.chmod(0o644)
    assert "Others than its owner" in of(keys.national_seals)[0].says
    key.chmod(0o600)
    key.write_bytes(key.read_bytes()[:400])
    assert "does not open" in of(keys.national_seals)[0].says
    key.unlink()
    assert "maker of seals is missing" in of(keys.national_seals)[0].says


def test_a_key_that_others_may_read_is_a_fault(own_keys):
    (own_keys / "proof.pem").chmod(0o644)
    assert "Others than its owner" in of(keys.seals)[0].says


def test_keys_that_do_not_open_are_faults(own_keys, environment):
    environment(key_password=SecretStr("another-password-than-theirs"))
    assert level_of(keys.seals) is FAULT


@pytest.mark.parametrize(("days", "level"), [(0, OK), (3 * 365 - 90, WARNING), (3 * 365 + 1, FAULT)])
def test_certificates_that_end_are_found(own_keys, days, level):
    with clock.standing_at(clock.now() + timedelta(days=days)):
        assert level_of(keys.seals) is level


# --- what runs in the background


def test_entries_that_wait_too_long_are_a_fault(world):
    happened = journal.kind("test.done", "Thing done")
    with clock.standing_at(clock.now() - timedelta(hours=1)), transaction.atomic():
        journal.record(happened, journal.Subject("thing", uuid7(), "460105"), journal.SYSTEM, {})
    assert level_of(work.sequencer) is FAULT
    journal.sequence()
    assert level_of(work.sequencer) is OK


def test_a_reaction_that_stands_still_is_a_fault_with_its_reason(world, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("the printer is on fire")

    road = Road(world, ROW)
    assert level_of(work.reactions) is OK
    monkeypatch.setattr(notices, "send", refuse)
    road.through("acceptance")
    (finding,) = of(work.reactions)
    assert finding.level is FAULT
    assert finding.says.startswith("matters.tell_applicant stands still")
    assert "the printer is on fire" in finding.says


def test_a_reaction_far_behind_is_warned_of(world, monkeypatch):
    monkeypatch.setattr(journal, "standings", lambda: [SimpleNamespace(name="x", lag=5000, error="")])
    assert level_of(work.reactions) is WARNING


def test_jobs_that_failed_wait_or_are_stuck_are_found(world):
    assert level_of(work.jobs) is OK
    job = "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', %s, %s)"
    sql(job, "certificates.produce", "failed")
    sql(job, "late", "todo")
    sql(job, "stuck", "doing")
    sql("UPDATE procrastinate_events SET at = now() - interval '1 hour'")
    says = [finding.says for finding in of(work.jobs)]
    assert [line.split()[0:3] for line in says] == [
        ["1", "×", "certificates.produce"],
        ["1", "jobs", "wait"],
        ["1", "jobs", "were"],
    ]


def test_a_due_date_that_is_not_the_clocks_is_a_fault_and_the_remedy_mends_it(world):
    case = Road(world, ROW).through("acceptance").case
    assert level_of(work.due_dates) is OK
    Case.objects.filter(pk=case.pk).update(due_on=case.due_on + timedelta(days=1))
    case_fault, steps_fault = of(work.due_dates)
    assert case.number in case_fault.says
    assert steps_fault.says.startswith("3 open steps")
    sql(case_fault.remedy)
    assert level_of(work.due_dates) is OK


def test_due_dates_of_a_matter_without_a_statutory_limit_are_in_order(world):
    row = {"matter": "contract_filing", "by": "agent", "project": "p11", "ago": 0, "at": "review"}
    for _, act in further.road(world, row):
        act()
        timeline.settle()
    assert Case.objects.get(matter="contract_filing").statutory_due_on is None
    assert level_of(lambda: work.due_dates(everything=True)) is OK


def test_a_certificate_that_was_altered_in_the_database_is_a_fault(world):
    case = Road(world, ROW).to_certificate().case
    assert level_of(work.certificates_agree) is OK
    held = certificates.of_case(case.id)
    type(held).objects.filter(pk=held.pk).update(status="03")
    (finding,) = of(work.certificates_agree)
    assert held.number in finding.says


def test_due_dates_of_stopped_decided_and_new_cases_are_in_order(world):
    correction = Road(world, ROW)
    correction.finish("acceptance", "window", "correct", items=cases.CORRECTIONS)
    row = {**ROW, "project": "p06", "manager": "manager_2"}
    issuing = Road(world, row).to_approval()
    assert correction.case.due_on is None
    assert next(run({"all": lambda: work.due_dates(everything=True)})).says.startswith("2 open cases looked at")
    issuing.through("approval")
    assert level_of(work.due_dates) is OK


def test_open_steps_with_another_due_date_than_their_case_are_a_fault(world):
    Road(world, ROW)
    WorkItem.objects.filter(state="open").update(due_on=None)
    fault = of(work.due_dates)[-1]
    assert fault.level is FAULT
    sql(fault.remedy)
    assert level_of(work.due_dates) is OK


# --- documents and disk


def test_a_document_that_is_gone_or_damaged_is_a_fault(world, settings):
    assert level_of(files.contents) is OK
    blob = documents.store(b"%PDF-1.7 kept", "application/pdf")
    path = Path(settings.DOCUMENTS_ROOT) / blob.sha256[:2] / blob.sha256[2:4] / blob.sha256
    path.chmod(0o640)
    path.write_bytes(b"%PDF-1.7 changed")
    assert "damaged" in of(files.contents)[0].says
    path.unlink()
    assert "missing" in of(files.contents)[0].says


def test_a_store_that_cannot_be_written_to_is_a_fault(world, settings, tmp_path):
    assert level_of(files.store) is OK
    (tmp_path / "file").write_text("")
    settings.DOCUMENTS_ROOT = tmp_path / "file" / "documents"
    assert level_of(files.store) is FAULT


@pytest.mark.parametrize(("gigabytes", "level"), [(50, OK), (3, WARNING), (0.2, FAULT)])
def test_a_full_disk_is_found(world, monkeypatch, gigabytes, level):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=gigabytes * 1024**3))
    assert level_of(files.disk) is level

"""Pack administration: proposing, the gate's report, differences, rehearsal, two people, moving open cases."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.licensing.matters.test_bad_input import standing

from jianguan.config.packs_folder import shipped_packs
from jianguan.licensing.matters import actions, migrating, packs
from jianguan.licensing.matters.actions.migrating import route_of
from jianguan.licensing.matters.archives import make_archive, open_archive
from jianguan.licensing.matters.contents import Speech
from jianguan.licensing.matters.differences import Difference, differences
from jianguan.licensing.matters.examining import examine, from_json, to_json
from jianguan.licensing.matters.models import Case, PackProposal, PackVersion
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.reading import from_directory, from_files
from jianguan.licensing.matters.rehearsal import rehearse
from jianguan.licensing.process import service as process
from jianguan.licensing.process.service import WorkItem
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, Refusal, Stale
from jianguan.platform.journal import service as journal

STENCILS = shipped_packs() / "stencils"
FOLDER = shipped_packs() / "construction_permit" / "1"
MATTER, FORM, PROCESS = "matter.yaml", "form.schema.json", "process.bpmn"
Change = tuple[str, bytes, bytes]  # a file, what stands in it, what stands there instead


@pytest.fixture(scope="module")
def shipped() -> Pack:
    return from_directory(FOLDER)


def changed(pack: Pack, *changes: Change, version: int = 2) -> dict[str, bytes]:
    """The files of the next version."""
    files = dict(pack.files)
    for name, old, new in ((MATTER, b"version: 1", f"version: {version}".encode()), *changes):
        assert old in files[name], f"{old!r} does not stand in {name}"
        files[name] = files[name].replace(old, new)
    return files


def propose(actor: Any, files: Mapping[str, bytes], **said: Any) -> PackProposal:
    command = actions.Propose(
        said.pop("command_id", new_command_id()), make_archive(files).hex(),
        said.pop("effective_from", clock.today()), **said,
    )  # fmt: skip
    return PackProposal.objects.get(pk=actions.propose(actor, command).id)


def approve(actor: Any, proposal: PackProposal) -> Any:
    return actions.approve(actor, actions.Decide(new_command_id(), proposal.pk, proposal.digest))


def publish(world: Any, files: Mapping[str, bytes]) -> PackVersion:
    proposal = propose(world.actor("system"), files)
    assert proposal.faults == 0, [str(one) for one in from_json(proposal.report)]
    approve(world.actor("admin"), proposal)
    return PackVersion.objects.get(digest=proposal.digest)


# --- archives


def zipped(files: Mapping[str, bytes], **options: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_an_archive_gives_its_files_and_a_folder_around_them_is_taken_off() -> None:
    files = {"matter.yaml": b"key: a", "rules/x.table.json": b"{}"}
    assert open_archive(zipped(files)) == files
    assert open_archive(zipped({f"permit/2/{name}": content for name, content in files.items()})) == files
    assert open_archive(zipped({**files, "__MACOSX/._matter.yaml": b"", ".DS_Store": b""})) == files
    assert open_archive(make_archive(files)) == files


def link() -> bytes:
    info = zipfile.ZipInfo("matter.yaml")
    info.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no ZIP archive"),
        (b"%PDF-1.7 not a zip", "no ZIP archive"),
        (zipped({"matter.yaml": b"x" * 1000})[:-40], "no ZIP archive"),
        (zipped({"form.schema.json": b"{}"}), "no matter.yaml"),
        (zipped({"matter.yaml": b"", "../evil.yaml": b""}), "no file called"),
        (zipped({"matter.yaml": b"", "/etc/passwd": b""}), "no file called"),
        (zipped({"matter.yaml": b"", "code.py": b""}), "no file called"),
        (zipped({"matter.yaml": b"", "rules/a/b.table.json": b""}), "no file called"),
        (zipped({"matter.yaml": b"\0" * 17 * 1024 * 1024}, compression=zipfile.ZIP_DEFLATED), "unpacks to more"),
        (zipped({"matter.yaml": b"", **{f"tests/{n}.yaml": b"" for n in range(200)}}), "more than 200 files"),
        (zipped({"matter.yaml": b"a" * 1000}, compression=zipfile.ZIP_BZIP2), "unusual way"),
        (link(), "a link"),
        (b"x" * (4 * 1024 * 1024 + 1), "more than 4 MB"),
    ],
)
def test_an_archive_is_judged_by_its_content(data: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        open_archive(data)


def test_two_files_of_one_name_are_refused() -> None:
    data = zipped({"matter.yaml": b"a", "mattet.yaml": b"b"}).replace(b"mattet", b"matter")
    with pytest.raises(Refusal, match="two files"):
        open_archive(data)


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(zipped({"matter.yaml": b"0" * 4000}, compression=zipfile.ZIP_DEFLATED))
    there = data.rindex(b"PK\x01\x02")
    data[there + 24 : there + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Refusal, match="damaged"):
        open_archive(bytes(data))


# --- the report of the gate


def report(files: Mapping[str, bytes]) -> list[str]:
    return [f"{one.file}:{one.line}: {one.says}" for one in examine(files, STENCILS).problems]


def test_a_sound_pack_has_an_empty_report(shipped: Pack) -> None:
    assert report(changed(shipped)) == []


def line_of(files: Mapping[str, bytes], name: str, text: bytes) -> int:
    return files[name][: files[name].index(text)].count(b"\n") + 1


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ((MATTER, b"duration: P3WD", b"duration: three days"), b"duration: three days"),
        ((MATTER, b"source: commitment", b"source: nowhere"), b"source: nowhere"),
        ((MATTER, b"when: {hazardous: true}", b"when: {unheard_of: true}"), b"key: hazards"),
        ((MATTER, b"  quality_review:\n", b"  quality_revue:\n"), b"acts:"),
        ((PROCESS, b'jg:effect="permit_works"', b'jg:effect="permit_all"'), b'jg:effect="permit_all"'),
        ((PROCESS, b'targetRef="issued"', b'targetRef="nowhere"'), b'targetRef="nowhere"'),
        (("tests/road.yaml", b"day: 2026-04-15\n", b"day: soon\n"), None),
    ],
)
def test_every_fault_is_told_with_file_and_line(shipped: Pack, change: Change, where: bytes | None) -> None:
    files = changed(shipped, change)
    found = [one for one in examine(files, STENCILS).problems if one.is_error]
    assert found
    assert any(one.file == change[0] for one in found)
    if where:
        assert line_of(files, change[0], where) in [one.line for one in found if one.file == change[0]]


def test_a_scenario_that_fails_is_told_with_its_line(shipped: Pack) -> None:
    found = examine(changed(shipped, (MATTER, b"P3WD", b"P4WD")), STENCILS).problems
    road = [one for one in found if one.file == "tests/road.yaml"]
    assert road
    assert all(one.line for one in road)


@pytest.mark.parametrize("name", [MATTER, FORM, PROCESS, "rules/price.table.json", "tests/given.yaml"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[1, 2", b"- 1", b"a: &a [*a, *a]", b"{}", b"[" * 5000])
def test_whatever_stands_in_a_file_the_answer_is_a_report(shipped: Pack, name: str, content: bytes) -> None:
    assert examine({**shipped.files, name: content}, STENCILS).faults


def test_references_that_multiply_are_refused_before_anything_follows_them(shipped: Pack) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"b{n}: &b{n} [{', '.join([f'*b{n - 1}' if n else '*a'] * 9)}]\n" for n in range(9)
    )
    assert any("References" in line for line in report({**shipped.files, MATTER: bomb.encode()}))


def test_a_pack_is_put_together_from_stencils_and_never_from_elsewhere() -> None:
    folder = next(path.parent for path in shipped_packs().glob("*/1/matter.yaml") if b"extends:" in path.read_bytes())
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert PROCESS in examine(files, STENCILS).files
    for instruction in ("extends: ../construction_permit", "extends: /etc", "include: {rules: [../../secret]}"):
        lines = report({**files, MATTER: files[MATTER] + f"\n{instruction}\n".encode()})
        assert any("names no stencil" in line for line in lines), instruction


def test_a_kept_report_reads_as_it_was(shipped: Pack) -> None:
    found = examine(
        changed(shipped, (MATTER, b"P3WD", b"P4WD"), (PROCESS, b'"permit_works"', b'"x"')), STENCILS
    ).problems
    kept = from_json(json.loads(json.dumps(to_json(found))))
    assert [str(one) for one in kept] == [str(one) for one in found]


# --- differences

SPEECH = Speech("en", str, {"safety_reviewer": "Safety reviewer"})
TABLE = "rules/price.table.json"


def told(old: Pack, files: Mapping[str, bytes]) -> list[Difference]:
    return differences(old, from_files(files), SPEECH)


def lines(found: list[Difference]) -> list[str]:
    return [f"{one.kind}: {' · '.join(one.where)}: {one.before} → {one.after}" for one in found]


def test_a_pack_does_not_differ_from_itself(shipped: Pack) -> None:
    assert told(shipped, shipped.files) == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ((MATTER, b"duration: P3WD", b"duration: P5WD"), "changed: time limit · promised · length: 3 working days → 5 working days"),
        ((MATTER, b"clock: receipt", b"clock: acceptance"), "changed: Matter · the time limits run from: receipt → acceptance"),
        ((MATTER, b"key: funds,", b"key: money,"), "added: document · Commitment that the funds are secured:  → money"),
        ((MATTER, b"key: funds,", b"key: money,"), "gone: document · Commitment that the funds are secured: funds → "),
        ((MATTER, b"record: land, when: {land_required: true}", b"record: land"), "changed: document · Land approval · asked for if: land_required: yes → —"),
        ((MATTER, b"assigns: {purpose: quality, role: quality_supervisor}", b"assigns: {purpose: quality, role: safety_reviewer}"),
         "changed: words of a step · Quality review · names people for: purpose: quality; role: quality_supervisor → purpose: quality; role: Safety reviewer"),
        ((PROCESS, b'jg:role="quality_reviewer"', b'jg:role="safety_reviewer"'), "changed: step · Quality review · role: quality_reviewer → Safety reviewer"),
        ((PROCESS, b'jg:stops="correction"', b'jg:stops="hearing"'), "changed: step · Correction · stops the clock for: correction → hearing"),
        ((PROCESS, b'jg:effect="refuse"', b'jg:effect="complete"'), "changed: act of the system · Refusal · effect: refuse → complete"),
        ((PROCESS, b'id="to_acceptance"', b'id="towards_acceptance"'), "added: flow · Automatic check → Acceptance:  → towards_acceptance"),
        ((PROCESS, b'id="to_acceptance"', b'id="towards_acceptance"'), "gone: flow · Automatic check → Acceptance: to_acceptance → "),
        ((PROCESS, b'acceptance = "accept"', b'acceptance != "accept"'), 'changed: flow · acceptance_result → Register acceptance · condition: acceptance = "accept" → acceptance != "accept"'),
        ((PROCESS, b"P30D", b"P20D"), "changed: timer · correction_over · time limit: 30 calendar days → 20 calendar days"),
        ((PROCESS, b'<dc:Bounds x="', b'<dc:Bounds x="1'), "changed: Drawing · places and lines:  → "),
        (("tests/road.yaml", b"accepted, reviewed", b"accepted and reviewed"), "changed: tests/road.yaml:  → "),
        ((MATTER, b"corrections: 1   #", b"corrections: 1 #"), None),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_named(shipped: Pack, change: Change, line: str | None) -> None:
    found = [one for one in told(shipped, changed(shipped, change)) if one.where != ("Matter", "version")]
    if line:
        assert line in lines(found)
    else:
        assert found == []


def test_what_is_only_written_differently_is_told_as_that(shipped: Pack) -> None:
    files = {**shipped.files, TABLE: json.dumps(json.loads(shipped.files[TABLE]), indent=7).encode()}
    assert [one.where for one in told(shipped, files)] == [(TABLE, "as it is written only: comments, spacing, order")]


def document(pack: Pack, name: str) -> Any:
    return json.loads(pack.files[name])


def as_json(whole: Any) -> bytes:
    return json.dumps(whole, ensure_ascii=False).encode()


def test_rows_are_told_by_their_id(shipped: Pack) -> None:
    table = document(shipped, TABLE)
    first = table["rows"][0]
    first["clause"] = "another clause"
    table["rows"].append({**first, "id": "extra"})
    gone = table["rows"].pop(1)
    found = lines(told(shipped, {**shipped.files, TABLE: as_json(table)}))
    name = table["name"]["en"]
    assert f"added: table · {name} · row · extra:  → extra" in found
    assert f"gone: table · {name} · row · {gone['id']}: {gone['id']} → " in found
    assert any(line.startswith(f"changed: table · {name} · row · {first['id']} · clause:") for line in found)


def test_rows_in_another_order_are_told(shipped: Pack) -> None:
    table = document(shipped, TABLE)
    table["rows"].reverse()
    found = lines(told(shipped, {**shipped.files, TABLE: as_json(table)}))
    assert any("· order: " in line for line in found)


def test_questions_are_told_by_their_title(shipped: Pack) -> None:
    form = document(shipped, FORM)
    section = form["x-sections"][0]
    key = section["fields"][0]
    form["properties"]["brand_new"] = {
        "type": "string",
        "title": "新问题",
        "x-title-en": "New question",
        "x-widget": "text",
    }
    section["fields"].append("brand_new")
    form["properties"][key]["x-title-en"] = "Another title"
    found = lines(told(shipped, {**shipped.files, FORM: as_json(form)}))
    assert "added: question · New question:  → brand_new" in found
    assert any(line.startswith("changed: question · Another title · title: ") for line in found)


def leaves(whole: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = whole.items() if isinstance(whole, dict) else enumerate(whole) if isinstance(whole, list) else ()
    return (
        [path]
        if not isinstance(whole, dict | list)
        else [leaf for key, one in pairs for leaf in leaves(one, (*path, key))]
    )


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value}x"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_a_value_goes_unnoticed(shipped: Pack, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([MATTER, FORM, *(n for n in shipped.files if n.startswith("rules/"))]))
    whole = yaml.safe_load(shipped.files[name])
    *way, last = data.draw(st.sampled_from(leaves(whole)))
    holder = whole
    for step in way:
        holder = holder[step]
    holder[last] = altered(holder[last])
    content = as_json(whole)
    try:
        new = from_files({**shipped.files, name: content})
    except ValueError:
        return  # no pack any more: that is the gate's to say
    assert any(one.file == name and "written only" not in one.where[-1] for one in differences(shipped, new, SPEECH))


def test_the_shipped_packs_can_all_be_compared(shipped: Pack) -> None:
    simple = next(path.parent for path in shipped_packs().glob("builder_change/1/matter.yaml"))
    found = differences(shipped, from_directory(simple), Speech("zh", str, {}))
    assert {one.part for one in found} == {"matter", "form", "process", "rules", "other"}


# --- two people


def test_one_proposes_and_another_publishes(world: Any, shipped: Pack) -> None:
    day = clock.today() + timedelta(days=3)
    proposal = propose(world.actor("system"), changed(shipped), effective_from=day, reason="新版本")
    assert (proposal.matter, proposal.version, proposal.state) == ("construction_permit", 2, "waiting")
    approve(world.actor("admin"), proposal)
    version = PackVersion.objects.get(matter="construction_permit", version=2)
    assert (version.effective_from, version.published_by) == (day, world.actor("admin").id)
    assert packs.current("construction_permit", clock.today()).version == 1
    assert packs.current("construction_permit", day).version == 2
    said = journal.about("pack", version.id)[0]
    assert said.actor_id == world.actor("admin").id
    assert json.loads(bytes(said.body))["data"]["proposed_by"] == str(world.actor("system").id)
    assert journal.about("pack", proposal.id)[0].actor_id == world.actor("system").id


def test_the_same_person_may_not_publish(world: Any, shipped: Pack) -> None:
    proposal = propose(world.actor("admin"), changed(shipped))
    for act in (actions.approve, actions.decline):
        with pytest.raises(Forbidden, match="another person"):
            act(world.actor("admin"), actions.Decide(new_command_id(), proposal.pk, proposal.digest, "no"))
    with pytest.raises(IntegrityError, match="proposal_two_people"), transaction.atomic():
        PackProposal.objects.filter(pk=proposal.pk).update(decided_by=proposal.proposed_by)
    assert not PackVersion.objects.filter(version=2, matter="construction_permit").exists()


def test_permissions_are_asked_for(world: Any, shipped: Pack) -> None:
    with pytest.raises(Forbidden):
        propose(world.actor("window"), changed(shipped))
    proposal = propose(world.actor("admin"), changed(shipped))
    with pytest.raises(Forbidden):
        approve(world.actor("system"), proposal)  # may propose, not publish


def test_a_faulty_pack_is_kept_and_never_published(world: Any, shipped: Pack) -> None:
    proposal = propose(world.actor("system"), changed(shipped, (MATTER, b"P3WD", b"P4WD")))
    assert (proposal.state, proposal.readable, proposal.faults > 0) == ("faulty", True, True)
    with pytest.raises(Conflict, match="with faults"):
        approve(world.actor("admin"), proposal)
    with pytest.raises(IntegrityError, match="proposal_published_sound"), transaction.atomic():
        PackProposal.objects.filter(pk=proposal.pk).update(state="published", decided_by=world.actor("admin").id)
    assert not PackVersion.objects.filter(version=2, matter="construction_permit").exists()
    corrected = propose(world.actor("system"), changed(shipped), proposal_id=proposal.pk)
    assert (corrected.pk, corrected.state, corrected.faults) == (proposal.pk, "waiting", 0)
    approve(world.actor("admin"), corrected)


def test_what_was_not_looked_at_is_not_published(world: Any, shipped: Pack) -> None:
    seen = propose(world.actor("system"), changed(shipped))
    propose(world.actor("system"), changed(shipped, (MATTER, b"icon: certificate", b"icon: book")), proposal_id=seen.pk)
    with pytest.raises(Stale, match="changed since"):
        approve(world.actor("admin"), seen)


def test_a_published_version_is_not_proposed_again(world: Any, shipped: Pack) -> None:
    proposal = propose(world.actor("system"), changed(shipped, version=1))
    assert proposal.state == "faulty"
    assert "Raise the version number" in str(from_json(proposal.report)[0])
    first, second = (
        propose(world.actor("system"), changed(shipped, *more))
        for more in ([], [(MATTER, b"icon: certificate", b"icon: book")])
    )
    approve(world.actor("admin"), first)
    with pytest.raises(Conflict, match="Raise the version number"):
        approve(world.actor("admin"), second)


def test_a_proposal_is_decided_once_and_its_own_to_withdraw(world: Any, shipped: Pack) -> None:
    proposal = propose(world.actor("system"), changed(shipped))
    decide = actions.Decide(new_command_id(), proposal.pk, proposal.digest, "时限依据不足")
    with pytest.raises(Forbidden, match="Only the person"):
        actions.withdraw_proposal(world.actor("admin"), decide)
    with pytest.raises(Refusal, match="Write the reason"):
        actions.decline(world.actor("admin"), actions.Decide(new_command_id(), proposal.pk, proposal.digest))
    assert actions.decline(world.actor("admin"), decide).state == "declined"
    with pytest.raises(Conflict, match="has been decided"):
        approve(world.actor("admin"), proposal)
    with pytest.raises(Conflict, match="has been decided"):
        propose(world.actor("system"), changed(shipped), proposal_id=proposal.pk)


def test_a_version_never_begins_in_the_past(world: Any, shipped: Pack) -> None:
    with pytest.raises(Refusal, match="today at the earliest"):
        propose(world.actor("system"), changed(shipped), effective_from=clock.today() - timedelta(days=1))
    proposal = propose(world.actor("system"), changed(shipped))
    PackProposal.objects.filter(pk=proposal.pk).update(effective_from=clock.today() - timedelta(days=5))
    approve(world.actor("admin"), proposal)
    assert PackVersion.objects.get(digest=proposal.digest).effective_from == clock.today()


def test_proposing_twice_with_one_command_is_one_proposal(world: Any, shipped: Pack) -> None:
    command = new_command_id()
    first, second = (propose(world.actor("system"), changed(shipped), command_id=command) for _ in range(2))
    assert first.pk == second.pk
    assert PackProposal.objects.count() == 1


# --- rehearsal


def stricter(pack: Pack) -> dict[str, bytes]:
    """A version in which the table of prices fails whatever it is asked."""
    table = document(pack, TABLE)
    for row in table["rows"]:
        row["then"]["result"] = "failed"
    return changed(pack) | {TABLE: as_json(table)}


def test_a_rehearsal_shows_which_checks_come_out_differently(road: Callable[..., Any], shipped: Pack) -> None:
    case = road().case
    found = rehearse(shipped, from_files(stricter(shipped)), 50)
    assert found.asked >= 1
    (one,) = [one for one in found.differing if one.case.id == case.id]
    assert (one.table.zh, one.before, one.after) == (document(shipped, TABLE)["name"]["zh"], "passed", "failed")
    assert rehearse(shipped, from_files(changed(shipped)), 50).differing == ()


def test_a_rehearsal_stores_nothing(road: Callable[..., Any], shipped: Pack) -> None:
    road()
    before = standing()
    rehearse(shipped, from_files(stricter(shipped)), 200)
    assert standing() == before
    with transaction.atomic(), connection.cursor() as cursor:  # and what follows may be written again
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)


# --- moving open cases

RENAMED: tuple[Change, ...] = (
    (PROCESS, b"quality_review", b"quality_check"),
    (MATTER, b"  quality_review:\n", b"  quality_check:\n"),
    *((f"tests/{name}.yaml", b"quality_review", b"quality_check") for name in ("road",)),
)


def renamed(pack: Pack) -> dict[str, bytes]:
    files = changed(pack, *RENAMED)
    return {n: c.replace(b"quality_checker", b"quality_reviewer") for n, c in files.items()}


def run(actor: Any, **names: str) -> tuple[migrating.DryRun, actions.MoveCases]:
    route = route_of("construction_permit", 1, 2, names)
    found = migrating.dry_run(route, migrating.open_cases(actor, route.source))
    command = actions.MoveCases(new_command_id(), "construction_permit", 1, 2, tuple(names.items()), found.seen)
    return found, command


def dues(case_id: UUID) -> tuple[Any, ...]:
    case = Case.objects.get(pk=case_id)
    items = WorkItem.objects.filter(instance=case_id).order_by("id").values_list("due_on", "opened_at", "closed_at")
    stops = case.stops.order_by("id").values_list("reason", "first_day", "last_day")
    return case.due_on, case.statutory_due_on, case.status, case.accepted_on, [*items], [*stops], _timers(case_id)


def _timers(case_id: UUID) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, due_at, state FROM process_timer WHERE instance_id = %s ORDER BY id", [case_id])
        return cursor.fetchall()


STEPS = ("acceptance", "quality_review", "safety_review", "market_review", "examination")


@pytest.mark.parametrize("done", range(len(STEPS) + 1))
def test_a_moved_case_keeps_every_due_day_and_goes_on(
    world: Any, road: Callable[..., Any], shipped: Pack, done: int
) -> None:
    case = road().through(*STEPS[:done])
    publish(
        world,
        changed(
            shipped, (PROCESS, b'jg:role="market_reviewer"', b'jg:role="market_reviewer" jg:separate-from="acceptance"')
        ),
    )
    before = dues(case.case_id)
    admin = world.actor("admin")
    found, command = run(admin)
    (plan,) = [one for one in found.plans if one.case.id == case.case_id]
    assert plan.reasons == ()
    assert dues(case.case_id) == before
    assert actions.move_cases(admin, command).moved == found.possible
    assert dues(case.case_id) == before
    moved = case.case
    assert moved.pack.version == 2
    assert journal.about("case", case.case_id).last().kind == "case.moved"
    case.through(*STEPS[done:]).through("approval")
    assert case.case.decision == "completed"


def test_a_case_whose_clock_stands_still_keeps_its_stop_and_its_timer(
    world: Any, road: Callable[..., Any], shipped: Pack
) -> None:
    case = road()
    case.finish("acceptance", "window", "correct", items=("补充材料",))
    publish(
        world,
        changed(
            shipped, (PROCESS, b'jg:name-en="Examination"\n        jg:role', b'jg:name-en="Examining"\n        jg:role')
        ),
    )
    before = dues(case.case_id)
    _, command = run(world.actor("admin"))
    actions.move_cases(world.actor("admin"), command)
    assert case.case.pack.version == 2
    assert dues(case.case_id) == before
    assert before[0] is None
    assert before[6]


def test_a_case_at_an_unmapped_step_stays(world: Any, road: Callable[..., Any], shipped: Pack) -> None:
    case = road().through("acceptance")
    publish(world, renamed(shipped))
    admin = world.actor("admin")
    found, command = run(admin)
    (plan,) = [one for one in found.plans if one.case.id == case.case_id]
    assert not plan.possible
    assert any("quality_review" in str(reason) for reason in plan.reasons)
    assert found.unnamed == ("quality_review",)
    if found.possible:
        actions.move_cases(admin, command)
    else:
        with pytest.raises(Conflict, match="nothing was changed"):
            actions.move_cases(admin, command)
    assert case.case.pack.version == 1


def test_a_mapped_step_moves_with_its_work_item_its_past_and_its_picture(
    world: Any, road: Callable[..., Any], shipped: Pack
) -> None:
    case = road().through("acceptance", "safety_review")
    publish(world, renamed(shipped))
    item = case.item("quality_review")
    _, command = run(world.actor("admin"), quality_review="quality_check")
    before = dues(case.case_id)
    actions.move_cases(world.actor("admin"), command)
    assert dues(case.case_id) == before
    assert case.item("quality_check") == item
    assert "quality_review" not in {dated.line.node for dated in process.log_of(case.case_id)}
    case.finish("quality_check", "quality", "pass")


def test_who_did_a_step_is_remembered_under_its_new_name(world: Any, road: Callable[..., Any], shipped: Pack) -> None:
    """Otherwise the same person could do a later step that asks for another one (审办分离)."""
    case = road().through("acceptance", "quality_review")
    publish(world, renamed(shipped))
    found, _ = run(world.actor("admin"))
    (plan,) = [one for one in found.plans if one.case.id == case.case_id]
    assert any("was done in this case" in str(reason) for reason in plan.reasons)
    _, command = run(world.actor("admin"), quality_review="quality_check")
    actions.move_cases(world.actor("admin"), command)
    quality, safety = world.actor("quality").id, world.actor("safety").id
    assert process.acted_at(case.case_id, ["quality_check"], [quality, safety]) == {quality}
    case.through("safety_review", "market_review", "examination")  # the result of the renamed step is known


def test_people_who_were_named_are_never_lost(world: Any, road: Callable[..., Any], shipped: Pack) -> None:
    case = road().through("acceptance")
    case.finish("quality_review", "quality", "pass", assignees=(world.actor("supervisor1").id,))
    publish(world, renamed(shipped))
    found, _ = run(world.actor("admin"), quality_review="quality_check")
    (plan,) = [one for one in found.plans if one.case.id == case.case_id]
    assert ["people named" in str(reason) for reason in plan.reasons] == [True]


def test_cases_that_stay_do_not_keep_others_from_moving(
    world: Any, road: Callable[..., Any], shipped: Pack, monkeypatch: pytest.MonkeyPatch, visit: Callable[[str], Any]
) -> None:
    stays, moves = road().through("acceptance"), road(project="p06")
    publish(world, renamed(shipped))
    monkeypatch.setattr(migrating, "AT_ONCE", 1)
    page = visit("admin").get("/g/conf/matters/construction_permit/move/?from=1&to=2")
    assert [plan.case.id for plan in page.context["run"].plans] == [stays.case_id]
    assert f"after={stays.case_id}" in page.content.decode()
    address = f"/g/conf/matters/construction_permit/move/?from=1&to=2&after={stays.case_id}"
    seen = visit("admin").get(address).context["run"].seen
    sent = {"from": 1, "to": 2, "after": stays.case_id, "seen": seen, "command_id": new_command_id()}
    assert visit("admin").post("/g/conf/matters/construction_permit/move/", sent).status_code == 302
    assert (stays.case.pack.version, moves.case.pack.version) == (1, 2)


def test_a_step_that_is_still_there_cannot_be_renamed(world: Any, shipped: Pack) -> None:
    publish(world, changed(shipped))
    with pytest.raises(Refusal, match="keeps its name"):
        route_of("construction_permit", 1, 2, {"acceptance": "approval"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((MATTER, b"clock: receipt", b"clock: acceptance"), "other time limits"),
        ((MATTER, b"duration: P3WD", b"duration: P4WD"), "other time limits"),
        ((PROCESS, b'jg:role="window_clerk" jg:stage="acceptance"', b'jg:role="window_clerk" jg:stage="review"'), "another main step"),
    ],
)  # fmt: skip
def test_nothing_legal_moves_with_a_case(
    world: Any, road: Callable[..., Any], shipped: Pack, change: Change, reason: str
) -> None:
    case = road()
    pack = from_files(changed(shipped, change))
    version = PackVersion.objects.create(
        matter=pack.matter.key, version=2, digest=pack.digest, content=make_archive(pack.files),
        effective_from=clock.today(), published_at=clock.now(),
    )  # fmt: skip
    assert version.version == 2
    found, _ = run(world.actor("admin"))
    (plan,) = [one for one in found.plans if one.case.id == case.case_id]
    assert any(reason in str(one) for one in plan.reasons)


def test_moving_happens_once_and_only_as_it_was_seen(world: Any, road: Callable[..., Any], shipped: Pack) -> None:
    case = road()
    publish(world, changed(shipped))
    admin = world.actor("admin")
    _, command = run(admin)
    with pytest.raises(Forbidden):
        actions.move_cases(world.actor("system"), command)
    first = actions.move_cases(admin, command)
    assert actions.move_cases(admin, command) == first
    assert sum(entry.kind == "case.moved" for entry in journal.about("case", case.case_id)) == 1
    again = actions.MoveCases(new_command_id(), "construction_permit", 1, 2, (), command.seen)
    with pytest.raises(Stale, match="moved on"):
        actions.move_cases(admin, again)
    with pytest.raises(Refusal, match="the same"):
        route_of("construction_permit", 2, 2, {})


def test_a_dry_run_changes_nothing_and_asks_as_often_for_many_as_for_few(
    world: Any, road: Callable[..., Any], shipped: Pack, django_assert_max_num_queries: Any
) -> None:
    road()
    publish(world, changed(shipped, (FORM, b'"x-title-en": "', b'"x-title-en": "The ')))
    before = standing()
    with django_assert_max_num_queries(14):
        run(world.actor("admin"))
    road(project="p06")
    assert {name for name, kept in standing().items() if kept != before[name]} >= {"matters_case"}
    with django_assert_max_num_queries(14):
        run(world.actor("admin"))


# --- pages


def upload(files: Mapping[str, bytes]) -> SimpleUploadedFile:
    return SimpleUploadedFile("pack.zip", make_archive(files), "application/zip")


def test_a_person_proposes_looks_and_another_publishes(
    visit: Callable[[str], Any], road: Callable[..., Any], shipped: Pack
) -> None:
    road()
    system, admin = visit("system"), visit("admin")
    assert system.get("/g/conf/matters/construction_permit/1/files/").content == make_archive(shipped.files)
    sent = {"archive": upload(stricter(shipped)), "effective_from": clock.today().isoformat(), "reason": "调整"}
    answer = system.post("/g/conf/proposals/new/", sent)
    assert answer.status_code == 302
    address = answer["Location"]
    sent["archive"] = upload(changed(shipped, (MATTER, b"icon: certificate", b"icon: book")))
    corrected = system.post(f"{address}correct/", sent)
    assert corrected["Location"] == address
    for view in ("", "process/", "form/", "differences/", "rehearsal/", "rehearsal/?n=20"):
        page = admin.get(address + view)
        assert page.status_code == 200, view
    assert "book" in admin.get(f"{address}differences/").content.decode()
    proposal = PackProposal.objects.get()
    decision = {"_op": "approve", "command_id": str(new_command_id()), "digest": proposal.digest}
    own = system.post(f"{address}decide/", decision)
    assert own.status_code == 403
    done = admin.post(f"{address}decide/", {**decision, "command_id": str(new_command_id())})
    assert done.status_code == 302
    assert PackVersion.objects.filter(matter="construction_permit", version=2).exists()
    tried = admin.get("/g/conf/matters/construction_permit/move/?from=1&to=2")
    assert tried.status_code == 200
    seen = tried.context["run"].seen
    move = {"from": "1", "to": "2", "seen": seen, "command_id": str(new_command_id())}
    assert admin.post("/g/conf/matters/construction_permit/move/", {**move, "seen": "x"}).status_code == 409
    assert admin.post("/g/conf/matters/construction_permit/move/", move).status_code == 302


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"effective_from": "2999-01-01"}, 422),
        ({"effective_from": "2999-01-01", "archive": SimpleUploadedFile("a.zip", b"no zip")}, 422),
        ({"effective_from": "soon", "reason": "写了很多字", "archive": None}, 422),
    ],
)
def test_what_was_typed_stays_where_an_upload_is_refused(
    visit: Callable[[str], Any], shipped: Pack, sent: dict[str, Any], status: int
) -> None:
    sent = {**sent, "archive": upload(changed(shipped))} if "archive" in sent and sent["archive"] is None else sent
    page = visit("system").post("/g/conf/proposals/new/", {"reason": "写了很多字", **sent})
    assert page.status_code == status
    assert "写了很多字" in page.content.decode()
    assert not PackProposal.objects.exists()


def test_whoever_may_not_does_not_get_in(visit: Callable[[str], Any], world: Any, shipped: Pack) -> None:
    proposal = propose(world.actor("system"), changed(shipped))
    assert visit("window").get("/g/conf/proposals/").status_code == 403
    assert visit("head").get("/g/conf/proposals/").status_code == 200
    assert visit("head").get("/g/conf/proposals/new/").status_code == 403
    assert visit("head").get("/g/conf/matters/construction_permit/move/").status_code == 403
    assert visit("agent").get(f"/g/conf/proposals/{proposal.pk}/").status_code == 403


def test_a_file_can_be_changed_in_place_and_goes_through_the_gate_again(
    visit: Callable[[str], Any], world: Any, shipped: Pack
) -> None:
    proposal = propose(world.actor("system"), changed(shipped, (MATTER, b"P3WD", b"P4WD")))
    address, system = f"/g/conf/proposals/{proposal.pk}/edit/", visit("system")
    page = system.get(f"{address}?file={MATTER}")
    assert page.context["text"].encode() == open_archive(bytes(proposal.content))[MATTER]
    text = page.context["text"].replace("P4WD", "P3WD").replace("\n", "\r\n")
    sent = {"file": MATTER, "text": text, "digest": proposal.digest, "command_id": str(new_command_id())}
    for refused in ({"file": "../evil.yaml"}, {"digest": "0" * 64}):
        answer = system.post(address, {**sent, **refused, "command_id": str(new_command_id())})
        assert answer.status_code in (409, 422)
        assert "P3WD" in answer.content.decode()
    assert visit("admin").post(address, {**sent, "command_id": str(new_command_id())}).status_code == 403
    assert system.post(address, sent).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.digest) == ("waiting", from_files(changed(shipped)).digest)

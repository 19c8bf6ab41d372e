"""What a box holds: every document once, who filed it and why, versions, retention, what is missing, and for whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jianguan.kernel.tables import Localized
from jianguan.licensing.archives import rules, schedule
from jianguan.licensing.archives import service as archives
from jianguan.licensing.archives.rules import Held
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters.models import Case, CorrectionNotice, Submission
from jianguan.platform.documents.models import Document
from jianguan.platform.errors import NotFound
from jianguan.platform.journal.service import SYSTEM, Subject, record
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import facts
from jianguan.registry.people import service as people


def catalogue(application: Any, username: str, box: Any) -> archives.Catalogue:
    return archives.catalogue(application.world.actor(username), box)


def test_every_document_is_there_once(corrected, box):
    items = catalogue(corrected, "head", box).items
    listed = [item.content.sha256 for item in items]
    submitted = {d["sha256"] for s in Submission.objects.filter(case=corrected.case_id) for d in s.documents}
    sealed = {one.sha256 for one in certificates.issued().filter(case_id=corrected.case_id)}
    assert max(Counter(listed).values()) == 1
    assert submitted | sealed < set(listed)
    assert Counter(item.first.what for item in items) == {"material": 2, "certificate": 1, "notice": 1}


def test_it_says_why_a_document_is_there_and_who_filed_it(corrected, box):
    items = catalogue(corrected, "head", box).items
    uses = {use.key: use for item in items for use in item.uses if not use.is_superseded}
    document = Document.objects.get(subject_id=corrected.case_id, slot="contract", removed_at=None)
    use = uses["contract"]
    assert (use.number, use.name.zh, use.matter) == (corrected.case.number, "施工合同", "construction_permit")
    assert (use.put_by, use.put_at) == (document.uploaded_by, document.uploaded_at)
    assert uses["construction_permit"].put_by is None, "the platform files what it seals"
    assert uses["correction"].filename == f"{CorrectionNotice.objects.get(case=corrected.case_id).number}.json"


def test_versions_of_the_same_document_stay(corrected, box):
    uses = [use for item in catalogue(corrected, "head", box).items for use in item.uses]
    contracts = {use.versions: use.is_superseded for use in uses if use.key == "contract"}
    assert contracts == {(1,): True, (2,): False}
    assert {use.versions for use in uses if use.key == "funds"} == {(1, 2)}, "what was not replaced is in both"


def test_numbers_of_people_in_file_names_are_masked(corrected, box):
    names = {use.filename for item in catalogue(corrected, "head", box).items for use in item.uses}
    assert "合同460103********1234签章.pdf" in names
    assert rules.masked("13800001111.pdf") == "138****1111.pdf"
    assert rules.masked("合同20261120.pdf") == "合同20261120.pdf"


def test_documents_stand_at_the_stage_of_their_matter(corrected, box):
    shelves = catalogue(corrected, "head", box).shelves
    assert {shelf.stage.key: len(shelf.placed) for shelf in shelves if shelf.placed} == {"permit": 4}


def test_a_document_used_at_two_stages_says_where_it_was_filed(corrected, box):
    item = next(i for i in catalogue(corrected, "head", box).items if i.first.what == "material")
    first, *_, last = schedule.stages("project")
    later = replace(item.first, stage=last)
    two = rules.Item(item.content, (replace(item.first, stage=first), later))
    shelves = rules.shelves(schedule.stages("project"), [two], None)
    assert [placed.filed_at for shelf in shelves for placed in shelf.placed] == [None, first]


def test_the_missing_list_of_a_finished_stage_empties_when_the_document_comes(corrected, box):
    (permit,) = [s for s in catalogue(corrected, "head", box).shelves if s.stage.key == "permit"]
    assert (permit.finished, permit.missing) == (True, ())
    stages = schedule.stages("project")
    done = Held({"construction_permit"}, {})
    (bare,) = [s for s in rules.shelves(stages, [], done) if s.stage.key == "permit"]
    assert "建筑工程施工许可证" in [one.name.zh for one in bare.missing]
    assert all(not shelf.missing for shelf in rules.shelves(stages, [], Held((), {}))), "nothing is finished"


def test_a_record_of_the_library_stands_for_the_document():
    stages = schedule.stages("project")
    done = Held({"construction_permit"}, {"drawing_review": object(), "planning": object()})
    missing = {one.name.zh for shelf in rules.shelves(stages, [], done) for one in shelf.missing}
    assert "施工图审查合格书" not in missing
    assert "用地批准手续" in missing


def test_a_superseded_document_is_no_longer_there(corrected, box):
    items = catalogue(corrected, "head", box).items
    old = [item for item in items if any(use.key == "contract" and use.is_superseded for use in item.uses)]
    only_old = [rules.Item(i.content, tuple(u for u in i.uses if u.key == "contract")) for i in old]
    shelves = rules.shelves(schedule.stages("project"), only_old, Held({"construction_permit"}, {}))
    assert "施工合同" in {one.name.zh for shelf in shelves for one in shelf.missing}


def test_it_is_not_said_what_is_missing_to_who_sees_a_part(corrected, box):
    seen = catalogue(corrected, "agent2", box)
    assert not seen.whole
    assert all(not shelf.missing and not shelf.finished for shelf in seen.shelves)


# --- for whom


def test_a_stranger_sees_nothing(corrected, box):
    with pytest.raises(NotFound):
        archives.box(corrected.world.actor("agent"), box.kind, box.id)
    with pytest.raises(NotFound):
        archives.box(corrected.world.actor("head"), "warehouse", box.id)
    assert catalogue(corrected, "agent", box).items == [], "even with the box in hand"
    assert catalogue(corrected, "system", box).items == []


def test_whoever_may_not_open_cases_sees_the_certificates_only(corrected, box):
    seen = catalogue(corrected, "registrar", box)
    assert {item.first.what for item in seen.items} == {"certificate"}
    assert seen.shelves[3].placed, "their stage is known all the same"


def test_an_enterprise_sees_what_it_applied_for(corrected, box):
    mine = {item.content.sha256 for item in catalogue(corrected, "agent2", box).items}
    all_of_it = {item.content.sha256 for item in catalogue(corrected, "head", box).items}
    assert mine <= all_of_it
    assert mine


def test_drafts_are_in_no_box(world, road, box):
    before = len(archives.catalogue(world.actor("head"), box).items)
    Case.objects.filter(project_id=box.id).update(status="draft")
    seen = archives.catalogue(world.actor("agent2"), box)
    assert before
    assert [item for item in seen.items if item.first.what == "material"] == []


def test_the_box_of_an_enterprise_leaves_projects_to_theirs(corrected):
    actor = corrected.world.actor("agent2")
    own = enterprises.by_uscc(actor.uscc)
    found = archives.box(actor, "enterprise", own.id)
    assert archives.catalogue(actor, found).items == []
    Case.objects.filter(pk=corrected.case_id).update(project_id=None)
    seen = archives.catalogue(actor, found)
    assert len(seen.items) == 4
    assert seen.whole


def test_the_box_of_a_person_holds_the_cases_their_papers_came_from(corrected):
    person = people.found_by("").first()
    found = archives.box(corrected.world.actor("head"), "person", person.id)
    assert archives.catalogue(corrected.world.actor("head"), found).items == []
    with transaction.atomic():
        record(facts.REGISTRATION_RECORDED, Subject("person", person.id, ""), SYSTEM, {"case": corrected.case_id})
    assert len(archives.catalogue(corrected.world.actor("head"), found).items) == 4


def test_the_number_of_queries_does_not_grow_with_the_box(corrected, road, box):
    actor = corrected.world.actor("head")
    archives.catalogue(actor, box)  # packs are read once per process
    with CaptureQueriesContext(connection) as small:
        archives.catalogue(actor, box)
    other = road(project="p06").to_certificate()
    Case.objects.filter(pk=other.case_id).update(project_id=box.id)
    with CaptureQueriesContext(connection) as large:
        found = archives.catalogue(actor, box)
    assert len({use.case_id for item in found.items for use in item.uses}) == 2
    assert len(large) == len(small)


# --- retention


@pytest.mark.parametrize(
    ("what", "key", "group", "period"),
    [
        ("certificate", "construction_permit", "permit", "permanent"),
        ("certificate", "builder_registration", "people", "short"),
        ("notice", "correction", "permit", "short"),
        ("material", "contract", "permit", "long"),
        ("material", "planning", "permit", "permanent"),
        ("material", "anything", "new_group", "long"),
    ],
)
def test_retention_follows_from_what_a_document_is(what, key, group, period):
    found = schedule.retention_of(what, key, group)
    assert found.period.key == period
    assert found.confidence in ("recalled", "proposal"), "nothing here was read in the standard itself"


def test_a_document_is_kept_for_the_longest_of_its_uses(corrected, box):
    shared = next(i for i in catalogue(corrected, "head", box).items if len(i.uses) > 1)
    periods = {use.retention.period.key for use in shared.uses}
    assert {"long", "short"} <= periods
    assert (shared.retention.period.key, shared.keep_until) == ("long", None)


def test_a_short_period_begins_when_the_last_of_its_cases_ends(corrected, box):
    (notice,) = [i for i in catalogue(corrected, "head", box).items if i.first.what == "notice"]
    ended = notice.first.closed_on
    assert notice.keep_until == date(ended.year + 20, ended.month, ended.day)
    still_open = rules.Item(notice.content, (notice.first, replace(notice.first, closed_on=None)))
    assert still_open.keep_until is None
    leap = rules.Item(notice.content, (replace(notice.first, closed_on=date(2080, 2, 29)),))
    assert leap.keep_until == date(2100, 2, 28)


def test_every_matter_of_a_project_has_a_stage():
    for group in (
        "project",
        "design",
        "tender",
        "permit",
        "quality_safety",
        "fire",
        "acceptance",
        "machinery",
        "urban",
    ):
        assert schedule.stage_of("project", "x", group).key != "other", group
    assert schedule.stage_of("project", "fire_design_review", "fire").key == "design"
    assert schedule.stage_of("person", "x", "unheard_of").name == Localized("其他", "Other")

"""A working copy from the published version to the proposal: whose it is, two windows, the gate, discarding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jianguan.licensing.matters.models import PackProposal, PackVersion
from jianguan.licensing.workshop import actions, judging
from jianguan.licensing.workshop.models import WorkingCopy
from jianguan.platform import clock
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Forbidden, NotFound, Refusal, Stale
from jianguan.platform.journal import service as journal

MATTER, PROCESS = "matter.yaml", "process.bpmn"
Begin, Change = Callable[..., WorkingCopy], Callable[..., None]


def texts(copy: WorkingCopy) -> dict[str, str]:
    return dict(copy.files.values_list("name", "text"))


def submit(actor: Any, copy: WorkingCopy, **said: Any) -> actions.Submitted:
    day = said.get("day", clock.today())
    seen = said.get("seen", judging.digest(texts(copy)))
    return actions.submit_copy(actor, actions.SubmitCopy(new_command_id(), copy.pk, day, "改了名称", seen))


def test_a_copy_begins_with_all_files_and_the_next_number(begin: Begin) -> None:
    copy = begin()
    files = texts(copy)
    assert (copy.base, copy.version, copy.state) == (1, 2, "open")
    assert "version: 2" in files[MATTER]
    assert judging.gated(files).faults == 0
    assert [entry.kind for entry in journal.about("working_copy", copy.pk)] == ["working_copy.opened"]


def test_one_person_has_one_copy_of_a_matter_and_two_people_may_have_one_each(begin: Begin) -> None:
    begin()
    with pytest.raises(Conflict, match="already"):
        begin()
    assert begin(who="admin").version == 2


def test_only_who_may_propose_gets_in(world: Any, begin: Begin, visit: Callable[[str], Any]) -> None:
    copy = begin()
    with pytest.raises(Forbidden):
        begin(who="head")
    with pytest.raises(NotFound):
        actions.save_file(world.actor("admin"), copy.pk, MATTER, "", 1)
    assert visit("head").get("/g/conf/workshop/").status_code == 403
    assert visit("agent").get(f"/g/conf/workshop/{copy.pk}/").status_code == 403
    for view in ("", "process/", "tables/", "form/", "matter/", "scenarios/", "files/", "files/all/"):
        assert visit("admin").get(f"/g/conf/workshop/{copy.pk}/{view}").status_code == 404, view
        assert visit("system").get(f"/g/conf/workshop/{copy.pk}/{view}").status_code == 200, view
    assert visit("admin").get("/g/conf/workshop/").status_code == 200


def test_two_windows_do_not_overwrite_each_other(world: Any, begin: Begin) -> None:
    copy, actor = begin(), world.actor("system")
    assert actions.save_file(actor, copy.pk, MATTER, "key: one", 1) == 2
    with pytest.raises(Stale, match="another window"):
        actions.save_file(actor, copy.pk, MATTER, "key: two", 1)
    assert actions.save_file(actor, copy.pk, MATTER, "key: one", 2) == 2  # the same again changes nothing
    assert texts(copy)[MATTER] == "key: one"
    assert actions.save_file(actor, copy.pk, PROCESS, "<x/>", 1) == 2  # another file is another matter


@pytest.mark.parametrize("name", ["../evil.yaml", "code.py", "rules/a/b.table.json", "tests/x.yml"])
def test_a_pack_takes_no_other_files(world: Any, begin: Begin, name: str) -> None:
    with pytest.raises(Refusal, match="no file called"):
        actions.save_file(world.actor("system"), begin().pk, name, "x", 0)


def test_files_have_a_limit_and_what_a_pack_needs_stays(world: Any, begin: Begin) -> None:
    copy, actor = begin(), world.actor("system")
    with pytest.raises(Refusal, match="too large"):
        actions.save_file(actor, copy.pk, MATTER, "x" * (actions.LONGEST + 1), 1)
    with pytest.raises(Refusal, match="cannot do without"):
        actions.remove_file(actor, copy.pk, PROCESS)
    actions.save_file(actor, copy.pk, "tests/more.yaml", "[]", 0)
    actions.remove_file(actor, copy.pk, "tests/more.yaml")
    assert "tests/more.yaml" not in texts(copy)


def test_a_copy_becomes_a_proposal_that_another_person_publishes(
    world: Any, begin: Begin, change: Change, visit: Callable[[str], Any]
) -> None:
    copy = begin()
    change(copy, MATTER, "number_prefix: ", "number_prefix: X")
    submitted = submit(world.actor("system"), copy)
    proposal = PackProposal.objects.get(pk=submitted.proposal_id)
    assert (proposal.state, proposal.version, proposal.faults) == ("waiting", 2, 0)
    page = visit("system").get(f"/g/conf/workshop/{copy.pk}/")
    assert str(proposal.pk) in page.content.decode()
    with pytest.raises(Conflict, match="cannot be changed"):
        actions.save_file(world.actor("system"), copy.pk, MATTER, "x", 2)
    decision = {"_op": "approve", "command_id": str(new_command_id()), "digest": proposal.digest}
    assert visit("admin").post(f"/g/conf/proposals/{proposal.pk}/decide/", decision).status_code == 302
    assert PackVersion.objects.filter(matter=copy.matter, version=2).exists()
    with pytest.raises(Conflict, match="published"):
        actions.resume_copy(world.actor("system"), actions.OfCopy(new_command_id(), copy.pk))


def test_a_copy_that_was_sent_can_be_changed_further_and_corrects_its_proposal(
    world: Any, begin: Begin, change: Change
) -> None:
    copy, actor = begin(), world.actor("system")
    first = submit(actor, copy)
    actions.resume_copy(actor, actions.OfCopy(new_command_id(), copy.pk))
    change(copy, MATTER, "number_prefix: ", "number_prefix: Y")
    copy.refresh_from_db()
    assert submit(actor, copy) == first
    assert PackProposal.objects.count() == 1


def test_faults_are_not_sent(world: Any, begin: Begin, change: Change) -> None:
    copy, actor = begin(), world.actor("system")
    change(copy, PROCESS, 'jg:role="window_clerk"', "")
    with pytest.raises(Refusal, match="gate finds faults"):
        submit(actor, copy)
    with pytest.raises(Stale, match="changed since"):
        submit(actor, copy, seen="0" * 64)
    with pytest.raises(Refusal, match="today at the earliest"):
        submit(actor, copy, day=clock.today() - timedelta(days=1))
    assert not PackProposal.objects.exists()
    assert WorkingCopy.objects.get(pk=copy.pk).state == "open"


def test_the_number_is_the_next_one_when_it_is_sent(world: Any, begin: Begin) -> None:
    """Another version may have been published while this one was written."""
    copy, other = begin(), begin(who="admin")
    published = PackVersion.objects.get(matter=copy.matter, version=1)
    PackVersion.objects.create(
        matter=copy.matter, version=2, digest="other", content=bytes(published.content),
        effective_from=clock.today(), published_at=clock.now(),
    )  # fmt: skip
    submitted = submit(world.actor("admin"), other)
    assert PackProposal.objects.get(pk=submitted.proposal_id).version == 3
    assert "version: 3" in texts(other)[MATTER]


def test_what_is_discarded_is_gone_and_another_can_begin(world: Any, begin: Begin) -> None:
    copy, actor = begin(), world.actor("system")
    command = actions.OfCopy(new_command_id(), copy.pk)
    assert actions.discard_copy(actor, command) == actions.discard_copy(actor, command)
    assert not copy.files.exists()
    assert [entry.kind for entry in journal.about("working_copy", copy.pk)][-1] == "working_copy.discarded"
    assert begin().pk != copy.pk


def test_the_overview_tells_differences_and_faults_and_sends(
    begin: Begin, change: Change, visit: Callable[[str], Any]
) -> None:
    copy, system = begin(), visit("system")
    address = f"/g/conf/workshop/{copy.pk}/"
    page = system.get(address)
    assert page.context["parts"] == []
    change(copy, MATTER, "corrections: 1", "corrections: 2")
    page = system.get(address)
    assert [len(rows) for _, rows in page.context["parts"]] == [1]
    sent = {"_op": "submit", "command_id": new_command_id(), "seen": page.context["seen"], "reason": "写了理由"}
    refused = system.post(f"{address}decide/", {**sent, "effective_from": "soon"})
    assert refused.status_code == 422
    assert "写了理由" in refused.content.decode()
    done = system.post(f"{address}decide/", {**sent, "effective_from": clock.today().isoformat()})
    assert done["Location"].startswith("/g/conf/proposals/")
    assert system.post(f"{address}decide/", {"_op": "nothing"}).status_code == 404


def test_a_copy_is_begun_from_the_page_of_the_matter(visit: Callable[[str], Any], begin: Begin) -> None:
    system = visit("system")
    assert (
        "/g/conf/workshop/new/fire_design_review/1/"
        in system.get("/g/conf/matters/fire_design_review/").content.decode()
    )
    address = "/g/conf/workshop/new/fire_design_review/1/"
    command = system.get(address).context["command_id"]
    done = system.post(address, {"command_id": command})
    assert system.post(address, {"command_id": command})["Location"] == done["Location"]  # a second click
    assert WorkingCopy.objects.count() == 1
    assert system.get("/g/conf/workshop/new/fire_design_review/9/").status_code == 404
    begin(who="admin")
    assert system.get(address).context["mine"]

"""Every matter of the catalogue, from its form to its result, through the real actions and the people who hold the roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from jianguan.config.demonstration import further, timeline
from jianguan.config.packs_folder import pack_folders, shipped_packs
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import packs
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pack import Matter
from jianguan.platform import clock
from jianguan.platform.errors import Refusal
from jianguan.platform.journal import service as journal

pytestmark = pytest.mark.django_db
MATTERS = sorted(folder.parent.name for folder in pack_folders(shipped_packs()))
PERMIT = "construction_permit"


def answers(world: Any, matter: str) -> Mapping[str, Any]:
    """What a sample of the form cannot know: a change of a key person names people of the library."""
    if matter != "key_person_change":
        return {}
    leaving, coming = world.people["manager_1"], world.people["manager_6"]
    return {
        "post": "1009", "unit_uscc": world.enterprises["builder_1"], "leaving_name": leaving["name"],
        "leaving_identity": leaving["identity"], "person_name": coming["name"], "identity": coming["identity"],
    }  # fmt: skip


@pytest.fixture
def complete(world: Any, road: Callable[..., Any]) -> Callable[[str], Case]:
    """Applies for a matter and lets everybody finish their step; what it stands on is done first."""

    def done(matter: str) -> Case:
        if matter == PERMIT:
            return road().to_certificate().case
        subject = _matter(matter).subject
        row = {"matter": matter, "ago": 0, "by": "agent" if subject.kind == "project" else "builder"}
        row["answers"] = answers(world, matter)
        if subject.kind == "project":
            row["project"] = "p11"
        if subject.kind == "certificate":
            (row["certificate"],) = subject.certificates
            row["by"] = "agent2" if row["certificate"] == PERMIT else "builder"
            done(_first_of(row["certificate"]))
        if matter in PEOPLE:
            row["person"] = "manager_6"
        for _, act in further.road(world, row):
            try:
                act()
            except Refusal as refusal:  # say which place
                pytest.fail(
                    f"{matter}: {refusal.says} { ({name: str(says) for name, says in refusal.fields.items()}) }"
                )
            timeline.settle()
        return Case.objects.filter(matter=matter).latest("id")

    return done


def _matter(key: str) -> Matter:
    return packs.of_version(packs.current(key, clock.today())).matter


def _first_of(kind: str) -> str:
    """The matter by which a certificate of a kind is first issued."""
    found = [
        m.key
        for m in packs.catalogue()
        if m.certificate and m.certificate.key == kind and m.subject.kind != "certificate"
    ]
    return PERMIT if kind == PERMIT else min(found, key=len)


PEOPLE = {
    folder.parent.name for folder in pack_folders(shipped_packs()) if b'"person_name"' in (folder / "form.schema.json").read_bytes() or b"person" in (folder / "matter.yaml").read_bytes().split(b"include:")[-1][:80]
}  # fmt: skip


@pytest.mark.parametrize("matter", MATTERS)
def test_a_matter_is_applied_for_decided_and_recorded(complete: Callable[[str], Case], matter: str) -> None:
    case = complete(matter)
    assert case.status == "completed"
    pack = packs.of_version(case.pack)
    kinds = [entry.kind for entry in journal.about("case", case.id)]
    assert kinds[0] == "case.submitted"
    assert "case.completed" in kinds
    if pack.matter.certificate:
        issued = certificates.of_case(case.id)
        assert certificates.by_number(issued.number).verdict == "valid"
        assert issued.sha256

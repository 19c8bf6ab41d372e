"""A matter being changed: a working copy whose new time limit makes scenarios expect other days."""

from __future__ import annotations

from jianguan.config.demonstration.loading import World
from jianguan.licensing.workshop import service as workshop
from jianguan.platform.commands.service import new_command_id

MATTER, NAME = "matter.yaml", "construction_permit"
OWNER = "system"


def open_working_copy(world: World) -> None:
    """The promised limit of the construction permit, longer by two working days; nobody accepted the new days yet."""
    actor = world.actor(OWNER)
    workshop.open_copy(actor, workshop.OpenCopy(new_command_id(), NAME, 1))
    copy = workshop.WorkingCopy.objects.get(owner_id=actor.id, matter=NAME)
    text = copy.files.get(name=MATTER).text
    assert "duration: P3WD" in text
    workshop.save_file(actor, copy.pk, MATTER, text.replace("duration: P3WD", "duration: P5WD"), 1)

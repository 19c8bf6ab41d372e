"""Working copies in the hands of tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from jianguan.licensing.workshop import actions
from jianguan.licensing.workshop.models import WorkingCopy
from jianguan.platform.commands.service import new_command_id


@pytest.fixture
def begin(world: Any) -> Callable[..., WorkingCopy]:
    """Opens a working copy: `begin("fire_design_review")`."""

    def open_(matter: str = "fire_design_review", who: str = "system") -> WorkingCopy:
        done = actions.open_copy(world.actor(who), actions.OpenCopy(new_command_id(), matter, 1))
        return WorkingCopy.objects.get(pk=UUID(done.id))

    return open_


@pytest.fixture
def change(world: Any) -> Callable[..., None]:
    """Replaces a text in a file of a working copy."""

    def replace(copy: WorkingCopy, name: str, old: str, new: str, who: str = "system") -> None:
        file = copy.files.get(name=name)
        assert old in file.text
        actions.save_file(world.actor(who), copy.pk, name, file.text.replace(old, new), file.revision)

    return replace

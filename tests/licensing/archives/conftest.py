"""Boxes with something in them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfWriter

from jianguan.config.demonstration import timeline
from jianguan.licensing.archives import service as archives
from jianguan.licensing.archives.service import Box
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.actions.drafting import detach
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.documents.models import Document


def sheet(width: int) -> bytes:
    """A blank sheet of its own width: another content."""
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width, 842)
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture
def corrected(road: Callable[..., Any]) -> Any:
    """An application whose contract was replaced by the correction that was asked for, with its certificate."""
    application = road()
    application.finish("acceptance", "window", "correct", items=("合同缺少签章。",))
    agent = application.world.actor("agent2")
    old = Document.objects.get(subject_id=application.case_id, slot="contract")
    detach(agent, application.case_id, old.id)
    matters.attach(agent, application.case_id, "contract", "合同460103199001011234签章.pdf", sheet(600))
    case = application.case
    matters.submit(agent, matters.Submit(new_command_id(), case.id, case.draft.revision))
    timeline.settle()
    return application.to_certificate()


@pytest.fixture
def box(corrected: Any) -> Box:
    """The box of its project."""
    return archives.box(corrected.world.actor("head"), "project", corrected.case.project_id)


@pytest.fixture
def package(corrected: Any, box: Box, tmp_path: Path) -> Path:
    """The exported package of that box."""
    path = tmp_path / "box.zip"
    bag = archives.export(corrected.world.actor("head"), box.kind, box.id, uuid4())
    path.write_bytes(b"".join(archives.zipped(bag)))
    return path

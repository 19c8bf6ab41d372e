"""The document of a promise lies in the archive box, and leaves with its proof."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from jianguan.licensing.archives import service as archives
from jianguan.licensing.promises import service as promises


def test_the_promise_lies_in_the_box_and_leaves_with_its_proof(promised, world, tmp_path: Path):
    application = promised().decided()
    head = world.actor("head")
    box = archives.box(head, "project", application.case.project_id)
    (promise,) = promises.of_cases([application.case_id])
    item = next(one for one in archives.catalogue(head, box).items if one.first.what == "promise")
    assert (item.content.sha256, item.first.name.zh) == (promise.digest, "告知承诺书")
    path = tmp_path / "box.zip"
    path.write_bytes(b"".join(archives.zipped(archives.export(head, box.kind, box.id, uuid4()))))
    report = archives.verify(path)
    assert report.findings == []


def test_the_box_leads_to_it(promised, visit):
    application = promised()
    shown = visit("head").get(f"/g/archive/project/{application.case.project_id}/").content.decode()
    (promise,) = promises.of_cases([application.case_id])
    assert f"/promises/{promise.id}/" in shown

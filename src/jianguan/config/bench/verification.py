"""Verifications a second: by file, by number, by token, beside the parts they are made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from jianguan.config.bench import paper
from jianguan.config.bench.ground import Ground
from jianguan.config.bench.measuring import in_turn, rate
from jianguan.config.bench.report import Report
from jianguan.kernel.certificates import verify_pdf, verify_proof
from jianguan.kernel.ofd import verify_ofd
from jianguan.licensing.certificates import service as certificates
from jianguan.platform.documents import service as documents
from jianguan.platform.journal import service as journal

FILE, SEAL, QUICK_SEAL = (
    "file: register, seal, status, log",
    "seal of a file alone",
    "seal of a file, without second opinion",
)
OFD_SEAL = "seal of an OFD file alone"
TOKEN, NUMBER, OFFLINE = "number and token of a QR code", "number", "token, offline"
COMPARED = {FILE: SEAL, QUICK_SEAL: SEAL, OFD_SEAL: QUICK_SEAL, TOKEN: NUMBER}


def measure(ground: Ground) -> Report:
    """Verify one certificate in every way, in turn, in one worker process."""
    model_id = paper.example(ground)
    (certificate_id,) = paper.requested(model_id, 1)
    paper.produce([certificate_id])
    journal.sequence()
    count, names = ground.size(30, 2), (FILE, SEAL, QUICK_SEAL, OFD_SEAL, NUMBER, TOKEN, OFFLINE)
    arguments = (certificate_id, model_id)
    for name in names:
        ground.crew.run(_verify, (name, *arguments, 2))
    things = {
        name: partial(lambda name: ground.crew.run(_verify, (name, *arguments, count)).answers[0], name)
        for name in names
    }
    taken = in_turn(ground.size(7, 1), things)
    said = (
        "A file is genuine only if every byte is accounted for; the second opinion is pyHanko's validator. “Offline” needs "
        "no register: the public key is enough."
    )
    return Report("verification", [taken.figure(name, "1/s", COMPARED.get(name, "")) for name in names], [said])


def _verify(name: str, certificate_id: UUID, model_id: UUID, count: int) -> float:
    found = certificates.by_id(certificate_id)
    assert found is not None
    sealed, number, token = documents.content(found.sha256), found.number, found.proof
    assert certificates.by_file(sealed).verdict == "valid"
    press = paper.press(model_id)
    page = press.seal.seal(press.render(), press.template.seal)
    assert verify_pdf(page, press.trust).intact
    ofd = press.ofd_seal.seal(press.render(), press.template.seal)
    assert verify_ofd(ofd, press.ofd_trust).intact
    keys = certificates.proof_keys()
    ways: dict[str, tuple[Callable[[], object], int]] = {
        FILE: (lambda: certificates.by_file(sealed), 1),
        SEAL: (lambda: verify_pdf(page, press.trust), 1),
        QUICK_SEAL: (lambda: verify_pdf(page, press.trust, second_opinion=False), 1),
        OFD_SEAL: (lambda: verify_ofd(ofd, press.ofd_trust), 1),
        NUMBER: (lambda: certificates.by_number(number), 3),
        TOKEN: (lambda: certificates.by_number(number, token), 3),
        OFFLINE: (lambda: verify_proof(token, number=number, keys=keys), 30),
    }
    work, times = ways[name]
    return rate(work, count * times)

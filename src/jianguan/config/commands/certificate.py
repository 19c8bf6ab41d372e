"""`jianguan certificate`: is a file the certificate it says it is?"""

from __future__ import annotations

from pathlib import Path

import click

from jianguan.config import installation
from jianguan.config.commands.output import BAD, GOOD, answer, json_option


@click.group()
def certificate() -> None:
    """Electronic certificates."""


@certificate.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify(file: Path, as_json: bool) -> None:
    """Verify FILE (a sealed PDF or OFD file, or a picture of a QR code): exit 0 only if it is genuine and valid now."""
    installation.prepare()
    from jianguan.kernel.certificates import CertificateError
    from jianguan.licensing.certificates import service

    try:
        found = service.by_file(file.read_bytes())
    except CertificateError as error:
        answer({"verdict": "unreadable", "says": str(error)}, f"bad: {error}", as_json=as_json, status=BAD)
    good = found.verdict == "valid"
    findings = [
        {"check": f.check, "passed": f.passed, "says": str(f.message)}
        for f in (found.report.findings if found.report else ())
    ]
    document = {
        "verdict": found.verdict,
        "says": str(found.says),
        "number": found.certificate.number if found.certificate else None,
        "registered": found.certificate is not None,
        "status": found.certificate.get_status_display() if found.certificate else None,
        "seal": findings,
        "log_position": found.inclusion.position if found.inclusion else None,
    }
    words = "\n".join(
        [
            f"{'good' if good else 'bad'}: {found.says}",
            *(f"  {'+' if f['passed'] else '-'} {f['says']}" for f in findings),
        ]
    )
    answer(document, words, as_json=as_json, status=GOOD if good else BAD)

"""What another validator says: pyHanko, with the certificates and revocation lists the file itself carries."""

from __future__ import annotations

import io
from datetime import datetime

from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import Encoding

from .trust import Trust


def accepted_elsewhere(data: bytes, trust: Trust, moment: datetime) -> bool:
    """Whether pyHanko finds one signature of the whole file, good at `moment`, with no change after it.

    Called from ordinary code, not from inside a running event loop: pyHanko starts its own.
    """
    # imported when first used: half a second a process that only seals need not spend
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    reader = PdfFileReader(io.BytesIO(data))
    [signature] = reader.embedded_signatures
    context = DocumentSecurityStore.read_dss(reader).as_validation_context(
        {
            "trust_roots": [asn1.Certificate.load(root.public_bytes(Encoding.DER)) for root in trust.roots()],
            "allow_fetching": False,
            "revocation_mode": "hard-fail",
            "moment": moment,
            "best_signature_time": moment,
        }
    )
    status = validate_pdf_signature(signature, signer_validation_context=context, ts_validation_context=context)
    return bool(
        status.bottom_line
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.docmdp_ok
        and status.modification_level == ModificationLevel.NONE
    )

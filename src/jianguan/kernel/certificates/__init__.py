"""Electronic certificates: rendered, sealed, verified (电子证照的制证、签章、核验).

No database, no network: a caller hands data and keys in and gets files and reports back.
"""

from .authority import Authority, Identity, create_authority
from .errors import CertificateError, MissingGlyph
from .keys import Algorithm, lock_key, new_key, unlock_key
from .proof import Proof, issue_proof, key_id, verify_proof
from .qr import Link, QrCode, parse_link, read_qr, write_qr
from .rendering import (
    BUILT_IN,
    Paper,
    SealPlace,
    Template,
    canonical,
    content_digest,
    photograph,
    render,
    render_picture,
    seal_png,
)
from .seal_picture import SealPicture, seal_picture
from .signing import LocalSeal, NullSeal, SealProvider
from .timestamps import LocalTimeStamper, TimeStamper
from .trust import Trust
from .verification import Check, Finding, SealReport, verify_pdf

__all__ = [
    "BUILT_IN",
    "Algorithm",
    "Authority",
    "CertificateError",
    "Check",
    "Finding",
    "Identity",
    "Link",
    "LocalSeal",
    "LocalTimeStamper",
    "MissingGlyph",
    "NullSeal",
    "Paper",
    "Proof",
    "QrCode",
    "SealPicture",
    "SealPlace",
    "SealProvider",
    "SealReport",
    "Template",
    "TimeStamper",
    "Trust",
    "canonical",
    "content_digest",
    "create_authority",
    "issue_proof",
    "key_id",
    "lock_key",
    "new_key",
    "parse_link",
    "photograph",
    "read_qr",
    "render",
    "render_picture",
    "seal_picture",
    "seal_png",
    "unlock_key",
    "verify_pdf",
    "verify_proof",
    "write_qr",
]

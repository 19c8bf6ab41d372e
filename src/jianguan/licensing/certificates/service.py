"""The door of certificates."""

from jianguan.licensing.certificates import facts
from jianguan.licensing.certificates.actions import ChangeStatus, Request, change_status, produce, request
from jianguan.licensing.certificates.keys import prepare_authority, prepare_seal, proof_keys
from jianguan.licensing.certificates.models import TONES, Certificate, Status
from jianguan.licensing.certificates.queries import by_id, current, editions, issued, matching, of_case, visible_to
from jianguan.licensing.certificates.verifying import Verification, by_file, by_number, by_text

__all__ = [
    "TONES", "Certificate", "ChangeStatus", "Request", "Status", "Verification", "by_file", "by_id", "by_number", "by_text",
    "change_status", "current", "editions", "facts", "issued", "matching", "of_case", "prepare_authority", "prepare_seal", "produce",
    "proof_keys", "request", "visible_to",
]  # fmt: skip

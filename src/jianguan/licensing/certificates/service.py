"""The door of certificates."""

from jianguan.licensing.certificates import facts
from jianguan.licensing.certificates.actions import ENDS, ChangeStatus, Request, change_status, end, produce, request
from jianguan.licensing.certificates.batches import ConfirmBatch, RetryBatch, confirm_batch, open_batch, retry_batch
from jianguan.licensing.certificates.keys import prepare_authority, prepare_seal, proof_keys, trusted_pem
from jianguan.licensing.certificates.models import EXPIRED, TONES, Batch, Certificate, Status
from jianguan.licensing.certificates.queries import (
    Progress,
    SealedFile,
    by_id,
    current,
    editions,
    ending,
    file_of,
    files_of,
    in_state,
    issued,
    matching,
    of_case,
    progress,
    visible_to,
)
from jianguan.licensing.certificates.rules import STATES, face, state, tone
from jianguan.licensing.certificates.verifying import Verification, agrees_with_journal, by_file, by_number, by_text

__all__ = [
    "ENDS", "EXPIRED", "STATES", "TONES", "Batch", "Certificate", "ChangeStatus", "ConfirmBatch", "Progress", "Request", "RetryBatch", "SealedFile", "Status",
    "Verification", "agrees_with_journal", "by_file", "by_id", "by_number", "by_text", "change_status", "confirm_batch", "current", "editions", "end", "ending",
    "face", "facts", "file_of", "files_of", "in_state", "issued", "matching", "of_case", "open_batch", "prepare_authority", "prepare_seal", "produce", "progress",
    "proof_keys", "request", "retry_batch", "state", "tone", "trusted_pem", "visible_to",
]  # fmt: skip

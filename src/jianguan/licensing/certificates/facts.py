"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

ISSUED = kind("certificate.issued", "Certificate sealed and issued")
STATUS_CHANGED = kind("certificate.status_changed", "Status of a certificate changed")
SEAL_REGISTERED = kind("seal.registered", "Seal registered")
BATCH_CONFIRMED = kind("seal.batch_confirmed", "Use of the seal confirmed for a batch of certificates")

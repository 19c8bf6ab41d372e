"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

SIGNED = kind("promise.signed", "Promise signed")
OPENED = kind("promise.check_opened", "Check of a promise opened")
KEPT = kind("promise.kept", "Promise found kept")
BROKEN = kind("promise.broken", "Promise found not kept, order to mend")
REPORTED = kind("promise.mending_reported", "Mending reported by the applicant")
MENDED = kind("promise.mended", "Promise found mended")
ANNOUNCED = kind("promise.sanction_announced", "Promise found not mended, sanction announced")
HEARD = kind("promise.heard", "Objection of the applicant")
SANCTIONED = kind("promise.sanctioned", "Decision revoked for a false promise")
SPARED = kind("promise.spared", "Objection upheld, no sanction")

"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

PACK_PROPOSED = kind("pack.proposed", "Matter proposed")
PACK_DECLINED = kind("pack.declined", "Proposed matter sent back")
PACK_WITHDRAWN = kind("pack.withdrawn", "Proposed matter withdrawn")
PACK_PUBLISHED = kind("pack.published", "Matter published")
SUBMITTED = kind("case.submitted", "Application submitted")
ACCEPTED = kind("case.accepted", "Application accepted")
NOT_ACCEPTED = kind("case.not_accepted", "Application not accepted")
CORRECTION_ASKED = kind("case.correction_asked", "Correction asked for")
CORRECTED = kind("case.corrected", "Correction submitted")
ACTED = kind("case.acted", "Step finished")
APPROVED = kind("case.approved", "Application approved")
REFUSED = kind("case.refused", "Application refused")
WITHDRAWN = kind("case.withdrawn", "Application withdrawn")
LAPSED = kind("case.lapsed", "Time limit ran out")
COMPLETED = kind("case.completed", "Application completed")
MOVED = kind("case.moved", "Case moved to another version of its matter")

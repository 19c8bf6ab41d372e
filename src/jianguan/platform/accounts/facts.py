"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

SIGNED_IN = kind("account.signed_in", "Signed in")
ROLE_GRANTED = kind("grant.given", "Role granted")
GRANT_ENDED = kind("grant.ended", "Grant ended")
ACCOUNT_OPENED = kind("account.opened", "Account opened")
ABSENCE_ENTERED = kind("absence.entered", "Leave and substitute entered")
ABSENCE_ENDED = kind("absence.ended", "Leave ended")

"""Kinds of journal entries of this room; all are about the case."""

from jianguan.platform.journal.service import kind

ORDERED = kind("proceeding.ordered", "Special procedure ordered")
RECORDED = kind("proceeding.recorded", "Record of a special procedure entered")
CALLED_OFF = kind("proceeding.called_off", "Special procedure called off")
CALL_NOTED = kind("call.noted", "Phone call noted")
NUMBER_SHOWN = kind("call.number_shown", "Phone number shown in full")
OBJECTED = kind("objection.entered", "Objection entered")
ANSWERED = kind("objection.answered", "Objection answered")

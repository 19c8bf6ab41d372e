"""Kinds of journal entries of this room."""

from jianguan.platform.journal.service import kind

HANDED_OVER = kind("step.handed_over", "Step passed to another hand")
URGED = kind("step.urged", "Reminded of a step")
RECUSED = kind("recusal.begun", "Recusal in force")
RECUSAL_ASKED = kind("recusal.asked", "Recusal asked for")
RECUSAL_DECLINED = kind("recusal.declined", "Recusal declined")
RECUSAL_LIFTED = kind("recusal.lifted", "Recusal lifted")

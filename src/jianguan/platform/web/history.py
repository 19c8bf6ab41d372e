"""What the journal knows of a thing, as a timeline: who did what, of which unit, when, in which words."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext

from jianguan.platform.accounts import service as accounts
from jianguan.platform.journal import service as journal
from jianguan.platform.journal.service import Entry, Fact
from jianguan.platform.web.components import Event

LONGEST = 50
_WORDS = ("number", "code", "name", "reason")  # what entries say that people read


def history(entries: QuerySet[Entry]) -> list[Event]:
    """The newest entries, newest first: two queries."""
    facts = journal.facts(entries.order_by("-id")[:LONGEST])
    people = accounts.names({fact.actor_id for fact in facts if fact.actor_id})
    return [_event(fact, *people.get(fact.actor_id, (gettext("The platform"), ""))) for fact in facts]  # type: ignore[arg-type]


def _event(fact: Fact, who: str, unit: str) -> Event:
    words = " · ".join(str(fact.data[key]) for key in _WORDS if fact.data.get(key))
    return Event(gettext(journal.kind_name(fact.kind)), fact.at, who, unit, words)

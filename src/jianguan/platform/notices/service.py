"""The door of notices: the outbox of messages, and what a person finds in the message list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from jianguan.kernel.messages import Message
from jianguan.platform import clock
from jianguan.platform.notices.models import Notice


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a message is for: one account, or everyone of an organisation."""

    account_id: UUID | None = None
    organisation_id: UUID | None = None


class Reader(Protocol):
    """Whoever reads messages."""

    @property
    def id(self) -> UUID: ...

    @property
    def organisation_id(self) -> UUID: ...


def send(recipient: Recipient, says: Message, link: str, dedup_key: str) -> bool:
    """Put a message into the outbox, in the caller's transaction; a second one with the same key is not sent.

    Returns whether it was new.
    """
    params = {name: str(value) for name, value in says.params.items()}
    _, is_new = Notice.objects.get_or_create(
        dedup_key=dedup_key,
        defaults={
            "account_id": recipient.account_id, "organisation_id": recipient.organisation_id,
            "template": says.template, "params": params, "link": link, "sent_at": clock.now(),
        },
    )  # fmt: skip
    return is_new


def for_reader(reader: Reader) -> QuerySet[Notice]:
    """Messages of a person and of their organisation, newest first."""
    mine = Q(account_id=reader.id) | Q(organisation_id=reader.organisation_id)
    return Notice.objects.filter(mine).order_by("-id")


def sent(dedup_keys: Iterable[str]) -> list[Notice]:
    """The messages that were sent with some keys."""
    return list(Notice.objects.filter(dedup_key__in=list(dedup_keys)))


def unread(reader: Reader, at_most: int = 100) -> int:
    """How many messages are unread, counted up to a limit."""
    return for_reader(reader).filter(read_at=None).order_by()[:at_most].count()


def mark_read(reader: Reader) -> None:
    """Mark everything read that the person can see."""
    for_reader(reader).filter(read_at=None).order_by().update(read_at=clock.now())


__all__ = ["Notice", "Recipient", "for_reader", "mark_read", "send", "sent", "unread"]

"""What a form sent, where it is not words of a person: ids the page itself wrote into it."""

from __future__ import annotations

from uuid import UUID

from jianguan.kernel.messages import message
from jianguan.platform.errors import Refusal


def posted_id(text: str | None) -> UUID:
    """An id that a page put into its form.

    Raises:
        Refusal: it is none; the page was altered or is of another age.
    """
    try:
        return UUID(text or "")
    except ValueError:
        raise Refusal(message("This page is out of date. Load it again and repeat what you did.")) from None

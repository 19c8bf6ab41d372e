"""What the product says no with.

A `Refusal` is an answer, not a fault: the input or the moment is wrong, nothing was changed, and the sentence says
what is expected instead. Faces show it (HTTP status, exit code); nothing catches it to go on regardless.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jianguan.kernel.messages import Message, message


class Refusal(Exception):  # noqa: N818 - the field's word; it is an answer rather than an error
    """An act that is refused, with a sentence for the person who tried it.

    Attributes:
        says: the sentence.
        fields: sentences by input name, where single inputs are at fault.
        status: HTTP status a face answers with.
    """

    status = 422

    def __init__(self, says: Message | str, fields: Mapping[str, Message] = MappingProxyType({})) -> None:
        self.says = says if isinstance(says, Message) else Message(says)
        self.fields = fields
        super().__init__(str(self.says))


class Forbidden(Refusal):
    """The actor has no grant for the act."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or none that the actor may see: the two are not told apart."""

    status = 404

    def __init__(self, says: Message | None = None) -> None:
        super().__init__(says or message("This page does not exist, or you have no access to it."))


class Stale(Refusal):
    """The page the act was made on is no longer current."""

    status = 409


class Conflict(Refusal):
    """The act contradicts something that already stands."""

    status = 409

"""The door of proceedings: procedures beside a case, calls, objections."""

from jianguan.licensing.proceedings.actions import (
    CallOff,
    EnterRecord,
    NoteCall,
    Order,
    attach,
    call_off,
    enter_record,
    note_call,
    order,
)
from jianguan.licensing.proceedings.objecting import Answer, Object, answer, object_

__all__ = [
    "Answer", "CallOff", "EnterRecord", "NoteCall", "Object", "Order", "answer", "attach", "call_off", "enter_record",
    "note_call", "object_", "order",
]  # fmt: skip

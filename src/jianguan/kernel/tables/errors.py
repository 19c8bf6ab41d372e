"""What can be wrong with a decision table, its inputs, or a DMN file."""

from __future__ import annotations

from jianguan.kernel.messages import Message, message


class TableError(ValueError):
    """A table file that is not acceptable.

    `message` is the whole sentence, `problem` the same without the place, `place` the path in the file
    (`rows[2].when[0]`, counted from 0 as in JSON) or empty.
    """

    def __init__(self, problem: Message, place: str = "") -> None:
        self.problem = problem
        self.place = place
        self.message = message("%(place)s: %(problem)s", place=place, problem=problem) if place else problem
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message.render()


class EvaluationError(TableError):
    """Inputs for which the table gives no answer; `place` is the key of the input where one input is to blame."""


class DmnError(TableError):
    """A DMN file that holds something a decision table of this house cannot express; `place` names the element."""

"""Types that a DMN file names: the built-in ones, and item definitions that only rename or restrict one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jianguan.kernel.expressions.reader import ExpressionError, Reader
from jianguan.kernel.messages import message
from jianguan.kernel.tables.columns import OutputKind
from jianguan.kernel.tables.dmn.elements import Element, parts, place_of, prose_of, sole, text_of
from jianguan.kernel.tables.dmn.names import TYPES
from jianguan.kernel.tables.errors import DmnError

VALUES_LIMIT: Final = 250_000
"""The longest closed list, in characters."""

RENAMINGS: Final = 10
"""How many item definitions may lead from a name to a built-in type; a circle is longer."""

_KINDS: Final[Mapping[str, OutputKind]] = {name: kind for kind, name in TYPES.items()}


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, and for text the closed list of its values."""

    kind: OutputKind
    values: tuple[str, ...] = ()

    def narrowed(self, allowed: Element | None) -> Type:
        """This type with the values that `allowed` lists, if it lists any."""
        text = text_of(allowed)
        if allowed is None or not text:
            return self
        if self.kind != "text":
            raise DmnError(message("allowed values of another type than text cannot be expressed."), place_of(allowed))
        return Type(self.kind, _texts(text, allowed))


@dataclass(frozen=True, slots=True)
class Types:
    """The item definitions of a file, by name."""

    definitions: Mapping[str, Element]

    def resolve(self, name: str, element: Element, *, collects: bool = False) -> Type:
        """The type called `name`, for `element`; a collection of it counts as the type itself where a table collects."""
        restrictions: list[Element | None] = []
        while (name := name.removeprefix("feel:")) not in _KINDS:
            definition = self.definitions.get(name)
            collection = definition is not None and definition.get("isCollection") == "true" and not collects
            if definition is None or collection or len(restrictions) == RENAMINGS:
                raise DmnError(message("the type “%(type)s” cannot be expressed.", type=name), place_of(element))
            found = parts(definition, {"typeRef", "allowedValues"})
            restrictions.append(sole(found["allowedValues"]))
            name, element = prose_of(sole(found["typeRef"])), definition
        resolved = Type(_KINDS[name])
        for allowed in reversed(restrictions):
            resolved = resolved.narrowed(allowed)
        return resolved


def _texts(text: str, element: Element) -> tuple[str, ...]:
    try:
        reader = Reader(text, VALUES_LIMIT)
        values = [reader.literal()]
        while reader.take(","):
            values.append(reader.literal())
        reader.end()
    except ExpressionError as error:
        raise DmnError(error.message, place_of(element)) from None
    if not all(isinstance(value, str) for value in values):
        raise DmnError(message("a list of quoted texts is expected."), place_of(element))
    return tuple(map(str, values))

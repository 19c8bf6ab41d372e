"""The attributes of our own in a BPMN file (namespace `urn:jianguan:process:1`): which element takes which, and how."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from jianguan.kernel.expressions.reader import RESERVED
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process.document import BPMN, OWN, line_of, split_tag
from jianguan.kernel.process.net import Stage
from jianguan.kernel.process.problems import Problem

_CODE = re.compile(r"[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ID = re.compile(r"[^\W\d][\w.-]*")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class AttributeProblemError(ValueError):
    """An attribute with a value that does not fit; `message` says what is expected."""

    def __init__(self, problem: Message) -> None:
        self.message = problem
        super().__init__(problem)


def code(text: str) -> str:
    """A code such as `window` or `quality.review`."""
    if not _CODE.fullmatch(text):
        raise AttributeProblemError(
            message("“%(text)s” is not a code: lower-case letters, digits, “_”, “.” and “-”.", text=text)
        )
    return text


def variable(text: str) -> str:
    """A name that a condition can use."""
    if not _NAME.fullmatch(text) or text in RESERVED:
        raise AttributeProblemError(
            message("“%(text)s” cannot be the name of a variable: letters, digits and “_”.", text=text)
        )
    return text


def truth(text: str) -> bool:
    """An XML Schema boolean."""
    if text not in _TRUTH:
        raise AttributeProblemError(message("“%(text)s” must be true or false.", text=text))
    return _TRUTH[text]


def _text(text: str) -> str:
    return text.strip()


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise AttributeProblemError(message("“%(text)s” is not the id of an element.", text=text))
    return text


def _list_of(read: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    def several(text: str) -> tuple[str, ...]:
        found = tuple(read(part) for part in text.split())
        if not found or len(set(found)) < len(found):
            raise AttributeProblemError(
                message("“%(text)s” must be one or more codes, each once, with spaces between.", text=text)
            )
        return found

    return several


_READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "name-en": ("name_en", _text),
    "stage": ("stage", code),
    "stops": ("stops", code),
    "role": ("role", code),
    "outcomes": ("outcomes", _list_of(variable)),
    "variable": ("variable", variable),
    "separate-from": ("separate_from", _list_of(_id)),
    "collection": ("collection", variable),
    "tally": ("tally", variable),
    "role-from-element": ("role_from_element", truth),
    "effect": ("effect", code),
    "wait": ("waits", truth),
    "tables": ("tables", _list_of(code)),
}
"""Attribute → field of the node (or of its multi-instance) and the reader of its value."""

MULTI = frozenset({"collection", "tally", "role_from_element"})
"""Fields that belong to a multi-instance task only."""

_NAMED = frozenset({"name-en"})
_ACTIVITY = _NAMED | {"stage", "stops"}
_TAKES: dict[str, frozenset[str]] = {
    "process": _NAMED,
    "sequenceFlow": _NAMED,
    "startEvent": _NAMED | {"stage"},
    "endEvent": _NAMED,
    "boundaryEvent": _NAMED,
    "exclusiveGateway": _NAMED,
    "parallelGateway": _NAMED,
    "task": _NAMED,
    "manualTask": _NAMED,
    "intermediateCatchEvent": _ACTIVITY,
    "subProcess": _ACTIVITY,
    "callActivity": _ACTIVITY,
    "businessRuleTask": _NAMED | {"stage", "tables"},
    "serviceTask": _ACTIVITY | {"effect", "wait"},
    "userTask": _ACTIVITY
    | {"role", "outcomes", "variable", "separate-from", "collection", "tally", "role-from-element"},
}


def own_attributes() -> Mapping[str, tuple[str, ...]]:
    """The attributes of ours that each element takes, in one order: what an editor can offer."""
    return {tag: tuple(name for name in _READ if name in takes) for tag, takes in _TAKES.items()}


def read_own(element: etree._Element, problems: list[Problem]) -> dict[str, Any]:
    """Our attributes of one element as fields of a node; values that do not fit are added to `problems`."""
    fields = {}
    for name, text in _own(element):
        if name in _TAKES.get(split_tag(element)[1], ()):
            field, read = _READ[name]
            try:
                fields[field] = read(text)
            except AttributeProblemError as error:
                problems.append(
                    _problem(element, message("jg:%(name)s: %(problem)s", name=name, problem=error.message))
                )
    return fields


def find_strangers(root: etree._Element) -> Iterator[Problem]:
    """Attributes and elements in our namespace that we do not have there: a typing error must not pass in silence."""
    for element in root.iter(etree.Element):
        space, tag = split_tag(element)
        takes = _TAKES.get(tag, ()) if space == BPMN else ()
        if space == OWN:
            if tag != "stage":
                yield _problem(element, message("There is no element jg:%(tag)s.", tag=tag))
            continue
        for name, _ in _own(element):
            if name not in takes:
                yield _problem(element, message("<%(tag)s> has no attribute jg:%(name)s.", tag=tag, name=name))


def read_stages(process: etree._Element, problems: list[Problem]) -> tuple[Stage, ...]:
    """The main steps declared in `<jg:stage code="" name="" name-en=""/>`, in their order."""
    stages: dict[str, Stage] = {}
    for element in process.iterfind(f"{{{BPMN}}}extensionElements/{{{OWN}}}stage"):
        stage = Stage(element.get("code", ""), element.get("name", ""), element.get("name-en", ""))
        if not _CODE.fullmatch(stage.code) or stage.code in stages or not stage.name:
            problems.append(_problem(element, message("jg:stage needs a code of its own and a name.")))
        stages[stage.code] = stage
    return tuple(stages.values())


def _own(element: etree._Element) -> Iterator[tuple[str, str]]:
    for key, text in element.attrib.items():
        name = etree.QName(key)
        if name.namespace == OWN:
            yield name.localname, str(text)


def _problem(element: etree._Element, problem: Message) -> Problem:
    return Problem(split_tag(element)[1], element.get("id", element.get("code", "")), line_of(element), problem)
